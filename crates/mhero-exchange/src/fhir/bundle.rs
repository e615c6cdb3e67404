//! Many requests in one: each by itself, or all or none.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mhero_app::Caller;
use mhero_fhir::{
    Code, Issue,
    bundle::{Method, Read, Request, Together, in_order, open_references, read, resolve},
};
use mhero_store::{Queue, Unit};
use serde_json::Value;

use super::{Done, ENTRIES_MAX, FhirError, FhirServer, Results, Version, Write, named, search::pairs};

/// What an entry became.
#[derive(Debug)]
pub enum Answer {
    /// It was written.
    Done(Done),
    /// It was read.
    Read(Version),
    /// It was searched for.
    Found(Results),
    /// It was refused; in a transaction nothing is, or all.
    Failed(FhirError),
}

/// The version that `W/"3"` names.
fn version_of(tag: Option<&str>) -> Result<Option<i64>, FhirError> {
    let Some(tag) = tag else { return Ok(None) };
    let number = tag.trim().trim_start_matches("W/").trim_matches('"').parse();
    number
        .map(Some)
        .map_err(|_| FhirError::refused(Code::Value, "", format!("“{tag}” is no ETag of this server: W/\"3\"")))
}

fn as_write(request: &Request, resource: Option<Value>) -> Result<Write, FhirError> {
    let (kind, id) = (request.kind.clone(), request.id.clone().unwrap_or_default());
    let if_match = version_of(request.if_match.as_deref())?;
    let resource = resource.unwrap_or_default();
    Ok(match (request.method, &request.query) {
        (Method::Post, _) => Write::Create { resource, unless: request.if_none_exist.clone() },
        (Method::Put, Some(condition)) if id.is_empty() => {
            Write::UpdateWhere { resource, condition: condition.clone() }
        }
        (Method::Put, _) => Write::Update { resource, if_match },
        (Method::Patch, _) if !id.is_empty() => Write::Patch { kind, id, patch: patch_of(resource)?, if_match },
        (Method::Delete, _) if !id.is_empty() => Write::Delete { kind, id, if_match },
        (Method::Patch | Method::Delete | Method::Get, _) => {
            let said = "a condition in the place of an id is offered for PUT only";
            return Err(FhirError::refused(
                Code::NotSupported,
                format!("Bundle.entry[{}].request.url", request.at),
                said,
            ));
        }
    })
}

/// The patch within a bundle: a `Binary` with JSON Patch in it.
fn patch_of(resource: Value) -> Result<Value, FhirError> {
    if resource["resourceType"] != "Binary" {
        return Ok(resource);
    }
    let wrong = || FhirError::refused(Code::Structure, "Binary.data", "a patch comes as JSON Patch, in base64");
    let data = resource["data"].as_str().ok_or_else(wrong)?;
    let bytes = STANDARD.decode(data).map_err(|_| wrong())?;
    serde_json::from_slice(&bytes).map_err(|_| wrong())
}

/// Puts the place of an entry before what is wrong with it.
fn at_entry(error: FhirError, at: usize) -> FhirError {
    let FhirError::Refused(issues) = error else { return error };
    let placed = issues.into_iter().map(|issue| {
        let place = format!("Bundle.entry[{at}].resource");
        let inner = issue.expression.split_once('.').map_or("", |(_, rest)| rest);
        let expression = if inner.is_empty() { place } else { format!("{place}.{inner}") };
        Issue { expression, ..issue }
    });
    FhirError::Refused(placed.collect())
}

impl FhirServer {
    /// Does what a bundle asks for. The answers stand in the order of its entries.
    ///
    /// # Errors
    /// For a transaction, whatever keeps one entry from being done: then none is. For a batch, only what keeps it from being
    /// begun.
    pub async fn bundle(&self, caller: &Caller, bundle: &Value) -> Result<(Together, Vec<Answer>), FhirError> {
        let Read { together, requests, refused } = read(bundle, &self.base, ENTRIES_MAX).map_err(FhirError::Refused)?;
        let answers = match together {
            Together::Batch => {
                let failed = |issue| Answer::Failed(FhirError::Refused(vec![issue]));
                let mut answers: Vec<(usize, Answer)> =
                    refused.into_iter().map(|(at, issue)| (at, failed(issue))).collect();
                for request in &requests {
                    let answer = self.alone(caller, request).await.unwrap_or_else(Answer::Failed);
                    answers.push((request.at, answer));
                }
                answers.sort_by_key(|(at, _)| *at);
                answers.into_iter().map(|(_, answer)| answer).collect()
            }
            Together::Transaction => self.transaction(caller, &requests).await?,
        };
        Ok((together, answers))
    }

    async fn alone(&self, caller: &Caller, request: &Request) -> Result<Answer, FhirError> {
        if request.method == Method::Get {
            return self.get(caller, request).await;
        }
        let write = as_write(request, request.resource.clone())?;
        self.write(caller, &write).await.map(Answer::Done).map_err(|error| at_entry(error, request.at))
    }

    async fn get(&self, caller: &Caller, request: &Request) -> Result<Answer, FhirError> {
        let kind = &request.kind;
        let is_operation = |step: &str| step.starts_with(['_', '$']);
        let is_elsewhere = kind.is_empty()
            || kind == "metadata"
            || request.id.as_deref().is_some_and(is_operation)
            || (!request.rest.is_empty() && !request.rest.starts_with("_history/"));
        if is_elsewhere {
            let place = format!("Bundle.entry[{}].request.url", request.at);
            let said = "within a bundle a resource, a version of one, or a search can be read: ask for this by itself";
            return Err(FhirError::refused(Code::NotSupported, place, said));
        }
        match (&request.id, request.rest.strip_prefix("_history/").and_then(|number| number.parse().ok())) {
            (None, _) => {
                let asked = pairs(request.query.as_deref().unwrap_or_default());
                self.search(caller, kind, (&asked, false)).await.map(Answer::Found)
            }
            (Some(id), Some(number)) => self.read_version(caller, (kind, id), number).await.map(Answer::Read),
            (Some(id), None) => self.read(caller, kind, id).await.map(Answer::Read),
        }
    }

    async fn transaction(&self, caller: &Caller, requests: &[Request]) -> Result<Vec<Answer>, FhirError> {
        let once = || async {
            let became = self.names(caller, requests).await?;
            let (mut unit, now) = (Unit::new(), self.app.clock().now());
            let mut answers: Vec<(usize, Answer)> = Vec::with_capacity(requests.len());
            for request in in_order(requests).into_iter().filter(|request| request.method != Method::Get) {
                let mut resource = request.resource.clone();
                if let Some(resource) = &mut resource {
                    resolve(resource, &became);
                    self.close(caller, resource, request.at).await?;
                }
                let assigned = request.full_url.as_ref().and_then(|url| became.get(url));
                let assigned = assigned.and_then(|name| name.split_once('/')).map(|(_, id)| id.to_owned());
                let write = as_write(request, resource)?;
                let plan = self.plan(caller, write, assigned).await.map_err(|error| at_entry(error, request.at))?;
                answers.push((request.at, Answer::Done(self.carry_out(&mut unit, plan, now))));
            }
            if !unit.is_empty() {
                self.app.store().write(unit, Queue::Interactive).await?;
            }
            Ok::<_, FhirError>(answers)
        };
        let mut answers = self.app.store().decide(once).await?;
        for request in requests.iter().filter(|request| request.method == Method::Get) {
            answers.push((request.at, self.get(caller, request).await?));
        }
        answers.sort_by_key(|(at, _)| *at);
        Ok(answers.into_iter().map(|(_, answer)| answer).collect())
    }

    /// What each entry that others may refer to will be called.
    async fn names(&self, caller: &Caller, requests: &[Request]) -> Result<HashMap<String, String>, FhirError> {
        let mut became = HashMap::new();
        for request in requests {
            let Some(url) = &request.full_url else { continue };
            let kind = &request.kind;
            let condition = match request.method {
                Method::Post => request.if_none_exist.as_ref(),
                Method::Put if request.id.is_none() => request.query.as_ref(),
                Method::Put => None,
                Method::Delete | Method::Patch | Method::Get => continue,
            };
            let found = match condition {
                Some(condition) => self.the_one(caller, kind, condition).await?.map(|found| found.id),
                None => request.id.clone().filter(|_| request.method == Method::Put),
            };
            let said =
                || request.resource.as_ref().map(|resource| named(resource).1.to_owned()).filter(|id| !id.is_empty());
            let id = match (found, request.method) {
                (Some(id), _) => id,
                (None, Method::Put) => said().unwrap_or_else(|| self.app.store().mint().uuid().to_string()),
                (None, _) => self.app.store().mint().uuid().to_string(),
            };
            became.insert(url.clone(), format!("{kind}/{id}"));
        }
        Ok(became)
    }

    /// Resolves the references that name a condition; one that leads nowhere refuses the transaction.
    async fn close(&self, caller: &Caller, resource: &mut Value, at: usize) -> Result<(), FhirError> {
        let mut became = HashMap::new();
        for open in open_references(resource) {
            let place = format!("Bundle.entry[{at}].resource");
            let Some((kind, condition)) = open.split_once('?') else {
                let said = format!("“{open}” names no entry of this bundle");
                return Err(FhirError::refused(Code::Value, place, said));
            };
            match self.the_one(caller, kind, condition).await? {
                Some(found) => became.insert(open.clone(), format!("{kind}/{}", found.id)),
                None => return Err(FhirError::refused(Code::Value, place, format!("“{open}” finds nothing"))),
            };
        }
        resolve(resource, &became);
        Ok(())
    }
}
