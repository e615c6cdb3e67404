//! Operators by prefix: an installation names them, since numbering plans do not.

use mhero_core::Right;
use mhero_store::{Queue, Unit};
use serde::{Deserialize, Serialize};

use crate::{App, AppError, Caller};

/// The key under which they stand.
const KEY: &str = "operators";
/// At most so many operators, and so many prefixes of each.
const OPERATORS_MAX: usize = 50;
/// At most so many characters of a name.
const NAME_CHARS_MAX: usize = 60;
/// Digits of a prefix, the calling code among them.
const PREFIX_DIGITS: std::ops::RangeInclusive<usize> = 2..=10;

/// A mobile operator and what its numbers begin with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operator {
    /// The name that people know it by.
    pub name: String,
    /// What its numbers begin with, in E.164: `+23177`.
    pub prefixes: Vec<String>,
}

/// The operators of an installation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operators(pub Vec<Operator>);

impl Operators {
    /// The operator of a number in E.164: the one with the longest prefix that fits.
    pub fn of(&self, number: &str) -> Option<&str> {
        let fits = self.0.iter().flat_map(|operator| operator.prefixes.iter().map(move |prefix| (operator, prefix)));
        fits.filter(|(_, prefix)| number.starts_with(prefix.as_str()))
            .max_by_key(|(_, prefix)| prefix.len())
            .map(|(operator, _)| operator.name.as_str())
    }
}

impl App {
    /// The operators of this installation, as far as it knows them.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn operators(&self) -> Result<Operators, AppError> {
        let stored = self.store().setting(KEY).await?;
        Ok(stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    /// Says which operators there are.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming the operator whose name or prefix can't be; [`AppError::NotAllowed`] without the right.
    pub async fn set_operators(&self, caller: &Caller, operators: &Operators) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        if operators.0.len() > OPERATORS_MAX {
            return Err(AppError::invalid("operators-too-many", [("max", OPERATORS_MAX.to_string())]));
        }
        for operator in &operators.0 {
            let name = operator.name.trim();
            if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
                return Err(AppError::invalid("operator-name", [("max", NAME_CHARS_MAX.to_string())]));
            }
            if operator.prefixes.is_empty() || operator.prefixes.len() > OPERATORS_MAX {
                return Err(AppError::invalid("operator-without-prefix", [("name", name.to_owned())]));
            }
            for prefix in &operator.prefixes {
                let digits = prefix.strip_prefix('+').unwrap_or_default();
                let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
                if !is_number || !PREFIX_DIGITS.contains(&digits.len()) {
                    let args = [("name", name.to_owned()), ("prefix", prefix.clone())];
                    return Err(AppError::invalid("operator-prefix", args));
                }
            }
        }
        let text = serde_json::to_string(operators).map_err(|_| AppError::invalid("operator-name", []))?;
        let mut unit = Unit::new();
        unit.put_setting(KEY, &text, self.clock().now_micros());
        let facts = serde_json::json!({"operators": operators.0.len()});
        unit.audit(self.store(), &caller.entry("operators-set", "setting", None, facts));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_prefix_wins() {
        let named = |name: &str, prefix: &str| Operator { name: name.into(), prefixes: vec![prefix.into()] };
        let all = Operators(vec![named("Old", "+23177"), named("New", "+231779")]);
        assert_eq!(all.of("+231779000001"), Some("New"));
        assert_eq!(all.of("+231770000001"), Some("Old"));
        assert_eq!(all.of("+231880000001"), None);
    }
}
