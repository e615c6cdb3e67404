//! Who may do what with flows: a programme's officer with the flows of their programme only, and no flow reaches for somebody
//! whom they could not reach themselves.

use mhero_app::{
    AppError, Caller, NewUser,
    flows::{FlowSettings, KeywordPlace, NewStart, NewTrigger, TriggerTerms},
};
use mhero_core::{FlowId, Lang, LangMap, PlaceId, ProgrammeId, Role};
use mhero_store::Engine;
use serde_json::{Value as Json, json};

use crate::{
    audiences::{country, place},
    common::{TestApp, engines},
    flows::{flow, id, keyword, saved, say, stock},
};

/// Martha of Lofa.
const MARTHA: &str = "+231770000001";
/// Musa of Bong.
const MUSA: &str = "+231770000005";

async fn programme(t: &TestApp, code: &str) -> ProgrammeId {
    t.app.add_programme(&Caller::system(), code, LangMap::one(Lang::ENGLISH, code)).await.expect("it is new")
}

async fn officer(t: &TestApp, email: &str, programme: ProgrammeId, place: Option<PlaceId>) -> Caller {
    let new = NewUser {
        email: email.into(),
        name: "Hawa Karnley".into(),
        language: Lang::ENGLISH,
        role: Role::Programme,
        place,
        programme: Some(programme),
        password: None,
    };
    let user = t.app.add_user(&Caller::system(), new).await.expect("a user");
    t.app.caller_of_user(user).await.expect("it answers").expect("a caller")
}

fn by_word(flow: FlowId, word: &str) -> NewTrigger {
    let terms = TriggerTerms::Keyword { words: vec![word.to_owned()], place: KeywordPlace::FirstWord };
    NewTrigger { flow, terms, groups: vec![], exclude: vec![], channel: None, urgent: false }
}

#[expect(clippy::needless_pass_by_value, reason = "each answer is looked at where it is asked for")]
fn is_refused<T: std::fmt::Debug>(answer: Result<T, AppError>, what: &str) {
    let refused = matches!(answer, Err(AppError::NotAllowed { .. } | AppError::NotFound { .. }));
    assert!(refused, "{what}: {answer:?}");
}

/// Flows 1 of EPI, 5 of malaria and 6 of the whole country.
async fn three(t: &TestApp, epi: &Caller, malaria: &Caller) -> [FlowId; 3] {
    let own = t.app.save_flow(epi, &stock(), "test").await.expect("a flow of EPI").id;
    let other = flow(5, "Nets", &[say(5, 10, "Nets?", None)]);
    let other = t.app.save_flow(malaria, &other, "test").await.expect("a flow of malaria").id;
    let national = saved(t, &flow(6, "Census", &[say(6, 10, "Who are you?", None)])).await;
    [own, other, national]
}

#[tokio::test]
async fn an_officer_changes_only_the_flows_of_their_programme() {
    for engine in engines() {
        let t = country(engine).await;
        let (epi, malaria) = (programme(&t, "epi").await, programme(&t, "malaria").await);
        let caller = officer(&t, "epi@moh.example", epi, None).await;
        let other = officer(&t, "malaria@moh.example", malaria, None).await;
        let [own, nets, census] = three(&t, &caller, &other).await;
        let row = t.app.find_flow(&caller, "Stock").await.expect("a flow");
        assert_eq!(row.programme, Some(epi), "{engine:?}: what an officer makes belongs to their programme");
        let theirs = t.app.add_trigger(&other, &by_word(nets, "nets")).await.expect("a trigger");
        for (foreign, json) in [
            (nets, flow(5, "Nets", &[say(5, 10, "Mine now", None)])),
            (census, flow(6, "Census", &[say(6, 10, "Mine now", None)])),
        ] {
            is_refused(t.app.save_flow(&caller, &json, "test").await, "save");
            is_refused(t.app.archive_flow(&caller, foreign, true).await, "archive");
            is_refused(t.app.set_flow_settings(&caller, foreign, FlowSettings::default()).await, "settings");
            is_refused(t.app.set_flow_programme(&caller, foreign, Some(epi)).await, "programme");
            is_refused(t.app.move_waiting(&caller, foreign).await, "move");
            is_refused(t.app.add_trigger(&caller, &by_word(foreign, "mine")).await, "trigger");
            is_refused(t.app.export_flows(&caller, &[foreign]).await, "export");
            is_refused(t.app.start_flow(&caller, &NewStart::new(foreign, "*")).await, "start");
            is_refused(t.app.preview_start(&caller, &NewStart::new(foreign, "*")).await, "preview");
            let export = json!({ "version": "13", "flows": [serde_json::from_slice::<Json>(&json).expect("JSON")] });
            let report = t.app.import_export(&caller, export.to_string().as_bytes(), "test").await.expect("a report");
            assert_eq!(report.refused().count(), 1, "import: {report:?}");
        }
        is_refused(t.app.change_trigger(&caller, theirs, &by_word(own, "nets")).await, "taking a trigger over");
        is_refused(t.app.remove_trigger(&caller, theirs).await, "removing a trigger");
        is_refused(t.app.set_flow_programme(&caller, own, None).await, "giving it to the country");
        is_refused(t.app.set_flow_programme(&caller, own, Some(malaria)).await, "giving it away");
        own_flow_is_theirs(&t, &caller, own).await;
        let export = t.app.export_flows(&caller, &[]).await.expect("an export");
        assert_eq!(export["flows"].as_array().map(Vec::len), Some(1), "all that are theirs");
        // Whoever is not narrowed changes everything, and may give flows to a programme.
        let root = Caller::system();
        t.app.set_flow_programme(&root, census, Some(epi)).await.expect("given");
        t.app.archive_flow(&caller, census, true).await.expect("it is theirs now");
    }
}

async fn own_flow_is_theirs(t: &TestApp, caller: &Caller, own: FlowId) {
    let trigger = t.app.add_trigger(caller, &by_word(own, "soh")).await.expect("a trigger");
    t.app.change_trigger(caller, trigger, &by_word(own, "stk")).await.expect("changed");
    t.app.remove_trigger(caller, trigger).await.expect("removed");
    is_refused(t.app.remove_trigger(caller, trigger).await, "one that is gone");
    t.app.set_flow_settings(caller, own, FlowSettings::default()).await.expect("set");
    t.app.move_waiting(caller, own).await.expect("moved");
    t.app.export_flows(caller, &[own]).await.expect("exported");
    let start = t.app.start_flow(caller, &NewStart::new(own, "*")).await.expect("started");
    let row = t.app.start_page(caller, start).await.expect("a page").row;
    assert_eq!(row.programme, t.app.find_flow(caller, "Stock").await.expect("a flow").programme);
    t.app.archive_flow(caller, own, true).await.expect("archived");
    t.app.archive_flow(caller, own, false).await.expect("restored");
}

/// A flow that writes to everybody, and starts everybody in flow 8.
fn crier(n: u128) -> Vec<u8> {
    let write = json!({
        "uuid": id(n, 11), "type": "send_broadcast", "text": "Measles in Bondou", "contact_query": "cadre = midwife",
    });
    let start = json!({
        "uuid": id(n, 12), "type": "start_session", "flow": { "uuid": id(8, 0), "name": "Asked" },
        "contact_query": "cadre = midwife", "exclusions": {},
    });
    let node = json!({
        "uuid": id(n, 10), "actions": [write, start], "exits": [{ "uuid": id(n, 13), "destination_uuid": null }],
    });
    flow(n, &format!("Crier {n}"), &[node])
}

async fn criers(engine: Engine) -> (TestApp, Caller, FlowId) {
    let t = country(engine).await;
    let epi = programme(&t, "epi").await;
    let bong = place(&t, "B").await;
    let caller = officer(&t, "epi@moh.example", epi, Some(bong)).await;
    t.app.save_flow(&caller, &flow(8, "Asked", &[say(8, 10, "Any case?", None)]), "test").await.expect("a flow");
    let id = t.app.save_flow(&caller, &crier(7), "test").await.expect("a flow").id;
    (t, caller, id)
}

/// To whom a text went.
fn heard(t: &TestApp, text: &str) -> Vec<String> {
    let mut to: Vec<String> =
        t.fake.texts().into_iter().filter(|(_, said)| said.ends_with(text)).map(|(to, _)| to).collect();
    to.sort();
    to
}

#[tokio::test]
async fn a_flow_reaches_nobody_whom_its_starter_does_not_see() {
    for engine in engines() {
        let (t, caller, crier) = criers(engine).await;
        t.app.start_flow(&caller, &NewStart::new(crier, "grade = 5")).await.expect("started");
        t.app.run_until_idle().await.expect("idle");
        let bong = [MUSA.to_owned(), "+231770000002".to_owned()];
        for text in ["Measles in Bondou", "Any case?"] {
            let to = heard(&t, text);
            assert!(to.contains(&bong[0]) && to.contains(&bong[1]), "{engine:?} {text}: {to:?}");
            assert!(!to.contains(&MARTHA.to_owned()), "{engine:?} {text}: {to:?}");
        }
    }
}

#[tokio::test]
async fn a_keyword_acts_for_whoever_made_its_trigger() {
    for engine in engines() {
        let (t, caller, crier) = criers(engine).await;
        let trigger = t.app.add_trigger(&caller, &by_word(crier, "measles")).await.expect("a trigger");
        // Somebody of another county writes the word: it reaches whom the maker of the trigger may see.
        t.hear(MARTHA, "measles").await;
        assert!(!heard(&t, "Measles in Bondou").contains(&MARTHA.to_owned()), "{engine:?}");
        assert!(heard(&t, "Measles in Bondou").contains(&MUSA.to_owned()), "{engine:?}");
        // Taken away, it still counts as theirs while the conversations that it began go on.
        t.receive(MARTHA, "measles", None).await;
        t.app.remove_trigger(&caller, trigger).await.expect("removed");
        t.app.run_until_idle().await.expect("idle");
        assert!(!heard(&t, "Measles in Bondou").contains(&MARTHA.to_owned()), "{engine:?}");
        // Made by whoever sees all, the same word reaches all.
        keyword(&t, crier, "measles", false).await;
        t.hear(MUSA, "measles").await;
        assert!(heard(&t, "Measles in Bondou").contains(&MARTHA.to_owned()), "{engine:?}");
        assert!(heard(&t, "Any case?").contains(&MARTHA.to_owned()), "{engine:?}");
    }
}

#[tokio::test]
async fn words_that_answer_or_stop_start_nothing() {
    let t = TestApp::new(Engine::Sqlite).await;
    let flow = saved(&t, &stock()).await;
    for (word, reason) in [
        ("stop", "trigger-word-stops"),
        ("ARRET", "trigger-word-stops"),
        ("start", "trigger-word-starts"),
        ("1", "trigger-word-chooses"),
        ("12", "trigger-word-chooses"),
        ("b", "trigger-word-chooses"),
        ("ok", "trigger-word-answers"),
        ("lu", "trigger-word-answers"),
    ] {
        match t.app.add_trigger(&Caller::system(), &by_word(flow, word)).await {
            Err(AppError::Invalid(refused)) => assert_eq!(refused.key, reason, "{word}"),
            other => panic!("{word}: {other:?}"),
        }
    }
    for word in ["help", "aide", "menu", "soh", "notice", "labo"] {
        t.app.add_trigger(&Caller::system(), &by_word(flow, word)).await.expect(word);
    }
}

#[tokio::test]
async fn a_start_can_be_stopped_and_the_rest_are_left_out() {
    for engine in engines() {
        let t = country(engine).await;
        let epi = programme(&t, "epi").await;
        let caller = officer(&t, "epi@moh.example", epi, None).await;
        let flow = t.app.save_flow(&caller, &stock(), "test").await.expect("a flow").id;
        let start = t.app.start_flow(&caller, &NewStart::new(flow, "*")).await.expect("a start");
        let other = programme(&t, "malaria").await;
        let other = officer(&t, "malaria@moh.example", other, None).await;
        is_refused(t.app.stop_start(&other, start).await, "another's start");
        t.app.stop_start(&caller, start).await.expect("stopped");
        t.app.run_until_idle().await.expect("idle");
        let page = t.app.start_page(&caller, start).await.expect("a page");
        assert_eq!((page.row.status.as_str(), page.funnel.started), ("cancelled", 0), "{engine:?}");
        assert!(t.fake.texts().is_empty(), "nobody was started");
        assert_eq!(t.app.find_start(&caller, page.row.number).await.expect("by its number"), start);
        match t.app.stop_start(&caller, start).await {
            Err(AppError::Invalid(reason)) => assert_eq!(reason.key, "flow-start-over"),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn what_can_not_work_is_said_before_a_start() {
    let t = country(Engine::Sqlite).await;
    let broken = flow(9, "Broken", &[say(9, 10, "Hello @(foo(", None)]);
    let broken = saved(&t, &broken).await;
    let preview = t.app.preview_start(&Caller::system(), &NewStart::new(broken, "*")).await.expect("a preview");
    assert!(!preview.errors.is_empty());
    let sound = saved(&t, &stock()).await;
    let preview = t.app.preview_start(&Caller::system(), &NewStart::new(sound, "*")).await.expect("a preview");
    assert!(preview.errors.is_empty(), "{:?}", preview.errors);
}

#[tokio::test]
async fn an_officer_of_a_county_counts_only_who_is_in_a_flow_there() {
    for engine in engines() {
        let (t, caller, _) = criers(engine).await;
        let flow = t.app.save_flow(&caller, &stock(), "test").await.expect("a flow").id;
        keyword(&t, flow, "soh", false).await;
        t.hear(MARTHA, "soh").await;
        t.hear(MUSA, "soh").await;
        let live = |caller: Caller| {
            let app = t.app.clone();
            async move { app.flow_shown(&caller, flow).await.expect("a flow").live() }
        };
        assert_eq!((live(Caller::system()).await, live(caller.clone()).await), (2, 1), "{engine:?}");
        let listed = t.app.flows(&caller, false).await.expect("flows");
        let row = listed.iter().find(|listed| listed.row.id == flow).expect("it is there");
        assert_eq!(row.live, [(1, 1)]);
    }
}

#[tokio::test]
async fn a_catch_all_answers_one_person_so_often_a_day_and_no_more() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
        let flow = saved(&t, &flow(6, "Any", &[say(6, 10, "Who are you?", None)])).await;
        let new = NewTrigger { terms: TriggerTerms::CatchAll, ..by_word(flow, "any") };
        t.app.add_trigger(&Caller::system(), &new).await.expect("a trigger");
        for n in 0..12 {
            t.hear(MARTHA, &format!("what is this about, number {n}")).await;
        }
        assert_eq!(heard(&t, "Who are you?").len(), 10, "{engine:?}");
        t.hand.advance(jiff::SignedDuration::from_hours(25));
        t.hear(MARTHA, "what is this about again").await;
        assert_eq!(heard(&t, "Who are you?").len(), 11, "{engine:?}");
    }
}
