//! Definitions come from anywhere: whatever stands in them, a migration ends, in an answer and not in a panic.

use mhero_flow_migrations::{
    MigrationError, Options, Version, change_language, clone_with_new_ids, migrate, rewrite_templates, version_of,
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// Words that definitions are made of, so that random JSON often looks like one.
const WORDS: &[&str] = &[
    "nodes",
    "actions",
    "router",
    "cases",
    "categories",
    "exits",
    "localization",
    "arguments",
    "uuid",
    "type",
    "name",
    "send_msg",
    "open_ticket",
    "call_webhook",
    "templating",
    "components",
    "params",
    "variables",
    "result_name",
    "operand",
    "@webhook.json.status",
    "@results.a.category",
    "switch",
    "has_any_word",
    "eng",
    "base",
    "text",
    "wait",
    "@(results.a[\"b\"])",
    "@webhook",
    "@(",
    "expire_after_minutes",
    "language",
    "template",
    "voice",
    "messaging",
];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![8 => prop::sample::select(WORDS).prop_map(str::to_owned), 1 => ".{0,12}".prop_map(|text| text)]
}

fn anything() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(|n| serde_json::Number::from_f64(n).map_or(Json::Null, Json::Number)),
        word().prop_map(Json::from),
    ];
    leaf.prop_recursive(6, 96, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Json::from),
            prop::collection::vec((word(), inner), 0..6).prop_map(|pairs| pairs.into_iter().collect()),
        ]
    })
}

/// Parts of a definition at their places, each replaced now and then by anything.
fn flow() -> impl Strategy<Value = Json> {
    let action = (prop::sample::select(WORDS), anything(), anything(), anything()).prop_map(|(kind, a, b, c)| {
        json!({"uuid": "a", "type": kind, "templating": a, "result_name": b, "text": c, "name": "x".repeat(70)})
    });
    let router = (anything(), anything(), word()).prop_map(|(cases, categories, operand)| {
        json!({"type": "switch", "operand": operand, "cases": cases, "categories": categories})
    });
    let node = (prop::collection::vec(action, 0..4), router, anything()).prop_map(
        |(actions, router, exits)| json!({"uuid": "n", "actions": actions, "router": router, "exits": exits}),
    );
    (prop::collection::vec(node, 0..4), anything(), anything(), word()).prop_map(
        |(nodes, localization, expires, language)| {
            json!({
                "spec_version": "13.0.0", "type": "messaging", "language": language, "nodes": nodes,
                "localization": localization, "expire_after_minutes": expires,
            })
        },
    )
}

fn all(definition: Json) {
    let mut next = 0;
    let mut ids = || {
        next += 1;
        Uuid::from_u128(next)
    };
    let copy = clone_with_new_ids(&definition, &mut |_| None, &mut ids);
    let _ = migrate(copy, None, &mut ids, &Options::default());
    if let Ok(Json::Object(mut flow)) = migrate(definition, None, &mut ids, &Options::default()) {
        assert_eq!(flow["spec_version"], Version::CURRENT.to_string());
        let again = migrate(Json::Object(flow.clone()), None, &mut ids, &Options::default());
        assert_eq!(again, Ok(Json::Object(flow.clone())), "a current definition comes back as it is");
        change_language(&mut flow, "fra");
        rewrite_templates(&mut flow, Version::CURRENT, &mut |text| Some(text.to_uppercase()));
    }
}

proptest! {
    #[test]
    fn any_json_ends_in_an_answer(definition in anything()) {
        all(definition);
    }

    #[test]
    fn broken_definitions_end_in_an_answer(definition in flow()) {
        all(definition);
    }
}

#[test]
fn what_is_no_flow_or_too_new_is_refused_by_name() {
    let refused = |json: Json| migrate(json, None, &mut Uuid::nil, &Options::default()).unwrap_err();
    assert_eq!(refused(json!([])), MigrationError::NotAFlow);
    assert_eq!(refused(json!({"nodes": []})), MigrationError::NotAFlow);
    assert_eq!(refused(json!({"spec_version": 14})), MigrationError::UnknownVersion { version: "14".to_owned() });
    let newer = Version::new(14, 5, 0);
    assert_eq!(refused(json!({"spec_version": "14.5.0"})), MigrationError::TooNew { version: newer });
    let never = Version::new(12, 0, 0);
    assert_eq!(refused(json!({"spec_version": "12.0"})), MigrationError::Unsupported { version: never });
    assert_eq!(version_of(&json!({"base_language": "eng", "action_sets": []})).map(Version::major), Ok(11));
}
