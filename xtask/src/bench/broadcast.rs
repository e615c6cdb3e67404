//! A broadcast to 200,000 people: how soon it is in the outbox, and how fast it leaves for a carrier that takes everything.

use std::time::{Duration, Instant};

use anyhow::Result;
use mhero_app::{
    Caller,
    broadcasts::{Draft, Release},
};
use mhero_core::{Lane, Lang};

use super::{Report, ground::ground, rss_mb};

const PEOPLE: usize = 200_000;
/// How long messages leave before their rate is read.
const LEAVING: Duration = Duration::from_secs(20);

pub(super) fn run(report: &mut Report) -> Result<()> {
    super::runtime()?.block_on(async {
        let g = ground(PEOPLE).await?;
        let caller = Caller::system();
        let draft = Draft {
            name: "bench".into(),
            query: "*".into(),
            texts: vec![
                (Lang::ENGLISH, "MOH: a meeting tomorrow".into()),
                (Lang::FRENCH, "MSP: réunion demain".into()),
            ],
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
        let started = Instant::now();
        let preview = g.app.preview(&caller, &draft, 0).await?;
        report.figure("seconds_preview", started.elapsed().as_secs_f64());
        report.figure("people", super::as_f64(preview.recipients));
        // No channel, so that only the expansion is timed.
        g.app.switch_channel(&caller, g.channel, false).await?;
        let started = Instant::now();
        g.app.send(&caller, &draft).await?;
        g.app.run_until_idle().await?;
        report.figure("seconds_in_outbox", started.elapsed().as_secs_f64());
        report.figure("rss_mb_after_expansion", rss_mb().unwrap_or_default());
        g.app.switch_channel(&caller, g.channel, true).await?;
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let runners = g.app.start_runners(&stopped);
        let before = left(&g.app).await?;
        tokio::time::sleep(LEAVING).await;
        let after = left(&g.app).await?;
        report.figure("submit_per_s", super::as_f64(before - after) / LEAVING.as_secs_f64());
        stop.send_replace(true);
        runners.join_all().await;
        Ok(())
    })
}

async fn left(app: &mhero_app::App) -> Result<i64> {
    Ok(app.store().waiting_by_lane().await?.iter().map(|(_, count, _)| count).sum())
}
