//! Pairs to learn from, counted by their pattern.

use std::collections::HashMap;

use super::Training;
use crate::{
    blocking::Scratch,
    hash::{Mixed, Stream, mix},
    index::Index,
    threads,
};

/// Patterns of pairs, each with its count.
#[derive(Debug, Default)]
pub struct Patterns {
    /// Pattern, passes that found it (as bits), how many pairs.
    pub counted: Vec<(u64, u32, f64)>,
    /// Pairs that were compared.
    pub count: u64,
    /// How many pairs of the whole each counted pair stands for.
    pub scale: f64,
}

/// Records drawn for the pairs of the passes: a part of all, and at least so many. Their matches are known to one in two hundred.
const RECORDS_MIN: usize = 4_000;
const RECORDS_PART: usize = 10;

/// Records looked at to see how many candidates there are.
const PROBE: usize = 200;

/// Pairs of any two records that may be one person.
pub fn pairs(index: &Index) -> f64 {
    let half = |n: usize| n as f64 * (n as f64 - 1.0) / 2.0;
    let mut by_source: HashMap<_, usize> = HashMap::new();
    for record in (0..index.slots()).filter_map(|slot| index.record(slot)) {
        for source in record.alone.sources() {
            *by_source.entry(*source).or_default() += 1;
        }
    }
    (half(index.len()) - by_source.values().map(|count| half(*count)).sum::<f64>()).max(0.0)
}

/// Pairs drawn at random.
pub fn random(index: &Index, training: &Training) -> Patterns {
    let slots = live(index);
    if slots.len() < 2 {
        return Patterns { scale: 1.0, ..Patterns::default() };
    }
    // A small set has fewer pairs than would be drawn.
    let draws = training.random_pairs.min(slots.len() * slots.len());
    let parts = threads::pieces(draws, training.threads, |range| {
        let mut counts = Counts::default();
        let mut stream = Stream::new(training.seed ^ mix(range.start as u64));
        for _ in range {
            let (one, other) = (slots[stream.below(slots.len())], slots[stream.below(slots.len())]);
            let (Some(one), Some(other)) = (index.record(one), index.record(other)) else { continue };
            if one.id != other.id && !Index::same_source(one, other) {
                counts.add(index.compare(one, other).pattern, 0);
            }
        }
        counts
    });
    Counts::sum(parts, 1.0)
}

/// Pairs of the passes: all, or those of a part of the records.
pub fn blocked(index: &Index, training: &Training) -> Patterns {
    let mut slots = live(index);
    let all = slots.len();
    if all < 2 {
        return Patterns { scale: 1.0, ..Patterns::default() };
    }
    slots.sort_unstable_by_key(|slot| mix(u64::from(*slot) ^ mix(training.seed)));
    let (mut found, mut scratch) = (Vec::new(), Scratch::default());
    let probe = slots.len().min(PROBE);
    let mut seen = 0;
    for slot in &slots[..probe] {
        index.gather(*slot, 0, &mut scratch, &mut found);
        seen += found.len();
    }
    let wanted = (2 * training.blocked_pairs).saturating_mul(probe) / seen.max(1);
    slots.truncate(wanted.clamp(probe, RECORDS_MIN.max(all / RECORDS_PART)));
    let part = slots.len() < all;
    let parts = threads::pieces(slots.len(), training.threads, |range| {
        let mut counts = Counts::default();
        let (mut found, mut scratch) = (Vec::new(), Scratch::default());
        for slot in &slots[range] {
            let Some(record) = index.record(*slot) else { continue };
            // With all records each pair would come twice.
            index.gather(*slot, if part { 0 } else { slot + 1 }, &mut scratch, &mut found);
            for (other, passes) in &found {
                if let Some(other) = index.record(*other) {
                    counts.add(index.compare(record, other).pattern, *passes);
                }
            }
        }
        counts
    });
    let scale = if part { all as f64 / slots.len() as f64 / 2.0 } else { 1.0 };
    Counts::sum(parts, scale)
}

fn live(index: &Index) -> Vec<u32> {
    (0..index.slots()).filter(|slot| index.record(*slot).is_some()).collect()
}

/// Counts by pattern and passes.
#[derive(Default)]
struct Counts {
    by: HashMap<u64, Vec<(u32, u64)>, Mixed>,
    count: u64,
}

impl Counts {
    fn add(&mut self, pattern: u64, passes: u32) {
        self.count += 1;
        self.add_many(pattern, passes, 1);
    }

    fn add_many(&mut self, pattern: u64, passes: u32, more: u64) {
        let of = self.by.entry(pattern).or_default();
        match of.iter_mut().find(|(other, _)| *other == passes) {
            Some((_, count)) => *count += more,
            None => of.push((passes, more)),
        }
    }

    fn sum(parts: Vec<Self>, scale: f64) -> Patterns {
        let mut all = Self::default();
        for part in parts {
            all.count += part.count;
            for (pattern, counts) in part.by {
                for (passes, count) in counts {
                    let of = all.by.entry(pattern).or_default();
                    match of.iter_mut().find(|(other, _)| *other == passes) {
                        Some((_, sum)) => *sum += count,
                        None => of.push((passes, count)),
                    }
                }
            }
        }
        let mut counted: Vec<(u64, u32, f64)> = Vec::new();
        for (pattern, counts) in all.by {
            counted.extend(counts.into_iter().map(|(passes, count)| (pattern, passes, count as f64)));
        }
        counted.sort_unstable_by_key(|(pattern, passes, _)| (*pattern, *passes));
        Patterns { counted, count: all.count, scale }
    }
}
