//! The template and expression language of RapidPro flows.
//!
//! A [`Template`] is text with expressions: `Dear @contact.first_name, it is @(format_date(today()))`. It is parsed once and
//! rendered for each person with a [`Context`] (what the names mean) and an [`Env`] (clock, zone, formats). An expression
//! that fails adds nothing to the text and is reported; the rest goes on. Nothing here reads a clock, rolls dice or does I/O.

mod context;
mod dates;
mod env;
mod error;
mod eval;
mod functions;
pub mod limits;
mod references;
mod syntax;
mod template;
mod value;
mod words;

pub use context::{Context, TopLevels};
pub use env::{Chance, DateFormat, Env, NumberFormat};
pub use error::{ExprError, Problem, TemplateError};
pub use references::Path;
pub use syntax::{Expr, Expression, Operator};
pub use template::{Rendered, Template};
pub use value::{Function, Number, Object, Value};

/// The examples of the README, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
