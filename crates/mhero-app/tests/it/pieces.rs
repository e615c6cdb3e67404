//! Texts in several pieces: whole whatever the order, once however often they come, and never lost where one is missing.

use jiff::SignedDuration;
use mhero_app::{Caller, ports::Piece};
use mhero_core::Direction;

use crate::common::{TestApp, engines};

const MARTHA: &str = "+231770000001";

async fn piece(t: &TestApp, reference: u16, (number, parts): (u8, u8), text: &str) {
    let piece = Piece { reference, parts, number, units: text.encode_utf16().collect() };
    t.app.receive_piece(t.channel, MARTHA, &piece).await.expect("it is taken");
}

/// What has come in, the oldest first.
async fn texts(t: &TestApp) -> Vec<String> {
    t.app.run_until_idle().await.expect("idle");
    let scope = &Caller::system().scope;
    let rows = t.app.store().recent_messages(scope, (0, i64::MAX), Some(Direction::In), 100).await.expect("messages");
    rows.into_iter().rev().filter_map(|row| row.text).collect()
}

#[tokio::test]
async fn pieces_make_one_text_in_any_order_and_however_often_they_come() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
        piece(&t, 7, (2, 2), "since monday in this ward").await;
        piece(&t, 7, (2, 2), "since monday in this ward").await;
        assert!(texts(&t).await.is_empty(), "{engine:?}: it is not whole");
        piece(&t, 7, (1, 2), "we have no gloves left ").await;
        piece(&t, 7, (1, 2), "we have no gloves left ").await;
        assert_eq!(texts(&t).await, ["we have no gloves left since monday in this ward"], "{engine:?}");
        // The phone has counted round: another text of the same number.
        t.hand.advance(SignedDuration::from_hours(2));
        piece(&t, 7, (1, 2), "the gloves came, ").await;
        piece(&t, 7, (2, 2), "thank you all").await;
        assert_eq!(texts(&t).await.last().map(String::as_str), Some("the gloves came, thank you all"), "{engine:?}");
    }
}

#[tokio::test]
async fn what_misses_a_piece_is_handed_on_with_its_gap() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
        piece(&t, 9, (1, 3), "two cases of measles ").await;
        piece(&t, 9, (3, 3), " both under five").await;
        t.hand.advance(SignedDuration::from_mins(29));
        assert!(texts(&t).await.is_empty(), "{engine:?}: the rest may come");
        t.hand.advance(SignedDuration::from_mins(2));
        // The pass that gives up wakes the intake for the next.
        texts(&t).await;
        assert_eq!(texts(&t).await, ["two cases of measles […] both under five"], "{engine:?}");
        piece(&t, 9, (2, 3), "in Foya,").await;
        assert_eq!(texts(&t).await.last().map(String::as_str), Some("[…]in Foya,[…]"), "{engine:?}");
    }
}
