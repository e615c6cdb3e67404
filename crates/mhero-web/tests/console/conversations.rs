//! Results, triggers, campaigns and outside calls: what pages show, what forms do, and who may.

use axum::http::StatusCode;
use mhero_app::flows::{Followed, NewStart, ResultsOf};
use mhero_core::{FlowId, Lane, Role, StartId};

use super::desk::{Desk, system};

/// A question with two answers, and thanks.
const SURVEY: &str = r#"{
  "uuid": "00000000-0000-4000-8000-000000000001", "name": "Gloves =1+1", "spec_version": "14.4.2", "language": "eng",
  "type": "messaging", "revision": 1, "expire_after_minutes": 720, "localization": {},
  "nodes": [
    {"uuid": "00000000-0000-4000-8000-000000000010",
     "actions": [{"uuid": "00000000-0000-4000-8000-000000000011", "type": "send_msg", "text": "Do you have gloves?"}],
     "exits": [{"uuid": "00000000-0000-4000-8000-000000000012", "destination_uuid": "00000000-0000-4000-8000-000000000020"}]},
    {"uuid": "00000000-0000-4000-8000-000000000020", "actions": [],
     "router": {"type": "switch", "operand": "@input.text", "result_name": "Gloves",
       "cases": [{"uuid": "00000000-0000-4000-8000-000000000024", "type": "has_any_word", "arguments": ["yes"],
                  "category_uuid": "00000000-0000-4000-8000-000000000025"}],
       "categories": [
         {"uuid": "00000000-0000-4000-8000-000000000025", "name": "Yes", "exit_uuid": "00000000-0000-4000-8000-000000000021"},
         {"uuid": "00000000-0000-4000-8000-000000000026", "name": "Other", "exit_uuid": "00000000-0000-4000-8000-000000000022"}],
       "default_category_uuid": "00000000-0000-4000-8000-000000000026", "wait": {"type": "msg"}},
     "exits": [
       {"uuid": "00000000-0000-4000-8000-000000000021", "destination_uuid": "00000000-0000-4000-8000-000000000030"},
       {"uuid": "00000000-0000-4000-8000-000000000022", "destination_uuid": "00000000-0000-4000-8000-000000000030"}]},
    {"uuid": "00000000-0000-4000-8000-000000000030",
     "actions": [{"uuid": "00000000-0000-4000-8000-000000000031", "type": "send_msg", "text": "Thank you."}],
     "exits": [{"uuid": "00000000-0000-4000-8000-000000000032"}]}
  ]
}"#;

async fn saved(desk: &Desk) -> FlowId {
    desk.app.save_flow(&system(), SURVEY.as_bytes(), "test").await.expect("a flow").id
}

/// The survey for the people of a query, each asked.
pub(crate) async fn asked(desk: &Desk, query: &str) -> (FlowId, StartId) {
    let flow = saved(desk).await;
    let start = NewStart {
        flow,
        query: query.into(),
        params: None,
        lane: Lane::Normal,
        channel: None,
        programme: None,
        cause: "start",
        once_key: None,
        is_test: false,
        is_drill: false,
    };
    let start = desk.app.start_flow(&system(), &start).await.expect("a start");
    desk.app.run_until_idle().await.expect("idle");
    (flow, start)
}

#[tokio::test(flavor = "multi_thread")]
async fn results_read_in_both_languages_and_lead_to_a_reminder() {
    let desk = Desk::new().await;
    let (flow, start) = asked(&desk, "cadre = midwife").await;
    let mut officer = desk.signed("flows@moh.example", Role::Admin, None).await;
    let here = format!("/flows/{flow}/results");
    for (lang, words) in [("en", "From asked to complete"), ("fr", "De la question à la fin")] {
        for path in [format!("{here}?lang={lang}"), format!("{here}?start={start}&lang={lang}")] {
            let answer = officer.get(&path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
            answer.must_have(words);
            assert_eq!(answer.body.matches("<h1").count(), 1);
            assert!(!answer.body.contains("Unknown localization"), "{path}");
        }
        for path in ["texts?q=gloves&", "people?"] {
            let path = format!("{here}/{path}start={start}&lang={lang}");
            let answer = officer.get(&path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
            assert!(!answer.body.contains("Unknown localization"), "{path}");
        }
    }
    let of = ResultsOf { flow, start: Some(start) };
    let silent = desk.app.follow_up(&system(), of, Followed::Silent).await.expect("people");
    assert!(silent.people > 0, "{silent:?}");
    let once = "01900000-0000-7000-8000-000000000001";
    let start = start.to_string();
    let pressed = [("start", start.as_str()), ("which", "silent"), ("once", once), ("do", "later"), ("hours", "24")];
    let answer = officer.post(&format!("{here}/follow"), &pressed).await;
    assert_eq!((answer.status, answer.to.as_str()), (StatusCode::SEE_OTHER, format!("/send/{once}").as_str()));
    let draft = officer.get(&answer.to).await;
    draft.must_have("flow_start = 1 AND flow_reply != 1");
    draft.must_have("value=\"2026-05-15T09:34\"");
    let wrong = [("start", start.as_str()), ("which", "silent"), ("once", once), ("do", "later"), ("hours", "0")];
    let answer = officer.post(&format!("{here}/follow"), &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    answer.must_have("role=\"alert\"");
    let flow_text = flow.to_string();
    let thanked =
        [("start", start.as_str()), ("which", "silent"), ("once", once), ("do", "flow"), ("flow", flow_text.as_str())];
    let answer = officer.post(&format!("{here}/follow"), &thanked).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert!(answer.to.starts_with(&format!("{here}?start=")), "{}", answer.to);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_of_results_can_be_taken_away() {
    let desk = Desk::new().await;
    let (flow, start) = asked(&desk, "cadre = midwife").await;
    let mut officer = desk.signed("flows@moh.example", Role::Admin, None).await;
    let csv = officer.get(&format!("/flows/{flow}/results/table.csv?start={start}")).await;
    assert_eq!(csv.status, StatusCode::OK);
    let mut lines = csv.body.lines();
    assert_eq!(
        lines.next(),
        Some("\u{feff}Person,Name,Start,State,Began,First reply,Ended,Gloves,Gloves: Category,Gloves: as written")
    );
    let rows = desk.app.result_rows(&system(), ResultsOf { flow, start: Some(start) }, None, 500).await.expect("rows");
    assert!(!rows.is_empty());
    assert_eq!(lines.count(), rows.len());
    let gone = officer.get(&format!("/flows/{flow}/results?start=01900000-0000-7000-8000-000000000009")).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn triggers_are_made_changed_and_removed_by_forms() {
    let desk = Desk::new().await;
    let flow = saved(&desk).await.to_string();
    let mut officer = desk.signed("flows@moh.example", Role::Admin, None).await;
    officer.get("/triggers").await.must_have("Nothing starts a flow by itself");
    officer.get(&format!("/triggers/new?flow={flow}")).await.must_have("Gloves =1+1");
    let word = [
        ("flow", flow.as_str()),
        ("kind", "keyword"),
        ("words", "Gloves, gants"),
        ("place", "only"),
        ("urgent", "yes"),
    ];
    let made = officer.post("/triggers/new", &word).await;
    assert_eq!((made.status, made.to.as_str()), (StatusCode::SEE_OTHER, "/triggers"), "{}", made.body);
    officer.get("/triggers").await.must_have("GLOVES, GANTS");
    let clash = officer.post("/triggers/new", &[("flow", flow.as_str()), ("words", "gants")]).await;
    assert_eq!(clash.status, StatusCode::UNPROCESSABLE_ENTITY);
    clash.must_have("already starts the flow");
    let stop = officer.post("/triggers/new", &[("flow", flow.as_str()), ("words", "stop")]).await;
    stop.must_have("means STOP");
    let schedule = [
        ("flow", flow.as_str()),
        ("kind", "schedule"),
        ("each", "weekly"),
        ("time", "09:00"),
        ("weekday", "1"),
        ("query", "cadre = midwife"),
    ];
    assert_eq!(officer.post("/triggers/new", &schedule).await.status, StatusCode::SEE_OTHER);
    let unclear = officer
        .post("/triggers/new", &[schedule[0], schedule[1], ("each", "own"), ("cron", "soon"), ("query", "*")])
        .await;
    assert_eq!(unclear.status, StatusCode::UNPROCESSABLE_ENTITY);
    let list = officer.get("/triggers?kind=schedule&lang=fr").await;
    list.must_have("Chaque lundi à");
    assert!(!list.body.contains("GLOVES"), "of one kind only");
    let href = format!("/triggers/{}", list.between("href=\"/triggers/0", "\""));
    let href = href.replace("/triggers/", "/triggers/0");
    officer.get(&format!("{href}?lang=fr")).await.must_have("Prochaine fois");
    let sure = officer.post(&href, &[("do", "remove")]).await;
    assert_eq!(sure.status, StatusCode::OK);
    assert_eq!(officer.post(&href, &[("do", "remove"), ("sure", "yes")]).await.status, StatusCode::SEE_OTHER);
    officer.get(&format!("/flows/{flow}/triggers?lang=en")).await.must_have("GLOVES, GANTS");
    let mut auditor = desk.signed("auditor@moh.example", Role::Auditor, None).await;
    auditor.get("/triggers").await.must_have("GLOVES, GANTS");
    assert_eq!(auditor.post("/triggers/new", &word).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn campaigns_get_events_and_are_archived() {
    let desk = Desk::new().await;
    let flow = saved(&desk).await.to_string();
    let group = desk.group("Midwives", "cadre = midwife").await.to_string();
    let mut officer = desk.signed("flows@moh.example", Role::Admin, None).await;
    officer.get("/campaigns").await.must_have("No campaigns");
    let unnamed = officer.post("/campaigns/new", &[("name", " "), ("group", &group)]).await;
    assert_eq!(unnamed.status, StatusCode::UNPROCESSABLE_ENTITY);
    unnamed.must_have("Give the campaign a name.");
    let made = officer.post("/campaigns/new", &[("name", "Welcome"), ("group", &group)]).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let here = made.to;
    let event = [
        ("do", "add"),
        ("field", "created_on"),
        ("offset", "3"),
        ("unit", "D"),
        ("side", "after"),
        ("hour", "9"),
        ("mode", "S"),
    ];
    let mut message = event.to_vec();
    message.extend([("text-eng", "Welcome @contact.first_name"), ("text-fra", "Bienvenue")]);
    let added = officer.post(&here, &message).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    let mut by_flow = event.to_vec();
    by_flow.push(("flow", &flow));
    assert_eq!(officer.post(&here, &by_flow).await.status, StatusCode::SEE_OTHER);
    let empty = officer.post(&here, &event).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = officer.get(&format!("{here}?lang=fr")).await;
    for words in
        ["3 jours après\u{a0}: Entrée au registre, à 9", "Bienvenue", "Gloves =1+1", "Passe qui est en conversation"]
    {
        page.must_have(words);
    }
    let list = officer.get("/campaigns?lang=en").await;
    list.must_have("3 days after Came into the registry");
    let id = page.between("name=\"event\" value=\"", "\"");
    assert_eq!(officer.post(&here, &[("do", "remove"), ("event", &id)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(officer.post(&here, &[("do", "archive")]).await.status, StatusCode::OK);
    assert_eq!(officer.post(&here, &[("do", "archive"), ("sure", "yes")]).await.status, StatusCode::SEE_OTHER);
    officer.get("/campaigns").await.must_have("No campaigns");
    assert_eq!(officer.get(&here).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn outside_calls_are_listed_for_those_who_work_on_flows() {
    let desk = Desk::new().await;
    let mut officer = desk.signed("flows@moh.example", Role::Admin, None).await;
    officer.get("/calls?state=failed").await.must_have("No outside calls");
    assert_eq!(officer.get("/calls/nobody:1:1").await.status, StatusCode::NOT_FOUND);
    let mut auditor = desk.signed("auditor@moh.example", Role::Auditor, None).await;
    assert_eq!(auditor.get("/calls").await.status, StatusCode::FORBIDDEN);
}
