//! Contact queries: read, refused, simplified, built, inspected, and tried on a contact.

mod contact;
mod world;

use std::path::Path;

use contact::JsonContact;
use mhero_query::{ContactQuery, Inspection, Operator, Property, Query};
use serde_json::{Value as Json, json};
use world::{Names, World};

use super::cases::{same, text};
use crate::{Tally, table::run_table};

/// Files that are for one search backend, which we have not.
const NOT_FOR_US: [&str; 2] = ["to_elastic_query.json", "to_elastic_sort.json"];
/// Every sign of an operator.
const OPERATORS: [Operator; 7] = [
    Operator::Equal,
    Operator::NotEqual,
    Operator::Contains,
    Operator::Less,
    Operator::LessOrEqual,
    Operator::GreaterOrEqual,
    Operator::Greater,
];

pub(super) fn run(dir: &Path, tally: &mut Tally) {
    for file in crate::pack::json_files(dir) {
        match file.as_str() {
            "build.json" => run_table(dir, tally, &file, |_, case| build(case)),
            "contact_query.json" => contact_query(dir, tally, &file),
            "evaluate.json" => run_table(dir, tally, &file, evaluate),
            "inspect.json" => run_table(dir, tally, &file, inspect),
            "parse.json" => run_table(dir, tally, &file, parse),
            "parse_errors.json" => run_table(dir, tally, &file, refuse),
            "simplify.json" => run_table(dir, tally, &file, simplify),
            elastic if NOT_FOR_US.contains(&elastic) => {
                let table = tally.load(dir, elastic);
                let cases = table.as_ref().and_then(|table| table.as_array().or(table["cases"].as_array()));
                (0..cases.map_or(0, Vec::len)).for_each(|_| tally.skip());
            }
            other => tally.case(other, "file", Err("no runner knows this file".to_owned())),
        }
    }
}

/// The canonical text of a query, or the specification's words for what is wrong with it.
fn outcome(query: &str, world: &World, names: Option<&Names>) -> Result<ContactQuery, String> {
    let resolver = names.map(|names| names as _);
    ContactQuery::parse(query, &world.environment(), resolver).map_err(|error| error.spec_message())
}

fn parse(table: &Json, case: &Json) -> Result<(), String> {
    let world = World::of(&table["env"]).redacted(case["redactURNs"] == Json::Bool(true));
    let names = Names::of(&table["resolver"]);
    let names = (case["resolver"] != Json::Bool(false)).then_some(&names);
    let (printed, error) = match outcome(text(case, "text"), &world, names) {
        Ok(query) => (query.to_string(), String::new()),
        Err(error) => (String::new(), error),
    };
    same("error", error.as_str(), text(case, "err"))?;
    same("query", printed.as_str(), text(case, "parsed"))
}

fn refuse(table: &Json, case: &Json) -> Result<(), String> {
    let (world, names) = (World::of(&table["env"]), Names::of(&table["resolver"]));
    let Err(error) = ContactQuery::parse(text(case, "query"), &world.environment(), Some(&names)) else {
        return Err("there is no error".to_owned());
    };
    same("code", error.code(), text(case, "errCode"))?;
    let params = error.params().into_iter().map(|(name, value)| (name.to_owned(), Json::from(value)));
    let params: serde_json::Map<String, Json> = params.collect();
    let expected = case["errExtra"].as_object().cloned().unwrap_or_default();
    same("parameters", &params, &expected)?;
    // The wording of syntax errors is that of another parser.
    if error.code() == "syntax" { Ok(()) } else { same("message", error.spec_message().as_str(), text(case, "errMsg")) }
}

fn simplify(table: &Json, case: &Json) -> Result<(), String> {
    let (world, names) = (World::of(&table["env"]), Names::of(&table["resolver"]));
    let query = outcome(text(case, "text"), &world, Some(&names))?;
    same("query", query.to_string().as_str(), text(case, "parsed"))
}

fn build(case: &Json) -> Result<(), String> {
    same("query", built(&case["node"])?.qualified().as_str(), text(case, "query"))
}

fn built(node: &Json) -> Result<Query, String> {
    if let Some(op) = node["op"].as_str() {
        let children: Vec<Query> =
            node["children"].as_array().into_iter().flatten().map(built).collect::<Result<_, _>>()?;
        return Ok(if op == "or" { Query::any_of(&children) } else { Query::all_of(&children) });
    }
    let key = text(node, "propKey");
    let word = match text(node, "propType") {
        "attr" => key.to_owned(),
        "scheme" => format!("urns.{key}"),
        _ => format!("fields.{key}"),
    };
    let property = Property::read(&word).map_err(|problem| problem.to_string())?;
    let operator = OPERATORS.into_iter().find(|operator| operator.sign() == text(node, "operator"));
    Ok(Query::condition(property, operator.ok_or("an unknown operator")?, text(node, "value")))
}

fn evaluate(table: &Json, case: &Json) -> Result<(), String> {
    let (world, names) = (World::of(&table["env"]), Names::of(&table["resolver"]));
    let query = outcome(text(case, "query"), &world, Some(&names))?;
    let contact = JsonContact::of_object(&table["object"]);
    same("result", &Json::from(query.matches(&contact, &world.environment())), &case["result"])
}

fn contact_query(dir: &Path, tally: &mut Tally, file: &str) {
    let assets = dir.join("../fixtures/session");
    let Some(assets) = tally.load(&assets, "assets.json") else { return };
    let names = Names::of(&assets);
    run_table(dir, tally, file, |table, case| {
        let world = World::of(&table["env"]).redacted(text(case, "redaction") == "urns");
        let contact = JsonContact::of_contact(&table["contact"], &names);
        let (result, error) = match outcome(text(case, "query"), &world, Some(&names)) {
            Ok(query) => (query.matches(&contact, &world.environment()), String::new()),
            Err(error) => (false, error),
        };
        same("error", error.as_str(), text(case, "err"))?;
        same("result", &Json::from(result), &case["result"])
    });
}

fn inspect(table: &Json, case: &Json) -> Result<(), String> {
    let (world, names) = (World::of(&table["env"]), Names::of(&table["resolver"]));
    let names = (case["resolver"] != Json::Bool(false)).then_some(&names);
    let found = outcome(text(case, "query"), &world, names)?.inspect();
    same("inspection", &written(&found), &case["inspection"])
}

fn written(found: &Inspection) -> Json {
    let fields: Vec<Json> = found.fields.iter().map(|field| json!({ "key": field.key, "name": field.name })).collect();
    let group = |uuid: uuid::Uuid, name: &str| json!({ "uuid": uuid, "name": name, "name_match": "" });
    let groups: Vec<Json> = found.groups.iter().map(|one| group(one.uuid, &one.name)).collect();
    json!({
        "attributes": found.attributes,
        "schemes": found.schemes,
        "fields": fields,
        "groups": groups,
        "allow_as_group": found.allow_as_group,
    })
}
