//! The words of the country: cadres and levels of places as `CodeSystem` and `ValueSet`.

use mhero_core::{Lang, LangMap};
use mhero_store::Snapshot;
use serde_json::{Value, json};

use super::{OURS, Shown};
use crate::fhir::FhirError;

/// The code system of cadres.
pub(super) const CADRES: &str = "http://mhero.org/fhir/CodeSystem/cadre";
/// Concepts of one code system that are shown.
const CONCEPTS_MAX: usize = 10_000;

/// The code systems that mHero itself keeps, and a value set of all of each.
pub(super) async fn shown(snapshot: &mut Snapshot) -> Result<Vec<Shown>, FhirError> {
    let (cadres, titles) = snapshot.golden_words().await?;
    let cadres: Vec<Value> = cadres.iter().filter_map(|(code, name)| concept(code, name)).take(CONCEPTS_MAX).collect();
    let titles: Vec<Value> = titles
        .iter()
        // Titles of a code system of their own are told by who keeps it.
        .filter(|title| !title.system.contains(':'))
        .filter_map(|title| concept(&title.code, &title.name))
        .take(CONCEPTS_MAX)
        .collect();
    let mut all = pair("cadre", "Cadre", "Cadres of health workers", cadres);
    all.extend(pair("job", "Job", "Job titles that no code system names", titles));
    Ok(all)
}

fn concept(code: &str, name: &LangMap) -> Option<Value> {
    let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
    let display = name.best(Lang::ENGLISH).trim();
    let mut concept = json!({ "code": code });
    if !display.is_empty() {
        concept["display"] = json!(display);
    }
    let others: Vec<Value> = name
        .iter()
        .filter(|(_, text)| text.trim() != display && !text.trim().is_empty())
        .map(|(lang, text)| json!({ "language": lang.bcp47(), "value": text.trim() }))
        .collect();
    if !others.is_empty() {
        concept["designation"] = json!(others);
    }
    (!code.is_empty()).then_some(concept)
}

/// A code system and the value set of all of it. One without concepts is not shown.
fn pair(id: &str, name: &str, title: &str, mut concepts: Vec<Value>) -> Vec<Shown> {
    concepts.dedup_by(|one, other| one["code"] == other["code"]);
    let is_there = !concepts.is_empty();
    let url = |kind: &str| format!("{OURS}/{kind}/{id}");
    let system = json!({
        "resourceType": "CodeSystem", "id": id, "url": url("CodeSystem"), "name": name, "title": title, "status": "active",
        "experimental": false, "caseSensitive": true, "valueSet": url("ValueSet"), "content": "complete",
        "count": concepts.len(), "concept": concepts,
    });
    let set = json!({
        "resourceType": "ValueSet", "id": id, "url": url("ValueSet"), "name": name, "title": title, "status": "active",
        "experimental": false, "compose": { "include": [{ "system": url("CodeSystem") }] },
    });
    let shown =
        |kind, resource: Value| Shown { kind, id: id.to_owned(), person: None, resource: is_there.then_some(resource) };
    vec![shown("CodeSystem", system), shown("ValueSet", set)]
}
