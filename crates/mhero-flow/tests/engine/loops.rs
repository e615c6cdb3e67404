//! Limits, child runs, and flows that change under a session.

use mhero_flow::{
    engine::{Engine, EngineError, Outcome, Setting},
    environment::Environment,
    resumes::Resume,
    session::{RunStatus, SessionStatus},
};
use serde_json::json;

use super::common::{Steady, assets, colours, contact, flow, id, start, text, types};

#[test]
fn a_loop_without_a_wait_fails_after_a_hundred_steps() {
    let node = json!({"uuid": id(10), "actions": [], "exits": [{"uuid": id(11), "destination_uuid": id(10)}]});
    let assets = assets(&[flow(1, &[node])]);
    let sprint = start(&assets, 1, &mut Steady::default());
    assert_eq!(types(&sprint), ["run_started", "failure", "run_ended"]);
    assert_eq!((sprint.session.status, sprint.segments.len()), (SessionStatus::Failed, 100));
}

#[test]
fn actions_after_one_that_enters_a_flow_come_before_the_flow() {
    let parent = json!({
        "uuid": id(10),
        "actions": [
            {"type": "enter_flow", "uuid": id(11), "flow": {"uuid": id(2), "name": "Flow 2"}},
            {"type": "send_msg", "uuid": id(12), "text": "still here"},
        ],
        "exits": [{"uuid": id(13)}],
    });
    let assets = assets(&[flow(1, &[parent]), flow(2, &[])]);
    let sprint = start(&assets, 1, &mut Steady::default());
    assert_eq!(types(&sprint), ["run_started", "msg_created", "run_started", "run_ended", "run_ended"]);
    assert_eq!(sprint.session.runs[1].parent_uuid, Some(sprint.session.runs[0].uuid));
}

#[test]
fn a_terminal_flow_ends_all_runs_first() {
    let enter = |n: u128, flow: u128, terminal: bool| {
        json!({
            "uuid": id(n * 100),
            "actions": [{"type": "enter_flow", "uuid": id(n * 100 + 1), "flow": {"uuid": id(flow), "name": ""}, "terminal": terminal}],
            "exits": [{"uuid": id(n * 100 + 2)}],
        })
    };
    let assets = assets(&[flow(1, &[enter(1, 2, false)]), flow(2, &[enter(2, 3, true)]), flow(3, &[])]);
    let sprint = start(&assets, 1, &mut Steady::default());
    let ended = sprint.session.runs.iter().all(|run| run.status == RunStatus::Completed);
    assert!(ended && sprint.session.runs.len() == 3);
    assert_eq!(sprint.session.status, SessionStatus::Completed);
    let expected = ["run_started", "run_started", "run_ended", "run_ended", "run_started", "run_ended"];
    assert_eq!(types(&sprint), expected);
}

#[test]
fn a_resume_that_the_wait_does_not_take_is_refused() {
    let assets = assets(&[colours()]);
    let mut world = Steady::default();
    let sprint = start(&assets, 1, &mut world);
    let dial = json!({
        "type": "dial", "resumed_on": "2020-01-01T00:00:00Z",
        "event": {"uuid": id(700), "type": "dial_ended", "created_on": "2020-01-01T00:00:00Z", "dial": {"status": "busy", "duration": 1}},
    });
    let dial = Resume::read(&dial).expect("a resume");
    let refused = Engine::default().accepts(&assets, &sprint.session, &dial);
    assert_eq!(refused, Err(EngineError::Refused { resume: "dial", wait: "msg" }));
}

#[test]
fn a_session_whose_flow_is_gone_fails_and_says_so() {
    let mut world = Steady::default();
    let sprint = start(&assets(&[colours()]), 1, &mut world);
    let (empty, environment) = (assets(&[]), Environment::default());
    let setting = Setting { assets: &empty, environment: &environment, call: None };
    let engine = Engine::default();
    let sprint = engine.resume(setting, sprint.session, contact(), text("blue"), &mut world).expect("a sprint");
    assert_eq!(types(&sprint), ["failure", "run_ended"]);
    assert!(matches!(sprint.outcome, Outcome::Ended) && sprint.session.status == SessionStatus::Failed);
}

#[test]
fn sprints_have_a_limit() {
    let assets = assets(&[colours()]);
    let mut world = Steady::default();
    let mut sprint = start(&assets, 1, &mut world);
    let environment = Environment::default();
    let setting = Setting { assets: &assets, environment: &environment, call: None };
    let engine = Engine::default();
    for _ in 1..engine.limits.sprints_per_session {
        sprint = engine.resume(setting, sprint.session, sprint.contact, text("red"), &mut world).expect("a sprint");
    }
    assert_eq!(sprint.session.status, SessionStatus::Waiting);
    let sprint = engine.resume(setting, sprint.session, sprint.contact, text("red"), &mut world).expect("a sprint");
    assert_eq!((types(&sprint), sprint.session.status), (vec!["failure", "run_ended"], SessionStatus::Failed));
}
