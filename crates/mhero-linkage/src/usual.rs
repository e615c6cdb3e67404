//! Weights before anything was learned.

use crate::{
    level::Level,
    model::{Comparison, Odds},
    schema::Kind,
};

/// The usual weights of a comparison of that kind.
pub fn comparison(name: String, kind: Kind) -> Comparison {
    let levels = levels(kind).iter().map(|(level, m, u)| (*level, Odds { m: *m, u: *u })).collect();
    let by_frequency = !matches!(kind, Kind::Sex | Kind::Date { .. });
    Comparison { name, levels, by_frequency }
}

/// The levels that a kind of field can have, with m and u.
pub const fn levels(kind: Kind) -> &'static [(Level, f64, f64)] {
    match kind {
        Kind::Name => &[
            (Level::Exact, 0.72, 0.01),
            (Level::Variant, 0.06, 0.005),
            (Level::Near, 0.09, 0.005),
            (Level::Loose, 0.04, 0.03),
            (Level::Initial, 0.02, 0.02),
            (Level::Crossed, 0.02, 0.002),
            (Level::CrossedNear, 0.01, 0.002),
            (Level::Far, 0.04, 0.926),
        ],
        Kind::Text => &[
            (Level::Exact, 0.7, 0.005),
            (Level::Near, 0.15, 0.005),
            (Level::Loose, 0.05, 0.02),
            (Level::Far, 0.1, 0.97),
        ],
        Kind::Code => &[(Level::Exact, 0.8, 0.02), (Level::Near, 0.1, 0.03), (Level::Far, 0.1, 0.95)],
        Kind::Date { .. } => &[
            (Level::Exact, 0.8, 0.0001),
            (Level::DayMonth, 0.02, 0.0002),
            (Level::Digit, 0.08, 0.004),
            (Level::Year, 0.04, 0.025),
            (Level::YearNear, 0.03, 0.06),
            (Level::Far, 0.03, 0.91),
        ],
        Kind::Phone => &[(Level::Exact, 0.75, 0.000_01), (Level::Digit, 0.03, 0.000_02), (Level::Far, 0.22, 0.999)],
        Kind::Id => &[(Level::Exact, 0.95, 0.000_01), (Level::Near, 0.03, 0.000_1), (Level::Far, 0.02, 0.999)],
        Kind::Place => &[
            (Level::Exact, 0.7, 0.01),
            (Level::Parent, 0.12, 0.02),
            (Level::Ancestor, 0.08, 0.1),
            (Level::Far, 0.1, 0.87),
        ],
        Kind::Sex => &[(Level::Exact, 0.98, 0.5), (Level::Far, 0.02, 0.5)],
    }
}
