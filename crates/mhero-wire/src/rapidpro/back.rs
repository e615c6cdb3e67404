//! What a workspace tells of its conversations: flows, runs with results, messages with states, and where contacts stand.

use jiff::Timestamp;
use serde_json::Value;

use super::{Urn, contact::status};
use crate::fhir::node::Node;

/// Longest text of a message or a result that is kept, in characters.
const TEXT_CHARS: usize = 4_000;
/// Longest id that is kept, in characters.
const ID_CHARS: usize = 64;
/// Most results of a run.
const RESULTS_MAX: usize = 256;

/// A flow of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackFlow {
    /// Its UUID.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `message`, `voice`, `background`, `survey`.
    pub kind: String,
    /// Whether it was put away.
    pub archived: bool,
}

/// A contact, as far as conversations are concerned.
#[derive(Clone, PartialEq, Eq)]
pub struct BackContact {
    /// Its UUID.
    pub id: String,
    /// `active`, `blocked`, `stopped`, `archived`; `deleted` for one that is no more.
    pub status: &'static str,
    /// Its addresses that are not hidden.
    pub urns: Vec<Urn>,
    /// When it last changed.
    pub modified: Option<Timestamp>,
}

/// A message.
#[derive(Clone, PartialEq, Eq)]
pub struct BackMessage {
    /// Its id: the whole number, which both dialects have; the UUID where there is none.
    pub id: String,
    /// The UUID of its contact.
    pub contact: String,
    /// The other side, where it is not hidden.
    pub urn: Option<Urn>,
    /// Whether the contact wrote it.
    pub is_in: bool,
    /// `queued`, `wired`, `sent`, `delivered`, `read`, `handled`, `errored`, `failed`.
    pub status: String,
    /// The text.
    pub text: String,
    /// The UUID of the flow that it belongs to.
    pub flow: Option<String>,
    /// The id of its broadcast.
    pub broadcast: Option<String>,
    /// When it was written or came.
    pub created: Timestamp,
    /// When the carrier took it.
    pub sent: Option<Timestamp>,
    /// When it last changed.
    pub modified: Option<Timestamp>,
}

/// A result of a run.
#[derive(Clone, PartialEq, Eq)]
pub struct BackResult {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The value.
    pub value: String,
    /// The category.
    pub category: String,
    /// What was written, where the dialect tells it.
    pub input: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
}

/// A run of a flow.
#[derive(Clone, PartialEq, Eq)]
pub struct BackRun {
    /// Its UUID.
    pub id: String,
    /// The UUID of its flow.
    pub flow: String,
    /// The name of its flow.
    pub flow_name: String,
    /// The UUID of its contact.
    pub contact: String,
    /// The contact's address, where it is told and not hidden.
    pub urn: Option<Urn>,
    /// The UUID of the start that began it; `None` where the contact did, or a trigger.
    pub start: Option<String>,
    /// Whether the contact answered in it.
    pub responded: bool,
    /// What came of it.
    pub results: Vec<BackResult>,
    /// When it began.
    pub created: Timestamp,
    /// When it last changed.
    pub modified: Timestamp,
    /// When it ended.
    pub exited: Option<Timestamp>,
    /// `completed`, `interrupted`, `expired`, `failed`; empty while it goes on.
    pub exit: String,
}

macro_rules! silent {
    ($($name:ident),+) => { $(
        /// Neither numbers nor texts.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+ };
}
silent!(BackContact, BackMessage, BackResult, BackRun);

fn text(root: &Node<'_>, key: &str) -> String {
    root.member_text(key).unwrap_or_default()
}

fn id(text: String) -> Option<String> {
    let is_id = !text.is_empty() && text.chars().count() <= ID_CHARS && text.chars().all(|c| !c.is_control());
    is_id.then_some(text)
}

fn cut(text: &str) -> String {
    // PostgreSQL stores no NUL.
    text.chars().filter(|c| *c != '\0').take(TEXT_CHARS).collect()
}

fn instant(root: &Node<'_>, key: &str) -> Option<Timestamp> {
    root.member_text(key)?.parse().ok()
}

/// The id in a reference: `{"uuid", "name"}`, or bare.
fn reference(item: &Value, key: &str) -> Option<String> {
    let found = item.get(key)?;
    let bare = || match found {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    found.get("uuid").and_then(Value::as_str).map(str::to_owned).or_else(bare).and_then(id)
}

/// Reads a flow.
pub fn back_flow(item: &Value) -> Option<BackFlow> {
    let root = Node::root(item);
    let archived = root.member_truth("archived") == Some(true);
    Some(BackFlow { id: id(text(&root, "uuid"))?, name: text(&root, "name"), kind: text(&root, "type"), archived })
}

/// Reads a contact, deleted ones too.
pub fn back_contact(item: &Value) -> Option<BackContact> {
    let root = Node::root(item);
    let urns = root.items("urns").into_iter();
    let urns = urns.filter_map(|urn| Urn::read(&urn.text().or_else(|| urn.member_text("urn"))?));
    let is_deleted = item.get("status").is_some_and(Value::is_null);
    Some(BackContact {
        id: id(text(&root, "uuid"))?,
        status: if is_deleted { "deleted" } else { status(&root) },
        urns: urns.collect(),
        modified: instant(&root, "modified_on"),
    })
}

/// Reads a message.
///
/// ```
/// use mhero_wire::rapidpro::back_message;
/// let item = serde_json::json!({
///     "id": 4105, "uuid": "018f", "contact": {"uuid": "c1", "name": "Ama"}, "urn": "tel:+231770000001", "direction": "in",
///     "status": "handled", "text": "yes", "created_on": "2026-11-20T08:00:00.000000Z", "sent_on": null,
/// });
/// let message = back_message(&item).expect("a message");
/// assert_eq!((message.id.as_str(), message.is_in, message.contact.as_str()), ("4105", true, "c1"));
/// ```
pub fn back_message(item: &Value) -> Option<BackMessage> {
    let root = Node::root(item);
    let own = root.member_text("id").filter(|id| !id.is_empty()).or_else(|| root.member_text("uuid"))?;
    Some(BackMessage {
        id: id(own)?,
        contact: reference(item, "contact")?,
        urn: Urn::read(&text(&root, "urn")),
        is_in: text(&root, "direction").starts_with("in"),
        status: text(&root, "status"),
        text: cut(&text(&root, "text")),
        flow: reference(item, "flow"),
        broadcast: reference(item, "broadcast"),
        created: instant(&root, "created_on")?,
        sent: instant(&root, "sent_on"),
        modified: instant(&root, "modified_on"),
    })
}

/// Reads a run.
///
/// ```
/// use mhero_wire::rapidpro::back_run;
/// let item = serde_json::json!({
///     "uuid": "r1", "flow": {"uuid": "f1", "name": "Stock"}, "contact": {"uuid": "c1", "urn": "tel:+231770000001"}, "start": null,
///     "responded": true, "values": {"bcg": {"name": "BCG", "value": "4", "category": "Has", "time": "2026-11-20T08:01:00Z"}},
///     "created_on": "2026-11-20T08:00:00Z", "modified_on": "2026-11-20T08:01:00Z", "exited_on": null, "exit_type": null,
/// });
/// let run = back_run(&item).expect("a run");
/// assert_eq!((run.start.is_none(), run.results[0].value.as_str()), (true, "4"));
/// ```
pub fn back_run(item: &Value) -> Option<BackRun> {
    let root = Node::root(item);
    let created = instant(&root, "created_on")?;
    let values = match item.get("values") {
        Some(Value::Object(values)) => values.iter().take(RESULTS_MAX).collect(),
        _ => Vec::new(),
    };
    let result = |(key, value): (&String, &Value)| {
        let root = Node::root(value);
        BackResult {
            key: key.chars().take(ID_CHARS).collect(),
            name: cut(&root.member_text("name").unwrap_or_else(|| key.clone())),
            value: cut(&text(&root, "value")),
            category: cut(&text(&root, "category")),
            input: root.member_text("input").map(|text| cut(&text)),
            at: instant(&root, "time"),
        }
    };
    let contact = item.get("contact").map(Node::root);
    Some(BackRun {
        id: id(text(&root, "uuid"))?,
        flow: reference(item, "flow")?,
        flow_name: item.get("flow").map(|flow| text(&Node::root(flow), "name")).unwrap_or_default(),
        contact: reference(item, "contact")?,
        urn: contact.and_then(|contact| Urn::read(&contact.member_text("urn")?)),
        start: reference(item, "start"),
        responded: root.member_truth("responded") == Some(true),
        results: values.into_iter().map(result).collect(),
        created,
        modified: instant(&root, "modified_on").unwrap_or(created),
        exited: instant(&root, "exited_on"),
        exit: text(&root, "exit_type"),
    })
}
