//! Pieces of an expression in the current language, put together so that they still mean the same.

use mhero_expr::{Expr, Expression};

/// An operator between two values, which both languages have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Concatenate,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
}

impl Operator {
    /// The sign in the current language.
    pub(super) const fn sign(self) -> &'static str {
        match self {
            Self::Concatenate => "&",
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Power => "^",
        }
    }

    /// How tightly it binds, in both languages; operators of one strength go from left to right.
    pub(super) const fn strength(self) -> u8 {
        match self {
            Self::Concatenate => 1,
            Self::Equal | Self::NotEqual => 2,
            Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual => 3,
            Self::Add | Self::Subtract => 4,
            Self::Multiply | Self::Divide => 5,
            Self::Power => 6,
        }
    }
}

/// The strength of a minus sign.
const SIGN: u8 = 7;

/// The strength of what needs no brackets anywhere.
const ATOM: u8 = 8;

/// What is known of the value of a piece, for the `+` and `-` of old flows, which also added days and times to dates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing before the flow runs.
    #[default]
    Unknown,
    Number,
    /// A day, or the text of one.
    Date,
    DateTime,
    Time,
}

/// A piece of an expression in the current language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Code {
    /// The piece as text.
    pub(super) text: String,
    /// What is known of its value.
    pub(super) kind: Kind,
    /// Whether it is a path with dots only, which needs no brackets after an `@`.
    pub(super) is_path: bool,
    strength: u8,
}

impl Code {
    /// A piece that needs no brackets.
    pub(super) fn atom(text: impl Into<String>, kind: Kind) -> Self {
        Self { text: text.into(), kind, is_path: false, strength: ATOM }
    }

    /// A path, with dots only or not.
    pub(super) fn path(text: String, is_path: bool) -> Self {
        Self { is_path, ..Self::atom(text, Kind::Unknown) }
    }

    /// A number as written.
    pub(super) fn number(text: impl Into<String>) -> Self {
        Self::atom(text, Kind::Number)
    }

    /// A whole number.
    pub(super) fn integer(n: i64) -> Self {
        let strength = if n < 0 { SIGN } else { ATOM };
        Self { strength, ..Self::number(n.to_string()) }
    }

    /// A literal with this meaning. Backslashes stand as they are where the language reads them so, as in patterns.
    pub(super) fn literal(meaning: &str) -> Self {
        let plain = format!("\"{}\"", meaning.replace('"', "\\\""));
        let same = Expression::parse(&plain).is_ok_and(|e| matches!(e.tree(), Expr::Text(text) if **text == *meaning));
        Self::atom(if same { plain } else { quoted(meaning) }, Kind::Unknown)
    }

    /// A call of a function.
    pub(super) fn call(function: &str, arguments: impl IntoIterator<Item = Self>) -> Self {
        let arguments: Vec<_> = arguments.into_iter().map(|argument| argument.text).collect();
        Self::atom(format!("{function}({})", arguments.join(", ")), Kind::Unknown)
    }

    /// Two pieces with an operator between them, in brackets where they need some.
    pub(super) fn infix(operator: Operator, left: Self, right: Self) -> Self {
        let strength = operator.strength();
        let (left, right) = (left.at_least(strength), right.at_least(strength + 1));
        let text = format!("{left} {} {right}", operator.sign());
        Self { text, kind: Kind::Unknown, is_path: false, strength }
    }

    /// The piece with a minus sign. A sign that is there already goes away.
    pub(super) fn negated(self) -> Self {
        match self.as_integer() {
            Some(n) if n < 0 => Self::integer(-n),
            _ => self.with_sign(),
        }
    }

    /// The piece with a minus sign before it.
    pub(super) fn with_sign(self) -> Self {
        let kind = if self.kind == Kind::Number { Kind::Number } else { Kind::Unknown };
        Self { text: format!("-{}", self.at_least(ATOM)), kind, is_path: false, strength: SIGN }
    }

    /// The piece in brackets, which stay even where they change nothing.
    pub(super) fn bracketed(self) -> Self {
        Self::atom(format!("({})", self.text), self.kind)
    }

    /// The piece with what is known of its value.
    pub(super) fn of_kind(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    /// The value of a whole number that was written as such, not too big to count with.
    pub(super) fn as_integer(&self) -> Option<i64> {
        let n: i64 = self.text.parse().ok()?;
        (n.abs() < i64::from(i32::MAX) && self.kind == Kind::Number).then_some(n)
    }

    fn at_least(self, strength: u8) -> String {
        if self.strength < strength { format!("({})", self.text) } else { self.text }
    }
}

/// Writes a text as a literal of the current language, every backslash doubled.
pub(super) fn quoted(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for c in text.chars() {
        match c {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

/// Whether a name may start with this letter.
pub(super) fn starts_name(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

/// Whether a name may hold this letter.
pub(super) fn in_name(c: char) -> bool {
    starts_name(c) || c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_keep_their_meaning() {
        for (meaning, literal) in [
            (r"\w(\w+)", r#""\w(\w+)""#),
            (r#" " "#, r#"" \" ""#),
            (r"a\", r#""a\\""#),
            (r"\n", r#""\\n""#),
            ("\t", "\"\t\""),
        ] {
            assert_eq!(Code::literal(meaning).text, literal);
        }
    }

    #[test]
    fn brackets_stand_where_they_are_needed() {
        let sum = Code::infix(Operator::Add, Code::number("1"), Code::number("2"));
        assert_eq!(Code::infix(Operator::Multiply, sum.clone(), Code::number("3")).text, "(1 + 2) * 3");
        assert_eq!(Code::infix(Operator::Subtract, Code::number("3"), sum.clone()).text, "3 - (1 + 2)");
        assert_eq!(sum.negated().text, "-(1 + 2)");
        assert_eq!(Code::integer(-4).negated().text, "4");
        assert_eq!(Code::integer(-4).with_sign().text, "-(-4)");
    }
}
