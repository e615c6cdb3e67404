//! From characters to words, quoted texts and signs.

use unicode_normalization::char::is_combining_mark;

use crate::{Expected, Operator, Problem, QueryError, Span};

/// One piece of the text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    pub(crate) what: What,
    pub(crate) span: Span,
}

/// What a piece is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum What {
    Open,
    Close,
    And,
    Or,
    Operator(Operator),
    Word(String),
    Quoted(String),
}

/// Quotes that open a text, with those that close it: the plain ones of the language, and what word processors make of them.
const QUOTES: &[(char, char)] = &[('"', '"'), ('“', '”'), ('„', '“'), ('«', '»')];

/// Whether a character may stand in a word without quotes.
fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c) || matches!(c, '_' | '.' | '-' | '+' | '/' | '\'' | '’' | '@' | ':')
}

/// What a word means where it stands for itself: AND, OR and the two operators that are words.
fn keyword(word: &str) -> Option<What> {
    let is = |keyword: &str| word.eq_ignore_ascii_case(keyword);
    match () {
        () if is("and") => Some(What::And),
        () if is("or") => Some(What::Or),
        () if is("is") => Some(What::Operator(Operator::Equal)),
        () if is("has") => Some(What::Operator(Operator::Contains)),
        () => None,
    }
}

/// Whether a value can be written without quotes.
pub(crate) fn is_plain_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_word_char) && !text.starts_with('\'') && keyword(text).is_none()
}

/// Takes the text apart.
pub(crate) fn tokens(text: &str) -> Result<Vec<Token>, QueryError> {
    let mut lexer = Lexer { chars: text.chars().collect(), at: 0 };
    let mut found = Vec::new();
    while let Some(token) = lexer.next()? {
        found.push(token);
    }
    Ok(found)
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
}

impl Lexer {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn next(&mut self) -> Result<Option<Token>, QueryError> {
        while self.peek(0).is_some_and(|c| c.is_whitespace() || c == '\u{200b}' || c == '\u{feff}') {
            self.at += 1;
        }
        let start = self.at;
        let Some(first) = self.peek(0) else { return Ok(None) };
        let closing = QUOTES.iter().find(|(open, _)| *open == first).map(|(_, close)| *close);
        let what = if let Some(closing) = closing {
            What::Quoted(self.quoted(closing)?)
        } else if let Some(text) = self.single_quoted() {
            What::Quoted(text)
        } else if is_word_char(first) {
            let word = self.word();
            keyword(&word).unwrap_or(What::Word(word))
        } else {
            self.sign(first)?
        };
        Ok(Some(Token { what, span: Span { start, end: self.at } }))
    }

    /// A text in plain single quotes, as people write on a command line. An apostrophe that opens a word and never closes
    /// belongs to the word.
    fn single_quoted(&mut self) -> Option<String> {
        let rest = self.chars.get(self.at..)?.strip_prefix(&['\''])?;
        let closes = |at: usize| rest[at] == '\'' && !rest.get(at + 1).is_some_and(|next| is_word_char(*next));
        let end = (0..rest.len()).find(|at| closes(*at))?;
        let text = rest[..end].iter().collect();
        self.at += end + 2;
        Some(text)
    }

    fn word(&mut self) -> String {
        let start = self.at;
        while self.peek(0).is_some_and(is_word_char) {
            self.at += 1;
        }
        self.chars[start..self.at].iter().collect()
    }

    /// A text in quotes. `\"` and `\\` stand for the second sign; before anything else a backslash is itself.
    fn quoted(&mut self, closing: char) -> Result<String, QueryError> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some('\\'), Some(c)) if c == '\\' || c == '"' || c == closing => {
                    text.push(c);
                    self.at += 2;
                }
                (Some(c), _) if c == closing => {
                    self.at += 1;
                    // French quotes come with a space inside that belongs to the quotes.
                    return Ok(if closing == '»' { text.trim().to_owned() } else { text });
                }
                (Some(c), _) => {
                    text.push(c);
                    self.at += 1;
                }
                (None, _) => {
                    let found: String = self.chars[start..].iter().collect();
                    let span = Span { start, end: self.at };
                    return Err(Problem::syntax(&found, Expected::ClosingQuote).at(span));
                }
            }
        }
    }

    fn sign(&mut self, first: char) -> Result<What, QueryError> {
        let (what, length) = match (first, self.peek(1)) {
            ('(', _) => (What::Open, 1),
            (')', _) => (What::Close, 1),
            ('!', Some('=')) => (What::Operator(Operator::NotEqual), 2),
            ('<', Some('=')) => (What::Operator(Operator::LessOrEqual), 2),
            ('>', Some('=')) => (What::Operator(Operator::GreaterOrEqual), 2),
            ('≠', _) => (What::Operator(Operator::NotEqual), 1),
            ('≤', _) => (What::Operator(Operator::LessOrEqual), 1),
            ('≥', _) => (What::Operator(Operator::GreaterOrEqual), 1),
            ('=', _) => (What::Operator(Operator::Equal), 1),
            ('~', _) => (What::Operator(Operator::Contains), 1),
            ('<', _) => (What::Operator(Operator::Less), 1),
            ('>', _) => (What::Operator(Operator::Greater), 1),
            _ => {
                let span = Span { start: self.at, end: self.at + 1 };
                return Err(Problem::syntax(&first.to_string(), Expected::Quotes).at(span));
            }
        };
        self.at += length;
        Ok(what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whats(text: &str) -> Vec<What> {
        tokens(text).expect(text).into_iter().map(|token| token.what).collect()
    }

    #[test]
    fn words_quotes_and_signs_part() {
        let word = |text: &str| What::Word(text.to_owned());
        let quoted = |text: &str| What::Quoted(text.to_owned());
        assert_eq!(whats("Name=O'Shea"), [word("Name"), What::Operator(Operator::Equal), word("O'Shea")]);
        assert_eq!(whats(r#""a \"b\" \\ \n" « Côte »"#), [quoted(r#"a "b" \ \n"#), quoted("Côte")]);
        assert_eq!(whats("'Kru Town' '' 'tis"), [quoted("Kru Town"), quoted(""), word("'tis")]);
        assert_eq!(whats("(AND oR"), [What::Open, What::And, What::Or]);
        assert_eq!(whats("<=>=!=~"), {
            use Operator::{Contains, GreaterOrEqual, LessOrEqual, NotEqual};
            [LessOrEqual, GreaterOrEqual, NotEqual, Contains].map(What::Operator)
        });
    }

    #[test]
    fn places_are_counted_in_characters() {
        let found = tokens("é = \"ü\"").expect("a condition");
        assert_eq!(found[2].span, Span { start: 4, end: 7 });
        let error = tokens("é \"ü").expect_err("no closing quote");
        assert_eq!((error.code(), error.position()), ("syntax", 2));
    }
}
