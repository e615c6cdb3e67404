//! SMS text: GSM-7 and UCS-2, segments, costly letters, phone numbers, what a reply means.
//!
//! Everything here is pure: text and context in, decisions out. Nothing reads a clock, a file or the environment.
//!
//! - [`sms`] counts and splits a text as a phone network does, and names the letters that make it dear.
//! - [`phone`] reads numbers as registries and people write them, by libphonenumber's *valid*.
//! - [`urn`] normalises and shows addresses of contacts, as flows do.
//! - [`reply`] understands what a health worker texted back: STOP and START, HELP, keywords, a waiting question.

mod glob;
mod locale;
pub mod phone;
pub mod reply;
pub mod sms;
pub mod urn;

pub use glob::glob_match;
pub use locale::best_locale;
pub use phone::{BadPhone, Numbering, NumberingError, Reading};
pub use reply::{ControlWords, Keyword, Meaning, Outcome, Question, Situation, Vocabulary, understand};
pub use sms::{CostlyLetter, Encoding, Measure, measure, replace_typography, split, split_within, substitute_costly};
