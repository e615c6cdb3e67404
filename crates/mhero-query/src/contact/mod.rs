//! Queries as the flow engine asks them: of one contact that is at hand, with the properties of the flow specification.
//!
//! Text, tree and errors are those of the audience language. What differs is who answers: no directory and no store, but a
//! [`Resolver`] for the names of fields, groups and flows, and the contact itself as a [`Queryable`].

mod check;
mod evaluate;
mod inspect;
mod resolve;

use std::fmt;

pub use evaluate::{Answer, Queryable};
pub use inspect::{Inspection, UsedField};
pub use resolve::{NoNames, QueryField, QueryFieldKind, Resolved, Resolver};

use crate::{Environment, Query, QueryError, parse_in};

/// A query of a contact, read once and asked of many.
///
/// ```
/// use mhero_query::{Answer, Attribute, ContactQuery, Environment, NoNames, PlusNumbers, Property, Queryable};
/// struct Mary;
/// impl Queryable for Mary {
///     fn values(&self, property: &Property, see: &mut dyn FnMut(Answer<'_>)) {
///         match property {
///             Property::Attribute(Attribute::Name) => see(Answer::Text("Mary Kollie")),
///             Property::Scheme(scheme) if scheme == "tel" => see(Answer::Text("+231770000001")),
///             _ => {}
///         }
///     }
/// }
/// let environment = Environment::new(jiff::tz::TimeZone::UTC, jiff::civil::date(2026, 5, 14), &PlusNumbers);
/// let query = ContactQuery::parse("kollie AND tel ~ 7700", &environment, Some(&NoNames))?;
/// assert!(query.matches(&Mary, &environment));
/// assert_eq!(query.to_string(), r#"name ~ "kollie" AND urns.tel ~ 7700"#);
/// # Ok::<(), mhero_query::QueryError>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct ContactQuery {
    query: Query,
    root: Option<check::Branch>,
}

impl ContactQuery {
    /// Reads and checks a query. Without a resolver only its structure is read: every word that is no attribute and no
    /// scheme is a field of unknown type, and groups and flows are taken as they are named.
    ///
    /// # Errors
    /// Everything that [`crate::parse_in`] refuses, then unknown names and values or operators that make no sense, the first
    /// from the left. [`QueryError::code`] and [`QueryError::params`] are the specification's.
    pub fn parse(
        text: &str,
        environment: &Environment<'_>,
        resolver: Option<&dyn Resolver>,
    ) -> Result<Self, QueryError> {
        Self::of(&parse_in(text, environment)?, environment, resolver)
    }

    /// Checks a query that is a tree already, as [`ContactQuery::parse`] does.
    ///
    /// # Errors
    /// As [`ContactQuery::parse`], without those of reading.
    pub fn of(
        query: &Query,
        environment: &Environment<'_>,
        resolver: Option<&dyn Resolver>,
    ) -> Result<Self, QueryError> {
        check::checked(query, environment, resolver)
    }

    /// Whether a contact is one of those that are asked for. The environment says where days begin and which one today is.
    pub fn matches(&self, contact: &dyn Queryable, environment: &Environment<'_>) -> bool {
        self.root.as_ref().is_none_or(|root| evaluate::holds(root, contact, environment))
    }

    /// What the query uses, and whether a smart group may be kept by it.
    pub fn inspect(&self) -> Inspection {
        inspect::inspection(self.root.as_ref())
    }

    /// The tree, with every property found.
    pub const fn query(&self) -> &Query {
        &self.query
    }

    /// Whether the answer changes as days go by, without any change of the contact.
    pub fn depends_on_today(&self) -> bool {
        self.root.as_ref().is_some_and(check::Branch::depends_on_today)
    }
}

/// The canonical text of the specification: `fields.age > 10 AND urns.tel != ""`. Nothing for everybody.
impl fmt::Display for ContactQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.query.qualified())
    }
}

/// Without its values, which may be phone numbers.
impl fmt::Debug for ContactQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ContactQuery({:?})", self.query)
    }
}
