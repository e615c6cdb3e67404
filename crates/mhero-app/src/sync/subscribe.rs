//! Registries that tell us at once: where a source's setting says so, the registry is asked to notify us, its answer is watched,
//! and it is asked again when it gave up. A notification is only a hint: what changed is pulled, and the schedule goes on.

use jiff::SignedDuration;
use mhero_core::{Right, SourceId, record::Reason};
use mhero_store::{Queue, Source, SubscriptionRow, Timer, Unit};

use super::{keep_reason, read_reason, settings::SyncSettings};
use crate::{
    App, AppError, Caller,
    ports::{Registry, Standing, Subscribed, Teller},
};

/// Looks how the subscriptions of a source stand.
pub(crate) const SUBSCRIBE_TIMER: &str = "sync-subscribe";
/// How often one that works is looked at.
const LOOKED_AT: SignedDuration = SignedDuration::from_hours(6);
/// How soon one that does not work, or could not be made, is looked at again.
const LOOKED_AT_AGAIN: SignedDuration = SignedDuration::from_mins(15);
/// Longest words of a registry about its subscription, in characters.
const SAYS_MAX: usize = 300;

/// How what a registry was asked to tell us stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionStatus {
    /// The kind of records: `Practitioner`.
    pub kind: String,
    /// `asked`, `active`, `error`, `off`.
    pub state: String,
    /// What is wrong.
    pub reason: Option<Reason>,
    /// When we looked last, in UTC microseconds.
    pub looked_at: i64,
}

impl App {
    /// How what a registry was asked to tell us stands; nothing where it was asked for nothing.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn subscriptions(&self, caller: &Caller, source: SourceId) -> Result<Vec<SubscriptionStatus>, AppError> {
        caller.must(Right::Settings)?;
        let status = |row: SubscriptionRow| SubscriptionStatus {
            reason: Some(row.reason.as_str()).filter(|reason| !reason.is_empty()).map(read_reason),
            kind: row.kind,
            state: row.state,
            looked_at: row.looked_at,
        };
        Ok(self.store().subscriptions(source).await?.into_iter().map(status).collect())
    }

    /// After settings changed: has the registry asked, or asked no more, at once. Nothing where there is nothing to do.
    pub(super) async fn look_at_subscriptions(
        &self,
        unit: &mut Unit,
        source: SourceId,
        settings: &SyncSettings,
    ) -> Result<(), AppError> {
        if settings.notify.is_some() || !self.store().subscriptions(source).await?.is_empty() {
            let now = self.clock().now_micros();
            unit.set_timer(self.store(), SUBSCRIBE_TIMER, &source.to_string(), now, "{}");
        }
        Ok(())
    }

    /// The timer of a source's subscriptions fires: they are made, looked at, or ended.
    pub(crate) async fn subscriptions_due(&self, timer: &Timer) -> Result<(), AppError> {
        let mut unit = Unit::new();
        unit.fired(timer);
        if let Some((source, settings)) = self.source_of_timer(timer).await? {
            let is_fine = self.on_journey(self.look_at(&mut unit, &source, &settings)).await?;
            if settings.notify.is_some() || !is_fine {
                let later = self.clock().now() + if is_fine { LOOKED_AT } else { LOOKED_AT_AGAIN };
                unit.set_timer(self.store(), &timer.kind, &timer.key, later.as_microsecond(), "{}");
            }
        }
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Ends what a registry was asked for, as far as it answers: for a source that is about to go.
    pub(super) async fn end_subscriptions(&self, unit: &mut Unit, source: SourceId) -> Result<(), AppError> {
        let rows = self.store().subscriptions(source).await?;
        let registry = if rows.is_empty() { None } else { self.registry(source).await.ok() };
        for row in rows {
            if let Some(teller) = registry.as_deref().and_then(Registry::teller)
                && !row.ext_id.is_empty()
                && let Err(reason) = self.on_journey(teller.unsubscribe(&row.ext_id)).await
            {
                tracing::warn!(%source, reason = reason.key, "a subscription stays at the registry; its calls are refused");
            }
            unit.drop_subscription(source, &row.kind);
        }
        Ok(())
    }

    /// Brings the subscriptions of a source to what its settings say. True when nothing is left to be tried again.
    async fn look_at(&self, unit: &mut Unit, source: &Source, settings: &SyncSettings) -> Result<bool, AppError> {
        let rows = self.store().subscriptions(source.id).await?;
        let registry = self.registry(source.id).await?;
        let Some(teller) = registry.teller() else { return Ok(true) };
        let wanted = if settings.notify.is_some() { teller.tells_of() } else { Vec::new() };
        let mut is_fine = true;
        for row in rows.iter().filter(|row| !wanted.contains(&row.kind.as_str())) {
            let ended = if row.ext_id.is_empty() { Ok(()) } else { teller.unsubscribe(&row.ext_id).await };
            match ended {
                Ok(()) => drop(unit.drop_subscription(source.id, &row.kind)),
                Err(reason) => {
                    is_fine = false;
                    unit.set_subscription(&self.with_reason(row.clone(), &reason));
                }
            }
        }
        let base = settings.notify.as_deref().unwrap_or_default().trim_end_matches('/');
        let endpoint = format!("{base}{}", self.notify_path(&Caller::system(), source.id)?);
        for kind in wanted {
            let known = rows.iter().find(|row| row.kind == kind);
            let row = self.made_or_looked_at(teller, (source.id, kind, &endpoint), known).await;
            is_fine &= row.state == Standing::Active.as_str();
            unit.set_subscription(&row);
        }
        Ok(is_fine)
    }

    /// Looks at a subscription; makes it where there is none, and again where the registry has given it up.
    async fn made_or_looked_at(
        &self,
        teller: &dyn Teller,
        (source, kind, endpoint): (SourceId, &str, &str),
        known: Option<&SubscriptionRow>,
    ) -> SubscriptionRow {
        let now = self.clock().now_micros();
        let none = SubscriptionRow {
            source,
            kind: kind.to_owned(),
            ext_id: String::new(),
            state: Standing::Off.as_str().to_owned(),
            reason: String::new(),
            made_at: now,
            looked_at: now,
        };
        let row = known.cloned().unwrap_or_else(|| none.clone());
        let there = match row.ext_id.as_str() {
            "" => Ok(None),
            id => teller.subscription(id).await,
        };
        match there {
            Err(reason) => self.with_reason(row, &reason),
            Ok(Some(found)) if matches!(found.standing, Standing::Asked | Standing::Active) => {
                SubscriptionRow { made_at: row.made_at, ..self.stood(none, found) }
            }
            // Gone, or given up after failures: what went wrong is shown until the next look says that it works.
            Ok(found) => {
                if let Some(found) = &found
                    && let Err(reason) = teller.unsubscribe(&found.id).await
                {
                    return self.with_reason(row, &reason);
                }
                let says = found.map(|found| found.says).filter(|says| !says.is_empty());
                match teller.subscribe(kind, endpoint).await {
                    Ok(made) => {
                        let made = Subscribed {
                            says: if made.says.is_empty() { says.unwrap_or_default() } else { made.says },
                            ..made
                        };
                        self.stood(none, made)
                    }
                    Err(reason) => self.with_reason(none, &reason),
                }
            }
        }
    }

    fn stood(&self, row: SubscriptionRow, found: Subscribed) -> SubscriptionRow {
        let says: String = found.says.chars().take(SAYS_MAX).collect();
        let reason = match found.standing {
            _ if !says.is_empty() => keep_reason(&Reason::new("sync-subscription-says", [("detail", says)])),
            Standing::Error => keep_reason(&Reason::plain("sync-subscription-error")),
            Standing::Off => keep_reason(&Reason::plain("sync-subscription-off")),
            Standing::Asked | Standing::Active => String::new(),
        };
        SubscriptionRow { ext_id: found.id, state: found.standing.as_str().to_owned(), reason, ..row }
    }

    fn with_reason(&self, row: SubscriptionRow, reason: &Reason) -> SubscriptionRow {
        let state = Standing::Error.as_str().to_owned();
        SubscriptionRow { state, reason: keep_reason(reason), looked_at: self.clock().now_micros(), ..row }
    }
}
