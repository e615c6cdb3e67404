//! Nodes that call something and then go one of two ways, by how the call went.

use serde_json::{Value as Json, json};

use crate::shape::{Map, nodes, object_mut, objects, text, texts};

/// Actions that call a web service.
const WEBHOOKS: &[&str] = &["call_webhook", "call_resthook"];

/// The test that a call to a web service went well, of `@webhook.status`.
pub(super) const STATUS_TEST: (&str, &[&str]) = ("has_number_between", &["200", "299"]);

/// The nodes of a flow that route by a switch and wait for nothing.
pub(super) fn switches(flow: &mut Map) -> impl Iterator<Item = &mut Map> {
    nodes(flow).filter(|node| {
        let router = node.get("router").and_then(Json::as_object);
        router.is_some_and(|router| text(router, "type") == "switch" && router.get("wait").is_none_or(Json::is_null))
    })
}

/// The operand of a node's router, without the spaces around it.
pub(super) fn operand(node: &Map) -> &str {
    node.get("router").and_then(Json::as_object).map_or("", |router| text(router, "operand")).trim()
}

/// The actions of a node that call a web service.
pub(super) fn webhooks(node: &Map) -> impl Iterator<Item = &Map> {
    objects(node, "actions").filter(|action| WEBHOOKS.contains(&text(action, "type")))
}

/// Makes a node's router go by one test: when an operand passes it, the way is that of success, else that of the default
/// category. Gives the ids of the old cases, whose translated arguments mean nothing now.
pub(super) fn reroute(node: &mut Map, operand: &str, (test, arguments): (&str, &[&str])) -> Vec<String> {
    let Some(router) = object_mut(node, "router") else { return Vec::new() };
    let Some(Json::Array(cases)) = router.get("cases") else { return Vec::new() };
    let fallback = text(router, "default_category_uuid");
    let Some(success) = success(cases, fallback) else { return Vec::new() };
    let old = cases.iter().filter_map(|case| case.get("uuid")?.as_str().map(str::to_owned)).collect();
    let mut case = success.clone();
    case.insert("type".to_owned(), test.into());
    case.insert("arguments".to_owned(), json!(arguments));
    router.insert("operand".to_owned(), operand.into());
    router.insert("cases".to_owned(), json!([case]));
    old
}

/// The case of success: the one that says so, else the first that leads away from the default category, else the first.
fn success<'j>(cases: &'j [Json], fallback: &str) -> Option<&'j Map> {
    let all = || cases.iter().filter_map(Json::as_object);
    let says = |case: &&Map| {
        let mut arguments = texts(case, "arguments");
        arguments.next().is_some_and(|first| first.eq_ignore_ascii_case("success"))
    };
    let away = |case: &&Map| text(case, "category_uuid") != fallback;
    all().find(says).or_else(|| all().find(away)).or_else(|| all().next())
}
