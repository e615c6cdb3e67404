//! What a health worker texted back: a wish to leave or return, a call for help, a keyword, an answer, or talk for a person.
//!
//! The engine forgives case, accents (also those that a network turned into `?`), punctuation, spaces, slips, zeros for Os, glued words,
//! and either language. It never guesses: what is nearly a command is asked back, what is talk goes to a person. Everything local (the
//! STOP words, topics, keywords, options) comes from the [`Situation`]; built in is only what everyday words of the languages mean.

mod approval;
mod choice;
mod control;
mod figures;
mod fold;
mod keyword;
mod lexicon;
mod machine;
mod marks;
mod near;
mod not_me;
mod ordinary;
mod outcome;
mod phrases;
mod pin;
mod sentence;
mod trust;
mod words;

use std::sync::LazyLock;

use mhero_core::Lang;

pub use approval::{
    ApprovalAnswer, ApprovalField, ApprovalProblem, ApprovalSituation, ApprovalVerbs, PendingItem, may_decide,
    read_approval,
};
pub use choice::{Choice, ChoiceOption};
pub use figures::masked;
pub use outcome::{AnswerProblem, Meaning, Outcome, Question, Silence};
pub use pin::{PinAnswer, read_pin};
pub use trust::{TRUST_CODES, TrustWord, trust_code, trust_word};
pub use words::{ControlWords, Keyword, Topic, Vocabulary};

use fold::Text;
use keyword::Found;
use lexicon::Class;
use phrases::Phrases;

/// What is known when a text arrives.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The words of the installation.
    pub words: &'a Vocabulary,
    /// The SMS that this phone saw last.
    pub last_sent: Option<&'a str>,
    /// A question with options that waits for its answer.
    pub question: Option<&'a Choice>,
    /// Whether this phone has left all messages.
    pub stopped: bool,
}

impl<'a> Situation<'a> {
    /// Nothing sent, nothing asked.
    pub const fn idle(words: &'a Vocabulary) -> Self {
        Self { words, last_sent: None, question: None, stopped: false }
    }
}

/// Understands one text.
///
/// In this order: wishes to leave, return or get help; urgent keywords; machines, which get no reply; the wrong person; the question that
/// waits; keywords; talk.
///
/// ```
/// use mhero_text::{ControlWords, Keyword, Meaning, Situation, Vocabulary, understand};
/// let words = Vocabulary::new(&ControlWords::standard(), &Keyword::standard());
/// let read = |text| understand(text, &Situation::idle(&words)).meaning;
/// assert_eq!(read("St0p please"), Meaning::Stop { scope: None });
/// assert_eq!(read("how to stop the bleeding"), Meaning::Inbox);
/// assert_eq!(read("allert measles 3y"), Meaning::Keyword { keyword: "ALERT".into(), rest: "measles 3y".into() });
/// assert_eq!(read("hlp"), Meaning::Help);
/// ```
pub fn understand(received: &str, situation: &Situation<'_>) -> Outcome {
    let text = Text::read(received);
    if text.tokens.is_empty() {
        return wordless(&text, situation);
    }
    if let Some(outcome) = control::understand(&text, situation) {
        return outcome;
    }
    if let Found::One(hit) = keyword::find(&text, situation.words, true) {
        let forward = false;
        return Outcome { meaning: Meaning::Keyword { keyword: hit.keyword, rest: hit.rest }, lang: hit.lang, forward };
    }
    if let Some(silence) = machine::silence(&text) {
        return Outcome::of(Meaning::Ignore(silence));
    }
    let answer = situation.question.and_then(|choice| choice::understand(&text, choice));
    if let Some(outcome) = answer.as_ref().filter(|outcome| matches!(outcome.meaning, Meaning::Answer { .. })) {
        return outcome.clone();
    }
    if let Some(lang) = not_me::understand(&text, situation.last_sent) {
        return Outcome { meaning: Meaning::NotMe, lang: Some(lang), forward: true };
    }
    answer.unwrap_or_else(|| keyword_or_talk(&text, situation))
}

/// The language in which a worker wrote a single word, so that the answer comes in it: by the keywords of the installation, else by
/// everyday words, else by its script. `None` when several languages write it alike, as with STOP.
///
/// ```
/// use mhero_core::Lang;
/// use mhero_text::reply::{ControlWords, Keyword, Vocabulary, lang_of_word};
/// let words = Vocabulary::new(&ControlWords::standard(), &Keyword::standard());
/// assert_eq!(lang_of_word("Alerte", &words), Some(Lang::FRENCH));
/// assert_eq!(lang_of_word("help", &words), Some(Lang::ENGLISH));
/// assert_eq!(lang_of_word("quiz", &words), None);
/// assert_eq!(lang_of_word("STOP", &words), None);
/// ```
pub fn lang_of_word(word: &str, words: &Vocabulary) -> Option<Lang> {
    let folded = fold::fold(word.trim());
    let listed = |lang: &Lang| {
        let mut all = words.keywords.iter().flat_map(|keyword| &keyword.words);
        all.any(|(entry, of)| of == lang && entry.joined() == folded)
    };
    let mut langs: Vec<Lang> =
        words.keywords.iter().flat_map(|keyword| &keyword.words).map(|(_, lang)| *lang).collect();
    langs.sort_unstable();
    langs.dedup();
    langs.retain(listed);
    if langs.is_empty() {
        langs = lexicon::languages_of(&folded);
    }
    // The whole world writes STOP; it says nothing about its writer.
    match langs.as_slice() {
        _ if folded == "stop" => None,
        [only] => Some(*only),
        [] if folded.chars().any(|c| ('\u{600}'..='\u{6ff}').contains(&c)) => Some(Lang::ARABIC),
        _ => None,
    }
}

/// Nothing but signs: a question mark asks for help, a raised thumb says yes where a yes is all there is to say.
fn wordless(text: &Text, situation: &Situation<'_>) -> Outcome {
    let thumb = text.source.contains(['👍', '✅', '👌', '✔']);
    match situation.question {
        Some(Choice { field, options }) if thumb && options.len() == 1 => {
            Outcome::of(Meaning::Answer { field: field.clone(), value: options[0].value.clone() })
        }
        Some(choice) => Outcome::of(not_an_answer(choice, AnswerProblem::NotAnAnswer)),
        None if text.is_question() => Outcome::of(Meaning::Help),
        None => Outcome::of(Meaning::Ask(Question::Keyword { candidates: Vec::new() })),
    }
}

fn not_an_answer(choice: &Choice, problem: AnswerProblem) -> Meaning {
    Meaning::Ask(Question::Answer { field: choice.field.clone(), problem })
}

fn keyword_or_talk(text: &Text, situation: &Situation<'_>) -> Outcome {
    let found = keyword::find(text, situation.words, false);
    match (found, situation.question) {
        (Found::One(hit), None) => Outcome {
            meaning: Meaning::Keyword { keyword: hit.keyword, rest: hit.rest },
            lang: hit.lang,
            forward: false,
        },
        (Found::One(hit), Some(choice)) => {
            // Only an urgent keyword beats a question that waits, unless the last message itself asked for this word.
            if invited(text, hit.at, situation.last_sent) {
                let meaning = Meaning::Keyword { keyword: hit.keyword, rest: hit.rest };
                return Outcome { meaning, lang: hit.lang, forward: false };
            }
            let problem = AnswerProblem::OtherKeyword { keyword: hit.keyword };
            Outcome { meaning: not_an_answer(choice, problem), lang: hit.lang, forward: false }
        }
        (Found::Perhaps(candidates), None) if text.tokens.len() <= 6 => {
            Outcome { meaning: Meaning::Ask(Question::Keyword { candidates }), lang: None, forward: true }
        }
        (_, Some(choice)) if text.tokens.len() <= 3 && !text.asks() || does_not_know(text) => {
            Outcome { meaning: not_an_answer(choice, AnswerProblem::NotAnAnswer), lang: None, forward: true }
        }
        _ => talk(text, situation.question.is_some()),
    }
}

/// Whether somebody says that there is no answer.
fn does_not_know(text: &Text) -> bool {
    static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
        Phrases::new("dont know|do not know|no idea|not sure|ne sais pas|sais pas|aucune idee|nao sei|لا اعرف")
    });
    text.tokens.len() <= 6 && PHRASES.are_in(text)
}

/// Whether the last message names a word in capitals, as messages do when they invite it.
fn invited(text: &Text, at: usize, last_sent: Option<&str>) -> bool {
    let word = &text.tokens[at].text;
    last_sent.is_some_and(|sent| Text::read(sent).tokens.iter().any(|token| token.caps && token.text == *word))
}

/// What is neither command nor answer. A greeting alone, a question who writes, or a single odd word gets the list of words;
/// everything else is for a person.
fn talk(text: &Text, asked: bool) -> Outcome {
    let mut classes = Vec::new();
    let mut at = 0;
    while at < text.tokens.len() {
        let found = lexicon::phrase_at(text, at);
        classes.push(found.map(|found| found.class));
        at += found.map_or(1, |found| found.length);
    }
    let greets = classes.contains(&Some(Class::Greet))
        && classes.iter().all(|class| matches!(class, Some(Class::Greet | Class::Title | Class::Polite)));
    let who =
        (0..text.tokens.len()).find_map(|at| lexicon::phrase_at(text, at).filter(|found| found.class == Class::Who));
    // A single word, or one with a figure, that is no word: somebody tries a code.
    let code = text.tokens.len() == 1 || text.tokens.len() == 2 && text.tokens[1].is_number();
    let odd = code && classes[0].is_none() && !ordinary::is_ordinary(&text.tokens[0].text);
    let short = text.tokens.len() <= 6;
    if !asked && (greets || odd || who.is_some() && short) {
        let lang = who.or_else(|| lexicon::phrase_at(text, 0)).and_then(|found| found.lang);
        return Outcome {
            meaning: Meaning::Ask(Question::Keyword { candidates: Vec::new() }),
            lang,
            forward: who.is_some(),
        };
    }
    Outcome { meaning: Meaning::Inbox, lang: None, forward: true }
}
