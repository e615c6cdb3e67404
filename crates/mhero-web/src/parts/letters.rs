//! What a text takes: letters, SMS, costly letters, the way to fewer SMS.

use mhero_app::broadcasts::TextCheck;
use mhero_text::{Measure, measure, replace_typography, substitute_costly};

use super::{Editor, Fix};

/// Words of a fix that are shown.
const WORDS_SHOWN: usize = 3;
/// Letters beyond the last SMS that are easily left out.
const OVER_MAX: usize = 12;

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
        let (saves, changes) = ((now - then) * people, changes(text));
        editor.fix = Some(Fix { letters, parts_now: now, parts_then: then, reads, saves, saves_cost: None, changes });
    }
}

fn set(editor: &mut Editor, measure: &Measure) {
    editor.used = int(measure.units);
    editor.room = int(measure.room);
    editor.parts = int(measure.segments);
    editor.costly = measure.costly.iter().map(|costly| costly.letter).collect();
    editor.over = int(over(measure));
}

/// How many units are too many for one SMS fewer, where so few are easily left out; else 0.
fn over(measure: &Measure) -> usize {
    let fewer = match measure.segments {
        0 | 1 => return 0,
        2 => measure.encoding.single(),
        more => measure.encoding.part() * (more - 1),
    };
    Some(measure.units.saturating_sub(fewer)).filter(|over| *over <= OVER_MAX).unwrap_or(0)
}

/// The letters of a text that are replaced, each once, with what is written in their place.
pub fn changes(text: &str) -> Vec<(String, String)> {
    let costly = measure(text).costly.into_iter();
    costly.filter_map(|one| Some((shown(one.letter), one.substitute?.trim().to_owned()))).collect()
}

/// A letter as it can be seen: one that is invisible by its code.
fn shown(letter: char) -> String {
    let is_seen = !letter.is_whitespace()
        && !letter.is_control()
        && !matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{300}'..='\u{36f}');
    if is_seen { letter.to_string() } else { format!("U+{:04X}", u32::from(letter)) }
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
        assert_eq!(fix.changes, [("ô".to_owned(), "o".to_owned())]);
    }

    #[test]
    fn one_letter_too_many_is_said() {
        let over = |text: &str| {
            let mut editor = Editor::blank("text-eng", "", Lang::ENGLISH);
            weigh(&mut editor, text);
            (editor.parts, editor.over)
        };
        assert_eq!(over(&"a".repeat(160)), (1, 0));
        assert_eq!(over(&"a".repeat(161)), (2, 1));
        assert_eq!(over(&"a".repeat(310)), (3, 4));
        assert_eq!(over(&"a".repeat(200)), (2, 0));
    }
}
