//! From XML to the tree of JSON.

use quick_xml::{
    Reader, XmlVersion,
    escape::unescape,
    events::{BytesStart, Event},
};
use serde_json::{Map, Value, json};

use super::{DEPTH_MAX, NAMESPACE, XmlError};
use crate::{
    primitive::Primitive,
    schema::{Element, PartId, Schema, Type},
};

/// Reads one resource.
///
/// # Errors
/// [`XmlError`] when the text is broken, or holds what R4 does not have.
///
/// ```
/// let text = r#"<Location xmlns="http://hl7.org/fhir"><name value="Fissebu Clinic"/><alias value="Fissebu"/></Location>"#;
/// let location = mhero_fhir::xml::from_xml(text).expect("a resource");
/// assert_eq!(location["alias"][0], "Fissebu");
/// ```
pub fn from_xml(text: &str) -> Result<Value, XmlError> {
    let mut tree = Tree { reader: Reader::from_str(text), text, schema: Schema::r4() };
    loop {
        match tree.next()? {
            Event::Start(start) => return tree.root(&start, false),
            Event::Empty(start) => return tree.root(&start, true),
            Event::DocType(_) => return Err(XmlError::DocumentType),
            Event::Eof => return Err(XmlError::Broken { at: 0, why: "there is no element".to_owned() }),
            _ => {}
        }
    }
}

struct Tree<'a> {
    reader: Reader<&'a [u8]>,
    text: &'a str,
    schema: &'static Schema,
}

/// A value with what stands beside it in JSON: id and extensions.
struct Read {
    value: Value,
    beside: Option<Value>,
}

impl<'a> Tree<'a> {
    fn broken(&self, why: impl std::fmt::Display) -> XmlError {
        XmlError::Broken { at: self.reader.error_position().max(self.reader.buffer_position()), why: why.to_string() }
    }

    fn next(&mut self) -> Result<Event<'a>, XmlError> {
        self.reader.read_event().map_err(|error| self.broken(error))
    }

    fn root(&mut self, start: &BytesStart<'_>, is_empty: bool) -> Result<Value, XmlError> {
        let attributes = self.attributes(start)?;
        let prefix = start.name().prefix().map(|prefix| prefix.as_ref().to_owned());
        let declaration = prefix.map_or_else(|| "xmlns".to_owned(), |prefix| format!("xmlns:{prefix}"));
        if !attributes.iter().any(|(name, value)| *name == declaration && value == NAMESPACE) {
            return Err(XmlError::Namespace);
        }
        let resource = self.resource(start, is_empty, 0)?;
        loop {
            match self.next()? {
                Event::Eof => return Ok(resource),
                Event::Start(_) | Event::Empty(_) => return Err(self.broken("a second element follows the first")),
                _ => {}
            }
        }
    }

    fn attributes(&self, start: &BytesStart<'_>) -> Result<Vec<(String, String)>, XmlError> {
        let mut found = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| self.broken(error))?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| self.broken(error))?;
            found.push((attribute.key.as_ref().to_owned(), value.into_owned()));
        }
        Ok(found)
    }

    fn resource(&mut self, start: &BytesStart<'_>, is_empty: bool, depth: usize) -> Result<Value, XmlError> {
        let kind = name_of(start);
        let Some(part) = self.schema.resource(&kind) else { return Err(XmlError::Kind { kind }) };
        let mut object = Map::new();
        object.insert("resourceType".to_owned(), json!(kind));
        if !is_empty {
            self.elements(part, &mut object, depth)?;
        }
        Ok(Value::Object(object))
    }

    /// Reads elements until the end of what they stand in.
    fn elements(&mut self, part: PartId, object: &mut Map<String, Value>, depth: usize) -> Result<(), XmlError> {
        if depth > DEPTH_MAX {
            return Err(XmlError::Deep);
        }
        let part = self.schema.part(part);
        loop {
            let from = self.position();
            let (start, is_empty) = match self.next()? {
                Event::Start(start) => (start, false),
                Event::Empty(start) => (start, true),
                Event::End(_) => return Ok(()),
                Event::Text(text) => {
                    if !text.trim_ascii().is_empty() {
                        return Err(XmlError::Text { path: part.path.clone() });
                    }
                    continue;
                }
                Event::CData(_) | Event::GeneralRef(_) => return Err(XmlError::Text { path: part.path.clone() }),
                Event::DocType(_) => return Err(XmlError::DocumentType),
                Event::Eof => return Err(self.broken("the text ends within an element")),
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) => continue,
            };
            let name = name_of(&start);
            let Some((element, type_)) = part.element(&name) else {
                return Err(XmlError::Element { name, path: part.path.clone() });
            };
            let read = self.value(type_, (&start, is_empty, from), depth)?;
            if !put(object, &name, element, read) {
                return Err(XmlError::Twice { name, path: part.path.clone() });
            }
        }
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    fn value(
        &mut self,
        type_: &Type,
        (start, is_empty, from): (&BytesStart<'_>, bool, usize),
        depth: usize,
    ) -> Result<Read, XmlError> {
        let plain = |value| Read { value, beside: None };
        match type_ {
            Type::Primitive(Primitive::Xhtml) => {
                if !is_empty {
                    let name = start.to_end().into_owned();
                    self.reader.read_to_end(name.name()).map_err(|error| self.broken(error))?;
                }
                let raw = self.text.get(from..self.position()).unwrap_or_default();
                Ok(plain(json!(raw.trim())))
            }
            Type::Primitive(primitive) => self.primitive(*primitive, (start, is_empty), depth),
            Type::Code(_) => self.primitive(Primitive::Code, (start, is_empty), depth),
            Type::Part(_, part) | Type::Reference(part, _) => {
                let mut object = self.begun(start)?;
                if !is_empty {
                    self.elements(*part, &mut object, depth + 1)?;
                }
                Ok(plain(Value::Object(object)))
            }
            Type::Resource => {
                if is_empty {
                    return Err(self.broken("a resource belongs here"));
                }
                self.inner(depth + 1).map(plain)
            }
        }
    }

    /// The one resource within an element.
    fn inner(&mut self, depth: usize) -> Result<Value, XmlError> {
        let mut found = None;
        loop {
            let (start, is_empty) = match self.next()? {
                Event::Start(start) => (start, false),
                Event::Empty(start) => (start, true),
                Event::End(_) => return found.ok_or_else(|| self.broken("a resource belongs here")),
                Event::Eof => return Err(self.broken("the text ends within an element")),
                Event::DocType(_) => return Err(XmlError::DocumentType),
                _ => continue,
            };
            if found.is_some() {
                return Err(self.broken("there is one resource here at most"));
            }
            found = Some(self.resource(&start, is_empty, depth)?);
        }
    }

    /// What the attributes say of an element that has others.
    fn begun(&self, start: &BytesStart<'_>) -> Result<Map<String, Value>, XmlError> {
        let attributes = self.attributes(start)?;
        let own = attributes.into_iter().filter(|(name, _)| matches!(name.as_str(), "id" | "url"));
        Ok(own.map(|(name, value)| (name, Value::String(value))).collect())
    }

    fn primitive(
        &mut self,
        primitive: Primitive,
        (start, is_empty): (&BytesStart<'_>, bool),
        depth: usize,
    ) -> Result<Read, XmlError> {
        let (mut value, mut beside) = (Value::Null, Map::new());
        for (name, said) in self.attributes(start)? {
            match name.as_str() {
                "value" => value = typed(primitive, said),
                "id" => {
                    beside.insert(name, Value::String(said));
                }
                _ => {}
            }
        }
        if !is_empty {
            let element = self.schema.named("Element").expect("our table has it");
            self.elements(element, &mut beside, depth + 1)?;
        }
        Ok(Read { value, beside: (!beside.is_empty()).then_some(Value::Object(beside)) })
    }
}

fn name_of(start: &BytesStart<'_>) -> String {
    start.local_name().as_ref().to_owned()
}

/// A value as JSON writes it. What is no number or boolean stays a text, so that checking says what is wrong.
fn typed(primitive: Primitive, said: String) -> Value {
    let parsed = match primitive {
        Primitive::Boolean => said.parse::<bool>().ok().map(Value::Bool),
        _ if primitive.is_number() => {
            serde_json::from_str::<serde_json::Number>(unescape(&said).as_deref().unwrap_or(&said).trim())
                .ok()
                .map(Value::Number)
        }
        _ => None,
    };
    parsed.unwrap_or(Value::String(said))
}

/// Puts a value where JSON has it. False when one stands there already that may stand once.
fn put(object: &mut Map<String, Value>, name: &str, element: &Element, read: Read) -> bool {
    let beside_name = format!("_{name}");
    if !element.is_list {
        if object.contains_key(name) || object.contains_key(&beside_name) {
            return false;
        }
        if !read.value.is_null() {
            object.insert(name.to_owned(), read.value);
        }
        if let Some(beside) = read.beside {
            object.insert(beside_name, beside);
        }
        return true;
    }
    let list = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
    let mut values = list(object.get(name));
    let mut besides = list(object.get(&beside_name));
    let count = values.len();
    values.push(read.value);
    if read.beside.is_some() || !besides.is_empty() {
        besides.resize(count, Value::Null);
        besides.push(read.beside.unwrap_or(Value::Null));
        object.insert(beside_name, Value::Array(besides));
    }
    object.insert(name.to_owned(), Value::Array(values));
    true
}
