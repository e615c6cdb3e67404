//! The sentence builder: a query as words and blanks, what each blank may hold, and what becomes of the query when one is
//! filled in. Everything is a form; nothing is kept but the query.

use mhero_app::{App, AppError, Caller, CheckedAudience};
use mhero_core::PlaceId;
use mhero_query::{Attribute, BlankKind, Operator, Property, Query, QueryError, blanks, fold};

use super::{Choice, Piece, Pop, QueryFault, Sentence};
use crate::page::Page;

/// Kinds of conditions that may be added, as they stand in addresses, with the key of their name.
const ADDED: &[(&str, &str)] = &[
    ("cadre", "blank-cadre"),
    ("place", "blank-place"),
    ("facility", "blank-facility"),
    ("job", "blank-job"),
    ("language", "blank-language"),
    ("group", "blank-group"),
    ("training", "blank-training"),
    ("field", "blank-field"),
    ("last_heard", "blank-behaviour"),
    ("phone", "blank-phone"),
    ("everyone", "blank-everyone"),
];

/// Questions about what people did: the condition, and the key of its words.
const BEHAVIOURS: &[(&str, &str)] = &[
    ("last_heard > -30d", "behaviour-heard"),
    ("last_heard < -30d OR last_heard = \"\"", "behaviour-quiet"),
    ("last_heard = \"\"", "behaviour-never"),
    ("last_sent < -7d OR last_sent = \"\"", "behaviour-rested"),
];
/// Questions about numbers.
const PHONES: &[(&str, &str)] = &[("phone != \"\"", "say-a-number"), ("phone = \"\"", "behaviour-no-number")];

/// What was sent with the form of an open blank.
#[derive(Clone, Debug, Default)]
pub struct Filled {
    /// Which blank: the number of a part, `new-cadre`, or `more`.
    pub blank: String,
    /// What was chosen.
    pub picks: Vec<String>,
    /// What was typed.
    pub typed: String,
}

/// What becomes of a filled blank.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The query has changed.
    Query(String),
    /// Another blank opens.
    Open(String),
    /// It could not be used: words for the reader.
    Fault(String),
}

/// A query and what it means, for a page.
pub struct Built {
    /// Words and blanks.
    pub sentence: Sentence,
    /// The audience, where the query can be read.
    pub checked: Option<CheckedAudience>,
}

/// Makes the sentence of a query, behind a verb (the text of a key), with one blank open or none.
///
/// # Errors
/// Whatever the application reports, other than that the query cannot be read.
pub async fn build(
    (app, caller, page): (&App, &Caller, &Page),
    query: &str,
    verb: &str,
    open: Option<&str>,
) -> Result<Built, AppError> {
    let mut pieces = vec![Piece::Words(page.t(verb))];
    let (mut checked, mut fault) = (None, None);
    if !query.trim().is_empty() {
        match app.check_audience(caller, query).await {
            Ok(audience) => checked = Some(audience),
            Err(AppError::Query(error)) => fault = Some(query_fault(page, query, &error)),
            Err(AppError::Invalid(reason)) => fault = Some(whole(query, page.words.reason(&reason))),
            Err(error) => return Err(error),
        }
    }
    if let Some(checked) = &checked {
        if checked.audience.is_everyone() {
            let words = checked.sentence(page.words.lang());
            pieces.push(Piece::Blank { words, edit: "more".into(), is_add: false });
        }
        for blank in blanks(&checked.audience, page.words.lang()) {
            let before = blank.before.trim();
            if !before.is_empty() {
                pieces.push(Piece::Words(before.to_owned()));
            }
            pieces.push(Piece::Blank { words: blank.text, edit: blank.part.to_string(), is_add: false });
        }
    }
    if fault.is_none() {
        let key = if checked.is_some() { "blank-add" } else { "blank-begin" };
        pieces.push(Piece::Blank { words: page.t(key), edit: "more".into(), is_add: true });
    }
    let pop = match open {
        Some(open) if fault.is_none() => pop((app, caller, page), checked.as_ref(), open).await?,
        _ => None,
    };
    let saved = app.audience_choices(caller, BlankKind::Group).await?.into_iter();
    let lang = page.words.lang();
    let saved = saved.map(|group| Choice {
        words: group.names.best(lang).to_owned(),
        value: group.value,
        people: group.people,
        is_on: false,
    });
    Ok(Built { sentence: Sentence { pieces, pop, query: query.to_owned(), fault, saved: saved.collect() }, checked })
}

/// A query that names one group.
pub fn of_group(name: &str) -> String {
    one(Attribute::Group, name).to_string()
}

fn one(attribute: Attribute, value: &str) -> Query {
    Query::condition(Property::Attribute(attribute), Operator::Equal, value)
}

/// What is wrong with a query, with its place and, where a name is not clear, those who bear it.
pub fn query_fault(page: &Page, query: &str, error: &QueryError) -> QueryFault {
    let letters: Vec<char> = query.chars().collect();
    let (start, end) = (error.span.start.min(letters.len()), error.span.end.min(letters.len()));
    let end = end.max(start);
    let part = |from: usize, to: usize| letters[from..to].iter().collect::<String>();
    QueryFault {
        before: part(0, start),
        wrong: part(start, end),
        after: part(end, letters.len()),
        words: page.words.reason(&error.reason()),
    }
}

fn whole(query: &str, words: String) -> QueryFault {
    QueryFault { before: String::new(), wrong: query.to_owned(), after: String::new(), words }
}

/// The kind of a blank, and the part of the query that stands in it.
fn opened(checked: Option<&CheckedAudience>, open: &str) -> Option<(String, Option<Query>)> {
    if let Some(kind) = open.strip_prefix("new-") {
        return Some((kind.to_owned(), None));
    }
    let index: usize = open.parse().ok()?;
    let checked = checked?;
    let kind = blanks(&checked.audience, mhero_core::Lang::ENGLISH).into_iter().find(|blank| blank.part == index)?.kind;
    Some((kind.as_str().to_owned(), checked.query.part(index)))
}

async fn pop(
    (app, caller, page): (&App, &Caller, &Page),
    checked: Option<&CheckedAudience>,
    open: &str,
) -> Result<Option<Pop>, AppError> {
    let mut pop = Pop {
        edit: open.to_owned(),
        legend: page.t("blank-more"),
        choices: Vec::new(),
        is_single: true,
        typed: None,
        hint: String::new(),
        fault: None,
        is_removable: false,
    };
    if open == "more" {
        pop.choices =
            ADDED.iter().map(|(kind, key)| choice(&format!("new-{kind}"), page.t(key), None, false)).collect();
        return Ok(Some(pop));
    }
    let Some((kind, part)) = opened(checked, open) else { return Ok(None) };
    let known = ADDED.iter().find(|(word, _)| *word == kind).map(|(_, key)| *key);
    pop.legend = page.t(known.unwrap_or("blank-condition"));
    pop.is_removable = part.is_some();
    let plain = part.as_ref().is_none_or(is_plain);
    let chosen = part.as_ref().map(values).unwrap_or_default();
    match kind.as_str() {
        "place" if plain => {
            pop.choices = places((app, caller, page), &chosen).await?;
            pop.is_single = false;
            (pop.typed, pop.hint) = (Some(String::new()), page.t("blank-typed-place"));
        }
        "facility" if plain => (pop.typed, pop.hint) = (Some(chosen.join(", ")), page.t("blank-typed-facility")),
        "cadre" | "job" | "language" | "group" | "training" if plain => {
            pop.choices = values_of((app, caller, page), &kind, &chosen).await?;
            pop.is_single = false;
        }
        "last_heard" | "last_sent" => {
            pop.choices = asked((app, caller, page), BEHAVIOURS, part.as_ref()).await?;
            (pop.typed, pop.hint) = (Some(text_of(part.as_ref(), BEHAVIOURS)), page.t("blank-typed-behaviour"));
        }
        "phone" => pop.choices = asked((app, caller, page), PHONES, part.as_ref()).await?,
        "field" => {
            pop.typed = Some(text_of(part.as_ref(), &[]));
            let keys = app.field_keys(caller).await?.join(", ");
            pop.hint = page.t1("blank-typed-field", "keys", if keys.is_empty() { page.t("none") } else { keys });
        }
        _ => (pop.typed, pop.hint) = (Some(text_of(part.as_ref(), &[])), page.t("blank-typed-query")),
    }
    Ok(Some(pop))
}

fn choice(value: &str, words: impl Into<String>, people: Option<i64>, is_on: bool) -> Choice {
    Choice { value: value.to_owned(), words: words.into(), people, is_on }
}

/// Whether a part asks nothing but that one property equals one of some values.
fn is_plain(part: &Query) -> bool {
    part.conditions().iter().all(|condition| condition.operator == Operator::Equal && !condition.value.is_empty())
        && !matches!(part.root(), Some(mhero_query::Node::And(_)))
}

fn values(part: &Query) -> Vec<String> {
    part.conditions().iter().map(|condition| condition.value.clone()).collect()
}

fn text_of(part: Option<&Query>, presets: &[(&str, &str)]) -> String {
    let text = part.map(ToString::to_string).unwrap_or_default();
    if presets.iter().any(|(preset, _)| *preset == text) { String::new() } else { text }
}

async fn values_of(
    (app, caller, page): (&App, &Caller, &Page),
    kind: &str,
    chosen: &[String],
) -> Result<Vec<Choice>, AppError> {
    let kind = match kind {
        "cadre" => BlankKind::Cadre,
        "job" => BlankKind::Job,
        "language" => BlankKind::Language,
        "group" => BlankKind::Group,
        _ => BlankKind::Training,
    };
    let lang = page.words.lang();
    let chosen: Vec<String> = chosen.iter().map(|value| fold(value)).collect();
    let found = app.audience_choices(caller, kind).await?.into_iter().map(|one| {
        let mut names = one.names.iter().map(|(_, name)| fold(name));
        let is_on = chosen.contains(&fold(&one.value)) || names.any(|name| chosen.contains(&name));
        let words = match (kind, one.value.parse()) {
            (BlankKind::Language, Ok(language)) => page.words.language(language),
            _ => one.names.best(lang).to_owned(),
        };
        choice(&one.value, words, one.people, is_on)
    });
    Ok(found.collect())
}

/// The top of the tree, what is chosen, and what lies just below that.
async fn places((app, caller, page): (&App, &Caller, &Page), chosen: &[String]) -> Result<Vec<Choice>, AppError> {
    let lang = page.words.lang();
    let mut found: Vec<Choice> = Vec::new();
    let mut below: Vec<PlaceId> = Vec::new();
    for name in chosen {
        for row in app.search_places(caller, name, 2).await? {
            let is_it = row.place.name.iter().any(|(_, known)| fold(known) == fold(name))
                || row.place.id.to_string() == *name
                || found.is_empty();
            if is_it && below.len() < 3 && !below.contains(&row.place.id) {
                below.push(row.place.id);
                let people = app.count_audience(caller, &one(Attribute::Place, name).to_string()).await.ok();
                found.push(choice(name, row.place.name.best(lang), people, true));
                break;
            }
        }
        if !found.iter().any(|known| known.value == *name) {
            found.push(choice(name, name.clone(), None, true));
        }
    }
    let mut offered = Vec::new();
    for parent in below {
        offered.extend(app.places(caller, Some(parent)).await?);
    }
    let roots = app.places(caller, None).await?;
    if let [country] = roots.as_slice()
        && offered.is_empty()
    {
        // A country alone is no choice: its counties are.
        offered.extend(app.places(caller, Some(country.place.id)).await?);
    } else {
        offered.extend(roots);
    }
    for row in offered {
        let name = row.place.name.best(lang);
        if !found.iter().any(|known| known.words == name) {
            found.push(choice(&row.place.id.to_string(), name, row.people, false));
        }
    }
    Ok(found)
}

async fn asked(
    (app, caller, page): (&App, &Caller, &Page),
    presets: &[(&str, &str)],
    part: Option<&Query>,
) -> Result<Vec<Choice>, AppError> {
    let now = part.map(ToString::to_string).unwrap_or_default();
    let mut found = Vec::new();
    for (preset, key) in presets {
        let people = app.count_audience(caller, preset).await.ok();
        found.push(choice(preset, page.t(key), people, *preset == now));
    }
    Ok(found)
}

/// Puts what was filled in into the query.
///
/// # Errors
/// Whatever the application reports, other than that something cannot be read.
pub async fn fill(
    (app, caller, page): (&App, &Caller, &Page),
    query: &str,
    filled: &Filled,
) -> Result<Outcome, AppError> {
    if filled.blank == "more" {
        return Ok(match filled.picks.first().map(String::as_str) {
            Some("new-everyone") => Outcome::Query(Query::everyone().to_string()),
            Some(kind) => Outcome::Open(kind.to_owned()),
            None => Outcome::Query(query.to_owned()),
        });
    }
    let checked = match query.trim() {
        "" => None,
        query => match app.check_audience(caller, query).await {
            Ok(checked) => Some(checked),
            Err(AppError::Query(error)) => return Ok(Outcome::Fault(page.words.reason(&error.reason()))),
            Err(error) => return Err(error),
        },
    };
    let Some((kind, _)) = opened(checked.as_ref(), &filled.blank) else { return Ok(Outcome::Query(query.to_owned())) };
    let part = match condition((app, caller), &kind, filled).await {
        Ok(part) => part,
        Err(AppError::Query(error)) => return Ok(Outcome::Fault(page.words.reason(&error.reason()))),
        Err(AppError::Invalid(reason)) => return Ok(Outcome::Fault(page.words.reason(&reason))),
        Err(error) => return Err(error),
    };
    let before = checked.map(|checked| checked.query);
    let after = match (before, filled.blank.parse::<usize>(), part) {
        (Some(before), Ok(index), Some(part)) => before.replace_part(index, &part),
        (Some(before), Ok(index), None) => before.remove_part(index),
        (Some(before), Err(_), Some(part)) => before.and(&part),
        (None, _, Some(part)) => part,
        (Some(before), Err(_), None) => before,
        (None, _, None) => return Ok(Outcome::Query(String::new())),
    };
    Ok(Outcome::Query(after.to_string()))
}

/// The query without the part in a blank. The last one leaves an empty text, not everybody.
pub async fn without((app, caller): (&App, &Caller), query: &str, blank: &str) -> Result<String, AppError> {
    let (Ok(index), Ok(checked)) = (blank.parse::<usize>(), app.check_audience(caller, query).await) else {
        return Ok(query.to_owned());
    };
    let after = checked.query.remove_part(index);
    Ok(if after.is_everyone() { String::new() } else { after.to_string() })
}

/// The condition of a filled blank, checked; `None` where nothing was chosen.
async fn condition((app, caller): (&App, &Caller), kind: &str, filled: &Filled) -> Result<Option<Query>, AppError> {
    let typed = filled.typed.trim();
    let attribute = match kind {
        "cadre" => Attribute::Cadre,
        "place" => Attribute::Place,
        "facility" => Attribute::Facility,
        "job" => Attribute::Job,
        "language" => Attribute::Language,
        "group" => Attribute::Group,
        "training" => Attribute::Training,
        _ => {
            let text = if typed.is_empty() { filled.picks.first().map_or("", String::as_str) } else { typed };
            return Ok(match text {
                "" => None,
                text => Some(app.check_audience(caller, text).await?.query),
            });
        }
    };
    let names = typed.split([',', ';']).map(str::trim).filter(|name| !name.is_empty());
    let mut values: Vec<String> = filled.picks.clone();
    values.extend(names.map(str::to_owned));
    let mut part: Option<Query> = None;
    for value in values {
        let one = readable((app, caller), attribute, &value).await?;
        app.check_audience(caller, &one.to_string()).await?;
        part = Some(part.map_or(one.clone(), |part| part.or(&one)));
    }
    Ok(part)
}

/// The condition with the name of a place where that name is clear, else with what was given.
async fn readable((app, caller): (&App, &Caller), attribute: Attribute, value: &str) -> Result<Query, AppError> {
    let by_value = one(attribute, value);
    let Ok(place) = value.parse::<PlaceId>() else { return Ok(by_value) };
    let name = app.place_page(caller, place).await?.place.name.best(caller.language).to_owned();
    let by_name = one(attribute, &name);
    let same = match (
        app.check_audience(caller, &by_name.to_string()).await,
        app.check_audience(caller, &by_value.to_string()).await,
    ) {
        (Ok(named), Ok(valued)) => named.predicate == valued.predicate,
        _ => false,
    };
    Ok(if same { by_name } else { by_value })
}
