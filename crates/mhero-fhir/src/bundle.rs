//! Many requests in one: `batch` and `transaction`.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::{
    issue::{Code, Issue},
    primitive::is_id,
};

/// What becomes of the others when one fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Together {
    /// Each by itself: `batch`.
    Batch,
    /// All or none: `transaction`.
    Transaction,
}

/// What is done, in the order in which a transaction does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// Goes.
    Delete,
    /// Comes.
    Post,
    /// Is replaced, or comes.
    Put,
    /// Is changed in part.
    Patch,
    /// Is read.
    Get,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Which entry of the bundle it is; answers stand in the same order.
    pub at: usize,
    /// What is done.
    pub method: Method,
    /// The kind of resource; empty for a search over all, or the capabilities.
    pub kind: String,
    /// Which resource.
    pub id: Option<String>,
    /// What follows the id or kind in the address, `_history/2` say.
    pub rest: String,
    /// What stands after the question mark.
    pub query: Option<String>,
    /// What comes along.
    pub resource: Option<Value>,
    /// By what address other entries refer to it.
    pub full_url: Option<String>,
    /// `If-Match`.
    pub if_match: Option<String>,
    /// `If-None-Match`.
    pub if_none_match: Option<String>,
    /// `If-None-Exist`: a search.
    pub if_none_exist: Option<String>,
}

/// What a bundle asks for.
#[derive(Clone, Debug)]
pub struct Read {
    /// Together or each by itself.
    pub together: Together,
    /// What can be done, in the order of the entries.
    pub requests: Vec<Request>,
    /// Entries of a batch that say nothing which can be done, by their place: the others stand for themselves.
    pub refused: Vec<(usize, Issue)>,
}

/// Reads a bundle. `base` is the address of this server; `most` how many entries are taken.
///
/// # Errors
/// All that keeps it from being begun: none of it was done then.
pub fn read(bundle: &Value, base: &str, most: usize) -> Result<Read, Vec<Issue>> {
    let together = match bundle["type"].as_str() {
        Some("batch") => Together::Batch,
        Some("transaction") => Together::Transaction,
        other => {
            let said = format!("“{}”: a bundle that is posted is a batch or a transaction", other.unwrap_or_default());
            return Err(vec![Issue::error(Code::Value, "Bundle.type", said)]);
        }
    };
    let entries = bundle["entry"].as_array().map(Vec::as_slice).unwrap_or_default();
    if entries.len() > most {
        let said =
            format!("{} entries are more than the {most} that are taken at once: post several bundles", entries.len());
        return Err(vec![Issue::error(Code::TooLong, "Bundle.entry", said)]);
    }
    let (mut requests, mut refused) = (Vec::with_capacity(entries.len()), Vec::new());
    for (at, entry) in entries.iter().enumerate() {
        match request(at, entry, base) {
            Ok(request) => requests.push(request),
            Err(issue) => refused.push((at, issue)),
        }
    }
    if together == Together::Transaction {
        let issues: Vec<Issue> = refused.drain(..).map(|(_, issue)| issue).chain(clashes(&requests)).collect();
        if !issues.is_empty() {
            return Err(issues);
        }
    }
    Ok(Read { together, requests, refused })
}

fn request(at: usize, entry: &Value, base: &str) -> Result<Request, Issue> {
    let place = |name: &str| format!("Bundle.entry[{at}].{name}");
    let wrong = |name: &str, said: String| Issue::error(Code::Value, place(name), said);
    let asked = &entry["request"];
    let text = |name: &str| asked[name].as_str().map(ToOwned::to_owned);
    let method = match asked["method"].as_str() {
        Some("GET" | "HEAD") => Method::Get,
        Some("POST") => Method::Post,
        Some("PUT") => Method::Put,
        Some("PATCH") => Method::Patch,
        Some("DELETE") => Method::Delete,
        _ => {
            return Err(Issue::error(
                Code::Required,
                place("request.method"),
                "GET, POST, PUT, PATCH or DELETE belongs here",
            ));
        }
    };
    let url =
        text("url").ok_or_else(|| Issue::error(Code::Required, place("request.url"), "an address belongs here"))?;
    let own = url.strip_prefix(base).unwrap_or(&url).trim_start_matches('/');
    let (path, query) = own.split_once('?').map_or((own, None), |(path, query)| (path, Some(query.to_owned())));
    let mut parts = path.trim_end_matches('/').splitn(3, '/');
    let kind = parts.next().unwrap_or_default().to_owned();
    let id = parts.next().map(ToOwned::to_owned);
    let rest = parts.next().unwrap_or_default().to_owned();
    if kind.contains(':') || id.as_deref().is_some_and(|id| !is_id(id) && !id.starts_with(['_', '$'])) {
        return Err(wrong(
            "request.url",
            format!("“{url}” is no address of this server: Practitioner, Practitioner/1 …"),
        ));
    }
    let resource = entry.get("resource").filter(|resource| resource.is_object()).cloned();
    match (method, &resource, &id, &query) {
        (Method::Post | Method::Put | Method::Patch, None, ..) => {
            return Err(Issue::error(Code::Required, place("resource"), "a resource belongs here"));
        }
        (Method::Put | Method::Patch | Method::Delete, _, None, None) => {
            return Err(wrong("request.url", format!("“{url}” says no id and no condition")));
        }
        (Method::Post, Some(resource), ..) | (Method::Put, Some(resource), ..)
            if resource["resourceType"].as_str() != Some(&kind) && id.as_deref() != Some("_search") =>
        {
            let said = format!("“{url}” is the address of another kind than {}", resource["resourceType"]);
            return Err(wrong("request.url", said));
        }
        (Method::Put, Some(resource), Some(id), _) if resource["id"].as_str() != Some(id) => {
            return Err(wrong("resource.id", format!("the address says “{id}”, the resource {}", resource["id"])));
        }
        _ => {}
    }
    Ok(Request {
        at,
        method,
        kind,
        id,
        rest,
        query,
        resource,
        full_url: entry["fullUrl"].as_str().map(ToOwned::to_owned),
        if_match: text("ifMatch"),
        if_none_match: text("ifNoneMatch"),
        if_none_exist: text("ifNoneExist"),
    })
}

/// A transaction changes each resource once, and names each entry once.
fn clashes(requests: &[Request]) -> Vec<Issue> {
    let (mut changed, mut named, mut issues) = (HashSet::new(), HashSet::new(), Vec::new());
    for request in requests {
        let place = |name: &str| format!("Bundle.entry[{}].{name}", request.at);
        if let (Some(id), true) = (&request.id, request.method != Method::Get)
            && !changed.insert((&request.kind, id))
        {
            let said = format!("{}/{id} is changed twice in one transaction", request.kind);
            issues.push(Issue::error(Code::Value, place("request.url"), said));
        }
        if let Some(url) = &request.full_url
            && request.method != Method::Get
            && !named.insert(url)
        {
            issues.push(Issue::error(Code::Value, place("fullUrl"), format!("“{url}” names two entries")));
        }
    }
    issues
}

/// The order in which a transaction is done.
pub fn in_order(requests: &[Request]) -> Vec<&Request> {
    let mut sorted: Vec<&Request> = requests.iter().collect();
    sorted.sort_by_key(|request| (request.method, request.at));
    sorted
}

/// Writes what entries have become wherever others refer to them: `urn:uuid:…` becomes `Practitioner/1`.
pub fn resolve(resource: &mut Value, became: &HashMap<String, String>) {
    match resource {
        Value::String(text) => {
            if let Some(now) = became.get(text.as_str()) {
                now.clone_into(text);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|one| resolve(one, became)),
        Value::Object(object) => object.values_mut().for_each(|one| resolve(one, became)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The references of a resource by a condition, `Practitioner?identifier=1`, and those to entries that are not there. Each is the
/// text of a `reference`.
pub fn open_references(resource: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect(resource, &mut found);
    found
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(list) => list.iter().for_each(|one| collect(one, found)),
        Value::Object(object) => {
            for (name, one) in object {
                match one.as_str() {
                    Some(text) if name == "reference" && (text.starts_with("urn:") || is_conditional(text)) => {
                        found.push(text.to_owned());
                    }
                    _ => collect(one, found),
                }
            }
        }
        _ => {}
    }
}

fn is_conditional(reference: &str) -> bool {
    reference
        .split_once('?')
        .is_some_and(|(kind, query)| kind.bytes().all(|b| b.is_ascii_alphabetic()) && query.contains('='))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const BASE: &str = "http://localhost/fhir";

    fn places(bundle: &Value) -> Vec<String> {
        read(bundle, BASE, 10).expect_err("it is refused").into_iter().map(|issue| issue.expression).collect()
    }

    fn bundle(entries: &Value) -> Value {
        json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries })
    }

    #[test]
    fn entries_are_done_in_the_order_of_r4() {
        let basic = |id: &str| json!({ "resourceType": "Basic", "id": id, "code": { "text": "a" } });
        let read = read(
            &bundle(&json!([
                { "request": { "method": "GET", "url": "Basic?code=a" } },
                { "request": { "method": "PUT", "url": "/Basic/1" }, "resource": basic("1") },
                { "request": { "method": "POST", "url": "http://localhost/fhir/Basic", "ifNoneExist": "identifier=1" },
                  "resource": basic("x"), "fullUrl": "urn:uuid:a" },
                { "request": { "method": "DELETE", "url": "Basic/2" } },
                { "request": { "method": "PUT", "url": "Basic?identifier=7" }, "resource": basic("7") },
            ])),
            BASE,
            10,
        );
        let Read { together, requests, .. } = read.expect("it can be done");
        assert_eq!(together, Together::Transaction);
        let order: Vec<usize> = in_order(&requests).into_iter().map(|request| request.at).collect();
        assert_eq!(order, [3, 2, 1, 4, 0]);
        assert_eq!((requests[2].kind.as_str(), requests[2].if_none_exist.as_deref()), ("Basic", Some("identifier=1")));
        assert_eq!((requests[1].id.as_deref(), requests[4].query.as_deref()), (Some("1"), Some("identifier=7")));
    }

    #[test]
    fn what_can_not_be_done_is_told_before_anything_is() {
        let basic = json!({ "resourceType": "Basic", "id": "1", "code": { "text": "a" } });
        assert_eq!(places(&json!({ "type": "searchset" })), ["Bundle.type"]);
        assert_eq!(places(&bundle(&json!(vec![json!({}); 11]))), ["Bundle.entry"]);
        for (entry, place) in [
            (json!({}), "request.method"),
            (json!({ "request": { "method": "GET" } }), "request.url"),
            (json!({ "request": { "method": "POST", "url": "Basic" } }), "resource"),
            (json!({ "request": { "method": "PUT", "url": "Basic" }, "resource": basic }), "request.url"),
            (json!({ "request": { "method": "PUT", "url": "Basic/2" }, "resource": basic }), "resource.id"),
            (json!({ "request": { "method": "POST", "url": "Group" }, "resource": basic }), "request.url"),
            (json!({ "request": { "method": "GET", "url": "http://elsewhere/fhir/Basic/1" } }), "request.url"),
        ] {
            assert_eq!(places(&bundle(&json!([entry]))), [format!("Bundle.entry[0].{place}")], "{entry}");
        }
        let put =
            json!({ "request": { "method": "PUT", "url": "Basic/1" }, "resource": basic, "fullUrl": "urn:uuid:a" });
        assert_eq!(places(&bundle(&json!([put, put]))), ["Bundle.entry[1].request.url", "Bundle.entry[1].fullUrl"]);
    }

    #[test]
    fn references_to_other_entries_become_real() {
        let mut role = json!({ "resourceType": "PractitionerRole", "practitioner": { "reference": "urn:uuid:a" },
            "organization": { "reference": "Organization?name=MOH" }, "location": [{ "reference": "urn:uuid:b" }] });
        let became = HashMap::from([("urn:uuid:a".to_owned(), "Practitioner/1".to_owned())]);
        resolve(&mut role, &became);
        assert_eq!(role["practitioner"]["reference"], "Practitioner/1");
        let mut open = open_references(&role);
        open.sort();
        assert_eq!(open, ["Organization?name=MOH", "urn:uuid:b"]);
    }
}
