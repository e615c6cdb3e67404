//! Audiences, lists, places and groups as officials use them, by the whole country and by one district.

use mhero_app::{
    AppError, Caller,
    groups::KeptBy,
    people::{ImportOptions, PeopleAsked},
};
use mhero_core::{
    Lang, LangMap, PersonId, PlaceId, Rights, Role, Scope,
    record::{
        Coded, Content, Identifier, PersonRecord, PlaceRecord, PositionRecord, RawPhone, Record, Ref, TrainingRecord,
        Value, ValueRecord,
    },
};
use mhero_query::Problem;
use mhero_store::{Actor, Queue, Statement, Unit, params};
use uuid::Uuid;

use crate::common::{TestApp, engines};

static GRANT: Statement = Statement::both(
    "test::grant",
    "INSERT INTO role_grant (id, principal, role, place, programme, created_at) VALUES ($1, $1, 'district', $2, NULL, 0)",
);

/// Id, names by language, the place above, whether it is a facility. Two places bear one name.
const PLACES: &[(&str, &str, &str, &str, bool)] = &[
    ("C", "Sewara", "Sewara", "", false),
    ("L", "Lofa", "Lofa", "C", false),
    ("B", "Bong", "Bong", "C", false),
    ("L1", "Bondou", "Bondou", "L", true),
    ("B1", "Bondou", "Bondou", "B", true),
    ("B2", "River Clinic", "Clinique du fleuve", "B", true),
];

/// Id, name, language, cadre, place, phone.
const PEOPLE: &[(&str, &str, &str, &str, &str, &str)] = &[
    ("P1", "Martha Kollie", "eng", "midwife", "L1", "0770 000 001"),
    ("P2", "Élodie Camara", "fra", "midwife", "B1", "0770 000 002"),
    ("P3", "James Kolubah", "eng", "nurse", "B1", "0770 000 002"),
    ("P4", "Hawa Doe", "fra", "nurse", "B2", "077O12E456"),
    ("P5", "Musa Zaza", "", "midwife", "B", "0770 000 005"),
    ("P6", "Ruth Tarr", "eng", "", "", "0770 000 006"),
];

fn record(kind: &str, id: &str, content: Content) -> Record {
    Record {
        origin: id.into(),
        kind: kind.into(),
        raw: format!("{id} {content:?}"),
        id: id.into(),
        warnings: vec![],
        content,
    }
}

fn at(id: &str) -> Option<Ref> {
    (!id.is_empty()).then(|| Ref::Id { kind: "Location".into(), id: id.into() })
}

fn places() -> impl Iterator<Item = Record> {
    PLACES.iter().map(|(id, english, french, parent, is_facility)| {
        let mut name = LangMap::one(Lang::ENGLISH, *english);
        name.insert(Lang::FRENCH, *french);
        let (parent, is_facility) = (at(parent), *is_facility);
        record(
            "Location",
            id,
            Content::Place(PlaceRecord { name, parent, is_facility, active: true, ..PlaceRecord::default() }),
        )
    })
}

fn people() -> impl Iterator<Item = Record> {
    PEOPLE.iter().map(|(id, name, language, cadre, place, phone)| {
        let coded = |word: &str| Coded { system: None, code: Some(word.into()), text: Some(word.into()) };
        let position =
            PositionRecord { place: at(place), cadre: Some(coded(cadre)), active: true, ..PositionRecord::default() };
        let training = TrainingRecord {
            course: Coded { text: Some("Soins prénatals".into()), ..Coded::default() },
            end: Some("2026-01-10".parse().expect("a day")),
            ..TrainingRecord::default()
        };
        let person = PersonRecord {
            name: (*name).into(),
            language: language.parse().ok(),
            active: true,
            phones: vec![RawPhone { raw: (*phone).into(), usage: None, element: "phone".into() }],
            identifiers: vec![Identifier { system: "http://moh.example/payroll".into(), value: format!("N{id}") }],
            values: vec![ValueRecord {
                field: "grade".into(),
                value: Value::Number(f64::from(id.as_bytes()[1] - b'0')),
            }],
            positions: if place.is_empty() { vec![] } else { vec![position] },
            trainings: if *language == "fra" { vec![training] } else { vec![] },
            ..PersonRecord::default()
        };
        record("Practitioner", id, Content::Person(Box::new(person)))
    })
}

pub(crate) async fn country(engine: mhero_store::Engine) -> TestApp {
    let test = TestApp::new(engine).await;
    let records = places().chain(people()).map(Ok).collect::<Vec<_>>().into_iter();
    let report = test.app.import(&Caller::system(), "hr", records, &ImportOptions::default()).await.expect("an import");
    assert_eq!(report.rejected, 0, "{:?}", report.problems);
    test
}

/// An officer of Bong.
async fn officer(test: &TestApp) -> Caller {
    let bong = place(test, "B").await;
    let id = Uuid::from_u128(77);
    let mut unit = Unit::new();
    unit.one(&GRANT, params![id, bong]);
    test.app.store().write(unit, Queue::Interactive).await.expect("it is granted");
    let scope = Scope::of(id, false, true, Rights::of([Role::District]));
    Caller { scope, actor: Actor { kind: "user", id: Some(id) }, language: Lang::ENGLISH }
}

pub(crate) async fn place(test: &TestApp, code: &str) -> PlaceId {
    let found = test.app.store().places_called("", code).await.expect("it answers");
    found.first().expect("a place").id
}

async fn names(test: &TestApp, caller: &Caller, query: &str, find: &str) -> Vec<String> {
    let asked = PeopleAsked { query, find, ..PeopleAsked::default() };
    let rows = test.app.people(caller, &asked, 100).await.expect("it answers");
    rows.into_iter().map(|row| row.name.split(' ').next().expect("a name").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn audiences_mean_whom_officials_mean() {
    for engine in engines() {
        let test = country(engine).await;
        let system = Caller::system();
        for (query, expected) in [
            ("*", &["Élodie", "Hawa", "James", "Martha", "Musa", "Ruth"][..]),
            ("cadre = midwife", &["Élodie", "Martha", "Musa"]),
            ("place = Bong", &["Élodie", "Hawa", "James", "Musa"]),
            ("facility = \"Clinique du fleuve\"", &["Hawa"]),
            ("facility = B1 AND language = fra", &["Élodie"]),
            ("place = l1", &["Martha"]),
            ("place = Sewara AND phone = \"\"", &["Hawa"]),
            ("phone = 0770000002", &["Élodie", "James"]),
            ("place = \"\"", &["Ruth"]),
            ("grade > 4", &["Musa", "Ruth"]),
            ("training = \"soins prenatals\"", &["Élodie", "Hawa"]),
            ("training.soins_prenatals < 2026-01-01", &[]),
            ("soins_prenatals >= 2026-01-10", &["Élodie", "Hawa"]),
            ("name ~ kol", &["James", "Martha"]),
            ("source = hr AND cadre != midwife", &["Hawa", "James", "Ruth"]),
            ("sent = \"\"", &["Élodie", "Hawa", "James", "Martha", "Musa", "Ruth"]),
        ] {
            assert_eq!(names(&test, &system, query, "").await, expected, "{query} on {engine:?}");
            let count = test.app.count_audience(&system, query).await.expect(query);
            assert_eq!(usize::try_from(count), Ok(expected.len()), "{query}");
        }
        let audience = test.app.check_audience(&system, "cadre = midwife AND place = Bong").await.expect("it is right");
        assert_eq!(audience.sentence(Lang::ENGLISH), "midwives who work in Bong");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_audience_says_what_to_write_instead() {
    let test = country(mhero_store::Engine::Sqlite).await;
    let refused = async |query: &str| match test.app.check_audience(&Caller::system(), query).await {
        Err(AppError::Query(error)) => *error.problem,
        other => unreachable!("{query}: {other:?}"),
    };
    let Problem::AmbiguousName { candidates, .. } = refused("place = Bondou").await else { unreachable!("ambiguous") };
    let told: Vec<_> = candidates.iter().map(|one| (one.write.as_str(), one.path.as_str())).collect();
    assert_eq!(told, [("L1", "Lofa, Sewara"), ("B1", "Bong, Sewara")]);
    let Problem::UnknownName { near, .. } = refused("place = Bonng").await else { unreachable!("unknown") };
    assert_eq!(near, ["Bong"]);
    let Problem::UnknownName { near, .. } = refused("cadre = midwive").await else { unreachable!("unknown") };
    assert_eq!(near, ["midwife"]);
    assert_eq!(refused("").await, Problem::Empty, "a forgotten audience is not the whole country");
    assert!(matches!(refused("group = nobody").await, Problem::UnknownName { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_finds_names_numbers_and_places() {
    for engine in engines() {
        let test = country(engine).await;
        let system = Caller::system();
        for (find, expected) in [
            ("elodie cam", &["Élodie"][..]),
            ("0770 000 002", &["Élodie", "James"]),
            ("+231 770 000 006", &["Ruth"]),
            ("00005", &["Musa"]),
            ("clinique", &["Hawa"]),
            ("lof", &["Martha"]),
            ("??", &[]),
        ] {
            assert_eq!(names(&test, &system, "", find).await, expected, "{find} on {engine:?}");
        }
        assert_eq!(names(&test, &system, "cadre = nurse", "0770").await, ["James"]);
        let count = test.app.count_people(&system, &PeopleAsked::default()).await.expect("it answers");
        assert_eq!((count.matched, count.with_number), (6, 5));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_keeps_its_contract() {
    for engine in engines() {
        let test = country(engine).await;
        let mut rows = Vec::new();
        let each = |row| {
            rows.push(serde_json::to_value(&row).expect("it is JSON"));
            Ok::<_, AppError>(())
        };
        let asked = PeopleAsked { query: "name ~ James OR name ~ Musa OR name ~ Hawa", ..PeopleAsked::default() };
        test.app.each_person(&Caller::system(), &asked, None, each).await.expect("it answers");
        let plain = |at: usize| {
            let mut row = rows[at].clone();
            row["id"].take();
            row
        };
        assert_eq!(
            plain(1),
            serde_json::json!({
                "id": null, "name": "James Kolubah", "phones": ["+231770000002"], "cadre": "nurse", "facility": "Bondou",
                "place": "Bong, Sewara", "sources": [{ "source": "hr", "id": "P3" }],
            })
        );
        assert_eq!((&plain(0)["phones"], &plain(0)["facility"]), (&serde_json::json!([]), &"River Clinic".into()));
        assert_eq!((&plain(2)["facility"], &plain(2)["place"]), (&serde_json::Value::Null, &"Bong, Sewara".into()));
        let mut two = 0;
        let count = |_| {
            two += 1;
            Ok::<_, AppError>(())
        };
        test.app.each_person(&Caller::system(), &PeopleAsked::default(), Some(2), count).await.expect("it answers");
        assert_eq!(two, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_is_shown_and_reading_a_number_is_audited() {
    for engine in engines() {
        let test = country(engine).await;
        let system = Caller::system();
        let james = test.app.find_person(&system, "P3").await.expect("by the source's id");
        assert_eq!(test.app.find_person(&system, "NP3").await.expect("by an identifier"), james);
        assert_eq!(test.app.find_person(&system, &james.to_string()).await.expect("by our id"), james);
        let ruth = test.app.find_person(&system, "0770-000-006").await.expect("by a phone");
        assert_ne!(ruth, james);
        let several = test.app.find_person(&system, "0770000002").await.expect_err("two have it");
        let AppError::Invalid(reason) = &several else { unreachable!("{several:?}") };
        assert_eq!(reason.key, "people-several");
        assert!(reason.args.iter().any(|(name, value)| *name == "list" && value.contains("Élodie Camara")));
        assert!(matches!(test.app.find_person(&system, "P99").await, Err(AppError::NotFound { .. })));

        let page = test.app.person(&system, james).await.expect("a page");
        let json = page.to_json(&system, test.app.clock().now_micros());
        assert_eq!(json["numbers"][0]["shared_with"], 1);
        assert_eq!(json["values"][0]["source"], "hr");
        assert_eq!(json["positions"][0]["current"], true);
        let number = page.record.numbers[0].id;
        assert_eq!(test.app.show_number(&system, james, number).await.expect("it is shown"), "+231770000002");
        let other = test.app.show_number(&system, ruth, number).await;
        assert!(matches!(other, Err(AppError::NotFound { .. })), "the number of another");
        let audited =
            Statement::both("test::shown", "SELECT CAST(COUNT(*) AS BIGINT) FROM audit WHERE action = 'number-shown'");
        let audited: &'static Statement = Box::leak(Box::new(audited));
        let row = test.app.store().first(audited, vec![]).await.expect("it answers").expect("a row");
        assert_eq!(row.get::<i64>(0).expect("a number"), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_never_sees_beyond_the_district() {
    for engine in engines() {
        let test = country(engine).await;
        let officer = officer(&test).await;
        let everybody = ["Élodie", "Hawa", "James", "Musa"];
        assert_eq!(names(&test, &officer, "", "").await, everybody);
        assert_eq!(names(&test, &officer, "*", "").await, everybody);
        assert!(names(&test, &officer, "place = Lofa", "").await.is_empty());
        assert!(names(&test, &officer, "", "0770000001").await.is_empty());
        assert_eq!(test.app.count_audience(&officer, "place = Sewara").await.expect("it answers"), 4);
        for text in ["P1", "NP1", "0770000001", "P6"] {
            assert!(matches!(test.app.find_person(&officer, text).await, Err(AppError::NotFound { .. })), "{text}");
        }
        let martha = test.app.find_person(&Caller::system(), "P1").await.expect("a person");
        assert!(matches!(test.app.person(&officer, martha).await, Err(AppError::NotFound { .. })));
        let number = test.app.person(&Caller::system(), martha).await.expect("a page").record.numbers[0].id;
        assert!(matches!(test.app.show_number(&officer, martha, number).await, Err(AppError::NotFound { .. })));
        let group = test.app.create_group(&officer, "Mine", KeptBy::Hand(None)).await;
        assert!(matches!(group, Err(AppError::NotAllowed { .. })));

        let tree = test.app.places(&officer, None).await.expect("it answers");
        assert_eq!(
            tree.iter().map(|row| (row.place.name.best(Lang::ENGLISH), row.people)).collect::<Vec<_>>(),
            [("Bong", Some(4))]
        );
        let country = test.app.place_page(&officer, place(&test, "C").await).await.expect("above the own place");
        assert_eq!((country.people, country.below.len()), (4, 1));
        let lofa = test.app.place_page(&officer, place(&test, "L").await).await;
        assert!(matches!(lofa, Err(AppError::NotFound { .. })));
        let found = test.app.search_places(&officer, "bon", 10).await.expect("it answers");
        let found: Vec<_> = found.iter().map(|row| (row.place.name.best(Lang::ENGLISH), row.path.as_str())).collect();
        assert_eq!(found, [("Bondou", "Bong, Sewara"), ("Bong", "Sewara")]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_counts_people_by_cadre_and_facilities() {
    for engine in engines() {
        let test = country(engine).await;
        let page = test.app.place_page(&Caller::system(), place(&test, "B").await).await.expect("a page");
        assert_eq!((page.people, page.facilities, page.codes), (4, 2, vec!["B".to_owned()]));
        let cadres: Vec<_> = page.by_cadre.iter().map(|count| count.people).collect();
        assert_eq!(cadres, [2, 2]);
        let above: Vec<_> = page.above.iter().map(|(_, name)| name.best(Lang::FRENCH)).collect();
        assert_eq!(above, ["Sewara"]);
        let below: Vec<_> = page.below.iter().map(|row| (row.place.name.best(Lang::ENGLISH), row.people)).collect();
        assert_eq!(below, [("Bondou", Some(2)), ("River Clinic", Some(1))]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_by_hand_and_by_query_serve_audiences() {
    for engine in engines() {
        let test = country(engine).await;
        let (app, system) = (&test.app, Caller::system());
        let by_hand = app
            .create_group(&system, "First responders", KeptBy::Hand(Some("cadre = nurse")))
            .await
            .expect("it is made");
        let by_query =
            app.create_group(&system, "Sages-femmes", KeptBy::Query("cadre = midwife")).await.expect("it is made");
        assert_eq!(names(&test, &system, "group = \"first responders\"", "").await, ["Hawa", "James"]);
        assert_eq!(names(&test, &system, "group = Sages-femmes AND place = Bong", "").await, ["Élodie", "Musa"]);
        assert_eq!(names(&test, &system, "group = \"\"", "").await, ["Ruth"]);
        assert_eq!(names(&test, &system, "group != sages-femmes", "").await, ["Hawa", "James", "Ruth"]);

        let rows = app.list_groups(&system).await.expect("it answers");
        let rows: Vec<_> = rows.iter().map(|row| (row.name.as_str(), row.people, row.said.as_deref())).collect();
        assert_eq!(rows, [("First responders", Some(2), None), ("Sages-femmes", Some(3), Some("midwives"))]);
        let officer = officer(&test).await;
        let seen = app.list_groups(&officer).await.expect("it answers");
        assert_eq!(seen.iter().map(|row| row.people).collect::<Vec<_>>(), [Some(2), Some(2)], "within the district");

        let ruth: PersonId = app.find_person(&system, "P6").await.expect("a person");
        app.add_person_to_group(&system, by_hand, ruth).await.expect("she joins");
        assert_eq!(app.add_to_group(&system, by_hand, "name ~ Ruth OR name ~ Musa").await.expect("they join"), 2);
        assert_eq!(app.group(&system, by_hand).await.expect("it answers").people, Some(4));
        app.remove_from_group(&system, by_hand, ruth).await.expect("she leaves");
        assert_eq!(names(&test, &system, "group = \"first responders\"", "").await, ["Hawa", "James", "Musa"]);
        let page = app.person(&system, app.find_person(&system, "P5").await.expect("a person")).await.expect("a page");
        assert_eq!(page.groups.len(), 2);

        let key = |result: Result<_, AppError>| match result {
            Err(AppError::Invalid(reason)) => reason.key,
            other => unreachable!("{other:?}"),
        };
        let made = |name, kept_by| app.create_group(&system, name, kept_by);
        assert_eq!(key(made(" ", KeptBy::Hand(None)).await.map(drop)), "groups-name-empty");
        assert_eq!(key(made("SAGES-FEMMES", KeptBy::Hand(None)).await.map(drop)), "groups-name-taken");
        let circle = made("Both", KeptBy::Query("group = sages-femmes")).await.map(drop);
        assert_eq!(key(circle), "groups-query-not-allowed");
        assert_eq!(key(app.add_person_to_group(&system, by_query, ruth).await), "groups-kept-by-query");
        assert_eq!(key(app.set_group_query(&system, by_hand, "cadre = nurse").await), "groups-kept-by-hand");

        app.rename_group(&system, by_query, "Midwives").await.expect("it is renamed");
        app.set_group_query(&system, by_query, "cadre = midwife AND place = Lofa").await.expect("it is changed");
        assert_eq!(names(&test, &system, "group = midwives", "").await, ["Martha"]);
        app.archive_group(&system, by_query).await.expect("it is put away");
        assert!(app.check_audience(&system, "group = midwives").await.is_err());
        made("Midwives", KeptBy::Query("cadre = midwife")).await.expect("the name is free again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_of_a_group_at_once_are_all_made() {
    for engine in engines() {
        let test = country(engine).await;
        let (one, two) = (test.app.clone(), test.second().await);
        let system = Caller::system();
        let id = one.create_group(&system, "Team", KeptBy::Query("cadre = nurse")).await.expect("it is made");
        let (renamed, changed) =
            tokio::join!(one.rename_group(&system, id, "Crew"), two.set_group_query(&system, id, "cadre = midwife"));
        renamed.expect("it is renamed");
        changed.expect("it is changed");
        let group = one.group(&system, id).await.expect("it answers");
        assert_eq!((group.name.as_str(), group.people), ("Crew", Some(3)));
        let (first, second) = tokio::join!(
            one.create_group(&system, "Same", KeptBy::Hand(None)),
            two.create_group(&system, "same", KeptBy::Hand(None))
        );
        assert!(first.is_ok() != second.is_ok(), "one name, one group");
    }
}
