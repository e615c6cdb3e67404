//! The file: its keys, and what stands in them.

use std::collections::BTreeMap;

use mhero_app::AppError;
use serde::Deserialize;

use crate::http::names;

/// What a template always knows beside its own settings.
pub(super) const NAMES: [&str; 8] = ["id", "text", "to", "to_no_plus", "from", "from_no_plus", "channel", "report_url"];
/// What a code of an answer can mean.
pub(super) const MEANINGS: [&str; 10] =
    ["accepted", "refused", "number", "stopped", "busy", "password", "sender", "money", "path", "unknown"];
/// The kinds of signature that are known.
pub(super) const ALGORITHMS: [&str; 3] = ["hmac-sha256-hex", "hmac-sha256-base64", "hmac-sha1-base64"];

/// An aggregator.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// What it is called; for whoever reads the file.
    #[expect(dead_code, reason = "a file says what it is for")]
    pub(super) name: String,
    /// What is to be given beside the file: the name, and what it is.
    #[serde(default)]
    pub(super) settings: BTreeMap<String, String>,
    pub(super) request: Request,
    #[serde(default)]
    pub(super) response: Response,
    pub(super) receive: Option<Receive>,
    pub(super) status: Option<Status>,
    pub(super) sign: Option<Sign>,
}

/// What is asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Request {
    #[serde(default = "post")]
    pub(super) method: String,
    pub(super) url: String,
    /// The type of the body; it decides how values are escaped.
    #[serde(default = "form", rename = "type")]
    pub(super) content_type: String,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) body: String,
    /// Letters that it takes at a time, where it makes the SMS itself. Without it mHero does.
    pub(super) letters: Option<usize>,
    #[serde(default)]
    pub(super) use_national: bool,
}

/// What an answer means.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Response {
    /// A path, one of whose values says that it was taken.
    pub(super) accepted: Option<Among>,
    /// What an answer holds that says so, wherever.
    pub(super) contains: Option<String>,
    /// The path of the aggregator's id.
    pub(super) id: Option<String>,
    /// The path of its code.
    pub(super) code: Option<String>,
    /// What codes mean.
    #[serde(default)]
    pub(super) codes: BTreeMap<String, String>,
}

/// A path and values at it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Among {
    pub(super) path: String,
    pub(super) values: Vec<String>,
}

/// How a text of a phone comes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Receive {
    /// The list of texts, where a call brings several.
    pub(super) each: Option<String>,
    /// Only those of which this is so.
    pub(super) only: Option<Among>,
    pub(super) from: String,
    pub(super) text: String,
    pub(super) id: Option<String>,
    pub(super) at: Option<String>,
    /// What it wants to hear.
    #[serde(default)]
    pub(super) answer: String,
}

/// How a report comes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Status {
    /// The list of reports, where a call brings several.
    pub(super) each: Option<String>,
    /// Only those of which this is so.
    pub(super) only: Option<Among>,
    /// The path of our id.
    pub(super) ours: Option<String>,
    /// The path of the aggregator's id.
    pub(super) id: Option<String>,
    /// The path of what became of it.
    pub(super) state: String,
    #[serde(default)]
    pub(super) sent: Vec<String>,
    #[serde(default)]
    pub(super) delivered: Vec<String>,
    #[serde(default)]
    pub(super) failed: Vec<String>,
    /// The owner of the phone has stopped us there; needs `phone`.
    #[serde(default)]
    pub(super) stopped: Vec<String>,
    /// The path of the phone.
    pub(super) phone: Option<String>,
    /// What it wants to hear.
    #[serde(default)]
    pub(super) answer: String,
}

/// How its calls are signed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sign {
    /// The header with the signature.
    pub(super) header: String,
    pub(super) algorithm: String,
    /// The setting that is the key.
    pub(super) key: String,
}

fn post() -> String {
    "POST".to_owned()
}

fn form() -> String {
    "application/x-www-form-urlencoded".to_owned()
}

impl File {
    /// Reads a file of this name.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming file, key and value.
    pub(super) fn read(name: &str, text: &str) -> Result<Self, AppError> {
        let file: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start].lines().count().max(1));
            let args = [("line", line.to_string()), ("detail", error.message().to_owned())];
            AppError::invalid("template-unreadable", [("file", name.to_owned())].into_iter().chain(args))
        })?;
        match file.flaw() {
            None => Ok(file),
            Some((key, value, known)) => {
                let args = [("file", name.to_owned()), ("key", key), ("value", value), ("known", known)];
                Err(AppError::invalid("template-value", args))
            }
        }
    }

    /// The first key whose value won't do: the key, the value, what would.
    fn flaw(&self) -> Option<(String, String, String)> {
        let request = &self.request;
        let flaw = |key: &str, value: &str, known: String| Some((key.to_owned(), value.to_owned(), known));
        if !["GET", "POST", "PUT"].contains(&request.method.as_str()) {
            return flaw("request.method", &request.method, "GET, POST, PUT".to_owned());
        }
        if request.letters.is_some_and(|letters| !(60..=10_000).contains(&letters)) {
            return flaw("request.letters", &request.letters.unwrap_or_default().to_string(), "60 – 10000".to_owned());
        }
        let known: Vec<&str> = NAMES.into_iter().chain(self.settings.keys().map(String::as_str)).collect();
        let headers = request.headers.iter().map(|(name, value)| (format!("request.headers.{name}"), value));
        let templates = [("request.url".to_owned(), &request.url), ("request.body".to_owned(), &request.body)];
        for (key, template) in templates.into_iter().chain(headers) {
            if let Some(unknown) = names(template).into_iter().find(|name| !known.contains(&name.as_str())) {
                return flaw(&key, &format!("{{{{{unknown}}}}}"), known.join(", "));
            }
        }
        for (code, meaning) in &self.response.codes {
            if !MEANINGS.contains(&meaning.as_str()) {
                return flaw(&format!("response.codes.{code}"), meaning, MEANINGS.join(", "));
            }
        }
        if let Some(status) = &self.status {
            if status.ours.is_none() && status.id.is_none() {
                return flaw("status", "", "ours, id".to_owned());
            }
            if !status.stopped.is_empty() && status.phone.is_none() {
                return flaw("status.stopped", &status.stopped.join(", "), "status.phone".to_owned());
            }
        }
        let sign = self.sign.as_ref()?;
        if !ALGORITHMS.contains(&sign.algorithm.as_str()) {
            return flaw("sign.algorithm", &sign.algorithm, ALGORITHMS.join(", "));
        }
        if !self.settings.contains_key(&sign.key) {
            return flaw("sign.key", &sign.key, self.settings.keys().cloned().collect::<Vec<_>>().join(", "));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = "name = \"x\"\n[settings]\nkey = \"k\"\n[request]\nurl = \"https://h/{{to}}?k={{key}}\"\n";

    #[test]
    fn what_is_wrong_is_named_with_its_key_and_value() {
        assert!(File::read("a.toml", SOUND).is_ok());
        for (more, key, value) in [
            ("method = \"DELETE\"", "request.method", "DELETE"),
            ("letters = 3", "request.letters", "3"),
            ("body = \"{{txt}}\"", "request.body", "{{txt}}"),
            ("headers = { X = \"{{no}}\" }", "request.headers.X", "{{no}}"),
            ("[response]\ncodes = { 7 = \"maybe\" }", "response.codes.7", "maybe"),
            ("[status]\nstate = \"s\"", "status", ""),
            ("[status]\nstate = \"s\"\nid = \"i\"\nstopped = [\"OUT\"]", "status.stopped", "OUT"),
            ("[sign]\nheader = \"h\"\nalgorithm = \"md5\"\nkey = \"key\"", "sign.algorithm", "md5"),
            ("[sign]\nheader = \"h\"\nalgorithm = \"hmac-sha256-hex\"\nkey = \"no\"", "sign.key", "no"),
        ] {
            match File::read("a.toml", &format!("{SOUND}{more}\n")) {
                Err(AppError::Invalid(reason)) => {
                    assert_eq!(reason.key, "template-value", "{more}");
                    let said: BTreeMap<_, _> = reason.args.into_iter().collect();
                    assert_eq!(
                        (said["file"].as_str(), said["key"].as_str(), said["value"].as_str()),
                        ("a.toml", key, value)
                    );
                }
                other => panic!("{more} gave {}", other.is_ok()),
            }
        }
        for broken in ["name = ", "name = \"x\"", &format!("{SOUND}speed = 3\n")] {
            match File::read("a.toml", broken) {
                Err(AppError::Invalid(reason)) => assert_eq!(reason.key, "template-unreadable", "{broken}"),
                other => panic!("{broken} gave {}", other.is_ok()),
            }
        }
    }
}
