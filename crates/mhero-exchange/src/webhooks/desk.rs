//! Who is told what: web hooks are added, looked at, tried out and taken away.

use jiff::SignedDuration;
use mhero_app::{App, AppError, Caller};
use mhero_core::{Right, limits::NAME_CHARS_MAX};
use mhero_store::{NoticeSeen, NoticeTarget, Queue, StoreError, Unit, WebHookRow};
use ring::rand::{SecureRandom, SystemRandom};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::{EVENTS, Event, body, event};
use crate::notices::{NewTarget, Notice, Notices, WEB_HOOK, host, judged_url};

/// Web hooks of one installation at most.
const HOOKS_MAX: usize = 100;
/// Random octets of a secret.
const SECRET_BYTES: usize = 32;
/// Before every secret, so that one that leaked can be found.
const SECRET_PREFIX: &str = "whsec_";
/// How long both secrets sign after a change.
const BOTH: SignedDuration = SignedDuration::from_hours(24);
/// The space of names in which the key of whoever asks becomes the id of a web hook.
const ONCE: Uuid = Uuid::from_u128(0x6d48_6572_6f00_8000_8000_6f6e_6365_0001);
/// Deliveries that are listed at a time.
pub const DELIVERIES_MAX: usize = 100;

/// A web hook to add.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewWebHook {
    /// What people call it; the host where it is empty.
    pub name: String,
    /// Where: https, or http within the installation's own networks.
    pub url: String,
    /// What it is told, by the names of events; empty for all that its owner may hear.
    pub events: Vec<String>,
    /// Whose scope counts: a token or user; `None` for who adds it.
    pub owner: Option<Uuid>,
    /// What makes it the same web hook when it is asked for twice, by whichever nodes: its id follows from this.
    pub once_key: Option<String>,
}

/// A web hook as people and programs see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WebHook {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Where.
    pub url: String,
    /// What it is told.
    pub events: Vec<&'static str>,
    /// `on`; `off` since somebody switched it off or its token was taken back; `failed` since the receiver could not be told for too
    /// long.
    pub state: String,
    /// Why the last notice did not arrive.
    pub failure: Option<String>,
    /// The number of its last event.
    pub sequence: i64,
    /// Events that wait to be told.
    pub waiting: i64,
    /// Events that the receiver refused for good, of the last 30 days.
    pub dead: i64,
    /// The token or user whose scope counts; `None` for the installation itself.
    pub owner: Option<Uuid>,
    /// Since when, in UTC microseconds.
    pub created_at: i64,
}

impl WebHook {
    /// The host of its address, for those who need not see what stands behind that: some receivers put a secret there.
    pub fn host(&self) -> &str {
        host(&self.url)
    }
}

/// An attempt to tell something, never what was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// The id of the event, which is that of its body and of the header `Idempotency-Key`.
    pub id: Uuid,
    /// What it tells: `message.received`, `ping`.
    pub event: String,
    /// `waiting`, `delivered`, `dead`.
    pub state: &'static str,
    /// How often it was tried.
    pub attempts: i64,
    /// The last status.
    pub status: Option<i64>,
    /// Why the last attempt failed.
    pub failure: Option<String>,
    /// When the event was noted, in UTC microseconds.
    pub created_at: i64,
    /// When it is tried next, where it waits.
    pub next_at: Option<i64>,
    /// When it arrived or was given up.
    pub done_at: Option<i64>,
}

impl Delivery {
    fn of(seen: NoticeSeen) -> Self {
        let state = match seen.state.as_str() {
            "done" => "delivered",
            "dead" => "dead",
            _ => "waiting",
        };
        Self {
            id: seen.id,
            event: seen.once_key.split('/').next().unwrap_or_default().to_owned(),
            state,
            attempts: seen.attempt,
            status: seen.status,
            failure: seen.failure,
            created_at: seen.created_at,
            next_at: (state == "waiting").then_some(seen.ready_at),
            done_at: seen.done_at,
        }
    }
}

/// The desk of web hooks.
#[derive(Clone, Debug)]
pub struct WebHooks {
    pub(super) app: App,
    pub(super) notices: Notices,
}

impl WebHooks {
    /// The desk over an application.
    pub fn new(app: &App) -> Self {
        Self { app: app.clone(), notices: Notices::new(app) }
    }

    /// Adds a web hook. Returns it with the secret of its signatures, which is shown this once, and again to whoever repeats the
    /// request under its key.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] for an event that the owner may not hear; [`AppError::Invalid`] for a name, an address or an event,
    /// and for a key under which something else was asked for.
    pub async fn add(&self, caller: &Caller, new: NewWebHook) -> Result<(WebHook, String), AppError> {
        caller.must(Right::Api)?;
        let owner = match new.owner {
            Some(owner) if caller.scope.principal() != Some(owner) => {
                caller.must(Right::Settings)?;
                Some(owner)
            }
            _ => caller.scope.principal(),
        };
        let hearer = self.hearer(owner).await?.ok_or_else(|| AppError::not_found("token", "of the web hook"))?;
        let events = wanted(&hearer, &new.events)?;
        let url = judged_url(&self.app, &new.url).await?;
        let name = name_of(&new.name, &url)?;
        let store = self.app.store();
        let row = WebHookRow {
            id: new.once_key.as_ref().map_or_else(|| store.mint().uuid(), |key| Uuid::new_v5(&ONCE, key.as_bytes())),
            name: name.clone(),
            events: events.iter().map(|event| event.word()).collect::<Vec<_>>().join(" "),
            change_from: store.last_change().await?,
            shown_from: store.last_fhir_version().await?,
            sequence: 0,
            told_at: None,
            version: 1,
        };
        if let Some(made) = self.made_before(caller, &row, (&url, owner)).await? {
            return Ok(made);
        }
        let secret = self.secret()?;
        if store.web_hooks().await?.len() >= HOOKS_MAX {
            return Err(AppError::invalid("webhook-many", [("max", HOOKS_MAX.to_string())]));
        }
        let mut unit = Unit::new();
        let target = NewTarget {
            purpose: WEB_HOOK,
            subject: &name,
            url: &url,
            headers: &[],
            key: Some(&secret),
            owner,
            is_on: true,
        };
        self.notices.add_target_as(&mut unit, row.id, &target)?;
        unit.add_web_hook(&row);
        let facts = json!({ "name": name, "events": row.events });
        unit.audit(store, &caller.entry("webhook-added", "webhook", Some(row.id), facts));
        match store.write(unit, Queue::Interactive).await {
            Err(StoreError::Exists { .. }) => {
                // The same request on another node was faster; else it is the name.
                let made = self.made_before(caller, &row, (&url, owner)).await?;
                return made.ok_or_else(|| AppError::invalid("webhook-name-taken", [("name", name)]));
            }
            other => other.map(drop)?,
        }
        Ok((self.one(caller, &row.id.to_string()).await?, secret))
    }

    /// The web hook that was made under an id before, with its secret, where it is the one that is asked for.
    async fn made_before(
        &self,
        caller: &Caller,
        asked: &WebHookRow,
        (url, owner): (&str, Option<Uuid>),
    ) -> Result<Option<(WebHook, String)>, AppError> {
        let store = self.app.store();
        let Some(target) = store.notice_target(asked.id).await? else { return Ok(None) };
        let held = store.web_hooks().await?.into_iter().find(|row| row.id == asked.id);
        let is_same = held.is_some_and(|row| row.name == asked.name && row.events == asked.events);
        if !is_same || target.url != url || target.owner != owner {
            return Err(AppError::invalid("webhook-key-used", []));
        }
        let (secret, _) = self.notices.key(&target)?;
        Ok(Some((self.one(caller, &asked.id.to_string()).await?, secret)))
    }

    /// The web hooks of the caller; all of them for administrators.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn list(&self, caller: &Caller) -> Result<Vec<WebHook>, AppError> {
        caller.must(Right::Api)?;
        let store = self.app.store();
        let targets = store.notice_targets(WEB_HOOK, "").await?;
        let mut found = Vec::new();
        for row in store.web_hooks().await? {
            let own = targets.iter().find(|target| target.id == row.id);
            let Some(target) = own.filter(|target| is_own(caller, target)) else { continue };
            let counts = store.count_notices(row.id).await?;
            let count = |state: &str| counts.iter().find(|(own, _)| own == state).map_or(0, |(_, count)| *count);
            found.push(WebHook {
                id: row.id,
                name: row.name,
                url: target.url.clone(),
                events: event::read(&row.events).into_iter().map(Event::word).collect(),
                state: target.state.clone(),
                failure: target.failure.clone(),
                sequence: row.sequence,
                waiting: count("ready"),
                dead: count("dead"),
                owner: target.owner,
                created_at: target.created_at,
            });
        }
        Ok(found)
    }

    /// One of them, by id or name.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also for those of others.
    pub async fn one(&self, caller: &Caller, id: &str) -> Result<WebHook, AppError> {
        let id = id.trim();
        let uuid = id.parse::<Uuid>().ok();
        let mut all = self.list(caller).await?.into_iter();
        all.find(|hook| uuid == Some(hook.id) || hook.name == id).ok_or_else(|| AppError::not_found("webhook", id))
    }

    /// Takes a web hook away, with all that waits for it.
    ///
    /// # Errors
    /// As [`Self::one`].
    pub async fn remove(&self, caller: &Caller, id: &str) -> Result<(), AppError> {
        let hook = self.one(caller, id).await?;
        let mut unit = Unit::new();
        unit.drop_web_hook(hook.id);
        let facts = json!({ "name": hook.name });
        unit.audit(self.app.store(), &caller.entry("webhook-removed", "webhook", Some(hook.id), facts));
        match self.app.store().write(unit, Queue::Interactive).await {
            Err(StoreError::Guard { .. }) => Err(AppError::not_found("webhook", id)),
            other => Ok(other.map(drop)?),
        }
    }

    /// Gives a web hook another secret. For a day its notices are signed by both. Returns the new one; whoever asks again under the
    /// same key gets it again, as long as nobody has changed it since.
    ///
    /// # Errors
    /// As [`Self::one`].
    pub async fn rotate(&self, caller: &Caller, id: &str, once_key: Option<&str>) -> Result<String, AppError> {
        let hook = self.one(caller, id).await?;
        let secret = self.secret()?;
        let until = (self.app.clock().now() + BOTH).as_microsecond();
        let once = || async {
            let target = self.target(hook.id).await?;
            let (own, asked_by) = self.notices.key(&target)?;
            if once_key.is_some() && asked_by.as_deref() == once_key {
                return Ok(own);
            }
            let mut unit = Unit::new();
            self.notices.change_key(&mut unit, &target, (&secret, until), once_key)?;
            unit.audit(self.app.store(), &caller.entry("webhook-rotated", "webhook", Some(hook.id), json!({})));
            self.app.store().write(unit, Queue::Interactive).await?;
            Ok::<String, AppError>(secret.clone())
        };
        self.app.store().decide(once).await
    }

    /// Tells a web hook again from where it stopped: what was given up, what waits, and what happened since.
    ///
    /// # Errors
    /// As [`Self::one`].
    pub async fn enable(&self, caller: &Caller, id: &str) -> Result<WebHook, AppError> {
        let hook = self.one(caller, id).await?;
        let once = || async {
            let now = self.app.clock().now_micros();
            let mut target = self.target(hook.id).await?;
            if self.hearer(target.owner).await?.is_none() {
                return Err(AppError::invalid("webhook-owner-gone", []));
            }
            let mut unit = Unit::new();
            "on".clone_into(&mut target.state);
            (target.failures, target.failure) = (0, None);
            unit.set_notice_target(&target, now).revive_notices(hook.id, now);
            let rows = self.app.store().web_hooks().await?;
            if let Some(mut row) = rows.into_iter().find(|row| row.id == hook.id) {
                row.told_at = None;
                unit.set_web_hook(&row);
            }
            unit.audit(self.app.store(), &caller.entry("webhook-enabled", "webhook", Some(hook.id), json!({})));
            self.app.store().write(unit, Queue::Interactive).await?;
            Ok::<(), AppError>(())
        };
        self.app.store().decide(once).await?;
        self.app.wake();
        self.one(caller, id).await
    }

    /// Tells a web hook nothing more until it is enabled: what waits stays, and what happens meanwhile is told then.
    ///
    /// # Errors
    /// As [`Self::one`].
    pub async fn disable(&self, caller: &Caller, id: &str) -> Result<WebHook, AppError> {
        let hook = self.one(caller, id).await?;
        let once = || async {
            let mut target = self.target(hook.id).await?;
            if target.state == "off" {
                return Ok(());
            }
            "off".clone_into(&mut target.state);
            let mut unit = Unit::new();
            unit.set_notice_target(&target, self.app.clock().now_micros());
            unit.audit(self.app.store(), &caller.entry("webhook-disabled", "webhook", Some(hook.id), json!({})));
            self.app.store().write(unit, Queue::Interactive).await?;
            Ok::<(), AppError>(())
        };
        self.app.store().decide(once).await?;
        self.one(caller, id).await
    }

    /// Has a web hook told that it is being tried out: an event `ping`, signed like any other, that waits for its turn. Returns its
    /// id, which is the same for the same key.
    ///
    /// # Errors
    /// As [`Self::one`]; [`AppError::Invalid`] for one that is off.
    pub async fn test(&self, caller: &Caller, id: &str, once_key: Option<&str>) -> Result<Uuid, AppError> {
        let hook = self.one(caller, id).await?;
        if hook.state != "on" {
            return Err(AppError::invalid("webhook-off", [("name", hook.name)]));
        }
        let store = self.app.store();
        let notice = once_key.map_or_else(|| store.mint().uuid(), |key| Uuid::new_v5(&hook.id, key.as_bytes()));
        let now = self.app.clock().now_micros();
        let body = body::ping(notice, now);
        let once_key = format!("ping/{notice}");
        let told = Notice { once_key: &once_key, method: "POST", path: "", content_type: body::TYPE, body: &body };
        let mut unit = Unit::new();
        self.notices.tell_as(&mut unit, hook.id, notice, &told)?;
        match store.write(unit, Queue::Interactive).await {
            // It was asked for before: it waits, or was told.
            Err(StoreError::Exists { .. }) => {}
            other => other.map(drop)?,
        }
        self.app.wake();
        Ok(notice)
    }

    /// What a web hook was told of late, newest first, before one of them.
    ///
    /// # Errors
    /// As [`Self::one`].
    pub async fn deliveries(&self, caller: &Caller, id: &str, before: Option<Uuid>) -> Result<Vec<Delivery>, AppError> {
        let hook = self.one(caller, id).await?;
        let store = self.app.store();
        let before = match before {
            Some(before) => {
                let seen = store.notice_seen(before).await?.filter(|seen| seen.target == hook.id);
                seen.ok_or_else(|| AppError::not_found("delivery", before))?.entry
            }
            None => i64::MAX,
        };
        let limit = i64::try_from(DELIVERIES_MAX).unwrap_or(i64::MAX);
        Ok(store.notices_seen(hook.id, before, limit).await?.into_iter().map(Delivery::of).collect())
    }

    /// One of them.
    ///
    /// # Errors
    /// As [`Self::one`]; [`AppError::NotFound`] for the delivery.
    pub async fn delivery(&self, caller: &Caller, id: &str, delivery: Uuid) -> Result<Delivery, AppError> {
        let hook = self.one(caller, id).await?;
        let seen = self.app.store().notice_seen(delivery).await?.filter(|seen| seen.target == hook.id);
        seen.map(Delivery::of).ok_or_else(|| AppError::not_found("delivery", delivery))
    }

    async fn target(&self, id: Uuid) -> Result<NoticeTarget, AppError> {
        let found = self.app.store().notice_target(id).await?;
        found.ok_or_else(|| AppError::not_found("webhook", id))
    }

    fn secret(&self) -> Result<String, AppError> {
        let mut bytes = [0; SECRET_BYTES];
        let dry = |_| AppError::invalid("webhook-secret", []);
        SystemRandom::new().fill(&mut bytes).map_err(dry)?;
        Ok(bytes.iter().fold(SECRET_PREFIX.to_owned(), |text, byte| text + &format!("{byte:02x}")))
    }
}

fn is_own(caller: &Caller, target: &NoticeTarget) -> bool {
    caller.scope.may(Right::Settings) || (target.owner.is_some() && target.owner == caller.scope.principal())
}

fn wanted(hearer: &super::teller::Hearer, words: &[String]) -> Result<Vec<Event>, AppError> {
    let all = || EVENTS.iter().map(|event| event.word()).collect::<Vec<_>>().join(", ");
    if words.is_empty() {
        let own: Vec<Event> = EVENTS.into_iter().filter(|event| hearer.may(*event)).collect();
        return if own.is_empty() { Err(AppError::NotAllowed { right: Right::ReadMessages }) } else { Ok(own) };
    }
    let mut events = Vec::new();
    for word in words {
        let shown = || word.chars().take(60).collect::<String>();
        let event = Event::of(word)
            .ok_or_else(|| AppError::invalid("webhook-event", [("event", shown()), ("known", all())]))?;
        if !hearer.may(event) {
            return Err(AppError::NotAllowed { right: event.right() });
        }
        events.push(event);
    }
    events.sort_unstable();
    events.dedup();
    Ok(events)
}

fn name_of(name: &str, url: &str) -> Result<String, AppError> {
    let name = if name.trim().is_empty() { host(url) } else { name.trim() };
    if name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
        return Err(AppError::invalid("webhook-name", [("max", NAME_CHARS_MAX.to_string())]));
    }
    Ok(name.to_owned())
}
