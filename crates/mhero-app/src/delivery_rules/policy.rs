//! What becomes of a message of which nobody knows whether it left, by what it is.

use jiff::SignedDuration;
use mhero_core::{Lane, MessageKind, RetentionClass, Right};
use mhero_store::UncertainKind;
use serde::{Deserialize, Serialize};

use crate::{App, AppError, Caller};

/// The key under which the policies stand.
pub(super) const KEY: &str = "delivery-uncertain";
/// How long an uncertain alert or answer waits for a report before it is sent again, unless a policy says otherwise.
const RESEND_MINUTES: i64 = 2;
/// Longest wait for a report, in minutes: a day.
const MINUTES_MAX: i64 = 24 * 60;

/// What becomes of an uncertain message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "do", content = "minutes")]
pub enum Policy {
    /// It is sent again where no report came within so many minutes: it may arrive twice.
    Resend(i64),
    /// An official decides.
    Ask,
}

impl Policy {
    /// When it is sent again, if it is.
    pub fn resend_after(self) -> Option<SignedDuration> {
        match self {
            Self::Resend(minutes) => Some(SignedDuration::from_mins(minutes)),
            Self::Ask => None,
        }
    }
}

/// The policies by what a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UncertainRules {
    /// Alerts.
    pub alert: Policy,
    /// Answers, also those of flows.
    pub reply: Policy,
    /// What a flow asks or says first.
    pub question: Policy,
    /// Messages of officials.
    pub message: Policy,
    /// Broadcasts.
    pub broadcast: Policy,
    /// Laboratory results and whatever else must not come twice.
    pub lab: Policy,
}

impl Default for UncertainRules {
    fn default() -> Self {
        let again = Policy::Resend(RESEND_MINUTES);
        Self {
            alert: again,
            reply: again,
            question: Policy::Ask,
            message: Policy::Ask,
            broadcast: Policy::Ask,
            lab: Policy::Ask,
        }
    }
}

impl UncertainRules {
    /// What becomes of a message of a lane.
    pub(crate) fn of(&self, lane: Lane, what: Option<UncertainKind>) -> Policy {
        match (lane, what) {
            (_, Some(UncertainKind { retention: RetentionClass::Lab, .. })) => self.lab,
            (Lane::Alert, _) => self.alert,
            (Lane::Reply, _) => self.reply,
            (_, Some(UncertainKind { kind: MessageKind::Flow, .. })) => self.question,
            (Lane::Normal, _) => self.message,
            (Lane::Bulk, _) => self.broadcast,
        }
    }
}

impl App {
    /// What becomes of uncertain messages.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn uncertain_rules(&self, caller: &Caller) -> Result<UncertainRules, AppError> {
        caller.must(Right::Settings)?;
        self.delivery_setting(KEY).await
    }

    /// Sets what becomes of messages that are uncertain from now on.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a wait of less than a minute or more than a day.
    pub async fn set_uncertain_rules(&self, caller: &Caller, rules: UncertainRules) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        let UncertainRules { alert, reply, question, message, broadcast, lab } = rules;
        for policy in [alert, reply, question, message, broadcast, lab] {
            if matches!(policy, Policy::Resend(minutes) if !(1..=MINUTES_MAX).contains(&minutes)) {
                return Err(AppError::invalid("uncertain-range", [("max", MINUTES_MAX.to_string())]));
            }
        }
        self.put_delivery_setting(caller, KEY, "uncertain-set", &rules).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_must_not_come_twice_waits_for_a_person() {
        let rules = UncertainRules::default();
        let what = |kind, retention| Some(UncertainKind { kind, retention });
        for lane in Lane::ALL {
            let lab = rules.of(*lane, what(MessageKind::Flow, RetentionClass::Lab));
            assert_eq!(lab, Policy::Ask, "{lane}");
            // Everything else as the lane has it by itself.
            let other = rules.of(*lane, what(MessageKind::Flow, RetentionClass::Message)).resend_after();
            let own = lane.uncertain_policy() == mhero_core::UncertainPolicy::ResendAfterTwoMinutes;
            assert_eq!(other, own.then_some(SignedDuration::from_mins(2)), "{lane}");
        }
        let stored = serde_json::to_string(&rules).expect("written");
        assert_eq!(serde_json::from_str::<UncertainRules>(&stored).expect("read"), rules);
        assert_eq!(serde_json::from_str::<UncertainRules>("{}").expect("read"), rules);
    }
}
