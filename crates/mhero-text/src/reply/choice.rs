//! An open question with options: which one does a text choose? Thin on purpose: a number, a letter, or the option's own words.

use mhero_core::Lang;
use serde::{Deserialize, Serialize};

use super::{
    AnswerProblem, Meaning, Outcome, Question,
    fold::{Text, Token, fold},
    lexicon::{self, Class},
    phrases::Phrases,
};

/// A question with options that waits for its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The field that the answer fills.
    pub field: String,
    /// The options, in the order they were shown.
    pub options: Vec<ChoiceOption>,
}

/// One option of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceOption {
    /// Number or letter as shown.
    pub n: String,
    /// What is stored.
    pub value: String,
    /// Its words, by language.
    pub labels: std::collections::BTreeMap<Lang, Vec<String>>,
}

/// One, two, ... as words, with their digit.
const NUMBER_WORDS: [(&str, &str); 18] = [
    ("one", "1"),
    ("un", "1"),
    ("une", "1"),
    ("two", "2"),
    ("deux", "2"),
    ("three", "3"),
    ("trois", "3"),
    ("four", "4"),
    ("quatre", "4"),
    ("five", "5"),
    ("cinq", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("sept", "7"),
    ("eight", "8"),
    ("huit", "8"),
    ("nine", "9"),
    ("neuf", "9"),
];

/// Words for "I have it", by which people acknowledge, whatever the label says.
const READ: &str = "read|seen|noted|received|well received|understood|ok|okay|yes|got it|well noted|copy|copied|roger|lu|vu|bien recu|recu|\
                    bien note|note|compris|entendu|oui|d'accord|c'est lu|bien lu|lido|recebido|sim|تم|نعم";

/// Labels that ask for an acknowledgement.
const ACKNOWLEDGE: [&str; 8] = ["read", "lu", "received", "recu", "seen", "vu", "noted", "note"];

/// Reads a text as the answer to a question. `None` when nothing in it speaks of an option.
pub(super) fn understand(text: &Text, choice: &Choice) -> Option<Outcome> {
    let first = first_core(text)?;
    let answer = |option: &ChoiceOption, forward: bool| {
        let meaning = Meaning::Answer { field: choice.field.clone(), value: option.value.clone() };
        Some(Outcome { meaning, lang: None, forward })
    };
    let unsure = || {
        let question = Question::Answer { field: choice.field.clone(), problem: AnswerProblem::Ambiguous };
        Some(Outcome { meaning: Meaning::Ask(question), lang: None, forward: true })
    };
    if let Some(option) = by_number(&text.tokens[first], choice, text.tokens.len() == 1) {
        let after = first + 1;
        let alone = (after..text.tokens.len()).all(|at| is_courtesy(&text.tokens[at]));
        // "1 suspected case" counts cases. Only a sign or the option's own words make a number before other words an answer.
        let set_apart = text.tokens.get(after).is_some() && text.opens_clause(after);
        let worded =
            words_of(option, choice).longest_at(text, after).is_some() || within(&text.tokens[after..], option);
        let other_number =
            text.tokens[after..].iter().any(|token| by_number(token, choice, false).is_some_and(|o| o != option));
        return if !other_number && (alone || set_apart || worded) { answer(option, !alone) } else { unsure() };
    }
    let said: Vec<&ChoiceOption> =
        choice.options.iter().filter(|option| words_of(option, choice).are_in(text)).collect();
    match said.as_slice() {
        // Some of one option's own words, and nothing else: "wash" for "stop work and wash".
        [] => {
            let mut partly = choice.options.iter().filter(|option| within(&text.tokens, option));
            partly.next().filter(|_| partly.next().is_none()).and_then(|option| answer(option, false))
        }
        [option] if !denied(text, &words_of(option, choice)) || says_no(option) || whole(text, option) => {
            let extra = text.tokens.len() > words_of(option, choice).count_in(text) + 2;
            // Many words beside the option's own are a story, in which the option may mean something else.
            if text.tokens.len() > 12 { unsure() } else { answer(option, extra) }
        }
        _ => unsure(),
    }
}

/// Whether a "not" stands right before the words that are looked for. Elsewhere it denies something else: "read, but no gloves".
fn denied(text: &Text, words: &Phrases) -> bool {
    let is_neg = |token: &Token| lexicon::class_of(&token.text) == Some(Class::Neg);
    let starts = (0..text.tokens.len()).filter(|at| words.longest_at(text, *at).is_some());
    let mut before = starts.map(|at| &text.tokens[at.saturating_sub(2)..at]);
    before.any(|tokens| tokens.iter().any(is_neg))
}

/// The first word that is no greeting.
fn first_core(text: &Text) -> Option<usize> {
    let skipped = |token: &Token| {
        matches!(lexicon::class_of(&token.text), Some(Class::Greet | Class::Title))
            || matches!(
                token.text.as_str(),
                "ans" | "answer" | "reponse" | "rep" | "option" | "choix" | "no" | "numero"
            )
    };
    let at = text.tokens.iter().position(|token| !skipped(token));
    at.or(if text.tokens.is_empty() { None } else { Some(0) })
}

fn is_courtesy(token: &Token) -> bool {
    matches!(lexicon::class_of(&token.text), Some(Class::Greet | Class::Title | Class::Polite))
}

fn by_number<'c>(token: &Token, choice: &'c Choice, alone: bool) -> Option<&'c ChoiceOption> {
    // A thumb on a small phone writes l or I for 1, and O for 0.
    let alike = match token.text.as_str() {
        "l" | "i" => Some("1"),
        "o" => Some("0"),
        _ => None,
    };
    let alike = alike.filter(|_| alone);
    let digit = NUMBER_WORDS.iter().find(|(word, _)| *word == token.text).map(|(_, digit)| *digit);
    choice.options.iter().find(|option| {
        let shown = fold(&option.n);
        shown == token.text || digit == Some(shown.as_str()) || alike == Some(shown.as_str())
    })
}

/// The option's labels in all languages; an acknowledgement has its everyday forms besides.
fn words_of(option: &ChoiceOption, choice: &Choice) -> Phrases {
    let labels: Vec<&str> = option.labels.values().flatten().map(String::as_str).collect();
    let acknowledges =
        choice.options.len() == 1 && labels.iter().any(|label| ACKNOWLEDGE.contains(&fold(label).as_str()));
    let mut list = labels.join("|");
    if acknowledges {
        list.push('|');
        list.push_str(READ);
    }
    Phrases::new(&list)
}

/// Whether every word, courtesies aside, is one of the option's own, and at least one of them more than a small word.
fn within(tokens: &[Token], option: &ChoiceOption) -> bool {
    option.labels.values().flatten().any(|label| {
        let label = Text::read(label);
        let own = |token: &Token| label.tokens.iter().any(|word| word.text == token.text);
        let telling = |token: &Token| own(token) && lexicon::class_of(&token.text).is_none() && token.text.len() > 2;
        tokens.iter().all(|token| own(token) || is_courtesy(token)) && tokens.iter().any(telling)
    })
}

/// Whether the option itself is a denial, so that a "not" in the text belongs to it.
fn says_no(option: &ChoiceOption) -> bool {
    let denies = |token: &Token| lexicon::class_of(&token.text) == Some(Class::Neg);
    option.labels.values().flatten().any(|label| Text::read(label).tokens.iter().any(denies))
}

/// Whether the text is nothing but the option's words.
fn whole(text: &Text, option: &ChoiceOption) -> bool {
    let words = |text: &Text| text.tokens.iter().map(|token| token.text.clone()).collect::<Vec<_>>();
    option.labels.values().flatten().any(|label| words(&Text::read(label)) == words(text))
}
