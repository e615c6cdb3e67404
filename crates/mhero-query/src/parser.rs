//! From words to a tree. AND binds more tightly than OR; conditions side by side are joined by AND.

use crate::{
    Attribute, Condition, Environment, Expected, Limit, Node, Operator, Problem, Property, Query, QueryError, Span,
    lexer::{Token, What, tokens},
    property::is_scheme,
};

/// Fewest digits of what is taken for a phone number rather than for a name.
const PHONE_DIGITS_MIN: usize = 7;
/// A text grows to no more than so many times its length when it is written in the language's own way.
const GROWS_MAX: usize = 10;
/// Most digits of a phone number (E.164).
const PHONE_DIGITS_MAX: usize = 15;

/// Reads a query, knowing nothing of the country. A text that is a phone number as a whole stays as it was written.
///
/// ```
/// use mhero_query::parse;
/// assert_eq!(parse("Mary or phone != ''")?.to_string(), r#"name ~ Mary OR phone != """#);
/// assert_eq!(parse("a = 1 OR b = 2 c = 3")?.to_string(), "a = 1 OR (b = 2 AND c = 3)");
/// assert_eq!(parse("cadre = ").unwrap_err().code(), "syntax");
/// # Ok::<(), mhero_query::QueryError>(())
/// ```
///
/// # Errors
/// [`Problem::Syntax`], [`Problem::UnknownPropertyType`] and [`Problem::TooComplex`], with the place in the text.
pub fn parse(text: &str) -> Result<Query, QueryError> {
    read(text, None)
}

/// Reads a query as [`parse`] does, for somebody in a country: a phone number alone is brought to its international form,
/// and where numbers are hidden a bare number is looked for in names.
///
/// # Errors
/// As [`parse`].
pub fn parse_in(text: &str, environment: &Environment<'_>) -> Result<Query, QueryError> {
    read(text, Some(environment))
}

fn read(text: &str, environment: Option<&Environment<'_>>) -> Result<Query, QueryError> {
    let length = text.chars().count();
    let whole = Span { start: 0, end: length };
    if length > Limit::Characters.max() {
        return Err(Problem::TooComplex { limit: Limit::Characters }.at(whole));
    }
    if text.trim() == "*" {
        return Ok(Query::everyone());
    }
    let redact = environment.is_some_and(|environment| environment.redact_urns);
    if !redact && let Some(number) = whole_number(text.trim(), environment) {
        let property = Property::Scheme("tel".to_owned());
        let condition = Condition {
            property,
            operator: Operator::Equal,
            value: number,
            span: whole,
            value_span: whole,
            bare: true,
        };
        return Ok(Query { root: Some(Node::Condition(condition)) });
    }
    let tokens = tokens(text)?;
    if tokens.is_empty() {
        return Err(Problem::Empty.at(whole));
    }
    let mut parser = Parser { tokens, at: 0, depth: 0, conditions: 0, end: length, redact };
    let root = parser.either()?;
    if parser.peek().is_some() {
        return Err(parser.unexpected(Expected::Condition));
    }
    let query = Query { root };
    // What is kept is the query as written in its own way, which must be read again.
    let may_grow_over = length > Limit::Characters.max() / GROWS_MAX;
    if may_grow_over && query.to_string().chars().count() > Limit::Characters.max() {
        return Err(Problem::TooComplex { limit: Limit::Characters }.at(whole));
    }
    Ok(query)
}

/// The digits, with a plus sign where there was one, if a text looks like a phone number and like nothing else.
fn digits(text: &str) -> Option<String> {
    let looks = |c: char| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '+' | '(' | ')' | '.' | '-' | '/');
    if !text.chars().all(looks) || !text.chars().next().is_some_and(|c| c.is_ascii_digit() || c == '+' || c == '(') {
        return None;
    }
    let kept: String = text.chars().filter(char::is_ascii_digit).collect();
    let plus = if text.starts_with('+') { "+" } else { "" };
    (PHONE_DIGITS_MIN..=PHONE_DIGITS_MAX).contains(&kept.len()).then(|| format!("{plus}{kept}"))
}

fn whole_number(text: &str, environment: Option<&Environment<'_>>) -> Option<String> {
    let written = digits(text)?;
    match environment {
        Some(environment) => environment.numbers.e164(text),
        None => Some(written),
    }
}

/// Whether a text is shaped like the reference that stands for a contact where addresses are hidden: six or seven capitals
/// and digits, without those that are easily mistaken for one another.
fn is_contact_reference(text: &str) -> bool {
    let fits = |b: u8| (b.is_ascii_uppercase() && b != b'I' && b != b'O') || (b'2'..=b'9').contains(&b);
    matches!(text.len(), 6 | 7) && text.bytes().all(fits)
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    conditions: usize,
    end: usize,
    redact: bool,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += usize::from(token.is_some());
        token
    }

    /// The error that something else was expected here.
    fn unexpected(&self, expected: Expected) -> QueryError {
        match self.peek() {
            Some(token) => Problem::syntax(&token.what.text(), expected).at(token.span),
            None => Problem::syntax("", expected).at(Span { start: self.end, end: self.end }),
        }
    }

    fn either(&mut self) -> Result<Option<Node>, QueryError> {
        let mut children = Vec::from_iter(self.both()?);
        while matches!(self.peek(), Some(Token { what: What::Or, .. })) {
            self.at += 1;
            children.extend(self.both()?);
        }
        Ok(Node::any(children))
    }

    fn both(&mut self) -> Result<Option<Node>, QueryError> {
        let mut children = Vec::from_iter(self.one()?);
        loop {
            match self.peek().map(|token| &token.what) {
                Some(What::And) => self.at += 1,
                Some(What::Open | What::Word(_) | What::Quoted(_)) => {}
                _ => return Ok(Node::all(children)),
            }
            children.extend(self.one()?);
        }
    }

    fn one(&mut self) -> Result<Option<Node>, QueryError> {
        let Some(token) = self.take() else { return Err(self.unexpected(Expected::Condition)) };
        match token.what {
            What::Open => self.parentheses(token.span),
            What::Word(word) => {
                if let Some(Token { what: What::Operator(operator), .. }) = self.peek() {
                    let operator = *operator;
                    self.at += 1;
                    return self.condition(&word, operator, token.span).map(Some);
                }
                self.bare(word, token.span, false).map(Some)
            }
            What::Quoted(text) => self.bare(text, token.span, true).map(Some),
            What::Close | What::And | What::Or | What::Operator(_) => {
                self.at -= 1;
                Err(self.unexpected(Expected::Condition))
            }
        }
    }

    fn parentheses(&mut self, open: Span) -> Result<Option<Node>, QueryError> {
        self.depth += 1;
        if self.depth > Limit::Depth.max() {
            return Err(Problem::TooComplex { limit: Limit::Depth }.at(open));
        }
        let inner = self.either()?;
        if !matches!(self.peek(), Some(Token { what: What::Close, .. })) {
            return Err(self.unexpected(Expected::ClosingParenthesis));
        }
        self.at += 1;
        self.depth -= 1;
        Ok(inner)
    }

    fn condition(&mut self, word: &str, operator: Operator, start: Span) -> Result<Node, QueryError> {
        let property = Property::read(word).map_err(|problem| problem.at(start))?;
        let (value, value_span) = match self.peek() {
            Some(Token { what: What::Word(value) | What::Quoted(value), span }) => (value.clone(), *span),
            _ => return Err(self.unexpected(Expected::Value)),
        };
        self.at += 1;
        let span = start.to(value_span);
        self.counted(Condition { property, operator, value, span, value_span, bare: false })
    }

    /// A word alone: an address with its scheme, a phone number, or a part of a name.
    fn bare(&mut self, text: String, span: Span, quoted: bool) -> Result<Node, QueryError> {
        let tel = || Property::Scheme("tel".to_owned());
        let name = Property::Attribute(Attribute::Name);
        let address = text.split_once(':').map(|(scheme, path)| (scheme.to_lowercase(), path.to_owned()));
        let (property, operator, value) = match address {
            Some((scheme, path)) if !quoted && !self.redact && is_scheme(&scheme) && !path.is_empty() => {
                (Property::Scheme(scheme), Operator::Equal, path)
            }
            _ if text.trim().is_empty() => return Err(Problem::syntax("\"\"", Expected::Condition).at(span)),
            _ => match digits(&text).filter(|_| !self.redact) {
                Some(number) => (tel(), Operator::Contains, number),
                None if self.redact && !quoted && is_contact_reference(&text) => {
                    (Property::Attribute(Attribute::Ref), Operator::Equal, text)
                }
                None if text.chars().count() < 2 => (name, Operator::Equal, text),
                None => (name, Operator::Contains, text),
            },
        };
        self.counted(Condition { property, operator, value, span, value_span: span, bare: true })
    }

    fn counted(&mut self, condition: Condition) -> Result<Node, QueryError> {
        self.conditions += 1;
        if self.conditions > Limit::Conditions.max() {
            return Err(Problem::TooComplex { limit: Limit::Conditions }.at(condition.span));
        }
        Ok(Node::Condition(condition))
    }
}

impl What {
    /// The piece as people wrote it, for errors.
    fn text(&self) -> String {
        match self {
            Self::Open => "(".to_owned(),
            Self::Close => ")".to_owned(),
            Self::And => "AND".to_owned(),
            Self::Or => "OR".to_owned(),
            Self::Operator(operator) => operator.sign().to_owned(),
            Self::Word(text) | Self::Quoted(text) => text.clone(),
        }
    }
}
