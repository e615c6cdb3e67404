//! How waits begin.

use jiff::{SignedDuration, Timestamp};

use mhero_text::phone::{Allowed, dialled};

use super::machine::Machine;
use crate::{
    contact::Urn,
    definition::{CALL_LIMIT_DEFAULT, DIAL_LIMIT_DEFAULT, DialWait, Flow, FlowKind, MsgWait, Wait},
    events::{EventKind, Problem},
    session::{RunStatus, SessionStatus},
};

/// The scheme of phone numbers.
const TEL: &str = "tel";

/// Seconds after which a run expires where its definition says nothing: three days, and five minutes in a call.
const MESSAGING_EXPIRY_SECONDS: u64 = 3 * 24 * 60 * 60;
const VOICE_EXPIRY_SECONDS: u64 = 5 * 60;

/// Seconds that the caller of a dial wait gets beyond ringing and talking before the run expires.
const DIAL_GRACE_SECONDS: u32 = 30;

impl Machine<'_> {
    /// Begins a wait. `false` when there is nothing to wait for, and the router goes on at once.
    pub(super) fn begin_wait(&mut self, flow: &Flow, wait: &Wait) -> bool {
        let kind = match wait {
            Wait::Msg(wait) => Some(self.msg_wait(flow, wait)),
            Wait::Dial(wait) => self.dial_wait(wait),
        };
        let Some(kind) = kind else { return false };
        self.log(kind);
        let now = self.world.now();
        let run = self.run_mut();
        run.status = RunStatus::Waiting;
        run.modified_on = now;
        self.session.status = SessionStatus::Waiting;
        true
    }

    fn msg_wait(&mut self, flow: &Flow, wait: &MsgWait) -> EventKind {
        let now = self.world.now();
        EventKind::MsgWait {
            timeout_seconds: wait.timeout.map(|timeout| timeout.seconds),
            expires_on: later(now, expire_after(flow)),
            hint: wait.hint.clone(),
        }
    }

    /// A number that can't be called is an error, and the flow goes on as if nobody had answered.
    fn dial_wait(&mut self, wait: &DialWait) -> Option<EventKind> {
        let phone = self.text(&wait.phone);
        let country = self.environment.default_country.as_deref();
        let urn = match dialled(&phone, country, Allowed::NUMBERS) {
            Ok(number) => Urn::from_parts(TEL, &number, "", ""),
            Err(problem) => {
                self.log(EventKind::Error(Problem::new(problem.to_string())));
                return None;
            }
        };
        let dial_limit_seconds = wait.dial_limit_seconds.unwrap_or(DIAL_LIMIT_DEFAULT);
        let call_limit_seconds = wait.call_limit_seconds.unwrap_or(CALL_LIMIT_DEFAULT);
        let seconds = u64::from(dial_limit_seconds) + u64::from(call_limit_seconds) + u64::from(DIAL_GRACE_SECONDS);
        let now = self.world.now();
        Some(EventKind::DialWait { urn, dial_limit_seconds, call_limit_seconds, expires_on: later(now, seconds) })
    }
}

/// Seconds after which a run of a flow expires while it waits.
fn expire_after(flow: &Flow) -> u64 {
    flow.expire_after().unwrap_or(match flow.kind {
        FlowKind::Messaging => MESSAGING_EXPIRY_SECONDS,
        FlowKind::Voice => VOICE_EXPIRY_SECONDS,
        FlowKind::MessagingBackground | FlowKind::MessagingOffline => 0,
    })
}

fn later(now: Timestamp, seconds: u64) -> Option<Timestamp> {
    now.checked_add(SignedDuration::from_secs(i64::try_from(seconds).ok()?)).ok()
}
