//! One campaign: its events, added and removed.

use axum::{extract::Path, http::StatusCode, response::Response};
use mhero_app::AppError;
use mhero_core::{CampaignId, Right};

use super::{
    form::{self, Fields},
    told,
    view::CampaignPage,
};
use crate::{
    errors::{Fault, Refusal, show},
    page::Here,
    state::{Form, Signed, id},
};

/// `GET /campaigns/{id}`.
pub(super) async fn open(signed: Signed, Path(campaign): Path<String>) -> Result<Response, Fault> {
    let page = page(&signed, id(&campaign)?, &Fields::default(), (None, false)).await?;
    Ok(show(StatusCode::OK, &page))
}

/// `POST /campaigns/{id}`.
pub(super) async fn press(
    signed: Signed,
    Path(campaign): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    signed.must(Right::Flows)?;
    let (campaign, fields): (CampaignId, Fields) = (id(&campaign)?, Fields(fields));
    let (app, caller) = (&signed.app, &signed.caller);
    let here = format!("/campaigns/{campaign}");
    let done = match fields.get("do") {
        "add" => {
            let languages = app.facts_cached().await?.languages.clone();
            let new = fields.read(&languages)?;
            app.add_campaign_event(caller, campaign, &new).await.map(|_| ("campaign-event-made", here))
        }
        "remove" => {
            let event = id(fields.get("event"))?;
            app.remove_campaign_event(caller, event).await.map(|()| ("campaign-event-gone", here))
        }
        "archive" if fields.get("sure").is_empty() => {
            let page = page(&signed, campaign, &Fields::default(), (None, true)).await?;
            return Ok(show(StatusCode::OK, &page));
        }
        "archive" => app.archive_campaign(caller, campaign).await.map(|()| ("campaign-gone", "/campaigns".to_owned())),
        _ => return Err(Refusal::Unreadable.into()),
    };
    let fault = match done {
        Ok((said, to)) => return signed.done(said, &[], &to).await,
        Err(AppError::Invalid(reason)) => signed.page.words.reason(&reason),
        Err(AppError::NotFound { what: "field", .. }) => signed.page.t("campaign-no-date"),
        Err(AppError::NotFound { what: "flow", .. }) => signed.page.t("trigger-flow-gone"),
        Err(error) => return Err(error.into()),
    };
    let page = page(&signed, campaign, &fields, (Some(fault), false)).await?;
    Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

async fn page(
    signed: &Signed,
    campaign: CampaignId,
    fields: &Fields,
    (fault, is_asked): (Option<String>, bool),
) -> Result<CampaignPage, Fault> {
    let campaigns = signed.app.campaigns(&signed.caller).await?;
    let listed = campaigns.iter().find(|listed| listed.row.id == campaign).ok_or(Refusal::NotFound)?;
    let page = signed.page.clone().titled(&listed.row.name, Here::Campaigns);
    let flows = signed.app.flows(&signed.caller, true).await?;
    let names = signed.app.campaign_dates(&signed.caller).await?;
    let code = signed.app.trust_code_of(&signed.caller, campaign.uuid()).await?;
    let code = code.map(|code| crate::broadcasts::trusted(&page, code));
    Ok(CampaignPage {
        code,
        campaign: told::campaign(&page, listed, &flows, &names),
        form: form::filled(signed, &page, fields).await?,
        is_asked,
        fault,
        page,
    })
}
