//! A query as text again. Reading what was printed gives the same query.

use std::fmt::{self, Write};

use crate::{Condition, Node, Query, lexer::is_plain_word};

#[derive(Clone, Copy, PartialEq)]
enum Spelling {
    /// For people: quotes only where they are needed, properties as they were named.
    Plain,
    /// For other systems: RapidPro's own canonical form.
    Qualified,
}

/// The text that people read and edit: `cadre = midwife AND place = "Capital City"`.
impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, Spelling::Plain)
    }
}

impl Query {
    /// The canonical form of RapidPro, for systems that expect it.
    ///
    /// ```
    /// let query = mhero_query::parse("age > 18 and tel != '' or Bob")?;
    /// assert_eq!(query.qualified(), r#"(fields.age > 18 AND urns.tel != "") OR name ~ "Bob""#);
    /// # Ok::<(), mhero_query::QueryError>(())
    /// ```
    pub fn qualified(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, Spelling::Qualified).expect("a string takes all that is written");
        text
    }

    fn write(&self, out: &mut impl Write, spelling: Spelling) -> fmt::Result {
        match &self.root {
            None if spelling == Spelling::Qualified => Ok(()),
            None => out.write_str("*"),
            Some(root) => write_node(root, out, spelling, false),
        }
    }
}

fn write_node(node: &Node, out: &mut impl Write, spelling: Spelling, inside: bool) -> fmt::Result {
    let (children, joint) = match node {
        Node::Condition(condition) => return write_condition(condition, out, spelling),
        Node::And(children) => (children, " AND "),
        Node::Or(children) => (children, " OR "),
    };
    if inside {
        out.write_char('(')?;
    }
    for (index, child) in children.iter().enumerate() {
        if index > 0 {
            out.write_str(joint)?;
        }
        write_node(child, out, spelling, true)?;
    }
    if inside { out.write_char(')') } else { Ok(()) }
}

fn write_condition(condition: &Condition, out: &mut impl Write, spelling: Spelling) -> fmt::Result {
    let (property, plain) = match spelling {
        Spelling::Plain => (condition.property.word(), is_plain_word(&condition.value)),
        Spelling::Qualified => (condition.property.qualified(), is_number(&condition.value)),
    };
    write!(out, "{property} {} ", condition.operator.sign())?;
    if plain {
        return out.write_str(&condition.value);
    }
    out.write_char('"')?;
    for c in condition.value.chars() {
        if matches!(c, '"' | '\\') {
            out.write_char('\\')?;
        }
        out.write_char(c)?;
    }
    out.write_char('"')
}

/// Whether RapidPro prints the value without quotes: digits with at most one point.
fn is_number(text: &str) -> bool {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    [whole, part].iter().all(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}
