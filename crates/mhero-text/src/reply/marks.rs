//! A text as a row of marks: which words are commands of the installation, which are everyday phrases, which are neither.

use mhero_core::Lang;

use super::{
    fold::Text,
    lexicon::{self, Class},
    near::{Nearness, nearness},
    ordinary::is_ordinary,
    words::{Entry, Vocabulary},
};

/// What a part of the text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A listed STOP word.
    Stop(Nearness),
    /// A listed START word.
    Start(Nearness),
    /// A listed HELP word.
    Help(Nearness),
    /// A topic, by its code.
    Topic(String),
    /// An everyday phrase.
    Phrase(Class),
    /// Anything else.
    Unknown,
}

/// A part with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) part: Part,
    /// First token.
    pub(super) at: usize,
    /// Tokens it covers.
    pub(super) length: usize,
    /// The language it was written in, where that is sure.
    pub(super) lang: Option<Lang>,
}

/// A list of words and the part that one of them makes.
type Listed<'v> = (&'v [Entry], fn(Nearness) -> Part);

/// Marks at most so many tokens; a longer text is talk, not a command.
pub(super) const MARKED_TOKENS_MAX: usize = 24;

/// Reads the first words of a text as marks.
pub(super) fn marks(text: &Text, vocabulary: &Vocabulary) -> Vec<Mark> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.tokens.len().min(MARKED_TOKENS_MAX) {
        let glued = glued(text, at, vocabulary);
        let marks = if glued.is_empty() { vec![mark_at(text, at, vocabulary)] } else { glued };
        at += marks.iter().map(|mark| mark.length).sum::<usize>().max(1);
        found.extend(marks);
    }
    found
}

fn mark_at(text: &Text, at: usize, vocabulary: &Vocabulary) -> Mark {
    let make = |part, length, lang| Mark { part, at, length, lang };
    let phrase = lexicon::phrase_at(text, at);
    let lists: [Listed<'_>; 3] =
        [(&vocabulary.stop, Part::Stop), (&vocabulary.start, Part::Start), (&vocabulary.help, Part::Help)];
    for (entries, part) in &lists {
        if let Some((near, length)) = listed(text, at, entries).filter(|(near, _)| *near <= Nearness::Close) {
            return make(part(near), length, word_lang(text, at, length, phrase));
        }
    }
    for topic in &vocabulary.topics {
        if let Some((_, length)) = listed(text, at, &topic.words).filter(|(near, _)| *near <= Nearness::Close) {
            return make(Part::Topic(topic.topic.clone()), length, None);
        }
    }
    if let Some(found) = phrase {
        return make(Part::Phrase(found.class), found.length, found.lang);
    }
    // A slip only counts when the word is not another word that people write, nor a keyword.
    let word = &text.tokens[at].text;
    if !is_ordinary(word) && !is_keyword(word, vocabulary) {
        let nearest = lists
            .iter()
            .filter_map(|(entries, part)| Some((listed(text, at, entries)?, part)))
            .min_by_key(|((near, _), _)| *near);
        let keyword = nearest_keyword(word, vocabulary);
        if let Some(((near, length), part)) = nearest.filter(|((near, _), _)| keyword.is_none_or(|other| *near < other))
        {
            return make(part(near), length, None);
        }
    }
    make(Part::Unknown, 1, None)
}

/// Whether a word is a keyword as it should be written.
pub(super) fn is_keyword(word: &str, vocabulary: &Vocabulary) -> bool {
    nearest_keyword(word, vocabulary).is_some_and(|near| near <= Nearness::Close)
}

fn nearest_keyword(word: &str, vocabulary: &Vocabulary) -> Option<Nearness> {
    let words = vocabulary.keywords.iter().flat_map(|keyword| &keyword.words);
    words.filter_map(|(entry, _)| nearness(word, &entry.joined())).min()
}

fn word_lang(text: &Text, at: usize, length: usize, phrase: Option<lexicon::Found>) -> Option<Lang> {
    match phrase {
        Some(found) if found.length == length => found.lang,
        _ if text.tokens[at].text.chars().any(|c| ('\u{600}'..='\u{6ff}').contains(&c)) => Some(Lang::ARABIC),
        _ => None,
    }
}

/// The nearest listed word that begins at a token, with the tokens it covers: also one written in two pieces or letter by letter.
pub(super) fn listed(text: &Text, at: usize, entries: &[Entry]) -> Option<(Nearness, usize)> {
    entries.iter().filter_map(|entry| entry_at(text, at, entry)).min()
}

/// How near the text at a token is to one listed word, and the tokens it covers.
pub(super) fn entry_at(text: &Text, at: usize, entry: &Entry) -> Option<(Nearness, usize)> {
    let here = &text.tokens[at..];
    if let [only] = entry.tokens.as_slice() {
        let near = nearness(&here.first()?.text, only);
        if near.is_some_and(|near| near <= Nearness::Close) {
            return near.map(|near| (near, 1));
        }
        return in_pieces(text, at, only).map(|length| (Nearness::Close, length)).or(near.map(|near| (near, 1)));
    }
    let same = here.len() >= entry.tokens.len() && entry.tokens.iter().zip(here).all(|(a, b)| *a == b.text);
    if same {
        return Some((Nearness::Same, entry.tokens.len()));
    }
    (entry.joined() == here.first()?.text).then_some((Nearness::Close, 1))
}

/// The tokens that give a word when put together: `al ert`, `s t o p`. Of two pieces one must be too odd to be a word.
fn in_pieces(text: &Text, at: usize, word: &str) -> Option<usize> {
    let here = &text.tokens[at..];
    let mut joined = String::new();
    for (count, token) in here.iter().enumerate() {
        let single = token.text.chars().count() == 1;
        joined.push_str(&token.text);
        if joined.len() >= word.len() || !word.starts_with(&joined) {
            let pieces = count + 1;
            let odd = || {
                here[..pieces].iter().any(|piece| !is_ordinary(&piece.text) && lexicon::class_of(&piece.text).is_none())
            };
            let letters = pieces == word.chars().count();
            return (joined == word
                && pieces > 1
                && (letters && pieces > 2 || word.chars().count() >= 4 && pieces == 2 && odd()))
            .then_some(pieces);
        }
        if !single && count > 0 {
            return None;
        }
    }
    None
}

/// A STOP or START word with its object stuck to it: `STOPQUIZ`, `stopsms`.
fn glued(text: &Text, at: usize, vocabulary: &Vocabulary) -> Vec<Mark> {
    let word = &text.tokens[at].text;
    let lists: [(&[Entry], Part); 2] =
        [(&vocabulary.stop, Part::Stop(Nearness::Close)), (&vocabulary.start, Part::Start(Nearness::Close))];
    for (entries, part) in lists {
        if entries.iter().any(|entry| entry.joined() == *word) {
            return Vec::new();
        }
        for entry in entries.iter().map(Entry::joined).filter(|entry| entry.chars().count() >= 4) {
            let Some(rest) = word.strip_prefix(&entry).filter(|rest| rest.chars().count() >= 2) else { continue };
            let topic = vocabulary.topics.iter().find(|topic| topic.words.iter().any(|w| w.joined() == rest));
            let object = match (topic, lexicon::class_of(rest)) {
                (Some(topic), _) => Part::Topic(topic.topic.clone()),
                (None, Some(class @ (Class::Object | Class::All | Class::Polite))) => Part::Phrase(class),
                _ => continue,
            };
            // Both marks stand on one token; the second covers none.
            return vec![Mark { part, at, length: 1, lang: None }, Mark { part: object, at, length: 0, lang: None }];
        }
    }
    Vec::new()
}
