//! Writing a text with letters that GSM-7 has, so that the meaning stays and the price halves.

use unicode_normalization::{UnicodeNormalization, char::decompose_canonical, char::is_combining_mark};

use super::septets;

/// ASCII letters, from which substitutes are cut.
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Replaces every letter that GSM-7 lacks and that has a substitute; the others stay. Composes the text first (NFC), so that an
/// `é` typed as two code points stays an `é`. Substituting twice changes nothing more.
///
/// ```
/// use mhero_text::sms::substitute_costly;
/// assert_eq!(substitute_costly("L’hôpital a reçu 3 boîtes…"), "L'hopital a recu 3 boites...");
/// assert_eq!(substitute_costly("Déjà payé"), "Déjà payé");
/// ```
pub fn substitute_costly(text: &str) -> String {
    replace(text, substitute)
}

/// Replaces only typographic characters, which word processors put into a text and which never should enter an SMS: curly quotes,
/// guillemets, long dashes, special and invisible spaces, the one-character ellipsis, tabs, and two-character line ends. Letters stay.
/// Composes the text first (NFC).
///
/// ```
/// use mhero_text::sms::replace_typography;
/// assert_eq!(replace_typography("L’hôpital – « oui »"), "L'hôpital - \" oui \"");
/// ```
pub fn replace_typography(text: &str) -> String {
    replace(text, typography)
}

fn replace(text: &str, by: impl Fn(char) -> Option<&'static str>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.nfc().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            // A browser sends a line end as two characters; each would be paid for.
            '\r' if letters.peek() == Some(&'\n') => {}
            '\r' => out.push('\n'),
            _ if septets(letter).is_some() => out.push(letter),
            _ => match by(letter) {
                Some(other) => out.push_str(other),
                None => out.push(letter),
            },
        }
    }
    out
}

/// What may stand for one letter that GSM-7 lacks; `None` when nothing keeps the meaning (Arabic letters, emoji).
pub fn substitute(letter: char) -> Option<&'static str> {
    typography(letter).or_else(|| special(letter)).or_else(|| base_letter(letter))
}

/// Characters of typesetting.
fn typography(letter: char) -> Option<&'static str> {
    Some(match letter {
        '’' | '‘' | '‚' | '‛' | '′' | 'ʼ' | '´' | '`' | '‹' | '›' => "'",
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => "\"",
        '–' | '—' | '‐' | '‑' | '‒' | '―' | '−' | '•' | '‣' => "-",
        '…' => "...",
        '\t' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => " ",
        '\u{2028}' | '\u{2029}' | '\u{85}' => "\n",
        // Invisible: soft hyphen, zero-width space, word joiner, byte order mark. Joiners of Arabic and emoji are not among them.
        '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => "",
        _ => return None,
    })
}

/// Letters and signs whose substitute is no matter of accents.
fn special(letter: char) -> Option<&'static str> {
    Some(match letter {
        'œ' => "oe",
        'Œ' => "OE",
        'ĳ' => "ij",
        'þ' => "th",
        'Þ' => "Th",
        'ð' | 'đ' | 'ɗ' | 'ɖ' => "d",
        'Ð' | 'Đ' | 'Ɗ' => "D",
        'ł' => "l",
        'Ł' => "L",
        'ı' => "i",
        // Letters of Kpelle, Mende, Maninka, Pular, Hausa and their neighbours.
        'ŋ' => "ng",
        'Ŋ' => "Ng",
        'ɲ' => "ny",
        'Ɲ' => "Ny",
        'ɛ' | 'ə' | 'ǝ' => "e",
        'Ɛ' | 'Ə' | 'Ǝ' => "E",
        'ɔ' => "o",
        'Ɔ' => "O",
        'ɓ' => "b",
        'Ɓ' => "B",
        'ƙ' => "k",
        'Ƙ' => "K",
        'ƴ' => "y",
        'Ƴ' => "Y",
        'ɣ' => "gh",
        // The degree sign stands in 38°C and in n°5: an o reads well in both.
        '°' | 'º' => "o",
        'ª' => "a",
        '×' => "x",
        '÷' => "/",
        'µ' | 'μ' => "u",
        '½' => "1/2",
        '¼' => "1/4",
        '¾' => "3/4",
        '¹' => "1",
        '²' => "2",
        '³' => "3",
        '±' => "+/-",
        '≤' => "<=",
        '≥' => ">=",
        '≠' => "<>",
        '≈' => "~",
        '→' | '⇒' => "->",
        '←' => "<-",
        '·' => ".",
        '¦' => "|",
        '¢' => "c",
        '©' => "(c)",
        '®' => "(r)",
        '™' => "(tm)",
        '№' => "No",
        '‰' => "/1000",
        _ => return None,
    })
}

/// The letter without its accents, where that is an ASCII letter; nothing for an accent that stands alone.
fn base_letter(letter: char) -> Option<&'static str> {
    if ('\u{300}'..='\u{36f}').contains(&letter) {
        return Some("");
    }
    let mut base = None;
    let mut only_marks_follow = true;
    decompose_canonical(letter, |part| match base {
        None => base = Some(part),
        Some(_) => only_marks_follow &= is_combining_mark(part),
    });
    let base = base.filter(|base| only_marks_follow && *base != letter)?;
    LETTERS.find(base).map(|at| &LETTERS[at..=at])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sms::{Encoding, measure};

    #[test]
    fn accents_that_gsm7_lacks_go_and_the_others_stay() {
        for (before, after) in [
            ("hôpital", "hopital"),
            ("reçu, ÇA", "recu, ÇA"),
            ("êtes-vous prêt?", "etes-vous pret?"),
            ("cœur, SŒUR", "coeur, SOEUR"),
            ("Noël à Labé", "Noel à Labé"),
            ("e\u{301}te\u{301}", "été"),
            ("vacinação amanhã", "vacinaçao amanha".replace('ç', "c").as_str()),
            ("38°C", "38oC"),
            ("ɔ\u{301}", "o"),
            ("À l’ŋ", "A l'ng"),
        ] {
            assert_eq!(substitute_costly(before), after);
        }
    }

    #[test]
    fn typography_alone_leaves_letters_alone() {
        assert_eq!(replace_typography("l’hôpital\u{202f}: 5\u{a0}€…\r\nok"), "l'hôpital : 5 €...\nok");
        assert_eq!(replace_typography("وزارة"), "وزارة");
    }

    #[test]
    fn what_has_no_substitute_stays() {
        assert_eq!(substitute_costly("ok 😷 وزارة"), "ok 😷 وزارة");
        assert_eq!(substitute('😷'), None);
        assert_eq!(substitute('ж'), None);
    }

    #[test]
    fn every_substitute_is_gsm7() {
        for letter in ('\u{80}'..='\u{2fff}').filter(|letter| septets(*letter).is_none()) {
            if let Some(other) = substitute(letter) {
                assert_eq!(Encoding::of(other), Encoding::Gsm7, "{letter}");
            }
        }
    }

    /// The traps of the stories: one accent and the text is dear; substitution makes it cheap again, but not Arabic.
    #[test]
    fn encoding_traps() {
        for (text, before, after) in [
            ("Reçu: merci, la boîte arrive bientôt à l'hôpital.", Encoding::Ucs2, Encoding::Gsm7),
            (
                "MS: relatório semanal em falta. Responda SEM para começar. Obrigado pelo seu trabalho.",
                Encoding::Ucs2,
                Encoding::Gsm7,
            ),
            ("MS: não esqueça a vacinação amanhã. Responda 1 se leu.", Encoding::Ucs2, Encoding::Gsm7),
            ("وزارة الصحة: يرجى إرسال تقرير الأسبوع 19. أرسل 1 للبدء.", Encoding::Ucs2, Encoding::Ucs2),
            ("Enquete rapide MSP: des gants à Lofa? Répondez 1 zéro.", Encoding::Gsm7, Encoding::Gsm7),
        ] {
            assert_eq!(measure(text).encoding, before, "{text}");
            assert_eq!(measure(&substitute_costly(text)).encoding, after, "{text}");
        }
        assert_eq!(
            measure("MS: relatório semanal em falta. Responda SEM para começar. Obrigado pelo seu trabalho.").segments,
            2
        );
    }
}
