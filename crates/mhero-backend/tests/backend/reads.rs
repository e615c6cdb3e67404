//! What comes back: once, on from where it was cut short, as messages and runs of the persons here.

use jiff::{SignedDuration, Timestamp};
use mhero_app::{Caller, flows::ResultsOf};
use mhero_core::{Direction, FlowId, MessageKind, Scope};
use mhero_store::{HmisMap, MessageRow, Queue, Unit};
use mhero_wire::rapidpro::{BackContact, BackMessage, BackResult, BackRun, Urn};
use uuid::Uuid;

use crate::world::{World, engines};

fn urn(number: &str) -> Option<Urn> {
    Urn::read(&format!("tel:{number}"))
}

pub(crate) fn message(id: &str, contact: &str, number: &str, is_in: bool, at: Timestamp) -> BackMessage {
    BackMessage {
        id: id.into(),
        contact: contact.into(),
        urn: urn(number),
        is_in,
        status: if is_in { "handled" } else { "wired" }.into(),
        text: format!("text {id}"),
        flow: Some("f1".into()),
        broadcast: None,
        created: at,
        sent: None,
        modified: None,
    }
}

pub(crate) fn run(id: &str, contact: &str, number: &str, start: Option<&str>, at: Timestamp) -> BackRun {
    BackRun {
        id: id.into(),
        flow: "f1".into(),
        flow_name: "Stock".into(),
        contact: contact.into(),
        urn: urn(number),
        start: start.map(str::to_owned),
        responded: false,
        results: Vec::new(),
        created: at,
        modified: at,
        exited: None,
        exit: String::new(),
    }
}

fn contact(id: &str, status: &'static str, numbers: &[&str], at: Timestamp) -> BackContact {
    BackContact {
        id: id.into(),
        status,
        urns: numbers.iter().filter_map(|number| urn(number)).collect(),
        modified: Some(at),
    }
}

pub(crate) async fn messages(world: &World) -> Vec<MessageRow> {
    let mut all = world.app.store().recent_messages(&Scope::system(), (0, i64::MAX), None, 1000).await.expect("read");
    all.reverse();
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_come_once_and_only_move_forward() {
    for engine in engines() {
        let world = World::new(engine, 2).await;
        let began = world.now();
        let minute = |n: i64| began - SignedDuration::from_mins(60 - n);
        world.there.with(|there| {
            there.page = 2;
            there.messages = (0..5)
                .map(|n| message(&n.to_string(), "c1", "+231770000001", n % 2 == 1, minute(n)))
                .chain([message("9", "c9", "+231880000000", true, minute(9))])
                .collect();
            // The second page breaks off.
            there.read_fails = Some(2);
        });
        world.pass().await;
        let first = messages(&world).await.len();
        assert!((1..6).contains(&first), "{engine:?} {first}");
        let cut = world.list("messages").await;
        assert!(cut.failures == 1 && cut.cursor.is_some() && cut.watermark.is_none() && !cut.reason.is_empty());
        world.wait(40);
        world.there.with(|there| there.reads.clear());
        world.pass().await;
        let resumed = world.there.with(|there| there.reads.iter().find(|read| read.2.is_some()).cloned());
        assert_eq!(resumed.and_then(|read| read.2), cut.cursor, "it goes on where it stood");
        let all = messages(&world).await;
        assert_eq!(all.len(), 6);
        assert!(all.iter().all(|own| own.kind == MessageKind::Elsewhere));
        let ours = all.iter().filter(|own| own.person_name == "Worker 1").count();
        assert_eq!(ours, 5, "who has the number is whose it is");
        let stranger = all.last().expect("the last");
        assert_eq!((stranger.path.as_str(), stranger.direction), ("+231880000000", Direction::In));

        // The same again, in whatever pages: nothing twice. A state moves on, and never back.
        world.there.with(|there| {
            there.messages[0].status = "delivered".into();
            there.messages[2].status = "failed".into();
        });
        world.backends().pull_now(&Caller::system(), "there").await.expect("read");
        world.there.with(|there| {
            there.messages[0].status = "wired".into();
            there.messages[4].status = "sent".into();
        });
        world.backends().pull_now(&Caller::system(), "there").await.expect("read");
        let all = messages(&world).await;
        let states: Vec<&str> = all.iter().map(|own| own.state.as_str()).collect();
        assert_eq!(states, ["delivered", "handled", "failed", "handled", "sent", "handled"], "{engine:?}");

        // What another system sent does not decide whose answer a text to us is.
        let last = world.app.store().last_sent_to("tel", "+231770000001").await.expect("read");
        assert_eq!(last, None);

        // Pages that go in a circle end the reading with a reason, and what was read stays.
        world.there.with(|there| there.circles = true);
        let passed = world.backends().pull_now(&Caller::system(), "there").await.expect("read");
        assert_eq!(passed.failed.expect("why").key, "rapidpro-paging-loop");
        assert_eq!(messages(&world).await.len(), 6);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_come_back_to_their_start_and_those_of_workers_too() {
    for engine in engines() {
        let world = World::new(engine, 2).await;
        let rule = "Stock (at there) / left = stock:value";
        world.app.set_answers_taken(&Caller::system(), rule).await.expect("a rule");
        world.pass().await;
        let start = world.start("Stock (at there)").await;
        world.pass().await;
        let id = world.there.with(|there| there.taken[0].0.clone());
        let at = world.now();
        world.there.with(|there| {
            there.runs = vec![
                run("r1", "c231770000001", "+231770000001", Some(&id), at),
                run("r2", "c231770000002", "+231770000002", Some(&id), at),
                // Begun by somebody of their own accord, in a flow that nobody has listed yet, and by one without an address.
                BackRun { flow: "f9".into(), flow_name: "Help".into(), ..run("r3", "c7", "+231880000000", None, at) },
                BackRun { urn: None, ..run("r4", "hidden", "", None, at) },
            ];
        });
        world.wait(61);
        world.pass().await;
        let system = Caller::system();
        let flow = world.app.find_flow(&system, "Stock (at there)").await.expect("a flow").id;
        let of = ResultsOf { flow, start: Some(start) };
        let results = world.app.flow_results(&system, of).await.expect("results");
        assert_eq!(results.statuses, [("waiting".to_owned(), 2)], "{engine:?}");
        assert_eq!((results.funnel.started, results.funnel.complete), (2, 0));
        let help = world.app.find_flow(&system, "Help (at there)").await.expect("made as its run came").id;
        let begun = world.app.flow_results(&system, ResultsOf { flow: help, start: None }).await.expect("results");
        assert_eq!(begun.funnel.started, 1);
        let problems = world.app.store().backend_problems(world.source, 10).await.expect("read");
        assert_eq!((problems.len(), problems[0].kind.as_str()), (1, "nobody"));

        // One of them answers, and it ends; the same page again changes nothing more.
        let later = at + SignedDuration::from_mins(5);
        world.there.with(|there| {
            let own = &mut there.runs[0];
            own.results.push(BackResult {
                key: "left".into(),
                name: "Left".into(),
                value: "7".into(),
                category: "Number".into(),
                input: Some("7".into()),
                at: Some(later),
            });
            (own.responded, own.modified, own.exited) = (true, later, Some(later));
            own.exit = "completed".into();
        });
        for _ in 0..2 {
            world.backends().pull_now(&system, "there").await.expect("read");
        }
        let results = world.app.flow_results(&system, of).await.expect("results");
        assert_eq!((results.funnel.replied, results.funnel.complete), (1, 1), "{engine:?}");
        assert_eq!(results.questions[0].categories, [("Number".to_owned(), 1)]);
        let runs: Vec<String> = world.people(start).await.into_iter().map(|own| own.run).collect();
        assert_eq!(runs, ["completed", "waiting"]);
        reported_and_told_once(&world, flow).await;
    }
}

/// What ended is there for a report, and what was answered for the register, each once.
async fn reported_and_told_once(world: &World, flow: FlowId) {
    let map = HmisMap {
        id: Uuid::from_u128(5),
        name: "Stock".into(),
        source: world.source,
        flow,
        config: "{}".into(),
        active: true,
        since: 0,
        version: 1,
    };
    let ended = world.app.store().hmis_runs(&map, 0, 10).await.expect("runs");
    assert_eq!(ended.len(), 1);
    world.app.run_until_idle().await.expect("passes");
    let changes = world.app.store().changes_since(0, 1_000).await.expect("changes");
    let told: Vec<Uuid> = changes.iter().filter(|own| own.kind == "facility_run").map(|own| own.entity).collect();
    assert_eq!(told, [ended[0].0.uuid()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_there_is_one_here_and_flows_that_go_are_put_away() {
    for engine in engines() {
        let world = World::new(engine, 3).await;
        world.pass().await;
        let at = world.now();
        let able = async || world.app.count_audience(&Caller::system(), "status = stopped").await.expect("a number");
        let read = async |status: &'static str, n: i64| {
            world.there.with(|there| {
                let own = contact("c1", status, &["+231770000001"], at + SignedDuration::from_secs(n));
                there.contacts = vec![own];
            });
            world.backends().pull_now(&Caller::system(), "there").await.expect("read");
        };
        read("active", 1).await;
        assert_eq!(able().await, 0);
        read("stopped", 2).await;
        assert_eq!(able().await, 1, "{engine:?}");
        // Who writes START here is written to again, although it still says so there.
        let mut unit = Unit::new();
        unit.start(("tel", "+231770000001"), "");
        world.app.store().write(unit, Queue::Interactive).await.expect("written");
        read("stopped", 3).await;
        assert_eq!(able().await, 0);
        read("active", 4).await;
        read("blocked", 5).await;
        assert_eq!(able().await, 1, "anew is new");
        read("active", 6).await;
        assert_eq!(able().await, 0);

        // A contact with the numbers of two people is shown until it is set right.
        let several = |numbers: &[&str], n: i64| {
            let own = contact("c231770000002", "active", numbers, at + SignedDuration::from_secs(n));
            world.there.with(|there| there.contacts = vec![own]);
        };
        let mut unit = Unit::new();
        let second = world.app.store().holders("tel", "+231770000002").await.expect("read")[0].person;
        unit.put_backend_contact(world.source, "c231770000002", second, 1);
        world.app.store().write(unit, Queue::Interactive).await.expect("written");
        several(&["+231770000002", "+231770000003"], 7);
        world.backends().pull_now(&Caller::system(), "there").await.expect("read");
        let problems = world.app.store().backend_problems(world.source, 10).await.expect("read");
        assert_eq!((problems.len(), problems[0].kind.as_str()), (1, "contact-of-several"), "{engine:?}");
        several(&["+231770000002", "+231990000003"], 8);
        world.backends().pull_now(&Caller::system(), "there").await.expect("read");
        assert!(world.app.store().backend_problems(world.source, 10).await.expect("read").is_empty());

        // A flow that is put away there, or is no more, can't be started here; its results stay.
        world.there.with(|there| {
            there.flows[0].archived = true;
            there.flows.remove(1);
        });
        world.backends().pull_now(&Caller::system(), "there").await.expect("read");
        let listed = world.app.flows(&Caller::system(), false).await.expect("flows");
        let names: Vec<&str> = listed.iter().map(|flow| flow.row.name.as_str()).collect();
        assert_eq!(names, ["Text (at there)"], "{engine:?}");
        world.there.with(|there| {
            there.flows[0].archived = false;
            there.flows[0].name = "Stock at hand".into();
        });
        world.backends().pull_now(&Caller::system(), "there").await.expect("read");
        let listed = world.app.flows(&Caller::system(), false).await.expect("flows");
        assert!(listed.iter().any(|flow| flow.row.name == "Stock at hand (at there)"));
    }
}
