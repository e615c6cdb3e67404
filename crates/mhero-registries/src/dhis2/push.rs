//! Writes corrections of users: looked at first, then sent as JSON Patch, then looked at again.

use mhero_app::ports::{Push, PushOutcome};
use mhero_core::record::Reason;
use mhero_wire::dhis2::{USER, UserState, Version, user_patch};

use super::{USER_FIELDS, api::Api};
use crate::http::HttpError;

/// What of a user can be written.
pub(super) const WRITES: [&str; 4] = ["phone", "given", "family", "email"];

/// Writes one change.
pub(super) async fn push(api: &Api, push: &Push) -> PushOutcome {
    // The id becomes part of an address.
    let is_id = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if push.target.kind != USER || !is_id(&push.target.id) {
        let args = [("kind", push.target.kind.clone())];
        return PushOutcome::Refused { reason: Reason::new("dhis2-writes-users-only", args) };
    }
    let values: Vec<(&str, &str)> =
        push.values.iter().map(|change| (change.field.as_str(), change.new.as_str())).collect();
    let Ok(patch) = user_patch(&values) else {
        let fields = WRITES.join(", ");
        return PushOutcome::Refused { reason: Reason::new("dhis2-field-not-written", [("fields", fields)]) };
    };
    let path = format!("users/{}", push.target.id);
    // Nothing has left so far: whatever fails is no reason to doubt.
    let (before, now) = match read(api, &path).await {
        Ok(read) => read,
        Err(error) => return not_sent(error),
    };
    let holds = |state: &UserState| values.iter().all(|(field, new)| state.value(field).unwrap_or_default() == *new);
    if holds(&now) {
        return PushOutcome::Written { id: push.target.id.clone(), raw: Some(before) };
    }
    let known = UserState::read(&push.target.raw).and_then(|state| state.last_updated);
    if known.is_none() || known != now.last_updated {
        let of_values = now.values.into_iter().filter(|(field, _)| values.iter().any(|(own, _)| own == field));
        return PushOutcome::Conflict { now: Some(before), values: of_values.collect() };
    }
    // What is to be taken away and is not there any more would be refused.
    let left = values.iter().copied().filter(|(field, new)| !new.is_empty() || now.value(field).is_some());
    let patch = user_patch(&left.collect::<Vec<_>>()).unwrap_or(patch);
    let answer = match api.patch(&path, patch.to_string()).await {
        Ok(answer) => answer,
        Err(error) => return error.into_outcome(),
    };
    if answer.status == 415 {
        let args = [("oldest", Version::OLDEST.to_string())];
        return PushOutcome::Refused { reason: Reason::new("dhis2-no-json-patch", args) };
    }
    if let Err(error) = api.judge(answer) {
        return error.into_outcome();
    }
    match read(api, &path).await {
        Ok((raw, after)) if holds(&after) => PushOutcome::Written { id: push.target.id.clone(), raw: Some(raw) },
        Ok(_) => PushOutcome::Refused { reason: Reason::plain("dhis2-not-kept") },
        // It said that it was written.
        Err(_) => PushOutcome::Written { id: push.target.id.clone(), raw: None },
    }
}

/// A user as it is now.
async fn read(api: &Api, path: &str) -> Result<(String, UserState), HttpError> {
    let text = api.get(path, &[("fields", USER_FIELDS)]).await?;
    let state = UserState::read(&text).ok_or_else(|| api.not_a_list())?;
    Ok((text, state))
}

pub(super) fn not_sent(error: HttpError) -> PushOutcome {
    match error {
        HttpError::Refused { reason, .. } => PushOutcome::Refused { reason },
        HttpError::NotSent(reason) | HttpError::Unknown(reason) | HttpError::Odd(reason) => {
            PushOutcome::NotSent { reason }
        }
        HttpError::Down { reason, .. } => PushOutcome::NotSent { reason },
    }
}
