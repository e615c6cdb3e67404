//! Languages by their names, as officials write them and as sentences say them.

use mhero_core::Lang;

use crate::fold;

/// Code, English and French name of the languages of the field.
const NAMES: &[(&str, &str, &str)] = &[
    ("eng", "English", "anglais"),
    ("fra", "French", "français"),
    ("por", "Portuguese", "portugais"),
    ("ara", "Arabic", "arabe"),
    ("spa", "Spanish", "espagnol"),
    ("swa", "Swahili", "swahili"),
    ("amh", "Amharic", "amharique"),
    ("orm", "Oromo", "oromo"),
    ("som", "Somali", "somali"),
    ("hau", "Hausa", "haoussa"),
    ("yor", "Yoruba", "yoruba"),
    ("ibo", "Igbo", "igbo"),
    ("ful", "Fula", "peul"),
    ("wol", "Wolof", "wolof"),
    ("bam", "Bambara", "bambara"),
    ("lin", "Lingala", "lingala"),
    ("kin", "Kinyarwanda", "kinyarwanda"),
    ("run", "Kirundi", "kirundi"),
    ("mlg", "Malagasy", "malgache"),
    ("nya", "Chichewa", "chichewa"),
    ("lug", "Luganda", "luganda"),
    ("kpe", "Kpelle", "kpellé"),
    ("bsq", "Bassa", "bassa"),
    ("vai", "Vai", "vaï"),
    ("men", "Mende", "mendé"),
    ("tem", "Temne", "temné"),
    ("kri", "Krio", "krio"),
    ("lir", "Liberian English", "anglais du Libéria"),
    ("sus", "Susu", "soussou"),
    ("man", "Manding", "mandingue"),
];

/// The language of a name in English or French.
pub(crate) fn by_name(text: &str) -> Option<Lang> {
    let wanted = fold(text);
    let found = NAMES.iter().find(|(_, english, french)| fold(english) == wanted || fold(french) == wanted)?;
    found.0.parse().ok()
}

/// The English name of a language, or its code where we know none.
pub(crate) fn english(lang: Lang) -> String {
    known(lang).map_or_else(|| lang.to_string(), |(_, english, _)| (*english).to_owned())
}

/// The French name of a language, or its code where we know none.
pub(crate) fn french(lang: Lang) -> String {
    known(lang).map_or_else(|| lang.to_string(), |(_, _, french)| (*french).to_owned())
}

fn known(lang: Lang) -> Option<&'static (&'static str, &'static str, &'static str)> {
    NAMES.iter().find(|(code, _, _)| *code == lang.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_a_language() {
        for (code, english, french) in NAMES {
            let lang: Lang = code.parse().expect(code);
            assert_eq!(by_name(english), Some(lang));
            assert_eq!(by_name(&french.to_uppercase()), Some(lang));
        }
        assert_eq!(by_name("fra"), None);
    }
}
