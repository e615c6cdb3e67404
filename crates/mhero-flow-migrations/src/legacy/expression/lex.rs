//! Cuts an expression of version 11 into tokens.

use super::code::{Operator, in_name, starts_name};

/// A token of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    Comma,
    Operator(Operator),
    /// `12.50`, as it was written.
    Number(String),
    /// What a literal means, with its doubled quotes made single.
    Text(String),
    /// A whole path, `flow.2factor.value`, or the name of a function.
    Name(String),
}

/// All tokens, or `None` when something stands there that the language has not.
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first.is_whitespace() {
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let (token, length) = token(rest, first)?;
        found.push(token);
        rest = &rest[length..];
    }
    Some(found)
}

fn token(text: &str, first: char) -> Option<(Token, usize)> {
    let second = text.as_bytes().get(1).copied();
    let operator = |operator, length| Some((Token::Operator(operator), length));
    match first {
        '(' => Some((Token::Open, 1)),
        ')' => Some((Token::Close, 1)),
        ',' => Some((Token::Comma, 1)),
        '<' if second == Some(b'>') => operator(Operator::NotEqual, 2),
        '<' if second == Some(b'=') => operator(Operator::LessOrEqual, 2),
        '>' if second == Some(b'=') => operator(Operator::GreaterOrEqual, 2),
        '<' => operator(Operator::Less, 1),
        '>' => operator(Operator::Greater, 1),
        '=' => operator(Operator::Equal, 1),
        '&' => operator(Operator::Concatenate, 1),
        '+' => operator(Operator::Add, 1),
        '-' => operator(Operator::Subtract, 1),
        '*' => operator(Operator::Multiply, 1),
        '/' => operator(Operator::Divide, 1),
        '^' => operator(Operator::Power, 1),
        '"' => literal(text),
        '0'..='9' => number(text),
        c if starts_name(c) => {
            let length = text.chars().take_while(|c| *c == '.' || in_name(*c)).map(char::len_utf8).sum();
            Some((Token::Name(text[..length].to_owned()), length))
        }
        _ => None,
    }
}

/// A literal between double quotes, where two of them mean one.
fn literal(text: &str) -> Option<(Token, usize)> {
    let mut meaning = String::new();
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = letters.next() {
        if c != '"' {
            meaning.push(c);
        } else if letters.next_if(|(_, next)| *next == '"').is_some() {
            meaning.push('"');
        } else {
            return Some((Token::Text(meaning), at + 1));
        }
    }
    None
}

/// A number, which no letter, digit or dot may follow.
fn number(text: &str) -> Option<(Token, usize)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(text);
    let fraction = text[whole..].strip_prefix('.').map_or(0, |rest| 1 + digits(rest));
    let length = whole + fraction;
    let glued = text[length..].chars().next().is_some_and(|c| c == '.' || in_name(c));
    (fraction != 1 && !glued).then(|| (Token::Number(text[..length].to_owned()), length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_doubled_and_paths_are_one_token() {
        let found = tokens(r#"flow.2factor.value <> "a ""b""""#).unwrap();
        assert_eq!(
            found,
            [
                Token::Name("flow.2factor.value".to_owned()),
                Token::Operator(Operator::NotEqual),
                Token::Text("a \"b\"".to_owned()),
            ]
        );
        for wrong in ["1.1.0", "2abc", "1.", "\"open", "a[0]", "{"] {
            assert_eq!(tokens(wrong), None, "{wrong}");
        }
    }
}
