//! People who ask to join, `/changes/joins`: compared, approved or refused.

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use mhero_app::{AppError, rows::JoinCandidate, sync::read_reason};
use mhero_core::Right;
use serde::Deserialize;

use super::view::{JoinLine, JoinsPage};
use crate::{
    errors::{Fault, Refusal, show},
    href,
    marks::Mark,
    page::{Here, Page},
    parts::Choice,
    state::{Form, Signed, id},
};

/// States in the order in which they come about.
const STATES: [&str; 6] = ["waiting", "approved", "created", "matched", "refused", "failed"];

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    s: String,
}

/// How many people wait; none for who sees only a part of the country, who cannot decide.
pub(super) async fn waiting(signed: &Signed) -> Result<i64, Fault> {
    match signed.app.candidates(&signed.caller, STATES[0]).await {
        Ok(found) => Ok(i64::try_from(found.len()).unwrap_or(i64::MAX)),
        Err(AppError::NotAllowed { .. }) => Ok(0),
        Err(error) => Err(error.into()),
    }
}

/// `GET /changes/joins`.
pub(super) async fn list(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let state = if asked.s.is_empty() { STATES[0] } else { asked.s.as_str() };
    if !STATES.contains(&state) {
        return Err(Refusal::NotFound.into());
    }
    let found = signed.app.candidates(&signed.caller, state).await?;
    let page = signed.page("changes-joins", Here::Changes);
    let choice = |one: &str| Choice {
        value: href::with("/changes/joins", &[("s", if one == STATES[0] { "" } else { one })]),
        words: page.t(&format!("changes-join-state-{one}")),
        people: None,
        is_on: one == state,
    };
    let mut rows = Vec::with_capacity(found.len());
    for candidate in &found {
        rows.push(line(&signed, &page, candidate).await?);
    }
    let filters = STATES.into_iter().map(choice).collect();
    let may_decide = page.may(Right::EditPeople);
    Ok(show(StatusCode::OK, &JoinsPage { filters, rows, may_decide, page }))
}

async fn line(signed: &Signed, page: &Page, candidate: &JoinCandidate) -> Result<JoinLine, Fault> {
    let numbering = signed.app.numbering_cached().await?;
    let place = match candidate.place {
        Some(place) => signed.app.place_name(place, signed.caller.language).await?,
        None => None,
    };
    let work = [candidate.cadre.clone(), place.or_else(|| candidate.place_text.clone())];
    let mut is = None;
    if let Some(person) = candidate.person {
        // Whoever lies outside the reader's places is not named.
        let known = signed.app.person(&signed.caller, person).await.ok();
        is = known.map(|known| (known.record.name, format!("/people/{person}")));
    }
    let mut notes = Vec::new();
    if !candidate.explanation.is_empty() {
        notes.push(page.t(&format!("changes-join-why-{}", candidate.explanation)));
    }
    if let Some(reason) = &candidate.reason {
        notes.push(page.words.reason(&read_reason(reason)));
    }
    let is_open = candidate.state == STATES[0];
    if is_open && !candidate.code.is_empty() {
        notes.push(page.t1("changes-join-code", "code", candidate.code.as_str()));
    }
    Ok(JoinLine {
        id: candidate.id.to_string(),
        name: candidate.name.clone(),
        number: numbering.masked(&candidate.number.1),
        work: work.into_iter().flatten().collect::<Vec<_>>().join(", "),
        mark: match candidate.state.as_str() {
            "waiting" => Mark::Clock,
            "created" | "matched" => Mark::Good,
            "refused" => Mark::LeftOut,
            "failed" => Mark::Failed,
            _ => Mark::Sent,
        },
        state: page.t(&format!("changes-join-state-{}", candidate.state)),
        is,
        notes,
        is_open,
    })
}

/// What the form sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Press {
    #[serde(rename = "do")]
    verb: String,
}

/// `POST /changes/joins/{id}`.
pub(super) async fn decide(
    signed: Signed,
    Path(candidate): Path<String>,
    Form(press): Form<Press>,
) -> Result<Response, Fault> {
    let yes = match press.verb.as_str() {
        "approve" => true,
        "refuse" => false,
        _ => return Err(Refusal::Unreadable.into()),
    };
    let key = match signed.app.confirm_candidate(&signed.caller, id(&candidate)?, yes).await {
        Ok(()) if yes => "changes-join-approved",
        Ok(()) => "changes-join-refused",
        Err(AppError::Invalid(_)) => "changes-not-undone",
        Err(error) => return Err(error.into()),
    };
    signed.done(key, &[], "/changes/joins").await
}
