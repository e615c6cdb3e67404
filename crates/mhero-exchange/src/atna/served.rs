//! Decisions of people as `AuditEvent` at `/fhir`: searched and read by those who may see the audit, written by nobody.
//!
//! The audit stands in a table of its own, not among the resources. What the table can choose it chooses; the rest of what is asked is
//! compared with each event.

use jiff::{SignedDuration, Timestamp};
use mhero_app::{
    Caller,
    rows::{AuditFilter, Audited},
};
use mhero_fhir::{
    Code,
    search::{Comparison, Condition, How, Query, Refused, Summary, Token, Total, keys},
};
use serde_json::Value;
use uuid::Uuid;

use super::{Event, audit_event, matching, send::SOURCE};
use crate::fhir::{FhirError, FhirServer, Match, Mode, PAGE_DEFAULT, PAGE_MAX, Results, Version};

/// The kind.
pub(crate) const KIND: &str = "AuditEvent";
/// Entries of the audit that are read at a time.
const CHUNK: i64 = 1_000;
/// Entries that are looked at for one page; the next page goes on from there.
const LOOKED_MAX: usize = 20_000;
/// Entries that are looked at for a total; a longer audit has none.
const COUNTED_MAX: usize = 100_000;
/// How far the time in an id and that of its entry may be apart.
const APART: SignedDuration = SignedDuration::from_secs(60);
/// Events are told to the millisecond, and kept to the microsecond.
const MILLI: SignedDuration = SignedDuration::from_millis(1);

/// What was found on the way through the audit.
struct Walk {
    found: Vec<(i64, Value)>,
    count: i64,
    /// The last entry that was looked at, where more stand before it.
    stopped: Option<i64>,
}

impl FhirServer {
    /// Searches the audit; the newest come first.
    pub(crate) async fn search_audit(
        &self,
        caller: &Caller,
        query: Query,
        ignored: Vec<Refused>,
    ) -> Result<Results, FhirError> {
        let conditions: Vec<&Condition> = query.clauses.iter().map(|clause| &clause.condition).collect();
        let is_by_time = |code: &str| matches!(code, "date" | "_lastUpdated");
        let wrong = if !query.includes.is_empty() || !query.revincludes.is_empty() {
            Some("nothing comes along with an AuditEvent")
        } else if query.sort.iter().any(|sort| !(is_by_time(&sort.code) && sort.is_descending)) {
            Some("an AuditEvent comes after those that are newer: _sort=-date")
        } else if !conditions.iter().all(|condition| matching::is_offered(condition)) {
            Some("an AuditEvent is not searched by chains, _has or near")
        } else {
            None
        };
        if let Some(wrong) = wrong {
            return Err(FhirError::refused(Code::NotSupported, "", wrong));
        }
        let page = query.page.as_deref().map(|page| page.parse::<i64>().map_err(|_| wrong_page())).transpose()?;
        let filter = chosen(&conditions);
        let total = if query.total == Total::Accurate || query.summary == Summary::Count {
            let walk = self.walk(caller, (&filter, &conditions), 0, COUNTED_MAX).await?;
            Some(walk.count).filter(|_| walk.stopped.is_none())
        } else {
            None
        };
        if query.summary == Summary::Count && total.is_none() {
            let said = "the audit is too long to be counted: narrow it by date";
            return Err(FhirError::refused(Code::TooCostly, "", said));
        }
        let count = query.count.unwrap_or(PAGE_DEFAULT).min(PAGE_MAX);
        if count == 0 || query.summary == Summary::Count {
            return Ok(Results { resources: Vec::new(), total, next: None, query, ignored });
        }
        let from = AuditFilter { before_entry: page, ..filter };
        let mut walk = self.walk(caller, (&from, &conditions), count + 1, LOOKED_MAX).await?;
        let has_more = walk.found.len() > count;
        walk.found.truncate(count);
        let next = if has_more { walk.found.last().map(|(entry, _)| *entry) } else { walk.stopped };
        let as_match = |(_, resource): (i64, Value)| Match {
            mode: Mode::Match,
            kind: KIND.to_owned(),
            id: resource["id"].as_str().unwrap_or_default().to_owned(),
            body: resource.to_string(),
        };
        let resources = walk.found.into_iter().map(as_match).collect();
        Ok(Results { resources, total, next: next.map(|entry| entry.to_string()), query, ignored })
    }

    /// One event.
    pub(crate) async fn read_audit(&self, caller: &Caller, id: &str) -> Result<Version, FhirError> {
        let missing = || FhirError::NotFound(format!("{KIND}/{id}"));
        // The id says when it was made, so that it is found by the index on times.
        let near = Uuid::try_parse(id).ok().as_ref().and_then(made_at).ok_or_else(missing)?;
        let filter = AuditFilter { since: Some(near - APART), until: Some(near + APART), ..AuditFilter::default() };
        let condition = Condition::Ids(vec![id.to_lowercase()]);
        let walk = self.walk(caller, (&filter, &[&condition]), 1, COUNTED_MAX).await?;
        let (_, resource) = walk.found.into_iter().next().ok_or_else(missing)?;
        let at = resource["recorded"].as_str().and_then(|at| at.parse().ok()).unwrap_or(near);
        Ok(Version {
            kind: KIND.to_owned(),
            id: id.to_lowercase(),
            version: 1,
            at,
            method: "POST".to_owned(),
            body: resource.to_string(),
        })
    }

    /// Goes through the audit, from the newest on, until so many are found, or so many looked at.
    async fn walk(
        &self,
        caller: &Caller,
        (filter, conditions): (&AuditFilter, &[&Condition]),
        wanted: usize,
        looked_max: usize,
    ) -> Result<Walk, FhirError> {
        let (mut walk, mut looked) = (Walk { found: Vec::new(), count: 0, stopped: None }, 0);
        let (mut filter, now) = (filter.clone(), self.app.clock().now_micros());
        loop {
            let chunk = self.app.audit_log(caller, &filter, CHUNK).await?;
            for decision in &chunk {
                let resource = self.shown(decision);
                let found = keys(self.parameters(), &resource, self.base());
                let one =
                    matching::One { id: resource["id"].as_str().unwrap_or_default(), at: decision.at, keys: &found };
                if conditions.iter().all(|condition| one.fulfils(condition, now)) {
                    walk.count += 1;
                    if walk.found.len() < wanted {
                        walk.found.push((decision.entry, resource));
                    }
                }
                if wanted > 0 && walk.found.len() == wanted {
                    return Ok(walk);
                }
            }
            looked += chunk.len();
            let Some(last) = chunk.last().filter(|_| i64::try_from(chunk.len()) == Ok(CHUNK)) else { return Ok(walk) };
            filter.before_entry = Some(last.entry);
            if looked >= looked_max {
                walk.stopped = Some(last.entry);
                return Ok(walk);
            }
        }
    }

    fn shown(&self, decision: &Audited) -> Value {
        let mut resource = audit_event(&Event::of_decision(decision), SOURCE);
        resource["meta"] = serde_json::json!({ "versionId": "1", "lastUpdated": resource["recorded"] });
        resource
    }
}

fn wrong_page() -> FhirError {
    FhirError::refused(Code::Value, "", "_page is what the link to the next page carries: follow it as it is")
}

/// When an id of version 7 was made (RFC 9562, 5.7).
fn made_at(id: &Uuid) -> Option<Timestamp> {
    if id.get_version_num() != 7 {
        return None;
    }
    Timestamp::from_millisecond(i64::try_from(id.as_u128() >> 80).ok()?).ok()
}

/// What of the conditions the table can choose by. It may choose more than is meant, never less.
fn chosen(conditions: &[&Condition]) -> AuditFilter {
    let mut filter = AuditFilter::default();
    let only = |tokens: &[Token]| match tokens {
        [token] => token.code.clone(),
        _ => None,
    };
    for condition in conditions {
        match condition {
            Condition::Date(_, comparisons) | Condition::Updated(comparisons) => {
                if let [comparison] = comparisons.as_slice() {
                    narrow(&mut filter, comparison);
                }
            }
            Condition::Token(code, tokens) if code == "subtype" => {
                filter.action = filter.action.take().or_else(|| only(tokens));
            }
            Condition::ReferenceIdentifier(code, tokens) => {
                let id = only(tokens).and_then(|id| Uuid::try_parse(&id).ok());
                match code.as_str() {
                    "agent" => filter.actor = filter.actor.or(id),
                    "entity" => filter.about = filter.about.or(id),
                    _ => {}
                }
            }
            Condition::Reference(code, references) => {
                let [reference] = references.as_slice() else { continue };
                let id = Uuid::try_parse(&reference.id).ok();
                match code.as_str() {
                    "agent" => filter.actor = filter.actor.or(id),
                    "entity" => filter.about = filter.about.or(id),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    filter
}

fn narrow(filter: &mut AuditFilter, comparison: &Comparison) {
    let at = |micros: i64| Timestamp::from_microsecond(micros).ok();
    let (from, until) = (at(comparison.with.from), at(comparison.with.until));
    let since = match comparison.how {
        How::Equal | How::GreaterOrEqual => from,
        How::Greater | How::StartsAfter => until,
        _ => None,
    };
    let before = match comparison.how {
        How::Equal | How::LessOrEqual => until,
        How::Less | How::EndsBefore => from,
        _ => None,
    };
    let since = since.and_then(|since| since.checked_sub(MILLI).ok());
    let before = before.and_then(|before| before.checked_add(MILLI).ok());
    filter.since = filter.since.max(since);
    filter.until = match (filter.until, before) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
}
