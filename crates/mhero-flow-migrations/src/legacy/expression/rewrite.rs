//! From the tree of an old expression to the text of a current one.

use super::{
    code::{Code, Kind, Operator},
    functions,
    parse::Node,
    paths::{self, minutes_of},
};

/// How long an expression may become, in bytes. Adding a time writes it twice, so that a small text could grow without end.
const LENGTH_MAX: usize = 20_000;

/// The expression in the current language; `None` when it would be too long, or has a path that is none.
pub(super) fn rewrite(node: &Node, raw_dates: bool) -> Option<Code> {
    let code = match node {
        Node::Bool(value) => Code::atom(value.to_string(), Kind::Unknown),
        Node::Number(number) => Code::number(number),
        Node::Text(meaning) => Code::literal(meaning),
        Node::Path(path) => paths::rewrite(path, raw_dates)?,
        Node::Call(name, arguments) => {
            let arguments: Option<Vec<_>> = arguments.iter().map(|argument| rewrite(argument, raw_dates)).collect();
            functions::rewrite(name, arguments?)
        }
        Node::Negate(of) => rewrite(of, raw_dates)?.with_sign(),
        Node::Brackets(of) => rewrite(of, raw_dates)?.bracketed(),
        Node::Binary(operator, left, right) => {
            let (left, right) = (rewrite(left, raw_dates)?, rewrite(right, raw_dates)?);
            match operator {
                Operator::Add | Operator::Subtract => sum(*operator, left, right, raw_dates),
                Operator::Multiply | Operator::Divide | Operator::Power => number(*operator, left, right),
                other => Code::infix(*other, left, right),
            }
        }
    };
    (code.text.len() <= LENGTH_MAX).then_some(code)
}

/// Multiplication and its like: a number when both sides are known to be.
fn number(operator: Operator, left: Code, right: Code) -> Code {
    let both = left.kind == Kind::Number && right.kind == Kind::Number;
    Code::infix(operator, left, right).of_kind(if both { Kind::Number } else { Kind::Unknown })
}

/// The `+` and `-` of old flows: of numbers, of a date and days, of a date and a time. Where nobody can tell before the flow
/// runs, `legacy_add` decides then.
fn sum(operator: Operator, left: Code, right: Code, raw_dates: bool) -> Code {
    let adds = operator == Operator::Add;
    let signed = |code: Code| if adds { code } else { code.negated() };
    let later = |from: Code, by: Code, unit: &str| Code::call("datetime_add", [from, by, Code::literal(unit)]);
    match (left.kind, right.kind) {
        (Kind::Number, Kind::Number) => Code::infix(operator, left, right).of_kind(Kind::Number),
        (Kind::DateTime, Kind::Number) => later(left, signed(right), "D").of_kind(Kind::DateTime),
        (Kind::Date, Kind::Number) => {
            let day = later(left, signed(right), "D");
            let day = if raw_dates { day } else { Code::call("format_date", [day]) };
            day.of_kind(Kind::Date)
        }
        (Kind::Unknown | Kind::Date, Kind::Time) if adds => {
            Code::call("replace_time", [left, right]).of_kind(Kind::DateTime)
        }
        (Kind::Unknown | Kind::Date | Kind::DateTime, Kind::Time) => {
            later(left, signed(minutes_of(&right)), "m").of_kind(Kind::DateTime)
        }
        (Kind::Number, Kind::Date | Kind::DateTime) | (Kind::Time, Kind::Unknown | Kind::Date | Kind::DateTime)
            if adds =>
        {
            sum(operator, right, left, raw_dates)
        }
        _ => Code::call("legacy_add", [left, signed(right)]),
    }
}
