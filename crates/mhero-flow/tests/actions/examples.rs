//! One example an action: its definition, and the events of it.

use mhero_expr::Number;
use mhero_flow::{
    definition::ActionKind,
    effects::{AirtimeAnswer, EffectAnswer, HttpAnswer, LlmAnswer},
    engine::Sprint,
};
use serde_json::{Value as Json, json};

use crate::stage::{CHILD, act};

const UUID: &str = "ad154980-7bf7-4ab8-8728-545fd6378912";

/// The types of the events, without those of the run's start and end.
fn types(sprint: &Sprint) -> Vec<&'static str> {
    let all = sprint.events.iter().map(|event| event.type_name());
    all.filter(|name| !matches!(*name, "run_started" | "run_ended")).collect()
}

/// Each action with what makes it complete, and the events that it gives when all goes well.
fn examples() -> Vec<(&'static str, Json, &'static [&'static str])> {
    let nurses = json!([{"uuid": "b7cf0d83-f1c9-411c-96fd-c511a4cfa86d", "name": "Nurses"}]);
    let reminder = json!({"uuid": CHILD, "name": "Reminder"});
    vec![
        ("add_contact_groups", json!({"groups": nurses}), &["contact_groups_changed"]),
        ("add_contact_urn", json!({"scheme": "tel", "path": "0770 000 002"}), &["contact_urns_changed"]),
        ("add_input_labels", json!({"labels": [{"name_match": "question"}]}), &["input_labels_added"]),
        (
            "call_classifier",
            json!({"input": "@input.text", "result_name": "Intent"}),
            &["warning", "run_result_changed"],
        ),
        (
            "call_llm",
            json!({
                "llm": {"uuid": "14115c03-b4c5-49e2-b9ac-390c43e9d7ce", "name": "Model"}, "instructions": "Translate",
                "input": "@input.text", "output_local": "_llm_output",
            }),
            &["llm_called"],
        ),
        (
            "call_resthook",
            json!({"resthook": "new-visit", "result_name": "Told"}),
            &["resthook_called", "webhook_called", "run_result_changed"],
        ),
        (
            "call_webhook",
            json!({"method": "GET", "url": "https://example.org/?who=@(url_encode(contact.name))", "result_name": "Found"}),
            &["webhook_called", "run_result_changed"],
        ),
        ("enter_flow", json!({"flow": reminder}), &[]),
        ("open_ticket", json!({"note": "Says: @input.text"}), &["ticket_opened", "ticket_note_added"]),
        ("play_audio", json!({"audio_url": "https://example.org/welcome.mp3"}), &["ivr_created"]),
        ("remove_contact_groups", json!({"groups": nurses}), &[]),
        ("request_optin", json!({"optin": {"uuid": CHILD, "name": "Jokes"}}), &["error"]),
        ("say_msg", json!({"text": "Welcome @contact.first_name"}), &["ivr_created"]),
        ("send_broadcast", json!({"text": "Come at nine", "groups": nurses}), &["broadcast_created"]),
        (
            "send_email",
            json!({"addresses": ["ann@example.org"], "subject": "Visit", "body": "@contact"}),
            &["email_sent"],
        ),
        ("send_msg", json!({"text": "Thank you @contact.first_name"}), &["msg_created"]),
        (
            "set_contact_channel",
            json!({
                "channel": {"uuid": "57f1078f-88aa-46f4-a59a-948a5739c03d", "name": "SMS"},
            }),
            &["contact_urns_changed"],
        ),
        (
            "set_contact_field",
            json!({"field": {"key": "age", "name": "Age"}, "value": " 37 "}),
            &["contact_field_changed", "contact_groups_changed"],
        ),
        ("set_contact_language", json!({"language": "fra"}), &["contact_language_changed"]),
        ("set_contact_name", json!({"name": "Mary Flomo"}), &["contact_name_changed"]),
        ("set_contact_status", json!({"status": "stopped"}), &["contact_status_changed"]),
        ("set_contact_timezone", json!({"timezone": "Africa/Monrovia"}), &["contact_timezone_changed"]),
        ("set_run_local", json!({"local": "_visits", "value": "1", "operation": "increment"}), &[]),
        (
            "set_run_result",
            json!({"name": "Answer", "value": "@input.text", "category": "Greeting"}),
            &["run_result_changed"],
        ),
        ("start_session", json!({"flow": reminder, "groups": nurses, "exclusions": {}}), &["session_triggered"]),
        ("transfer_airtime", json!({"amounts": {"LRD": 50}}), &["airtime_created"]),
    ]
}

/// An answer that says that all went well.
fn success(word: &str) -> EffectAnswer {
    match word {
        "call_llm" => EffectAnswer::Llm(Ok(LlmAnswer { output: "Bonjour".to_owned(), ..LlmAnswer::default() })),
        "send_email" => EffectAnswer::Email(Ok(())),
        "transfer_airtime" => EffectAnswer::Airtime(Ok(AirtimeAnswer {
            external_id: "T1".to_owned(),
            currency: "LRD".to_owned(),
            amount: Number::from(50),
            http_logs: Vec::new(),
        })),
        _ => EffectAnswer::Http(vec![HttpAnswer {
            status: Some(200),
            body: br#"{"ok": true}"#.to_vec(),
            ..HttpAnswer::default()
        }]),
    }
}

fn definition(word: &str, parts: &Json) -> (&'static str, Json) {
    let mut action = json!({"type": word, "uuid": UUID});
    action.as_object_mut().zip(parts.as_object()).into_iter().for_each(|(action, parts)| action.extend(parts.clone()));
    let kind = if matches!(word, "play_audio" | "say_msg") { "voice" } else { "messaging" };
    (kind, action)
}

#[test]
fn every_action_does_its_part() {
    let examples = examples();
    let words: Vec<_> = examples.iter().map(|(word, ..)| *word).collect();
    assert_eq!(words, ActionKind::WORDS);
    for (word, parts, expected) in examples {
        let (kind, action) = definition(word, &parts);
        assert_eq!(types(&act(kind, &action, Some(&success(word)))), expected, "{word}");
    }
}

#[test]
fn a_lost_answer_is_a_failure_of_the_call_and_the_flow_goes_on() {
    for (word, parts, expected) in [
        ("call_llm", &["error"][..]),
        ("call_resthook", &["resthook_called", "webhook_called", "run_result_changed"]),
        ("call_webhook", &["webhook_called", "run_result_changed"]),
        ("send_email", &["error"]),
        ("transfer_airtime", &["error"]),
    ]
    .map(|(word, expected)| (word, examples().into_iter().find(|(own, ..)| *own == word).expect(word).1, expected))
    {
        let (kind, action) = definition(word, &parts);
        let sprint = act(kind, &action, None);
        assert_eq!(types(&sprint), expected, "{word}");
        let failed = sprint.session.runs[0].results.values().all(|result| &*result.category == "Failure");
        assert!(failed, "{word}");
    }
}

#[test]
fn a_number_is_read_as_people_of_the_country_write_it_and_a_place_by_its_name() {
    let (kind, action) = definition("add_contact_urn", &json!({"scheme": "tel", "path": "0770-000-002"}));
    let urns = act(kind, &action, None).contact.urns;
    assert_eq!(urns.last().map(ToString::to_string).as_deref(), Some("tel:+231770000002"));
    let parts = json!({"field": {"key": "county", "name": "County"}, "value": "I am in lofa!"});
    let (kind, action) = definition("set_contact_field", &parts);
    let contact = act(kind, &action, None).contact;
    assert_eq!(contact.field("county").and_then(|value| value.state.as_deref()), Some("Liberia > Lofa"));
}
