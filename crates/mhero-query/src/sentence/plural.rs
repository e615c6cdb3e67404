//! Many of a cadre: registries give the name of one.

use mhero_core::{Lang, LangMap};

/// The plural in the reader's language, else in a language that there is. `None` for names that are no plain words.
pub(super) fn of(names: &LangMap, lang: Lang) -> Option<String> {
    let (lang, name) =
        [lang, Lang::ENGLISH, Lang::FRENCH].into_iter().find_map(|l| names.get(l).map(|name| (l, name)))?;
    let odd = |c: char| !(c.is_alphabetic() || c.is_whitespace() || matches!(c, '-' | '\'' | '’'));
    if name.trim().is_empty() || name.contains(odd) {
        return None;
    }
    let words: Vec<&str> = name.split_whitespace().collect();
    Some(if lang == Lang::FRENCH { french(&words) } else { english(&words) })
}

/// Words after which a noun's complement begins.
const ENGLISH_LINKS: &[&str] = &["of", "in", "for", "with", "to", "on", "at"];
const FRENCH_LINKS: &[&str] = &["de", "du", "des", "en", "à", "au", "aux", "pour", "sans", "chez", "et"];

/// Whether a word is written in capitals and stays so: CHW, EPI.
fn is_acronym(word: &str) -> bool {
    word.chars().count() > 1 && word.chars().all(char::is_uppercase)
}

fn small(word: &str) -> String {
    if is_acronym(word) { word.to_owned() } else { word.to_lowercase() }
}

fn english(words: &[&str]) -> String {
    let is_link = |word: &&str| ENGLISH_LINKS.contains(&word.to_lowercase().as_str());
    let noun = words.iter().skip(1).position(is_link).unwrap_or(words.len() - 1);
    let said = words.iter().enumerate().map(|(at, word)| match small(word) {
        word if at == noun => english_word(&word),
        word => word,
    });
    said.collect::<Vec<_>>().join(" ")
}

fn english_word(word: &str) -> String {
    let vowel_before_y = ["ay", "ey", "oy", "uy"].iter().any(|end| word.ends_with(end));
    let cut = |letters: usize, ending: &str| format!("{}{ending}", &word[..word.len() - letters]);
    match word {
        "staff" | "personnel" => word.to_owned(),
        _ if word.ends_with("wife") => cut(2, "ves"),
        _ if word.ends_with("man") => cut(2, "en"),
        _ if word.ends_with('y') && !vowel_before_y => cut(1, "ies"),
        _ if ["ss", "x", "z", "ch", "sh"].iter().any(|end| word.ends_with(end)) => format!("{word}es"),
        _ if word.ends_with('s') => word.to_owned(),
        _ => format!("{word}s"),
    }
}

fn french(words: &[&str]) -> String {
    let mut linked = false;
    let said = words.iter().map(|word| {
        let plain = word.to_lowercase();
        linked |= FRENCH_LINKS.contains(&plain.as_str()) || plain.starts_with("d’") || plain.starts_with("d'");
        match linked {
            true => (*word).replace('\'', "’"),
            false => small(word).split('-').map(french_word).collect::<Vec<_>>().join("-"),
        }
    });
    said.collect::<Vec<_>>().join(" ")
}

fn french_word(word: &str) -> String {
    let ends = |endings: &[&str]| endings.iter().any(|end| word.ends_with(end));
    match word {
        "sous" | "vice" | "non" => word.to_owned(),
        _ if is_acronym(word) || ends(&["s", "x", "z"]) => word.to_owned(),
        _ if ends(&["al"]) => format!("{}aux", &word[..word.len() - 2]),
        _ if ends(&["eau", "eu"]) => format!("{word}x"),
        _ => format!("{word}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cadres_of_the_field_have_their_plural() {
        for (lang, one, many) in [
            (Lang::ENGLISH, "Midwife", "midwives"),
            (Lang::ENGLISH, "Nurse", "nurses"),
            (Lang::ENGLISH, "Community Health Worker", "community health workers"),
            (Lang::ENGLISH, "Officer in Charge", "officers in charge"),
            (Lang::ENGLISH, "Nurses", "nurses"),
            (Lang::ENGLISH, "Laboratory", "laboratories"),
            (Lang::ENGLISH, "CHW", "CHWs"),
            (Lang::FRENCH, "Sage-femme", "sages-femmes"),
            (Lang::FRENCH, "Infirmier", "infirmiers"),
            (Lang::FRENCH, "Infirmier d'État", "infirmiers d’État"),
            (Lang::FRENCH, "Agent de santé communautaire", "agents de santé communautaire"),
            (Lang::FRENCH, "Aide-soignant", "aides-soignants"),
            (Lang::FRENCH, "Assistant médical", "assistants médicaux"),
            (Lang::FRENCH, "ASC", "ASC"),
        ] {
            assert_eq!(of(&LangMap::one(lang, one), lang).as_deref(), Some(many), "{one}");
        }
        assert_eq!(of(&LangMap::one(Lang::ENGLISH, "Nurse (grade 2)"), Lang::ENGLISH), None);
        assert_eq!(of(&LangMap::one(Lang::ENGLISH, "Midwife"), Lang::FRENCH).as_deref(), Some("midwives"));
    }
}
