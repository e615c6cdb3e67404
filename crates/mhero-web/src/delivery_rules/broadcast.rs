//! Who of a broadcast waits and why, how long it is worth sending, and answers that came too late.

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use mhero_app::{AppError, flows::ResultsOf};
use mhero_core::{BroadcastId, FlowId, Right, limits::PAGE_ROWS, timestamp};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    number,
    view::{HeldLine, HeldPage, LateLine, LatePage},
};
use crate::{
    broadcasts::view::Todo,
    errors::{Fault, show},
    page::{Here, Page},
    parts::Pager,
    state::{Form, Signed, id},
    words::Arg,
};

/// What holds people of a broadcast back, each with the way to who they are.
///
/// # Errors
/// Whatever the application reports.
pub async fn held(signed: &Signed, broadcast: BroadcastId) -> Result<Vec<Todo>, Fault> {
    let todo = |head| Todo {
        head,
        why: String::new(),
        is_uncertain: false,
        verb: signed.page.t("held-see"),
        href: format!("/broadcasts/{broadcast}/held"),
    };
    Ok(sums(signed, broadcast).await?.into_iter().map(todo).collect())
}

/// The same each as a sentence: "Quiet hours: 1,204 people, until 07:00".
async fn sums(signed: &Signed, broadcast: BroadcastId) -> Result<Vec<String>, Fault> {
    let page = &signed.page;
    let held = signed.app.held_back(&signed.caller, broadcast).await?;
    let said = held.iter().map(|one| {
        let args = [
            ("reason", Arg::Text(page.t(&format!("held-{}", one.reason)))),
            ("n", Arg::Count(one.people)),
            ("time", Arg::Text(page.stamp(&one.until))),
        ];
        page.words.with("held-sum", &args)
    });
    Ok(said.collect())
}

/// After whom a page begins.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct After {
    after: Option<Uuid>,
}

/// `GET /broadcasts/{id}/held`.
pub(super) async fn list(
    signed: Signed,
    Path(broadcast): Path<String>,
    Query(after): Query<After>,
) -> Result<Response, Fault> {
    let broadcast = id(&broadcast)?;
    let hours = signed.app.broadcast_validity(&signed.caller, broadcast).await?;
    let hours = hours.map(|minutes| ((minutes + 59) / 60).to_string()).unwrap_or_default();
    shown(&signed, StatusCode::OK, (broadcast, after.after), (hours, None)).await
}

async fn shown(
    signed: &Signed,
    status: StatusCode,
    (broadcast, after): (BroadcastId, Option<Uuid>),
    (hours, fault): (String, Option<String>),
) -> Result<Response, Fault> {
    let name = signed.app.broadcast_progress(&signed.caller, broadcast).await?.broadcast.name;
    let mut found = signed.app.held_people(&signed.caller, broadcast, after.unwrap_or(Uuid::nil())).await?;
    let rows_max = usize::try_from(PAGE_ROWS).unwrap_or(usize::MAX);
    let has_more = found.len() > rows_max;
    found.truncate(rows_max);
    let page = signed.page("held-title", Here::Broadcasts);
    let numbering = signed.app.numbering_cached().await?;
    let href = format!("/broadcasts/{broadcast}");
    let pager = Pager {
        first: 1,
        last: i64::try_from(found.len()).unwrap_or(i64::MAX),
        total: None,
        previous: after.map(|_| format!("{href}/held")),
        next: found.last().filter(|_| has_more).map(|last| format!("{href}/held?after={}", last.cursor)),
    };
    let rows = found.iter().map(|row| {
        let reason = page.t(&format!("held-{}", row.reason));
        HeldLine {
            name: row.name.clone(),
            href: person(&page, row.person),
            phone: numbering.masked(&row.path),
            why: match &row.place {
                Some(place) => page.t2("held-by-place", "reason", reason, "place", place.best(page.words.lang())),
                None => reason,
            },
            until: timestamp(row.until),
        }
    });
    let rows = rows.collect();
    let sums = sums(signed, broadcast).await?;
    Ok(show(status, &HeldPage { href, name, sums, rows, hours, fault, pager, page }))
}

fn person(page: &Page, person: mhero_core::PersonId) -> String {
    if page.may(Right::ReadPeople) { format!("/people/{person}") } else { String::new() }
}

/// How long, as typed.
#[derive(Deserialize)]
pub(super) struct Hours {
    #[serde(default)]
    hours: String,
}

/// `POST /broadcasts/{id}/validity`.
pub(super) async fn save_validity(
    signed: Signed,
    Path(broadcast): Path<String>,
    Form(typed): Form<Hours>,
) -> Result<Response, Fault> {
    signed.must(Right::Send)?;
    let broadcast: BroadcastId = id(&broadcast)?;
    let saved = match number(&typed.hours) {
        Ok(hours) => {
            let minutes = hours.map(|hours| hours.saturating_mul(60));
            signed.app.set_broadcast_validity(&signed.caller, broadcast, minutes).await
        }
        Err(error) => Err(error),
    };
    match saved {
        Ok(()) => signed.done("settings-saved", &[], &format!("/broadcasts/{broadcast}/held")).await,
        Err(AppError::Invalid(reason)) => {
            let fault = Some(signed.page.words.reason(&reason));
            shown(&signed, StatusCode::UNPROCESSABLE_ENTITY, (broadcast, None), (typed.hours, fault)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /flows/{id}/results/late`.
pub(super) async fn late(signed: Signed, Path(flow): Path<String>) -> Result<Response, Fault> {
    let flow: FlowId = id(&flow)?;
    let of = ResultsOf { flow, start: None };
    let name = signed.app.flow_results(&signed.caller, of).await?.flow.name;
    let found = signed.app.late_answers(&signed.caller, flow).await?;
    let page = signed.page("late-title", Here::Flows);
    let rows = found.into_iter().map(|answer| LateLine {
        name: answer.name,
        href: person(&page, answer.person),
        text: answer.text.unwrap_or_else(|| page.t("talk-erased")),
        said: answer.said_at.map(timestamp),
        at: timestamp(answer.received_at),
    });
    let rows = rows.collect();
    Ok(show(StatusCode::OK, &LatePage { href: format!("/flows/{flow}/results"), name, rows, page }))
}
