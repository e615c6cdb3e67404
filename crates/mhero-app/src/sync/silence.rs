//! A registry that stays silent: the administrators who have a number are told by SMS, once until it speaks again.

use jiff::{Timestamp, tz::TimeZone};
use mhero_core::{Lane, Lang, PersonId, Right, UserId};
use mhero_store::{Queue, Source, Timer, Unit};
use serde_json::json;
use uuid::Uuid;

use crate::{
    App, AppError, Caller,
    messaging::{AutoText, say_short},
};

/// The scheme of phone numbers.
const PHONE: &str = "tel";

impl App {
    /// The timer of a source's silence fires: unless it has spoken meanwhile, the administrators are told.
    pub(crate) async fn silence_over(&self, timer: &Timer) -> Result<(), AppError> {
        let now = self.clock().now();
        let mut unit = Unit::new();
        unit.fired(timer);
        if let Some((source, settings)) = self.source_of_timer(timer).await? {
            let zone = self.facts_cached().await?.time_zone();
            let state = self.store().sync_states().await?.into_iter().find(|state| state.source == source.id);
            let last = state.as_ref().and_then(|state| state.succeeded_at);
            let limit = settings.silent_after(now, &zone);
            let due = limit.map(|limit| last.map_or(now, |last| mhero_core::timestamp(last) + limit));
            let asks = self.store().asking_runs().await?.iter().any(|run| run.source == source.id);
            match due {
                // It is not silent: it waits for an answer of ours, and everybody sees that.
                Some(_) if asks => self.expect_word(&mut unit, source.id, &settings).await?,
                // It has spoken since this timer was set.
                Some(due) if due > now => {
                    unit.set_timer(self.store(), &timer.kind, &timer.key, due.as_microsecond(), "{}");
                }
                Some(_) if state.is_some_and(|state| state.silent_told_at.is_none()) => {
                    unit.told_of_silence(source.id, now.as_microsecond());
                    self.tell_administrators(&mut unit, &source, last.map(mhero_core::timestamp), &zone).await?;
                }
                _ => {}
            }
        }
        self.store().write(unit, Queue::Interactive).await?;
        self.wake();
        Ok(())
    }

    /// Tells the administrators by SMS what can't wait, in their languages; under the same key once.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn alert_administrators(
        &self,
        (words, args): (&str, &[(&'static str, String)]),
        key: &str,
    ) -> Result<(), AppError> {
        let mut unit = Unit::new();
        for (user, path, language) in self.store().admin_phones().await? {
            let text = say_short(self.words(), (language, words), args, None);
            self.add_alert(&mut unit, &path, language, &text, &format!("{key}/{user}")).await?;
        }
        self.store().write(unit, Queue::Interactive).await?;
        self.wake();
        Ok(())
    }

    async fn tell_administrators(
        &self,
        unit: &mut Unit,
        source: &Source,
        last: Option<Timestamp>,
        zone: &TimeZone,
    ) -> Result<(), AppError> {
        for (user, path, language) in self.store().admin_phones().await? {
            let text = match last {
                None => {
                    let args = [("source", source.name.clone())];
                    say_short(self.words(), (language, "alert-registry-never"), &args, None)
                }
                Some(last) => {
                    let when = last.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
                    let args = [("source", source.name.clone()), ("since", when)];
                    say_short(self.words(), (language, "alert-registry-silent"), &args, None)
                }
            };
            let since = last.map_or(0, Timestamp::as_microsecond);
            self.add_alert(unit, &path, language, &text, &format!("silence/{}/{user}/{since}", source.id)).await?;
        }
        Ok(())
    }

    /// Adds an SMS to an official of the console to a unit. It waits for nothing, not even for the end of quiet hours.
    async fn add_alert(
        &self,
        unit: &mut Unit,
        path: &str,
        language: Lang,
        text: &str,
        dedupe_key: &str,
    ) -> Result<(), AppError> {
        let now = self.clock().now_micros();
        let person = match self.store().holders(PHONE, path).await?.first() {
            Some(holder) => holder.person,
            None => {
                let person = self.store().mint().id(PersonId::from_uuid);
                unit.add_stranger(person, self.store().mint().uuid(), (PHONE, path), now);
                unit.changed("person", person.uuid(), "created", now);
                person
            }
        };
        let auto = AutoText {
            person,
            number: (PHONE, path),
            channel: None,
            lane: Lane::Alert,
            language,
            text,
            dedupe_key: dedupe_key.to_owned(),
            reply_to: None,
            quiet_exempt: true,
        };
        self.add_auto_text(unit, auto);
        Ok(())
    }

    /// Where an official of the console is told by SMS what can't wait; an empty text takes it away.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for what is no number of the installation's countries; [`AppError::NotFound`] for the user.
    pub async fn set_user_phone(&self, caller: &Caller, user: UserId, number: &str) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        if self.store().user(user).await?.is_none() {
            return Err(AppError::not_found("user", user));
        }
        let path = match number.trim() {
            "" => None,
            number => {
                let reading = self.numbering_cached().await?.read(number);
                let path = reading.e164().map(str::to_owned);
                Some(path.ok_or_else(|| AppError::invalid("sync-user-phone", []))?)
            }
        };
        let mut unit = Unit::new();
        unit.set_user_phone(user.uuid(), path.as_deref());
        let facts = json!({ "has_phone": path.is_some() });
        unit.audit(self.store(), &caller.entry("user-phone-set", "user", Some(user.uuid()), facts));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// The numbers of officials, by their id.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn user_phones(&self, caller: &Caller) -> Result<Vec<(Uuid, String)>, AppError> {
        caller.must(Right::Settings)?;
        Ok(self.store().user_phones().await?)
    }
}
