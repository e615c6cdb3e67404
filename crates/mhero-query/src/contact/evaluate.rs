//! A query tried on one contact, without copying it.

use bigdecimal::BigDecimal;
use jiff::Timestamp;
use uuid::Uuid;

use super::check::{Branch, Test, Wanted};
use crate::{Comparison, Day, Environment, Property, fold, name_key};

/// One contact, as far as queries can ask.
pub trait Queryable {
    /// Shows every value that the contact has of a property, none where it has none:
    ///
    /// - `Attribute(Name | Language | Status | Uuid | Id | Ref)`: a text. Languages in three letters.
    /// - `Attribute(CreatedOn | LastHeard)`: an instant; `last_seen_on` is [`crate::Attribute::LastHeard`].
    /// - `Attribute(Tickets)`: the number of open tickets.
    /// - `Attribute(Group)`, `Attribute(Flow)` (the one that the contact is in), `Attribute(History)` (those it has been in):
    ///   things.
    /// - `Attribute(Urn)`: the path of every address. `Scheme`: the paths of that scheme.
    /// - `Field(key)`: its value in the type of the field: a number, an instant, else a text. A location is its last name or
    ///   its whole path.
    /// - The attributes of a health workforce and `Course`: texts and instants where the contact knows them.
    fn values(&self, property: &Property, see: &mut dyn FnMut(Answer<'_>));
}

/// One value of a contact.
#[derive(Clone, Copy)]
pub enum Answer<'a> {
    /// A text; an empty one is no value.
    Text(&'a str),
    /// A number.
    Number(&'a BigDecimal),
    /// An instant.
    Instant(Timestamp),
    /// Something with an id and a name: a group, a flow.
    Thing {
        /// Its id.
        id: Uuid,
        /// Its name.
        name: &'a str,
    },
}

pub(super) fn holds(branch: &Branch, contact: &dyn Queryable, environment: &Environment<'_>) -> bool {
    match branch {
        Branch::And(parts) => parts.iter().all(|part| holds(part, contact, environment)),
        Branch::Or(parts) => parts.iter().any(|part| holds(part, contact, environment)),
        Branch::Test(test) => test.holds(contact, environment),
    }
}

impl Test {
    /// `!=` holds when no value is equal, all else when some value fits.
    fn holds(&self, contact: &dyn Queryable, environment: &Environment<'_>) -> bool {
        let mut any = false;
        contact.values(&self.property, &mut |answer| {
            any = any || self.wanted.fits(answer, environment);
        });
        any != self.negated
    }
}

impl Wanted {
    fn fits(&self, answer: Answer<'_>, environment: &Environment<'_>) -> bool {
        match (self, answer) {
            (Self::Present, Answer::Text(text)) => !text.is_empty(),
            (Self::Present, _) => true,
            (Self::NameIs(wanted), Answer::Text(name)) => name_key(name) == *wanted,
            (Self::NameTokens(tokens), Answer::Text(name)) => {
                let key = name_key(name);
                tokens.iter().all(|token| key.split(' ').any(|word| word.starts_with(token.as_str())))
            }
            (Self::UrnIs { written, number }, Answer::Text(path)) => {
                path.to_lowercase() == *written || number.as_deref() == Some(path)
            }
            (Self::UrnPart(part), Answer::Text(path)) => path.to_lowercase().contains(part.as_str()),
            (Self::Thing { id, name }, Answer::Thing { id: own, name: called }) => {
                id.map_or_else(|| fold(called) == *name, |id| id == own)
            }
            (Self::Thing { name, .. }, Answer::Text(called)) => fold(called) == *name,
            (Self::Value { comparison, number, .. }, Answer::Number(own)) => {
                number.as_ref().is_some_and(|wanted| comparison.orders(own.cmp(wanted)))
            }
            (Self::Value { comparison, day, .. }, Answer::Instant(own)) => {
                day.is_some_and(|wanted| on_day(*comparison, own, wanted, environment))
            }
            (Self::Value { comparison, text, .. }, Answer::Text(own)) => {
                *comparison == Comparison::Equal && (fold(own) == *text || last_name(own) == Some(text.clone()))
            }
            _ => false,
        }
    }
}

/// The last name of a location's path, folded; nothing for other texts.
fn last_name(text: &str) -> Option<String> {
    text.rsplit_once('>').map(|(_, last)| fold(last))
}

/// Whether an instant compares so with a whole day of the environment's zone.
fn on_day(comparison: Comparison, own: Timestamp, wanted: Day, environment: &Environment<'_>) -> bool {
    let Some(wanted) = wanted.from(environment.today) else { return false };
    comparison.orders(own.to_zoned(environment.zone.clone()).date().cmp(&wanted))
}
