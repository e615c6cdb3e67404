//! The text of an SMS: its encoding, its parts as they travel, the letters that double its price.
//!
//! A text whose letters all stand in the GSM-7 alphabet (3GPP TS 23.038) has 160 septets in one part and 153 in each of several.
//! One letter outside it turns the whole text into UCS-2: 70 and 67 units of 16 bits.

mod gsm7;
mod letters;
mod parts;
mod substitute;
mod within;

pub use gsm7::{from_septets, is_gsm7, septets, to_septets};
pub use letters::{CostlyLetter, Measure, measure};
pub use parts::split;
pub use substitute::{replace_typography, substitute, substitute_costly};
pub use within::split_within;

/// Septets of a text that travels in one part.
pub const GSM7_SINGLE: usize = 160;
/// Septets of each part of a longer text; the rest of the part holds the header that joins them.
pub const GSM7_PART: usize = 153;
/// UCS-2 units of a text that travels in one part.
pub const UCS2_SINGLE: usize = 70;
/// UCS-2 units of each part of a longer text.
pub const UCS2_PART: usize = 67;

/// How a text travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// The GSM default alphabet with its extension table, 7 bits a letter.
    Gsm7,
    /// 16 bits a unit; letters beyond the basic plane (emoji) take two units.
    Ucs2,
}

impl Encoding {
    /// The encoding that a text needs.
    ///
    /// ```
    /// use mhero_text::sms::Encoding;
    /// assert_eq!(Encoding::of("Où est le vaccin?"), Encoding::Gsm7);
    /// assert_eq!(Encoding::of("Contrôle"), Encoding::Ucs2);
    /// ```
    pub fn of(text: &str) -> Self {
        if text.chars().all(|letter| septets(letter).is_some()) { Self::Gsm7 } else { Self::Ucs2 }
    }

    /// The name that people know: `GSM-7` or `UCS-2`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gsm7 => "GSM-7",
            Self::Ucs2 => "UCS-2",
        }
    }

    /// Units that fit in a text of one part.
    pub const fn single(self) -> usize {
        match self {
            Self::Gsm7 => GSM7_SINGLE,
            Self::Ucs2 => UCS2_SINGLE,
        }
    }

    /// Units that fit in each part of a longer text.
    pub const fn part(self) -> usize {
        match self {
            Self::Gsm7 => GSM7_PART,
            Self::Ucs2 => UCS2_PART,
        }
    }

    /// Units that one letter takes in this encoding. A letter outside GSM-7 counts as one there, as `?` travels in its place.
    pub fn units_of(self, letter: char) -> usize {
        match self {
            Self::Gsm7 => septets(letter).unwrap_or(1),
            Self::Ucs2 => letter.len_utf16(),
        }
    }
}
