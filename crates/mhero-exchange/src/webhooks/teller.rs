//! The runner that turns what happened into notices.

use std::collections::{HashMap, HashSet};

use mhero_app::{App, AppError, Caller};
use mhero_core::{BroadcastId, FlowId, MessageId, PersonId, RunId, Scope, TokenId, UserId};
use mhero_store::{
    DirectoryAsked, FeedEntry, Keyset, MessagesAsked, NoticeTarget, Queue, RunsAsked, ShownVersion, StoreError, Unit,
    WebHookRow,
};
use uuid::Uuid;

use super::{
    Event, WebHooks,
    body::{self, Told},
    event,
};
use crate::{
    fhir::FhirError,
    notices::{Notice, WEB_HOOK, host},
};

/// How long the duty is held, in microseconds.
const DUTY_MICROS: i64 = 30_000_000;
/// Entries of each feed that are looked through at a time.
const PAGE: i64 = 200;
/// Events that wait for one receiver at most: what comes after them waits in the feeds.
const WAITING_MAX: i64 = 1_000;
/// Entries that told nothing are noted once there are so many: an idle server does not write down each half second that nothing came.
const PASSED_OVER: i64 = 500;

/// Turns what happened since into notices. Returns how many.
///
/// # Errors
/// Whatever the store reports.
pub(crate) async fn pass(app: &App) -> Result<usize, FhirError> {
    let store = app.store();
    let hooks = store.web_hooks().await?;
    if hooks.is_empty() || store.take_lease("web-hooks", app.node(), DUTY_MICROS).await?.is_none() {
        return Ok(0);
    }
    let desk = WebHooks::new(app);
    let targets = store.notice_targets(WEB_HOOK, "").await?;
    let mut done = 0;
    for row in hooks {
        let Some(target) = targets.iter().find(|target| target.id == row.id) else { continue };
        done += match target.state.as_str() {
            "on" => match desk.hearer(target.owner).await? {
                Some(hearer) => desk.tell(row, target, &hearer).await?,
                None => desk.silence(target).await?,
            },
            "failed" if row.told_at.is_none() => desk.say_failed(row, target).await?,
            _ => 0,
        };
    }
    Ok(done)
}

/// Whose scope counts, and to which kinds of resources they are narrowed.
pub(super) struct Hearer {
    caller: Caller,
    kinds: Vec<String>,
}

impl Hearer {
    /// Whether they may hear of this at all.
    pub(super) fn may(&self, event: Event) -> bool {
        let is_kind = |kind: &str| self.kinds.iter().any(|known| known == kind);
        self.caller.scope.may(event.right()) && (self.kinds.is_empty() || event.kinds().into_iter().any(is_kind))
    }
}

impl WebHooks {
    /// Whoever a web hook belongs to; `None` once their token was taken back or their account closed.
    pub(super) async fn hearer(&self, owner: Option<Uuid>) -> Result<Option<Hearer>, AppError> {
        let store = self.app.store();
        let Some(owner) = owner else { return Ok(Some(Hearer { caller: Caller::system(), kinds: Vec::new() })) };
        let Some(token) = store.token(TokenId::from_uuid(owner)).await? else {
            let caller = self.app.caller_of_user(UserId::from_uuid(owner)).await?;
            return Ok(caller.map(|caller| Hearer { caller, kinds: Vec::new() }));
        };
        if token.revoked_at.is_some() {
            return Ok(None);
        }
        let rule = store.client_rule(owner).await?;
        let kinds: Vec<String> = rule.and_then(|rule| serde_json::from_str(&rule.kinds).ok()).unwrap_or_default();
        let plain = |kind: &String| kind.split(':').next().unwrap_or_default().trim().to_lowercase();
        let kinds = kinds.iter().map(plain).collect();
        Ok(Some(Hearer { caller: self.app.caller_of(Some(owner)).await?, kinds }))
    }

    /// Nobody's scope counts any more: nothing is told, also not what waits.
    async fn silence(&self, target: &NoticeTarget) -> Result<usize, AppError> {
        let mut off = target.clone();
        "off".clone_into(&mut off.state);
        off.failure = Some("its token was taken back".to_owned());
        let mut unit = Unit::new();
        unit.set_notice_target(&off, self.app.clock().now_micros());
        self.write(unit).await.map(|()| 1)
    }

    /// Tells the administrators that a receiver was given up; once for each time.
    async fn say_failed(&self, mut row: WebHookRow, target: &NoticeTarget) -> Result<usize, AppError> {
        let args = [("name", row.name.clone()), ("host", host(&target.url).to_owned())];
        let key = format!("webhook-failed/{}/{}", row.id, target.version);
        match self.app.alert_administrators(("alert-webhook-failed", &args), &key).await {
            // They were told, and the process ended before that was noted.
            Err(AppError::Store(StoreError::Exists { .. })) => {}
            other => other?,
        }
        let mut unit = Unit::new();
        row.told_at = Some(self.app.clock().now_micros());
        unit.set_web_hook(&row);
        self.write(unit).await.map(|()| 1)
    }

    /// Writes; where somebody else was faster the next pass decides anew.
    async fn write(&self, unit: Unit) -> Result<(), AppError> {
        match self.app.store().write(unit, Queue::Bulk).await {
            Err(error) if error.is_decide_again() => Ok(()),
            other => Ok(other.map(drop)?),
        }
    }

    async fn tell(&self, mut row: WebHookRow, target: &NoticeTarget, hearer: &Hearer) -> Result<usize, AppError> {
        let store = self.app.store();
        if store.waiting_notices(row.id).await? >= WAITING_MAX {
            return Ok(0);
        }
        // Read before the versions themselves: what is committed in between is behind it.
        let until = store.last_fhir_version().await?;
        let shown = store.shown_since((row.shown_from, until), PAGE).await?;
        let is_full = |count: usize| i64::try_from(count).is_ok_and(|count| count == PAGE);
        let shown_to = match shown.last() {
            Some(last) if is_full(shown.len()) => last.number,
            _ => until.max(row.shown_from),
        };
        let changes = store.changes_since(row.change_from, PAGE).await?;
        let change_to = changes.last().map_or(row.change_from, |last| last.seq);
        let wanted: Vec<Event> = event::read(&row.events).into_iter().filter(|event| hearer.may(*event)).collect();
        let scope = &hearer.caller.scope;
        let mut told = self.of_shown(scope, &wanted, &shown).await?;
        told.extend(self.of_changes(scope, &wanted, &changes).await?);
        told.retain(|one| wanted.contains(&one.event) && one.at >= target.created_at);
        let passed = (shown_to - row.shown_from) + (change_to - row.change_from);
        let mut unit = Unit::new();
        let (mut keys, mut count) = (HashSet::new(), 0);
        for one in &told {
            if !keys.insert(one.once_key.as_str()) || store.is_notice_told(row.id, &one.once_key).await? {
                continue;
            }
            row.sequence += 1;
            count += 1;
            let id = Uuid::new_v5(&row.id, one.once_key.as_bytes());
            let body = one.body(id, row.sequence);
            let notice =
                Notice { once_key: &one.once_key, method: "POST", path: "", content_type: body::TYPE, body: &body };
            self.notices.tell_as(&mut unit, row.id, id, &notice)?;
        }
        let has_more = is_full(shown.len()) || is_full(changes.len());
        if count == 0 && !has_more && passed < PASSED_OVER {
            return Ok(0);
        }
        (row.shown_from, row.change_from) = (shown_to, change_to);
        unit.set_web_hook(&row);
        self.write(unit).await?;
        Ok(count.max(1))
    }

    async fn of_shown(&self, scope: &Scope, wanted: &[Event], shown: &[ShownVersion]) -> Result<Vec<Told>, AppError> {
        let store = self.app.store();
        let all = Keyset { newest_first: false, from: None, until: None, after: None, limit: PAGE };
        let mut told = Vec::new();
        // Who may not read it at /fhir is not told of it either.
        let mut readable = Vec::new();
        for one in shown {
            if store.fhir_resource(scope, (&one.kind, &one.id)).await?.is_some_and(|held| !held.is_deleted) {
                readable.push(one);
            }
        }
        let ids = |kind: &str| -> Vec<Uuid> {
            readable.iter().filter(|one| one.kind == kind).filter_map(|one| one.id.parse().ok()).collect()
        };
        if wanted.contains(&Event::MessageReceived) || wanted.contains(&Event::MessageState) {
            let ids: Vec<MessageId> = ids("Communication").into_iter().map(MessageId::from_uuid).collect();
            let asked = MessagesAsked { ids: Some(&ids), ..MessagesAsked::default() };
            let found = if ids.is_empty() { Vec::new() } else { store.message_page(scope, &asked, &all).await? };
            let found: HashMap<MessageId, _> = found.iter().map(|message| (message.id, message)).collect();
            told.extend(ids.iter().filter_map(|id| found.get(id)).filter_map(|message| body::message(message)));
        }
        if wanted.contains(&Event::RunFinished) {
            let mut runs = Vec::new();
            for id in ids("QuestionnaireResponse") {
                let asked = RunsAsked { run: Some(RunId::from_uuid(id)), ..RunsAsked::default() };
                runs.extend(
                    store.run_page(scope, &asked, &all).await?.into_iter().filter(|run| run.exited_at.is_some()),
                );
            }
            let ids: Vec<RunId> = runs.iter().map(|run| run.id).collect();
            let results = if ids.is_empty() { HashMap::new() } else { store.results_of_runs(&ids).await? };
            let flows: HashMap<FlowId, String> = match ids.is_empty() {
                true => HashMap::new(),
                false => store.flow_names().await?.into_iter().collect(),
            };
            told.extend(runs.iter().filter_map(|run| {
                let answers = results.get(&run.id).map(Vec::as_slice).unwrap_or_default();
                body::run(run, flows.get(&run.flow).map(String::as_str), answers)
            }));
        }
        Ok(told)
    }

    async fn of_changes(&self, scope: &Scope, wanted: &[Event], changes: &[FeedEntry]) -> Result<Vec<Told>, AppError> {
        let store = self.app.store();
        let wants_broadcasts = wanted.contains(&Event::BroadcastReleased) || wanted.contains(&Event::BroadcastFinished);
        let mut told = Vec::new();
        for change in changes {
            match change.kind.as_str() {
                "broadcast" if wants_broadcasts => {
                    let id = BroadcastId::from_uuid(change.entity);
                    let Some(found) = store.broadcast(scope, id).await?.filter(|row| !row.is_test) else { continue };
                    let states = store.count_by_state(id).await?;
                    told.extend(body::broadcast(&found, &states));
                }
                "person" if wanted.contains(&Event::PersonChanged) => {
                    let person = PersonId::from_uuid(change.entity);
                    let asked = DirectoryAsked { person: Some(person), limit: 1, ..DirectoryAsked::default() };
                    let is_gone = change.what == "deleted" && scope.all_places();
                    if is_gone || !store.directory_workers(scope, &asked).await?.is_empty() {
                        told.push(body::person(change.entity, (change.seq, &change.what), change.at));
                    }
                }
                _ => {}
            }
        }
        Ok(told)
    }
}
