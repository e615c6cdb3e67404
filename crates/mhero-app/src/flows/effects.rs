//! Outside calls of flows: written with the session that waits for them, made by a port, answered in the unit in which the
//! session goes on. One whose answer was lost is uncertain, and made again only where that changes nothing at the other side.

use jiff::SignedDuration;
use mhero_core::Right;
use mhero_flow::effects::{EffectAnswer, HttpAnswer, Request};
use mhero_store::{EffectRow, Queue, StoreError, Unit};

use super::go_on::Push;
use crate::{App, AppError, Caller, ports::EffectOutcome};

/// Lost calls given up in one pass.
const PASS_MAX: i64 = 64;
/// Attempts of a call that never left, or may be repeated.
const ATTEMPTS_MAX: i64 = 4;
/// How long a call may take before it counts as lost with its process, in microseconds. Longer than any time limit of a port.
const LOST_AFTER_MICROS: i64 = 120_000_000;

/// An outside call as people see it.
#[derive(Clone)]
pub struct EffectPage {
    /// The call as stored.
    pub row: EffectRow,
    /// What was asked, readable.
    pub request: Option<Request>,
    /// What was answered, as text.
    pub answer: Option<String>,
}

impl std::fmt::Debug for EffectPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EffectPage").field("row", &self.row).finish_non_exhaustive()
    }
}

impl App {
    /// Makes a call and settles it. One whose conversation has ended meanwhile is not made.
    pub(super) async fn make_call(&self, row: &EffectRow) -> Result<(), AppError> {
        let mut unit = Unit::new();
        unit.call_effect(&row.key, self.clock().now_micros());
        match self.store().write(unit, Queue::Interactive).await {
            // Another node makes it.
            Err(StoreError::Guard { .. }) => return Ok(()),
            other => other.map(|_| ())?,
        }
        let live = self.live_session(row.session).await?;
        let is_tried_out = live.as_ref().is_some_and(|(_, at)| mhero_core::sandbox::is_number(&at.path));
        if live.is_none_or(|(session, _)| session.effect.as_deref() != Some(row.key.as_str())) {
            let reason = "the conversation was over before the call was made";
            return self.push_answer(row, EffectAnswer::Lost, ("dropped", None, Some(reason))).await;
        }
        let json = self.unseal("effect", row.session.uuid(), &row.request)?;
        let request: Request = serde_json::from_slice(&json)
            .map_err(|error| AppError::invalid("flow-session-unreadable", [("detail", error.to_string())]))?;
        let outcome = match self.effector() {
            // What invented people say is told to no system of the country.
            _ if is_tried_out => EffectOutcome::Refused { reason: "the sandbox calls nobody outside".to_owned() },
            Some(effector) => self.on_journey(effector.perform(&row.key, &request)).await,
            None => EffectOutcome::Refused { reason: "nothing is set up for such calls".to_owned() },
        };
        self.settle(row, &request, outcome).await
    }

    async fn settle(&self, row: &EffectRow, request: &Request, outcome: EffectOutcome) -> Result<(), AppError> {
        let may_retry = row.attempt + 1 < ATTEMPTS_MAX;
        match outcome {
            EffectOutcome::NotSent { reason } if may_retry => self.call_again(row, &reason).await,
            EffectOutcome::Unknown { reason } if row.repeatable && may_retry => self.call_again(row, &reason).await,
            EffectOutcome::Done { answer, status } => {
                self.unsubscribe_gone(request, &answer).await?;
                self.push_answer(row, answer, ("answered", status, None)).await
            }
            EffectOutcome::Unknown { reason } => {
                self.push_answer(row, EffectAnswer::Lost, ("uncertain", None, Some(&reason))).await
            }
            EffectOutcome::NotSent { reason } => {
                let answer = failed(request, &reason);
                self.push_answer(row, answer, ("failed", None, Some(&reason))).await
            }
            EffectOutcome::Refused { reason } => {
                let answer = refused(request, &row.peer, &reason);
                self.push_answer(row, answer, ("refused", None, Some(&reason))).await
            }
        }
    }

    async fn call_again(&self, row: &EffectRow, reason: &str) -> Result<(), AppError> {
        let wait = SignedDuration::from_secs(1 << row.attempt.clamp(0, 6));
        let mut unit = Unit::new();
        unit.effect_again(&row.key, (self.clock().now() + wait).as_microsecond(), reason);
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Stores the answer and plays on, in one unit.
    async fn push_answer(
        &self,
        row: &EffectRow,
        answer: EffectAnswer,
        (state, status, failure): (&str, Option<i64>, Option<&str>),
    ) -> Result<(), AppError> {
        let sealed = self.seal("effect", row.session.uuid(), described(&answer).as_bytes())?;
        self.store()
            .decide(|| async {
                let now = self.clock().now_micros();
                let mut unit = Unit::new();
                unit.settle_effect(&row.key, state, (Some(sealed.clone()), status), failure, now);
                if let Some((session, conversation)) = self.live_session(row.session).await?
                    && session.effect.as_deref() == Some(row.key.as_str())
                {
                    let number = (conversation.scheme.clone(), conversation.path.clone());
                    let push = Push::Answer(answer.clone());
                    match self.play_on(session.clone(), conversation.clone(), &push).await {
                        Ok(Some(played)) => self.write_played(&mut unit, played, None).await?,
                        // Nothing else would ever wake it, and the texts of its phone wait for it.
                        Ok(None) | Err(AppError::Invalid(_)) => {
                            self.end_as_failed(&mut unit, (session, conversation)).await?;
                        }
                        Err(error) => return Err(error),
                    }
                    unit.hurry_intake((&number.0, &number.1), now);
                }
                match self.store().write(unit, Queue::Interactive).await {
                    // It was settled meanwhile.
                    Err(StoreError::Guard { step: 0 }) => Ok(()),
                    other => other.map(|_| ()).map_err(AppError::from),
                }
            })
            .await?;
        self.wake();
        Ok(())
    }

    /// Calls that a process began and did not live to end.
    pub(super) async fn give_up_lost(&self, now: i64) -> Result<(), AppError> {
        let reason = "the process that made the call ended before its answer came";
        for row in self.store().lost_effects(now - LOST_AFTER_MICROS, PASS_MAX).await? {
            let given_up = if row.repeatable && row.attempt < ATTEMPTS_MAX {
                self.call_again(&row, reason).await
            } else {
                self.push_answer(&row, EffectAnswer::Lost, ("uncertain", None, Some(reason))).await
            };
            // One that can't be settled must not keep all others from being made.
            if let Err(error) = given_up {
                tracing::error!(effect = %row.id, %error, "a lost outside call could not be given up");
            }
        }
        Ok(())
    }

    /// Outside calls of the flows within the caller's scope before an instant, newest first; of one state, or of all.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn effects(&self, caller: &Caller, state: &str, page: (i64, i64)) -> Result<Vec<EffectRow>, AppError> {
        caller.must(Right::Flows)?;
        Ok(self.store().effects(&caller.scope, state, page).await?)
    }

    /// One outside call with what was asked and answered.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`], also outside the caller's scope.
    pub async fn effect(&self, caller: &Caller, key: &str) -> Result<EffectPage, AppError> {
        caller.must(Right::Flows)?;
        let row = self.store().effect(&caller.scope, key).await?;
        let row = row.ok_or_else(|| AppError::not_found("effect", key))?;
        let open = |sealed: &[u8]| self.unseal("effect", row.session.uuid(), sealed).ok();
        let request = open(&row.request).and_then(|json| serde_json::from_slice(&json).ok()).map(masked);
        let answer = row.answer.as_deref().and_then(open).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok(EffectPage { row, request, answer })
    }
}

/// A request as people see it: what lets it in at the other side is nobody's to read here.
fn masked(mut request: Request) -> Request {
    const HIDDEN: &str = "***";
    const SECRET: [&str; 4] = ["auth", "token", "key", "cookie"];
    if let Request::Http { calls, .. } = &mut request {
        for call in calls {
            if let Some((scheme, rest)) = call.url.split_once("://") {
                let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
                if let Some(at) = rest[..end].rfind('@') {
                    call.url = format!("{scheme}://{HIDDEN}@{}", &rest[at + 1..]).into();
                }
            }
            for (name, value) in &mut call.headers {
                let name = name.to_lowercase();
                if SECRET.iter().any(|word| name.contains(word)) {
                    *value = HIDDEN.into();
                }
            }
        }
    }
    request
}

/// The answer that a flow gets when its call never left.
fn failed(request: &Request, reason: &str) -> EffectAnswer {
    match request {
        Request::Http { .. } => EffectAnswer::Lost,
        Request::Llm { .. } => EffectAnswer::Llm(Err(reason.to_owned())),
        Request::Airtime { .. } => EffectAnswer::Airtime(Err(reason.to_owned())),
        Request::Email { .. } => EffectAnswer::Email(Err(reason.to_owned())),
    }
}

/// The answer that a flow gets when its call may not be made at all: it learns of it as of a host that its server blocks.
fn refused(request: &Request, host: &str, reason: &str) -> EffectAnswer {
    match request {
        Request::Http { calls, .. } => {
            let answer = HttpAnswer { refused: Some(host.to_owned()), ..HttpAnswer::default() };
            EffectAnswer::Http(vec![answer; calls.len().max(1)])
        }
        _ => failed(request, reason),
    }
}

/// An answer as people read it.
fn described(answer: &EffectAnswer) -> String {
    match answer {
        EffectAnswer::Http(answers) => {
            let one = |answer: &HttpAnswer| {
                if let Some(host) = &answer.refused {
                    return format!("refused: {host}");
                }
                let status = answer.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
                format!("{status}\n{}", String::from_utf8_lossy(&answer.body))
            };
            answers.iter().map(one).collect::<Vec<_>>().join("\n\n")
        }
        EffectAnswer::Llm(Ok(answer)) => answer.output.clone(),
        EffectAnswer::Airtime(Ok(answer)) => format!("{} {}", answer.currency, answer.external_id),
        EffectAnswer::Email(Ok(())) => "sent".to_owned(),
        EffectAnswer::Llm(Err(why)) | EffectAnswer::Airtime(Err(why)) | EffectAnswer::Email(Err(why)) => why.clone(),
        EffectAnswer::Lost => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use mhero_flow::effects::HttpCall;

    use super::*;

    #[test]
    fn what_lets_a_call_in_is_not_shown() {
        let call = |url: &str| HttpCall {
            method: "GET".into(),
            url: url.into(),
            headers: vec![("Authorization".into(), "Token abc".into()), ("Accept".into(), "text/plain".into())],
            body: "".into(),
        };
        for (url, shown) in [
            ("https://user:pw@example.org/a@b", "https://***@example.org/a@b"),
            ("https://example.org/?to=a@b", "https://example.org/?to=a@b"),
        ] {
            let Request::Http { calls, .. } = masked(Request::Http { calls: vec![call(url)], resthook: None }) else {
                panic!("a call stays a call");
            };
            assert_eq!(&*calls[0].url, shown);
            assert_eq!((&*calls[0].headers[0].1, &*calls[0].headers[1].1), ("***", "text/plain"));
        }
    }
}
