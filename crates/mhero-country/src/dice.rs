//! Chance from a seed. Each purpose has a stream of its own, so that a new draw in one leaves the others as they were.

use rand::{RngExt, SeedableRng, rngs::StdRng};

/// One stream of chance.
pub struct Dice(StdRng);

impl Dice {
    /// The stream for a purpose and a key (an index, a phone number, a message id).
    pub fn new(seed: u64, purpose: &str, key: impl AsRef<[u8]>) -> Self {
        // FNV-1a; a separator keeps ("ab", "c") apart from ("a", "bc").
        let bytes = purpose.bytes().chain([0xff]).chain(key.as_ref().iter().copied());
        let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64 ^ seed.rotate_left(17), |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(StdRng::seed_from_u64(hash ^ seed))
    }

    /// The stream for a purpose and a running number.
    pub fn nth(seed: u64, purpose: &str, index: usize) -> Self {
        Self::new(seed, purpose, (index as u64).to_le_bytes())
    }

    /// A number from 0 to below 1.
    pub fn unit(&mut self) -> f64 {
        self.0.random::<f64>()
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A number from 0 to below `end`, which is at least 1.
    pub fn below(&mut self, end: usize) -> usize {
        // Through u64, because a draw of usize would depend on the machine's word.
        self.0.random_range(0..end as u64) as usize
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high)
    }

    /// One of these; there is at least one.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// The index of one of these weights, which are not all zero.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let total: u64 = weights.iter().map(|w| u64::from(*w)).sum();
        let mut left = self.0.random_range(0..total);
        for (index, weight) in weights.iter().enumerate() {
            match left.checked_sub(u64::from(*weight)) {
                Some(rest) => left = rest,
                None => return index,
            }
        }
        weights.len() - 1
    }

    /// One of these by running totals of their weights (the last total is above 0).
    pub fn cumulative(&mut self, totals: &[u32]) -> usize {
        let draw = self.0.random_range(0..totals[totals.len() - 1]);
        totals.partition_point(|total| *total <= draw)
    }

    /// Brings these into another order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}
