//! Two registries of 10,000 people of the synthetic country, of whom most stand in both: how long the application takes to compare
//! them and to join those who are one.

use std::time::Instant;

use anyhow::{Result, ensure};
use mhero_app::{App, Caller, people::ImportOptions};
use mhero_core::record::{Content, PathStep, PersonRecord, PositionRecord, RawPhone, Record, Ref};
use mhero_country::{Country, Spec, Worker};

use super::{Report, ground::ground, processor_seconds};

/// People of each registry, and those who stand in both.
const REGISTRY: usize = 10_000;
const BOTH: usize = 7_000;
const SEED: u64 = 7;

pub(super) fn run(report: &mut Report) -> Result<()> {
    let people = 2 * REGISTRY - BOTH;
    let spec = Spec { workers: people, facilities: 300, ..Spec::new(SEED, jiff::civil::date(2026, 5, 14)) };
    let country = Country::generate(&spec)?;
    super::runtime()?.block_on(async {
        let ground = ground(0).await?;
        let app = &ground.app;
        let hr = country.workers().iter().enumerate().take(REGISTRY);
        import(app, "hr", hr.map(|(n, worker)| record(&country, n, worker, false)).collect()).await?;
        let chw = country.workers().iter().enumerate().skip(people - REGISTRY);
        import(app, "chw", chw.map(|(n, worker)| record(&country, n, worker, true)).collect()).await?;
        let (started, processor) = (Instant::now(), processor_seconds());
        app.run_until_idle().await?;
        let (seconds, joined) = (started.elapsed().as_secs_f64(), app.store().aliases().await?.len());
        report.figure("seconds", seconds);
        report.figure("seconds_of_processor", processor_seconds() - processor);
        ensure!(joined > BOTH / 2 && joined <= BOTH, "{joined} were joined, of {BOTH}");
        let joined = super::as_f64(i64::try_from(joined)?);
        report.figure("joined", joined);
        report.figure("joined_per_s", joined / seconds);
        let caller = Caller::system();
        report.figure("people", super::as_f64(app.count_audience(&caller, "*").await?));
        report.figure("pairs_to_review", super::as_f64(app.count_link_pairs(&caller).await?));
        Ok(())
    })
}

async fn import(app: &App, source: &str, records: Vec<Record>) -> Result<()> {
    let records = records.into_iter().map(Ok);
    app.import(&Caller::system(), source, records, &ImportOptions::default()).await?;
    Ok(())
}

/// A worker as the HR registry has them, or the other register: there every third name is turned about in capitals, every fifth
/// birth is missing, and every seventh number is another.
fn record(country: &Country, n: usize, worker: &Worker, is_other: bool) -> Record {
    let facility = worker.current_facilities(country.today()).into_iter().next();
    let facility = facility.map(|at| &country.facilities()[at]);
    let step = |level: &str, name: &str| PathStep { level: Some(level.to_owned()), name: name.to_owned() };
    let place = facility.map(|at| {
        let district = &country.districts()[at.district];
        Ref::Path(vec![step("county", country.counties()[at.county].name), step("district", district.name)])
    });
    let (given, family) = match is_other && n.is_multiple_of(3) {
        true => (worker.name.family.to_uppercase(), worker.name.given.to_uppercase()),
        false => (worker.name.given.to_owned(), worker.name.family.to_owned()),
    };
    let has_birth = !(is_other && n.is_multiple_of(5));
    let numbers = match is_other && n.is_multiple_of(7) {
        true => vec![format!("+231886{n:06}")],
        false => worker.numbers(),
    };
    let phone = |raw: String| RawPhone { raw, usage: None, element: "phone".into() };
    let person = PersonRecord {
        name: format!("{given} {family}"),
        given,
        family,
        sex: Some(worker.sex.code().to_owned()),
        birth: has_birth.then(|| worker.birth.to_string().parse().ok()).flatten(),
        active: true,
        phones: numbers.into_iter().map(phone).collect(),
        positions: vec![PositionRecord { place, active: true, ..PositionRecord::default() }],
        ..PersonRecord::default()
    };
    Record {
        origin: format!("row {n}"),
        kind: "row".into(),
        id: format!("{}{n}", if is_other { "CHW-" } else { "HR-" }),
        raw: format!("{n} {is_other}"),
        warnings: vec![],
        content: Content::Person(Box::new(person)),
    }
}
