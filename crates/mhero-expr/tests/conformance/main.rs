//! The conformance pack of the expression language, from the shared folder beside the project.
//!
//! Each family of cases has a floor: the number of cases that pass today. A change that breaks one fails the build. Where the
//! shared folder is absent the tests say so and pass.

#![expect(clippy::print_stderr, reason = "a test says what it skipped and which cases differed")]

mod gate;
mod language;
mod parsing;
mod templates;
mod typed;
mod values;
