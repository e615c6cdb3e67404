//! ITI-73, Find Matching Services: the stored functions that every OpenInfoMan has.

use jiff::Timestamp;

use super::{Element, Kind};

/// A search for entities of one kind. What is not asked for is not restricted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Find<'a> {
    /// What is looked for.
    pub kind: Kind,
    /// The entity of this id.
    pub id: Option<&'a str>,
    /// Those changed at or after an instant.
    pub since: Option<Timestamp>,
    /// From this one on, counted from 1, and how many at most.
    pub page: Option<(u64, u64)>,
}

/// The name of an updating function that puts entities of a kind into a document, in place of those of the same id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function(pub Kind);

impl<'a> Find<'a> {
    /// All entities of a kind.
    pub const fn all(kind: Kind) -> Self {
        Self { kind, id: None, since: None, page: None }
    }

    /// The entity of an id.
    pub const fn one(kind: Kind, id: &'a str) -> Self {
        Self { kind, id: Some(id), since: None, page: None }
    }

    /// The name of the function that answers.
    pub const fn function(&self) -> &'static str {
        match self.kind {
            Kind::Organization => "urn:ihe:iti:csd:2014:stored-function:organization-search",
            Kind::Service => "urn:ihe:iti:csd:2014:stored-function:service-search",
            Kind::Facility => "urn:ihe:iti:csd:2014:stored-function:facility-search",
            Kind::Provider => "urn:ihe:iti:csd:2014:stored-function:provider-search",
        }
    }

    /// The request as XML.
    pub fn to_xml(&self) -> String {
        let number = |name: &str, number: u64| Element::new(name).text(&number.to_string());
        let mut parameters = Element::new("requestParams");
        if let Some(id) = self.id {
            parameters = parameters.child(Element::new("id").with("entityID", id));
        }
        if let Some(since) = self.since {
            parameters = parameters.child(Element::new("record").with("updated", &since.to_string()));
        }
        if let Some((start, most)) = self.page {
            parameters = parameters.child(number("start", start)).child(number("max", most));
        }
        let function = Element::new("function").with("urn", self.function()).with("encapsulated", "false");
        Element::new("careServicesRequest").child(function.child(parameters)).to_xml()
    }
}

impl Function {
    /// The function's name, which stands at the end of its address.
    pub const fn name(self) -> &'static str {
        match self.0 {
            Kind::Organization => "urn:openhie.org:openinfoman:organization_create",
            Kind::Service => "urn:openhie.org:openinfoman:service_create",
            Kind::Facility => "urn:openhie.org:openinfoman:facility_create",
            Kind::Provider => "urn:openhie.org:openinfoman:provider_create",
        }
    }

    /// The body of a call that writes one entity.
    pub fn to_xml(self, entity: &Element) -> String {
        Element::new("requestParams").child(entity.clone()).to_xml()
    }
}
