//! Walking a path over a resource. The schema says what stands behind each member; what it does not know is walked by its shape.

use serde_json::Value;

use super::{Path, Step, Term};
use crate::schema::{PartId, Schema, Type};

/// Where a path leads, and what the schema says of it.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    /// The value.
    pub value: &'a Value,
    /// Its type, where R4 knows one; `None` for a resource or what nobody knows.
    pub type_: Option<&'static Type>,
    part: Option<PartId>,
}

/// `exists()` as a value.
static TRUE: Value = Value::Bool(true);
static FALSE: Value = Value::Bool(false);

impl Path {
    /// All that a path leads to in a resource, in order.
    ///
    /// ```
    /// # use mhero_fhir::path::Path;
    /// # use serde_json::json;
    /// let path: Path = "Practitioner.telecom.where(system='phone').value".parse().expect("a path");
    /// let martha = json!({ "resourceType": "Practitioner", "telecom": [
    ///     { "system": "email", "value": "m@moh.gov.lr" }, { "system": "phone", "value": "+231770000001" }] });
    /// assert_eq!(path.walk(&martha)[0].value, "+231770000001");
    /// ```
    pub fn walk<'a>(&self, resource: &'a Value) -> Vec<Node<'a>> {
        let kind = resource["resourceType"].as_str().unwrap_or_default();
        let root = Node { value: resource, type_: None, part: Schema::r4().resource(kind) };
        self.from(root)
    }

    fn from<'a>(&self, root: Node<'a>) -> Vec<Node<'a>> {
        self.alternatives.iter().flat_map(|term| term.from(root)).collect()
    }
}

impl Path {
    /// The kinds that the references at its end may lead to, by the schema; empty where any may stand, or none is known.
    ///
    /// ```
    /// # use mhero_fhir::path::Path;
    /// let path: Path = "PractitionerRole.practitioner".parse().expect("a path");
    /// assert_eq!(path.leads_to("PractitionerRole"), ["Practitioner"]);
    /// ```
    pub fn leads_to(&self, kind: &str) -> Vec<&'static str> {
        let mut kinds: Vec<&'static str> = Vec::new();
        for term in &self.alternatives {
            let mut part = Schema::r4().resource(kind);
            let mut narrowed = None;
            let mut last: Option<&'static Type> = None;
            for (at, step) in term.steps.iter().enumerate() {
                match step {
                    Step::Member(name) if at == 0 && name == kind => {}
                    Step::Member(name) => {
                        last = part.and_then(|part| Schema::r4().part(part).element(name)).map(|(_, type_)| type_);
                        part = match last {
                            Some(Type::Part(_, next) | Type::Reference(next, _)) => Some(*next),
                            _ => None,
                        };
                    }
                    Step::WhereTo(kind) => narrowed = Schema::r4().resources().iter().find(|known| *known == kind),
                    _ => {}
                }
            }
            match (narrowed, last) {
                (Some(kind), _) => kinds.push(kind),
                (None, Some(Type::Reference(_, to))) if !to.is_empty() => kinds.extend(to),
                _ => return Vec::new(),
            }
        }
        kinds
    }
}

impl Term {
    fn from<'a>(&self, root: Node<'a>) -> Vec<Node<'a>> {
        let mut nodes = vec![root];
        for (at, step) in self.steps.iter().enumerate() {
            nodes = match step {
                // The kind itself, or what every kind is.
                Step::Member(name) if at == 0 && names_kind(name, root) => nodes,
                Step::Member(name) if at == 0 && name.starts_with(|c: char| c.is_ascii_uppercase()) => Vec::new(),
                step => step.from(nodes),
            };
        }
        nodes
    }
}

fn names_kind(name: &str, root: Node<'_>) -> bool {
    let kind = root.value["resourceType"].as_str();
    kind.is_some_and(|kind| kind == name) || (kind.is_some() && matches!(name, "Resource" | "DomainResource"))
}

impl Step {
    fn from<'a>(&self, nodes: Vec<Node<'a>>) -> Vec<Node<'a>> {
        match self {
            Self::Member(name) => nodes.into_iter().flat_map(|node| node.member(name)).collect(),
            Self::Group(path) => nodes.into_iter().flat_map(|node| path.from(node)).collect(),
            Self::OfType(name) => nodes.into_iter().filter(|node| node.is_a(name)).collect(),
            Self::Extension(url) => nodes
                .into_iter()
                .flat_map(|node| node.member("extension"))
                .filter(|extension| extension.value["url"].as_str() == Some(url))
                .collect(),
            Self::WhereIs(path, text) => {
                let is = |node: &Node<'_>| path.from(*node).iter().any(|found| found.value.as_str() == Some(text));
                nodes.into_iter().filter(is).collect()
            }
            Self::WhereExists(path) => nodes.into_iter().filter(|node| path.is_true(*node)).collect(),
            Self::WhereTo(kind) => nodes.into_iter().filter(|node| node.refers_to(kind)).collect(),
            Self::Exists => {
                vec![Node { value: if nodes.is_empty() { &FALSE } else { &TRUE }, type_: None, part: None }]
            }
            Self::First => nodes.into_iter().take(1).collect(),
        }
    }
}

impl Path {
    /// Whether it leads to something that is not false.
    fn is_true(&self, node: Node<'_>) -> bool {
        let found = self.from(node);
        !found.is_empty() && found.iter().all(|node| node.value != &Value::Bool(false))
    }
}

impl<'a> Node<'a> {
    /// The name of its type; `None` where nobody knows.
    pub fn type_name(&self) -> Option<&'static str> {
        self.type_.map(Type::name).filter(|name| !name.is_empty())
    }

    fn is_a(&self, name: &str) -> bool {
        match self.type_name() {
            Some(known) => known == name,
            None => self.value["resourceType"].as_str() == Some(name),
        }
    }

    fn refers_to(&self, kind: &str) -> bool {
        let to = |text: &str| text.rsplit('/').nth(1) == Some(kind);
        self.value["reference"].as_str().is_some_and(to) || self.value["type"].as_str() == Some(kind)
    }

    /// What stands under a name; of a choice, under each of its names; of a list, each.
    fn member(self, name: &str) -> Vec<Node<'a>> {
        let Some(object) = self.value.as_object() else { return Vec::new() };
        let schema = Schema::r4();
        let part = self.part.map(|part| schema.part(part));
        let choice = part.and_then(|part| {
            part.elements
                .iter()
                .find(|element| element.is_choice && element.name == name)
                .map(|element| (part, element))
        });
        if let Some((part, element)) = choice {
            return part
                .names(element)
                .filter_map(|(name, type_)| Some((object.get(&name)?, Some(type_))))
                .flat_map(|(value, type_)| each(value, type_))
                .collect();
        }
        let type_ = part.and_then(|part| part.element(name)).map(|(_, type_)| type_);
        object.get(name).into_iter().flat_map(|value| each(value, type_)).collect()
    }
}

/// A value, or each of a list.
fn each<'a>(value: &'a Value, type_: Option<&'static Type>) -> Vec<Node<'a>> {
    let node = |value: &'a Value| {
        let part = match type_ {
            Some(Type::Part(_, part) | Type::Reference(part, _)) => Some(*part),
            // A resource within says what it is; so does what stands where the schema is silent.
            _ => value.get("resourceType").and_then(Value::as_str).and_then(|kind| Schema::r4().resource(kind)),
        };
        Node { value, type_, part }
    };
    match value {
        Value::Array(list) => list.iter().filter(|one| !one.is_null()).map(node).collect(),
        Value::Null => Vec::new(),
        one => vec![node(one)],
    }
}
