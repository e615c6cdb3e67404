//! Cost by plain forms: prices, the send page, budgets, the day and a bill.

use axum::http::StatusCode;
use mhero_app::broadcasts::{Draft, Release};
use mhero_core::{Lane, Lang, Role};

use super::desk::{Answer, Browser, Desk, system};

async fn priced(desk: &Desk, admin: &mut Browser<'_>, amount: &str) -> Answer {
    let channel = desk.app.channels().await.expect("channels")[0].id.to_string();
    let fields = [
        ("do", "add"),
        ("channel", channel.as_str()),
        ("operator", ""),
        ("direction", "out"),
        ("payer", "ministry"),
        ("amount", amount),
        ("from", "2026-05-14"),
    ];
    admin.post("/settings/channels/prices", &fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn prices_are_entered_and_the_send_page_says_the_cost() {
    let desk = Desk::new().await;
    let mut admin = desk.signed("admin@moh.example", Role::Admin, None).await;
    let before = priced(&desk, &mut admin, "0.02").await;
    assert_eq!(before.status, StatusCode::UNPROCESSABLE_ENTITY, "no currency yet");
    let to = "/settings/channels/prices";
    assert_eq!(admin.post(to, &[("do", "currency"), ("currency", "usd")]).await.to, to);
    let refused = priced(&desk, &mut admin, "two cents").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.must_have("two cents is no price");
    refused.must_have("value=\"two cents\"");
    assert_eq!(priced(&desk, &mut admin, "0.02").await.to, to);
    for lang in ["en", "fr"] {
        let page = admin.get(&format!("{to}?lang={lang}")).await;
        page.must_have(if lang == "en" { "0.02\u{a0}USD" } else { "0,02\u{a0}USD" });
        assert!(!page.body.contains("Unknown localization"), "{}", page.body);
    }

    // A draft of one text too dear by one letter, for all.
    let draft = format!("/send/{}", uuid::Uuid::now_v7());
    let text = format!("Réunion à l'hôpital {}", "a".repeat(80));
    let fields = [("do", "save"), ("q", "phone != \"\""), ("text-fra", text.as_str()), ("name", "Meeting")];
    assert_eq!(admin.post(&draft, &fields).await.status, StatusCode::SEE_OTHER);
    let page = admin.get(&format!("{draft}?lang=en")).await;
    page.must_have("USD</span>");
    page.must_have("Changed: ô → o.");
    page.must_have("Saves ");
    let fixed = admin.post(&draft, &[("do", "fix:text-fra"), ("text-fra", text.as_str())]).await;
    assert_eq!(fixed.to, format!("{draft}#what"));
    let page = admin.get(&draft).await;
    page.must_have("ô → o. The meaning stays.");
    page.must_have("hopital");

    // A toll-free sender is offered for what asks for an answer.
    assert!(!page.body.contains("id=\"sender\""), "there is nothing to choose");
    let channel = desk.app.channels().await.expect("channels")[0].id.to_string();
    let mut free = vec![("do", "add"), ("channel", channel.as_str()), ("operator", ""), ("direction", "in")];
    free.extend([("payer", "ministry"), ("amount", "0.01"), ("from", "2026-05-14")]);
    assert_eq!(admin.post(to, &free).await.to, to);
    let page = admin.get(&draft).await;
    page.must_have("Answers are free for people: the ministry pays.");
    page.must_have("id=\"sender\"");
    admin.post(&draft, &[("do", "save"), ("sender", channel.as_str())]).await;
    admin.get(&draft).await.must_have(&format!("value=\"{channel}\" selected"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_budget_holds_a_broadcast_and_says_so_until_it_is_lifted() {
    let desk = Desk::new().await;
    let mut admin = desk.signed("admin@moh.example", Role::Admin, None).await;
    admin.post("/settings/channels/prices", &[("do", "currency"), ("currency", "USD")]).await;
    priced(&desk, &mut admin, "0.05").await;
    let new =
        [("do", "save"), ("programme", ""), ("period", "month"), ("amount", "0.05"), ("warn", "80"), ("stops", "yes")];
    assert_eq!(admin.post("/settings/budgets", &new).await.to, "/settings/budgets");
    let wrong = [("do", "save"), ("period", "total"), ("amount", "5"), ("warn", "many")];
    assert_eq!(admin.post("/settings/budgets", &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let draft = Draft {
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
    };
    desk.app.send(&system(), &draft).await.expect("a broadcast");
    desk.app.run_until_idle().await.expect("idle");
    desk.hand.advance(jiff::SignedDuration::from_mins(1));
    desk.app.run_until_idle().await.expect("idle");
    let held = desk.app.send(&system(), &draft).await.expect("a broadcast");
    desk.app.run_until_idle().await.expect("idle");
    let page = admin.get(&format!("/broadcasts/{held}")).await;
    page.must_have("is used up (");
    let again = admin.post(&format!("/broadcasts/{held}"), &[("do", "resume"), ("once", "k")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "a budget is not passed over by hand");
    for lang in ["en", "fr"] {
        let page = admin.get(&format!("/settings/budgets?lang={lang}")).await;
        page.must_have("value=\"lift\"");
        assert!(!page.body.contains("Unknown localization"));
    }
    let budget = desk.app.budgets(&system()).await.expect("budgets")[0].budget.id.to_string();
    let lift = |reason: &'static str| [("do", "lift"), ("budget", budget.as_str()), ("reason", reason)];
    assert_eq!(admin.post("/settings/budgets", &lift("")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(admin.post("/settings/budgets", &lift("Cholera in Nimbara")).await.to, "/settings/budgets");
    desk.app.run_until_idle().await.expect("idle");
    let page = admin.get(&format!("/broadcasts/{held}")).await;
    assert!(!page.body.contains("is used up ("), "it went on");
    admin.get("/audit").await.must_have("let broadcasts go on although a budget is used up.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bill_is_brought_and_its_differences_listed() {
    let desk = Desk::new().await;
    let mut admin = desk.signed("admin@moh.example", Role::Admin, None).await;
    let person = desk.people("phone != \"\"").await.swap_remove(0);
    let draft = Draft {
        name: "One".into(),
        query: format!("uuid = {}", person.id),
        texts: vec![(Lang::ENGLISH, "MOH: hello.".into())],
        ..Draft::empty(&[])
    };
    desk.app.send(&system(), &Draft { release: Release::Now, ..draft }).await.expect("a broadcast");
    desk.app.run_until_idle().await.expect("idle");
    for lang in ["en", "fr"] {
        let day = admin.get(&format!("/reconcile?day=2026-05-14&lang={lang}")).await;
        day.must_have("<h1");
        day.must_have("phones");
        assert!(!day.body.contains("Unknown localization"));
    }
    let csv = admin.get("/reconcile/day.csv?day=2026-05-14&lang=en").await;
    assert!(csv.body.starts_with("channel,operator,messages,sms"), "{}", csv.body);
    assert_eq!(admin.get("/reconcile?day=tomorrow").await.status, StatusCode::NOT_FOUND);
    let channel = desk.app.channels().await.expect("channels")[0].id.to_string();
    let bad = admin.bring("/reconcile", "may.csv", "a,b\n1,2\n", &[("channel", &channel), ("day", "2026-05-14")]).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    bad.must_have("The file has: a, b");
    let bill = format!("To;Date;Nb SMS\n{};14/05/2026;3\n+231775555555;14/05/2026;1\n", person.phones[0]);
    let taken = admin.bring("/reconcile", "may.csv", &bill, &[("channel", &channel), ("day", "2026-05-14")]).await;
    assert!(taken.to.starts_with("/reconcile/"), "{}", taken.body);
    for lang in ["en", "fr"] {
        let page = admin.get(&format!("{}?lang={lang}", taken.to)).await;
        page.must_have("may.csv");
        page.must_have(if lang == "en" { "More SMS billed than sent" } else { "Plus de SMS facturés" });
        page.must_have(&format!("/people/{}", person.id));
        let (_, after) = page.body.split_once("href=\"/messages/").expect("a link to the message");
        let message = after.split('"').next().unwrap_or_default();
        let behind = admin.get(&format!("/messages/{message}?lang={lang}")).await;
        behind.must_have(&format!("{}?kind=more-segments&#38;after=1#d2", taken.to));
        behind.must_have(if lang == "en" { "may.csv: More SMS billed" } else { "Plus de SMS facturés" });
        assert!(!page.body.contains("775555555"), "numbers are masked");
        assert!(!page.body.contains("Unknown localization"));
    }
    let only = admin.get(&format!("{}?kind=not-sent&lang=en", taken.to)).await;
    only.must_have("Billed, but never sent by us");
    let file = admin.get(&format!("{}/differences.csv", taken.to)).await;
    assert_eq!(file.body.lines().count(), 3, "{}", file.body);
    // An auditor reads and takes nothing away.
    let mut auditor = desk.signed("auditor@moh.example", Role::Auditor, None).await;
    assert_eq!(auditor.get(&taken.to).await.status, StatusCode::OK);
    assert_eq!(auditor.post(&taken.to, &[("do", "drop")]).await.status, StatusCode::FORBIDDEN);
    let theirs = auditor.bring("/reconcile", "may.csv", &bill, &[("channel", &channel)]).await;
    assert_eq!(theirs.status, StatusCode::FORBIDDEN);
    assert_eq!(admin.post(&taken.to, &[("do", "drop")]).await.to, "/reconcile");
    assert_eq!(admin.get(&taken.to).await.status, StatusCode::NOT_FOUND);
}
