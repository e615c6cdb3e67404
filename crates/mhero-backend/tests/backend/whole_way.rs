//! What was answered in a flow there stands in DHIS2, and in the register of whoever answered: once, and with the SMS that said it.

use jiff::{SignedDuration, Timestamp};
use mhero_app::{
    Caller,
    sync::SyncOptions,
    way_back::{Decision, QueueRow, Shelf},
};
use mhero_core::{
    Lang, LangMap,
    record::{Content, Identifier, PersonRecord, PlaceRecord, PositionRecord, Ref},
};
use mhero_exchange::dhis2::{Mapping, ReportShown, Reports};
use mhero_testkit::{Country, DATA_SET, DHIS2_TOKEN, Dhis2Server, ELEMENTS};
use mhero_wire::rapidpro::BackResult;

use crate::{
    reads::{message, run},
    world::{World, engines},
};

const STOCK: &str = "Stock (at there)";
/// The system of the places' ids in DHIS2, and two of them.
const UNITS: &str = "http://hmis.moh.example/units";
const UNIT: &str = "O0000000003";
const OTHER_UNIT: &str = "O0000000004";
/// The month that is reported in November.
const MONTH: &str = "202610";

/// A world whose workers 1 and 2 stand in the register of the ministry, each at a clinic; with what is reported, and what corrects.
async fn set_up(world: &World, hmis: &Dhis2Server) -> Reports {
    let system = Caller::system();
    for (n, unit) in [(1, UNIT), (2, OTHER_UNIT)] {
        let place = PlaceRecord {
            name: LangMap::one(Lang::ENGLISH, format!("Clinic {n}")),
            is_facility: true,
            active: true,
            identifiers: vec![Identifier { system: UNITS.into(), value: unit.into() }],
            ..PlaceRecord::default()
        };
        world.hr.put("Location", &format!("L{n}"), Content::Place(place));
        let position = PositionRecord {
            place: Some(Ref::Id { kind: "Location".into(), id: format!("L{n}") }),
            active: true,
            ..PositionRecord::default()
        };
        let person = PersonRecord {
            name: format!("Worker {n}"),
            active: true,
            identifiers: vec![Identifier { system: "http://moh.example/payroll".into(), value: format!("P{n}") }],
            positions: vec![position],
            ..PersonRecord::default()
        };
        world.hr.put("Practitioner", &format!("P{n}"), Content::Person(Box::new(person)));
    }
    world.add_source("ministry", "fake-hr", "https://hr.example", &[]).await;
    world.app.sync(&system, "ministry", &SyncOptions::default()).await.expect("a run");
    world.add_source("hmis", "dhis2", &hmis.url(), &[("token", DHIS2_TOKEN)]).await;
    world.pass().await;
    let reports = Reports::new(world.app.clone());
    let mapping = format!(
        "name = 'Stock'\nsource = 'hmis'\nflow = '{STOCK}'\ndata_set = '{DATA_SET}'\nperiod = 'Monthly'\n\
         unit_system = '{UNITS}'\nelements = [{{ result = 'left', element = '{}' }}]",
        ELEMENTS[0]
    );
    reports.put_mapping(&system, Mapping::from_toml(&mapping).expect("a mapping"), None).await.expect("it is kept");
    world.app.set_answers_taken(&system, &format!("{STOCK} / called = person:name")).await.expect("they are kept");
    reports
}

/// Somebody is through with the flow there: with what they wrote last, and what was made of it.
fn ends(world: &World, (id, n): (&str, u8), start: Option<&str>, at: Timestamp, said: &[(&str, &str)]) {
    let (contact, number) = (format!("c23177000000{n}"), format!("+23177000000{n}"));
    let mut own = run(id, &contact, &number, start, at);
    let texts = said.iter().enumerate().map(|(place, (_, text))| {
        let mut heard = message(&format!("{id}-{place}"), &contact, &number, true, at);
        (*text).clone_into(&mut heard.text);
        heard
    });
    let result = |(key, text): &(&str, &str)| BackResult {
        key: (*key).into(),
        name: (*key).into(),
        value: (*text).into(),
        category: "All Responses".into(),
        input: Some((*text).into()),
        at: Some(at),
    };
    own.results = said.iter().map(result).collect();
    (own.responded, own.exited, own.exit) = (true, Some(at), "completed".into());
    world.there.with(|there| {
        there.messages.extend(texts);
        there.runs.push(own);
    });
}

/// Reads everything back, and does what follows from it.
async fn read_back(world: &World, reports: &Reports) {
    world.wait(61);
    world.backends().pull_now(&Caller::system(), "there").await.expect("read");
    world.app.run_until_idle().await.expect("passes");
    while reports.pass().await.expect("a pass") > 0 {}
}

fn value(hmis: &Dhis2Server, unit: &str) -> Option<String> {
    hmis.value(ELEMENTS[0], unit, MONTH)
}

/// The reports in a state, the newest first.
async fn reported(reports: &Reports, state: &str) -> Vec<ReportShown> {
    reports.list(&Caller::system(), (Some(state), None), None, 10).await.expect("reports")
}

async fn proposals(world: &World, shelf: Shelf) -> Vec<QueueRow> {
    world.app.proposals(&Caller::system(), shelf, None, 10).await.expect("the queue")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_given_there_stands_in_dhis2_once() {
    for engine in engines() {
        let world = World::new(engine, 2).await;
        let hmis = Dhis2Server::start(42, Country::SMALL);
        let reports = set_up(&world, &hmis).await;
        world.start(STOCK).await;
        world.pass().await;
        let start = world.there.with(|there| there.taken[0].0.clone());
        world.wait(3_600);
        let at = world.now();
        ends(&world, ("r1", 1), Some(&start), at, &[("left", "7")]);
        read_back(&world, &reports).await;
        assert_eq!(value(&hmis, UNIT).as_deref(), Some("7"), "{engine:?}");
        let [one]: [ReportShown; 1] = reported(&reports, "accepted").await.try_into().expect("one report");
        let verdict = one.answer.verdict.as_ref().expect("DHIS2 has judged it");
        assert_eq!((verdict.imported, verdict.updated, verdict.ignored), (1, 0, 0));
        assert_eq!((one.text.as_deref(), one.attempts), (Some("7"), 1), "with the SMS that it came by");
        // Read again, nothing is sent again.
        let calls = hmis.reports().len();
        read_back(&world, &reports).await;
        assert_eq!(hmis.reports().len(), calls, "{engine:?}");

        // What comes back late is reported all the same; behind what was said later of the same month and unit.
        let before = |minutes| at - SignedDuration::from_mins(minutes);
        ends(&world, ("r2", 2), Some(&start), before(25), &[("left", "4")]);
        ends(&world, ("r3", 1), None, before(20), &[("left", "3")]);
        read_back(&world, &reports).await;
        assert_eq!(value(&hmis, OTHER_UNIT).as_deref(), Some("4"), "{engine:?}: it ended before the others");
        assert_eq!(value(&hmis, UNIT).as_deref(), Some("7"), "{engine:?}: 3 was said before");
        assert_eq!(reported(&reports, "superseded").await.len(), 1);

        // What DHIS2 objects to stands beside the SMS that said it.
        ends(&world, ("r4", 2), None, world.now(), &[("left", "-4")]);
        read_back(&world, &reports).await;
        let [odd]: [ReportShown; 1] = reported(&reports, "conflict").await.try_into().expect("one report");
        assert_eq!(odd.text.as_deref(), Some("-4"), "{engine:?}");
        assert_eq!(value(&hmis, OTHER_UNIT).as_deref(), Some("4"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_answer_there_of_themselves_flows_back_to_the_register_that_holds_them() {
    for engine in engines() {
        let world = World::new(engine, 2).await;
        let hmis = Dhis2Server::start(42, Country::SMALL);
        let reports = set_up(&world, &hmis).await;
        let odd = world.app.set_answers_taken(&Caller::system(), &format!("{STOCK} / called = person:shoe")).await;
        assert!(odd.is_err(), "there is no such field");
        world.start(STOCK).await;
        world.pass().await;
        let start = world.there.with(|there| there.taken[0].0.clone());
        world.wait(3_600);
        ends(&world, ("r1", 1), Some(&start), world.now(), &[("left", "7"), ("called", "Ann Kollie")]);
        // What the register holds already is no correction, and who stands in none has none to correct.
        ends(&world, ("r2", 2), Some(&start), world.now(), &[("called", "worker 2")]);
        ends(&world, ("r3", 8), None, world.now(), &[("called", "Somebody")]);
        for _ in 0..2 {
            read_back(&world, &reports).await;
        }
        let [one]: [QueueRow; 1] = proposals(&world, Shelf::All).await.try_into().expect("one proposal");
        let own = &one.row.proposal;
        let said = (own.field.as_str(), own.old_value.as_deref(), own.new_value.as_str());
        assert_eq!(said, ("name", Some("Worker 1"), "Ann Kollie"), "{engine:?}");
        assert_eq!(one.row.evidence.as_deref(), Some("Ann Kollie"), "with the SMS that said it");
        assert_eq!(one.row.source.as_ref().map(|(name, _)| name.as_str()), Some("ministry"));
        assert_eq!(world.hr.name_of("P1"), ("Worker 1".to_owned(), 0), "nobody has agreed yet");

        let seen = [(own.id, own.version)];
        world.app.decide(&Caller::system(), &seen, Decision::Accept).await.expect("a decision");
        world.wait(31);
        read_back(&world, &reports).await;
        assert_eq!(world.hr.name_of("P1"), ("Ann Kollie".to_owned(), 1), "{engine:?}");
        read_back(&world, &reports).await;
        assert!(proposals(&world, Shelf::All).await.is_empty(), "{engine:?}: once");
        assert_eq!(world.hr.name_of("P1").1, 1);
    }
}
