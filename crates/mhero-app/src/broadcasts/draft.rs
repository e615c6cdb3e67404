//! Making a broadcast: checks first, then one unit.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use mhero_core::{BroadcastId, ChannelId, Lane, Lang, ProgrammeId, Right, limits::TEMPLATE_CHARS_MAX};
use mhero_store::{BroadcastRow, Queue, Unit};

use super::{Preview, kinds, template};
use crate::{
    App, AppError, Caller,
    approvals::{self, Plan},
    delivery_rules::check_validity,
    trust,
};

/// How long the console lets a broadcast be taken back before anything leaves, in seconds.
pub const UNDO_SECONDS: i64 = 60;
/// Longest name of a broadcast, in characters.
const NAME_MAX: usize = 120;
/// Longest reason for leaving in quiet hours, in characters.
const REASON_MAX: usize = 500;

/// When a broadcast is released.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Release {
    /// At once.
    Now,
    /// After the undo minute.
    AfterUndo,
    /// At an instant.
    At(Timestamp),
    /// Again and again, by a cron expression in the broadcast's zone.
    Recurring(String),
}

/// A broadcast as an official wants it.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its name; empty for the beginning of the text.
    pub name: String,
    /// The audience, in the query language.
    pub query: String,
    /// Texts with expressions, by language; the first serves people whose language has none.
    pub texts: Vec<(Lang, String)>,
    /// How urgent.
    pub lane: Lane,
    /// By which channel; `None` for the default.
    pub channel: Option<ChannelId>,
    /// When.
    pub release: Release,
    /// The IANA name of the zone of its times; `None` for the national one.
    pub zone: Option<String>,
    /// Why it may leave in quiet hours. It is audited.
    pub quiet_override: Option<String>,
    /// Makes pressing twice send once.
    pub once_key: Option<String>,
    /// A test.
    pub is_test: bool,
    /// A drill.
    pub is_drill: bool,
    /// The programme that sends it, pays for it and may be stopped by itself; `None` for that of the sender, where they work for
    /// one only.
    pub programme: Option<ProgrammeId>,
    /// For how many minutes it is worth sending; `None`: as long as its lane says.
    pub valid_minutes: Option<i64>,
}

impl App {
    /// Makes a broadcast and lets it be released as it says. The same once-only key gives the same broadcast.
    ///
    /// # Errors
    /// [`AppError::Query`] for the audience, [`AppError::Invalid`] for texts, zone, time or recurrence, each naming what to
    /// do. Then nothing was sent.
    pub async fn send(&self, caller: &Caller, draft: &Draft) -> Result<BroadcastId, AppError> {
        caller.must(Right::Send)?;
        if let Some(key) = &draft.once_key
            && let Some(known) = self.store().broadcast_by_key(key).await?
        {
            return Ok(known);
        }
        let facts = self.facts_cached().await?;
        self.check_audience(caller, &draft.query).await?;
        template::check_texts(&draft.texts)?;
        if let Some(channel) = draft.channel
            && !self.store().channels().await?.iter().any(|row| row.id == channel)
        {
            return Err(AppError::not_found("channel", channel));
        }
        let zone = draft.zone.clone().unwrap_or_else(|| facts.zone.clone());
        let tz = TimeZone::get(&zone).map_err(|_| AppError::invalid("send-unknown-zone", [("zone", zone.clone())]))?;
        let now = self.clock().now();
        let (status, at) = first_release(&draft.release, now, &tz)?;
        let reason = clean_reason(draft.quiet_override.as_deref())?;
        check_validity(draft.valid_minutes)?;
        let name = name_of(draft);
        let waits = self.needs_approval(caller, draft).await?;
        self.store()
            .decide(|| {
                self.write_draft(caller, draft, (&name, &zone, reason.as_deref()), (status, at, waits.as_ref()), now)
            })
            .await
    }

    async fn write_draft(
        &self,
        caller: &Caller,
        draft: &Draft,
        (name, zone, reason): (&str, &str, Option<&str>),
        (planned, at, waits): (&'static str, Option<Timestamp>, Option<&Preview>),
        now: Timestamp,
    ) -> Result<BroadcastId, AppError> {
        let number = self.store().next_number("broadcast").await?;
        let id = self.store().mint().id(BroadcastId::from_uuid);
        let micros = now.as_microsecond();
        let status = if waits.is_some() { approvals::STATUS } else { planned };
        // What waits for a second person has no time yet, unless one was chosen.
        let chosen = at.filter(|_| waits.is_none() || planned == "scheduled");
        let programme = self.programme_of_draft(caller, draft).await?;
        let row = BroadcastRow {
            programme,
            ..drafted(caller, draft, (id, number), (name, zone, reason), (status, chosen), micros)
        };
        let mut unit = Unit::new();
        unit.take_numbers("broadcast", number, 1);
        unit.add_broadcast(&row, &draft.texts, draft.once_key.as_deref());
        if draft.valid_minutes.is_some() {
            unit.put_validity(id, draft.valid_minutes);
        }
        let short = self.short_texts_of_draft(draft).await?;
        if !short.is_empty() {
            unit.put_short_texts(id, &short);
        }
        let read = [&draft.texts[..], &short[..]].concat();
        self.add_trust_code(&mut unit, trust::kinds::BROADCAST, id.uuid()).await?;
        if let Some(preview) = waits {
            let plan = Plan { status: planned.to_owned(), at: chosen.map(Timestamp::as_microsecond) };
            self.add_approval(&mut unit, (&row, &read), &plan, preview).await?;
        }
        self.plan_release(&mut unit, id, status, at.unwrap_or(now));
        unit.changed("broadcast", id.uuid(), "created", micros);
        let facts = serde_json::json!({
            "number": number, "lane": draft.lane, "status": status, "languages": draft.texts.iter().map(|(l, _)| *l).collect::<Vec<_>>(),
            "test": draft.is_test, "drill": draft.is_drill, "quiet_override": reason, "programme": programme,
            "valid_minutes": draft.valid_minutes,
        });
        unit.audit(self.store(), &caller.entry("broadcast-sent", "broadcast", Some(id.uuid()), facts));
        match self.store().write(unit, Queue::Interactive).await {
            Ok(_) => {
                if draft.valid_minutes.is_some() {
                    self.rules_changed().await?;
                }
                self.wake();
                Ok(id)
            }
            // Somebody pressed twice: the first press has written it.
            Err(mhero_store::StoreError::Exists { rule }) => match &draft.once_key {
                Some(key) => {
                    let known = self.store().broadcast_by_key(key).await?;
                    known.ok_or(AppError::Store(mhero_store::StoreError::Exists { rule }))
                }
                None => Err(mhero_store::StoreError::Exists { rule }.into()),
            },
            Err(error) => Err(error.into()),
        }
    }

    /// Lets a broadcast be released as its status says.
    fn plan_release(&self, unit: &mut Unit, id: BroadcastId, status: &str, at: Timestamp) {
        let (key, due) = (id.to_string(), at.as_microsecond());
        match status {
            // A second person releases it.
            approvals::STATUS => {}
            "releasing" => {
                unit.add_job(self.store(), kinds::RELEASE_JOB, &key, "{}", due);
            }
            "recurring" => {
                unit.set_timer(self.store(), kinds::RECUR_TIMER, &key, due, "{}");
            }
            _ => {
                unit.set_timer(self.store(), kinds::RELEASE_TIMER, &key, due, "{}");
            }
        }
    }
}

/// The row of a new broadcast.
fn drafted(
    caller: &Caller,
    draft: &Draft,
    (id, number): (BroadcastId, i64),
    (name, zone, reason): (&str, &str, Option<&str>),
    (status, at): (&str, Option<Timestamp>),
    now: i64,
) -> BroadcastRow {
    BroadcastRow {
        id,
        number,
        name: name.to_owned(),
        query: draft.query.clone(),
        status: status.to_owned(),
        lane: draft.lane,
        channel: draft.channel,
        programme: None,
        parent: None,
        release_at: at.map(Timestamp::as_microsecond),
        zone: zone.to_owned(),
        recurrence: match &draft.release {
            Release::Recurring(cron) => Some(cron.clone()),
            _ => None,
        },
        quiet_override: reason.map(ToOwned::to_owned),
        is_test: draft.is_test || caller.scope.is_in_sandbox(),
        is_drill: draft.is_drill,
        created_by: caller.scope.principal(),
        created_at: now,
        released_at: None,
        ended_at: None,
        matched: 0,
        recipients: 0,
        version: 1,
    }
}

/// The first status of a broadcast, and when something happens to it.
fn first_release(
    release: &Release,
    now: Timestamp,
    zone: &TimeZone,
) -> Result<(&'static str, Option<Timestamp>), AppError> {
    match release {
        Release::Now => Ok(("releasing", None)),
        Release::AfterUndo => Ok(("undo", Some(now + SignedDuration::from_secs(UNDO_SECONDS)))),
        Release::At(at) if *at <= now => Err(AppError::invalid("send-time-passed", [("time", at.to_string())])),
        Release::At(at) => Ok(("scheduled", Some(*at))),
        Release::Recurring(cron) => Ok(("recurring", Some(next_firing(cron, now, zone)?))),
    }
}

/// When a recurring broadcast fires next.
pub(crate) fn next_firing(cron: &str, after: Timestamp, zone: &TimeZone) -> Result<Timestamp, AppError> {
    let wrong = || AppError::invalid("send-recurrence", [("value", cron.chars().take(60).collect::<String>())]);
    let pattern: croner::Cron = cron.parse().map_err(|_| wrong())?;
    let next = pattern.find_next_occurrence(&after.to_zoned(zone.clone()), false).map_err(|_| wrong())?;
    Ok(next.timestamp())
}

fn clean_reason(reason: Option<&str>) -> Result<Option<String>, AppError> {
    match reason.map(str::trim) {
        None => Ok(None),
        Some(reason) if reason.chars().count() < 3 => Err(AppError::invalid("send-quiet-reason", [])),
        Some(reason) => Ok(Some(reason.chars().take(REASON_MAX).collect())),
    }
}

fn name_of(draft: &Draft) -> String {
    let given = draft.name.trim();
    let text = draft.texts.first().map_or("", |(_, text)| text.as_str());
    let source = if given.is_empty() { text } else { given };
    let mut name: String = source.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(NAME_MAX).collect();
    if given.is_empty() && name.chars().count() > 48 {
        name = name.chars().take(47).collect::<String>() + "…";
    }
    name
}

/// Most characters of a template, checked where texts come in.
pub(super) const TEXT_MAX: usize = TEMPLATE_CHARS_MAX;
