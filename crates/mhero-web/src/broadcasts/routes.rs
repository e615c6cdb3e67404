//! Requests about broadcasts.

use axum::{
    Router,
    extract::{Path, Query},
    http::{HeaderValue, StatusCode},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use mhero_app::{AppError, broadcasts::Draft, messaging::Verdict};
use mhero_core::{BroadcastId, MessageState, Right, limits::PAGE_ROWS};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    put_right, short, show,
    view::{BroadcastPage, BroadcastsPage, ConfirmStop, DraftRow, ProgressFragment, RecipientsPage},
};
use crate::{
    approvals, costs, delivery_rules,
    errors::{Fault, show as answer},
    href,
    page::{Band, Here},
    parts::{LeftOut, Pager},
    state::{Form, Signed, State, id},
    words::Arg,
};

/// The routes.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/broadcasts", get(list))
        .route("/broadcasts/{id}", get(open).post(press))
        .route("/broadcasts/{id}/progress", get(progress))
        .route("/broadcasts/{id}/people", get(people))
        .route("/broadcasts/{id}/short", get(short::open).post(short::save))
}

#[derive(Deserialize)]
struct Before {
    before: Option<i64>,
}

#[derive(Deserialize)]
struct Seen {
    /// The state in which the page was made.
    was: Option<String>,
}

#[derive(Deserialize)]
struct Which {
    state: Option<String>,
    left: Option<String>,
    after: Option<Uuid>,
}

#[derive(Deserialize)]
pub(super) struct Pressed {
    #[serde(rename = "do")]
    verb: String,
    /// What the reader saw when they were asked whether to stop.
    #[serde(default)]
    sure: Option<String>,
    /// The once-only key: a new draft of this broadcast is made once under it.
    #[serde(default)]
    pub(super) once: String,
    /// The language whose readers a correction is for; empty for all.
    #[serde(default)]
    pub(super) language: String,
    /// Whether what has not left is taken back before a correction.
    #[serde(default)]
    pub(super) stop: Option<String>,
}

async fn list(signed: Signed, Query(at): Query<Before>) -> Result<Response, Fault> {
    signed.must(Right::ReadMessages)?;
    let page = signed.page("nav-broadcasts", Here::Broadcasts);
    let drafts = match at.before {
        None if page.may(Right::Send) => signed.app.drafts(&signed.caller).await?,
        _ => Vec::new(),
    };
    let has_chats = !drafts.is_empty() && signed.app.has_chats().await?;
    let draft = |saved: &mhero_app::broadcasts::SavedDraft| DraftRow {
        short: has_chats.then(|| format!("/broadcasts/{}/short", saved.id)),
        name: if saved.draft.name.is_empty() {
            page.t1("send-unnamed", "day", page.date(&saved.saved_at))
        } else {
            saved.draft.name.clone()
        },
        href: format!("/send/{}", saved.id),
        at: saved.saved_at,
        by: signed.user.name.clone(),
    };
    let drafts = drafts.iter().map(draft).collect();
    let before = at.before.unwrap_or(i64::MAX);
    let mut found = signed.app.broadcasts_with_progress(&signed.caller, before, PAGE_ROWS + 1).await?;
    let has_more = found.len() > rows_of_page();
    found.truncate(rows_of_page());
    let rows: Vec<_> = found.iter().map(|progress| show::row(&page, progress)).collect();
    let last = found.last().map(|progress| progress.broadcast.created_at);
    let pager = Pager {
        first: 1,
        last: i64::try_from(rows.len()).unwrap_or(i64::MAX),
        total: None,
        previous: at.before.map(|_| "/broadcasts".to_owned()),
        next: last.filter(|_| has_more).map(|at| format!("/broadcasts?before={at}")),
    };
    Ok(answer(StatusCode::OK, &BroadcastsPage { page, drafts, rows, pager }))
}

fn rows_of_page() -> usize {
    usize::try_from(PAGE_ROWS).unwrap_or(usize::MAX)
}

async fn open(signed: Signed, Path(broadcast): Path<String>) -> Result<Response, Fault> {
    let page = shown(&signed, id(&broadcast)?, None, false).await?;
    Ok(answer(StatusCode::OK, &page))
}

async fn shown(
    signed: &Signed,
    broadcast: BroadcastId,
    fault: Option<String>,
    is_asked: bool,
) -> Result<BroadcastPage, Fault> {
    let mut page = signed.page("nav-broadcasts", Here::Broadcasts);
    let found = signed.app.broadcast_page(&signed.caller, broadcast).await?;
    let progress = signed.app.broadcast_progress(&signed.caller, broadcast).await?;
    let events = signed.app.broadcast_events(&signed.caller, broadcast).await?;
    let row = show::row(&page, &progress);
    page.title.clone_from(&row.name);
    let stored = &found.broadcast;
    let zone = jiff::tz::TimeZone::get(&stored.zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let next = stored.recurrence.as_deref().and_then(|cron| signed.app.first_firing(cron, &zone).ok());
    let mut verbs = show::verbs(stored, row.counts.waiting);
    if !page.may(Right::Send) {
        verbs = super::view::Verbs::default();
    }
    if stored.is_test || stored.is_drill {
        let word = if stored.is_test { "band-test" } else { "band-drill" };
        page.band = Some(Band::Unreal { word: page.t(word), sentence: page.t(&format!("{word}-sentence")) });
    }
    let is_live = !(stored.is_test || stored.is_drill) && matches!(stored.status.as_str(), "releasing" | "sending");
    if is_live && !signed.app.channels().await?.iter().all(|channel| channel.kind == mhero_app::simulator::KIND) {
        page.band = Some(Band::Live(page.t("band-live-sentence")));
    }
    let stop = is_asked.then(|| ConfirmStop {
        head: page.t1("broadcast-stop-head", "n", row.counts.waiting),
        verb: page.t1("broadcast-stop", "n", row.counts.waiting),
    });
    let mut todos =
        if page.may(Right::Send) { show::todos(&page, &row.counts, found.to_decide, &row.href) } else { Vec::new() };
    let approval = signed.app.approval_of(&signed.caller, broadcast).await?;
    todos.extend(delivery_rules::held(signed, broadcast).await?);
    todos.extend(approval.and_then(|listed| approvals::todo(&page, &listed)));
    todos.extend(costs::held::held(signed, broadcast).await?);
    let trust = signed.app.trust_code_of(&signed.caller, broadcast.uuid()).await?;
    let lead = show::lead(&page, &progress, next);
    let lead = trust.map_or(lead.clone(), |trust| format!("{lead} {}", show::trusted(&page, trust)));
    Ok(BroadcastPage {
        lead,
        verbs,
        stop,
        fault,
        is_moving: show::is_moving(&progress),
        was: stored.status.clone(),
        undo_seconds: show::undo_seconds(stored, page.clock.now),
        once: Uuid::now_v7().to_string(),
        todos,
        places: Vec::new(),
        texts: show::texts(&page, &found),
        said: found.sentence.clone(),
        counted: show::counted(&page, &found, &row.href),
        events: show::events(&page, &events),
        ahead: [
            put_right::ahead(signed, broadcast).await?,
            costs::held::so_far(signed, broadcast).await?.into_iter().collect(),
        ]
        .concat(),
        correction: put_right::form(&page, &found, row.counts.waiting),
        links: put_right::links(signed, broadcast).await?,
        row,
        page,
    })
}

async fn progress(signed: Signed, Path(broadcast): Path<String>, Query(seen): Query<Seen>) -> Result<Response, Fault> {
    let progress = signed.app.broadcast_progress(&signed.caller, id(&broadcast)?).await?;
    let row = show::row(&signed.page, &progress);
    let is_moving = show::is_moving(&progress);
    let was = progress.broadcast.status.clone();
    let is_other = seen.was.is_some_and(|seen| seen != was);
    let undo_seconds = show::undo_seconds(&progress.broadcast, signed.page.clock.now);
    let fragment = ProgressFragment { page: signed.page, row, is_moving, was, undo_seconds };
    let mut shown = answer(StatusCode::OK, &fragment);
    if is_other {
        shown.headers_mut().insert("hx-refresh", HeaderValue::from_static("true"));
    }
    Ok(shown)
}

async fn press(signed: Signed, Path(broadcast): Path<String>, Form(pressed): Form<Pressed>) -> Result<Response, Fault> {
    signed.must(Right::Send)?;
    let broadcast: BroadcastId = id(&broadcast)?;
    let (app, caller) = (&signed.app, &signed.caller);
    let here = format!("/broadcasts/{broadcast}");
    let done = match pressed.verb.as_str() {
        "undo" => app.undo_broadcast(caller, broadcast).await.map(|()| ("broadcast-undone", 0)),
        "now" => app.release_now(caller, broadcast).await.map(|()| ("broadcast-goes", 0)),
        "pause" => app.pause_broadcast(caller, broadcast).await.map(|()| ("broadcast-paused", 0)),
        "resume" => app.resume_broadcast(caller, broadcast).await.map(|()| ("broadcast-resumed", 0)),
        "stop" if pressed.sure.is_none() => {
            return Ok(answer(StatusCode::OK, &shown(&signed, broadcast, None, true).await?));
        }
        "stop" => {
            let waiting = app.broadcast_progress(caller, broadcast).await?.of(MessageState::Waiting);
            app.cancel_broadcast(caller, broadcast).await.map(|()| ("broadcast-stopped", waiting))
        }
        "resend-uncertain" => decided(&signed, broadcast, Verdict::SendAgain, "broadcast-resent").await,
        "leave-uncertain" => decided(&signed, broadcast, Verdict::Leave, "broadcast-left").await,
        "correct" => return put_right::begin(&signed, broadcast, &pressed).await,
        "duplicate" => return duplicate(&signed, broadcast, &pressed.once).await,
        _ => return Ok(Redirect::to(&here).into_response()),
    };
    match done {
        Ok((key, n)) => signed.done(key, &[("n", Arg::Count(n))], &here).await,
        Err(AppError::Invalid(reason)) => {
            let words = signed.page.words.reason(&reason);
            Ok(answer(StatusCode::CONFLICT, &shown(&signed, broadcast, Some(words), false).await?))
        }
        Err(error) => Err(error.into()),
    }
}

async fn decided(
    signed: &Signed,
    broadcast: BroadcastId,
    verdict: Verdict,
    key: &'static str,
) -> Result<(&'static str, i64), AppError> {
    let n = signed.app.decide_uncertain(&signed.caller, broadcast, verdict).await?;
    Ok((key, i64::try_from(n).unwrap_or(i64::MAX)))
}

/// The same people and texts as a new draft.
async fn duplicate(signed: &Signed, broadcast: BroadcastId, once: &str) -> Result<Response, Fault> {
    let found = signed.app.broadcast_page(&signed.caller, broadcast).await?;
    let mut draft = Draft::empty(&[]);
    draft.name.clone_from(&found.broadcast.name);
    draft.query.clone_from(&found.broadcast.query);
    draft.texts = found.texts;
    // A drill that is sent again is a drill until somebody says otherwise, and the same programme pays.
    (draft.is_drill, draft.programme) = (found.broadcast.is_drill, found.broadcast.programme);
    let new: BroadcastId = id(once)?;
    signed.app.save_draft(&signed.caller, new, &draft).await?;
    signed.done("send-kept", &[], &format!("/send/{new}")).await
}

async fn people(signed: Signed, Path(broadcast): Path<String>, Query(which): Query<Which>) -> Result<Response, Fault> {
    let broadcast: BroadcastId = id(&broadcast)?;
    let page = signed.page("broadcast-people", Here::Broadcasts);
    let progress = signed.app.broadcast_progress(&signed.caller, broadcast).await?;
    let state = which.state.as_deref().unwrap_or_default();
    let (after, limit) = (which.after.unwrap_or(Uuid::nil()), PAGE_ROWS + 1);
    let asked = (state, which.left.as_deref());
    let mut found = signed.app.broadcast_people(&signed.caller, broadcast, asked, after, limit).await?;
    let has_more = found.len() > rows_of_page();
    found.truncate(rows_of_page());
    let numbering = signed.app.numbering_cached().await?;
    let masked = |path: &Option<String>| path.as_deref().map(|path| numbering.masked(path)).unwrap_or_default();
    let rows: Vec<_> = found.iter().map(|person| show::recipient(&page, person, masked(&person.path))).collect();
    let here = format!("/broadcasts/{broadcast}");
    let left = which.left.as_deref().unwrap_or_default();
    let first = href::with(&format!("{here}/people"), &[("left", left), ("state", state)]);
    let next = found.last().filter(|_| has_more).map(|last| href::with(&first, &[("after", &last.cursor.to_string())]));
    let lead = match &which.left {
        Some(reason) => page.t(LeftOut::key(reason)),
        None if state.is_empty() => page.t("broadcast-everybody"),
        None => page.t(&format!("means-{state}")),
    };
    Ok(answer(
        StatusCode::OK,
        &RecipientsPage {
            lead,
            filters: show::filters(&page, &progress, &here, if which.left.is_some() { "left" } else { state }),
            name: progress.broadcast.name.clone(),
            pager: Pager {
                first: 1,
                last: i64::try_from(rows.len()).unwrap_or(i64::MAX),
                total: None,
                previous: which.after.map(|_| first),
                next,
            },
            rows,
            href: here,
            page,
        },
    ))
}
