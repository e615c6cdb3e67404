//! The fields of the settings of a source: those of its connector, and those of every registry.

use std::collections::BTreeMap;

use mhero_app::{App, sync::COMMON_KEYS};

use super::view::SettingField;
use crate::{page::Page, parts::Choice};

/// Settings that most people need; the others stand behind a fold.
const FIRST: [&str; 9] = ["auth", "username", "password", "token", "users", "types", "document", "groups", "backend"];
/// How often a registry is read.
const EVERY: &str = "every";
/// Settings that are one of a handful of words.
const CHOICES: [(&str, &[&str]); 7] = [
    ("backend", &["yes", "no"]),
    ("auth", &["basic", "bearer", "apitoken", "token", "ihris", "oauth2", "none"]),
    ("history", &["auto", "yes", "no"]),
    ("write", &["auto", "put", "patch"]),
    ("users", &["yes", "no"]),
    ("mode", &["updates", "search", "document"]),
    ("groups", &["all", "none"]),
];
/// Those of them that mean "no" where nothing is said.
const MEANS_NO: [&str; 1] = ["backend"];
/// Longest value of a setting that a form takes, in bytes.
pub(super) const VALUE_BYTES_MAX: usize = 256 * 1024;

/// The settings of a connector.
pub(super) fn own(page: &Page, app: &App, kind: &str, values: &BTreeMap<String, String>) -> Vec<SettingField> {
    let keys = app.connector(kind).map_or(&[][..], |connector| connector.keys());
    let mut fields: Vec<SettingField> =
        keys.iter().map(|(key, is_secret)| field(page, key, *is_secret, values)).collect();
    // Names of systems and columns stand beside them.
    let known = |key: &str| COMMON_KEYS.contains(&key) || keys.iter().any(|(known, _)| *known == key);
    let more = values.keys().filter(|key| !known(key)).map(|key| field(page, key, false, values));
    fields.extend(more);
    fields
}

/// The settings that every registry has: when it is read, and how much may go.
pub(super) fn common(page: &Page, values: &BTreeMap<String, String>) -> Vec<SettingField> {
    // An interval is what most people want; set times come after it.
    let mut keys: Vec<&str> = COMMON_KEYS.to_vec();
    keys.sort_by_key(|key| *key != EVERY);
    keys.into_iter().map(|key| field(page, key, false, values)).collect()
}

/// What a setting can be, where that is a handful of words; none where anything may be written.
fn choices(page: &Page, key: &str, value: &str) -> Vec<Choice> {
    let Some((_, words)) = CHOICES.iter().find(|(known, _)| *known == key) else { return Vec::new() };
    // What somebody set by other means stays as it is.
    if !value.is_empty() && !words.contains(&value) {
        return Vec::new();
    }
    let said = |word: &str| {
        let own = format!("setting-{key}-{word}");
        page.t(&if page.words.has(&own) { own } else { format!("setting-choice-{word}") })
    };
    let choice =
        |word: &str, words: String| Choice { value: word.to_owned(), words, people: None, is_on: word == value };
    let offered = offered(words, MEANS_NO.contains(&key), value);
    offered.map(|word| choice(word, said(if word.is_empty() { "unset" } else { word }))).collect()
}

/// The words that are offered, nothing said first. Where that means "no", one of the two stands for both: the one that is stored.
fn offered<'a>(words: &'a [&'a str], means_no: bool, value: &'a str) -> impl Iterator<Item = &'a str> {
    let double = if value == "no" { "" } else { "no" };
    [""].into_iter().chain(words.iter().copied()).filter(move |word| !means_no || *word != double)
}

fn field(page: &Page, key: &str, is_secret: bool, values: &BTreeMap<String, String>) -> SettingField {
    let text = |end: &str| {
        let key = format!("setting-{}{end}", key.replace('_', "-"));
        if page.words.has(&key) { page.t(&key) } else { String::new() }
    };
    let label = text("");
    let value = if is_secret { String::new() } else { values.get(key).cloned().unwrap_or_default() };
    let choices = choices(page, key, &value);
    SettingField {
        name: format!("set.{key}"),
        label: if label.is_empty() { key.to_owned() } else { label },
        // What can be chosen needs no list of words beside it.
        hint: if choices.is_empty() || key == "users" { text("-hint") } else { String::new() },
        value,
        choices,
        is_secret,
        is_first: FIRST.contains(&key),
    }
}

/// What a form says of the settings, by key. A secret that was left empty stays as it is, unless it is to be forgotten.
pub(super) fn said(form: &[(String, String)], secrets: &[&str], is_new: bool) -> Vec<(String, String)> {
    let forgotten = |key: &str| form.iter().any(|(name, value)| name == "forget" && value == key);
    let mut said = Vec::new();
    for (name, value) in form {
        let Some(key) = name.strip_prefix("set.") else { continue };
        let value = value.trim();
        let is_secret = secrets.contains(&key);
        let stays = value.is_empty() && (is_new || (is_secret && !forgotten(key)));
        if !stays && value.len() <= VALUE_BYTES_MAX {
            said.push((key.to_owned(), value.to_owned()));
        }
    }
    said
}

/// The keys of a kind that are secret.
pub(super) fn secrets(app: &App, kind: &str) -> Vec<&'static str> {
    let keys = app.connector(kind).map_or(&[][..], |connector| connector.keys());
    keys.iter().filter(|(_, is_secret)| *is_secret).map(|(key, _)| *key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_is_offered_once_where_nothing_said_means_it() {
        let words = ["yes", "no"];
        let all = |means_no, value| offered(&words, means_no, value).collect::<Vec<_>>();
        assert_eq!(all(false, ""), ["", "yes", "no"]);
        assert_eq!(all(true, ""), ["", "yes"]);
        assert_eq!(all(true, "yes"), ["", "yes"]);
        assert_eq!(all(true, "no"), ["yes", "no"]);
    }

    #[test]
    fn a_secret_left_empty_stays() {
        let form = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>()
        };
        let typed = form(&[("set.password", ""), ("set.every", ""), ("set.username", " me "), ("url", "x")]);
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(said(&typed, &["password"], false), [pair("every", ""), pair("username", "me")]);
        assert_eq!(said(&typed, &["password"], true), [pair("username", "me")]);
        let forgotten = form(&[("set.password", ""), ("forget", "password")]);
        assert_eq!(said(&forgotten, &["password"], false), [pair("password", "")]);
    }
}
