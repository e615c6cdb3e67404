//! The settings of a channel by a template: the file, what it asks for, and what all channels over HTTP have.

use std::{collections::BTreeMap, fmt};

use mhero_app::{
    AppError,
    ports::{Field, Shape},
};
use mhero_core::ChannelId;
use reqwest::{
    Method, Url,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};

use super::{KIND, ROUTE, file::File};
use crate::{
    given::{Given, keys},
    http::{Common, Escape, field, fill, shown, web_address},
};

/// What a page asks for; what the file itself names stands behind.
pub(super) const FIELDS: [Field; 7] = [
    Field::may("file").first(),
    Field::must("template").shaped(Shape::Lines),
    field::CALLBACK,
    field::SECRET,
    field::ALLOW,
    field::CONNECTIONS,
    field::TIMEOUT,
];
/// The keys, and which of them are secrets.
pub(super) const KEYS: &[(&str, bool)] = &keys(&FIELDS);

/// Longest file, in bytes.
const FILE_BYTES_MAX: usize = 16 * 1024;
/// Longest of any value that a file asks for, in bytes.
const VALUE_BYTES_MAX: usize = 4_000;

/// What is known about one aggregator.
pub(super) struct Settings {
    pub(super) common: Common,
    pub(super) file: File,
    /// What the file asked for.
    pub(super) given: BTreeMap<String, String>,
    pub(super) method: Method,
    pub(super) escape: Escape,
    /// The address without what varies, to look whether somebody is there.
    pub(super) place: Url,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("channel", &self.common.channel).finish_non_exhaustive()
    }
}

impl Settings {
    /// Reads the settings of a channel.
    pub(super) fn read(
        channel: ChannelId,
        config: &BTreeMap<String, String>,
        default_secret: impl FnOnce() -> String,
    ) -> Result<Self, AppError> {
        let plain: Vec<_> = KEYS.iter().copied().filter(|(key, _)| *key != "template").collect();
        let given = Given::new(KIND, &plain, config)?;
        let text = given.must("template")?;
        if text.len() > FILE_BYTES_MAX {
            return Err(given.invalid("channel-value", "template", [("max", FILE_BYTES_MAX.to_string())]));
        }
        let name = given.get("file").unwrap_or("template");
        let name = name.rsplit('/').next().unwrap_or(name);
        let file = File::read(name, text)?;
        let of_file = asked_for(&given, name, &file, config)?;
        let method = Method::from_bytes(file.request.method.as_bytes()).unwrap_or(Method::POST);
        let wrong = |key: &str, value: String, known: &str| {
            let args =
                [("file", name.to_owned()), ("key", key.to_owned()), ("value", value), ("known", known.to_owned())];
            AppError::invalid("template-value", args)
        };
        let mut settings = Self {
            common: Common::read(&given, (channel, ROUTE), default_secret)?,
            escape: Escape::of(&file.request.content_type),
            // Until the file's own stands here: nothing is asked of it.
            place: Url::parse("http://localhost").map_err(|_| given.invalid("channel-missing", "template", []))?,
            given: of_file,
            file,
            method,
        };
        let sample = Values { settings: &settings, id: "id", text: "a \"b\"", to: "+1", from: "2" };
        let url = sample.url();
        let end = url.find(['?', '#']).unwrap_or(url.len());
        let place = web_address(&url[..end])
            .ok_or_else(|| wrong("request.url", shown(&settings.file.request.url), "https://…"))?;
        if sample.headers().is_none() {
            return Err(wrong("request.headers", String::new(), "Name: value"));
        }
        if settings.escape == Escape::Json && settings.method != Method::GET {
            serde_json::from_str::<serde_json::Value>(&sample.body())
                .map_err(|error| wrong("request.body", error.to_string(), "JSON, {{text}} without quotes"))?;
        }
        settings.place = place;
        Ok(settings)
    }
}

/// What the file asks for, all of it and nothing else.
fn asked_for(
    given: &Given<'_>,
    name: &str,
    file: &File,
    config: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, AppError> {
    let common = ["sender", "rate"];
    let is_ours = |key: &str| KEYS.iter().any(|(known, _)| *known == key) || common.contains(&key);
    let known = || file.settings.keys().cloned().collect::<Vec<_>>().join(", ");
    if let Some(unknown) = config.keys().find(|key| !is_ours(key) && !file.settings.contains_key(*key)) {
        return Err(AppError::invalid("channel-unknown-key", [("key", unknown.clone()), ("known", known())]));
    }
    file.settings
        .iter()
        .map(|(key, what)| {
            let value = given.get(key).filter(|value| value.len() <= VALUE_BYTES_MAX).ok_or_else(|| {
                let args = [("file", name.to_owned()), ("key", key.clone()), ("what", what.clone())];
                AppError::invalid("template-missing", args)
            })?;
            Ok((key.clone(), value.to_owned()))
        })
        .collect()
}

/// The values of one text.
pub(super) struct Values<'a> {
    pub(super) settings: &'a Settings,
    pub(super) id: &'a str,
    pub(super) text: &'a str,
    pub(super) to: &'a str,
    pub(super) from: &'a str,
}

impl Values<'_> {
    fn write(&self, name: &str, escape: Escape, out: &mut String) -> bool {
        let common = &self.settings.common;
        let long = match name {
            "channel" => Some(common.channel.to_string()),
            "report_url" => Some(
                common
                    .at("status")
                    .map(|at| format!("{at}?secret={}&ours={}", common.secret, self.id))
                    .unwrap_or_default(),
            ),
            _ => None,
        };
        let value = match name {
            "id" => self.id,
            "text" => self.text,
            "to" => self.to,
            "to_no_plus" => self.to.trim_start_matches('+'),
            "from" => self.from,
            "from_no_plus" => self.from.trim_start_matches('+'),
            _ => match long.as_ref().or_else(|| self.settings.given.get(name)) {
                Some(value) => value,
                None => return false,
            },
        };
        escape.write(out, value);
        true
    }

    /// The address.
    pub(super) fn url(&self) -> String {
        fill(&self.settings.file.request.url, |name, out| self.write(name, Escape::Form, out))
    }

    /// The body.
    pub(super) fn body(&self) -> String {
        fill(&self.settings.file.request.body, |name, out| self.write(name, self.settings.escape, out))
    }

    /// The headers; nothing where one can't be sent.
    pub(super) fn headers(&self) -> Option<HeaderMap> {
        let request = &self.settings.file.request;
        let mut headers = HeaderMap::new();
        if self.settings.method != Method::GET {
            headers.insert(CONTENT_TYPE, HeaderValue::from_str(&request.content_type).ok()?);
        }
        for (name, template) in &request.headers {
            let value = fill(template, |name, out| self.write(name, Escape::Plain, out));
            // The one thing that a template can't write: a name and a password together.
            let value = match value.strip_prefix("Basic ").and_then(|pair| pair.split_once(':')) {
                Some((user, password)) => crate::http::sign::basic(user, password),
                None => value,
            };
            let mut value = HeaderValue::from_str(&value).ok()?;
            value.set_sensitive(true);
            headers.insert(HeaderName::try_from(name.as_str()).ok()?, value);
        }
        Some(headers)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The files that are shipped.
    pub(crate) const SHIPPED: [(&str, &str); 2] = [
        ("clickatell.toml", include_str!("../../../../docs/admin/channel-templates/clickatell.toml")),
        ("46elks.toml", include_str!("../../../../docs/admin/channel-templates/46elks.toml")),
    ];

    pub(crate) fn settings(text: &str, pairs: &[(&str, &str)]) -> Result<Settings, AppError> {
        let base = [("template", text), ("callback", "https://mhero.example.org"), ("file", "a.toml")];
        let config = base.iter().chain(pairs).map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Settings::read(ChannelId::from_uuid(uuid::Uuid::nil()), &config, || "0123456789abcdef".to_owned())
    }

    #[test]
    fn what_a_file_asks_for_must_be_given_and_nothing_else() {
        let text = SHIPPED[0].1;
        let rule = |pairs: &[(&str, &str)]| match settings(text, pairs) {
            Err(AppError::Invalid(reason)) => reason.key,
            other => panic!("{}", other.is_ok()),
        };
        assert_eq!(rule(&[]), "template-missing");
        assert_eq!(rule(&[("api_key", "k"), ("password", "p")]), "channel-unknown-key");
        assert_eq!(rule(&[("api_key", "two\nlines")]), "template-value");
        assert!(settings(text, &[("api_key", "k")]).is_ok());
        assert!(!format!("{:?}", settings(text, &[("api_key", "k3y")]).unwrap()).contains("k3y"));
    }

    #[test]
    fn a_file_that_would_ask_nonsense_is_refused() {
        let of = |request: &str| settings(&format!("name = \"x\"\n[request]\n{request}"), &[]);
        for wrong in [
            "url = \"gateway\"",
            "url = \"https://u:p@h/\"",
            "url = \"https://h\"\ntype = \"application/json\"\nbody = '{\"t\":\"{{text}}\"}'",
            "url = \"https://h\"\nheaders = { \"Bad Name\" = \"x\" }",
        ] {
            assert!(matches!(of(wrong), Err(AppError::Invalid(reason)) if reason.key == "template-value"), "{wrong}");
        }
        assert!(of("url = \"https://h\"").is_ok());
    }
}
