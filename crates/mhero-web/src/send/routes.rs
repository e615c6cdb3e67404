//! Requests of the send page.

use axum::{
    Router,
    extract::{Path, Query},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use mhero_app::{
    AppError,
    broadcasts::{Draft, Release},
};
use mhero_core::{BroadcastId, Right};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    actions::{self, Next},
    form::{Fields, Typed},
    show::{self, Asked, CONFIRM_ABOVE},
    timing,
    view::CountFragment,
};
use crate::{
    errors::{Fault, show as answer},
    href,
    page::{Here, text},
    parts::changed,
    state::{Form, Signed, State, id},
};

/// The routes.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/send", get(fresh))
        .route("/send/{draft}", get(open).post(press))
        .route("/send/{draft}/count", get(count))
}

#[derive(Deserialize)]
struct Prefill {
    /// An audience, in the query language, as every page that leads here gives it.
    #[serde(alias = "people")]
    q: Option<String>,
}

#[derive(Deserialize)]
struct View {
    edit: Option<String>,
    five: Option<usize>,
}

async fn fresh(signed: Signed, Query(prefill): Query<Prefill>) -> Result<Response, Fault> {
    signed.must(Right::Send)?;
    let facts = signed.app.facts_cached().await?;
    let mut draft = Draft::empty(&facts.languages);
    draft.query = prefill.q.unwrap_or_default();
    let timed = timing::of(&draft.release, &facts.time_zone(), signed.page.clock.now);
    let new = BroadcastId::from_uuid(Uuid::now_v7());
    let page = show::page(&signed, (new, None), (&draft, &timed), Asked::default()).await?;
    Ok(answer(StatusCode::OK, &page))
}

async fn open(signed: Signed, Path(draft): Path<String>, Query(view): Query<View>) -> Result<Response, Fault> {
    let draft: BroadcastId = id(&draft)?;
    let saved = signed.app.draft(&signed.caller, draft).await?;
    let zone = saved.draft.zone.as_deref().and_then(|zone| jiff::tz::TimeZone::get(zone).ok());
    let timed = timing::of(&saved.draft.release, &zone.unwrap_or(jiff::tz::TimeZone::UTC), signed.page.clock.now);
    let asked = Asked { open: view.edit, five: view.five.unwrap_or(0), ..Asked::default() };
    let page = show::page(&signed, (draft, Some(saved.saved_at)), (&saved.draft, &timed), asked).await?;
    Ok(answer(StatusCode::OK, &page))
}

async fn count(signed: Signed, Path(draft): Path<String>) -> Result<Response, Fault> {
    let draft: BroadcastId = id(&draft)?;
    let saved = match signed.app.draft(&signed.caller, draft).await {
        Ok(saved) => saved.draft,
        // Sent or thrown away in another window: the number stays as it was read.
        Err(AppError::NotFound { .. }) => return Ok(StatusCode::NO_CONTENT.into_response()),
        Err(error) => return Err(error.into()),
    };
    let weighed = show::weigh(&signed, &saved, 0).await?;
    let counted = show::counted(&signed.page, draft, &saved.query, weighed.outlook.as_ref(), true);
    Ok(answer(StatusCode::OK, &CountFragment { page: signed.page("send-head", Here::Send), counted }))
}

async fn press(
    signed: Signed,
    Path(draft): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    signed.must(Right::Send)?;
    let draft: BroadcastId = id(&draft)?;
    let fields = Fields(fields);
    let facts = signed.app.facts_cached().await?;
    let (known, saved_at) = match signed.app.draft(&signed.caller, draft).await {
        Ok(saved) => (saved.draft, Some(saved.saved_at)),
        Err(AppError::NotFound { .. }) => (Draft::empty(&facts.languages), None),
        Err(error) => return Err(error.into()),
    };
    let mut typed = fields.read(known, &facts.zone, signed.page.clock.now);
    let next = actions::act(&signed, &fields, &mut typed.draft).await?;
    if matches!(next, Next::Discard) {
        signed.app.discard_draft(&signed.caller, draft).await?;
        return signed.done("send-discarded", &[], "/broadcasts").await;
    }
    match signed.app.save_draft(&signed.caller, draft, &typed.draft).await {
        Ok(()) => {}
        // Pressed twice: the first press has sent it.
        Err(AppError::Invalid(reason)) if reason.key == "draft-sent" => {
            let sent = signed.app.send_draft(&signed.caller, draft).await?;
            return Ok(Redirect::to(&format!("/broadcasts/{sent}")).into_response());
        }
        Err(error) => return Err(error.into()),
    }
    let saved_at = saved_at.unwrap_or(signed.page.clock.now);
    let again = |asked| again(&signed, (draft, saved_at), &typed, asked);
    match next {
        Next::Page { open, anchor, said } => {
            let said = if typed.was_cleaned { "send-plain" } else { said };
            let to = href::with(&format!("/send/{draft}"), &[("edit", &open.unwrap_or_default())]);
            let anchor = if anchor.is_empty() { String::new() } else { format!("#{anchor}") };
            signed.done(said, &[], &format!("{to}{anchor}")).await
        }
        Next::Fixed(lang, changes) => {
            let (page, to) = (&signed.page, format!("/send/{draft}#what"));
            let args = [("language", text(page.words.language(lang))), ("changes", text(changed(page, &changes)))];
            signed.done(if changes.is_empty() { "fix-nothing" } else { "fix-done" }, &args, &to).await
        }
        Next::Unusable(filled, fault) => {
            let open = Some(filled.blank.clone());
            again(Asked { open, unusable: Some((filled, fault)), ..Asked::default() }).await
        }
        Next::Send => match leave(&signed, draft, &typed, &fields).await? {
            Ok(sent) => Ok(Redirect::to(&format!("/broadcasts/{sent}")).into_response()),
            Err(asked) => again(asked).await,
        },
        Next::Try => match try_it(&signed, &typed).await? {
            Ok(to) => signed.done("send-tried", &[], &to).await,
            Err(asked) => again(asked).await,
        },
        Next::Discard => Err(Fault::Refused(crate::errors::Refusal::NotFound)),
    }
}

/// The page at once, with what is wrong: 422, so that a browser does not take it for done.
async fn again(
    signed: &Signed,
    (draft, saved_at): (BroadcastId, jiff::Timestamp),
    typed: &Typed,
    asked: Asked,
) -> Result<Response, Fault> {
    let page = show::page(signed, (draft, Some(saved_at)), (&typed.draft, &typed.timed), asked).await?;
    Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

/// Lets a draft leave if nothing stands in the way and the number of people was said.
async fn leave(
    signed: &Signed,
    draft: BroadcastId,
    typed: &Typed,
    fields: &Fields,
) -> Result<Result<BroadcastId, Asked>, Fault> {
    let refuse = |faults| Ok(Err(Asked { faults, ..Asked::default() }));
    let outlook = show::weigh(signed, &typed.draft, 0).await?.outlook;
    let reached = outlook.map(|outlook| outlook.recipients);
    let mut faults = actions::obstacles(signed, &typed.draft, reached);
    faults.extend(typed.timed.fault.map(|key| signed.page.t(key)));
    if !faults.is_empty() {
        return refuse(faults);
    }
    let now = reached.unwrap_or(0);
    let said = fields.get("say").trim().to_owned();
    let number: String = said.chars().filter(char::is_ascii_digit).collect();
    if let Ok(seen) = fields.get("counted").parse::<i64>()
        && seen != now
    {
        let fault = signed.page.t1("confirm-moved", "n", now);
        let faults = if now > CONFIRM_ABOVE { Vec::new() } else { vec![fault.clone()] };
        return Ok(Err(Asked { faults, confirm: (String::new(), Some(fault)), ..Asked::default() }));
    }
    if now > CONFIRM_ABOVE && number.parse() != Ok(now) {
        let shown = if said.is_empty() { signed.page.t("none") } else { said.clone() };
        let fault = signed.page.t1("confirm-wrong", "typed", shown);
        return Ok(Err(Asked { confirm: (said, Some(fault)), ..Asked::default() }));
    }
    match signed.app.send_draft(&signed.caller, draft).await {
        Ok(sent) => Ok(Ok(sent)),
        Err(error) => refuse(vec![actions::refused(signed, error)?]),
    }
}

/// Sends the texts to the first of the five, on the simulator only, as a test.
async fn try_it(signed: &Signed, typed: &Typed) -> Result<Result<String, Asked>, Fault> {
    let refuse = |faults| Ok(Err(Asked { faults, ..Asked::default() }));
    let simulator = signed.app.channels().await?.into_iter();
    let simulator = simulator.into_iter().find(|channel| channel.active && channel.kind == mhero_app::simulator::KIND);
    let outlook = show::weigh(signed, &typed.draft, 0).await?.outlook;
    let reached = outlook.as_ref().map(|outlook| outlook.recipients);
    let faults = actions::obstacles(signed, &typed.draft, reached);
    let (Some(channel), Some(one)) = (simulator, outlook.and_then(|outlook| outlook.sample.into_iter().next())) else {
        return refuse(if faults.is_empty() { vec![signed.page.t("send-nobody")] } else { faults });
    };
    if !faults.is_empty() {
        return refuse(faults);
    }
    let mut test = typed.draft.clone();
    test.texts.retain(|(_, text)| !text.trim().is_empty());
    test.name = signed.page.t1("send-test-name", "name", &test.name);
    test.query = format!("uuid = {}", one.person);
    test.channel = Some(channel.id);
    test.release = Release::Now;
    test.quiet_override = Some(signed.page.t("send-test-reason"));
    test.is_test = true;
    match signed.app.send(&signed.caller, &test).await {
        Ok(_) => Ok(Ok(href::with("/simulator", &[("find", &test.query)]))),
        Err(error) => refuse(vec![actions::refused(signed, error)?]),
    }
}
