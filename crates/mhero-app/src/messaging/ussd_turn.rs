//! What a call about a dialogue with a phone asks for, by how the dialogue stands: the same screen, the next page, an answer.

use jiff::SignedDuration;
use mhero_store::UssdDialog;

use crate::ports::{Dialled, Said, Screen};

/// The same words again within this time after a screen are the same call, where the network gives its calls no ids: nobody reads a
/// screen and answers it so fast.
const AGAIN_WITHIN: SignedDuration = SignedDuration::from_secs(2);
/// Answers that may be dialled along with the code.
const SHORT_CUTS_MAX: usize = 5;

/// What a call of the network asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// The screen that is there already.
    Same,
    /// The next page.
    More,
    /// A new dialogue, with what was dialled along with the code.
    Fresh(Vec<String>),
    /// An answer.
    Answer(String),
}

/// What a dialogue shows. While there are more pages one can be asked for, even where nothing else is waited for.
pub(super) fn shown(dialog: &UssdDialog) -> Screen {
    Screen { text: dialog.screen.clone(), goes_on: !dialog.is_over || has_more(dialog) }
}

fn has_more(dialog: &UssdDialog) -> bool {
    dialog.rest != "[]"
}

/// What says that a call is the same as the one before.
pub(super) fn heard_by(dialled: &Dialled) -> String {
    match &dialled.said {
        Said::All(text) => text.clone(),
        Said::Last { text, id } => id.as_ref().map_or_else(|| format!("={text}"), |id| format!("#{id}")),
        Said::Gone => String::new(),
    }
}

/// What a call asks for, by how its dialogue stands.
pub(super) fn turn_of(known: Option<&UssdDialog>, dialled: &Dialled, now: i64) -> Turn {
    let answered = known.filter(|dialog| dialog.turn > 0);
    let Some(dialog) = answered else {
        let typed = match &dialled.said {
            Said::All(text) => text.as_str(),
            _ => "",
        };
        let short_cuts = typed.split('*').map(str::trim).filter(|text| !text.is_empty()).take(SHORT_CUTS_MAX);
        return Turn::Fresh(short_cuts.map(ToOwned::to_owned).collect());
    };
    let text = match &dialled.said {
        Said::All(text) => match since(&dialog.heard, text) {
            Some(new) => new,
            None => return Turn::Same,
        },
        Said::Last { text, id } => {
            let is_again = heard_by(dialled) == dialog.heard;
            let is_soon = now - dialog.at < i64::try_from(AGAIN_WITHIN.as_micros()).unwrap_or(i64::MAX);
            if is_again && (id.is_some() || is_soon) {
                return Turn::Same;
            }
            text
        }
        Said::Gone => return Turn::Same,
    };
    let text = text.trim();
    if has_more(dialog) && text == dialled.rules.more {
        Turn::More
    } else if dialog.is_over || text.is_empty() {
        Turn::Same
    } else {
        Turn::Answer(text.to_owned())
    }
}

/// What was typed since, of everything that was typed; `None` for the same call again, or an older one.
fn since<'a>(heard: &str, all: &'a str) -> Option<&'a str> {
    if all == heard || heard.strip_prefix(all).is_some_and(|rest| all.is_empty() || rest.starts_with('*')) {
        return None;
    }
    let new =
        if heard.is_empty() { Some(all) } else { all.strip_prefix(heard).and_then(|rest| rest.strip_prefix('*')) };
    // Some networks leave out what was dialled with the code: the last is what was typed now.
    new.or_else(|| all.rsplit('*').next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::ScreenRules;

    fn dialled(said: Said) -> Dialled {
        let rules = ScreenRules {
            word: "menu".into(),
            letters: 160,
            answer_within: SignedDuration::from_secs(8),
            resume_within: SignedDuration::from_mins(30),
            more: "98".into(),
        };
        Dialled { session: "s".into(), from: "+231770000001".into(), said, rules }
    }

    fn dialog(turn: i64, heard: &str, rest: &str) -> UssdDialog {
        UssdDialog {
            session: "s".into(),
            path: "+231770000001".into(),
            turn,
            heard: heard.into(),
            screen: "1 Yes".into(),
            is_over: false,
            rest: rest.into(),
            held_until: 0,
            version: 3,
            at: 0,
        }
    }

    fn turn(known: &UssdDialog, text: &str) -> Turn {
        turn_of(Some(known), &dialled(Said::All(text.into())), 0)
    }

    #[test]
    fn of_everything_that_was_typed_the_new_part_counts() {
        let fresh = |text: &str| turn_of(None, &dialled(Said::All(text.into())), 0);
        assert_eq!(fresh(""), Turn::Fresh(vec![]));
        assert_eq!(fresh("1*2"), Turn::Fresh(vec!["1".into(), "2".into()]));
        assert_eq!(turn(&dialog(0, "", "[]"), "1"), Turn::Fresh(vec!["1".into()]), "its first answer was never given");
        assert_eq!(turn(&dialog(1, "", "[]"), "2"), Turn::Answer("2".into()));
        assert_eq!(turn(&dialog(2, "2", "[]"), "2*2"), Turn::Answer("2".into()), "the same answer to another question");
        assert_eq!(turn(&dialog(2, "2", "[]"), "2*a*b"), Turn::Answer("a*b".into()), "an answer may hold the mark");
        assert_eq!(turn(&dialog(2, "55*2", "[]"), "7"), Turn::Answer("7".into()));
    }

    #[test]
    fn the_same_call_and_older_ones_do_nothing() {
        for again in ["1*2", "1", ""] {
            assert_eq!(turn(&dialog(3, "1*2", "[]"), again), Turn::Same, "{again}");
        }
        assert_eq!(turn(&dialog(2, "1", "[]"), "1*"), Turn::Same, "nothing was typed");
        let over = UssdDialog { is_over: true, ..dialog(3, "1*2", "[]") };
        assert_eq!(turn(&over, "1*2*3"), Turn::Same);
        assert_eq!(turn(&over, "12"), Turn::Same);
    }

    #[test]
    fn the_last_words_alone_are_the_same_call_by_its_id_or_when_they_come_at_once() {
        let ask = |known: &str, text: &str, id: Option<&str>, now: i64| {
            let said = Said::Last { text: text.into(), id: id.map(ToOwned::to_owned) };
            turn_of(Some(&dialog(2, known, "[]")), &dialled(said), now)
        };
        assert_eq!(ask("=1", "1", None, 1_000_000), Turn::Same);
        assert_eq!(ask("=1", "1", None, 5_000_000), Turn::Answer("1".into()));
        assert_eq!(ask("=1", "2", None, 1_000_000), Turn::Answer("2".into()));
        assert_eq!(ask("#a", "1", Some("a"), 60_000_000), Turn::Same);
        assert_eq!(ask("#a", "1", Some("b"), 1_000), Turn::Answer("1".into()));
    }

    #[test]
    fn pages_are_asked_for_with_their_key_alone() {
        let paged = dialog(2, "1", r#"["page 2"]"#);
        assert_eq!(turn(&paged, "1*98"), Turn::More);
        assert_eq!(turn(&paged, "1*3"), Turn::Answer("3".into()));
        assert_eq!(turn(&dialog(2, "1", "[]"), "1*98"), Turn::Answer("98".into()));
        let last = UssdDialog { is_over: true, ..paged };
        assert_eq!(turn(&last, "1*98"), Turn::More);
        assert!(shown(&last).goes_on);
    }
}
