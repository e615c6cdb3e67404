//! `mhero people pairs|link|unlink|weights`: who is one person, and who is not, and by what that is told.

use clap::Args;
use mhero_app::{
    AppError,
    linking::{Level, Odds, PairDecision, PairView, Sentence},
};
use mhero_core::PersonId;
use mhero_web::words::{Arg, Words};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{failure::Failure, table, terminal::Terminal, wiring::Node};

/// Which pairs to list.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(after_help = "Examples:\n  mhero people pairs\n  mhero people pairs --json")]
pub struct PairsArgs {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Two who are one person, or two.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Examples:\n  mhero people link P10004 CHW-17\n  mhero people link --different +231770000001 CHW-18"
)]
pub struct LinkArgs {
    /// Who stays: our id, a source's id, or a phone
    pub person: String,
    /// Who is the same
    pub joined: String,
    /// They are two people: never ask again
    #[arg(long)]
    pub different: bool,
}

/// What to take back.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(after_help = "Examples:\n  mhero people unlink 019a5e3c-7d1f-7c4e-9a51-0a4c8f6d2b11")]
pub struct UnlinkArgs {
    /// The id of the merge, as `mhero people link` printed it, or the joined person's own id
    pub link: String,
}

/// By what people are compared.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Examples:\n  mhero people weights\n  mhero people weights --learn\n  mhero people weights --set birth.exact=0.9/0.0001"
)]
pub struct WeightsArgs {
    /// Learn the weights anew from the records there are, and compare all people with them
    #[arg(long, conflicts_with = "set")]
    pub learn: bool,
    /// Set how often pairs of one person, and pairs of two people, show a level
    #[arg(long, value_name = "FIELD.LEVEL=ONE/TWO")]
    pub set: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Shows the weights, learns them anew, sets some.
pub(super) async fn weights(node: &Node, args: &WeightsArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let caller = terminal.caller();
    if args.learn {
        let learned = node.app.learn_link_weights(&caller).await?;
        let line = match learned {
            Some(people) => {
                let n = i64::try_from(people).unwrap_or(i64::MAX);
                terminal.words().with("linking-cli-learned", &[("n", Arg::Count(n))])
            }
            None => terminal.words().t("linking-cli-too-few"),
        };
        terminal.note(line).await;
    }
    for text in &args.set {
        let (comparison, level, odds) = weight(text)?;
        node.app.set_link_weight(&caller, comparison, level, odds).await?;
    }
    let weights = node.app.link_weights(&caller).await?;
    if args.json {
        let json = json!({
            "people": weights.people, "is_set": weights.is_set, "prior": weights.model.prior,
            "comparisons": weights.model.comparisons,
        });
        return terminal.json(&json).await;
    }
    let words = terminal.words();
    let header = ["linking-cli-field", "linking-cli-level", "linking-cli-one", "linking-cli-two", "linking-cli-bits"];
    let header = header.map(|key| words.t(key));
    let mut rows: Vec<Vec<String>> = Vec::new();
    for comparison in &weights.model.comparisons {
        for (level, odds) in &comparison.levels {
            let share = |share: f64| format!("{share:.6}");
            let bits = format!("{:+.1}", odds.bits());
            rows.push(vec![comparison.name.clone(), level.word().to_owned(), share(odds.m), share(odds.u), bits]);
        }
    }
    let said = match (weights.is_set, weights.people) {
        (true, _) => words.t("linking-cli-weights-set"),
        (false, Some(n)) => words.with("linking-cli-weights-learned", &[("n", Arg::Count(n))]),
        (false, None) => words.t("linking-cli-weights-usual"),
    };
    terminal.say_all(table::lines(&header, &rows)).await;
    terminal.note(said).await;
    Ok(())
}

/// A weight as it is typed: `birth.exact=0.9/0.0001`.
fn weight(text: &str) -> Result<(&str, Level, Odds), Failure> {
    let read = || {
        let (which, shares) = text.split_once('=')?;
        let (comparison, level) = which.trim().rsplit_once('.')?;
        let level = Level::ALL.into_iter().find(|known| known.word() == level)?;
        let (m, u) = shares.split_once('/')?;
        Some((comparison, level, Odds { m: m.trim().parse().ok()?, u: u.trim().parse().ok()? }))
    };
    read().ok_or_else(|| AppError::invalid("linking-weight-unreadable", [("text", text.to_owned())]).into())
}

/// Lists pairs.
pub(super) async fn pairs(node: &Node, args: &PairsArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let caller = terminal.caller();
    let mut pairs: Vec<PairView> = Vec::new();
    loop {
        let after = pairs.last().map(|view| (view.pair.score, view.pair.left, view.pair.right));
        let page = node.app.link_pairs(&caller, after).await?;
        if page.is_empty() {
            break;
        }
        pairs.extend(page);
    }
    if args.json {
        let rows: Vec<_> = pairs
            .iter()
            .map(|view| {
                json!({
                    "left": view.left.id, "left_name": view.left.name, "right": view.right.id,
                    "right_name": view.right.name, "score": view.pair.score, "version": view.pair.version,
                    "why": view.why,
                })
            })
            .collect();
        return terminal.json(&rows).await;
    }
    let words = terminal.words();
    let header = ["linking-cli-left", "linking-cli-right", "linking-cli-likely", "linking-cli-why"];
    let header = header.map(|key| words.t(key));
    let rows: Vec<Vec<String>> = pairs
        .iter()
        .map(|view| {
            let likely = format!("{:.1} %", view.pair.score * 100.0);
            let side = |name: &str, id: PersonId| format!("{name} ({id})");
            let (left, right) = (&view.left, &view.right);
            vec![side(&left.name, left.id), side(&right.name, right.id), likely, reasons(view, words)]
        })
        .collect();
    let n = i64::try_from(pairs.len()).unwrap_or(i64::MAX);
    let counted = words.with("linking-cli-pairs", &[("n", Arg::Count(n))]);
    if !rows.is_empty() {
        terminal.say_all(table::lines(&header, &rows)).await;
    }
    terminal.note(counted).await;
    Ok(())
}

/// The two parts that weigh most, in words.
fn reasons(view: &PairView, words: &Words) -> String {
    let Some(why) = &view.why.explanation else { return String::new() };
    let said = |sentence: Sentence| {
        let args: Vec<(&str, Arg)> = sentence.args.into_iter().map(|(key, value)| (key, Arg::Text(value))).collect();
        words.with(&sentence.key, &args)
    };
    let parts = why.strongest();
    let parts = parts.iter().take(2).map(|part| format!("{}: {}", words.t(&part.field_key()), said(part.words())));
    parts.collect::<Vec<_>>().join("; ")
}

/// Joins two, or keeps them apart.
pub(super) async fn link(node: &Node, args: &LinkArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let caller = terminal.caller();
    let person = node.app.find_person(&caller, &args.person).await?;
    let joined = node.app.find_person(&caller, &args.joined).await?;
    if args.different {
        let view = node.app.link_pair(&caller, person, joined).await?;
        let (left, right, version) = (view.pair.left, view.pair.right, view.pair.version);
        node.app.decide_pair(&caller, left, right, PairDecision::Different, version).await?;
        let line = terminal.words().t("linking-cli-different");
        terminal.say_all(vec![line]).await;
        return Ok(());
    }
    let link = node.app.merge_people(&caller, person, joined).await?;
    let page = node.app.person(&caller, person).await?;
    let n = page.record.sources.len().to_string();
    let args =
        [("name", Arg::Text(page.record.name.clone())), ("n", Arg::Text(n)), ("link", Arg::Text(link.to_string()))];
    let line = terminal.words().with("linking-cli-joined", &args);
    terminal.say_all(vec![line]).await;
    Ok(())
}

/// Takes a merge back.
pub(super) async fn unlink(node: &Node, args: &UnlinkArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let caller = terminal.caller();
    let person: Option<PersonId> = args.link.parse().ok();
    let links = match person {
        Some(person) => node.app.links_of(&caller, person).await.unwrap_or_default(),
        None => Vec::new(),
    };
    let of_joined = links.iter().find(|view| Some(view.link.joined) == person).map(|view| view.link.id);
    let id = of_joined.or_else(|| person.map(PersonId::uuid));
    let id = id.ok_or_else(|| AppError::not_found("link", &args.link))?;
    node.app.undo_link(&caller, id).await?;
    let line = terminal.words().t("linking-cli-parted");
    terminal.say_all(vec![line]).await;
    Ok(())
}
