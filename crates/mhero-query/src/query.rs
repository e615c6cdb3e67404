//! What was asked, as a tree: conditions joined by AND and OR, with the place of each in the text.

use std::fmt;

use crate::{Limit, Property};

/// A parsed query. It knows no names yet: [`crate::check`] looks them up.
///
/// Two queries are equal when they ask the same conditions in the same shape, wherever these stand in the text.
///
/// ```
/// let query = mhero_query::parse("cadre = midwife place = Nimbara")?;
/// assert_eq!(query.to_string(), "cadre = midwife AND place = Nimbara");
/// # Ok::<(), mhero_query::QueryError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    pub(crate) root: Option<Node>,
}

/// A branch or leaf of a [`Query`]. Branches hold two children or more, never one of their own kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// All of these.
    And(Vec<Self>),
    /// At least one of these.
    Or(Vec<Self>),
    /// One condition.
    Condition(Condition),
}

/// `property operator value`.
#[derive(Clone)]
pub struct Condition {
    /// What is asked about.
    pub property: Property,
    /// How.
    pub operator: Operator,
    /// The value as written, without quotes. Empty with `=` and `!=` asks whether there is a value at all.
    pub value: String,
    /// Where the condition stands in the text.
    pub span: Span,
    /// Where its value stands.
    pub value_span: Span,
    /// Whether only a word was written, and the rest is understood.
    pub bare: bool,
}

impl PartialEq for Condition {
    fn eq(&self, other: &Self) -> bool {
        (&self.property, self.operator, &self.value) == (&other.property, other.operator, &other.value)
    }
}

/// Without the value, which may be a phone number.
impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Condition({} {} …)", self.property.word(), self.operator.sign())
    }
}

/// A stretch of the text, in characters, `start <= i < end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// First character.
    pub start: usize,
    /// Behind the last character.
    pub end: usize,
}

impl Span {
    /// From the first character of one to the last of the other.
    #[must_use]
    pub const fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end }
    }

    /// The stretch of this text, for marking it.
    pub fn of(self, text: &str) -> String {
        text.chars().skip(self.start).take(self.end.saturating_sub(self.start)).collect()
    }
}

/// How a property is compared with the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `=` or `is`
    Equal,
    /// `!=`
    NotEqual,
    /// `~` or `has`
    Contains,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>=`
    GreaterOrEqual,
    /// `>`
    Greater,
}

impl Operator {
    /// The sign in the text.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Contains => "~",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::GreaterOrEqual => ">=",
            Self::Greater => ">",
        }
    }
}

impl Query {
    /// Everybody; written `*`.
    pub const fn everyone() -> Self {
        Self { root: None }
    }

    /// A query of one condition.
    pub fn condition(property: Property, operator: Operator, value: impl Into<String>) -> Self {
        let nowhere = Span::default();
        let value = value.into();
        let condition = Condition { property, operator, value, span: nowhere, value_span: nowhere, bare: false };
        Self { root: Some(Node::Condition(condition)) }
    }

    /// Whether nothing is asked, so that everybody matches.
    pub const fn is_everyone(&self) -> bool {
        self.root.is_none()
    }

    /// The tree; `None` for everybody.
    pub const fn root(&self) -> Option<&Node> {
        self.root.as_ref()
    }

    /// All conditions from left to right.
    pub fn conditions(&self) -> Vec<&Condition> {
        let mut found = Vec::new();
        if let Some(root) = &self.root {
            root.collect(&mut found);
        }
        found
    }

    /// The limit that the tree breaks, if any; a tree put together by editing may grow too large.
    pub(crate) fn broken_limit(&self) -> Option<Limit> {
        if self.conditions().len() > Limit::Conditions.max() {
            return Some(Limit::Conditions);
        }
        let depth = self.root.as_ref().map_or(0, Node::depth);
        (depth > Limit::Depth.max()).then_some(Limit::Depth)
    }
}

impl Node {
    /// Where the node stands in the text.
    pub fn span(&self) -> Span {
        match self {
            Self::Condition(condition) => condition.span,
            Self::And(children) | Self::Or(children) => match (children.first(), children.last()) {
                (Some(first), Some(last)) => first.span().to(last.span()),
                _ => Span::default(),
            },
        }
    }

    /// All of these as one node, flat.
    pub(crate) fn all(children: Vec<Self>) -> Option<Self> {
        Self::join(children, Self::And, |child| match child {
            Self::And(inner) => Ok(inner),
            other => Err(other),
        })
    }

    /// Any of these as one node, flat.
    pub(crate) fn any(children: Vec<Self>) -> Option<Self> {
        Self::join(children, Self::Or, |child| match child {
            Self::Or(inner) => Ok(inner),
            other => Err(other),
        })
    }

    fn join(
        children: Vec<Self>,
        make: fn(Vec<Self>) -> Self,
        open: fn(Self) -> Result<Vec<Self>, Self>,
    ) -> Option<Self> {
        let mut flat = Vec::new();
        for child in children {
            match open(child) {
                Ok(inner) => flat.extend(inner),
                Err(other) => flat.push(other),
            }
        }
        if flat.len() < 2 { flat.pop() } else { Some(make(flat)) }
    }

    fn collect<'a>(&'a self, found: &mut Vec<&'a Condition>) {
        match self {
            Self::Condition(condition) => found.push(condition),
            Self::And(children) | Self::Or(children) => children.iter().for_each(|child| child.collect(found)),
        }
    }

    fn depth(&self) -> usize {
        match self {
            Self::Condition(_) => 1,
            Self::And(children) | Self::Or(children) => 1 + children.iter().map(Self::depth).max().unwrap_or_default(),
        }
    }
}
