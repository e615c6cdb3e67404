//! Putting a condition over `person p` together: the same text for both engines, values always as parameters.

use mhero_core::Scope;
use mhero_query::{InstantRange, Predicate};

use crate::{Value, nouns::audience::leaf};

/// Those who may be in an audience at all: health workers who have not left and were not joined into another.
const IN_REGISTRY: &str =
    "p.standing = 'worker' AND p.active AND NOT EXISTS (SELECT 1 FROM person_alias alias WHERE alias.alias = p.id)";

/// Writes conditions and gathers their parameters.
pub(crate) struct Composer {
    now: i64,
    now_is: Option<String>,
    params: Vec<Value>,
}

impl Composer {
    /// A composer for an instant in UTC microseconds, at which positions are current or not.
    pub(crate) const fn new(now: i64) -> Self {
        Self { now, now_is: None, params: Vec::new() }
    }

    /// The parameters, once the text is complete.
    pub(crate) fn params(self) -> Vec<Value> {
        self.params
    }

    /// The placeholder of a new parameter.
    pub(crate) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.params.push(value.into());
        format!("${}", self.params.len())
    }

    /// `column IN (...)`; FALSE for an empty list.
    pub(crate) fn one_of<T: Into<Value>>(&mut self, column: &str, values: impl IntoIterator<Item = T>) -> String {
        let places: Vec<String> = values.into_iter().map(|value| self.bind(value)).collect();
        match places.as_slice() {
            [] => "FALSE".to_owned(),
            [one] => format!("{column} = {one}"),
            many => format!("{column} IN ({})", many.join(", ")),
        }
    }

    /// That a position, by its alias, is current.
    pub(crate) fn is_current(&mut self, position: &str) -> String {
        let now = match &self.now_is {
            Some(now) => now.clone(),
            None => {
                let now = self.bind(self.now);
                self.now_is = Some(now.clone());
                now
            }
        };
        format!(
            "{position}.active AND ({position}.start_at IS NULL OR {position}.start_at <= {now}) \
             AND ({position}.end_at IS NULL OR {position}.end_at > {now})"
        )
    }

    /// That an instant lies within a range; a missing one lies in none.
    pub(crate) fn within(&mut self, column: &str, range: InstantRange) -> String {
        let mut text = format!("{column} IS NOT NULL");
        if let Some(from) = range.from {
            text += &format!(" AND {column} >= {}", self.bind(from));
        }
        if let Some(until) = range.until {
            text += &format!(" AND {column} < {}", self.bind(until));
        }
        text
    }

    /// That `p` is one of those whom a predicate means within the scope.
    pub(crate) fn audience(&mut self, scope: &Scope, predicate: &Predicate) -> String {
        let mut text = IN_REGISTRY.to_owned();
        if !scope.all_places() {
            text += " AND ";
            text += &self.in_scope(scope);
        }
        if *predicate != Predicate::All {
            text += " AND ";
            text += &self.predicate(predicate);
        }
        text
    }

    /// The same people as [`crate::statement::person_in_scope`], as a set that is looked up once.
    fn in_scope(&mut self, scope: &Scope) -> String {
        let principal = self.bind(scope.principal());
        format!(
            "p.id IN (SELECT scope_position.person FROM role_grant scope_grant \
             JOIN place_closure scope_closure ON scope_closure.ancestor = scope_grant.place \
             JOIN position scope_position ON scope_position.place = scope_closure.descendant \
             WHERE scope_grant.principal = {principal} AND scope_position.active)"
        )
    }

    fn predicate(&mut self, predicate: &Predicate) -> String {
        match predicate {
            Predicate::All => "TRUE".to_owned(),
            Predicate::None => "FALSE".to_owned(),
            Predicate::And(parts) => self.joined(parts, " AND "),
            Predicate::Or(parts) => self.joined(parts, " OR "),
            Predicate::Not(inner) => format!("NOT {}", self.predicate(inner)),
            Predicate::Is(leaf) => format!("({})", leaf::condition(self, leaf)),
        }
    }

    fn joined(&mut self, parts: &[Predicate], joint: &str) -> String {
        let texts: Vec<String> = parts.iter().map(|part| self.predicate(part)).collect();
        format!("({})", texts.join(joint))
    }
}
