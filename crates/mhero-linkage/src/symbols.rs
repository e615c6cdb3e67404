//! Each different text once, under a number: records hold numbers, and what is costly to compute stands beside the text.

use std::collections::HashMap;

use crate::{
    hash::{Mixed, hash_text},
    normalise::{VARIANT_GROUPS_MAX, sound, variant_groups},
};

/// The number of a text; 0 is the empty one.
pub type Symbol = u32;

/// A text, how it sounds and what it is a form of.
#[derive(Debug)]
struct Text {
    text: Box<str>,
    sound: u32,
    letters: u32,
    groups: [u16; VARIANT_GROUPS_MAX],
}

/// All texts.
#[derive(Debug)]
pub struct Symbols {
    by_hash: HashMap<u64, Symbol, Mixed>,
    texts: Vec<Text>,
}

impl Default for Symbols {
    fn default() -> Self {
        let empty = Text { text: "".into(), sound: 0, letters: 0, groups: [0; VARIANT_GROUPS_MAX] };
        Self { by_hash: HashMap::default(), texts: vec![empty] }
    }
}

impl Symbols {
    /// The number of a text, which is taken in when it is new.
    pub fn take(&mut self, text: &str) -> Symbol {
        if text.is_empty() {
            return 0;
        }
        let mut hash = hash_text(text);
        while let Some(symbol) = self.by_hash.get(&hash) {
            if &*self.texts[*symbol as usize].text == text {
                return *symbol;
            }
            // Another text of the same hash: a chain of the next ones.
            hash = hash.wrapping_add(1);
        }
        let symbol = u32::try_from(self.texts.len()).unwrap_or(0);
        let heard = sound(text);
        // The hash of a sound is never 0, which stands for none.
        #[expect(clippy::cast_possible_truncation, reason = "a hash may lose its upper half")]
        let sound = if heard.is_empty() { 0 } else { hash_text(&heard) as u32 | 1 };
        self.texts.push(Text { text: text.into(), sound, letters: letters(text), groups: variant_groups(text) });
        self.by_hash.insert(hash, symbol);
        symbol
    }

    /// The number of a text that was taken in before.
    pub fn find(&self, text: &str) -> Option<Symbol> {
        let mut hash = hash_text(text);
        loop {
            let symbol = *self.by_hash.get(&hash)?;
            if &*self.texts[symbol as usize].text == text {
                return Some(symbol);
            }
            hash = hash.wrapping_add(1);
        }
    }

    /// The text.
    pub fn text(&self, symbol: Symbol) -> &str {
        &self.texts[symbol as usize].text
    }

    /// Which letters it has, one bit each; two digits share one.
    pub fn letters(&self, symbol: Symbol) -> u32 {
        self.texts[symbol as usize].letters
    }

    /// The hash of its sound; 0 for none.
    pub fn sound(&self, symbol: Symbol) -> u32 {
        self.texts[symbol as usize].sound
    }

    /// Whether both are forms of one name.
    pub fn are_variants(&self, one: Symbol, other: Symbol) -> bool {
        let (one, other) = (&self.texts[one as usize].groups, &self.texts[other as usize].groups);
        one[0] != 0 && other[0] != 0 && one.iter().any(|group| *group != 0 && other.contains(group))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }
}

fn letters(text: &str) -> u32 {
    text.bytes().fold(0, |all, byte| {
        all | if byte >= b'a' {
            1 << (byte - b'a').min(25)
        } else {
            1 << (26 + u32::from(byte.saturating_sub(b'0') % 5))
        }
    })
}
