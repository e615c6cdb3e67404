//! Every sentence that an error asks for is there, in both languages, with the variables that it is given.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::audience;

/// Keys of a locale file with the variables of each.
fn texts(lang: &str) -> BTreeMap<String, BTreeSet<String>> {
    let path = format!("{}/../../locales/{lang}/query.ftl", env!("CARGO_MANIFEST_DIR"));
    let file = std::fs::read_to_string(path).expect("the locale file of this crate");
    let lines = file.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "));
    lines
        .map(|(key, text)| {
            let variables = text.split("{ $").skip(1).filter_map(|rest| rest.split_once(" }")).map(|(name, _)| name);
            (key.to_owned(), variables.map(str::to_owned).collect())
        })
        .collect()
}

#[test]
fn both_languages_have_the_same_texts() {
    assert_eq!(texts("en"), texts("fr"));
}

/// Texts that are wrong in all sorts of ways.
const WRONG: &[&str] = &[
    "number_health = fine",
    "on_leave = perhaps",
    "",
    "a and",
    "a )",
    "é.b.c = 1",
    "a =",
    "(a",
    "\"a",
    "a & b",
    "place = Kru Town",
    "x.y = 1",
    "zzz = 1",
    "place ~ Nimbara",
    "cadre > nurse",
    "created_on = ''",
    "name ~ x",
    "phone ~ 12",
    "age = x",
    "emonc < x",
    "language = xxxx",
    "phone = x",
    "sex = x",
    "status = x",
    "status = blocked",
    "id = 12",
    "uuid = x",
    "place = Capital",
    "group = Twins",
];

#[test]
fn every_error_has_its_sentence() {
    let english = texts("en");
    let deep = format!("{}a = 1{}", "(".repeat(101), ")".repeat(101));
    let many = vec!["a"; 251].join(" ");
    let long = "x".repeat(10_001);
    let mut said = BTreeSet::new();
    let unknown = ["place", "facility", "cadre", "job", "group", "training", "sent", "source", "flow"];
    let unknown: Vec<String> = unknown.iter().map(|property| format!("{property} = qqqq")).collect();
    let near = [
        "place = Nimbra",
        "facility = \"Fisabo Clinik\"",
        "cadre = midwive",
        "job = Midwif",
        "group = \"Ebola tea\"",
        "training = emonk",
        "sent = \"Polio day\"",
        "source = ihri",
        "flow = Registraton",
        "agee = 1",
    ];
    for text in
        unknown.iter().map(String::as_str).chain(near).chain(WRONG.iter().copied()).chain([deep.as_str(), &many, &long])
    {
        let reason = audience(text).expect_err(text).reason();
        let wanted = english.get(reason.key).unwrap_or_else(|| panic!("{text}: no {}", reason.key));
        let given: BTreeSet<String> = reason.args.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert!(wanted.is_subset(&given), "{}: {wanted:?} of {given:?}", reason.key);
        said.insert(reason.key);
    }
    let unsaid: Vec<_> =
        english.keys().filter(|key| key.starts_with("query-error") && !said.contains(key.as_str())).collect();
    assert_eq!(
        unsaid,
        [
            "query-error-ambiguous-facility",
            "query-error-ambiguous-flow",
            "query-error-ambiguous-source",
            "query-error-numbers-hidden",
        ]
    );
}
