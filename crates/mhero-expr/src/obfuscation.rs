//! References that stand for the numbers of contacts where people may not see addresses.
//!
//! A network of four Feistel rounds turns a number into another of as many bits, which is written in 32 letters and digits that
//! nobody mistakes for one another. Numbers below 2^30 have six of them, the rest seven. The rounds were found from the known
//! answers of the flow specification; they hide the order of contacts, they are no encryption.

use std::fmt;

/// The secret of an installation from which references are made.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct ObfuscationKey([u32; 4]);

/// The signs of references, five bits each.
const SIGNS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Bits of half a number that has six signs, and of half a number that has seven.
const HALVES: [u32; 2] = [15, 17];

/// How many numbers have six signs.
const SHORT: u64 = 1 << 30;

impl ObfuscationKey {
    /// The key of these four parts.
    pub const fn new(parts: [u32; 4]) -> Self {
        Self(parts)
    }

    /// The reference of a number, e.g. `E2E6MX`. `None` for numbers over 2^34 + 2^30, which have none.
    pub fn reference(&self, id: u64) -> Option<String> {
        let (number, half, signs) = if id < SHORT { (id, HALVES[0], 6) } else { (id - SHORT, HALVES[1], 7) };
        if number >> (2 * half) != 0 {
            return None;
        }
        let mask = (1 << half) - 1;
        let (mut left, mut right) = (number >> half, number & mask);
        for part in self.0 {
            (left, right) = (right, left ^ round(right, part, mask));
        }
        let hidden = (left << half) | right;
        let sign = |n: u32| SIGNS.get(usize::try_from((hidden >> (5 * n)) & 31).ok()?).copied().map(char::from);
        (0..signs).rev().map(sign).collect()
    }

    /// The number of a reference, `None` for a text that is none.
    pub fn id(&self, reference: &str) -> Option<u64> {
        let (half, before) = match reference.len() {
            6 => (HALVES[0], 0),
            7 => (HALVES[1], SHORT),
            _ => return None,
        };
        let hidden = reference.bytes().try_fold(0_u64, |number, sign| {
            let value = SIGNS.iter().position(|known| *known == sign)?;
            Some((number << 5) | u64::try_from(value).ok()?)
        })?;
        if hidden >> (2 * half) != 0 {
            return None;
        }
        let mask = (1 << half) - 1;
        let (mut left, mut right) = (hidden >> half, hidden & mask);
        for part in self.0.into_iter().rev() {
            (left, right) = (right ^ round(left, part, mask), left);
        }
        Some(before + ((left << half) | right))
    }
}

fn round(half: u64, part: u32, mask: u64) -> u64 {
    let mixed = (half ^ u64::from(part)).wrapping_mul(0x045d_9f3b);
    (mixed ^ (mixed >> 16)) & mask
}

/// Nothing of the key: it is a secret.
impl fmt::Debug for ObfuscationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ObfuscationKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_leads_back_and_neighbours_look_unlike() {
        let key = ObfuscationKey::new([1, 22, 333, 4_444]);
        for id in [0, 1, 2, SHORT - 1, SHORT, SHORT + 1, (1 << 34) + SHORT - 1] {
            let reference = key.reference(id).expect("in range");
            assert_eq!((reference.len(), key.id(&reference)), (if id < SHORT { 6 } else { 7 }, Some(id)));
        }
        assert_eq!(key.reference((1 << 34) + SHORT), None);
        assert_eq!([key.id("E2E6M"), key.id("E2E6M0"), key.id("9999999")], [None; 3]);
        assert_ne!(key.reference(1).map(|r| r[..3].to_owned()), key.reference(2).map(|r| r[..3].to_owned()));
    }
}
