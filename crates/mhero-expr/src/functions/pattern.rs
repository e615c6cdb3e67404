//! Regular expressions as flows write them.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use regex::{Regex, RegexBuilder};

use crate::{error::ExprError, eval::Machine};

/// Memory of one compiled pattern, in bytes: enough for what people write, too little to hurt.
const PATTERN_SIZE_MAX: usize = 1 << 18;

/// The cost of compiling a pattern beside its letters, which takes far longer than matching. It is the same for a pattern that is
/// kept, so that what an evaluation costs does not depend on those before it.
const PATTERN_COST: usize = 10_000;

/// Compiled patterns that a thread keeps, as a flow asks for the same few again and again.
const KEPT_MAX: usize = 64;

thread_local! {
    static KEPT: RefCell<HashMap<String, Option<Rc<Regex>>>> = RefCell::default();
}

/// A pattern in any letter case, `None` when it is none. Written as Go's regular expressions: `\d`, `\w`, `\s` and `\b` know ASCII
/// only.
pub(crate) fn compiled(machine: &mut Machine<'_>, pattern: &str) -> Result<Option<Rc<Regex>>, ExprError> {
    machine.budget.spend(pattern.len().saturating_mul(100).saturating_add(PATTERN_COST))?;
    Ok(KEPT.with_borrow_mut(|kept| {
        if let Some(regex) = kept.get(pattern) {
            return regex.clone();
        }
        let regex = build(pattern).map(Rc::new);
        if kept.len() >= KEPT_MAX {
            kept.clear();
        }
        kept.insert(pattern.to_owned(), regex.clone());
        regex
    }))
}

/// Whether a text is a pattern that `has_pattern` and its like can use.
pub fn is_pattern(text: &str) -> bool {
    build(text).is_some()
}

fn build(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(&translated(pattern))
        .case_insensitive(true)
        .multi_line(true)
        .octal(true)
        .size_limit(PATTERN_SIZE_MAX)
        .dfa_size_limit(PATTERN_SIZE_MAX)
        .build()
        .ok()
}

/// A pattern of Go in the words of the regex library: what they read differently is written out.
fn translated(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    let mut in_class = false;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '\\' if rest.starts_with("\\Q") => quoted(rest, &mut out),
            '\\' => escape(rest, in_class, &mut out),
            '[' if !in_class => {
                in_class = true;
                class_start(rest, &mut out)
            }
            '[' if !rest.starts_with("[:") => literal(c, &mut out),
            ']' => {
                in_class = false;
                plain(c, &mut out)
            }
            // Between brackets the library would join, cut or subtract sets with two of these.
            '&' | '~' | '-' if in_class && rest[1..].starts_with(c) => {
                literal(c, &mut out);
                literal(c, &mut out) + 1
            }
            '{' if !in_class && !is_repetition(rest) => literal(c, &mut out),
            other => plain(other, &mut out),
        };
        rest = &rest[taken..];
    }
    out
}

fn plain(c: char, out: &mut String) -> usize {
    out.push(c);
    c.len_utf8()
}

fn literal(c: char, out: &mut String) -> usize {
    out.push('\\');
    plain(c, out)
}

/// `\Q...\E`: letters that all stand for themselves.
fn quoted(rest: &str, out: &mut String) -> usize {
    let inner = rest[2..].split("\\E").next().unwrap_or_default();
    out.push_str(&regex::escape(inner));
    (2 + inner.len() + 2).min(rest.len())
}

fn escape(rest: &str, in_class: bool, out: &mut String) -> usize {
    let Some(c) = rest[1..].chars().next() else { return plain('\\', out) };
    let written = match c {
        'd' => "[0-9]",
        'D' => "[^0-9]",
        'w' => "[0-9A-Za-z_]",
        'W' => "[^0-9A-Za-z_]",
        's' => r"[\t\n\f\r ]",
        'S' => r"[^\t\n\f\r ]",
        'b' if !in_class => r"(?-u:\b)",
        '<' => "<",
        '>' => ">",
        _ => "",
    };
    if written.is_empty() {
        out.push('\\');
        out.push(c);
    } else {
        out.push_str(written);
    }
    1 + c.len_utf8()
}

/// `[`, `[^`, and a bracket right behind it, which is one of the letters.
fn class_start(rest: &str, out: &mut String) -> usize {
    let negated = rest.starts_with("[^");
    let mut taken = if negated { 2 } else { 1 };
    out.push_str(&rest[..taken]);
    if rest[taken..].starts_with(']') {
        out.push_str(r"\]");
        taken += 1;
    }
    taken
}

/// Whether a brace starts `{2}`, `{2,}` or `{2,5}`.
fn is_repetition(rest: &str) -> bool {
    let Some(inner) = rest[1..].split_once('}').map(|(inner, _)| inner) else { return false };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (least, most) = inner.split_once(',').unwrap_or((inner, ""));
    !least.is_empty() && digits(least) && digits(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_what_they_mean_elsewhere() {
        for (pattern, text, found) in [
            (r"^\w+$", "abc_1", true),
            (r"^\w+$", "é", false),
            (r"\d", "٤", false),
            (r"[\d\s]+x", "1 2x", true),
            (r"\bann\b", "Ann!", true),
            (r"[[a]", "[", true),
            (r"[]a]", "]", true),
            (r"[a&&b]", "&", true),
            (r"a{", "a{", true),
            (r"a{2}", "aa", true),
            (r"\Qa.b\E+", "a.bb", true),
            (r"\Qa.b\E", "axb", false),
            (r"[😀-🙏]", "hi 😀", true),
            (r"[[:alpha:]]", "1", false),
            (r"[a\-z]", "-", true),
        ] {
            let regex = Regex::new(&format!("(?i){}", translated(pattern)));
            assert_eq!(regex.map(|regex| regex.is_match(text)), Ok(found), "{pattern}");
        }
    }
}
