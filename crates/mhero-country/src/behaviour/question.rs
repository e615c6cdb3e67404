//! What a message asks, as its reader sees it.

/// What a message asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// One of numbered options: `Reply 1 yes, 2 no`.
    Choice(Vec<Choice>),
    /// A number: `how many`, `combien`.
    Number,
    /// Anything else that ends in a question mark.
    Open,
    /// Nothing.
    None,
}

/// One option of a [`Question::Choice`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What to send: `1`, or `YES` where the options have no numbers.
    pub sign: String,
    /// What it means: `yes`.
    pub label: String,
}

/// Most words of one option; what is longer is a sentence that happens to begin with a number.
const LABEL_WORDS_MAX: usize = 9;

/// Words after which options without numbers stand: `Reply YES or NO`.
const ASKING: &[&str] = &["reply", "answer", "text", "répondez", "repondez", "réponse", "tapez", "envoyez"];

/// Pairs that stand in place of numbers.
const PAIRS: &[(&str, &str)] = &[("yes", "no"), ("oui", "non")];

/// Words that only one of the languages has.
const FRENCH: &[&str] = &[
    "répondez",
    "repondez",
    "vous",
    "votre",
    "pour",
    "avez",
    "êtes",
    "etes",
    "les",
    "des",
    "une",
    "aux",
    "merci",
    "gratuit",
    "msp",
    "est",
    "du",
];
const ENGLISH: &[&str] =
    &["reply", "you", "your", "the", "for", "have", "are", "can", "and", "thank", "free", "moh", "is", "of"];

impl Question {
    /// Reads a message.
    pub fn of(text: &str) -> Self {
        if let Some(choices) = numbered(text).or_else(|| unnumbered(text)) {
            return Self::Choice(choices);
        }
        let lower = text.to_lowercase();
        if lower.contains("how many") || lower.contains("combien") {
            Self::Number
        } else if text.contains('?') {
            Self::Open
        } else {
            Self::None
        }
    }
}

/// Whether a message is in French; `None` when it could be either.
pub fn is_french(text: &str) -> Option<bool> {
    let lower = text.to_lowercase();
    let count = |words: &[&str]| {
        lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| words.contains(word)).count()
    };
    let (french, english) = (count(FRENCH), count(ENGLISH));
    (french != english).then_some(french > english)
}

/// `... 1 yes, 2 no, 3 other.`: words that are running numbers from 1 (or 0), each followed by what it means.
fn numbered(text: &str) -> Option<Vec<Choice>> {
    let words: Vec<&str> = text.split_whitespace().collect();
    // The last possible beginning counts: options stand at the end, and dates or doses before them.
    let starts = (0..words.len()).rev().filter(|at| matches!(sign(words[*at]), Some(0 | 1)));
    starts.map(|start| run(&words[start..])).find(|choices| choices.len() >= 2)
}

/// The options from the first word on, as far as their numbers run.
fn run(words: &[&str]) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    let mut expected = sign(words[0]).unwrap_or_default();
    let mut rest = words;
    while let Some((first, after)) = rest.split_first() {
        if sign(first) != Some(expected) {
            break;
        }
        let end = after.iter().position(|word| sign(word) == Some(expected + 1)).unwrap_or_else(|| sentence(after));
        let label = after[..end].join(" ").trim_end_matches([',', ';', '.', '!']).to_owned();
        if label.is_empty() || end > LABEL_WORDS_MAX {
            break;
        }
        choices.push(Choice { sign: expected.to_string(), label });
        expected += 1;
        rest = &after[end..];
    }
    choices
}

/// How many words the last option has: up to the end of its sentence.
fn sentence(words: &[&str]) -> usize {
    words.iter().position(|word| word.ends_with(['.', '!', '?', ';'])).map_or(words.len(), |at| at + 1)
}

/// The number of an option: `1`, `1.`, `2)`, `3=`, `(1)`.
fn sign(word: &str) -> Option<u32> {
    let digits = word.trim_start_matches('(').trim_end_matches(['.', ')', ':', '=', '-']);
    let plain = (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}

/// `Reply YES or NO`.
fn unnumbered(text: &str) -> Option<Vec<Choice>> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|letter: char| !letter.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let asked = words.iter().position(|word| ASKING.contains(word))?;
    let near = &words[asked..words.len().min(asked + 8)];
    let (yes, no) = PAIRS.iter().find(|(yes, no)| near.contains(yes) && near.contains(no))?;
    let choice = |word: &str| Choice { sign: word.to_uppercase(), label: word.to_owned() };
    Some(vec![choice(yes), choice(no)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> Vec<(String, String)> {
        match Question::of(text) {
            Question::Choice(choices) => choices.into_iter().map(|c| (c.sign, c.label)).collect(),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn options_are_read_from_messages_of_the_console() {
        for (text, expected) in [
            (
                "MOH: EmONC refresher for midwives, 12-14 June, Gantala Hospital. Can you attend? Reply 1 yes, 2 no. \
                 Free. STOP to leave.",
                &[("1", "yes"), ("2", "no")][..],
            ),
            (
                "MSP: Journées polio 21-23 mai. Pouvez-vous vacciner? Répondez 1 oui, 2 non, 3 manque vaccin. Gratuit.",
                &[("1", "oui"), ("2", "non"), ("3", "manque vaccin")],
            ),
            (
                "MOH: Measles week 18-24 May. Reply 1 if read, 2 if you need vaccine. Free.",
                &[("1", "if read"), ("2", "if you need vaccine")],
            ),
            (
                "Thank you Mary. What keeps you? 1 no cover at clinic, 2 travel, 3 other",
                &[("1", "no cover at clinic"), ("2", "travel"), ("3", "other")],
            ),
            ("On duty? 1) yes 2) no", &[("1", "yes"), ("2", "no")]),
            ("Are you on duty? Reply YES or NO.", &[("YES", "yes"), ("NO", "no")]),
            ("De garde? Répondez OUI ou NON", &[("OUI", "oui"), ("NON", "non")]),
        ] {
            let expected: Vec<_> = expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            assert_eq!(labels(text), expected, "{text}");
        }
    }

    #[test]
    fn other_messages_ask_something_else_or_nothing() {
        for (text, expected) in [
            ("MOH: polio days 21-23 May at all facilities. Bring 2 registers.", Question::None),
            ("Give dose 1 at birth. Call us with questions.", Question::None),
            ("How many mosquito nets do you have?", Question::Number),
            ("Combien de moustiquaires avez-vous?", Question::Number),
            ("What do you need most at your clinic?", Question::Open),
            ("", Question::None),
        ] {
            assert_eq!(Question::of(text), expected, "{text}");
        }
    }

    #[test]
    fn the_language_is_seen_by_its_small_words() {
        assert_eq!(is_french("Pouvez-vous vacciner dans votre centre? Répondez 1 oui, 2 non"), Some(true));
        assert_eq!(is_french("Can you attend? Reply 1 yes, 2 no"), Some(false));
        assert_eq!(is_french("polio"), None);
    }
}
