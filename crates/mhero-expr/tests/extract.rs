//! Values in any text: nothing panics, and nothing takes long.

use jiff::{Timestamp, tz::TimeZone};
use mhero_expr::{
    Collation, Env, Hierarchy, NumberFormat, ObfuscationKey, Place, PlaceLevel, RouterTest, Template, TopLevels, Value,
    extract, is_pattern, places_in,
};
use proptest::{prelude::*, sample::select};

fn env() -> Env {
    Env::new(Timestamp::UNIX_EPOCH, TimeZone::UTC)
}

fn places() -> Hierarchy {
    let place = |name: &str, children| Place { name: name.to_owned(), aliases: vec!["x y".to_owned()], children };
    Hierarchy::new(&[place("A", vec![place("Île-de-France", vec![place("", vec![])])])])
}

/// What people write, and what breaks readers of it.
fn texts() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "1",
        "-",
        ".",
        ",",
        "12",
        "+",
        "٣",
        "é",
        "e\u{301}",
        "@",
        "a@b.c",
        "31/12/18",
        "10:30",
        "pm",
        " ",
        "T",
        "Z",
        "😀",
        "\u{0}",
        "\\u0000",
        "\\",
        "\"",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "?",
        "*",
        "|",
        "\\d",
        "\\Q",
        "(?i",
        "[^",
        "&&",
        "{2}",
        "x y",
        ">",
        "\u{202e}",
        "ﻛ",
        "𝕟",
        "0770000001",
    ];
    prop_oneof![prop::collection::vec(select(PIECES), 0..30).prop_map(|all| all.concat()), "\\PC{0,40}"]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_may_hold_a_value(text in texts()) {
        let format = NumberFormat::default();
        if let Some(number) = extract::number(&text, &format) {
            let written = number.to_string();
            prop_assert_eq!(extract::parse_number(&written, &format), Some(number));
        }
        let _found = (extract::date(&text, &env()), extract::time(&text), extract::datetime(&text, &env(), true));
        prop_assert!(extract::email(&text).is_none_or(|email| text.contains(email)));
        prop_assert!(extract::words(&text, "").iter().all(|word| text.contains(word)));
        prop_assert!(extract::unicode_words(&text).iter().all(|word| text.contains(word)));
        let key = extract::snake_name(&text);
        prop_assert_eq!(extract::snake_name(&key), key);
        let _places = places_in(&places(), &text, PlaceLevel::State, None);
        if let Some(json) = extract::usable_json(text.as_bytes()) {
            prop_assert!(!json.contains('\0'));
            prop_assert!(Value::from_json_text(&json).is_ok() || json.len() > 20);
        }
        let _is = is_pattern(&text);
    }

    #[test]
    fn a_phone_is_written_as_e164(text in "[+0-9 a-z().-]{0,30}") {
        if let Some(phone) = extract::phone(&text, Some("LR")) {
            prop_assert!(phone.starts_with('+') && phone[1..].bytes().all(|b| b.is_ascii_digit()), "{}", phone);
        }
    }

    #[test]
    fn the_key_of_a_key_is_itself(text in texts()) {
        for collation in [Collation::Default, Collation::ArabicVariants] {
            let key = collation.key(&text);
            prop_assert_eq!(collation.key(&key), key.clone());
            prop_assert!(collation.same(&text, &key));
        }
        prop_assert!(Collation::Confusables.same(&text, &text));
    }

    #[test]
    fn references_lead_back(parts in any::<[u32; 4]>(), id in 0_u64..(1 << 34)) {
        let key = ObfuscationKey::new(parts);
        let reference = key.reference(id).expect("in range");
        prop_assert_eq!(key.id(&reference), Some(id));
    }

    #[test]
    fn templates_that_are_rewritten_read_as_before(text in texts()) {
        let names = TopLevels::new(["a", "b"]);
        let template = Template::parse(&format!("{text} @a.x @(B & a)"), &names).expect("short enough");
        prop_assert_eq!(template.rewritten(|_| None), template.source());
        let renamed = Template::parse(&template.renamed("a", "b.c"), &names).expect("short enough");
        prop_assert!(renamed.references().iter().all(|path| path.top() != "a"));
    }
}

#[test]
fn texts_that_are_too_long_for_a_test_are_too_complex() {
    let long = Value::from("no 12,34 @ é 0770 1/2/ ".repeat(20_000));
    for name in RouterTest::all() {
        let test = RouterTest::named(name).expect("a test");
        for arguments in [vec![], vec![long.clone()], vec![long.clone(), long.clone()]] {
            let outcome = test.run(&env(), &long, &arguments);
            assert!(matches!(outcome, Value::Error(_) | Value::Object(_)), "{name}");
        }
    }
    let phrase = RouterTest::named("has_phrase").expect("a test").run(&env(), &long, std::slice::from_ref(&long));
    assert!(matches!(phrase, Value::Error(mhero_expr::ExprError::TooComplex)));
}
