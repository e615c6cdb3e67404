//! `definition/`: what is done to whole definitions: refuse, inspect, take texts out, rebase, copy, upper-case; and JSON paths.

use std::{collections::BTreeSet, path::Path};

use mhero_expr::{Template, TopLevels};
use mhero_flow::{
    definition::{Flow, ReadOptions},
    inspect::{inspect, localizables, template_dependencies, templates},
};
use mhero_flow_migrations::{
    JsonPath, Options, Version, change_language, clone_with_new_ids, migrate, rewrite_templates, template_places,
    version_of,
};
use serde_json::{Value as Json, json};

use super::{
    normalise::difference,
    universe::{Pcg, SEED},
    whole::{assets_of, flow_in},
};
use crate::{Tally, pack::read};

/// The seed of the ids of copies.
const CLONE_SEED: u64 = 12_345;
/// The flow in each file of `broken_flows`.
const BROKEN: &str = "76f0a02f-3b75-4b86-9064-e9195e1b3a02";
/// The flow that is rebased.
const REBASED: &str = "19cad1f2-9110-4271-98d4-1b968bf19410";

/// Runs the family.
pub(crate) fn run(dir: &Path, tally: &mut Tally) {
    each(dir, tally, "broken_flows.json", broken);
    each(dir, tally, "change_language.json", rebase);
    each(dir, tally, "extract.json", extract);
    each(dir, tally, "inspection.json", inspection);
    each(dir, tally, "jsonpath_parse.json", |_, case| path_parse(case));
    each(dir, tally, "jsonpath_visit.json", |_, case| path_visit(case));
    each(dir, tally, "template_dependencies.json", |_, case| dependencies(case));
    if let Some(catalog) = tally.load(dir, "template_catalog.json") {
        for (version, places) in catalog.as_object().into_iter().flatten() {
            tally.case("template_catalog.json", version, catalogued(version, places));
        }
    }
    let mut file = |name: &str, run: fn(&Path) -> Result<(), String>| {
        if dir.join(name).exists() {
            tally.case(name, 0, run(dir));
        }
    };
    file("clone_with_ui.json", copy);
    file("templates1.json", upper);
}

/// Runs the cases of a table, if the folder has it.
fn each(dir: &Path, tally: &mut Tally, file: &str, run: fn(&Path, &Json) -> Result<(), String>) {
    if !dir.join(file).exists() {
        return;
    }
    let Some(table) = tally.load(dir, file) else { return };
    for (n, case) in table["cases"].as_array().into_iter().flatten().enumerate() {
        tally.case(file, n, run(dir, case));
    }
}

fn broken(dir: &Path, case: &Json) -> Result<(), String> {
    let path = dir.join("broken_flows").join(case["path"].as_str().unwrap_or_default());
    let definition = flow_in(&read(&path)?, BROKEN)?;
    let mut ids = Pcg::new(SEED);
    match Flow::read(definition, &ReadOptions::default(), &mut || ids.uuid_v4()) {
        Ok(_) => Err("it is read, and should not be".to_owned()),
        Err(_) => Ok(()),
    }
}

fn rebase(dir: &Path, case: &Json) -> Result<(), String> {
    let mut ids = Pcg::new(SEED);
    let definition = flow_in(&read(&dir.join("change_language.assets.json"))?, REBASED)?;
    let definition = migrate(definition, None, &mut || ids.uuid_v4(), &Options::default());
    let mut definition = definition.map_err(|error| error.to_string())?;
    let flow = definition.as_object_mut().ok_or("it is no object")?;
    change_language(flow, case["language"].as_str().unwrap_or_default());
    let flow = Flow::read(definition, &ReadOptions::default(), &mut || ids.uuid_v4());
    same(&case["expected"], &flow.map_err(|error| error.to_string())?.to_json())
}

fn extract(dir: &Path, case: &Json) -> Result<(), String> {
    let (_, flow) = assets_of(dir, case)?;
    let texts: Vec<_> = templates(&flow).iter().map(|located| located.text.source()).collect();
    same(&case["templates"], &json!(texts))?;
    let texts: Vec<_> = localizables(&flow).iter().map(|localizable| localizable.text).collect();
    same(&case["localizables"], &json!(texts))
}

fn inspection(dir: &Path, case: &Json) -> Result<(), String> {
    let (assets, flow) = assets_of(dir, case)?;
    let inspection = serde_json::to_value(inspect(&flow, Some(&assets))).map_err(|error| error.to_string())?;
    same(&case["expected"], &inspection)
}

fn path_parse(case: &Json) -> Result<(), String> {
    let path = case["path"].as_str().unwrap_or_default().parse::<JsonPath>();
    match (path, case["err"].as_str().unwrap_or_default()) {
        (Ok(path), "") => same(&case["expected"], &json!(path.steps())),
        (Err(error), expected) if error.to_string() == expected => Ok(()),
        (Ok(_), expected) => Err(format!("no error, expected: {expected}")),
        (Err(error), expected) => Err(format!("{error}, expected: {expected}")),
    }
}

/// The pack leaves out the JSON that it visits; this is the one that its expectations tell.
fn path_visit(case: &Json) -> Result<(), String> {
    let path: JsonPath = case["path"].as_str().unwrap_or_default().parse().map_err(|error| format!("{error}"))?;
    let json = json!({
        "foo": "bar",
        "arr": ["123", "234", "345"],
        "objs": [{"sub": "345"}, {"sub": "456", "alt": "789"}],
    });
    let mut seen = Vec::new();
    path.visit(&json, &mut |value| seen.push(value.clone()));
    same(&case["expected"], &json!(seen))
}

fn dependencies(case: &Json) -> Result<(), String> {
    let template = Template::parse(case["template"].as_str().unwrap_or_default(), &TopLevels::flow());
    let (dependencies, parents) = template_dependencies(&template.map_err(|error| error.to_string())?);
    let mut dependencies = serde_json::to_value(&dependencies).map_err(|error| error.to_string())?;
    for dependency in dependencies.as_array_mut().into_iter().flatten() {
        dependency.as_object_mut().into_iter().for_each(|map| drop(map.shift_remove("type")));
    }
    same(&case["assetRefs"], &dependencies)?;
    same(&case["parentRefs"], &json!(parents.iter().map(|key| &**key).collect::<Vec<_>>()))
}

/// Whether we look for templates where the catalogue of a version says, and nowhere else.
fn catalogued(version: &str, places: &Json) -> Result<(), String> {
    let version: Version = version.parse().map_err(|error| format!("{error}"))?;
    for (group, router) in [("actions", false), ("routers", true)] {
        for (kind, paths) in places[group].as_object().into_iter().flatten() {
            let expected: BTreeSet<_> = paths.as_array().into_iter().flatten().filter_map(Json::as_str).collect();
            let ours = template_places(kind, router, version);
            let ours: BTreeSet<_> = ours.iter().map(String::as_str).collect();
            if ours != expected {
                return Err(format!("{kind}: expected {expected:?}, got {ours:?}"));
            }
        }
    }
    Ok(())
}

/// A copy shares no id of its own with the original, can be read, and copied back is the original.
fn copy(dir: &Path) -> Result<(), String> {
    let assets = read(&dir.join("clone_with_ui.json"))?;
    let original = assets["flows"][0].clone();
    let mut ids = Pcg::new(CLONE_SEED);
    let copy = clone_with_new_ids(&original, &mut |_| None, &mut || ids.uuid_v4());
    let text = copy.to_string();
    for id in own_ids(&original) {
        if text.contains(&id) {
            return Err(format!("{id} is still there"));
        }
    }
    let mut old = own_ids(&original).into_iter();
    let back =
        clone_with_new_ids(&copy, &mut |_| None, &mut || old.next().and_then(|id| id.parse().ok()).unwrap_or_default());
    same(&original, &back)?;
    Flow::read(copy, &ReadOptions::default(), &mut || ids.uuid_v4()).map_err(|error| error.to_string())?;
    Ok(())
}

/// The ids of a flow and of what is in it, in the order in which a copy asks for new ones.
fn own_ids(flow: &Json) -> Vec<String> {
    let mut found = Vec::new();
    let mut add = |json: &Json| found.extend(json["uuid"].as_str().map(str::to_owned));
    add(flow);
    for node in flow["nodes"].as_array().into_iter().flatten() {
        add(node);
        for list in [&node["actions"], &node["exits"], &node["router"]["categories"], &node["router"]["cases"]] {
            list.as_array().into_iter().flatten().for_each(&mut add);
        }
    }
    found
}

fn upper(dir: &Path) -> Result<(), String> {
    let mut flow = read(&dir.join("templates1.json"))?;
    let version = version_of(&flow).map_err(|error| error.to_string())?;
    let map = flow.as_object_mut().ok_or("it is no object")?;
    rewrite_templates(map, version, &mut |text| Some(text.to_uppercase()));
    same(&read(&dir.join("templates1.upper.json"))?, &flow)
}

fn same(expected: &Json, actual: &Json) -> Result<(), String> {
    difference(expected, actual).map_or(Ok(()), Err)
}
