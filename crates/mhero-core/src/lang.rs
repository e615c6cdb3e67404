//! Languages: ISO 639-3 inside, BCP 47 at FHIR and HTTP.

use std::{collections::BTreeMap, fmt, str::FromStr};

/// An ISO 639-3 code, e.g. `eng`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lang([u8; 3]);

/// A language code that is neither ISO 639-3 nor a two-letter code that we know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code:?} is no language code: use three letters such as eng or fra")]
pub struct LangError {
    /// What was given.
    pub code: String,
}

/// Two-letter codes (ISO 639-1) of the languages of the field, with their ISO 639-3 code.
const TWO_LETTERS: &[(&str, Lang)] = &[
    ("en", Lang::ENGLISH),
    ("fr", Lang::FRENCH),
    ("pt", Lang::PORTUGUESE),
    ("ar", Lang::ARABIC),
    ("sw", Lang(*b"swa")),
    ("es", Lang(*b"spa")),
    ("am", Lang(*b"amh")),
    ("om", Lang(*b"orm")),
    ("so", Lang(*b"som")),
    ("ha", Lang(*b"hau")),
    ("yo", Lang(*b"yor")),
    ("ig", Lang(*b"ibo")),
    ("ff", Lang(*b"ful")),
    ("wo", Lang(*b"wol")),
    ("bm", Lang(*b"bam")),
    ("ln", Lang(*b"lin")),
    ("rw", Lang(*b"kin")),
    ("rn", Lang(*b"run")),
    ("mg", Lang(*b"mlg")),
    ("ny", Lang(*b"nya")),
    ("sn", Lang(*b"sna")),
    ("zu", Lang(*b"zul")),
    ("xh", Lang(*b"xho")),
    ("lg", Lang(*b"lug")),
    ("ti", Lang(*b"tir")),
];

impl Lang {
    /// English.
    pub const ENGLISH: Self = Self(*b"eng");
    /// French.
    pub const FRENCH: Self = Self(*b"fra");
    /// Portuguese.
    pub const PORTUGUESE: Self = Self(*b"por");
    /// Arabic.
    pub const ARABIC: Self = Self(*b"ara");

    /// The three letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("und")
    }

    /// The shortest BCP 47 tag: `en` for `eng`, `kpe` for `kpe`.
    pub fn bcp47(&self) -> &str {
        TWO_LETTERS.iter().find(|(_, lang)| lang == self).map_or_else(|| self.as_str(), |(two, _)| two)
    }

    /// Whether ISO 639-3 has this code: `eng`, `kpe` and `und`, but not `vvv`.
    pub fn is_registered(&self) -> bool {
        crate::lang_codes::is_registered(self.0)
    }

    /// Whether the language is written from right to left.
    pub fn is_right_to_left(&self) -> bool {
        *self == Self::ARABIC
    }
}

impl FromStr for Lang {
    type Err = LangError;

    /// Accepts `fra`, `fr`, `fr-LR` and `FR_fr`.
    fn from_str(text: &str) -> Result<Self, LangError> {
        let refused = || LangError { code: text.chars().take(40).collect() };
        let code = text.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        match code.as_bytes() {
            [a, b, c] if code.bytes().all(|x| x.is_ascii_lowercase()) => Ok(match code.as_str() {
                "fre" => Self::FRENCH,
                _ => Self([*a, *b, *c]),
            }),
            [_, _] => TWO_LETTERS.iter().find(|(two, _)| *two == code).map(|(_, l)| *l).ok_or_else(refused),
            _ => Err(refused()),
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lang({self})")
    }
}

impl serde::Serialize for Lang {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for Lang {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A name by language: fields, cadres, places, groups and products have these. JSON: `{"eng":"Nurse"}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct LangMap(BTreeMap<Lang, String>);

impl LangMap {
    /// A map with one name.
    pub fn one(lang: Lang, name: impl Into<String>) -> Self {
        Self(BTreeMap::from([(lang, name.into())]))
    }

    /// Adds or replaces the name in one language.
    pub fn insert(&mut self, lang: Lang, name: impl Into<String>) {
        self.0.insert(lang, name.into());
    }

    /// The name in exactly this language.
    pub fn get(&self, lang: Lang) -> Option<&str> {
        self.0.get(&lang).map(String::as_str)
    }

    /// The best name for a reader: this language, else English, else the first there is, else nothing.
    pub fn best(&self, lang: Lang) -> &str {
        self.get(lang)
            .or_else(|| self.get(Lang::ENGLISH))
            .or_else(|| self.0.values().next().map(String::as_str))
            .unwrap_or_default()
    }

    /// All names with their language.
    pub fn iter(&self) -> impl Iterator<Item = (Lang, &str)> {
        self.0.iter().map(|(lang, name)| (*lang, name.as_str()))
    }

    /// Whether there is no name at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_the_field_are_read() {
        for (text, code, tag) in
            [("fr", "fra", "fr"), ("EN_us", "eng", "en"), ("fre", "fra", "fr"), ("kpe", "kpe", "kpe")]
        {
            let lang: Lang = text.parse().expect(text);
            assert_eq!((lang.as_str(), lang.bcp47()), (code, tag));
        }
        assert!("français".parse::<Lang>().is_err());
        assert!("".parse::<Lang>().is_err());
    }

    #[test]
    fn a_name_falls_back_to_english_then_to_any() {
        let mut names = LangMap::one(Lang::FRENCH, "Sage-femme");
        assert_eq!(names.best(Lang::ARABIC), "Sage-femme");
        names.insert(Lang::ENGLISH, "Midwife");
        assert_eq!(names.best(Lang::ARABIC), "Midwife");
        assert_eq!(names.best(Lang::FRENCH), "Sage-femme");
    }
}
