//! What holds between a source and others: whether these may write to its people, what it tells us of, whom we write to it.

use axum::{extract::Path, http::StatusCode, response::Response};
use mhero_app::Consent;
use mhero_core::{Right, SourceId};

use super::{
    one::{self, Beside},
    told,
};
use crate::{
    errors::{Fault, Refusal, show},
    page::Page,
    state::{Form, Signed, id},
};

/// A word for how something stands, with why where it does not work.
type Told = (String, String);

/// How what the registry was asked to tell us stands, by kind of record.
pub(super) async fn told_by(signed: &Signed, page: &Page, source: SourceId) -> Result<Vec<Told>, Fault> {
    let rows = signed.app.subscriptions(&signed.caller, source).await?;
    let told = |row: mhero_app::sync::SubscriptionStatus| {
        let state = page.t(&format!("sources-told-{}", row.state));
        (format!("{}: {state}", row.kind), row.reason.map(|reason| page.words.reason(&reason)).unwrap_or_default())
    };
    Ok(rows.into_iter().map(told).collect())
}

/// How many of our people it holds, and how they stand there.
pub(super) async fn written_to(signed: &Signed, page: &Page, source: SourceId) -> Result<String, Fault> {
    let counts = signed.app.written_out_counts(&signed.caller, source).await?;
    let said = counts.iter().map(|(state, people)| page.t1(&format!("sources-out-{state}"), "n", *people));
    Ok(said.collect::<Vec<_>>().join(", "))
}

/// What the form of consent says.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Said {
    others: String,
    programme: String,
}

/// What is said of a source.
pub(super) async fn of(signed: &Signed, source: SourceId) -> Result<Consent, Fault> {
    let all = signed.app.consents(&signed.caller).await?;
    all.into_iter().find(|consent| consent.source == source).ok_or(Fault::Refused(Refusal::NotFound))
}

/// `POST /settings/sources/{id}/consent`.
pub(super) async fn save(
    signed: Signed,
    Path(source): Path<String>,
    Form(said): Form<Said>,
) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let source: SourceId = id(&source)?;
    let status = one::status(&signed, source).await?;
    let name = status.source.name.clone();
    match signed.app.set_consent(&signed.caller, &name, said.others == "yes", &said.programme).await {
        Ok(()) => signed.done("sources-consent-saved", &[], &format!("/settings/sources/{source}")).await,
        Err(error) => {
            let fault = Some(told::fault(&signed.page, error)?);
            let page = one::page(&signed, status, Beside { fault, ..Beside::default() }).await?;
            Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}
