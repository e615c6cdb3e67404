//! The tests of routers: `has_text`, `has_number_between` and their like.
//!
//! They are functions of the language. A test gives an object with the `match` that it found, perhaps with an `extra`, that is true
//! or false where a truth value is needed; or an error, which a router reports before it tries its next case.

mod contact;
mod dates;
mod numbers;
mod places;
mod results;
mod words;

use std::sync::{Arc, LazyLock};

use crate::{
    context::Context,
    env::Env,
    eval::Machine,
    functions::{self, Entry},
    value::{Function, Object, Value},
};

/// All tests, one family a file.
pub(crate) const FAMILIES: [&[Entry]; 6] =
    [contact::ALL, dates::ALL, numbers::ALL, places::ALL, results::ALL, words::ALL];

/// A test that a router's case names.
#[derive(Clone, Copy, Debug)]
pub struct RouterTest(&'static Entry);

/// What a test found.
#[derive(Clone, Debug, Default)]
pub struct Match {
    /// What in the operand passed the test.
    pub value: Value,
    /// More of it, such as the groups of a pattern.
    pub extra: Option<Arc<Object>>,
}

impl RouterTest {
    /// A test by its name, e.g. `has_text`. `None` when there is no such test.
    pub fn named(name: &str) -> Option<Self> {
        let entry = functions::named(name)?;
        FAMILIES.iter().any(|family| family.iter().any(|test| test.name == name)).then_some(Self(entry))
    }

    /// The names of all tests, in order.
    pub fn all() -> Vec<&'static str> {
        let mut names: Vec<_> = FAMILIES.iter().flat_map(|family| family.iter().map(|test| test.name)).collect();
        names.sort_unstable();
        names
    }

    /// The name.
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// Runs the test on an operand with the arguments of a case. Gives the object that tells, see [`Match::of`], or
    /// [`Value::Error`].
    pub fn run(self, env: &Env, operand: &Value, arguments: &[Value]) -> Value {
        let mut all = Vec::with_capacity(1 + arguments.len());
        all.push(operand.clone());
        all.extend_from_slice(arguments);
        let mut machine = Machine::new(&Nothing, env);
        machine.call(&Function::Named(self.0), &all).unwrap_or_else(Value::Error)
    }
}

impl Match {
    /// What a test gave, if it passed. `None` also for errors.
    pub fn of(outcome: &Value) -> Option<Self> {
        let Value::Object(object) = outcome else { return None };
        let passed = outcome.to_bool().unwrap_or(false);
        let extra = match object.get("extra") {
            Some(Value::Object(extra)) => Some(Arc::clone(extra)),
            _ => None,
        };
        passed.then(|| Self { value: object.get("match").cloned().unwrap_or_default(), extra })
    }
}

/// A context without names: tests get all they need as arguments.
struct Nothing;

impl Context for Nothing {
    fn property(&self, _: &str) -> Option<Value> {
        None
    }
}

fn found(value: impl Into<Value>) -> Value {
    Object::new([("match", value.into())]).with_default(true).into()
}

fn found_with(value: impl Into<Value>, extra: Object) -> Value {
    Object::new([("extra", extra.into()), ("match", value.into())]).with_default(true).into()
}

/// The outcome of a test that finds nothing, made once.
static NOT_FOUND: LazyLock<Value> = LazyLock::new(|| Object::new([("match", "")]).with_default(false).into());

fn not_found() -> Value {
    NOT_FOUND.clone()
}

/// Passed with what was found, if anything was.
fn maybe<V: Into<Value>>(value: Option<V>) -> Value {
    value.map_or_else(not_found, found)
}
