//! Names of people: words without titles, particles and middle initials; given and family name apart where that is known.

use super::latin;

/// Most words of a part of a name that are looked at.
pub const WORDS_MAX: usize = 6;

/// Words between names that clerks write or leave out.
const PARTICLES: &[&str] = &[
    "abd", "abu", "al", "ap", "at", "ben", "bin", "bint", "bte", "d", "da", "dal", "das", "de", "del", "della", "den",
    "der", "di", "do", "dos", "du", "e", "el", "ibn", "la", "las", "le", "les", "lo", "los", "of", "ould", "ter",
    "the", "van", "vande", "vd", "von", "y", "zu",
];
/// Titles before a name and what follows one.
const TITLES: &[&str] = &[
    "dr",
    "docteur",
    "doctor",
    "hon",
    "ing",
    "jr",
    "junior",
    "m",
    "madame",
    "me",
    "miss",
    "mlle",
    "mm",
    "mme",
    "monsieur",
    "mr",
    "mrs",
    "ms",
    "mx",
    "nurse",
    "pr",
    "prof",
    "professor",
    "rev",
    "sir",
    "sr",
    "sister",
    "senior",
];

/// A name in comparable words.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Name {
    /// Words of the given name.
    pub given: Vec<String>,
    /// Words of the family name.
    pub family: Vec<String>,
    /// Whether the parts were guessed from a name in one piece.
    pub guessed: bool,
}

/// A name whose parts are known.
///
/// ```
/// use mhero_linkage::normalise::person_name;
///
/// let name = person_name("Dr. Mary K.", "van der Weah-Gaye");
/// assert_eq!((name.given, name.family), (vec!["mary".into()], vec!["weah".into(), "gaye".into()]));
/// ```
pub fn person_name(given: &str, family: &str) -> Name {
    if given.trim().is_empty() && family.trim().contains(' ') {
        return whole_name(family);
    }
    if family.trim().is_empty() && given.trim().contains(' ') {
        return whole_name(given);
    }
    Name { given: words(given), family: words(family), guessed: false }
}

/// A name in one piece. A comma ends the family name; else a word in capitals among others is the family name; else the last word,
/// as a guess.
///
/// ```
/// use mhero_linkage::normalise::whole_name;
///
/// let name = whole_name("KOLLIE, Martha");
/// assert_eq!((name.given, name.family, name.guessed), (vec!["martha".into()], vec!["kollie".into()], false));
/// assert_eq!(whole_name("Martha Kollie").family, ["kollie"]);
/// ```
pub fn whole_name(text: &str) -> Name {
    if let Some((family, given)) = text.split_once(',') {
        return Name { given: words(given), family: words(family), guessed: false };
    }
    let is_capital = |word: &&str| {
        word.chars().count() > 1 && word.chars().all(|c| !c.is_lowercase()) && word.chars().any(char::is_uppercase)
    };
    let (capitals, others): (Vec<&str>, Vec<&str>) = text.split_whitespace().partition(is_capital);
    if !capitals.is_empty() && others.iter().any(|word| word.chars().count() > 1) {
        let (given, family) = (words(&others.join(" ")), words(&capitals.join(" ")));
        return Name { given, family, guessed: true };
    }
    let mut given = words(text);
    let family = if given.len() > 1 { given.pop().into_iter().collect() } else { Vec::new() };
    Name { given, family, guessed: true }
}

/// Comparable words of a part of a name. What would leave nothing stays: someone called "Van" keeps the name.
fn words(part: &str) -> Vec<String> {
    let latin = latin(part);
    let all: Vec<&str> =
        latin.split(' ').filter(|word| !word.is_empty() && !word.bytes().all(|b| b.is_ascii_digit())).collect();
    let mut kept = without(&all, |word| TITLES.contains(&word));
    kept = without(&kept, |word| PARTICLES.contains(&word));
    kept = without(&kept, |word| word.len() == 1);
    kept.truncate(WORDS_MAX);
    kept.into_iter().map(str::to_owned).collect()
}

/// Leaves out those words, unless nothing would be left.
fn without<'a>(words: &[&'a str], out: impl Fn(&str) -> bool) -> Vec<&'a str> {
    let kept: Vec<&str> = words.iter().copied().filter(|word| !out(word)).collect();
    if kept.is_empty() { words.to_vec() } else { kept }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn someone_may_be_called_like_a_particle_or_a_letter() {
        assert_eq!(person_name("Al", "Van").given, ["al"]);
        assert_eq!(person_name("M.", "Kollie").given, ["m"]);
    }

    #[test]
    fn capitals_are_the_family_name() {
        let name = whole_name("KOLLIE Martha");
        assert_eq!((name.given, name.family), (vec!["martha".to_owned()], vec!["kollie".to_owned()]));
        let name = whole_name("MARTHA KOLLIE");
        assert_eq!((name.given, name.family), (vec!["martha".to_owned()], vec!["kollie".to_owned()]));
    }

    #[test]
    fn one_field_may_hold_both_parts() {
        assert_eq!(person_name("", "Martha Kollie").given, ["martha"]);
    }

    #[test]
    fn nothing_and_far_too_much_are_names_too() {
        assert_eq!(person_name("", ""), Name { guessed: false, ..Name::default() });
        assert!(whole_name(&"Ba ".repeat(300)).given.len() <= WORDS_MAX);
        assert_eq!(whole_name("12345"), Name { guessed: true, ..Name::default() });
    }
}
