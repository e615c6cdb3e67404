//! The words of an installation: STOP and START families, HELP, topics, keywords. All of them are data.

use std::collections::BTreeMap;

use mhero_core::Lang;
use serde::{Deserialize, Serialize};

use super::fold::Text;

/// The words by which people leave, return and get help, and the lists that they can leave one by one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlWords {
    /// Words of one who wants no more messages.
    pub stop: Vec<String>,
    /// Words of one who wants them again.
    pub start: Vec<String>,
    /// Words that ask which words there are.
    pub help: Vec<String>,
    /// Lists that a STOP or START can be limited to.
    #[serde(default)]
    pub topics: Vec<Topic>,
}

/// A list of messages that can be left by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// Its code.
    pub topic: String,
    /// What people call it.
    pub words: Vec<String>,
}

/// A word that starts something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keyword {
    /// Its code: `ALERT`.
    pub keyword: String,
    /// Whether it is heard before a question that waits.
    #[serde(default)]
    pub urgent: bool,
    /// What people write, by language.
    #[serde(flatten)]
    pub words: BTreeMap<Lang, Vec<String>>,
}

impl ControlWords {
    /// The words of a new installation: those of the carriers' codes of conduct, and their like in French, Portuguese and Arabic.
    pub fn standard() -> Self {
        let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect();
        Self {
            stop: words(&["STOP", "ARRET", "STOPALL", "PARAR", "توقف", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"]),
            start: words(&["START", "REPRISE", "RECOMEÇAR", "ابدأ"]),
            help: words(&["HELP", "AIDE", "AJUDA", "مساعدة"]),
            topics: Vec::new(),
        }
    }
}

impl Keyword {
    /// One keyword with its English and French words.
    pub fn new(keyword: &str, urgent: bool, english: &[&str], french: &[&str]) -> Self {
        let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect();
        let words = BTreeMap::from([(Lang::ENGLISH, words(english)), (Lang::FRENCH, words(french))]);
        Self { keyword: keyword.to_owned(), urgent, words }
    }

    /// The keywords of a new installation; each can be renamed, taken out or joined by others.
    pub fn standard() -> Vec<Self> {
        vec![
            Self::new("ALERT", true, &["ALERT"], &["ALERTE"]),
            Self::new("WK", false, &["WK", "WEEK", "WEEKLY"], &["SEM", "SEMAINE", "HEBDO"]),
            Self::new("SOH", false, &["SOH"], &["STK"]),
            Self::new("LAB", false, &["LAB"], &["LABO"]),
            Self::new("LEARN", false, &["LEARN"], &["APPRENDRE"]),
            Self::new("QUIZ", false, &["QUIZ"], &["QUIZ"]),
            Self::new("PROBLEM", false, &["PROBLEM"], &["PROBLEME"]),
        ]
    }
}

/// The words made ready for reading: folded once, used for every text.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    pub(super) stop: Vec<Entry>,
    pub(super) start: Vec<Entry>,
    pub(super) help: Vec<Entry>,
    pub(super) topics: Vec<TopicEntry>,
    pub(super) keywords: Vec<KeywordEntry>,
}

/// A word as folded tokens; most are one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) tokens: Vec<String>,
}

impl Entry {
    /// `None` for a word without any letter or digit.
    fn new(word: &str) -> Option<Self> {
        let tokens: Vec<String> = Text::read(word).tokens.into_iter().map(|token| token.text).collect();
        (!tokens.is_empty()).then_some(Self { tokens })
    }

    /// The whole word without its spaces.
    pub(super) fn joined(&self) -> String {
        self.tokens.concat()
    }
}

#[derive(Clone, Debug)]
pub(super) struct TopicEntry {
    pub(super) topic: String,
    pub(super) words: Vec<Entry>,
}

#[derive(Clone, Debug)]
pub(super) struct KeywordEntry {
    pub(super) keyword: String,
    pub(super) urgent: bool,
    pub(super) words: Vec<(Entry, Lang)>,
}

impl Vocabulary {
    /// Makes words ready. Empty words are left out.
    pub fn new(control: &ControlWords, keywords: &[Keyword]) -> Self {
        let entries = |words: &[String]| words.iter().filter_map(|word| Entry::new(word)).collect();
        let topic = |topic: &Topic| TopicEntry {
            topic: topic.topic.clone(),
            // The code itself is understood, too.
            words: topic.words.iter().chain([&topic.topic]).filter_map(|word| Entry::new(word)).collect(),
        };
        let keyword = |keyword: &Keyword| KeywordEntry {
            keyword: keyword.keyword.clone(),
            urgent: keyword.urgent,
            words: keyword
                .words
                .iter()
                .flat_map(|(lang, words)| words.iter().filter_map(|word| Some((Entry::new(word)?, *lang))))
                .collect(),
        };
        Self {
            stop: entries(&control.stop),
            start: entries(&control.start),
            help: entries(&control.help),
            topics: control.topics.iter().map(topic).collect(),
            keywords: keywords.iter().map(keyword).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_from_data() {
        let keyword: Keyword =
            serde_json::from_str(r#"{"keyword":"ALERT","en":["ALERT"],"fr":["ALERTE"],"urgent":true}"#).expect("JSON");
        assert_eq!(keyword, Keyword::new("ALERT", true, &["ALERT"], &["ALERTE"]));
        let control: ControlWords = serde_json::from_str(r#"{"stop":["STOP"],"start":[],"help":["?"]}"#).expect("JSON");
        let vocabulary = Vocabulary::new(&control, &[keyword]);
        assert_eq!((vocabulary.stop.len(), vocabulary.help.len(), vocabulary.keywords[0].words.len()), (1, 0, 2));
    }
}
