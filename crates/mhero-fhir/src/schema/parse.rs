//! Reads our tables. A mistake in them is a mistake in the program, and every test meets it.

use std::collections::HashMap;

use super::{ANY, Element, Part, PartId, Schema, Type};
use crate::primitive::Primitive;

/// Spaces that one level stands further in.
const INDENT: usize = 2;

/// What is known of an element before all types are.
struct Draft {
    /// With the `[x]` of a choice, which alone tells one: some have one type.
    name: &'static str,
    card: char,
    types: &'static str,
    /// The part that it opens.
    opens: Option<usize>,
}

struct PartDraft {
    path: String,
    base: &'static str,
    elements: Vec<Draft>,
}

pub(super) fn parse(tables: &[&'static str]) -> Schema {
    let (mut drafts, mut types, mut bases) = (Vec::new(), HashMap::new(), HashMap::new());
    for (number, table) in tables.iter().enumerate() {
        // Parts of data types are elements, parts of resources backbone elements.
        let part_base = if number == 0 { "Element" } else { "BackboneElement" };
        read_table(table, part_base, &mut drafts, &mut types, &mut bases);
    }
    let by_path: HashMap<String, usize> =
        drafts.iter().enumerate().map(|(at, draft)| (draft.path.clone(), at)).collect();
    let mut resources: Vec<&'static str> = types
        .keys()
        .copied()
        .filter(|name| *name != "Resource" && *name != "DomainResource" && descends(name, "Resource", &bases))
        .collect();
    resources.sort_unstable();
    let parts = drafts.iter().map(|draft| part(draft, &drafts, &by_path)).collect();
    let types = types.into_iter().map(|(name, at)| (name, PartId(at))).collect();
    Schema { parts, types, resources }
}

fn read_table(
    table: &'static str,
    part_base: &'static str,
    drafts: &mut Vec<PartDraft>,
    types: &mut HashMap<&'static str, usize>,
    bases: &mut HashMap<&'static str, &'static str>,
) {
    let mut open: Vec<usize> = Vec::new();
    for line in table.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let text = line.trim_start();
        let depth = (line.len() - text.len()) / INDENT;
        if depth == 0 {
            let (name, base) = text.split_once(" : ").expect("a type and its base");
            types.insert(name, drafts.len());
            bases.insert(name, base);
            open = vec![drafts.len()];
            drafts.push(PartDraft { path: name.to_owned(), base, elements: Vec::new() });
            continue;
        }
        open.truncate(depth);
        if text == "}" {
            continue;
        }
        let mut words = text.splitn(3, ' ');
        let (name, card, types) = (
            words.next().expect("a name"),
            words.next().and_then(|card| card.chars().next()).expect("a card"),
            words.next().expect("a type"),
        );
        let holder = *open.last().expect("an element stands in a type");
        let opens = (types == "{").then_some(drafts.len());
        drafts[holder].elements.push(Draft { name, card, types, opens });
        if let Some(at) = opens {
            let path = format!("{}.{name}", drafts[holder].path);
            drafts.push(PartDraft { path, base: part_base, elements: Vec::new() });
            open.push(at);
        }
    }
}

fn descends(name: &str, from: &str, bases: &HashMap<&'static str, &'static str>) -> bool {
    name == from || bases.get(name).is_some_and(|base| descends(base, from, bases))
}

fn part(draft: &PartDraft, drafts: &[PartDraft], by_path: &HashMap<String, usize>) -> Part {
    let mut chain = vec![draft];
    while let Some(&at) = by_path.get(chain.last().expect("it has one").base) {
        chain.push(&drafts[at]);
    }
    let elements = chain
        .iter()
        .rev()
        .flat_map(|draft| draft.elements.iter())
        .map(|element| Element {
            name: element.name.trim_end_matches("[x]"),
            is_choice: element.name.ends_with("[x]"),
            is_required: matches!(element.card, '!' | '+'),
            is_list: matches!(element.card, '*' | '+'),
            types: element_types(element, by_path),
        })
        .collect();
    let mut part = Part { path: draft.path.clone(), elements, by_name: HashMap::new() };
    part.index();
    part
}

fn element_types(element: &Draft, by_path: &HashMap<String, usize>) -> Vec<Type> {
    if let Some(at) = element.opens {
        return vec![Type::Part("", PartId(at))];
    }
    if let Some(path) = element.types.strip_prefix('#') {
        let at = by_path.get(path).expect("what is repeated is a part");
        return vec![Type::Part("", PartId(*at))];
    }
    if element.types == "any" {
        return ANY.split_whitespace().map(|name| named(name, by_path)).collect();
    }
    element.types.split('|').map(|name| named(name, by_path)).collect()
}

fn named(written: &'static str, by_path: &HashMap<String, usize>) -> Type {
    let (name, inside) = match written.split_once('(') {
        Some((name, inside)) => (name, Some(inside.trim_end_matches(')'))),
        None => (written, None),
    };
    let part = || PartId(*by_path.get(name).expect("a type of our table"));
    match (name, inside) {
        ("code", Some(codes)) => Type::Code(codes.split(' ').collect()),
        ("Reference", kinds) => {
            Type::Reference(part(), kinds.map(|kinds| kinds.split(',').collect()).unwrap_or_default())
        }
        ("Resource", _) => Type::Resource,
        _ => match Primitive::named(name) {
            Some(primitive) => Type::Primitive(primitive),
            None => Type::Part(written, part()),
        },
    }
}
