//! Texts of actions: rendered, translated, with events for what fails.

use mhero_core::Lang;
use mhero_expr::Rendered;
use uuid::Uuid;

use super::ActionContext;
use crate::{
    context::tell,
    definition::{Property, Text},
    events::{EventKind, Problem},
};

/// A text that a template gave, and whether all of its expressions did.
pub(super) struct Given {
    pub(super) text: String,
    pub(super) whole: bool,
}

impl dyn ActionContext + '_ {
    /// Writes an error event.
    pub(super) fn error(&mut self, problem: Problem) {
        self.log(EventKind::Error(problem));
    }

    /// Writes an error event for something that a definition refers to and that is not there.
    pub(super) fn missing(&mut self, kind: &str, key: &str, identity: &str, name: &str) {
        let text = format!("Missing dependency: {kind}[{key}={identity},name={name}]");
        self.error(Problem::coded(text, "dependency:missing").with("type", kind).with("identity", identity));
    }

    /// The text of a template, with an error event for each expression that fails.
    pub(super) fn given(&mut self, template: &Text) -> Given {
        let rendered = self.render(template);
        self.told(rendered)
    }

    /// As [`Self::given`], without a limit of its own for the text.
    pub(super) fn given_whole(&mut self, template: &Text) -> Given {
        let rendered = self.render_whole(template);
        self.told(rendered)
    }

    /// Writes the events of a text that was rendered.
    pub(super) fn told(&mut self, rendered: Rendered) -> Given {
        tell(self, &rendered.problems, &rendered.warnings);
        Given { text: rendered.text, whole: rendered.problems.is_empty() }
    }

    /// The text of a template, whatever failed.
    pub(super) fn text_of(&mut self, template: &Text) -> String {
        self.given(template).text
    }

    /// The texts of a property in the best of these languages, and that language.
    pub(super) fn translated(
        &self,
        item: Uuid,
        property: Property,
        own: &[Text],
        languages: &[Lang],
    ) -> (Vec<Text>, Lang) {
        let flow = self.flow();
        match flow.localization.find(languages, flow.language, item, property) {
            Some((language, texts)) => (texts.to_vec(), language),
            None => (own.to_vec(), flow.language),
        }
    }

    /// The text of a property in the best language of the contact, and that language.
    pub(super) fn translated_text(&self, item: Uuid, property: Property, own: &Text) -> (Text, Lang) {
        let (texts, language) = self.translated(item, property, std::slice::from_ref(own), &self.languages());
        (texts.into_iter().next().unwrap_or_else(|| own.clone()), language)
    }
}
