//! Reads translations.

use std::collections::HashMap;

use uuid::Uuid;

use super::{Tree, cut, fields::template, longer};
use crate::{
    definition::{
        Localization, Property, Text, limits,
        localization::{ItemTexts, Language},
    },
    error::{DefinitionError, DefinitionFault, Part, Place, PropertyFault, Rule},
};

/// Reads the translations of a flow.
pub(super) fn read(json: Option<Tree<'_>>) -> Result<Localization, DefinitionError> {
    let mut languages = Vec::new();
    match json {
        None => {}
        Some(Tree::Object(map)) => {
            for (code, source) in map {
                let Some(language) = super::language(&code) else {
                    return Err(wrong(None, DefinitionFault::InvalidLanguage(cut(&code))));
                };
                let items = items(&source).map_err(|fault| wrong(Some(code.into_owned()), fault))?;
                languages.push(Language { code: language, items, source: source.to_json() });
            }
        }
        Some(_) => {
            let fault = PropertyFault { property: "localization".to_owned(), rule: Rule::Type("an object") };
            return Err(DefinitionError::of_flow(DefinitionFault::Properties(vec![fault])));
        }
    }
    Ok(Localization { languages })
}

fn wrong(translation: Option<String>, fault: DefinitionFault) -> DefinitionError {
    let place = Place { translation, part: Part::Localization, ..Place::default() };
    DefinitionError { place: Box::new(place), fault }
}

fn items(json: &Tree<'_>) -> Result<HashMap<Uuid, ItemTexts>, DefinitionFault> {
    let map = match json {
        Tree::Null => return Ok(HashMap::new()),
        Tree::Object(map) => map,
        _ => return Err(DefinitionFault::Properties(vec![fault("items", Rule::Type("an object"))])),
    };
    let mut items = HashMap::with_capacity(map.len());
    for (uuid, json) in map {
        let item = super::fields::uuid_of(uuid).ok_or_else(|| DefinitionFault::InvalidItem(cut(uuid)))?;
        let texts = item_texts(json).map_err(|rule| DefinitionFault::InvalidTranslation { item, rule })?;
        items.insert(item, texts);
    }
    Ok(items)
}

fn item_texts(json: &Tree<'_>) -> Result<ItemTexts, PropertyFault> {
    let map = match json {
        Tree::Null => return Ok(ItemTexts::new()),
        Tree::Object(map) => map,
        _ => return Err(fault("item", Rule::Type("an object"))),
    };
    if map.len() > limits::LOCALIZED_PROPERTIES_MAX {
        return Err(fault("item", Rule::AtMost(limits::LOCALIZED_PROPERTIES_MAX)));
    }
    let mut texts = ItemTexts::with_capacity(map.len());
    for (word, json) in map {
        // Properties that nobody renders, such as an editor's notes, are only kept.
        if let Some(property) = Property::of(word)
            && !json.is_null()
        {
            texts.push((property, values(word, json)?));
        }
    }
    Ok(texts)
}

fn values(word: &str, json: &Tree<'_>) -> Result<Vec<Text>, PropertyFault> {
    let Tree::List(items) = json else { return Err(fault(word, Rule::Type("a list"))) };
    if items.len() > limits::LOCALIZED_VALUES_MAX {
        return Err(fault(word, Rule::AtMost(limits::LOCALIZED_VALUES_MAX)));
    }
    let mut values = Vec::with_capacity(items.len());
    for (n, item) in items.iter().enumerate() {
        let Tree::Text(text) = item else { return Err(fault(&format!("{word}[{n}]"), Rule::Type("a text"))) };
        if longer(text, limits::LOCALIZED_LENGTH_MAX) {
            return Err(fault(&format!("{word}[{n}]"), Rule::AtMost(limits::LOCALIZED_LENGTH_MAX)));
        }
        values.push(template(text));
    }
    Ok(values)
}

fn fault(property: &str, rule: Rule) -> PropertyFault {
    PropertyFault { property: property.to_owned(), rule }
}
