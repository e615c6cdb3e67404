//! Functions as values.

use std::{fmt, sync::Arc};

use super::Value;
use crate::{
    functions::{self, Entry},
    syntax::Expr,
};

/// Something to call: a function of the language, or one that an expression wrote down.
#[derive(Clone)]
pub enum Function {
    /// A function of the language.
    #[doc(hidden)]
    Named(&'static Entry),
    /// `(x) => ...`
    #[doc(hidden)]
    Anonymous(Arc<Lambda>),
}

/// An anonymous function with the values it closes over.
#[derive(Debug)]
pub struct Lambda {
    pub(crate) names: Arc<[String]>,
    pub(crate) body: Arc<Expr>,
    pub(crate) outer: Option<Arc<Frame>>,
}

/// The arguments of one call of an anonymous function, and the call around it.
#[derive(Debug)]
pub struct Frame {
    pub(crate) names: Arc<[String]>,
    pub(crate) values: Vec<Value>,
    pub(crate) outer: Option<Arc<Self>>,
}

impl Frame {
    /// The value of a parameter, here or further out.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        match self.names.iter().position(|n| n == name) {
            Some(at) => self.values.get(at),
            None => self.outer.as_ref()?.get(name),
        }
    }
}

impl Function {
    /// The names of all functions of the language that are there, in order.
    pub fn all() -> Vec<&'static str> {
        functions::names()
    }

    /// The name as text shows it: `upper`, `<anon>`.
    pub fn name(&self) -> &str {
        match self {
            Self::Named(entry) => entry.name,
            Self::Anonymous(_) => "<anon>",
        }
    }

    /// The name as errors show it: `upper(...)`.
    pub fn described(&self) -> String {
        format!("{}(...)", self.name())
    }

    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Named(a), Self::Named(b)) => a.name == b.name,
            (Self::Anonymous(a), Self::Anonymous(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.described())
    }
}
