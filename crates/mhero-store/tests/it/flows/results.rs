//! Starts, runs, results, and how far people got.

use mhero_core::{Lane, PersonId, ProgrammeId, RetentionClass, RunId, Scope, SessionId, StartId};
use mhero_store::{
    ConversationRow, Funnel, Guard, NewRun, ResponsePlace, ResponsesAsked, RunResultRow, SessionRow, StartRow,
};
use uuid::Uuid;

use super::{
    definitions::flow_id,
    done, elsewhere, id, is_known, is_late, martha, narrow, node, programme, steps,
    talks::{conversation, message, session},
    unit,
};
use crate::Bench;

fn start() -> StartRow {
    StartRow {
        id: id(StartId::from_uuid, 40, 1),
        number: 1,
        flow: flow_id(),
        revision: 2,
        query: "cadre = midwife".into(),
        params: String::new(),
        lane: Lane::Normal,
        channel: None,
        programme: Some(ProgrammeId::from_uuid(programme())),
        status: "starting".into(),
        cause: "start".into(),
        is_test: false,
        is_drill: false,
        created_by: None,
        created_at: 200,
        ended_at: None,
        matched: 0,
        recipients: 0,
        version: 1,
    }
}

pub(super) async fn starts(bench: &Bench) {
    let (store, row) = (&bench.store, start());
    done(bench, unit(|u| u.add_start(&row, Some("once")))).await;
    let twice = StartRow { id: id(StartId::from_uuid, 40, 2), number: 2, ..row.clone() };
    assert!(is_known(bench, unit(|u| u.add_start(&twice, Some("once")))).await);
    assert_eq!(store.start_by_key("once").await.expect("it answers"), Some(row.id));
    assert_eq!(store.start(&Scope::system(), row.id).await.expect("it answers"), Some(row.clone()));
    assert_eq!(store.start_numbered(&Scope::system(), row.number).await.expect("it answers"), Some(row.id));
    assert_eq!(store.start_numbered(&narrow(), row.number).await.expect("it answers"), None);
    assert_eq!(store.start(&narrow(), row.id).await.expect("it answers"), None, "of somebody with fewer places");
    assert_eq!(store.starts_of(&Scope::system(), flow_id()).await.expect("starts"), std::slice::from_ref(&row));

    let slices =
        |content: &'static str| unit(|u| u.add_start_slice(row.id, 0, content).add_start_slice(row.id, 1, "[2]"));
    done(bench, slices("[0]")).await;
    done(bench, unit(|u| u.leave_out_of_start(row.id, martha(), "stopped"))).await;
    done(bench, unit(|u| u.forget_start_freezing(row.id))).await;
    assert_eq!(store.next_start_slice(row.id).await.expect("none"), None);
    assert!(store.start_left_out_counts(row.id).await.expect("none").is_empty());
    done(bench, slices("[1]")).await;
    let left_out = steps(|u| {
        u.leave_out_of_start(row.id, martha(), "no-number").leave_out_of_start(row.id, martha(), "stopped");
        u.leave_out_of_start(row.id, elsewhere(), "stopped");
    });
    done(bench, left_out).await;
    let counts = store.start_left_out_counts(row.id).await.expect("counts");
    assert_eq!(counts, [("no-number".to_owned(), 1), ("stopped".to_owned(), 1)]);
    let nobody = PersonId::from_uuid(Uuid::nil());
    let seen = store.start_left_out(&narrow(), row.id, nobody, 10).await.expect("people");
    assert_eq!(seen.iter().map(|(person, ..)| *person).collect::<Vec<_>>(), [martha()]);
    assert_eq!(store.start_left_out(&Scope::system(), row.id, martha(), 10).await.expect("people").len(), 1);

    assert_eq!(store.next_start_slice(row.id).await.expect("a slice"), Some((0, "[1]".to_owned())));
    done(bench, unit(|u| u.start_slice_done(row.id, 0))).await;
    assert!(is_late(bench, unit(|u| u.start_slice_done(row.id, 0))).await);
    assert_eq!(store.next_start_slice(row.id).await.expect("a slice").map(|(number, _)| number), Some(1));
    let moved = StartRow { matched: 4, recipients: 2, ..row.clone() };
    done(bench, unit(|u| u.start_status(&moved, "started", Some(210)))).await;
    assert!(is_late(bench, unit(|u| u.start_status(&moved, "started", Some(211)))).await);
    let stored = store.start(&Scope::system(), row.id).await.expect("it answers").expect("it is there");
    assert_eq!((stored.status.as_str(), stored.matched, stored.recipients, stored.version), ("started", 4, 2, 2));
}

fn run(number: u64, person: PersonId, status: &str) -> NewRun {
    NewRun {
        id: id(RunId::from_uuid, 41, number),
        session: id(SessionId::from_uuid, 42, number),
        flow: flow_id(),
        revision: 2,
        person,
        start: Some(start().id),
        parent: None,
        status: status.into(),
        node: Some(node(1)),
        is_test: false,
        started_at: 220,
        replied_at: None,
        exited_at: None,
        modified_at: 220,
    }
}

fn answer(of: &NewRun, key: &str, value: &str, at: i64) -> RunResultRow {
    RunResultRow {
        run: of.id,
        key: key.into(),
        name: key.to_uppercase(),
        value: value.into(),
        category: "Number".into(),
        input: Some(value.into()),
        node: Some(node(1)),
        at,
    }
}

pub(super) async fn runs(bench: &Bench) {
    let (store, system, flow) = (&bench.store, Scope::system(), flow_id());
    let (mine, other) = (run(1, martha(), "waiting"), run(2, elsewhere(), "waiting"));
    let test = NewRun { is_test: true, ..run(3, martha(), "waiting") };
    let written = steps(|u| {
        u.put_run(&mine).put_run(&other).put_run(&test);
        for (run, value, at) in [(&mine, "12", 230), (&other, "7", 231), (&test, "1", 232)] {
            u.put_result(flow, &answer(run, "act", value, at));
        }
        u.put_result(flow, &answer(&mine, "act", "13", 240));
        for session in 0..20 {
            u.pass_way(flow, node(1), node(2), id(SessionId::from_uuid, 42, session));
        }
    });
    done(bench, written).await;
    assert_eq!(store.flow_ways(flow).await.expect("ways"), [(node(1), node(2), 20)], "however they are spread");
    assert_eq!(store.flow_standing(&system, flow).await.expect("standing"), [(node(1), 2)], "without tests");
    assert_eq!(store.flow_standing(&narrow(), flow).await.expect("standing"), [(node(1), 1)]);
    assert_eq!(store.run_counts(&system, flow).await.expect("counts"), [("waiting".to_owned(), 2)]);
    let counts = store.run_counts_of_start(&narrow(), flow, start().id).await.expect("counts");
    assert_eq!(counts, [("waiting".to_owned(), 1)]);

    let counts = store.category_counts(&system, flow, Some(start().id)).await.expect("counts");
    assert_eq!((counts.len(), counts[0].key.as_str(), counts[0].runs), (1, "act", 2));
    assert!(store.category_counts(&system, flow, Some(id(StartId::from_uuid, 40, 9))).await.expect("none").is_empty());
    let texts = store.free_texts(&system, (flow, None), "act", (i64::MAX, 10)).await.expect("texts");
    assert_eq!(texts.iter().map(|text| text.value.as_str()).collect::<Vec<_>>(), ["13", "7"], "the last answer counts");
    let texts = store.free_texts(&narrow(), (flow, None), "act", (240, 10)).await.expect("texts");
    assert!(texts.is_empty(), "before, not at");

    let listed = store.runs_of(&system, (flow, Some(start().id)), None, 10).await.expect("runs");
    assert_eq!(listed.iter().map(|run| run.id).collect::<Vec<_>>(), [other.id, mine.id]);
    let listed = store.runs_of(&system, (flow, None), Some(other.id), 10).await.expect("runs");
    assert_eq!(listed.iter().map(|run| run.id).collect::<Vec<_>>(), [mine.id], "the page before");
    let results = store.results_between(&narrow(), flow, (mine.id, other.id)).await.expect("results");
    assert_eq!(results.len(), 1);
    assert_eq!((results[0].run, results[0].value.as_str(), results[0].input.as_deref()), (mine.id, "13", Some("13")));
    let from = ResponsePlace { at: i64::MIN, run: mine.id, key: String::new() };
    let asked = ResponsesAsked {
        flow,
        after: i64::MIN,
        until: i64::MAX,
        revisions: (i64::MIN, i64::MAX),
        from,
        backwards: false,
        limit: 10,
    };
    let all = store.flow_responses(&system, &asked).await.expect("responses");
    assert!(all.len() == 2 && all[0].place.at <= all[1].place.at, "{all:?}");
    let own = store.flow_responses(&narrow(), &asked).await.expect("responses");
    assert_eq!((own.len(), own[0].value.as_str(), own[0].person), (1, "13", martha()));
    for (backwards, at, expected) in [(false, 0, 1), (true, 1, 0)] {
        let on = ResponsesAsked { backwards, from: all[at].place.clone(), ..asked.clone() };
        assert_eq!(store.flow_responses(&system, &on).await.expect("responses"), [all[expected].clone()]);
    }
    for (revisions, count) in [((mine.revision, other.revision), 2), ((other.revision + 1, i64::MAX), 0), ((0, 0), 0)] {
        let of = ResponsesAsked { revisions, ..asked.clone() };
        assert_eq!(store.flow_responses(&system, &of).await.expect("responses").len(), count, "{revisions:?}");
    }
    let late = ResponsesAsked { after: all[1].place.at, ..asked };
    assert!(store.flow_responses(&system, &late).await.expect("responses").is_empty());

    done(bench, unit(|u| u.put_run(&NewRun { status: "completed".into(), exited_at: Some(250), ..other }))).await;
    done(bench, unit(|u| u.end_runs(mine.session, "interrupted", 251))).await;
    let counts = store.run_counts(&system, flow).await.expect("counts");
    assert_eq!(counts, [("completed".to_owned(), 1), ("interrupted".to_owned(), 1)]);
}

pub(super) async fn funnels(bench: &Bench) {
    let store = &bench.store;
    let written = steps(|u| {
        for (number, person, state) in [(51, martha(), "delivered"), (52, elsewhere(), "waiting")] {
            let talk = ConversationRow { state: "suspended".into(), ..conversation(number, person, 0) };
            let row = SessionRow { start: Some(start().id), ..session(number, &talk) };
            u.open_conversation(&talk).add_session(&row);
            let message = message(number, &talk, &format!("flow/{number}/1/0000"), state);
            u.add_body(message.body, "text", RetentionClass::Message, 21);
            u.add_message(&message, Guard::Rows(1));
        }
        let replied = SessionRow {
            start: Some(start().id),
            replied_at: Some(260),
            ended_at: Some(260),
            status: "completed".into(),
            ..session(51, &conversation(51, martha(), 0))
        };
        u.set_session(&replied);
    });
    done(bench, written).await;
    let all = store.funnel(&Scope::system(), start().id).await.expect("a funnel");
    let expected = Funnel { targeted: 4, valid: 3, started: 2, sent: 1, delivered: 1, replied: 1, complete: 1 };
    assert_eq!(all, expected);
    let own = store.funnel(&narrow(), start().id).await.expect("a funnel");
    assert_eq!((own.targeted, own.started, own.delivered), (2, 1, 1), "people of the officer's place only");
    let of_flow = store.funnel_of_flow(&Scope::system(), flow_id()).await.expect("a funnel");
    assert_eq!((of_flow.started, of_flow.sent), (4, 2), "whatever began them");
}
