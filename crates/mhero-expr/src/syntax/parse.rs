//! From tokens to a tree, by operator strength.

use super::{
    ast::{Expr, Expression, Operator},
    lex::{Placed, Token, tokens},
};
use crate::{
    error::ExprError,
    limits::{DEPTH_MAX, NESTING_MAX},
    value::Number,
};

impl Expression {
    /// Reads an expression, e.g. `upper(contact.name)`.
    ///
    /// # Errors
    /// [`ExprError::Syntax`], [`ExprError::TooDeep`], or [`ExprError::NumberRange`] for a number of too many digits.
    pub fn parse(text: &str) -> Result<Self, ExprError> {
        let mut parser = Parser { text, tokens: tokens(text), next: 0, nesting: 0 };
        let parsed = parser.expression(0)?;
        match parser.next() {
            None => Ok(Self { root: parsed.expr }),
            Some(left_over) => Err(parser.syntax(left_over.at)),
        }
    }
}

/// A tree and its height, which is bounded because trees are walked by recursion.
struct Parsed {
    expr: Expr,
    height: usize,
}

impl Parsed {
    const fn leaf(expr: Expr) -> Self {
        Self { expr, height: 1 }
    }

    fn above(expr: Expr, below: usize) -> Result<Self, ExprError> {
        if below >= DEPTH_MAX { Err(ExprError::TooDeep) } else { Ok(Self { expr, height: below + 1 }) }
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Placed>,
    next: usize,
    nesting: usize,
}

impl Parser<'_> {
    fn expression(&mut self, least: u8) -> Result<Parsed, ExprError> {
        let mut left = self.unary()?;
        while let Some(operator) = self.operator(least) {
            let right = self.expression(operator.strength() + 1)?;
            left = join(left, operator, right)?;
        }
        Ok(left)
    }

    /// Takes the next token if it is an operator that binds at least so tightly.
    fn operator(&mut self, least: u8) -> Option<Operator> {
        match self.tokens.get(self.next)?.token {
            Token::Op(operator) if operator.strength() >= least => {
                self.next += 1;
                Some(operator)
            }
            _ => None,
        }
    }

    fn unary(&mut self) -> Result<Parsed, ExprError> {
        if !self.take(&Token::Op(Operator::Subtract)) {
            return self.primary();
        }
        let inner = self.nested(Self::unary)?;
        Parsed::above(Expr::Negate(Box::new(inner.expr)), inner.height)
    }

    fn primary(&mut self) -> Result<Parsed, ExprError> {
        let Some(Placed { token, at }) = self.next() else { return Err(self.syntax(self.text.len())) };
        let start = match token {
            // A literal takes no `.x`, `[x]` or `(x)`: what follows it must be an operator.
            Token::Number(digits) => return Ok(Parsed::leaf(Expr::Number(Number::parse(&digits)?))),
            Token::Text(text) => return Ok(Parsed::leaf(Expr::Text(text.into()))),
            Token::Name(name) => match name.to_lowercase() {
                word if word == "true" => return Ok(Parsed::leaf(Expr::Bool(true))),
                word if word == "false" => return Ok(Parsed::leaf(Expr::Bool(false))),
                word if word == "null" => return Ok(Parsed::leaf(Expr::Null)),
                word => Parsed::leaf(Expr::Name(word)),
            },
            Token::Open => match self.parameters() {
                Some(names) => return self.lambda(names),
                None => self.brackets()?,
            },
            _ => return Err(self.syntax(at)),
        };
        self.steps(start)
    }

    fn brackets(&mut self) -> Result<Parsed, ExprError> {
        let inner = self.nested(|p| p.expression(0))?;
        self.need(&Token::Close)?;
        Parsed::above(Expr::Brackets(Box::new(inner.expr)), inner.height)
    }

    /// What follows a name or bracket: `.x`, `[x]`, `(x, y)`, any number of times.
    fn steps(&mut self, start: Parsed) -> Result<Parsed, ExprError> {
        let mut done = start;
        loop {
            let of = if self.take(&Token::Dot) {
                (Expr::Property(Box::new(done.expr), self.property()?), done.height)
            } else if self.take(&Token::OpenIndex) {
                let index = self.nested(|p| p.expression(0))?;
                self.need(&Token::CloseIndex)?;
                (Expr::Index(Box::new(done.expr), Box::new(index.expr)), done.height.max(index.height))
            } else if self.take(&Token::Open) {
                let (arguments, height) = self.arguments()?;
                (Expr::Call(Box::new(done.expr), arguments), done.height.max(height))
            } else {
                return Ok(done);
            };
            done = Parsed::above(of.0, of.1)?;
        }
    }

    fn property(&mut self) -> Result<String, ExprError> {
        match self.next() {
            Some(Placed { token: Token::Name(name), .. }) => Ok(name.to_lowercase()),
            Some(Placed { token: Token::Number(n), .. }) if !n.contains('.') => Ok(n),
            Some(Placed { at, .. }) => Err(self.syntax(at)),
            None => Err(self.syntax(self.text.len())),
        }
    }

    fn arguments(&mut self) -> Result<(Vec<Expr>, usize), ExprError> {
        let (mut all, mut height) = (Vec::new(), 0);
        if self.take(&Token::Close) {
            return Ok((all, height));
        }
        loop {
            let argument = self.nested(|p| p.expression(0))?;
            height = height.max(argument.height);
            all.push(argument.expr);
            if self.take(&Token::Close) {
                return Ok((all, height));
            }
            self.need(&Token::Comma)?;
        }
    }

    /// The names of `(x, y) =>` after its opening bracket; `None`, with nothing taken, when this is no anonymous function.
    fn parameters(&mut self) -> Option<Vec<String>> {
        let mut ahead = self.tokens[self.next..].iter();
        let mut names = Vec::new();
        loop {
            let Token::Name(name) = &ahead.next()?.token else { return None };
            names.push(name.to_lowercase());
            match ahead.next()?.token {
                Token::Comma => {}
                Token::Close => break,
                _ => return None,
            }
        }
        if ahead.next()?.token != Token::Arrow {
            return None;
        }
        self.next = self.tokens.len() - ahead.len();
        Some(names)
    }

    fn lambda(&mut self, names: Vec<String>) -> Result<Parsed, ExprError> {
        let body = self.nested(|p| p.expression(0))?;
        Parsed::above(Expr::Lambda(names.into(), body.expr.into()), body.height)
    }

    fn nested(&mut self, inner: impl FnOnce(&mut Self) -> Result<Parsed, ExprError>) -> Result<Parsed, ExprError> {
        if self.nesting == NESTING_MAX {
            return Err(ExprError::TooDeep);
        }
        self.nesting += 1;
        let parsed = inner(self);
        self.nesting -= 1;
        parsed
    }

    fn take(&mut self, token: &Token) -> bool {
        let there = self.tokens.get(self.next).is_some_and(|next| next.token == *token);
        self.next += usize::from(there);
        there
    }

    fn next(&mut self) -> Option<Placed> {
        let next = self.tokens.get(self.next)?.clone();
        self.next += 1;
        Some(next)
    }

    fn need(&mut self, token: &Token) -> Result<(), ExprError> {
        match self.next() {
            Some(next) if next.token == *token => Ok(()),
            Some(other) => Err(self.syntax(other.at)),
            None => Err(self.syntax(self.text.len())),
        }
    }

    fn syntax(&self, at: usize) -> ExprError {
        ExprError::Syntax { at: self.text[at..].trim_end().to_owned() }
    }
}

/// Puts two values together, into the chain on the left where the strength is the same.
fn join(left: Parsed, operator: Operator, right: Parsed) -> Result<Parsed, ExprError> {
    match left.expr {
        Expr::Chain(first, mut rest) if rest.iter().all(|(op, _)| op.strength() == operator.strength()) => {
            rest.push((operator, right.expr));
            let height = left.height.max(right.height + 1);
            if height > DEPTH_MAX {
                Err(ExprError::TooDeep)
            } else {
                Ok(Parsed { expr: Expr::Chain(first, rest), height })
            }
        }
        first => {
            Parsed::above(Expr::Chain(Box::new(first), vec![(operator, right.expr)]), left.height.max(right.height))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str) -> String {
        Expression::parse(text).map_or_else(|e| e.to_string(), |e| e.to_string())
    }

    #[test]
    fn operators_bind_by_strength_and_go_from_left_to_right() {
        let Ok(Expression { root: Expr::Chain(_, rest) }) = Expression::parse("1 & 2 = 3 < 4 + 5 * -6 ^ 7 & 8") else {
            unreachable!("a chain of `&`")
        };
        let parts: Vec<_> = rest.iter().map(|(_, e)| e.to_string()).collect();
        assert_eq!(parts, ["2 = 3 < 4 + 5 * -6 ^ 7", "8"]);
    }

    #[test]
    fn what_is_no_expression_says_where() {
        for (text, error) in [
            ("1 +", "syntax error at "),
            ("a b", "syntax error at b"),
            ("f(1,)", "syntax error at )"),
            ("#x", "syntax error at #x"),
            ("\"open", "syntax error at \"open"),
            ("", "syntax error at "),
            ("(x, 1) => x", "syntax error at , 1) => x"),
        ] {
            assert_eq!(printed(text), error, "{text}");
        }
    }

    #[test]
    fn nesting_is_bounded_and_long_sums_are_not_deep() {
        let nested = |n: usize| format!("{}1{}", "(".repeat(n), ")".repeat(n));
        assert_eq!(printed(&nested(100)), nested(100));
        assert_eq!(Expression::parse(&nested(101)), Err(ExprError::TooDeep));
        assert_eq!(Expression::parse(&"-".repeat(5_000)), Err(ExprError::TooDeep));
        assert_eq!(Expression::parse(&format!("a{}", ".b".repeat(4_000))), Err(ExprError::TooDeep));
        let sum = vec!["1"; 2_500].join(" + ");
        assert_eq!(printed(&sum), sum);
    }
}
