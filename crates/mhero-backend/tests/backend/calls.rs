//! What goes there: once, whatever happens to answers, processes and connections.

use mhero_app::{Caller, ports::BackendWhat};
use mhero_backend::Decision;
use mhero_core::{Lang, Scope};
use mhero_store::{Queue, Unit};

use crate::{
    fake::Fault,
    world::{World, engines},
};

const STOCK: &str = "Stock (at there)";

#[tokio::test(flavor = "multi_thread")]
async fn a_start_goes_there_once_whatever_becomes_of_the_answers() {
    for engine in engines() {
        let world = World::new(engine, 4).await;
        world.pass().await;
        let taken = || world.there.with(|there| there.taken.len());
        let asked = || world.there.with(|there| there.asked);

        // As it should be.
        let start = world.start(STOCK).await;
        assert_eq!((world.calls().await.len(), asked()), (1, 0), "a row before anything leaves");
        world.pass().await;
        assert_eq!((taken(), asked()), (1, 1), "{engine:?}");
        let first = world.there.with(|there| there.taken[0].1.clone());
        assert_eq!(first.contacts.len(), 4);
        assert!(matches!(&first.what, BackendWhat::Start { flow, .. } if flow == "f1"));
        assert_eq!(world.states(start).await, ["started"; 4]);

        // Taken, and the answer lost: it is looked up, and not asked again.
        world.there.with(|there| there.faults.push_back(Fault::LostAnswer));
        let start = world.start(STOCK).await;
        world.pass().await;
        assert_eq!(world.calls().await[0].state, "uncertain");
        world.pass().await;
        assert_eq!((asked(), world.states(start).await[0].as_str()), (2, "waiting"));
        world.wait(31);
        world.pass().await;
        assert_eq!((taken(), asked()), (2, 2));
        assert_eq!(world.states(start).await, ["started"; 4]);

        // Never arrived: only once it is nowhere to be found for long enough it is asked again.
        world.there.with(|there| there.faults.push_back(Fault::LostCall));
        let start = world.start(STOCK).await;
        world.pass().await;
        for _ in 0..3 {
            world.wait(31);
            world.pass().await;
            assert_eq!(asked(), 3);
        }
        world.wait(31);
        world.pass().await;
        world.pass().await;
        assert_eq!((taken(), asked()), (3, 4));
        assert_eq!(world.states(start).await, ["started"; 4]);

        // Told to come back: not before.
        world.there.with(|there| there.faults.push_back(Fault::Busy(3600)));
        let start = world.start(STOCK).await;
        world.pass().await;
        world.wait(3500);
        world.pass().await;
        assert_eq!(asked(), 5);
        world.wait(101);
        world.pass().await;
        assert_eq!((taken(), asked()), (4, 6));
        assert_eq!(world.states(start).await, ["started"; 4]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_was_cut_off_or_answered_with_nonsense_is_found_there() {
    for engine in engines() {
        let world = World::new(engine, 4).await;
        world.pass().await;
        let asked = || world.there.with(|there| there.asked);
        world.start(STOCK).await;
        world.pass().await;
        let first = world.there.with(|there| there.taken[0].1.clone());

        // The process ended between the call and its record: found by our reference.
        let start = world.start(STOCK).await;
        let mut call = world.calls().await.remove(0);
        world.there.with(|there| {
            there.taken.push(("s-cut".into(), mhero_app::ports::BackendAsk { reference: call.id, ..first.clone() }));
        });
        "calling".clone_into(&mut call.state);
        (call.next_at, call.attempts) = (None, 1);
        (call.fence, call.called_at) = (-1, Some(world.now().as_microsecond()));
        let mut unit = Unit::new();
        unit.set_backend_call(&call);
        for mut person in world.app.store().backend_people(call.id).await.expect("people") {
            person.contact = Some("c1".into());
            unit.set_backend_person(&person);
        }
        world.app.store().write(unit, Queue::Interactive).await.expect("written");
        world.wait(60);
        world.pass().await;
        world.wait(31);
        world.pass().await;
        assert_eq!((asked(), world.calls().await.len()), (1, 0), "found, and not asked again");
        assert_eq!(world.states(start).await, ["started"; 4]);

        // It names what it gave before: that is no answer.
        world.there.with(|there| there.faults.push_back(Fault::SameId));
        let start = world.start(STOCK).await;
        world.pass().await;
        assert_eq!(world.calls().await[0].state, "uncertain");
        world.wait(31);
        world.pass().await;
        assert_eq!(asked(), 2);
        assert_eq!(world.states(start).await, ["started"; 4]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stops_is_somebody_else_or_can_not_be_written_is_left_out_and_shown() {
    for engine in engines() {
        // The ninth is somebody else there.
        let world = World::new(engine, 9).await;
        world.pass().await;
        // Throttled in the middle of writing people out: what was written stays, the rest later.
        world.there.with(|there| there.writes_left = Some(5));
        let start = world.start(STOCK).await;
        world.pass().await;
        assert_eq!(world.there.with(|there| there.asked), 0);
        assert_eq!(world.calls().await[0].state, "waiting");
        world.there.with(|there| there.writes_left = None);
        // One of them writes STOP meanwhile.
        let mut unit = Unit::new();
        unit.stop(("tel", "+231770000002"), "", None, world.now().as_microsecond());
        world.app.store().write(unit, Queue::Interactive).await.expect("written");
        world.wait(3601);
        world.pass().await;
        let contacts = world.there.with(|there| there.taken[0].1.contacts.clone());
        assert_eq!(contacts.len(), 7, "{engine:?} {contacts:?}");
        let states = world.states(start).await;
        assert_eq!((states[1].as_str(), states[8].as_str()), ("stopped", "conflict"), "{states:?}");
        assert_eq!(states.iter().filter(|state| *state == "started").count(), 7);

        // Refused: it waits for nobody but an official, who may have it asked again or leave it.
        world.there.with(|there| there.faults.push_back(Fault::Refused));
        let start = world.start(STOCK).await;
        world.wait(60);
        world.pass().await;
        let call = world.calls().await.remove(0);
        assert_eq!(call.state, "refused");
        let system = Caller::system();
        world.backends().decide(&system, call.id, call.version, Decision::Again).await.expect("decided");
        assert!(world.backends().decide(&system, call.id, call.version, Decision::Leave).await.is_err(), "stale");
        world.pass().await;
        assert!(world.calls().await.is_empty());
        assert_eq!(world.states(start).await.iter().filter(|state| *state == "started").count(), 7);

        // One that was stopped before it left goes to nobody.
        world.there.with(|there| there.faults.push_back(Fault::Busy(600)));
        let asked = world.there.with(|there| there.asked);
        let start = world.start(STOCK).await;
        world.pass().await;
        let row = world.app.store().start(&Scope::system(), start).await.expect("read").expect("a start");
        let mut unit = Unit::new();
        unit.start_status(&row, "cancelled", Some(1));
        world.app.store().write(unit, Queue::Interactive).await.expect("written");
        world.wait(700);
        world.pass().await;
        assert_eq!(world.there.with(|there| there.asked), asked + 1);
        assert!(world.states(start).await.iter().all(|state| state != "started"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_goes_through_it_as_a_start_of_its_own() {
    for engine in engines() {
        let world = World::new(engine, 2).await;
        world.pass().await;
        let texts = [(Lang::ENGLISH, "Meeting on Friday.".to_owned())];
        let new = world.backends().text_start("there", "*", &texts).await.expect("a start");
        world.app.start_flow(&Caller::system(), &new).await.expect("started");
        world.pass().await;
        let ask = world.there.with(|there| there.taken[0].1.clone());
        assert!(ask.what == BackendWhat::Text(texts.to_vec()), "{engine:?}");
        let long = [(Lang::ENGLISH, "x".repeat(mhero_backend::TEXT_CHARS_MAX + 1))];
        assert!(world.backends().text_start("there", "*", &long).await.is_err());
        assert!(world.backends().text_start("there", "*", &[]).await.is_err());
        assert!(world.backends().text_start("hr", "*", &texts).await.is_err(), "no back end");
    }
}
