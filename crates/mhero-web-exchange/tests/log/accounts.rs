//! Accounts: kinds, networks, signed tokens, certificates, and who is told when one fails.

use mhero_app::{AppError, NewUser};
use mhero_core::{Lang, Role, Scope};
use mhero_exchange::clients::{Certificate, RuleChange};
use serde_json::json;

use crate::{
    bench::{Bench, on_both},
    issuer::Issuer,
};

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_narrowed_and_known_by_signed_tokens() {
    on_both(async |bench: &Bench| {
        let token = format!("Bearer {}", bench.token("dashboard").await);
        let narrowed =
            |change: RuleChange| async move { bench.clients.set_rule(&bench.root(), "dashboard", &change).await };
        let read = ("GET", "/fhir/Practitioner");
        let from = |address: &'static str| [("authorization", token.clone()), ("x-forwarded-for", address.to_owned())];
        let ask = async |what: (&str, &str), headers: [(&'static str, String); 2]| {
            let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            bench.ask(what, &headers, "").await.0
        };
        let change = RuleChange {
            kinds: vec!["Practitioner:read".into()],
            networks: vec!["10.2.0.0/16".into()],
            ..RuleChange::default()
        };
        let search = async || {
            let headers = [("authorization", token.as_str()), ("x-forwarded-for", "10.2.0.7")];
            bench.ask(("POST", "/fhir/Practitioner/_search"), &headers, "name=kollie").await
        };
        assert_eq!(search().await.2, "free");
        narrowed(change).await.expect("it is saved");
        assert_eq!(ask(read, from("10.2.0.7")).await, 200);
        assert_eq!(search().await.2, "narrowed", "the front looks at the form itself");
        assert_eq!(ask(read, from("10.3.0.7")).await, 403, "not from there");
        for scheme in ["Token", "ApiToken", "apitoken"] {
            let other = token.replace("Bearer", scheme);
            let headers = [("authorization", other), ("x-forwarded-for", "10.3.0.7".to_owned())];
            assert_eq!(ask(read, headers).await, 403, "not from there by {scheme} either");
        }
        assert_eq!(ask(("POST", "/fhir/CommunicationRequest"), from("10.2.0.7")).await, 403, "not this kind");
        let log = bench.log().await;
        assert!(log.iter().any(|it| it.peer == "dashboard" && it.outcome == "refused"), "a refusal is a line too");
        let odd = narrowed(RuleChange { networks: vec!["10.2".into()], ..RuleChange::default() }).await;
        assert!(odd.is_err());
        let issuer = Issuer::new("one");
        let change = RuleChange {
            issuer: Some("https://id.moh.example".into()),
            audience: Some("mhero".into()),
            keys: Some(issuer.keys()),
            ..RuleChange::default()
        };
        is_open_by_intent_alone(bench, &change).await;
        narrowed(change).await.expect("it is saved");
        let now = bench.app.clock().now().as_second();
        let claims = json!({ "iss": "https://id.moh.example", "sub": "x", "aud": ["mhero"], "exp": now + 60 });
        let with = |name: &str, value: serde_json::Value| {
            let mut other = claims.clone();
            other[name] = value;
            other
        };
        let asked = async |bearer: String| bench.ask(read, &[("authorization", &bearer)], "").await.0;
        assert_eq!(asked(issuer.signs(&claims)).await, 200);
        assert_eq!(bench.log().await[0].peer, "dashboard");
        for wrong in [
            issuer.signs(&with("exp", json!(now - 61))),
            issuer.signs(&with("nbf", json!(now + 120))),
            issuer.signs(&with("aud", json!("somebody"))),
            issuer.signs(&with("iss", json!("https://other.example"))),
            issuer.signs(&with("exp", json!(null))),
            Issuer::new("one").signs(&claims),
            format!("{}x", issuer.signs(&claims)),
        ] {
            assert_eq!(asked(wrong).await, 401);
        }
        bench.app.revoke_token(&bench.root(), "dashboard").await.unwrap();
        assert_eq!(asked(issuer.signs(&claims)).await, 401, "its account was taken back");
    })
    .await;
}

/// An issuer signs for many programs: an account of all of them is made only for who says so.
async fn is_open_by_intent_alone(bench: &Bench, change: &RuleChange) {
    let open = RuleChange { audience: None, ..change.clone() };
    let refused = bench.clients.set_rule(&bench.root(), "dashboard", &open).await;
    assert!(matches!(&refused, Err(AppError::Invalid(why)) if why.key == "client-issuer-open"), "{refused:?}");
    let meant = RuleChange { everybody: true, ..open };
    bench.clients.set_rule(&bench.root(), "dashboard", &meant).await.expect("who means it may");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_known_by_its_certificate_and_refused_without_it() {
    on_both(async |bench: &Bench| {
        let token = format!("Bearer {}", bench.token("iHRIS").await);
        let other = format!("Token {}", bench.token("other").await);
        let read = ("GET", "/fhir/Practitioner");
        let subject = |name: &str| vec![("O".to_owned(), "Ministry".to_owned()), ("CN".to_owned(), name.to_owned())];
        let own = Certificate::new(&"0a".repeat(32), &subject("ihris"));
        let renewed = Certificate::new(&"0b".repeat(32), &subject("ihris"));
        let strange = Certificate::new(&"0c".repeat(32), &subject("somebody"));
        let narrowed = async |name: &str, certificate: &str| {
            let change = RuleChange { certificate: Some(certificate.to_owned()), ..RuleChange::default() };
            bench.clients.set_rule(&bench.root(), name, &change).await
        };
        let ask = async |certificate: Option<&Certificate>, token: Option<&str>| {
            let headers: Vec<_> = token.into_iter().map(|token| ("authorization", token)).collect();
            bench.ask_over(certificate, read, &headers, "").await
        };
        assert_eq!(ask(Some(&own), None).await.2, "nobody", "nobody is bound to it");
        narrowed("iHRIS", "CN=ihris, O=Ministry").await.expect("it is saved");
        for certificate in [&own, &renewed] {
            let told = ask(Some(certificate), None).await;
            assert_eq!((told.0, told.2.as_str()), (200, "iHRIS"), "known without a token");
            assert_eq!(ask(Some(certificate), Some(&token)).await.0, 200);
        }
        assert_eq!(ask(None, Some(&token)).await.0, 403, "its token alone is not enough");
        assert_eq!(ask(Some(&strange), Some(&token)).await.0, 403, "nor with the certificate of somebody else");
        assert_eq!(ask(Some(&strange), None).await.2, "nobody");
        assert_eq!(ask(Some(&own), Some(&other)).await.2, "other", "who shows a token is known by that");
        assert_eq!(
            ask(Some(&own), Some("Bearer mh_wrong")).await.2,
            "nobody",
            "a wrong one is not made good by a certificate"
        );
        // Exactly one certificate.
        narrowed("iHRIS", &"0A".repeat(32)).await.expect("it is saved");
        assert_eq!(
            (ask(Some(&own), None).await.2, ask(Some(&renewed), None).await.2),
            ("iHRIS".into(), "nobody".into())
        );
        let taken = narrowed("other", &"0a".repeat(32)).await;
        assert!(matches!(&taken, Err(AppError::Invalid(why)) if why.key == "client-certificate-taken"), "{taken:?}");
        let odd = narrowed("other", "iHRIS").await;
        assert!(matches!(&odd, Err(AppError::Invalid(why)) if why.key == "client-certificate-odd"), "{odd:?}");
        let pages = bench.clients.list(&bench.root()).await.unwrap();
        let shown = pages.iter().find(|page| page.account.token.name == "iHRIS").unwrap();
        assert_eq!(shown.certificate.as_deref(), Some(format!("sha256:{}", "0a".repeat(32)).as_str()));
        bench.app.revoke_token(&bench.root(), "iHRIS").await.unwrap();
        bench.hand.advance(jiff::SignedDuration::from_secs(3));
        assert_eq!(ask(Some(&own), None).await.2, "nobody", "its account was taken back");
        assert_ne!(ask(Some(&own), Some(&token)).await.2, "iHRIS");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_are_told_when_an_account_fails_again_and_again() {
    on_both(async |bench: &Bench| {
        let new = NewUser {
            email: "admin@moh.example".into(),
            name: "A".into(),
            language: Lang::ENGLISH,
            role: Role::Admin,
            place: None,
            programme: None,
            password: None,
        };
        let user = bench.app.add_user(&bench.root(), new).await.expect("a user");
        bench.app.set_user_phone(&bench.root(), user, "0770123456").await.expect("a number");
        let token = format!("Bearer {}", bench.token("iHRIS").await);
        let change = RuleChange { kinds: vec!["Location".into()], ..RuleChange::default() };
        bench.clients.set_rule(&bench.root(), "iHRIS", &change).await.expect("it is saved");
        let told = async || {
            let all = bench.app.store().recent_messages(&Scope::system(), (0, i64::MAX), None, 10).await.unwrap();
            all.iter().filter(|message| message.text.as_deref() == Some("alert-client-fails")).count()
        };
        for n in 0..19 {
            assert_eq!(bench.ask(("GET", "/fhir/Practitioner"), &[("authorization", &token)], "").await.0, 403, "{n}");
        }
        assert_eq!(told().await, 0, "a few are nothing");
        for _ in 0..20 {
            bench.ask(("GET", "/fhir/Practitioner"), &[("authorization", &token)], "").await;
        }
        assert_eq!(told().await, 1, "once");
        let pages = bench.clients.list(&bench.root()).await.unwrap();
        assert_eq!(pages[0].told_at, Some(bench.app.clock().now()));
    })
    .await;
}
