//! The last question before a message leaves: may it, now? What may not waits with its reason, or ends with it.

use std::collections::HashMap;

use mhero_core::{Lane, MessageId, MessageState, PersonId, PlaceId, timestamp};
use mhero_store::{AtGate, Hold, Queue, Ready, Unit};

use super::{Over, Rules, caps, caps::Lately, reasons};
use crate::{App, AppError};

/// A day, in microseconds.
const DAY: i64 = 86_400_000_000;
/// A message that left this week may have been written so many days ago, waiting for its turn.
const WRITTEN_DAYS: i64 = 21;
/// A minute, in microseconds.
const MINUTE: i64 = 60_000_000;

/// What becomes of a message at the gate.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    Leaves,
    Waits(Hold),
    Ends(MessageState, &'static str),
    /// It may have left, and is no longer worth sending: whether it did, somebody has to say.
    IsAsked,
}

/// What is known of those to whom some messages go.
struct Known {
    at_gate: HashMap<MessageId, AtGate>,
    placed: HashMap<PersonId, (Option<PlaceId>, Option<String>)>,
    lately: Lately,
}

impl App {
    /// Lets go what may leave now; the rest waits or ends, with its reason. Returns what leaves with the last moment at which each is
    /// worth sending, and how many do not.
    pub(crate) async fn let_leave(
        &self,
        rules: &Rules,
        ready: Vec<Ready>,
    ) -> Result<(Vec<(Ready, Option<i64>)>, usize), AppError> {
        let now = self.clock().now();
        let rest = ready.iter().any(|one| one.lane.is_held_by_quiet_hours());
        if ready.is_empty() || !rules.is_anything_asked(rest, now) {
            return Ok((ready.into_iter().map(|one| (one, None)).collect(), 0));
        }
        let mut known = self.known_at_gate(rules, &ready).await?;
        let (mut leaves, mut unit, before) = (Vec::with_capacity(ready.len()), Unit::new(), ready.len());
        let micros = now.as_microsecond();
        for one in ready {
            let Some(row) = known.at_gate.get(&one.message).cloned() else {
                // It has left the outbox meanwhile; its claim says so.
                leaves.push((one, None));
                continue;
            };
            let until = valid_until(rules, &one, &row);
            match fate(rules, &known, (&one, &row, until), micros) {
                Fate::Leaves => {
                    if one.lane.is_held_by_quiet_hours() && !row.is_test {
                        known.lately.add(row.person, row.programme, now);
                    }
                    leaves.push((one, until));
                }
                Fate::Waits(hold) => _ = unit.hold_back(&hold, micros),
                Fate::Ends(state, why) => _ = unit.end_waiting(one.message, state.as_str(), why, micros),
                Fate::IsAsked => _ = unit.leave_to_official(one.message),
            }
        }
        let kept = before - leaves.len();
        if kept > 0 {
            self.store().write(unit, Queue::Interactive).await?;
        }
        Ok((leaves, kept))
    }

    async fn known_at_gate(&self, rules: &Rules, ready: &[Ready]) -> Result<Known, AppError> {
        let now = self.clock().now_micros();
        let rows = self.store().at_gate(ready.iter().map(|one| one.message)).await?;
        let rest: Vec<PersonId> = {
            let lanes: HashMap<MessageId, Lane> = ready.iter().map(|one| (one.message, one.lane)).collect();
            let is_rest = |row: &&AtGate| lanes.get(&row.message).is_some_and(|lane| lane.is_held_by_quiet_hours());
            let mut people: Vec<PersonId> = rows.iter().filter(is_rest).map(|row| row.person).collect();
            people.sort_unstable();
            people.dedup();
            people
        };
        let mut placed = HashMap::new();
        if rules.is_by_place() && !rest.is_empty() {
            for row in self.store().placed(&rest, now).await? {
                placed.entry(row.person).or_insert((row.rule, row.zone));
            }
        }
        let lately = if rules.caps.is_off() || rest.is_empty() {
            Vec::new()
        } else {
            let since = now - caps::WEEK_DAYS * DAY;
            self.store().left_lately(&rest, now - WRITTEN_DAYS * DAY, since).await?
        };
        let lately = Lately::new(rules.zone().clone(), &lately);
        Ok(Known { at_gate: rows.into_iter().map(|row| (row.message, row)).collect(), placed, lately })
    }
}

/// Until when a message is worth sending.
fn valid_until(rules: &Rules, one: &Ready, row: &AtGate) -> Option<i64> {
    let minutes = row.valid_minutes.or_else(|| rules.validity.of(one.lane))?;
    Some(one.created_at.saturating_add(minutes.saturating_mul(MINUTE)))
}

fn fate(rules: &Rules, known: &Known, (one, row, until): (&Ready, &AtGate, Option<i64>), now: i64) -> Fate {
    let is_uncertain = one.state == MessageState::Uncertain.as_str();
    if until.is_some_and(|until| until <= now) {
        return if is_uncertain { Fate::IsAsked } else { Fate::Ends(MessageState::Expired, reasons::VALIDITY) };
    }
    // Alerts and answers always go; what may have left already was weighed then.
    if !one.lane.is_held_by_quiet_hours() || is_uncertain {
        return Fate::Leaves;
    }
    if row.is_blocked {
        return Fate::Ends(MessageState::Cancelled, reasons::OPERATOR_BLOCK);
    }
    let at = timestamp(now);
    let waits = |end: i64, reason: &str, place| {
        // It is asked about again when it is no longer worth sending, and not later.
        let until = until.map_or(end, |until| until.min(end));
        Fate::Waits(Hold { message: row.message, broadcast: row.broadcast, reason: reason.to_owned(), place, until })
    };
    if !row.quiet_exempt {
        let placed = known.placed.get(&row.person);
        let of = (placed.and_then(|(rule, _)| *rule), placed.and_then(|(_, zone)| zone.as_deref()));
        if let Some((end, reason, place)) = rules.hold(at, of) {
            return waits(end.as_microsecond(), reason, place);
        }
    }
    if !row.is_test
        && let Some((reason, free)) = known.lately.full(&rules.caps, (row.person, row.programme), at)
    {
        return match rules.caps.over {
            Over::Hold => waits(free.as_microsecond(), reason, None),
            Over::LeaveOut => Fate::Ends(MessageState::Cancelled, reason),
        };
    }
    Fate::Leaves
}
