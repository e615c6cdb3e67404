//! The expression language of version 11, which had Excel's functions and operators, rewritten to the current one.

mod code;
mod functions;
mod lex;
mod parse;
mod paths;
mod rewrite;
mod template;

pub(super) use paths::SCHEMES;
pub use template::{TemplateOptions, migrate_template};
pub(super) use template::{expression_of, is_reference};
