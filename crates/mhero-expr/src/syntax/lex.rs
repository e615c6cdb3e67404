//! Cuts an expression into tokens.

use super::{
    ast::Operator,
    quote::unquote,
    scan::{in_name, starts_name},
};

/// A token of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Open,
    Close,
    OpenIndex,
    CloseIndex,
    Dot,
    Comma,
    Arrow,
    Op(Operator),
    Number(String),
    Text(String),
    Name(String),
    /// Anything else; the parser refuses it where it stands.
    Stray,
}

/// A token and the byte where it starts.
#[derive(Clone)]
pub(super) struct Placed {
    pub(super) token: Token,
    pub(super) at: usize,
}

/// All tokens of an expression. Stops at the first stray one.
pub(super) fn tokens(text: &str) -> Vec<Placed> {
    let mut found: Vec<Placed> = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let after_dot = matches!(found.last(), Some(Placed { token: Token::Dot, .. }));
        let (token, length) = token(&text[at..], first, after_dot);
        let stray = token == Token::Stray;
        found.push(Placed { token, at });
        if stray {
            break;
        }
        at += length;
    }
    found
}

fn token(text: &str, first: char, after_dot: bool) -> (Token, usize) {
    let two = text.as_bytes().get(1).copied();
    match first {
        '(' => (Token::Open, 1),
        ')' => (Token::Close, 1),
        '[' => (Token::OpenIndex, 1),
        ']' => (Token::CloseIndex, 1),
        '.' => (Token::Dot, 1),
        ',' => (Token::Comma, 1),
        '=' if two == Some(b'>') => (Token::Arrow, 2),
        '!' if two == Some(b'=') => (Token::Op(Operator::NotEqual), 2),
        '<' if two == Some(b'=') => (Token::Op(Operator::LessOrEqual), 2),
        '>' if two == Some(b'=') => (Token::Op(Operator::GreaterOrEqual), 2),
        '=' => (Token::Op(Operator::Equal), 1),
        '<' => (Token::Op(Operator::Less), 1),
        '>' => (Token::Op(Operator::Greater), 1),
        '+' => (Token::Op(Operator::Add), 1),
        '-' => (Token::Op(Operator::Subtract), 1),
        '*' => (Token::Op(Operator::Multiply), 1),
        '/' => (Token::Op(Operator::Divide), 1),
        '^' => (Token::Op(Operator::Power), 1),
        '&' => (Token::Op(Operator::Concatenate), 1),
        '"' => literal(text),
        '0'..='9' => number(text, after_dot),
        c if starts_name(c) => name(text),
        _ => (Token::Stray, 0),
    }
}

fn literal(text: &str) -> (Token, usize) {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return (Token::Text(unquote(&text[..=at])), at + 1),
            _ => {}
        }
    }
    (Token::Stray, 0)
}

/// A number, or after a dot a property such as `1st` that starts with digits.
fn number(text: &str, after_dot: bool) -> (Token, usize) {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(text);
    if after_dot && text[whole..].chars().next().is_some_and(in_name) {
        return name(text);
    }
    let fraction = match text[whole..].strip_prefix('.') {
        Some(rest) if digits(rest) > 0 => 1 + digits(rest),
        _ => 0,
    };
    (Token::Number(text[..whole + fraction].to_owned()), whole + fraction)
}

fn name(text: &str) -> (Token, usize) {
    let length = text.chars().take_while(|c| in_name(*c)).map(char::len_utf8).sum();
    (Token::Name(text[..length].to_owned()), length)
}
