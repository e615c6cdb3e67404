//! Changes to an entity as a directory holds it: what is not changed stays exactly as it was.

use jiff::Timestamp;
use mhero_core::record::Ref;

use super::{
    CONTACT_POINT, Element, Kind, Node, PLACE_VALUE, record, schema::put_in_order, view::id_of, write::is_kind,
};
use crate::words;

/// The fields that [`edit`] can change: of a provider all, of a facility or organisation `phone`, `name` and `active`,
/// and beside them any value of a facility check ([`is_of_place`]).
pub const EDITABLE: [&str; 9] = ["phone", "name", "given", "family", "language", "sex", "birth", "active", "facility"];
/// Digits at the end by which two spellings of one number are known to be the same: country codes and zeros stand before.
const SAME_DIGITS: usize = 8;

/// Why a change can't be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The entity does not hold the value that was to be changed.
    OldValue,
    /// Entities of this kind have no such field, or it can't be written.
    Field,
    /// The new value is none for this field.
    NewValue,
}

/// What an entity holds in a field, as [`edit`] takes it; the first where there are several.
pub fn value_of(kind: Kind, entity: &Element, field: &str) -> Option<String> {
    let demographic = entity.first("demographic");
    let name = || demographic?.first("name");
    match field {
        "name" if kind != Kind::Provider => entity.words_of("primaryName"),
        "name" => name()?.words_of("commonName"),
        "given" => name()?.words_of("forename"),
        "family" => name()?.words_of("surname"),
        "phone" => phone_holder(kind, entity)?.children("contactPoint").find_map(number),
        "language" => entity.first("language")?.attribute("code").map(str::to_owned),
        "sex" => words::sex(&demographic?.words_of("gender")?).map(str::to_owned),
        "birth" => demographic?.words_of("dateOfBirth"),
        "active" => Some((entity.first("record")?.attribute("status")? != "106-002").to_string()),
        "facility" => {
            let own = entity.first("facilities")?.first("facility")?;
            Some(format!("facility/{}", own.attribute("entityID")?))
        }
        key if is_of_place(kind, key) => entity.children("extension").find(|own| is_value(own, key))?.words_of("value"),
        _ => None,
    }
}

/// Changes one field. `old` is what it held when the change was proposed; an empty `new` takes the value away.
///
/// # Errors
/// [`Difference`]: then nothing is changed.
pub fn edit(kind: Kind, entity: &mut Element, field: &str, old: Option<&str>, new: &str) -> Result<(), Difference> {
    let new = new.trim();
    match (kind, field) {
        (Kind::Service, _) => return Err(Difference::Field),
        (_, "phone") => phone(kind, entity, old, new)?,
        (_, "active") => active(entity, new)?,
        (Kind::Provider, "name") => part(entity, "commonName", new)?,
        (_, "name") if new.is_empty() => return Err(Difference::NewValue),
        (_, "name") => entity.first_or_new("primaryName").set_words(new),
        (Kind::Provider, "given") => part(entity, "forename", new)?,
        (Kind::Provider, "family") => part(entity, "surname", new)?,
        (Kind::Provider, "language") => language(entity, new)?,
        (Kind::Provider, "sex") => sex(entity, new)?,
        (Kind::Provider, "birth") => birth(entity, new)?,
        (Kind::Provider, "facility") => facility(entity, old, new)?,
        (kind, key) if is_of_place(kind, key) => place_value(entity, key, new),
        _ => return Err(Difference::Field),
    }
    put_in_order(kind, entity);
    Ok(())
}

/// Whether a field is a value of a facility check: any key, of a facility or organisation, that is not a member of its own.
pub fn is_of_place(kind: Kind, field: &str) -> bool {
    let is_key = !field.is_empty() && field.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    matches!(kind, Kind::Facility | Kind::Organization) && is_key && !EDITABLE.contains(&field)
}

/// Says in the entity's own record when it was changed.
pub fn touch(entity: &mut Element, at: Timestamp) {
    let record = entity.first_or_new("record");
    if record.attribute("created").is_none() {
        record.set_attribute("created", &at.to_string());
    }
    record.set_attribute("updated", &at.to_string());
    if record.attribute("status").is_none() {
        record.set_attribute("status", "106-001");
    }
}

/// Whether two entities are one state of one entity: the same instant of change and the same content.
pub fn is_unchanged(one: &Element, other: &Element) -> bool {
    record::stamp(one) == record::stamp(other) && one == other
}

fn is_value(extension: &Element, key: &str) -> bool {
    extension.attribute("urn") == Some(PLACE_VALUE) && extension.attribute("type") == Some(key)
}

/// Writes a value of a facility check into an extension of its own; an empty one takes it away.
fn place_value(entity: &mut Element, key: &str, new: &str) {
    let is_it = |node: &Node| matches!(node, Node::Element(own) if own.is("extension") && is_value(own, key));
    let at = entity.content.iter().position(is_it);
    let fresh = (!new.is_empty()).then(|| {
        let value = Element::new("value").text(new);
        Node::Element(Element::new("extension").with("type", key).with("urn", PLACE_VALUE).child(value))
    });
    match (at, fresh) {
        (Some(at), fresh) => drop(entity.content.splice(at..=at, fresh)),
        (None, Some(fresh)) => entity.content.push(fresh),
        (None, None) => {}
    }
}

fn phone_holder(kind: Kind, entity: &Element) -> Option<&Element> {
    if kind == Kind::Provider { entity.first("demographic") } else { Some(entity) }
}

/// The number of a contact point that is a phone.
fn number(point: &Element) -> Option<String> {
    let coded = point.first("codedType")?;
    let code = coded.attribute("code").unwrap_or_default().to_uppercase();
    coded.words().filter(|text| !code.contains("FAX") && !code.contains("MAIL") && !text.contains('@'))
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Whether two spellings are of one number.
fn is_same_number(one: &str, other: &str) -> bool {
    let (one, other) = (digits(one), digits(other));
    let end = |text: &str| text.len().checked_sub(SAME_DIGITS).map(|from| text[from..].to_owned());
    !one.is_empty() && (one == other || (end(&one).is_some() && end(&one) == end(&other)))
}

fn phone(kind: Kind, entity: &mut Element, old: Option<&str>, new: &str) -> Result<(), Difference> {
    if !new.is_empty() && digits(new).len() < 3 {
        return Err(Difference::NewValue);
    }
    let holder = if kind == Kind::Provider { entity.first_or_new("demographic") } else { entity };
    let old = old.filter(|old| !old.trim().is_empty());
    let Some(old) = old else {
        let there = holder.children("contactPoint").filter_map(number).any(|text| is_same_number(&text, new));
        if !new.is_empty() && !there {
            let coded = Element::new("codedType").with("code", "BP").with("codingScheme", CONTACT_POINT).text(new);
            holder.content.push(Node::Element(Element::new("contactPoint").child(coded)));
        }
        return Ok(());
    };
    let is_old = |node: &Node| match node {
        Node::Element(point) => {
            point.is("contactPoint") && number(point).is_some_and(|text| is_same_number(&text, old))
        }
        Node::Text(_) => false,
    };
    let at = holder.content.iter().position(is_old).ok_or(Difference::OldValue)?;
    if new.is_empty() {
        holder.content.remove(at);
    } else if let Node::Element(point) = &mut holder.content[at] {
        point.first_or_new("codedType").set_words(new);
    }
    Ok(())
}

fn active(entity: &mut Element, new: &str) -> Result<(), Difference> {
    let is_active = words::in_service(new).ok_or(Difference::NewValue)?;
    let record = entity.first_or_new("record");
    let in_codes = record.attribute("status").is_none_or(|status| status.starts_with("106-"));
    record.set_attribute(
        "status",
        match (in_codes, is_active) {
            (true, true) => "106-001",
            (true, false) => "106-002",
            (false, true) => "Active",
            (false, false) => "Inactive",
        },
    );
    Ok(())
}

/// Sets a part of the first name. A common name that lists the parts for sorting follows them.
fn part(entity: &mut Element, part: &str, new: &str) -> Result<(), Difference> {
    if part == "commonName" && new.is_empty() {
        return Err(Difference::NewValue);
    }
    let name = entity.first_or_new("demographic").first_or_new("name");
    let parts = |name: &Element| {
        let word = |part: &str| name.words_of(part).unwrap_or_default();
        (word("forename"), word("surname"))
    };
    let (given, family) = parts(name);
    let common = name.words_of("commonName").unwrap_or_default();
    name.first_or_new(part).set_words(new);
    let (new_given, new_family) = parts(name);
    if common == format!("{family}, {given}") && part != "commonName" {
        name.first_or_new("commonName").set_words(&format!("{new_family}, {new_given}"));
    } else if common == format!("{given} {family}") && part != "commonName" {
        name.first_or_new("commonName").set_words(&format!("{new_given} {new_family}"));
    }
    Ok(())
}

fn language(entity: &mut Element, new: &str) -> Result<(), Difference> {
    let lang = words::language(new).ok_or(Difference::NewValue)?;
    let element = entity.first_or_new("language");
    element.set_attribute("code", lang.bcp47());
    element.set_attribute("codingScheme", "BCP 47");
    element.content.clear();
    Ok(())
}

fn sex(entity: &mut Element, new: &str) -> Result<(), Difference> {
    let sex = match words::sex(new).ok_or(Difference::NewValue)? {
        "female" => "F",
        "male" => "M",
        other => other,
    };
    entity.first_or_new("demographic").first_or_new("gender").set_words(sex);
    Ok(())
}

fn birth(entity: &mut Element, new: &str) -> Result<(), Difference> {
    let day: jiff::civil::Date = new.parse().map_err(|_| Difference::NewValue)?;
    entity.first_or_new("demographic").first_or_new("dateOfBirth").set_words(&day.to_string());
    Ok(())
}

/// Puts one facility in the place of another. Hours and services at the old one end with it.
fn facility(entity: &mut Element, old: Option<&str>, new: &str) -> Result<(), Difference> {
    let parse = |text: &str| -> Option<Ref> {
        let (kind, id) = text.split_once('/')?;
        (is_kind(kind, Kind::Facility) && !id.is_empty()).then(|| Ref::Id { kind: kind.to_owned(), id: id.to_owned() })
    };
    let id = |text: &str| match parse(text) {
        Some(Ref::Id { id, .. }) => Ok(id),
        _ => Err(Difference::NewValue),
    };
    let replacement = if new.is_empty() { None } else { Some(id(new)?) };
    let old = old.filter(|old| !old.is_empty()).map(id).transpose().map_err(|_| Difference::OldValue)?;
    let is_one = |node: &Node, wanted: &str| match node {
        Node::Element(own) => own.is("facility") && id_of(own).is_some_and(|own| own == wanted.to_lowercase()),
        Node::Text(_) => false,
    };
    let holder = entity.first_or_new("facilities");
    let fresh = replacement.map(|id| Node::Element(Element::new("facility").with("entityID", &id)));
    match (old, fresh) {
        (Some(old), fresh) => {
            let at = holder.content.iter().position(|node| is_one(node, &old)).ok_or(Difference::OldValue)?;
            holder.content.splice(at..=at, fresh);
        }
        (None, Some(fresh)) => holder.content.push(fresh),
        (None, None) => {}
    }
    if holder.content.is_empty() {
        entity.content.retain(|node| !matches!(node, Node::Element(own) if own.is("facilities")));
    }
    Ok(())
}
