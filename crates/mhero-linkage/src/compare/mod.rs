//! Two records, comparison by comparison.

mod edits;
mod name;
mod values;

pub use edits::one_edit;

use crate::{
    level::Level,
    record::Stored,
    schema::{Field, Kind, Schema},
    symbols::{Symbol, Symbols},
};

/// Most comparisons of a schema.
pub const COMPARISONS_MAX: usize = Schema::FIELDS_MAX;

/// The outcome of all comparisons of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Four bits a comparison, the first in the lowest: see [`level_at`].
    pub pattern: u64,
    /// Of each comparison that is exact, the value that both share, for its frequency; else 0.
    pub shared: [Symbol; COMPARISONS_MAX],
}

/// The level of a comparison within a pattern.
pub const fn level_at(pattern: u64, comparison: usize) -> Level {
    Level::of_bits((pattern >> (comparison * 4) & 0xf) as u8)
}

/// Compares two records. The order of the two does not matter.
pub fn compare(schema: &Schema, symbols: &Symbols, one: &Stored, other: &Stored) -> Outcome {
    let fields = schema.fields.len();
    let mut outcome = Outcome { pattern: 0, shared: [0; COMPARISONS_MAX] };
    let mut at = 0;
    let mut put = |(level, shared): (Level, Symbol)| {
        outcome.pattern |= (level as u64) << (at * 4);
        outcome.shared[at] = shared;
        at += 1;
    };
    for (field, Field { kind, .. }) in schema.fields.iter().enumerate() {
        let (left, right) = (one.cells(field, fields), other.cells(field, fields));
        if *kind == Kind::Name {
            let (given, family) = name::compare(symbols, left, right);
            put(given);
            put(family);
            continue;
        }
        if left.is_empty() || right.is_empty() {
            put((Level::Missing, 0));
            continue;
        }
        put(match kind {
            Kind::Text => values::texts(symbols, left, right),
            Kind::Code => values::codes(symbols, left, right),
            Kind::Date { .. } => values::dates(left, right),
            Kind::Phone => values::phones(symbols, left, right),
            Kind::Id => values::identifiers(symbols, left, right),
            Kind::Place => values::places(left, right),
            Kind::Sex | Kind::Name => (if left[0] == right[0] { Level::Exact } else { Level::Far }, 0),
        });
    }
    outcome
}
