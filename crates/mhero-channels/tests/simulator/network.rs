//! What the network does with submissions: parts, doubles, reports, answers.

use mhero_app::ports::{ChannelSettings, Driver, Outcome, Report};
use mhero_channels::Simulator;
use mhero_core::Urn;

use crate::{Bench, Fixed, PHONE, admin, after, on_both};

#[tokio::test(flavor = "multi_thread")]
async fn a_long_text_shows_once_all_its_parts_are_there() {
    on_both(async |bench: &Bench| {
        let parts = bench.message(&["MOH: ", "polio days ", "21-23 May"]).await;
        for part in [&parts[2], &parts[0]] {
            bench.submit(&Fixed::QUIET, part).await;
            assert!(bench.screen().await.is_empty());
        }
        bench.submit(&Fixed::QUIET, &parts[1]).await;
        assert_eq!(bench.screen().await, ["MOH: polio days 21-23 May"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_submission_shows_twice() {
    on_both(async |bench: &Bench| {
        let parts = bench.message(&["one ", "two"]).await;
        for part in parts.iter().chain(&parts) {
            bench.submit(&Fixed::QUIET, part).await;
        }
        assert_eq!(bench.screen().await, ["one two", "one two"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_comes_when_its_time_has_come() {
    on_both(async |bench: &Bench| {
        let start = bench.app.clock().now();
        let sent = bench.message(&["Can you attend? Reply 1 yes, 2 no"]).await;
        let behaviour = Fixed { shown: Some(4), report: Some((5, Report::Delivered)), answer: None };
        bench.submit(&behaviour, &sent[0]).await;
        assert_eq!(bench.app.next_simulator_due().await.expect("it answers"), Some(after(start, 5)));
        bench.pass(3);
        assert_eq!((bench.run_due().await, bench.screen().await.len()), (0, 0));
        bench.pass(1);
        assert_eq!((bench.run_due().await, bench.screen().await.len()), (0, 1));
        assert_eq!(bench.state(sent[0].message).await, "sent");
        bench.pass(1);
        assert_eq!(bench.run_due().await, 1);
        assert_eq!(bench.state(sent[0].message).await, "delivered");
        assert_eq!(bench.app.next_simulator_due().await.expect("it answers"), None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_out_of_reach_never_shows_it_and_the_operator_says_so() {
    on_both(async |bench: &Bench| {
        let sent = bench.message(&["hello"]).await;
        let failed = Report::Failed { reason: "subscriber unreachable".into() };
        bench.submit(&Fixed { shown: None, report: Some((9, failed)), answer: None }, &sent[0]).await;
        bench.pass(100_000);
        assert_eq!(bench.run_due().await, 1);
        assert!(bench.screen().await.is_empty());
        assert_eq!(bench.state(sent[0].message).await, "failed");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_answers_once_however_often_a_message_or_a_step_comes() {
    on_both(async |bench: &Bench| {
        let sent = bench.message(&["Can you ", "attend?"]).await;
        let behaviour = Fixed { shown: Some(0), report: Some((1, Report::Delivered)), answer: Some((10, "1")) };
        for part in sent.iter().chain(&sent) {
            bench.submit(&behaviour, part).await;
        }
        bench.pass(9);
        assert_eq!(bench.run_due().await, 4, "a report for each part of each copy");
        assert!(bench.intake().await.is_empty());
        bench.pass(1);
        assert!(bench.run_due().await >= 2);
        assert_eq!(bench.intake().await, ["1"]);
        assert_eq!(bench.screen().await, ["Can you attend?", "Can you attend?", "> 1"]);
        assert_eq!(bench.run_due().await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_may_do_what_is_due_at_the_same_time() {
    on_both(async |bench: &Bench| {
        let behaviour = Fixed { shown: Some(0), report: Some((5, Report::Delivered)), answer: Some((5, "1")) };
        for _ in 0..5 {
            let sent = bench.message(&["Can you attend?"]).await;
            bench.submit(&behaviour, &sent[0]).await;
        }
        bench.pass(5);
        let (one, two) = tokio::join!(bench.run_due(), bench.run_due());
        assert!(one + two >= 10);
        let shown = bench.screen().await;
        assert_eq!(shown.iter().filter(|line| *line == "> 1").count(), 5, "{shown:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn phones_of_the_country_answer_a_question_as_people_do() {
    on_both(async |bench: &Bench| {
        let config = [("behaviour", "answer"), ("pace", "demo"), ("seed", "1")];
        let config = config.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        let settings = ChannelSettings { id: bench.channel, name: "sim".into(), config };
        let carrier = Simulator.build(&bench.app, &settings).expect("these settings are right");
        let mut parts = bench.message(&["MOH: Can you attend? Reply 1 yes, 2 no."]).await;
        for number in 0..60 {
            parts[0].to = Urn::tel(format!("+2317700{number:05}")).expect("a number");
            assert!(matches!(carrier.submit(&parts[0]).await, Outcome::Accepted { .. }));
            // One message a phone: the answer's id follows from the message.
            parts = bench.message(&["MOH: Can you attend? Reply 1 yes, 2 no."]).await;
        }
        bench.pass(3_600);
        bench.run_due().await;
        let answers = bench.intake().await;
        assert!((10..55).contains(&answers.len()), "{} of 60 answered", answers.len());
        assert!(answers.iter().any(|text| text.trim() == "1"), "{answers:?}");
        let phones = bench.app.simulated_phones(&admin(), None, 100).await.expect("a list");
        assert!((40..=60).contains(&phones.len()), "{} phones show something", phones.len());
        assert!(phones.iter().all(|phone| phone.path != PHONE));
    })
    .await;
}
