//! Names made comparable.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Words in column names that carry no meaning, in English and French.
const FILLERS: [&str; 17] =
    ["de", "du", "des", "d", "la", "le", "les", "l", "the", "of", "s", "no", "number", "num", "numero", "nr", "n"];

/// A text without case, accents and punctuation, its words one space apart: `Prénom(s)` and `PRENOM S` are both `prenom s`.
pub fn fold(text: &str) -> String {
    let mut folded = String::new();
    for c in text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            c if c.is_alphanumeric() => folded.push(c),
            _ if !folded.is_empty() && !folded.ends_with(' ') => folded.push(' '),
            _ => {}
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// A column name as the list of known names has it: folded, `phoneNumber` taken apart, fillers left out.
pub(super) fn fold_name(name: &str) -> String {
    let mut apart = String::new();
    let mut before = ' ';
    for c in name.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            apart.push(' ');
        }
        apart.push(c);
        before = c;
    }
    // "Prénom(s)" has an ending in brackets, not a word.
    let folded = fold(&apart.replace("(s)", "s"));
    let words: Vec<&str> = folded.split(' ').filter(|word| !FILLERS.contains(word)).collect();
    if words.is_empty() { folded } else { words.join(" ") }
}
