//! Bundles that are answered: of searches, histories and of many requests at once. Resources are put in as they are kept, so that a
//! page of a thousand is not taken apart and put together again.

use axum::{
    body::Body,
    http::{Response, StatusCode},
};
use mhero_exchange::fhir::{Answer, History, Mode, Results, Version};
use mhero_fhir::{Code, Issue, bundle::Together, issue::outcome};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::{
    answer::{self, etag},
    ask::Asking,
    format::Format,
};

/// A bundle in the making: its head as a tree, its entries as text.
struct Making {
    head: Value,
    entries: Vec<String>,
}

impl Making {
    fn new(kind: &str) -> Self {
        Self { head: json!({ "resourceType": "Bundle", "type": kind }), entries: Vec::new() }
    }

    fn link(&mut self, relation: &str, url: &str) {
        let link = json!({ "relation": relation, "url": url });
        match self.head["link"].as_array_mut() {
            Some(links) => links.push(link),
            None => self.head["link"] = json!([link]),
        }
    }

    /// Adds an entry: its members as a tree, and a resource as text where there is one.
    fn entry(&mut self, members: &Value, resource: Option<&str>) {
        let members = members.to_string();
        let text = match resource {
            Some(resource) => {
                let rest = members.strip_prefix('{').unwrap_or("}");
                let comma = if rest == "}" { "" } else { "," };
                format!("{{\"resource\":{resource}{comma}{rest}")
            }
            None => members,
        };
        self.entries.push(text);
    }

    fn text(self) -> String {
        let mut text = self.head.to_string();
        if self.entries.is_empty() {
            return text;
        }
        text.pop();
        text.push_str(",\"entry\":[");
        text.push_str(&self.entries.join(","));
        text.push_str("]}");
        text
    }

    fn answer(self, asking: &Asking) -> Response<Body> {
        let text = self.text();
        if asking.format == Format::Json && !asking.is_pretty {
            return answer::text(StatusCode::OK, Format::Json, text);
        }
        answer::tree(StatusCode::OK, asking, &serde_json::from_str(&text).unwrap_or_default())
    }
}

/// What stands in a query string only escaped. What searches of R4 are full of stays readable.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b',')
    .remove(b':')
    .remove(b'/')
    .remove(b'|');

/// A query string of names and values.
pub(crate) fn written(pairs: &[(String, String)]) -> String {
    let escaped = |text: &str| utf8_percent_encode(text, ESCAPED).to_string();
    pairs.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect::<Vec<_>>().join("&")
}

/// An address with what was understood of the search.
fn address(asking: &Asking, path: &str, leave_out: &[String], page: Option<(&str, &str)>) -> String {
    let mut pairs: Vec<(String, String)> = asking
        .query
        .iter()
        .filter(|(name, value)| {
            let shown: String = value.chars().take(80).collect();
            page.is_none_or(|(page, _)| page != name) && !leave_out.contains(&format!("{name}={shown}"))
        })
        .cloned()
        .collect();
    if let Some((name, value)) = page {
        pairs.push((name.to_owned(), value.to_owned()));
    }
    let query = written(&pairs);
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{}{path}{mark}{query}", asking.base)
}

/// The answer to a search.
pub(crate) fn searched(asking: &Asking, kind: &str, found: &Results) -> Response<Body> {
    searchset(asking, kind, found).answer(asking)
}

fn searchset(asking: &Asking, kind: &str, found: &Results) -> Making {
    let mut making = Making::new("searchset");
    if let Some(total) = found.total {
        making.head["total"] = json!(total);
    }
    let left_out: Vec<String> = found.ignored.iter().map(|ignored| ignored.asked.clone()).collect();
    let path = format!("/{kind}");
    making.link("self", &address(asking, &path, &left_out, None));
    if let Some(next) = &found.next {
        making.link("next", &address(asking, &path, &left_out, Some(("_page", next))));
    }
    for one in &found.resources {
        let mode = match one.mode {
            Mode::Match => "match",
            Mode::Include => "include",
        };
        let members =
            json!({ "fullUrl": format!("{}/{}/{}", asking.base, one.kind, one.id), "search": { "mode": mode } });
        if asking.is_whole() || one.mode == Mode::Include {
            making.entry(&members, Some(&one.body));
        } else {
            making.entry(&members, Some(&asking.shaped(&one.body).to_string()));
        }
    }
    if !found.ignored.is_empty() {
        let issues: Vec<Issue> = found
            .ignored
            .iter()
            .map(|ignored| Issue::warning(Code::NotSupported, "", format!("{}: {}", ignored.asked, ignored.why)))
            .collect();
        making.entry(&json!({ "search": { "mode": "outcome" } }), Some(&outcome(&issues).to_string()));
    }
    making
}

/// The answer to a history: `path` is that of the resource, the kind, or nothing for all.
pub(crate) fn history(asking: &Asking, path: &str, history: &History) -> Response<Body> {
    let mut making = Making::new("history");
    let path = format!("{path}/_history");
    making.link("self", &address(asking, &path, &[], None));
    if let Some(next) = history.next {
        making.link("next", &address(asking, &path, &[], Some(("_page", &next.to_string()))));
    }
    for version in &history.versions {
        let name = format!("{}/{}", version.kind, version.id);
        let (url, status) = match (version.method.as_str(), version.version) {
            ("POST", _) => (version.kind.clone(), "201 Created"),
            ("DELETE", _) => (name.clone(), "204 No Content"),
            _ => (name.clone(), "200 OK"),
        };
        let members = json!({
            "fullUrl": format!("{}/{name}", asking.base),
            "request": { "method": version.method, "url": url },
            "response": { "status": status, "etag": etag(version.version), "lastModified": version.at.to_string() },
        });
        let body = (version.method != "DELETE")
            .then(|| if asking.is_whole() { version.body.clone() } else { asking.shaped(&version.body).to_string() });
        making.entry(&members, body.as_deref());
    }
    making.answer(asking)
}

/// The answer to a batch or transaction, entry by entry.
pub(crate) fn answered(asking: &Asking, together: Together, answers: &[Answer]) -> Response<Body> {
    let kind = match together {
        Together::Batch => "batch-response",
        Together::Transaction => "transaction-response",
    };
    let mut making = Making::new(kind);
    for answer in answers {
        match answer {
            Answer::Done(done) => {
                let mut response = json!({ "status": status_line(done.status) });
                if let Some(version) = &done.version {
                    stamp(&mut response, version);
                    response["location"] =
                        json!(format!("{}/{}/_history/{}", version.kind, version.id, version.version));
                }
                if !done.warnings.is_empty() {
                    response["outcome"] = outcome(&done.warnings);
                }
                let full_url =
                    done.version.as_ref().map(|version| format!("{}/{}/{}", asking.base, version.kind, version.id));
                let mut members = json!({ "response": response });
                if let Some(url) = full_url {
                    members["fullUrl"] = json!(url);
                }
                let body = done.version.as_ref().filter(|_| asking.prefers == crate::ask::Prefers::Representation);
                making.entry(&members, body.map(|version| version.body.as_str()));
            }
            Answer::Read(version) => {
                let mut response = json!({ "status": "200 OK" });
                stamp(&mut response, version);
                making.entry(&json!({ "response": response }), Some(&version.body));
            }
            Answer::Found(found) => {
                let kind = found.query.kind.clone();
                let inner = searchset(asking, &kind, found).text();
                making.entry(&json!({ "response": { "status": "200 OK" } }), Some(&inner));
            }
            Answer::Failed(error) => {
                let response = json!({ "status": status_line(error.status()), "outcome": outcome(&error.issues()) });
                making.entry(&json!({ "response": response }), None);
            }
        }
    }
    making.answer(asking)
}

fn stamp(response: &mut Value, version: &Version) {
    response["etag"] = json!(etag(version.version));
    response["lastModified"] = json!(version.at.to_string());
}

fn status_line(status: u16) -> String {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or_default())
}
