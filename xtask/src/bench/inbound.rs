//! Durable intake: how many texts a second are on disk and acknowledged, and how long one waits while a broadcast expands.

use std::time::{Duration, Instant};

use anyhow::Result;
use futures::{StreamExt, stream};
use mhero_app::{
    App, Caller,
    broadcasts::{Draft, Release},
    messaging::Received,
};
use mhero_core::{ChannelId, Lane, Lang};

use super::{
    Report,
    ground::{ground, phone},
    quantile,
};

/// Texts of the first part.
const FLOOD: usize = 80_000;
/// Carriers' connections that hand texts over at a time.
const CONNECTIONS: usize = 256;
/// Texts a second, and seconds, of the second part.
const STEADY_PER_S: u64 = 1_000;
const STEADY_S: u64 = 10;
/// People of the broadcast that expands meanwhile.
const PEOPLE: usize = 100_000;

pub(super) fn run(report: &mut Report) -> Result<()> {
    super::runtime()?.block_on(async {
        let g = ground(PEOPLE).await?;
        flood(report, &g.app, g.channel).await?;
        steady(report, &g.app, g.channel).await
    })
}

async fn accept(app: &App, channel: ChannelId, n: usize) -> Result<()> {
    let text = "we have no gloves since monday".to_owned();
    let received = Received { channel, carrier_id: Some(format!("id-{n}")), from: phone(n % PEOPLE), text };
    app.receive(&received).await?;
    Ok(())
}

async fn flood(report: &mut Report, app: &App, channel: ChannelId) -> Result<()> {
    let started = Instant::now();
    let mut done = stream::iter(0..FLOOD).map(|n| accept(app, channel, n)).buffer_unordered(CONNECTIONS);
    while let Some(result) = done.next().await {
        result?;
    }
    #[expect(clippy::cast_precision_loss, reason = "a count of texts")]
    report.figure("accept_per_s", FLOOD as f64 / started.elapsed().as_secs_f64());
    Ok(())
}

async fn steady(report: &mut Report, app: &App, channel: ChannelId) -> Result<()> {
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let draft = Draft {
        name: "bench".into(),
        query: "*".into(),
        texts: vec![(Lang::ENGLISH, "MOH: a meeting tomorrow at nine".into())],
        lane: Lane::Bulk,
        channel: None,
        release: Release::Now,
        zone: None,
        quiet_override: None,
        once_key: None,
        is_test: false,
        is_drill: false,
    };
    app.send(&Caller::system(), &draft).await?;
    let runners = app.start_runners(&stopped);
    let mut tick = tokio::time::interval(Duration::from_micros(1_000_000 / STEADY_PER_S));
    let mut waits = tokio::task::JoinSet::new();
    for n in 0..usize::try_from(STEADY_PER_S * STEADY_S)? {
        tick.tick().await;
        let app = app.clone();
        waits.spawn(async move {
            let started = Instant::now();
            accept(&app, channel, FLOOD + n).await.map(|()| started.elapsed().as_secs_f64() * 1e3)
        });
    }
    let mut millis = Vec::new();
    while let Some(wait) = waits.join_next().await {
        millis.push(wait??);
    }
    report.figure("p50_ms_at_1000_per_s", quantile(&mut millis, 0.5));
    report.figure("p99_ms_at_1000_per_s", quantile(&mut millis, 0.99));
    stop.send_replace(true);
    runners.join_all().await;
    Ok(())
}
