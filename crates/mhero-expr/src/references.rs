//! Which values of the context an expression reads.

use std::fmt;

use crate::{context::TopLevels, error::ExprError, functions, syntax::Expr};

/// A path that an expression reads, in small letters: `contact`, `first_name`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Vec<String>);

impl Path {
    /// The names from the top level down.
    pub fn steps(&self) -> &[String] {
        &self.0
    }

    /// The top level: `contact`.
    pub fn top(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

/// The paths of a tree in the order of reading, also twice.
pub(crate) fn references(tree: &Expr) -> Vec<Path> {
    let mut found = Vec::new();
    walk(tree, &mut Vec::new(), &mut |node, called| {
        if !called {
            found.extend(path_of(node));
        }
    });
    found
}

/// The functions and names that nobody knows.
pub(crate) fn unknown(tree: &Expr, names: &TopLevels) -> Vec<ExprError> {
    let mut errors = Vec::new();
    walk(tree, &mut Vec::new(), &mut |node, called| match node {
        Expr::Name(name) if called && !names.has(name) => {
            errors.push(ExprError::UnknownFunction { name: name.clone() });
        }
        other => {
            let name = path_of(other).map(|path| path.top().to_owned()).unwrap_or_default();
            if !names.has(&name) {
                errors.push(ExprError::UnknownName { name });
            }
        }
    });
    errors
}

/// Walks to the longest paths of a tree, leaving out names that parameters or functions have. The second argument of `see`
/// tells whether the path is a single name that is called.
fn walk<'e>(node: &'e Expr, parameters: &mut Vec<&'e str>, see: &mut impl FnMut(&'e Expr, bool)) {
    match node {
        Expr::Null | Expr::Bool(_) | Expr::Number(_) | Expr::Text(_) => {}
        Expr::Name(name) => {
            if is_free(name, parameters) {
                see(node, false);
            }
        }
        Expr::Property(..) | Expr::Index(..) if path_of(node).is_some() => {
            let path = path_of(node);
            if path.is_some_and(|path| is_free(path.top(), parameters)) {
                see(node, false);
            }
        }
        Expr::Property(of, _) | Expr::Brackets(of) | Expr::Negate(of) => walk(of, parameters, see),
        Expr::Index(of, index) => {
            walk(of, parameters, see);
            walk(index, parameters, see);
        }
        Expr::Call(function, arguments) => {
            match &**function {
                Expr::Name(name) if is_free(name, parameters) => see(function, true),
                Expr::Name(_) => {}
                other => walk(other, parameters, see),
            }
            arguments.iter().for_each(|a| walk(a, parameters, see));
        }
        Expr::Lambda(names, body) => {
            let outer = parameters.len();
            parameters.extend(names.iter().map(String::as_str));
            walk(body, parameters, see);
            parameters.truncate(outer);
        }
        Expr::Chain(first, rest) => {
            walk(first, parameters, see);
            rest.iter().for_each(|(_, e)| walk(e, parameters, see));
        }
    }
}

/// Whether a name can only be one of the context.
fn is_free(name: &str, parameters: &[&str]) -> bool {
    !parameters.contains(&name) && functions::named(name).is_none()
}

/// The path that a node is, when it is names all the way down: `fields.age`, `fields["age"]`, `groups[0]`.
fn path_of(node: &Expr) -> Option<Path> {
    let (of, step) = match node {
        Expr::Name(name) => return Some(Path(vec![name.clone()])),
        Expr::Property(of, name) => (of, name.clone()),
        Expr::Index(of, index) => match &**index {
            Expr::Text(text) => (of, text.to_lowercase()),
            Expr::Number(n) => (of, n.to_string()),
            _ => return None,
        },
        _ => return None,
    };
    let mut path = path_of(of)?;
    path.0.push(step);
    Some(path)
}

/// Every path of a tree and every step of it in the order of reading, also twice: `foo`, `foo.bar`. Whether a name is known does
/// not matter, but names of functions and parameters are none.
pub(crate) fn all_paths(tree: &Expr) -> Vec<Path> {
    let paths = references(tree);
    paths.iter().flat_map(|path| (1..=path.0.len()).map(|steps| Path(path.0[..steps].to_vec()))).collect()
}

impl Expr {
    /// The tree with each free use of a top-level name replaced by another tree, or nothing if there is no such use. Parameters
    /// of anonymous functions that have the name keep it.
    pub fn renamed(&self, from: &str, to: &Self) -> Option<Self> {
        references(self).iter().any(|path| path.top() == from).then(|| replaced(self, from, to))
    }
}

fn replaced(tree: &Expr, from: &str, to: &Expr) -> Expr {
    match tree {
        Expr::Name(name) if name == from => to.clone(),
        Expr::Lambda(names, _) if names.iter().any(|n| n == from) => tree.clone(),
        other => other.with_parts(&mut |part| replaced(part, from, to)),
    }
}
