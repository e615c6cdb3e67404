//! 14.3.1: tests of words take one text; where an editor has spilled it over many arguments, they are joined again.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use crate::shape::{Map, languages, object_mut, objects_mut, routers, text};

/// Tests whose one argument is words.
const TESTS: &[&str] =
    &["has_all_words", "has_any_word", "has_beginning", "has_only_phrase", "has_only_text", "has_phrase"];

pub(super) fn step(flow: &mut Map) {
    let mut cases = BTreeSet::new();
    for router in routers(flow) {
        for case in objects_mut(router, "cases").filter(|case| TESTS.contains(&text(case, "type"))) {
            join(case);
            cases.insert(text(case, "uuid").to_owned());
        }
    }
    for language in languages(flow) {
        for case in &cases {
            object_mut(language, case).into_iter().for_each(join);
        }
    }
}

fn join(of: &mut Map) {
    let Some(Json::Array(arguments)) = of.get_mut("arguments") else { return };
    if arguments.len() > 1 && arguments.iter().all(Json::is_string) {
        let words: Vec<_> = arguments.iter().filter_map(Json::as_str).filter(|text| !text.is_empty()).collect();
        *arguments = vec![json!(words.join(" "))];
    }
}
