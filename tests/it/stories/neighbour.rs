//! A program of a neighbour with a token: what it asks by FHIR and by API v2.

use mhero_app::{Caller, NewToken};
use mhero_core::{PlaceId, ProgrammeId, Role};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::World;

/// The program.
pub(super) struct Neighbour<'w> {
    world: &'w World,
    client: Client,
    pub(super) token: String,
}

/// What it was answered.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) status: u16,
    pub(super) tag: String,
    pub(super) location: String,
    pub(super) json: Value,
}

impl<'w> Neighbour<'w> {
    /// One whose account sees the whole country.
    pub(super) async fn new(world: &'w World, name: &str) -> Self {
        Self::narrowed(world, name, (None, None)).await
    }

    /// One whose account is narrowed to a place or programme.
    pub(super) async fn narrowed(
        world: &'w World,
        name: &str,
        (place, programme): (Option<PlaceId>, Option<ProgrammeId>),
    ) -> Self {
        let new = NewToken { name: name.into(), role: Role::Integrator, place, programme };
        let token = world.app.create_token(&Caller::system(), new).await.expect("a token");
        Self { world, client: Client::new(), token }
    }

    /// Asks; an address that a link carries may stand in the place of a path.
    pub(super) async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Told {
        let url = if path.starts_with("http") { path.to_owned() } else { self.world.url(path) };
        let mut request = self.client.request(method, url);
        request = match path.contains("/api/v2") {
            true => request.header("authorization", format!("Token {}", self.token)),
            false => request.bearer_auth(&self.token),
        };
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            let kind = if path.contains("/api/v2") { "application/json" } else { "application/fhir+json" };
            request = request.header("content-type", kind).body(body.to_string());
        }
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        let header = |name: &str| {
            answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        let (tag, location) = (header("etag"), header("location"));
        let text = answer.text().await.expect("a text");
        assert!(status < 500, "{path}: {status} {text}");
        Told { status, tag, location, json: serde_json::from_str(&text).unwrap_or(Value::Null) }
    }

    pub(super) async fn get(&self, path: &str) -> Value {
        let told = self.ask(Method::GET, path, &[], None).await;
        assert_eq!(told.status, 200, "{path}: {}", told.json);
        told.json
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Told {
        self.ask(Method::POST, path, &[], Some(body)).await
    }

    /// The resources of a search, page by page; each is valid R4.
    pub(super) async fn found(&self, path: &str) -> Vec<Value> {
        let (mut all, mut next) = (Vec::new(), Some(path.to_owned()));
        while let Some(path) = next {
            let page = self.get(&path).await;
            let entries = page["entry"].as_array().cloned().unwrap_or_default();
            for resource in entries.into_iter().map(|entry| entry["resource"].clone()) {
                valid(&resource);
                all.push(resource);
            }
            let links = page["link"].as_array().cloned().unwrap_or_default();
            let link = links.into_iter().find(|link| link["relation"] == "next");
            next = link.and_then(|link| link["url"].as_str().map(str::to_owned));
            assert!(all.len() < 10_000, "pages come to an end");
        }
        all
    }
}

/// Every element is as R4 has it.
pub(super) fn valid(resource: &Value) {
    let wrong: Vec<_> = mhero_fhir::check(resource, mhero_fhir::Limits::default())
        .into_iter()
        .filter(mhero_fhir::Issue::is_error)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?} in {resource}");
}

/// What an OperationOutcome says.
pub(super) fn said(outcome: &Value) -> String {
    assert_eq!(outcome["resourceType"], "OperationOutcome", "{outcome}");
    valid(outcome);
    let issues = outcome["issue"].as_array().into_iter().flatten();
    issues.filter_map(|issue| issue["diagnostics"].as_str()).collect::<Vec<_>>().join("; ")
}

/// A flow that asks one question, in English and French, and keeps the answer.
pub(super) fn survey(name: &str, question: (&str, &str)) -> Vec<u8> {
    let id = |n: u128| uuid::Uuid::from_u128(0xf10e_0000_0000_4000_8000_0000_0000_1000 + n).to_string();
    let category = |n: u128, name: &str| json!({ "uuid": id(n), "name": name, "exit_uuid": id(n + 100) });
    json!({
        "uuid": id(1), "name": name, "spec_version": "14.4.2", "language": "eng", "type": "messaging", "revision": 1,
        "expire_after_minutes": 720, "localization": { "fra": { id(3): { "text": [question.1] } } },
        "nodes": [
            { "uuid": id(2), "actions": [{ "uuid": id(3), "type": "send_msg", "text": question.0 }],
              "exits": [{ "uuid": id(4), "destination_uuid": id(5) }] },
            { "uuid": id(5), "actions": [],
              "router": { "type": "switch", "wait": { "type": "msg" }, "result_name": "Confirmed",
                "operand": "@input.text", "default_category_uuid": id(12),
                "cases": [{ "uuid": id(20), "type": "has_any_word", "arguments": ["1 yes oui"], "category_uuid": id(11) }],
                "categories": [category(11, "Yes"), category(12, "Other")] },
              "exits": [{ "uuid": id(111) }, { "uuid": id(112) }] },
        ],
    })
    .to_string()
    .into_bytes()
}
