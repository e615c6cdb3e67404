//! S26: an unknown number asks to join.

use jiff::SignedDuration;
use mhero_app::{
    Caller,
    way_back::{APPROVERS, Decision, Shelf},
};
use mhero_core::{Direction, PersonId};
use mhero_store::{JoinCandidate, Queue, Unit};

use super::{Bench, Mood, SUPERVISOR};
use crate::common::engines;

/// The phone of somebody unknown.
const NEW: &str = "+231770000555";

async fn with_supervisor(engine: mhero_store::Engine) -> Bench {
    let bench = Bench::new(engine).await;
    let store = bench.test.app.store();
    let group = store.group_named(&mhero_query::fold(APPROVERS)).await.expect("it answers").expect("the group");
    let mut unit = Unit::new();
    unit.add_member(group.id, bench.person("P2").await, bench.test.app.clock().now_micros());
    store.write(unit, Queue::Interactive).await.expect("written");
    bench
}

async fn only(bench: &Bench, state: &str) -> JoinCandidate {
    let mut found = bench.test.app.candidates(&Caller::system(), state).await.expect("candidates");
    assert_eq!(found.len(), 1, "one is {state}");
    found.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn who_joins_is_confirmed_by_a_supervisor_and_created_once_where_their_kind_belongs() {
    for engine in engines() {
        let bench = with_supervisor(engine).await;
        bench.hear_all(NEW, &["we are out of gloves in Borkeza since monday"]).await;
        bench.hear_all(NEW, &["JOIN Joseph Tarr nurse 1042", "1"]).await;
        let waiting = only(&bench, "waiting").await;
        assert_eq!((waiting.name.as_str(), waiting.cadre.as_deref()), ("Joseph Tarr", Some("Nurse")), "{engine:?}");
        assert!(waiting.place.is_some());
        let texts = bench.texts();
        let to_supervisor: Vec<_> = texts.iter().filter(|(to, _)| to == SUPERVISOR).map(|(_, text)| text).collect();
        assert_eq!(to_supervisor, ["wayback-sms-approve eng"], "who approves gets one text");
        // Nobody else's word counts, and no other number.
        bench.hear_all("+231770000001", &[&format!("APPROVE {}", waiting.code)]).await;
        let other = if waiting.code == "1000" { "1001" } else { "1000" };
        bench.hear_all(SUPERVISOR, &[&format!("APPROVE {other}")]).await;
        assert!(bench.hr.pushes().is_empty());
        only(&bench, "waiting").await;
        // The answer of the registry is lost: it is read before anything else is done.
        bench.hr.mood(Mood::LosesAnswer);
        bench.hear_all(SUPERVISOR, &[&format!("approve {}", waiting.code)]).await;
        assert_eq!((bench.hr.pushes().len(), only(&bench, "creating").await.attempts), (1, 1));
        bench.hr.mood(Mood::Fine);
        for _ in 0..3 {
            bench.pass(SignedDuration::from_secs(61)).await;
        }
        let created = only(&bench, "created").await;
        assert_eq!((bench.hr.pushes().len(), bench.hr.writes()), (1, 1));
        assert!(bench.hr.pushes()[0].target.id.is_empty());
        let holders = bench.test.app.store().holders("tel", NEW).await.expect("it answers");
        let worker = holders.iter().find(|holder| holder.standing == "worker").expect("a worker");
        assert_eq!((worker.name.as_str(), Some(worker.person)), ("Joseph Tarr", created.person));
        assert!(bench.texts().iter().any(|(to, text)| to == NEW && text == "wayback-sms-joined eng"));
        is_one_with_the_stranger(&bench, worker.person, created.stranger.expect("a stranger")).await;
    }
}

/// What a stranger wrote stands with the health worker whom they are known as, and so does what they write from now on.
async fn is_one_with_the_stranger(bench: &Bench, person: PersonId, stranger: PersonId) {
    let (app, caller) = (&bench.test.app, Caller::system());
    let wrote = async || {
        let messages = app.messages_with(&caller, person, i64::MAX, 50).await.expect("messages");
        let wrote = messages.into_iter().filter(|message| message.direction == Direction::In);
        wrote.map(|message| message.text.unwrap_or_default()).collect::<Vec<_>>()
    };
    let before = ["we are out of gloves in Borkeza since monday", "JOIN Joseph Tarr nurse 1042", "1"];
    assert_eq!(wrote().await, before);
    assert_eq!(app.person(&caller, stranger).await.expect("a page").record.id, person);
    let holders = app.store().holders("tel", NEW).await.expect("it answers");
    assert_eq!(holders.iter().map(|holder| holder.person).collect::<Vec<_>>(), [person]);
    let record = app.person(&caller, person).await.expect("a page").record;
    let thread = app.open_thread_with(&caller, &record).await.expect("it answers").expect("the thread of before");
    app.answer(&caller, thread, "they come", "key").await.expect("answered");
    bench.hear_all(NEW, &["thank you"]).await;
    assert_eq!(wrote().await.len(), 4);
    let proposed = bench.shelf(Shelf::All).await;
    assert!(proposed.is_empty(), "they said nothing that the record does not hold: {proposed:?}");
    // Wrong after all: each is who they were.
    let links = app.links_of(&caller, person).await.expect("links");
    app.undo_link(&caller, links[0].link.id).await.expect("taken back");
    assert_eq!(app.person(&caller, stranger).await.expect("a page").record.id, stranger);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_matched_by_name_is_joined_once_the_register_holds_their_number() {
    for engine in engines() {
        let bench = with_supervisor(engine).await;
        bench.hear_all(NEW, &["JOIN Martha Kollie midwife 1041", "1"]).await;
        let waiting = only(&bench, "waiting").await;
        bench.test.app.confirm_candidate(&Caller::system(), waiting.id, true).await.expect("confirmed");
        bench.idle().await;
        let (martha, stranger) = (bench.person("P1").await, waiting.stranger.expect("a stranger"));
        let golden = async || bench.test.app.store().golden(stranger).await.expect("it answers");
        assert_eq!(golden().await, stranger, "{engine:?}: a name is not enough");
        let phone = bench.of("phone").await;
        assert_eq!(bench.decide(&[phone], Decision::Accept).await.done.len(), 1);
        for _ in 0..2 {
            bench.pass(SignedDuration::from_secs(31)).await;
        }
        assert!(bench.hr.has_phone("P1", NEW));
        assert_eq!(golden().await, martha, "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn who_is_known_by_name_and_place_is_matched_and_only_their_number_is_proposed() {
    for engine in engines() {
        let bench = with_supervisor(engine).await;
        bench.hear_all(NEW, &["JOIN Martha Kollie midwife 1041", "1"]).await;
        let waiting = only(&bench, "waiting").await;
        bench.test.app.confirm_candidate(&Caller::system(), waiting.id, true).await.expect("confirmed");
        bench.idle().await;
        let matched = only(&bench, "matched").await;
        assert_eq!(matched.person, Some(bench.person("P1").await), "{engine:?}");
        assert!(bench.hr.pushes().is_empty());
        let rows = bench.shelf(Shelf::All).await;
        let fields: Vec<_> = rows.iter().map(|row| (row.row.proposal.field.as_str(), row.new.as_str())).collect();
        assert_eq!(fields, [("phone", NEW)]);
        assert!(bench.test.app.confirm_candidate(&Caller::system(), waiting.id, false).await.is_err());
        // One that is refused is not created.
        bench.hear_all("+231770000556", &["JOIN Paul Gbowee nurse 1042", "1"]).await;
        let code = only(&bench, "waiting").await.code;
        bench.hear_all(SUPERVISOR, &[&format!("REFUSE {code}")]).await;
        only(&bench, "refused").await;
        assert!(bench.hr.pushes().is_empty());
    }
}
