//! Requests about approvals.

use axum::{
    Router,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use mhero_app::{
    AppError,
    approvals::{ApprovalPage as Found, Decision},
};
use mhero_core::{BroadcastId, Right};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    settings, show,
    view::{ApprovalsPage, ApprovePage, DecisionForm, at},
};
use crate::{
    errors::{Fault, show as answer},
    page::{Band, Here},
    state::{Form, Signed, State, id},
};

/// The routes.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/approvals", get(list))
        .route("/approvals/{number}", get(by_number))
        .route("/broadcasts/{id}/approve", get(open).post(press))
        .route("/settings/approvals", get(settings::open).post(settings::save))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Pressed {
    #[serde(rename = "do")]
    verb: String,
    /// The digest of what was shown, and the number of people.
    shown: String,
    people: i64,
    /// The number as typed.
    n: String,
    reason: String,
    once: String,
}

/// What the page says beside what is stored.
#[derive(Default)]
struct Beside {
    typed: String,
    fault: Option<String>,
    reason: String,
    reason_fault: Option<String>,
    other: Option<String>,
}

async fn list(signed: Signed) -> Result<Response, Fault> {
    signed.must(Right::ReadMessages)?;
    let page = signed.page("nav-approvals", Here::Approvals);
    let listed = signed.app.approvals(&signed.caller).await?;
    let (waiting, decided): (Vec<_>, Vec<_>) = listed.iter().partition(|one| one.approval.state == "waiting");
    let rows = |listed: Vec<&_>| listed.into_iter().map(|one| show::row(&page, one)).collect();
    let (waiting, decided) = (rows(waiting), rows(decided));
    Ok(answer(StatusCode::OK, &ApprovalsPage { waiting, decided, page }))
}

/// The number that SMS and people name leads to the page.
async fn by_number(signed: Signed, Path(number): Path<String>) -> Result<Response, Fault> {
    signed.must(Right::ReadMessages)?;
    let broadcast = signed.app.find_approval(&number).await?;
    Ok(Redirect::to(&format!("/broadcasts/{broadcast}/approve")).into_response())
}

async fn open(signed: Signed, Path(broadcast): Path<String>) -> Result<Response, Fault> {
    let broadcast: BroadcastId = id(&broadcast)?;
    let page = shown(&signed, broadcast, Beside::default()).await?;
    // Asked before somebody has typed the number, not after.
    if page.form.is_some() {
        signed.must_be_fresh(&format!("/broadcasts/{broadcast}/approve")).await?;
    }
    Ok(answer(StatusCode::OK, &page))
}

async fn press(signed: Signed, Path(broadcast): Path<String>, Form(pressed): Form<Pressed>) -> Result<Response, Fault> {
    let broadcast: BroadcastId = id(&broadcast)?;
    let (app, caller) = (&signed.app, &signed.caller);
    let here = format!("/broadcasts/{broadcast}/approve");
    let beside = || Beside { typed: pressed.n.clone(), reason: pressed.reason.clone(), ..Beside::default() };
    let done = match pressed.verb.as_str() {
        "approve" => {
            signed.must_be_fresh(&here).await?;
            let typed: String = pressed.n.chars().filter(char::is_ascii_digit).collect();
            if typed.parse() != Ok(pressed.people) {
                let said = if pressed.n.trim().is_empty() { signed.page.t("none") } else { pressed.n.clone() };
                let fault = Some(signed.page.t1("approve-typed-wrong", "typed", said));
                return again(&signed, broadcast, Beside { fault, ..beside() }).await;
            }
            let decision = Decision::Approve { shown: pressed.shown.clone(), people: pressed.people };
            app.decide_approval(caller, broadcast, &decision).await.map(|()| "approve-done")
        }
        "back" => {
            let decision = Decision::SendBack(pressed.reason.clone());
            app.decide_approval(caller, broadcast, &decision).await.map(|()| "approve-sent-back")
        }
        "again" => app.ask_approval_again(caller, broadcast).await.map(|()| "approve-asked-again"),
        "change" => return change(&signed, broadcast, &pressed.once).await,
        _ => return Ok(Redirect::to(&here).into_response()),
    };
    match done {
        Ok("approve-done") => {
            let found = signed.app.approval_page(caller, broadcast).await?;
            signed.done("approve-done", &[], &page_of(&found, broadcast)).await
        }
        Ok(key) => signed.done(key, &[], &here).await,
        Err(AppError::Invalid(reason)) => {
            let words = Some(signed.page.words.reason(&reason));
            let beside = if reason.key == "approval-reason" {
                Beside { reason_fault: words, ..beside() }
            } else {
                Beside { other: words, ..Beside::default() }
            };
            again(&signed, broadcast, beside).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn again(signed: &Signed, broadcast: BroadcastId, beside: Beside) -> Result<Response, Fault> {
    Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &shown(signed, broadcast, beside).await?))
}

/// The page of what was decided about: a broadcast, or the flow that a start begins.
fn page_of(found: &Found, broadcast: BroadcastId) -> String {
    found.flow.map_or_else(|| format!("/broadcasts/{broadcast}"), |flow| format!("/flows/{flow}"))
}

/// Its author takes it back and goes on writing.
async fn change(signed: &Signed, broadcast: BroadcastId, once: &str) -> Result<Response, Fault> {
    let new: BroadcastId = id(once)?;
    signed.app.take_back_as_draft(&signed.caller, broadcast, new).await?;
    signed.done("send-kept", &[], &format!("/send/{new}")).await
}

async fn shown(signed: &Signed, broadcast: BroadcastId, beside: Beside) -> Result<ApprovePage, Fault> {
    let mut page = signed.page("nav-approvals", Here::Approvals);
    let found = signed.app.approval_page(&signed.caller, broadcast).await?;
    let listed = &found.listed;
    let (row, approval) = (&listed.broadcast, &listed.approval);
    let waits = approval.state == "waiting";
    let is_own = signed.caller.scope.principal() == row.created_by;
    page.title = page.t1(if waits { "approve-head" } else { "approve-head-done" }, "name", row.name.as_str());
    page.band = band(signed, &found).await?;
    let code = signed.app.trust_code_of(&signed.caller, broadcast.uuid()).await?;
    let (who, time) = (show::author(&page, listed), page.stamp(&at(approval.asked_at)));
    let lead = if listed.may_decide {
        page.t3("approve-lead", "who", who, "time", time, "you", signed.user.name.as_str())
    } else {
        page.t2("approve-lead-other", "who", who, "time", time)
    };
    let (people, sms) = found.preview.as_ref().map_or((approval.people, approval.sms), |now| (now.recipients, now.sms));
    let unreal = row.is_test || row.is_drill || page.ministry.is_demo;
    let is_open = listed.may_decide && found.is_unchanged && found.preview.is_some();
    let number = row.number.to_string();
    let form = is_open.then(|| DecisionForm {
        shown: found.shown.clone(),
        people,
        typed: beside.typed,
        fault: beside.fault,
        reason: beside.reason,
        reason_fault: beside.reason_fault,
        by_phone: found.asks_phones.then(|| page.t1("approve-by-phone", "number", number)),
    });
    let is_start = found.flow.is_some();
    let said = found.preview.as_ref().map(|preview| {
        let key = if is_start { "approve-start-to" } else { "approve-to" };
        page.t2(key, "sentence", preview.sentence.as_str(), "name", row.name.as_str())
    });
    Ok(ApprovePage {
        action: show::href(row),
        broadcast: page_of(&found, broadcast),
        sms_words: page.t(if is_start { "approve-start-sms" } else { "approve-sms" }),
        is_start,
        head: page.title.clone(),
        lead,
        said: said.unwrap_or_default(),
        texts: show::texts(&page, &found),
        people,
        phones: page.t1(if unreal { "approve-phones-unreal" } else { "approve-phones" }, "n", people),
        sms,
        facts: show::facts(&page, &found, code.as_ref().map(|(code, _)| code.as_str())),
        note: note(&page, &found, is_own, form.is_some()),
        is_own: is_own && waits && !is_start && page.may(Right::Send),
        form,
        fault: beside.other,
        once: Uuid::now_v7().to_string(),
        page,
    })
}

/// Live, test and drill never look alike.
async fn band(signed: &Signed, found: &Found) -> Result<Option<Band>, Fault> {
    let (page, row) = (&signed.page, &found.listed.broadcast);
    let unreal = |word: &str| Band::Unreal {
        word: page.t(&format!("band-{word}")),
        sentence: page.t(&format!("band-{word}-sentence")),
    };
    if row.is_test || row.is_drill {
        return Ok(Some(unreal(if row.is_test { "test" } else { "drill" })));
    }
    let channels = signed.app.channels().await?;
    let is_pretend = channels.iter().all(|channel| channel.kind == mhero_app::simulator::KIND);
    let is_asked = found.listed.approval.state == "waiting";
    Ok((is_asked && !is_pretend && !page.ministry.is_demo).then(|| Band::Live(page.t("approve-band"))))
}

/// Why the reader cannot decide.
fn note(page: &crate::page::Page, found: &Found, is_own: bool, has_form: bool) -> Option<String> {
    let key = match found.listed.approval.state.as_str() {
        _ if has_form => return None,
        "waiting" if is_own => "approve-own",
        "waiting" if found.preview.is_none() => "approve-unreadable",
        "waiting" if !found.is_unchanged => "approve-has-changed",
        "waiting" => "approve-not-yours",
        _ => return Some(show::decided(page, &found.listed)),
    };
    Some(page.t(key))
}
