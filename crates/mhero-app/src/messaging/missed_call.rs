//! A call that was not taken: free for the caller, and a way to ask for something. It pulls the trigger that waits for one.

use mhero_core::{ChannelId, Lane};
use mhero_store::Queue;
use serde_json::json;

use crate::{
    App, AppError,
    flows::{Beginning, Cause, TriggerTerms, pulled},
};

/// Calls of one phone within this time are one: who rings three times wants one answer. In microseconds.
const ONE_CALL_MICROS: i64 = 60_000_000;

/// A call that was not taken.
#[derive(Clone)]
pub struct MissedCall {
    /// By which channel.
    pub channel: ChannelId,
    /// The carrier's own id, where it gives one: it decides what is a duplicate.
    pub carrier_id: Option<String>,
    /// The caller as the carrier writes it.
    pub from: String,
}

impl std::fmt::Debug for MissedCall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MissedCall").field("channel", &self.channel).finish_non_exhaustive()
    }
}

impl App {
    /// Takes note of a missed call: the most specific trigger for one starts its flow, once. False when there is none. The
    /// carrier may be answered only when this returns `Ok`.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a caller that can't be one; [`AppError::Store`] when it could not be made durable.
    pub async fn missed_call(&self, call: &MissedCall) -> Result<bool, AppError> {
        let numbering = self.numbering_cached().await?;
        let path = numbering.inbound(&call.from).ok_or_else(|| {
            AppError::invalid("receive-no-sender", [("length", call.from.chars().count().to_string())])
        })?;
        let now = self.clock().now_micros();
        let number = (mhero_core::Urn::TEL, path.as_str());
        let last = self.store().last_sent_to(number.0, number.1).await?;
        let sender = self.sender(number, (None, last.as_ref()), now).await?;
        if !sender.introduce.is_empty() {
            self.store().write(sender.introduce.clone(), Queue::Interactive).await?;
        }
        let around = self.around_flows().await?;
        let groups = self.groups_of(&sender, None).await?;
        let Some(trigger) = pulled(&around.triggers, &TriggerTerms::MissedCall, call.channel, &groups) else {
            return Ok(false);
        };
        let event = json!({
            "uuid": self.store().mint().uuid(),
            "type": "call_missed",
            "created_on": self.clock().now(),
            "channel": { "uuid": call.channel, "name": "" },
        });
        let once = call.carrier_id.clone().unwrap_or_else(|| format!("{path}/{}", now / ONE_CALL_MICROS));
        let beginning = Beginning {
            person: sender.person,
            scheme: number.0.to_owned(),
            path: path.clone(),
            channel: Some(call.channel),
            flow: trigger.flow,
            revision: None,
            cause: Cause::MissedCall { event },
            by: "missed_call".to_owned(),
            lane: if trigger.urgent { Lane::Alert } else { Lane::Reply },
            start: None,
            parent: None,
            once_key: Some(format!("call/{}/{once}", call.channel)),
            salutation: sender.salutation.clone(),
            interrupts: false,
            is_test: false,
            is_drill: false,
        };
        self.begin_once(&beginning).await?;
        self.wake();
        Ok(true)
    }
}
