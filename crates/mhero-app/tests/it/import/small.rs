//! People: joins, numbers, values, and what comes in again changed.

use mhero_app::{
    AppError, Caller,
    people::{ImportOptions, NewSource},
};
use mhero_core::record::{Problem, Reason, Rejection};
use mhero_store::{Engine, Statement};
use serde_json::{Value, json};

use super::{import, import_into, keys, number, records, texts, verdicts};
use crate::common::{TestApp, engines, liberia};

static PEOPLE: Statement = Statement::both("test::people", "SELECT CAST(COUNT(*) AS BIGINT) FROM person");
static NAMES: Statement = Statement::both("test::names", "SELECT name FROM person ORDER BY name");
static NUMBERS: Statement =
    Statement::both("test::numbers", "SELECT COALESCE(path, bad) FROM person_urn ORDER BY rank, 1");
static VALUES: Statement = Statement::both(
    "test::values",
    "SELECT f.key || '=' || v.text FROM person_value v JOIN field f ON f.id = v.field ORDER BY 1",
);
static FHIR_IDS: Statement =
    Statement::both("test::fhir_ids", "SELECT id FROM fhir_id WHERE type = 'Practitioner' ORDER BY id");

fn nurse(id: &str, name: &str, payroll: &str, phones: &[&str]) -> Value {
    let telecom: Vec<Value> = phones.iter().map(|phone| json!({"system": "phone", "value": phone})).collect();
    json!({
        "resourceType": "Practitioner", "id": id, "name": [{"text": name}], "telecom": telecom,
        "identifier": [{"system": "http://moh.example/payroll", "value": payroll}],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_record_changes_what_follows_from_it_and_nothing_else() {
    for engine in engines() {
        let test = TestApp::new(engine).await;
        import(&test.app, &[nurse("1", "Ann Kollie", "7", &["0770123456", "n/a"])]).await;
        assert_eq!(texts(&test.app, &NUMBERS).await, ["+231770123456", "has_letters"]);
        let report = import(&test.app, &[nurse("1", "Ann Weah", "7", &["0886123456"])]).await;
        assert_eq!(verdicts(&report), [0, 1, 0, 0]);
        assert_eq!(texts(&test.app, &NUMBERS).await, ["+231886123456"]);
        assert_eq!(texts(&test.app, &NAMES).await, ["Ann Weah"]);
        let found = test.app.count_audience(&Caller::system(), "name ~ weah").await.expect("a count");
        let gone = test.app.count_audience(&Caller::system(), "name ~ kollie").await.expect("a count");
        assert_eq!((found, gone), (1, 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identifier_joins_two_sources_and_the_first_keeps_its_values() {
    for engine in engines() {
        let test = TestApp::new(engine).await;
        let with = |mut person: Value, field: &str, value: &str| {
            person["extension"] =
                json!([{"url": format!("http://x/ihris-practitioner-{field}"), "valueString": value}]);
            person
        };
        let hr = with(nurse("1", "Ann Kollie", "7", &["0770123456"]), "hobby", "chess");
        let epi = with(nurse("1", "A. Kollie", "7", &["0886123456", "0770123456"]), "hobby", "cards");
        import_into(&test.app, "hr", records(std::slice::from_ref(&hr))).await;
        let other = nurse("2", "Ben Toe", "8", &[]);
        import_into(&test.app, "epi", records(&[epi, other.clone()])).await;
        assert_eq!(texts(&test.app, &NAMES).await, ["Ann Kollie", "Ben Toe"]);
        assert_eq!(texts(&test.app, &NUMBERS).await, ["+231770123456", "+231886123456", "+231770123456"]);
        assert_eq!(texts(&test.app, &VALUES).await, ["hobby=chess"]);
        assert_eq!(texts(&test.app, &FHIR_IDS).await, ["1", "2"]);
        // The owner has no value any more: the other source's counts. Its own number goes, the other source's same one stays.
        import_into(&test.app, "hr", records(&[nurse("1", "Ann Kollie", "7", &[])])).await;
        assert_eq!(texts(&test.app, &VALUES).await, ["hobby=cards"]);
        assert_eq!(texts(&test.app, &NUMBERS).await, ["+231886123456", "+231770123456"]);
        // An id that another person of another source has already is prefixed.
        import_into(&test.app, "hr", records(&[nurse("2", "Cora Doe", "9", &[])])).await;
        assert_eq!(texts(&test.app, &FHIR_IDS).await, ["1", "2", "hr.2"]);
        assert_eq!(number(&test.app, &PEOPLE, vec![]).await, 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_of_one_source_stay_two_whatever_they_share() {
    let test = TestApp::new(Engine::Sqlite).await;
    let report =
        import(&test.app, &[nurse("1", "Ann", "7", &["0770123456"]), nurse("2", "Ben", "7", &["0770123456"])]).await;
    assert_eq!(verdicts(&report), [2, 0, 0, 0]);
    assert_eq!(keys(&report), ["import-identifier-shared"]);
    assert_eq!(number(&test.app, &PEOPLE, vec![]).await, 2);
    assert_eq!(texts(&test.app, &NUMBERS).await, ["+231770123456", "+231770123456"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_records_with_one_id_the_later_counts() {
    for engine in engines() {
        let test = TestApp::new(engine).await;
        let twice =
            [nurse("1", "Ann", "7", &["0770123456"]), nurse("1", "Anna", "7", &[]), nurse("1", "Anna", "7", &[])];
        let report = import(&test.app, &twice).await;
        assert_eq!(verdicts(&report), [1, 1, 1, 0]);
        assert_eq!(keys(&report), ["import-id-twice", "import-id-twice"]);
        assert_eq!(texts(&test.app, &NAMES).await, ["Anna"]);
        assert_eq!(texts(&test.app, &NUMBERS).await, [""; 0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_records_are_told_and_the_rest_comes_in() {
    let test = TestApp::new(Engine::Sqlite).await;
    let mut all = records(&[nurse("1", "Ann", "7", &["077O12E456"])]);
    all.push(Err(Rejection {
        origin: "staff.csv, row 3".into(),
        problem: Problem { element: "id".into(), reason: Reason::plain("import-row-of-nobody") },
        raw: "{}".into(),
    }));
    let report = import_into(&test.app, "files", all).await;
    assert_eq!((report.read, verdicts(&report)), (2, [1, 0, 0, 1]));
    assert_eq!(keys(&report), ["import-row-of-nobody", "phone-has-letters"]);
    assert_eq!(report.rejections.len(), 1);
    assert!(!format!("{report:?}").contains("staff"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_position_waits_for_person_place_and_codes() {
    for engine in engines() {
        let test = TestApp::new(engine).await;
        let role = json!({
            "resourceType": "PractitionerRole", "id": "r", "practitioner": {"reference": "Practitioner/1"},
            "location": [{"reference": "Location/f"}],
            "code": [{"coding": [{"system": "http://x/ihris-job", "code": "M1"}], "text": "Senior midwife"}],
        });
        let report = import(&test.app, std::slice::from_ref(&role)).await;
        assert_eq!((verdicts(&report), report.waiting), ([1, 0, 0, 0], 1));
        let facility = json!({"resourceType": "Location", "id": "f", "name": "Hope Clinic"});
        assert_eq!(import(&test.app, &[facility]).await.waiting, 1);
        assert_eq!(import(&test.app, &[nurse("1", "Ann", "7", &[])]).await.waiting, 0);
        let ask = async |query: &str| test.app.count_audience(&Caller::system(), query).await.expect(query);
        assert_eq!(ask("job = \"Senior midwife\" AND place = f").await, 1);
        let jobs = json!({
            "resourceType": "CodeSystem", "id": "jobs", "url": "http://x/ihris-job",
            "concept": [{"code": "M1", "display": "Senior midwife", "property": [{"code": "cadre", "valueCode": "midwife"}]}],
        });
        import(&test.app, &[jobs]).await;
        assert_eq!(ask("cadre = midwife").await, 1);
        assert_eq!(verdicts(&import(&test.app, &[role]).await), [0, 0, 1, 0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn real_people_and_the_synthetic_country_never_mix() {
    let test = TestApp::new(Engine::Sqlite).await;
    let key = |error: AppError| match error {
        AppError::Invalid(reason) => reason.key,
        other => other.to_string().leak(),
    };
    let demo = ImportOptions { demo: true, ..ImportOptions::default() };
    let refused = test.app.import(&Caller::system(), "files", std::iter::empty(), &demo).await;
    assert_eq!(refused.map_err(key).expect_err("refused"), "import-demo-into-real");
    let facts = mhero_app::Facts { demo: true, ..liberia() };
    test.app.set_facts(&Caller::system(), &facts).await.expect("facts");
    let real = ImportOptions::default();
    let refused = test.app.import(&Caller::system(), "files", std::iter::empty(), &real).await;
    assert_eq!(refused.map_err(key).expect_err("refused"), "import-into-demo");
    assert!(test.app.import(&Caller::system(), "files", std::iter::empty(), &demo).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_name_is_given_once() {
    for engine in engines() {
        let test = TestApp::new(engine).await;
        let new = NewSource { name: "chw".into(), kind: "files".into(), ..NewSource::default() };
        let caller = Caller::system();
        let (one, two) = tokio::join!(test.app.add_source(&caller, &new), test.app.add_source(&caller, &new));
        assert!(one.is_ok() != two.is_ok());
        assert_eq!(test.app.sources(&caller).await.expect("sources").len(), 1);
    }
}
