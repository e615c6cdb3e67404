//! Definitions are read, checked and written back.

use crate::common::{id, read, rich, spoken};
use mhero_core::Lang;
use mhero_flow::{
    Part,
    definition::{ActionKind, Flow, Property, ReadOptions, RouterKind},
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

fn refused(json: Json) -> String {
    read(json).err().map(|error| error.to_string()).unwrap_or_default()
}

fn uuid(n: u32) -> Uuid {
    id(n).parse().expect("a uuid")
}

#[test]
fn a_flow_is_written_back_as_it_was() {
    for flow in [rich(), spoken()] {
        assert_eq!(read(flow.clone()).unwrap().to_json(), flow);
    }
}

#[test]
fn what_is_empty_is_left_out_when_a_flow_is_written() {
    let mut flow = rich();
    flow["nodes"][1]["actions"] = json!([]);
    flow["nodes"][1]["exits"][0]["destination_uuid"] = Json::Null;
    flow["nodes"][1]["router"]["cases"][1]["arguments"] = json!([]);
    flow["nodes"][2]["router"]["wait"] = Json::Null;
    flow["unknown"] = json!({ "to": "us" });
    assert_eq!(read(flow).unwrap().to_json(), rich());
}

#[test]
fn uuids_lead_to_places() {
    let flow = read(rich()).unwrap();
    assert_eq!(flow.node_index(uuid(41)), Some(1));
    assert_eq!(flow.node(uuid(42)).unwrap().uuid, uuid(42));
    assert_eq!(flow.node_index(uuid(15)), None);
    assert_eq!(flow.exit_index(uuid(52)), Some((1, 1)));
    assert_eq!(flow.nodes[0].exits[0].destination, Some(1));
    assert_eq!(flow.nodes[1].exits[0].destination, None);
    let router = flow.nodes[1].router.as_ref().unwrap();
    let (seconds, category) = router.timeout().unwrap();
    assert_eq!((seconds, category.uuid), (600, uuid(55)));
    assert_eq!(flow.nodes[1].exit_of(category).unwrap().uuid, uuid(52));
    let RouterKind::Switch { cases, default_category, .. } = &router.kind else { panic!("a switch") };
    assert_eq!((cases[0].category, cases[1].category, *default_category), (0, 1, Some(1)));
    assert_eq!(flow.expire_after(), Some(3600));
    assert_eq!(read(spoken()).unwrap().expire_after(), None);
}

#[test]
fn a_translation_is_found_in_the_first_language_that_has_it() {
    let flow = read(rich()).unwrap();
    let find = |languages: &[&str], item: u32, property| {
        let languages: Vec<Lang> = languages.iter().map(|code| code.parse().unwrap()).collect();
        let found = flow.localization.find(&languages, flow.language, uuid(item), property);
        found.map(|(lang, texts)| (lang.to_string(), texts.iter().map(|t| t.source().to_owned()).collect::<Vec<_>>()))
    };
    let french = |texts: &[&str]| Some(("fra".to_owned(), texts.iter().map(|text| (*text).to_owned()).collect()));
    assert_eq!(find(&["fra"], 15, Property::Text), french(&["Combien de @fields.product ?"]));
    assert_eq!(find(&["spa", "fra"], 53, Property::Name), french(&["Aucun"]));
    assert_eq!(find(&["eng", "fra"], 53, Property::Name), None);
    assert_eq!(find(&["fra"], 54, Property::Name), None);
    assert_eq!(find(&["fra"], 15, Property::Attachments), None);
    assert_eq!(find(&[], 15, Property::Text), None);
}

#[test]
fn an_error_says_where_it_stands() {
    let mut flow = rich();
    flow["nodes"][0]["actions"][6]["method"] = json!("");
    flow["nodes"][0]["actions"][6]["url"] = Json::Null;
    let error = read(flow).unwrap_err();
    let wording = "unable to read action[6]: field 'method' is required, field 'url' is required";
    assert_eq!(error.to_string(), wording);
    assert_eq!((error.place.node, error.place.node_uuid), (Some(0), Some(uuid(40))));
    assert_eq!((error.place.action, error.place.action_uuid), (Some(6), Some(uuid(7))));
    assert_eq!(error.property(), Some("method"));
    assert_eq!(error.place.part, Part::ActionForm);
}

#[test]
fn actions_and_waits_stand_only_where_they_may() {
    let with = |kind: &str, action: Json, wait: Json| {
        let mut flow = rich();
        flow["type"] = json!(kind);
        flow["nodes"][0]["actions"] = json!([action]);
        flow["nodes"][1]["router"]["wait"] = wait;
        read(flow).err().map(|error| error.fault.to_string()).unwrap_or_default()
    };
    let actions = rich()["nodes"][0]["actions"].clone();
    let (msg, hook, label) = (actions[14].clone(), actions[5].clone(), actions[2].clone());
    let say = spoken()["nodes"][0]["actions"][0].clone();
    let wait = json!({ "type": "msg" });
    let dial = json!({ "type": "dial", "phone": "+231770000001" });
    for kind in ["messaging", "voice", "messaging_offline", "messaging_background"] {
        assert_eq!(with(kind, msg.clone(), Json::Null), "");
    }
    let not =
        |what: &str, word: &str, kind: &str| format!("{what} type '{word}' is not allowed in a flow of type '{kind}'");
    assert_eq!(with("messaging_offline", hook, Json::Null), not("action", "call_resthook", "messaging_offline"));
    assert_eq!(
        with("messaging_background", label, Json::Null),
        not("action", "add_input_labels", "messaging_background")
    );
    assert_eq!(with("messaging", say, Json::Null), not("action", "say_msg", "messaging"));
    assert_eq!(with("messaging_background", msg.clone(), wait.clone()), not("wait", "msg", "messaging_background"));
    assert_eq!(with("messaging", msg.clone(), dial.clone()), not("wait", "dial", "messaging"));
    assert_eq!(with("voice", msg.clone(), dial), "");
    assert_eq!(with("voice", msg, wait), "");
}

#[test]
fn limits_hold() {
    let with = |path: &str, value: Json| {
        let mut flow = rich();
        *flow.pointer_mut(path).unwrap() = value;
        refused(flow)
    };
    let node = rich()["nodes"][2].clone();
    assert_eq!(with("/nodes", vec![node; 1001].into()), "flow can't have more than 1000 nodes (has 1001)");
    assert_eq!(with("/name", "x".repeat(65).into()), "field 'name' must be less than or equal to 64");
    let ui = json!({ "sticky": "x".repeat(256 * 1024) });
    assert!(with("/_ui", ui).starts_with("UI section can't be larger than 262144 bytes"));
    let many = json!({ id(15): { "text": vec!["x"; 11] } });
    assert!(with("/localization/fra", many).contains("field 'text' must be less than or equal to 10"));
    let long = json!({ id(15): { "text": ["x".repeat(10_001)] } });
    assert!(with("/localization/fra", long).contains("field 'text[0]' must be less than or equal to 10000"));
    let arguments = vec!["x"; 11].into();
    let wrong = with("/nodes/1/router/cases/0/arguments", arguments);
    assert_eq!(wrong, "unable to read router: field 'cases[0].arguments' must be less than or equal to 10");
    assert_eq!(with("/nodes/0/actions/6/body", "é".repeat(20_000).into()), "");
}

#[test]
fn bytes_that_are_no_flow_are_refused() {
    let read = |bytes: &[u8]| {
        let options = ReadOptions { bytes_max: 4096, ..ReadOptions::default() };
        Flow::from_slice(bytes, &options, &mut Uuid::nil).unwrap_err().to_string()
    };
    assert_eq!(read(b"{\n x"), "definition isn't valid JSON: line 2, column 2");
    assert!(read("[".repeat(4000).as_bytes()).starts_with("definition isn't valid JSON"));
    assert_eq!(read(&[b' '; 4097]), "definition can't be larger than 4096 bytes (has 4097)");
    for bytes in [&b"null"[..], b"[]", b"7", b"{}", b"{\"spec_version\": 14}"] {
        assert!(!read(bytes).is_empty());
    }
    assert!(read(b"{\"spec_version\": \"99.0.0\"}").contains("99.0.0"));
}

#[test]
fn an_action_knows_its_word() {
    let flow = read(rich()).unwrap();
    let spoken = read(spoken()).unwrap();
    let actions = flow.nodes[0].actions.iter().chain(&spoken.nodes[0].actions);
    let mut words: Vec<_> = actions.map(|action| action.kind.word()).collect();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words, ActionKind::WORDS);
}
