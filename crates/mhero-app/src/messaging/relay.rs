//! Phones that carry texts with the Android app: registering, claiming, and the texts that they are given.
//!
//! A text stands before the phone under a number of 32 bits, by which the app knows it. It keeps that number however often it is
//! offered, so that a phone which has it already does not send it twice.

use jiff::SignedDuration;
use mhero_core::{ChannelId, Right, SubmissionId};
use mhero_store::{Queue, RelayerRow, Unit};
use rand::RngExt;
use serde_json::json;

use crate::{
    App, AppError, Caller,
    ports::{CarrierEvent, Outgoing, Report},
};

/// What the sealed secret of a phone is bound to.
const SECRET: &str = "relayer.secret";
/// Letters of a claim code: none that looks like another.
const CODE_LETTERS: &[u8] = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";
/// Letters of a claim code (the app shows nine).
const CODE_LENGTH: usize = 9;
/// Letters of a secret.
const SECRET_LENGTH: usize = 64;
/// Letters that a secret is made of.
const SECRET_LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/// How long a phone waits for somebody to type its code.
const CLAIM_WITHIN: SignedDuration = SignedDuration::from_hours(24);
/// Phones that may wait at a time.
const UNCLAIMED_MAX: i64 = 500;
/// How long after it was given to the phone a text is offered once more where the phone says nothing of it: its answer was lost.
const OFFER_AGAIN: SignedDuration = SignedDuration::from_mins(15);
/// How often a phone may fail to send a text before that is given up.
const ERRORS_MAX: i64 = 3;
/// How long it is remembered what a phone was given: phones that were off for a month still tell.
pub(crate) const KEPT: SignedDuration = SignedDuration::from_hours(24 * 60);

/// A phone that has just registered.
#[derive(Clone)]
pub struct Registered {
    /// What the app knows itself by.
    pub number: i64,
    /// What it signs with.
    pub secret: String,
    /// What is to be typed on the page of a channel.
    pub claim_code: String,
}

impl std::fmt::Debug for Registered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registered").field("number", &self.number).finish_non_exhaustive()
    }
}

/// A phone that has registered.
#[derive(Clone)]
pub struct Relayer {
    /// What the app knows itself by.
    pub number: i64,
    /// The channel that it carries; none before it is claimed.
    pub channel: Option<ChannelId>,
    /// What it signs with.
    pub secret: String,
    /// Whether it was let go.
    pub is_released: bool,
    /// How it said it was, JSON.
    pub status: String,
    /// When it was last heard of, in UTC microseconds.
    pub seen_at: i64,
    /// Until when it waits for an answer, in UTC microseconds.
    pub open_until: i64,
}

impl std::fmt::Debug for Relayer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Relayer").field("number", &self.number).field("channel", &self.channel).finish_non_exhaustive()
    }
}

/// How far a text before the phone is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relayed {
    /// The phone was not given it yet.
    Queued,
    /// It was in an answer to the phone, which has not spoken of it.
    Handed,
    /// The phone has it, or has sent it.
    Taken,
    /// The phone could not send it.
    Failed,
    /// It was taken back before the phone was given it.
    Withdrawn,
}

/// A text for the phone.
#[derive(Clone)]
pub struct Offer {
    /// Under which number.
    pub number: i64,
    /// To whom.
    pub phone: String,
    /// What.
    pub text: String,
}

impl std::fmt::Debug for Offer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Offer").field("number", &self.number).finish_non_exhaustive()
    }
}

/// What a phone says of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// It has it.
    Taken,
    /// It has sent it.
    Sent,
    /// The other phone has it.
    Delivered,
    /// It could not send it and may try again.
    Erred,
    /// It could not send it and will not try again.
    Failed,
}

impl App {
    /// Takes a phone in that has the app. Nothing leaves by it before somebody types its code.
    ///
    /// # Errors
    /// [`AppError::Invalid`] while too many wait for that; whatever the store reports.
    pub async fn register_relayer(&self, status: &str) -> Result<Registered, AppError> {
        let now = self.clock().now();
        let (secret, claim_code) = (letters(SECRET_LETTERS, SECRET_LENGTH), letters(CODE_LETTERS, CODE_LENGTH));
        let mut unit = Unit::new();
        unit.forget_unclaimed_relayers((now - CLAIM_WITHIN).as_microsecond());
        self.store().write(unit, Queue::Interactive).await?;
        if self.store().unclaimed_relayers().await? >= UNCLAIMED_MAX {
            return Err(AppError::invalid("relayer-too-many", []));
        }
        let sealed = self.seal(SECRET, uuid::Uuid::nil(), secret.as_bytes())?;
        let mut unit = Unit::new();
        unit.add_relayer(&sealed, &claim_code, status, now.as_microsecond());
        self.store().write(unit, Queue::Interactive).await?;
        let row = self.store().relayer_by_code(&claim_code).await?;
        let number = row.ok_or_else(|| AppError::not_found("phone", "registered"))?.number;
        Ok(Registered { number, secret, claim_code })
    }

    /// A phone by what the app knows itself by.
    ///
    /// # Errors
    /// Whatever the store reports; a secret that was sealed with another key.
    pub async fn relayer(&self, number: i64) -> Result<Option<Relayer>, AppError> {
        self.store().relayer(number).await?.map(|row| self.opened(row)).transpose()
    }

    /// The phone that carries a channel.
    ///
    /// # Errors
    /// As [`App::relayer`].
    pub async fn relayer_of(&self, channel: ChannelId) -> Result<Option<Relayer>, AppError> {
        self.store().relayer_of(channel).await?.map(|row| self.opened(row)).transpose()
    }

    fn opened(&self, row: RelayerRow) -> Result<Relayer, AppError> {
        let secret = self.unseal(SECRET, uuid::Uuid::nil(), &row.secret)?;
        Ok(Relayer {
            number: row.number,
            channel: row.channel,
            secret: String::from_utf8_lossy(&secret).into_owned(),
            is_released: row.released_at.is_some(),
            status: row.status,
            seen_at: row.seen_at,
            open_until: row.open_until,
        })
    }

    /// Gives the phone that shows this code to a channel that has none. After a few wrong codes one waits.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a wrong code, one too many, or a channel that has a phone.
    pub async fn claim_relayer(&self, caller: &Caller, channel: ChannelId, code: &str) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        let who = caller.scope.principal().unwrap_or_default();
        if let Some(wait) = self.doors().claim_wait(who) {
            return Err(AppError::invalid("relayer-wait", [("seconds", wait.as_secs().max(1).to_string())]));
        }
        let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
        let row = self.channel_row(channel).await?;
        if self.store().relayer_of(channel).await?.is_some() {
            return Err(AppError::invalid("relayer-has-phone", [("name", row.name)]));
        }
        let now = self.clock().now();
        let fresh = |phone: &RelayerRow| phone.registered_at >= (now - CLAIM_WITHIN).as_microsecond();
        let Some(phone) = self.store().relayer_by_code(&code).await?.filter(fresh) else {
            self.doors().claim_failed(who);
            return Err(AppError::invalid("relayer-code", []));
        };
        let mut unit = Unit::new();
        unit.claim_relayer(&code, channel, now.as_microsecond());
        let facts = json!({ "phone": phone.number });
        unit.audit(self.store(), &caller.entry("relayer-claimed", "channel", Some(channel.uuid()), facts));
        match self.store().write(unit, Queue::Interactive).await {
            Err(error) if error.is_decide_again() => Err(AppError::invalid("relayer-code", [])),
            other => Ok(other.map(|_| self.wake())?),
        }
    }

    /// Lets the phone of a channel go: it hears so when it asks next, and shows a new code. What waits stays.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; whatever the store reports.
    pub async fn release_relayer(&self, caller: &Caller, channel: ChannelId) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        let mut unit = Unit::new();
        unit.release_relayer(channel, self.clock().now_micros());
        let facts = json!({});
        unit.audit(self.store(), &caller.entry("relayer-released", "channel", Some(channel.uuid()), facts));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Notes that a phone was heard of, until when it waits for an answer, and how it says it is.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn relayer_seen(
        &self,
        number: i64,
        open_for: SignedDuration,
        status: Option<&str>,
    ) -> Result<(), AppError> {
        let now = self.clock().now();
        let mut unit = Unit::new();
        unit.relayer_seen(number, (now.as_microsecond(), (now + open_for).as_microsecond()), status);
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Puts a text before the phone of a channel; one that it may have already keeps its number. Returns the number.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn relay(&self, channel: ChannelId, outgoing: &Outgoing) -> Result<i64, AppError> {
        let put = || async {
            let now = self.clock().now_micros();
            let before = self.store().relayed_before(outgoing.message, channel).await?;
            let mut unit = Unit::new();
            match before {
                Some((number, state)) if !matches!(state.as_str(), "failed" | "withdrawn") => {
                    unit.relay_again(number, outgoing.submission, now);
                }
                _ => {
                    unit.queue_relayed(channel, outgoing.message, outgoing.submission, now);
                }
            }
            self.store().write(unit, Queue::Interactive).await?;
            Ok::<(), AppError>(())
        };
        self.store().decide(put).await?;
        let number = self.store().relayed_number(outgoing.submission).await?;
        number.ok_or_else(|| AppError::not_found("text", outgoing.submission))
    }

    /// How far a text before the phone is.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn relayed(&self, channel: ChannelId, number: i64) -> Result<Relayed, AppError> {
        let row = self.store().relayed(number, channel).await?;
        Ok(row.map_or(Relayed::Withdrawn, |row| relayed(&row.state)))
    }

    /// Takes a text back that the phone was not given. Returns how far it is then.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn withdraw_relayed(&self, channel: ChannelId, number: i64) -> Result<Relayed, AppError> {
        let mut unit = Unit::new();
        unit.withdraw_relayed(number);
        match self.store().write(unit, Queue::Interactive).await {
            // It has been given to the phone.
            Err(error) if error.is_decide_again() => {}
            other => other.map(|_| ())?,
        }
        self.relayed(channel, number).await
    }

    /// Texts for the phone of a channel, without those that it says it has.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn relay_offers(&self, channel: ChannelId, known: &[i64], limit: usize) -> Result<Vec<Offer>, AppError> {
        let since = (self.clock().now() - OFFER_AGAIN).as_microsecond();
        let read = i64::try_from(limit.saturating_add(known.len())).unwrap_or(i64::MAX);
        let rows = self.store().relay_offers(channel, since, read).await?;
        let offers = rows.into_iter().filter(|row| !known.contains(&row.number)).take(limit);
        Ok(offers.map(|row| Offer { number: row.number, phone: row.path, text: row.text }).collect())
    }

    /// Notes that texts are in an answer to the phone, before it is given. Returns those that still may be.
    ///
    /// # Errors
    /// Whatever the store reports; then nothing may be given.
    pub async fn hand_to_relayer(&self, offers: Vec<Offer>) -> Result<Vec<Offer>, AppError> {
        if offers.is_empty() {
            return Ok(offers);
        }
        let (mut unit, now) = (Unit::new(), self.clock().now_micros());
        for offer in &offers {
            unit.hand_relayed(offer.number, now);
        }
        let done = self.store().write(unit, Queue::Interactive).await?;
        Ok(offers.into_iter().zip(done.rows).filter(|(_, rows)| *rows == 1).map(|(offer, _)| offer).collect())
    }

    /// Takes what a phone says of a text. The phone may be told that it was heard only when this returns `Ok`. What says nothing
    /// new changes nothing.
    ///
    /// # Errors
    /// Whatever the store reports; the phone then says it again.
    pub async fn relayer_told(&self, channel: ChannelId, number: i64, told: Told) -> Result<(), AppError> {
        let Some(row) = self.store().relayed(number, channel).await? else { return Ok(()) };
        let (told, submission) = match told {
            Told::Erred if row.errors + 1 >= ERRORS_MAX => (Told::Failed, row.submission),
            told => (told, row.submission),
        };
        let mut unit = Unit::new();
        match told {
            Told::Taken => unit.relayed_told(number, channel, "taken"),
            Told::Sent => unit.relayed_told(number, channel, "sent"),
            Told::Delivered => unit.relayed_told(number, channel, "delivered"),
            Told::Failed => unit.relayed_told(number, channel, "failed"),
            Told::Erred => unit.relayed_erred(number, channel, self.clock().now_micros()),
        };
        let done = self.store().write(unit, Queue::Interactive).await?;
        let is_new = done.rows.first().is_some_and(|rows| *rows > 0);
        match event(told, submission) {
            // The first word of a text ends the doubt whether it left; so does each later one, where that could not be written.
            Some(event) if is_new || told != Told::Taken => self.take_event(channel, &event).await,
            _ => Ok(()),
        }
    }
}

fn event(told: Told, submission: SubmissionId) -> Option<CarrierEvent> {
    match told {
        Told::Taken | Told::Sent => Some(CarrierEvent::Left { submission }),
        Told::Delivered => Some(CarrierEvent::ReportOn { submission, report: Report::Delivered }),
        Told::Failed => {
            Some(CarrierEvent::ReportOn { submission, report: Report::Failed { reason: "android-failed".to_owned() } })
        }
        Told::Erred => None,
    }
}

fn relayed(state: &str) -> Relayed {
    match state {
        "queued" => Relayed::Queued,
        "handed" => Relayed::Handed,
        "failed" => Relayed::Failed,
        "withdrawn" => Relayed::Withdrawn,
        _ => Relayed::Taken,
    }
}

fn letters(of: &[u8], count: usize) -> String {
    let mut rng = rand::rng();
    (0..count).map(|_| char::from(of[rng.random_range(0..of.len())])).collect()
}
