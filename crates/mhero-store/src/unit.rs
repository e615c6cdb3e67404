//! A write: a list of statements with guards, all or nothing.

use std::borrow::Cow;

use crate::{Engine, Statement, StoreError, Value, statement::for_sqlite};

/// What a step must have done, else the whole unit is undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Any number of rows.
    Any,
    /// Exactly so many.
    Rows(u64),
}

impl Guard {
    pub(crate) const fn holds(self, rows: u64) -> bool {
        match self {
            Self::Any => true,
            Self::Rows(wanted) => rows == wanted,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) enum Sql {
    Named(&'static Statement),
    Composed(String),
}

impl Sql {
    pub(crate) fn text(&self, engine: Engine) -> Cow<'_, str> {
        match (self, engine) {
            (Self::Named(statement), _) => Cow::Borrowed(statement.text(engine)),
            (Self::Composed(text), Engine::Postgres) => Cow::Borrowed(text),
            (Self::Composed(text), Engine::Sqlite) => Cow::Owned(for_sqlite(text)),
        }
    }

    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Named(statement) => statement.name,
            Self::Composed(_) => "composed statement",
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) sql: Sql,
    pub(crate) params: Vec<Value>,
    pub(crate) guard: Guard,
}

/// A write in the making.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    pub(crate) steps: Vec<Step>,
}

/// What a unit did: the number of rows of each step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Rows by step, in the order they were added.
    pub rows: Vec<u64>,
}

impl Unit {
    /// An empty unit.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a step with a guard.
    pub fn step(&mut self, statement: &'static Statement, guard: Guard, params: Vec<Value>) -> &mut Self {
        self.steps.push(Step { sql: Sql::Named(statement), params, guard });
        self
    }

    /// Adds a step that may touch any number of rows.
    pub fn run(&mut self, statement: &'static Statement, params: Vec<Value>) -> &mut Self {
        self.step(statement, Guard::Any, params)
    }

    /// Adds a step that must touch exactly one row.
    pub fn one(&mut self, statement: &'static Statement, params: Vec<Value>) -> &mut Self {
        self.step(statement, Guard::Rows(1), params)
    }

    /// Adds a statement that was put together at run time (the restore, the audience language).
    pub(crate) fn composed(&mut self, sql: String, params: Vec<Value>) -> &mut Self {
        self.steps.push(Step { sql: Sql::Composed(sql), params, guard: Guard::Any });
        self
    }

    /// Adds all steps of another unit.
    pub fn append(&mut self, other: Self) -> &mut Self {
        self.steps.extend(other.steps);
        self
    }

    /// How many steps there are.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

pub(crate) const fn guard_failed(step: usize) -> StoreError {
    StoreError::Guard { step }
}

/// Parameters of a statement, each turned into a [`Value`].
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { vec![$($crate::Value::from($value)),*] };
}
