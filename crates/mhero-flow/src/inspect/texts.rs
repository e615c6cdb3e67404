//! The texts of a flow: which are templates, and which can be translated.

use std::collections::HashMap;

use mhero_core::Lang;
use uuid::Uuid;

use super::pieces::{Piece, Texts, of_action, of_router};
use crate::definition::{Action, Flow, ItemTexts, Node, Property, Text};

/// A template with its place.
#[derive(Clone, Copy, Debug)]
pub struct LocatedText<'f> {
    /// The node that it stands in.
    pub node: &'f Node,
    /// The action that it stands in; none means the router.
    pub action: Option<&'f Action>,
    /// The property, e.g. `quick_replies` or `cases[*].arguments`.
    pub property: &'static str,
    /// The language that it is a translation into; none means the flow's own.
    pub language: Option<Lang>,
    /// The template.
    pub text: &'f Text,
}

/// A text that a translator gets, with what translates it.
#[derive(Clone, Copy, Debug)]
pub struct Localizable<'f> {
    /// The node that it stands in.
    pub node: &'f Node,
    /// What it belongs to: an action, a case or a category.
    pub item: Uuid,
    /// The property that translates it.
    pub property: Property,
    /// Its place among the texts of the property.
    pub index: usize,
    /// The text in the flow's own language.
    pub text: &'f str,
}

/// Every template of a flow, with the translations of each property after it. Empty ones are left out.
pub fn templates(flow: &Flow) -> Vec<LocatedText<'_>> {
    let translations = Translations::of(flow);
    flow.nodes.iter().flat_map(|node| translations.templates(node)).collect()
}

/// The texts of a flow that a translator gets, in the order of reading. Empty ones are left out, and so are the variables of
/// message templates, which carriers translate with their templates.
pub fn localizables(flow: &Flow) -> Vec<Localizable<'_>> {
    let mut found = Vec::new();
    for node in &flow.nodes {
        pieces(node, &mut |_, piece| {
            let Some(property) = piece.translated.filter(|property| *property != Property::TemplateVariables) else {
                return;
            };
            let texts = piece.sources().enumerate().filter(|(_, text)| !text.is_empty());
            found.extend(texts.map(|(index, text)| Localizable { node, item: piece.item, property, index, text }));
        });
    }
    found
}

/// The translations of a flow by item, so that the cost of reading all of them grows with their number only.
pub(crate) struct Translations<'f>(HashMap<Uuid, Vec<(Lang, &'f ItemTexts)>>);

impl<'f> Translations<'f> {
    pub(crate) fn of(flow: &'f Flow) -> Self {
        Self(flow.localization.by_item())
    }

    /// The texts of a property of an item in each language that states it.
    pub(crate) fn all(&self, item: Uuid, property: Property) -> impl Iterator<Item = (Lang, &'f [Text])> {
        self.0.get(&item).into_iter().flatten().filter_map(move |(language, texts)| {
            let (_, texts) = texts.iter().find(|(of, _)| *of == property)?;
            Some((*language, texts.as_slice()))
        })
    }

    /// The templates of one node.
    pub(crate) fn templates(&self, node: &'f Node) -> Vec<LocatedText<'f>> {
        let mut found = Vec::new();
        pieces(node, &mut |action, piece| {
            let mut add = |language, texts: &'f [Text]| {
                let there = texts.iter().filter(|text| !text.source().is_empty());
                found.extend(there.map(|text| LocatedText { node, action, property: piece.name, language, text }));
            };
            add(None, piece.templates());
            if let (Some(property), Texts::Templates(_)) = (piece.translated, piece.texts) {
                self.all(piece.item, property).for_each(|(language, texts)| add(Some(language), texts));
            }
        });
        found
    }
}

/// Shows the properties of a node that people write, each with its action.
pub(crate) fn pieces<'f>(node: &'f Node, see: &mut dyn FnMut(Option<&'f Action>, Piece<'f>)) {
    for action in &node.actions {
        of_action(action, &mut |piece| see(Some(action), piece));
    }
    if let Some(router) = &node.router {
        of_router(router, &mut |piece| see(None, piece));
    }
}
