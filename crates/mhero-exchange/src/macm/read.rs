//! What a CommunicationRequest asks for: the words, the flows, to whom, how urgently, when. IHE's mACM (ITI-84) and the shapes that
//! emNutt took, in both spellings of their addresses.

use jiff::{Timestamp, civil, tz::TimeZone};
use mhero_core::{Lane, Lang};
use mhero_fhir::{Code, Issue};
use serde_json::Value;

/// Recipients that one request names at most: iHRIS sends ten thousand at once.
pub(crate) const RECIPIENTS_MAX: usize = 20_000;
/// Payloads that one request has at most.
const PAYLOADS_MAX: usize = 20;
/// What the addresses of emNutt's profiles and extensions begin with, in small letters.
const EMNUTT: &str = "http://mhero.org/fhir/structuredefinition/";

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Texts by language; `None` for the installation's first.
    pub(crate) texts: Vec<(Option<Lang>, String)>,
    /// Ids of flows, each with where it stands.
    pub(crate) flows: Vec<(String, String)>,
    /// Whom, each with where it stands.
    pub(crate) recipients: Vec<(String, Whom)>,
    /// How urgently.
    pub(crate) lane: Lane,
    /// When.
    pub(crate) when: When,
    /// When what has not left is no longer worth sending.
    pub(crate) until: Option<Timestamp>,
    /// Whether it follows emNutt's profile: then it is shown for each recipient as well.
    pub(crate) is_emnutt: bool,
}

/// A recipient as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Whom {
    /// Kind and id of something here.
    Named(String, String),
    /// A phone number of a contained person.
    Phone(String),
    /// References of a contained group or team.
    Members(Vec<String>),
}

/// When something is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// At once.
    Now,
    /// At a time.
    At(Timestamp),
    /// Again and again, by a cron expression.
    Again(String),
}

/// Whether the address of a profile or extension is one of emNutt's, by the last part of it, in either spelling.
pub(crate) fn is_emnutt(url: &str, name: &str) -> bool {
    let url = url.to_ascii_lowercase();
    url.strip_prefix(EMNUTT) == Some(&name.to_ascii_lowercase())
}

/// An extension of emNutt's by the last part of its address.
pub(crate) fn extension<'a>(of: &'a Value, name: &str) -> Option<&'a Value> {
    let all = of["extension"].as_array()?;
    all.iter().find(|one| one["url"].as_str().is_some_and(|url| is_emnutt(url, name)))
}

/// What stands within an extension under a name, whatever its type.
pub(crate) fn within<'a>(extension: &'a Value, name: &str) -> Option<&'a Value> {
    let one = extension["extension"].as_array()?.iter().find(|one| one["url"] == name)?;
    one.as_object()?.iter().find(|(key, _)| key.starts_with("value")).map(|(_, value)| value)
}

/// Whether a resource follows a profile of emNutt's.
pub(crate) fn has_profile(resource: &Value, name: &str) -> bool {
    let all = resource["meta"]["profile"].as_array();
    all.is_some_and(|all| all.iter().filter_map(Value::as_str).any(|url| is_emnutt(url, name)))
}

/// Reads what a request asks for. `zone` is that of times without one.
///
/// # Errors
/// Everything that is wrong with it, each with its place.
pub(crate) fn read(resource: &Value, zone: &TimeZone, now: Timestamp) -> Result<Asked, Vec<Issue>> {
    let mut issues = Vec::new();
    let (texts, flows) = payloads(resource, &mut issues);
    let recipients = recipients(resource, &mut issues);
    let when = when(resource, zone, now).map_err(|issue| issues.push(issue)).unwrap_or(When::Now);
    let until = resource["occurrencePeriod"]["end"].as_str().and_then(|text| moment(text, zone));
    if until.is_some_and(|until| until <= now) {
        issues.push(Issue::error(
            Code::BusinessRule,
            "CommunicationRequest.occurrencePeriod.end",
            "this time is over: nothing would be sent; choose a later end",
        ));
    }
    if !issues.is_empty() {
        return Err(issues);
    }
    let lane = match resource["priority"].as_str() {
        Some("stat") => Lane::Alert,
        Some("asap" | "urgent") => Lane::Normal,
        _ => Lane::Bulk,
    };
    let is_emnutt = has_profile(resource, "mhero-communication-request");
    Ok(Asked { texts, flows, recipients, lane, when, until, is_emnutt })
}

type Payloads = (Vec<(Option<Lang>, String)>, Vec<(String, String)>);

/// The texts and flows. A plain text attachment of mACM says it in a language by its title; then further texts are only kept. Of
/// several plain texts the last counts, as it did with emNutt.
fn payloads(resource: &Value, issues: &mut Vec<Issue>) -> Payloads {
    let (mut titled, mut plain, mut flows) = (Vec::new(), None, Vec::new());
    let all = resource["payload"].as_array().map(Vec::as_slice).unwrap_or_default();
    for (at, payload) in all.iter().take(PAYLOADS_MAX).enumerate() {
        let place = format!("CommunicationRequest.payload[{at}]");
        if let Some(text) = payload["contentString"].as_str().filter(|text| !text.trim().is_empty()) {
            plain = Some(text.to_owned());
        }
        if let Some(reference) = payload["contentReference"]["reference"].as_str() {
            let mut steps = reference.rsplit('/');
            match (steps.next(), steps.next()) {
                (Some(id), Some("Basic" | "PlanDefinition" | "Questionnaire")) => flows.push((place, id.to_owned())),
                _ => issues.push(Issue::error(
                    Code::Value,
                    format!("{place}.contentReference"),
                    "a flow is named as Basic/ID; GET Basic?code=mHeroWorkflows lists them",
                )),
            }
        } else if payload["contentAttachment"].is_object() {
            let attachment = &payload["contentAttachment"];
            let kind = attachment["contentType"].as_str().unwrap_or_default();
            let title = attachment["title"].as_str().unwrap_or_default().trim();
            if kind.split(';').next() == Some("text/plain") && !title.is_empty() {
                let language = attachment["language"].as_str().and_then(|code| code.parse().ok());
                titled.push((language, title.to_owned()));
            } else if let Some(url) = attachment["url"].as_str().filter(|url| uuid::Uuid::try_parse(url).is_ok()) {
                // Old clients of emNutt name a flow so.
                flows.push((place, url.to_owned()));
            } else {
                issues.push(Issue::error(
                    Code::NotSupported,
                    format!("{place}.contentAttachment"),
                    "only text goes to phones: contentType text/plain with the text as title, or contentString",
                ));
            }
        }
    }
    if all.len() > PAYLOADS_MAX {
        issues.push(Issue::error(Code::TooLong, "CommunicationRequest.payload", format!("at most {PAYLOADS_MAX}")));
    }
    let texts = if titled.is_empty() { plain.into_iter().map(|text| (None, text)).collect() } else { titled };
    if texts.is_empty() && flows.is_empty() && issues.is_empty() {
        let said = "there is nothing to send: a text as contentString or as the title of a text/plain contentAttachment, or a flow as contentReference to its Basic";
        issues.push(Issue::error(Code::Required, "CommunicationRequest.payload", said));
    }
    (texts, flows)
}

fn recipients(resource: &Value, issues: &mut Vec<Issue>) -> Vec<(String, Whom)> {
    let all = resource["recipient"].as_array().map(Vec::as_slice).unwrap_or_default();
    if all.is_empty() {
        let said = "to whom? Practitioner, PractitionerRole, Group, Organization, Location, CareTeam, or #id of a contained person";
        issues.push(Issue::error(Code::Required, "CommunicationRequest.recipient", said));
    }
    if all.len() > RECIPIENTS_MAX {
        let said =
            format!("{} recipients are more than {RECIPIENTS_MAX}: name a group, or send several requests", all.len());
        issues.push(Issue::error(Code::TooCostly, "CommunicationRequest.recipient", said));
        return Vec::new();
    }
    let mut found = Vec::with_capacity(all.len());
    for (at, one) in all.iter().enumerate() {
        let place = format!("CommunicationRequest.recipient[{at}]");
        let reference = one["reference"].as_str().unwrap_or_default();
        match named(resource, reference) {
            Some(whom) => found.push((place, whom)),
            None => {
                let shown: String = reference.chars().take(80).collect();
                let said = format!(
                    "“{shown}” names nobody: write Practitioner/ID, Group/ID, Location/ID, or #id of a contained person with a phone"
                );
                issues.push(Issue::error(Code::Value, place, said));
            }
        }
    }
    found
}

/// What a reference names, within the resource or here.
fn named(resource: &Value, reference: &str) -> Option<Whom> {
    if let Some(id) = reference.strip_prefix('#') {
        let contained = resource["contained"].as_array()?.iter().find(|one| one["id"] == id)?;
        return within_resource(contained);
    }
    let mut steps = reference.rsplit('/');
    let (id, kind) = (steps.next()?, steps.next()?);
    (!id.is_empty()).then(|| Whom::Named(kind.to_owned(), id.to_owned()))
}

fn within_resource(contained: &Value) -> Option<Whom> {
    let references = |list: &Value, of: &[&str]| -> Vec<String> {
        let all = list.as_array().into_iter().flatten();
        all.filter_map(|one| of.iter().fold(one, |at, step| &at[*step])["reference"].as_str().map(ToOwned::to_owned))
            .collect()
    };
    match contained["resourceType"].as_str()? {
        "Practitioner" | "Person" | "Patient" | "RelatedPerson" | "PractitionerRole" | "Organization" => {
            let phones = contained["telecom"].as_array().into_iter().flatten();
            let mut phones = phones.filter(|one| matches!(one["system"].as_str(), Some("phone" | "sms") | None));
            let number = phones.find_map(|one| one["value"].as_str())?;
            Some(Whom::Phone(number.trim_start_matches("tel:").to_owned()))
        }
        "Group" => Some(Whom::Members(references(&contained["member"], &["entity"]))),
        "CareTeam" => Some(Whom::Members(references(&contained["participant"], &["member"]))),
        _ => None,
    }
}

fn when(resource: &Value, zone: &TimeZone, now: Timestamp) -> Result<When, Issue> {
    if let Some(schedule) = extension(resource, "sms-cron-expression-schedule") {
        return scheduled(schedule, zone, now);
    }
    if resource["occurrenceTiming"].is_object() {
        let said = "a Timing is not read here: use occurrenceDateTime, occurrencePeriod, or mHero's schedule extension";
        return Err(Issue::error(Code::NotSupported, "CommunicationRequest.occurrenceTiming", said));
    }
    let text = resource["occurrenceDateTime"].as_str().or_else(|| resource["occurrencePeriod"]["start"].as_str());
    let Some(text) = text else { return Ok(When::Now) };
    let at = moment(text, zone).ok_or_else(|| {
        Issue::error(Code::Value, "CommunicationRequest.occurrence[x]", "a time is written 2026-05-14T16:00:00Z")
    })?;
    // Clients write the moment at which they ask.
    Ok(if at > now { When::At(at) } else { When::Now })
}

/// A schedule of emNutt's. One that is for once fires once: its expression has no year, and would come back every year.
fn scheduled(schedule: &Value, zone: &TimeZone, now: Timestamp) -> Result<When, Issue> {
    let text = |name: &str| within(schedule, name).and_then(Value::as_str).map(str::trim).unwrap_or_default();
    let cron = text("cronExpression");
    match (text("sendCategory"), text("frequency")) {
        ("now", "once" | "") => Ok(When::Now),
        (_, frequency) => {
            let next = next_firing(cron, now, zone).ok_or_else(|| {
                let shown: String = cron.chars().take(60).collect();
                let said = format!("“{shown}” is no cron expression of five fields that ever comes");
                Issue::error(Code::Value, "CommunicationRequest.extension.cronExpression", said)
            })?;
            Ok(if frequency == "recurring" { When::Again(cron.to_owned()) } else { When::At(next) })
        }
    }
}

/// When a cron expression comes next.
pub(crate) fn next_firing(cron: &str, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let pattern: croner::Cron = cron.parse().ok()?;
    let next = pattern.find_next_occurrence(&after.to_zoned(zone.clone()), false).ok()?;
    Some(next.timestamp())
}

/// A moment of FHIR; one without a zone, as iHRIS writes it, is in that of the installation, a day alone begins with its midnight.
pub(crate) fn moment(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let at: civil::DateTime =
        text.parse().ok().or_else(|| Some(text.parse::<civil::Date>().ok()?.to_datetime(civil::Time::midnight())))?;
    Some(at.to_zoned(zone.clone()).ok()?.timestamp())
}
