//! What R4 says about its types, from two tables of ours: `datatypes.r4` and `resources.r4`. They are read once.

mod parse;

use std::{collections::HashMap, sync::LazyLock};

use crate::primitive::Primitive;

/// The types that an element `value[x]` of an extension may have.
const ANY: &str = "base64Binary boolean canonical code date dateTime decimal id instant integer markdown oid positiveInt string time \
                   unsignedInt uri url uuid Address Age Annotation Attachment CodeableConcept Coding ContactPoint Count Distance \
                   Duration HumanName Identifier Money Period Quantity Range Ratio Reference SampledData Signature Timing \
                   ContactDetail Contributor DataRequirement Expression ParameterDefinition RelatedArtifact TriggerDefinition \
                   UsageContext Dosage Meta";

/// What holds elements: a resource, a data type, or a part of one. Refers to [`Schema::part`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PartId(usize);

/// A list of elements.
#[derive(Debug)]
pub struct Part {
    /// Where it stands: `Questionnaire.item`, or the name of a type.
    pub path: String,
    /// In the order of XML.
    pub elements: Vec<Element>,
    by_name: HashMap<String, (usize, usize)>,
}

/// One element.
#[derive(Debug)]
pub struct Element {
    /// Its name; of a choice without the `[x]`.
    pub name: &'static str,
    /// Whether the type is part of the name, as in `valueString`.
    pub is_choice: bool,
    /// Whether it must be there.
    pub is_required: bool,
    /// Whether there may be several: in JSON a list.
    pub is_list: bool,
    /// What it may be.
    pub types: Vec<Type>,
}

/// What an element may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// A value without elements of its own.
    Primitive(Primitive),
    /// One of these codes, no other.
    Code(Vec<&'static str>),
    /// A part with elements, under the name of its type where it has one.
    Part(&'static str, PartId),
    /// A reference to one of these kinds; to any, where none is named.
    Reference(PartId, Vec<&'static str>),
    /// Any resource.
    Resource,
}

impl Type {
    /// Its name, as choices append it: `String`, `CodeableConcept`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Primitive(primitive) => primitive.name(),
            Self::Code(_) => "code",
            Self::Part(name, _) => name,
            Self::Reference(..) => "Reference",
            Self::Resource => "Resource",
        }
    }
}

/// All types.
#[derive(Debug)]
pub struct Schema {
    parts: Vec<Part>,
    types: HashMap<&'static str, PartId>,
    resources: Vec<&'static str>,
}

static SCHEMA: LazyLock<Schema> =
    LazyLock::new(|| parse::parse(&[include_str!("datatypes.r4"), include_str!("resources.r4")]));

impl Schema {
    /// The schema of R4.
    pub fn r4() -> &'static Self {
        &SCHEMA
    }

    /// The elements of a part.
    pub fn part(&self, id: PartId) -> &Part {
        &self.parts[id.0]
    }

    /// A data type or resource by its name.
    pub fn named(&self, name: &str) -> Option<PartId> {
        self.types.get(name).copied()
    }

    /// A resource by its name; none where mHero knows no rules of it.
    pub fn resource(&self, name: &str) -> Option<PartId> {
        if self.resources.binary_search(&name).is_ok() { self.named(name) } else { None }
    }

    /// The names of the resources whose rules are known, sorted.
    pub fn resources(&self) -> &[&'static str] {
        &self.resources
    }
}

impl Part {
    /// The element that a member of JSON or a tag of XML names, and which of its types the name says.
    ///
    /// ```
    /// # use mhero_fhir::schema::Schema;
    /// let schema = Schema::r4();
    /// let patient = schema.part(schema.resource("Patient").expect("it is known"));
    /// let (element, type_) = patient.element("deceasedBoolean").expect("a choice");
    /// assert_eq!((element.name, type_.name()), ("deceased", "boolean"));
    /// assert!(patient.element("deceased").is_none());
    /// ```
    pub fn element(&self, name: &str) -> Option<(&Element, &Type)> {
        let (element, type_) = *self.by_name.get(name)?;
        let element = &self.elements[element];
        Some((element, &element.types[type_]))
    }

    /// The names under which an element may stand, in the order of its types.
    pub fn names<'a>(&self, element: &'a Element) -> impl Iterator<Item = (String, &'a Type)> {
        element.types.iter().map(|type_| (element.name_as(type_), type_))
    }

    fn index(&mut self) {
        for (at, element) in self.elements.iter().enumerate() {
            for (which, type_) in element.types.iter().enumerate() {
                self.by_name.insert(element.name_as(type_), (at, which));
            }
        }
    }
}

impl Element {
    /// The name of the element when it is of a type.
    pub fn name_as(&self, type_: &Type) -> String {
        if !self.is_choice {
            return self.name.to_owned();
        }
        let type_ = type_.name();
        let (first, rest) = type_.split_at(1);
        format!("{}{}{rest}", self.name, first.to_ascii_uppercase())
    }
}

#[cfg(test)]
mod tests;
