//! What the demo says about the country: names, short code, operators.

use mhero_core::{Lang, LangMap};

use crate::{numbers::CALLING_CODE, places::Places};

/// The system of payroll numbers: people of two registries with one number of it are one person.
pub const PAYROLL_SYSTEM: &str = "http://moh.sewara.example/payroll";

/// A mobile operator and the numbers it gives out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator {
    /// The name.
    pub name: &'static str,
    /// What its numbers begin with, in E.164.
    pub prefixes: &'static [&'static str],
}

impl Operator {
    /// Every operator of the country.
    pub const ALL: &'static [Self] =
        &[Self { name: "Sewacel", prefixes: &["+23177", "+23155"] }, Self { name: "Teltano", prefixes: &["+23188"] }];

    /// The operator of a number in E.164.
    pub fn of(number: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|operator| operator.prefixes.iter().any(|prefix| number.starts_with(prefix)))
    }
}

/// What the demo says about the country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The country by language: `Republic of Sewara`.
    pub formal_name: LangMap,
    /// The short name, the same in both languages.
    pub name: &'static str,
    /// The ministry by language.
    pub ministry: LangMap,
    /// How the ministry signs its messages, by language: `MOH`, `MSP`.
    pub signature: LangMap,
    /// The ministry's short code.
    pub short_code: &'static str,
    /// The capital, a district.
    pub capital: &'static str,
    /// The county of the capital.
    pub capital_county: &'static str,
    /// The country whose numbering plan is borrowed, ISO 3166.
    pub numbering_country: &'static str,
    /// Its calling code.
    pub calling_code: u32,
    /// The time zone, IANA.
    pub time_zone: &'static str,
    /// The operators.
    pub operators: &'static [Operator],
    /// The counties, in the order of their ids.
    pub counties: Vec<&'static str>,
}

impl Facts {
    pub(crate) fn of(places: &Places) -> Self {
        let both = |english: &str, french: &str| {
            let mut map = LangMap::one(Lang::ENGLISH, english);
            map.insert(Lang::FRENCH, french);
            map
        };
        Self {
            formal_name: both("Republic of Sewara", "République de Sewara"),
            name: "Sewara",
            ministry: both("Ministry of Health", "Ministère de la Santé"),
            signature: both("MOH", "MSP"),
            short_code: "4636",
            capital: "Port Sewa",
            capital_county: "Cape Sewa",
            numbering_country: "LR",
            calling_code: CALLING_CODE,
            time_zone: "Africa/Monrovia",
            operators: Operator::ALL,
            counties: places.counties.iter().map(|county| county.name).collect(),
        }
    }
}
