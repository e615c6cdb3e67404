//! Writes definitions back as JSON.

use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{Action, Flow, Node, Router, RouterKind, SPEC_VERSION, Target, Text, Wait, actions::write_body};

/// A JSON object in the making.
#[derive(Default)]
pub(super) struct Out(Map<String, Json>);

impl Out {
    /// Puts a property.
    pub(super) fn put(&mut self, name: &str, value: impl Into<Json>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// Puts a text, unless it is empty.
    pub(super) fn put_word(&mut self, name: &str, word: &str) {
        if !word.is_empty() {
            self.put(name, word);
        }
    }

    /// Puts a template.
    pub(super) fn put_text(&mut self, name: &str, text: &Text) {
        self.put(name, text.source());
    }

    /// Puts a template, where there is one that is not empty.
    pub(super) fn put_some_text(&mut self, name: &str, text: Option<&Text>) {
        self.put_word(name, text.map_or("", |text| text.source()));
    }

    /// Puts a list, unless it is empty.
    pub(super) fn put_list(&mut self, name: &str, items: impl IntoIterator<Item = Json>) {
        let items: Vec<Json> = items.into_iter().collect();
        if !items.is_empty() {
            self.put(name, items);
        }
    }

    /// Puts templates, unless there are none.
    pub(super) fn put_texts(&mut self, name: &str, texts: &[Text]) {
        self.put_list(name, texts.iter().map(|text| text.source().into()));
    }

    /// Puts what serde writes.
    pub(super) fn put_as(&mut self, name: &str, value: &impl serde::Serialize) {
        // References and plain structs of words and numbers always become JSON.
        self.put(name, serde_json::to_value(value).unwrap_or_default());
    }

    /// Puts what serde writes, where there is something.
    pub(super) fn put_some(&mut self, name: &str, value: Option<&impl serde::Serialize>) {
        if let Some(value) = value {
            self.put_as(name, value);
        }
    }

    /// Puts `true`, or nothing.
    pub(super) fn put_flag(&mut self, name: &str, flag: bool) {
        if flag {
            self.put(name, true);
        }
    }

    /// The object.
    pub(super) fn done(self) -> Json {
        Json::Object(self.0)
    }
}

/// A group or label as JSON.
pub(super) fn target(target: &Target) -> Json {
    match target {
        Target::Known(known) => serde_json::to_value(known).unwrap_or_default(),
        Target::NameMatch(text) => json!({ "name_match": text.source() }),
    }
}

impl Flow {
    /// The definition as JSON of the current version. Properties that are empty are left out, as are those that nobody knows.
    pub fn to_json(&self) -> Json {
        let mut out = Out::default();
        out.put("uuid", self.uuid.to_string());
        out.put("name", &*self.name);
        out.put("spec_version", SPEC_VERSION);
        out.put("language", self.language.as_str());
        out.put("type", self.kind.word());
        out.put("revision", self.revision);
        out.put("expire_after_minutes", self.expire_after_minutes);
        out.put("localization", self.localization.to_json());
        out.put("nodes", self.nodes.iter().map(Node::to_json).collect::<Vec<_>>());
        if let Some(ui) = &self.ui {
            out.put("_ui", Json::clone(ui));
        }
        out.done()
    }
}

impl Node {
    /// The node as it stands in a definition.
    pub fn to_json(&self) -> Json {
        let mut out = Out::default();
        out.put("uuid", self.uuid.to_string());
        out.put_list("actions", self.actions.iter().map(Action::to_json));
        if let Some(router) = &self.router {
            out.put("router", router.to_json());
        }
        let exits = self.exits.iter().map(|exit| {
            let mut out = Out::default();
            out.put("uuid", exit.uuid.to_string());
            put_uuid(&mut out, "destination_uuid", exit.destination_uuid);
            out.done()
        });
        out.put("exits", exits.collect::<Vec<_>>());
        out.done()
    }
}

impl Action {
    /// The action as it stands in a definition.
    pub fn to_json(&self) -> Json {
        let mut out = Out::default();
        out.put("type", self.kind.word());
        out.put("uuid", self.uuid.to_string());
        write_body(&self.kind, &mut out);
        out.done()
    }
}

impl Router {
    /// The router as it stands in a definition.
    pub fn to_json(&self) -> Json {
        let category_uuid = |place: usize| self.categories.get(place).map(|category| category.uuid);
        let mut out = Out::default();
        out.put("type", self.word());
        if let Some(wait) = &self.wait {
            out.put("wait", self.wait_json(wait));
        }
        out.put_word("result_name", self.result_name.as_deref().unwrap_or_default());
        let categories = self.categories.iter().map(|category| {
            json!({
                "uuid": category.uuid.to_string(),
                "name": &*category.name,
                "exit_uuid": category.exit_uuid.to_string(),
            })
        });
        out.put("categories", categories.collect::<Vec<_>>());
        if let RouterKind::Switch { operand, cases, default_category } = &self.kind {
            out.put_text("operand", operand);
            let cases = cases.iter().map(|case| {
                let mut out = Out::default();
                out.put("uuid", case.uuid.to_string());
                out.put("type", &*case.test);
                out.put_texts("arguments", &case.arguments);
                put_uuid(&mut out, "category_uuid", category_uuid(case.category));
                out.done()
            });
            out.put("cases", cases.collect::<Vec<_>>());
            put_uuid(&mut out, "default_category_uuid", default_category.and_then(category_uuid));
        }
        out.done()
    }

    fn wait_json(&self, wait: &Wait) -> Json {
        let mut out = Out::default();
        out.put("type", wait.word());
        match wait {
            Wait::Msg(msg) => {
                out.put_some("hint", msg.hint.as_ref());
                if let Some(timeout) = &msg.timeout {
                    let mut inner = Out::default();
                    inner.put("seconds", timeout.seconds);
                    put_uuid(&mut inner, "category_uuid", self.categories.get(timeout.category).map(|c| c.uuid));
                    out.put("timeout", inner.done());
                }
            }
            Wait::Dial(dial) => {
                out.put_text("phone", &dial.phone);
                out.put_some("dial_limit_seconds", dial.dial_limit_seconds.as_ref());
                out.put_some("call_limit_seconds", dial.call_limit_seconds.as_ref());
            }
        }
        out.done()
    }
}

fn put_uuid(out: &mut Out, name: &str, uuid: Option<Uuid>) {
    if let Some(uuid) = uuid {
        out.put(name, uuid.to_string());
    }
}
