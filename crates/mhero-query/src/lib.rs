//! The audience query language: parse, check, say as a sentence, evaluate, lower to a predicate.
//!
//! It is RapidPro's contact query language with mHero's own properties; `README.md` has the language on one page. Nothing
//! here looks anything up. The application does so between two steps:
//!
//! ```
//! use mhero_core::{CadreId, Lang, LangMap};
//! use mhero_query::{
//!     Directory, Entry, Environment, Leaf, PlusNumbers, Predicate, ReferenceKind, check, lower, parse_in, sentence,
//! };
//! # use uuid::Uuid;
//!
//! // 1. Text to tree.
//! let today = jiff::civil::date(2026, 5, 14);
//! let environment = Environment::new(jiff::tz::TimeZone::UTC, today, &PlusNumbers);
//! let query = parse_in("cadre = sage-femme and phone != ''", &environment)?;
//!
//! // 2. The names that it uses, and what they stand for.
//! assert_eq!(query.references()[0].kind, ReferenceKind::Cadre);
//! let midwife = CadreId::from_uuid(Uuid::from_u128(1));
//! let mut names = LangMap::one(Lang::ENGLISH, "Midwife");
//! names.insert(Lang::FRENCH, "Sage-femme");
//! let mut directory = Directory::default();
//! directory.cadres.add(Entry::new(midwife, names, ["midwife"]));
//!
//! // 3. Names to ids; then to a predicate for the store, and to a sentence for a director.
//! let audience = check(&query, &directory, &environment)?;
//! assert_eq!(
//!     lower(&audience),
//!     Predicate::And(vec![Predicate::Is(Leaf::Cadre(vec![midwife])), Predicate::Is(Leaf::HasPhone)])
//! );
//! assert_eq!(sentence(&audience, Lang::ENGLISH), "midwives who have a valid phone number");
//! # Ok::<(), mhero_query::QueryError>(())
//! ```

mod audience;
mod check;
mod contact;
mod directory;
mod edit;
mod environment;
mod error;
mod evaluate;
mod fold;
mod languages;
mod lexer;
mod limits_of;
mod names;
mod parser;
mod predicate;
mod print;
mod profile;
mod property;
mod query;
mod reference;
mod sentence;

pub use audience::{Audience, Branch, Test, Topic, Value, lower};
pub use check::check;
pub use contact::{
    Answer, ContactQuery, Inspection, NoNames, QueryField, QueryFieldKind, Queryable, Resolved, Resolver, UsedField,
};
pub use directory::{Candidate, Catalogue, Directory, Entry, EntryKind};
pub use environment::{DateOrder, Day, Environment, Numbers, PlusNumbers, Relative, Unit};
pub use error::{Expected, Problem, QueryError, ValueKind};
pub use evaluate::{Attended, FieldValue, Position, Subject, evaluate};
pub use fold::{NAME_TOKEN_CHARS, fold, key, name_key, name_tokens};
pub use limits_of::Limit;
pub use parser::{parse, parse_in};
pub use predicate::{Comparison, FieldTest, FlowTime, InstantRange, Leaf, Predicate, Reached, UrnTest};
pub use profile::Profile;
pub use property::{Attribute, Property};
pub use query::{Condition, Node, Operator, Query, Span};
pub use reference::{Reference, ReferenceKind};
pub use sentence::{Blank, BlankKind, blanks, sentence};
