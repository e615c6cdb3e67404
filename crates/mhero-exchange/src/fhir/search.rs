//! Searching, with what comes along.

use std::collections::BTreeSet;

use mhero_app::Caller;
use mhero_fhir::{
    Code, Issue,
    search::{Asked, Clause, Condition, Include, KeyValue, Query, Refused, Summary, Total, keys},
};
use mhero_store::{FhirPage, FhirResource, Snapshot};
use serde_json::Value;
use uuid::Uuid;

use super::{FhirError, FhirServer, PAGE_DEFAULT, PAGE_MAX, rights};
use crate::macm::texts::with_texts;

/// Resources that come along with a page at most.
const ALONG_MAX: usize = 2_000;
/// How often what came along brings more along.
const ROUNDS_MAX: usize = 8;

/// Why a resource is in the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It was searched for.
    Match,
    /// It comes along.
    Include,
}

/// A resource of an answer.
#[derive(Clone, Debug)]
pub struct Match {
    /// Why it is there.
    pub mode: Mode,
    /// Its kind.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// JSON.
    pub body: String,
}

/// The answer to a search.
#[derive(Clone, Debug)]
pub struct Results {
    /// The matches in order, then what comes along.
    pub resources: Vec<Match>,
    /// How many match in all, where it was counted.
    pub total: Option<i64>,
    /// The page after this one, for `_page`.
    pub next: Option<String>,
    /// What was understood.
    pub query: Query,
    /// What was not, where the client asked for that to be told only.
    pub ignored: Vec<Refused>,
}

/// Name and value of each parameter of a query string.
pub fn pairs(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

pub(super) fn borrowed(pairs: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}

/// Both spellings of the profiles of emNutt: its code wrote one, its clients ask for either.
const SPELLINGS: [&str; 2] =
    ["http://mhero.org/fhir/StructureDefinition/", "http://mHero.org/fhir/StructureDefinition/"];

/// Lets a profile be found by either spelling.
fn spelled(clause: &mut Clause) {
    let Condition::Uri(code, values) = &mut clause.condition else { return };
    if code != "_profile" {
        return;
    }
    let further: Vec<String> = values
        .iter()
        .filter_map(|value| SPELLINGS.iter().find_map(|start| value.strip_prefix(start)))
        .flat_map(|name| SPELLINGS.map(|start| format!("{start}{name}")))
        .collect();
    values.extend(further);
    values.sort();
    values.dedup();
}

impl FhirServer {
    /// What a search asks for.
    pub(super) fn asked(&self, kind: &str, pairs: &[(String, String)]) -> Asked {
        let mut asked = Query::read(&self.parameters, kind, borrowed(pairs), &self.base);
        asked.query.clauses.iter_mut().for_each(spelled);
        asked
    }

    /// Searches a kind. `lenient` is `Prefer: handling=lenient`: what is not known is told and left out; otherwise it is refused.
    ///
    /// # Errors
    /// [`FhirError::Refused`] for what is not understood, or what keeps this caller from reading.
    pub async fn search(
        &self,
        caller: &Caller,
        kind: &str,
        (parameters, lenient): (&[(String, String)], bool),
    ) -> Result<Results, FhirError> {
        rights::may_read(&self.parameters, caller, kind)?;
        let Asked { query, refused } = self.asked(kind, parameters);
        let issues: Vec<Issue> = refused
            .iter()
            .filter(|refused| !(lenient && refused.is_unknown))
            .map(|refused| {
                let code = if refused.is_unknown { Code::NotSupported } else { Code::Value };
                Issue::error(code, "", format!("{}: {}", refused.asked, refused.why))
            })
            .collect();
        if !issues.is_empty() {
            return Err(FhirError::Refused(issues));
        }
        if kind == crate::atna::KIND {
            return self.search_audit(caller, query, refused).await;
        }
        let page = query.page.as_deref().map(|text| page_of(text, query.sort.len())).transpose()?;
        let now = self.app.clock().now_micros();
        let mut snapshot = self.app.store().snapshot().await?;
        let is_counted = query.total == Total::Accurate || query.summary == Summary::Count;
        let total = if is_counted { Some(snapshot.count_fhir(&caller.scope, &query, now).await?) } else { None };
        let count = query.count.unwrap_or(PAGE_DEFAULT).min(PAGE_MAX);
        if count == 0 || query.summary == Summary::Count {
            return Ok(Results { resources: Vec::new(), total, next: None, query, ignored: refused });
        }
        let found = snapshot.search_fhir(&caller.scope, &query, page.as_ref(), (count, now)).await?;
        let along = self.along(caller, &mut snapshot, &query, &found.resources).await?;
        let as_match = |mode| move |one: FhirResource| Match { mode, kind: one.kind, id: one.id, body: one.body };
        let mut resources: Vec<Match> = found
            .resources
            .into_iter()
            .map(as_match(Mode::Match))
            .chain(along.into_iter().map(as_match(Mode::Include)))
            .collect();
        for one in &mut resources {
            one.body = with_texts(&self.app, std::mem::take(&mut one.body)).await?;
        }
        Ok(Results { resources, total, next: found.next.as_ref().map(written), query, ignored: refused })
    }

    /// What comes along with matches: what they refer to, and what refers to them.
    async fn along(
        &self,
        caller: &Caller,
        snapshot: &mut Snapshot,
        query: &Query,
        matches: &[FhirResource],
    ) -> Result<Vec<FhirResource>, FhirError> {
        let name = |one: &FhirResource| (one.kind.clone(), one.id.clone());
        let mut seen: BTreeSet<(String, String)> = matches.iter().map(name).collect();
        let mut along: Vec<FhirResource> = Vec::new();
        let mut fresh: Vec<FhirResource> = matches.to_vec();
        for round in 0..ROUNDS_MAX {
            let mut more = Vec::new();
            for include in query.includes.iter().filter(|include| round == 0 || include.is_iterated) {
                more.extend(self.referred(caller, snapshot, include, &fresh).await?);
            }
            for include in query.revincludes.iter().filter(|include| round == 0 || include.is_iterated) {
                more.extend(self.referring(caller, snapshot, include, &fresh).await?);
            }
            more.retain(|one| seen.insert(name(one)));
            if more.is_empty() || along.len() >= ALONG_MAX {
                break;
            }
            along.extend(more.iter().cloned());
            fresh = more;
        }
        along.truncate(ALONG_MAX);
        Ok(along)
    }

    /// What some resources refer to by a parameter.
    async fn referred(
        &self,
        caller: &Caller,
        snapshot: &mut Snapshot,
        include: &Include,
        from: &[FhirResource],
    ) -> Result<Vec<FhirResource>, FhirError> {
        let mut wanted: BTreeSet<(String, String)> = BTreeSet::new();
        for one in from.iter().filter(|one| one.kind == include.kind) {
            let resource: Value = serde_json::from_str(&one.body).unwrap_or_default();
            for key in keys(&self.parameters, &resource, &self.base) {
                let KeyValue::Reference { kind, id } = key.value else { continue };
                let is_meant = include.code.as_ref().is_none_or(|code| *code == key.code)
                    && include.to.as_ref().is_none_or(|to| *to == kind)
                    && self.parameters.has_kind(&kind);
                if is_meant {
                    wanted.insert((kind, id));
                }
            }
        }
        let mut found = Vec::new();
        let kinds: BTreeSet<&String> = wanted.iter().map(|(kind, _)| kind).collect();
        for kind in kinds {
            // What the caller may not read does not come along.
            if rights::may_read(&self.parameters, caller, kind).is_err() {
                continue;
            }
            let ids: Vec<String> = wanted.iter().filter(|(of, _)| of == kind).map(|(_, id)| id.clone()).collect();
            found.extend(snapshot.fhir_by_ids(&caller.scope, kind, &ids).await?);
        }
        Ok(found)
    }

    /// What refers to some resources by a parameter.
    async fn referring(
        &self,
        caller: &Caller,
        snapshot: &mut Snapshot,
        include: &Include,
        to: &[FhirResource],
    ) -> Result<Vec<FhirResource>, FhirError> {
        if rights::may_read(&self.parameters, caller, &include.kind).is_err() {
            return Ok(Vec::new());
        }
        let named: Vec<(String, String)> = to
            .iter()
            .filter(|one| include.to.as_ref().is_none_or(|to| *to == one.kind))
            .map(|one| (one.kind.clone(), one.id.clone()))
            .collect();
        if named.is_empty() {
            return Ok(Vec::new());
        }
        let codes: Vec<String> = match &include.code {
            Some(code) => vec![code.clone()],
            None => {
                let all = self.parameters.of(&include.kind).into_iter();
                all.filter(|one| one.kind == mhero_fhir::search::Kind::Reference).map(|one| one.code.clone()).collect()
            }
        };
        let mut found = Vec::new();
        for code in codes {
            let some = snapshot.fhir_referring(&caller.scope, (&include.kind, &code), &named, ALONG_MAX).await?;
            found.extend(some);
        }
        Ok(found)
    }
}

/// A page as a link carries it: the last resource, and what it was sorted by.
fn written(page: &FhirPage) -> String {
    let mut text = page.resource.simple().to_string();
    for value in &page.after {
        text.push('.');
        text.extend(value.bytes().map(|byte| format!("{byte:02x}")));
    }
    text
}

fn page_of(text: &str, levels: usize) -> Result<FhirPage, FhirError> {
    let wrong =
        || FhirError::refused(Code::Value, "", "_page is what the link to the next page carries: follow it as it is");
    let mut parts = text.split('.');
    let resource = parts.next().and_then(|id| Uuid::try_parse(id).ok()).ok_or_else(wrong)?;
    let after: Vec<String> = parts.map(|part| unhexed(part).ok_or_else(wrong)).collect::<Result<_, _>>()?;
    if after.len() == levels { Ok(FhirPage { after, resource }) } else { Err(wrong()) }
}

fn unhexed(text: &str) -> Option<String> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    let bytes = (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok());
    String::from_utf8(bytes.collect::<Option<Vec<u8>>>()?).ok()
}
