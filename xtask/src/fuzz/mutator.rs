//! Damage to inputs: bits, ranges, numbers, words of the languages, pieces of other seeds.

/// What often breaks readers.
const WORDS: [&str; 44] = [
    "@",
    "@@",
    "@(",
    ")",
    "((((((((",
    "\"",
    "\\",
    "\u{0}",
    "\u{feff}",
    "\u{202e}",
    "é",
    "👩🏽‍⚕️",
    "\u{301}",
    "\r\n",
    "null",
    "true",
    "{}",
    "[]",
    "[[[[[[[[",
    "-1",
    "0",
    "1e999",
    "99999999999999999999999999999999999999",
    "0.1",
    "NaN",
    "\\ud800",
    "AND",
    "OR",
    "NOT",
    "!=",
    "~",
    "<=",
    "^",
    "&",
    "=>",
    "(x) => ",
    "foreach(",
    "repeat(\"a\", 9999999)",
    "text_slice(",
    "json(",
    "contact.fields.",
    "\"uuid\":",
    "\"type\":",
    "2024-02-30T25:61:00Z",
];
/// Damages done to one input at most.
const DAMAGES_MAX: u64 = 5;

/// Makes inputs out of seeds.
pub struct Mutator {
    state: u64,
    most: usize,
}

impl Mutator {
    /// A mutator whose run is told by a number, and that makes inputs of so many bytes at most.
    pub fn new(number: u64, most: usize) -> Self {
        Self { state: number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, most }
    }

    /// The next input.
    pub fn next(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut input = self.one_of(seeds).to_vec();
        for _ in 0..=self.below(DAMAGES_MAX) {
            self.damage(&mut input, seeds);
        }
        input.truncate(self.most);
        input
    }

    fn damage(&mut self, input: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        let (from, to) = self.range(input.len());
        match self.below(8) {
            0 => {
                if let Some(byte) = input.get_mut(from) {
                    *byte ^= 1 << (to % 8);
                }
            }
            1 => drop(input.drain(from..to)),
            2 => {
                let piece = input[from..to].to_vec();
                let times = usize::try_from(1 + self.below(40)).unwrap_or(1);
                let at = self.place(input.len());
                input.splice(at..at, piece.repeat(times));
            }
            3 | 4 => {
                let word = self.one_of(&WORDS).as_bytes().to_vec();
                let end = if self.below(2) == 0 { from } else { to };
                input.splice(from..end, word);
            }
            5 => {
                let other = self.one_of(seeds).clone();
                let (start, end) = self.range(other.len());
                input.splice(from..to, other[start..end].iter().copied());
            }
            6 => {
                if let Some(at) = input.iter().skip(from).position(u8::is_ascii_digit) {
                    input[from + at] = b'0' + u8::try_from(self.below(10)).unwrap_or(0);
                }
            }
            _ => input.truncate(to),
        }
        input.truncate(2 * self.most);
    }

    /// A range, most often a short one.
    fn range(&mut self, length: usize) -> (usize, usize) {
        let from = self.place(length);
        let most = if self.below(4) == 0 { length } else { 16 };
        (from, (from + self.place(most)).min(length))
    }

    fn place(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64 + 1)).unwrap_or(0).min(length)
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        let at = self.below(all.len() as u64);
        &all[usize::try_from(at).unwrap_or(0)]
    }

    fn below(&mut self, limit: u64) -> u64 {
        // xorshift64*, which is good enough to break things with.
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_f491_4f6c_dd1d) % limit.max(1)
    }
}
