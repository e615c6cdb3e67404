//! The passes with their fields looked up.

use crate::schema::{How, Kind, On, Schema};

/// A part of a key: field, kind and what of it.
#[derive(Clone, Copy, Debug)]
pub struct Reads {
    pub field: usize,
    pub kind: Kind,
    pub how: How,
}

/// A pass.
#[derive(Debug)]
pub struct Planned {
    pub on: Vec<Reads>,
    pub refine: Vec<Reads>,
    /// Neighbours on each side, where the pass is one of neighbours.
    pub window: Option<usize>,
}

/// All passes of a schema that holds together.
pub fn plan(schema: &Schema) -> Vec<Planned> {
    let reads = |on: &On| {
        let field = schema.fields.iter().position(|field| field.key == on.field).unwrap_or(0);
        Reads { field, kind: schema.fields[field].kind, how: on.how }
    };
    let planned = schema.passes.iter().map(|pass| Planned {
        on: pass.on.iter().map(reads).collect(),
        refine: pass.refine.iter().map(reads).collect(),
        window: pass.on.first().and_then(|on| match on.how {
            How::Neighbours(window) | How::NeighboursReversed(window) => Some(window.into()),
            _ => None,
        }),
    });
    planned.collect()
}
