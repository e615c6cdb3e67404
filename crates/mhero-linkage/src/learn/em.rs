//! Expectation and maximisation over counted patterns.

use super::sample::Patterns;
use crate::{
    compare::level_at,
    index::Index,
    level::Level,
    model::{Model, Odds},
    schema::{How, Kind, Schema},
    usual,
};

/// Most rounds of one pass, and the change of any m below which it ends.
const ROUNDS_MAX: usize = 30;
const SETTLED: f64 = 1e-3;
/// Pairs that the usual weights stand for beside what was counted: for u, and for m.
const USUAL_RANDOM: f64 = 1_000.0;
const USUAL_MATCHES: f64 = 5.0;
/// Fewest expected pairs of one person from which a pass teaches anything.
const MATCHES_MIN: f64 = 20.0;
/// The share of pairs of one person that a pass starts from.
const SHARE_START: f64 = 0.05;

const LEVELS: usize = Level::ALL.len();

/// Per comparison: what each level is worth, as a factor.
type Factors = Vec<[f64; LEVELS]>;

/// Sets u from pairs drawn at random. `matches` of all `pairs` are one person, and are no part of u.
pub fn set_u(index: &Index, model: &mut Model, random: &Patterns, matches: f64, pairs: f64) {
    // Among a handful of records nearly all pairs may seem to be one person.
    let matches = matches.min(pairs / 2.0);
    let prior = if pairs > 0.0 { matches / pairs } else { 0.0 };
    let kinds = kinds(index.schema());
    for (at, comparison) in model.comparisons.iter_mut().enumerate() {
        let mut counts = [0.0; LEVELS];
        for (pattern, _, count) in &random.counted {
            counts[level_at(*pattern, at) as usize] += count;
        }
        let said: f64 = counts[1..].iter().sum();
        let usual = usual::levels(kinds[at]);
        for (level, _, usual_u) in usual {
            let Some(odds) = comparison.levels.get_mut(level) else { continue };
            let drawn = (counts[*level as usize] + USUAL_RANDOM * usual_u) / (said + USUAL_RANDOM);
            odds.u = ((drawn - prior * odds.m) / (1.0 - prior)).max(drawn * 0.01).clamp(Odds::SHARE_MIN, 1.0);
        }
        // Values that two records share can be counted without drawing.
        if let (Some(shared), Some(odds)) = (index.shared_pairs(at), comparison.levels.get_mut(&Level::Exact)) {
            let by_chance = shared.sharing - matches * odds.m * shared.filled;
            odds.u = (by_chance / (shared.pairs - matches).max(1.0)).clamp(Odds::SHARE_MIN, 1.0);
        }
    }
}

/// Sets m from the pairs of the passes. Returns the comparisons that no pass could teach.
pub fn set_m(index: &Index, model: &mut Model, blocked: &Patterns) -> Vec<String> {
    let kinds = kinds(index.schema());
    let mut sums: Factors = vec![[0.0; LEVELS]; kinds.len()];
    for pass in 0..index.schema().passes.len().min(32) {
        let trains = trained(index.schema(), pass);
        let of_pass: Vec<(u64, f64)> =
            blocked.counted.iter().filter(|(_, passes, _)| passes >> pass & 1 == 1).map(|(p, _, n)| (*p, *n)).collect();
        let expected = session(model, &kinds, &trains, &of_pass);
        let matches = expected.matches * blocked.scale;
        if matches >= MATCHES_MIN {
            for (at, sum) in sums.iter_mut().enumerate().filter(|(at, _)| trains[*at]) {
                sum.iter_mut().zip(&expected.levels[at]).for_each(|(sum, more)| *sum += more);
            }
        }
    }
    let mut untrained = Vec::new();
    for (at, comparison) in model.comparisons.iter_mut().enumerate() {
        if sums[at][1..].iter().sum::<f64>() < 1.0 {
            untrained.push(comparison.name.clone());
            continue;
        }
        for (level, m) in shares(kinds[at], &sums[at]) {
            if let Some(odds) = comparison.levels.get_mut(&level) {
                odds.m = m;
            }
        }
    }
    untrained
}

/// How many of all pairs are expected to be one person, by the weights and the passes' pairs.
pub fn expected_matches(index: &Index, model: &Model, blocked: &Patterns, pairs: f64) -> f64 {
    let comparisons = kinds(index.schema()).len();
    let factors = factors(model, &vec![true; comparisons]);
    let ratios: Vec<(f64, f64)> =
        blocked.counted.iter().map(|(pattern, _, count)| (ratio(&factors, *pattern), *count * blocked.scale)).collect();
    let mut prior = model.prior;
    let mut matches = 0.0;
    for _ in 0..ROUNDS_MAX {
        let odds = prior / (1.0 - prior);
        matches = ratios.iter().map(|(ratio, count)| count * (ratio * odds) / (1.0 + ratio * odds)).sum();
        let next = (matches / pairs.max(1.0)).clamp(1e-12, 0.5);
        let settled = (next / prior - 1.0).abs() < SETTLED;
        prior = next;
        if settled {
            break;
        }
    }
    matches
}

/// What one pass expects.
struct Expected {
    matches: f64,
    /// Expected counts by comparison and level among pairs of one person.
    levels: Factors,
}

/// Expectation and maximisation within one pass.
fn session(model: &Model, kinds: &[Kind], trains: &[bool], pairs: &[(u64, f64)]) -> Expected {
    let mut model = model.clone();
    let all: f64 = pairs.iter().map(|(_, count)| count).sum();
    let mut share = SHARE_START;
    let mut expected = Expected { matches: 0.0, levels: vec![[0.0; LEVELS]; kinds.len()] };
    for _ in 0..ROUNDS_MAX {
        let factors = factors(&model, trains);
        let odds = share / (1.0 - share);
        expected.matches = 0.0;
        expected.levels.iter_mut().for_each(|levels| *levels = [0.0; LEVELS]);
        for (pattern, count) in pairs {
            let ratio = ratio(&factors, *pattern) * odds;
            let matches = count * ratio / (1.0 + ratio);
            expected.matches += matches;
            for (at, levels) in expected.levels.iter_mut().enumerate() {
                levels[level_at(*pattern, at) as usize] += matches;
            }
        }
        share = (expected.matches / all.max(1.0)).clamp(1e-6, 1.0 - 1e-6);
        let mut change: f64 = 0.0;
        for (at, comparison) in model.comparisons.iter_mut().enumerate().filter(|(at, _)| trains[*at]) {
            for (level, m) in shares(kinds[at], &expected.levels[at]) {
                if let Some(odds) = comparison.levels.get_mut(&level) {
                    change = change.max((odds.m - m).abs());
                    odds.m = m;
                }
            }
        }
        if change < SETTLED {
            break;
        }
    }
    expected
}

/// Shares of the levels among expected pairs, with the usual ones as a few pairs more.
fn shares(kind: Kind, counts: &[f64; LEVELS]) -> impl Iterator<Item = (Level, f64)> {
    let all: f64 = counts[1..].iter().sum::<f64>() + USUAL_MATCHES;
    usual::levels(kind).iter().map(move |(level, m, _)| (*level, (counts[*level as usize] + USUAL_MATCHES * m) / all))
}

/// m/u by comparison and level; 1 where nothing is said and for comparisons that do not take part.
fn factors(model: &Model, takes_part: &[bool]) -> Factors {
    let factors = |(comparison, takes_part): (&crate::model::Comparison, &bool)| {
        let mut factors = [1.0; LEVELS];
        if *takes_part {
            for (level, odds) in &comparison.levels {
                factors[*level as usize] = odds.bits().exp2();
            }
        }
        factors
    };
    model.comparisons.iter().zip(takes_part).map(factors).collect()
}

fn ratio(factors: &Factors, pattern: u64) -> f64 {
    let product: f64 = factors.iter().enumerate().map(|(at, of)| of[level_at(pattern, at) as usize]).product();
    // So many bits that sums stay finite.
    product.clamp(1e-200, 1e200)
}

/// The kind of each comparison.
fn kinds(schema: &Schema) -> Vec<Kind> {
    schema.fields.iter().flat_map(|field| std::iter::repeat_n(field.kind, field.kind.comparisons())).collect()
}

/// The comparisons that a pass can teach: those that it does not ask for.
fn trained(schema: &Schema, pass: usize) -> Vec<bool> {
    let mut trains = Vec::new();
    for field in &schema.fields {
        let asked = |part: How| {
            schema.passes[pass].on.iter().any(|on| {
                let part_of_name = matches!(on.how, How::Given | How::Family);
                on.field == field.key && (on.how == part || !part_of_name)
            })
        };
        match field.kind {
            Kind::Name => trains.extend([!asked(How::Given), !asked(How::Family)]),
            _ => trains.push(!asked(How::Whole)),
        }
    }
    trains
}
