//! Sending reports, one after the other, and judging what comes back.

use jiff::{SignedDuration, Timestamp};
use mhero_app::ports::{Delivered, Delivery};
use mhero_store::{HmisMap, HmisReport, Queue, StoreError, Unit};
use mhero_wire::dhis2::{EventOut, ValueSet, Verdict, uid_of};

use super::{Answer, Content, Dhis2Error, Format, Kind, Mapping, Reports, mapping::FALLBACK};

/// Reports sent in one pass: a national server is fragile.
const SENT_MAX: i64 = 20;
/// The first wait after a failure; it doubles with each further one.
const AGAIN_FIRST: SignedDuration = SignedDuration::from_secs(60);
/// The longest wait.
const AGAIN_MAX: SignedDuration = SignedDuration::from_hours(1);
/// Doublings until the longest wait is reached.
const DOUBLINGS_MAX: i64 = 6;
/// Texts among which the one is sought whose number is answered.
const TEXTS_MAX: i64 = 20;

/// What became of a report.
struct Judged {
    state: &'static str,
    next: Option<SignedDuration>,
    answer: Answer,
}

impl Reports {
    /// Sends the reports that are due.
    pub(super) async fn send_due(&self, maps: &[HmisMap]) -> Result<usize, Dhis2Error> {
        let due = self.app.store().hmis_due(self.app.clock().now_micros(), SENT_MAX).await?;
        for report in &due {
            let map = maps.iter().find(|map| map.id == report.map);
            let mapping = map.and_then(|map| serde_json::from_str::<Mapping>(&map.config).ok());
            let judged = match (map, &mapping) {
                (Some(map), Some(mapping)) => self.send(map, mapping, report).await,
                _ => Judged { state: "refused", next: None, answer: Answer::why("dhis2-why-no-mapping", "") },
            };
            self.write_judged(report, mapping.as_ref(), &judged).await?;
        }
        Ok(due.len())
    }

    /// Hands one report over. The same report gives the same request each time, so that repeating it changes nothing there.
    async fn send(&self, map: &HmisMap, mapping: &Mapping, report: &HmisReport) -> Judged {
        let attempts = report.attempts.clamp(0, DOUBLINGS_MAX);
        let wait = (AGAIN_FIRST * (1_i32 << i32::try_from(attempts).unwrap_or(0))).min(AGAIN_MAX);
        let again =
            |why: &str, detail: String| Judged { state: "ready", next: Some(wait), answer: Answer::why(why, detail) };
        let Ok(content) = serde_json::from_str::<Content>(&report.content) else {
            return Judged { state: "refused", next: None, answer: Answer::why("dhis2-why-no-mapping", "") };
        };
        let Some(delivery) = delivery(mapping, report, &content) else {
            let answer = Answer::why("dhis2-why-no-period", report.period.clone());
            return Judged { state: "refused", next: None, answer };
        };
        let registry = match self.app.registry(map.source).await {
            Ok(registry) => registry,
            Err(error) => return again("dhis2-why-no-server", error.to_string()),
        };
        let Some(taker) = registry.report_taker() else {
            return again("dhis2-why-no-server", String::new());
        };
        let (status, body) = match self.app.on_journey(taker.take(&delivery)).await {
            Delivered::Answered { status, body } => (status, body),
            Delivered::Again { reason } => return again("dhis2-why-down", said(&reason)),
            Delivered::Refused { reason } => return again("dhis2-why-not-let-in", said(&reason)),
        };
        let verdict = match mapping.kind {
            Kind::Values => Verdict::of_values(&body),
            Kind::Event => Verdict::of_events(&body),
        };
        let Some(verdict) = verdict else { return again("dhis2-why-odd", format!("HTTP {status}")) };
        let is_fine = verdict.is_accepted() && content.problems.is_empty();
        let answer = Answer { verdict: Some(verdict), why: None, detail: String::new() };
        Judged { state: if is_fine { "accepted" } else { "conflict" }, next: None, answer }
    }

    async fn write_judged(
        &self,
        report: &HmisReport,
        mapping: Option<&Mapping>,
        judged: &Judged,
    ) -> Result<(), Dhis2Error> {
        let now = self.app.clock().now();
        let next = judged.next.map(|wait| (now + wait).as_microsecond());
        let mut unit = Unit::new();
        unit.hmis_sent(report, (judged.state, next, &judged.answer.json()), now.as_microsecond());
        if judged.state == "conflict" && mapping.is_some_and(|mapping| mapping.tell) {
            self.tell_worker(&mut unit, report, judged).await?;
        }
        match self.app.store().write(unit, Queue::Interactive).await {
            // Somebody decided about it, or a newer one took its place, while it was under way: the next pass reads again. What
            // was sent is the same however often it is sent.
            Err(StoreError::Guard { .. }) => {}
            other => drop(other?),
        }
        self.app.wake();
        Ok(())
    }

    /// Tells the worker by SMS what was not accepted, so that they can send it again.
    async fn tell_worker(&self, unit: &mut Unit, report: &HmisReport, judged: &Judged) -> Result<(), Dhis2Error> {
        let texts = self.app.store().texts_from(report.person, report.reported_at, TEXTS_MAX).await?;
        let text = texts.iter().find(|text| Some(text.id) == report.message).or(texts.first());
        let Some(text) = text else { return Ok(()) };
        let number = (text.number.0.as_str(), text.number.1.as_str());
        let holders = self.app.store().holders(number.0, number.1).await?;
        let language = holders.iter().find(|own| own.person == report.person).and_then(|own| own.language);
        let language = language.unwrap_or(FALLBACK);
        let content: Content = serde_json::from_str(&report.content).unwrap_or_default();
        let conflict = judged.answer.verdict.as_ref().and_then(|verdict| verdict.conflicts.first());
        let (what, words) = match (conflict, content.problems.first()) {
            (Some(conflict), _) => {
                let value = conflict.values.first().and_then(|at| content.values.get(*at)).or_else(|| {
                    content.values.iter().find(|value| !conflict.object.is_empty() && value.element == conflict.object)
                });
                (value.map(|value| value.result.clone()).unwrap_or_default(), conflict.words.clone())
            }
            (None, Some((result, _, right))) => (result.clone(), right.clone()),
            (None, None) => Default::default(),
        };
        let args = [
            ("period", report.period.clone()),
            ("what", what.to_uppercase()),
            ("words", words.chars().take(70).collect()),
        ];
        let said = self.app.words().say(language, "dhis2-sms-conflict", &args);
        let key = format!("hmis/{}/{}", report.id, report.attempts);
        super::gateway::add_text(&self.app, unit, (report.person, number), (&said, language), &key, report.message);
        Ok(())
    }
}

/// What a reason says, without the words of a language: its key and what belongs to it.
fn said(reason: &mhero_core::record::Reason) -> String {
    let args: Vec<&str> = reason.args.iter().map(|(_, value)| value.as_str()).collect();
    args.join(" · ").chars().take(200).collect()
}

/// A report as DHIS2 takes it. `None` where its period is none of the mapping's type.
fn delivery(mapping: &Mapping, report: &HmisReport, content: &Content) -> Option<Delivery> {
    let scheme = mapping.scheme.as_str().to_owned();
    let unit_scheme = mapping.unit_scheme.as_str().to_owned();
    // The strategy is always said: documentation and servers disagree about what is taken for granted.
    let mut query = vec![("importStrategy", "CREATE_AND_UPDATE".to_owned()), ("async", "false".to_owned())];
    if mapping.kind == Kind::Event {
        query.extend([
            ("importMode", "COMMIT".to_owned()),
            ("atomicMode", "ALL".to_owned()),
            ("reportMode", "ERRORS".to_owned()),
            ("idScheme", scheme),
            ("orgUnitIdScheme", unit_scheme),
        ]);
        // Made of the run, so that it is one event however often it is sent.
        let id = uid_of(report.run.uuid().as_bytes());
        let event = EventOut {
            id: &id,
            program: &mapping.program,
            stage: &mapping.stage,
            unit: &report.unit,
            occurred: &content.occurred,
            values: &content.values,
        };
        let body = event.to_json().to_string();
        return Some(Delivery { path: "tracker".to_owned(), query, content_type: "application/json", body });
    }
    query.extend([
        ("dataSetIdScheme", scheme.clone()),
        ("dataElementIdScheme", scheme.clone()),
        ("categoryOptionComboIdScheme", scheme),
        ("orgUnitIdScheme", unit_scheme),
    ]);
    let complete = mapping.complete.then_some(content.occurred.as_str());
    let set = ValueSet {
        data_set: &mapping.data_set,
        unit: &report.unit,
        period: &report.period,
        attribute_combo: mapping.attribute_combo.as_deref(),
        complete,
        values: &content.values,
    };
    let path = "dataValueSets".to_owned();
    Some(match mapping.format {
        Format::Json => Delivery { path, query, content_type: "application/json", body: set.to_json().to_string() },
        Format::Adx => {
            let exported = Timestamp::from_microsecond(report.reported_at).unwrap_or_default();
            let body = set.to_adx(mapping.period_type(), exported)?;
            Delivery { path, query, content_type: "application/adx+xml", body }
        }
    })
}
