//! The simulator as a channel: its phones only receive, or answer as people of the synthetic country do.
//!
//! `mhero channel add simulator NAME` gives phones that show everything at once, with a delivery report, and never answer.
//! Settings: `behaviour=none|answer`; for `none`, `delay_ms` before the report; for `answer`, `pace=demo|field|N` (N: 1 is the
//! field's, 0.1 ten times as fast) and `seed` (the same phones as the country of that seed).

use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use mhero_app::{
    App, AppError,
    ports::{Carrier, ChannelSettings, Driver, Outcome, Outgoing, Report},
    simulator::{Behaviour, Incoming, KIND, Reaction},
};
use mhero_core::ChannelId;
use mhero_country::behaviour::{self as country, Pace, Persona};

/// Longest delay before a report, in milliseconds: an hour.
const DELAY_MS_MAX: i64 = 3_600_000;
/// Fastest and slowest pace.
const PACES: std::ops::RangeInclusive<f64> = 0.001..=100.0;
/// What the pretend operator says of a phone that it can't reach.
const UNREACHABLE: &str = "subscriber unreachable";

/// The driver of KIND `simulator`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Simulator;

impl Driver for Simulator {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn keys(&self) -> &'static [(&'static str, bool)] {
        &[("behaviour", false), ("pace", false), ("seed", false), ("delay_ms", false)]
    }

    fn build(&self, app: &App, settings: &ChannelSettings) -> Result<Arc<dyn Carrier>, AppError> {
        Ok(Arc::new(Network { app: app.clone(), channel: settings.id, behaviour: behaviour(settings)? }))
    }
}

/// The pretend operator of one channel.
struct Network {
    app: App,
    channel: ChannelId,
    behaviour: Box<dyn Behaviour>,
}

#[async_trait]
impl Carrier for Network {
    async fn submit(&self, outgoing: &Outgoing) -> Outcome {
        self.app.simulate_submission(self.channel, self.behaviour.as_ref(), outgoing).await
    }
}

/// Phones that show everything and never answer.
struct Receiving {
    report_after: SignedDuration,
}

impl Behaviour for Receiving {
    fn react(&self, _: &Incoming<'_>) -> Reaction {
        Reaction::delivered(self.report_after)
    }
}

/// Phones whose owners answer as people of the synthetic country do.
struct Answering {
    seed: u64,
    pace: Pace,
}

impl Behaviour for Answering {
    fn react(&self, incoming: &Incoming<'_>) -> Reaction {
        let id = incoming.message.bytes();
        let message = country::Incoming { text: incoming.text, kind: incoming.kind, id: &id };
        let reaction = Persona::of(self.seed, incoming.path).react(&message, self.pace);
        let report = reaction.report.map(|(after, report)| match report {
            country::Report::Delivered => (after, Report::Delivered),
            country::Report::Failed => (after, Report::Failed { reason: UNREACHABLE.to_owned() }),
        });
        let answer = reaction.answer.map(|answer| (answer.after, answer.text));
        Reaction { shown_after: reaction.delivered_after, report, answer }
    }
}

/// Reads the settings of a channel.
fn behaviour(settings: &ChannelSettings) -> Result<Box<dyn Behaviour>, AppError> {
    let value = |key: &str| settings.config.get(key).map(|value| value.trim());
    let wrong = |key: &'static str, rule: &'static str| {
        AppError::invalid(rule, [("key", key.to_owned()), ("value", value(key).unwrap_or_default().to_owned())])
    };
    let delay_ms = match value("delay_ms") {
        None => 0,
        Some(text) => text
            .parse::<i64>()
            .ok()
            .filter(|delay| (0..=DELAY_MS_MAX).contains(delay))
            .ok_or_else(|| wrong("delay_ms", "simulator-delay"))?,
    };
    let pace = match value("pace") {
        None | Some("demo") => Pace::DEMO,
        Some("field") => Pace::FIELD,
        Some(text) => {
            let pace = text.parse().ok().filter(|pace| PACES.contains(pace));
            Pace(pace.ok_or_else(|| wrong("pace", "simulator-pace"))?)
        }
    };
    let seed = value("seed").map_or(Ok(0), str::parse).map_err(|_| wrong("seed", "simulator-seed"))?;
    match value("behaviour") {
        None | Some("none") => Ok(Box::new(Receiving { report_after: SignedDuration::from_millis(delay_ms) })),
        Some("answer") => Ok(Box::new(Answering { seed, pace })),
        Some(_) => Err(wrong("behaviour", "simulator-behaviour")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(pairs: &[(&str, &str)]) -> Result<Box<dyn Behaviour>, AppError> {
        let config = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        behaviour(&ChannelSettings { id: ChannelId::from_uuid(uuid::Uuid::nil()), name: "sim".into(), config })
    }

    #[test]
    fn settings_are_read_and_wrong_ones_named() {
        for right in [
            &[][..],
            &[("behaviour", "none"), ("delay_ms", "1500")],
            &[("behaviour", "answer"), ("pace", "field"), ("seed", "7")],
            &[("behaviour", "answer"), ("pace", "0.5")],
        ] {
            assert!(built(right).is_ok(), "{right:?}");
        }
        for (wrong, rule) in [
            (("behaviour", "sometimes"), "simulator-behaviour"),
            (("pace", "fast"), "simulator-pace"),
            (("pace", "NaN"), "simulator-pace"),
            (("pace", "0"), "simulator-pace"),
            (("seed", "-1"), "simulator-seed"),
            (("delay_ms", "-5"), "simulator-delay"),
            (("delay_ms", "99999999999"), "simulator-delay"),
        ] {
            match built(&[wrong]) {
                Err(AppError::Invalid(reason)) => assert_eq!(reason.key, rule),
                other => panic!("{wrong:?} gave {}", if other.is_ok() { "a channel" } else { "another error" }),
            }
        }
    }

    #[test]
    fn phones_that_only_receive_report_after_their_delay() {
        let message = mhero_core::MessageId::from_uuid(uuid::Uuid::nil());
        let kind = mhero_core::MessageKind::Broadcast;
        let incoming = Incoming { path: "+231770000214", text: "Reply 1 yes, 2 no", kind, message };
        let behaviour = built(&[("delay_ms", "1500")]).unwrap_or_else(|_| panic!("a channel"));
        let after = SignedDuration::from_millis(1_500);
        assert_eq!(behaviour.react(&incoming), Reaction::delivered(after));
    }
}
