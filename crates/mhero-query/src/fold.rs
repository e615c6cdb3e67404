//! Texts as they are compared: without case, accents and the fine points of typography.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;

/// How much of a word of a name is compared by `~`, in characters; RapidPro's rule.
pub const NAME_TOKEN_CHARS: usize = 8;

/// A text without case and accents, runs of white space as one space, trimmed. Folding twice changes nothing.
///
/// ```
/// use mhero_query::fold;
/// assert_eq!(fold("  Sœur  ÉLODIE Ngɔɔ "), "soeur elodie ngoo");
/// assert_eq!(fold("N’Zérékoré"), "n'zerekore");
/// ```
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        // Nothing falls apart, and this is nearly every text.
        return collapsed(text.chars().map(|c| c.to_ascii_lowercase()), text.len());
    }
    // Lower case first and last: some capitals fall apart only once they are small, some marks only after that.
    let small = text.chars().flat_map(char::to_lowercase);
    collapsed(small.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase), text.len())
}

/// Small letters with their plain spelling, and one space for any white space between.
fn collapsed(letters: impl Iterator<Item = char>, length: usize) -> String {
    let mut out = String::with_capacity(length);
    let mut gap = false;
    for c in letters {
        if c.is_whitespace() || c == '\u{200b}' {
            gap = true;
            continue;
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        push_plain(c, &mut out);
    }
    out
}

/// Letters that Unicode does not take apart, and that people type without.
fn push_plain(c: char, out: &mut String) {
    match c {
        'œ' => out.push_str("oe"),
        'æ' => out.push_str("ae"),
        'ß' => out.push_str("ss"),
        'ø' | 'ɔ' => out.push('o'),
        'ł' => out.push('l'),
        'đ' | 'ɖ' | 'ɗ' => out.push('d'),
        'ɓ' => out.push('b'),
        'ɛ' => out.push('e'),
        'ɣ' => out.push('g'),
        'ŋ' => out.push('n'),
        'ʋ' => out.push('v'),
        '’' | '‘' | 'ʼ' | '´' | '`' | 'ꞌ' => out.push('\''),
        '‐' | '‑' | '–' | '—' => out.push('-'),
        other => out.push(other),
    }
}

/// The words of a name, folded, by the word rules of Unicode (UAX 29): apostrophes stay inside a word, hyphens part words.
///
/// ```
/// assert_eq!(mhero_query::name_tokens("Marie-Noëlle O'Shea"), ["marie", "noelle", "o'shea"]);
/// ```
pub fn name_tokens(name: &str) -> Vec<String> {
    fold(name).unicode_words().map(str::to_owned).collect()
}

/// A name as the store keeps it for search: its [`name_tokens`] with one space between; the folded text itself where there
/// are none. `name =` compares this key, `name ~` looks for beginnings of words in it.
pub fn name_key(name: &str) -> String {
    let folded = fold(name);
    let words: Vec<&str> = folded.unicode_words().collect();
    if words.is_empty() { folded } else { words.join(" ") }
}

/// A text as a key of a field or course: small letters, digits, single underscores.
///
/// ```
/// assert_eq!(mhero_query::key("Santé – Hygiène 2"), "sante_hygiene_2");
/// ```
pub fn key(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in fold(text).chars() {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
    }
    out.truncate(out.trim_end_matches('_').len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_fold_to_what_people_type() {
        for (name, folded) in [
            ("Côte d’Ivoire", "cote d'ivoire"),
            ("KÉBÉ\u{a0}Aïssatou", "kebe aissatou"),
            ("İstanbul", "istanbul"),
            ("Ɔla Ŋwana", "ola nwana"),
            ("محمّد", "محمد"),
            ("", ""),
        ] {
            assert_eq!(fold(name), folded, "{name}");
        }
    }

    #[test]
    fn a_name_without_words_keeps_its_signs() {
        assert_eq!(name_key(" ?? "), "??");
        assert_eq!(name_key("Ben  HAGGERTY."), "ben haggerty");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn a_key_is_its_own_key(text in any::<String>()) {
            let once = key(&text);
            prop_assert_eq!(key(&once), once);
        }
    }
}
