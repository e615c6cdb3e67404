//! A carrier over HTTP, whatever the provider: one request a submission, rest after failures.

use std::{
    collections::BTreeMap,
    fmt,
    marker::PhantomData,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use mhero_app::{
    App, AppError,
    ports::{Call, CallRefused, Carrier, ChannelSettings, Driver, Field, Outcome, Outgoing, Parts, Taken},
    rows::Clock,
};
use mhero_core::{ChannelId, record::Reason};
use reqwest::RequestBuilder;

use super::{
    client::Client,
    common::Common,
    health::Health,
    heard::Heard,
    trouble::{Sign, Trouble},
};

/// How long a page waits for what an account says of itself.
const FACTS_LIMIT: Duration = Duration::from_secs(3);
/// How long that is shown before it is asked again: a page that is looked at all day must not call all day.
const FACTS_FRESH: SignedDuration = SignedDuration::from_mins(10);

/// What differs between providers.
#[async_trait]
pub(crate) trait Provider: Sized + Send + Sync + 'static {
    /// The KIND of `mhero channel add`.
    const KIND: &'static str;
    /// The name in the addresses that it calls.
    const ROUTE: &'static str;
    /// The keys of its settings, and which of them are secrets.
    const KEYS: &'static [(&'static str, bool)];
    /// What a page asks for, the needed ones first.
    const FIELDS: &'static [Field];
    /// Whether its settings name further keys.
    const TAKES_OTHER_KEYS: bool = false;

    /// Reads the settings of a channel; `default_secret` makes the secret of its addresses where none is given. The clock is for
    /// providers whose signatures hold a time.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming the key that is missing or wrong.
    fn of(
        channel: (ChannelId, &Clock),
        config: &BTreeMap<String, String>,
        default_secret: impl FnOnce() -> String,
    ) -> Result<Self, AppError>;

    /// What it is, in sentences and logs.
    fn name(&self) -> &'static str;

    /// What all channels over HTTP are told.
    fn common(&self) -> &Common;

    /// How long texts go.
    fn parts(&self) -> Parts {
        Parts::Whole
    }

    /// Whether a request depends on when the address last wrote.
    fn asks_heard(&self) -> bool {
        false
    }

    /// The request that hands over one part.
    ///
    /// # Errors
    /// The code of a reason for which it can never carry it.
    fn request(&self, client: &reqwest::Client, outgoing: &Outgoing) -> Result<RequestBuilder, &'static str>;

    /// The same for a part that is worth sending for so many minutes, where the provider can be told.
    ///
    /// # Errors
    /// Those of [`Provider::request`].
    fn request_within(
        &self,
        client: &reqwest::Client,
        outgoing: &Outgoing,
        minutes: Option<u32>,
    ) -> Result<RequestBuilder, &'static str> {
        let _ = minutes;
        self.request(client, outgoing)
    }

    /// What an answer means for the message and for the channel.
    fn read(&self, heard: &Heard) -> (Outcome, Sign);

    /// What is wrong with it, in words for an administrator.
    fn sentence(&self, trouble: Trouble) -> Reason;

    /// Looks whether texts would leave, without sending one; remarks say what else is missing.
    async fn check(&self, asker: &Asker) -> Result<Vec<Reason>, Reason>;

    /// What the account says of itself, the balance say. Asked for a page, so that it must be short.
    async fn facts(&self, _asker: &Asker) -> Vec<Reason> {
        Vec::new()
    }

    /// The addresses that it is to call, under the names of its own manual.
    fn addresses(&self) -> Vec<(&'static str, String)>;

    /// Reads a call.
    fn called(&self, call: &Call<'_>) -> Result<Taken, CallRefused>;
}

/// The driver of a kind of provider. Its channels share one client.
pub struct HttpDriver<P> {
    client: Client,
    provider: PhantomData<fn() -> P>,
}

impl<P> Default for HttpDriver<P> {
    fn default() -> Self {
        Self { client: Client::default(), provider: PhantomData }
    }
}

impl<P> fmt::Debug for HttpDriver<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpDriver").finish_non_exhaustive()
    }
}

impl<P: Provider> Driver for HttpDriver<P> {
    fn kind(&self) -> &'static str {
        P::KIND
    }

    fn keys(&self) -> &'static [(&'static str, bool)] {
        P::KEYS
    }

    fn takes_other_keys(&self) -> bool {
        P::TAKES_OTHER_KEYS
    }

    fn fields(&self) -> Vec<Field> {
        P::FIELDS.to_vec()
    }

    fn route(&self) -> Option<&'static str> {
        Some(P::ROUTE)
    }

    fn build(&self, app: &App, settings: &ChannelSettings) -> Result<Arc<dyn Carrier>, AppError> {
        let default_secret = || app.derived_secret(&format!("{}.callback", P::KIND), settings.id.uuid());
        let provider = P::of((settings.id, app.clock()), &settings.config, default_secret)?;
        Ok(Gateway::build(app, self.client.get()?, provider))
    }
}

/// Asks, once, within a time.
pub(crate) struct Asker {
    pub(crate) client: reqwest::Client,
    timeout: Duration,
}

impl Asker {
    /// Asks and takes what comes.
    pub(crate) async fn ask(&self, request: RequestBuilder) -> Heard {
        Heard::from(request.timeout(self.timeout).send().await).await
    }
}

/// One channel over HTTP.
pub(crate) struct Gateway<P> {
    provider: P,
    asker: Asker,
    health: Health,
    clock: Clock,
    /// What the account last said of itself, and when.
    known: Mutex<Option<(Timestamp, Vec<Reason>)>>,
}

impl<P: Provider> Gateway<P> {
    /// The carrier of a provider.
    pub(crate) fn build(app: &App, client: reqwest::Client, provider: P) -> Arc<dyn Carrier> {
        let common = provider.common();
        let health = Health::new(common.channel, provider.name(), app.clock().clone(), common.connections);
        let asker = Asker { client, timeout: common.timeout };
        Arc::new(Self { provider, asker, health, clock: app.clock().clone(), known: Mutex::default() })
    }
}

#[async_trait]
impl<P: Provider> Carrier for Gateway<P> {
    fn parts(&self) -> Parts {
        self.provider.parts()
    }

    fn asks_heard(&self) -> bool {
        self.provider.asks_heard()
    }

    fn room(&self) -> usize {
        self.health.room()
    }

    fn trouble(&self) -> Option<Reason> {
        self.health.trouble().map(|trouble| self.provider.sentence(trouble))
    }

    async fn submit(&self, outgoing: &Outgoing) -> Outcome {
        self.submit_within(outgoing, None).await
    }

    async fn submit_within(&self, outgoing: &Outgoing, valid_for: Option<SignedDuration>) -> Outcome {
        let minutes = valid_for.map(|left| u32::try_from(left.as_mins()).unwrap_or_default());
        let request = match self.provider.request_within(&self.asker.client, outgoing, minutes) {
            Ok(request) => request,
            Err(code) => return Outcome::Refused { reason: code.to_owned() },
        };
        let (outcome, sign) = self.provider.read(&self.asker.ask(request).await);
        match (sign, outcome) {
            (Sign::Works, outcome) => {
                self.health.worked();
                outcome
            }
            (Sign::Nothing, outcome) => outcome,
            (Sign::Fails(trouble), outcome) => {
                let rest = self.health.failed(trouble);
                match outcome {
                    Outcome::NotSent { reason, retry_after } => {
                        let longer = retry_after.map_or(rest, |asked| asked.max(rest));
                        Outcome::NotSent { reason, retry_after: Some(longer) }
                    }
                    other => other,
                }
            }
        }
    }

    async fn check(&self) -> Result<Vec<Reason>, Reason> {
        self.provider.check(&self.asker).await
    }

    async fn facts(&self) -> Vec<Reason> {
        let now = self.clock.now();
        let kept = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, facts)) = kept.filter(|(at, _)| (*at..*at + FACTS_FRESH).contains(&now)) {
            return facts;
        }
        let asked = tokio::time::timeout(FACTS_LIMIT, self.provider.facts(&self.asker)).await;
        let facts = asked.unwrap_or_default();
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, facts.clone()));
        facts
    }

    fn addresses(&self) -> Vec<(&'static str, String)> {
        self.provider.addresses()
    }

    fn called(&self, call: &Call<'_>) -> Result<Taken, CallRefused> {
        self.provider.called(call)
    }
}
