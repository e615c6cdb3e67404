//! Definitions come from anywhere: whatever stands in one, reading it gives a flow or an error that says why.

use crate::common::{read, rich, spoken};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// The places of a JSON value, in order.
fn places(json: &Json, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match json {
        Json::Object(map) => {
            for (key, inner) in map {
                places(inner, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Json::Array(items) => {
            for (n, inner) in items.iter().enumerate() {
                places(inner, &format!("{at}/{n}"), found);
            }
        }
        _ => {}
    }
}

const WORDS: &[&str] = &[
    "",
    "x",
    "@(",
    "@(1 / 0)",
    "msg",
    "switch",
    "has_text",
    "00000000-0000-0000-0000-000000000000",
    "eng",
    "\u{0}",
    "voice",
];

/// What stands there instead.
fn replacement() -> impl Strategy<Value = Json> {
    let long = "@(".repeat(6000);
    prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        prop::sample::select(WORDS).prop_map(Json::from),
        ".{0,40}".prop_map(Json::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([null])),
        Just(json!([{}, [], "", 1])),
        Just(json!({ "": { "": [] } })),
        Just(Json::from(long)),
        Just((0..100).fold(Json::Null, |inner, _| json!([inner]))),
    ]
}

/// A change to a definition: where, by chance, and what.
fn change() -> impl Strategy<Value = (prop::sample::Index, Option<Json>)> {
    (any::<prop::sample::Index>(), prop::option::weighted(0.7, replacement()))
}

fn apply(flow: &mut Json, at: prop::sample::Index, what: Option<Json>) {
    let mut found = Vec::new();
    places(flow, "", &mut found);
    let place = at.get(&found);
    match what {
        Some(new) => {
            if let Some(there) = flow.pointer_mut(place) {
                *there = new;
            }
        }
        None => {
            let Some((parent, key)) = place.rsplit_once('/') else { return };
            match flow.pointer_mut(parent) {
                Some(Json::Object(map)) => {
                    map.remove(key);
                }
                Some(Json::Array(items)) => {
                    if let Ok(n) = key.parse::<usize>() {
                        items.remove(n);
                    }
                }
                _ => {}
            }
        }
    }
}

proptest! {
    #[test]
    fn a_changed_definition_is_read_or_refused(voice: bool, changes in prop::collection::vec(change(), 1..6)) {
        let mut flow = if voice { spoken() } else { rich() };
        for (at, what) in changes {
            apply(&mut flow, at, what);
        }
        match read(flow) {
            Ok(flow) => {
                // What was read can be written, and read again to the same.
                let written = flow.to_json();
                let again = read(written.clone()).map(|flow| flow.to_json());
                prop_assert_eq!(again, Ok(written));
            }
            Err(error) => {
                let wording = error.to_string();
                prop_assert!(!wording.is_empty() && wording.len() < 20_000);
            }
        }
    }
}
