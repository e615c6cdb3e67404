//! Durable intake: how many texts a second are on disk and acknowledged, and how long one waits while a broadcast expands.

use std::time::{Duration, Instant};

use anyhow::Result;
use futures::{StreamExt, stream};
use mhero_app::{
    App, Caller,
    broadcasts::{Draft, Release},
    flows::{KeywordPlace, NewTrigger, TriggerTerms},
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
/// People who talk with a flow: each begins it with a word, then answers its question.
const TALKERS: usize = 10_000;
/// People of the broadcast that expands meanwhile.
const PEOPLE: usize = 100_000;

pub(super) fn run(report: &mut Report) -> Result<()> {
    super::runtime()?.block_on(async {
        let g = ground(PEOPLE).await?;
        flood(report, &g.app, g.channel).await?;
        steady(report, &g.app, g.channel).await?;
        drop(g);
        let g = ground(TALKERS).await?;
        talk(report, &g.app, g.channel).await
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
        programme: None,
        valid_minutes: None,
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

/// A question and an answer: message in, flow, reply in the outbox, all on disk.
async fn talk(report: &mut Report, app: &App, channel: ChannelId) -> Result<()> {
    let caller = Caller::system();
    let flow = app.save_flow(&caller, DEFINITION.as_bytes(), "bench").await?.id;
    let terms = TriggerTerms::Keyword { words: vec!["stock".into()], place: KeywordPlace::FirstWord };
    let new = NewTrigger { flow, terms, groups: vec![], exclude: vec![], channel: None, urgent: false };
    app.add_trigger(&caller, &new).await?;
    for (name, text) in [("replies_per_s_first", "stock"), ("replies_per_s", "12")] {
        let mut done = stream::iter(0..TALKERS)
            .map(|n| {
                let carrier_id = Some(format!("{name}-{n}"));
                let received = Received { channel, carrier_id, from: phone(n), text: text.to_owned() };
                async move { app.receive(&received).await }
            })
            .buffer_unordered(CONNECTIONS);
        while let Some(result) = done.next().await {
            result?;
        }
        drop(done);
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let started = Instant::now();
        let mut runners = tokio::task::JoinSet::new();
        app.start_office_runners(&mut runners, &stopped);
        while app.store().waiting_intake().await?.0 > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        #[expect(clippy::cast_precision_loss, reason = "a count of texts")]
        report.figure(name, TALKERS as f64 / started.elapsed().as_secs_f64());
        stop.send_replace(true);
        runners.join_all().await;
    }
    let counts = app.store().run_counts(&caller.scope, flow).await?;
    anyhow::ensure!(
        counts == [("completed".to_owned(), i64::try_from(TALKERS)?)],
        "not everybody got through: {counts:?}"
    );
    Ok(())
}

/// Asks for a number, and thanks for it.
const DEFINITION: &str = r#"{
  "uuid": "7e1dd9b9-4b0a-4f57-8d6f-0b2a3c4d5e01", "name": "Stock", "spec_version": "14.4.2", "language": "eng",
  "type": "messaging", "revision": 1, "expire_after_minutes": 720, "localization": {},
  "nodes": [
    { "uuid": "7e1dd9b9-4b0a-4f57-8d6f-0b2a3c4d5e02",
      "actions": [{ "uuid": "7e1dd9b9-4b0a-4f57-8d6f-0b2a3c4d5e03", "type": "send_msg",
                    "text": "How many strips of ACT, @contact.first_name?" }],
      "router": { "type": "switch", "operand": "@input.text", "result_name": "ACT",
        "cases": [{ "uuid": "7e1dd9b9-4b0a-4f57-8d6f-0b2a3c4d5e04", "type": "has_number", "arguments": [],
                    "category_uuid": "7e1dd9b9-4b0a-4f57-8d6f-0b2a3c4d5e05" }],
        "categories": [
          { "uuid": "7e1dd9b9-4b0a-4f57-8d6f-0b2a3c4d5e05", "name": "Number",
            "exit_uuid": "7e1dd9b9-4b0a-4f57-8d6f-0b2a3c4d5e07" },
          { "uuid": "7e1dd9b9-4b0a-4f57-8d6f-0b2a3c4d5e06", "name": "Other",
            "exit_uuid": "7e1dd9b9-4b0a-4f57-8d6f-0b2a3c4d5e08" }],
        "default_category_uuid": "7e1dd9b9-4b0a-4f57-8d6f-0b2a3c4d5e06", "wait": { "type": "msg" } },
      "exits": [
        { "uuid": "7e1dd9b9-4b0a-4f57-8d6f-0b2a3c4d5e07", "destination_uuid": "7e1dd9b9-4b0a-4f57-8d6f-0b2a3c4d5e09" },
        { "uuid": "7e1dd9b9-4b0a-4f57-8d6f-0b2a3c4d5e08", "destination_uuid": null }] },
    { "uuid": "7e1dd9b9-4b0a-4f57-8d6f-0b2a3c4d5e09",
      "actions": [{ "uuid": "7e1dd9b9-4b0a-4f57-8d6f-0b2a3c4d5e0a", "type": "send_msg",
                    "text": "Thank you, @results.act noted." }],
      "exits": [{ "uuid": "7e1dd9b9-4b0a-4f57-8d6f-0b2a3c4d5e0b", "destination_uuid": null }] }
  ]
}"#;
