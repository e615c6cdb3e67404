//! Two servers have two clocks: however far the one there is off, and whichever way it is set, everything comes back, once.

use jiff::SignedDuration;
use mhero_app::{Caller, flows::ResultsOf};
use mhero_store::Engine;

use crate::{
    reads::{message, messages, run},
    world::{World, engines},
};

/// The number of the first worker.
const NUMBER: &str = "+231770000001";
/// Minutes in each of which a message and a run are made.
const MINUTES: u8 = 24;
/// How long after it began a run ends, in minutes.
const TAKES: u8 = 2;

#[tokio::test(flavor = "multi_thread")]
async fn a_back_end_whose_clock_is_off_by_minutes_loses_nothing() {
    // Minutes, in the first half and in the second: always ahead, always behind, set right, set wrong.
    for (first, then) in [(7, 7), (-7, -7), (7, 0), (0, -7), (-7, 7), (7, -7)] {
        let off = |minute: u8| if minute < MINUTES / 2 { first } else { then };
        let world = World::new(Engine::Sqlite, 1).await;
        world.pass().await;
        for minute in 0..MINUTES {
            let at = world.now() + SignedDuration::from_mins(off(minute));
            world.there.with(|there| {
                there.messages.push(message(&minute.to_string(), "c1", NUMBER, true, at));
                there.runs.push(run(&format!("r{minute}"), "c1", NUMBER, None, at));
                if let Some(own) = minute.checked_sub(TAKES).and_then(|ended| there.runs.get_mut(usize::from(ended))) {
                    (own.modified, own.exited, own.exit) = (at, Some(at), "completed".to_owned());
                }
            });
            world.wait(61);
            world.pass().await;
        }
        // What was dated before the last reading comes with the next look further back.
        world.wait(601);
        world.pass().await;
        let what = format!("{first} then {then}");
        let came: Vec<String> = messages(&world).await.into_iter().filter_map(|own| own.text).collect();
        let mut once = came.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!((came.len(), once.len()), (usize::from(MINUTES), usize::from(MINUTES)), "{what}");
        let flow = world.app.find_flow(&Caller::system(), "Stock (at there)").await.expect("a flow").id;
        let of = ResultsOf { flow, start: None };
        let results = world.app.flow_results(&Caller::system(), of).await.expect("results");
        let ended = (results.funnel.started, results.funnel.complete);
        assert_eq!(ended, (i64::from(MINUTES), i64::from(MINUTES - TAKES)), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_start_sent_is_counted_by_the_clock_there() {
    for engine in engines() {
        for off in [-7, 7] {
            let world = World::new(engine, 1).await;
            world.pass().await;
            let start = world.start("Stock (at there)").await;
            world.pass().await;
            let (id, contact) =
                world.there.with(|there| (there.taken[0].0.clone(), there.taken[0].1.contacts[0].clone()));
            let at = world.now() + SignedDuration::from_mins(off);
            world.there.with(|there| {
                let mut sent = message("1", &contact, NUMBER, false, at);
                "delivered".clone_into(&mut sent.status);
                there.messages = vec![sent];
                there.runs = vec![run("r1", &contact, NUMBER, Some(&id), at)];
            });
            world.wait(61);
            world.pass().await;
            let page = world.app.start_page(&Caller::system(), start).await.expect("a start");
            let funnel = (page.funnel.started, page.funnel.sent, page.funnel.delivered);
            assert_eq!(funnel, (1, 1, 1), "{engine:?} {off}");
        }
    }
}
