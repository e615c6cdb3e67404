//! From a run that has ended to a report.

use jiff::{Timestamp, tz::TimeZone};
use mhero_core::{MessageId, PersonId, PlaceId, RunId};
use mhero_query::fold;
use mhero_store::{HmisMap, HmisReport, Queue, RunAnswer, StoreError, Unit};
use mhero_wire::dhis2::DataValue;
use uuid::Uuid;

use super::{Answer, Content, Dhis2Error, Kind, Mapping, Reports, Which};

/// Runs looked at in one pass.
const RUNS_MAX: i64 = 100;
/// A run that ends is written within this time, in microseconds.
const OVERLAP_MICROS: i64 = 600_000_000;
/// Texts among which the one is sought that a report came by.
const TEXTS_MAX: i64 = 20;
/// Longest words of an answer that are kept as a problem, in characters.
const SAID_MAX: usize = 80;

/// What a run says, read by a mapping.
pub(super) struct Read {
    pub(super) place: Option<PlaceId>,
    pub(super) message: Option<MessageId>,
    pub(super) unit: String,
    pub(super) period: String,
    pub(super) content: Content,
    pub(super) state: &'static str,
    pub(super) answer: Option<Answer>,
}

impl Read {
    fn skipped(why: &str) -> Self {
        Self {
            place: None,
            message: None,
            unit: String::new(),
            period: String::new(),
            content: Content::default(),
            state: "skipped",
            answer: Some(Answer::why(why, "")),
        }
    }
}

impl Reports {
    /// Makes reports of the runs that have ended since the last pass.
    pub(super) async fn make_due(&self, maps: &[HmisMap]) -> Result<usize, Dhis2Error> {
        let mut made = 0;
        for map in maps.iter().filter(|map| map.active) {
            let read_back = self.read_back(map).await?;
            let seen = self.seen(map.id);
            let since = match read_back {
                Some(reading) if seen == Some(reading) => continue,
                Some(_) => map.since,
                None => seen.map_or(map.since, |seen| map.since.max(seen - OVERLAP_MICROS)),
            };
            let runs = self.app.store().hmis_runs(map, since, RUNS_MAX).await?;
            let Ok(mapping) = serde_json::from_str::<Mapping>(&map.config) else { continue };
            for (run, person, ended) in &runs {
                self.make(map, &mapping, (*run, *person, *ended)).await?;
            }
            let is_all = i64::try_from(runs.len()).is_ok_and(|number| number < RUNS_MAX);
            match (read_back, runs.last()) {
                (Some(reading), _) if is_all => self.saw(map.id, reading),
                (None, Some((.., ended))) => self.saw(map.id, *ended),
                _ => {}
            }
            made += runs.len();
        }
        Ok(made)
    }

    /// What tells one reading of the runs of a back end from the next, where the flow runs on one. What is read back may have ended at
    /// any time before, the newest first or after a day without a connection: all of it is looked through once for each reading.
    async fn read_back(&self, map: &HmisMap) -> Result<Option<i64>, Dhis2Error> {
        let store = self.app.store();
        let Some(there) = store.backend_flow(map.flow).await? else { return Ok(None) };
        let lists = store.backend_lists(there.source).await?;
        Ok(Some(lists.iter().find(|own| own.list == "runs").map_or(0, |own| own.next_at)))
    }

    async fn make(
        &self,
        map: &HmisMap,
        mapping: &Mapping,
        (run, person, ended): (RunId, PersonId, i64),
    ) -> Result<(), Dhis2Error> {
        let read = self.read(map, mapping, (run, person, ended)).await?;
        let store = self.app.store();
        let next_at = (read.state == "ready").then(|| self.app.clock().now_micros());
        let report = HmisReport {
            // The same run gives the same report, whoever makes it.
            id: Uuid::new_v5(&map.id, run.uuid().as_bytes()),
            map: map.id,
            run,
            person,
            place: read.place,
            message: read.message,
            unit: read.unit,
            period: read.period,
            content: serde_json::to_string(&read.content).unwrap_or_default(),
            state: read.state.to_owned(),
            attempts: 0,
            next_at,
            answer: read.answer.map(|answer| answer.json()),
            decided_by: None,
            decided_at: None,
            reported_at: ended,
            sent_at: None,
            version: 1,
        };
        let mut unit = Unit::new();
        unit.add_hmis_report(&report);
        match store.write(unit, Queue::Bulk).await {
            // Another node was faster.
            Err(StoreError::Exists { .. }) => Ok(()),
            other => Ok(other.map(|_| ())?),
        }
    }

    /// What a run says. What keeps it from being sent stands in the answer.
    pub(super) async fn read(
        &self,
        map: &HmisMap,
        mapping: &Mapping,
        (run, person, ended): (RunId, PersonId, i64),
    ) -> Result<Read, Dhis2Error> {
        let store = self.app.store();
        let answers = store.answers_of_run(run).await?;
        let find = |key: &str| answers.iter().find(|answer| answer.key == key);
        if let Some(when) = &mapping.when
            && find(&when.result).is_none_or(|answer| fold(&answer.category) != fold(&when.category))
        {
            return Ok(Read::skipped("dhis2-why-not-confirmed"));
        }
        let mut content = Content::default();
        for mapped in &mapping.elements {
            let Some(answer) = find(&mapped.result) else { continue };
            match mapped.value(&answer.category, &answer.value) {
                Ok(None) => {}
                Ok(Some(value)) => content.values.push(DataValue {
                    result: mapped.result.clone(),
                    element: mapped.element.clone(),
                    combo: mapped.combo.clone(),
                    value,
                }),
                Err(right) => {
                    let said = answer.value.chars().take(SAID_MAX).collect();
                    content.problems.push((mapped.result.clone(), said, right));
                }
            }
        }
        if content.values.is_empty() && content.problems.is_empty() {
            return Ok(Read::skipped("dhis2-why-nothing-said"));
        }
        let golden = store.golden(person).await?;
        let place = store.workplace(golden, ended).await?;
        let message = self.text_of(person, ended, &answers, mapping).await?;
        let period = self.period(mapping, &answers, ended).await?;
        let day = self.day(ended).await?;
        content.occurred = day.to_string();
        let unit = match place {
            Some(place) => self.unit_of(map, mapping, place).await?,
            None => None,
        };
        let (state, answer) = match (&place, &unit, &period) {
            (None, ..) => ("refused", Some(Answer::why("dhis2-why-no-place", ""))),
            (_, None, _) => ("refused", Some(Answer::why("dhis2-why-no-unit", ""))),
            (.., None) => {
                let said = mapping.period_result.as_deref().and_then(find).map(|own| own.value.clone());
                ("refused", Some(Answer::why("dhis2-why-no-period", said.unwrap_or_default())))
            }
            _ if content.values.is_empty() => ("conflict", None),
            _ if mapping.approval => ("approval", None),
            _ => ("ready", None),
        };
        let (unit, period) = (unit.unwrap_or_default(), period.unwrap_or_default());
        Ok(Read { place, message, unit, period, content, state, answer })
    }

    /// The text that a report came by: the last one in which the first of its answers stands, else the last one.
    async fn text_of(
        &self,
        person: PersonId,
        ended: i64,
        answers: &[RunAnswer],
        mapping: &Mapping,
    ) -> Result<Option<MessageId>, Dhis2Error> {
        let texts = self.app.store().texts_from(person, ended, TEXTS_MAX).await?;
        let mapped = mapping.elements.iter().filter_map(|own| answers.iter().find(|answer| answer.key == own.result));
        let said = mapped.filter_map(|answer| answer.input.as_deref()).map(fold).find(|said| !said.is_empty());
        let has = |text: &str| said.as_deref().is_some_and(|said| fold(text) == said || fold(text).contains(said));
        let found = texts.iter().find(|one| one.text.as_deref().is_some_and(has));
        Ok(found.or(texts.first()).map(|one| one.id))
    }

    /// The id of a place in DHIS2.
    async fn unit_of(&self, map: &HmisMap, mapping: &Mapping, place: PlaceId) -> Result<Option<String>, Dhis2Error> {
        let store = self.app.store();
        Ok(match &mapping.unit_system {
            Some(system) => store.place_id_in(place, system).await?,
            None => store.place_id_at(place, map.source).await?,
        })
    }

    async fn day(&self, at: i64) -> Result<jiff::civil::Date, Dhis2Error> {
        let facts = self.app.facts_cached().await?;
        let zone = TimeZone::get(&facts.zone).unwrap_or(TimeZone::UTC);
        Ok(Timestamp::from_microsecond(at).unwrap_or_default().to_zoned(zone).date())
    }

    /// The period that the answers say, else the one by the day.
    async fn period(&self, mapping: &Mapping, answers: &[RunAnswer], ended: i64) -> Result<Option<String>, Dhis2Error> {
        let day = self.day(ended).await?;
        if mapping.kind == Kind::Event {
            // One event of a person and unit and run: nothing takes its place.
            return Ok(Some(format!("{day} {ended}")));
        }
        let kind = mapping.period_type();
        Ok(match &mapping.period_result {
            Some(key) => {
                let said = answers.iter().find(|answer| answer.key == *key);
                said.and_then(|answer| kind.said(&answer.value))
            }
            None => Some(match mapping.which {
                Which::Previous => kind.before(day),
                Which::Current => kind.with(day),
            }),
        })
    }
}
