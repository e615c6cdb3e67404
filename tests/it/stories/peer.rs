//! A FHIR server that nobody here wrote, as somebody at the ministry works on it.

use mhero_testkit::Medplum;
use reqwest::{Client, Method};
use serde_json::{Value, json};

/// Most changes that it takes in one transaction.
const TRANSACTION_ENTRIES_MAX: usize = 50;

/// A registry of its own in the Medplum of this test process.
pub(super) struct Peer {
    url: String,
    client: Client,
}

impl Peer {
    /// An empty registry under a name in small letters. `None`, after saying so, where the peer is not installed.
    pub(super) fn new(name: &str) -> Option<Self> {
        mhero_channels::tls::install();
        Some(Self { url: Medplum::shared()?.url_of(name), client: Client::new() })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// The path of its address.
    pub(super) fn path(&self) -> String {
        format!("/{}", self.url.splitn(4, '/').nth(3).expect("a path"))
    }

    async fn send(&self, method: Method, path: &str, body: Option<String>) -> Value {
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        if let Some(body) = body {
            request = request.header("content-type", "application/fhir+json").body(body);
        }
        let answer = request.send().await.expect("it answers");
        let (status, text) = (answer.status(), answer.text().await.expect("a body"));
        assert!(status.is_success(), "{path}: {status} {}", &text[..text.len().min(500)]);
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Puts resources, in transactions of a size that it takes.
    pub(super) async fn put(&self, resources: &[Value]) {
        let entry = |resource: &Value| {
            let (kind, id) =
                (resource["resourceType"].as_str().expect("a kind"), resource["id"].as_str().expect("an id"));
            json!({"resource": resource, "request": {"method": "PUT", "url": format!("{kind}/{id}")}})
        };
        self.transactions(resources.iter().map(entry).collect()).await;
    }

    /// Deletes resources, as `KIND/ID`.
    pub(super) async fn delete(&self, which: &[String]) {
        let entry = |what: &String| json!({"request": {"method": "DELETE", "url": what}});
        self.transactions(which.iter().map(entry).collect()).await;
    }

    async fn transactions(&self, entries: Vec<Value>) {
        for part in entries.chunks(TRANSACTION_ENTRIES_MAX) {
            let bundle = json!({"resourceType": "Bundle", "type": "batch", "entry": part});
            let answer = self.send(Method::POST, "", Some(bundle.to_string())).await;
            for entry in answer["entry"].as_array().into_iter().flatten() {
                let status = entry["response"]["status"].as_str().unwrap_or_default();
                assert!(status.starts_with('2'), "{entry}");
            }
        }
    }

    /// A resource as it stands.
    pub(super) async fn get(&self, path: &str) -> Value {
        self.send(Method::GET, path, None).await
    }

    /// Resources of a search.
    pub(super) async fn search(&self, path: &str) -> Vec<Value> {
        let bundle = self.get(path).await;
        bundle["entry"].as_array().into_iter().flatten().map(|entry| entry["resource"].clone()).collect()
    }
}
