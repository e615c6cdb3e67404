//! Reads the properties of one JSON object and remembers all that is wrong with them.

use std::sync::{Arc, LazyLock};

use mhero_expr::{Template, TopLevels};
use uuid::Uuid;

use super::Tree;
use crate::{
    definition::{Target, Text, limits},
    error::{DefinitionFault, PropertyFault, Rule},
    refs::{FieldRef, Reference},
};

static NAMES: LazyLock<TopLevels> = LazyLock::new(TopLevels::flow);
static EMPTY: LazyLock<Text> = LazyLock::new(|| Arc::new(Template::parse_any("", &NAMES)));

/// A text as a template.
pub(in crate::definition) fn template(text: &str) -> Text {
    if text.is_empty() { EMPTY.clone() } else { Arc::new(Template::parse_any(text, &NAMES)) }
}

/// A uuid in its usual form of 36 characters.
pub(in crate::definition) fn uuid_of(text: &str) -> Option<Uuid> {
    (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten()
}

/// A text of foreign origin, short enough for an error.
pub(in crate::definition) fn cut(text: &str) -> String {
    text.chars().take(100).collect()
}

/// The properties of an object. What can't be read gives an empty value and a fault; [`Object::finish`] tells.
pub(in crate::definition) struct Object<'a> {
    json: &'a Tree<'a>,
    /// The way to the object, in words only when something is wrong.
    way: Vec<(&'static str, Option<usize>)>,
    faults: Vec<PropertyFault>,
    other: Option<DefinitionFault>,
}

impl<'a> Object<'a> {
    /// Any JSON; what is no object has no properties.
    pub(in crate::definition) fn new(json: &'a Tree<'a>) -> Self {
        Self { json, way: Vec::new(), faults: Vec::new(), other: None }
    }

    /// All that was wrong.
    pub(in crate::definition) fn finish(self) -> Result<(), DefinitionFault> {
        match self.other {
            _ if !self.faults.is_empty() => Err(DefinitionFault::Properties(self.faults)),
            Some(other) => Err(other),
            None => Ok(()),
        }
    }

    /// Remembers what is wrong with a value that is well formed; the first counts.
    pub(in crate::definition) fn refuse(&mut self, fault: DefinitionFault) {
        self.other.get_or_insert(fault);
    }

    /// Remembers a fault of a property.
    pub(in crate::definition) fn fault(&mut self, name: &str, rule: Rule) {
        let mut property = String::new();
        for (name, place) in &self.way {
            property.push_str(name);
            if let Some(place) = place {
                property.push_str(&format!("[{place}]"));
            }
            property.push('.');
        }
        property.push_str(name);
        self.faults.push(PropertyFault { property, rule });
    }

    fn fault_at(&mut self, name: &str, place: usize, rule: Rule) {
        self.fault(&format!("{name}[{place}]"), rule);
    }

    /// A property that is neither missing nor null.
    pub(in crate::definition) fn get(&self, name: &str) -> Option<&'a Tree<'a>> {
        self.json.get(name).filter(|json| !json.is_null())
    }

    /// Reads the object in a property.
    pub(in crate::definition) fn inner<T>(
        &mut self,
        name: &'static str,
        json: &'a Tree<'a>,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.within(name, None, json, read)
    }

    /// Reads the objects in a list.
    pub(in crate::definition) fn each<T>(
        &mut self,
        name: &'static str,
        items: &'a [Tree<'a>],
        read: impl Fn(&mut Self) -> T,
    ) -> Vec<T> {
        items.iter().enumerate().map(|(n, item)| self.within(name, Some(n), item, &read)).collect()
    }

    fn within<T>(
        &mut self,
        name: &'static str,
        place: Option<usize>,
        json: &'a Tree<'a>,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let before = self.faults.len();
        let outer = std::mem::replace(&mut self.json, json);
        self.way.push((name, place));
        let value = read(self);
        self.way.pop();
        self.json = outer;
        if json.as_object().is_none() {
            // That its properties are missing is no news.
            self.faults.truncate(before);
            let rule = if json.is_null() { Rule::Required } else { Rule::Type("an object") };
            match place {
                Some(place) => self.fault_at(name, place, rule),
                None => self.fault(name, rule),
            }
        }
        value
    }

    /// A text, empty when it is missing.
    pub(in crate::definition) fn word(&mut self, name: &str) -> &'a str {
        match self.get(name) {
            None => "",
            Some(Tree::Text(text)) => text,
            Some(_) => {
                self.fault(name, Rule::Type("a text"));
                ""
            }
        }
    }

    /// A text that must be there.
    pub(in crate::definition) fn needed_word(&mut self, name: &str) -> &'a str {
        let before = self.faults.len();
        let word = self.word(name);
        if word.is_empty() && self.faults.len() == before {
            self.fault(name, Rule::Required);
        }
        word
    }

    /// A text of at most so many characters, which must be there.
    pub(in crate::definition) fn needed_name(&mut self, name: &str, max: usize) -> Arc<str> {
        let word = self.needed_word(name);
        self.limit(name, word, max);
        word.into()
    }

    /// The name of a result, a local variable or the like, which must be there.
    pub(in crate::definition) fn needed_label(&mut self, name: &str, what: &'static str) -> Arc<str> {
        let word = self.needed_word(name);
        self.label(name, what, word);
        word.into()
    }

    /// The name of a result, where there is one.
    pub(in crate::definition) fn result_name(&mut self) -> Option<Arc<str>> {
        let word = self.word("result_name");
        self.label("result_name", "result name", word);
        (!word.is_empty()).then(|| word.into())
    }

    fn label(&mut self, name: &str, what: &'static str, word: &str) {
        let blank = !word.is_empty() && word.trim().is_empty();
        if blank || longer(word, limits::RESULT_NAME_LENGTH_MAX) {
            self.fault(name, Rule::Kind(what));
        }
    }

    fn limit(&mut self, name: &str, text: &str, max: usize) {
        if longer(text, max) {
            self.fault(name, Rule::AtMost(max));
        }
    }

    /// A template, empty when it is missing.
    pub(in crate::definition) fn text(&mut self, name: &str) -> Text {
        let text = self.word(name);
        self.limited(name, text, limits::TEXT_LENGTH_MAX)
    }

    /// A template that must be there.
    pub(in crate::definition) fn needed_text(&mut self, name: &str, max: usize) -> Text {
        let text = self.needed_word(name);
        self.limited(name, text, max)
    }

    /// A template, where it is there and not empty.
    pub(in crate::definition) fn some_text(&mut self, name: &str, max: usize) -> Option<Text> {
        let text = self.word(name);
        (!text.is_empty()).then(|| self.limited(name, text, max))
    }

    /// A text as a template, unless it is too long.
    pub(in crate::definition) fn limited(&mut self, name: &str, text: &str, max: usize) -> Text {
        if longer(text, max) {
            self.fault(name, Rule::AtMost(max));
            return template("");
        }
        template(text)
    }

    /// Templates, each of at most so many characters.
    pub(in crate::definition) fn texts(&mut self, name: &str, max: usize) -> Vec<Text> {
        self.plain_texts(name, max).into_iter().map(template).collect()
    }

    /// Texts that are no templates.
    pub(in crate::definition) fn words(&mut self, name: &str) -> Vec<Arc<str>> {
        self.plain_texts(name, limits::TEXT_LENGTH_MAX).into_iter().map(Arc::from).collect()
    }

    fn plain_texts(&mut self, name: &str, max: usize) -> Vec<&'a str> {
        let items = self.list(name, limits::ITEMS_MAX);
        let mut texts = Vec::with_capacity(items.len());
        for (n, item) in items.iter().enumerate() {
            match item.as_str() {
                Some(text) if longer(text, max) => self.fault_at(name, n, Rule::AtMost(max)),
                Some(text) => texts.push(text),
                None => self.fault_at(name, n, Rule::Type("a text")),
            }
        }
        texts
    }

    /// A list, empty when it is missing.
    pub(in crate::definition) fn list(&mut self, name: &str, max: usize) -> &'a [Tree<'a>] {
        match self.get(name) {
            None => &[],
            Some(Tree::List(items)) if items.len() > max => {
                self.fault(name, Rule::AtMost(max));
                &[]
            }
            Some(Tree::List(items)) => items,
            Some(_) => {
                self.fault(name, Rule::Type("a list"));
                &[]
            }
        }
    }

    /// Says that a property must be there.
    pub(in crate::definition) fn need(&mut self, name: &str) {
        if self.get(name).is_none() {
            self.fault(name, Rule::Required);
        }
    }

    /// A uuid that must be there.
    pub(in crate::definition) fn uuid(&mut self, name: &str) -> Uuid {
        let word = self.needed_word(name);
        self.checked_uuid(name, word).unwrap_or_default()
    }

    /// A uuid, where it is there and not empty.
    pub(in crate::definition) fn some_uuid(&mut self, name: &str) -> Option<Uuid> {
        let word = self.word(name);
        self.checked_uuid(name, word)
    }

    fn checked_uuid(&mut self, name: &str, word: &str) -> Option<Uuid> {
        if word.is_empty() {
            return None;
        }
        let uuid = uuid_of(word);
        if uuid.is_none() {
            self.fault(name, Rule::Uuid);
        }
        uuid
    }

    /// Yes or no; no when it is missing.
    pub(in crate::definition) fn flag(&mut self, name: &str) -> bool {
        match self.get(name) {
            None => false,
            Some(Tree::Bool(flag)) => *flag,
            Some(_) => {
                self.fault(name, Rule::Type("true or false"));
                false
            }
        }
    }

    /// A whole number that is not negative; 0 when it is missing.
    pub(in crate::definition) fn whole(&mut self, name: &str, max: u64) -> u64 {
        let number = match self.get(name) {
            None => return 0,
            Some(Tree::Number(number)) => number.as_u64(),
            Some(_) => None,
        };
        match number {
            Some(number) if number <= max => return number,
            Some(_) => self.fault(name, Rule::AtMost(usize::try_from(max).unwrap_or(usize::MAX))),
            None => self.fault(name, Rule::Type("a whole number")),
        }
        0
    }

    /// A whole number, where it is there and not 0.
    pub(in crate::definition) fn some_whole(&mut self, name: &str) -> Option<u32> {
        let number = self.whole(name, u64::from(u32::MAX));
        u32::try_from(number).ok().filter(|number| *number > 0)
    }

    /// A reference that must be there.
    pub(in crate::definition) fn reference(&mut self, name: &'static str) -> Reference {
        self.need(name);
        self.some_reference(name).unwrap_or_else(|| Reference::new(Uuid::nil(), ""))
    }

    /// A reference, where there is one.
    pub(in crate::definition) fn some_reference(&mut self, name: &'static str) -> Option<Reference> {
        let json = self.get(name)?;
        Some(self.inner(name, json, |object| object.as_reference(Some(limits::NAME_LENGTH_MAX))))
    }

    /// This object as a reference.
    pub(in crate::definition) fn as_reference(&mut self, max: Option<usize>) -> Reference {
        let uuid = self.uuid("uuid");
        let name = self.word("name");
        if let Some(max) = max {
            self.limit("name", name, max);
        }
        Reference::new(uuid, name)
    }

    /// A reference to a field, which must be there.
    pub(in crate::definition) fn field(&mut self, name: &'static str) -> FieldRef {
        let Some(json) = self.get(name) else {
            self.fault(name, Rule::Required);
            return FieldRef::new("", "");
        };
        self.inner(name, json, |object| {
            let key = object.needed_name("key", limits::NAME_LENGTH_MAX);
            let name = object.word("name");
            object.limit("name", name, limits::NAME_LENGTH_MAX);
            FieldRef { key, name: name.into() }
        })
    }

    /// References to contacts.
    pub(in crate::definition) fn contacts(&mut self, name: &'static str) -> Vec<Reference> {
        let items = self.list(name, limits::ITEMS_MAX);
        self.each(name, items, |object| object.as_reference(None))
    }

    /// Groups or labels, known or by name.
    pub(in crate::definition) fn targets(&mut self, name: &'static str) -> Vec<Target> {
        let items = self.list(name, limits::ITEMS_MAX);
        let target = |object: &mut Self| match object.some_text("name_match", limits::TEXT_LENGTH_MAX) {
            Some(text) => Target::NameMatch(text),
            None => Target::Known(object.as_reference(Some(limits::NAME_LENGTH_MAX))),
        };
        self.each(name, items, target)
    }
}

/// Whether a text has more than so many characters.
pub(in crate::definition) fn longer(text: &str, max: usize) -> bool {
    text.len() > max && text.chars().count() > max
}
