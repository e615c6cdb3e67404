//! The flow as a whole.

use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{
    actions,
    rulesets::{self, Node},
    scope::{Scope, cut, malformed},
    texts::{Localization, NO_LANGUAGE, scalar},
};
use crate::{
    MigrationError, Options, Version,
    shape::{Map, objects, text},
};

/// A node and where it stood: from the left and from the top.
type Placed = (Node, (i64, i64));

/// Brings a definition of version 11 to 13.0.0. New ids are asked for in the order of the definition: the flow, then for each set
/// of rules its categories, its cases and its action, then the notes.
///
/// # Errors
/// [`MigrationError::NotAFlow`] for anything but an object. [`MigrationError::Malformed`] for kinds of actions, rule sets, tests
/// and flows that nobody knows, and for references without ids; it names the set and the property.
pub fn migrate(definition: Json, ids: &mut dyn FnMut() -> Uuid, options: &Options) -> Result<Json, MigrationError> {
    let Json::Object(flow) = definition else { return Err(MigrationError::NotAFlow) };
    let nothing = Map::new();
    let metadata = flow.get("metadata").and_then(Json::as_object).unwrap_or(&nothing);
    let sets = || objects(&flow, "action_sets").chain(objects(&flow, "rule_sets"));
    let mut scope = Scope {
        language: Some(text(&flow, "base_language")).filter(|l| !l.is_empty()).unwrap_or(NO_LANGUAGE).to_owned(),
        media_base: &options.media_base,
        nodes: sets().map(|set| text(set, "uuid").to_owned()).filter(|id| !id.is_empty()).collect(),
        localization: Localization::default(),
        ids,
    };
    let id = match text(metadata, "uuid") {
        "" => scope.id(&flow, "uuid"),
        id => id.to_owned(),
    };
    let kind = kind(&flow)?;
    let nodes = nodes(&flow, &mut scope)?;
    let ui = ui(&nodes, metadata, &mut scope);
    let name = [metadata, &flow].map(|of| text(of, "name")).into_iter().find(|name| !name.is_empty());
    let revision = integer(metadata.get("revision").or_else(|| flow.get("revision")));
    Ok(json!({
        "uuid": id,
        "name": name.unwrap_or_default(),
        "spec_version": Version::FIRST.to_string(),
        "language": scope.language,
        "type": kind,
        "revision": revision,
        "expire_after_minutes": integer(metadata.get("expires")),
        "localization": scope.localization.to_json(),
        "nodes": nodes.into_iter().map(|(node, _)| node.json).collect::<Vec<_>>(),
        "_ui": ui,
    }))
}

/// The type of the flow by its letter.
fn kind(flow: &Map) -> Result<&'static str, MigrationError> {
    match text(flow, "flow_type") {
        // F is a flow from before there were types, U one for USSD, whose menus were messages.
        "" | "F" | "M" | "U" => Ok("messaging"),
        "B" => Ok("messaging_background"),
        "S" => Ok("messaging_offline"),
        "V" => Ok("voice"),
        other => Err(malformed("flow", "flow_type", format!("there is no type {:?}", cut(other)))),
    }
}

/// The nodes: the one where the flow starts, then the others from the top down.
fn nodes(flow: &Map, scope: &mut Scope<'_>) -> Result<Vec<Placed>, MigrationError> {
    let mut nodes = Vec::new();
    for set in objects(flow, "action_sets") {
        nodes.push((action_set(set, scope)?, position(set)));
    }
    for set in objects(flow, "rule_sets") {
        nodes.push((rulesets::migrate(set, scope)?, position(set)));
    }
    let entry = text(flow, "entry");
    nodes.sort_by_key(|(node, (_, top))| (node.id != entry, *top));
    Ok(nodes)
}

fn action_set(set: &Map, scope: &mut Scope<'_>) -> Result<Node, MigrationError> {
    let id = scope.id(set, "uuid");
    let at = format!("action set {}", cut(&id));
    let actions =
        objects(set, "actions").map(|action| actions::migrate(action, scope, &at)).collect::<Result<Vec<_>, _>>()?;
    let exit = scope.id(set, "exit_uuid");
    let mut node = Map::new();
    node.insert("uuid".to_owned(), id.clone().into());
    if !actions.is_empty() {
        node.insert("actions".to_owned(), actions.into());
    }
    node.insert("exits".to_owned(), vec![scope.exit(&exit, text(set, "destination"))].into());
    Ok(Node { id, json: node.into(), ui_type: "execute_actions", ui_config: Map::new() })
}

/// What only the editor reads: where nodes stand, and notes beside them.
fn ui(nodes: &[Placed], metadata: &Map, scope: &mut Scope<'_>) -> Json {
    let mut places = Map::new();
    for (node, (left, top)) in nodes {
        let mut place = json!({"type": node.ui_type, "position": {"left": left, "top": top}});
        if !node.ui_config.is_empty() {
            place["config"] = node.ui_config.clone().into();
        }
        places.insert(node.id.clone(), place);
    }
    let mut stickies = Map::new();
    for note in objects(metadata, "notes") {
        let (left, top) = position(note);
        let (title, body) = (text(note, "title"), text(note, "body"));
        let position = json!({"left": left, "top": top});
        stickies.insert(scope.new_id(), json!({"position": position, "title": title, "body": body, "color": "yellow"}));
    }
    json!({"nodes": places, "stickies": stickies})
}

fn position(of: &Map) -> (i64, i64) {
    (integer(of.get("x")), integer(of.get("y")))
}

/// A whole number, also from one with a fraction or in quotes; zero for anything else.
fn integer(json: Option<&Json>) -> i64 {
    let number: f64 = json.and_then(|json| scalar(json).trim().parse().ok()).unwrap_or_default();
    #[expect(clippy::cast_possible_truncation, reason = "what is too big for a place in a picture may be cut")]
    let whole = number as i64;
    whole
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn migrated(flow: Json) -> Result<Json, MigrationError> {
        let mut n = 0;
        let mut ids = || {
            n += 1;
            Uuid::from_u128(n)
        };
        migrate(flow, &mut ids, &Options { media_base: "https://media.example".to_owned() })
    }

    /// A flow with one set of rules.
    fn with_rules(set: &Json) -> Json {
        json!({"base_language": "eng", "metadata": {"uuid": "f"}, "rule_sets": [set]})
    }

    fn router(set: &Json) -> Json {
        migrated(with_rules(set)).unwrap()["nodes"][0]["router"].clone()
    }

    #[test]
    fn a_rule_for_silence_becomes_the_timeout_of_the_wait() {
        let router = router(&json!({
            "uuid": "r", "ruleset_type": "wait_recording", "label": "Take Part", "rules": [
                {"uuid": "a", "category": "Other", "test": {"type": "true"}},
                {"uuid": "b", "category": "No Response", "test": {"type": "timeout", "minutes": 5}},
            ],
        }));
        let silent = &router["categories"][1]["uuid"];
        let wait =
            json!({"type": "msg", "hint": {"type": "audio"}, "timeout": {"seconds": 300, "category_uuid": silent}});
        assert_eq!(router["wait"], wait);
        assert_eq!(router["default_category_uuid"], router["categories"][0]["uuid"]);
        assert_eq!(router["cases"], json!([]));
    }

    #[test]
    fn the_category_of_failure_is_the_default() {
        let router = router(&json!({
            "uuid": "r", "ruleset_type": "webhook", "label": "2nd call", "rules": [
                {"uuid": "a", "category": "Failure", "test": {"type": "webhook_status", "status": "failure"}},
                {"uuid": "b", "category": "Success", "test": {"type": "webhook_status", "status": "success"}},
            ],
            "config": {"webhook": "http://x.org/@contact.name", "webhook_action": "GET"},
        }));
        assert_eq!(router["default_category_uuid"], router["categories"][0]["uuid"]);
        assert_eq!(router["operand"], "@(results[\"2nd_call\"].category)");
    }

    #[test]
    fn a_webhook_that_gets_has_no_body() {
        let set = json!({"uuid": "r", "ruleset_type": "webhook", "config": {"webhook": "http://x.org/@contact.name", "webhook_action": "get"}});
        let action = &migrated(with_rules(&set)).unwrap()["nodes"][0]["actions"][0];
        assert_eq!(action["url"], "http://x.org/@(url_encode(contact.name))");
        assert_eq!(action["method"], "GET");
        assert_eq!((action.get("body"), action.get("headers")), (None, None));
    }

    #[test]
    fn new_contacts_are_no_variable() {
        let flow = json!({"action_sets": [{"uuid": "a", "actions": [{
            "type": "trigger-flow", "flow": {"uuid": "x", "name": "X"}, "variables": [{"id": "@new_contact"}, "@contact.boss"],
        }]}]});
        let action = migrated(flow).unwrap()["nodes"][0]["actions"][0].clone();
        assert_eq!(action["create_contact"], true);
        assert_eq!(action["legacy_vars"], json!(["@fields.boss"]));
    }

    #[test]
    fn refusals_name_the_place() {
        let why = |flow| migrated(flow).unwrap_err().to_string();
        let action = json!({"action_sets": [{"uuid": "a1", "actions": [{"uuid": "b2", "type": "fly"}]}]});
        assert_eq!(why(action), "action set a1, action b2, type: there is no action \"fly\"");
        let rule = json!({"uuid": "c3", "test": {"type": "smells"}});
        let set = json!({"uuid": "r1", "ruleset_type": "wait_message", "rules": [rule]});
        assert_eq!(why(with_rules(&set)), "rule set r1, rule c3, test: there is no test \"smells\"");
        let set = json!({"uuid": "r1", "ruleset_type": "guess"});
        assert_eq!(why(with_rules(&set)), "rule set r1, ruleset_type: there is no type \"guess\"");
        assert_eq!(migrated(json!([])), Err(MigrationError::NotAFlow));
    }

    /// Any JSON, with the words of old flows in it so that something is found.
    fn hostile() -> impl Strategy<Value = Json> {
        const WORDS: [&str; 20] = [
            "uuid",
            "type",
            "rules",
            "test",
            "category",
            "reply",
            "msg",
            "true",
            "webhook",
            "config",
            "timeout",
            "minutes",
            "wait_message",
            "form_field",
            "ruleset_type",
            "operand",
            "@flow.x",
            "groups",
            "actions",
            "save",
        ];
        let word = || proptest::sample::select(&WORDS[..]).prop_map(str::to_owned);
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<i64>().prop_map(Json::from),
            any::<f64>().prop_map(Json::from),
            word().prop_map(Json::from),
        ];
        leaf.prop_recursive(6, 60, 6, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
                proptest::collection::vec((word(), inner), 0..6)
                    .prop_map(|all| Json::Object(all.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn nothing_panics(sets in hostile(), rules in hostile(), metadata in hostile()) {
            let set = json!({"uuid": "r", "ruleset_type": "wait_message", "rules": rules, "config": metadata});
            let _ = migrated(json!({"action_sets": [{"actions": sets}], "rule_sets": [set, sets], "metadata": metadata}));
            let _ = migrated(json!({"action_sets": sets, "rule_sets": rules, "metadata": {"notes": sets}}));
        }
    }
}
