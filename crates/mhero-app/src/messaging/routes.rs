//! Routes: each operator's numbers by the channel that reaches them best, and by another one where that is away for long. A message
//! leaves by one of them only: it moves on while it waits, never once it may have left.

use std::collections::HashMap;

use mhero_core::{ChannelId, Direction, Right};
use mhero_store::{ChannelRow, Queue, RouteRow, Unit};

use crate::{App, AppError, Caller, costs::PriceBook, ports::Reach};

/// The setting with the operators who are reached by the cheapest channel.
const CHEAPEST: &str = "routes-cheapest";
/// The beginning of every number in E.164.
const EVERYBODY: &str = "+";
/// Longest wait for the first channel, in minutes: a day.
const AFTER_MINUTES_MAX: i64 = 24 * 60;
/// Shortest wait: a gateway that is started anew is back within it.
const AFTER_MINUTES_MIN: i64 = 1;
/// How often it is looked whether something is to move on, in microseconds.
const LOOK_MICROS: i64 = 5_000_000;

/// Which channel reaches the numbers of an operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The operator's name, as in the list of operators; `None` for everybody else.
    pub operator: Option<String>,
    /// The channel; of the cheapest the one that it is now.
    pub channel: ChannelId,
    /// By the channel that costs the ministry least by the prices that hold, whichever it is on a day.
    pub is_cheapest: bool,
    /// Which one takes over what waits, and after how many minutes without the first; `None`: it waits.
    pub next: Option<(ChannelId, i64)>,
}

/// A route and what it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteShown {
    /// The route.
    pub route: Route,
    /// How many messages the next channel was given so far.
    pub moved: i64,
    /// When last, in UTC microseconds.
    pub moved_at: Option<i64>,
}

/// Since when channels are away, as far as this process has seen, and when it last looked, in UTC microseconds.
#[derive(Default)]
pub(crate) struct Away {
    since: HashMap<ChannelId, i64>,
    looked_at: Option<i64>,
}

impl App {
    /// The routes, one for each operator that has one.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] without the right to see settings.
    pub async fn routes(&self, caller: &Caller) -> Result<Vec<RouteShown>, AppError> {
        caller.must(Right::Settings)?;
        let cheapest = self.cheapest_operators().await?;
        let mut shown: Vec<RouteShown> = Vec::new();
        for row in self.store().routes().await? {
            let operator = (!row.operator.is_empty()).then(|| row.operator.clone());
            match shown.iter_mut().find(|known| known.route.operator == operator) {
                Some(known) => {
                    known.moved += row.moved;
                    known.moved_at = known.moved_at.max(row.moved_at);
                }
                None => {
                    let next = row.next.map(|next| (next, row.after_seconds / 60));
                    let is_cheapest = cheapest.contains(&row.operator);
                    let route = Route { operator, channel: row.channel, is_cheapest, next };
                    shown.push(RouteShown { route, moved: row.moved, moved_at: row.moved_at });
                }
            }
        }
        Ok(shown)
    }

    /// Puts these routes in the place of those that there are. They hold for messages written from now on; what waits keeps its
    /// channel.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming the operator or channel that is not known, is named twice, or takes over from itself, or the
    /// wait that is too short or long, or that has no price to compare; [`AppError::NotAllowed`]. Then nothing changes.
    pub async fn set_routes(&self, caller: &Caller, routes: &[Route]) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        let (operators, channels) = (self.operators().await?, self.store().channels().await?);
        let (before, book) = (self.store().routes().await?, self.price_book().await?);
        let now = self.clock().now_micros();
        let mut rows: Vec<RouteRow> = Vec::new();
        for route in routes {
            if !route.is_cheapest {
                check(route, &channels)?;
            } else if let Some((next, minutes)) = route.next {
                check_next(next, minutes, &channels)?;
            }
            let name = route.operator.as_deref().unwrap_or_default();
            if rows.iter().any(|row| row.operator == name) {
                return Err(AppError::invalid("route-twice", [("name", name.to_owned())]));
            }
            let prefixes = match &route.operator {
                None => vec![EVERYBODY.to_owned()],
                Some(name) => {
                    let known = operators.0.iter().find(|known| known.name == *name);
                    let known = known.ok_or_else(|| AppError::invalid("route-operator", [("name", name.clone())]))?;
                    known.prefixes.clone()
                }
            };
            for prefix in prefixes {
                if rows.iter().any(|row| row.prefix == prefix) {
                    return Err(AppError::invalid("route-prefix-twice", [("prefix", prefix)]));
                }
                let channel = if route.is_cheapest {
                    let cheapest = self.cheapest(&prefix, &channels, &book, now);
                    cheapest.ok_or_else(|| no_price(name))?
                } else {
                    route.channel
                };
                // A route that stays keeps its count.
                let known = before.iter().find(|row| row.prefix == prefix && row.channel == channel);
                rows.push(RouteRow {
                    operator: name.to_owned(),
                    channel,
                    next: route.next.map(|(next, _)| next),
                    after_seconds: route.next.map_or(0, |(_, minutes)| minutes * 60),
                    moved: known.map_or(0, |row| row.moved),
                    moved_at: known.and_then(|row| row.moved_at),
                    prefix,
                });
            }
        }
        let cheapest = routes.iter().filter(|route| route.is_cheapest);
        let cheapest: Vec<&str> = cheapest.map(|route| route.operator.as_deref().unwrap_or_default()).collect();
        let mut unit = Unit::new();
        unit.put_routes(&rows);
        unit.put_setting(CHEAPEST, &serde_json::json!(cheapest).to_string(), now);
        let facts = serde_json::json!({ "routes": routes.len() });
        unit.audit(self.store(), &caller.entry("routes-set", "routes", None, facts));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Gives what waits for a channel that has been away for long to the one that takes over. Returns how many messages.
    pub(crate) async fn routes_pass(&self) -> Result<usize, AppError> {
        let now = self.clock().now_micros();
        if !self.carriers().away().is_due(now) {
            return Ok(0);
        }
        let decided = self.chats_pass().await?;
        self.reroute_to_cheapest(now).await?;
        let mut routes = self.store().routes().await?;
        routes.retain(|route| route.next.is_some());
        if routes.is_empty() {
            return Ok(decided);
        }
        // The longest beginning first: it is the one that holds for a number.
        routes.sort_by_key(|route| std::cmp::Reverse(route.prefix.len()));
        let channels = self.store().channels().await?;
        let mut is_away = HashMap::new();
        for row in &channels {
            if let Some(away) = self.is_away(row).await? {
                let since = self.carriers().away().note(row.id, away, now);
                is_away.insert(row.id, since);
            }
        }
        let mut moved = 0;
        for route in &routes {
            let Some(next) = route.next else { continue };
            let long = is_away.get(&route.channel).copied().flatten();
            let is_long = long.is_some_and(|since| now - since >= route.after_seconds * 1_000_000);
            // To one that is away too nothing is given: it would only wait elsewhere.
            let may_take = matches!(is_away.get(&next), Some(None) | None) && channels.iter().any(|row| row.id == next);
            if is_long && may_take {
                moved += self.move_on(route, next, now).await?;
            }
        }
        if moved > 0 {
            self.wake();
        }
        Ok(moved + decided)
    }

    /// The operators who are reached by the cheapest channel, everybody else as the empty name.
    async fn cheapest_operators(&self) -> Result<Vec<String>, AppError> {
        let stored = self.store().setting(CHEAPEST).await?;
        Ok(stored.and_then(|stored| serde_json::from_str(&stored).ok()).unwrap_or_default())
    }

    /// The channel that costs the ministry least for numbers that begin so; of equals the older one. None without a price.
    fn cheapest(&self, prefix: &str, channels: &[ChannelRow], book: &PriceBook, now: i64) -> Option<ChannelId> {
        let is_for_phones = |row: &&ChannelRow| {
            row.active && self.driver(&row.kind).is_some_and(|driver| driver.reach() == Reach::Phones)
        };
        let priced = channels.iter().filter(is_for_phones).filter_map(|row| {
            let price = book.price(row.id, prefix, Direction::Out, now)?;
            Some((price.ours(), row.id))
        });
        priced.min().map(|(_, id)| id)
    }

    /// Prices change, and channels are switched: what is to be reached by the cheapest one is looked at again. What waits keeps its
    /// channel.
    async fn reroute_to_cheapest(&self, now: i64) -> Result<(), AppError> {
        let operators = self.cheapest_operators().await?;
        if operators.is_empty() {
            return Ok(());
        }
        let (channels, book) = (self.store().channels().await?, self.price_book().await?);
        let mut unit = Unit::new();
        for route in self.store().routes().await?.iter().filter(|route| operators.contains(&route.operator)) {
            let cheapest = self.cheapest(&route.prefix, &channels, &book, now);
            let Some(cheapest) = cheapest.filter(|cheapest| *cheapest != route.channel) else { continue };
            unit.reroute(route, cheapest);
            let facts = serde_json::json!({ "prefix": route.prefix, "cheapest": cheapest.to_string() });
            unit.audit(self.store(), &Caller::system().entry("routes-set", "channel", Some(cheapest.uuid()), facts));
        }
        if !unit.is_empty() {
            self.store().write(unit, Queue::Bulk).await?;
        }
        Ok(())
    }

    async fn move_on(&self, route: &RouteRow, next: ChannelId, now: i64) -> Result<usize, AppError> {
        let mut all = 0;
        loop {
            let mut unit = Unit::new();
            unit.move_on(route, next);
            let done = self.store().write(unit, Queue::Bulk).await?;
            let moved = i64::try_from(done.rows.first().copied().unwrap_or_default()).unwrap_or(i64::MAX);
            if moved == 0 {
                return Ok(all);
            }
            let mut unit = Unit::new();
            unit.note_moved(&route.prefix, moved, now);
            if all == 0 {
                let facts = serde_json::json!({ "to": next.to_string(), "prefix": route.prefix });
                let entry = Caller::system().entry("route-moved", "channel", Some(route.channel.uuid()), facts);
                unit.audit(self.store(), &entry);
                tracing::warn!(channel = %route.channel, %next, "a channel is away: what waits for it goes by the next one");
            }
            self.store().write(unit, Queue::Bulk).await?;
            all += usize::try_from(moved).unwrap_or(usize::MAX);
        }
    }

    /// Whether a channel is away; `None` where another node serves it, which knows.
    async fn is_away(&self, row: &ChannelRow) -> Result<Option<bool>, AppError> {
        if !row.active {
            return Ok(Some(true));
        }
        if self.channel_lease(row).await?.is_none() {
            return Ok(None);
        }
        // One whose settings can't be read sends nothing either.
        Ok(Some(self.carrier(row).map_or(true, |carrier| carrier.is_away())))
    }
}

impl Away {
    /// Whether it is time to look again; then it counts as looked.
    pub(crate) fn is_due(&mut self, now: i64) -> bool {
        let is_due = self.looked_at.is_none_or(|at| !(at..at + LOOK_MICROS).contains(&now));
        if is_due {
            self.looked_at = Some(now);
        }
        is_due
    }

    /// Notes whether a channel is away. Returns since when.
    fn note(&mut self, channel: ChannelId, is_away: bool, now: i64) -> Option<i64> {
        if is_away {
            Some(*self.since.entry(channel).or_insert(now))
        } else {
            self.since.remove(&channel);
            None
        }
    }
}

fn no_price(operator: &str) -> AppError {
    let key = if operator.is_empty() { "route-no-price-others" } else { "route-no-price" };
    AppError::invalid(key, [("name", operator.to_owned())])
}

/// Checks what can be checked of one route alone.
fn check(route: &Route, channels: &[ChannelRow]) -> Result<(), AppError> {
    let name = |id: ChannelId| {
        let known = channels.iter().find(|row| row.id == id);
        known.map(|row| row.name.clone()).ok_or_else(|| AppError::not_found("channel", id))
    };
    let first = name(route.channel)?;
    let Some((next, minutes)) = route.next else { return Ok(()) };
    if next == route.channel {
        return Err(AppError::invalid("route-itself", [("name", first)]));
    }
    check_next(next, minutes, channels)
}

/// Checks who takes over, and when.
fn check_next(next: ChannelId, minutes: i64, channels: &[ChannelRow]) -> Result<(), AppError> {
    if !channels.iter().any(|row| row.id == next) {
        return Err(AppError::not_found("channel", next));
    }
    if !(AFTER_MINUTES_MIN..=AFTER_MINUTES_MAX).contains(&minutes) {
        let args = [
            ("value", minutes.to_string()),
            ("min", AFTER_MINUTES_MIN.to_string()),
            ("max", AFTER_MINUTES_MAX.to_string()),
        ];
        return Err(AppError::invalid("route-minutes", args));
    }
    Ok(())
}
