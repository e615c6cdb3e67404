//! What one phone is like, and what it makes of a message.

use std::fmt;

use jiff::SignedDuration;
use mhero_core::MessageKind;

use super::{
    question::{Question, is_french},
    reply::{choose, count, say, words},
};
use crate::dice::Dice;

/// A message that arrives at a phone.
#[derive(Clone, Copy)]
pub struct Incoming<'a> {
    /// The text, all parts together.
    pub text: &'a str,
    /// Where it comes from.
    pub kind: MessageKind,
    /// The message's id, which is the chance of this reaction: the same id gives the same reaction.
    pub id: &'a [u8],
}

/// How fast time passes for the phones: 1.0 is the field, where answers take minutes to an hour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace(pub f64);

impl Pace {
    /// Half of the answers within five minutes, all within an hour.
    pub const FIELD: Self = Self(1.0);
    /// Most answers between five seconds and a minute and a half, so that a demo feels alive.
    pub const DEMO: Self = Self(0.1);
}

/// What one phone and its owner are like. A function of the seed and the number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Persona {
    key: u64,
    /// The number rings nowhere: every message fails.
    pub dead: bool,
    /// Probability that the phone is out of reach of the network when a message comes, and for long after.
    pub away: f64,
    /// Probability that the owner answers a question.
    pub willing: f64,
    /// How slow the owner is, 1.0 being usual.
    pub slowness: f64,
    /// Probability of a slip in an answer.
    pub typos: f64,
    /// The language where the message's own is not clear.
    pub french: bool,
    /// Somebody else answers now and then.
    pub passed_around: bool,
}

/// What the operator says about a message in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// The handset has it.
    Delivered,
    /// It could not be delivered.
    Failed,
}

/// What the owner writes back.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// How long after the message was handed over.
    pub after: SignedDuration,
    /// The text.
    pub text: String,
}

/// Never the text: what somebody writes has no place in a log line.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer(after {:?})", self.after)
    }
}

/// What becomes of one message at one phone. Durations count from when the operator took it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    /// When the phone shows it; `None`: never.
    pub delivered_after: Option<SignedDuration>,
    /// What the operator reports, and when; `None`: no report ever comes.
    pub report: Option<(SignedDuration, Report)>,
    /// The owner's answer; never before the phone shows the message.
    pub answer: Option<Answer>,
}

/// Delays of answers in the field, in seconds, at even steps of probability: read as a curve.
const ANSWER_SECONDS: [f64; 11] = [25.0, 60.0, 110.0, 160.0, 220.0, 300.0, 400.0, 560.0, 850.0, 1_600.0, 3_600.0];

/// Delays of delivery, in seconds, likewise.
const DELIVERY_SECONDS: [f64; 6] = [1.2, 2.0, 3.0, 4.5, 8.0, 40.0];

impl Persona {
    /// The phone of a number (E.164) in the country of a seed.
    pub fn of(seed: u64, number: &str) -> Self {
        let mut dice = Dice::new(seed, "phone", number);
        Self {
            key: dice.between(0, i64::MAX) as u64,
            dead: dice.chance(0.03),
            away: dice.unit() * 0.08,
            willing: 0.4 + dice.unit() * 0.5,
            slowness: 0.6 + dice.unit() * 0.9,
            typos: 0.02 + dice.unit() * 0.16,
            french: dice.chance(0.3),
            passed_around: dice.chance(0.04),
        }
    }

    /// What this phone makes of a message. Two calls with one message give one reaction; the caller asks once.
    pub fn react(&self, incoming: &Incoming<'_>, pace: Pace) -> Reaction {
        let mut dice = Dice::new(self.key, "reaction", incoming.id);
        if self.dead {
            let known = pace.seconds(1.5 + dice.unit() * 12.0);
            return Reaction { delivered_after: None, report: Some((known, Report::Failed)), answer: None };
        }
        if dice.chance(self.away) {
            return Reaction { delivered_after: None, report: None, answer: None };
        }
        let delivered = pace.seconds(along(&DELIVERY_SECONDS, dice.unit()));
        // Operators lose a report now and then, though the phone has the message.
        let report = dice.chance(0.98).then(|| (delivered + pace.seconds(0.3), Report::Delivered));
        let answer = self.answer(&mut dice, incoming).map(|text| {
            let thinking = along(&ANSWER_SECONDS, dice.unit()) * self.slowness;
            let after = delivered + pace.seconds(thinking.min(ANSWER_SECONDS[10]));
            // Nobody reads and types in less than four seconds, however fast the demo runs.
            Answer { after: after.max(delivered + SignedDuration::from_secs(4)), text }
        });
        Reaction { delivered_after: Some(delivered), report, answer }
    }

    fn answer(&self, dice: &mut Dice, incoming: &Incoming<'_>) -> Option<String> {
        // What the system says by itself ends a conversation; an answer to it could begin a loop.
        if matches!(incoming.kind, MessageKind::Auto | MessageKind::Inbound) {
            return None;
        }
        let french = is_french(incoming.text).unwrap_or(self.french);
        let words = words(french);
        let question = Question::of(incoming.text);
        let broadcast = incoming.kind == MessageKind::Broadcast;
        let willing = self.willing(&question, incoming.kind);
        if !dice.chance(willing) {
            return None;
        }
        if self.passed_around && dice.chance(0.25) {
            return Some(say(dice, words.not_here, 0.0));
        }
        // Some write what weighs on them, whatever was asked; a few leave, a few try a keyword.
        let asides = match (&question, broadcast) {
            (_, false) => [0, 4, 0],
            (Question::None, true) => [250, 60, 40],
            _ => [15, 7, 6],
        };
        match dice.weighted(&[asides[0], asides[1], asides[2], 1_000 - asides.iter().sum::<u32>()]) {
            0 => return Some(say(dice, words.troubles, self.typos)),
            1 => return Some(say(dice, words.stop, 0.0)),
            2 => return Some(say(dice, words.keywords, 0.0)),
            _ => {}
        }
        Some(match question {
            Question::Choice(choices) => choose(dice, &choices, french, self.typos),
            Question::Number => count(dice, french, self.typos),
            Question::Open => say(dice, words.opinions, self.typos),
            Question::None if broadcast => say(dice, words.read, self.typos),
            Question::None => say(dice, words.thanks, self.typos),
        })
    }

    /// Probability that the owner writes back.
    fn willing(&self, question: &Question, kind: MessageKind) -> f64 {
        match (question, kind) {
            (Question::Choice(_) | Question::Number, _) => self.willing,
            (Question::Open, MessageKind::Thread) => 0.5 + self.willing / 2.0,
            (Question::Open, _) => self.willing * 0.6,
            // A flow's last words are not answered, an official's mostly with thanks.
            (Question::None, MessageKind::Flow) => 0.0,
            (Question::None, MessageKind::Thread) => self.willing * 0.7,
            (Question::None, _) => self.willing * 0.09,
        }
    }
}

impl Pace {
    fn seconds(self, seconds: f64) -> SignedDuration {
        SignedDuration::from_millis((seconds * self.0 * 1_000.0).max(200.0) as i64)
    }
}

/// The point of a curve, from 0 to 1, between its even steps.
fn along(curve: &[f64], at: f64) -> f64 {
    let steps = curve.len() - 1;
    let scaled = at.clamp(0.0, 1.0) * steps as f64;
    let below = (scaled as usize).min(steps - 1);
    curve[below] + (curve[below + 1] - curve[below]) * (scaled - below as f64)
}
