//! Phones behave alike on every run, and like people over many.

use jiff::SignedDuration;
use mhero_core::MessageKind;
use mhero_country::behaviour::{Incoming, Pace, Persona, Reaction, Report};
use proptest::prelude::*;

const YES_NO: &str =
    "MOH: EmONC refresher for midwives, 12-14 June. Can you attend? Reply 1 yes, 2 no. Free. STOP to leave.";
const OUI_NON: &str = "MSP: recyclage SONU pour sages-femmes. Serez-vous la? Répondez 1 oui, 2 non. Gratuit.";
const PLAIN: &str = "MOH: Polio days are 21-23 May. Thank you for your work.";

/// The reactions of 4,000 phones to one text.
fn everybody(text: &str, kind: MessageKind, pace: Pace) -> Vec<Reaction> {
    (0..4_000_u32)
        .map(|n| {
            let persona = Persona::of(1, &format!("+23177{:07}", n * 37));
            persona.react(&Incoming { text, kind, id: &n.to_be_bytes() }, pace)
        })
        .collect()
}

fn answers(reactions: &[Reaction]) -> Vec<&str> {
    reactions.iter().filter_map(|r| r.answer.as_ref()).map(|a| a.text.as_str()).collect()
}

fn share(count: usize) -> f64 {
    count as f64 / 4_000.0
}

fn is_stop(text: &&&str) -> bool {
    let lower = text.to_lowercase();
    lower.starts_with("stop") || lower.starts_with("arret")
}

#[test]
fn questions_are_answered_by_half_to_three_quarters_and_mostly_by_a_number() {
    for (text, yes, no) in [(YES_NO, "yes", "no"), (OUI_NON, "oui", "non")] {
        let reactions = everybody(text, MessageKind::Broadcast, Pace::DEMO);
        let answers = answers(&reactions);
        assert!((0.40..=0.75).contains(&share(answers.len())), "{}", share(answers.len()));
        let ones = answers.iter().filter(|a| **a == "1").count();
        let twos = answers.iter().filter(|a| **a == "2").count();
        assert!(ones > twos && twos > 400, "{ones} and {twos}");
        assert!(answers.iter().any(|a| a.eq_ignore_ascii_case(yes)));
        assert!(answers.iter().any(|a| a.eq_ignore_ascii_case(no)));
        assert!(answers.contains(&"1.") && answers.contains(&"I"));
        assert!(answers.iter().any(|a| a.contains('?')), "some ask back");
        let stops = answers.iter().filter(is_stop).count();
        assert!(stops > 0 && share(stops) < 0.02, "{stops} of 4,000 leave");
    }
}

#[test]
fn information_is_mostly_read_in_silence() {
    let reactions = everybody(PLAIN, MessageKind::Broadcast, Pace::DEMO);
    let answers = answers(&reactions);
    assert!((0.02..=0.10).contains(&share(answers.len())), "{}", share(answers.len()));
    assert!(share(answers.iter().filter(is_stop).count()) < 0.02);
}

#[test]
fn the_system_is_never_answered_and_officials_are_thanked() {
    for text in [YES_NO, PLAIN, "You will get no more messages. Reply START to return.", "How can we help?"] {
        assert_eq!(answers(&everybody(text, MessageKind::Auto, Pace::DEMO)), Vec::<&str>::new());
    }
    assert_eq!(answers(&everybody(PLAIN, MessageKind::Flow, Pace::DEMO)), Vec::<&str>::new());
    let thanks = everybody("County team: 4 boxes leave Voza today, driver calls you.", MessageKind::Thread, Pace::DEMO);
    assert!((0.25..=0.60).contains(&share(answers(&thanks).len())));
}

#[test]
fn most_are_delivered_some_fail_and_some_never_report() {
    let reactions = everybody(YES_NO, MessageKind::Broadcast, Pace::FIELD);
    let with = |report| reactions.iter().filter(|r| r.report.map(|(_, what)| what) == report).count();
    assert!((0.88..=0.95).contains(&share(with(Some(Report::Delivered)))));
    assert!((0.02..=0.04).contains(&share(with(Some(Report::Failed)))));
    assert!((0.03..=0.08).contains(&share(with(None))));
}

#[test]
fn answers_take_minutes_in_the_field_and_seconds_in_the_demo() {
    let within = |pace, low, high| {
        let reactions = everybody(YES_NO, MessageKind::Broadcast, pace);
        let delays: Vec<i64> = reactions.iter().filter_map(|r| r.answer.as_ref()).map(|a| a.after.as_secs()).collect();
        delays.iter().filter(|d| (low..=high).contains(*d)).count() as f64 / delays.len() as f64
    };
    assert!(within(Pace::DEMO, 4, 90) > 0.75);
    assert!(within(Pace::FIELD, 60, 1_800) > 0.75);
    assert!(within(Pace::FIELD, 0, 3_700) == 1.0);
}

#[test]
fn numbers_and_open_questions_get_what_they_ask_for() {
    let nets = everybody("How many mosquito nets do you have?", MessageKind::Flow, Pace::DEMO);
    let digits = answers(&nets).iter().filter(|a| a.bytes().all(|b| b.is_ascii_digit())).count();
    assert!(digits as f64 / answers(&nets).len() as f64 > 0.7);
    let open = everybody("What do you need most at your clinic?", MessageKind::Broadcast, Pace::DEMO);
    assert!(answers(&open).iter().any(|a| a.contains("gloves")));
}

#[test]
fn debug_shows_no_text() {
    let reaction = everybody(YES_NO, MessageKind::Broadcast, Pace::DEMO).into_iter().find(|r| r.answer.is_some());
    let shown = format!("{:?}", reaction.expect("somebody answers").answer.expect("an answer"));
    assert!(shown.starts_with("Answer(after") && !shown.contains("text"), "{shown}");
}

proptest! {
    #[test]
    fn any_text_gets_one_reaction_that_is_in_order(seed: u64, number in "\\+[0-9]{1,14}", text in ".{0,300}", id: [u8; 16]) {
        let persona = Persona::of(seed, &number);
        prop_assert_eq!(persona, Persona::of(seed, &number));
        let incoming = Incoming { text: &text, kind: MessageKind::Broadcast, id: &id };
        let reaction = persona.react(&incoming, Pace::DEMO);
        prop_assert_eq!(&reaction, &persona.react(&incoming, Pace::DEMO));
        if let Some(answer) = &reaction.answer {
            let delivered = reaction.delivered_after.expect("only a delivered message is answered");
            prop_assert!(answer.after >= delivered + SignedDuration::from_secs(4));
            prop_assert!(!answer.text.is_empty() && answer.text.chars().count() <= 320);
        }
        if let Some((when, Report::Delivered)) = reaction.report {
            prop_assert!(Some(when) > reaction.delivered_after);
        }
    }
}
