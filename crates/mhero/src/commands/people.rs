//! `mhero people`: who is known.

use clap::{Args, Subcommand};
use jiff::tz::TimeZone;
use mhero_app::people::{PeopleAsked, PersonPage, PersonRow};
use mhero_core::LangMap;
use mhero_store::HeldPosition;
use mhero_web::words::{Arg, Words};
use serde::{Deserialize, Serialize};

use super::linking;
pub use super::linking::{LinkArgs, PairsArgs, UnlinkArgs, WeightsArgs};
use crate::{failure::Failure, table, terminal::Terminal, times, wiring::Node};

/// Who is known.
#[derive(Clone, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PeopleCommand {
    /// List people, all of them or those of an audience
    List(ListArgs),
    /// Show one person with everything that is known
    Show(ShowArgs),
    /// List pairs that may be one person, for somebody to decide
    Pairs(PairsArgs),
    /// Say that two records are one person, or two
    Link(LinkArgs),
    /// Take back that two records are one person
    Unlink(UnlinkArgs),
    /// Show by what people are compared, learn it anew, or set it
    Weights(WeightsArgs),
}

/// Whom to list.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Examples:\n  mhero people list --query 'cadre = midwife AND place = Nimbara'\n  mhero people list --query 'phone = \"\"' --limit 20 --json"
)]
pub struct ListArgs {
    /// An audience, in the query language; without it, everybody
    #[arg(long, value_name = "QUERY", default_value = "")]
    pub query: String,
    /// Words of a name, a number, the beginning of a place's name
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub find: String,
    /// At most so many
    #[arg(long)]
    pub limit: Option<i64>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Whom to show.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(after_help = "Examples:\n  mhero people show +231770000001\n  mhero people show P10004 --json")]
pub struct ShowArgs {
    /// Our id, a source's id, or a phone
    pub id: String,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Runs `mhero people`.
///
/// # Errors
/// An audience that can't be read; nobody, or several, by that id.
pub async fn run(node: &Node, command: &PeopleCommand, terminal: &mut Terminal) -> Result<(), Failure> {
    match command {
        PeopleCommand::List(args) => list(node, args, terminal).await,
        PeopleCommand::Show(args) => show(node, args, terminal).await,
        PeopleCommand::Pairs(args) => linking::pairs(node, args, terminal).await,
        PeopleCommand::Link(args) => linking::link(node, args, terminal).await,
        PeopleCommand::Unlink(args) => linking::unlink(node, args, terminal).await,
        PeopleCommand::Weights(args) => linking::weights(node, args, terminal).await,
    }
}

async fn list(node: &Node, args: &ListArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let asked = PeopleAsked { query: &args.query, find: &args.find, ..PeopleAsked::default() };
    let mut people: Vec<PersonRow> = Vec::new();
    let limit = args.limit.map(|limit| limit.max(0));
    let keep = |person| {
        people.push(person);
        Ok::<(), Failure>(())
    };
    node.app.each_person(&terminal.caller(), &asked, limit, keep).await?;
    if args.json {
        return terminal.json(&people).await;
    }
    let words = terminal.words();
    let header = ["cli-column-name", "cli-column-phone", "cli-column-cadre", "cli-column-facility", "cli-column-place"];
    let header = header.map(|key| words.t(key));
    let n = i64::try_from(people.len()).unwrap_or(i64::MAX);
    let counted = words.with("cli-people-counted", &[("n", Arg::Count(n))]);
    let rows: Vec<Vec<String>> = people
        .into_iter()
        .map(|person| {
            let or_none = Option::unwrap_or_default;
            vec![
                person.name,
                person.phones.join(" "),
                or_none(person.cadre),
                or_none(person.facility),
                or_none(person.place),
            ]
        })
        .collect();
    terminal.say_all(table::lines(&header, &rows)).await;
    terminal.note(counted).await;
    Ok(())
}

async fn show(node: &Node, args: &ShowArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let caller = terminal.caller();
    let id = node.app.find_person(&caller, &args.id).await?;
    let page = node.app.person(&caller, id).await?;
    let now = node.app.clock().now_micros();
    if args.json {
        let json = page.to_json(&caller, now);
        return terminal.json(&json).await;
    }
    let zone = node.app.facts_cached().await?.time_zone();
    let lines = page_lines(&page, terminal.words(), &zone, now);
    terminal.say_all(lines).await;
    Ok(())
}

fn named(names: Option<&LangMap>, words: &Words) -> String {
    names.map(|names| names.best(words.lang()).to_owned()).unwrap_or_default()
}

fn page_lines(page: &PersonPage, words: &Words, zone: &TimeZone, now: i64) -> Vec<String> {
    let record = &page.record;
    let mut rows: Vec<(&str, String)> = vec![("cli-person-id", record.id.to_string())];
    rows.extend(record.language.map(|language| ("cli-person-language", words.language(language))));
    for number in &record.numbers {
        let shown = match (&number.path, &number.bad) {
            (Some(path), _) => path.clone(),
            (None, bad) => format!("{} ({})", number.raw, words.t(&bad_phone(bad.as_deref()))),
        };
        rows.push(("cli-column-phone", shown));
    }
    rows.extend(record.positions.iter().map(|held| ("cli-person-position", position(held, words, zone, now))));
    rows.extend(record.trainings.iter().map(|training| ("cli-person-training", named(Some(&training.name), words))));
    rows.extend(record.values.iter().map(|value| ("cli-person-value", format!("{} = {}", value.key, value.text))));
    rows.extend(page.groups.iter().map(|(_, name)| ("cli-person-group", name.clone())));
    rows.extend(
        record
            .sources
            .iter()
            .map(|source| ("cli-person-source", format!("{} {}/{}", source.source, source.kind, source.ext_id))),
    );
    let at = |micros: i64| times::shown(times::instant(micros), zone);
    rows.extend(record.heard_at.map(|micros| ("cli-person-heard", at(micros))));
    rows.extend(record.sent_at.map(|micros| ("cli-person-sent", at(micros))));
    let table: Vec<Vec<String>> = rows.into_iter().map(|(key, value)| vec![words.t(key), value]).collect();
    table::lines(&[record.name.clone(), String::new()], &table)
}

/// The key of the words for a number that is none.
fn bad_phone(bad: Option<&str>) -> String {
    format!("phone-{}", bad.unwrap_or("not-a-number").replace('_', "-"))
}

fn position(held: &HeldPosition, words: &Words, zone: &TimeZone, now: i64) -> String {
    let day = |micros: i64| times::instant(micros).to_zoned(zone.clone()).date().to_string();
    let what = [named(held.title.as_ref(), words), named(held.cadre.as_ref(), words)];
    let place = held.place.as_ref().map(|(_, names, _)| names.best(words.lang()).to_owned());
    let mut parts: Vec<String> = what.into_iter().chain(place).filter(|part| !part.is_empty()).collect();
    if !held.is_current(now) {
        let until = held.end_at.map(day).unwrap_or_default();
        parts.push(words.with("cli-person-until", &[("day", Arg::Text(until))]).trim().to_owned());
    }
    parts.join(", ")
}
