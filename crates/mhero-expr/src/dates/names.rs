//! Names of months and days, for the languages that we have them in.

use std::{collections::HashMap, sync::LazyLock};

use mhero_core::Lang;

/// The names in one language; weeks start with Sunday.
pub(super) struct Names {
    pub(super) months: Vec<&'static str>,
    pub(super) short_months: Vec<&'static str>,
    pub(super) days: Vec<&'static str>,
    pub(super) short_days: Vec<&'static str>,
    /// Before and after noon.
    pub(super) halves: [&'static str; 2],
}

/// The signs of languages that have none of their own.
const HALVES: [&str; 2] = ["AM", "PM"];

/// By language, or language and country: `spa`, `spa-EC`.
static ALL: LazyLock<HashMap<&'static str, Names>> = LazyLock::new(|| {
    let lines = include_str!("names.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).map(|(locale, names)| (locale, read(names))).collect()
});

static NONE: Names =
    Names { months: Vec::new(), short_months: Vec::new(), days: Vec::new(), short_days: Vec::new(), halves: HALVES };

/// The names in the first of these languages that we have, as this country writes them, else in English.
pub(super) fn of(languages: &[Lang], country: Option<&str>) -> &'static Names {
    let known = languages.iter().find_map(|lang| {
        let there = country.and_then(|country| ALL.get(format!("{lang}-{country}").as_str()));
        there.or_else(|| ALL.get(lang.as_str()))
    });
    known.or_else(|| ALL.get(Lang::ENGLISH.as_str())).unwrap_or(&NONE)
}

fn read(names: &'static str) -> Names {
    let mut columns = names.split('\t').map(|column| column.split('|').collect::<Vec<_>>());
    let mut next = || columns.next().unwrap_or_default();
    let (months, short_months, days, short_days) = (next(), next(), next(), next());
    let halves = <[&str; 2]>::try_from(next()).unwrap_or(HALVES);
    Names { months, short_months, days, short_days, halves }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_all_names() {
        for (locale, names) in ALL.iter() {
            let counts = [&names.months, &names.short_months, &names.days, &names.short_days].map(Vec::len);
            assert_eq!(counts, [12, 12, 7, 7], "{locale}");
        }
        assert!(ALL.len() > 200);
    }

    #[test]
    fn a_country_may_have_its_own() {
        let half = |country| of(&["spa".parse().expect("Spanish")], country).halves[0];
        assert_eq!((half(None), half(Some("EC")), half(Some("LR"))), ("a.\u{202f}m.", "AM", "a.\u{202f}m."));
        assert_eq!(of(&["xxx".parse().expect("three letters"), Lang::FRENCH], None).months[0], "janvier");
    }
}
