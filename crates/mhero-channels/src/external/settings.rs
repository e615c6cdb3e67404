//! The settings of an external channel, under RapidPro's names.

use std::{collections::BTreeMap, fmt};

use mhero_app::{
    AppError,
    ports::{Field, Shape},
};
use mhero_core::ChannelId;
use reqwest::{
    Method, Url,
    header::{HeaderMap, HeaderName, HeaderValue},
};

use super::{KIND, ROUTE, request};
use crate::{
    given::{Given, keys},
    http::{Common, Escape, field, names, shown},
};

/// What a page asks for, the needed ones first.
pub(super) const FIELDS: [Field; 24] = [
    Field::must("send_url"),
    Field::may("method").choice(&["POST", "GET", "PUT"]).first(),
    Field::may("content_type").first(),
    Field::may("body").secret().shaped(Shape::Lines).first(),
    Field::may("send_authorization").secret().first(),
    Field::may("headers").secret().shaped(Shape::Lines),
    Field::may("mt_response_check").first(),
    Field::may("max_length").number(60, 6_000, "160"),
    Field::may("encoding").choice(&["D", "S"]),
    Field::may("use_national").choice(&["false", "true"]),
    Field::may("from"),
    Field::may("mo_from_field"),
    Field::may("mo_text_field"),
    Field::may("mo_date_field"),
    Field::may("mo_id_field"),
    Field::may("from_xpath"),
    Field::may("text_xpath"),
    Field::may("mo_response"),
    Field::may("mo_response_content_type").choice(&RESPONSE_TYPES),
    field::CALLBACK,
    field::SECRET,
    field::ALLOW,
    field::CONNECTIONS,
    field::TIMEOUT,
];
/// The keys, and which of them are secrets.
pub(super) const KEYS: &[(&str, bool)] = &keys(&FIELDS);

/// Types of what a gateway hears when it has brought a text.
const RESPONSE_TYPES: [&str; 5] = ["text/plain", "text/xml", "application/xml", "application/json", "text/html"];
/// Letters of one request, as in RapidPro.
const MAX_LENGTH: usize = 160;
/// Bounds of what may be set for it.
const MAX_LENGTHS: (usize, usize) = (60, 6_000);
/// The body of a form when none is given: RapidPro's.
const BODY: &str = "id={{id}}&text={{text}}&to={{to}}&to_no_plus={{to_no_plus}}&from={{from}}&from_no_plus={{from_no_plus}}\
    &channel={{channel}}";
/// The same as JSON.
const BODY_JSON: &str = r#"{"id":{{id}},"text":{{text}},"to":{{to}},"to_no_plus":{{to_no_plus}},"from":{{from}},"from_no_plus":{{from_no_plus}},"channel":{{channel}}}"#;
/// The same as XML.
const BODY_XML: &str = "<message><id>{{id}}</id><text>{{text}}</text><to>{{to}}</to><from>{{from}}</from></message>";

/// What is known about one gateway.
pub(super) struct Settings {
    pub(super) common: Common,
    /// The template of the address.
    pub(super) send_url: String,
    /// The address without what varies, to look whether somebody is there.
    pub(super) place: Url,
    pub(super) method: Method,
    pub(super) escape: Escape,
    pub(super) body: String,
    /// Letters that make a text dear are replaced where that is enough.
    pub(super) is_smart: bool,
    pub(super) max_length: usize,
    pub(super) headers: HeaderMap,
    pub(super) use_national: bool,
    pub(super) response_check: Option<String>,
    pub(super) from: String,
    pub(super) from_fields: Vec<String>,
    pub(super) text_fields: Vec<String>,
    pub(super) date_fields: Vec<String>,
    pub(super) id_field: Option<String>,
    pub(super) response: Option<String>,
    pub(super) response_type: &'static str,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("channel", &self.common.channel).finish_non_exhaustive()
    }
}

/// Types of what a gateway wants to hear, and as they are sent.
const RESPONSE_HEADERS: &[(&str, &str)] = &[
    ("text/plain", "text/plain; charset=utf-8"),
    ("text/xml", "text/xml; charset=utf-8"),
    ("application/xml", "application/xml; charset=utf-8"),
    ("application/json", "application/json"),
    ("text/html", "text/html; charset=utf-8"),
];

impl Settings {
    /// Reads the settings of a channel.
    pub(super) fn read(
        channel: ChannelId,
        config: &BTreeMap<String, String>,
        default_secret: impl FnOnce() -> String,
    ) -> Result<Self, AppError> {
        let given = Given::new(KIND, KEYS, config)?;
        let send_url = given.must("send_url")?;
        let method = match given.choice("method", &[("POST", "POST"), ("GET", "GET"), ("PUT", "PUT")])? {
            "GET" => Method::GET,
            "PUT" => Method::PUT,
            _ => Method::POST,
        };
        let is_bodiless = method == Method::GET;
        let content_type = match given.get("content_type").unwrap_or("urlencoded") {
            "urlencoded" => "application/x-www-form-urlencoded",
            "json" => "application/json",
            "xml" => "text/xml; charset=utf-8",
            literal => literal,
        };
        let escape = Escape::of(content_type);
        let body = given.get("body").unwrap_or(match escape {
            Escape::Json => BODY_JSON,
            Escape::Xml => BODY_XML,
            Escape::Form | Escape::Plain => BODY,
        });
        for (key, template) in [("send_url", send_url), ("body", body)] {
            if let Some(unknown) = names(template).into_iter().find(|name| !request::NAMES.contains(&name.as_str())) {
                let args = [("name", unknown), ("known", request::NAMES.join(", "))];
                return Err(given.invalid("external-variable", key, args));
            }
        }
        let fields = |key: &str, path: &str, usual: &[&str]| {
            let own = [given.get(key), given.get(path)].into_iter().flatten();
            own.chain(usual.iter().copied()).map(ToOwned::to_owned).collect()
        };
        let response_type = given.choice("mo_response_content_type", RESPONSE_HEADERS)?;
        let (min, max) = MAX_LENGTHS;
        let settings = Self {
            common: Common::read(&given, (channel, ROUTE), default_secret)?,
            place: request::place(send_url)
                .ok_or_else(|| given.invalid("channel-address", "send_url", [("value", shown(send_url))]))?,
            send_url: send_url.to_owned(),
            headers: headers(&given, content_type, is_bodiless)?,
            method,
            escape,
            body: if is_bodiless { String::new() } else { body.to_owned() },
            is_smart: given.choice("encoding", &[("D", false), ("S", true)])?,
            max_length: given.number("max_length", min, max)?.unwrap_or(MAX_LENGTH),
            use_national: given.choice("use_national", &[("false", false), ("true", true)])?,
            response_check: given.get("mt_response_check").map(ToOwned::to_owned),
            from: given.get("from").unwrap_or_default().to_owned(),
            from_fields: fields("mo_from_field", "from_xpath", &["from", "sender"]),
            text_fields: fields("mo_text_field", "text_xpath", &["text"]),
            date_fields: fields("mo_date_field", "mo_date_field", &["date", "time"]),
            id_field: given.get("mo_id_field").map(ToOwned::to_owned),
            response: given.get("mo_response").map(ToOwned::to_owned),
            response_type,
        };
        if escape == Escape::Json && !is_bodiless {
            let sample = request::sample(&settings);
            serde_json::from_str::<serde_json::Value>(&sample)
                .map_err(|error| given.invalid("external-body-json", "body", [("detail", error.to_string())]))?;
        }
        Ok(settings)
    }
}

/// The headers: the type of the body, `send_authorization` as `Authorization`, and those of `headers`, a line `Name: value` each
/// or an object of JSON as RapidPro keeps them.
fn headers(given: &Given<'_>, content_type: &str, is_bodiless: bool) -> Result<HeaderMap, AppError> {
    let wrong = |key: &str, line: &str| {
        // What stands behind the colon may be a secret.
        let name = line.split(':').next().unwrap_or_default().to_owned();
        given.invalid("channel-header", key, [("value", name)])
    };
    let mut headers = HeaderMap::new();
    if !is_bodiless {
        let value = HeaderValue::from_str(content_type).map_err(|_| wrong("content_type", content_type))?;
        headers.insert(reqwest::header::CONTENT_TYPE, value);
    }
    if let Some(authorization) = given.get("send_authorization") {
        let value = HeaderValue::from_str(authorization).map_err(|_| wrong("send_authorization", "Authorization"))?;
        headers.insert(reqwest::header::AUTHORIZATION, value);
    }
    let text = given.get("headers").unwrap_or_default();
    let lines: Vec<(String, String)> = if text.starts_with('{') {
        let map = serde_json::from_str::<BTreeMap<String, String>>(text).map_err(|_| wrong("headers", "{"))?;
        map.into_iter().collect()
    } else {
        let pairs = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| {
            let (name, value) = line.split_once(':').ok_or_else(|| wrong("headers", line))?;
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        });
        pairs.collect::<Result<_, AppError>>()?
    };
    for (name, value) in lines {
        let parsed = (HeaderName::try_from(name.as_str()), HeaderValue::try_from(value));
        let (Ok(key), Ok(value)) = parsed else { return Err(wrong("headers", &name)) };
        headers.insert(key, value);
    }
    for value in headers.values_mut() {
        value.set_sensitive(true);
    }
    Ok(headers)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn settings(pairs: &[(&str, &str)]) -> Result<Settings, AppError> {
        let base = [("send_url", "http://127.0.0.1:9/send")];
        let config = base.iter().chain(pairs).map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Settings::read(ChannelId::from_uuid(uuid::Uuid::nil()), &config, || "0123456789abcdef".to_owned())
    }

    #[test]
    fn wrong_settings_are_named() {
        for (key, value, rule) in [
            ("send_url", "", "channel-missing"),
            ("send_url", "sms.example.org/send", "channel-address"),
            ("send_url", "https://{{to}}.example.org/send", "channel-address"),
            ("send_url", "https://u:p@example.org/?to={{to}}", "channel-address"),
            ("send_url", "https://example.org/?to={{too}}", "external-variable"),
            ("body", "{{txt}}", "external-variable"),
            ("method", "DELETE", "channel-choice"),
            ("encoding", "U", "channel-choice"),
            ("max_length", "10", "channel-number"),
            ("headers", "no colon", "channel-header"),
            ("headers", "{\"X\": 1}", "channel-header"),
            ("headers", "Bad Name: x", "channel-header"),
            ("mo_response_content_type", "video/mp4", "channel-choice"),
        ] {
            match settings(&[(key, value)]) {
                Err(AppError::Invalid(reason)) => {
                    assert_eq!(reason.key, rule, "{key}={value}");
                    assert!(!reason.args.iter().any(|(_, shown)| shown.contains("u:p")), "{reason:?}");
                }
                other => panic!("{key}={value} gave {other:?}"),
            }
        }
        match settings(&[("content_type", "json"), ("body", r#"{"text":"{{text}}"}"#)]) {
            Err(AppError::Invalid(reason)) => assert_eq!(reason.key, "external-body-json", "values bring their quotes"),
            other => panic!("{other:?}"),
        }
        for kind in ["urlencoded", "json", "xml", "application/vnd.example+json", "text/plain"] {
            assert!(settings(&[("content_type", kind)]).is_ok(), "{kind}");
        }
    }
}
