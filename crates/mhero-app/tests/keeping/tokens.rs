//! API tokens and exchanges.

use jiff::{SignedDuration, Timestamp};
use mhero_app::{AppError, NewExchange, NewToken};
use mhero_core::{Direction, Right, Role};
use mhero_store::{ExchangeDetails, ExchangeFilter};

use crate::{Bench, key, on_both, root};

fn new_token(name: &str, role: Role) -> NewToken {
    NewToken { name: name.into(), role, place: None, programme: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_shown_once_works_and_is_revoked() {
    on_both(async |bench: &Bench| {
        let app = &bench.app;
        let text = app.create_token(&root(), new_token("iHRIS", Role::Integrator)).await.expect("it is new");
        assert!(text.starts_with("mh_") && text.len() == 67, "{text}");
        let caller = app.caller_of_token(&text).await.expect("it answers").expect("it is known");
        assert!(
            caller.scope.may(Right::Api) && caller.scope.may(Right::EditPeople) && !caller.scope.may(Right::Answer)
        );
        assert_eq!((caller.actor.kind, caller.actor.id.is_some()), ("token", true));
        for wrong in ["", "mh_", &text[..66], &format!("{}0", &text[..66]), &text.to_uppercase()] {
            let found = app.caller_of_token(wrong).await.expect("it answers");
            assert!(found.is_none() || *wrong == text);
        }
        let used = async || app.tokens(&root()).await.expect("it answers")[0].token.used_at;
        let first = used().await;
        assert_eq!(first, Some(app.clock().now()));
        bench.hand.advance(SignedDuration::from_secs(59));
        app.caller_of_token(&text).await.expect("it answers");
        assert_eq!(used().await, first, "noted at most once a minute");
        bench.hand.advance(SignedDuration::from_secs(1));
        app.caller_of_token(&text).await.expect("it answers");
        assert_eq!(used().await, Some(app.clock().now()));
        app.revoke_token(&root(), "iHRIS").await.expect("it is there");
        app.revoke_token(&root(), "iHRIS").await.expect("it stays revoked");
        assert!(app.caller_of_token(&text).await.expect("it answers").is_none());
        assert_eq!(key(app.create_token(&root(), new_token("iHRIS", Role::Hr)).await), "token-name-taken");
        assert_eq!(key(app.create_token(&root(), new_token(" ", Role::Hr)).await), "token-name");
        assert!(matches!(app.revoke_token(&root(), "DHIS2").await, Err(AppError::NotFound { .. })));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_token_twice_at_once_is_made_once() {
    on_both(async |bench: &Bench| {
        let there = bench.second().await;
        let (me, other) = (root(), root());
        let (one, two) = tokio::join!(
            bench.app.create_token(&me, new_token("iHRIS", Role::Hr)),
            there.create_token(&other, new_token("iHRIS", Role::Hr))
        );
        assert!(one.is_ok() != two.is_ok());
        let text = one.or(two).expect("one was made");
        let (one, two) = tokio::join!(bench.app.caller_of_token(&text), there.caller_of_token(&text));
        assert!(one.expect("it answers").is_some() && two.expect("it answers").is_some());
        let (one, two) = tokio::join!(bench.app.revoke_token(&me, "iHRIS"), there.revoke_token(&other, "iHRIS"));
        assert!(one.is_ok() && two.is_ok(), "{one:?} {two:?}");
    })
    .await;
}

fn exchange<'a>(correlation: uuid::Uuid, peer: &'a str, outcome: &'a str, at: Timestamp) -> NewExchange<'a> {
    NewExchange {
        correlation,
        direction: Direction::Out,
        peer,
        protocol: "fhir",
        what: "GET Practitioner",
        outcome,
        status: Some(200),
        request: None,
        response: Some(b"{\"name\":\"Marie\"}"),
        started_at: at,
        took: Some(SignedDuration::from_millis(12)),
        details: ExchangeDetails::default(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn exchanges_are_listed_by_page_and_filter_and_their_bodies_are_sealed() {
    on_both(async |bench: &Bench| {
        let app = &bench.app;
        let correlation = app.new_correlation();
        let mut ids = Vec::new();
        for number in 0..7 {
            let (peer, outcome) = if number % 2 == 0 { ("ihris", "ok") } else { ("dhis2", "failed") };
            // Two each begin at the same time.
            bench.hand.advance(SignedDuration::from_secs(i64::from(number % 2)));
            ids.push(
                app.record_exchange(&exchange(correlation, peer, outcome, app.clock().now())).await.expect("noted"),
            );
        }
        let mut filter = ExchangeFilter::default();
        let mut seen = Vec::new();
        loop {
            let page = app.exchanges(&root(), &filter, 3).await.expect("it answers");
            let Some(last) = page.last() else { break };
            filter.before = Some((last.started_at, last.id));
            seen.extend(page.into_iter().map(|exchange| exchange.id));
        }
        ids.reverse();
        assert_eq!(seen, ids, "each once, newest first");
        let only = ExchangeFilter { peer: Some("dhis2".into()), outcome: Some("failed".into()), ..Default::default() };
        assert_eq!(app.exchanges(&root(), &only, 10).await.expect("it answers").len(), 3);
        let none = ExchangeFilter { correlation: Some(app.new_correlation()), ..Default::default() };
        assert!(app.exchanges(&root(), &none, 10).await.expect("it answers").is_empty());
        let outcomes = app.peer_outcomes(&root(), Timestamp::UNIX_EPOCH).await.expect("it answers");
        let outcomes: Vec<_> = outcomes.iter().map(|it| (it.peer.as_str(), it.outcome.as_str(), it.count)).collect();
        assert_eq!(outcomes, [("dhis2", "failed", 3), ("ihris", "ok", 4)]);
        let sealed = app.store().exchange_bodies(ids[0]).await.expect("it answers").expect("it is there");
        let sealed = sealed.response.expect("a body");
        assert!(!sealed.windows(5).any(|part| part == b"Marie"));
        let bodies = app.exchange_bodies(&root(), ids[0]).await.expect("it opens");
        assert_eq!(bodies.response.as_deref(), Some(b"{\"name\":\"Marie\"}".as_slice()));
        let hr = bench.user("hr@moh.example", Role::Hr).await;
        let hr = app.caller_of_user(hr).await.expect("it answers").expect("a user");
        assert!(app.exchanges(&hr, &only, 1).await.is_err() && app.exchange_bodies(&hr, ids[0]).await.is_err());
    })
    .await;
}
