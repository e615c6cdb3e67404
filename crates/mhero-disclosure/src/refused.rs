//! What was refused to somebody who had come in, or who pretended to be a carrier: it stands in the audit.

use mhero_app::{App, AppError, Caller};
use mhero_core::ChannelId;
use mhero_store::{Queue, Unit};
use serde_json::json;
use uuid::Uuid;

/// Kinds of things by the first step of their address in the console.
const KINDS: [(&str, &str); 8] = [
    ("people", "person"),
    ("messages", "message"),
    ("inbox", "thread"),
    ("broadcasts", "broadcast"),
    ("audiences", "group"),
    ("places", "place"),
    ("flows", "flow"),
    ("campaigns", "campaign"),
];

/// Notes that a page was refused to somebody who has signed in: `pattern` is that of its address, `path` the address itself, of which an
/// id is kept and nothing else.
///
/// # Errors
/// [`AppError::Store`].
pub async fn note_refused(
    app: &App,
    caller: &Caller,
    (pattern, path): (&str, &str),
    status: u16,
) -> Result<(), AppError> {
    let mut steps = path.split('/').filter(|step| !step.is_empty());
    let first = steps.next().unwrap_or_default();
    let about = steps.find_map(|step| Uuid::try_parse(step).ok());
    let kind = KINDS.iter().find(|(step, _)| *step == first).map_or("page", |(_, kind)| kind);
    let mut unit = Unit::new();
    let facts = json!({ "page": pattern, "status": status });
    unit.audit(app.store(), &caller.entry("access-refused", kind, about, facts));
    app.store().write(unit, Queue::Bulk).await?;
    Ok(())
}

/// Whether an address names one thing: that somebody narrowed finds nothing there is worth a note.
pub fn names_one(path: &str) -> bool {
    path.split('/').any(|step| Uuid::try_parse(step).is_ok())
}

/// Notes that a call at the door of a channel was refused: it was not signed as it should be, or came from elsewhere.
///
/// # Errors
/// [`AppError::Store`].
pub async fn note_call_refused(app: &App, channel: ChannelId, is_forged: bool) -> Result<(), AppError> {
    let mut unit = Unit::new();
    let facts = json!({ "why": if is_forged { "forged" } else { "forbidden" } });
    let entry = Caller::system().entry("carrier-call-refused", "channel", Some(channel.uuid()), facts);
    unit.audit(app.store(), &entry);
    app.store().write(unit, Queue::Bulk).await?;
    Ok(())
}
