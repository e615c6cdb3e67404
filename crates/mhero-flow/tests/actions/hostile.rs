//! Texts and changes that nobody expects.

use mhero_flow::{
    contact::Contact,
    environment::Environment,
    limits::Limits,
    modifiers::{Change, Modifier},
};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::json;

use crate::stage::{Stage, assets, mary};

/// Changes a contact; gives how many events that took.
fn change(contact: &mut Contact, modifiers: &[Modifier]) -> usize {
    let (assets, environment) = (assets("messaging", &json!([])), Environment::default());
    let (mut world, limits, mut events) = (Stage::default(), Limits::default(), Vec::new());
    for modifier in modifiers {
        let mut log = |event| events.push(event);
        let (environment, assets, limits) = (&environment, &assets, &limits);
        modifier.apply(&mut Change { contact, environment, assets, world: &mut world, limits, log: &mut log });
    }
    events.len()
}

#[test]
fn what_does_not_exist_changes_nothing() {
    let nothing = "00000000-0000-0000-0000-000000000001";
    let mut contact = mary();
    for json in [
        json!({"type": "affinity", "urn": "tel:+231770000009", "channel": null}),
        json!({"type": "channel", "channel": {"uuid": nothing, "name": "Gone"}}),
        json!({"type": "field", "field": {"key": "gone", "name": "Gone"}, "value": "1"}),
        json!({"type": "groups", "groups": [{"uuid": nothing, "name": "Gone"}], "modification": "add"}),
        json!({"type": "ticket_assignee", "ticket_uuid": nothing, "assignee": null}),
        json!({"type": "ticket_close", "ticket_uuid": nothing}),
        json!({"type": "ticket_note", "ticket_uuid": nothing, "note": "Hi"}),
        json!({"type": "ticket_reopen", "ticket_uuid": nothing}),
        json!({"type": "ticket_topic", "ticket_uuid": nothing, "topic": {"uuid": nothing, "name": "Gone"}}),
    ] {
        let modifier = Modifier::deserialize(&json).expect("a modifier");
        assert_eq!(change(&mut contact, &[modifier]), 0, "{json}");
    }
    assert_eq!(contact, mary());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_taken(text in "\\PC{0,60}", field in prop::sample::select(vec!["age", "county", "none"])) {
        let mut contact = mary();
        let parts = [
            json!({"type": "field", "field": {"key": field, "name": ""}, "value": text}),
            json!({"type": "name", "name": text}),
            json!({"type": "timezone", "timezone": text}),
            json!({"type": "urns", "urns": [text, format!("tel:{text}"), format!("mailto:{text}")], "modification": "append"}),
            json!({"type": "routes", "routes": [{"urn": text}], "modification": "set"}),
        ];
        let modifiers = parts.map(|json| Modifier::deserialize(&json).expect("a modifier"));
        change(&mut contact, &modifiers);
        let json = serde_json::to_value(&contact).expect("JSON");
        prop_assert_eq!(Contact::deserialize(&json).expect("a contact"), contact);
    }
}
