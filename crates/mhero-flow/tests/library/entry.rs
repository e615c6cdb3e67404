//! A use case as its folder holds it.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use mhero_flow::{
    assets::{Assets, LoadedFlows, StaticAssets},
    definition::{Flow, ReadOptions},
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// The languages of the library, as its files name them.
pub(crate) const LANGS: [&str; 2] = ["en", "fr"];

/// A use case.
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) about: Json,
    pub(crate) export: Json,
    pub(crate) flows: Vec<Arc<Flow>>,
    pub(crate) assets: Assets,
    folder: PathBuf,
}

/// All use cases, in their order.
pub(crate) fn all() -> Vec<Entry> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../library");
    let folders = fs::read_dir(folder).expect("the library").filter_map(Result::ok);
    let mut all: Vec<Entry> = folders.filter(|entry| entry.path().is_dir()).map(|entry| read(entry.path())).collect();
    all.sort_by_key(|entry| entry.about["order"].as_u64());
    all
}

fn read(folder: PathBuf) -> Entry {
    let export = file(&folder, "export.json");
    let flows: Vec<Arc<Flow>> = list(&export, "flows").iter().map(flow).collect();
    let assets = Assets::new(assets(&export), Arc::new(flows.iter().cloned().collect::<LoadedFlows>()));
    let about = file(&folder, "about.json");
    let key = about["key"].as_str().expect("a key").to_owned();
    assert_eq!(Some(key.as_str()), folder.file_name().and_then(|name| name.to_str()), "the folder bears the key");
    Entry { key, about, export, flows, assets, folder }
}

fn flow(json: &Json) -> Arc<Flow> {
    let ids = &mut || Uuid::nil();
    Arc::new(Flow::read(json.clone(), &ReadOptions::default(), ids).expect("a definition that can be read"))
}

/// The things of an export as the engine knows them.
fn assets(export: &Json) -> StaticAssets {
    let group = |group: &Json| json!({ "uuid": group["uuid"], "name": group["name"] });
    let field = |field: &Json| {
        let kind = field["type"].as_str().map(|kind| if kind == "numeric" { "number" } else { kind });
        json!({ "key": field["key"], "name": field["name"], "type": kind })
    };
    let assets = json!({
        "groups": list(export, "groups").iter().map(group).collect::<Vec<_>>(),
        "fields": list(export, "fields").iter().map(field).collect::<Vec<_>>(),
        "channels": [{
            "uuid": "57f1078f-88aa-46f4-a59a-948a5739c03d", "name": "SMS", "address": "4636",
            "schemes": ["tel"], "roles": ["send", "receive"],
        }],
    });
    StaticAssets::read(&assets).expect("assets")
}

/// A list of an object.
pub(crate) fn list<'j>(json: &'j Json, key: &str) -> &'j [Json] {
    json[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn file(folder: &Path, name: &str) -> Json {
    let path = folder.join(name);
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display())).expect("a file");
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display())).expect("JSON")
}

impl Entry {
    /// The scripted conversations in a language, each with the facts of its person filled in.
    pub(crate) fn talks(&self, lang: &str) -> Vec<Json> {
        let file = file(&self.folder, &format!("conversation.{lang}.json"));
        let mut talks = list(&file, "talks").to_vec();
        assert!(!talks.is_empty(), "{}/{lang} has conversations", self.key);
        for talk in &mut talks {
            let mut person = file["person"].clone();
            if let (Some(person), Some(own)) = (person.as_object_mut(), talk["person"].as_object()) {
                person.extend(own.clone());
            }
            talk["person"] = person;
        }
        talks
    }

    /// The page of explanation.
    pub(crate) fn page(&self, lang: &str) -> String {
        let name = if lang == "fr" { "LISEZMOI.md" } else { "README.md" };
        fs::read_to_string(self.folder.join(name)).unwrap_or_default()
    }

    /// The words that `about.json` shows for a language.
    pub(crate) fn words(&self, lang: &str) -> Vec<String> {
        let words = list(&self.about["keywords"], lang).iter();
        words.filter_map(Json::as_str).map(str::to_owned).collect()
    }

    /// The names in a list of the export.
    pub(crate) fn names_of(&self, key: &str) -> Vec<String> {
        list(&self.export, key).iter().filter_map(|one| one["name"].as_str()).map(str::to_owned).collect()
    }

    /// A flow by its name.
    pub(crate) fn flow(&self, name: &str) -> &Arc<Flow> {
        let found = self.flows.iter().find(|flow| &*flow.name == name);
        found.ok_or_else(|| format!("{} has no flow {name}", self.key)).expect("a flow")
    }

    /// The flow that a text starts, with the word.
    pub(crate) fn pulled_by(&self, text: &str) -> (&Arc<Flow>, String) {
        let first = text.to_lowercase();
        let first = first.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default();
        let has = |trigger: &&Json| list(trigger, "keywords").iter().any(|word| word.as_str() == Some(first));
        let trigger = list(&self.export, "triggers").iter().find(has);
        let trigger = trigger.ok_or_else(|| format!("{}: nothing starts by {first}", self.key)).expect("a trigger");
        (self.flow(trigger["flow"]["name"].as_str().unwrap_or_default()), first.to_owned())
    }
}
