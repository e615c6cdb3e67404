//! What the parts of a flow need to know of it while they are migrated.

use std::collections::HashSet;

use serde_json::Value as Json;
use uuid::Uuid;

use super::{
    expression::{TemplateOptions, migrate_template},
    texts::{Localization, Texts},
};
use crate::{
    MigrationError,
    shape::{Map, text},
};

/// The flow that is being migrated.
pub(super) struct Scope<'m> {
    /// The language of its texts.
    pub(super) language: String,
    /// What stands before relative addresses of media.
    pub(super) media_base: &'m str,
    /// The ids of its nodes, to which exits may lead.
    pub(super) nodes: HashSet<String>,
    /// The translations found up to now.
    pub(super) localization: Localization,
    /// Where new ids come from.
    pub(super) ids: &'m mut dyn FnMut() -> Uuid,
}

impl Scope<'_> {
    /// A new id.
    pub(super) fn new_id(&mut self) -> String {
        (self.ids)().to_string()
    }

    /// An id that stands in the flow, or a new one as the oldest flows have none.
    pub(super) fn id(&mut self, of: &Map, key: &str) -> String {
        match text(of, key) {
            "" => self.new_id(),
            id => id.to_owned(),
        }
    }

    /// A text with its translations, its expressions rewritten.
    pub(super) fn template(&self, of: &Map, key: &str) -> Texts {
        self.texts(of.get(key)).map(template)
    }

    /// A text with its translations.
    pub(super) fn texts(&self, json: Option<&Json>) -> Texts {
        Texts::read(json, &self.language)
    }

    /// The exit of a node. One that leads nowhere, or to a node that is not there, ends the flow.
    pub(super) fn exit(&self, id: &str, destination: &str) -> Json {
        let mut exit = Map::new();
        exit.insert("uuid".to_owned(), id.into());
        if self.nodes.contains(destination) {
            exit.insert("destination_uuid".to_owned(), destination.into());
        }
        exit.into()
    }
}

/// A template in the current language.
pub(super) fn template(text: &str) -> String {
    migrate_template(text, TemplateOptions::default())
}

/// A part that can't be read. `at` names the set and what is in it.
pub(super) fn malformed(at: &str, property: &str, why: impl Into<String>) -> MigrationError {
    MigrationError::Malformed { at: format!("{at}, {property}"), why: why.into() }
}

/// A name that came from outside, short enough for a message.
pub(super) fn cut(name: &str) -> String {
    name.chars().take(36).collect()
}
