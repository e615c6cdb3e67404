//! Flows in the console: the library, a played conversation that travels sealed, and who may do what.

use axum::http::StatusCode;
use mhero_app::flows::library;
use mhero_core::Role;

use super::desk::{Desk, system};

const KEY: &str = "stock-on-hand";

async fn loaded(desk: &Desk) -> String {
    let report = desk.app.load_from_library(&system(), KEY).await.expect("a use case");
    assert_eq!(report.refused().count(), 0);
    let flow = report.parts.iter().find(|part| part.kind.word() == "flow").expect("a flow");
    flow.id.expect("its id").to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_page_of_flows_reads_in_english_and_french() {
    let desk = Desk::new().await;
    let flow = loaded(&desk).await;
    let mut admin = desk.signed("admin@moh.example", Role::Admin, None).await;
    let paths = [
        "/flows".to_owned(),
        "/flows?archived=1".to_owned(),
        "/flows/library".to_owned(),
        format!("/flows/library/{KEY}"),
        "/flows/import".to_owned(),
        "/flows/play".to_owned(),
        format!("/flows/{flow}"),
        format!("/flows/{flow}/play"),
        format!("/flows/{flow}/start"),
        format!("/flows/{flow}/revisions"),
    ];
    for path in &paths {
        let between = if path.contains('?') { '&' } else { '?' };
        for lang in ["en", "fr"] {
            let answer = admin.get(&format!("{path}{between}lang={lang}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
            answer.must_have(&format!("<html lang=\"{lang}\""));
            assert_eq!(answer.body.matches("<h1").count(), 1, "{path}");
            assert!(!answer.body.contains("Unknown localization"), "{path} lacks a text");
            assert!(!answer.body.contains(" style=\""), "{path} has an inline style");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_played_conversation_goes_on_and_cannot_be_changed_or_taken_over() {
    let desk = Desk::new().await;
    let flow = loaded(&desk).await;
    let path = format!("/flows/{flow}/play");
    let mut hr = desk.signed("hr@moh.example", Role::Admin, None).await;
    let begun = hr.get(&path).await;
    let state = begun.between("name=\"state\" value=\"", "\"");
    let next = hr.post(&path, &[("state", &state), ("do", "text"), ("text", "12")]).await;
    assert_eq!(next.status, StatusCode::OK, "{}", next.body);
    next.must_have("<p class=\"b sms\" dir=\"auto\">12</p>");
    next.must_have("is-visited");
    let over = next.between("name=\"state\" value=\"", "\"");
    let over = hr.post(&path, &[("state", &over), ("do", "expiry")]).await;
    over.must_have("The conversation is over.");
    let wrong = state.replacen(|letter: char| letter.is_ascii_digit(), "f", 3);
    assert_eq!(hr.post(&path, &[("state", &wrong), ("do", "expiry")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut other = desk.signed("other@moh.example", Role::Admin, None).await;
    let taken = other.post(&path, &[("state", &state), ("do", "expiry")]).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY, "another person's conversation stays theirs");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_is_counted_before_it_is_made_and_made_once() {
    let desk = Desk::new().await;
    let flow = loaded(&desk).await;
    let path = format!("/flows/{flow}/start");
    let mut admin = desk.signed("admin@moh.example", Role::Admin, None).await;
    let once = admin.get(&path).await.between("name=\"once\" value=\"", "\"");
    let nobody = admin.post(&path, &[("once", &once), ("do", "start"), ("q", "")]).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [("once", once.as_str()), ("q", "cadre = midwife"), ("lane", "bulk")];
    let shown = admin.post(&path, &[&fields[..], &[("do", "query")]].concat()).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
    for _ in 0..2 {
        let started = admin.post(&path, &[&fields[..], &[("do", "start")]].concat()).await;
        assert_eq!((started.status, started.to), (StatusCode::SEE_OTHER, format!("/flows/{flow}")), "{}", started.body);
    }
    let page = admin.get(&format!("/flows/{flow}")).await;
    assert_eq!(page.body.matches("No. ").count(), 1, "pressed twice, it started once");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_only_reads_changes_nothing() {
    let desk = Desk::new().await;
    let flow = loaded(&desk).await;
    let mut auditor = desk.signed("audit@moh.example", Role::Auditor, None).await;
    let page = auditor.get(&format!("/flows/{flow}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("value=\"archive\"") && !page.body.contains("/start\""));
    for (path, fields) in [
        (format!("/flows/{flow}"), [("do", "archive")]),
        (format!("/flows/{flow}/revisions"), [("sure", "yes")]),
        (format!("/flows/{flow}/start"), [("do", "start")]),
        (format!("/flows/library/{KEY}"), [("do", "add")]),
    ] {
        assert_eq!(auditor.post(&path, &fields).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(auditor.get("/flows/import").await.status, StatusCode::FORBIDDEN);
    assert_eq!(auditor.get("/flows/export").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_imported_can_be_taken_away_again() {
    let desk = Desk::new().await;
    let flow = loaded(&desk).await;
    let mut admin = desk.signed("admin@moh.example", Role::Admin, None).await;
    let export = admin.get(&format!("/flows/export?flow={flow}")).await;
    let json: serde_json::Value = serde_json::from_str(&export.body).expect("an export");
    assert!(json["flows"].as_array().expect("flows").iter().any(|one| one["uuid"] == flow.as_str()));
    assert!(library::entry(KEY).is_some());
}
