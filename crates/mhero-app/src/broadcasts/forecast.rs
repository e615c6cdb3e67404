//! When a broadcast will be through: what is left of it and of those it shares the channel with, at the pace that was measured, with
//! quiet hours counted.

use jiff::{SignedDuration, Timestamp};
use mhero_core::{BroadcastId, ChannelId, MessageState, Right};
use mhero_store::BroadcastRow;

use crate::{App, AppError, Caller, Facts};

/// Steps in which the time ahead is walked.
const STEP: SignedDuration = SignedDuration::from_mins(5);
/// Farther ahead nothing is said.
const AHEAD_MAX: SignedDuration = SignedDuration::from_hours(24 * 14);

/// What is known about the end of a broadcast that is being sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forecast {
    /// SMS that are left of it, about.
    pub segments: i64,
    /// SMS of others that leave in between, about.
    pub others: i64,
    /// SMS a second; `None` where nothing was measured and no limit is set.
    pub per_second: Option<f64>,
    /// When the last will have left, about; `None` where that can't be said.
    pub ends_at: Option<Timestamp>,
}

impl App {
    /// When a broadcast will be through; `None` for one that is not being sent just now, or of which nothing is left.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the caller's scope.
    pub async fn broadcast_forecast(&self, caller: &Caller, id: BroadcastId) -> Result<Option<Forecast>, AppError> {
        caller.must(Right::ReadMessages)?;
        let progress = self.broadcast_progress(caller, id).await?;
        let row = &progress.broadcast;
        let left = progress.of(MessageState::Waiting) + progress.of(MessageState::Submitting);
        if !matches!(row.status.as_str(), "releasing" | "sending") || left == 0 {
            return Ok(None);
        }
        let (sum, counted) = self.store().segments_of(id).await?;
        let segments = if counted > 0 { left.saturating_mul(sum) / counted } else { left };
        let others = self.others_before(row, left).await?;
        let per_second = self.pace_of(row).await?;
        let facts = self.facts_cached().await?;
        let is_held = row.lane.is_held_by_quiet_hours() && row.quiet_override.is_none();
        #[expect(clippy::cast_precision_loss, reason = "a broadcast has some hundred thousand messages")]
        let seconds = per_second.map(|pace| (segments + others) as f64 / pace);
        let ends_at = seconds.and_then(|seconds| end(self.clock().now(), seconds, is_held, &facts));
        Ok(Some(Forecast { segments, others, per_second, ends_at }))
    }

    /// What leaves before the last of a broadcast: all that is more urgent, and of each that shares its lane as much as of itself,
    /// because they take turns.
    async fn others_before(&self, row: &BroadcastRow, left: i64) -> Result<i64, AppError> {
        let waiting = self.store().waiting_by_source(row.lane).await?;
        let others = waiting.into_iter().filter(|(source, _)| *source != Some(row.id));
        Ok(others.map(|(_, count)| count.min(left)).sum())
    }

    /// SMS a second of the channels that carry a broadcast: measured, else as they are limited.
    async fn pace_of(&self, row: &BroadcastRow) -> Result<Option<f64>, AppError> {
        let channels = self.store().channels().await?;
        let mut carried: Vec<ChannelId> = match row.channel {
            Some(channel) => vec![channel],
            None => self.store().routes().await?.into_iter().map(|route| route.channel).collect(),
        };
        if carried.is_empty() {
            carried.extend(channels.iter().find(|channel| channel.active).map(|channel| channel.id));
        }
        carried.sort();
        carried.dedup();
        let now = self.clock().now_micros();
        let paces =
            channels.iter().filter(|channel| channel.active && carried.contains(&channel.id)).filter_map(|channel| {
                let limit = Some(channel.parts_per_second).filter(|limit| *limit > 0.0);
                self.carriers().paces().per_second(channel.id, now).or(limit)
            });
        let all: f64 = paces.sum();
        Ok((all > 0.0).then_some(all))
    }
}

/// When so many seconds of sending are over, where quiet hours may lie in between.
fn end(now: Timestamp, seconds: f64, is_held: bool, facts: &Facts) -> Option<Timestamp> {
    let mut left = SignedDuration::try_from_secs_f64(seconds).ok()?;
    let mut at = now;
    while left > SignedDuration::ZERO {
        if at.duration_since(now) > AHEAD_MAX {
            return None;
        }
        if let Some(until) = facts.quiet_until(at).filter(|until| is_held && *until > at) {
            at = until;
            continue;
        }
        let step = left.min(STEP);
        at += step;
        left -= step;
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::QuietHours;

    fn facts() -> Facts {
        Facts {
            countries: vec!["LR".into()],
            languages: vec![mhero_core::Lang::ENGLISH],
            zone: "Africa/Monrovia".into(),
            ministry: mhero_core::LangMap::default(),
            country_name: mhero_core::LangMap::default(),
            short_code: None,
            quiet: Some(QuietHours::NATIONAL),
            demo: false,
        }
    }

    #[test]
    fn quiet_hours_lie_in_between() {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        let evening = at("2026-11-23T19:30:00Z");
        assert_eq!(end(evening, 600.0, true, &facts()), Some(at("2026-11-23T19:40:00Z")));
        // Half an hour before eight, the rest from seven on.
        assert_eq!(end(evening, 3_600.0, true, &facts()), Some(at("2026-11-24T07:30:00Z")));
        assert_eq!(end(evening, 3_600.0, false, &facts()), Some(at("2026-11-23T20:30:00Z")));
        assert_eq!(end(evening, 1e9, true, &facts()), None);
    }
}
