//! The FHIR server over HTTP: practitioners in transactions of 100, on disk before they are answered; searches by identifier and by
//! phone among them; a page of 1,000 of their history (ITI-91); and 500 clients at once.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use anyhow::{Result, ensure};
use mhero_app::{Caller, NewToken};
use mhero_core::Role;
use mhero_web_fhir::{FhirOptions, router};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinSet};

use super::{Report, ground::ground};

/// People who are written.
const PEOPLE: usize = 200_000;
/// Resources of a transaction.
const TOGETHER: usize = 100;
/// Clients that write at once.
const WRITERS: usize = 8;
/// Clients that search at once.
const READERS: usize = 16;
/// Searches of each kind.
const SEARCHES: usize = 20_000;
/// Clients at once at the end.
const CROWD: usize = 500;
/// Pages of the history that are read.
const PAGES: usize = 50;

pub(super) fn run(report: &mut Report) -> Result<()> {
    super::runtime()?.block_on(async {
        mhero_channels::tls::install();
        // The register itself is small: the resources are looked up where they stand.
        let g = ground(100).await?;
        let new = NewToken { name: "bench".to_owned(), role: Role::Integrator, place: None, programme: None };
        let token = g.app.create_token(&Caller::system(), new).await?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let base = format!("http://{}/fhir", listener.local_addr()?);
        let pages = router(g.app.clone(), FhirOptions { https: false, behind_proxy: false });
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, pages).await });
        let client = Arc::new(Client { http: reqwest::Client::new(), token, base });

        let started = Instant::now();
        let next = Arc::new(AtomicUsize::new(0));
        let writers = (0..WRITERS).map(|_| Arc::clone(&client).write_all(Arc::clone(&next)));
        writers.collect::<JoinSet<_>>().join_all().await.into_iter().collect::<Result<()>>()?;
        report.figure("ingest_per_s", super::as_f64(i64::try_from(PEOPLE)?) / started.elapsed().as_secs_f64());

        for (name, clients, by) in [
            ("identifier", READERS, "identifier=http://moh.gov.lr/payroll%7CP"),
            ("phone", READERS, "phone=%2B23177"),
            ("crowd", CROWD, "identifier=http://moh.gov.lr/payroll%7CP"),
        ] {
            let started = Instant::now();
            let each = SEARCHES / clients;
            let searches = (0..clients).map(|at| Arc::clone(&client).search(by, at * each, each));
            let times = searches.collect::<JoinSet<_>>().join_all().await;
            let times: Vec<f64> = times.into_iter().collect::<Result<Vec<_>>>()?.concat();
            let per_s = super::as_f64(i64::try_from(times.len())?) / started.elapsed().as_secs_f64();
            report.figure(&format!("{name}_requests_per_s"), per_s);
            report.figure(&format!("{name}_p99_ms"), percentile(&times, 99));
        }
        let times = client.history().await?;
        report.figure("history_page_p50_ms", percentile(&times, 50));
        report.figure("history_page_p99_ms", percentile(&times, 99));
        Ok(())
    })
}

struct Client {
    http: reqwest::Client,
    token: String,
    base: String,
}

/// The practitioner of a number.
fn practitioner(at: usize) -> Value {
    json!({
        "resourceType": "Practitioner", "id": format!("bench-{at}"), "active": true,
        "name": [{ "family": format!("Kollie{}", at % 5_000), "given": ["Martha", format!("M{at}")] }],
        "identifier": [{ "system": "http://moh.gov.lr/payroll", "value": format!("P{at:07}") }],
        "telecom": [{ "system": "phone", "value": format!("+23177{at:07}") }],
        "gender": "female", "birthDate": "1988-04-02",
    })
}

impl Client {
    /// Writes transactions until all people are written.
    async fn write_all(self: Arc<Self>, next: Arc<AtomicUsize>) -> Result<()> {
        loop {
            let first = next.fetch_add(TOGETHER, Ordering::Relaxed);
            if first >= PEOPLE {
                return Ok(());
            }
            let entries: Vec<Value> = (first..first + TOGETHER)
                .map(|at| {
                    json!({ "resource": practitioner(at), "request": { "method": "PUT", "url": format!("Practitioner/bench-{at}") } })
                })
                .collect();
            let bundle = json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries });
            let request = self.http.post(&self.base).bearer_auth(&self.token).header("prefer", "return=minimal");
            let request = request.header("content-type", "application/fhir+json").body(bundle.to_string());
            request.send().await?.error_for_status()?.bytes().await?;
        }
    }

    /// Searches for one person after the other; the milliseconds of each search.
    async fn search(self: Arc<Self>, by: &'static str, from: usize, count: usize) -> Result<Vec<f64>> {
        let mut times = Vec::with_capacity(count);
        for at in from..from + count {
            // Spread over all of them.
            let whom = at.wrapping_mul(7_919) % PEOPLE;
            let url = format!("{}/Practitioner?{by}{whom:07}&_total=none", self.base);
            let started = Instant::now();
            let text = self.http.get(&url).bearer_auth(&self.token).send().await?.error_for_status()?.text().await?;
            times.push(started.elapsed().as_secs_f64() * 1_000.0);
            ensure!(text.contains(&format!("\"bench-{whom}\"")), "somebody is not found");
        }
        Ok(times)
    }

    /// Pages of 1,000 of the history; the milliseconds of each.
    async fn history(&self) -> Result<Vec<f64>> {
        let mut times = Vec::with_capacity(PAGES);
        let mut url = format!("{}/Practitioner/_history?_since=2020-01-01T00:00:00Z&_count=1000", self.base);
        for _ in 0..PAGES {
            let started = Instant::now();
            let text = self.http.get(&url).bearer_auth(&self.token).send().await?.error_for_status()?.text().await?;
            times.push(started.elapsed().as_secs_f64() * 1_000.0);
            let page: Value = serde_json::from_str(&text)?;
            ensure!(page["entry"].as_array().is_some_and(|all| all.len() == 1_000), "a page is not full");
            let next = page["link"].as_array().into_iter().flatten().find(|link| link["relation"] == "next");
            if let Some(next) = next.and_then(|next| next["url"].as_str()) {
                next.clone_into(&mut url);
            }
        }
        Ok(times)
    }
}

/// The time that so many of a hundred stay below.
fn percentile(times: &[f64], of: usize) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get((sorted.len() * of / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
}
