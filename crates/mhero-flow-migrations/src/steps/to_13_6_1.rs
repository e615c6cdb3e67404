//! 13.6.1: expressions that look up a result by a key that is too long get it cut as its name was.

use mhero_expr::{Expr, Template, TopLevels};

use super::to_13_6_0::RESULT_NAME_MAX;
use crate::{Version, rewrite_templates, shape::Map};

pub(super) fn step(flow: &mut Map) {
    let names = TopLevels::flow();
    rewrite_templates(flow, Version::new(13, 6, 0), &mut |text| {
        let long = text.len() > RESULT_NAME_MAX && text.to_lowercase().contains("results");
        let template = Template::parse(text, &names).ok().filter(|_| long)?;
        Some(template.rewritten(|tree| {
            let mut any = false;
            let new = tree.mapped(&mut |node| cut(node, &mut any));
            any.then_some(new)
        }))
    });
}

/// Cuts the key where a node looks up a result by one that is too long.
fn cut(node: Expr, any: &mut bool) -> Expr {
    let short = |key: &str| key.char_indices().nth(RESULT_NAME_MAX).map(|(end, _)| key[..end].to_owned());
    match node {
        Expr::Property(of, key) if is_results(&of) => {
            let new = short(&key);
            *any |= new.is_some();
            Expr::Property(of, new.unwrap_or(key))
        }
        Expr::Index(of, index) if is_results(&of) => match &*index {
            Expr::Text(key) if short(key).is_some() => {
                *any = true;
                let key = short(key).unwrap_or_default();
                Expr::Index(of, Box::new(Expr::Text(key.into())))
            }
            _ => Expr::Index(of, index),
        },
        other => other,
    }
}

/// Whether a node is the results of this flow, of its parent or of its child, which were cut alike.
fn is_results(node: &Expr) -> bool {
    match node {
        Expr::Name(name) => name == "results",
        Expr::Property(of, name) => {
            name == "results" && matches!(&**of, Expr::Name(run) if ["run", "parent", "child"].contains(&run.as_str()))
        }
        _ => false,
    }
}
