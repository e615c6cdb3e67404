//! One message: who wrote it, who agreed, by which rule this person got it and on what state of the registries, each hop, who read it.

use mhero_app::{App, AppError, Caller};
use mhero_core::{BroadcastId, Direction, FlowId, GroupId, MessageId, MessageKind, PersonId, Right, ThreadId, UserId};
use mhero_query::{Leaf, Predicate};
use mhero_store::{
    AuditFilter, Audited, BroadcastRow, MessageBehind, MessageRow, Queue, RecordThen, SubmissionShown, Unit,
};
use serde_json::json;
use uuid::Uuid;

/// Readers that are listed; the audit has all.
const VIEWS_MAX: i64 = 100;

/// Everything that stands behind a message.
#[derive(Clone, Debug)]
pub struct Behind {
    /// The message.
    pub message: MessageRow,
    /// A drill.
    pub is_drill: bool,
    /// The message that it replies to.
    pub reply_to: Option<MessageId>,
    /// What it belongs to.
    pub cause: Cause,
    /// Who wrote it.
    pub author: Author,
    /// Who agreed, where a second person was asked.
    pub agreed: Option<Agreed>,
    /// By which rule this person got it; `None` for what was written to one person, and outside the caller's programmes.
    pub rule: Option<Rule>,
    /// When it was decided who gets it, in UTC microseconds.
    pub decided_at: i64,
    /// What registries said of this person then.
    pub records: Vec<RecordThen>,
    /// Each attempt with each part.
    pub hops: Vec<SubmissionShown>,
    /// Who has read it, the latest first; `None` for who may not read the audit.
    pub views: Option<Vec<View>>,
}

/// What a message belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A broadcast, with its number and name; no name outside the caller's scope.
    Broadcast(BroadcastId, Option<(i64, String)>),
    /// A flow: its name, its revision, and the number of the start. Without a start a text or an event of theirs began it.
    Flow(FlowId, String, i64, Option<i64>),
    /// An official's answer or question.
    Thread(Option<ThreadId>),
    /// mHero itself, as an answer to a word such as STOP.
    Itself,
    /// What the person wrote.
    Theirs,
}

/// Who wrote something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Author {
    /// An official by name.
    Official(String),
    /// A program, by the name of its account.
    Program(String),
    /// The person whose page it is.
    Person,
    /// mHero itself, or the administrator at the machine.
    System,
}

/// A second person's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// `waiting`, `approved`, `refused`, `void`.
    pub state: String,
    /// Who decided, by name.
    pub who: Option<String>,
    /// Whether by SMS.
    pub by_sms: bool,
    /// When, in UTC microseconds.
    pub at: Option<i64>,
}

/// A group that a rule names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRule {
    /// The group.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Its own rule as a sentence; `None` for one whose members are listed.
    pub sentence: Option<String>,
    /// Whether it was changed since it was decided who gets the message.
    pub is_changed: bool,
}

/// By which rule people got a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// As a sentence in the reader's language; as it was written where it no longer means anything.
    pub sentence: String,
    /// As it was written.
    pub query: String,
    /// The groups behind it.
    pub groups: Vec<GroupRule>,
    /// People who fulfilled it then, and those of them who could be reached.
    pub people: (i64, i64),
    /// Whether this person fulfils it now; `None` where it no longer means anything.
    pub matches_now: Option<bool>,
}

/// Somebody who has read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// When.
    pub at: i64,
    /// Who, by name; a word for what has none.
    pub who: String,
    /// `message-opened`, `person-opened`, `thread-opened`, `person-held-taken`.
    pub action: String,
}

/// Everything that stands behind a message of somebody within the caller's scope.
///
/// # Errors
/// [`AppError::NotFound`], also outside the scope; [`AppError::NotAllowed`].
pub async fn message(app: &App, caller: &Caller, id: MessageId) -> Result<Behind, AppError> {
    caller.must(Right::ReadMessages)?;
    let found = app.store().message_behind(&caller.scope, id).await?;
    let found = found.ok_or_else(|| AppError::not_found("message", id))?;
    let person = found.row.person;
    let cause = cause(app, caller, &found).await?;
    let mut behind = Behind {
        author: author(app, first_author(&found.row)).await?,
        cause,
        agreed: None,
        rule: None,
        decided_at: found.row.created_at,
        records: Vec::new(),
        hops: app.store().submissions_shown(id).await?,
        views: views(app, caller, &found.row).await?,
        is_drill: found.is_drill,
        reply_to: found.reply_to,
        message: found.row,
    };
    if behind.message.direction == Direction::In {
        behind.author = Author::Person;
    }
    match sending(app, caller, &behind, found.session).await? {
        Some(sent) => {
            behind.decided_at = sent.decided_at;
            behind.author = author(app, sent.author).await?;
            behind.agreed = agreed(app, sent.asked_of).await?;
            behind.rule = Some(rule(app, caller, (&sent.query, sent.people), (person, sent.decided_at)).await?);
        }
        None if behind.message.direction == Direction::Out && behind.message.written_by.is_none() => {
            behind.author = Author::System;
        }
        None => {}
    }
    behind.records = app.store().records_then(person, behind.decided_at).await?;
    Ok(behind)
}

/// Notes that somebody read what stands behind a message.
///
/// # Errors
/// [`AppError::Store`].
pub async fn note_opened(app: &App, caller: &Caller, id: MessageId) -> Result<(), AppError> {
    note(app, caller, ("message-opened", "message", id.uuid())).await
}

/// Notes that somebody read a conversation.
///
/// # Errors
/// [`AppError::Store`].
pub async fn note_thread_opened(app: &App, caller: &Caller, id: ThreadId) -> Result<(), AppError> {
    note(app, caller, ("thread-opened", "thread", id.uuid())).await
}

async fn note(
    app: &App,
    caller: &Caller,
    (action, kind, about): (&'static str, &'static str, Uuid),
) -> Result<(), AppError> {
    let mut unit = Unit::new();
    unit.audit(app.store(), &caller.entry(action, kind, Some(about), json!({})));
    app.store().write(unit, Queue::Interactive).await?;
    Ok(())
}

fn first_author(message: &MessageRow) -> Option<Uuid> {
    message.written_by
}

async fn cause(app: &App, caller: &Caller, found: &MessageBehind) -> Result<Cause, AppError> {
    let message = &found.row;
    if let Some(id) = message.broadcast {
        let row = app.store().broadcast(&caller.scope, id).await?;
        return Ok(Cause::Broadcast(id, row.map(|row| (row.number, row.name))));
    }
    if let Some(session) = found.session
        && message.kind != MessageKind::Thread
        && let Some(session) = app.store().session_behind(session).await?
    {
        let start = match session.start {
            Some(start) => app.store().start(&caller.scope, start).await?.map(|row| row.number),
            None => None,
        };
        return Ok(Cause::Flow(session.flow, session.name, session.revision, start));
    }
    Ok(match (message.direction, message.thread, message.written_by) {
        (Direction::In, ..) => Cause::Theirs,
        (Direction::Out, None, None) => Cause::Itself,
        (Direction::Out, thread, _) => Cause::Thread(thread),
    })
}

/// What sent a message to many.
struct Sent {
    query: String,
    people: (i64, i64),
    decided_at: i64,
    author: Option<Uuid>,
    asked_of: BroadcastId,
}

async fn sending(
    app: &App,
    caller: &Caller,
    behind: &Behind,
    session: Option<mhero_core::SessionId>,
) -> Result<Option<Sent>, AppError> {
    let store = app.store();
    if behind.message.direction == Direction::In {
        return Ok(None);
    }
    match &behind.cause {
        Cause::Broadcast(id, _) => {
            let row: Option<BroadcastRow> = store.broadcast(&caller.scope, *id).await?;
            Ok(row.map(|row| Sent {
                decided_at: row.released_at.unwrap_or(row.created_at),
                people: (row.matched, row.recipients),
                author: row.created_by,
                asked_of: row.parent.unwrap_or(row.id),
                query: row.query,
            }))
        }
        Cause::Flow(..) => {
            let Some(session) = session else { return Ok(None) };
            let Some(start) = store.session_behind(session).await?.and_then(|session| session.start) else {
                return Ok(None);
            };
            let row = store.start(&caller.scope, start).await?;
            Ok(row.map(|row| Sent {
                decided_at: row.created_at,
                people: (row.matched, row.recipients),
                author: row.created_by,
                asked_of: BroadcastId::from_uuid(row.id.uuid()),
                query: row.query,
            }))
        }
        Cause::Thread(_) | Cause::Itself | Cause::Theirs => Ok(None),
    }
}

async fn author(app: &App, principal: Option<Uuid>) -> Result<Author, AppError> {
    let Some(principal) = principal else { return Ok(Author::System) };
    if let Some((user, _)) = app.store().user(UserId::from_uuid(principal)).await? {
        return Ok(Author::Official(user.name));
    }
    Ok(app.store().name_of_token(principal).await?.map_or(Author::System, Author::Program))
}

async fn agreed(app: &App, asked_of: BroadcastId) -> Result<Option<Agreed>, AppError> {
    let Some(approval) = app.store().last_approval(asked_of).await? else { return Ok(None) };
    let who = match approval.decided_by {
        Some(id) => app.store().user(UserId::from_uuid(id)).await?.map(|(user, _)| user.name),
        None => None,
    };
    Ok(Some(Agreed { state: approval.state, who, by_sms: approval.by_sms, at: approval.decided_at }))
}

async fn rule(
    app: &App,
    caller: &Caller,
    (query, people): (&str, (i64, i64)),
    (person, decided_at): (PersonId, i64),
) -> Result<Rule, AppError> {
    let mut rule =
        Rule { sentence: query.to_owned(), query: query.to_owned(), groups: Vec::new(), people, matches_now: None };
    let audience = match app.check_audience(caller, query).await {
        Ok(audience) => audience,
        // A name in it is gone: it stands as it was written.
        Err(AppError::Query(_) | AppError::Invalid(_)) => return Ok(rule),
        Err(error) => return Err(error),
    };
    rule.sentence = audience.sentence(caller.language);
    let is_this = Predicate::all([Leaf::Person(person).into(), audience.predicate]);
    let now = app.clock().now_micros();
    rule.matches_now = Some(app.store().count_audience(&caller.scope, &is_this, now).await? > 0);
    for (id, own) in app.groups_behind(caller, query).await? {
        let Some(group) = app.store().group(id).await? else { continue };
        let sentence = match own.is_empty() {
            true => None,
            false => Some(app.check_audience(caller, &own).await.map_or(own, |own| own.sentence(caller.language))),
        };
        let name = group.name.best(caller.language).to_owned();
        rule.groups.push(GroupRule { id, name, sentence, is_changed: group.updated_at > decided_at });
    }
    Ok(rule)
}

/// Who has read a message: behind it, in the conversation, or in the record of its person.
async fn views(app: &App, caller: &Caller, message: &MessageRow) -> Result<Option<Vec<View>>, AppError> {
    if !caller.scope.may(Right::Audit) {
        return Ok(None);
    }
    let places = [
        ("message-opened", Some(message.id.uuid())),
        ("thread-opened", message.thread.map(|thread| thread.uuid())),
        ("person-opened", Some(message.person.uuid())),
        ("person-held-taken", Some(message.person.uuid())),
    ];
    let since = mhero_core::timestamp(message.created_at);
    let mut read: Vec<Audited> = Vec::new();
    for (action, about) in places.into_iter().filter(|(_, about)| about.is_some()) {
        let filter =
            AuditFilter { action: Some(action.to_owned()), about, since: Some(since), ..AuditFilter::default() };
        read.extend(app.audit_log(caller, &filter, VIEWS_MAX).await?);
    }
    read.sort_by_key(|entry| std::cmp::Reverse(entry.entry));
    let mut views = Vec::with_capacity(read.len());
    for entry in read {
        let who = match author(app, entry.actor).await? {
            Author::Official(name) | Author::Program(name) => name,
            Author::Person | Author::System => String::new(),
        };
        views.push(View { at: mhero_core::micros(entry.at), who, action: entry.action });
    }
    Ok(Some(views))
}
