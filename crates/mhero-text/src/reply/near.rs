//! How near a word of a text is to a word that is known: the mistakes of thumbs and networks, and no others.

use rapidfuzz::distance::osa;

/// How a word of the text resembles a known word. Order: nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Nearness {
    /// The same but for case and accents.
    Same,
    /// Surely the same: a zero for an O, an l for an I, a letter held too long, an accent lost as `?`.
    Close,
    /// A slip: a letter more, less, wrong or swapped, or vowels left out.
    Typo,
    /// A slip in a word too short to be sure of; worth a question, never an action.
    Far,
}

/// Both words folded. `None` when they are different words.
pub(super) fn nearness(token: &str, word: &str) -> Option<Nearness> {
    if token == word {
        return Some(Nearness::Same);
    }
    let (length, other) = (word.chars().count(), token.chars().count());
    // A text can hold words of thousands of letters; nothing that long is near anything. This keeps the comparison cheap, too.
    if other > length * 2 + 4 || token.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    if length >= 3 && looks_like(token, word) || lost_accents(token, word) {
        return Some(Nearness::Close);
    }
    if length >= 4 && other >= 3 && squeeze(token) == squeeze(word) {
        return Some(Nearness::Close);
    }
    if ABBREVIATIONS.iter().any(|(short, long)| *short == token && *long == word) {
        return Some(Nearness::Typo);
    }
    if length < 4 || other < 3 {
        return (length == 3 && swapped(token, word)).then_some(Nearness::Far);
    }
    let plural = token.strip_suffix('s') == Some(word);
    if plural || vowels_left_out(token, word) || sounds_like(token, word) {
        return Some(Nearness::Typo);
    }
    let distance = osa::distance(squeeze(token).chars(), squeeze(word).chars());
    match length {
        4 if distance == 1 && (swapped(token, word) || same_key(token, word)) => Some(Nearness::Typo),
        4 | 5 if distance == 1 && other < 4 => Some(Nearness::Far),
        4 if distance == 1 => Some(Nearness::Far),
        5..=7 if distance == 1 => Some(Nearness::Typo),
        8.. if distance <= 2 => Some(Nearness::Typo),
        _ => None,
    }
}

/// What everybody writes for long words that complaints are made of.
const ABBREVIATIONS: [(&str, &str); 8] = [
    ("pb", "problem"),
    ("pb", "probleme"),
    ("pbm", "problem"),
    ("pbm", "probleme"),
    ("pblm", "problem"),
    ("pblm", "probleme"),
    ("pbl", "probleme"),
    ("pblem", "probleme"),
];

/// Equal when digits are read as the letters they look like.
fn looks_like(token: &str, word: &str) -> bool {
    fn look(c: char) -> char {
        match c {
            '0' => 'o',
            '1' | 'i' | '|' => 'l',
            '5' => 's',
            '3' => 'e',
            _ => c,
        }
    }
    token.chars().map(look).eq(word.chars().map(look))
}

/// Equal but for letters that came as `?`.
pub(super) fn lost_accents(token: &str, word: &str) -> bool {
    token.contains('?')
        && token.chars().count() == word.chars().count()
        && token.chars().zip(word.chars()).all(|(a, b)| a == b || a == '?')
}

/// The word with each run of one letter written once: `allert` and `alerrt` are `alert`.
pub(super) fn squeeze(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut last = None;
    for c in word.chars().filter(|c| last.replace(*c) != Some(*c)) {
        out.push(c);
    }
    out
}

/// The consonants stand, some or all vowels are gone: `prblm`, `alrt`, `hlp`.
fn vowels_left_out(token: &str, word: &str) -> bool {
    let is_vowel = |c: &char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    let skeleton = |text: &str| -> String { squeeze(text).chars().filter(|c| !is_vowel(c)).collect() };
    let (short, bare) = (squeeze(token), skeleton(word));
    let no_vowel = !short.chars().any(|c| is_vowel(&c));
    let fewer = short.len() < word.len() && is_subsequence(&short, &squeeze(word));
    bare.len() >= 3
        && fewer
        && skeleton(token) == bare
        && (no_vowel || word.len() >= 5 && short.starts_with(&word[..1]))
}

/// Written by ear: the two sound alike in English or French.
fn sounds_like(token: &str, word: &str) -> bool {
    let heard = sound(word);
    heard.chars().count() >= 3 && heard == sound(token)
}

/// Roughly how a word sounds. Only the spellings that people confuse are made one.
fn sound(word: &str) -> String {
    const SPELLINGS: [(&str, &str); 14] = [
        ("ph", "f"),
        ("kw", "k"),
        ("qu", "k"),
        ("ck", "k"),
        ("eau", "o"),
        ("au", "o"),
        ("ai", "e"),
        ("ei", "e"),
        ("ce", "se"),
        ("ci", "si"),
        ("y", "i"),
        ("z", "s"),
        ("q", "k"),
        ("x", "s"),
    ];
    let mut heard = word.to_owned();
    for (written, sound) in SPELLINGS {
        heard = heard.replace(written, sound);
    }
    let heard = squeeze(&heard);
    // Silent at the end of French words.
    heard.trim_end_matches(['e', 't']).to_owned()
}

fn is_subsequence(short: &str, long: &str) -> bool {
    let mut letters = long.chars();
    short.chars().all(|c| letters.any(|other| other == c))
}

/// One pair of neighbours in the wrong order.
fn swapped(token: &str, word: &str) -> bool {
    let mut a: Vec<char> = token.chars().collect();
    let b: Vec<char> = word.chars().collect();
    if a.len() != b.len() {
        return false;
    }
    let Some(at) = (0..a.len()).find(|at| a[*at] != b[*at]).filter(|at| at + 1 < a.len()) else {
        return false;
    };
    a.swap(at, at + 1);
    a == b
}

/// One letter replaced by another of the same key of a keypad phone: `learm`.
fn same_key(token: &str, word: &str) -> bool {
    fn key(c: char) -> u8 {
        match c {
            'a'..='c' => 2,
            'd'..='f' => 3,
            'g'..='i' => 4,
            'j'..='l' => 5,
            'm'..='o' => 6,
            'p'..='s' => 7,
            't'..='v' => 8,
            'w'..='z' => 9,
            _ => 0,
        }
    }
    token.chars().count() == word.chars().count()
        && token.chars().zip(word.chars()).all(|(a, b)| a == b || key(a) != 0 && key(a) == key(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_field() {
        use Nearness::{Close, Far, Same, Typo};
        for (token, word, expected) in [
            ("alert", "alert", Some(Same)),
            ("st0p", "stop", Some(Close)),
            ("qulz", "quiz", Some(Close)),
            ("stooop", "stop", Some(Close)),
            ("allert", "alert", Some(Close)),
            ("arr?t", "arret", Some(Close)),
            ("alrt", "alert", Some(Typo)),
            ("prblm", "problem", Some(Typo)),
            ("hlp", "help", Some(Typo)),
            ("learm", "learn", Some(Typo)),
            ("stpo", "stop", Some(Typo)),
            ("parra", "parar", Some(Typo)),
            ("arette", "arret", Some(Typo)),
            ("kwiz", "quiz", Some(Typo)),
            ("semene", "semaine", Some(Typo)),
            ("sho", "soh", Some(Far)),
            ("pb", "probleme", Some(Typo)),
            ("step", "stop", Some(Far)),
            ("wk", "week", None),
            ("lab", "la", None),
            ("wash", "stop", None),
            ("unstop", "stop", None),
            ("50", "so", None),
        ] {
            assert_eq!(nearness(token, word), expected, "{token} {word}");
        }
    }
}
