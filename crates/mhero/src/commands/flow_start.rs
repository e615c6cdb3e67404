//! `mhero flow start`: a flow for an audience, preview first.

use clap::Args;
use jiff::SignedDuration;
use mhero_app::flows::{NewStart, StartPage, StartPreview};
use mhero_core::{Lane, StartId};
use mhero_web::words::{Arg, Words};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{failure::Failure, table, terminal::Terminal, wiring::Node};

/// How often the result looks whether a running server has frozen the audience.
const LOOKS: u32 = 300;
/// How long between two looks.
const LOOK: SignedDuration = SignedDuration::from_millis(100);
/// The state of a start whose audience is not frozen yet.
const STARTING: &str = "starting";

/// Start a flow for an audience.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Examples:\n  mhero flow start 'Stock on hand' --to 'cadre = midwife AND place = Nimbara' --dry-run\n  mhero flow start 'Stock on hand' --to 'group = Supervisors' --yes --json"
)]
pub struct StartArgs {
    /// The flow, by name or id
    pub name: String,
    /// The audience, in the query language; * is everybody
    #[arg(long, value_name = "QUERY")]
    pub to: String,
    /// How urgent its messages are: alert, reply, normal or bulk
    #[arg(long, default_value_t = Lane::Bulk)]
    pub lane: Lane,
    /// The channel, by name; without it, the default one
    #[arg(long, value_name = "NAME")]
    pub channel: Option<String>,
    /// What the flow finds under @trigger.params, as JSON
    #[arg(long, value_name = "JSON", value_parser = params)]
    pub params: Option<Value>,
    /// Show the preview and start nobody
    #[arg(long)]
    pub dry_run: bool,
    /// Start without asking
    #[arg(long)]
    pub yes: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Shows the preview, asks, starts.
///
/// # Errors
/// Everything that is refused before the start is made says that nothing was sent.
pub async fn run(node: &Node, args: &StartArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let nothing_sent = |failure: Failure| Failure::NothingSent(Box::new(failure));
    let (new, preview) = prepare(node, args, terminal).await.map_err(nothing_sent)?;
    if args.dry_run {
        if args.json {
            return terminal.json(&preview_json(&preview, terminal.words())).await;
        }
        let lines = lines(&preview, terminal);
        terminal.say_all(lines).await;
        return Ok(());
    }
    for line in lines(&preview, terminal) {
        terminal.note(line).await;
    }
    if preview.recipients == 0 {
        return Err(nothing_sent(Failure::refused("cli-send-nobody", [])));
    }
    if !args.yes {
        let question = terminal.words().with("cli-flow-start-ask", &[("people", Arg::Count(preview.recipients))]);
        match terminal.ask(question).await {
            Some(true) => {}
            Some(false) => return Err(Failure::refused("cli-send-declined", [])),
            None => return Err(nothing_sent(Failure::usage("cli-send-needs-yes", []))),
        }
    }
    let id = node.app.start_flow(&terminal.caller(), &new).await.map_err(|error| nothing_sent(error.into()))?;
    super::deliver_here(node, terminal).await?;
    let page = frozen(node, id, terminal).await?;
    if args.json {
        let result = json!({
            "start": id, "number": page.row.number, "status": page.row.status, "recipients": page.row.recipients,
            "excluded": counts(&page.left_out),
        });
        return terminal.json(&result).await;
    }
    let line = terminal.words().with(
        "cli-flow-started",
        &[("number", Arg::Text(page.row.number.to_string())), ("people", Arg::Count(page.row.recipients))],
    );
    terminal.say(line).await;
    Ok(())
}

/// Stops a start by its number.
///
/// # Errors
/// What [`mhero_app::App::stop_start`] refuses.
pub async fn stop(node: &Node, number: i64, as_json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    let caller = terminal.caller();
    let id = node.app.find_start(&caller, number).await?;
    node.app.stop_start(&caller, id).await?;
    super::deliver_here(node, terminal).await?;
    let page = node.app.start_page(&caller, id).await?;
    if as_json {
        let result = json!({
            "start": id, "number": number, "status": page.row.status, "started": page.funnel.started,
            "excluded": counts(&page.left_out),
        });
        return terminal.json(&result).await;
    }
    let args = [("number", Arg::Text(number.to_string())), ("people", Arg::Count(page.funnel.started))];
    let line = terminal.words().with("cli-flow-start-stopped", &args);
    terminal.say(line).await;
    Ok(())
}

/// The start as asked for, and whom it would reach.
async fn prepare(node: &Node, args: &StartArgs, terminal: &Terminal) -> Result<(NewStart, StartPreview), Failure> {
    let caller = terminal.caller();
    let flow = node.app.find_flow(&caller, &args.name).await?;
    let channel = match &args.channel {
        Some(name) => Some(node.app.channel_named(name).await?.id),
        None => None,
    };
    let new = NewStart {
        flow: flow.id,
        query: args.to.clone(),
        params: args.params.clone(),
        lane: args.lane,
        channel,
        programme: None,
        cause: "start",
        once_key: None,
        is_test: false,
        is_drill: false,
    };
    let preview = node.app.preview_start(&caller, &new).await?;
    Ok((new, preview))
}

/// A server freezes the audience in its own time.
async fn frozen(node: &Node, id: StartId, terminal: &Terminal) -> Result<StartPage, Failure> {
    for _ in 0..LOOKS {
        let page = node.app.start_page(&terminal.caller(), id).await?;
        if page.row.status != STARTING {
            return Ok(page);
        }
        node.app.clock().sleep(LOOK).await;
    }
    Ok(node.app.start_page(&terminal.caller(), id).await?)
}

fn preview_json(preview: &StartPreview, words: &Words) -> Value {
    json!({
        "audience": preview.sentence, "recipients": preview.recipients, "excluded": counts(&preview.excluded),
        "on_leave": preview.on_leave, "in_a_flow": preview.in_a_flow,
        "answers": { "free": preview.answers.free, "paid": preview.answers.paid, "unknown": preview.answers.unknown },
        "errors": preview.errors.iter().map(|found| words.reason(&found.reason())).collect::<Vec<_>>(),
    })
}

fn counts(left_out: &[(String, i64)]) -> Map<String, Value> {
    left_out.iter().map(|(reason, people)| (reason.clone(), (*people).into())).collect()
}

/// The preview in words.
fn lines(preview: &StartPreview, terminal: &Terminal) -> Vec<String> {
    let words = terminal.words();
    let mut lines = vec![words.with("cli-preview-audience", &[("sentence", Arg::Text(preview.sentence.clone()))])];
    lines.push(words.with("cli-flow-start-people", &[("people", Arg::Count(preview.recipients))]));
    for (reason, people) in &preview.excluded {
        let reason = super::broadcasts::reason(words, reason);
        lines.push(
            words.with("cli-preview-excluded", &[("people", Arg::Count(*people)), ("reason", Arg::Text(reason))]),
        );
    }
    if preview.on_leave > 0 {
        lines.push(words.with("cli-flow-start-on-leave", &[("people", Arg::Count(preview.on_leave))]));
    }
    if preview.in_a_flow > 0 {
        lines.push(words.with("cli-flow-start-busy", &[("people", Arg::Count(preview.in_a_flow))]));
    }
    for (key, people) in [("send-answers-worker", preview.answers.paid), ("send-answers-some", preview.answers.free)] {
        lines.extend((people > 0).then(|| words.with(key, &[("n", Arg::Count(people))])));
    }
    if !preview.errors.is_empty() {
        let count = i64::try_from(preview.errors.len()).unwrap_or(i64::MAX);
        lines.push(words.with("cli-flow-start-errors", &[("count", Arg::Count(count))]));
        lines.extend(preview.errors.iter().map(|found| table::one_line(&words.reason(&found.reason()))));
    }
    lines
}

/// Reads JSON.
fn params(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}
