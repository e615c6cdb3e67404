//! The search parameters of each kind.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, LazyLock},
};

use crate::path::Path;

/// How a parameter compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Texts, from their beginning.
    String,
    /// Codes and identifiers, with their system.
    Token,
    /// References to other resources.
    Reference,
    /// Moments and spans of time.
    Date,
    /// Addresses, whole.
    Uri,
    /// With rules of its own: `near`.
    Special,
}

impl Kind {
    /// Its name in R4.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Token => "token",
            Self::Reference => "reference",
            Self::Date => "date",
            Self::Uri => "uri",
            Self::Special => "special",
        }
    }

    /// The one of a name; `None` for those that are not offered.
    pub fn named(name: &str) -> Option<Self> {
        [Self::String, Self::Token, Self::Reference, Self::Date, Self::Uri, Self::Special]
            .into_iter()
            .find(|kind| kind.as_str() == name)
    }
}

/// One parameter.
#[derive(Debug)]
pub struct Parameter {
    /// What is written in a request.
    pub code: String,
    /// How it compares.
    pub kind: Kind,
    /// What it looks at.
    pub path: Path,
    /// The same as written.
    pub expression: String,
}

/// The parameters of every kind.
#[derive(Clone, Debug)]
pub struct Parameters {
    by_kind: BTreeMap<String, HashMap<String, Arc<Parameter>>>,
}

static R4: LazyLock<Parameters> = LazyLock::new(|| read(include_str!("parameters.r4")));

/// Where the parameters stand that every kind has.
const EVERY: &str = "Resource";

impl Parameters {
    /// Those of the specification.
    pub fn r4() -> &'static Self {
        &R4
    }

    /// The kinds that can be searched, sorted.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.by_kind.keys().map(String::as_str).filter(|kind| *kind != EVERY)
    }

    /// Whether a kind can be searched.
    pub fn has_kind(&self, kind: &str) -> bool {
        kind != EVERY && self.by_kind.contains_key(kind)
    }

    /// A parameter of a kind.
    pub fn get(&self, kind: &str, code: &str) -> Option<&Arc<Parameter>> {
        let own = self.by_kind.get(kind).filter(|_| kind != EVERY)?;
        own.get(code).or_else(|| self.by_kind.get(EVERY)?.get(code))
    }

    /// The parameters of a kind, with those that every kind has, by their codes.
    pub fn of(&self, kind: &str) -> Vec<&Arc<Parameter>> {
        if !self.has_kind(kind) {
            return Vec::new();
        }
        let of = |kind: &str| self.by_kind.get(kind).into_iter().flat_map(HashMap::values);
        let mut all: Vec<_> = of(EVERY).chain(of(kind)).collect();
        all.sort_by(|a, b| a.code.cmp(&b.code));
        all
    }

    /// Adds one that a neighbour has defined. What the specification has is not changed by it: then nothing happens and this is
    /// false, as for a kind that is not searched.
    pub fn define(&mut self, kind: &str, parameter: Parameter) -> bool {
        if self.get(kind, &parameter.code).is_some_and(|known| R4.get(kind, &known.code).is_some()) {
            return false;
        }
        match self.by_kind.get_mut(kind) {
            Some(own) if kind != EVERY => {
                own.insert(parameter.code.clone(), Arc::new(parameter));
                true
            }
            _ => false,
        }
    }
}

/// Reads our table, in which a mistake is one of the program.
fn read(table: &str) -> Parameters {
    let mut by_kind: BTreeMap<String, HashMap<String, Arc<Parameter>>> = BTreeMap::new();
    let mut at = String::new();
    for line in table.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        if !line.starts_with(' ') {
            line.clone_into(&mut at);
            by_kind.insert(at.clone(), HashMap::new());
            continue;
        }
        let mut words = line.trim().splitn(3, ' ');
        let mut word = || words.next().expect("a code, a type, an expression");
        let (code, kind, expression) = (word().to_owned(), word(), word().to_owned());
        let kind = Kind::named(kind).expect("a type that is offered");
        let path = expression.parse().expect("a path that is understood");
        let parameter = Arc::new(Parameter { code: code.clone(), kind, path, expression });
        by_kind.get_mut(&at).expect("a kind before its parameters").insert(code, parameter);
    }
    Parameters { by_kind }
}
