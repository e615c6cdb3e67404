//! The phones' side: what a phone shows, who answers for it, and writing a text on it.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use mhero_core::{ChannelId, MessageId, Right};
use mhero_store::{NewSimulatedSms, Queue, SimulatedSmsRow, Unit};

use super::{KIND, PhoneMode};
use crate::{
    App, AppError, Caller,
    messaging::{Accepted, MissedCall, Received},
};

/// How long a choice of who answers for a phone holds after it was last touched.
const MODE_HOLDS: SignedDuration = SignedDuration::from_mins(30);
/// A page that refreshes itself does not write each time that it still looks at a phone.
const TOUCH_AGAIN: SignedDuration = SignedDuration::from_mins(1);
/// Parts read for each text that is asked for: a text has at most so many.
const PARTS_PER_TEXT: i64 = 24;
/// Most texts or phones of one answer.
const LIMIT_MAX: i64 = 500;

/// A text that somebody writes on a simulated phone.
#[derive(Clone)]
pub struct SimulatedText {
    /// The phone, in any form that the numbering countries know.
    pub from: String,
    /// What is written.
    pub text: String,
    /// The name of the channel; else the one by which the phone last got something, else the first simulator.
    pub channel: Option<String>,
    /// A key by which a repeat of the same request is known; `None`: each request is a text of its own.
    pub once: Option<String>,
}

/// Never the number or the text.
impl std::fmt::Debug for SimulatedText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimulatedText").field("channel", &self.channel).finish_non_exhaustive()
    }
}

/// What a simulated phone shows.
#[derive(Clone)]
pub struct SimulatedPhone {
    /// The phone, E.164.
    pub path: String,
    /// Who answers for it: by itself, where nobody has chosen otherwise lately.
    pub mode: PhoneMode,
    /// Its texts, oldest first.
    pub texts: Vec<SimulatedSms>,
}

/// A text on a simulated phone, its parts joined.
#[derive(Clone)]
pub struct SimulatedSms {
    /// True for what the phone has got, false for what was written on it.
    pub is_to_phone: bool,
    /// The words.
    pub text: String,
    /// When the phone showed it, with its last part.
    pub at: Timestamp,
    /// How many SMS it took.
    pub parts: i64,
    /// The message, for what the phone has got.
    pub message: Option<MessageId>,
    /// 1, or more for a text that the phone has got again.
    pub copy: usize,
}

/// A simulated phone in a list.
#[derive(Clone)]
pub struct PhoneSeen {
    /// The phone, E.164.
    pub path: String,
    /// Its last activity.
    pub at: Timestamp,
}

macro_rules! without_words {
    ($($name:ident . $shown:ident),+ $(,)?) => {$(
        /// Never the number or the text.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).field(stringify!($shown), &self.$shown).finish_non_exhaustive()
            }
        }
    )+};
}
without_words!(SimulatedPhone.mode, SimulatedSms.message, PhoneSeen.at);

impl App {
    /// Somebody writes a text on a simulated phone. It is accepted as from any carrier, and then shown as written there; from
    /// now on that person answers for the phone, see [`PhoneMode::ByHand`].
    ///
    /// # Errors
    /// [`AppError::NotAllowed`], [`AppError::NotFound`] for a phone out of scope, [`AppError::Invalid`] without a simulator
    /// channel or for a number that can't be one.
    pub async fn simulate_receive(&self, caller: &Caller, text: &SimulatedText) -> Result<Accepted, AppError> {
        let path = self.phone_for(caller, &text.from).await?;
        let channel = self.simulator_channel(&path, text.channel.as_deref()).await?;
        let carrier_id = match &text.once {
            Some(once) => format!("hand/{once}"),
            None => format!("hand/{}", self.store().mint().uuid()),
        };
        let received =
            Received { channel, carrier_id: Some(carrier_id.clone()), from: path.clone(), text: text.text.clone() };
        let accepted = self.receive(&received).await?;
        let now = self.clock().now_micros();
        let written = NewSimulatedSms {
            path: path.clone(),
            is_to_phone: false,
            text: text.text.clone(),
            channel,
            carrier_id,
            reference: None,
            part: 1,
            parts: 1,
            at: now,
            due: None,
        };
        let mut unit = Unit::new();
        unit.add_simulated_sms(&written);
        unit.set_simulated_mode(&path, PhoneMode::ByHand.as_str(), channel, now);
        if let Err(error) = self.store().write(unit, Queue::Interactive).await {
            // The text is accepted, which is what counts; only the pretend phone does not show it.
            tracing::error!(%error, "an accepted text could not be shown on its simulated phone");
        }
        Ok(accepted)
    }

    /// Rings from a simulated phone and hangs up. False when no trigger waits for a missed call.
    ///
    /// # Errors
    /// As [`App::simulate_receive`].
    pub async fn simulate_call(&self, caller: &Caller, phone: &str, channel: Option<&str>) -> Result<bool, AppError> {
        let path = self.phone_for(caller, phone).await?;
        let channel = self.simulator_channel(&path, channel).await?;
        let carrier_id = Some(format!("hand/{}", self.store().mint().uuid()));
        self.missed_call(&MissedCall { channel, carrier_id, from: path }).await
    }

    /// What a simulated phone shows, with at most so many of its latest texts.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`], [`AppError::NotFound`] for a phone out of scope, [`AppError::Invalid`] for what is no number.
    pub async fn simulated_phone(&self, caller: &Caller, phone: &str, limit: i64) -> Result<SimulatedPhone, AppError> {
        let path = self.phone_for(caller, phone).await?;
        let now = self.clock().now_micros();
        let limit = limit.clamp(1, LIMIT_MAX);
        let rows = self.store().simulated_sms(&caller.scope, &path, now, limit * PARTS_PER_TEXT).await?;
        let mut texts = join(rows);
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        texts.drain(..texts.len().saturating_sub(wanted));
        let mode = self.simulated_mode(&path).await?.unwrap_or(PhoneMode::ByItself);
        Ok(SimulatedPhone { path, mode, texts })
    }

    /// Simulated phones by their last activity, the latest first; `after` is the last one of the page before.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`], and whatever the store reports.
    pub async fn simulated_phones(
        &self,
        caller: &Caller,
        after: Option<&PhoneSeen>,
        limit: i64,
    ) -> Result<Vec<PhoneSeen>, AppError> {
        must_simulate(caller)?;
        let after = after.map(|phone| (phone.at.as_microsecond(), phone.path.as_str()));
        let now = self.clock().now_micros();
        let rows = self.store().simulated_phones(&caller.scope, now, after, limit.clamp(1, LIMIT_MAX)).await?;
        Ok(rows.into_iter().map(|(path, at)| PhoneSeen { path, at: mhero_core::timestamp(at) }).collect())
    }

    /// Somebody looks at a simulated phone to use it: for the next half hour nobody else answers for it, unless they chose so.
    ///
    /// # Errors
    /// As [`App::simulated_phone`].
    pub async fn take_simulated_phone(&self, caller: &Caller, phone: &str) -> Result<(), AppError> {
        let path = self.phone_for(caller, phone).await?;
        let now = self.clock().now();
        let mode = match self.store().simulated_mode(&path).await? {
            Some((_, since)) if since > (now - TOUCH_AGAIN).as_microsecond() => return Ok(()),
            Some((word, since)) => in_force(&word, since, now).unwrap_or(PhoneMode::ByHand),
            None => PhoneMode::ByHand,
        };
        self.write_mode(&path, mode).await
    }

    /// Chooses who answers for a simulated phone, for the next half hour.
    ///
    /// # Errors
    /// As [`App::simulated_phone`].
    pub async fn set_simulated_mode(&self, caller: &Caller, phone: &str, mode: PhoneMode) -> Result<(), AppError> {
        let path = self.phone_for(caller, phone).await?;
        self.write_mode(&path, mode).await
    }

    async fn write_mode(&self, path: &str, mode: PhoneMode) -> Result<(), AppError> {
        let channel = self.simulator_channel(path, None).await?;
        let mut unit = Unit::new();
        unit.set_simulated_mode(path, mode.as_str(), channel, self.clock().now_micros());
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Who answers for a phone, if somebody has chosen lately.
    pub(super) async fn simulated_mode(&self, path: &str) -> Result<Option<PhoneMode>, AppError> {
        let mode = self.store().simulated_mode(path).await?;
        Ok(mode.and_then(|(word, since)| in_force(&word, since, self.clock().now())))
    }

    /// The E.164 of a simulated phone that the caller may use.
    async fn phone_for(&self, caller: &Caller, phone: &str) -> Result<String, AppError> {
        must_simulate(caller)?;
        let path = self.numbering_cached().await?.inbound(phone);
        let path = path.ok_or_else(|| AppError::invalid("simulator-no-number", []))?;
        if !self.store().sees_simulated_phone(&caller.scope, &path).await? {
            return Err(AppError::not_found("phone", phone));
        }
        Ok(path)
    }

    /// The simulator by which a phone writes.
    async fn simulator_channel(&self, path: &str, name: Option<&str>) -> Result<ChannelId, AppError> {
        let channels = self.store().channels().await?;
        if let Some(name) = name {
            let channel = channels.iter().find(|channel| channel.name == name);
            let channel = channel.ok_or_else(|| AppError::not_found("channel", name))?;
            if channel.kind != KIND {
                return Err(AppError::invalid("simulator-other-kind", [("name", name.to_owned())]));
            }
            return Ok(channel.id);
        }
        let usable = || channels.iter().filter(|channel| channel.kind == KIND && channel.active);
        let last = self.store().simulated_channel(path).await?;
        let chosen = usable().find(|channel| Some(channel.id) == last).or_else(|| usable().next());
        chosen.map(|channel| channel.id).ok_or_else(|| AppError::invalid("simulator-none", []))
    }
}

pub(super) fn must_simulate(caller: &Caller) -> Result<(), AppError> {
    if caller.scope.may(Right::Settings) { Ok(()) } else { caller.must(Right::Send) }
}

fn in_force(word: &str, since: i64, now: Timestamp) -> Option<PhoneMode> {
    let holds = since > (now - MODE_HOLDS).as_microsecond();
    if holds { word.parse().ok() } else { None }
}

/// Joins parts into texts, oldest first. A message that was submitted twice shows twice: the second copy of its parts is a
/// text of its own. A copy of which a part is missing does not show.
fn join(newest_first: Vec<SimulatedSmsRow>) -> Vec<SimulatedSms> {
    let mut copies: BTreeMap<(String, usize), Vec<SimulatedSmsRow>> = BTreeMap::new();
    let mut seen: BTreeMap<(String, i64), usize> = BTreeMap::new();
    let mut texts = Vec::new();
    for row in newest_first.into_iter().rev() {
        let Some(reference) = row.reference.clone() else {
            texts.push((row.at, row.entry, text(std::slice::from_ref(&row), 1)));
            continue;
        };
        let copy = seen.entry((reference.clone(), row.part)).or_default();
        *copy += 1;
        let key = (reference, *copy);
        let parts = copies.entry(key.clone()).or_default();
        parts.push(row);
        if i64::try_from(parts.len()) == parts.first().map_or(Ok(0), |row| Ok(row.parts)) {
            let whole = copies.remove(&key).unwrap_or_default();
            let at = whole.iter().map(|row| row.at).max().unwrap_or_default();
            let entry = whole.iter().map(|row| row.entry).max().unwrap_or_default();
            texts.push((at, entry, text(&whole, key.1)));
        }
    }
    texts.sort_by_key(|(at, entry, _)| (*at, *entry));
    texts.into_iter().map(|(_, _, text)| text).collect()
}

fn text(parts: &[SimulatedSmsRow], copy: usize) -> SimulatedSms {
    let mut ordered: Vec<&SimulatedSmsRow> = parts.iter().collect();
    ordered.sort_by_key(|row| row.part);
    SimulatedSms {
        is_to_phone: parts.first().is_some_and(|row| row.is_to_phone),
        text: ordered.iter().map(|row| row.text.as_str()).collect(),
        at: mhero_core::timestamp(parts.iter().map(|row| row.at).max().unwrap_or_default()),
        parts: i64::try_from(parts.len()).unwrap_or(i64::MAX),
        message: parts.first().and_then(|row| row.reference.as_deref()).and_then(|id| id.parse().ok()),
        copy,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(entry: i64, reference: Option<&str>, part: i64, parts: i64, text: &str) -> SimulatedSmsRow {
        SimulatedSmsRow {
            entry,
            is_to_phone: reference.is_some(),
            text: text.to_owned(),
            channel: ChannelId::from_uuid(uuid::Uuid::nil()),
            reference: reference.map(str::to_owned),
            part,
            parts,
            at: entry,
        }
    }

    fn shown(mut rows: Vec<SimulatedSmsRow>) -> Vec<(String, usize)> {
        rows.reverse();
        join(rows).into_iter().map(|text| (text.text, text.copy)).collect()
    }

    #[test]
    fn parts_are_joined_in_any_order_and_half_a_text_does_not_show() {
        let rows = vec![
            row(1, Some("a"), 2, 2, "world"),
            row(2, None, 1, 1, "hm"),
            row(3, Some("a"), 1, 2, "hello "),
            row(4, Some("b"), 1, 2, "half"),
        ];
        assert_eq!(shown(rows), [("hm".to_owned(), 1), ("hello world".to_owned(), 1)]);
    }

    #[test]
    fn a_double_shows_twice() {
        let rows = vec![
            row(1, Some("a"), 1, 2, "x"),
            row(2, Some("a"), 2, 2, "y"),
            row(3, Some("a"), 1, 2, "x"),
            row(4, Some("a"), 2, 2, "y"),
            row(5, Some("b"), 1, 1, "z"),
            row(6, Some("b"), 1, 1, "z"),
        ];
        let texts: Vec<_> = shown(rows);
        let expected = [("xy", 1), ("xy", 2), ("z", 1), ("z", 2)].map(|(text, copy)| (text.to_owned(), copy));
        assert_eq!(texts, expected);
    }

    #[test]
    fn a_choice_of_who_answers_ends_after_half_an_hour() {
        let now: Timestamp = "2026-05-14T09:34:00Z".parse().expect("an instant");
        let since = |minutes| (now - SignedDuration::from_mins(minutes)).as_microsecond();
        assert_eq!(in_force("hand", since(29), now), Some(PhoneMode::ByHand));
        assert_eq!(in_force("silent", since(30), now), None);
        assert_eq!(in_force("other", since(1), now), None);
    }
}
