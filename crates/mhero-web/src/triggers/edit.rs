//! One trigger: made, changed, removed.

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use mhero_app::{
    AppError,
    flows::{Trigger, TriggerTerms},
};
use mhero_core::{Right, TriggerId};
use serde::Deserialize;

use super::{
    form::Fields,
    list, told,
    view::{TriggerForm, TriggerPage},
};
use crate::{
    errors::{Fault, Refusal, show},
    page::{Here, Page},
    parts::Choice,
    state::{Form, Signed, id},
};

/// For which flow a new one is.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    flow: String,
}

/// What a page says beside the form.
#[derive(Default)]
struct Beside {
    said: Vec<String>,
    fault: Option<String>,
    is_asked: bool,
}

/// `GET /triggers/new`.
pub(super) async fn fresh(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    signed.must(Right::Flows)?;
    let fields = Fields { flow: asked.flow, ..Fields::default() };
    let page = page(&signed, None, &fields, Beside::default()).await?;
    Ok(show(StatusCode::OK, &page))
}

/// `GET /triggers/{id}`.
pub(super) async fn open(signed: Signed, Path(trigger): Path<String>) -> Result<Response, Fault> {
    signed.must(Right::Flows)?;
    let stored = stored(&signed, &trigger).await?;
    let beside = Beside { said: said(&signed, &stored.terms), ..Beside::default() };
    let page = page(&signed, Some(stored.id), &Fields::of(&stored), beside).await?;
    Ok(show(StatusCode::OK, &page))
}

/// `POST /triggers/new`.
pub(super) async fn make(signed: Signed, Form(fields): Form<Fields>) -> Result<Response, Fault> {
    signed.must(Right::Flows)?;
    let zone = signed.app.facts_cached().await?.zone.clone();
    let new = fields.read(&zone, None)?;
    match signed.app.add_trigger(&signed.caller, &new).await {
        Ok(_) => signed.done("trigger-saved", &[], "/triggers").await,
        Err(error) => again(&signed, None, &fields, error).await,
    }
}

/// `POST /triggers/{id}`.
pub(super) async fn change(
    signed: Signed,
    Path(trigger): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Fault> {
    signed.must(Right::Flows)?;
    let stored = stored(&signed, &trigger).await?;
    match fields.verb.as_str() {
        "remove" if fields.sure.is_empty() => {
            let beside = Beside { is_asked: true, ..Beside::default() };
            let page = page(&signed, Some(stored.id), &Fields::of(&stored), beside).await?;
            Ok(show(StatusCode::OK, &page))
        }
        "remove" => {
            signed.app.remove_trigger(&signed.caller, stored.id).await?;
            signed.done("trigger-removed-said", &[], "/triggers").await
        }
        _ => {
            let zone = match &stored.terms {
                TriggerTerms::Schedule { zone, .. } => zone.clone(),
                _ => signed.app.facts_cached().await?.zone.clone(),
            };
            let new = fields.read(&zone, stored.channel)?;
            match signed.app.change_trigger(&signed.caller, stored.id, &new).await {
                Ok(()) => signed.done("trigger-saved", &[], "/triggers").await,
                Err(error) => again(&signed, Some(stored.id), &fields, error).await,
            }
        }
    }
}

/// The form again with what is wrong with it.
async fn again(
    signed: &Signed,
    trigger: Option<TriggerId>,
    fields: &Fields,
    error: AppError,
) -> Result<Response, Fault> {
    let fault = match error {
        AppError::Invalid(reason) => signed.page.words.reason(&reason),
        AppError::Query(error) => signed.page.words.reason(&error.reason()),
        AppError::NotFound { .. } => signed.page.t("trigger-flow-gone"),
        other => return Err(other.into()),
    };
    let page = page(signed, trigger, fields, Beside { fault: Some(fault), ..Beside::default() }).await?;
    Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

async fn stored(signed: &Signed, trigger: &str) -> Result<Trigger, Fault> {
    let trigger: TriggerId = id(trigger)?;
    let triggers = signed.app.triggers(&signed.caller).await?;
    Ok(triggers.into_iter().find(|known| known.id == trigger).ok_or(Refusal::NotFound)?)
}

fn said(signed: &Signed, terms: &TriggerTerms) -> Vec<String> {
    let page = &signed.page;
    told::next(&signed.app, page, terms).iter().map(|at| page.t1("trigger-next", "time", at)).collect()
}

async fn page(
    signed: &Signed,
    trigger: Option<TriggerId>,
    fields: &Fields,
    beside: Beside,
) -> Result<TriggerPage, Fault> {
    let key = if trigger.is_some() { "trigger-change" } else { "trigger-new" };
    let page = signed.page(key, Here::Triggers);
    let facts = signed.app.facts_cached().await?;
    Ok(TriggerPage {
        href: trigger.map_or_else(|| "/triggers/new".to_owned(), |trigger| format!("/triggers/{trigger}")),
        is_known: trigger.is_some(),
        is_asked: beside.is_asked,
        form: filled(signed, &page, fields).await?,
        said: beside.said,
        fault: beside.fault,
        zone: facts.zone.clone(),
        page,
    })
}

async fn filled(signed: &Signed, page: &Page, fields: &Fields) -> Result<TriggerForm, Fault> {
    let choice =
        |value: &str, words: String, is_on: bool| Choice { value: value.to_owned(), words, people: None, is_on };
    let flows = signed.app.flows(&signed.caller, false).await?;
    let flows = flows.iter().map(|flow| {
        let id = flow.row.id.to_string();
        choice(&id, flow.row.name.clone(), id == fields.flow)
    });
    let mut groups: Vec<_> = list::groups(signed).await?.into_iter().collect();
    groups.sort_by(|one, two| one.1.cmp(&two.1));
    let of = |chosen: &[String]| {
        let group = |(id, name): &(mhero_core::GroupId, String)| {
            let id = id.to_string();
            choice(&id, name.clone(), chosen.contains(&id))
        };
        groups.iter().map(group).collect::<Vec<_>>()
    };
    let some = |words: &[&str], key: &str, on: &str| {
        words.iter().map(|word| choice(word, page.t(&format!("{key}-{word}")), *word == on)).collect::<Vec<_>>()
    };
    Ok(TriggerForm {
        flows: flows.collect(),
        kinds: some(&told::KINDS, "trigger-kind", &fields.kind),
        words: fields.words.clone(),
        places: some(&["first", "only", "start"], "trigger-how", &fields.place),
        repeats: some(&["daily", "weekly", "monthly", "own"], "trigger-repeat", &fields.each),
        time: fields.time.clone(),
        weekdays: some(&["1", "2", "3", "4", "5", "6", "0"], "trigger-day", &fields.weekday),
        day: fields.day.clone(),
        cron: fields.cron.clone(),
        query: fields.query.clone(),
        groups: of(&fields.groups),
        exclude: of(&fields.exclude),
        has_groups: !fields.groups.is_empty() || !fields.exclude.is_empty(),
        is_urgent: !fields.urgent.is_empty(),
    })
}
