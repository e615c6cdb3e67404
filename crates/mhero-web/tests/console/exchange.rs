//! Programs of others: those that are told what happens, and their accounts.

use axum::http::StatusCode;
use mhero_core::{Role, Scope};
use mhero_exchange::notices::{NewTarget, Notice, Notices, WEB_HOOK};
use mhero_store::{Queue, Unit, WebHookRow};
use uuid::Uuid;

use super::desk::{Desk, system};

/// A web hook of an installation that may call outside; two of its events wait, one was refused.
async fn hook(desk: &Desk, name: &str) -> Uuid {
    let (notices, store) = (Notices::new(&desk.app), desk.app.store());
    let mut unit = Unit::new();
    let url = format!("https://{name}.moh.example/in/secret-of-{name}");
    let target = NewTarget {
        purpose: WEB_HOOK,
        subject: name,
        url: &url,
        headers: &[],
        key: Some("whsec_x"),
        owner: None,
        is_on: true,
    };
    let id = notices.add_target(&mut unit, &target).expect("a target");
    unit.add_web_hook(&WebHookRow {
        id,
        name: name.to_owned(),
        events: "message.received run.finished".to_owned(),
        change_from: 0,
        shown_from: 0,
        sequence: 3,
        told_at: None,
        version: 1,
    });
    let dead = store.mint().uuid();
    for (notice, once_key) in [(dead, "one"), (store.mint().uuid(), "two"), (store.mint().uuid(), "three")] {
        let told = Notice { once_key, method: "POST", path: "", content_type: "application/json", body: "{}" };
        notices.tell_as(&mut unit, id, notice, &told).expect("a notice");
    }
    unit.notice_dead(dead, Some(400), "the receiver answered 400", desk.app.clock().now_micros());
    store.write(unit, Queue::Interactive).await.expect("it is written");
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn web_hooks_are_seen_switched_and_tried_out() {
    let desk = Desk::new().await;
    let mut admin = desk.signed("admin@moh.example", Role::Admin, None).await;
    let path = "/exchange/webhooks";
    admin.get(path).await.must_have("mhero webhook add");
    let id = hook(&desk, "dash").await;
    let target = async || desk.app.store().notice_target(id).await.expect("the store").expect("it is there");
    let mut row = target().await;
    row.failure = Some("the receiver answered 400".to_owned());
    let mut unit = Unit::new();
    unit.set_notice_target(&row, desk.app.clock().now_micros());
    desk.app.store().write(unit, Queue::Interactive).await.expect("it is written");

    let page = admin.get(path).await;
    for shown in ["dash.moh.example", "message.received", "On, tries again", "answered 400", "href=\"/exchange/dead\""]
    {
        page.must_have(shown);
    }
    assert!(!page.body.contains("secret-of-dash"), "what stands behind the host may be a secret");
    admin.get(&format!("{path}?lang=fr")).await.must_have("En marche, réessaie");
    admin.get("/exchange?lang=en").await.must_have("href=\"/exchange/webhooks\"");

    let key = id.to_string();
    let press = async |verb: &str, browser: &mut super::desk::Browser<'_>| {
        browser.post(path, &[("do", verb), ("id", &key)]).await
    };
    for _ in 0..2 {
        assert_eq!(press("off", &mut admin).await.to, path);
        assert_eq!(target().await.state, "off");
    }
    let page = admin.get(path).await;
    page.must_have("dash is off.");
    page.must_have("value=\"on\"");
    let refused = press("test", &mut admin).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "one that is off is not tried out");
    refused.must_have("role=\"alert\"");
    assert_eq!(press("on", &mut admin).await.to, path);
    let row = target().await;
    assert_eq!((row.state.as_str(), row.failure), ("on", None));
    let waiting = desk.app.store().waiting_notices(id).await.expect("a count");
    assert_eq!(waiting, 3, "what was given up waits again");
    assert_eq!(press("test", &mut admin).await.to, path);
    assert_eq!(desk.app.store().waiting_notices(id).await.expect("a count"), 4);
    assert_eq!(press("nonsense", &mut admin).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let nobody = admin.post(path, &[("do", "off"), ("id", "01900000-0000-7000-8000-000000000001")]).await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    let mut auditor = desk.signed("auditor@moh.example", Role::Auditor, None).await;
    assert_eq!(auditor.get(path).await.status, StatusCode::FORBIDDEN);
    assert!(!auditor.get("/exchange").await.body.contains("/exchange/webhooks"));
    admin.get("/audit").await.must_have("switched a web hook off.");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_made_for_the_country_or_for_the_sandbox() {
    let desk = Desk::new().await.beside_the_log();
    let mut admin = desk.signed("admin@moh.example", Role::Admin, None).await;
    let path = "/exchange/clients/new";
    let county = desk.app.place_name(desk.counties().await[0], mhero_core::Lang::ENGLISH).await.expect("a name");
    let county = county.expect("a county");
    let mut made = async |fields: &[(&str, &str)]| {
        let answer = admin.post(path, fields).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let token = answer.between("<p class=\"code\" dir=\"ltr\">", "</p>");
        desk.app.caller_of_any_token(&token).await.expect("the store").expect("a token").scope
    };
    let tried: Scope = made(&[("name", "trial"), ("sandbox", "yes")]).await;
    assert!(tried.is_in_sandbox() && !tried.all_places());
    let whole = made(&[("name", "iHRIS"), ("place", "")]).await;
    assert!(!whole.is_in_sandbox() && whole.all_places());
    let narrow = made(&[("name", "county"), ("place", &county)]).await;
    assert!(!narrow.is_in_sandbox() && !narrow.all_places());
    let page = admin.get("/exchange/clients").await;
    assert_eq!(page.body.matches("mh_").count(), 0, "shown once");
    page.must_have("Sandbox</dd>");
    for (fields, words) in [
        (&[("name", "both"), ("sandbox", "yes"), ("place", county.as_str())][..], "place of its own"),
        (&[("name", "trial")][..], "There is a token"),
    ] {
        let refused = admin.post(path, fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        refused.must_have(words);
        refused.must_have(&format!("value=\"{}\"", fields[0].1));
    }
    assert_eq!(desk.app.tokens(&system()).await.expect("tokens").len(), 3);
    admin.get("/exchange/clients?lang=fr").await.must_have("Bac à sable");
}
