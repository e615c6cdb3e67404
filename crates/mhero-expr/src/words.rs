//! Splits a text into words.

use std::sync::LazyLock;

use regex::Regex;

/// Letters, digits, underscores and apostrophes make words; each symbol, emoji and currency sign is one of its own.
static WORD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[\p{L}\p{N}_'][\p{L}\p{N}\p{M}_']*|\p{S}\p{M}*").expect("the pattern is a constant that a test reads")
});

/// The words of a text, and the byte where each starts.
pub(crate) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    WORD.find_iter(text).map(|word| (word.start(), word.as_str()))
}

/// The pieces of a text between any of these letters, without empty ones. No letters mean words.
pub(crate) fn split<'a>(text: &'a str, delimiters: &str) -> Vec<&'a str> {
    if delimiters.is_empty() {
        return words(text).map(|(_, word)| word).collect();
    }
    text.split(|c| delimiters.contains(c)).filter(|piece| !piece.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_apostrophes_and_symbols_stand_alone() {
        assert_eq!(
            split("O'Grady can't, foo_bar+1€😀😀 ጥሩ", ""),
            ["O'Grady", "can't", "foo_bar", "+", "1", "€", "😀", "😀", "ጥሩ"]
        );
        assert_eq!(split("a, b,,c", ","), ["a", " b", "c"]);
    }
}
