//! Quick replies: what a phone offers as buttons under a message.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// What a button does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuickReplyKind {
    /// Sends its text.
    #[default]
    Text,
    /// Asks for the place.
    Location,
    /// Opens a form.
    Form,
    /// Opens a page.
    Url,
}

/// A button under a message. JSON: `{"type": "text", "text": "Yes", "extra": "Really"}`; also read from its short form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct QuickReply {
    /// What it does.
    #[serde(rename = "type")]
    pub kind: QuickReplyKind,
    /// What stands on it.
    #[serde(skip_serializing_if = "is_empty")]
    pub text: Arc<str>,
    /// A line below, the id of a form, or the address of a page.
    #[serde(skip_serializing_if = "is_empty")]
    pub extra: Arc<str>,
}

const EXTRA: &str = "<extra>";

impl QuickReplyKind {
    const ALL: [Self; 4] = [Self::Text, Self::Location, Self::Form, Self::Url];

    /// The word of the specification.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Location => "location",
            Self::Form => "form",
            Self::Url => "url",
        }
    }
}

impl QuickReply {
    /// Reads the short form: `Yes`, `Yes<extra>Really`, `<location>`, `<form>Book now<extra>123`.
    pub fn parse(short: &str) -> Self {
        let marked = QuickReplyKind::ALL.into_iter().find_map(|kind| {
            let rest = short.strip_prefix('<')?.strip_prefix(kind.word())?.strip_prefix('>')?;
            Some((kind, rest))
        });
        let (kind, rest) = marked.unwrap_or((QuickReplyKind::Text, short));
        let (text, extra) = rest.split_once(EXTRA).unwrap_or((rest, ""));
        Self { kind, text: text.into(), extra: extra.into() }
    }

    /// The short form.
    pub fn short(&self) -> String {
        let mut short = match self.kind {
            QuickReplyKind::Text => String::new(),
            kind => format!("<{}>", kind.word()),
        };
        short.push_str(&self.text);
        if !self.extra.is_empty() {
            short.push_str(EXTRA);
            short.push_str(&self.extra);
        }
        short
    }
}

impl<'de> Deserialize<'de> for QuickReply {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Short(String),
            Long {
                #[serde(default, rename = "type")]
                kind: QuickReplyKind,
                #[serde(default)]
                text: String,
                #[serde(default)]
                extra: String,
            },
        }
        Ok(match Form::deserialize(deserializer)? {
            Form::Short(short) => Self::parse(&short),
            Form::Long { kind, text, extra } => Self { kind, text: text.into(), extra: extra.into() },
        })
    }
}

fn is_empty(text: &Arc<str>) -> bool {
    text.is_empty()
}
