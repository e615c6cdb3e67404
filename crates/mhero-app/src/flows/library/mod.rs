//! The ready use cases of the folder `library/`, which is part of the program: what there is, and loading one.
//!
//! A use case is a folder with the export that makes it (`export.json`), what lists show of it (`about.json`), a page of
//! explanation for each language (`README.md`, `LISEZMOI.md`) and scripted conversations (`conversation.en.json`,
//! `conversation.fr.json`), which tests play.

use std::{borrow::Cow, collections::BTreeMap, sync::LazyLock};

use mhero_core::{Lang, LangMap};
use rust_embed::RustEmbed;
use serde::Deserialize;

use super::exports::ExportReport;
use crate::{App, AppError, Caller};

/// What revisions and reports name as the origin of a flow from the library.
const ORIGIN: &str = "library";

#[derive(RustEmbed)]
#[folder = "../../library"]
struct Files;

/// A use case as lists show it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The name of its folder, which stays the same.
    pub key: String,
    /// Its place in lists.
    pub order: u32,
    /// What it is called.
    pub names: LangMap,
    /// What it is for, in a sentence.
    pub summaries: LangMap,
    /// The stories of users that it tells, by their numbers: `S16`.
    pub stories: Vec<String>,
    /// The words that start it, by language, as pages show them.
    pub keywords: BTreeMap<Lang, Vec<String>>,
}

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let abouts = Files::iter().filter(|path| path.ends_with("/about.json"));
    let read = |path: Cow<'static, str>| {
        let file = Files::get(&path)?;
        serde_json::from_slice(&file.data)
            .map_err(|error| tracing::error!(%path, %error, "a use case can't be read"))
            .ok()
    };
    let mut entries: Vec<Entry> = abouts.filter_map(read).collect();
    entries.sort_by_key(|entry| entry.order);
    entries
});

/// The use cases, in their order.
pub fn entries() -> &'static [Entry] {
    &ENTRIES
}

/// The use case of a key.
pub fn entry(key: &str) -> Option<&'static Entry> {
    entries().iter().find(|entry| entry.key == key)
}

/// The export of a use case: JSON with flows, groups, fields, triggers and campaigns. `None` for a key that there is not.
pub fn export(key: &str) -> Option<Cow<'static, [u8]>> {
    file(key, "export.json")
}

/// The page of explanation in Markdown, in French for French and in English for any other language.
pub fn page(key: &str, lang: Lang) -> Option<String> {
    let name = if lang == Lang::FRENCH { "LISEZMOI.md" } else { "README.md" };
    file(key, name).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// The scripted conversations of a use case by language: JSON with a `person` and `talks`, each with `lines` of one key:
/// `send`, `expect`, `expect_told`, `after`, `expect_result`, `expect_field`, `expect_groups`, `expect_end`.
pub fn scripts(key: &str) -> Vec<(Lang, Cow<'static, [u8]>)> {
    let script = |(lang, name)| Some((lang, file(key, name)?));
    [(Lang::ENGLISH, "conversation.en.json"), (Lang::FRENCH, "conversation.fr.json")]
        .into_iter()
        .filter_map(script)
        .collect()
}

/// A file of a use case that is listed.
fn file(key: &str, name: &str) -> Option<Cow<'static, [u8]>> {
    let entry = entry(key)?;
    Files::get(&format!("{}/{name}", entry.key)).map(|file| file.data)
}

impl App {
    /// Loads a use case, as the import of its export: flows with the checks' findings, groups, fields, triggers, campaigns.
    /// Loading it again changes nothing, or adds a revision to flows that were changed since.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a key that there is not; else as [`App::import_export`].
    pub async fn load_from_library(&self, caller: &Caller, key: &str) -> Result<ExportReport, AppError> {
        let export = export(key).ok_or_else(|| AppError::not_found("flow", key))?;
        self.import_export(caller, &export, ORIGIN).await
    }

    /// Loads every use case, in order, each with its report.
    ///
    /// # Errors
    /// As [`App::import_export`].
    pub async fn load_library(&self, caller: &Caller) -> Result<Vec<(&'static Entry, ExportReport)>, AppError> {
        let mut reports = Vec::with_capacity(entries().len());
        for entry in entries() {
            reports.push((entry, self.load_from_library(caller, &entry.key).await?));
        }
        Ok(reports)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_use_case_is_whole() {
        let folders: std::collections::BTreeSet<String> =
            Files::iter().filter_map(|path| path.split_once('/').map(|(folder, _)| folder.to_owned())).collect();
        let keys: std::collections::BTreeSet<String> = entries().iter().map(|entry| entry.key.clone()).collect();
        assert_eq!(folders, keys, "each folder is a use case that can be read");
        assert_eq!(entries().len(), 15);
        for entry in entries() {
            for lang in [Lang::ENGLISH, Lang::FRENCH] {
                assert!(entry.names.get(lang).is_some() && entry.summaries.get(lang).is_some(), "{}", entry.key);
                assert!(entry.keywords.get(&lang).is_some_and(|words| !words.is_empty()), "{}", entry.key);
                assert!(page(&entry.key, lang).is_some_and(|page| page.starts_with("# ")), "{}", entry.key);
            }
            assert!(export(&entry.key).is_some_and(|bytes| bytes.starts_with(b"{")), "{}", entry.key);
            assert_eq!(scripts(&entry.key).len(), 2, "{}", entry.key);
        }
    }

    #[test]
    fn only_what_is_listed_is_given_out() {
        assert!(export("..").is_none() && page("../docs", Lang::ENGLISH).is_none() && scripts("").is_empty());
    }
}
