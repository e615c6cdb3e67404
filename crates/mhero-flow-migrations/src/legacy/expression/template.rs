//! Templates of version 11: text with `@contact.name` and `@(UPPER(contact.name))` in it.

use std::sync::LazyLock;

use mhero_expr::TopLevels;

use super::{
    code::{Code, Operator, in_name, quoted, starts_name},
    parse::parse,
    paths,
    rewrite::rewrite,
};

/// The names that start an expression now.
static CURRENT: LazyLock<TopLevels> = LazyLock::new(TopLevels::flow);

/// How the expressions of a template are rewritten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TemplateOptions {
    /// An expression that fails gives its old text instead of nothing, as it always did then. Wanted where a router tests the
    /// text.
    pub default_to_self: bool,
    /// What an expression gives becomes part of an address.
    pub url_encode: bool,
    /// `date.today` and its neighbours are dates rather than their text, for tests that compare dates.
    pub raw_dates: bool,
}

/// A template of version 11 in the current language. An expression that can't be read stays as it is and fails when the flow
/// runs, as it did; so does nothing else here.
pub fn migrate_template(text: &str, options: TemplateOptions) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Name(text) => out.extend(["@", text]),
            Piece::Expression { source, inner, glued } => match read(inner, options) {
                Some(code) => out.push_str(&embedded(code, source, glued, options)),
                None => out.push_str(source),
            },
        }
    }
    out
}

/// The template as one expression without its `@`: the value of the expression it is, or its pieces one after the other.
pub(in crate::legacy) fn expression_of(text: &str) -> String {
    let code = |piece| match piece {
        Piece::Text(text) => Code::literal(&text.replace("@@", "@")),
        Piece::Name(text) => Code::literal(text),
        Piece::Expression { source, inner, .. } => {
            read(inner, TemplateOptions::default()).unwrap_or_else(|| Code::literal(source))
        }
    };
    let all = pieces(text).into_iter().map(code).reduce(|all, next| Code::infix(Operator::Concatenate, all, next));
    all.map_or_else(|| quoted(""), |all| all.text)
}

/// What stands after a prefix such as `@flow.` when the whole template is one reference of that kind: `response_1`.
pub(in crate::legacy) fn is_reference<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let start = text.get(..prefix.len())?;
    let rest = &text[prefix.len()..];
    (start.eq_ignore_ascii_case(prefix) && !rest.is_empty() && rest.chars().all(in_name)).then_some(rest)
}

/// A piece of a template.
enum Piece<'t> {
    /// Text as it stands, with its `@@`.
    Text(&'t str),
    /// The `@`, to be doubled, of a word that only now is the name of something.
    Name(&'t str),
    /// An expression with its sign, without it, and whether a name goes on right after it.
    Expression { source: &'t str, inner: &'t str, glued: bool },
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let (mut start, mut from) = (0, 0);
    while let Some(at) = text[from..].find('@').map(|n| n + from) {
        let rest = &text[at + 1..];
        let (piece, length) = match rest.chars().next() {
            Some('@') => {
                from = at + 2;
                continue;
            }
            Some('(') => match closing(rest) {
                Some(end) => (expression(&text[at..], end + 2, &rest[1..end]), end + 2),
                // All the rest is text then and now.
                None => break,
            },
            Some(first) if starts_name(first) => {
                let path = path_at(rest);
                let top = path.split('.').next().unwrap_or_default();
                if paths::is_top_level(top) {
                    (expression(&text[at..], path.len() + 1, path), path.len() + 1)
                } else if CURRENT.has(top) {
                    (Piece::Name(&text[at..=at]), 1)
                } else {
                    from = at + 1;
                    continue;
                }
            }
            _ => {
                from = at + 1;
                continue;
            }
        };
        if start < at {
            found.push(Piece::Text(&text[start..at]));
        }
        found.push(piece);
        (start, from) = (at + length, at + length);
    }
    if start < text.len() {
        found.push(Piece::Text(&text[start..]));
    }
    found
}

fn expression<'t>(text: &'t str, length: usize, inner: &'t str) -> Piece<'t> {
    let mut next = text[length..].chars();
    let glued = match next.next() {
        Some('.') => next.next().is_some_and(in_name),
        Some(c) => in_name(c),
        None => false,
    };
    Piece::Expression { source: &text[..length], inner, glued }
}

fn read(inner: &str, options: TemplateOptions) -> Option<Code> {
    rewrite(&parse(inner)?, options.raw_dates)
}

/// An expression as it stands in a template.
fn embedded(code: Code, source: &str, glued: bool, options: TemplateOptions) -> String {
    if code.text == "\"\"" {
        return String::new();
    }
    let mut code = if options.url_encode { Code::call("url_encode", [code]) } else { code };
    if options.default_to_self {
        let own = Code::atom(quoted(source), code.kind);
        code = Code::call("if", [Code::call("is_error", [code.clone()]), own, code]);
    }
    let top = code.text.split('.').next().unwrap_or_default();
    if code.is_path && !glued && CURRENT.has(top) { format!("@{}", code.text) } else { format!("@({})", code.text) }
}

/// Where the bracket that opens the text is closed. Brackets within quotes do not count.
fn closing(text: &str) -> Option<usize> {
    let (mut open, mut quoted) = (0_usize, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '(' if !quoted => open += 1,
            ')' if !quoted && open == 1 => return Some(at),
            ')' if !quoted => open -= 1,
            _ => {}
        }
    }
    None
}

/// The longest path at the start: names with single dots between them. A dot at the end belongs to the sentence.
fn path_at(text: &str) -> &str {
    let mut end = 0;
    loop {
        let step: usize = text[end..].chars().take_while(|c| in_name(*c)).map(char::len_utf8).sum();
        end += step;
        let mut next = text[end..].chars();
        if next.next() != Some('.') || !next.next().is_some_and(in_name) {
            return &text[..end];
        }
        end += 1;
    }
}

#[cfg(test)]
mod tests {
    use mhero_expr::{ExprError, Template};
    use proptest::prelude::*;

    use super::*;

    fn migrated(text: &str) -> String {
        migrate_template(text, TemplateOptions::default())
    }

    #[test]
    fn text_stays_text() {
        for text in ["bob@nyaruka.com", "@twitter_handle", "@", "a @ b", "@@contact", "@(5 + (1 + )", "@(0 / )", "@("] {
            assert_eq!(migrated(text), text);
        }
        // These were no names then and are now.
        assert_eq!(migrated("ask @results or @Webhook.x"), "ask @@results or @@Webhook.x");
    }

    #[test]
    fn what_follows_an_expression_does_not_become_part_of_it() {
        assert_eq!(migrated("@(flow.x)s"), "@(results.x)s");
        assert_eq!(migrated("@(flow.x).y"), "@(results.x).y");
        assert_eq!(migrated("@(flow.x)."), "@results.x.");
        assert_eq!(migrated("@(foo)"), "@(foo)");
    }

    #[test]
    fn functions_change_their_names_and_counts() {
        for (old, new) in [
            ("CONCATENATE(1, \"a\", flow.x)", "1 & \"a\" & results.x"),
            ("SUM(1, 2) * 3", "(1 + 2) * 3"),
            ("WEEKDAY(contact.dob) = 1", "weekday(fields.dob) + 1 = 1"),
            ("DATE(2014, 7, 1) + 1", "format_date(datetime_add(date_from_parts(2014, 7, 1), 1, \"D\"))"),
            ("5 + date.now", "datetime_add(now(), 5, \"D\")"),
            ("contact.x - -5", "legacy_add(fields.x, 5)"),
            ("contact.x - (2 ^ 2)", "legacy_add(fields.x, -(2 ^ 2))"),
            ("RIGHT(contact.name, -1)", "text_slice(contact.name, 1)"),
            ("WORD_SLICE(step, 3, 0, contact.x)", "word_slice(input, 2, -1, if(fields.x, \" \\t\", NULL))"),
            ("DATEDIF(contact.dob, NOW(), \"m\")", "datetime_diff(fields.dob, now(), \"M\")"),
            ("IF(contact.x = 1, 2)", "if(fields.x = 1, 2, false)"),
            ("NOBODY(1)", "nobody(1)"),
            ("LEFT(1)", "left(1)"),
        ] {
            assert_eq!(migrated(&format!("@({old})")), format!("@({new})"));
        }
    }

    #[test]
    fn options_wrap_each_expression() {
        let url = TemplateOptions { url_encode: true, ..TemplateOptions::default() };
        assert_eq!(migrate_template("http://x/?n=@contact", url), "http://x/?n=@(url_encode(contact))");
        assert_eq!(expression_of("@flow.a @(1 + 1)!"), "results.a & \" \" & 1 + 1 & \"!\"");
    }

    #[test]
    fn a_small_text_can_not_grow_without_end() {
        let mut text = "date.now".to_owned();
        for _ in 0..30 {
            text = format!("(date.now + TIME(1, 1, {text}))");
        }
        let text = format!("@{text}");
        assert_eq!(migrated(&text), text);
    }

    const OPERATORS: [&str; 12] = ["+", "-", "*", "/", "^", "&", "=", "<>", "<", "<=", ">", ">="];
    const FUNCTIONS: [&str; 10] =
        ["SUM", "WORD", "IF", "LEFT", "TRUNC", "CONCATENATE", "POWER", "HOUR", "RIGHT", "nobody"];

    /// Old expressions of every form.
    fn expressions() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            Just("1".to_owned()),
            Just("2.50".to_owned()),
            Just("TRUE".to_owned()),
            Just("date.today".to_owned()),
            Just("date".to_owned()),
            Just("TIME(1, 2, 3)".to_owned()),
            Just("flow.2factor.category".to_owned()),
            Just("contact.tel".to_owned()),
            "[a-z]{1,5}(\\.[a-z0-9]{1,5}){0,2}",
            "[^\"@]{0,6}".prop_map(|text| format!("\"{text}\"")),
        ];
        leaf.prop_recursive(5, 40, 4, |inner| {
            prop_oneof![
                (inner.clone(), proptest::sample::select(&OPERATORS[..]), inner.clone())
                    .prop_map(|(left, operator, right)| format!("{left} {operator} {right}")),
                inner.clone().prop_map(|of| format!("({of})")),
                inner.clone().prop_map(|of| format!("-{of}")),
                (proptest::sample::select(&FUNCTIONS[..]), proptest::collection::vec(inner, 0..4))
                    .prop_map(|(name, arguments)| format!("{name}({})", arguments.join(", "))),
            ]
        })
    }

    /// Whether the expressions of a template can be read; whether their names exist is another matter.
    fn is_readable(text: &str) -> bool {
        let template = Template::parse(text, &CURRENT).expect("short");
        !template.faults(&CURRENT).iter().any(|fault| matches!(fault.error, ExprError::Syntax { .. }))
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "(@|@@|@\\(|\\)|\"|contact|flow|\\.|date|[a-z0-9 +*<>&,\\\\-]|\\PC){0,40}") {
            for default_to_self in [false, true] {
                let options = TemplateOptions { default_to_self, ..TemplateOptions::default() };
                let migrated = migrate_template(&text, options);
                let _ = Template::parse(&migrated, &CURRENT);
                let _ = expression_of(&text);
            }
        }

        #[test]
        fn what_could_be_read_still_can(expression in expressions(), around in "[ a-z.]{0,5}") {
            let options = TemplateOptions { default_to_self: true, ..TemplateOptions::default() };
            let text = format!("{around}@({expression}){around}");
            prop_assert!(read(&expression, TemplateOptions::default()).is_some(), "{}", text);
            for options in [TemplateOptions::default(), options] {
                let migrated = migrate_template(&text, options);
                prop_assert!(is_readable(&migrated), "{} became {}", text, migrated);
            }
        }
    }
}
