//! Equality and order of values.

use std::cmp::Ordering;

use super::Value;
use crate::{error::ExprError, eval::Budget};

impl Value {
    /// Strict equality: same type, same value; a text is no number. Objects are equal with equal properties and defaults.
    pub fn equals(&self, other: &Self) -> bool {
        self.same(other, &mut Budget::default()).unwrap_or(false)
    }

    /// As [`Value::equals`], on a budget: shared parts may make a small value a very large one to walk.
    pub(crate) fn same(&self, other: &Self, budget: &mut Budget) -> Result<bool, ExprError> {
        budget.spend(1)?;
        Ok(match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => a == b,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Date(a), Self::Date(b)) => a == b,
            (Self::Time(a), Self::Time(b)) => a == b,
            (Self::DateTime(a), Self::DateTime(b)) => a.timestamp() == b.timestamp(),
            (Self::Function(a), Self::Function(b)) => a.is_same(b),
            (Self::Error(a), Self::Error(b)) => a.to_string() == b.to_string(),
            (Self::Array(a), Self::Array(b)) => a.len() == b.len() && all(a.iter().zip(b.iter()), budget)?,
            (Self::Object(a), Self::Object(b)) => {
                let defaults = match (a.default_value(), b.default_value()) {
                    (None, None) => true,
                    (Some(a), Some(b)) => a.same(b, budget)?,
                    _ => false,
                };
                let names = a.len() == b.len() && a.iter().zip(b.iter()).all(|((a, _), (b, _))| a == b);
                defaults && names && all(a.iter().map(|(_, v)| v).zip(b.iter().map(|(_, v)| v)), budget)?
            }
            _ => false,
        })
    }

    /// The order of two values of one type that has an order. Nothing comes before anything. `None` where there is no order.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(match (self, other) {
            (Self::Null, Self::Null) => Ordering::Equal,
            (Self::Null, _) => Ordering::Less,
            (_, Self::Null) => Ordering::Greater,
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.order(b),
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Date(a), Self::Date(b)) => a.cmp(b),
            (Self::Time(a), Self::Time(b)) => a.cmp(b),
            (Self::DateTime(a), Self::DateTime(b)) => a.timestamp().cmp(&b.timestamp()),
            _ => return None,
        })
    }
}

fn all<'a>(pairs: impl Iterator<Item = (&'a Value, &'a Value)>, budget: &mut Budget) -> Result<bool, ExprError> {
    for (a, b) in pairs {
        if !a.same(b, budget)? {
            return Ok(false);
        }
    }
    Ok(true)
}
