//! The numbering plan of one country: libphonenumber's patterns, matched over the whole number.
//!
//! libphonenumber calls a number valid when the pattern of one of its types matches all of it. The Rust crate is content with a match
//! at the start if the length is one of the possible lengths, so that in Liberia nine digits pass that only begin like an old number of
//! seven. Hence its word is checked here against the same patterns, anchored at both ends.

use std::sync::OnceLock;

use phonenumber::{PhoneNumber, Type, country::Id, metadata::DATABASE};
use regex::{Regex, RegexBuilder};

/// The types of number whose patterns the tables hold.
pub(super) const TYPES: [Type; 10] = [
    Type::FixedLine,
    Type::Mobile,
    Type::TollFree,
    Type::PremiumRate,
    Type::SharedCost,
    Type::PersonalNumber,
    Type::Voip,
    Type::Pager,
    Type::Uan,
    Type::Voicemail,
];

/// The plan of one country; its patterns are compiled at first use.
#[derive(Clone)]
pub(super) struct Plan {
    country: Id,
    patterns: OnceLock<Vec<(Vec<u16>, Regex)>>,
}

impl Plan {
    pub(super) const fn new(country: Id) -> Self {
        Self { country, patterns: OnceLock::new() }
    }

    pub(super) const fn country(&self) -> Id {
        self.country
    }

    /// ISO 3166-1 alpha-2.
    pub(super) fn code(&self) -> &str {
        self.country.as_ref()
    }

    pub(super) fn preload(&self) {
        let _ = self.patterns();
    }

    /// Whether the pattern of some type matches the whole national number.
    pub(super) fn holds(&self, number: &PhoneNumber) -> bool {
        let national = number.national().to_string();
        let fits = |lengths: &[u16]| lengths.is_empty() || lengths.iter().any(|n| usize::from(*n) == national.len());
        self.patterns().iter().any(|(lengths, pattern)| fits(lengths) && pattern.is_match(&national))
    }

    fn patterns(&self) -> &[(Vec<u16>, Regex)] {
        self.patterns.get_or_init(|| {
            let Some(metadata) = DATABASE.by_id(self.code()) else {
                return Vec::new();
            };
            let descriptors = TYPES.into_iter().filter_map(|of| metadata.descriptors().get(of));
            descriptors
                .filter_map(|descriptor| {
                    let whole = format!("^(?:{})$", descriptor.national_number().as_str());
                    let pattern = RegexBuilder::new(&whole).ignore_whitespace(true).build().ok()?;
                    Some((descriptor.possible_length().to_vec(), pattern))
                })
                .collect()
        })
    }
}
