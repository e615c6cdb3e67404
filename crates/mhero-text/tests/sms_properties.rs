//! Properties of SMS text that hold for every text there is.

use mhero_text::sms::{Encoding, measure, replace_typography, split, substitute_costly};
use proptest::prelude::*;

/// Texts near the limits, of the letters that make trouble.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,400}",
        "[a-z€^{}éêç ’😷]{0,400}",
        "[a-z€]{140,330}",
        "[ê😷]{60,210}",
        any::<Vec<char>>().prop_map(|letters| letters.into_iter().collect()),
    ]
}

proptest! {
    #[test]
    fn parts_fit_and_give_the_text_again(text in texts()) {
        let parts = split(&text);
        let whole = measure(&text);
        prop_assert_eq!(parts.len(), whole.segments);
        prop_assert_eq!(&parts.concat(), &text);
        let limit = if parts.len() == 1 { whole.encoding.single() } else { whole.encoding.part() };
        for part in &parts {
            let units: usize = part.chars().map(|letter| whole.encoding.units_of(letter)).sum();
            prop_assert!(units <= limit);
        }
        prop_assert!(whole.units <= whole.room);
        prop_assert_eq!(whole.costly.is_empty(), whole.encoding == Encoding::Gsm7);
    }

    #[test]
    fn offsets_point_at_their_letter(text in texts()) {
        for costly in measure(&text).costly {
            for offset in costly.offsets {
                prop_assert!(text[offset..].starts_with(costly.letter));
            }
        }
    }

    #[test]
    fn substituting_twice_changes_nothing_more(text in texts()) {
        let once = substitute_costly(&text);
        prop_assert_eq!(substitute_costly(&once), once);
        let plain = replace_typography(&text);
        prop_assert_eq!(replace_typography(&plain), plain);
    }

    #[test]
    fn a_text_of_latin_letters_becomes_gsm7(text in "[a-zA-ZÀ-ÿŸœ’«»–… ]{0,200}") {
        prop_assert_eq!(Encoding::of(&substitute_costly(&text)), Encoding::Gsm7);
    }
}
