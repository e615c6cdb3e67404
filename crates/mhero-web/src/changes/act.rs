//! What the forms of the queue do: accept and reject, one or many, and take back what was just decided.

use axum::{extract::Path, response::Response};
use mhero_app::{
    AppError,
    way_back::{Decided, Decision, Shelf},
};
use mhero_core::{PersonId, Right};
use serde::Deserialize;
use uuid::Uuid;

use super::{CORRECTED, address, told, view::JustDone};
use crate::{
    errors::{Fault, Refusal},
    session::SessionsError,
    state::{Form, Signed, id},
};

/// What a session keeps of the last decisions.
const KEPT: &str = "changes";

/// Verb, ids, and how many somebody else had decided meanwhile.
type Kept = (String, Vec<Uuid>, i64);

/// `POST /changes`: `one` is a row's own button; `do` is about the chosen rows.
pub(super) async fn decide(signed: Signed, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, Fault> {
    signed.must(Right::EditPeople)?;
    let get = |name: &str| fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    let back = address(Shelf::of(get("s")).unwrap_or(Shelf::All));
    if let Some(which) = get("one").strip_prefix("take:") {
        return take(&signed, which, &back).await;
    }
    if let Some((verb, which)) = get("one").split_once(':') {
        return decided(&signed, verb, &[seen(which)?], &back).await;
    }
    if get("do") == "undo" {
        return undo_all(&signed, &back).await;
    }
    let chosen = fields.iter().filter(|(name, _)| name == "id").map(|(_, which)| seen(which));
    let chosen = chosen.collect::<Result<Vec<_>, _>>()?;
    if chosen.is_empty() {
        return signed.done("changes-none-chosen", &[], &back).await;
    }
    decided(&signed, get("do"), &chosen, &back).await
}

/// A correction that an official enters.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Correction {
    field: String,
    value: String,
}

/// `POST /people/{id}/changes`: a correction of the record joins the queue.
pub(super) async fn correct(
    signed: Signed,
    Path(person): Path<String>,
    Form(correction): Form<Correction>,
) -> Result<Response, Fault> {
    signed.must(Right::EditPeople)?;
    if !CORRECTED.contains(&correction.field.as_str()) {
        return Err(Refusal::Unreadable.into());
    }
    let person: PersonId = id(&person)?;
    let back = format!("/people/{person}");
    match signed.app.propose(&signed.caller, person, &correction.field, &correction.value).await {
        Ok(_) => signed.done("changes-correct-said", &[], &back).await,
        Err(AppError::Invalid(reason)) => {
            signed.say(&signed.page.words.reason(&reason), None).await?;
            signed.done("", &[], &back).await
        }
        Err(error) => Err(error.into()),
    }
}

/// A change as it was seen: id and version.
fn seen(which: &str) -> Result<(Uuid, i64), Fault> {
    let (which, version) = which.split_once(':').ok_or(Refusal::Unreadable)?;
    Ok((id(which)?, version.parse().map_err(|_| Refusal::Unreadable)?))
}

/// Takes one of the values that the staff of a place said: id, version and value.
async fn take(signed: &Signed, which: &str, back: &str) -> Result<Response, Fault> {
    let (which, rest) = which.split_once(':').ok_or(Refusal::Unreadable)?;
    let (version, value) = rest.split_once(':').ok_or(Refusal::Unreadable)?;
    let seen = (id(which)?, version.parse().map_err(|_| Refusal::Unreadable)?);
    match signed.app.take_answer(&signed.caller, seen, value).await {
        Ok(decided) => told_of(signed, "accept", decided, back).await,
        Err(AppError::Invalid(_)) => Err(Refusal::Unreadable.into()),
        Err(error) => Err(error.into()),
    }
}

async fn decided(signed: &Signed, verb: &str, which: &[(Uuid, i64)], back: &str) -> Result<Response, Fault> {
    let decision = match (verb, which) {
        ("accept", _) => Decision::Accept,
        ("reject", _) => Decision::Reject,
        ("undo", [(which, version)]) => {
            let key = match signed.app.undo_decision(&signed.caller, *which, *version).await {
                Ok(()) => "changes-undone",
                Err(AppError::Invalid(_)) => "changes-not-undone",
                Err(error) => return Err(error.into()),
            };
            forget(signed).await?;
            return signed.done(key, &[], back).await;
        }
        _ => return Err(Refusal::Unreadable.into()),
    };
    let decided = signed.app.decide(&signed.caller, which, decision).await?;
    told_of(signed, verb, decided, back).await
}

/// Keeps what was decided for the next page, which says it and can take it back.
async fn told_of(signed: &Signed, verb: &str, decided: Decided, back: &str) -> Result<Response, Fault> {
    let missed = i64::try_from(decided.meanwhile.len()).unwrap_or(i64::MAX);
    let done: Vec<Uuid> = decided.done.into_iter().chain(decided.seconded).collect();
    let kept: Kept = (verb.to_owned(), done, missed);
    signed.session.insert(KEPT, kept).await.map_err(SessionsError::from)?;
    // The first reason stands for all: the rows themselves are still there.
    let refused = decided.refused.first().map_or("", |(_, key)| *key);
    signed.done(refused, &[], back).await
}

async fn undo_all(signed: &Signed, back: &str) -> Result<Response, Fault> {
    let kept: Option<Kept> = signed.session.get(KEPT).await.map_err(SessionsError::from)?;
    let (mut undone, mut late) = (0_i64, 0_i64);
    for which in kept.map(|(_, done, _)| done).unwrap_or_default() {
        // Only what the reader decided and nobody has touched since.
        let Ok(shown) = signed.app.proposal(&signed.caller, which).await else { continue };
        let (me, proposal) = (Some(signed.user.id.uuid()), &shown.row.proposal);
        let is_mine = proposal.decided_by == me || proposal.first_by == me;
        if !is_mine {
            late += 1;
            continue;
        }
        match signed.app.undo_decision(&signed.caller, which, proposal.version).await {
            Ok(()) => undone += 1,
            Err(AppError::Invalid(_)) => late += 1,
            Err(error) => return Err(error.into()),
        }
    }
    forget(signed).await?;
    let key = if late > 0 || undone == 0 { "changes-not-undone" } else { "changes-undone" };
    signed.done(key, &[], back).await
}

async fn forget(signed: &Signed) -> Result<(), Fault> {
    signed.session.remove::<Kept>(KEPT).await.map_err(SessionsError::from)?;
    Ok(())
}

/// What the reader has just decided, as it stands now.
pub(super) async fn just_done(signed: &Signed) -> Result<Option<JustDone>, Fault> {
    let kept: Option<Kept> = signed.session.get(KEPT).await.map_err(SessionsError::from)?;
    let Some((verb, which, missed)) = kept else { return Ok(None) };
    let (mut written, mut way, mut second, mut may_undo) = (0_i64, 0_i64, 0_i64, false);
    for which in &which {
        let Ok(shown) = signed.app.proposal(&signed.caller, *which).await else { continue };
        let proposal = &shown.row.proposal;
        match proposal.state.as_str() {
            "written" => written += 1,
            "accepted" | "writing" => way += 1,
            "seconded" => second += 1,
            _ => {}
        }
        let can = matches!(proposal.state.as_str(), "accepted" | "rejected" | "seconded");
        may_undo |= can && proposal.attempts == 0;
    }
    let page = &signed.page;
    let head = told::just(page, &verb, i64::try_from(which.len()).unwrap_or(i64::MAX), missed);
    let is_accepted = verb == "accept" && !which.is_empty();
    let how = is_accepted.then(|| page.t3("changes-now", "written", written, "way", way, "second", second));
    let just = JustDone { head, how: how.unwrap_or_default(), may_undo };
    Ok((!just.head.is_empty()).then_some(just))
}
