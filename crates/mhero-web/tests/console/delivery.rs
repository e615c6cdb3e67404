//! Rules of delivery by plain forms, and what they do on the pages of broadcasts and conversations.

use axum::http::StatusCode;
use mhero_app::broadcasts::{Draft, Release};
use mhero_core::{Lane, Lang, Role};

use super::desk::{Desk, PASSWORD, system};

fn to_everybody() -> Draft {
    Draft {
        name: "To all".into(),
        query: "phone != \"\"".into(),
        texts: vec![(Lang::ENGLISH, "MOH: the report is due.".into())],
        lane: Lane::Bulk,
        channel: None,
        release: Release::Now,
        zone: None,
        quiet_override: None,
        once_key: None,
        is_test: false,
        is_drill: false,
        programme: None,
        valid_minutes: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_and_policies_are_saved_or_said_what_is_wrong() {
    let desk = Desk::new().await;
    let mut admin = desk.signed("admin@moh.example", Role::Admin, None).await;
    let wrong = admin.post("/settings/delivery", &[("do", "caps"), ("day", "many")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.must_have("value=\"many\"");
    for cap in ["0", "1000", "99999999999999999999"] {
        let wrong = admin.post("/settings/delivery", &[("do", "caps"), ("week", cap)]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{cap}");
    }
    let caps = [("do", "caps"), ("day", "2"), ("programme_week", "5"), ("over", "leave-out")];
    assert_eq!(admin.post("/settings/delivery", &caps).await.to, "/settings/delivery");
    assert_eq!(admin.post("/settings/delivery", &[("do", "validity"), ("bulk", "48")]).await.to, "/settings/delivery");
    let page = admin.get("/settings/delivery").await;
    page.must_have("name=\"programme_week\" value=\"5\"");
    page.must_have("name=\"bulk\" value=\"48\"");
    let wrong = admin.post("/settings/delivery", &[("do", "validity"), ("bulk", "100000")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.must_have("name=\"programme_week\" value=\"5\"");
    let policies = [("do-broadcast", "again"), ("minutes-broadcast", "30")];
    assert_eq!(admin.post("/settings/uncertain", &policies).await.to, "/settings/uncertain");
    admin.get("/settings/uncertain").await.must_have("name=\"minutes-broadcast\" value=\"30\"");
    let wrong = admin.post("/settings/uncertain", &[("do-alert", "again"), ("minutes-alert", "")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let nothing = admin.post("/uncertain", &[("do", "again")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_who_rest_are_named_with_the_hour_at_which_it_ends() {
    let desk = Desk::new().await;
    let mut admin = desk.signed("admin@moh.example", Role::Admin, None).await;
    let county = desk.counties().await[0];
    let name = desk.app.place_name(county, Lang::ENGLISH).await.expect("a name").expect("a county");
    let unknown = admin.post("/settings/quiet-hours", &[("do", "place"), ("place", "Nowhere <b>")]).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!unknown.body.contains("<b>\""), "it is escaped");
    let days: Vec<String> = (0..7).map(|day| day.to_string()).collect();
    let mut never = vec![("do", "place"), ("place", name.as_str()), ("from", "20:00"), ("until", "07:00")];
    never.extend(days.iter().map(|day| ("rest", day.as_str())));
    assert_eq!(admin.post("/settings/quiet-hours", &never).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Every day but one is a day of rest, and that one is quiet: whatever day it is, the county rests.
    let mut own = vec![("do", "place"), ("place", name.as_str()), ("from", "00:00"), ("until", "23:59")];
    own.extend(days.iter().take(6).map(|day| ("rest", day.as_str())));
    assert_eq!(admin.post("/settings/quiet-hours", &own).await.to, "/settings/quiet-hours");
    admin.get("/settings/quiet-hours").await.must_have(&name);
    let id = desk.app.send(&system(), &to_everybody()).await.expect("a broadcast");
    desk.app.run_until_idle().await.expect("idle");
    let held = desk.app.held_back(&system(), id).await.expect("seen");
    assert!(!held.is_empty(), "the county waits");
    let page = admin.get(&format!("/broadcasts/{id}")).await;
    page.must_have(&format!("/broadcasts/{id}/held"));
    page.must_have("/messages/states");
    let list = admin.get(&format!("/broadcasts/{id}/held")).await;
    list.must_have(&name);
    // The conversation with somebody there says so too.
    let person = desk.app.held_people(&system(), id, uuid::Uuid::nil()).await.expect("seen").swap_remove(0).person;
    let talk = admin.get(&format!("/people/{person}")).await;
    talk.must_have(if held[0].reason == "rest-day" { "Day of rest" } else { "Quiet hours" });
    let hours = format!("/broadcasts/{id}/validity");
    assert_eq!(admin.post(&hours, &[("hours", "soon")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(admin.post(&hours, &[("hours", "3")]).await.to, format!("/broadcasts/{id}/held"));
    admin.get(&format!("/broadcasts/{id}/held")).await.must_have("value=\"3\"");
    // In French as well, and what is taken away holds no more.
    let mut french = desk.browser("fr");
    french.sign_in("admin@moh.example", PASSWORD, "").await;
    french.get("/messages/states").await.must_have("Ce que veulent dire les états");
    let gone = [("do", "drop"), ("place", &county.to_string())];
    assert_eq!(admin.post("/settings/quiet-hours", &gone).await.to, "/settings/quiet-hours");
    assert!(desk.app.place_hours(&system()).await.expect("rules").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_an_operator_is_imported_and_taken_back() {
    let desk = Desk::new().await;
    let mut admin = desk.signed("admin@moh.example", Role::Admin, None).await;
    let empty = admin.bring("/settings/blocks", "list.csv", "nothing\nhere\n", &[("name", "Lonestar")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    empty.must_have("role=\"alert\"");
    let list = "msisdn;note\n0770000001;x\n0770000002;x\nhello;x\n";
    let done = admin.bring("/settings/blocks", "list.csv", list, &[("name", "Lonestar <May>")]).await;
    assert_eq!(done.status, StatusCode::OK);
    done.must_have("Lonestar &#60;May&#62;");
    let (lists, blocked) = desk.app.block_lists(&system()).await.expect("lists");
    assert_eq!((blocked, lists[0].unreadable), (2, 1));
    let id = lists[0].id.to_string();
    assert_eq!(admin.post("/settings/blocks/undo", &[("list", &id)]).await.to, "/settings/blocks");
    assert_eq!(admin.post("/settings/blocks/undo", &[("list", &id)]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(desk.app.block_lists(&system()).await.expect("lists").1, 0);
}
