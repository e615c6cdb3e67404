//! Keywords: at the beginning of what is said, in both languages, with the slips of thumbs; but a word in a sentence is no keyword.

use mhero_core::Lang;

use super::{
    fold::{Text, trim},
    lexicon::{self, Class},
    marks::entry_at,
    near::Nearness,
    ordinary::is_ordinary,
    sentence::reads_on,
    words::{KeywordEntry, Vocabulary},
};

/// Shortest beginning of a longer keyword that stands for it, in letters: `prob`.
const CUT_LETTERS_MIN: usize = 4;
/// Shortest beginning that is worth a question.
const HINT_LETTERS_MIN: usize = 2;
/// Shortest keyword that letters may be glued to, in letters.
const GLUED_LETTERS_MIN: usize = 5;

/// A keyword found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) keyword: String,
    pub(super) urgent: bool,
    /// What stands after it, as received.
    pub(super) rest: String,
    /// The language of the word, when it belongs to one only.
    pub(super) lang: Option<Lang>,
    /// Which word of the text it is.
    pub(super) at: usize,
}

/// What looking for a keyword gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// One keyword.
    One(Hit),
    /// Perhaps one of these; ask.
    Perhaps(Vec<String>),
    /// None.
    Nothing,
}

/// Looks at the places where a keyword can stand. With `urgent_only` at every clause, since a case must be heard.
pub(super) fn find(text: &Text, vocabulary: &Vocabulary, urgent_only: bool) -> Found {
    let mut perhaps = Vec::new();
    for at in places(text, urgent_only) {
        match at_word(text, at, vocabulary, urgent_only) {
            Found::One(hit) if reads_on(text, &hit) => {}
            Found::One(hit) => return Found::One(hit),
            Found::Perhaps(candidates) if perhaps.is_empty() => perhaps = candidates,
            Found::Perhaps(_) | Found::Nothing => {}
        }
    }
    if perhaps.is_empty() && !urgent_only {
        perhaps = swapped(text, vocabulary);
    }
    if perhaps.is_empty() { Found::Nothing } else { Found::Perhaps(perhaps) }
}

/// "19 wk": number and keyword in the wrong order, and nothing else. It may also be two weeks.
fn swapped(text: &Text, vocabulary: &Vocabulary) -> Vec<String> {
    match text.tokens.as_slice() {
        [number, _] if number.is_number() => match at_word(text, 1, vocabulary, false) {
            Found::One(hit) => vec![hit.keyword],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// Where a keyword can stand: first in the text after courtesies, after an opening greeting, and for urgent ones first in any clause
/// or after words such as "I want to report".
fn places(text: &Text, urgent_only: bool) -> Vec<usize> {
    let courtesy = |at: usize| {
        lexicon::phrase_at(text, at)
            .filter(|found| matches!(found.class, Class::Greet | Class::Title | Class::Polite))
            .map(|found| found.length)
    };
    let skip = |mut at: usize| {
        while let Some(length) = courtesy(at) {
            at += length;
        }
        at
    };
    let first = skip(0);
    let mut places = vec![first];
    let greeted = lexicon::phrase_at(text, 0).is_some_and(|found| found.class == Class::Greet);
    for at in 1..text.tokens.len() {
        // "Good day, this is Mary. SOH zi 40": the clause of the greeting is skipped, whoever is named in it.
        let after_greeting = greeted && places.len() < 3 && at <= 12;
        if text.opens_clause(at) && (urgent_only || after_greeting) {
            places.push(skip(at));
        }
    }
    // Others only after the word "report", and with figures behind: "rapport hebdo 19".
    let (led, reports) = after_leading(text, first);
    if urgent_only
        || reports && text.tokens.get(led + 1).is_some_and(|token| token.text.starts_with(|c: char| c.is_ascii_digit()))
    {
        places.push(led);
    }
    places.retain(|at| *at < text.tokens.len());
    places.dedup();
    places
}

/// Words that lead to a report: "I want to report an alert", "j'ai une alerte", "1 and alert".
const LEADING: &str = " report reporting send sending raise this is an new we have the signaler signale envoie une nous avons nouvelle here \
                       ici urgent i there j ai il y a and et but mais also aussi voici rapport my mon notre our le la de du for of ";

/// The first word after those that lead to a report, and whether one of them was "report" itself.
fn after_leading(text: &Text, from: usize) -> (usize, bool) {
    let (mut at, mut reports) = (from, false);
    while let Some(token) = text.tokens.get(at) {
        let wish = lexicon::phrase_at(text, at).filter(|found| found.class == Class::Want).map(|found| found.length);
        match wish {
            Some(length) => at += length,
            // "1 alert": a number that answers, or counts, before it.
            None if LEADING.contains(&format!(" {} ", token.text)) || token.is_number() => at += 1,
            None => break,
        }
        reports |= matches!(token.text.as_str(), "report" | "reporting" | "rapport");
    }
    (at, reports)
}

fn at_word(text: &Text, at: usize, vocabulary: &Vocabulary, urgent_only: bool) -> Found {
    let keywords = || vocabulary.keywords.iter().filter(|keyword| keyword.urgent || !urgent_only);
    let word = &text.tokens[at].text;
    let mut near: Vec<(Nearness, usize, &KeywordEntry)> = keywords()
        .filter_map(|keyword| {
            let best = keyword.words.iter().filter_map(|(entry, _)| entry_at(text, at, entry)).min()?;
            Some((best.0, best.1, keyword))
        })
        .collect();
    near.sort_by_key(|(near, length, _)| (*near, std::cmp::Reverse(*length)));
    if let Some((Nearness::Same | Nearness::Close, length, keyword)) = near.first() {
        return Found::One(hit(text, at, at + length, keyword));
    }
    if let Some(found) = glued(text, at, keywords()) {
        return found;
    }
    if is_ordinary(word) || lexicon::class_of(word).is_some() {
        return Found::Nothing;
    }
    match near.as_slice() {
        [(Nearness::Typo, length, keyword)] => return Found::One(hit(text, at, at + length, keyword)),
        [(Nearness::Typo, length, keyword), (Nearness::Far, ..), ..] => {
            return Found::One(hit(text, at, at + length, keyword));
        }
        [] => {}
        several => return Found::Perhaps(several.iter().map(|(.., keyword)| keyword.keyword.clone()).collect()),
    }
    cut_short(text, at, keywords())
}

/// A keyword that was cut: `prob`. Two or three letters only hint at it.
fn cut_short<'k>(text: &Text, at: usize, keywords: impl Iterator<Item = &'k KeywordEntry>) -> Found {
    let word = &text.tokens[at].text;
    let letters = word.chars().count();
    let begins =
        |keyword: &&KeywordEntry| keyword.words.iter().any(|(entry, _)| entry.joined().starts_with(word.as_str()));
    // Inside a sentence two letters are no hint.
    let hints = letters >= CUT_LETTERS_MIN || letters >= HINT_LETTERS_MIN && text.tokens.len() <= 2;
    let all: Vec<&KeywordEntry> =
        if hints && !text.tokens[at].is_number() { keywords.filter(begins).collect() } else { Vec::new() };
    match all.as_slice() {
        [] => Found::Nothing,
        [only] if letters >= CUT_LETTERS_MIN => Found::One(hit(text, at, at + 1, only)),
        several => Found::Perhaps(several.iter().map(|keyword| keyword.keyword.clone()).collect()),
    }
}

/// A keyword with its rest stuck to it: `SEM19`, `ALERTmeasles`.
fn glued<'k>(text: &Text, at: usize, keywords: impl Iterator<Item = &'k KeywordEntry>) -> Option<Found> {
    let token = &text.tokens[at];
    let mut best: Option<(usize, &KeywordEntry, Lang)> = None;
    for keyword in keywords {
        for (entry, lang) in &keyword.words {
            let word = entry.joined();
            let longer = best.is_none_or(|(length, ..)| word.len() > length);
            if longer && token.text.len() > word.len() && token.text.starts_with(&word) {
                best = Some((word.len(), keyword, *lang));
            }
        }
    }
    let (length, keyword, _) = best?;
    let raw = &text.source[token.start..token.end];
    // Folding keeps the number of letters for all but ligatures; count letters, not bytes, in what was received.
    let letters = token.text[..length].chars().count();
    let split = raw.char_indices().nth(letters).map_or(raw.len(), |(at, _)| at);
    let (head, tail) = raw.split_at(split);
    let first = tail.chars().next()?;
    let rest = trim(&text.source[token.start + split..]).to_owned();
    let lang = lang_of(keyword, &token.text[..length]);
    let found = Hit { keyword: keyword.keyword.clone(), urgent: keyword.urgent, rest, lang, at };
    // "sohzi40": letters and figures of a form.
    let mut form = tail.trim_start_matches(char::is_alphabetic).chars();
    let coded = form.next().is_some_and(|c| c.is_ascii_digit()) && letters >= 3;
    let shouted = head.chars().all(|c| !c.is_lowercase()) && first.is_lowercase();
    if first.is_ascii_digit() || coded || shouted && letters >= 3 {
        return Some(Found::One(found));
    }
    let tail = &token.text[length..];
    if letters < GLUED_LETTERS_MIN || tail.chars().count() < 4 || is_ending(tail) || is_ordinary(&token.text) {
        return None;
    }
    Some(if keyword.urgent { Found::One(found) } else { Found::Perhaps(vec![keyword.keyword.clone()]) })
}

/// Whether letters after a word only make another form of it: `alertness`, `problematique`.
fn is_ending(tail: &str) -> bool {
    const ENDINGS: [&str; 22] = [
        "ness", "ing", "ings", "able", "ables", "ement", "ation", "ations", "ateur", "atic", "atique", "atiques",
        "erait", "eront", "erons", "erez", "eurs", "euse", "aient", "ional", "book", "list",
    ];
    ENDINGS.contains(&tail)
}

fn hit(text: &Text, at: usize, after: usize, keyword: &KeywordEntry) -> Hit {
    // Whoever is in a hurry writes the word twice.
    let is_again = |at: usize| {
        let entry = |(entry, _): &(super::words::Entry, Lang)| entry_at(text, at, entry);
        keyword
            .words
            .iter()
            .filter_map(entry)
            .filter(|(near, _)| *near <= Nearness::Close)
            .map(|(_, length)| length)
            .max()
    };
    let mut after = after;
    while let Some(length) = (after < text.tokens.len()).then(|| is_again(after)).flatten() {
        after += length;
    }
    let only_courtesy = (after..text.tokens.len()).all(|at| {
        matches!(lexicon::class_of(&text.tokens[at].text), Some(Class::Polite | Class::Title | Class::Greet))
    });
    let rest = if only_courtesy { "" } else { text.rest_from(after) };
    let lang = lang_of(keyword, &text.tokens[at].text);
    Hit { keyword: keyword.keyword.clone(), urgent: keyword.urgent, rest: rest.to_owned(), lang, at }
}

/// The language of the keyword's word that is nearest to what was written; `None` when two languages write it alike.
fn lang_of(keyword: &KeywordEntry, word: &str) -> Option<Lang> {
    let near = |entry: &super::words::Entry| super::near::nearness(word, &entry.joined());
    let best = keyword.words.iter().filter_map(|(entry, _)| near(entry)).min()?;
    let mut langs = keyword.words.iter().filter(|(entry, _)| near(entry) == Some(best)).map(|(_, lang)| *lang);
    let first = langs.next()?;
    langs.all(|lang| lang == first).then_some(first)
}
