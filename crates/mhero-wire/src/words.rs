//! Words that people write into cells and elements where a code is meant: languages, sexes, yes and no.
//!
//! English and French, with and without accents, as seen in staff lists. A word that is not listed is nobody's guess: the
//! caller warns.

use mhero_core::Lang;

/// Longest key of a field, in characters, as RapidPro has it.
const FIELD_KEY_MAX: usize = 36;

/// Names of languages in English, in French and in themselves, small letters.
const LANGUAGES: &[(&str, &str)] = &[
    ("english", "eng"),
    ("anglais", "eng"),
    ("french", "fra"),
    ("français", "fra"),
    ("francais", "fra"),
    ("portuguese", "por"),
    ("portugais", "por"),
    ("português", "por"),
    ("portugues", "por"),
    ("arabic", "ara"),
    ("arabe", "ara"),
    ("العربية", "ara"),
    ("swahili", "swa"),
    ("kiswahili", "swa"),
    ("spanish", "spa"),
    ("espagnol", "spa"),
    ("kpelle", "kpe"),
    ("guerzé", "kpe"),
    ("guerze", "kpe"),
    ("bassa", "bsq"),
    ("vai", "vai"),
    ("krio", "kri"),
    ("mende", "men"),
    ("mendé", "men"),
    ("temne", "tem"),
    ("timne", "tem"),
    ("kissi", "kss"),
    ("loma", "lom"),
    ("mano", "mev"),
    ("dan", "dnj"),
    ("gio", "dnj"),
    ("susu", "sus"),
    ("soussou", "sus"),
    ("fula", "ful"),
    ("fulani", "ful"),
    ("peul", "ful"),
    ("pular", "ful"),
    ("pulaar", "ful"),
    ("malinke", "man"),
    ("malinké", "man"),
    ("maninka", "man"),
    ("mandinka", "mnk"),
    ("bambara", "bam"),
    ("wolof", "wol"),
    ("hausa", "hau"),
    ("haoussa", "hau"),
    ("yoruba", "yor"),
    ("igbo", "ibo"),
    ("lingala", "lin"),
    ("kinyarwanda", "kin"),
    ("kirundi", "run"),
    ("amharic", "amh"),
    ("amharique", "amh"),
    ("oromo", "orm"),
    ("somali", "som"),
    ("malagasy", "mlg"),
    ("malgache", "mlg"),
    ("chichewa", "nya"),
    ("luganda", "lug"),
];

/// The language of a code (`fr`, `fra`, `fr-LR`) or a name (`French`, `Français`, `anglais`). `None` when it is neither.
///
/// ```
/// assert_eq!(mhero_wire::words::language(" Français "), Some(mhero_core::Lang::FRENCH));
/// assert_eq!(mhero_wire::words::language("the usual"), None);
/// ```
pub fn language(text: &str) -> Option<Lang> {
    let small = text.trim().to_lowercase();
    let named = LANGUAGES.iter().find(|(name, _)| *name == small).map(|(_, code)| *code);
    // The list comes first: "dan" and "vai" are names here, and names are never longer than codes by accident.
    named.unwrap_or(&small).parse().ok()
}

/// The sex that a code or word names, as FHIR spells it: `female`, `male`, `other`, `unknown`. `None` for anything else.
pub fn sex(text: &str) -> Option<&'static str> {
    match text.trim().to_lowercase().as_str() {
        "female" | "f" | "woman" | "feminin" | "féminin" | "femme" | "fille" => Some("female"),
        "male" | "m" | "man" | "masculin" | "homme" | "h" | "garçon" => Some("male"),
        "other" | "o" | "autre" => Some("other"),
        "unknown" | "u" | "inconnu" | "inconnue" | "not stated" => Some("unknown"),
        _ => None,
    }
}

/// Whether a word says that somebody or something is in service. `None` for words that say neither.
pub fn in_service(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "active" | "actif" | "active duty" | "yes" | "y" | "oui" | "o" | "true" | "vrai" | "1" | "current"
        | "en poste" | "en service" | "employed" | "on leave" | "en congé" | "en conge" | "open" | "ouvert" => {
            Some(true)
        }
        "inactive" | "inactif" | "inactive staff" | "no" | "n" | "non" | "false" | "faux" | "0" | "left"
        | "departed" | "parti" | "partie" | "retired" | "retraité" | "retraite" | "retraitée" | "resigned"
        | "démissionnaire" | "deceased" | "dead" | "décédé" | "decede" | "décédée" | "terminated" | "closed"
        | "fermé" | "ferme" => Some(false),
        _ => None,
    }
}

/// Attributes of the audience language; a field of such a name could never be asked for.
const RESERVED: [&str; 31] = [
    "id",
    "uuid",
    "name",
    "language",
    "urn",
    "tel",
    "phone",
    "group",
    "groups",
    "cadre",
    "job",
    "facility",
    "place",
    "district",
    "training",
    "sex",
    "birth",
    "status",
    "created_on",
    "last_seen_on",
    "sent",
    "delivered",
    "answered",
    "since",
    "flow",
    "history",
    "tickets",
    "and",
    "or",
    "not",
    "contact",
];

/// The key under which the audience language finds a field that a source calls so: small letters, digits, underscores, a
/// letter first. `maritalStatus`, `Marital status` and `marital-status` give `marital_status`. A reserved word gets `_field`
/// behind it. `None` when the text has no Latin letter; letters with accents must be folded before.
///
/// ```
/// assert_eq!(mhero_wire::words::field_key("Marital status (2024)").as_deref(), Some("marital_status_2024"));
/// assert_eq!(mhero_wire::words::field_key("Status").as_deref(), Some("status_field"));
/// ```
pub fn field_key(text: &str) -> Option<String> {
    let mut key = String::new();
    for c in text.chars() {
        if c.is_ascii_uppercase() && key.ends_with(|before: char| before.is_ascii_lowercase()) {
            key.push('_');
        }
        match c {
            c if c.is_ascii_alphanumeric() => key.push(c.to_ascii_lowercase()),
            _ if !key.is_empty() && !key.ends_with('_') => key.push('_'),
            _ => {}
        }
    }
    let key = key.trim_start_matches(|c: char| !c.is_ascii_lowercase()).trim_end_matches('_');
    let key = key.get(..FIELD_KEY_MAX).unwrap_or(key).trim_end_matches('_');
    match key {
        "" => None,
        reserved if RESERVED.contains(&reserved) => Some(format!("{reserved}_field")),
        key => Some(key.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_both_languages_are_known_and_others_are_not_guessed() {
        for (text, code) in [("EN", "eng"), ("anglais", "eng"), ("FRANÇAIS", "fra"), ("kpe", "kpe"), ("Kpelle", "kpe")]
        {
            assert_eq!(language(text).map(|lang| lang.to_string()).as_deref(), Some(code), "{text}");
        }
        assert_eq!((language(""), language("some words")), (None, None));
        assert_eq!((sex("Féminin"), sex("M"), sex("x")), (Some("female"), Some("male"), None));
        assert_eq!((in_service("Retraité"), in_service("Oui"), in_service("?")), (Some(false), Some(true), None));
    }
}
