//! `mhero approvals`: what waits for a second person, and that person's word. The administrator at the machine is nobody in particular,
//! so whoever decides says who they are: by password, and by a code where they have a second factor.

use clap::{Args, Subcommand};
use jiff::tz::TimeZone;
use mhero_app::{
    approvals::{ApprovalListed, ApprovalPage, Decision},
    rows::BroadcastRow,
};
use mhero_core::{BroadcastId, Lang, Right};
use mhero_signin::{Factors, Refused};
use mhero_web::words::{Arg, Words};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{failure::Failure, table, terminal::Terminal, times, wiring::Node};

/// The state of what nobody has decided.
const WAITING: &str = "waiting";

/// What waits for a second person.
#[derive(Clone, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ApprovalsCommand {
    /// List broadcasts and starts that wait for a second person
    #[command(after_help = "Examples:\n  mhero approvals list\n  mhero approvals list --all --json")]
    List {
        /// Also those that were decided, the last fifty
        #[arg(long)]
        all: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show what would leave, to whom: what the second person reads
    #[command(after_help = "Example:\n  mhero approvals show 12")]
    Show {
        /// Its number or id
        id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Agree to one, as a second person: never as its author
    Approve(ApproveArgs),
    /// Send one back to its author, with the reason
    Reject(RejectArgs),
}

/// What is agreed to.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Example:\n  mhero approvals approve 12 --people 3898 --as b.doe@moh.example --password-stdin < secrets"
)]
pub struct ApproveArgs {
    /// Its number or id
    pub id: String,
    /// The number of people it goes to, as `mhero approvals show` says it
    #[arg(long, value_name = "NUMBER")]
    pub people: i64,
    /// Who decides
    #[command(flatten)]
    pub decider: Decider,
}

/// What is sent back.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Example:\n  mhero approvals reject 12 --reason 'Wrong date' --as b.doe@moh.example --password-stdin < secrets"
)]
pub struct RejectArgs {
    /// Its number or id
    pub id: String,
    /// Why it goes back; its author reads it
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Who decides
    #[command(flatten)]
    pub decider: Decider,
}

/// Who decides.
#[derive(Clone, Args, Serialize, Deserialize)]
pub struct Decider {
    /// The address of the account that decides
    #[arg(long = "as", value_name = "EMAIL")]
    pub email: String,
    /// Read its password from the first line of standard input, and from the second a code of its second factor
    #[arg(long)]
    pub password_stdin: bool,
}

/// Runs `mhero approvals`.
///
/// # Errors
/// What the use cases refuse: an unknown number, one that no longer waits, its own author, a wrong password or code, another number of
/// people. Then nothing was decided.
pub async fn run(node: &Node, command: &ApprovalsCommand, terminal: &mut Terminal) -> Result<(), Failure> {
    let decider = match command {
        ApprovalsCommand::Approve(args) => Some(&args.decider),
        ApprovalsCommand::Reject(args) => Some(&args.decider),
        ApprovalsCommand::List { .. } | ApprovalsCommand::Show { .. } => None,
    };
    if decider.is_some_and(|decider| !decider.password_stdin) {
        return Err(Failure::usage("cli-approvals-stdin", []));
    }
    match command {
        ApprovalsCommand::List { all, json } => list(node, (*all, *json), terminal).await,
        ApprovalsCommand::Show { id, json } => show(node, id, *json, terminal).await,
        ApprovalsCommand::Approve(args) => approve(node, args, terminal).await,
        ApprovalsCommand::Reject(args) => {
            let id = node.app.find_approval(&args.id).await?;
            let caller = who(node, &args.decider, terminal).await?;
            node.app.decide_approval(&caller, id, &Decision::SendBack(args.reason.clone())).await?;
            done(node, (&args.id, "cli-approvals-rejected"), terminal).await
        }
    }
}

async fn approve(node: &Node, args: &ApproveArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let id = node.app.find_approval(&args.id).await?;
    let caller = who(node, &args.decider, terminal).await?;
    caller.must(Right::Approve)?;
    let page = node.app.approval_page(&caller, id).await?;
    let now = people(&page);
    if args.people != now && page.listed.approval.state == WAITING {
        let args = [("typed", args.people.to_string()), ("n", now.to_string())];
        return Err(Failure::refused("cli-approvals-people", args));
    }
    let decision = Decision::Approve { shown: page.shown, people: args.people };
    node.app.decide_approval(&caller, id, &decision).await?;
    done(node, (&args.id, "cli-approvals-approved"), terminal).await
}

/// How many people it goes to now.
fn people(page: &ApprovalPage) -> i64 {
    page.preview.as_ref().map_or(page.listed.approval.people, |preview| preview.recipients)
}

/// The person who decides.
async fn who(node: &Node, decider: &Decider, terminal: &Terminal) -> Result<mhero_app::Caller, Failure> {
    let mut lines = terminal.secret().unwrap_or_default().lines();
    let password = lines.next().unwrap_or_default();
    let code = lines.next().map(str::trim).filter(|code| !code.is_empty());
    let factors = Factors::new(node.app.clone());
    factors.at_terminal(&decider.email, password, code).await.map_err(|error| match (error.reason(), error) {
        (Some(reason), _) => Failure::Refused(reason),
        (None, Refused::App(error)) => Failure::App(error),
        (None, error) => Failure::Other(error.into()),
    })
}

async fn done(node: &Node, (id, key): (&str, &str), terminal: &mut Terminal) -> Result<(), Failure> {
    super::deliver_here(node, terminal).await?;
    let line = terminal.words().with(key, &[("id", Arg::Text(id.to_owned()))]);
    terminal.say(line).await;
    Ok(())
}

async fn list(node: &Node, (all, as_json): (bool, bool), terminal: &mut Terminal) -> Result<(), Failure> {
    let mut listed = node.app.approvals(&terminal.caller()).await?;
    listed.retain(|one| all || one.approval.state == WAITING);
    let pretence = pretence(node).await?;
    if as_json {
        return terminal.json(&listed.iter().map(|one| listed_json(one, pretence)).collect::<Vec<_>>()).await;
    }
    if listed.is_empty() {
        let line = terminal.words().t("approvals-none");
        terminal.say(line).await;
        return Ok(());
    }
    let zone = node.app.facts_cached().await?.time_zone();
    let words = terminal.words();
    let header = ["number", "at", "state", "mark", "people", "author", "name"];
    let header = header.map(|column| words.t(&format!("cli-column-{column}")));
    let rows: Vec<Vec<String>> = listed
        .into_iter()
        .map(|one| {
            let at = times::shown(times::instant(one.approval.asked_at), &zone);
            let mark = words.t(&format!("band-{}", mark(&one.broadcast, pretence)));
            let (state, people) = (state(words, &one), words.count(one.approval.people));
            vec![one.broadcast.number.to_string(), at, state, mark, people, author(words, &one), one.broadcast.name]
        })
        .collect();
    terminal.say_all(table::lines(&header, &rows)).await;
    Ok(())
}

/// The word for an installation where nothing reaches a real phone.
async fn pretence(node: &Node) -> Result<Option<&'static str>, Failure> {
    if node.app.facts_cached().await?.demo {
        return Ok(Some("demo"));
    }
    let channels = node.app.channels().await?;
    // Without any channel it waits for one, which may well be real.
    let is_pretend = !channels.is_empty() && channels.iter().all(|one| one.kind == mhero_app::simulator::KIND);
    Ok(is_pretend.then_some("simulator"))
}

/// Whether it is in earnest: `live`, `test`, `drill`, or the word for an installation without real phones.
fn mark(row: &BroadcastRow, pretence: Option<&'static str>) -> &'static str {
    match (row.is_test, row.is_drill) {
        (true, _) => "test",
        (_, true) => "drill",
        _ => pretence.unwrap_or("live"),
    }
}

async fn show(node: &Node, id: &str, as_json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    let id: BroadcastId = node.app.find_approval(id).await?;
    let caller = terminal.caller();
    let (page, pretence) = (node.app.approval_page(&caller, id).await?, pretence(node).await?);
    let code = node.app.trust_code_of(&caller, id.uuid()).await?.map(|(code, _)| code);
    if as_json {
        return terminal.json(&shown_json(&page, code.as_deref(), pretence)).await;
    }
    let zone = node.app.facts_cached().await?.time_zone();
    let words = terminal.words();
    // First of all whether it is in earnest, in words that no other kind has.
    let mark = mark(&page.listed.broadcast, pretence);
    let sentence = if mark == "live" { "approve-band".to_owned() } else { format!("band-{mark}-sentence") };
    let head = [
        ("number", Arg::Text(page.listed.broadcast.number.to_string())),
        ("name", Arg::Text(table::one_line(&page.listed.broadcast.name))),
        ("who", Arg::Text(author(words, &page.listed))),
        ("state", Arg::Text(state(words, &page.listed))),
        ("n", Arg::Count(people(&page))),
    ];
    let mut lines = vec![format!("[{}] {}", words.t(&format!("band-{mark}")).to_uppercase(), words.t(&sentence))];
    lines.push(words.with("cli-approvals-head", &head));
    lines.extend(audience(words, &page));
    lines.extend(facts(words, &page, (code.as_deref(), &zone)));
    lines.extend(texts(words, &page));
    if page.listed.approval.state == WAITING && page.preview.is_none() {
        lines.push(words.t("approve-unreadable"));
    } else if page.listed.approval.state == WAITING && !page.is_unchanged {
        lines.push(words.t("approve-has-changed"));
    }
    lines.extend(decided(words, &page.listed, &zone));
    terminal.say_all(lines).await;
    Ok(())
}

/// To whom it goes, and who is left out.
fn audience(words: &Words, page: &ApprovalPage) -> Vec<String> {
    let Some(preview) = &page.preview else { return Vec::new() };
    let args = [
        ("sentence", Arg::Text(preview.sentence.clone())),
        ("name", Arg::Text(table::one_line(&page.listed.broadcast.name))),
    ];
    let mut lines = vec![words.with(if page.flow.is_some() { "approve-start-to" } else { "approve-to" }, &args)];
    for exclusion in &preview.left_out {
        let reason = super::broadcasts::reason(words, &exclusion.reason);
        let args = [("people", Arg::Count(exclusion.people)), ("reason", Arg::Text(reason))];
        lines.push(words.with("cli-preview-excluded", &args));
    }
    lines
}

/// When it leaves, how urgent it is, what it takes and the code that goes with it.
fn facts(words: &Words, page: &ApprovalPage, (code, zone): (Option<&str>, &TimeZone)) -> Vec<String> {
    let row = &page.listed.broadcast;
    let when = match (page.planned_at, &row.recurrence) {
        (Some(planned), _) => times::shown(times::instant(planned), zone),
        (None, Some(_)) => words.t("approve-when-again"),
        (None, None) => words.t("approve-when-now"),
    };
    let sms = page.preview.as_ref().map_or(page.listed.approval.sms, |preview| preview.sms);
    let mut facts = vec![
        ("approve-when", when),
        ("approve-lane", words.t(&format!("approve-lane-{}", row.lane))),
        (if page.flow.is_some() { "approve-start-sms" } else { "approve-sms" }, words.count(sms)),
    ];
    facts.extend(row.quiet_override.clone().map(|reason| ("approve-quiet", table::one_line(&reason))));
    facts
        .extend(code.map(|code| ("approve-code", words.with("approve-code-why", &[("code", Arg::Text(code.into()))]))));
    facts
        .into_iter()
        .map(|(name, value)| {
            words.with("cli-approvals-fact", &[("name", Arg::Text(words.t(name))), ("value", Arg::Text(value))])
        })
        .collect()
}

/// The texts as they leave, with how many read each; as written where nothing can be weighed any more.
fn texts(words: &Words, page: &ApprovalPage) -> Vec<String> {
    let shares = page.preview.iter().flat_map(|preview| &preview.languages);
    let mut lines: Vec<String> = shares
        .flat_map(|share| {
            let args = [("language", Arg::Text(words.language(share.check.language))), ("n", Arg::Count(share.people))];
            [words.with("approve-text", &args), format!("  {}", table::one_line(&share.check.worst_text))]
        })
        .collect();
    if lines.is_empty() {
        let text = |(lang, text): &(Lang, String)| [words.language(*lang), format!("  {}", table::one_line(text))];
        lines = page.texts.iter().flat_map(text).collect();
    }
    lines
}

/// Who decided, how and when, and why.
fn decided(words: &Words, listed: &ApprovalListed, zone: &TimeZone) -> Vec<String> {
    let approval = &listed.approval;
    let at = times::shown(times::instant(approval.decided_at.unwrap_or(approval.asked_at)), zone);
    let who = listed.decided_by.clone().unwrap_or_else(|| words.t("approve-system"));
    let mut lines = match approval.state.as_str() {
        WAITING => return Vec::new(),
        "void" => vec![words.t("approve-was-void")],
        state => {
            let key = format!("approve-was-{state}{}", if approval.by_sms { "-sms" } else { "" });
            vec![words.with(&key, &[("who", Arg::Text(who)), ("time", Arg::Text(at))])]
        }
    };
    if !approval.reason.is_empty() {
        lines.push(words.with("approve-reason", &[("reason", Arg::Text(table::one_line(&approval.reason)))]));
    }
    lines
}

fn state(words: &Words, listed: &ApprovalListed) -> String {
    words.t(&format!("approve-state-{}", listed.approval.state))
}

fn author(words: &Words, listed: &ApprovalListed) -> String {
    listed.author.clone().unwrap_or_else(|| words.t("approve-system"))
}

fn listed_json(listed: &ApprovalListed, pretence: Option<&'static str>) -> Value {
    let (row, approval) = (&listed.broadcast, &listed.approval);
    json!({
        "id": row.id, "number": row.number, "kind": approval.kind, "name": row.name, "state": approval.state,
        "mark": mark(row, pretence), "lane": row.lane, "people": approval.people, "sms": approval.sms,
        "author": listed.author, "asked_at": times::instant(approval.asked_at), "decided_by": listed.decided_by,
        "decided_at": approval.decided_at.map(times::instant), "by_sms": approval.by_sms, "reason": approval.reason,
    })
}

fn shown_json(page: &ApprovalPage, code: Option<&str>, pretence: Option<&'static str>) -> Value {
    let preview = page.preview.as_ref();
    let mut texts: Map<String, Value> =
        page.texts.iter().map(|(lang, text)| (lang.as_str().to_owned(), text.clone().into())).collect();
    for share in preview.iter().flat_map(|preview| &preview.languages) {
        texts.insert(share.check.language.as_str().to_owned(), share.check.worst_text.clone().into());
    }
    let mut shown = listed_json(&page.listed, pretence);
    shown["people_now"] = people(page).into();
    shown["unchanged"] = page.is_unchanged.into();
    shown["audience"] = preview.map(|preview| preview.sentence.clone()).into();
    shown["excluded"] = preview.map(|preview| super::broadcasts::excluded(&preview.left_out)).into();
    shown["texts"] = texts.into();
    shown["code"] = code.into();
    shown["planned_at"] = json!(page.planned_at.map(times::instant));
    shown["recurrence"] = page.listed.broadcast.recurrence.clone().into();
    shown["quiet_override"] = page.listed.broadcast.quiet_override.clone().into();
    shown
}
