//! Phone numbers: the spellings of the field, the registry of the fixtures, and texts that are no numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use mhero_text::{BadPhone, Numbering, NumberingError, Reading};
use proptest::prelude::*;

fn liberia() -> Numbering {
    Numbering::new("LR", &["GN", "CI"]).expect("three countries")
}

#[test]
fn countries_are_tried_in_order() {
    let numbering = liberia();
    for (raw, e164, country) in [
        ("0770123456", "+231770123456", "LR"),
        ("231770123456", "+231770123456", "LR"),
        ("+231 (0) 770 123 456", "+231770123456", "LR"),
        ("621 23 45 67", "+224621234567", "GN"),
        ("224621234567", "+224621234567", "GN"),
        ("+224621234567", "+224621234567", "GN"),
        ("07 07 12 34 56", "+2250707123456", "CI"),
        ("+225 0707123456", "+2250707123456", "CI"),
        ("00225 07 07 12 34 56", "+2250707123456", "CI"),
    ] {
        assert_eq!(numbering.read(raw), Reading::Valid { e164: e164.into(), country: country.into() }, "{raw}");
    }
}

#[test]
fn what_is_no_number_says_why() {
    let numbering = liberia();
    for (raw, bad) in [
        ("", BadPhone::Empty),
        ("unknown", BadPhone::HasLetters),
        ("077O12E456", BadPhone::HasLetters),
        ("+2317700000000000", BadPhone::NotValid),
        ("0000000000", BadPhone::NotValid),
        ("12345", BadPhone::NotValid),
        ("0", BadPhone::NotValid),
        ("-", BadPhone::NotANumber),
        ("+33 6 31 96 65 43", BadPhone::ForeignCountry { country: "FR".into() }),
        ("0033631966543", BadPhone::ForeignCountry { country: "FR".into() }),
        ("33631966543", BadPhone::NotValid),
    ] {
        assert_eq!(numbering.read(raw), Reading::Bad(bad), "{raw}");
    }
    assert_eq!(Numbering::new("Liberia", &[]).err(), Some(NumberingError::UnknownCountry { code: "Liberia".into() }));
    assert!(Numbering::new("lr", &["LR"]).is_ok_and(|n| n.countries().count() == 1));
}

#[test]
fn several_numbers_in_one_text_count_only_if_each_is_valid() {
    let numbering = liberia();
    assert_eq!(numbering.read_all("0770123456;0886123456, 0770 123 456").len(), 2);
    assert_eq!(numbering.read_all("0770123456 / none"), [Reading::Bad(BadPhone::HasLetters)]);
    assert_eq!(numbering.read_all("0770/123/456").len(), 1);
    assert_eq!(numbering.read_all("0770/123/456")[0].e164(), Some("+231770123456"));
    assert_eq!(numbering.read_all(""), [Reading::Bad(BadPhone::Empty)]);
}

#[test]
fn senders_as_carriers_give_them() {
    let numbering = liberia();
    for (raw, path) in [
        ("231770123456", Some("+231770123456")),
        ("+231770123456", Some("+231770123456")),
        ("0770123456", Some("+231770123456")),
        ("33631966543", Some("+33631966543")),
        ("2250707123456", Some("+2250707123456")),
        ("4636", Some("4636")),
        ("80080", Some("80080")),
        ("231999999999", Some("+231999999999")),
        ("MTN", None),
        ("Orange-224", None),
        ("12", None),
        ("", None),
    ] {
        assert_eq!(numbering.inbound(raw).as_deref(), path, "{raw}");
    }
}

#[test]
fn a_masked_number_hides_its_middle() {
    let numbering = liberia();
    assert_eq!(numbering.masked("+231770123456"), "0770 ••• 456");
    assert_eq!(numbering.masked("+224621234567"), "+224 6•• •• •5 67");
    assert_eq!(numbering.masked("4636"), "4636");
    assert_eq!(format!("{:?}", numbering.read("0770123456")), "Valid(LR …)");
}

/// Where the facts stand: `MHERO_SHARED`, else beside the project.
fn shared() -> PathBuf {
    std::env::var_os("MHERO_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from)
}

#[test]
fn the_registry_of_the_fixtures_is_read_as_its_readme_says() {
    let path = shared().join("fixtures/ihris-phones/bundle-Practitioner.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: {} is absent", path.display());
        return;
    };
    let bundle: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let numbering = Numbering::new("LR", &[]).expect("a country");
    let mut holders: BTreeMap<String, usize> = BTreeMap::new();
    let mut people: Vec<(BTreeSet<String>, usize)> = Vec::new();
    for entry in bundle["entry"].as_array().expect("entries") {
        let raw: Vec<&str> = entry["resource"]["telecom"]
            .as_array()
            .map(|all| all.iter().filter_map(|phone| phone["value"].as_str()).collect())
            .unwrap_or_default();
        let valid: BTreeSet<String> = raw
            .iter()
            .flat_map(|raw| numbering.read_all(raw))
            .filter_map(|reading| reading.e164().map(str::to_owned))
            .collect();
        for number in &valid {
            *holders.entry(number.clone()).or_default() += 1;
        }
        people.push((valid, raw.len()));
    }
    let count = |wanted: &dyn Fn(&BTreeSet<String>, usize) -> bool| {
        people.iter().filter(|(valid, raw)| wanted(valid, *raw)).count()
    };
    assert_eq!(count(&|valid, _| !valid.is_empty()), 879, "people with at least one valid number");
    assert_eq!(holders.len(), 924, "different numbers");
    assert_eq!(count(&|valid, _| valid.len() == 2), 97, "people with two numbers");
    assert_eq!(count(&|valid, raw| valid.is_empty() && raw > 0), 66, "people with invalid numbers only");
    assert_eq!(count(&|_, raw| raw == 0), 62, "people without a phone");
    assert_eq!(holders.values().filter(|n| **n > 1).count(), 51, "shared numbers");
    assert_eq!(holders.values().filter(|n| **n == 3).count(), 1, "numbers of three");
    assert_eq!(count(&|valid, raw| raw > valid.len() && !valid.is_empty()), 19, "one more that is no number");
    let sharing = |valid: &BTreeSet<String>| valid.iter().any(|number| holders[number] > 1);
    assert_eq!(count(&|valid, _| sharing(valid)), 103, "people who share a number");
    assert_eq!(count(&|valid, _| valid.len() == 1 && !sharing(valid)), 687, "one number and nobody else's");
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(raw in "\\PC{0,80}") {
        let numbering = liberia();
        let _ = (numbering.read(&raw), numbering.read_all(&raw), numbering.inbound(&raw), numbering.masked(&raw));
    }

    #[test]
    fn digits_never_panic_and_valid_ones_read_the_same_again(raw in "[+]{0,2}[0-9]{1,18}") {
        let numbering = liberia();
        if let Reading::Valid { e164, country } = numbering.read(&raw) {
            prop_assert_eq!(numbering.read(&e164), Reading::Valid { e164: e164.clone(), country });
            prop_assert_eq!(numbering.inbound(&e164), Some(e164));
        }
    }

    #[test]
    fn a_letter_anywhere_is_never_a_number(before in "[0-9 ]{0,6}", letter in "[a-zA-Zéç]", after in "[0-9 ]{0,6}") {
        let raw = format!("{before}{letter}{after}");
        prop_assert_eq!(liberia().read(&raw), Reading::Bad(BadPhone::HasLetters));
    }
}
