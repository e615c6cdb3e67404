//! A flow here that starts one there: it goes there, once, for whom it names; what leads nowhere is refused, or shown.

use mhero_app::{
    AppError, Caller,
    flows::{NewStart, ResultsOf},
};
use mhero_core::{FlowId, PersonId};
use mhero_store::{NewFlowRevision, Queue, Unit};
use mhero_wire::rapidpro::BackRun;
use serde_json::{Value, json};

use crate::{
    reads::run,
    world::{World, engines},
};

const STOCK: &str = "Stock (at there)";
/// The flow here.
const OURS: &str = "8c1b5f0e-6a0f-4f39-9d2c-0c2d6d1f0001";

async fn person(world: &World, number: u8) -> PersonId {
    let path = format!("+23177000000{number}");
    world.app.store().holders("tel", &path).await.expect("read")[0].person
}

/// A flow here with one action.
fn ours(action: &Value) -> Vec<u8> {
    json!({
        "uuid": OURS, "name": "Ours", "spec_version": "13.6.1", "type": "messaging", "language": "eng", "revision": 1,
        "expire_after_minutes": 60, "localization": {},
        "nodes": [{
            "uuid": "8c1b5f0e-6a0f-4f39-9d2c-0c2d6d1f0002", "actions": [action],
            "exits": [{ "uuid": "8c1b5f0e-6a0f-4f39-9d2c-0c2d6d1f0003" }],
        }],
    })
    .to_string()
    .into_bytes()
}

fn starts(flow: FlowId, people: &[PersonId]) -> Value {
    let contacts: Vec<Value> = people.iter().map(|id| json!({ "uuid": id.to_string(), "name": "" })).collect();
    json!({
        "uuid": "8c1b5f0e-6a0f-4f39-9d2c-0c2d6d1f0004", "type": "start_session", "groups": [], "contacts": contacts,
        "flow": { "uuid": flow.to_string(), "name": "" }, "exclusions": {},
    })
}

fn enters(flow: FlowId) -> Value {
    json!({
        "uuid": "8c1b5f0e-6a0f-4f39-9d2c-0c2d6d1f0004", "type": "enter_flow",
        "flow": { "uuid": flow.to_string(), "name": "" },
    })
}

/// A definition that was saved before such were refused.
async fn save_as_before(world: &World, definition: &[u8]) {
    let id = FlowId::from_uuid(OURS.parse().expect("an id"));
    let row = world.app.store().flow(id).await.expect("read").expect("a flow");
    let row = mhero_store::FlowRow { revision: row.revision + 1, ..row };
    let mut unit = Unit::new();
    let revision = NewFlowRevision {
        flow: id,
        revision: row.revision,
        definition: std::str::from_utf8(definition).expect("a text"),
        original: None,
        findings: "{}",
        by: None,
    };
    unit.set_flow(&row, "ours", 1).add_flow_revision(revision, 1);
    world.app.store().write(unit, Queue::Interactive).await.expect("written");
}

async fn shown(world: &World) -> Vec<(String, String, bool)> {
    let overview = world.backends().overview(&Caller::system(), world.source).await.expect("read").expect("a back end");
    overview.problems.into_iter().map(|own| (own.kind, own.subject, own.flow.is_some())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flow_here_starts_one_there_for_whom_it_names() {
    for engine in engines() {
        let world = World::new(engine, 4).await;
        world.pass().await;
        let system = Caller::system();
        let stock = world.app.find_flow(&system, STOCK).await.expect("the flow stands here").id;
        let mut unit = Unit::new();
        unit.stop(("tel", "+231770000003"), "", None, world.now().as_microsecond());
        world.app.store().write(unit, Queue::Interactive).await.expect("written");
        let named = [person(&world, 2).await, person(&world, 3).await, person(&world, 4).await];
        world.app.save_flow(&system, &ours(&starts(stock, &named)), "test").await.expect("it can be saved");
        assert!(shown(&world).await.is_empty());
        let one = format!("uuid = \"{}\"", person(&world, 1).await);
        let ours_id = FlowId::from_uuid(OURS.parse().expect("an id"));
        world.app.start_flow(&system, &NewStart::new(ours_id, &one)).await.expect("a start");
        for _ in 0..3 {
            world.wait(2);
            world.pass().await;
        }
        let taken =
            world.there.with(|there| there.taken.iter().map(|(_, ask)| ask.contacts.clone()).collect::<Vec<_>>());
        assert_eq!(taken, [["c231770000002", "c231770000004"]], "{engine:?}: once, and not for who has stopped");
        let starts_there = world.app.starts_of(&system, stock).await.expect("starts");
        let said: Vec<_> =
            starts_there.iter().map(|row| (row.cause.as_str(), row.status.as_str(), row.recipients)).collect();
        assert_eq!(said, [("flow", "started", 2)], "{engine:?}");
        assert_eq!(world.states(starts_there[0].id).await, ["started"; 2]);

        // Into one that runs there nobody can go from here.
        let refused = world.app.save_flow(&system, &ours(&enters(stock)), "test").await;
        assert!(matches!(&refused, Err(AppError::Invalid(why)) if why.key == "backend-flow-entered"), "{refused:?}");
        save_as_before(&world, &ours(&enters(stock))).await;
        world.wait(60);
        let seen = ("flow-enters".to_owned(), format!("Ours → {STOCK}"), true);
        assert_eq!(shown(&world).await, [seen], "{engine:?}");
        // And one that is no more there is started by nobody.
        save_as_before(&world, &ours(&starts(stock, &named))).await;
        world.there.with(|there| there.flows.remove(0));
        world.backends().pull_now(&system, "there").await.expect("read");
        let seen = ("plan-gone".to_owned(), format!("Ours → {STOCK}"), true);
        assert_eq!(shown(&world).await, [seen], "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_read_before_its_start_is_known_belongs_to_it_later() {
    for engine in engines() {
        let world = World::new(engine, 1).await;
        world.pass().await;
        let start = world.start(STOCK).await;
        // The call was taken and its answer lost; the run is read before anybody looks the call up.
        world.there.with(|there| there.faults.push_back(crate::fake::Fault::LostAnswer));
        world.pass().await;
        let id = world.there.with(|there| there.taken[0].0.clone());
        let own: BackRun = run("r1", "c231770000001", "+231770000001", Some(&id), world.now());
        world.there.with(|there| there.runs = vec![own]);
        let pull = async || world.backends().pull_now(&Caller::system(), "there").await.expect("read");
        pull().await;
        let flow = world.app.find_flow(&Caller::system(), STOCK).await.expect("a flow").id;
        let of = ResultsOf { flow, start: Some(start) };
        let runs = async || world.app.flow_results(&Caller::system(), of).await.expect("results").statuses;
        assert_eq!(runs().await, [], "{engine:?}: nobody knows yet whose it is");
        world.wait(31);
        for _ in 0..2 {
            pull().await;
        }
        assert_eq!(runs().await, [("waiting".to_owned(), 1)], "{engine:?}");
    }
}
