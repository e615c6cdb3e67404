//! One fixed hash, so that the same records give the same blocks on every machine.

use std::hash::{BuildHasherDefault, Hasher};

/// FNV-1a with a last mixing.
pub fn hash_text(text: &str) -> u64 {
    mix(text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)))
}

/// The finaliser of splitmix64: spreads a number over all bits.
pub const fn mix(n: u64) -> u64 {
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

/// Two numbers into one, in their order.
pub const fn join(one: u64, other: u64) -> u64 {
    mix(one.rotate_left(23).wrapping_add(0x9e37_79b9_7f4a_7c15) ^ mix(other))
}

/// Random numbers from a seed, the same everywhere: splitmix64.
#[derive(Clone, Debug)]
pub struct Stream(u64);

impl Stream {
    pub const fn new(seed: u64) -> Self {
        Self(mix(seed))
    }

    /// A number below `end`, which is at least 1.
    #[expect(clippy::cast_possible_truncation, reason = "the remainder is below a usize")]
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        (mix(self.0) % end as u64) as usize
    }
}

/// For maps whose keys are 64 bits of our own making: no stranger chooses them, so they need no secret.
pub type Mixed = BuildHasherDefault<MixedHasher>;

/// Spreads a key of 64 bits.
#[derive(Default)]
pub struct MixedHasher(u64);

impl Hasher for MixedHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, n: u64) {
        self.0 = mix(n);
    }
}
