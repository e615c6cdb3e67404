//! Whether a message is true, and machines that answer machines.

use jiff::SignedDuration;
use mhero_app::{
    Caller, NewUser,
    broadcasts::{Draft, Release},
};
use mhero_core::{BroadcastId, Lane, Lang, LangMap, Role};

use crate::common::{TestApp, engines};

const MARTHA: &str = "+231770000001";
const AISSATA: &str = "+231770000002";

async fn two(engine: mhero_store::Engine) -> TestApp {
    let t = TestApp::new(engine).await;
    t.people(&[("P1", "Martha Kollie", "en", &["0770000001"]), ("P2", "Aissata Diallo", "fr", &["0770000002"])]).await;
    t
}

async fn send(t: &TestApp, draft: Draft) -> (BroadcastId, String) {
    let id = t.app.send(&Caller::system(), &draft).await.expect("sent");
    t.app.run_until_idle().await.expect("idle");
    let (code, _) = t.app.trust_code_of(&Caller::system(), id.uuid()).await.expect("read").expect("a code");
    (id, code)
}

fn draft(query: &str, text: &str) -> Draft {
    Draft {
        name: "staff check".into(),
        query: query.into(),
        texts: vec![(Lang::ENGLISH, text.into())],
        lane: Lane::Normal,
        release: Release::Now,
        ..Draft::empty(&[])
    }
}

fn last(t: &TestApp, phone: &str) -> String {
    let texts = t.fake.texts();
    texts.into_iter().rev().find(|(to, _)| to == phone).map(|(_, text)| text).unwrap_or_default()
}

#[tokio::test]
async fn a_worker_who_doubts_a_message_is_told_in_the_language_of_her_word() {
    for engine in engines() {
        let t = two(engine).await;
        let (id, code) = send(&t, draft("phone = 0770000001", "MOH: are you well? Code @code")).await;
        assert_eq!(last(&t, MARTHA), format!("MOH: are you well? Code {code}"), "{engine:?}: the text carries it");
        t.hear(MARTHA, &format!("check {}", code.to_lowercase())).await;
        assert_eq!(last(&t, MARTHA), "trust-sms-true eng");
        t.hear(MARTHA, &format!("VERIF {code}")).await;
        assert_eq!(last(&t, MARTHA), "trust-sms-true fra");
        t.hear(AISSATA, &format!("VERIF {code}")).await;
        assert_eq!(last(&t, AISSATA), "trust-sms-other fra", "copied from a real message");
        t.hear(AISSATA, "VERIF Q1Q").await;
        assert_eq!(last(&t, AISSATA), "trust-sms-false fra");
        let (_, asked) = t.app.trust_code_of(&Caller::system(), id.uuid()).await.expect("read").expect("a code");
        assert_eq!(asked, 3);
        let doubted = t.app.trust_overview(&Caller::system()).await.expect("an overview").unknown;
        assert_eq!(doubted.iter().map(|one| (one.code.as_str(), one.phones)).collect::<Vec<_>>(), [("Q1Q", 1)]);
        t.hear(AISSATA, "SPAM you won 500 dollars").await;
        assert_eq!(last(&t, AISSATA), "trust-sms-spam fra");
        assert_eq!(t.app.waiting_threads(&Caller::system()).await.expect("a count").0, 1, "an official reads it");
    }
}

#[tokio::test]
async fn codes_cannot_be_found_by_trying() {
    for engine in engines() {
        let t = two(engine).await;
        let (_, code) = send(&t, draft("phone = 0770000001", "MOH: hello")).await;
        for n in 0..20 {
            t.hand.advance(SignedDuration::from_secs(30));
            t.hear(AISSATA, &format!("CHECK Z{n}Z")).await;
        }
        assert_eq!(t.fake.texts().iter().filter(|(to, _)| to == AISSATA).count(), 5, "{engine:?}: then silence");
        t.hand.advance(SignedDuration::from_secs(30));
        t.hear(AISSATA, &format!("CHECK {code}")).await;
        assert_eq!(last(&t, AISSATA), "trust-sms-other eng", "what is ours is still told");
    }
}

#[tokio::test]
async fn what_has_not_left_is_not_yet_true_and_a_drill_is_never_told_as_real() {
    for engine in engines() {
        let t = two(engine).await;
        let later = Release::At("2026-05-15T09:00:00Z".parse().expect("an instant"));
        let (_, code) = send(&t, Draft { release: later, ..draft("*", "MOH: tomorrow") }).await;
        t.hear(MARTHA, &format!("CHECK {code}")).await;
        assert_eq!(last(&t, MARTHA), "trust-sms-false eng", "{engine:?}");
        let drill = Draft { is_drill: true, ..draft("phone = 0770000001", "MOH: cholera in Lofa") };
        let (_, code) = send(&t, drill).await;
        assert_eq!(last(&t, MARTHA), "trust-mark-drill eng MOH: cholera in Lofa");
        t.hear(MARTHA, &format!("CHECK {code}")).await;
        assert_eq!(last(&t, MARTHA), "trust-sms-drill eng");
    }
}

#[tokio::test]
async fn a_phone_that_sends_back_all_it_gets_is_answered_so_often_and_no_more() {
    for engine in engines() {
        let t = two(engine).await;
        send(&t, draft("phone = 0770000001", "HELP")).await;
        let (mut heard, mut turns) = (0, 0);
        loop {
            let texts: Vec<String> =
                t.fake.texts().into_iter().filter(|(to, _)| to == MARTHA).map(|(_, text)| text).collect();
            if texts.len() == heard || turns > 200 {
                break;
            }
            for text in &texts[heard..] {
                turns += 1;
                t.hand.advance(SignedDuration::from_secs(5));
                t.hear(MARTHA, text).await;
            }
            heard = texts.len();
        }
        assert!(turns <= 11, "{engine:?}: {turns} turns");
    }
}

#[tokio::test]
async fn one_list_is_left_in_four_languages_and_the_others_still_come() {
    for engine in engines() {
        let t = two(engine).await;
        let system = Caller::system();
        let mut name = LangMap::one(Lang::ENGLISH, "Vaccination");
        name.insert(Lang::FRENCH, "PEV");
        let epi = t.app.add_programme(&system, "EPI", name).await.expect("a programme");
        let user = NewUser {
            email: "epi@moh.example".into(),
            name: "EPI".into(),
            language: Lang::ENGLISH,
            role: Role::Programme,
            place: None,
            programme: Some(epi),
            password: None,
        };
        let user = t.app.add_user(&system, user).await.expect("a user");
        let epi = t.app.caller_of_user(user).await.expect("read").expect("there");
        for word in ["STOP EPI", "ARRET PEV", "parar EPI", "توقف EPI", "stop vaccination"] {
            t.hand.advance(SignedDuration::from_mins(20));
            t.hear(MARTHA, word).await;
            assert_eq!(t.app.store().stops("tel", MARTHA).await.expect("stops"), ["epi"], "{engine:?} {word}");
            let before = t.fake.count();
            t.app.send(&epi, &draft("*", "EPI: vaccines")).await.expect("sent");
            t.app.send(&system, &draft("phone = 0770000001", "MOH: salaries")).await.expect("sent");
            t.app.run_until_idle().await.expect("idle");
            let came: Vec<_> = t.fake.texts().split_off(before);
            let to = |phone: &str| {
                came.iter().filter(|(to, _)| to == phone).map(|(_, text)| text.as_str()).collect::<Vec<_>>()
            };
            assert_eq!((to(MARTHA), to(AISSATA)), (vec!["MOH: salaries"], vec!["EPI: vaccines"]), "{engine:?} {word}");
            t.hear(MARTHA, "START EPI").await;
            assert!(t.app.store().stops("tel", MARTHA).await.expect("stops").is_empty(), "{engine:?} {word}");
        }
        t.hear(MARTHA, "STOP EPI").await;
        t.hear(MARTHA, "ALERT measles 3 years").await;
        assert_eq!(t.app.waiting_threads(&system).await.expect("a count").0, 1, "who left a list reports a case");
    }
}

#[tokio::test]
async fn what_still_waits_of_a_list_that_somebody_leaves_is_taken_back() {
    for engine in engines() {
        let t = two(engine).await;
        let system = Caller::system();
        let epi = t.app.add_programme(&system, "EPI", LangMap::one(Lang::ENGLISH, "Vaccination")).await.expect("new");
        // Quiet hours hold both until the morning.
        t.hand.set("2026-05-14T21:00:00Z".parse().expect("an instant"));
        let vaccines = Draft { programme: Some(epi), ..draft("*", "EPI: vaccines") };
        t.app.send(&system, &vaccines).await.expect("sent");
        t.app.send(&system, &draft("*", "MOH: salaries")).await.expect("sent");
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(t.fake.count(), 0, "{engine:?}");
        t.hear(MARTHA, "STOP EPI").await;
        let before = t.fake.count();
        // Of Aissata it is written only when nothing is there any more to take back: the claim asks.
        let mut unit = mhero_store::Unit::new();
        unit.stop(("tel", AISSATA), "epi", None, t.app.clock().now_micros());
        t.app.store().write(unit, mhero_store::Queue::Interactive).await.expect("written");
        t.hand.set("2026-05-15T09:00:00Z".parse().expect("an instant"));
        t.app.run_until_idle().await.expect("idle");
        let came: Vec<_> = t.fake.texts().split_off(before).into_iter().map(|(_, text)| text).collect();
        assert_eq!(came, ["MOH: salaries", "MOH: salaries"], "{engine:?}");
    }
}

#[tokio::test]
async fn a_list_that_nobody_knows_is_asked_back() {
    for engine in engines() {
        let t = two(engine).await;
        t.hear(MARTHA, "STOP EPI").await;
        assert_eq!(last(&t, MARTHA), "reply-confirm-stop eng", "{engine:?}");
        t.hear(AISSATA, "ARRET paludisme").await;
        assert_eq!(last(&t, AISSATA), "reply-confirm-stop fra", "{engine:?}");
        assert!(t.app.store().stops("tel", MARTHA).await.expect("stops").is_empty());
        assert_eq!(t.app.waiting_threads(&Caller::system()).await.expect("a count").0, 2, "and a person reads it");
    }
}

#[tokio::test]
async fn who_stops_at_one_of_their_numbers_has_stopped_at_all_of_them_unless_it_is_shared() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        let (second, shared) = ("0770000011", "0770000003");
        t.people(&[
            ("P1", "Martha Kollie", "en", &["0770000001", second]),
            ("P2", "Aissata Diallo", "fr", &["0770000002"]),
            ("P3", "Joseph Tarr", "en", &[shared, "0770000013"]),
            ("P4", "Hawa Karnley", "en", &[shared, "0770000014"]),
        ])
        .await;
        let reached = async |text: &str| {
            let before = t.fake.count();
            t.app.send(&Caller::system(), &draft("*", text)).await.expect("sent");
            t.app.run_until_idle().await.expect("idle");
            let mut came: Vec<String> = t.fake.texts().split_off(before).into_iter().map(|(to, _)| to).collect();
            came.sort();
            came
        };
        // Written before she stops, held by the night: the claim asks about the person, not only about the number.
        t.hand.set("2026-05-14T21:00:00Z".parse().expect("an instant"));
        assert!(reached("MOH: salaries").await.is_empty(), "{engine:?}");
        t.hear("+231770000011", "STOP").await;
        t.hear("+231770000003", "STOP").await;
        let before = t.fake.count();
        t.hand.set("2026-05-15T09:00:00Z".parse().expect("an instant"));
        t.app.run_until_idle().await.expect("idle");
        let came: Vec<String> = t.fake.texts().split_off(before).into_iter().map(|(to, _)| to).collect();
        assert!(!came.contains(&MARTHA.to_owned()) && came.contains(&AISSATA.to_owned()), "{engine:?} {came:?}");
        // A shared number speaks for itself only.
        let open = [AISSATA, "+231770000013", "+231770000014"];
        assert_eq!(reached("MOH: rains").await, open, "{engine:?}");
        // She comes back by the other one.
        t.hear(MARTHA, "START").await;
        let back = reached("MOH: roads").await;
        assert_eq!(back, [MARTHA, AISSATA, "+231770000013", "+231770000014"], "{engine:?}");
    }
}
