//! A phone that has the app comes in: it hears its code, its secret and its number.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use mhero_app::{
    App, AppError,
    ports::{Call, CallRefused, Greeting},
};
use serde_json::json;

use super::{status::Status, wire};

/// Phones that may come from one address in an hour: a room in which twenty are set up has one address.
const PER_HOUR: u32 = 40;
/// The hour.
const HOUR: Duration = Duration::from_secs(3_600);
/// Addresses that are remembered.
const ADDRESSES_MAX: usize = 10_000;

/// Counts who comes, so that nobody fills the house.
#[derive(Debug, Default)]
pub(super) struct Door(Mutex<HashMap<IpAddr, (Instant, u32)>>);

impl Door {
    fn lets_in(&self, from: IpAddr) -> bool {
        let (mut seen, now) = (self.0.lock().unwrap_or_else(PoisonError::into_inner), Instant::now());
        if seen.len() >= ADDRESSES_MAX {
            seen.retain(|_, (since, _)| now.duration_since(*since) < HOUR);
        }
        if seen.len() >= ADDRESSES_MAX {
            return false;
        }
        let (since, count) = seen.entry(from).or_insert((now, 0));
        if now.duration_since(*since) >= HOUR {
            (*since, *count) = (now, 0);
        }
        *count += 1;
        *count <= PER_HOUR
    }
}

/// Takes a phone in.
pub(super) async fn take(app: &App, door: &Door, call: &Call<'_>) -> Result<Greeting, CallRefused> {
    let commands = wire::commands(call.body).ok_or(CallRefused::Unreadable("the body has no list `cmds`"))?;
    let is_known_app = commands.first().is_some_and(|first| wire::name(first) == "fcm");
    if !is_known_app {
        // Older apps, which can't be woken, hear so in the form that they show.
        return Ok(registered("*********", "", -1));
    }
    if !door.lets_in(call.from) {
        return Err(CallRefused::Later);
    }
    let status = commands.iter().find(|command| wire::name(command) == "status").map(Status::of).unwrap_or_default();
    match app.register_relayer(&status.kept()).await {
        Ok(new) => Ok(registered(&new.claim_code, &new.secret, new.number)),
        Err(AppError::Invalid(_)) => Err(CallRefused::Later),
        Err(error) => {
            tracing::error!(%error, "a phone could not be taken in");
            Err(CallRefused::Later)
        }
    }
}

fn registered(code: &str, secret: &str, number: i64) -> Greeting {
    wire::answer(&[json!({
        "cmd": "reg", "relayer_claim_code": code, "relayer_secret": secret, "relayer_id": number,
    })])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_does_not_fill_the_house() {
        let door = Door::default();
        let (one, other) = ("10.0.0.1".parse().expect("an address"), "10.0.0.2".parse().expect("an address"));
        assert!((0..PER_HOUR).all(|_| door.lets_in(one)));
        assert!(!door.lets_in(one) && door.lets_in(other));
    }
}
