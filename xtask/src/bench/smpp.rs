//! A broadcast through one SMPP bind with a window of 50 and receipts, and the same number of texts through Kannel, bound to the
//! same SMS centre, in one run: Kannel, broadcast, Kannel. Kannel keeps nothing on disk; mHero has every submission there before and
//! after the call, and every receipt before it is acknowledged.

use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use mhero_app::{
    Caller,
    broadcasts::{Draft, Release},
    messaging::NewChannel,
};
use mhero_core::{Lane, Lang};
use mhero_testkit::{Conduct, Kannel, Smsc, from_phone};

use super::{
    Report,
    ground::ground,
    kannel::{generate_towards, left, per_second},
};

/// Texts of each run.
const MESSAGES: usize = 20_000;
/// Texts that phones write.
const INBOUND: usize = 10_000;
/// Texts of phones that wait for their acknowledgement at a time.
const INBOUND_WINDOW: usize = 100;
/// Alerts that enter while the broadcast leaves.
const ALERTS: usize = 20;
/// What is sent.
const TEXT: &str = "MOH: a meeting tomorrow";
/// Between two looks.
const LOOK: Duration = Duration::from_millis(20);
/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(300);

pub(super) fn run(report: &mut Report) -> Result<()> {
    mhero_channels::tls::install();
    super::runtime()?.block_on(async {
        let before = kannel().await?;
        let ours = broadcast().await?;
        let after = kannel().await?;
        report.figure("submit_per_s", ours.submit);
        report.figure("reported_per_s", ours.reported);
        report.figure("alert_p99_ms", ours.alert_p99_ms);
        report.figure("inbound_per_s", ours.inbound);
        let peer = f64::midpoint(before, after);
        report.figure("share_of_kannel", ours.submit / peer);
        report.peer("kannel", "submit_per_s", peer);
        report.peer("kannel", "submit_per_s_before", before);
        report.peer("kannel", "submit_per_s_after", after);
        Ok(())
    })
}

/// Waits until the centre has taken so many texts. Returns when that was.
async fn taken(smsc: &Smsc, count: usize) -> Result<Instant> {
    let started = Instant::now();
    while smsc.count() < count {
        ensure!(started.elapsed() < PATIENCE, "{} of {count} were taken", smsc.count());
        tokio::time::sleep(LOOK).await;
    }
    Ok(Instant::now())
}

/// What Kannel hands over a second: it is fed by HTTP first, and then bound.
async fn kannel() -> Result<f64> {
    let smsc = Smsc::start(Conduct::default()).await;
    let Some(kannel) = Kannel::start_smpp(smsc.port()) else { bail!("Kannel is not installed: run scripts/setup") };
    let started = Instant::now();
    // It takes texts faster than it hands them over, so that its SMPP is what is measured.
    generate_towards(&kannel, MESSAGES).await?;
    let done = taken(&smsc, MESSAGES).await?;
    Ok(per_second(MESSAGES, done - started))
}

struct Ours {
    submit: f64,
    reported: f64,
    alert_p99_ms: f64,
    inbound: f64,
}

fn draft(lane: Lane, query: &str, text: &str, channel: mhero_core::ChannelId) -> Draft {
    Draft {
        name: "bench".into(),
        query: query.into(),
        texts: vec![(Lang::ENGLISH, text.into())],
        lane,
        channel: Some(channel),
        release: Release::Now,
        zone: None,
        quiet_override: None,
        once_key: None,
        is_test: false,
        is_drill: false,
        programme: None,
        valid_minutes: None,
    }
}

async fn broadcast() -> Result<Ours> {
    let smsc = Smsc::start(Conduct::default()).await;
    let g = ground(MESSAGES).await?;
    let caller = Caller::system();
    let pairs = smsc.settings().into_iter().chain(["window=50".to_owned()]);
    let config = pairs.filter_map(|pair| pair.split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned()))).collect();
    let new = NewChannel { kind: "smpp".into(), name: "line".into(), config };
    let channel = g.app.add_channel(&caller, &new).await?.id;
    g.app.switch_channel(&caller, g.channel, false).await?;
    g.app.switch_channel(&caller, channel, false).await?;
    let id = g.app.send(&caller, &draft(Lane::Bulk, "*", TEXT, channel)).await?;
    g.app.run_until_idle().await?;
    ensure!(left(&g.app).await? == MESSAGES, "{} of {MESSAGES} wait", left(&g.app).await?);
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let runners = g.app.start_runners(&stopped);
    g.app.switch_channel(&caller, channel, true).await?;
    while smsc.count() == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let started = Instant::now();
    let mut waits = Vec::with_capacity(ALERTS);
    for number in 0..ALERTS {
        let (text, to) = (format!("ALERT {number}"), super::ground::phone(number));
        let entered = Instant::now();
        g.app.send(&caller, &draft(Lane::Alert, &format!("phone = {to}"), &text, channel)).await?;
        while !smsc.has_taken(text.as_bytes()) {
            ensure!(entered.elapsed() < PATIENCE, "alert {number} never left");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        waits.push(entered.elapsed().as_secs_f64() * 1_000.0);
    }
    waits.sort_by(f64::total_cmp);
    let done = taken(&smsc, MESSAGES + ALERTS).await?;
    loop {
        let page = g.app.broadcast_page(&caller, id).await?;
        let ended: i64 = page.states.iter().filter(|one| one.state.is_final()).map(|one| one.messages).sum();
        if ended == i64::try_from(MESSAGES)? {
            break;
        }
        ensure!(started.elapsed() < PATIENCE, "{ended} of {MESSAGES} were reported on");
        tokio::time::sleep(LOOK).await;
    }
    let reported = started.elapsed();
    let inbound = inbound(&smsc).await?;
    stop.send_replace(true);
    runners.join_all().await;
    let alert_p99_ms = waits[(waits.len() * 99).div_ceil(100) - 1];
    let submit = per_second(MESSAGES + ALERTS, done - started);
    Ok(Ours { submit, reported: per_second(MESSAGES, reported), alert_p99_ms, inbound })
}

/// Texts of phones, each acknowledged when it is on disk.
async fn inbound(smsc: &Smsc) -> Result<f64> {
    use futures::StreamExt as _;
    let started = Instant::now();
    let taken = futures::stream::iter(0..INBOUND)
        .map(|number| {
            let text = format!("stock {number}");
            let from = super::ground::phone(number).trim_start_matches('+').to_owned();
            async move { smsc.deliver(from_phone(&from, 0, text.as_bytes(), 0)).await }
        })
        .buffer_unordered(INBOUND_WINDOW)
        .filter(|status| std::future::ready(*status == Some(0)))
        .count()
        .await;
    ensure!(taken == INBOUND, "{taken} of {INBOUND} were acknowledged");
    Ok(per_second(INBOUND, started.elapsed()))
}
