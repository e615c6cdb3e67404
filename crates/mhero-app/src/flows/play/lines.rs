//! Events of a played conversation as people read them.

use mhero_flow::events::{CallStatus, Event, EventKind, MsgOut};
use serde::{Deserialize, Serialize};

/// Most characters of a detail that is shown.
const DETAIL_CHARS: usize = 400;

/// One thing that happened in a played conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum PlayLine {
    /// The flow said something.
    Said {
        /// The text.
        text: String,
        /// Attachments, each `content/type:url`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<String>,
        /// Answers to tap.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        replies: Vec<String>,
    },
    /// The person said something.
    Heard {
        /// The text.
        text: String,
    },
    /// The flow did something.
    Did {
        /// What: a word for locale keys, `flow-did-` before it.
        what: String,
        /// What it is about, e.g. the name of a field.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        name: String,
        /// The value, e.g. that of the field.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        value: String,
        /// Whether something went wrong.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        trouble: bool,
    },
}

impl PlayLine {
    /// The line of an event; none for those that say nothing new to whoever plays.
    pub(super) fn of(event: &Event) -> Option<Self> {
        let did = |what: &str, name: &str, value: &str| Some(Self::did(what, name, value));
        match &event.kind {
            EventKind::MsgCreated { msg, .. } | EventKind::IvrCreated { msg } => Some(said(msg)),
            EventKind::ContactFieldChanged { field, value } => {
                let name = if field.name.is_empty() { &field.key } else { &field.name };
                match value {
                    Some(value) => did("field", name, &value.text),
                    None => did("field-cleared", name, ""),
                }
            }
            EventKind::ContactGroupsChanged { groups_added, groups_removed } => {
                let names = |groups: &[mhero_flow::refs::GroupRef]| {
                    groups.iter().map(|group| &*group.name).collect::<Vec<_>>().join(", ")
                };
                match (groups_added.is_empty(), groups_removed.is_empty()) {
                    (false, true) => did("joined", &names(groups_added), ""),
                    (true, _) => did("left", &names(groups_removed), ""),
                    (false, false) => did("joined-and-left", &names(groups_added), &names(groups_removed)),
                }
            }
            EventKind::ContactNameChanged { name } => did("name", name, ""),
            EventKind::ContactLanguageChanged { language } => did("language", language, ""),
            EventKind::ContactTimezoneChanged { timezone } => did("timezone", timezone, ""),
            EventKind::ContactStatusChanged { .. } => did("status", "", ""),
            EventKind::ContactUrnsChanged { urns } => {
                did("urns", &urns.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "), "")
            }
            EventKind::RunStarted { flow, .. } => did("entered", &flow.name, ""),
            EventKind::RunEnded { flow, status, .. } => did(&format!("run-{}", status.name()), &flow.name, ""),
            EventKind::RunResultChanged { name, value, category, .. } => {
                did(if category.is_empty() { "result" } else { "result-category" }, name, either(category, value))
            }
            EventKind::InputLabelsAdded { labels, .. } => {
                did("labelled", &labels.iter().map(|label| &*label.name).collect::<Vec<_>>().join(", "), "")
            }
            EventKind::WebhookCalled { url, status, status_code, .. } => {
                let code = status_code.map(|code| code.to_string()).unwrap_or_default();
                let trouble = *status != CallStatus::Success;
                let what = if code.is_empty() { "called-in-vain" } else { "called" };
                Some(Self::Did { what: what.to_owned(), name: cut(url), value: code, trouble })
            }
            EventKind::LlmCalled { llm, output, .. } => did("asked-model", &llm.name, output),
            EventKind::AirtimeCreated { amount, currency, .. } => did("airtime", &amount.to_string(), currency),
            EventKind::EmailSent { to, subject, .. } => did("mailed", &to.join(", "), subject),
            EventKind::BroadcastCreated { translations, .. } => {
                did("wrote-others", translations.values().next().map_or("", |content| &content.text), "")
            }
            EventKind::SessionTriggered { flow, .. } => did("started-others", &flow.name, ""),
            EventKind::TicketOpened { .. } => did("ticket", "", ""),
            EventKind::WaitTimedOut {} => did("timed-out", "", ""),
            EventKind::WaitExpired {} => did("expired", "", ""),
            EventKind::Error(problem) | EventKind::Warning(problem) => Some(Self::trouble("problem", &problem.text)),
            EventKind::Failure { text } => Some(Self::trouble("failure", text)),
            _ => None,
        }
    }

    fn did(what: &str, name: &str, value: &str) -> Self {
        Self::Did { what: what.replace('_', "-"), name: cut(name), value: cut(value), trouble: false }
    }

    fn trouble(what: &str, text: &str) -> Self {
        Self::Did { what: what.to_owned(), name: cut(text), value: String::new(), trouble: true }
    }
}

fn said(msg: &MsgOut) -> PlayLine {
    PlayLine::Said {
        text: msg.text.to_string(),
        attachments: msg.attachments.iter().map(ToString::to_string).collect(),
        replies: msg.quick_replies.iter().map(|reply| reply.text.to_string()).collect(),
    }
}

fn either<'a>(first: &'a str, second: &'a str) -> &'a str {
    if first.is_empty() { second } else { first }
}

fn cut(text: &str) -> String {
    text.chars().take(DETAIL_CHARS).collect()
}
