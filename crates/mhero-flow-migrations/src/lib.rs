//! Brings flow definitions of older versions to the current one, as JSON in and JSON out, and does what else is best done to a
//! definition that nobody has read yet: copy it with new ids, change its language, rewrite its templates.
//!
//! [`migrate`] takes a definition of version 11 (`action_sets` and `rule_sets`), 13.x or 14.x to [`Version::CURRENT`], one small
//! step a version. It is generous: what a step does not understand it leaves alone, for whoever reads the result to refuse with
//! its node and property. Nothing here reads a clock or rolls dice: new ids come from the caller.

mod catalog;
mod clone;
mod error;
mod key;
mod language;
pub mod legacy;
mod migrate;
mod path;
mod shape;
mod steps;
mod templates;
mod version;

pub use catalog::template_places;
pub use clone::clone_with_new_ids;
pub use error::MigrationError;
pub use key::result_key;
pub use language::change_language;
pub use migrate::{Options, migrate, version_of};
pub use path::{JsonPath, PathError};
pub use templates::rewrite_templates;
pub use version::Version;
