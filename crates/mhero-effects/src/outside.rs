//! The port of outside calls.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use mhero_app::ports::{EffectOutcome, Effector, Leads};
use mhero_flow::effects::{EffectAnswer, HttpAnswer, HttpCall, Request};

use crate::{
    http::{Called, Caller, Way},
    mail::{Mail, Post},
    resolver::{Lookup, of_the_system},
    rules::Rules,
    settings::{EffectsError, Settings},
    told,
};

/// How long all calls of one request may take: less than the application waits before it gives a call up.
const REQUEST_LIMIT: Duration = Duration::from_secs(90);

/// Makes the outside calls of flows.
pub struct Outside {
    caller: Caller,
    post: Option<Post>,
}

impl Outside {
    /// Sets the clients up; nothing is called yet.
    ///
    /// # Errors
    /// [`EffectsError`], naming the setting that can't be used.
    pub fn new(settings: &Settings) -> Result<Self, EffectsError> {
        Self::asking(settings, of_the_system())
    }

    pub(crate) fn asking(settings: &Settings, lookup: Lookup) -> Result<Self, EffectsError> {
        let rules = Rules::read(&settings.allow_private, &settings.deny)?;
        let post = settings.mail.as_ref().map(|mail| Post::new(mail, settings.whole)).transpose()?;
        Ok(Self { caller: Caller::new(settings, rules, lookup)?, post })
    }

    /// Calls one address after the other.
    async fn http(&self, key: &str, calls: &[HttpCall], way: Way) -> EffectOutcome {
        let since = Instant::now();
        let mut made = Vec::with_capacity(calls.len());
        for (number, call) in calls.iter().enumerate() {
            let left = REQUEST_LIMIT.saturating_sub(since.elapsed());
            // The calls of a resthook are calls of their own, to peers that may be one program.
            let key = if calls.len() == 1 { key.to_owned() } else { format!("{key}/{number}") };
            let began = Instant::now();
            let called = match left.is_zero() {
                true => Called::NotSent("the calls before it took too long"),
                false => self.caller.call(&key, call, (left, way)).await,
            };
            told::http(call, began, &called);
            made.push(called);
        }
        outcome(made, calls)
    }
}

#[async_trait]
impl Effector for Outside {
    async fn perform(&self, key: &str, request: &Request) -> EffectOutcome {
        let not_set_up = |what: &str| EffectOutcome::Refused { reason: format!("{what} not set up") };
        match request {
            Request::Http { calls, .. } => self.http(key, calls, Way::Asking).await,
            Request::Email { to, subject, body } => match &self.post {
                Some(post) => post.send(key, Mail { to, subject, body }).await,
                None => not_set_up("mail is"),
            },
            Request::Llm { .. } => not_set_up("language models are"),
            Request::Airtime { .. } => not_set_up("airtime is"),
        }
    }

    async fn tell(&self, key: &str, request: &Request) -> EffectOutcome {
        match request {
            Request::Http { calls, .. } => self.http(key, calls, Way::Telling).await,
            other => self.perform(key, other).await,
        }
    }

    async fn judge(&self, url: &str) -> Leads {
        self.caller.judge(url).await
    }
}

/// What came of all calls together. Where one was answered, all of them count as made: to make them again would call that one twice.
fn outcome(made: Vec<Called>, calls: &[HttpCall]) -> EffectOutcome {
    let is_answered = |called: &Called| matches!(called, Called::Answered(_));
    if made.is_empty() || made.iter().any(is_answered) {
        let answers: Vec<HttpAnswer> = made.into_iter().map(answer).collect();
        let status = answers.iter().find_map(|answer| answer.status).map(i64::from);
        return EffectOutcome::Done { answer: EffectAnswer::Http(answers), status };
    }
    let worst = made.into_iter().max_by_key(|called| match called {
        Called::Forbidden(_) | Called::Unsendable(_) => 0,
        Called::NotSent(_) => 1,
        Called::Unknown(_) | Called::Answered(_) => 2,
    });
    let at = calls.first().and_then(|call| reqwest::Url::parse(&call.url).ok());
    let host = at.as_ref().and_then(|url| url.host_str()).unwrap_or_default();
    match worst {
        Some(Called::Unknown(why)) => EffectOutcome::Unknown { reason: format!("{host}: {why}") },
        Some(Called::NotSent(why)) => EffectOutcome::NotSent { reason: format!("{host}: {why}") },
        Some(Called::Unsendable(why)) => EffectOutcome::Refused { reason: format!("{host}: {why}") },
        Some(Called::Forbidden(forbidden)) => EffectOutcome::Refused { reason: forbidden.to_string() },
        Some(Called::Answered(_)) | None => EffectOutcome::Unknown { reason: host.to_owned() },
    }
}

fn answer(called: Called) -> HttpAnswer {
    match called {
        Called::Answered(answer) => answer,
        Called::Forbidden(forbidden) => {
            HttpAnswer { refused: Some(forbidden.host().to_owned()), ..HttpAnswer::default() }
        }
        Called::Unsendable(_) | Called::NotSent(_) | Called::Unknown(_) => HttpAnswer::default(),
    }
}

#[cfg(test)]
mod tests;
