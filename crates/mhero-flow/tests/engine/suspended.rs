//! Sprints that stop in the middle of a node for an outside call.

use mhero_flow::{
    effects::{EffectAnswer, HttpAnswer},
    engine::{Engine, EngineError, Outcome, Setting, Sprint},
    environment::Environment,
    session::{Session, SessionStatus},
};

use super::common::{Steady, assets, colours, start, text, types};

fn asked(world: &mut Steady) -> (mhero_flow::assets::Assets, Sprint) {
    let assets = assets(&[colours()]);
    let sprint = start(&assets, 1, world);
    let environment = Environment::default();
    let setting = Setting { assets: &assets, environment: &environment, call: None };
    let resumed = Engine::default().resume(setting, sprint.session, sprint.contact, text("blue please"), world);
    (assets, resumed.expect("a sprint"))
}

#[test]
fn a_call_stops_the_sprint_and_its_answer_goes_on_from_the_store() {
    let mut world = Steady::default();
    let (assets, sprint) = asked(&mut world);
    let Outcome::NeedsEffect(request) = &sprint.outcome else { panic!("{:?}", sprint.outcome) };
    let key = request.key.clone();
    assert_eq!(types(&sprint), ["run_result_changed"]);
    let environment = Environment::default();
    let setting = Setting { assets: &assets, environment: &environment, call: None };
    let session = Session::from_blob(&sprint.session.to_blob()).expect("a session");
    let answer =
        EffectAnswer::Http(vec![HttpAnswer { status: Some(200), body: b"{}".to_vec(), ..HttpAnswer::default() }]);
    let sprint =
        Engine::default().answer(setting, session, sprint.contact, &key, answer, &mut world).expect("a sprint");
    assert_eq!(types(&sprint), ["webhook_called", "msg_created", "run_ended"]);
    assert_eq!(sprint.session.status, SessionStatus::Completed);
}

#[test]
fn the_answer_to_another_call_changes_nothing() {
    let mut world = Steady::default();
    let (assets, sprint) = asked(&mut world);
    let environment = Environment::default();
    let setting = Setting { assets: &assets, environment: &environment, call: None };
    let engine = Engine::default();
    let (session, contact) = (sprint.session.clone(), sprint.contact.clone());
    let refused = engine.answer(setting, session, contact, "another", EffectAnswer::Lost, &mut world);
    assert_eq!(refused.err(), Some(EngineError::OtherEffect));
    let waiting = engine.resume(setting, sprint.session, sprint.contact, text("hello"), &mut world);
    assert_eq!(waiting.err(), Some(EngineError::NotWaiting));
}

#[test]
fn a_lost_answer_counts_as_a_call_that_failed() {
    let mut world = Steady::default();
    let (assets, sprint) = asked(&mut world);
    let environment = Environment::default();
    let setting = Setting { assets: &assets, environment: &environment, call: None };
    let engine = Engine::default();
    let sprint = engine.drive(setting, sprint, &mut world, &mut |_, _| EffectAnswer::Lost).expect("a sprint");
    assert_eq!(sprint.session.status, SessionStatus::Completed);
    assert!(types(&sprint).contains(&"webhook_called"));
}
