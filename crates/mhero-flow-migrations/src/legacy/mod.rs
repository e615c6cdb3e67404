//! From version 11 (`action_sets` and `rule_sets`) to 13.0.0.
//!
//! Sets of actions and of rules become nodes, tests become cases, translations move from the texts to the flow's
//! `localization`, and the expressions are rewritten to the current language. What old editors left half done is read
//! generously: a destination that is not there ends the flow, a text without translations is in the flow's language.

mod actions;
mod cases;
mod expression;
mod flow;
mod media;
mod operands;
mod rulesets;
mod scope;
mod texts;

pub use expression::{TemplateOptions, migrate_template};
pub use flow::migrate;
