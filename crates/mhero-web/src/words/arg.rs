//! What a text may be given: a count, which chooses the plural, or words.

use fluent_templates::fluent_bundle::FluentValue;

/// A variable of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    /// A whole number; chooses the plural form and is grouped as the language does.
    Count(i64),
    /// Words, shown as they are.
    Text(String),
}

impl Arg {
    /// Reads a variable that came as text: a plain whole number counts as one, but not a phone or a code with a leading zero.
    pub fn read(text: &str) -> Self {
        let is_plain = text == "0" || !text.starts_with(['0', '+', '-']);
        match text.parse() {
            Ok(count) if is_plain && text.len() < 10 => Self::Count(count),
            _ => Self::Text(text.to_owned()),
        }
    }

    pub(super) fn to_fluent(&self) -> FluentValue<'static> {
        match self {
            Self::Count(count) => FluentValue::from(*count),
            Self::Text(text) => FluentValue::from(text.clone()),
        }
    }
}

/// What templates hand over as a variable; they pass references freely.
pub trait IntoArg {
    /// The variable.
    fn arg(&self) -> Arg;
}

impl<T: IntoArg + ?Sized> IntoArg for &T {
    fn arg(&self) -> Arg {
        (**self).arg()
    }
}

impl IntoArg for Arg {
    fn arg(&self) -> Arg {
        self.clone()
    }
}

impl IntoArg for str {
    fn arg(&self) -> Arg {
        Arg::Text(self.to_owned())
    }
}

impl IntoArg for String {
    fn arg(&self) -> Arg {
        Arg::Text(self.clone())
    }
}

impl IntoArg for i64 {
    fn arg(&self) -> Arg {
        Arg::Count(*self)
    }
}

impl IntoArg for usize {
    fn arg(&self) -> Arg {
        Arg::Count(i64::try_from(*self).unwrap_or(i64::MAX))
    }
}

/// A whole number that templates hand over, by value or by reference.
pub trait Figure {
    /// The number.
    fn figure(&self) -> i64;
}

impl<T: Figure + ?Sized> Figure for &T {
    fn figure(&self) -> i64 {
        (**self).figure()
    }
}

impl Figure for i64 {
    fn figure(&self) -> i64 {
        *self
    }
}

impl Figure for usize {
    fn figure(&self) -> i64 {
        i64::try_from(*self).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_and_codes_stay_words() {
        assert_eq!(Arg::read("1106"), Arg::Count(1_106));
        assert_eq!(Arg::read("0770000001"), Arg::Text("0770000001".into()));
        assert_eq!(Arg::read("+231770000001"), Arg::Text("+231770000001".into()));
        assert_eq!(Arg::read("midwife"), Arg::Text("midwife".into()));
    }
}
