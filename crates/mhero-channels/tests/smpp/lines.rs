//! A line that behaves: binds, texts both ways, parts, receipts, farewell, and what stands in the way of a bind.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use mhero_app::ports::{CarrierEvent, Outcome, Report, Unheard};
use mhero_testkit::{Cable, Conduct, Ids, Smsc, Weather, from_phone};

use crate::{Line, build, outgoing};

/// `ESME_RX_T_APPN`.
const TRY_AGAIN: u32 = 0x64;

fn accepted(outcome: Outcome) -> String {
    match outcome {
        Outcome::Accepted { carrier_id: Some(id) } => id,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_leave_in_their_coding_and_receipts_come_back() {
    let smsc = Smsc::start(Conduct { ids: Ids::HexThenDecimal, ..Conduct::default() }).await;
    let line = Line::to(&smsc, &["validity=24"]).await;
    let texts = ["Présent à 8 h", "Ébola: 2 cas", "حضور"];
    for (number, text) in (1..).zip(texts) {
        let id = accepted(line.carrier.submit(&outgoing(number, text)).await);
        assert_eq!(id, format!("{:x}", 999 + number), "hexadecimal");
    }
    let taken = smsc.taken();
    assert_eq!(taken.iter().map(|taken| taken.data_coding).collect::<Vec<_>>(), [0, 0, 8]);
    assert_eq!((taken[0].from.as_str(), taken[0].to.as_str()), ("MOH", "231770000001"));
    assert_eq!(taken[0].octets, b"Pr\x05sent \x7F 8 h");
    line.until("receipts", || line.notebook.heard().len() == 3).await;
    for event in line.notebook.heard() {
        let CarrierEvent::ReportSpelt { carrier_ids, numbers, report } = event else { panic!("{event:?}") };
        assert_eq!((report, numbers[1].as_str()), (Report::Delivered, "MOH"));
        assert!(numbers[0].starts_with("+23177000000"));
        assert!((1_000..1_003).any(|number| carrier_ids.contains(&format!("{number:x}"))), "{carrier_ids:?}");
    }
    line.close().await;
    assert_eq!(smsc.binds(), 0, "it took leave");
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_of_a_long_text_can_be_joined() {
    let smsc = Smsc::start(Conduct { receipts: false, ..Conduct::default() }).await;
    for (long, esm_class) in [("udh", 0x40), ("sar", 0)] {
        let before = smsc.taken().len();
        let line = Line::to(&smsc, &[&format!("long={long}")]).await;
        for part in [1, 2] {
            let mut outgoing = outgoing(5, &format!("part {part}"));
            (outgoing.part, outgoing.parts) = (part, 2);
            accepted(line.carrier.submit(&outgoing).await);
        }
        let parts = smsc.taken().split_off(before);
        assert!(parts.iter().all(|part| part.esm_class == esm_class));
        if long == "udh" {
            assert_eq!(parts[0].octets[..3], [5, 0, 3]);
            assert_eq!((parts[0].octets[3], parts[0].octets[4..6].to_vec()), (parts[1].octets[3], vec![2, 1]));
        } else {
            assert_eq!(parts.iter().map(|part| part.sar.expect("numbered").2).collect::<Vec<_>>(), [1, 2]);
        }
        line.close().await;
    }
    let line = Line::to(&smsc, &["long=payload"]).await;
    accepted(line.carrier.submit(&outgoing(6, &"a".repeat(500))).await);
    assert_eq!(smsc.taken().last().expect("it came").octets.len(), 500);
    line.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_phones_write_is_acknowledged_once_it_is_kept() {
    let smsc = Smsc::start(Conduct::default()).await;
    let line = Line::to(&smsc, &["bind=separate"]).await;
    line.until("both binds", || smsc.binds() == 2).await;
    let say = |text: &'static [u8], esm_class| from_phone("231770000001", 0, text, esm_class);
    assert_eq!(smsc.deliver(say(b"STOP", 0)).await, Some(0));
    line.notebook.answers(Some(Unheard::Later));
    assert_eq!(smsc.deliver(say(b"AMBER", 0)).await, Some(TRY_AGAIN));
    line.notebook.answers(None);
    assert_eq!(smsc.deliver(say(b"\x05\0\x03\x09\x02\x01one", 0x40)).await, Some(0));
    let heard = line.notebook.heard();
    assert_eq!(heard.len(), 2);
    assert!(
        matches!(&heard[0], CarrierEvent::Received { from, text, .. } if from == "+231770000001" && text == "STOP")
    );
    assert!(matches!(&heard[1], CarrierEvent::ReceivedPiece { piece, .. } if (piece.parts, piece.number) == (2, 1)));
    line.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_binds_share_the_work() {
    let smsc = Smsc::start(Conduct { receipts: false, ..Conduct::default() }).await;
    let line = Line::to(&smsc, &["binds=3", "window=5"]).await;
    line.until("three binds", || line.carrier.room() == 15).await;
    let all = (1..=200).map(|number| {
        let carrier = Arc::clone(&line.carrier);
        async move { carrier.submit(&outgoing(number, "ok")).await }
    });
    for outcome in futures::future::join_all(all).await {
        accepted(outcome);
    }
    assert_eq!(smsc.taken().len(), 200);
    line.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_is_cut_comes_back() {
    let smsc = Smsc::start(Conduct::default()).await;
    // A cable that stays cut for a while: a bind anew takes less time than a look.
    let cable = Cable::to(SocketAddr::from((Ipv4Addr::LOCALHOST, smsc.port()))).await;
    let line = Line::to(&smsc, &[&format!("port={}", cable.port())]).await;
    cable.weather(Weather::Closed);
    line.until("the cut", || line.carrier.room() == 0).await;
    assert!(line.carrier.trouble().is_some(), "it says why");
    assert!(matches!(line.carrier.submit(&outgoing(1, "x")).await, Outcome::NotSent { .. }));
    cable.weather(Weather::Fine);
    line.until("the next bind", || line.carrier.room() > 0).await;
    accepted(line.carrier.submit(&outgoing(1, "x")).await);
    line.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_the_account_fails_no_text() {
    let smsc = Smsc::start(Conduct { receipts: false, ..Conduct::default() }).await;
    let line = Line::to(&smsc, &["binds=2"]).await;
    line.until("both binds", || line.carrier.room() == 20).await;
    for (status, key) in [(0x0A, "smpp-sender"), (0x0411, "smpp-account")] {
        smsc.refuse_text(status);
        let refused = line.carrier.submit(&outgoing(1, "x")).await;
        assert!(matches!(refused, Outcome::NotSent { retry_after: Some(_), .. }), "{refused:?}");
        assert_eq!(line.carrier.trouble().expect("it says why").key, key);
        assert!(line.carrier.is_away() && line.carrier.room() == 0, "it rests");
        assert_eq!(line.carrier.check().await.expect_err("it does not work").key, key);
        accepted(line.carrier.submit(&outgoing(1, "x")).await);
        assert!(!line.carrier.is_away() && line.carrier.room() == 20, "it works again");
    }
    smsc.refuse_text(0x0B);
    let refused = line.carrier.submit(&outgoing(2, "x")).await;
    assert!(matches!(refused, Outcome::Refused { .. }) && line.carrier.trouble().is_none(), "one wrong number");
    line.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_may_no_longer_send_is_bound_anew() {
    let smsc = Smsc::start(Conduct { receipts: false, ..Conduct::default() }).await;
    let line = Line::to(&smsc, &[]).await;
    smsc.refuse_text(0x04);
    assert!(matches!(line.carrier.submit(&outgoing(1, "x")).await, Outcome::NotSent { .. }));
    line.until("its leave", || line.carrier.trouble().is_some()).await;
    line.until("the next bind", || line.carrier.room() > 0).await;
    accepted(line.carrier.submit(&outgoing(1, "x")).await);
    line.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_test_says_in_words_what_stands_in_the_way() {
    let smsc = Smsc::start(Conduct::default()).await;
    let folder = tempfile::tempdir().expect("a folder");
    let reason = async |further: &[&str]| {
        let carrier = build(&folder, &smsc, further).await.expect("these settings are right");
        carrier.check().await.expect_err("it can't work").key
    };
    assert_eq!(reason(&["password=wrong"]).await, "smpp-password");
    assert_eq!(reason(&["system_id=nobody"]).await, "smpp-system-id");
    assert_eq!(reason(&["port=1"]).await, "smpp-refused");
    assert_eq!(reason(&["host=no.such.host.invalid"]).await, "smpp-no-host");
    for (status, key) in [(0x05, "smpp-already-bound"), (0x0D, "smpp-bind-failed"), (0x03, "smpp-no-transceiver")] {
        smsc.refuse_bind(status);
        assert_eq!(reason(&[]).await, key);
    }
    let works = build(&folder, &smsc, &["bind=separate"]).await.expect("these settings are right");
    let remarks = works.check().await.expect("it works");
    assert_eq!(remarks.iter().map(|remark| remark.key).collect::<Vec<_>>(), ["smpp-tried-only"]);
    // Something that is no SMS centre closes at once.
    let other = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = other.local_addr().expect("it listens").port();
    tokio::spawn(async move { while other.accept().await.is_ok() {} });
    assert_eq!(reason(&[&format!("port={port}")]).await, "smpp-closed-at-bind");
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = silent.local_addr().expect("it listens").port();
    assert_eq!(reason(&[&format!("port={port}"), "timeout=1"]).await, "smpp-no-answer");
}
