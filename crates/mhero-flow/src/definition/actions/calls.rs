//! Actions that call out.

use std::sync::Arc;

use mhero_expr::Number;
use serde_json::{Map, Value as Json};

use super::Body;
use crate::{
    definition::{
        Text, limits,
        read::{Object, cut, longer},
        write::Out,
    },
    error::{DefinitionFault, Rule},
    json::{number_of, of_number},
    refs::{ClassifierRef, LlmRef},
};

/// `call_classifier`: no longer works, kept so that old flows load.
#[derive(Clone, Debug)]
pub struct CallClassifier {
    /// The classifier, which newer definitions leave out.
    pub classifier: Option<ClassifierRef>,
    /// The text to classify.
    pub input: Text,
    /// The result it is saved in.
    pub result_name: Arc<str>,
}

/// `call_llm`.
#[derive(Clone, Debug)]
pub struct CallLlm {
    /// The language model.
    pub llm: LlmRef,
    /// What it is to do.
    pub instructions: Text,
    /// What it is to do that with.
    pub input: Text,
    /// The local variable that gets its answer.
    pub output_local: Arc<str>,
}

/// `call_resthook`.
#[derive(Clone, Debug)]
pub struct CallResthook {
    /// The short name of the resthook.
    pub resthook: Arc<str>,
    /// The result it is saved in.
    pub result_name: Option<Arc<str>>,
}

/// `call_webhook`.
#[derive(Clone, Debug)]
pub struct CallWebhook {
    /// The method in capitals, e.g. `POST`.
    pub method: Arc<str>,
    /// The address.
    pub url: Text,
    /// The headers, in the order of the definition.
    pub headers: Vec<(Arc<str>, Text)>,
    /// The body.
    pub body: Option<Text>,
    /// The result it is saved in.
    pub result_name: Option<Arc<str>>,
}

/// `transfer_airtime`.
#[derive(Clone, Debug)]
pub struct TransferAirtime {
    /// The amount by currency, in the order of the definition.
    pub amounts: Vec<(Arc<str>, Number)>,
}

/// The methods of HTTP.
const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

impl Body for CallClassifier {
    fn read(object: &mut Object<'_>) -> Self {
        Self {
            classifier: object.some_reference("classifier"),
            input: object.needed_text("input", limits::TEXT_LENGTH_MAX),
            result_name: object.needed_label("result_name", "result name"),
        }
    }

    fn write(&self, out: &mut Out) {
        out.put_some("classifier", self.classifier.as_ref());
        out.put_text("input", &self.input);
        out.put("result_name", &*self.result_name);
    }
}

impl Body for CallLlm {
    fn read(object: &mut Object<'_>) -> Self {
        Self {
            llm: object.reference("llm"),
            instructions: object.needed_text("instructions", limits::TEXT_LENGTH_MAX),
            input: object.needed_text("input", limits::TEXT_LENGTH_MAX),
            output_local: object.needed_label("output_local", "local variable name"),
        }
    }

    fn write(&self, out: &mut Out) {
        out.put_as("llm", &self.llm);
        out.put_text("instructions", &self.instructions);
        out.put_text("input", &self.input);
        out.put("output_local", &*self.output_local);
    }
}

impl Body for CallResthook {
    fn read(object: &mut Object<'_>) -> Self {
        Self { resthook: object.needed_name("resthook", limits::NAME_LENGTH_MAX), result_name: object.result_name() }
    }

    fn write(&self, out: &mut Out) {
        out.put("resthook", &*self.resthook);
        out.put_word("result_name", self.result_name.as_deref().unwrap_or_default());
    }
}

impl Body for CallWebhook {
    fn read(object: &mut Object<'_>) -> Self {
        let method = object.needed_word("method");
        if !method.is_empty() && !METHODS.contains(&method) {
            object.fault("method", Rule::Kind("HTTP method"));
        }
        Self {
            method: method.into(),
            url: object.needed_text("url", limits::URL_LENGTH_MAX),
            headers: headers(object),
            body: object.some_text("body", limits::BODY_LENGTH_MAX),
            result_name: object.result_name(),
        }
    }

    fn write(&self, out: &mut Out) {
        out.put("method", &*self.method);
        out.put_text("url", &self.url);
        if !self.headers.is_empty() {
            let headers = self.headers.iter().map(|(name, value)| (name.to_string(), value.source().into()));
            out.put("headers", headers.collect::<Map<String, Json>>());
        }
        out.put_some_text("body", self.body.as_ref());
        out.put_word("result_name", self.result_name.as_deref().unwrap_or_default());
    }

    fn check(&self) -> Result<(), DefinitionFault> {
        match self.headers.iter().find(|(name, _)| !is_header(name)) {
            Some((name, _)) => Err(DefinitionFault::InvalidHeader(cut(name))),
            None => Ok(()),
        }
    }
}

fn headers(object: &mut Object<'_>) -> Vec<(Arc<str>, Text)> {
    let Some(json) = object.get("headers") else { return Vec::new() };
    let Some(map) = json.as_object() else {
        object.fault("headers", Rule::Type("an object"));
        return Vec::new();
    };
    if map.len() > limits::HEADERS_MAX {
        object.fault("headers", Rule::AtMost(limits::HEADERS_MAX));
        return Vec::new();
    }
    let mut headers = Vec::with_capacity(map.len());
    for (name, value) in map {
        let property = format!("headers[{}]", cut(name));
        if longer(name, limits::HEADER_NAME_LENGTH_MAX) {
            object.fault(&format!("headers[{name}]"), Rule::AtMost(limits::HEADER_NAME_LENGTH_MAX));
            continue;
        }
        let Some(value) = value.as_str() else {
            object.fault(&property, Rule::Type("a text"));
            continue;
        };
        headers.push(((**name).into(), object.limited(&property, value, limits::HEADER_VALUE_LENGTH_MAX)));
    }
    headers
}

/// Whether HTTP allows such a name of a header: RFC 9110, section 5.6.2.
fn is_header(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(allowed)
}

impl Body for TransferAirtime {
    fn read(object: &mut Object<'_>) -> Self {
        object.need("amounts");
        let mut amounts: Vec<(Arc<str>, Number)> = Vec::new();
        match object.get("amounts").map(|json| json.as_object().ok_or(json)) {
            None => {}
            Some(Err(_)) => object.fault("amounts", Rule::Type("an object")),
            Some(Ok(map)) if map.len() > limits::ITEMS_MAX => object.fault("amounts", Rule::AtMost(limits::ITEMS_MAX)),
            Some(Ok(map)) => {
                for (currency, json) in map {
                    match number_of(&json.to_json()) {
                        Some(amount) => amounts.push(((**currency).into(), amount)),
                        None => object.refuse(DefinitionFault::NumberRange),
                    }
                }
            }
        }
        for (currency, amount) in &amounts {
            if !in_range(amount) {
                object.refuse(DefinitionFault::AmountRange { currency: cut(currency) });
            }
        }
        Self { amounts }
    }

    fn write(&self, out: &mut Out) {
        let amounts = self.amounts.iter().map(|(currency, amount)| (currency.to_string(), of_number(amount)));
        out.put("amounts", amounts.collect::<Map<String, Json>>());
    }
}

fn in_range(amount: &Number) -> bool {
    let negative = amount.absolute() != *amount;
    let small = amount.rounded_up(0).to_integer().is_ok_and(|whole| whole <= limits::AMOUNT_MAX);
    !negative && small
}
