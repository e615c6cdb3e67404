//! Handing texts to the phone of a channel: each waits until the phone says that it has it.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::SignedDuration;
use mhero_app::{
    App,
    messaging::Relayed,
    ports::{Carrier, Ear, Outcome, Outgoing, Parts},
};
use mhero_core::{ChannelId, Urn, record::Reason};
use tokio::{
    sync::watch,
    time::{Instant, timeout},
};

use super::{presence::Presence, status::Status, sync::TEXTS_MAX};

/// How long a text waits for the answer that it is to be in.
const QUEUED_MAX: Duration = Duration::from_secs(4);
/// How long a phone that was given a text has to speak of it. After that nobody knows, until it speaks.
const CONFIRM_MAX: Duration = Duration::from_secs(30);
/// How often it is looked how far a text is, where nobody tells: another node may hold the question.
const LOOK: Duration = Duration::from_secs(1);

/// The carrier of one channel.
pub(super) struct Desk {
    app: App,
    channel: ChannelId,
    presence: Arc<Presence>,
}

impl Desk {
    pub(super) fn new(app: &App, channel: ChannelId, presence: Arc<Presence>) -> Self {
        Self { app: app.clone(), channel, presence }
    }

    /// Reads how the phone is; it may ask another node.
    async fn look(&self) {
        match self.app.relayer_of(self.channel).await {
            Ok(Some(phone)) => {
                self.presence.note(Some((Status::read(&phone.status), phone.seen_at)));
                let open_for = phone.open_until.saturating_sub(self.app.clock().now_micros());
                if open_for > 0 && !self.presence.is_open() {
                    self.presence.open(Duration::from_micros(u64::try_from(open_for).unwrap_or_default()).min(LOOK));
                    self.app.wake();
                }
            }
            Ok(None) => self.presence.note(None),
            Err(error) => tracing::error!(channel = %self.channel, %error, "the phone of a channel can't be looked at"),
        }
    }

    async fn wait(&self, number: i64) -> Result<Outcome, mhero_app::AppError> {
        let mut spoke = self.presence.listen();
        let (began, closings, mut handed) = (Instant::now(), self.presence.closings(), None);
        loop {
            let mut state = self.app.relayed(self.channel, number).await?;
            let is_late = began.elapsed() >= QUEUED_MAX || !self.presence.is_open();
            if state == Relayed::Queued && is_late {
                state = self.app.withdraw_relayed(self.channel, number).await?;
                // It was given to the phone in a former attempt, and nobody knows more than then.
                if state == Relayed::Handed && handed.is_none() {
                    handed = Some(began);
                }
            }
            match state {
                Relayed::Taken => return Ok(Outcome::Accepted { carrier_id: Some(number.to_string()) }),
                Relayed::Failed => return Ok(Outcome::Refused { reason: "android-failed".to_owned() }),
                Relayed::Withdrawn => return Ok(not_sent()),
                Relayed::Queued => {}
                Relayed::Handed => {
                    let since = *handed.get_or_insert_with(Instant::now);
                    if since.elapsed() >= CONFIRM_MAX || self.presence.closings() != closings {
                        return Ok(Outcome::Unknown { reason: "android-unconfirmed".to_owned() });
                    }
                }
            }
            let _ = timeout(LOOK, spoke.changed()).await;
        }
    }
}

fn not_sent() -> Outcome {
    Outcome::NotSent { reason: "android-away".to_owned(), retry_after: Some(SignedDuration::ZERO) }
}

#[async_trait]
impl Carrier for Desk {
    fn parts(&self) -> Parts {
        Parts::Whole
    }

    fn room(&self) -> usize {
        if self.presence.is_open() { TEXTS_MAX } else { 0 }
    }

    fn trouble(&self) -> Option<Reason> {
        match self.presence.status()? {
            Some((status, seen_at)) => status.trouble(seen_at, self.app.clock().now()),
            None => Some(Reason::plain("android-no-phone")),
        }
    }

    fn is_away(&self) -> bool {
        let silent = |(status, seen_at): (Status, i64)| status.is_silent(seen_at, self.app.clock().now());
        self.presence.status().is_some_and(|phone| phone.is_none_or(silent))
    }

    async fn submit(&self, outgoing: &Outgoing) -> Outcome {
        if outgoing.to.scheme() != Urn::TEL {
            return Outcome::Refused { reason: "android-no-number".to_owned() };
        }
        let number = match self.app.relay(self.channel, outgoing).await {
            Ok(number) => number,
            Err(error) => {
                tracing::error!(channel = %self.channel, %error, "a text could not be put before a phone");
                return not_sent();
            }
        };
        self.presence.has_work();
        match self.wait(number).await {
            Ok(outcome) => outcome,
            Err(error) => {
                tracing::error!(channel = %self.channel, %error, "it can't be seen whether a phone has a text");
                Outcome::Unknown { reason: "android-unconfirmed".to_owned() }
            }
        }
    }

    fn is_held(&self) -> bool {
        true
    }

    async fn hold(&self, _ear: Arc<dyn Ear>, mut closing: watch::Receiver<bool>) {
        loop {
            self.look().await;
            if timeout(LOOK, closing.wait_for(|is_closing| *is_closing)).await.is_ok() {
                break;
            }
        }
        self.presence.close();
    }

    async fn check(&self) -> Result<Vec<Reason>, Reason> {
        self.look().await;
        self.trouble().map_or_else(|| Ok(Vec::new()), Err)
    }

    async fn facts(&self) -> Vec<Reason> {
        self.look().await;
        match self.presence.status() {
            Some(Some((status, seen_at))) => status.facts(seen_at, self.app.clock().now()),
            _ => Vec::new(),
        }
    }
}
