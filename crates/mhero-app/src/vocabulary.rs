//! The words of the installation: STOP and its sisters, topics, keywords. They are data, kept as a setting.

use std::sync::Arc;

use mhero_core::{Lang, Right};
use mhero_store::{Queue, TriggerRow, Unit};
use mhero_text::reply::{ControlWords, Keyword, Meaning, Situation, Vocabulary, lang_of_word, understand};
use serde::{Deserialize, Serialize};

use crate::{
    App, AppError, Caller,
    flows::{Trigger, TriggerTerms},
};

/// The key under which the words stand.
const KEY: &str = "words";

/// All words that a phone may write to mHero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstallationWords {
    /// STOP, START and HELP families, and topics.
    pub control: ControlWords,
    /// Keywords.
    pub keywords: Vec<Keyword>,
}

impl Default for InstallationWords {
    fn default() -> Self {
        Self { control: ControlWords::standard(), keywords: Keyword::standard() }
    }
}

/// Most keywords that HELP lists, so that the answer stays one SMS.
const HELP_WORDS_MAX: usize = 8;

/// Words to write, in one language.
#[derive(Clone, Debug)]
pub(crate) struct Signs {
    /// To leave.
    pub(crate) stop: String,
    /// To return.
    pub(crate) start: String,
    /// Everything that can be texted, for HELP.
    pub(crate) words: String,
}

/// Refuses a word for one list that says after STOP that all messages are meant: `STOP ALL` must leave everything.
pub(crate) fn one_list_only(control: &ControlWords, word: &str) -> Result<(), AppError> {
    let without = ControlWords { topics: Vec::new(), ..control.clone() };
    let vocabulary = Vocabulary::new(&without, &[]);
    let means_all = control.stop.iter().any(|stop| {
        let said = understand(&format!("{stop} {word}"), &Situation::idle(&vocabulary));
        matches!(said.meaning, Meaning::Stop { scope: None })
    });
    if means_all {
        return Err(AppError::invalid("words-list-means-all", [("word", word.chars().take(80).collect())]));
    }
    Ok(())
}

impl App {
    /// The words of this installation; those of a new one until somebody changes them.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn installation_words(&self) -> Result<InstallationWords, AppError> {
        let json = self.store().setting(KEY).await?;
        Ok(json.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
    }

    /// Changes the words.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::Invalid`] when STOP would have no word left, or a list a word that means all messages.
    pub async fn set_installation_words(&self, caller: &Caller, words: &InstallationWords) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        if words.control.stop.iter().all(|word| word.trim().is_empty()) {
            return Err(AppError::invalid("words-no-stop", []));
        }
        for word in words.control.topics.iter().flat_map(|topic| topic.words.iter().chain([&topic.topic])) {
            one_list_only(&words.control, word)?;
        }
        let json = serde_json::to_string(words)
            .map_err(|e| AppError::invalid("words-unreadable", [("detail", e.to_string())]))?;
        let mut unit = Unit::new();
        unit.put_setting(KEY, &json, self.clock().now_micros());
        unit.audit(self.store(), &caller.entry("words-set", "installation", None, serde_json::json!({})));
        self.store().write(unit, Queue::Interactive).await?;
        self.forget_facts();
        Ok(())
    }

    /// The words of this installation with those that start flows.
    pub(crate) async fn all_words(&self, facts: &crate::Facts) -> Result<InstallationWords, AppError> {
        let mut words = self.installation_words().await?;
        for topic in self.programme_topics().await? {
            // What the settings say of a programme comes beside its names.
            match words.control.topics.iter_mut().find(|known| known.topic.eq_ignore_ascii_case(&topic.topic)) {
                Some(known) => {
                    known.topic = topic.topic;
                    known.words.extend(topic.words);
                }
                None => words.control.topics.push(topic),
            }
        }
        let elsewhere = self.flows_elsewhere().await?;
        let is_here = |row: &&TriggerRow| row.active && !elsewhere.contains(&row.flow);
        for row in self.store().triggers().await?.iter().filter(is_here) {
            let Some(TriggerTerms::Keyword { words: own, .. }) = Trigger::read(row).map(|trigger| trigger.terms) else {
                continue;
            };
            for word in own {
                let upper = word.to_uppercase();
                let is_known = |known: &Keyword| known.words.values().flatten().any(|word| *word == upper);
                if !words.keywords.iter().any(is_known) {
                    let languages = [(facts.default_language(), vec![upper.clone()])];
                    words.keywords.push(Keyword { keyword: upper, urgent: row.urgent, words: languages.into() });
                }
            }
        }
        Ok(words)
    }

    pub(crate) async fn vocabulary(&self) -> Result<Arc<Vocabulary>, AppError> {
        Ok(self.words_cached().await?.1)
    }

    /// The words that an automatic reply in a language tells people to write.
    pub(crate) async fn signs(&self, language: Lang) -> Result<Signs, AppError> {
        let (words, vocabulary) = self.words_cached().await?;
        let of = |list: &[String]| {
            let in_language = list.iter().find(|word| lang_of_word(word, &vocabulary) == Some(language));
            in_language.or_else(|| list.first()).cloned().unwrap_or_default()
        };
        let stop = of(&words.control.stop);
        let listed = words.keywords.iter().take(HELP_WORDS_MAX).map(|keyword| shown(keyword, language));
        let listed: Vec<String> = listed.chain([stop.clone()]).collect();
        Ok(Signs { start: of(&words.control.start), words: listed.join(", "), stop })
    }

    pub(crate) async fn is_urgent(&self, keyword: &str) -> Result<bool, AppError> {
        let words = self.words_cached().await?.0;
        Ok(words.keywords.iter().any(|known| known.keyword == keyword && known.urgent))
    }

    /// What people of a language write for a keyword.
    pub(crate) async fn shown_keyword(&self, keyword: &str, language: Lang) -> Result<String, AppError> {
        let words = self.words_cached().await?.0;
        let found = words.keywords.iter().find(|known| known.keyword == keyword);
        Ok(found.map_or_else(|| keyword.to_owned(), |known| shown(known, language)))
    }
}

fn shown(keyword: &Keyword, language: Lang) -> String {
    let words = keyword.words.get(&language).or_else(|| keyword.words.values().next());
    words.and_then(|words| words.first()).unwrap_or(&keyword.keyword).clone()
}
