//! Looking for phrases anywhere in a text.

use super::{fold::Text, near::lost_accents};

/// Phrases as folded tokens, from one `|`-separated list.
pub(super) struct Phrases(Vec<Vec<String>>);

impl Phrases {
    pub(super) fn new(list: &str) -> Self {
        let tokens = |phrase: &str| Text::read(phrase).tokens.into_iter().map(|token| token.text).collect::<Vec<_>>();
        Self(list.split('|').map(tokens).filter(|phrase| !phrase.is_empty()).collect())
    }

    /// Where phrases stand: each time the token after the phrase.
    pub(super) fn ends_in<'t>(&'t self, text: &'t Text) -> impl Iterator<Item = usize> + 't {
        let lengths = move |at: usize| self.0.iter().filter(move |phrase| matches_at(text, at, phrase)).map(Vec::len);
        (0..text.tokens.len()).flat_map(move |at| lengths(at).map(move |length| at + length))
    }

    /// Whether any of them stands in the text.
    pub(super) fn are_in(&self, text: &Text) -> bool {
        self.ends_in(text).next().is_some()
    }

    /// How many different ones stand in the text, up to 3.
    pub(super) fn count_in(&self, text: &Text) -> usize {
        let is_in = |phrase: &&Vec<String>| (0..text.tokens.len()).any(|at| matches_at(text, at, phrase));
        self.0.iter().filter(is_in).take(3).count()
    }

    /// Tokens of the longest phrase that begins at a place.
    pub(super) fn longest_at(&self, text: &Text, at: usize) -> Option<usize> {
        self.0.iter().filter(|phrase| matches_at(text, at, phrase)).map(Vec::len).max()
    }
}

fn matches_at(text: &Text, at: usize, phrase: &[String]) -> bool {
    let here = &text.tokens[at..];
    here.len() >= phrase.len() && phrase.iter().zip(here).all(|(a, b)| *a == b.text || lost_accents(&b.text, a))
}
