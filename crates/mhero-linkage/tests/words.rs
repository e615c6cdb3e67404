//! Every decision can be said in both languages.

use std::{collections::BTreeSet, fs, path::Path};

use mhero_linkage::{Guard, Level, Schema, Veto};

fn keys(language: &str) -> BTreeSet<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../locales").join(language).join("linkage.ftl");
    let text = fs::read_to_string(file).expect("the schema of people fits");
    text.lines()
        .filter_map(|line| Some(line.split_once(" = ")?.0.to_owned()))
        .filter(|key| !key.starts_with(' '))
        .collect()
}

#[test]
fn every_key_has_its_sentence() {
    let mut wanted: Vec<String> = Level::ALL.iter().map(|level| format!("linkage-level-{}", level.word())).collect();
    wanted.extend(Veto::ALL.iter().map(|veto| format!("linkage-veto-{}", veto.word())));
    wanted.extend(
        [Guard::SameSource, Guard::Unlike, Guard::TooMany].map(|guard| format!("linkage-guard-{}", guard.word())),
    );
    let fields = Schema::people(Vec::new()).comparisons();
    wanted.extend(fields.iter().map(|field| format!("linkage-field-{}", field.replace('.', "-"))));
    for key in ["told-link", "told-apart", "identifier", "score-link", "score-review", "score-apart"] {
        wanted.push(format!("linkage-because-{key}"));
    }
    for key in ["strongly-for", "for", "little", "against", "strongly-against"] {
        wanted.push(format!("linkage-strength-{key}"));
    }
    for language in ["en", "fr"] {
        let has = keys(language);
        let missing: Vec<_> = wanted.iter().filter(|key| !has.contains(*key)).collect();
        assert!(missing.is_empty(), "{language}: {missing:?}");
    }
    assert_eq!(keys("en"), keys("fr"));
}
