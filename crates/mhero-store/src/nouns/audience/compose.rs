//! Putting a condition over `person p` together: the same text for both engines, values always as parameters.

use mhero_core::{PlaceId, Scope};
use mhero_query::{InstantRange, Predicate};

use crate::{Value, nouns::audience::leaf};

/// Those who may be in an audience at all: health workers who have not left and were not joined into another.
const IN_REGISTRY: &str =
    "p.standing = 'worker' AND p.active AND NOT EXISTS (SELECT 1 FROM person_alias alias WHERE alias.alias = p.id)";

/// Those who may be in an audience of the sandbox: nobody who is a health worker.
const IN_SANDBOX: &str = "p.standing = 'sandbox' AND p.active";

/// Writes conditions and gathers their parameters.
pub(crate) struct Composer {
    now: i64,
    now_is: Option<String>,
    params: Vec<Value>,
    few: bool,
}

impl Composer {
    /// A composer for an instant in UTC microseconds, at which positions are current or not.
    pub(crate) const fn new(now: i64) -> Self {
        Self { now, now_is: None, params: Vec::new(), few: false }
    }

    /// The same for questions about a few people who are named beside the condition: whatever is known of each is looked up by
    /// the person, where otherwise everybody with a cadre or a place would be gathered first.
    pub(crate) const fn for_few(now: i64) -> Self {
        Self { now, now_is: None, params: Vec::new(), few: true }
    }

    /// Whether few people are asked about.
    pub(super) const fn is_for_few(&self) -> bool {
        self.few
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

    /// The placeholder of the instant so many microseconds ago.
    pub(crate) fn ago(&mut self, micros: i64) -> String {
        self.bind(self.now.saturating_sub(micros))
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

    /// That `p` stands in the column `person` of some row of `from` for which `test` holds. The column is never NULL there.
    pub(super) fn among(&self, person: &str, from: &str, test: &str) -> String {
        if self.few {
            format!("EXISTS (SELECT 1 FROM {from} WHERE {person} = p.id AND {test})")
        } else {
            format!("p.id IN (SELECT {person} FROM {from} WHERE {test})")
        }
    }

    /// That a column holds a place that is one of some, or lies under one.
    pub(super) fn under(&mut self, place: &str, places: &[PlaceId]) -> String {
        let under = self.one_of("c.ancestor", places.iter().copied());
        if self.few {
            format!("EXISTS (SELECT 1 FROM place_closure c WHERE c.descendant = {place} AND {under})")
        } else {
            format!("{place} IN (SELECT c.descendant FROM place_closure c WHERE {under})")
        }
    }

    /// The placeholder of the instant at which positions and absences are current.
    pub(crate) fn now(&mut self) -> String {
        match &self.now_is {
            Some(now) => now.clone(),
            None => {
                let now = self.bind(self.now);
                self.now_is = Some(now.clone());
                now
            }
        }
    }

    /// That a position, by its alias, is current.
    pub(crate) fn is_current(&mut self, position: &str) -> String {
        let now = self.now();
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
        let mut text = if scope.is_in_sandbox() { IN_SANDBOX } else { IN_REGISTRY }.to_owned();
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
        let granted = "role_grant scope_grant JOIN place_closure scope_closure ON scope_closure.ancestor = scope_grant.place \
             JOIN position scope_position ON scope_position.place = scope_closure.descendant";
        let test = format!("scope_grant.principal = {principal} AND scope_position.active");
        self.among("scope_position.person", granted, &test)
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
