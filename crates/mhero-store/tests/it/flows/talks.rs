//! People as flows see them, conversations, sessions, outside calls.

use mhero_core::{
    ConversationId, Direction, EffectId, FlowId, Lane, Lang, MessageId, MessageKind, PersonId, RetentionClass, Scope,
    SessionId,
};
use mhero_store::{ConversationRow, EffectRow, Guard, NewMessage, SessionRow};

use super::{definitions::flow_id, done, elsewhere, group, id, is_known, is_late, martha, narrow, node, steps, unit};
use crate::Bench;

pub(super) const PATH: &str = "+231770000001";

pub(super) async fn contacts(bench: &Bench) {
    let store = &bench.store;
    let found = |path: &'static str, number| {
        unit(|u| u.add_found_number(id(|uuid| uuid, 30, number), martha(), ("tel", path), 0, 7))
    };
    done(bench, found(PATH, 1)).await;
    done(bench, found(PATH, 2)).await;
    let change = steps(|u| {
        u.set_person_language(martha(), Some(Lang::FRENCH), 8);
        u.set_person_name(martha(), "Marthe Kollie", "marthe kollie", 8);
        u.set_membership(group(), martha(), true, 8).set_membership(group(), martha(), true, 9);
    });
    done(bench, change).await;
    let record = store.contact_record(martha(), 10).await.expect("it answers").expect("Martha");
    assert_eq!(
        (record.name.as_str(), record.language, record.groups.as_slice()),
        ("Marthe Kollie", Some(Lang::FRENCH), [group()].as_slice())
    );
    assert_eq!(record.urns, [("tel".to_owned(), PATH.to_owned())], "a number that is there is not added again");
    assert_eq!((record.values[0].key.as_str(), record.values[0].instant), ("edd", Some(77)));
    assert_eq!(record.facility.as_ref().map(|name| name.best(Lang::ENGLISH)), Some("Clinic 1"));
    assert_eq!(record.zone.as_deref(), Some("Africa/Nairobi"));
    done(bench, unit(|u| u.set_membership(group(), martha(), false, 11))).await;
    let record = store.contact_record(martha(), 12).await.expect("it answers").expect("Martha");
    assert!(record.groups.is_empty());
    assert_eq!(store.contact_record(id(PersonId::from_uuid, 1, 9), 12).await.expect("it answers"), None);
    let fields = store.contact_fields().await.expect("fields");
    assert_eq!((fields.len(), fields[0].key.as_str(), fields[0].kind.as_str()), (1, "edd", "instant"));
}

pub(super) fn conversation(number: u64, person: PersonId, depth: i64) -> ConversationRow {
    ConversationRow {
        id: id(ConversationId::from_uuid, 31, number),
        scheme: "tel".into(),
        path: PATH.into(),
        person,
        channel: None,
        depth,
        state: "open".into(),
        wrote_at: Some(20),
        created_at: 20,
        version: 1,
    }
}

/// A message as a sprint writes it.
pub(super) fn message(number: u64, of: &ConversationRow, key: &str, state: &'static str) -> NewMessage {
    NewMessage {
        id: id(MessageId::from_uuid, 32, number),
        direction: Direction::Out,
        kind: MessageKind::Flow,
        state,
        lane: Lane::Normal,
        person: of.person,
        scheme: of.scheme.clone(),
        path: of.path.clone(),
        channel: None,
        conversation: Some(of.id),
        broadcast: None,
        thread: None,
        body: id(|uuid| uuid, 33, number),
        language: Some(Lang::ENGLISH),
        segments: 1,
        dedupe_key: key.to_owned(),
        reply_to: None,
        answers: None,
        written_by: None,
        programme: None,
        is_test: false,
        is_drill: false,
        created_at: 21,
    }
}

pub(super) async fn conversations(bench: &Bench) {
    let store = &bench.store;
    let (lower, upper) = (conversation(1, martha(), 0), conversation(2, martha(), 1));
    done(bench, unit(|u| u.open_conversation(&lower))).await;
    assert!(is_late(bench, unit(|u| u.open_conversation(&upper))).await, "another is open");
    let suspended =
        unit(|u| u.conversation_state(&lower, "suspended").conversation_wrote(lower.id, 25).open_conversation(&upper));
    done(bench, suspended).await;
    assert!(is_late(bench, unit(|u| u.conversation_state(&lower, "open"))).await, "it has moved on");
    let open = store.open_conversations("tel", PATH).await.expect("open");
    assert_eq!(open.iter().map(|talk| talk.id).collect::<Vec<_>>(), [upper.id, lower.id], "the deepest first");
    let beside = ConversationRow { state: "beside".into(), ..conversation(9, martha(), 0) };
    done(bench, unit(|u| u.open_conversation(&beside).conversation_state(&beside, "ended"))).await;
    let stored = store.conversation(lower.id).await.expect("it answers").expect("it is there");
    assert_eq!((stored.state.as_str(), stored.wrote_at, stored.version), ("suspended", Some(25), 2));
    done(bench, unit(|u| u.conversation_state(&upper, "ended"))).await;
    let ended = ConversationRow { version: 2, ..upper.clone() };
    assert!(is_late(bench, unit(|u| u.conversation_state(&ended, "open"))).await, "what has ended stays ended");
    assert_eq!(store.open_conversations("tel", PATH).await.expect("open").len(), 1);

    assert_eq!(store.asked_at("flow/s/1/").await.expect("nothing was asked"), None);
    let asked = steps(|u| {
        for (number, key, state) in
            [(1, "flow/s/1/0000", "waiting"), (2, "flow/s/1/0001", "waiting"), (3, "flow/s/2/0000", "sent")]
        {
            let message = message(number, &lower, key, state);
            u.add_body(message.body, &format!("text {number}"), RetentionClass::Message, 21);
            u.add_message(&message, Guard::Rows(1));
        }
    });
    done(bench, asked).await;
    let texts = store.texts_of_sprint("flow/s/1/").await.expect("texts");
    let expected = [1, 2].map(|number| (format!("text {number}"), Some(Lang::ENGLISH)));
    assert_eq!(texts, expected, "of this sprint, in order");
    let waits = store.asked_at("flow/s/1/").await.expect("it answers").expect("it asked");
    assert_eq!((waits.written_at, waits.left_at), (21, None));
    let left = store.asked_at("flow/s/2/").await.expect("it answers").expect("it asked");
    assert_eq!(left.left_at, Some(21));
}

/// A text of a shared phone is held until it is known who wrote it.
pub(super) async fn who(bench: &Bench) {
    let number = ("tel", PATH);
    done(bench, unit(|u| u.ask_who(number, "one", 30).ask_who(number, "two", 31))).await;
    let held = bench.store.held_text("tel", PATH).await.expect("it answers");
    assert_eq!(held, Some(("two".to_owned(), 31)), "the last one counts");
    done(bench, unit(|u| u.who_answered(number))).await;
    assert!(is_late(bench, unit(|u| u.who_answered(number))).await, "once");
    assert_eq!(bench.store.held_text("tel", PATH).await.expect("it answers"), None);
}

pub(super) fn session(number: u64, of: &ConversationRow) -> SessionRow {
    SessionRow {
        id: id(SessionId::from_uuid, 34, number),
        conversation: of.id,
        person: of.person,
        flow: flow_id(),
        revision: 1,
        pins: "{}".into(),
        start: None,
        cause: "keyword".into(),
        parent: None,
        lane: Lane::Normal,
        channel: None,
        status: "waiting".into(),
        state: vec![1, 2, 3],
        effect: None,
        sprints: 1,
        timeout_at: Some(50),
        expires_at: Some(60),
        timeout_left: None,
        expiry_left: None,
        once_key: Some(format!("key/{number}")),
        is_test: false,
        is_drill: false,
        created_at: 22,
        replied_at: None,
        ended_at: None,
        version: 1,
    }
}

pub(super) async fn sessions(bench: &Bench) {
    let store = &bench.store;
    let mine = session(1, &conversation(1, martha(), 0));
    done(bench, unit(|u| u.add_session(&mine))).await;
    let twice = SessionRow { id: id(SessionId::from_uuid, 34, 9), ..mine.clone() };
    assert!(is_known(bench, unit(|u| u.add_session(&twice))).await, "one key, one session");
    assert!(store.session_row(mine.id).await.expect("it answers") == Some(mine.clone()));
    assert!(store.session_of(mine.conversation).await.expect("it answers") == Some(mine.clone()));
    assert_eq!(store.session_by_key("key/1").await.expect("it answers"), Some(mine.id));
    let none = id(SessionId::from_uuid, 0, 0);
    assert_eq!(store.sessions_on_others(flow_id(), 2, none, 10).await.expect("sessions"), [mine.id]);
    assert_eq!(store.sessions_on_others(flow_id(), 1, none, 10).await.expect("sessions"), []);
    assert_eq!(store.live_sessions(flow_id()).await.expect("counts"), [(1, 1)]);
    assert!(store.is_in_flow(martha()).await.expect("it answers"));
    assert!(store.was_in_flow(martha(), flow_id()).await.expect("it answers"));
    assert!(!store.was_in_flow(martha(), id(FlowId::from_uuid, 20, 9)).await.expect("it answers"));
    assert_eq!(store.count_in_flows(&[martha(), elsewhere()]).await.expect("a count"), 1);

    let ended = SessionRow { status: "completed".into(), ended_at: Some(70), replied_at: Some(65), ..mine.clone() };
    done(bench, unit(|u| u.set_session(&ended))).await;
    assert!(is_late(bench, unit(|u| u.set_session(&ended))).await);
    assert!(!store.is_in_flow(martha()).await.expect("it answers"));
    assert!(store.session_of(mine.conversation).await.expect("it answers").is_none());
    assert_eq!(store.count_in_flows(&[martha()]).await.expect("a count"), 0);

    let other = session(2, &conversation(3, elsewhere(), 0));
    done(bench, unit(|u| u.open_conversation(&conversation(3, elsewhere(), 0)).add_session(&other))).await;
    let listed = store.sessions_of_person(&narrow(), martha()).await.expect("sessions");
    assert_eq!((listed.len(), listed[0].flow_name.as_str()), (1, "Stock on hand"));
    let listed = store.sessions_of_person(&narrow(), elsewhere()).await.expect("sessions");
    assert!(listed.is_empty(), "outside the officer's place");
    let listed = store.sessions_of_person(&Scope::system(), elsewhere()).await.expect("sessions");
    assert_eq!(listed.len(), 1);
}

fn effect(number: u64, flow: FlowId) -> EffectRow {
    EffectRow {
        key: format!("effect/{number}"),
        id: id(EffectId::from_uuid, 35, number),
        session: id(SessionId::from_uuid, 34, 1),
        flow,
        node: Some(node(1)),
        kind: "webhook".into(),
        peer: "registry.example".into(),
        request: vec![9, 8],
        repeatable: true,
        state: "ready".into(),
        attempt: 0,
        answer: None,
        status: None,
        failure: None,
        created_at: 100,
        called_at: None,
        answered_at: None,
    }
}

pub(super) async fn effects(bench: &Bench) {
    let store = &bench.store;
    let (one, two) = (effect(1, flow_id()), effect(2, flow_id()));
    done(bench, unit(|u| u.add_effect(&one).add_effect(&two))).await;
    assert!(is_known(bench, unit(|u| u.add_effect(&one))).await);
    assert_eq!(store.ready_effects(99, &[], 10).await.expect("calls"), []);
    assert_eq!(store.ready_effects(100, &[], 10).await.expect("calls"), [one.clone(), two.clone()]);
    done(bench, unit(|u| u.call_effect(&one.key, 110))).await;
    assert!(is_late(bench, unit(|u| u.call_effect(&one.key, 111))).await, "one node makes it");
    assert_eq!(store.lost_effects(110, 10).await.expect("calls"), []);
    assert_eq!(store.lost_effects(111, 10).await.expect("calls").len(), 1);
    done(bench, unit(|u| u.effect_again(&one.key, 130, "no line"))).await;
    assert_eq!(store.ready_effects(129, &[], 10).await.expect("calls"), std::slice::from_ref(&two));
    done(bench, unit(|u| u.call_effect(&one.key, 131))).await;
    let settle = || unit(|u| u.settle_effect(&one.key, "answered", (Some(vec![7]), Some(200)), None, 140));
    done(bench, settle()).await;
    assert!(is_late(bench, settle()).await, "answered once");
    let stored = store.effect(&narrow(), &one.key).await.expect("it answers").expect("it is there");
    assert_eq!((stored.state.as_str(), stored.attempt, stored.status), ("answered", 2, Some(200)));
    assert_eq!((stored.request, stored.answer, stored.answered_at), (vec![9, 8], Some(vec![7]), Some(140)));
    let system = Scope::system();
    assert_eq!(store.effects(&system, "", (i64::MAX, 10)).await.expect("calls").len(), 2);
    assert_eq!(store.effects(&system, "ready", (i64::MAX, 10)).await.expect("calls"), std::slice::from_ref(&two));
    assert_eq!(store.effects(&system, "", (100, 10)).await.expect("calls"), [], "before, not at");
    assert_eq!(store.effects(&narrow(), "", (i64::MAX, 10)).await.expect("calls").len(), 2, "of its programme");
    let stranger = Scope::of(id(|uuid| uuid, 4, 9), false, false, mhero_core::Rights::NONE);
    assert_eq!(store.effects(&stranger, "", (i64::MAX, 10)).await.expect("calls"), []);
    assert_eq!(store.effect(&stranger, &one.key).await.expect("it answers"), None, "nor by its key");
}
