//! Counts of audiences over 200,000 people: each asked several times, the middle time of each, the slowest of all. And groups by
//! query, asked who of 1,000 changed people is in them now.

use std::time::Instant;

use anyhow::{Result, ensure};
use mhero_app::{App, Caller, groups::KeptBy, people::ImportOptions};
use mhero_core::PersonId;

use super::{
    Report,
    ground::{CADRES, COUNTIES, changed, ground},
};

const PEOPLE: usize = 200_000;
/// Groups by query, and people who change.
const GROUPS: usize = 200;
const CHANGED: usize = 1_000;
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
        groups(report, &g.app).await
    })
}

/// Groups by query that are asked again after a registry has changed many people at once.
async fn groups(report: &mut Report, app: &App) -> Result<()> {
    let caller = Caller::system();
    for n in 0..GROUPS {
        let (cadre, county) = (CADRES[n % CADRES.len()], n / CADRES.len() % COUNTIES);
        let query = match n % 4 {
            0 => format!("cadre = {cadre} AND place = \"County {county}\""),
            1 => format!("place = \"County {county}\" AND language = fra AND phone != \"\""),
            2 => format!("(cadre = {cadre} OR name ~ Kollie) AND place != \"County {county}\""),
            _ => format!("cadre = {cadre} AND language = eng AND place = \"County {county}\""),
        };
        app.create_group(&caller, &format!("Group {n}"), KeptBy::Query(&query)).await?;
    }
    let before = app.store().last_change().await?;
    let records = changed(0..CHANGED).map(Ok);
    app.import(&caller, "files", records, &ImportOptions::default()).await?;
    let changes = app.store().changes_since(before, i64::try_from(CHANGED)? * 4).await?;
    let mut people: Vec<PersonId> = changes
        .iter()
        .filter(|change| change.kind == "person" && change.what == "updated")
        .map(|change| PersonId::from_uuid(change.entity))
        .collect();
    people.sort_unstable();
    people.dedup();
    ensure!(people.len() == CHANGED, "{} people have changed, not {CHANGED}", people.len());
    let mut fastest = f64::MAX;
    for _ in 0..3 {
        let started = Instant::now();
        let found = app.rule_groups_of(&caller, &people).await?;
        fastest = fastest.min(started.elapsed().as_secs_f64());
        let memberships: usize = found.values().map(Vec::len).sum();
        report.figure("memberships_of_changed", super::as_f64(i64::try_from(memberships)?));
    }
    report.figure("seconds_groups_200_changed_1000", fastest);
    Ok(())
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
