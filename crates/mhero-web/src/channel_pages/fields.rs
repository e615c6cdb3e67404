//! The fields of the settings of a channel, as its driver declares them.

use std::collections::BTreeMap;

use mhero_app::{
    App,
    ports::{Field, Shape},
};
use mhero_core::record::Reason;

use super::{told::word, view::SettingField};
use crate::{page::Page, parts::Choice};

/// What goes with every kind.
const COMMON: [Field; 2] = [Field::may("sender").first(), Field::may("rate")];
/// Longest value that a form takes, in bytes: a certificate with its chain.
const VALUE_BYTES_MAX: usize = 32 * 1024;
/// The kind whose settings a file names.
const TEMPLATE: &str = "template";
/// Kinds of which nobody chooses the sender.
const WITHOUT_SENDER: [&str; 5] = ["android", "email", "telegram", "simulator", "ussd"];

/// What there is of a channel's settings.
#[derive(Default)]
pub(super) struct Values {
    /// Those that are no secrets.
    pub(super) open: BTreeMap<String, String>,
    /// Keys of the secrets that are set.
    pub(super) secrets: Vec<String>,
    /// Why they were not taken.
    pub(super) wrong: Option<Reason>,
}

impl Values {
    /// The setting that is wrong, where it is a single one of these.
    pub(super) fn wrong_key(&self, fields: &[SettingField]) -> Option<String> {
        let (_, key) = self.wrong.as_ref()?.args.iter().find(|(name, _)| *name == "key")?;
        fields.iter().find(|field| field.key == *key).map(|field| field.key.clone())
    }
}

/// The settings of a channel of this kind.
pub(super) fn of(page: &Page, app: &App, kind: &str, values: &Values) -> Vec<SettingField> {
    let own = app.driver(kind).map(|driver| driver.fields()).unwrap_or_default();
    let common = COMMON.iter().filter(|field| field.key != "sender" || !WITHOUT_SENDER.contains(&kind));
    let known = |key: &str| own.iter().chain(&COMMON).any(|field| field.key == key);
    let mut fields: Vec<SettingField> = own.iter().chain(common).map(|one| field(page, kind, one, values)).collect();
    // What an operator's own template names.
    let more = values.secrets.iter().filter(|key| !known(key)).map(|key| {
        let mut shown = field(page, kind, &Field::may("other").secret(), values);
        (shown.key, shown.label, shown.is_set) = (key.clone(), key.clone(), true);
        shown
    });
    fields.extend(more);
    // And what it names and nobody has said yet, as the refusal tells; those that were typed before are asked with it.
    let told = |name: &str| values.wrong.as_ref()?.args.iter().find(|(own, _)| *own == name).map(|(_, value)| value);
    let missing = values.wrong.as_ref().filter(|reason| reason.key == "template-missing").and_then(|_| told("key"));
    for key in values.open.keys().chain(missing).filter(|key| kind == TEMPLATE && !known(key)) {
        if fields.iter().all(|field| field.key != *key) {
            let mut shown = field(page, kind, &Field::may("other").secret().first(), values);
            shown.label = told("what").filter(|_| missing == Some(key)).unwrap_or(key).clone();
            shown.key.clone_from(key);
            fields.push(shown);
        }
    }
    let wrong = values.wrong_key(&fields);
    if let (Some(key), Some(reason)) = (wrong, &values.wrong)
        && let Some(field) = fields.iter_mut().find(|field| field.key == key)
    {
        field.fault = page.words.reason(reason);
    }
    fields
}

/// Words of a setting: of this kind, else those that mean the same for every kind.
fn words(page: &Page, kind: &str, key: &str, end: &str) -> Option<String> {
    let key = key.replace('_', "-");
    word(page, &format!("channel-{kind}-{key}{end}")).or_else(|| word(page, &format!("channel-any-{key}{end}")))
}

fn field(page: &Page, kind: &str, field: &Field, values: &Values) -> SettingField {
    let key = field.key;
    let value = if field.is_secret { String::new() } else { values.open.get(key).cloned().unwrap_or_default() };
    let said = |option: &str| {
        let of_kind = words(page, kind, key, &format!("-{}", option.replace(['_', '/', '.'], "-")));
        of_kind.unwrap_or_else(|| option.to_owned())
    };
    let choices = match field.shape {
        // What somebody set by other means stays as it is.
        Shape::Choice(known) if value.is_empty() || known.contains(&value.as_str()) => {
            let on = if value.is_empty() { known[0] } else { value.as_str() };
            let choice = |option: &&str| Choice {
                value: (*option).to_owned(),
                words: said(option),
                people: None,
                is_on: *option == on,
            };
            known.iter().map(choice).collect()
        }
        _ => Vec::new(),
    };
    SettingField {
        key: key.to_owned(),
        label: words(page, kind, key, "").unwrap_or_else(|| key.to_owned()),
        hint: words(page, kind, key, "-hint").unwrap_or_default(),
        value,
        default: if choices.is_empty() { field.default.to_owned() } else { String::new() },
        choices,
        bounds: match field.shape {
            Shape::Number { min, max } => Some((min, max)),
            _ => None,
        },
        is_long: field.shape == Shape::Lines,
        is_secret: field.is_secret,
        is_set: values.secrets.iter().any(|known| known == key),
        must: field.must,
        is_first: field.is_first || field.must,
        fault: String::new(),
    }
}

/// What a form says of the settings, by key. A secret that was left empty stays as it is, unless it is to be forgotten.
pub(super) fn said(form: &[(String, String)], secrets: &[&str], is_new: bool) -> Vec<(String, String)> {
    let forgotten = |key: &str| form.iter().any(|(name, value)| name == "forget" && value == key);
    let mut said = Vec::new();
    for (name, value) in form {
        let Some(key) = name.strip_prefix("set.") else { continue };
        let value = value.replace("\r\n", "\n");
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
    let keys = app.driver(kind).map_or(&[][..], |driver| driver.keys());
    keys.iter().filter(|(_, is_secret)| *is_secret).map(|(key, _)| *key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_left_empty_stays() {
        let form = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>()
        };
        let typed = form(&[("set.password", ""), ("set.port", ""), ("set.host", " me "), ("name", "x")]);
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(said(&typed, &["password"], false), [pair("port", ""), pair("host", "me")]);
        assert_eq!(said(&typed, &["password"], true), [pair("host", "me")]);
        let forgotten = form(&[("set.password", ""), ("forget", "password")]);
        assert_eq!(said(&forgotten, &["password"], false), [pair("password", "")]);
    }
}
