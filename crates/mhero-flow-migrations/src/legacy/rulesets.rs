//! Sets of rules, which are nodes with a router now.

use serde_json::{Value as Json, json};

use super::{
    cases::{self, Case, Test},
    operands::{Shape, shape},
    scope::{Scope, cut, malformed},
    texts::Texts,
};
use crate::{
    MigrationError,
    shape::{Map, objects, text},
};

/// A node and what the editor notes of it.
pub(super) struct Node {
    pub(super) id: String,
    pub(super) json: Json,
    /// The type of the node in the editor.
    pub(super) ui_type: &'static str,
    /// Further notes of the editor, if there are any.
    pub(super) ui_config: Map,
}

/// Where the rules lead that have one name and one destination.
struct Category {
    id: String,
    name: Texts,
    exit: String,
    destination: String,
}

/// A rule that is read: its test, and which of the categories it leads to.
type Rule = (Test, usize);

/// The node of a set of rules.
pub(super) fn migrate(set: &Map, scope: &mut Scope<'_>) -> Result<Node, MigrationError> {
    let id = scope.id(set, "uuid");
    let at = format!("rule set {}", cut(&id));
    let (rules, categories) = rules(set, scope, &at)?;
    for category in &categories {
        scope.localization.add(&category.id, "name", [&category.name]);
    }
    let mut ui_cases = Map::new();
    let cases = cases_of(&rules, &categories, scope, &mut ui_cases);
    let mut shape = shape(set, scope, &at)?;
    let router = router(&shape, &rules, &categories, cases);
    let exits: Vec<_> = categories.iter().map(|category| scope.exit(&category.exit, &category.destination)).collect();
    let mut node = Map::new();
    node.insert("uuid".to_owned(), id.clone().into());
    if let Some(action) = shape.action.take() {
        node.insert("actions".to_owned(), vec![action].into());
    }
    node.insert("router".to_owned(), router);
    node.insert("exits".to_owned(), exits.into());
    if !ui_cases.is_empty() && !shape.is_random {
        shape.ui_config.insert("cases".to_owned(), ui_cases.into());
    }
    Ok(Node { id, json: node.into(), ui_type: shape.ui_type, ui_config: shape.ui_config })
}

/// The rules and their categories. Rules of one name that lead to one place are one category; those of one name that lead to
/// different places stay apart, as each had its own exit.
fn rules(set: &Map, scope: &mut Scope<'_>, at: &str) -> Result<(Vec<Rule>, Vec<Category>), MigrationError> {
    let (mut rules, mut categories): (Vec<Rule>, Vec<Category>) = (Vec::new(), Vec::new());
    for rule in objects(set, "rules") {
        let name = scope.texts(rule.get("category"));
        let destination = Some(text(rule, "destination")).filter(|to| scope.nodes.contains(*to)).unwrap_or_default();
        let same = |category: &Category| category.name.base == name.base && category.destination == destination;
        let at = format!("{at}, rule {}", cut(text(rule, "uuid")));
        let test = rule.get("test").and_then(Json::as_object).ok_or_else(|| malformed(&at, "test", "there is none"))?;
        let test = cases::read(test, scope, &at)?;
        let place = match categories.iter().position(same) {
            Some(place) => place,
            None => {
                let exit = scope.id(rule, "uuid");
                let id = scope.new_id();
                categories.push(Category { id, name, exit, destination: destination.to_owned() });
                categories.len() - 1
            }
        };
        rules.push((test, place));
    }
    Ok((rules, categories))
}

fn cases_of(rules: &[Rule], categories: &[Category], scope: &mut Scope<'_>, ui: &mut Map) -> Vec<Json> {
    let mut cases = Vec::new();
    for (test, category) in rules {
        let Some(Case { kind, arguments, shown }) = &test.case else { continue };
        let id = scope.new_id();
        let mut case = Map::new();
        case.insert("uuid".to_owned(), id.clone().into());
        case.insert("type".to_owned(), (*kind).into());
        if !arguments.is_empty() {
            let all: Vec<_> = arguments.iter().map(|argument| argument.base.clone()).collect();
            case.insert("arguments".to_owned(), all.into());
            scope.localization.add(&id, "arguments", arguments);
        }
        case.insert("category_uuid".to_owned(), categories[*category].id.clone().into());
        if let Some(shown) = shown {
            ui.insert(id, json!({"arguments": [shown]}));
        }
        cases.push(case.into());
    }
    cases
}

fn router(shape: &Shape, rules: &[Rule], categories: &[Category], cases: Vec<Json>) -> Json {
    let mut router = Map::new();
    router.insert("type".to_owned(), if shape.is_random { "random" } else { "switch" }.into());
    if let Some(mut wait) = shape.wait.clone() {
        let timeout = rules.iter().find_map(|(test, category)| Some((test.timeout?, &categories[*category].id)));
        if let Some((seconds, category)) = timeout {
            wait.insert("timeout".to_owned(), json!({"seconds": seconds, "category_uuid": category}));
        }
        router.insert("wait".to_owned(), wait.into());
    }
    if !shape.result_name.is_empty() {
        router.insert("result_name".to_owned(), shape.result_name.clone().into());
    }
    let all = categories.iter().map(|c| json!({"uuid": c.id, "name": c.name.base, "exit_uuid": c.exit}));
    router.insert("categories".to_owned(), all.collect());
    if !shape.is_random {
        let always = rules.iter().find(|(test, _)| test.is_default && test.case.is_none());
        let default = always.or_else(|| rules.iter().find(|(test, _)| test.is_default));
        let default = default.map_or("", |(_, category)| categories[*category].id.as_str());
        router.insert("operand".to_owned(), shape.operand.clone().into());
        router.insert("cases".to_owned(), cases.into());
        router.insert("default_category_uuid".to_owned(), default.into());
    }
    router.into()
}
