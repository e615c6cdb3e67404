//! S33: what a worker reports by SMS stands in DHIS2 once, for the right unit and period; what DHIS2 objects to stands beside the SMS,
//! the worker is told, sends again, and it is accepted. Sent twice it changes nothing, and a server that is down is waited for. And
//! DHIS2 sends its own SMS through mHero.

use jiff::SignedDuration;
use mhero_app::{
    Caller, NewToken,
    people::{ImportOptions, NewSource},
};
use mhero_core::{
    LangMap, Role,
    record::{Content, Identifier, PersonRecord, PlaceRecord, PositionRecord, RawPhone, Record, Ref},
};
use mhero_exchange::dhis2::{Kind, Mapping, Reports};
use mhero_store::Engine;
use mhero_testkit::{Country, DATA_SET, DHIS2_TOKEN, Dhis2Server, ELEMENTS, Fault, PROGRAM};
use serde_json::{Value, json};

use super::{Browser, World};

/// The system of the places' ids in DHIS2.
const UNITS: &str = "http://hmis.moh.example/units";
/// A facility of the emulated country.
const UNIT: &str = "O0000000003";
/// Another one.
const OTHER_UNIT: &str = "O0000000004";
/// The month that is reported on 23 November.
const MONTH: &str = "202610";

#[tokio::test(flavor = "multi_thread")]
async fn a_report_by_sms_stands_in_dhis2_and_what_it_objects_to_beside_the_sms_on_sqlite() {
    story(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_by_sms_stands_in_dhis2_and_what_it_objects_to_beside_the_sms_on_postgresql() {
    story(Engine::Postgres).await;
}

fn record(kind: &str, id: &str, content: Content) -> Record {
    let (kind, id) = (kind.to_owned(), id.to_owned());
    Record { origin: id.clone(), raw: id.clone(), kind, id, warnings: Vec::new(), content }
}

fn place(id: &str, unit: &str) -> Record {
    let content = PlaceRecord {
        name: LangMap::one("en".parse().expect("a language"), format!("{id} Clinic")),
        is_facility: true,
        active: true,
        identifiers: vec![Identifier { system: UNITS.into(), value: unit.into() }],
        ..PlaceRecord::default()
    };
    record("Location", id, Content::Place(content))
}

fn worker(n: usize, place: Option<&str>) -> Record {
    let position = |place: &str| PositionRecord {
        place: Some(Ref::Id { kind: "Location".into(), id: place.into() }),
        active: true,
        ..PositionRecord::default()
    };
    let content = PersonRecord {
        name: format!("Worker{n} Kollie"),
        given: format!("Worker{n}"),
        language: (if n.is_multiple_of(2) { "fr" } else { "en" }).parse().ok(),
        active: true,
        phones: vec![RawPhone { raw: format!("077{n:07}"), usage: None, element: "phone".into() }],
        positions: place.map(position).into_iter().collect(),
        ..PersonRecord::default()
    };
    record("row", &format!("W{n}"), Content::Person(Box::new(content)))
}

fn phone(n: usize) -> String {
    format!("+23177{n:07}")
}

async fn story(engine: Engine) {
    let Some(world) = World::new(engine).await else { return };
    let hmis = Dhis2Server::start(if engine == Engine::Sqlite { 42 } else { 38 }, Country::SMALL);
    let reports = set_up(&world, &hmis).await;
    let admin = world.admin().await;
    accepted(&world, &admin, &reports, &hmis).await;
    objected(&world, &admin, &reports, &hmis).await;
    waited_for(&world, &admin, &reports, &hmis).await;
    approved(&world, &admin, &reports, &hmis).await;
    events(&world, &admin, &reports, &hmis).await;
    handed_over(&world).await;
    // The client knows releases from 2.41 on.
    if engine == Engine::Sqlite {
        contract(&hmis);
    }
}

async fn set_up(world: &World, hmis: &Dhis2Server) -> Reports {
    let system = Caller::system();
    let records = [
        place("Bendu", UNIT),
        place("Gbarma", OTHER_UNIT),
        worker(1, Some("Bendu")),
        worker(2, Some("Bendu")),
        worker(3, Some("Gbarma")),
        worker(4, None),
    ];
    let done = world.app.import(&system, "hr", records.into_iter().map(Ok), &ImportOptions::default()).await;
    assert_eq!(done.expect("an import").rejected, 0);
    world.app.load_from_library(&system, "monthly-service-data").await.expect("the flow by which they report");
    let source = NewSource {
        name: "hmis".into(),
        kind: "dhis2".into(),
        url: Some(hmis.url()),
        config: vec![("token".into(), DHIS2_TOKEN.into())],
        rank: None,
    };
    world.app.add_source(&system, &source).await.expect("a source");
    let reports = Reports::new(world.app.clone());
    reports.put_mapping(&system, mapping("Monthly"), None).await.expect("a mapping");
    reports
}

fn mapping(name: &str) -> Mapping {
    let elements: Vec<String> = ["anc1", "deliveries", "penta3"]
        .iter()
        .zip(ELEMENTS)
        .map(|(result, element)| format!("{result} = {element} count"))
        .collect();
    let text = format!(
        "name = '{name}'\nsource = 'hmis'\nflow = 'Monthly service data'\ndata_set = '{DATA_SET}'\nperiod = 'Monthly'\n\
         period_result = 'month'\nunit_system = '{UNITS}'\nwhen = {{ result = 'confirmed', category = 'OK' }}\nelements = []"
    );
    let mut table: toml::Table = text.parse().expect("a table");
    let own = Mapping::elements_of(&elements.join("\n")).expect("elements");
    table.insert("elements".into(), toml::Value::try_from(own).expect("a list"));
    Mapping::from_toml(&table.to_string()).expect("a mapping")
}

/// Somebody gives figures and confirms them, as the flow of the library asks.
async fn says(world: &World, admin: &Browser<'_>, n: usize, text: &str) {
    let sent = if n.is_multiple_of(2) { "est envoyé" } else { "is sent" };
    let before = count(world, n, sent).await;
    let asked = count(world, n, "OK").await;
    admin.write(&phone(n), text).await;
    until(world, &format!("{n} asked to confirm"), async || (count(world, n, "OK").await > asked).then_some(())).await;
    admin.write(&phone(n), "OK").await;
    until(world, &format!("{n} thanked"), async || (count(world, n, sent).await > before).then_some(())).await;
}

async fn count(world: &World, n: usize, words: &str) -> usize {
    world.got(&phone(n)).await.iter().filter(|text| text.contains(words)).count()
}

/// Waits while the clock goes on: channels have a rate.
async fn until<T>(world: &World, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
    world
        .until(what, async || {
            world.pass(SignedDuration::from_millis(5));
            look().await
        })
        .await
}

/// Lets reports be made and sent until none is due.
async fn sent(reports: &Reports) {
    while reports.pass().await.expect("a pass") > 0 {}
}

async fn states(reports: &Reports) -> Vec<(String, i64)> {
    reports.counts(&Caller::system()).await.expect("counts")
}

fn values(hmis: &Dhis2Server, unit: &str) -> [Option<String>; 3] {
    ELEMENTS.map(|element| hmis.value(element, unit, MONTH))
}

fn told(numbers: [u32; 3]) -> [Option<String>; 3] {
    numbers.map(|number| Some(number.to_string()))
}

async fn accepted(world: &World, admin: &Browser<'_>, reports: &Reports, hmis: &Dhis2Server) {
    says(world, admin, 1, "MON anc 34 del 12 penta 28").await;
    sent(reports).await;
    assert_eq!(values(hmis, UNIT), told([34, 12, 28]));
    assert_eq!(states(reports).await, [("accepted".to_owned(), 1)]);
    // Looked at once more, by another node: nothing is sent a second time.
    let calls = hmis.reports().len();
    sent(&Reports::new(world.app.clone())).await;
    assert_eq!(hmis.reports().len(), calls);
    let asked = hmis.asked();
    let call = asked.iter().find(|asked| asked.contains("dataValueSets")).expect("a call");
    assert!(call.contains("importStrategy=CREATE_AND_UPDATE") && call.contains("async=false"), "{call}");
    let page = admin.get("/exchange/dhis2").await;
    assert!(page.body.contains("MON anc 34 del 12 penta 28") && page.body.contains("Bendu Clinic"), "{}", page.text());
}

/// DHIS2 has closed the month: the worker is told, the SMS shows it, and once it is open again the report is sent anew.
async fn objected(world: &World, admin: &Browser<'_>, reports: &Reports, hmis: &Dhis2Server) {
    hmis.close(MONTH);
    says(world, admin, 3, "MON anc 7 del 8 penta 9").await;
    sent(reports).await;
    assert_eq!(values(hmis, OTHER_UNIT), [None, None, None]);
    until(world, "3 told", async || (count(world, 3, "not accepted").await == 1).then_some(())).await;
    let page = admin.get("/exchange/dhis2?state=conflict").await;
    let text = page.body.clone();
    assert!(text.contains("MON anc 7 del 8 penta 9") && text.contains("past expiry days"), "{}", page.text());
    assert!(text.contains("E7641"), "{}", page.text());
    hmis.reopen(MONTH);
    says(world, admin, 3, "MON anc 7 del 6 penta 9").await;
    sent(reports).await;
    assert_eq!(values(hmis, OTHER_UNIT), told([7, 6, 9]));
    let states = states(reports).await;
    assert_eq!(states, [("accepted".to_owned(), 2), ("superseded".to_owned(), 1)], "{states:?}");
    // Who works nowhere that is known reports for nobody, and that is told.
    says(world, admin, 4, "MENS cpn 1 acc 1 penta 1").await;
    sent(reports).await;
    let page = admin.get("/exchange/dhis2?state=refused").await;
    assert!(page.body.contains("It is not known where this person works"), "{}", page.text());
}

/// A server that is down is asked again later; the same values again change nothing there.
async fn waited_for(world: &World, admin: &Browser<'_>, reports: &Reports, hmis: &Dhis2Server) {
    hmis.fault(Fault::Html);
    says(world, admin, 2, "MENS cpn 40 acc 12 penta 28").await;
    sent(reports).await;
    assert_eq!(values(hmis, UNIT), told([34, 12, 28]), "nothing has come there");
    hmis.mend();
    sent(reports).await;
    assert_eq!(values(hmis, UNIT), told([34, 12, 28]), "not before its time");
    world.pass(SignedDuration::from_mins(2));
    sent(reports).await;
    assert_eq!(values(hmis, UNIT), told([40, 12, 28]));
    let listed = reports.list(&Caller::system(), (Some("accepted"), None), None, 10).await.expect("reports");
    let own = listed.iter().find(|own| own.unit == UNIT && own.attempts == 2).expect("the report");
    let before = own.before.as_ref().expect("what stood there before");
    assert_eq!(before.values[0].value, "34");
    assert_eq!(own.answer.verdict.as_ref().map(|verdict| (verdict.updated, verdict.ignored)), Some((1, 2)));
}

/// Where the district agrees first, nothing leaves before it has; by the page, as people do it.
async fn approved(world: &World, admin: &Browser<'_>, reports: &Reports, hmis: &Dhis2Server) {
    let system = Caller::system();
    let own = Mapping { approval: true, ..mapping("Monthly") };
    reports.put_mapping(&system, own, None).await.expect("it is changed");
    says(world, admin, 1, "MON anc 41 del 12 penta 28").await;
    sent(reports).await;
    assert_eq!(values(hmis, UNIT), told([40, 12, 28]));
    let waits = reports.list(&system, (Some("approval"), None), None, 10).await.expect("reports");
    let [one] = waits.as_slice() else { panic!("{waits:?}") };
    let stale = [("do", "approve"), ("version", "99")];
    let page = admin.press(&format!("/exchange/dhis2/reports/{}", one.id), &stale).await;
    assert!(page.body.contains("Somebody changed it meanwhile"), "{}", page.text());
    let version = one.version.to_string();
    let pressed = [("do", "approve"), ("version", version.as_str())];
    let page = admin.press(&format!("/exchange/dhis2/reports/{}", one.id), &pressed).await;
    assert!(page.body.contains("It goes to DHIS2."), "{}", page.text());
    sent(reports).await;
    assert_eq!(values(hmis, UNIT), told([41, 12, 28]));
}

/// The same answers as an event, under an id made of the run.
async fn events(world: &World, admin: &Browser<'_>, reports: &Reports, hmis: &Dhis2Server) {
    let system = Caller::system();
    let values = Mapping { active: false, ..mapping("Monthly") };
    reports.put_mapping(&system, values, None).await.expect("it is switched off");
    let own = Mapping {
        kind: Kind::Event,
        program: PROGRAM.0.into(),
        stage: PROGRAM.1.into(),
        data_set: String::new(),
        ..mapping("Cases")
    };
    reports.put_mapping(&system, own, None).await.expect("a mapping");
    says(world, admin, 1, "MON anc 1 del 2 penta 3").await;
    sent(reports).await;
    let events = hmis.events();
    let [event] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((&event["orgUnit"], &event["dataValues"][1]["value"]), (&json!(UNIT), &json!("2")), "{event}");
}

/// All that was sent, judged by the OpenAPI documents of DHIS2 2.41 and 2.42, and repeated by the client that ships them. That asks for
/// Python 3.13, so `scripts/setup` puts it where there is one.
fn contract(hmis: &Dhis2Server) {
    use std::{io::Write as _, process::Stdio};
    let packages = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/peers/python-dhis2");
    let python = std::path::Path::new(packages).join("interpreter");
    if !python.exists() {
        eprintln!(
            "skipped: what was sent to DHIS2 is not judged by dhis2w-client (scripts/setup found no Python 3.13)"
        );
        return;
    }
    let asked = hmis.asked();
    let queries = asked.iter().filter_map(|asked| {
        let (path, query) = asked.strip_prefix("POST /api/")?.split_once('?')?;
        let pairs: serde_json::Map<String, Value> =
            query.split('&').filter_map(|pair| pair.split_once('=')).map(|(k, v)| (k.to_owned(), json!(v))).collect();
        matches!(path, "dataValueSets" | "tracker").then_some(pairs)
    });
    // One that met the log-in page has no report beside it.
    let mut queries: Vec<_> = queries.collect();
    let reports = hmis.reports();
    queries.drain(..queries.len() - reports.len());
    let calls: Vec<Value> = reports
        .iter()
        .zip(queries)
        .map(|((path, body), query)| json!({ "path": path, "query": query, "body": body }))
        .collect();
    let told = json!({ "url": hmis.url(), "token": DHIS2_TOKEN, "calls": calls });
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/dhis2_contract.py");
    let mut child = std::process::Command::new(python)
        .arg(script)
        .env("PYTHONPATH", packages)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .spawn()
        .expect("the Python that was set up");
    child.stdin.take().expect("a pipe").write_all(told.to_string().as_bytes()).expect("it listens");
    assert!(child.wait().expect("it ends").success(), "see what it printed");
}

/// DHIS2's generic gateway hands a text over: each phone gets it once, however often the call comes.
async fn handed_over(world: &World) {
    let new = NewToken { name: "dhis2".into(), role: Role::Integrator, place: None, programme: None };
    let token = world.app.create_token(&Caller::system(), new).await.expect("a token");
    let client = reqwest::Client::new();
    let url = world.url("/dhis2/sms");
    let body = json!({ "message": "Outbreak in your district: call 4455.", "recipients": ["0770000001", "+231770000002", "nobody"] });
    let post = async || -> (u16, Value) {
        let answer = client.post(&url).bearer_auth(&token).json(&body).send().await.expect("an answer");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    };
    let (status, first) = post().await;
    assert_eq!((status, &first["accepted"], &first["repeated"]), (200, &json!(2), &json!(0)), "{first}");
    assert_eq!(first["refused"], json!([{ "recipient": 3, "reason": "no number" }]));
    let (status, again) = post().await;
    assert_eq!((status, &again["accepted"], &again["repeated"]), (200, &json!(0), &json!(2)), "{again}");
    for n in [1, 2] {
        until(world, "the text", async || (count(world, n, "Outbreak").await == 1).then_some(())).await;
    }
    let one = client.get(&url).query(&[("text", "Short"), ("to", "0770000001")]).basic_auth("dhis2", Some(&token));
    assert_eq!(one.send().await.expect("an answer").status(), 200);
    until(world, "the other text", async || (count(world, 1, "Short").await == 1).then_some(())).await;
    let nobody = client.get(&url).query(&[("text", "x"), ("to", "nobody")]).bearer_auth(&token);
    assert_eq!(nobody.send().await.expect("an answer").status(), 400);
    assert_eq!(client.get(&url).send().await.expect("an answer").status(), 401);
    assert_eq!(count(world, 1, "Outbreak").await, 1, "once");
}
