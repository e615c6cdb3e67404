//! References that stand for the numbers of contacts where people may not see addresses.

/// The secret of an installation from which references are made.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct ObfuscationKey([u32; 4]);

impl ObfuscationKey {
    /// The key of these four parts.
    pub const fn new(parts: [u32; 4]) -> Self {
        Self(parts)
    }

    /// The reference of a number.
    pub fn reference(&self, id: u64) -> Option<String> {
        let _ = (self.0, id);
        None
    }

    /// The number of a reference.
    pub fn id(&self, reference: &str) -> Option<u64> {
        let _ = (self.0, reference);
        None
    }
}
