//! Counts of audiences over 200,000 people: each asked several times, the middle time of each, the slowest of all.

use std::time::Instant;

use anyhow::Result;
use mhero_app::{App, Caller};

use super::{Report, ground::ground};

const PEOPLE: usize = 200_000;
/// How often each audience is counted.
const TIMES: usize = 15;

/// What officials ask, from everybody to a few.
const AUDIENCES: &[(&str, &str)] = &[
    ("everybody", "*"),
    ("reachable", "phone != \"\""),
    ("cadre", "cadre = midwife"),
    ("county", "place = \"County 1\""),
    ("cadre_county", "cadre = midwife AND place = \"County 1\""),
    ("cadre_county_reachable", "cadre = midwife AND place = \"County 1\" AND phone != \"\""),
    ("two_cadres_elsewhere", "(cadre = midwife OR cadre = nurse) AND place != \"County 1\""),
    ("language", "language = fra"),
    ("name", "name ~ Kollie"),
    ("country", "place = Country"),
    ("cadre_country_reachable", "cadre = midwife AND place = Country AND phone != \"\""),
];

pub(super) fn run(report: &mut Report) -> Result<()> {
    super::runtime()?.block_on(async {
        let g = ground(PEOPLE).await?;
        let mut slowest: f64 = 0.0;
        for (name, query) in AUDIENCES {
            let (people, middle) = time(&g.app, query).await?;
            report.figure(&format!("people_{name}"), super::as_f64(people));
            report.figure(&format!("ms_{name}"), middle);
            slowest = slowest.max(middle);
        }
        report.figure("ms_slowest", slowest);
        Ok(())
    })
}

/// How many an audience means, and the middle of the times that the count took, in milliseconds.
async fn time(app: &App, query: &str) -> Result<(i64, f64)> {
    let caller = Caller::system();
    let mut times = Vec::with_capacity(TIMES);
    let mut people = 0;
    for _ in 0..TIMES {
        let started = Instant::now();
        people = app.count_audience(&caller, query).await?;
        times.push(started.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    Ok((people, times[TIMES / 2]))
}
