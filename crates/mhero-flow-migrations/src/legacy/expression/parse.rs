//! Reads an expression of version 11 into a tree.

use super::{
    code::Operator,
    lex::{Token, tokens},
};

/// How deep brackets, calls and signs may nest. People write three or four levels; more is an attack on the stack.
const NESTING_MAX: usize = 100;

/// How many operators an expression may have, as a chain of them is a deep tree.
const OPERATORS_MAX: usize = 500;

/// A node of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Bool(bool),
    /// As it was written.
    Number(String),
    /// What the literal means.
    Text(String),
    /// A path of the context, as it was written.
    Path(String),
    Call(String, Vec<Node>),
    Negate(Box<Node>),
    Binary(Operator, Box<Node>, Box<Node>),
    /// Brackets that somebody wrote, which stay.
    Brackets(Box<Node>),
}

/// The tree of an expression, or `None` when it is none.
pub(super) fn parse(text: &str) -> Option<Node> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0, operators: 0 };
    let tree = parser.binary(0)?;
    (parser.at == parser.tokens.len()).then_some(tree)
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    operators: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self, token: &Token) -> bool {
        let there = self.peek() == Some(token);
        self.at += usize::from(there);
        there
    }

    fn binary(&mut self, weakest: u8) -> Option<Node> {
        let mut left = self.signed()?;
        while let Some(Token::Operator(operator)) = self.peek() {
            let operator = *operator;
            if operator.strength() < weakest {
                break;
            }
            self.at += 1;
            self.operators += 1;
            if self.operators > OPERATORS_MAX {
                return None;
            }
            let right = self.binary(operator.strength() + 1)?;
            left = Node::Binary(operator, Box::new(left), Box::new(right));
        }
        Some(left)
    }

    fn signed(&mut self) -> Option<Node> {
        if self.take(&Token::Operator(Operator::Subtract)) {
            return self.deeper(|parser| Some(Node::Negate(Box::new(parser.signed()?))));
        }
        self.atom()
    }

    fn atom(&mut self) -> Option<Node> {
        let token = self.peek()?.clone();
        self.at += 1;
        match token {
            Token::Number(number) => Some(Node::Number(number)),
            Token::Text(text) => Some(Node::Text(text)),
            Token::Open => self.deeper(|parser| {
                let inner = parser.binary(0)?;
                parser.take(&Token::Close).then(|| Node::Brackets(Box::new(inner)))
            }),
            Token::Name(name) if self.take(&Token::Open) => {
                self.deeper(|parser| Some(Node::Call(name, parser.arguments()?)))
            }
            Token::Name(name) if name.eq_ignore_ascii_case("true") => Some(Node::Bool(true)),
            Token::Name(name) if name.eq_ignore_ascii_case("false") => Some(Node::Bool(false)),
            Token::Name(name) => Some(Node::Path(name)),
            Token::Close | Token::Comma | Token::Operator(_) => None,
        }
    }

    /// What stands between the brackets of a call, with the closing one.
    fn arguments(&mut self) -> Option<Vec<Node>> {
        let mut arguments = Vec::new();
        if self.take(&Token::Close) {
            return Some(arguments);
        }
        loop {
            arguments.push(self.binary(0)?);
            if self.take(&Token::Close) {
                return Some(arguments);
            }
            if !self.take(&Token::Comma) {
                return None;
            }
        }
    }

    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Option<Node>) -> Option<Node> {
        self.depth += 1;
        let node = if self.depth > NESTING_MAX { None } else { read(self) };
        self.depth -= 1;
        node
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_expression_is_refused() {
        for wrong in ["", "0 /", "(1", "1)", "LEN(", "LEN(1,)", "a b", ", 1"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
        assert_eq!(parse("TRUE()"), Some(Node::Call("TRUE".to_owned(), Vec::new())));
    }

    #[test]
    fn deep_and_long_expressions_end_instead_of_the_stack() {
        assert_eq!(parse(&"(".repeat(100_000)), None);
        assert_eq!(parse(&"-".repeat(100_000)), None);
        assert_eq!(parse(&format!("1{}", "+1".repeat(50_000))), None);
        assert!(parse(&format!("1{}", "+1".repeat(OPERATORS_MAX))).is_some());
    }
}
