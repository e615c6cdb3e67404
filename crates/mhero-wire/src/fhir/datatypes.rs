//! The data types that resources are made of.

use jiff::civil::Date;
use mhero_core::{
    limits::VALUE_CHARS_MAX,
    record::{self, Coded, Reason, Ref},
};

use super::node::{Node, Partial, Warnings};

/// A code and its system. A bare string is its code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coding {
    /// The system's URL.
    pub system: Option<String>,
    /// The code.
    pub code: Option<String>,
    /// The words.
    pub display: Option<String>,
}

/// Codings of one notion, and its words. A bare string is its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeableConcept {
    /// The codings.
    pub coding: Vec<Coding>,
    /// The words.
    pub text: Option<String>,
}

/// A value in some system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identifier {
    /// The system's URL.
    pub system: Option<String>,
    /// The value.
    pub value: Option<String>,
    /// What kind of identifier: `EN` is a staff number.
    pub kind: CodeableConcept,
}

/// A phone number, mail address or the like. A bare string is its value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactPoint {
    /// `phone`, `email`, `sms`, ...
    pub system: Option<String>,
    /// As written.
    pub value: String,
    /// `mobile`, `work`, `home`, `old`, ...
    pub usage: Option<String>,
    /// 1 is the best; lists without ranks are in order.
    pub rank: Option<u32>,
    /// The element of the value: `telecom[0].value`.
    pub element: String,
}

/// A person's name. A bare string is its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HumanName {
    /// `official`, `usual`, `old`, ...
    pub usage: Option<String>,
    /// All of it as shown.
    pub text: Option<String>,
    /// Given names, with spaces between.
    pub given: Option<String>,
    /// Family name.
    pub family: Option<String>,
}

/// A time between two days; partial dates stretch to the first and last day they can mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub start: Option<Date>,
    /// Last day.
    pub end: Option<Date>,
}

impl Coding {
    pub(super) fn from_node(node: &Node<'_>) -> Self {
        if node.value().is_object() {
            let text = |key| node.member_text(key);
            Self { system: text("system"), code: text("code"), display: text("display") }
        } else {
            Self { code: node.text(), ..Self::default() }
        }
    }

    /// Whether the system's URL ends so; `false` without a system.
    pub(super) fn in_system(&self, ending: &str) -> bool {
        self.system.as_deref().is_some_and(|system| system.to_ascii_lowercase().ends_with(ending))
    }
}

impl From<Coding> for Coded {
    fn from(coding: Coding) -> Self {
        Self { system: coding.system, code: coding.code, text: coding.display }
    }
}

impl CodeableConcept {
    pub(super) fn from_node(node: &Node<'_>) -> Self {
        if !node.value().is_object() {
            return Self { text: node.text(), coding: Vec::new() };
        }
        let mut coding: Vec<Coding> = node.items("coding").iter().map(Coding::from_node).collect();
        if coding.is_empty() && node.member_text("code").is_some() {
            // A Coding where a CodeableConcept belongs.
            coding.push(Coding::from_node(node));
        }
        Self { coding, text: node.member_text("text") }
    }

    pub(super) fn of(node: &Node<'_>, key: &str) -> Self {
        node.get(key).map(|child| Self::from_node(&child)).unwrap_or_default()
    }

    /// The notion as one code: of the preferred system if there is one, else the first coding; with the words beside.
    pub(super) fn coded(&self, preferred: &str) -> Option<Coded> {
        let best = self.coding.iter().find(|coding| coding.in_system(preferred));
        let coding = best.or_else(|| self.coding.iter().find(|coding| coding.code.is_some())).cloned();
        if coding.is_none() && self.text.is_none() {
            return None;
        }
        let coding = coding.unwrap_or_default();
        let text = self.text.clone().or(coding.display);
        Some(Coded { system: coding.system, code: coding.code, text })
    }
}

impl Identifier {
    /// The identifiers of a resource.
    pub(super) fn list(node: &Node<'_>) -> Vec<Self> {
        let read = |item: &Node<'_>| {
            if !item.value().is_object() {
                return Self { value: item.text(), ..Self::default() };
            }
            let text = |key| item.member_text(key);
            Self { system: text("system"), value: text("value"), kind: CodeableConcept::of(item, "type") }
        };
        node.items("identifier").iter().map(read).collect()
    }

    /// In mHero's words. Without a system of its own, the type's system and code stand for it (`…/ihris-Facility-identifier#dhis2Id`);
    /// without either it begins with `#` and counts only within its source.
    pub(super) fn neutral(&self) -> Option<record::Identifier> {
        let value = self.value.clone()?;
        let system = self.system.clone().unwrap_or_else(|| {
            let kind = self.kind.coding.iter().find(|coding| coding.code.is_some()).cloned().unwrap_or_default();
            format!("{}#{}", kind.system.unwrap_or_default(), kind.code.unwrap_or_default())
        });
        Some(record::Identifier { system, value })
    }
}

impl ContactPoint {
    pub(super) fn list(node: &Node<'_>) -> Vec<Self> {
        node.items("telecom").iter().filter_map(Self::from_node).collect()
    }

    fn from_node(item: &Node<'_>) -> Option<Self> {
        if !item.value().is_object() {
            return item.text().map(|value| Self { value, element: item.path().to_owned(), ..Self::default() });
        }
        Some(Self {
            system: item.member_text("system").map(|system| system.to_ascii_lowercase()),
            value: item.member_text("value")?,
            usage: item.member_text("use").map(|usage| usage.to_ascii_lowercase()),
            rank: item.member_text("rank").and_then(|rank| rank.parse().ok()),
            element: item.path_of("value"),
        })
    }

    /// Whether this is a number to call or text; without a system, whether it looks like one.
    pub(super) fn is_phone(&self) -> bool {
        match self.system.as_deref() {
            Some(system) => matches!(system, "phone" | "sms" | "mobile"),
            None => !self.value.contains('@') && self.value.chars().filter(char::is_ascii_digit).count() >= 5,
        }
    }

    /// Whether this is a mail address.
    pub(super) fn is_email(&self) -> bool {
        match self.system.as_deref() {
            Some(system) => system == "email",
            None => self.value.contains('@'),
        }
    }
}

impl HumanName {
    pub(super) fn list(node: &Node<'_>) -> Vec<Self> {
        node.items("name").iter().map(Self::from_node).collect()
    }

    fn from_node(item: &Node<'_>) -> Self {
        if !item.value().is_object() {
            return Self { text: item.text(), ..Self::default() };
        }
        let given: Vec<String> = item.items("given").iter().filter_map(Node::text).collect();
        Self {
            usage: item.member_text("use").map(|usage| usage.to_ascii_lowercase()),
            text: item.member_text("text"),
            given: Some(given.join(" ")).filter(|given| !given.is_empty()),
            family: item.member_text("family"),
        }
    }

    /// The name as shown: its text, else given and family names.
    pub(super) fn shown(&self) -> Option<String> {
        let parts =
            || [self.given.as_deref(), self.family.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        self.text.clone().or_else(|| Some(parts()).filter(|name| !name.is_empty()))
    }
}

impl Period {
    pub(super) fn of(node: &Node<'_>, key: &str, warnings: &mut Warnings) -> Self {
        node.get(key).map(|period| Self::from_node(&period, warnings)).unwrap_or_default()
    }

    pub(super) fn from_node(period: &Node<'_>, warnings: &mut Warnings) -> Self {
        Self {
            start: period.get("start").and_then(|day| day.day(Partial::First, warnings)),
            end: period.get("end").and_then(|day| day.day(Partial::Last, warnings)),
        }
    }
}

/// The target of a reference that stands as an object, a bare string, a URL of some server, or a `urn:uuid:`; a bare id is
/// one of `expected`. A warning when it is there and leads nowhere.
pub(super) fn reference(node: &Node<'_>, expected: &str, warnings: &mut Warnings) -> Option<Ref> {
    let text = match node.value().is_object() {
        true => node.member_text("reference"),
        false => node.text(),
    };
    let Some(text) = text else {
        warnings.add(node.path(), Reason::plain("import-reference-empty"));
        return None;
    };
    let found = target(&text, expected);
    if found.is_none() {
        warnings.unreadable(node.path(), "import-reference-unreadable", &text);
    }
    found
}

/// A reference that is a member.
pub(super) fn reference_of(node: &Node<'_>, key: &str, expected: &str, warnings: &mut Warnings) -> Option<Ref> {
    node.get(key).and_then(|child| reference(&child, expected, warnings))
}

fn target(text: &str, expected: &str) -> Option<Ref> {
    if text.starts_with('#') || text.contains(['?', ' ']) || text.len() > VALUE_CHARS_MAX {
        return None;
    }
    if let Some(rest) = text.strip_prefix("urn:") {
        let id = rest.rsplit(':').next().filter(|id| !id.is_empty())?;
        return Some(Ref::Id { kind: expected.to_owned(), id: id.to_owned() });
    }
    let path = text.split("/_history").next().unwrap_or_default();
    let mut parts = path.rsplit('/').filter(|part| !part.is_empty());
    let id = parts.next()?.to_owned();
    let kind = parts.next().filter(|kind| kind.starts_with(|c: char| c.is_ascii_uppercase()));
    Some(Ref::Id { kind: kind.unwrap_or(expected).to_owned(), id })
}

/// The id that a Bundle entry's `fullUrl` ends with.
pub(super) fn id_of_url(url: &str) -> Option<String> {
    match target(url.trim(), "")? {
        Ref::Id { id, .. } => Some(id),
        Ref::Path(_) => None,
    }
}
