//! What a text takes: letters, SMS, costly letters, the way to fewer SMS.

use mhero_app::broadcasts::TextCheck;
use mhero_text::{Measure, measure, replace_typography, substitute_costly};

use super::{Editor, Fix};

/// Words of a fix that are shown.
const WORDS_SHOWN: usize = 3;

/// Puts into an editor what its text takes as it is.
pub fn weigh(editor: &mut Editor, text: &str) {
    set(editor, &measure(text));
    editor.text = text.to_owned();
}

/// Puts into an editor what its text takes with the longest values that anybody of the audience has, and the way to fewer
/// SMS. `people` get it.
pub fn weigh_worst(editor: &mut Editor, text: &str, check: &TextCheck, people: i64) {
    set(editor, &check.worst);
    editor.text = text.to_owned();
    let folded = substitute_costly(text);
    if check.worst.costly.is_empty() || folded == text {
        return;
    }
    let then = int(measure(&substitute_costly(&check.worst_text)).segments);
    let letters: String = measure(text).costly.iter().map(|costly| costly.letter).collect();
    let (now, reads) = (int(check.worst.segments), changed_words(text, &folded));
    if then < now {
        let saves = (now - then) * people;
        editor.fix = Some(Fix { letters, parts_now: now, parts_then: then, reads, saves });
    }
}

fn set(editor: &mut Editor, measure: &Measure) {
    editor.used = int(measure.units);
    editor.room = int(measure.room);
    editor.parts = int(measure.segments);
    editor.costly = measure.costly.iter().map(|costly| costly.letter).collect();
}

/// The words that read otherwise, as they will read.
fn changed_words(before: &str, after: &str) -> String {
    let pairs = before.split_whitespace().zip(after.split_whitespace());
    let trim = |word: &str| word.trim_matches(|c: char| c.is_ascii_punctuation()).to_owned();
    let changed: Vec<String> =
        pairs.filter(|(old, new)| old != new).map(|(_, new)| trim(new)).take(WORDS_SHOWN).collect();
    changed.join(", ")
}

/// A text as a form sends it, with line ends of one letter and without typography; and whether typography was taken out.
pub fn cleaned(typed: &str) -> (String, bool) {
    let lines = typed.replace("\r\n", "\n").trim_end().to_owned();
    let plain = replace_typography(&lines);
    let is_changed = plain != lines;
    (plain, is_changed)
}

fn int(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mhero_core::Lang;

    #[test]
    fn typography_goes_and_letters_stay() {
        assert_eq!(cleaned("l’hôpital\r\nmerci"), ("l'hôpital\nmerci".into(), true));
        assert_eq!(cleaned("hôpital\r\nmerci"), ("hôpital\nmerci".into(), false));
    }

    #[test]
    fn a_costly_letter_has_a_fix_with_its_saving() {
        let text = format!("Réunion à l'hôpital. {}", "a".repeat(60));
        let check = TextCheck {
            language: Lang::FRENCH,
            worst: measure(&text),
            worst_text: text.clone(),
            is_personal: false,
            cheaper: None,
        };
        let mut editor = Editor::blank("text-fra", "", Lang::FRENCH);
        weigh_worst(&mut editor, &text, &check, 264);
        let fix = editor.fix.expect("a fix");
        assert_eq!((fix.letters.as_str(), fix.reads.as_str()), ("ô", "l'hopital"));
        assert_eq!((fix.parts_now, fix.parts_then, fix.saves), (2, 1, 264));
    }
}
