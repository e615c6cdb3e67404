//! A text as the engine sees it: words without case and accents, each with its place in what was received.

use mhero_core::limits::INBOUND_CHARS_MAX;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Most words that are looked at; what follows is kept in the text but not read for commands.
const TOKENS_MAX: usize = 400;

/// One word.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Folded: small letters, no accents, digits in ASCII.
    pub(super) text: String,
    /// First byte in [`Text::source`].
    pub(super) start: usize,
    /// Byte after the last.
    pub(super) end: usize,
    /// Whether every letter of it is a capital, and there is one.
    pub(super) caps: bool,
}

impl Token {
    /// Whether it is digits only.
    pub(super) fn is_number(&self) -> bool {
        self.text.bytes().all(|b| b.is_ascii_digit())
    }
}

/// A received text, composed (NFC), with its words.
pub(super) struct Text {
    /// What was received, composed and cut at the limit of inbound texts.
    pub(super) source: String,
    /// Its words.
    pub(super) tokens: Vec<Token>,
}

impl Text {
    pub(super) fn read(received: &str) -> Self {
        let source: String = received.nfc().take(INBOUND_CHARS_MAX).collect();
        let tokens = tokens(&source);
        Self { source, tokens }
    }

    /// What stands between a word and the one before it (or the beginning).
    pub(super) fn gap_before(&self, index: usize) -> &str {
        let from = index.checked_sub(1).and_then(|before| self.tokens.get(before)).map_or(0, |before| before.end);
        let to = self.tokens.get(index).map_or(self.source.len(), |token| token.start);
        &self.source[from..to]
    }

    /// Whether a word begins a clause: the first one, or one after a full stop, colon, comma, line end and the like.
    pub(super) fn opens_clause(&self, index: usize) -> bool {
        index == 0
            || self.gap_before(index).contains(['.', ',', ';', ':', '!', '?', '\n', '،', '؛', '؟', '-', '–', '='])
    }

    /// Whether a sentence ends before a word.
    pub(super) fn opens_sentence(&self, index: usize) -> bool {
        index == 0 || self.gap_before(index).contains(['.', '!', '?', ';', '\n', '؟', '؛'])
    }

    /// The received text from a word to the end, without the separators around it.
    pub(super) fn rest_from(&self, index: usize) -> &str {
        self.tokens.get(index).map_or("", |token| trim(&self.source[token.start..]))
    }

    /// Whether the text ends as a question.
    pub(super) fn is_question(&self) -> bool {
        self.source.trim_end().ends_with(['?', '؟'])
    }

    /// Whether it asks something: by its sign or by its first word.
    pub(super) fn asks(&self) -> bool {
        const WORDS: [&str; 20] = [
            "what", "why", "when", "who", "where", "how", "which", "is", "are", "can", "quoi", "pourquoi", "quand",
            "qui", "comment", "quel", "quelle", "que", "combien", "est",
        ];
        self.is_question() || self.tokens.first().is_some_and(|first| WORDS.contains(&first.text.as_str()))
    }

    /// Whether it shouts as a whole, so that capitals say nothing about a single word.
    pub(super) fn is_all_caps(&self) -> bool {
        let mut letters = self.tokens.iter().filter(|token| token.text.chars().any(char::is_alphabetic));
        letters.clone().count() > 1 && letters.all(|token| token.caps)
    }
}

/// Drops separators that people put around a part: `: zi 40.` is `zi 40`.
pub(super) fn trim(part: &str) -> &str {
    let separator =
        |c: char| c.is_whitespace() || matches!(c, ':' | '=' | ',' | ';' | '.' | '!' | '-' | '–' | '/' | '#' | '،');
    part.trim_start_matches(separator)
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '!' | ',' | ';' | '،'))
}

/// A word without case and accents; Arabic letters by their plain form.
pub(super) fn fold(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'œ' => out.push_str("oe"),
            'æ' => out.push_str("ae"),
            'ß' => out.push_str("ss"),
            'ø' => out.push('o'),
            'ı' => out.push('i'),
            // Alef wasla, taa marbuta, alef maqsura and Farsi forms are written for one another; the tatweel only stretches.
            'ٱ' => out.push('ا'),
            'ة' => out.push('ه'),
            'ى' | 'ی' => out.push('ي'),
            'ک' => out.push('ك'),
            'ـ' => {}
            '٠'..='٩' => out.extend(char::from_digit(u32::from(c) - u32::from('٠'), 10)),
            '\u{fffd}' => out.push('?'),
            // Lower-casing can yield marks of its own (İ).
            _ if is_combining_mark(c) => {}
            _ => out.push(c),
        }
    }
    out
}

fn tokens(source: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut start = None;
    let letters: Vec<(usize, char)> = source.char_indices().collect();
    for (at, (offset, c)) in letters.iter().enumerate() {
        let inside = is_word(*c) || start.is_some_and(|from| joins(&letters, at, &source[from..*offset]));
        match (inside, start) {
            (true, None) => start = Some(*offset),
            (false, Some(from)) => {
                found.push(token(source, from, *offset));
                start = None;
            }
            _ => {}
        }
        if found.len() == TOKENS_MAX {
            return found;
        }
    }
    found.extend(start.map(|from| token(source, from, source.len())));
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c) || c == '\u{fffd}'
}

/// Whether a sign belongs to the word that it stands in: the apostrophe of `don't` (but not that of `n'arrêtez`), and a question mark
/// that a network put in the place of an accent (`arr?t`).
fn joins(letters: &[(usize, char)], at: usize, before: &str) -> bool {
    /// Words that French shortens before a vowel; what follows the apostrophe is a word by itself.
    const ELIDED: [&str; 14] =
        ["c", "d", "j", "l", "m", "n", "s", "t", "y", "qu", "jusqu", "lorsqu", "puisqu", "quelqu"];
    let next_is_letter = letters.get(at + 1).is_some_and(|(_, next)| next.is_alphabetic());
    match letters[at].1 {
        '\'' | '’' | '‘' | 'ʼ' | '`' | '´' => next_is_letter && !ELIDED.contains(&fold(before).as_str()),
        '?' => {
            let after = letters[at + 1..].iter().take_while(|(_, c)| c.is_alphabetic() || *c == '?').count();
            next_is_letter
                && before.chars().all(|c| c.is_alphabetic() || c == '?')
                && before.chars().count() + after >= 3
        }
        _ => false,
    }
}

fn token(source: &str, start: usize, end: usize) -> Token {
    let raw = &source[start..end];
    let folded = fold(&raw.replace(['\'', '’', '‘', 'ʼ', '`', '´'], ""));
    let caps = raw.chars().any(char::is_uppercase) && !raw.chars().any(char::is_lowercase);
    Token { text: folded, start, end, caps }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        Text::read(text).tokens.into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn words_lose_case_accents_and_punctuation() {
        assert_eq!(words("  ARRÊT, svp!"), ["arret", "svp"]);
        assert_eq!(words("n'arrêtez pas"), ["n", "arretez", "pas"]);
        assert_eq!(words("I don’t, I'm"), ["i", "dont", "im"]);
        assert_eq!(words("arr?t"), ["arr?t"]);
        assert_eq!(words("who are u?i am"), ["who", "are", "u", "i", "am"]);
        assert_eq!(words("ابدأ مساعدة"), ["ابدا", "مساعده"]);
        assert_eq!(words("SŒUR.3ans"), ["soeur", "3ans"]);
    }

    #[test]
    fn the_rest_is_cut_out_of_what_was_received() {
        let text = Text::read("STK=zi 40, or 12.");
        assert_eq!(text.rest_from(1), "zi 40, or 12");
        assert!(text.opens_clause(1) && !text.opens_sentence(1));
    }
}
