//! Does what follows a keyword make a sentence in which the keyword is just a word? "check my salary", "mon enfant est malade".

use super::{
    fold::Text,
    keyword::Hit,
    near::{Nearness, nearness},
};

/// Longest free text after a keyword that is written in small letters without any sign after it, in words. Longer ones tell a story.
const FREE_TOKENS_MAX: usize = 9;

/// Words of the writer and of verbs that only a sentence goes on with.
const SENTENCE: &str = " my our mon ma mes notre nos is are was were isnt arent has had have will would can could should does do did \
                        est sont etait etaient ont va vont sera seront ne n y pas if when why who whom whose because that which \
                        que qui quand pourquoi parce si ";

/// Small words that a noun of a sentence goes on with; after a keyword that names a trouble they are part of the report.
const JOINTS: &str = " of off in on at to out up the this these those your and or le la les l ce cet cette ces du des de d au aux a sur \
                       en et ou votre vos pour for from with avec us you him her them nous vous ";

/// Words that name a trouble: what follows them is the trouble, however it goes on.
const TROUBLE: &str = " alert alerte alerta alarm alarme problem probleme problems problemes problema issue incident panne danger urgent \
                        emergency urgence ";

/// Words that are keywords somewhere and little words everywhere; a sentence often begins with them.
const LITTLE: &str = " mon ma mes son more plus suite fin in on no non de la le si y ";

/// Words before which a keyword is a time, a patient's state or a complaint: "semaine prochaine", "sick child", "stock épuisé".
const TURNS: &str = " prochaine prochain derniere dernier passee passe next last end child children baby babies patient patients woman women \
                     man men people mother girl boy enfant enfants bebe bebes femme femmes homme malade malades fille garcon mere \
                     finished finish empty over closed broken late false epuise epuisee epuises fini finie finis vide ferme fermee cassee \
                     casse panne fausse faux terminee termine ";

fn is_in(list: &str, word: &str) -> bool {
    list.contains(&format!(" {word} "))
}

/// Whether the text reads on after the keyword as a sentence, so that it is talk for a person.
pub(super) fn reads_on(text: &Text, hit: &Hit) -> bool {
    let word = &text.tokens[hit.at];
    let rest: Vec<&str> =
        text.tokens[(hit.at + 1).min(text.tokens.len())..].iter().map(|token| token.text.as_str()).collect();
    let (Some(next), false) = (rest.first(), hit.rest.is_empty()) else {
        return false;
    };
    let digits = hit.rest.bytes().any(|b| b.is_ascii_digit());
    // A sign after the keyword, or capitals of its own, say that it is meant as one.
    let signed = text.gap_before(hit.at + 1).contains([':', '=', '.', '-', ',', '/', '\n', ';', '!', '#', '*']);
    let shouted = word.caps && word.text.chars().count() > 1 && !text.is_all_caps();
    let names_trouble = |trouble: &str| nearness(&word.text, trouble).is_some_and(|near| near <= Nearness::Typo);
    let trouble = hit.urgent || TROUBLE.split_whitespace().any(names_trouble);
    if trouble {
        // "Alert is over", "alert the team", "alertez le district", "alerte fausse".
        let verb = ["ez", "er", "ed", "ing"].iter().any(|ending| word.text.ends_with(ending))
            && is_in(" le la les un une ", next);
        let over = is_in(" over false fausse faux finie terminee ", next);
        return !signed && (verb || over)
            || !signed
                && !shouted
                && is_in(" is was est etait has will the me us him her them your our ", next)
                && !digits;
    }
    if text.is_question() && !digits && !signed && rest.len() >= 2 {
        return true;
    }
    if signed {
        return false;
    }
    if shouted {
        return false;
    }
    if is_in(LITTLE, &word.text) {
        // A form has figures and no little words: "mon anc 34 del 12".
        return !digits || rest.iter().any(|word| is_in(SENTENCE, word) || is_in(JOINTS, word));
    }
    is_in(SENTENCE, next) || !digits && (is_in(JOINTS, next) || is_in(TURNS, next) || rest.len() > FREE_TOKENS_MAX)
}
