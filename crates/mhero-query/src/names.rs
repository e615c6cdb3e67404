//! Names to ids, one kind after the other, and what to propose when a name is not known.

use std::fmt;

use mhero_core::{Lang, LangMap, PlaceId};
use rapidfuzz::distance::jaro_winkler;

use crate::{
    Attribute, Candidate, Condition, Directory, EntryKind, FlowTime, InstantRange, Leaf, Node, Problem, Reached,
    ReferenceKind, Topic, Value,
    check::Found,
    directory::{Catalogue, Entry},
    fold,
};

/// How alike a word must be to an attribute to be taken for a slip.
const SLIP_MIN: f64 = 0.85;

/// All that bear the name, one at least.
fn all<'a, Id: Clone + PartialEq + fmt::Display>(
    catalogue: &'a Catalogue<Id>,
    kind: ReferenceKind,
    text: &str,
) -> Result<Vec<&'a Entry<Id>>, Problem> {
    let found = catalogue.find(text);
    if found.is_empty() {
        return Err(unknown(catalogue, kind, text));
    }
    Ok(found)
}

/// The one that bears the name.
fn one<'a, Id: Clone + PartialEq + fmt::Display>(
    catalogue: &'a Catalogue<Id>,
    kind: ReferenceKind,
    text: &str,
    fits: impl Fn(&Entry<Id>) -> bool,
) -> Result<&'a Entry<Id>, Problem> {
    let found: Vec<_> = catalogue.find(text).into_iter().filter(|entry| fits(entry)).collect();
    match found.as_slice() {
        [] => Err(unknown(catalogue, kind, text)),
        [entry] => Ok(entry),
        _ => {
            let candidates: Vec<Candidate> = found.iter().map(|entry| catalogue.candidate(entry, text)).collect();
            Err(Problem::AmbiguousName { kind, value: text.to_owned(), candidates })
        }
    }
}

fn unknown<Id: Clone + PartialEq + fmt::Display>(
    catalogue: &Catalogue<Id>,
    kind: ReferenceKind,
    text: &str,
) -> Problem {
    Problem::UnknownName { kind, value: text.to_owned(), near: catalogue.near(text), quoted: None }
}

/// The names of the first of several; those of one name differ in nothing that is said aloud.
fn names_of<Id>(entries: &[&Entry<Id>], text: &str) -> LangMap {
    match entries.first() {
        Some(entry) if !entry.names.is_empty() => entry.names.clone(),
        _ => LangMap::one(Lang::ENGLISH, text),
    }
}

fn ids<Id: Clone>(entries: &[&Entry<Id>]) -> Vec<Id> {
    entries.iter().map(|entry| entry.id.clone()).collect()
}

pub(crate) fn group(directory: &Directory, text: &str) -> Result<Found, Problem> {
    if text.is_empty() {
        return Ok(Found { topic: Topic::Group, value: Value::Nothing, leaf: Leaf::AnyGroup });
    }
    let group = one(&directory.groups, ReferenceKind::Group, text, |_| true)?;
    Ok(Found { topic: Topic::Group, value: Value::Names(names_of(&[group], text)), leaf: Leaf::Group(vec![group.id]) })
}

pub(crate) fn cadre(directory: &Directory, text: &str) -> Result<Found, Problem> {
    if text.is_empty() {
        return Ok(Found { topic: Topic::Cadre, value: Value::Nothing, leaf: Leaf::AnyCadre });
    }
    let found = all(&directory.cadres, ReferenceKind::Cadre, text)?;
    Ok(Found { topic: Topic::Cadre, value: Value::Names(names_of(&found, text)), leaf: Leaf::Cadre(ids(&found)) })
}

/// Several codes of one job code system may bear one title: all of them are meant.
pub(crate) fn job(directory: &Directory, text: &str) -> Result<Found, Problem> {
    if text.is_empty() {
        return Ok(Found { topic: Topic::Job, value: Value::Nothing, leaf: Leaf::AnyJob });
    }
    let found = all(&directory.jobs, ReferenceKind::Job, text)?;
    Ok(Found { topic: Topic::Job, value: Value::Names(names_of(&found, text)), leaf: Leaf::Job(ids(&found)) })
}

pub(crate) fn facility(directory: &Directory, text: &str) -> Result<Found, Problem> {
    if text.is_empty() {
        return Ok(Found { topic: Topic::Facility, value: Value::Nothing, leaf: Leaf::AnyFacility });
    }
    let is_facility = |entry: &Entry<PlaceId>| entry.kind == EntryKind::Facility;
    let kind = ReferenceKind::Facility;
    let place = one(&directory.places, kind, text, is_facility).map_err(|problem| match problem {
        // A place of that name where nobody works: everything below it was meant.
        Problem::UnknownName { value, .. } if !directory.places.find(text).is_empty() => {
            let near = vec![format!("place = \"{value}\"")];
            Problem::UnknownName { kind, value, near, quoted: None }
        }
        other => other,
    })?;
    let value = said_place(directory, place, text);
    Ok(Found { topic: Topic::Facility, value, leaf: Leaf::Facility(vec![place.id]) })
}

pub(crate) fn place(directory: &Directory, text: &str) -> Result<Found, Problem> {
    if text.is_empty() {
        return Ok(Found { topic: Topic::Place, value: Value::Nothing, leaf: Leaf::AnyPlace });
    }
    let (value, ids) = place_ids(directory, text)?;
    Ok(Found { topic: Topic::Place, value, leaf: Leaf::PlaceUnder(ids) })
}

/// The one place of a name, for people and for fields that hold places.
pub(crate) fn place_ids(directory: &Directory, text: &str) -> Result<(Value, Vec<PlaceId>), Problem> {
    let place = one(&directory.places, ReferenceKind::Place, text, |_| true)?;
    Ok((said_place(directory, place, text), vec![place.id]))
}

/// A place as it is said: with those above it where its name alone would not tell which one is meant.
fn said_place(directory: &Directory, place: &Entry<PlaceId>, text: &str) -> Value {
    let names = names_of(&[place], text);
    let by_name = names.iter().any(|(_, name)| fold(name) == fold(text));
    let unique = names.iter().all(|(_, name)| directory.places.find(name).len() <= 1);
    Value::Place(names, if by_name && unique { String::new() } else { place.path.clone() })
}

pub(crate) fn training(directory: &Directory, text: &str) -> Result<Found, Problem> {
    if text.is_empty() {
        return Ok(Found { topic: Topic::Training, value: Value::Nothing, leaf: Leaf::AnyTraining });
    }
    let found = all(&directory.courses, ReferenceKind::Course, text)?;
    let leaf = Leaf::Training { courses: spellings(&found), when: InstantRange::ALWAYS };
    Ok(Found { topic: Topic::Training, value: Value::Names(names_of(&found, text)), leaf })
}

/// Every code and name of some courses, folded, as attended courses carry one or the other.
pub(crate) fn spellings(courses: &[&Entry<String>]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for course in courses {
        let words = course.codes.iter().map(String::as_str).chain(course.names.iter().map(|(_, name)| name));
        for word in words.map(fold) {
            if !found.contains(&word) {
                found.push(word);
            }
        }
    }
    found
}

/// A flow bears its name alone.
pub(crate) fn flow(directory: &Directory, text: &str, when: FlowTime) -> Result<Found, Problem> {
    let topic = Topic::Flow(when);
    if text.is_empty() {
        return Ok(Found { topic, value: Value::Nothing, leaf: Leaf::AnyFlow { when } });
    }
    let flow = one(&directory.flows, ReferenceKind::Flow, text, |_| true)?;
    let value = Value::Names(names_of(&[flow], text));
    Ok(Found { topic, value, leaf: Leaf::Flow { which: vec![flow.id], when } })
}

pub(crate) fn source(directory: &Directory, text: &str) -> Result<Found, Problem> {
    let source = one(&directory.sources, ReferenceKind::Source, text, |_| true)?;
    let value = Value::Names(names_of(&[source], text));
    Ok(Found { topic: Topic::Source, value, leaf: Leaf::Source(source.id) })
}

/// All broadcasts of the name: a recurring one bears the same name each time.
pub(crate) fn broadcast(directory: &Directory, text: &str, how: Reached) -> Result<Found, Problem> {
    let topic = Topic::Broadcast(how);
    if text.is_empty() {
        return Ok(Found { topic, value: Value::Nothing, leaf: Leaf::AnyBroadcast { how } });
    }
    let found = all(&directory.broadcasts, ReferenceKind::Broadcast, text)?;
    let value = Value::Names(names_of(&found, text));
    Ok(Found { topic, value, leaf: Leaf::Broadcast { which: ids(&found), how } })
}

/// Attributes that a word was perhaps meant to be.
pub(crate) fn near_attributes(word: &str) -> Vec<String> {
    let known = Attribute::ALL.iter().filter(|attribute| attribute.is_known_here()).map(|known| known.as_str());
    known
        .filter(|known| *known != word && jaro_winkler::similarity(known.chars(), word.chars()) >= SLIP_MIN)
        .map(str::to_owned)
        .collect()
}

/// An unknown name before a bare word is most likely one name of two words without its quotes: `place = Capital City`.
pub(crate) fn with_quotes(problem: Problem, condition: &Condition, next: Option<&Node>) -> Problem {
    match (problem, next) {
        (Problem::UnknownName { kind, value, near, .. }, Some(Node::Condition(behind)))
            if behind.bare && !condition.bare && behind.span.start > condition.span.end =>
        {
            let quoted =
                format!("{} {} \"{value} {}\"", condition.property.word(), condition.operator.sign(), behind.value);
            Problem::UnknownName { kind, value, near, quoted: Some(quoted) }
        }
        (problem, _) => problem,
    }
}

impl Problem {
    /// Whether the value alone is wrong, so that it alone is marked in the text.
    pub(crate) const fn is_about_value(&self) -> bool {
        matches!(
            self,
            Self::UnknownName { .. }
                | Self::AmbiguousName { .. }
                | Self::InvalidValue { .. }
                | Self::InvalidPartialName { .. }
                | Self::InvalidPartialUrn { .. }
        )
    }
}
