//! The functions of the language, one family a file.
//!
//! A function gets its arguments as values and converts them itself. An error among them fails the call, unless the function
//! is there to look at errors. The tests of routers (`has_text` and its like) are in [`crate::router_tests`].

mod array;
mod convert;
mod date;
mod entities;
mod help;
mod logic;
mod number;
mod object;
mod pattern;
mod text;
mod urn;
mod web;
mod word;

use std::{collections::HashMap, fmt, sync::LazyLock};

pub use help::Help;
pub(crate) use pattern::compiled;
pub use pattern::is_pattern;

use crate::{error::ExprError, eval::Machine, router_tests, value::Value};

/// Any number of arguments.
pub(crate) const ANY: usize = usize::MAX;

/// How a function is run.
type Run = fn(&mut Machine<'_>, &[Value]) -> Result<Value, ExprError>;

/// A function of the language.
pub struct Entry {
    pub(crate) name: &'static str,
    least: usize,
    most: usize,
    pub(crate) run: Run,
}

impl Entry {
    pub(crate) const fn new(name: &'static str, least: usize, most: usize, run: Run) -> Self {
        Self { name, least, most, run }
    }

    /// Refuses too few or too many arguments.
    pub(crate) fn check(&self, got: usize) -> Result<(), ExprError> {
        if (self.least..=self.most).contains(&got) {
            return Ok(());
        }
        let need = match (self.least, self.most) {
            (least, ANY) => format!("at least {least}"),
            (least, most) if least == most => least.to_string(),
            (least, most) => format!("{least} to {most}"),
        };
        Err(ExprError::Arguments { need, got })
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

static ALL: LazyLock<HashMap<&'static str, &'static Entry>> = LazyLock::new(|| {
    let families = [
        array::ALL,
        convert::ALL,
        date::ALL,
        logic::ALL,
        number::ALL,
        object::ALL,
        text::ALL,
        urn::ALL,
        web::ALL,
        word::ALL,
    ];
    families.into_iter().chain(router_tests::FAMILIES).flatten().map(|entry| (entry.name, entry)).collect()
});

/// A function by its name in small letters.
pub(crate) fn named(name: &str) -> Option<&'static Entry> {
    ALL.get(name).copied()
}

/// The names of all functions, in order.
pub(crate) fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = ALL.keys().copied().collect();
    names.sort_unstable();
    names
}
