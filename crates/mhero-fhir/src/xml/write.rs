//! From the tree of JSON to XML.

use quick_xml::{
    Writer,
    events::{BytesEnd, BytesStart, BytesText, Event},
};
use serde_json::{Map, Value};

use super::{DEPTH_MAX, NAMESPACE, XmlError};
use crate::{
    narrative::{in_xml, is_no_character},
    schema::{PartId, Schema, Type},
};

/// Writes one resource. What R4 does not have is left out: XML has no place for it.
///
/// # Errors
/// [`XmlError::Kind`] for a resource without rules here, [`XmlError::Deep`] for one that nobody wrote by hand.
///
/// ```
/// # use serde_json::json;
/// let location = json!({ "resourceType": "Location", "name": "Fissebu Clinic", "status": "active" });
/// let text = mhero_fhir::xml::to_xml(&location).expect("a resource");
/// assert!(text.ends_with(r#"<status value="active"/><name value="Fissebu Clinic"/></Location>"#));
/// ```
pub fn to_xml(resource: &Value) -> Result<String, XmlError> {
    let mut tree = Tree { writer: Writer::new(Vec::new()), schema: Schema::r4() };
    tree.resource(resource, true, 0)?;
    Ok(String::from_utf8(tree.writer.into_inner()).expect("it was written from text"))
}

struct Tree {
    writer: Writer<Vec<u8>>,
    schema: &'static Schema,
}

impl Tree {
    fn put(&mut self, event: Event<'_>) -> Result<(), XmlError> {
        // Writing to memory does not fail; what the writer says is told all the same.
        self.writer.write_event(event).map_err(|error| XmlError::Broken { at: 0, why: error.to_string() })
    }

    fn resource(&mut self, value: &Value, is_root: bool, depth: usize) -> Result<(), XmlError> {
        let kind = value["resourceType"].as_str().unwrap_or_default();
        let (Some(part), Some(object)) = (self.schema.resource(kind), value.as_object()) else {
            return Err(XmlError::Kind { kind: kind.to_owned() });
        };
        let mut start = BytesStart::new(kind);
        if is_root {
            start.push_attribute(("xmlns", NAMESPACE));
        }
        self.put(Event::Start(start))?;
        self.elements(part, object, (true, depth))?;
        self.put(Event::End(BytesEnd::new(kind)))
    }

    fn elements(
        &mut self,
        part: PartId,
        object: &Map<String, Value>,
        (is_resource, depth): (bool, usize),
    ) -> Result<(), XmlError> {
        if depth > DEPTH_MAX {
            return Err(XmlError::Deep);
        }
        let part = self.schema.part(part);
        for element in &part.elements {
            if !is_resource && is_attribute(&part.path, element.name) {
                continue;
            }
            for (name, type_) in part.names(element) {
                let (value, beside) = (object.get(&name), object.get(&format!("_{name}")));
                match (value, beside) {
                    (None, None) => {}
                    (Some(Value::Array(list)), beside) => {
                        for (at, one) in list.iter().enumerate() {
                            let beside = beside.and_then(|beside| beside.get(at));
                            self.element((&name, type_), Some(one), beside, depth)?;
                        }
                    }
                    (None, Some(Value::Array(list))) => {
                        for beside in list {
                            self.element((&name, type_), None, Some(beside), depth)?;
                        }
                    }
                    (value, beside) => self.element((&name, type_), value, beside, depth)?,
                }
            }
        }
        Ok(())
    }

    fn element(
        &mut self,
        (name, type_): (&str, &Type),
        value: Option<&Value>,
        beside: Option<&Value>,
        depth: usize,
    ) -> Result<(), XmlError> {
        match type_ {
            Type::Primitive(crate::primitive::Primitive::Xhtml) => {
                let raw = value.and_then(Value::as_str).unwrap_or_default();
                // It is XML already, or becomes so.
                self.put(Event::Text(BytesText::from_escaped(in_xml(raw))))
            }
            Type::Primitive(_) | Type::Code(_) => self.primitive(name, value, beside, depth),
            Type::Part(_, part) | Type::Reference(part, _) => {
                let Some(object) = value.and_then(Value::as_object) else { return Ok(()) };
                let mut start = BytesStart::new(name);
                let path = &self.schema.part(*part).path;
                for attribute in ["id", "url"] {
                    let said = object.get(attribute).and_then(Value::as_str);
                    if let (Some(said), true) = (said, is_attribute(path, attribute)) {
                        start.push_attribute((attribute, said));
                    }
                }
                self.put(Event::Start(start))?;
                self.elements(*part, object, (false, depth + 1))?;
                self.put(Event::End(BytesEnd::new(name)))
            }
            Type::Resource => {
                let Some(value) = value else { return Ok(()) };
                self.put(Event::Start(BytesStart::new(name)))?;
                self.resource(value, false, depth + 1)?;
                self.put(Event::End(BytesEnd::new(name)))
            }
        }
    }

    fn primitive(
        &mut self,
        name: &str,
        value: Option<&Value>,
        beside: Option<&Value>,
        depth: usize,
    ) -> Result<(), XmlError> {
        let written = match value {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(other) => Some(other.to_string()),
        };
        // An element says something, or is left out.
        let beside =
            beside.and_then(Value::as_object).filter(|it| it.contains_key("id") || it.contains_key("extension"));
        if written.is_none() && beside.is_none() {
            return Ok(());
        }
        let mut start = BytesStart::new(name);
        if let Some(id) = beside.and_then(|beside| beside.get("id")).and_then(Value::as_str) {
            start.push_attribute(("id", id));
        }
        if let Some(written) = &written {
            start.push_attribute(("value", &*written.replace(is_no_character, "\u{fffd}")));
        }
        let Some(beside) = beside.filter(|beside| beside.contains_key("extension")) else {
            return self.put(Event::Empty(start));
        };
        self.put(Event::Start(start))?;
        let element = self.schema.named("Element").expect("our table has it");
        self.elements(element, beside, (false, depth + 1))?;
        self.put(Event::End(BytesEnd::new(name)))
    }
}

/// Whether an element of a data type stands in an attribute.
fn is_attribute(path: &str, name: &str) -> bool {
    name == "id" || (name == "url" && path == "Extension")
}
