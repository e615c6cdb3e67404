//! From characters to a tree: template text, expression tokens, the tree and how it prints.

mod ast;
mod lex;
mod parse;
mod quote;
mod scan;

pub use ast::{Expr, Expression, Operator};
pub(crate) use scan::{Piece, mentions, pieces};
