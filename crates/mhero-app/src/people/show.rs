//! One person: found by id, a source's id or a number, with everything that the registry knows.

use mhero_core::{GroupId, PersonId, Right};
use mhero_query::{Leaf, Predicate};
use mhero_store::{PersonRecord, Queue, Unit};
use serde_json::json;
use uuid::Uuid;

use crate::{App, AppError, Caller, people::SourceOf};

/// Most people that an error lists.
const LISTED_MAX: usize = 10;

/// One person as their page shows them.
#[derive(Clone, Debug)]
pub struct PersonPage {
    /// Everything that the registry knows.
    pub record: PersonRecord,
    /// Groups, by hand and by query, with their names in the caller's language.
    pub groups: Vec<(GroupId, String)>,
}

impl App {
    /// The one person of the caller's scope that a text names: our id, an id or identifier of a source, or a number in any
    /// spelling. A health worker goes before a stranger with the same number.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Invalid`] with those who answer to it when there are several.
    pub async fn find_person(&self, caller: &Caller, text: &str) -> Result<PersonId, AppError> {
        caller.must(Right::ReadPeople)?;
        let text = text.trim();
        let e164 = self.numbering_cached().await?.read(text).e164().map(str::to_owned);
        let mut found = self.store().find_people(&caller.scope, text, e164.as_deref()).await?;
        if found.iter().any(|person| person.is_worker) {
            found.retain(|person| person.is_worker);
        }
        match found.as_slice() {
            [] => Err(AppError::not_found("person", text)),
            [one] => Ok(one.id),
            several => {
                let listed = several.iter().take(LISTED_MAX).map(|person| format!("{} ({})", person.name, person.id));
                let list = listed.collect::<Vec<_>>().join("; ");
                let args = [("text", text.to_owned()), ("count", several.len().to_string()), ("list", list)];
                Err(AppError::invalid("people-several", args))
            }
        }
    }

    /// One person of the caller's scope.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the scope.
    pub async fn person(&self, caller: &Caller, id: PersonId) -> Result<PersonPage, AppError> {
        caller.must(Right::ReadPeople)?;
        // Somebody who was joined to another is shown as that one.
        let id = self.store().golden(id).await?;
        let record = self.store().person_record(&caller.scope, id).await?;
        let record = record.ok_or_else(|| AppError::not_found("person", id))?;
        let groups = self.groups_with(caller, id).await?;
        Ok(PersonPage { record, groups })
    }

    /// Groups that somebody is in. Those by query are asked one by one; there are few.
    async fn groups_with(&self, caller: &Caller, id: PersonId) -> Result<Vec<(GroupId, String)>, AppError> {
        let mut groups = self.store().groups_of(&caller.scope, id).await?;
        let now = self.clock().now_micros();
        for group in self.store().groups(false).await? {
            let Some(query) = &group.query else { continue };
            // A query that no longer means anything keeps nobody; its own page says why.
            let Ok(audience) = self.check_audience(caller, query).await else { continue };
            let is_this = Predicate::all([Leaf::Person(id).into(), audience.predicate]);
            if self.store().count_audience(&caller.scope, &is_this, now).await? > 0 {
                groups.push(group);
            }
        }
        Ok(groups.into_iter().map(|group| (group.id, group.name.best(caller.language).to_owned())).collect())
    }

    /// One number of somebody in full, as it is or, where it is no number, as the source wrote it. That it was read is
    /// audited before it is told.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the scope.
    pub async fn show_number(&self, caller: &Caller, person: PersonId, number: Uuid) -> Result<String, AppError> {
        caller.must(Right::ReadPeople)?;
        let found = self.store().number_of(&caller.scope, person, number).await?;
        let found = found.ok_or_else(|| AppError::not_found("number", number))?;
        let mut unit = Unit::new();
        let facts = json!({ "number": number });
        unit.audit(self.store(), &caller.entry("number-shown", "person", Some(person.uuid()), facts));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(found.path.unwrap_or(found.raw))
    }
}

impl PersonPage {
    /// The page as JSON, for the command line: numbers in full, names in the caller's language, instants in RFC 3339.
    pub fn to_json(&self, caller: &Caller, now: i64) -> serde_json::Value {
        let (record, lang) = (&self.record, caller.language);
        let best = |names: &mhero_core::LangMap| names.best(lang).to_owned();
        let instant = |micros: i64| mhero_core::timestamp(micros).to_string();
        let positions = record.positions.iter().map(|position| {
            json!({
                "place": position.place.as_ref().map(|(id, name, _)| json!({ "id": id, "name": best(name) })),
                "cadre": position.cadre.as_ref().map(best),
                "job": position.title.as_ref().map(best),
                "start": position.start_at.map(instant),
                "end": position.end_at.map(instant),
                "current": position.is_current(now),
                "source": position.source,
            })
        });
        let numbers = record.numbers.iter().map(|number| {
            let stops: Vec<&str> =
                record.stops.iter().filter(|stop| stop.number == number.id).map(|stop| stop.list.as_str()).collect();
            let shared = record.shared.iter().filter(|shared| shared.number == number.id).count();
            json!({
                "number": number.path, "raw": number.raw, "bad": number.bad, "source": number.source,
                "shared_with": shared, "stopped": stops,
            })
        });
        let values = record.values.iter().map(|value| {
            let observed = instant(value.observed_at);
            json!({ "field": value.key, "text": value.text, "source": value.source, "observed_at": observed })
        });
        let trainings = record.trainings.iter().map(|training| {
            let (start, end) = (training.start_at.map(instant), training.end_at.map(instant));
            json!({ "course": best(&training.name), "start": start, "end": end, "source": training.source })
        });
        let identifiers = record.identifiers.iter();
        let sources: Vec<SourceOf> = record
            .sources
            .iter()
            .map(|record| SourceOf { source: record.source.clone(), id: record.ext_id.clone() })
            .collect();
        json!({
            "id": record.id,
            "name": record.name,
            "given": record.given,
            "family": record.family,
            "language": record.language,
            "sex": record.sex,
            "birth": record.birth,
            "active": record.active,
            "worker": record.is_worker,
            "last_heard": record.heard_at.map(instant),
            "last_sent": record.sent_at.map(instant),
            "numbers": numbers.collect::<Vec<_>>(),
            "identifiers": identifiers.map(|(s, v, source)| json!({ "system": s, "value": v, "source": source })).collect::<Vec<_>>(),
            "positions": positions.collect::<Vec<_>>(),
            "trainings": trainings.collect::<Vec<_>>(),
            "values": values.collect::<Vec<_>>(),
            "groups": self.groups.iter().map(|(id, name)| json!({ "id": id, "name": name })).collect::<Vec<_>>(),
            "sources": sources,
        })
    }
}
