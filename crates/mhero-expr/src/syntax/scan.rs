//! Cuts a template into text and expressions.

use crate::context::TopLevels;

/// A piece of a template, as byte ranges of its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Text as it stands.
    Text(&'a str),
    /// `@@`, which stands for one `@`.
    At(&'a str),
    /// `@contact.first_name`: the source with its sign, and the path.
    Path(&'a str, &'a str),
    /// `@(...)`: the source with its sign, and what is between the brackets.
    Expression(&'a str, &'a str),
}

/// The pieces of a template; their sources put together are the template.
pub(crate) fn pieces<'a>(text: &'a str, names: &TopLevels) -> Vec<Piece<'a>> {
    let mut found = Vec::new();
    let (mut start, mut from) = (0, 0);
    while let Some(at) = text[from..].find('@').map(|n| n + from) {
        let Some((piece, length)) = piece_at(&text[at..], names) else {
            from = at + 1;
            continue;
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

/// The piece that starts with this `@` and its length, unless the sign is just text.
fn piece_at<'a>(text: &'a str, names: &TopLevels) -> Option<(Piece<'a>, usize)> {
    let rest = &text[1..];
    match rest.chars().next()? {
        '@' => Some((Piece::At(&text[..2]), 2)),
        '(' => Some(match closing(rest) {
            Some(end) => (Piece::Expression(&text[..end + 2], &rest[1..end]), end + 2),
            // Without its closing bracket nobody can tell where the expression was meant to end, so all of it is text.
            None => (Piece::Text(text), text.len()),
        }),
        first if starts_name(first) => {
            let path = path_at(rest);
            let top = path.split('.').next().unwrap_or_default();
            names.has(top).then(|| (Piece::Path(&text[..path.len() + 1], path), path.len() + 1))
        }
        _ => None,
    }
}

/// The `@words` of a text that stand at the start of a word.
pub(crate) fn mentions(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('@').filter_map(|(at, _)| {
        let inside = text[..at].chars().next_back().is_some_and(in_name);
        let path = path_at(&text[at + 1..]);
        let is_word = path.chars().next().is_some_and(starts_name);
        (is_word && !inside).then(|| &text[at..at + 1 + path.len()])
    })
}

/// Where the bracket that opens the text is closed, as a byte offset. Brackets within quotes do not count.
fn closing(text: &str) -> Option<usize> {
    let (mut open, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, c) in text.char_indices() {
        if quoted {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => quoted = false,
                _ => {}
            }
            continue;
        }
        match c {
            '"' => quoted = true,
            '(' => open += 1,
            ')' if open == 1 => return Some(at),
            ')' => open -= 1,
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

/// Whether a name may start with this letter.
pub(crate) fn starts_name(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

/// Whether a name may hold this letter.
pub(crate) fn in_name(c: char) -> bool {
    starts_name(c) || c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_cut_where_expressions_start() {
        let names = TopLevels::new(["contact"]);
        assert_eq!(
            pieces("Hi @contact.name. Write to a@b.org, @(upper(\")\")) @@ @( x", &names),
            [
                Piece::Text("Hi "),
                Piece::Path("@contact.name", "contact.name"),
                Piece::Text(". Write to a@b.org, "),
                Piece::Expression("@(upper(\")\"))", "upper(\")\")"),
                Piece::Text(" "),
                Piece::At("@@"),
                Piece::Text(" "),
                Piece::Text("@( x"),
            ]
        );
    }
}
