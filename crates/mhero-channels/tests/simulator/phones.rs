//! What people do with simulated phones: write, hold them, look at them; and who may.

use mhero_app::{
    AppError, Caller,
    messaging::Accepted,
    ports::Report,
    simulator::{PhoneMode, SimulatedText},
};
use mhero_core::{Lang, Right, Rights, Role, Scope};
use mhero_store::Actor;

use crate::{Bench, Fixed, PHONE, admin, on_both};

const ANSWERING: Fixed = Fixed { shown: Some(5), report: Some((5, Report::Delivered)), answer: Some((10, "1")) };

fn written(text: &str, once: Option<&str>) -> SimulatedText {
    SimulatedText { from: "0770000214".into(), text: text.into(), channel: None, once: once.map(str::to_owned) }
}

fn caller(role: Role, all_places: bool) -> Caller {
    let user = uuid::Uuid::from_u128(5);
    Caller {
        scope: Scope::of(user, all_places, true, Rights::of([role])),
        actor: Actor { kind: "user", id: Some(user) },
        language: Lang::ENGLISH,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_on_a_phone_comes_in_once_and_shows() {
    on_both(async |bench: &Bench| {
        let write = async |text: &str, once| {
            bench.app.simulate_receive(&admin(), &written(text, once)).await.expect("it is accepted")
        };
        assert!(matches!(write("Hello", Some("k")).await, Accepted::New(_)));
        assert_eq!(write("Hello", Some("k")).await, Accepted::Known);
        bench.pass(60);
        assert!(matches!(write("Hello", None).await, Accepted::New(_)));
        assert_eq!(bench.screen().await, ["> Hello", "> Hello"]);
        let accepted = bench.app.store().waiting_intake().await.expect("it answers").0;
        assert_eq!(accepted, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_in_a_persons_hand_does_not_answer_by_itself_for_half_an_hour() {
    on_both(async |bench: &Bench| {
        let planned = bench.message(&["planned before"]).await;
        bench.submit(&ANSWERING, &planned[0]).await;
        bench.app.simulate_receive(&admin(), &written("I write myself", None)).await.expect("accepted");
        let held = bench.message(&["while held"]).await;
        bench.submit(&ANSWERING, &held[0]).await;
        assert_eq!(bench.screen().await, ["> I write myself", "while held"], "it shows at once");
        bench.pass(60);
        bench.run_due().await;
        assert_eq!(bench.intake().await, ["I write myself"]);
        assert_eq!(bench.state(held[0].message).await, "delivered");
        bench.pass(30 * 60);
        let later = bench.message(&["later"]).await;
        bench.submit(&ANSWERING, &later[0]).await;
        bench.pass(60);
        bench.run_due().await;
        let shown = bench.screen().await;
        assert_eq!(shown.last().map(String::as_str), Some("> 1"), "{shown:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_at_a_phone_takes_it_and_a_choice_stays() {
    on_both(async |bench: &Bench| {
        let app = &bench.app;
        let mode = async || app.simulated_phone(&admin(), PHONE, 5).await.expect("a phone").mode;
        assert_eq!(mode().await, PhoneMode::ByItself);
        app.take_simulated_phone(&admin(), PHONE).await.expect("it is free");
        assert_eq!(mode().await, PhoneMode::ByHand);
        app.set_simulated_mode(&admin(), PHONE, PhoneMode::Silent).await.expect("it is chosen");
        for _ in 0..3 {
            bench.pass(20 * 60);
            app.take_simulated_phone(&admin(), PHONE).await.expect("it is still looked at");
            assert_eq!(mode().await, PhoneMode::Silent);
        }
        bench.pass(31 * 60);
        assert_eq!(mode().await, PhoneMode::ByItself);
        app.take_simulated_phone(&admin(), PHONE).await.expect("it is free");
        assert_eq!(mode().await, PhoneMode::ByHand);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_may_send_uses_phones_and_only_those_of_the_own_places() {
    on_both(async |bench: &Bench| {
        bench.app.simulate_receive(&admin(), &written("Hello", None)).await.expect("accepted");
        let auditor = caller(Role::Auditor, true);
        for refused in [
            bench.app.simulated_phones(&auditor, None, 5).await.map(|_| ()),
            bench.app.simulated_phone(&auditor, PHONE, 5).await.map(|_| ()),
            bench.app.simulate_receive(&auditor, &written("Hello", None)).await.map(|_| ()),
        ] {
            assert!(matches!(refused, Err(AppError::NotAllowed { right: Right::Send })), "{refused:?}");
        }
        let official = caller(Role::Hr, true);
        assert_eq!(bench.app.simulated_phones(&official, None, 5).await.expect("a list").len(), 1);
        let district = caller(Role::District, false);
        assert!(bench.app.simulated_phones(&district, None, 5).await.expect("a list").is_empty());
        let elsewhere = bench.app.simulated_phone(&district, PHONE, 5).await;
        assert!(matches!(elsewhere, Err(AppError::NotFound { .. })), "{elsewhere:?}");
        let sms = bench.app.store().simulated_sms(&district.scope, PHONE, i64::MAX - 1, 5).await;
        assert!(sms.expect("it answers").is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn phones_are_listed_page_by_page_with_the_latest_first() {
    on_both(async |bench: &Bench| {
        for number in 0..7 {
            // Two at the same instant, so that a page may end between them.
            bench.pass(i64::from(number % 2));
            let from = format!("+23177000030{number}");
            let text = SimulatedText { from, text: "x".into(), channel: Some("sim".into()), once: None };
            bench.app.simulate_receive(&admin(), &text).await.expect("accepted");
        }
        let all = bench.app.simulated_phones(&admin(), None, 50).await.expect("a list");
        assert_eq!(all.len(), 7);
        assert!(all.is_sorted_by_key(|phone| (std::cmp::Reverse(phone.at), phone.path.clone())));
        let mut paged = Vec::new();
        loop {
            let page = bench.app.simulated_phones(&admin(), paged.last(), 2).await.expect("a page");
            if page.is_empty() {
                break;
            }
            paged.extend(page);
        }
        let paths =
            |phones: &[mhero_app::simulator::PhoneSeen]| phones.iter().map(|p| p.path.clone()).collect::<Vec<_>>();
        assert_eq!(paths(&paged), paths(&all));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_simulator_or_with_another_channel_it_says_so() {
    on_both(async |bench: &Bench| {
        let text = SimulatedText { channel: Some("other".into()), ..written("x", None) };
        let refused = bench.app.simulate_receive(&admin(), &text).await;
        assert!(matches!(refused, Err(AppError::NotFound { what: "channel", .. })));
        let text = SimulatedText { from: "MTN-INFO".into(), ..written("x", None) };
        let refused = bench.app.simulate_receive(&admin(), &text).await;
        assert!(matches!(&refused, Err(AppError::Invalid(reason)) if reason.key == "simulator-no-number"));
        bench.app.switch_channel(&admin(), bench.channel, false).await.expect("it is off");
        let refused = bench.app.simulate_receive(&admin(), &written("x", None)).await;
        assert!(matches!(&refused, Err(AppError::Invalid(reason)) if reason.key == "simulator-none"));
    })
    .await;
}
