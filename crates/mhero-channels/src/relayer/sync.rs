//! The phone asks: what it tells is taken first, then it is given what waits.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use mhero_app::{
    App,
    messaging::Told,
    ports::{Call, CallRefused, CarrierEvent, Ear, GREETING_SECONDS_MAX, Greeting, Unheard},
};
use mhero_core::ChannelId;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};

use super::{
    presence::Presence,
    status::Status,
    wire::{self, Refused},
};
use crate::http::form::Pairs;

/// A question is not older than this.
const AGE_MAX: SignedDuration = SignedDuration::from_mins(15);
/// Nor is it from further ahead: phones whose clock is a little fast are served.
const AHEAD_MAX: SignedDuration = SignedDuration::from_hours(24);
/// Texts given in one answer.
pub(super) const TEXTS_MAX: usize = 50;
/// How long a question of an app that knows no long polling is held, for what waits to come out of the outbox.
const GATHER: Duration = Duration::from_millis(1_200);
/// How long more is gathered once something is there.
const GATHER_MORE: Duration = Duration::from_millis(150);
/// Longest that a question may be held.
const WAIT_SECONDS_MAX: u64 = GREETING_SECONDS_MAX - 10;
/// How often it is looked whether something waits that another node has put there.
const LOOK: Duration = Duration::from_secs(1);
/// The organisation that phones belong to: an installation is one.
const ORGANISATION: i64 = 1;

/// Takes a question of the phone of this number.
pub(super) async fn take(
    app: &App,
    number: i64,
    call: &Call<'_>,
    presence: impl FnOnce(ChannelId) -> Arc<Presence>,
) -> Result<Greeting, CallRefused> {
    let later = |error: mhero_app::AppError| {
        tracing::error!(%error, "what a phone asked could not be answered");
        CallRefused::Later
    };
    let Some(phone) = app.relayer(number).await.map_err(later)?.filter(|phone| !phone.is_released) else {
        return Ok(wire::answer(&[wire::release(number)]));
    };
    let query = Pairs::read(call.query.as_bytes(), b"");
    let (ts, signature) = (query.text(&["ts"]).unwrap_or_default(), query.text(&["signature"]).unwrap_or_default());
    if !wire::is_signed(&phone.secret, ts, call.body, signature) {
        tracing::warn!(phone = number, from = %call.from, "a question with a signature that does not fit");
        return Ok(Refused::Signature.answer());
    }
    let asked_at = ts.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    let age = asked_at.map(|at| app.clock().now().duration_since(at));
    if age.is_none_or(|age| age > AGE_MAX || age < -AHEAD_MAX) {
        return Ok(Refused::Old.answer());
    }
    let commands = wire::commands(call.body).ok_or(CallRefused::Unreadable("the body has no list `cmds`"))?;
    let begins = commands.first().is_some_and(|first| wire::name(first) == "fcm");
    let Some(channel) = phone.channel.filter(|_| begins) else { return Ok(Refused::Unclaimed.answer()) };
    let wait = query.text(&["wait"]).and_then(|seconds| seconds.parse::<u64>().ok());
    let presence = presence(channel);
    let sync = Sync { app, channel, ear: app.ear(channel), presence: &presence, phone: number };
    sync.run(&commands, wait.map(|seconds| Duration::from_secs(seconds.min(WAIT_SECONDS_MAX)))).await.map_err(later)
}

/// One question.
struct Sync<'a> {
    app: &'a App,
    channel: ChannelId,
    ear: Arc<dyn Ear>,
    presence: &'a Presence,
    phone: i64,
}

/// What the phone has told.
#[derive(Default)]
struct Heard {
    /// Answers to it.
    acks: Vec<Value>,
    /// Texts that it says it has.
    known: Vec<i64>,
    /// It does not know yet that it is claimed.
    is_new: bool,
    /// It lets us go.
    is_reset: bool,
}

impl Sync<'_> {
    async fn run(&self, commands: &[Value], wait: Option<Duration>) -> Result<Greeting, mhero_app::AppError> {
        let question = self.presence.ask();
        let status = commands.iter().find(|command| wire::name(command) == "status");
        let held = wait.unwrap_or(GATHER).max(GATHER);
        self.note(status, held).await?;
        let heard = self.hear(commands).await;
        self.presence.has_spoken();
        if heard.is_reset {
            self.app.release_relayer(&mhero_app::Caller::system(), self.channel).await?;
            self.presence.note(None);
            return Ok(wire::answer(&heard.acks));
        }
        let mut answer = heard.acks;
        if heard.is_new {
            answer.push(json!({ "cmd": "claim", "org_id": ORGANISATION }));
        }
        // What it told wants an answer soon; else it may wait.
        let held = if answer.is_empty() { held } else { GATHER };
        self.presence.open(held);
        self.app.wake();
        let offers = self.gather(question, &heard.known, held).await?;
        if self.presence.is_last(question) {
            self.presence.shut();
            // Other nodes read there whether it waits.
            self.app.relayer_seen(self.phone, SignedDuration::ZERO, None).await?;
        }
        let handed = self.app.hand_to_relayer(offers).await?;
        answer.extend(wire::broadcasts(&handed));
        self.presence.has_spoken();
        Ok(wire::answer(&answer))
    }

    /// Keeps how the phone is, and until when it waits.
    async fn note(&self, status: Option<&Value>, held: Duration) -> Result<(), mhero_app::AppError> {
        let status = status.map(Status::of);
        let kept = status.as_ref().map(Status::kept);
        let open_for = SignedDuration::try_from(held).unwrap_or_default();
        self.app.relayer_seen(self.phone, open_for, kept.as_deref()).await?;
        let before = self.presence.status().flatten().map(|(status, _)| status);
        let status = status.or(before).unwrap_or_default();
        self.presence.note(Some((status, self.app.clock().now_micros())));
        Ok(())
    }

    /// Takes what the phone tells, in its order. What can't be stored is not acknowledged, so that it comes again.
    async fn hear(&self, commands: &[Value]) -> Heard {
        let mut heard = Heard::default();
        for command in commands {
            let name = wire::name(command);
            let taken = match name {
                "fcm" => continue,
                "status" => {
                    heard.is_new = wire::number(&command["org_id"]) != Some(ORGANISATION);
                    for id in wire::text_ids(&command["pending"]).chain(wire::text_ids(&command["retry"])) {
                        heard.known.push(id);
                        if self.told(id, Told::Taken).await == Err(Unheard::Later) {
                            tracing::warn!(channel = %self.channel, "what a phone has could not be noted");
                        }
                    }
                    continue;
                }
                "mo_sms" => self.received(command).await,
                "call" => self.called(command).await.map(|()| None),
                "mt_sent" | "mt_dlvd" | "mt_error" | "mt_fail" => self.text(name, command).await.map(|()| None),
                "reset" => {
                    heard.is_reset = true;
                    Ok(None)
                }
                // What a newer app says is passed over, and acknowledged, or it would say it for ever.
                _ => Ok(None),
            };
            match taken {
                Ok(message) => heard.acks.push(wire::ack(&command["p_id"], message)),
                Err(Unheard::Never) => heard.acks.push(wire::ack(&command["p_id"], None)),
                Err(Unheard::Later) => {}
            }
        }
        heard
    }

    /// A phone wrote. Its time, sender and text decide what is a duplicate. Returns the number under which the app files it.
    async fn received(&self, command: &Value) -> Result<Option<i64>, Unheard> {
        let (from, text) = (word(&command["phone"]), word(&command["msg"]));
        let id = digest(&["sms", &from, &wire::number(&command["ts"]).unwrap_or_default().to_string(), &text]);
        let at = wire::number(&command["ts"]).and_then(|millis| Timestamp::from_millisecond(millis).ok());
        self.ear.hear(&CarrierEvent::Received { carrier_id: Some(hex(&id)), from, text, at }).await?;
        Ok(Some(i64::from(u32::from_be_bytes([id[0], id[1], id[2], id[3]]) >> 1)))
    }

    /// A call: one that was not taken asks for something.
    async fn called(&self, command: &Value) -> Result<(), Unheard> {
        if word(&command["type"]) != "mo_miss" {
            return Ok(());
        }
        let from = word(&command["phone"]);
        let id = digest(&["call", &from, &wire::number(&command["ts"]).unwrap_or_default().to_string()]);
        self.ear.hear(&CarrierEvent::MissedCall { carrier_id: Some(hex(&id)), from }).await
    }

    /// What became of a text.
    async fn text(&self, name: &str, command: &Value) -> Result<(), Unheard> {
        let Some(id) = wire::text_id(&command["msg_id"]) else { return Err(Unheard::Never) };
        let told = match name {
            "mt_sent" => Told::Sent,
            "mt_dlvd" => Told::Delivered,
            "mt_error" => Told::Erred,
            _ => Told::Failed,
        };
        self.told(id, told).await
    }

    async fn told(&self, id: i64, told: Told) -> Result<(), Unheard> {
        self.app.relayer_told(self.channel, id, told).await.map_err(|error| {
            tracing::warn!(channel = %self.channel, %error, "a phone's word of a text could not be stored");
            Unheard::Later
        })
    }

    /// Waits until there is something for the phone, or its patience is over.
    async fn gather(
        &self,
        question: u64,
        known: &[i64],
        held: Duration,
    ) -> Result<Vec<mhero_app::messaging::Offer>, mhero_app::AppError> {
        let (until, closings) = (Instant::now() + held, self.presence.closings());
        loop {
            let work = self.presence.work();
            let offers = self.app.relay_offers(self.channel, known, TEXTS_MAX).await?;
            let now = Instant::now();
            if !self.presence.is_last(question) || self.presence.closings() != closings {
                return Ok(Vec::new());
            }
            if offers.len() >= TEXTS_MAX || now >= until {
                return Ok(offers);
            }
            if offers.is_empty() {
                let _ = timeout(LOOK.min(until - now), work).await;
                continue;
            }
            // Others follow at once where there are some; the same again means that all are there.
            tokio::time::sleep(GATHER_MORE).await;
            let more = self.app.relay_offers(self.channel, known, TEXTS_MAX).await?;
            if more.len() == offers.len() {
                return Ok(more);
            }
        }
    }
}

fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

fn digest(parts: &[&str]) -> [u8; 16] {
    let mut context = ring::digest::Context::new(&ring::digest::SHA256);
    for part in parts {
        context.update(part.as_bytes());
        context.update(&[0]);
    }
    let mut short = [0; 16];
    short.copy_from_slice(&context.finish().as_ref()[..16]);
    short
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
