//! Outside calls: what a flow asks for, and what came of it. The engine never calls out; it stops and hands over a request.

use std::sync::Arc;

use mhero_expr::Number;
use serde::{Deserialize, Serialize};

use crate::{
    contact::Urn,
    events::{HttpLog, Tokens},
    json,
    refs::LlmRef,
};

/// An outside call that a session waits for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EffectRequest {
    /// Which call of which sprint it is. Two requests with one key are one call, which is to be made once.
    pub key: Arc<str>,
    /// What to do.
    pub request: Request,
}

/// What to do outside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Request {
    /// Call addresses of the web, one after the other: one for a web hook, one a subscriber for a resthook.
    Http {
        /// The calls.
        calls: Vec<HttpCall>,
        /// The resthook whose subscribers they are.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resthook: Option<Arc<str>>,
    },
    /// Ask a language model.
    Llm {
        /// Which.
        llm: LlmRef,
        /// What it is to do.
        instructions: Arc<str>,
        /// With what.
        input: Arc<str>,
    },
    /// Send airtime.
    Airtime {
        /// The number that it comes from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sender: Option<Urn>,
        /// The number that gets it.
        recipient: Urn,
        /// The amounts by currency, of which the one of the recipient's network counts.
        amounts: Vec<Amount>,
    },
    /// Send a mail.
    Email {
        /// The addresses.
        to: Vec<Arc<str>>,
        /// The subject, on one line.
        subject: Arc<str>,
        /// The text.
        body: Arc<str>,
    },
}

/// An amount of money.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Amount {
    /// ISO 4217.
    pub currency: Arc<str>,
    /// How much.
    #[serde(with = "json::number")]
    pub amount: Number,
}

/// A call of an address of the web.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpCall {
    /// `GET`, `POST` ...
    pub method: Arc<str>,
    /// The address, which is a valid `http` or `https` one.
    pub url: Arc<str>,
    /// The headers that the flow sets, sorted by name.
    pub headers: Vec<(Arc<str>, Arc<str>)>,
    /// The body; empty for none.
    pub body: Arc<str>,
}

/// What came of an outside call.
#[derive(Clone, Debug, PartialEq)]
pub enum EffectAnswer {
    /// The answers to each call of [`Request::Http`], in its order.
    Http(Vec<HttpAnswer>),
    /// What the language model gave, or why it gave nothing.
    Llm(Result<LlmAnswer, String>),
    /// What the operator sent, or why nothing.
    Airtime(Result<AirtimeAnswer, String>),
    /// Whether the mail was sent, or why not.
    Email(Result<(), String>),
    /// Nobody knows what came of it. The flow goes on as if the call had failed.
    Lost,
}

/// The answer to an HTTP call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpAnswer {
    /// The status; `None` when there was no answer.
    pub status: Option<u16>,
    /// The words of the status line before the reason: `HTTP/1.1`.
    pub version: String,
    /// The headers, in the order in which they came.
    pub headers: Vec<(String, String)>,
    /// The body, decompressed, up to the limit.
    pub body: Vec<u8>,
    /// Whether there was more than the limit allows. The body does not count then.
    pub too_large: bool,
    /// Bytes of the whole body.
    pub body_size: u64,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
    /// How often it was tried again.
    pub retries: u32,
    /// The host, when the rules of the installation did not let the call out.
    pub refused: Option<String>,
}

/// What a language model gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LlmAnswer {
    /// The text.
    pub output: String,
    /// What it took.
    pub tokens: Tokens,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
}

/// A transfer of airtime.
#[derive(Clone, Debug, PartialEq)]
pub struct AirtimeAnswer {
    /// The operator's id of it.
    pub external_id: String,
    /// ISO 4217.
    pub currency: String,
    /// How much.
    pub amount: Number,
    /// What was said to the operator.
    pub http_logs: Vec<HttpLog>,
}
