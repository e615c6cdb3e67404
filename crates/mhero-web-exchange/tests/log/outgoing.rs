//! Calls that must arrive, and what is handed on to an audit repository.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::SignedDuration;
use mhero_exchange::{
    atna::{Atna, AtnaTarget, AuditWire},
    journal::{LetterFilter, Post, Sendable},
};

use crate::bench::{Bench, on_both};

fn post(bench: &Bench, once: &str) -> Post {
    Post {
        once: once.to_owned(),
        purpose: "alert",
        peer: "duty officer".to_owned(),
        correlation: bench.app.new_correlation(),
        call: Sendable {
            method: "POST".into(),
            url: "https://alerts.example/hook?token=s3cret".into(),
            headers: vec![("x-secret".into(), "s3cret".into())],
            body: "{}".into(),
        },
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_made_until_it_is_answered_and_given_up_when_refused() {
    on_both(async |bench: &Bench| {
        let (journal, other) = (&bench.journal, &bench.other);
        other.fails();
        other.will(503, "");
        other.will(200, "ok");
        journal.post(&post(bench, "alert/1")).await.unwrap();
        journal.post(&post(bench, "alert/1")).await.unwrap();
        for (made, seconds) in [(1, 7), (1, 15), (1, 60), (0, 0)] {
            assert_eq!(journal.deliver_due().await.unwrap(), made);
            assert_eq!(journal.deliver_due().await.unwrap(), 0, "not before its time");
            bench.hand.advance(SignedDuration::from_secs(seconds));
        }
        let asked = other.asked.lock().unwrap().clone();
        assert_eq!(asked.len(), 3, "the same thing is said once");
        let key =
            |call: &Sendable| call.headers.iter().any(|(name, value)| name == "idempotency-key" && value == "alert/1");
        assert!(asked.iter().all(key), "each attempt has the same key");
        let log = bench.log().await;
        assert!(log.iter().all(|it| !it.what.contains("s3cret")), "{:?}", log[0].what);
        other.will(410, "gone");
        journal.post(&post(bench, "alert/2")).await.unwrap();
        assert_eq!(journal.deliver_due().await.unwrap(), 1);
        let filter = LetterFilter { dead: true, before: None };
        let dead = journal.letters(&bench.root(), filter, 10).await.unwrap();
        assert_eq!((dead.len(), dead[0].status, dead[0].reason.as_deref()), (1, Some(410), Some("http-410")));
        assert_eq!(journal.letter_counts(&bench.root()).await.unwrap(), (0, 1));
        assert_eq!(journal.revive(&bench.root(), &[dead[0].id]).await.unwrap(), 1);
        assert_eq!(journal.revive(&bench.root(), &[dead[0].id]).await.unwrap(), 0, "it is alive");
        assert_eq!(journal.deliver_due().await.unwrap(), 1);
        assert_eq!(journal.letter_counts(&bench.root()).await.unwrap(), (0, 0));
        // What was kept for long enough goes.
        bench.hand.advance(SignedDuration::from_hours(24 * 31));
        bench.log().await;
        journal.tidy().await.unwrap();
        let log = bench.log().await;
        assert!(!log.is_empty());
        assert!(bench.app.exchange_bodies(&bench.root(), log[0].id).await.unwrap().request.is_none());
        bench.hand.advance(SignedDuration::from_hours(24 * 400));
        journal.tidy().await.unwrap();
        assert!(bench.log().await.is_empty());
    })
    .await;
}

#[derive(Default)]
struct Repository {
    taken: Mutex<Vec<String>>,
    is_away: Mutex<bool>,
}

#[async_trait]
impl AuditWire for Repository {
    async fn send(&self, lines: &[Vec<u8>]) -> std::io::Result<()> {
        if *self.is_away.lock().unwrap() {
            return Err(std::io::ErrorKind::ConnectionRefused.into());
        }
        self.taken.lock().unwrap().extend(lines.iter().map(|line| String::from_utf8_lossy(line).into_owned()));
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn decisions_and_calls_are_handed_on_once_in_their_order() {
    on_both(async |bench: &Bench| {
        let repository = Arc::new(Repository::default());
        let target = AtnaTarget::read("udp://127.0.0.1").unwrap();
        let atna = Atna::new(bench.app.clone(), target, Arc::clone(&repository) as Arc<dyn AuditWire>);
        assert_eq!(atna.pass().await.unwrap(), 0, "what was before is not handed on");
        bench.hand.advance(SignedDuration::from_secs(1));
        let token = format!("Token {}", bench.token("iHRIS").await);
        bench.ask(("GET", "/fhir/Practitioner"), &[("authorization", &token)], "").await;
        bench.log().await;
        bench.hand.advance(SignedDuration::from_secs(20));
        *repository.is_away.lock().unwrap() = true;
        assert!(atna.pass().await.is_err());
        *repository.is_away.lock().unwrap() = false;
        assert_eq!(atna.pass().await.unwrap(), 2, "nothing is lost while it is away");
        assert_eq!(atna.pass().await.unwrap(), 0);
        let taken = repository.taken.lock().unwrap().clone();
        assert!(
            taken.iter().all(|line| line.starts_with("<85>1 2026-05-14T09:00:") && line.contains("<AuditMessage>"))
        );
        assert!(taken.iter().any(|line| line.contains("csd-code=\"token-created\"")), "{taken:?}");
        assert!(taken.iter().any(|line| line.contains("UserID=\"iHRIS\"") && line.contains("csd-code=\"110112\"")));
    })
    .await;
}
