//! From text to steps.

use std::str::FromStr;

use super::{Path, PathError, Step, Term};

/// Most characters of a path.
const LENGTH_MAX: usize = 4_000;
/// Parentheses within each other.
const DEPTH_MAX: usize = 10;

impl FromStr for Path {
    type Err = PathError;

    /// # Errors
    /// [`PathError`] where the text leaves what is understood.
    fn from_str(text: &str) -> Result<Self, PathError> {
        let mut reader = Reader { text, at: 0, depth: 0 };
        if text.len() > LENGTH_MAX {
            return Err(reader.expected("a shorter path"));
        }
        let path = reader.path()?;
        reader.space();
        if reader.at < text.len() { Err(reader.expected("“.”, “|” or the end")) } else { Ok(path) }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn expected(&self, expected: &'static str) -> PathError {
        PathError { text: self.text.chars().take(200).collect(), at: self.at, expected }
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn take(&mut self, token: &str) -> bool {
        self.space();
        let is_there = self.rest().starts_with(token);
        if is_there {
            self.at += token.len();
        }
        is_there
    }

    /// A whole word, such as `as`.
    fn take_word(&mut self, word: &str) -> bool {
        self.space();
        let rest = self.rest();
        let ends = rest.get(word.len()..).is_some_and(|after| !after.starts_with(|c: char| c.is_ascii_alphanumeric()));
        rest.starts_with(word) && ends && self.take(word)
    }

    fn need(&mut self, token: &'static str) -> Result<(), PathError> {
        if self.take(token) { Ok(()) } else { Err(self.expected(token)) }
    }

    fn name(&mut self) -> Result<String, PathError> {
        self.space();
        let length = self.rest().find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(self.rest().len());
        if length == 0 {
            return Err(self.expected("a name"));
        }
        let name = self.rest()[..length].to_owned();
        self.at += length;
        Ok(name)
    }

    fn quoted(&mut self) -> Result<String, PathError> {
        self.need("'")?;
        let Some(end) = self.rest().find('\'') else { return Err(self.expected("a closing quote")) };
        let text = self.rest()[..end].to_owned();
        self.at += end + 1;
        Ok(text)
    }

    fn path(&mut self) -> Result<Path, PathError> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.expected("fewer parentheses"));
        }
        let mut alternatives = vec![self.term()?];
        while self.take("|") {
            alternatives.push(self.term()?);
        }
        self.depth -= 1;
        Ok(Path { alternatives })
    }

    fn term(&mut self) -> Result<Term, PathError> {
        let mut steps = vec![self.first()?];
        loop {
            if self.take(".") {
                steps.push(self.step()?);
            } else if self.take_word("as") {
                steps.push(Step::OfType(self.name()?));
            } else {
                return Ok(Term { steps });
            }
        }
    }

    fn first(&mut self) -> Result<Step, PathError> {
        if !self.take("(") {
            return self.step();
        }
        let inner = self.path()?;
        self.need(")")?;
        Ok(Step::Group(inner))
    }

    fn step(&mut self) -> Result<Step, PathError> {
        let name = self.name()?;
        if !self.take("(") {
            return Ok(Step::Member(name));
        }
        let step = match name.as_str() {
            "where" => self.condition()?,
            "extension" => Step::Extension(self.quoted()?),
            "as" | "ofType" => Step::OfType(self.name()?),
            "exists" if self.rest().trim_start().starts_with(')') => Step::Exists,
            "first" => Step::First,
            _ => return Err(self.expected("where, extension, as, ofType, exists or first")),
        };
        self.need(")")?;
        Ok(step)
    }

    fn condition(&mut self) -> Result<Step, PathError> {
        let before = self.at;
        if self.take_word("resolve") {
            self.need("(")?;
            self.need(")")?;
            if self.take_word("is") {
                return Ok(Step::WhereTo(self.name()?));
            }
            self.at = before;
            return Err(self.expected("resolve() is a kind"));
        }
        let path = self.path()?;
        if self.take("=") { Ok(Step::WhereIs(path, self.quoted()?)) } else { Ok(Step::WhereExists(path)) }
    }
}
