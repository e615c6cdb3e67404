//! The tree of an expression and how it prints.

use std::{fmt, sync::Arc};

use super::quote::quote;
use crate::value::Number;

/// An operator between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `&`
    Concatenate,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `^`
    Power,
}

impl Operator {
    /// The sign.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Concatenate => "&",
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Power => "^",
        }
    }

    /// How tightly it binds; operators of one strength go from left to right.
    pub(super) const fn strength(self) -> u8 {
        match self {
            Self::Concatenate => 1,
            Self::Equal | Self::NotEqual => 2,
            Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual => 3,
            Self::Add | Self::Subtract => 4,
            Self::Multiply | Self::Divide => 5,
            Self::Power => 6,
        }
    }
}

/// A node of the tree. Names are in small letters, as letter case does not count. The tree prints in canonical form.
#[derive(Clone, PartialEq)]
pub enum Expr {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// `12.5`
    Number(Number),
    /// `"text"`
    Text(Arc<str>),
    /// A name of the context, of a parameter, or of a function.
    Name(String),
    /// `value.property`
    Property(Box<Self>, String),
    /// `value[index]`
    Index(Box<Self>, Box<Self>),
    /// `function(arguments)`
    Call(Box<Self>, Vec<Self>),
    /// `(x, y) => body`
    Lambda(Arc<[String]>, Arc<Self>),
    /// `(value)`
    Brackets(Box<Self>),
    /// `-value`
    Negate(Box<Self>),
    /// Values with operators of one strength between them, from left to right. Flat, so that a long sum is not a deep tree.
    Chain(Box<Self>, Vec<(Operator, Self)>),
}

impl Expr {
    /// Calls a function for each node, parts before the whole. Parameters of anonymous functions are no nodes.
    pub fn visit(&self, see: &mut impl FnMut(&Self)) {
        match self {
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::Name(_) => {}
            Self::Property(of, _) => of.visit(see),
            Self::Brackets(inner) | Self::Negate(inner) => inner.visit(see),
            Self::Lambda(_, body) => body.visit(see),
            Self::Index(of, index) => {
                of.visit(see);
                index.visit(see);
            }
            Self::Call(function, arguments) => {
                function.visit(see);
                arguments.iter().for_each(|a| a.visit(see));
            }
            Self::Chain(first, rest) => {
                first.visit(see);
                rest.iter().for_each(|(_, e)| e.visit(see));
            }
        }
        see(self);
    }

    /// The tree with each node replaced by what a function makes of it, parts before the whole.
    #[must_use]
    pub fn mapped(&self, change: &mut impl FnMut(Self) -> Self) -> Self {
        let node = self.with_parts(&mut |part| part.mapped(change));
        change(node)
    }

    /// The same node with its parts changed.
    pub(crate) fn with_parts(&self, change: &mut dyn FnMut(&Self) -> Self) -> Self {
        match self {
            Self::Property(of, name) => Self::Property(Box::new(change(of)), name.clone()),
            Self::Index(of, index) => Self::Index(Box::new(change(of)), Box::new(change(index))),
            Self::Call(function, arguments) => {
                let function = change(function);
                Self::Call(Box::new(function), arguments.iter().map(change).collect())
            }
            Self::Lambda(names, body) => Self::Lambda(Arc::clone(names), Arc::new(change(body))),
            Self::Brackets(inner) => Self::Brackets(Box::new(change(inner))),
            Self::Negate(inner) => Self::Negate(Box::new(change(inner))),
            Self::Chain(first, rest) => {
                let first = change(first);
                Self::Chain(Box::new(first), rest.iter().map(|(op, e)| (*op, change(e))).collect())
            }
            leaf => leaf.clone(),
        }
    }

    /// A name of the context or of a function; letter case does not count.
    pub fn name(name: &str) -> Self {
        Self::Name(name.to_lowercase())
    }

    /// A property of this value.
    #[must_use]
    pub fn property(self, name: &str) -> Self {
        Self::Property(Box::new(self), name.to_lowercase())
    }

    /// A call of a function by its name.
    pub fn call(function: &str, arguments: impl IntoIterator<Item = Self>) -> Self {
        Self::Call(Box::new(Self::name(function)), arguments.into_iter().collect())
    }

    /// Whether it is names with dots between them, which needs no brackets after an `@`.
    pub fn is_path(&self) -> bool {
        match self {
            Self::Name(_) => true,
            Self::Property(of, _) => of.is_path(),
            _ => false,
        }
    }
}

/// The kind of node only: its literals are part of a message.
impl fmt::Debug for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "Null",
            Self::Bool(_) => "Bool",
            Self::Number(_) => "Number",
            Self::Text(_) => "Text",
            Self::Name(_) => "Name",
            Self::Property(..) => "Property",
            Self::Index(..) => "Index",
            Self::Call(..) => "Call",
            Self::Lambda(..) => "Lambda",
            Self::Brackets(_) => "Brackets",
            Self::Negate(_) => "Negate",
            Self::Chain(..) => "Chain",
        })
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(b) => write!(f, "{b}"),
            Self::Number(n) => write!(f, "{n}"),
            Self::Text(text) => f.write_str(&quote(text)),
            Self::Name(name) => f.write_str(name),
            Self::Property(of, name) => write!(f, "{of}.{name}"),
            Self::Index(of, index) => write!(f, "{of}[{index}]"),
            Self::Call(function, arguments) => {
                write!(f, "{function}(")?;
                for (n, argument) in arguments.iter().enumerate() {
                    write!(f, "{}{argument}", if n == 0 { "" } else { ", " })?;
                }
                f.write_str(")")
            }
            Self::Lambda(names, body) => write!(f, "({}) => {body}", names.join(", ")),
            Self::Brackets(inner) => write!(f, "({inner})"),
            Self::Negate(inner) => write!(f, "-{inner}"),
            Self::Chain(first, rest) => {
                write!(f, "{first}")?;
                rest.iter().try_for_each(|(op, e)| write!(f, " {} {e}", op.sign()))
            }
        }
    }
}

/// An expression as it stands between `@(` and `)`, parsed once.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    pub(crate) root: Expr,
}

impl Expression {
    /// The tree.
    pub const fn tree(&self) -> &Expr {
        &self.root
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.fmt(f)
    }
}
