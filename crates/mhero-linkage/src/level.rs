//! How alike two values are, in steps.

use serde::{Deserialize, Serialize};

/// How alike the values of one comparison are. Each kind of field uses some of these; the weights say what each is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Level {
    /// One of the two says nothing: no evidence either way.
    Missing = 0,
    /// The same after normalising.
    Exact = 1,
    /// Two forms of one name: Liz and Elizabeth, Jalloh and Diallo.
    Variant = 2,
    /// A typo away.
    Near = 3,
    /// Similar, or similar in sound.
    Loose = 4,
    /// An initial, or a part, of the other.
    Initial = 5,
    /// The same, but in the other's place: given and family name were swapped.
    Crossed = 6,
    /// Similar, in the other's place.
    CrossedNear = 7,
    /// Day and month swapped.
    DayMonth = 8,
    /// One digit differs, or two neighbours are swapped.
    Digit = 9,
    /// The year is the same, month and day differ or are unknown.
    Year = 10,
    /// Years one or two apart, or month and day alone the same.
    YearNear = 11,
    /// Two places under one parent, or one within the other.
    Parent = 12,
    /// Two places further apart with a common ancestor below the country.
    Ancestor = 13,
    /// Different.
    Far = 14,
}

impl Level {
    /// Every level.
    pub const ALL: [Self; 15] = [
        Self::Missing,
        Self::Exact,
        Self::Variant,
        Self::Near,
        Self::Loose,
        Self::Initial,
        Self::Crossed,
        Self::CrossedNear,
        Self::DayMonth,
        Self::Digit,
        Self::Year,
        Self::YearNear,
        Self::Parent,
        Self::Ancestor,
        Self::Far,
    ];

    /// The level of four bits of a pattern; what is none counts as missing.
    pub(crate) const fn of_bits(bits: u8) -> Self {
        if (bits as usize) < Self::ALL.len() { Self::ALL[bits as usize] } else { Self::Missing }
    }

    /// The name in Fluent keys: `linkage-level-day-month`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Exact => "exact",
            Self::Variant => "variant",
            Self::Near => "near",
            Self::Loose => "loose",
            Self::Initial => "initial",
            Self::Crossed => "crossed",
            Self::CrossedNear => "crossed-near",
            Self::DayMonth => "day-month",
            Self::Digit => "digit",
            Self::Year => "year",
            Self::YearNear => "year-near",
            Self::Parent => "parent",
            Self::Ancestor => "ancestor",
            Self::Far => "far",
        }
    }
}
