//! Where the queries of the pack are asked, and the names that they may use.

use jiff::{civil::date, tz::TimeZone};
use mhero_query::{DateOrder, Environment, Numbers, QueryField, QueryFieldKind, Resolved, Resolver};
use mhero_text::phone::{Allowed, dialled};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::families::cases::text;

/// An environment of the pack.
pub(super) struct World {
    zone: TimeZone,
    date_order: DateOrder,
    redact: bool,
    numbers: Country,
}

/// Reads numbers as a country writes them.
struct Country(Option<String>);

impl Numbers for Country {
    fn e164(&self, text: &str) -> Option<String> {
        dialled(text, self.0.as_deref(), Allowed::NUMBERS).ok()
    }
}

impl World {
    pub(super) fn of(env: &Json) -> Self {
        let month_first = text(env, "date_format").starts_with("MM");
        Self {
            zone: TimeZone::get(text(env, "timezone")).unwrap_or(TimeZone::UTC),
            date_order: if month_first { DateOrder::MonthFirst } else { DateOrder::DayFirst },
            redact: text(env, "redaction_policy") == "urns",
            numbers: Country(env["default_country"].as_str().map(str::to_owned)),
        }
    }

    pub(super) fn redacted(mut self, redact: bool) -> Self {
        self.redact = redact;
        self
    }

    pub(super) fn environment(&self) -> Environment<'_> {
        let plain = Environment::new(self.zone.clone(), date(2025, 5, 4), &self.numbers);
        Environment { redact_urns: self.redact, date_order: self.date_order, ..plain }
    }
}

/// Fields, groups and flows of a file.
pub(super) struct Names {
    fields: Vec<(String, QueryField)>,
    groups: Vec<Resolved>,
    flows: Vec<Resolved>,
}

impl Names {
    pub(super) fn of(assets: &Json) -> Self {
        let list = |key: &str| assets[key].as_array().into_iter().flatten();
        // Some files give flows and groups by their name alone.
        let resolved = |one: &Json| Resolved {
            uuid: text(one, "uuid").parse().unwrap_or(Uuid::nil()),
            name: one.as_str().unwrap_or(text(one, "name")).to_owned(),
        };
        let field = |one: &Json| {
            let kind = QueryFieldKind::of(text(one, "type"));
            (text(one, "key").to_owned(), QueryField { name: text(one, "name").to_owned(), kind })
        };
        Self {
            fields: list("fields").map(field).collect(),
            groups: list("groups").map(resolved).collect(),
            flows: list("flows").map(resolved).collect(),
        }
    }
}

fn named(all: &[Resolved], name: &str) -> Option<Resolved> {
    all.iter().find(|one| one.name.to_lowercase() == name.to_lowercase()).cloned()
}

impl Resolver for Names {
    fn field(&self, key: &str) -> Option<QueryField> {
        self.fields.iter().find(|(own, _)| own == key).map(|(_, field)| field.clone())
    }

    fn group(&self, name: &str) -> Option<Resolved> {
        named(&self.groups, name)
    }

    fn flow(&self, name: &str) -> Option<Resolved> {
        named(&self.flows, name)
    }
}
