//! Keys that are read at an address, and tokens that nobody has signed.

use jiff::SignedDuration;
use mhero_exchange::clients::RuleChange;
use serde_json::json;

use crate::{
    bench::{Bench, on_both},
    issuer::{Issuer, forged},
};

const READ: (&str, &str) = ("GET", "/fhir/Practitioner");
const ISSUER: &str = "https://id.moh.example";

async fn status(bench: &Bench, bearer: &str) -> u16 {
    bench.ask(READ, &[("authorization", bearer)], "").await.0
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_read_at_their_address_when_they_are_old_or_missing_and_serve_for_a_day_at_most() {
    on_both(async |bench: &Bench| {
        bench.token("dashboard").await;
        let change = RuleChange {
            issuer: Some(ISSUER.into()),
            keys_url: Some("https://id.moh.example/jwks".into()),
            everybody: true,
            ..RuleChange::default()
        };
        bench.clients.set_rule(&bench.root(), "dashboard", &change).await.expect("it is saved");
        let (one, two, read) = (Issuer::new("one"), Issuer::rsa("two"), || bench.other.asked.lock().unwrap().len());
        let claims = || json!({ "iss": ISSUER, "exp": bench.app.clock().now().as_second() + 60 });
        let by = |issuer: &Issuer| issuer.signs(&claims());
        let later = |seconds| bench.hand.advance(SignedDuration::from_secs(seconds));
        // Many at once, at the very beginning, read them once.
        bench.other.will(200, &one.keys());
        let token = by(&one);
        let together = futures(bench, &token).await;
        assert_eq!((together, read()), (vec![200; 4], 1));
        assert_eq!(bench.other.asked.lock().unwrap()[0].url, "https://id.moh.example/jwks");
        // A key that is not among them has them read anew, but not all the time.
        assert_eq!((status(bench, &by(&two)).await, read()), (401, 1));
        later(61);
        bench.other.will(200, &json!({ "keys": [one.key(), two.key()] }).to_string());
        assert_eq!((status(bench, &by(&two)).await, read()), (200, 2), "turned over to RSA");
        assert_eq!((status(bench, &by(&one)).await, read()), (200, 2));
        // The first one is taken back there.
        later(3_700);
        bench.other.will(200, &two.keys());
        assert_eq!((status(bench, &by(&two)).await, read()), (200, 3));
        assert_eq!(status(bench, &by(&one)).await, 401);
        // They answer no more, or with something else: what is known serves, and they are left alone for a while.
        for answer in ["", "{}", "{\"keys\":[]}", &"x".repeat(300_000)] {
            later(3_700);
            let before = read();
            bench.other.will(if answer.is_empty() { 500 } else { 200 }, answer);
            assert_eq!((status(bench, &by(&two)).await, status(bench, &by(&two)).await), (200, 200));
            assert_eq!(read(), before + 1);
        }
        later(25 * 3_600);
        bench.other.fails();
        assert_eq!(status(bench, &by(&two)).await, 401, "a day later nobody is let in by them");
        later(61);
        bench.other.will(200, &two.keys());
        assert_eq!(status(bench, &by(&two)).await, 200);
    })
    .await;
}

/// Four at the same time.
async fn futures(bench: &Bench, token: &str) -> Vec<u16> {
    let (a, b, c, d) =
        tokio::join!(status(bench, token), status(bench, token), status(bench, token), status(bench, token));
    vec![a, b, c, d]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_has_signed_is_refused() {
    let bench = Bench::new(None, |_| None).await;
    bench.token("dashboard").await;
    let narrowed = async |keys: &str| {
        let change = RuleChange {
            issuer: Some(ISSUER.into()),
            keys: Some(keys.to_owned()),
            everybody: true,
            ..RuleChange::default()
        };
        bench.clients.set_rule(&bench.root(), "dashboard", &change).await.expect("it is saved");
    };
    let claims = json!({ "iss": ISSUER, "exp": bench.app.clock().now().as_second() + 60 });
    for issuer in [Issuer::rsa("one"), Issuer::new("one")] {
        narrowed(&issuer.keys()).await;
        assert_eq!(status(&bench, &issuer.signs(&claims)).await, 200);
        for bearer in forged(&issuer, &claims) {
            assert_eq!(status(&bench, &bearer).await, 401, "{bearer}");
        }
        let other = json!({ "alg": if matches!(issuer, Issuer::Rsa(..)) { "ES256" } else { "RS256" }, "kid": "one" });
        assert_eq!(
            status(&bench, &issuer.signs_under(&other, &claims)).await,
            401,
            "signed in another way than it says"
        );
        let critical = json!({ "alg": "RS256", "kid": "one", "crit": ["b64"], "b64": false });
        assert_eq!(status(&bench, &issuer.signs_under(&critical, &claims)).await, 401);
    }
    for url in
        ["http://id.moh.example/jwks", "http://127.0.0.1.evil.example/", "http://localhost@evil.example/", "ftp://x"]
    {
        let change = RuleChange {
            issuer: Some(ISSUER.into()),
            keys_url: Some(url.into()),
            everybody: true,
            ..RuleChange::default()
        };
        assert!(bench.clients.set_rule(&bench.root(), "dashboard", &change).await.is_err(), "{url}");
    }
}
