//! A person as a contact of flows, and what flows change of them.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{Timestamp, tz::TimeZone};
use mhero_core::{GroupId, Lang, LangMap, PersonId, timestamp};
use mhero_expr::Number;
use mhero_flow::{
    assets::{Assets, Field, FieldType},
    contact::{Contact, ContactStatus, FieldValue, Urn},
    events::{Event, EventKind},
};
use mhero_query::{fold, name_key, name_tokens};
use mhero_store::{ContactField, ContactRecord, ContactValue, Unit, ValueRow};

use super::shelf::Pins;
use crate::{App, AppError, Facts, messaging::Known};

/// What flows find of a person's work beside the fields that an installation has: keys under `@fields`, where no field of the
/// installation bears them.
pub(crate) const WORK_FIELDS: [(&str, &str); 3] = [("cadre", "Cadre"), ("facility", "Facility"), ("job", "Job")];

/// What is known beside the record: how the person is reached in this conversation.
pub(super) struct Reach<'a> {
    /// Scheme and path of the number.
    pub(super) number: (&'a str, &'a str),
    /// Whether the person asked to be left alone; one who has just written is answered all the same.
    pub(super) is_stopped: bool,
    /// What was read of the number along with others.
    pub(super) known: Option<&'a Known>,
}

impl App {
    /// A person as flows see them.
    pub(super) async fn contact(
        &self,
        person: PersonId,
        reach: &Reach<'_>,
        (assets, pins): (&Assets, &Pins),
    ) -> Result<Contact, AppError> {
        let record = self.record_of(person, reach.known).await?;
        let record = record.ok_or_else(|| AppError::not_found("person", person))?;
        let facts = self.facts_cached().await?;
        let mut groups = record.groups.clone();
        groups.extend(self.groups_for(person, pins).await?);
        Ok(contact(&record, &groups, reach, assets, &facts))
    }

    /// What the events of a sprint change of the person, as steps of its unit.
    pub(super) fn change_person(
        &self,
        unit: &mut Unit,
        (person, number): (PersonId, (&str, &str)),
        events: &[Event],
        fields: &[ContactField],
    ) {
        let now = self.clock().now_micros();
        let mut changed = false;
        for event in events {
            changed |= self.change_by(unit, (person, number), &event.kind, fields, now);
        }
        if changed {
            unit.touch_person(person, now);
            unit.changed("person", person.uuid(), "updated", now);
        }
    }

    fn change_by(
        &self,
        unit: &mut Unit,
        (person, number): (PersonId, (&str, &str)),
        kind: &EventKind,
        fields: &[ContactField],
        now: i64,
    ) -> bool {
        match kind {
            EventKind::ContactFieldChanged { field, value } => {
                let Some(known) = fields.iter().find(|known| *known.key == *field.key) else { return false };
                match value {
                    Some(value) => unit.put_value(&value_row(person, known, value), now),
                    None => unit.drop_value(person, known.id),
                };
            }
            EventKind::ContactLanguageChanged { language } => {
                unit.set_person_language(person, language.parse::<Lang>().ok(), now);
            }
            EventKind::ContactNameChanged { name } => {
                unit.set_person_name(person, name, &name_key(name), now);
                unit.set_person_tokens(person, &tokens(name), false);
            }
            EventKind::ContactGroupsChanged { groups_added, groups_removed } => {
                for (groups, is_in) in [(groups_added, true), (groups_removed, false)] {
                    for group in groups {
                        unit.set_membership(GroupId::from_uuid(group.uuid), person, is_in, now);
                    }
                }
            }
            EventKind::ContactStatusChanged { status } => match status {
                ContactStatus::Active => {
                    unit.start(number, "");
                }
                _ => {
                    unit.stop(number, "", None, now);
                }
            },
            EventKind::ContactUrnsChanged { urns } => {
                for (rank, urn) in urns.iter().enumerate() {
                    self.add_number(unit, person, number, (rank, urn), now);
                }
            }
            _ => return false,
        }
        true
    }

    /// A number that a flow found out. Numbers that a registry gave stay: only their registry takes them back.
    fn add_number(
        &self,
        unit: &mut Unit,
        person: PersonId,
        (scheme, path): (&str, &str),
        (rank, urn): (usize, &Urn),
        now: i64,
    ) {
        if urn.scheme() == scheme && urn.path() == path {
            return;
        }
        let id = uuid::Uuid::new_v5(&person.uuid(), urn.identity().as_bytes());
        let rank = i64::try_from(rank).unwrap_or(i64::MAX);
        unit.add_found_number(id, person, (urn.scheme(), urn.path()), rank, now);
    }
}

fn tokens(name: &str) -> Vec<String> {
    let mut tokens = name_tokens(name);
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}

fn value_row(person: PersonId, field: &ContactField, value: &FieldValue) -> ValueRow {
    ValueRow {
        person,
        field: field.id,
        text: Some(value.text.to_string()),
        folded: Some(fold(&value.text)),
        number: value.number.as_ref().and_then(|number| number.to_string().parse().ok()),
        instant: value.datetime.as_ref().map(|at| at.timestamp().as_microsecond()),
        place: None,
        record: None,
    }
}

fn contact(record: &ContactRecord, groups: &[GroupId], reach: &Reach<'_>, assets: &Assets, facts: &Facts) -> Contact {
    let zone = record.zone.as_deref().and_then(|zone| TimeZone::get(zone).ok());
    let zone = zone.unwrap_or_else(|| facts.time_zone());
    let (scheme, path) = reach.number;
    let preferred = Urn::from_parts(scheme, path, "", "");
    let others = record.urns.iter().filter(|(s, p)| (s.as_str(), p.as_str()) != reach.number);
    let others = others.map(|(scheme, path)| Urn::from_parts(scheme, path, "", ""));
    let status = match (reach.is_stopped, record.active) {
        (true, _) => ContactStatus::Stopped,
        (false, true) => ContactStatus::Active,
        (false, false) => ContactStatus::Archived,
    };
    let groups = groups.iter().filter_map(|id| assets.group(id.uuid())).map(|group| group.reference());
    let language = record.language;
    Contact {
        uuid: record.id.uuid(),
        id: 0,
        name: record.name.as_str().into(),
        language,
        status,
        created_on: timestamp(record.created_at),
        last_seen_on: record.heard_at.map(timestamp),
        urns: [preferred].into_iter().chain(others).collect(),
        groups: groups.collect(),
        fields: fields(record, &zone, language.unwrap_or_else(|| facts.default_language())),
        tickets: Vec::new(),
        timezone: Some(zone),
    }
}

fn fields(record: &ContactRecord, zone: &TimeZone, language: Lang) -> BTreeMap<Arc<str>, FieldValue> {
    let mut fields: BTreeMap<Arc<str>, FieldValue> =
        record.values.iter().map(|value| (value.key.as_str().into(), field_value(value, zone))).collect();
    let work: [&Option<LangMap>; 3] = [&record.cadre, &record.facility, &record.title];
    for ((key, _), names) in WORK_FIELDS.iter().zip(work) {
        if let Some(names) = names {
            let text = FieldValue::of_text(names.best(language));
            fields.entry(Arc::from(*key)).or_insert(text);
        }
    }
    fields
}

fn field_value(value: &ContactValue, zone: &TimeZone) -> FieldValue {
    let instant = value.instant.and_then(|at| Timestamp::from_microsecond(at).ok());
    let place: Option<Arc<str>> = value.place.as_ref().map(|names| names.best(Lang::ENGLISH).into());
    FieldValue {
        datetime: instant.map(|at| at.to_zoned(zone.clone())),
        number: value.number.and_then(|number| Number::parse(&number.to_string()).ok()),
        state: place,
        ..FieldValue::of_text(value.text.as_str())
    }
}

/// The fields of an installation as assets of flows, with those of [`WORK_FIELDS`].
pub(super) fn field_assets(fields: &[ContactField]) -> Vec<Field> {
    let own = fields.iter().map(|field| Field {
        uuid: field.id.uuid(),
        key: field.key.as_str().into(),
        name: field.name.best(Lang::ENGLISH).into(),
        kind: match field.kind.as_str() {
            "number" => FieldType::Number,
            "date" | "datetime" | "instant" => FieldType::Datetime,
            _ => FieldType::Text,
        },
    });
    let work = WORK_FIELDS.iter().filter(|(key, _)| fields.iter().all(|field| field.key != *key));
    let work = work.map(|(key, name)| Field {
        uuid: uuid::Uuid::nil(),
        key: (*key).into(),
        name: (*name).into(),
        kind: FieldType::Text,
    });
    own.chain(work).collect()
}
