//! Translations: by language, then by item, then by property.

use std::collections::HashMap;

use mhero_core::Lang;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::Text;

/// A property whose texts can be translated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Property {
    /// The text of a message.
    Text,
    /// The attachments of a message.
    Attachments,
    /// The quick replies of a message.
    QuickReplies,
    /// The variables of a message template.
    TemplateVariables,
    /// The recording of a message or an action.
    AudioUrl,
    /// The subject of an e-mail.
    Subject,
    /// The body of an e-mail.
    Body,
    /// The arguments of a case.
    Arguments,
    /// The name of a category.
    Name,
    /// The category that an action saves.
    Category,
}

impl Property {
    /// Every property.
    pub const ALL: [Self; 10] = [
        Self::Text,
        Self::Attachments,
        Self::QuickReplies,
        Self::TemplateVariables,
        Self::AudioUrl,
        Self::Subject,
        Self::Body,
        Self::Arguments,
        Self::Name,
        Self::Category,
    ];

    /// The word of the specification, e.g. `quick_replies`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Attachments => "attachments",
            Self::QuickReplies => "quick_replies",
            Self::TemplateVariables => "template_variables",
            Self::AudioUrl => "audio_url",
            Self::Subject => "subject",
            Self::Body => "body",
            Self::Arguments => "arguments",
            Self::Name => "name",
            Self::Category => "category",
        }
    }

    /// The property of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|property| property.word() == word)
    }
}

/// The translated texts of one item in one language.
pub type ItemTexts = Vec<(Property, Vec<Text>)>;

/// The translations of a flow.
#[derive(Clone, Debug, Default)]
pub struct Localization {
    pub(super) languages: Vec<Language>,
}

/// The translations into one language.
#[derive(Clone, Debug)]
pub(super) struct Language {
    pub(super) code: Lang,
    pub(super) items: HashMap<Uuid, ItemTexts>,
    /// As it came, to be written back: it also holds what nobody renders.
    pub(super) source: Json,
}

impl Localization {
    /// The translations as they came.
    pub(super) fn to_json(&self) -> Json {
        let languages = self.languages.iter().map(|language| (language.code.to_string(), language.source.clone()));
        Json::Object(languages.collect::<Map<String, Json>>())
    }

    /// The languages that there are translations for, in the order of the definition.
    pub fn languages(&self) -> impl Iterator<Item = Lang> {
        self.languages.iter().map(|language| language.code)
    }

    /// Whether there are translations for a language.
    pub fn has(&self, language: Lang) -> bool {
        self.languages.iter().any(|there| there.code == language)
    }

    /// The texts of a property of an item in one language. `None` where it is not translated; an empty list, or texts that
    /// are all empty, mean not translated too.
    pub fn get(&self, language: Lang, item: Uuid, property: Property) -> Option<&[Text]> {
        let texts = self.stated(language, item, property)?;
        texts.iter().any(|text| !text.source().is_empty()).then_some(texts)
    }

    /// As [`Localization::get`], with empty texts as they stand.
    pub fn stated(&self, language: Lang, item: Uuid, property: Property) -> Option<&[Text]> {
        let there = self.languages.iter().find(|there| there.code == language)?;
        let texts = there.items.get(&item)?;
        texts.iter().find(|(of, _)| *of == property).map(|(_, texts)| texts.as_slice())
    }

    /// The translations of each item, by its uuid: languages in the order of the definition. For whoever looks at all of them.
    pub fn by_item(&self) -> HashMap<Uuid, Vec<(Lang, &ItemTexts)>> {
        let mut all: HashMap<Uuid, Vec<_>> = HashMap::new();
        for language in &self.languages {
            for (item, texts) in &language.items {
                all.entry(*item).or_default().push((language.code, texts));
            }
        }
        all
    }

    /// The texts to use for a reader, and their language: the first of the preferred languages that the item is translated
    /// to. A preferred language that is the flow's own ends the search, as the item itself is in it. `None` means: use the
    /// item itself.
    pub fn find(&self, preferred: &[Lang], own: Lang, item: Uuid, property: Property) -> Option<(Lang, &[Text])> {
        for language in preferred {
            if *language == own {
                return None;
            }
            if let Some(texts) = self.get(*language, item, property) {
                return Some((*language, texts));
            }
        }
        None
    }
}
