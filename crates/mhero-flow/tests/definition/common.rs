//! Definitions for tests, with every action, router and wait that there is.

use mhero_flow::{
    DefinitionError,
    definition::{Flow, ReadOptions},
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// A uuid by its number.
pub fn id(n: u32) -> String {
    Uuid::from_u128(0x6d68_6572_6f00_4000_8000_0000_0000_0000 + u128::from(n)).to_string()
}

/// Reads a definition.
pub fn read(json: Json) -> Result<Flow, DefinitionError> {
    let mut next = 0xffff_0000_u128;
    let mut ids = || {
        next += 1;
        Uuid::from_u128(next)
    };
    Flow::read(json, &ReadOptions::default(), &mut ids)
}

/// A flow by messages that has every action that may stand in one.
pub fn rich() -> Json {
    let target = json!({ "uuid": id(70), "name": "Nurses" });
    let actions = json!([
        { "type": "add_contact_groups", "uuid": id(1), "groups": [target, { "name_match": "@fields.district nurses" }] },
        { "type": "add_contact_urn", "uuid": id(2), "scheme": "tel", "path": "@results.phone" },
        { "type": "add_input_labels", "uuid": id(3), "labels": [target] },
        { "type": "call_classifier", "uuid": id(4), "input": "@input.text", "result_name": "Intent" },
        { "type": "call_llm", "uuid": id(5), "llm": target, "instructions": "Say", "input": "@input", "output_local": "said" },
        { "type": "call_resthook", "uuid": id(6), "resthook": "new-nurse", "result_name": "Hook" },
        {
            "type": "call_webhook", "uuid": id(7), "method": "POST", "url": "http://example.com/@contact.uuid",
            "headers": { "X-Key": "@globals.key" }, "body": "@(json(results))", "result_name": "Webhook",
        },
        { "type": "enter_flow", "uuid": id(8), "flow": target, "terminal": true },
        { "type": "open_ticket", "uuid": id(9), "topic": target, "assignee": { "email": "@fields.boss" }, "note": "Look" },
        { "type": "remove_contact_groups", "uuid": id(10), "groups": [target] },
        { "type": "remove_contact_groups", "uuid": id(11), "all_groups": true },
        { "type": "request_optin", "uuid": id(12), "optin": target },
        {
            "type": "send_broadcast", "uuid": id(13), "groups": [target], "contacts": [target],
            "contact_query": "age > @fields.age", "urns": ["tel:+231770000001"], "legacy_vars": ["@contact"], "text": "Hello",
        },
        { "type": "send_email", "uuid": id(14), "addresses": ["a@example.com"], "subject": "News", "body": "None" },
        {
            "type": "send_msg", "uuid": id(15), "text": "How many @fields.product?", "attachments": ["image:@fields.picture"],
            "quick_replies": ["None", "Many<extra>Or more"], "template": target, "template_variables": ["@contact"],
        },
        { "type": "set_contact_channel", "uuid": id(16), "channel": null },
        { "type": "set_contact_field", "uuid": id(17), "field": { "key": "age", "name": "Age" }, "value": "@results.age" },
        { "type": "set_contact_language", "uuid": id(18), "language": "fra" },
        { "type": "set_contact_name", "uuid": id(19), "name": "@results.name" },
        { "type": "set_contact_status", "uuid": id(20), "status": "blocked" },
        { "type": "set_contact_timezone", "uuid": id(21), "timezone": "Africa/Monrovia" },
        { "type": "set_run_local", "uuid": id(22), "local": "n", "value": "1", "operation": "increment" },
        { "type": "set_run_result", "uuid": id(23), "name": "Done", "value": "yes", "category": "Yes" },
        {
            "type": "start_session", "uuid": id(24), "flow": target, "groups": [target],
            "exclusions": { "in_a_flow": true, "not_seen_since_days": 90 }, "create_contact": true,
        },
        { "type": "transfer_airtime", "uuid": id(25), "amounts": { "LRD": 50, "USD": 0.5 } },
    ]);
    let flow = json!({
        "uuid": id(0), "name": "Stock", "spec_version": "14.4.2", "language": "eng", "type": "messaging", "revision": 3,
        "expire_after_minutes": 60,
        "localization": { "fra": {
            id(15): { "text": ["Combien de @fields.product ?"], "quick_replies": ["Aucun", "Beaucoup"], "_ui": {} },
            id(53): { "name": ["Aucun"] }, id(60): { "arguments": ["aucun"] },
        } },
        "nodes": [
            { "uuid": id(40), "actions": actions, "exits": [{ "uuid": id(50), "destination_uuid": id(41) }] },
            asking(), { "uuid": id(42), "router": by_chance(), "exits": [{ "uuid": id(57), "destination_uuid": id(40) }] },
        ],
        "_ui": { "nodes": { id(40): { "position": { "left": 0, "top": 0 } } } },
    });
    flow
}

fn asking() -> Json {
    json!({
        "uuid": id(41),
        "router": {
            "type": "switch",
            "wait": {
                "type": "msg", "hint": { "type": "digits", "count": 2, "terminated_by": "#" },
                "timeout": { "seconds": 600, "category_uuid": id(55) },
            },
            "result_name": "Stock",
            "categories": [
                { "uuid": id(53), "name": "None", "exit_uuid": id(51) },
                { "uuid": id(54), "name": "Some", "exit_uuid": id(52) },
                { "uuid": id(55), "name": "No Response", "exit_uuid": id(52) },
            ],
            "operand": "@input.text",
            "cases": [
                { "uuid": id(60), "type": "has_any_word", "arguments": ["none"], "category_uuid": id(53) },
                { "uuid": id(61), "type": "has_number", "category_uuid": id(54) },
            ],
            "default_category_uuid": id(54),
        },
        "exits": [{ "uuid": id(51) }, { "uuid": id(52), "destination_uuid": id(42) }],
    })
}

fn by_chance() -> Json {
    json!({
        "type": "random", "result_name": "Coin",
        "categories": [{ "uuid": id(56), "name": "Bucket 1", "exit_uuid": id(57) }],
    })
}

/// A flow by telephone.
pub fn spoken() -> Json {
    json!({
        "uuid": id(0), "name": "Call", "spec_version": "14.4.2", "language": "fra", "type": "voice", "revision": 1,
        "expire_after_minutes": 0, "localization": {},
        "nodes": [{
            "uuid": id(40),
            "actions": [
                { "type": "say_msg", "uuid": id(1), "text": "Bonjour", "audio_url": "http://example.com/a.mp3" },
                { "type": "play_audio", "uuid": id(2), "audio_url": "http://example.com/@contact.language" },
            ],
            "router": {
                "type": "switch",
                "wait": { "type": "dial", "phone": "@fields.boss", "dial_limit_seconds": 20, "call_limit_seconds": 120 },
                "categories": [{ "uuid": id(53), "name": "All", "exit_uuid": id(51) }],
                "operand": "@resume.dial.status", "cases": [], "default_category_uuid": id(53),
            },
            "exits": [{ "uuid": id(51) }],
        }],
    })
}
