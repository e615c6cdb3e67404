//! The functions of version 11 and what they are called now. Positions counted from one then, and count from zero now.

use super::code::{Code, Kind, Operator};

/// How a function is rewritten.
enum Rule {
    /// Another name, and what is known of the result.
    Call(&'static str, Kind),
    /// A part of a date or time: the function that writes it, and the layout.
    Layout(&'static str, &'static str),
    /// The arguments with an operator between them.
    Infix(Operator, Kind),
    /// Anything else. `None` when the number of arguments is wrong.
    Own(fn(&[Code]) -> Option<Code>),
}

/// Every function, by its name in capital letters.
const RULES: &[(&str, Rule)] = &[
    ("ABS", Rule::Call("abs", Kind::Number)),
    ("AND", Rule::Call("and", Kind::Unknown)),
    ("AVERAGE", Rule::Call("mean", Kind::Number)),
    ("CHAR", Rule::Call("char", Kind::Unknown)),
    ("CLEAN", Rule::Call("clean", Kind::Unknown)),
    ("CODE", Rule::Call("code", Kind::Number)),
    ("CONCATENATE", Rule::Infix(Operator::Concatenate, Kind::Unknown)),
    ("DATE", Rule::Call("date_from_parts", Kind::Date)),
    ("DATEDIF", Rule::Own(datedif)),
    ("DATEVALUE", Rule::Call("date", Kind::Date)),
    ("DAY", Rule::Layout("format_date", "D")),
    ("DAYS", Rule::Own(days)),
    ("EDATE", Rule::Own(edate)),
    ("EPOCH", Rule::Call("epoch", Kind::Number)),
    ("EXP", Rule::Own(exp)),
    ("FALSE", Rule::Own(|a| a.is_empty().then(|| Code::atom("false", Kind::Unknown)))),
    ("FIELD", Rule::Own(field)),
    ("FIRST_WORD", Rule::Own(first_word)),
    ("FIXED", Rule::Own(fixed)),
    ("FORMAT_DATE", Rule::Call("format_datetime", Kind::Unknown)),
    ("FORMAT_LOCATION", Rule::Call("format_location", Kind::Unknown)),
    ("HOUR", Rule::Layout("format_datetime", "tt")),
    ("IF", Rule::Own(if_else)),
    ("INT", Rule::Call("round_down", Kind::Number)),
    ("LEFT", Rule::Own(left)),
    ("LEN", Rule::Call("text_length", Kind::Number)),
    ("LOWER", Rule::Call("lower", Kind::Unknown)),
    ("MAX", Rule::Call("max", Kind::Number)),
    ("MIN", Rule::Call("min", Kind::Number)),
    ("MINUTE", Rule::Layout("format_datetime", "m")),
    ("MOD", Rule::Call("mod", Kind::Number)),
    ("MONTH", Rule::Layout("format_date", "M")),
    ("NOW", Rule::Call("now", Kind::DateTime)),
    ("OR", Rule::Call("or", Kind::Unknown)),
    ("PERCENT", Rule::Call("percent", Kind::Unknown)),
    ("POWER", Rule::Own(power)),
    ("PROPER", Rule::Call("title", Kind::Unknown)),
    ("RAND", Rule::Call("rand", Kind::Number)),
    ("RANDBETWEEN", Rule::Call("rand_between", Kind::Number)),
    ("READ_DIGITS", Rule::Call("read_chars", Kind::Unknown)),
    ("REGEX_GROUP", Rule::Call("regex_match", Kind::Unknown)),
    ("REMOVE_FIRST_WORD", Rule::Call("remove_first_word", Kind::Unknown)),
    ("REPT", Rule::Call("repeat", Kind::Unknown)),
    ("RIGHT", Rule::Own(right)),
    ("ROUND", Rule::Call("round", Kind::Number)),
    ("ROUNDDOWN", Rule::Call("round_down", Kind::Number)),
    ("ROUNDUP", Rule::Call("round_up", Kind::Number)),
    ("SECOND", Rule::Layout("format_datetime", "s")),
    ("SUBSTITUTE", Rule::Own(substitute)),
    ("SUM", Rule::Infix(Operator::Add, Kind::Number)),
    ("TIME", Rule::Call("time_from_parts", Kind::Time)),
    ("TIMEVALUE", Rule::Call("time", Kind::Time)),
    ("TODAY", Rule::Call("today", Kind::Date)),
    ("TRUE", Rule::Own(|a| a.is_empty().then(|| Code::atom("true", Kind::Unknown)))),
    ("TRUNC", Rule::Own(trunc)),
    ("UNICHAR", Rule::Call("char", Kind::Unknown)),
    ("UNICODE", Rule::Call("code", Kind::Number)),
    ("UPPER", Rule::Call("upper", Kind::Unknown)),
    ("WEEKDAY", Rule::Own(weekday)),
    ("WORD", Rule::Own(word)),
    ("WORD_COUNT", Rule::Own(word_count)),
    ("WORD_SLICE", Rule::Own(word_slice)),
    ("YEAR", Rule::Layout("format_date", "YYYY")),
];

/// A call of an old function. One that nobody knows, or with the wrong number of arguments, stays a call that fails when the
/// flow runs, as it did.
pub(super) fn rewrite(name: &str, arguments: Vec<Code>) -> Code {
    let upper = name.to_uppercase();
    let rule = RULES.iter().find(|(name, _)| *name == upper).map(|(_, rule)| rule);
    let written = match (rule, arguments.as_slice()) {
        (Some(Rule::Call(function, kind)), all) => Some(Code::call(function, all.to_vec()).of_kind(*kind)),
        (Some(Rule::Layout(function, layout)), [of]) => Some(Code::call(function, [of.clone(), Code::literal(layout)])),
        (Some(Rule::Infix(operator, kind)), [first, rest @ ..]) => {
            let all = rest.iter().fold(first.clone(), |all, next| Code::infix(*operator, all, next.clone()));
            Some(all.of_kind(*kind))
        }
        (Some(Rule::Own(own)), all) => own(all),
        _ => None,
    };
    written.unwrap_or_else(|| Code::call(&name.to_lowercase(), arguments))
}

fn datedif(a: &[Code]) -> Option<Code> {
    let [from, to, unit] = a else { return None };
    // A small m means minutes now.
    let unit = match unit.text.strip_prefix('"') {
        Some(_) => Code::atom(unit.text.to_uppercase(), Kind::Unknown),
        None => Code::call("upper", [unit.clone()]),
    };
    Some(Code::call("datetime_diff", [from.clone(), to.clone(), unit]).of_kind(Kind::Number))
}

fn days(a: &[Code]) -> Option<Code> {
    let [to, from] = a else { return None };
    Some(Code::call("datetime_diff", [from.clone(), to.clone(), Code::literal("D")]).of_kind(Kind::Number))
}

fn edate(a: &[Code]) -> Option<Code> {
    let [date, months] = a else { return None };
    Some(Code::call("datetime_add", [date.clone(), months.clone(), Code::literal("M")]).of_kind(Kind::DateTime))
}

fn exp(a: &[Code]) -> Option<Code> {
    let [power] = a else { return None };
    let e = Code::number(std::f64::consts::E.to_string());
    Some(Code::infix(Operator::Power, e, power.clone()).of_kind(Kind::Number))
}

fn field(a: &[Code]) -> Option<Code> {
    let (text, index, delimiter) = match a {
        [text, index] => (text, index, Code::literal(" ")),
        [text, index, delimiter] => (text, index, delimiter.clone()),
        _ => return None,
    };
    Some(Code::call("field", [text.clone(), from_zero(index), delimiter]))
}

fn first_word(a: &[Code]) -> Option<Code> {
    let [text] = a else { return None };
    Some(Code::call("word", [text.clone(), Code::integer(0)]))
}

fn fixed(a: &[Code]) -> Option<Code> {
    match a {
        [number] => Some(Code::call("format_number", [number.clone(), Code::integer(2)])),
        [_, _] | [_, _, _] => Some(Code::call("format_number", a.to_vec())),
        _ => None,
    }
}

fn if_else(a: &[Code]) -> Option<Code> {
    let no = || Code::atom("false", Kind::Unknown);
    match a {
        [test] => Some(Code::call("if", [test.clone(), Code::integer(0), no()])),
        [test, yes] => Some(Code::call("if", [test.clone(), yes.clone(), no()])),
        [_, _, _] => Some(Code::call("if", a.to_vec())),
        _ => None,
    }
}

fn left(a: &[Code]) -> Option<Code> {
    let [text, length] = a else { return None };
    Some(Code::call("text_slice", [text.clone(), Code::integer(0), length.clone()]))
}

fn right(a: &[Code]) -> Option<Code> {
    let [text, length] = a else { return None };
    if length.as_integer() == Some(0) {
        return Some(Code::call("text_slice", [text.clone(), Code::integer(0), Code::integer(0)]));
    }
    Some(Code::call("text_slice", [text.clone(), length.clone().negated()]))
}

fn power(a: &[Code]) -> Option<Code> {
    let [base, exponent] = a else { return None };
    Some(Code::infix(Operator::Power, base.clone(), exponent.clone()).of_kind(Kind::Number))
}

/// Which one to replace has no counterpart, only how many; they differ from the second on.
fn substitute(a: &[Code]) -> Option<Code> {
    match a {
        [text, old, new] => Some(Code::call("replace", [text, old, new].map(Clone::clone))),
        [text, old, new, which] if which.as_integer() == Some(-1) => substitute(&[text, old, new].map(Clone::clone)),
        [_, _, _, _] => Some(Code::call("replace", a.to_vec())),
        _ => None,
    }
}

/// Cuts towards zero, where `round_down` goes below it.
fn trunc(a: &[Code]) -> Option<Code> {
    let ([number] | [number, _]) = a else { return None };
    let below = Code::infix(Operator::Less, number.clone(), Code::integer(0));
    let both = ["round_up", "round_down"].map(|function| Code::call(function, a.to_vec()));
    let [up, down] = both;
    Some(Code::call("if", [below, up, down]).of_kind(Kind::Number))
}

fn weekday(a: &[Code]) -> Option<Code> {
    let [date] = a else { return None };
    let from_zero = Code::call("weekday", [date.clone()]);
    Some(Code::infix(Operator::Add, from_zero, Code::integer(1)).of_kind(Kind::Number))
}

fn word(a: &[Code]) -> Option<Code> {
    match a {
        [text, index] => Some(Code::call("word", [text.clone(), from_zero(index)])),
        [text, index, spaces] => Some(Code::call("word", [text.clone(), from_zero(index), delimiters(spaces)])),
        _ => None,
    }
}

fn word_count(a: &[Code]) -> Option<Code> {
    match a {
        [text] => Some(Code::call("word_count", [text.clone()])),
        [text, spaces] => Some(Code::call("word_count", [text.clone(), delimiters(spaces)])),
        _ => None,
    }
}

/// An end of zero meant the end of the text, which is -1 now.
fn word_slice(a: &[Code]) -> Option<Code> {
    let (text, start, rest) = match a {
        [text, start, rest @ ..] if rest.len() <= 2 => (text, start, rest),
        _ => return None,
    };
    let mut arguments = vec![text.clone(), from_zero(start)];
    arguments.extend(rest.first().map(from_zero));
    arguments.extend(rest.get(1).map(delimiters));
    Some(Code::call("word_slice", arguments))
}

/// A position that counted from one. Those below zero count from the end in both languages.
fn from_zero(index: &Code) -> Code {
    match index.as_integer() {
        Some(n) if n < 0 => index.clone(),
        Some(n) => Code::integer(n - 1),
        None => Code::infix(Operator::Subtract, index.clone(), Code::integer(1)),
    }
}

/// Whether words end only at white space, as the delimiters that say so.
fn delimiters(by_spaces: &Code) -> Code {
    let spaces = || Code::atom("\" \\t\"", Kind::Unknown);
    let any = || Code::atom("NULL", Kind::Unknown);
    match by_spaces.text.as_str() {
        "true" => spaces(),
        "false" => any(),
        _ => Code::call("if", [by_spaces.clone(), spaces(), any()]),
    }
}

#[cfg(test)]
mod tests {
    use mhero_expr::Function;

    use super::*;

    #[test]
    fn the_table_is_sorted_and_names_functions_that_exist() {
        assert!(RULES.is_sorted_by(|one, two| one.0 < two.0));
        for (old, rule) in RULES {
            if let Rule::Call(new, _) | Rule::Layout(new, _) = rule {
                assert!(Function::all().contains(new), "{old} becomes {new}");
            }
        }
    }
}
