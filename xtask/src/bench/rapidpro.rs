//! A page of 250 contacts among 200,000, as a client of RapidPro's API gets it: over HTTP, page after page, and by several at once.

use std::{sync::Arc, time::Instant};

use anyhow::{Context as _, Result, ensure};
use mhero_app::{Caller, NewToken};
use mhero_core::Role;
use mhero_web_rapidpro::{RapidproOptions, router};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinSet};

use super::{Report, ground::ground};

const PEOPLE: usize = 200_000;
/// Pages that one client walks through.
const PAGES: usize = 200;
/// Clients that ask at once.
const CLIENTS: usize = 8;
/// Requests that a token may make here: more than are made.
const REQUESTS_PER_HOUR: u32 = u32::MAX;

pub(super) fn run(report: &mut Report) -> Result<()> {
    super::runtime()?.block_on(async {
        mhero_channels::tls::install();
        let g = ground(PEOPLE).await?;
        let new = NewToken { name: "bench".to_owned(), role: Role::Admin, place: None, programme: None };
        let token = g.app.create_token(&Caller::system(), new).await?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let base = format!("http://{}/api/v2/contacts.json", listener.local_addr()?);
        let options = RapidproOptions { https: false, behind_proxy: false, requests_per_hour: REQUESTS_PER_HOUR };
        let pages = router(g.app.clone(), options);
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, pages).await });
        let client = Arc::new(Client { http: reqwest::Client::new(), token, base });
        client.walk(10).await?;
        let alone = client.walk(PAGES).await?;
        report.figure("p50_ms", percentile(&alone, 50));
        report.figure("p99_ms", percentile(&alone, 99));
        let started = Instant::now();
        let mut walks = JoinSet::new();
        for _ in 0..CLIENTS {
            let client = Arc::clone(&client);
            walks.spawn(async move { client.walk(PAGES / 4).await });
        }
        let mut together = Vec::new();
        while let Some(walked) = walks.join_next().await {
            together.extend(walked??);
        }
        let seconds = started.elapsed().as_secs_f64();
        report.figure("requests_per_s", super::as_f64(i64::try_from(together.len())?) / seconds);
        report.figure("p99_ms_eight_clients", percentile(&together, 99));
        Ok(())
    })
}

struct Client {
    http: reqwest::Client,
    token: String,
    base: String,
}

impl Client {
    /// Walks through so many pages; the milliseconds of each.
    async fn walk(&self, pages: usize) -> Result<Vec<f64>> {
        let (mut times, mut next) = (Vec::with_capacity(pages), self.base.clone());
        for _ in 0..pages {
            let started = Instant::now();
            let request = self.http.get(&next).header("authorization", format!("Token {}", self.token));
            let text = request.send().await?.error_for_status()?.text().await?;
            times.push(started.elapsed().as_secs_f64() * 1_000.0);
            let page: Value = serde_json::from_str(&text)?;
            ensure!(page["results"].as_array().is_some_and(|all| all.len() == 250), "a page is not full");
            page["next"].as_str().context("there is no next page")?.clone_into(&mut next);
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
