//! How soon an installation with a million messages answers: the store is opened, and the first queue looked at.

use std::time::Instant;

use anyhow::Result;
use mhero_app::{
    Caller,
    broadcasts::{Draft, Release},
};
use mhero_core::{Lane, Lang};

use super::{
    Report,
    ground::{ground, open},
};

const PEOPLE: usize = 200_000;
const BROADCASTS: usize = 5;

pub(super) fn run(report: &mut Report) -> Result<()> {
    super::runtime()?.block_on(async {
        let g = ground(PEOPLE).await?;
        let caller = Caller::system();
        g.app.switch_channel(&caller, g.channel, false).await?;
        for n in 0..BROADCASTS {
            let draft = Draft {
                name: format!("bench {n}"),
                query: "*".into(),
                texts: vec![(Lang::ENGLISH, format!("MOH: message {n}"))],
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
            g.app.send(&caller, &draft).await?;
            g.app.run_until_idle().await?;
        }
        let location = g.location.clone();
        let started = Instant::now();
        let app = open(&location).await?;
        let waiting: i64 = app.store().waiting_by_lane().await?.iter().map(|(_, count, _)| count).sum();
        report.figure("seconds_to_first_answer", started.elapsed().as_secs_f64());
        report.figure("messages", super::as_f64(waiting));
        Ok(())
    })
}
