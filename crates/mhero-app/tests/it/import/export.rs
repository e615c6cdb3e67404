//! The iHRIS export with phones: what a right import finds, whatever the order of its files.

use std::{path::PathBuf, time::Instant};

use mhero_app::{
    App, Caller,
    people::{ImportOptions, ImportReport},
};
use mhero_core::record::{Record, Rejection};
use mhero_registries::files::{Options, read};
use mhero_store::{Engine, Statement, params};

use super::{import_into, number, verdicts};
use crate::common::{TestApp, engines};

/// Records of the export.
const RECORDS: u64 = 2_329;

static PLACES: Statement = Statement::both("test::places", "SELECT CAST(COUNT(*) AS BIGINT) FROM place");
static PEOPLE: Statement = Statement::both("test::people", "SELECT CAST(COUNT(*) AS BIGINT) FROM person");
static POSITIONS: Statement = Statement::both(
    "test::positions",
    "SELECT CAST(COUNT(*) AS BIGINT) FROM position WHERE place IS NOT NULL AND title IS NOT NULL",
);
static VALID: Statement = Statement::both(
    "test::valid",
    "SELECT CAST(COUNT(DISTINCT person) AS BIGINT) FROM person_urn WHERE path IS NOT NULL",
);
static VALID_AT_WORK: Statement = Statement::both(
    "test::valid_at_work",
    "SELECT CAST(COUNT(DISTINCT u.person) AS BIGINT) FROM person_urn u JOIN position q ON q.person = u.person WHERE u.path IS NOT NULL AND q.active AND (q.end_at IS NULL OR q.end_at > $1)",
);
static NUMBERS: Statement =
    Statement::both("test::numbers", "SELECT CAST(COUNT(DISTINCT path) AS BIGINT) FROM person_urn");
static CADRE: Statement = Statement::both(
    "test::cadre",
    "SELECT CAST(COUNT(DISTINCT q.person) AS BIGINT) FROM position q JOIN title t ON t.id = q.title JOIN cadre c ON c.id = COALESCE(q.cadre, t.cadre) WHERE c.code = $1 AND q.active AND (q.end_at IS NULL OR q.end_at > $2)",
);
static CADRE_VALID: Statement = Statement::both(
    "test::cadre_valid",
    "SELECT CAST(COUNT(DISTINCT q.person) AS BIGINT) FROM position q JOIN title t ON t.id = q.title JOIN cadre c ON c.id = COALESCE(q.cadre, t.cadre) JOIN person_urn u ON u.person = q.person AND u.path IS NOT NULL WHERE c.code = $1 AND q.active AND (q.end_at IS NULL OR q.end_at > $2)",
);
static CHANGES: Statement = Statement::both("test::changes", "SELECT CAST(COUNT(*) AS BIGINT) FROM change");
static ROWS: Statement = Statement::both(
    "test::rows",
    "SELECT CAST((SELECT COUNT(*) FROM place_closure) + (SELECT COUNT(*) FROM person_value) + (SELECT COUNT(*) FROM person_token) + (SELECT COUNT(*) FROM fhir_id) + (SELECT COUNT(*) FROM person_identifier) + (SELECT COUNT(*) FROM place_name) AS BIGINT)",
);

/// The files of the export, in the order of their names: places, people, positions; the codes last.
fn files() -> Option<Vec<PathBuf>> {
    let fixtures = mhero_testkit::fixture("fixtures")?;
    let places = ["Country", "District", "Facility", "Region", "PractitionerRole"].map(|kind| ("ihris", kind));
    let people = ["Practitioner", "CodeSystem"].map(|kind| ("ihris-phones", kind));
    let path = |(folder, kind)| fixtures.join(folder).join(format!("bundle-{kind}.json"));
    Some(places.into_iter().chain(people).map(path).collect())
}

fn read_all(files: &[PathBuf]) -> Vec<Result<Record, Rejection>> {
    files.iter().flat_map(|file| read(file, &Options::default()).expect("readable")).collect()
}

async fn asked(app: &App, query: &str) -> i64 {
    app.count_audience(&Caller::system(), query).await.expect(query)
}

/// What stands in the issue and in the notes of the export.
async fn check(app: &App) {
    let now = app.clock().now_micros();
    assert_eq!(number(app, &PLACES, vec![]).await, 297);
    assert_eq!(number(app, &PEOPLE, vec![]).await, 1_007);
    assert_eq!(number(app, &POSITIONS, vec![]).await, 1_008);
    assert_eq!(number(app, &VALID, vec![]).await, 879);
    assert_eq!(number(app, &VALID_AT_WORK, params![now]).await, 867);
    assert_eq!(number(app, &NUMBERS, vec![]).await, 924);
    for (cadre, people, valid) in [
        ("clinical-officer", 1, 0),
        ("community-health-worker", 3, 3),
        ("doctor", 43, 38),
        ("laboratory", 51, 42),
        ("midwife", 25, 20),
        ("nurse", 482, 419),
        ("pharmacist", 10, 6),
        ("support", 380, 339),
    ] {
        assert_eq!(number(app, &CADRE, params![cadre, now]).await, people, "{cadre}");
        assert_eq!(number(app, &CADRE_VALID, params![cadre, now]).await, valid, "{cadre}");
    }
    for (place, by_job, by_cadre) in
        [("Capital", [10, 8], [10, 8]), ("Gisamba", [1, 0], [5, 4]), ("Musoza", [4, 3], [4, 3])]
    {
        for (query, [all, valid]) in [("job = \"Midwife\"", by_job), ("cadre = midwife", by_cadre)] {
            let query = format!("{query} AND place = \"{place}\"");
            assert_eq!(asked(app, &query).await, all, "{query}");
            assert_eq!(asked(app, &format!("{query} AND phone != \"\"")).await, valid, "{query}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_export_comes_in_and_comes_again_unchanged() {
    let Some(files) = files() else { return };
    for engine in engines() {
        let test = TestApp::new(engine).await;
        let began = Instant::now();
        let report = import_into(&test.app, "files", read_all(&files)).await;
        eprintln!("{engine:?}: {report:?} in {:?}", began.elapsed());
        assert_eq!(report.read, RECORDS);
        assert_eq!(verdicts(&report), [RECORDS, 0, 0, 0]);
        assert_eq!(report.waiting, 0);
        check(&test.app).await;
        let source = &test.app.sources(&Caller::system()).await.expect("sources")[0];
        let summary = test.app.store().last_import(source.id).await.expect("it answers");
        assert_eq!(summary, Some(report.summary().to_string()));
        let changes = number(&test.app, &CHANGES, vec![]).await;
        let rows = number(&test.app, &ROWS, vec![]).await;
        let began = Instant::now();
        let again = import_into(&test.app, "files", read_all(&files)).await;
        eprintln!("{engine:?}: {again:?} in {:?}", began.elapsed());
        assert_eq!(verdicts(&again), [0, 0, RECORDS, 0]);
        assert_eq!(
            (number(&test.app, &CHANGES, vec![]).await, number(&test.app, &ROWS, vec![]).await),
            (changes, rows)
        );
        check(&test.app).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_come_in_any_order_and_alone() {
    let Some(mut files) = files() else { return };
    let mut counts = None;
    for turn in 0..4 {
        // Backwards first: positions before people, and codes before both.
        if turn == 0 {
            files.reverse();
        } else {
            files.rotate_left(3);
        }
        let test = TestApp::new(Engine::Sqlite).await;
        for file in &files {
            // The last orders come in one run.
            if turn < 3 {
                let report = import_into(&test.app, "files", read_all(std::slice::from_ref(file))).await;
                assert_eq!(report.rejected + report.updated + report.unchanged, 0, "{}", file.display());
            }
        }
        if turn == 3 {
            import_into(&test.app, "files", read_all(&files)).await;
        }
        check(&test.app).await;
        let rows = number(&test.app, &ROWS, vec![]).await;
        assert_eq!(*counts.get_or_insert(rows), rows, "order {turn}");
        let again = import_into(&test.app, "files", read_all(&files)).await;
        assert_eq!(verdicts(&again), [0, 0, RECORDS, 0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_imports_at_once_end_as_one() {
    let Some(files) = files() else { return };
    for engine in engines() {
        let test = TestApp::new(engine).await;
        let second = test.second().await;
        let (one, two) = tokio::join!(
            import_into(&test.app, "files", read_all(&files)),
            import_into(&second, "files", read_all(&files))
        );
        assert_eq!(one.created + two.created, RECORDS);
        assert_eq!(one.unchanged + two.unchanged, RECORDS);
        check(&test.app).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_says_the_same_and_writes_nothing() {
    let Some(files) = files() else { return };
    let test = TestApp::new(Engine::Sqlite).await;
    let options = ImportOptions { dry_run: true, ..ImportOptions::default() };
    let caller = Caller::system();
    let dry = |records: Vec<_>| test.app.import(&caller, "files", records.into_iter(), &options);
    let before: ImportReport = Box::pin(dry(read_all(&files))).await.expect("a dry run");
    assert_eq!((verdicts(&before), before.waiting), ([RECORDS, 0, 0, 0], 0));
    assert_eq!(number(&test.app, &PEOPLE, vec![]).await + number(&test.app, &PLACES, vec![]).await, 0);
    let real = import_into(&test.app, "files", read_all(&files)).await;
    assert_eq!(real.summary(), before.summary());
    let after = Box::pin(dry(read_all(&files))).await.expect("a dry run");
    assert_eq!(verdicts(&after), [0, 0, RECORDS, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_cut_short_is_completed_by_the_next() {
    let Some(files) = files() else { return };
    for cut in [1, 350, 1_200, 2_300] {
        let test = TestApp::new(Engine::Sqlite).await;
        // What a killed process leaves behind: whole units, and a run that never came to its end.
        let options = ImportOptions::default();
        let records = read_all(&files).into_iter().enumerate().map(move |(at, record)| {
            assert!(at < cut, "cut");
            record
        });
        let app = test.app.clone();
        let cut_short = tokio::spawn(async move {
            let records: Box<dyn Iterator<Item = _> + Send> = Box::new(records);
            app.import(&Caller::system(), "files", records, &options).await.map(|_| ())
        });
        assert!(cut_short.await.is_err(), "the iterator panics");
        // The lease of the dead run ends by time.
        test.hand.advance(jiff::SignedDuration::from_secs(60));
        let report = import_into(&test.app, "files", read_all(&files)).await;
        assert_eq!(report.created + report.unchanged, RECORDS);
        check(&test.app).await;
    }
}
