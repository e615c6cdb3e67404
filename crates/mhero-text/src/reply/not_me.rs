//! "You have the wrong person": the holder of the phone is not the health worker whom we write to.

use std::sync::LazyLock;

use mhero_core::Lang;

use super::{fold::Text, phrases::Phrases};

/// Phrases that say it by themselves, by language.
static PLAIN: LazyLock<[(Lang, Phrases); 4]> = LazyLock::new(|| {
    [
        (
            Lang::ENGLISH,
            Phrases::new(
                "wrong number|wrong no|wrong person|wrong phone|wrong contact|you have the wrong|u have the wrong|you got the wrong\
                 |not my name|you dont know me|you are mistaken|this is not her number|this is not his number|not her number|not his number\
                 |this is no longer|i bought this sim|i just got this number|this number now belongs|number belongs to another\
                 |im not the person|i am not the person|not the owner|mistaken number|i am her husband|im her husband|i am his wife\
                 |im his wife|i am her brother|i am his brother|i am her sister|i am his sister|i am her son|i am his son\
                 |i am her daughter|i am his daughter|this is her husband|this is his wife|this is her brother|this is his brother\
                 |this is her sister|this is his sister|her husband here|his wife here",
            ),
        ),
        (
            Lang::FRENCH,
            Phrases::new(
                "mauvais numero|mauvaise personne|faux numero|erreur de numero|erreur de personne|erreur de destinataire\
                 |trompe de numero|trompes de numero|trompez de numero|trompe de personne|trompez de personne|vous vous trompez\
                 |vous vous etes trompe|tu te trompes|tu t'es trompe|vous faites erreur|c'est une erreur|ce n'est pas son numero\
                 |c'est pas son numero|n'est plus son numero|pas le bon numero|pas la bonne personne|je ne suis pas la personne\
                 |je suis pas la personne|suis pas cette personne|ce numero n'est plus|ce numero ne lui appartient|je suis son mari\
                 |je suis son epoux|je suis sa femme|je suis son epouse|je suis son frere|je suis sa soeur|je suis son fils\
                 |je suis sa fille|c'est son mari|c'est son frere|c'est sa soeur|c'est sa femme|ici son mari|ici sa femme",
            ),
        ),
        (
            Lang::PORTUGUESE,
            Phrases::new(
                "numero errado|pessoa errada|se enganou no numero|engano no numero|nao sou eu|nao sou essa pessoa",
            ),
        ),
        (Lang::ARABIC, Phrases::new("الرقم خطا|رقم خاطئ|رقم خطا|لست انا|لست الشخص")),
    ]
});

/// Phrases that say it only when they are most of the text.
static BARE: LazyLock<[(Lang, Phrases); 2]> = LazyLock::new(|| {
    [
        (
            Lang::ENGLISH,
            Phrases::new("not me|its not me|it is not me|this is not me|that is not me|this not me|no not me"),
        ),
        (Lang::FRENCH, Phrases::new("pas moi|c'est pas moi|ce n'est pas moi|c pas moi|non pas moi")),
    ]
});

/// What a denial begins with; a name of the last message or a role must follow.
static DENIAL: LazyLock<[(Lang, Phrases); 2]> = LazyLock::new(|| {
    [
        (
            Lang::ENGLISH,
            Phrases::new("i am not|im not|this is not|its not|not|i dont know|i do not know|am not|i no be"),
        ),
        (
            Lang::FRENCH,
            Phrases::new(
                "je ne suis pas|je suis pas|chui pas|ce n'est pas|c'est pas|c pas|je ne connais pas|je connais pas|pas le numero de",
            ),
        ),
    ]
});

static ROLES: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "a nurse|nurse|a midwife|midwife|a doctor|a health worker|health worker|a chw|staff|a medical person|him|her|that person|this person\
         |infirmier|infirmiere|sage femme|docteur|medecin|agent de sante|un agent de sante|du personnel|lui|elle|cette personne\
         |personnel de sante|de la sante",
    )
});

/// Words after which a mistake is one about things, not people: "wrong number of gloves".
const ABOUT_THINGS: [&str; 8] = ["of", "in", "on", "for", "de", "des", "du", "sur"];

/// What a person is reached by.
const PHONE: [&str; 7] = ["phone", "number", "line", "cell", "numero", "telephone", "tel"];

/// Longest text in which a bare "not me" counts, in words.
const BARE_TOKENS_MAX: usize = 6;

/// The language of a statement that the wrong person is reached; `None` when the text is no such statement. The languages are those of
/// the phrase that says it.
pub(super) fn understand(text: &Text, last_sent: Option<&str>) -> Option<Lang> {
    for (lang, phrases) in PLAIN.iter() {
        let about_people = |end: usize| {
            text.tokens
                .get(end)
                .is_none_or(|next| !ABOUT_THINGS.contains(&next.text.as_str()) || text.opens_clause(end))
        };
        if phrases.ends_in(text).any(about_people) {
            return Some(*lang);
        }
    }
    for (lang, phrases) in BARE.iter() {
        if text.tokens.len() <= BARE_TOKENS_MAX
            && phrases.ends_in(text).any(|end| end == text.tokens.len() || text.opens_clause(end))
        {
            return Some(*lang);
        }
    }
    let names = last_sent.map(names).unwrap_or_default();
    for (lang, phrases) in DENIAL.iter() {
        for at in 0..text.tokens.len() {
            let Some(next) = phrases.longest_at(text, at).map(|length| at + length) else { continue };
            let named = text.tokens.get(next).is_some_and(|token| names.contains(&token.text));
            // "This is not Mary's phone", "ce n'est pas le téléphone de Mariam".
            let thing = text.tokens[next..].iter().take(3).any(|token| PHONE.contains(&token.text.as_str()));
            if named || thing || ROLES.longest_at(text, next).is_some() {
                return Some(*lang);
            }
        }
    }
    None
}

/// Words of the last message that are written as names: capitalised, not at the start of a sentence, not all in capitals.
fn names(last_sent: &str) -> Vec<String> {
    let text = Text::read(last_sent);
    (1..text.tokens.len())
        .filter(|at| !text.opens_sentence(*at))
        .map(|at| &text.tokens[at])
        .filter(|token| {
            !token.caps && token.text.len() > 2 && text.source[token.start..].starts_with(char::is_uppercase)
        })
        .map(|token| token.text.clone())
        .collect()
}
