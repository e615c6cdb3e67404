//! The answers that mHero sends by itself must not cost two SMS.

use std::{fs, path::Path};

use mhero_text::sms::{Encoding, measure};

/// What a variable is replaced by here: as long as a word or topic of the field mostly is. Lists of words may make more than one SMS.
const VALUE: &str = "PROBLEME12";

#[test]
fn every_answer_fits_one_sms_of_plain_letters() {
    for lang in ["en", "fr"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../locales").join(lang).join("sms.ftl");
        let text = fs::read_to_string(&path).expect("the texts of SMS");
        let answers: Vec<(&str, &str)> =
            text.lines().filter(|line| line.starts_with("reply-")).filter_map(|line| line.split_once(" = ")).collect();
        assert!(answers.len() > 10, "{lang}");
        for (key, answer) in answers {
            let mut filled = String::new();
            for part in answer.split('{') {
                let after = part.split_once('}').map_or(part, |(_, after)| after);
                if after.len() != part.len() {
                    filled.push_str(VALUE);
                }
                filled.push_str(after);
            }
            let measure = measure(&filled);
            assert_eq!((measure.encoding, measure.segments), (Encoding::Gsm7, 1), "{lang} {key}: {filled}");
        }
    }
}
