//! The template and expression language of RapidPro flows.
//!
//! A [`Template`] is text with expressions: `Dear @contact.first_name, it is @(format_date(today()))`. It is parsed once and
//! rendered for each person with a [`Context`] (what the names mean) and an [`Env`] (clock, zone, formats). An expression
//! that fails adds nothing to the text and is reported; the rest goes on. Nothing here reads a clock, rolls dice or does I/O.

mod collation;
mod context;
mod dates;
mod env;
mod error;
mod eval;
pub mod extract;
mod functions;
pub mod limits;
mod obfuscation;
mod places;
mod redaction;
mod references;
mod router_tests;
mod syntax;
mod template;
mod value;
mod words;

pub use collation::Collation;
pub use context::{Context, TopLevels};
pub use env::{Chance, Clock, DateFormat, Env, NumberFormat, Redaction};
pub use error::{ExprError, Problem, TemplateError};
pub use functions::{Help, is_pattern};
pub use obfuscation::ObfuscationKey;
pub use places::{Hierarchy, Locations, PATH_SEPARATOR, Place, PlaceLevel, place_key, places_in};
pub use redaction::{MASK, redacted_urn};
pub use references::Path;
pub use router_tests::{Match, RouterTest};
pub use syntax::{Expr, Expression, Operator};
pub use template::{Evaluated, Rendered, Segment, Template};
pub use value::{Function, Name, Number, Object, Value};

/// The examples of the README, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
