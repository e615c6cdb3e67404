//! What signatures at Vonage are made over, and how old what is signed may be.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use mhero_app::ports::CallRefused;

use crate::http::sign::is_sha256_hex;

/// How old a signed call may be: what nobody took is brought again for 24 hours (Vonage, "Webhooks", retries). What is older was heard by
/// somebody else, who sends it again.
const AGE_MAX: SignedDuration = SignedDuration::from_hours(25);
/// How far clocks may differ.
const AHEAD_MAX: SignedDuration = SignedDuration::from_mins(15);

/// The text that is signed: all fields but the signature, by name, with `&` and `=` in values as `_`.
pub(super) fn text<N: AsRef<str> + Ord, V: AsRef<str>>(fields: &BTreeMap<N, V>) -> String {
    let others = fields.iter().filter(|(name, _)| name.as_ref() != "sig");
    others.fold(String::new(), |text, (name, value)| {
        let value = value.as_ref().replace(['&', '='], "_");
        format!("{text}&{}={value}", name.as_ref())
    })
}

/// Whether the fields bear the signature of the account, made not long ago.
///
/// # Errors
/// [`CallRefused::Forged`] where they do not.
pub(super) fn check(secret: &str, fields: &BTreeMap<String, String>, now: Timestamp) -> Result<(), CallRefused> {
    let given = fields.get("sig").ok_or(CallRefused::Forged)?;
    if !is_sha256_hex(secret.as_bytes(), text(fields).as_bytes(), given) {
        return Err(CallRefused::Forged);
    }
    let made = fields.get("timestamp").and_then(|seconds| seconds.parse::<i64>().ok());
    let made = made.and_then(|seconds| Timestamp::from_second(seconds).ok()).ok_or(CallRefused::Forged)?;
    let age = now.duration_since(made);
    if age > AGE_MAX || age < -AHEAD_MAX { Err(CallRefused::Forged) } else { Ok(()) }
}
