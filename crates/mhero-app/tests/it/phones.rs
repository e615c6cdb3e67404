//! Phones that carry texts, channels that are changed, and chats, on both engines.

use jiff::SignedDuration;
use mhero_app::{
    AppError, Caller,
    broadcasts::{Draft, Release},
    messaging::{Relayed, Told},
    ports::{CarrierEvent, Outgoing},
};
use mhero_core::{Direction, Lane, Lang, MessageId, SubmissionId, Urn};

use crate::common::{Script, TestApp, engines};

/// A text to Martha whose answer was lost.
async fn uncertain(t: &TestApp) -> (MessageId, SubmissionId) {
    t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
    t.fake.script([Script::Unknown]);
    let draft = Draft {
        name: String::new(),
        query: "*".into(),
        texts: vec![(Lang::ENGLISH, "measles".into())],
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
    t.app.send(&Caller::system(), &draft).await.expect("sent");
    t.app.run_until_idle().await.expect("idle");
    (last(t).await.0, t.fake.submissions()[0])
}

async fn last(t: &TestApp) -> (MessageId, String) {
    let all = t.app.store().recent_messages(&Caller::system().scope, (0, i64::MAX), Some(Direction::Out), 10).await;
    let last = all.expect("messages").remove(0);
    (last.id, last.state)
}

#[tokio::test]
async fn a_text_keeps_its_number_and_only_moves_forward() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        let (message, submission) = uncertain(&t).await;
        let outgoing = Outgoing {
            submission,
            message,
            lane: Lane::Bulk,
            to: Urn::tel("+231770000001").expect("a number"),
            sender: None,
            text: "measles".into(),
            part: 1,
            parts: 1,
            language: None,
            heard_at: None,
        };
        let (app, channel) = (&t.app, t.channel);
        let number = app.relay(channel, &outgoing).await.expect("queued");
        assert_eq!(app.relayed(channel, number).await.expect("read"), Relayed::Queued);
        let offers = app.relay_offers(channel, &[], 50).await.expect("offers");
        assert_eq!((offers.len(), offers[0].phone.as_str(), offers[0].text.as_str()), (1, "+231770000001", "measles"));
        assert_eq!(app.hand_to_relayer(offers).await.expect("handed").len(), 1);
        // It was given to the phone: it can't be taken back, and is offered once more under its number for a while.
        assert_eq!(app.withdraw_relayed(channel, number).await.expect("read"), Relayed::Handed);
        assert_eq!(app.relay_offers(channel, &[], 50).await.expect("offers").len(), 1);
        assert!(app.relay_offers(channel, &[number], 50).await.expect("offers").is_empty(), "the phone says it has it");
        t.hand.advance(SignedDuration::from_mins(20));
        assert!(app.relay_offers(channel, &[], 50).await.expect("offers").is_empty(), "an official decides");
        assert_eq!(app.relay(channel, &outgoing).await.expect("again"), number);
        assert_eq!(app.relay_offers(channel, &[], 50).await.expect("offers").len(), 1);
        // Not given in time: whether the phone has it is as little known as before.
        assert_eq!(app.withdraw_relayed(channel, number).await.expect("read"), Relayed::Handed);
        for (told, state) in [
            (Told::Taken, "sent"),
            (Told::Sent, "sent"),
            (Told::Erred, "sent"),
            (Told::Delivered, "delivered"),
            (Told::Taken, "delivered"),
            (Told::Failed, "delivered"),
        ] {
            app.relayer_told(channel, number, told).await.expect("told");
            assert_eq!(last(&t).await.1, state, "{told:?} {engine:?}");
        }
        app.relayer_told(channel, 4_711, Told::Failed).await.expect("nobody's");
        let fresh = Outgoing { message: MessageId::from_uuid(uuid::Uuid::from_u128(7)), ..outgoing };
        let other = app.relay(channel, &fresh).await.expect("queued");
        assert_ne!(other, number);
        assert_eq!(app.withdraw_relayed(channel, other).await.expect("taken back"), Relayed::Withdrawn);
    }
}

#[tokio::test]
async fn a_phone_is_claimed_once_and_codes_are_not_guessed() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        let (app, caller, channel) = (&t.app, Caller::system(), t.channel);
        let first = app.register_relayer("{}").await.expect("registered");
        let second = app.register_relayer("{}").await.expect("registered");
        assert_ne!(first.number, second.number);
        app.claim_relayer(&caller, channel, &first.claim_code).await.expect("claimed");
        let refusal = async |code: &str| match app.claim_relayer(&caller, channel, code).await {
            Err(AppError::Invalid(reason)) => reason.key,
            other => panic!("{other:?}"),
        };
        assert_eq!(refusal(&second.claim_code).await, "relayer-has-phone");
        let phone = app.relayer_of(channel).await.expect("read").expect("it is there");
        assert_eq!((phone.number, phone.secret.as_str()), (first.number, first.secret.as_str()));
        assert!(!format!("{phone:?}").contains(&first.secret));
        app.relayer_seen(phone.number, SignedDuration::from_secs(20), Some("{\"p_lvl\":5}")).await.expect("noted");
        assert!(app.relayer(phone.number).await.expect("read").expect("it is there").status.contains('5'));
        app.release_relayer(&caller, channel).await.expect("released");
        assert!(app.relayer_of(channel).await.expect("read").is_none());
        assert!(app.relayer(phone.number).await.expect("read").expect("it is known").is_released);
        for _ in 0..5 {
            assert_eq!(refusal("AAAAAAAAA").await, "relayer-code");
        }
        assert_eq!(refusal(&second.claim_code).await, "relayer-wait");
        t.hand.advance(SignedDuration::from_hours(25));
        assert_eq!(refusal(&second.claim_code).await, "relayer-code", "codes hold for a day");
    }
}

#[tokio::test]
async fn settings_change_in_place_and_wrong_ones_change_nothing() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        let (app, caller, channel) = (&t.app, Caller::system(), t.channel);
        let set = |key: &str, value: &str| vec![(key.to_owned(), value.to_owned())];
        let changed = app.change_channel(&caller, channel, &[set("rate", "20"), set("sender", "MOH")].concat()).await;
        let changed = changed.expect("changed");
        assert_eq!((changed.parts_per_second, changed.sender.as_deref()), (20.0, Some("MOH")));
        for (key, value) in [("rate", "many"), ("colour", "red")] {
            assert!(app.change_channel(&caller, channel, &set(key, value)).await.is_err(), "{key}");
        }
        app.change_channel(&caller, channel, &set("sender", "")).await.expect("changed");
        let (open, secrets) = app.channel_settings(&caller, channel).await.expect("settings");
        assert_eq!((open.get("rate").map(String::as_str), open.get("sender"), secrets.len()), (Some("20"), None, 0));
        let traffic = app.channel_traffic(&caller).await.expect("traffic");
        assert_eq!(traffic.get(&channel).copied().unwrap_or_default().waiting, 0);
        assert!(app.channel_facts(channel).await.expect("facts").is_empty());
    }
}

#[tokio::test]
async fn a_chat_is_hers_who_shows_her_number() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"]), ("P2", "Joseph Tarr", "en", &["0770000002"])]).await;
        let ear = t.app.ear(t.channel);
        let from: Urn = "telegram:42".parse().expect("an address");
        ear.hear(&CarrierEvent::Began { from: from.clone() }).await.expect("taken");
        t.app.run_until_idle().await.expect("idle");
        let welcome = last(&t).await.0;
        let choices = t.app.choices_of(welcome).await.expect("read");
        assert!(choices.asks_number && choices.texts.len() == 1);
        ear.hear(&CarrierEvent::Proved { from: from.clone(), phone: "231770000009".into() }).await.expect("taken");
        let holders = async || t.app.store().holders("telegram", "42").await.expect("holders");
        assert_eq!(holders().await[0].standing, "stranger", "nobody has this number");
        ear.hear(&CarrierEvent::Proved { from: from.clone(), phone: "231770000001".into() }).await.expect("taken");
        ear.hear(&CarrierEvent::Proved { from: from.clone(), phone: "231770000001".into() }).await.expect("twice");
        let known = holders().await;
        assert_eq!((known.len(), known[0].name.as_str()), (1, "Martha Kollie"), "{engine:?}");
        let text =
            |id: &str| CarrierEvent::Chat { carrier_id: Some(id.into()), from: from.clone(), text: "help me".into() };
        ear.hear(&text("u1")).await.expect("taken");
        ear.hear(&text("u1")).await.expect("it came twice");
        t.app.run_until_idle().await.expect("idle");
        let heard =
            t.app.store().recent_messages(&Caller::system().scope, (0, i64::MAX), Some(Direction::In), 10).await;
        assert_eq!(heard.expect("messages").len(), 1);
    }
}
