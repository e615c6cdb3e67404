//! Tables: places by their names, cadres by their words, groups and staff numbers.

use std::io::Write;

use mhero_app::{Caller, people::NewSource};
use mhero_core::record::{Record, Rejection};
use mhero_registries::files::{Options, read};
use mhero_store::{Engine, Statement};
use serde_json::json;

use super::{import, import_into, keys, number, records, texts, verdicts};
use crate::common::{TestApp, engines};

static PLACES: Statement = Statement::both("test::places", "SELECT CAST(COUNT(*) AS BIGINT) FROM place");
static PEOPLE: Statement = Statement::both("test::people", "SELECT CAST(COUNT(*) AS BIGINT) FROM person");
static WORK: Statement = Statement::both(
    "test::work",
    "SELECT p.name || ': ' || COALESCE(f.search, '-') || ', ' || COALESCE(c.code, '-') FROM position q JOIN person p ON p.id = q.person LEFT JOIN place f ON f.id = q.place LEFT JOIN cadre c ON c.id = q.cadre ORDER BY 1",
);
static CADRES: Statement = Statement::both("test::cadres", "SELECT code FROM cadre ORDER BY code");

fn table(text: &str) -> Vec<Result<Record, Rejection>> {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().expect("a file");
    file.write_all(text.as_bytes()).expect("written");
    read(file.path(), &Options::default()).expect("readable").collect()
}

fn tree() -> Vec<serde_json::Value> {
    let place = |id: &str, name: &str, level: &str, parent: Option<&str>| {
        let mut place = json!({
            "resourceType": "Location", "id": id, "name": name,
            "meta": {"profile": [format!("http://ihris.org/fhir/StructureDefinition/ihris-{level}")]},
        });
        if let Some(parent) = parent {
            place["partOf"] = json!({"reference": format!("Location/{parent}")});
        }
        place
    };
    vec![
        place("n", "North", "region", None),
        place("s", "South", "region", None),
        place("fn", "Hope Clinic", "facility", Some("n")),
        place("fs", "Hope Clinic", "facility", Some("s")),
        place("w", "Water Clinic", "facility", Some("s")),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_find_their_places_by_name() {
    for engine in engines() {
        let test = TestApp::new(engine).await;
        import_into(&test.app, "hr", records(&tree())).await;
        let rows = table(
            "id,name,county,facility,cadre\n1,Ann,NORTH,hope clinic,Community health worker\n2,Ben,,Hope Clinic,community-health-worker\n\
             3,Cora,,Water Clinic,\n4,Dan,South,Rock Clinic,Midwife\n5,Eve,Weast,Sand Clinic,Midwife\n",
        );
        let report = import_into(&test.app, "chw", rows.clone()).await;
        assert_eq!(verdicts(&report), [5, 0, 0, 0]);
        let mut warned = keys(&report);
        warned.sort_unstable();
        assert_eq!(warned, ["import-place-ambiguous", "import-place-new", "import-place-unknown"]);
        let work = [
            "Ann: hope clinic, community-health-worker",
            "Ben: -, community-health-worker",
            "Cora: water clinic, -",
            "Dan: rock clinic, midwife",
            "Eve: -, midwife",
        ];
        assert_eq!(texts(&test.app, &WORK).await, work);
        let north = test.app.count_audience(&Caller::system(), "place = North").await.expect("a count");
        assert_eq!(north, 1);
        let again = import_into(&test.app, "chw", rows).await;
        assert_eq!((verdicts(&again), again.warnings), ([0, 0, 5, 0], 0));
        assert_eq!(texts(&test.app, &WORK).await, work);
        assert_eq!(number(&test.app, &PLACES, vec![]).await, 6);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_alone_makes_its_places() {
    let test = TestApp::new(Engine::Sqlite).await;
    let rows = table(
        "id,name,county,district,facility\n1,Ann,North,Hill,Hope Clinic\n2,Ben,North,Hill,Hope Clinic\n3,Cora,North,Lake,Hope Clinic\n",
    );
    let report = import_into(&test.app, "files", rows).await;
    assert_eq!(report.created, 3);
    assert_eq!(number(&test.app, &PLACES, vec![]).await, 5);
    let hill = test.app.count_audience(&Caller::system(), "place = Hill").await.expect("a count");
    let north = test.app.count_audience(&Caller::system(), "place = North").await.expect("a count");
    assert_eq!((hill, north), (2, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_system_takes_over_cadres_that_were_words() {
    for engine in engines() {
        let test = TestApp::new(engine).await;
        import_into(&test.app, "files", table("id,name,cadre,job\n1,Ann,Sage-femme,Matrone\n2,Ben,Midwife,\n")).await;
        assert_eq!(texts(&test.app, &CADRES).await, ["midwife", "sage-femme"]);
        let cadres = json!({
            "resourceType": "CodeSystem", "id": "c", "url": "http://x/ihris-cadre",
            "concept": [{"code": "midwife", "display": "Midwife", "designation": [{"language": "fr", "value": "Sage-femme"}]}],
        });
        import(&test.app, &[cadres]).await;
        assert_eq!(texts(&test.app, &CADRES).await, ["midwife"]);
        let midwives = test.app.count_audience(&Caller::system(), "cadre = midwife").await.expect("a count");
        let jobs = test.app.count_audience(&Caller::system(), "job = Matrone").await.expect("a count");
        assert_eq!((midwives, jobs), (2, 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_staff_number_joins_once_its_system_is_known() {
    let test = TestApp::new(Engine::Sqlite).await;
    let person = json!({
        "resourceType": "Practitioner", "id": "1", "name": [{"text": "Ann Kollie"}],
        "identifier": [{"system": "http://moh.example/payroll", "value": "7"}],
    });
    import_into(&test.app, "hr", records(&[person])).await;
    let new = NewSource {
        name: "chw".into(),
        kind: "files".into(),
        config: vec![("identifier.payroll".into(), "http://moh.example/payroll".into())],
        ..NewSource::default()
    };
    test.app.add_source(&Caller::system(), &new).await.expect("a source");
    import_into(
        &test.app,
        "chw",
        table("id,payroll,name,phone,group,training\nc1,7,A. Kollie,0770123456,Rapid response,EPI\nc2,,Ben,,,\n"),
    )
    .await;
    assert_eq!(number(&test.app, &PEOPLE, vec![]).await, 2);
    for query in ["group = \"rapid response\" AND phone != \"\"", "training = EPI"] {
        assert_eq!(test.app.count_audience(&Caller::system(), query).await.expect(query), 1, "{query}");
    }
    // Without it the number counts within its source only.
    import_into(&test.app, "other", table("id,payroll,name\no1,7,Ann K\n")).await;
    assert_eq!(number(&test.app, &PEOPLE, vec![]).await, 3);
}
