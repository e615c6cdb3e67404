//! Everything that is held of one person, as they may ask for it.

use mhero_app::{App, AppError, Caller, people::PersonPage};
use mhero_core::{Lang, PersonId, Right, Scope, ThreadId};
use mhero_store::{AuditFilter, Audited, HeldAnswer, HeldChange, HeldProposal, MessageRow, Queue, RecordHeld, Unit};
use serde_json::{Value, json};

/// Messages in one file at most.
const MESSAGES_MAX: usize = 20_000;
/// Messages that are read at a time.
const MESSAGES_PAGE: i64 = 1_000;
/// Rows of every other kind in one file at most.
const ROWS_MAX: i64 = 10_000;
/// The sequence of references.
const SEQUENCE: &str = "subject-access";
/// The word of the audit log.
const TAKEN: &str = "person-held-taken";

/// Everything that is held of one person.
#[derive(Clone, Debug)]
pub struct Held {
    /// The number of its reference: SA-77.
    pub number: i64,
    /// When it was taken, in UTC microseconds.
    pub at: i64,
    /// The record, with groups.
    pub page: PersonPage,
    /// Messages, the oldest first.
    pub messages: Vec<MessageRow>,
    /// What registries sent.
    pub records: Vec<RecordHeld>,
    /// The changes of these records.
    pub changes: Vec<HeldChange>,
    /// What they answered in flows.
    pub answers: Vec<HeldAnswer>,
    /// What was said of values of theirs.
    pub proposals: Vec<HeldProposal>,
    /// What officials decided or read about them, the newest first.
    pub decisions: Vec<Audited>,
    /// False where there is more than one file holds.
    pub is_whole: bool,
}

/// Whether somebody may take all that is held of a person: whoever keeps records, and auditors.
pub fn may_take(caller: &Caller) -> bool {
    let scope = &caller.scope;
    scope.may(Right::ReadMessages) && (scope.may(Right::EditPeople) || scope.may(Right::Audit))
}

/// Takes all that is held of a person of the caller's scope. That it was taken is audited, under a reference of its own.
///
/// # Errors
/// [`AppError::NotFound`], also outside the scope; [`AppError::NotAllowed`].
pub async fn held(app: &App, caller: &Caller, person: PersonId) -> Result<Held, AppError> {
    if !may_take(caller) {
        return Err(AppError::NotAllowed { right: Right::Audit });
    }
    let page = app.person(caller, person).await?;
    let (store, person) = (app.store(), page.record.id);
    let messages = messages(app, caller, person).await?;
    let about = AuditFilter { about: Some(person.uuid()), ..AuditFilter::default() };
    let mut held = Held {
        number: 0,
        at: app.clock().now_micros(),
        records: store.held_records(person, ROWS_MAX).await?,
        changes: store.held_changes(person, ROWS_MAX).await?,
        answers: store.held_answers(person, ROWS_MAX).await?,
        proposals: store.held_proposals(person, ROWS_MAX).await?,
        // Who has looked at them is theirs to know, whatever the right of who takes it.
        decisions: store.audit_log(&Scope::system(), &about, ROWS_MAX).await?,
        is_whole: messages.len() < MESSAGES_MAX,
        messages,
        page,
    };
    let full = |count: usize| i64::try_from(count).is_ok_and(|count| count >= ROWS_MAX);
    let counts = [held.records.len(), held.changes.len(), held.answers.len(), held.proposals.len()];
    held.is_whole &= !counts.into_iter().any(full);
    held.number = store.decide(|| taken(app, caller, &held)).await?;
    Ok(held)
}

async fn messages(app: &App, caller: &Caller, person: PersonId) -> Result<Vec<MessageRow>, AppError> {
    let (mut all, mut before): (Vec<MessageRow>, i64) = (Vec::new(), i64::MAX);
    while all.len() < MESSAGES_MAX {
        let mut some = app.store().messages_of_person(&caller.scope, person, before, MESSAGES_PAGE).await?;
        let is_last = i64::try_from(some.len()).is_ok_and(|count| count < MESSAGES_PAGE);
        if let Some(oldest) = some.last().map(|message| message.created_at).filter(|_| !is_last) {
            // Those of one instant stay together on the next page, unless they fill it.
            let kept = some.iter().filter(|message| message.created_at > oldest).count();
            some.truncate(if kept > 0 { kept } else { some.len() });
            before = if kept > 0 { oldest + 1 } else { oldest };
        }
        all.append(&mut some);
        if is_last {
            break;
        }
    }
    all.truncate(MESSAGES_MAX);
    all.reverse();
    Ok(all)
}

/// Notes in the audit log that it was taken; returns the number of the reference.
async fn taken(app: &App, caller: &Caller, held: &Held) -> Result<i64, AppError> {
    let number = app.store().next_number(SEQUENCE).await?;
    let facts = json!({ "reference": number, "messages": held.messages.len(), "changes": held.changes.len() });
    let mut unit = Unit::new();
    unit.take_numbers(SEQUENCE, number, 1);
    unit.audit(app.store(), &caller.entry(TAKEN, "person", Some(held.page.record.id.uuid()), facts));
    app.store().write(unit, Queue::Interactive).await?;
    Ok(number)
}

/// Writes to a person what the file that was taken last holds, and under which reference it lies ready. The same twice writes once.
///
/// # Errors
/// [`AppError::Invalid`] where nothing was taken, or they can't be written to; as [`App::write_to`].
pub async fn tell(app: &App, caller: &Caller, person: PersonId) -> Result<ThreadId, AppError> {
    caller.must(Right::Answer)?;
    let page = app.person(caller, person).await?;
    let filter =
        AuditFilter { about: Some(page.record.id.uuid()), action: Some(TAKEN.to_owned()), ..AuditFilter::default() };
    let last = app.store().audit_log(&Scope::system(), &filter, 1).await?;
    let facts: Option<Value> = last.first().and_then(|entry| serde_json::from_str(&entry.facts).ok());
    let facts = facts.ok_or_else(|| AppError::invalid("held-none-taken", []))?;
    let first = app.facts_cached().await?.languages.first().copied().unwrap_or(Lang::ENGLISH);
    let language = page.record.language.unwrap_or(first);
    let args = ["messages", "changes", "reference"].map(|name| (name, facts[name].as_i64().unwrap_or(0).to_string()));
    let text = app.words().say(language, "sms-held-ready", &args);
    app.write_to(caller, page.record.id, &text, &format!("subject-access/{}", facts["reference"])).await
}

impl Held {
    /// The reference under which it was taken.
    pub fn reference(&self) -> String {
        format!("SA-{}", self.number)
    }

    /// All of it as JSON: instants in RFC 3339, numbers in full.
    pub fn to_json(&self, caller: &Caller) -> Value {
        let instant = |micros: i64| mhero_core::timestamp(micros).to_string();
        let messages = self.messages.iter().map(|message| {
            json!({
                "id": message.id, "direction": message.direction.as_str(), "kind": message.kind.as_str(),
                "number": message.path, "text": message.text, "state": message.state, "at": instant(message.created_at),
                "sent": message.sent_at.map(instant), "done": message.done_at.map(instant), "failure": message.failure,
            })
        });
        let records = self.records.iter().map(|record| {
            let raw = serde_json::from_str::<Value>(&record.raw).unwrap_or_else(|_| json!(record.raw));
            json!({ "source": record.source, "kind": record.kind, "id": record.ext_id, "record": raw,
                "first_seen": instant(record.first_seen_at), "changed": instant(record.changed_at), "gone": record.gone_at.map(instant) })
        });
        let changes = self.changes.iter().map(|change| {
            json!({ "source": change.source, "kind": change.kind, "id": change.ext_id, "at": instant(change.at), "what": change.verdict })
        });
        let answers = self.answers.iter().map(|answer| {
            json!({ "flow": answer.flow, "run": answer.run, "status": answer.status, "began": instant(answer.started_at),
                "ended": answer.exited_at.map(instant), "question": answer.name, "answer": answer.value,
                "understood": answer.category, "at": answer.at.map(instant) })
        });
        let proposals = self.proposals.iter().map(|said| {
            json!({ "field": said.field, "old": said.old, "new": said.new, "state": said.state, "at": instant(said.created_at),
                "decided": said.decided_at.map(instant) })
        });
        let decisions = self.decisions.iter().map(|entry| {
            json!({ "at": entry.at.to_string(), "who": entry.actor, "as": entry.actor_kind, "what": entry.action })
        });
        json!({
            "reference": self.reference(), "taken": instant(self.at), "whole": self.is_whole,
            "person": self.page.to_json(caller, self.at),
            "messages": messages.collect::<Vec<_>>(), "records": records.collect::<Vec<_>>(),
            "record_changes": changes.collect::<Vec<_>>(), "answers": answers.collect::<Vec<_>>(),
            "corrections": proposals.collect::<Vec<_>>(), "audit": decisions.collect::<Vec<_>>(),
        })
    }
}
