//! Requests in the log, done once, and asked again.

use mhero_core::Role;
use mhero_exchange::{clients::RuleChange, journal::Rerun};

use crate::bench::{Bench, on_both};

const SEND: (&str, &str) = ("POST", "/fhir/CommunicationRequest");

#[tokio::test(flavor = "multi_thread")]
async fn each_request_is_a_line_without_numbers_and_its_bodies_are_sealed() {
    on_both(async |bench: &Bench| {
        let token = format!("Bearer {}", bench.token("iHRIS").await);
        let own = [
            ("authorization", token.as_str()),
            ("x-forwarded-for", "10.2.0.7"),
            ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        ];
        let found = bench.ask(("GET", "/fhir/Practitioner?phone=231770123456&_count=5"), &own, "").await;
        assert_eq!(found.0, 200);
        assert_eq!(found.1["x-correlation-id"], "4bf92f35-77b3-4da6-a3ce-929d0e0e4736");
        bench.hand.advance(jiff::SignedDuration::from_secs(1));
        assert_eq!(bench.ask(SEND, &own, "to +231770123456: hello").await.0, 201);
        bench.hand.advance(jiff::SignedDuration::from_secs(1));
        assert_eq!(bench.ask(("GET", "/fhir/Nothing"), &own[..0], "").await.0, 404);
        let log = bench.log().await;
        let lines: Vec<_> = log.iter().map(|it| (it.peer.as_str(), it.what.as_str(), it.outcome.as_str())).collect();
        let wanted = [
            ("?", "GET /fhir/Nothing", "refused"),
            ("iHRIS", "POST /fhir/CommunicationRequest", "ok"),
            ("iHRIS", "GET /fhir/Practitioner?phone=…&_count=5", "ok"),
        ];
        assert_eq!(lines, wanted);
        assert_eq!(log[1].details.address.as_deref(), Some("10.2.0.7"));
        assert_eq!((log[1].details.sent, log[1].status), (Some(23), Some(201)));
        assert_eq!(log[1].correlation, log[2].correlation);
        let page = bench.app.exchange(&bench.root(), log[1].id).await.expect("a page");
        assert_eq!(page.timeline.len(), 2, "what shares a trace stands together");
        let sealed = bench.app.store().exchange_bodies(log[1].id).await.unwrap().unwrap().request.unwrap();
        assert!(!sealed.windows(5).any(|part| part == b"hello"));
        let opened = bench.app.exchange_bodies(&bench.root(), log[1].id).await.unwrap();
        let kept = String::from_utf8(opened.request.unwrap()).unwrap();
        assert!(kept.ends_with("\nto +231770123456: hello") && !kept.contains("Bearer"), "{kept}");
        assert!(
            bench.app.exchange_bodies(&bench.root(), log[2].id).await.unwrap().request.is_none(),
            "a read keeps none"
        );
        bench.hand.advance(jiff::SignedDuration::from_secs(1));
        bench.ask(SEND, &own[..0], "wrong, and large").await;
        let log = bench.log().await;
        assert_eq!((log[0].peer.as_str(), log[0].details.sent), ("?", Some(16)));
        let kept = bench.app.exchange_bodies(&bench.root(), log[0].id).await.unwrap();
        assert!(kept.request.is_none() && kept.response.is_none(), "strangers fill no disk");
        let new = mhero_app::NewUser {
            email: "district@moh.example".into(),
            name: "D".into(),
            language: mhero_core::Lang::ENGLISH,
            role: Role::Hr,
            place: None,
            programme: None,
            password: None,
        };
        let user = bench.app.add_user(&bench.root(), new).await.expect("a user");
        let hr = bench.app.caller_of_user(user).await.unwrap().unwrap();
        assert!(bench.app.exchange(&hr, log[1].id).await.is_err());
        assert!(bench.journal.rerun(&hr, &[log[1].id]).await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_done_once_and_a_rerun_sends_nothing_twice() {
    on_both(async |bench: &Bench| {
        let token = format!("Bearer {}", bench.token("iHRIS").await);
        let own = [("authorization", token.as_str()), ("idempotency-key", "K1")];
        let first = bench.ask(SEND, &own, "hello").await;
        let second = bench.ask(SEND, &own, "hello").await;
        assert_eq!((first.0, first.2.as_str()), (201, "sent 1"));
        assert_eq!((second.0, second.2.as_str()), (201, "sent 1"));
        assert_eq!(second.1["idempotent-replayed"], "true");
        assert_eq!(bench.ask(SEND, &own, "another").await.0, 422, "another body under the key");
        assert_eq!(bench.sent(), 1);
        // Two at once: one is done, the other is told the first answer or to wait.
        let own = [("authorization", token.as_str()), ("idempotency-key", "K2")];
        let (one, two) = tokio::join!(bench.ask(SEND, &own, "x"), bench.ask(SEND, &own, "x"));
        let mut both = [one.0, two.0];
        both.sort_unstable();
        assert!(both == [201, 201] || both == [201, 409], "{both:?}");
        assert_eq!(bench.sent(), 2);
        // A refusal leaves the key free.
        let own = [("authorization", token.as_str()), ("idempotency-key", "K3")];
        assert_eq!(bench.ask(SEND, &own, "wrong").await.0, 400);
        assert_eq!(bench.ask(SEND, &own, "right one").await.0, 201);
        assert_eq!(bench.sent(), 3);
        // Without a key.
        let own = &[("authorization", token.as_str())];
        bench.ask(SEND, own, "wrong too").await;
        bench.ask(SEND, own, "without a key").await;
        let log = bench.log().await;
        let of = |body: &str, status: i64| {
            let sent = i64::try_from(body.len()).unwrap();
            log.iter().find(|it| it.details.sent == Some(sent) && it.status == Some(status)).expect(body).id
        };
        let done = bench
            .journal
            .rerun(&bench.root(), &[of("hello", 201), of("wrong too", 400), of("without a key", 201)])
            .await;
        let done = done.expect("they are looked at");
        assert_eq!(done[0].1, Rerun::Made(201), "the first answer stands");
        assert_eq!(done[1].1, Rerun::Made(400), "it was refused, and is again");
        assert!(matches!(&done[2].1, Rerun::Left(why) if why.key == "exchange-rerun-was-done"), "{:?}", done[2]);
        assert_eq!(bench.sent(), 4, "each once");
        let page = bench.app.exchange(&bench.root(), of("wrong too", 400)).await.unwrap();
        assert_eq!(page.reruns.len(), 1);
        assert_eq!(page.reruns[0].peer, "iHRIS", "in the name of who asked");
        // An account that was narrowed since can do no more by a rerun than by itself.
        let change = RuleChange { kinds: vec!["Practitioner".into()], ..RuleChange::default() };
        bench.clients.set_rule(&bench.root(), "iHRIS", &change).await.expect("it is saved");
        let done = bench.journal.rerun(&bench.root(), &[of("wrong too", 400)]).await.expect("it is looked at");
        assert_eq!(done[0].1, Rerun::Made(403));
        assert_eq!(bench.sent(), 4);
    })
    .await;
}
