//! The names in a query, for the application to look up before [`crate::check`].

use crate::{Attribute, Property, Query, fold};

/// A name, code or id that a query uses.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference {
    /// What it names.
    pub kind: ReferenceKind,
    /// As written. To be compared after [`fold`], with names in every language, codes of the sources, and our own ids.
    pub text: String,
}

/// What a name in a query may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReferenceKind {
    /// A jurisdiction or facility.
    Place,
    /// A facility.
    Facility,
    /// A cadre.
    Cadre,
    /// A job title.
    Job,
    /// A group.
    Group,
    /// A field, by its key.
    Field,
    /// A course.
    Course,
    /// A broadcast.
    Broadcast,
    /// A source of people.
    Source,
    /// A flow.
    Flow,
}

macro_rules! kinds {
    ($($kind:ident $word:literal $unknown:literal),+ $(,)?) => {
        impl ReferenceKind {
            /// The word for it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $word),+ }
            }

            /// The code of the error that nobody bears the name.
            pub(crate) const fn unknown_code(self) -> &'static str {
                match self { $(Self::$kind => $unknown),+ }
            }

            /// The code of the error that several bear the name.
            pub(crate) const fn ambiguous_code(self) -> &'static str {
                match self { $(Self::$kind => concat!("ambiguous_", $word)),+ }
            }

            /// The sentence that nobody bears the name.
            pub(crate) const fn unknown_key(self) -> &'static str {
                match self { $(Self::$kind => concat!("query-error-unknown-", $word)),+ }
            }

            /// The same with names that are written nearly like it.
            pub(crate) const fn unknown_near_key(self) -> &'static str {
                match self { $(Self::$kind => concat!("query-error-unknown-", $word, "-near")),+ }
            }

            /// The sentence that several bear the name.
            pub(crate) const fn ambiguous_key(self) -> &'static str {
                match self { $(Self::$kind => concat!("query-error-ambiguous-", $word)),+ }
            }
        }
    };
}

kinds! {
    Place "place" "unknown_place",
    Facility "facility" "unknown_facility",
    Cadre "cadre" "unknown_cadre",
    Job "job" "unknown_job",
    Group "group" "invalid_group",
    Field "field" "unknown_property",
    Course "training" "unknown_training",
    Broadcast "broadcast" "unknown_broadcast",
    Source "source" "unknown_source",
    Flow "flow" "invalid_flow",
}

impl Query {
    /// The names that the query uses, each once. The words of fields and courses are among them; a word that may be either
    /// is there as both. Fields whose value is a place ask for that place too, as do unknown words.
    ///
    /// ```
    /// use mhero_query::{Reference, ReferenceKind, parse};
    /// let query = parse("place = Nimbara OR place = nimbara OR emonc < 2026-01-01")?;
    /// let named = |kind, text: &str| Reference { kind, text: text.to_owned() };
    /// assert_eq!(query.references(), [
    ///     named(ReferenceKind::Place, "Nimbara"),
    ///     named(ReferenceKind::Field, "emonc"),
    ///     named(ReferenceKind::Course, "emonc"),
    /// ]);
    /// # Ok::<(), mhero_query::QueryError>(())
    /// ```
    pub fn references(&self) -> Vec<Reference> {
        use crate::Operator::{Equal, NotEqual};
        let mut found: Vec<Reference> = Vec::new();
        let mut add = |kind: ReferenceKind, text: &str| {
            let folded = fold(text);
            let known = found.iter().any(|one| one.kind == kind && fold(&one.text) == folded);
            if !known && !folded.is_empty() {
                found.push(Reference { kind, text: text.to_owned() });
            }
        };
        for condition in self.conditions() {
            let value = condition.value.as_str();
            let named = match &condition.property {
                Property::Attribute(attribute) => {
                    if let Some(kind) = attribute.names() {
                        add(kind, value);
                    }
                    continue;
                }
                Property::Scheme(_) => continue,
                Property::Course(key) => {
                    add(ReferenceKind::Course, key);
                    continue;
                }
                Property::Field(key) => key,
                Property::Named(key) => key,
            };
            add(ReferenceKind::Field, named);
            if matches!(condition.property, Property::Named(_)) {
                add(ReferenceKind::Course, named);
            }
            if matches!(condition.operator, Equal | NotEqual) {
                add(ReferenceKind::Place, value);
            }
        }
        found
    }
}

impl Attribute {
    /// What the values of the attribute name, if they are names.
    pub const fn names(self) -> Option<ReferenceKind> {
        Some(match self {
            Self::Place => ReferenceKind::Place,
            Self::Facility => ReferenceKind::Facility,
            Self::Cadre => ReferenceKind::Cadre,
            Self::Job => ReferenceKind::Job,
            Self::Group => ReferenceKind::Group,
            Self::Training => ReferenceKind::Course,
            Self::Source => ReferenceKind::Source,
            Self::Flow | Self::History => ReferenceKind::Flow,
            Self::Sent | Self::Got | Self::Delivered | Self::Answered => ReferenceKind::Broadcast,
            _ => return None,
        })
    }
}
