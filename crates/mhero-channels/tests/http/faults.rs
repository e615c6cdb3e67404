//! A gateway that misbehaves.

use jiff::SignedDuration;
use mhero_app::ports::Outcome;
use mhero_testkit::{Reply, Site};

use crate::{Line, outgoing};

fn reply(status: u16, body: &str) -> Reply {
    Reply::new(status, "text/plain", body)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_knows_is_said_to_be_unknown() {
    for (kind, line) in Line::all().await {
        let stall = Reply { silent: true, ..reply(0, "") };
        let cut = reply(0, "");
        let half = Reply::json(200, r#"{"sid":"SM1","SMSMessageData":{"Recipients":[{"statusCode":101}]}}"#).cut();
        for (fault, replies) in [
            ("a stall", vec![stall]),
            ("a cut", vec![cut]),
            ("a failure", vec![reply(500, "out of order")]),
            ("a proxy's word", vec![reply(502, "<html>Bad gateway")]),
            ("half an answer", vec![half]),
            ("nonsense", vec![reply(200, "<html>Welcome to the hotel")]),
        ] {
            line.operator.script(replies);
            let outcome = line.carrier.submit(&outgoing(1, "3 cases")).await;
            let is_refused_in_words = kind == "external" && fault == "nonsense";
            match outcome {
                Outcome::Unknown { .. } => {}
                // Its answer is whole, and does not say what it says of texts that it has taken.
                Outcome::Refused { .. } if is_refused_in_words => {}
                other => panic!("{kind} after {fault}: {other:?}"),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_did_not_leave_is_said_not_to_have_left() {
    for (kind, line) in Line::all().await {
        let later = reply(429, "slow down").header("Retry-After", "17");
        let busy = reply(503, "soon").header("Retry-After", "5");
        for (fault, reply) in [("throttled", later), ("busy", busy), ("refused us", reply(401, "who are you"))] {
            line.operator.script([reply]);
            match line.carrier.submit(&outgoing(1, "3 cases")).await {
                Outcome::NotSent { retry_after: Some(after), .. } => {
                    let least = if fault == "throttled" { 17 } else { 1 };
                    assert!(after >= SignedDuration::from_secs(least), "{kind} {fault}: {after}");
                }
                other => panic!("{kind} {fault}: {other:?}"),
            }
            assert!(line.carrier.trouble().is_some() && line.carrier.room() == 0, "{kind} rests after it was {fault}");
        }
        let accepted = line.carrier.submit(&outgoing(1, "3 cases")).await;
        assert!(matches!(accepted, Outcome::Accepted { .. }), "{kind}: {accepted:?}");
        assert!(line.carrier.trouble().is_none() && line.carrier.room() == 20, "{kind} works again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_there_is_said_in_words() {
    for (driver, given) in crate::drivers("http://127.0.0.1:1") {
        let (carrier, _folder) = crate::build(driver.as_ref(), given).await;
        let outcome = carrier.submit(&outgoing(1, "x")).await;
        assert!(matches!(&outcome, Outcome::NotSent { reason, .. } if reason == "http-unreached"), "{outcome:?}");
        let why = carrier.check().await.expect_err("nobody is there");
        assert_eq!(why.key, "http-unreachable");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_not_carried_on_to_another_place() {
    let elsewhere = Site::start(|_| reply(200, "Accepted"));
    for (kind, line) in Line::all().await {
        line.operator.script([reply(307, "").header("Location", elsewhere.url())]);
        let outcome = line.carrier.submit(&outgoing(1, "x")).await;
        assert!(matches!(outcome, Outcome::NotSent { .. }), "{kind}: {outcome:?}");
    }
    assert!(elsewhere.asked().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_end_fills_no_memory() {
    for (kind, line) in Line::all().await {
        line.operator.script([reply(200, &"x".repeat(8 * 1024 * 1024))]);
        let outcome = line.carrier.submit(&outgoing(1, "x")).await;
        let is_doubted = matches!(outcome, Outcome::Unknown { .. } | Outcome::Refused { .. });
        assert!(is_doubted, "{kind}: {outcome:?}");
    }
}
