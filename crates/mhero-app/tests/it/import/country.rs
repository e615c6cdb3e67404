//! The synthetic country: its two registries come in, joined by payroll number, as it says itself.

use std::{collections::BTreeMap, time::Instant};

use jiff::civil::date;
use mhero_app::{
    App, Caller, Facts,
    people::{ImportOptions, ImportReport, NewSource},
};
use mhero_core::record::{Record, Rejection};
use mhero_country::{Country, PAYROLL_SYSTEM, SourceFile, Spec};
use mhero_registries::files::{Options, read};
use mhero_store::{Engine, Statement};

use super::number;
use crate::common::{TestApp, engines, liberia};

static PEOPLE: Statement = Statement::both("test::people", "SELECT CAST(COUNT(*) AS BIGINT) FROM person");
static NUMBERS: Statement =
    Statement::both("test::numbers", "SELECT CAST(COUNT(DISTINCT path) AS BIGINT) FROM person_urn");
static REACHABLE: Statement = Statement::both(
    "test::reachable",
    "SELECT CAST(COUNT(DISTINCT person) AS BIGINT) FROM person_urn WHERE path IS NOT NULL",
);
static PLACES: Statement = Statement::both("test::places", "SELECT CAST(COUNT(*) AS BIGINT) FROM place");
static CADRES: Statement = Statement::both("test::cadres", "SELECT CAST(COUNT(*) AS BIGINT) FROM cadre");

fn records(file: &SourceFile) -> Vec<Result<Record, Rejection>> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(&file.name);
    std::fs::write(&path, &file.bytes).expect("written");
    read(&path, &Options::default()).expect("readable").collect()
}

async fn load(app: &App, country: &Country, backwards: bool) -> Vec<ImportReport> {
    let options = ImportOptions { demo: true, ..ImportOptions::default() };
    let mut files: Vec<SourceFile> = country.files().collect();
    if backwards {
        // Within a registry only: that a table's facilities are those of the HR registry is seen when it comes second.
        let table = files.pop().expect("the table");
        files.reverse();
        files.push(table);
    }
    let mut reports = Vec::new();
    for file in &files {
        let began = Instant::now();
        let all = records(file);
        let read = began.elapsed();
        let report = app.import(&Caller::system(), file.source, all.into_iter(), &options).await.expect("an import");
        eprintln!("{}: {report:?} in {:?} (reading {read:?})", file.name, began.elapsed());
        reports.push(report);
    }
    reports
}

async fn prepare(engine: Engine) -> TestApp {
    let test = TestApp::new(engine).await;
    let caller = Caller::system();
    test.app.set_facts(&caller, &Facts { demo: true, ..liberia() }).await.expect("facts");
    for name in [Country::HR_REGISTRY, Country::CHW_REGISTER] {
        let new = NewSource {
            name: name.to_owned(),
            kind: "files".to_owned(),
            config: vec![("identifier.payroll".to_owned(), PAYROLL_SYSTEM.to_owned())],
            ..NewSource::default()
        };
        test.app.add_source(&caller, &new).await.expect("a source");
    }
    test
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_import_finds_what_the_country_says() {
    let spec = Spec { workers: 600, facilities: 80, ..Spec::new(7, date(2026, 5, 14)) };
    let country = Country::generate(&spec).expect("a valid spec");
    let truth = country.truth();
    for (engine, backwards) in engines().into_iter().map(|engine| (engine, false)).chain([(Engine::Sqlite, true)]) {
        let test = prepare(engine).await;
        let app = &test.app;
        let reports = load(app, &country, backwards).await;
        assert_eq!(reports.iter().map(|report| report.rejected).sum::<u64>(), 0);
        assert_eq!(reports.last().map(|report| report.waiting), Some(0));
        let mut keys: BTreeMap<&str, usize> = BTreeMap::new();
        for problem in reports.iter().flat_map(|report| &report.problems) {
            *keys.entry(problem.problem.reason.key).or_default() += 1;
        }
        assert!(keys.keys().all(|key| key.starts_with("phone-")), "{keys:?}");
        let count = async |statement: &'static Statement| number(app, statement, vec![]).await;
        assert_eq!(count(&PEOPLE).await, number_of(truth.people));
        assert_eq!(count(&NUMBERS).await, number_of(truth.numbers));
        assert_eq!(count(&REACHABLE).await, number_of(truth.reachable));
        let places = 1 + country.counties().len() + country.districts().len() + country.facilities().len();
        assert_eq!(count(&PLACES).await, number_of(places));
        assert_eq!(count(&CADRES).await, number_of(mhero_country::Cadre::ALL.len()));
        let ask = async |query: String| app.count_audience(&Caller::system(), &query).await.expect(&query);
        for (cadre, tally) in &truth.by_cadre {
            assert_eq!(ask(format!("cadre = {}", cadre.code())).await, number_of(tally.people), "{cadre:?}");
        }
        for ((county, cadre), tally) in &truth.by_county_and_cadre {
            let id = &country.counties().iter().find(|c| c.name == *county).expect("a county").id;
            let query = format!("place = \"{id}\" AND cadre = {} AND phone != \"\"", cadre.code());
            assert_eq!(ask(query).await, number_of(tally.reachable), "{county} {cadre:?}");
        }
        let again = load(app, &country, backwards).await;
        assert!(again.iter().all(|report| report.unchanged == report.read && report.warnings == 0), "{again:?}");
        assert_eq!(count(&PEOPLE).await, number_of(truth.people));
    }
}

fn number_of(count: usize) -> i64 {
    i64::try_from(count).expect("a small number")
}
