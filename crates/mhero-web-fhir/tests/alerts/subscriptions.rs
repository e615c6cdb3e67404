//! Subscriptions by rest-hook: told in order, again after failures, and never with secrets.

use std::sync::{
    Arc,
    atomic::{AtomicU16, Ordering},
};

use jiff::SignedDuration;
use mhero_app::Caller;
use mhero_core::Scope;
use mhero_store::{ClientRule, Queue, Unit};
use mhero_testkit::{Reply, Site};
use reqwest::Method;
use serde_json::json;

use crate::ministry::{Ministry, engines};

#[tokio::test(flavor = "multi_thread")]
async fn a_neighbour_is_told_of_what_fits_and_of_nothing_else() {
    for engine in engines() {
        let ministry = Ministry::new(engine).await;
        let status = Arc::new(AtomicU16::new(200));
        let answer = Arc::clone(&status);
        let site = Site::start(move |_| Reply::new(answer.load(Ordering::SeqCst), "text/plain", ""));
        refuses_what_it_can_not_do(&ministry).await;
        let wanted = json!({
            "resourceType": "Subscription", "status": "requested", "reason": "answers of the field",
            "criteria": "Communication?sender=Practitioner/P1",
            "channel": { "type": "rest-hook", "endpoint": format!("{}/base/", site.url()), "payload": "application/fhir+json",
                "header": ["Authorization: Bearer s3cret"] },
        });
        let (code, made) = ministry.send(Method::POST, "/fhir/Subscription", &wanted).await;
        assert_eq!((code.as_u16(), made["status"].as_str()), (201, Some("active")), "{made}");
        assert!(!made.to_string().contains("s3cret"), "{made}");
        let path = format!("/fhir/Subscription/{}", made["id"].as_str().expect("an id"));
        ministry.write("+231770000002", "not this one").await;
        ministry.write("+231770000001", "first").await;
        let told = ministry.until("told", async || Some(site.asked()).filter(|asked| !asked.is_empty())).await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!((told[0].method.as_str(), told[0].header("authorization")), ("PUT", Some("Bearer s3cret")));
        assert!(told[0].path.starts_with("/base/Communication/"), "{}", told[0].path);
        assert!(told[0].text().contains("\"contentString\":\"first\""), "{}", told[0].text());
        // A receiver that is down hears it later, with the key of the first attempt, before what came after it.
        status.store(503, Ordering::SeqCst);
        ministry.write("+231770000001", "second").await;
        ministry.write("+231770000001", "third").await;
        assert_eq!(site.asked().len(), 2);
        status.store(200, Ordering::SeqCst);
        ministry.pass(SignedDuration::from_secs(10));
        let told = ministry.until("told again", async || Some(site.asked()).filter(|asked| asked.len() == 4)).await;
        assert_eq!(told[1].header("idempotency-key"), told[2].header("idempotency-key"));
        assert!(told[2].text().contains("second") && told[3].text().contains("third"));
        obeys_the_kinds_of_its_account(&ministry, &site, &wanted).await;
        fails_and_is_mended(&ministry, &site, &status, &path).await;
        ends_with_its_token(&ministry, &site, &status, &wanted).await;
    }
}

async fn refuses_what_it_can_not_do(ministry: &Ministry) {
    let one = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut wanted = json!({ "resourceType": "Subscription", "status": "requested", "reason": "x",
            "criteria": "Communication?status=completed",
            "channel": { "type": "rest-hook", "endpoint": "https://hr.example/hook" } });
        change(&mut wanted);
        wanted
    };
    for (wanted, words) in [
        (one(&|it| it["channel"]["type"] = json!("email")), "rest-hook"),
        (one(&|it| it["criteria"] = json!("Communication?colour=red")), "colour"),
        (one(&|it| it["criteria"] = json!("AuditEvent?")), "right"),
        (one(&|it| it["channel"]["endpoint"] = json!("ftp://hr.example")), "notice-url"),
        (one(&|it| it["channel"]["endpoint"] = json!("http://8.8.8.8/hook")), "webhook-https"),
        (one(&|it| it["channel"]["endpoint"] = json!("https://10.0.0.7/hook")), "webhook-refused"),
        (one(&|it| it["channel"]["header"] = json!(["Host: x"])), "notice-header"),
        (one(&|it| it["channel"]["payload"] = json!("text/html")), "application/fhir+json"),
    ] {
        let (status, said) = ministry.send(Method::POST, "/fhir/Subscription", &wanted).await;
        assert_eq!(status, 400, "{words}: {said}");
        assert!(said.to_string().contains(words), "{words}: {said}");
    }
}

/// At making, and at telling: an account may be narrowed later.
async fn obeys_the_kinds_of_its_account(ministry: &Ministry, site: &Site, wanted: &serde_json::Value) {
    let owner = ministry.neighbour().await.scope.principal().expect("a token");
    let narrow = async |kinds: &str| {
        let rule = ClientRule {
            client: owner,
            kinds: kinds.to_owned(),
            networks: "[]".to_owned(),
            issuer: None,
            audience: None,
            subject: None,
            keys: None,
            keys_url: None,
            keys_at: None,
            told_at: None,
            certificate: None,
        };
        let mut unit = Unit::new();
        unit.set_client_rule(&rule, ministry.app.clock().now_micros());
        ministry.app.store().write(unit, Queue::Interactive).await.expect("it is kept");
    };
    narrow(r#"["Subscription","Practitioner"]"#).await;
    let (status, said) = ministry.send(Method::POST, "/fhir/Subscription", wanted).await;
    assert_eq!(status, 400, "{said}");
    assert!(said.to_string().contains("narrowed"), "{said}");
    let before = site.asked().len();
    ministry.write("+231770000001", "not for this account").await;
    ministry.idle().await;
    assert_eq!(site.asked().len(), before, "what was subscribed to before");
    narrow(r#"["Subscription","Communication:read"]"#).await;
    let chain = json!({ "resourceType": "Subscription", "status": "requested", "reason": "x",
        "criteria": "Communication?sender:Practitioner.name=kollie", "channel": wanted["channel"] });
    let (status, said) = ministry.send(Method::POST, "/fhir/Subscription", &chain).await;
    assert!(status == 400 && said.to_string().contains("narrowed"), "{said}");
    narrow("[]").await;
}

async fn fails_and_is_mended(ministry: &Ministry, site: &Site, status: &AtomicU16, path: &str) {
    status.store(410, Ordering::SeqCst);
    ministry.write("+231770000001", "fourth").await;
    let held = ministry
        .until("an error", async || Some(ministry.get(path).await).filter(|held| held["status"] == "error"))
        .await;
    assert!(held["error"].as_str().is_some_and(|error| error.contains("gone")), "{held}");
    // Whoever reads it, switches it on and writes it back has not seen its headers: they stay.
    status.store(200, Ordering::SeqCst);
    let before = site.asked().len();
    let mut mended = held;
    mended["status"] = json!("requested");
    assert_eq!(ministry.send(Method::PUT, path, &mended).await.0, 200);
    let told = ministry.until("the fourth", async || Some(site.asked()).filter(|asked| asked.len() > before)).await;
    let last = told.last().expect("one");
    assert!(last.text().contains("fourth") && last.header("authorization") == Some("Bearer s3cret"));
    assert_eq!(ministry.send(Method::DELETE, path, &serde_json::Value::Null).await.0, 204);
    ministry.write("+231770000001", "fifth").await;
    assert_eq!(site.asked().len(), before + 1);
}

/// What waits is not told either.
async fn ends_with_its_token(ministry: &Ministry, site: &Site, status: &AtomicU16, wanted: &serde_json::Value) {
    let (code, made) = ministry.send(Method::POST, "/fhir/Subscription", wanted).await;
    assert_eq!(code, 201, "{made}");
    status.store(503, Ordering::SeqCst);
    let before = site.asked().len();
    ministry.write("+231770000001", "sixth").await;
    ministry.until("an attempt", async || (site.asked().len() == before + 1).then_some(())).await;
    ministry.app.revoke_token(&Caller::system(), "ihris").await.expect("it is taken back");
    status.store(200, Ordering::SeqCst);
    ministry.idle().await;
    ministry.pass(SignedDuration::from_mins(10));
    ministry.write("+231770000001", "seventh").await;
    assert_eq!(site.asked().len(), before + 1, "whose token was taken back hears nothing");
    let id = made["id"].as_str().expect("an id");
    let held = ministry.app.store().fhir_resource(&Scope::system(), ("Subscription", id)).await;
    let held = held.expect("a store").expect("the resource");
    assert!(held.body.contains("\"off\"") && held.body.contains("its token was taken back"), "{}", held.body);
}
