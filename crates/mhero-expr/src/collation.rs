//! Which words are the same although they are written in other letters.

use unicode_normalization::UnicodeNormalization;

/// How the tests of routers compare words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Collation {
    /// Letter case does not count.
    #[default]
    Default,
    /// Nor do letters of other alphabets that look the same, by the skeletons of Unicode's technical standard 39.
    Confusables,
    /// Nor do the Arabic and the Persian forms of one letter or digit.
    ArabicVariants,
}

impl Collation {
    /// The collation by its RapidPro name, e.g. `arabic_variants`.
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Default, Self::Confusables, Self::ArabicVariants].into_iter().find(|c| c.name() == name)
    }

    /// The RapidPro name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Confusables => "confusables",
            Self::ArabicVariants => "arabic_variants",
        }
    }

    /// What a text has in common with all that are the same: `abcd` for `AbcD`.
    pub fn key(self, text: &str) -> String {
        let small = text.to_lowercase();
        match self {
            Self::Default => small,
            Self::Confusables => unicode_security::skeleton(&small).map(simpler).collect::<String>().to_lowercase(),
            Self::ArabicVariants => small.nfc().flat_map(plain_form).map(persian).collect(),
        }
    }

    /// Whether two texts are the same.
    pub fn same(self, a: &str, b: &str) -> bool {
        a == b || self.key(a) == self.key(b)
    }
}

/// The Latin letter that a skeleton stops short of: kappas become kra, which nobody types.
const fn simpler(c: char) -> char {
    match c {
        'ĸ' => 'k',
        other => other,
    }
}

/// The letters of a form that a font chose by the neighbours; other letters as they are.
fn plain_form(c: char) -> Vec<char> {
    match c {
        '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' => std::iter::once(c).nfkd().nfc().collect(),
        other => vec![other],
    }
}

fn persian(c: char) -> char {
    match c {
        '\u{660}'..='\u{669}' => char::from_u32(u32::from(c) - 0x660 + 0x6f0).unwrap_or(c),
        'ى' | 'ي' | 'ې' | 'ۍ' => 'ی',
        'ك' | 'ڪ' => 'ک',
        'آ' | 'أ' | 'إ' | 'ٱ' => 'ا',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_collation_has_its_same_words() {
        for (collation, a, b, same) in [
            (Collation::Default, "Yes", "yES", true),
            (Collation::Default, "بلى", "بلی", false),
            (Collation::ArabicVariants, "بلى", "بلي", true),
            (Collation::ArabicVariants, "ﻛاف", "كاف", true),
            (Collation::ArabicVariants, "٤", "۴", true),
            (Collation::Confusables, "𝕪es", "YES", true),
            (Collation::Confusables, "yes", "no", false),
        ] {
            assert_eq!(collation.same(a, b), same, "{a} {b}");
            assert_eq!(Collation::of_name(collation.name()), Some(collation));
        }
    }
}
