//! All campaigns, and a new one.

use axum::{http::StatusCode, response::Response};
use mhero_app::AppError;
use mhero_core::Right;
use serde::Deserialize;

use super::{
    told,
    view::{CampaignsPage, NewCampaignPage},
};
use crate::{
    errors::{Fault, show},
    page::Here,
    parts::Choice,
    state::{Form, Signed, id},
};

/// What the form of a new one sent.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Fields {
    name: String,
    group: String,
}

/// `GET /campaigns`.
pub(super) async fn show_all(signed: Signed) -> Result<Response, Fault> {
    let page = signed.page("nav-campaigns", Here::Campaigns);
    let flows = signed.app.flows(&signed.caller, true).await?;
    let names = signed.app.campaign_dates(&signed.caller).await?;
    let campaigns = signed.app.campaigns(&signed.caller).await?;
    let rows = campaigns.iter().map(|listed| told::campaign(&page, listed, &flows, &names)).collect();
    Ok(show(StatusCode::OK, &CampaignsPage { page, rows }))
}

/// `GET /campaigns/new`.
pub(super) async fn fresh(signed: Signed) -> Result<Response, Fault> {
    signed.must(Right::Flows)?;
    Ok(show(StatusCode::OK, &new(&signed, &Fields::default(), None).await?))
}

/// `POST /campaigns/new`.
pub(super) async fn make(signed: Signed, Form(fields): Form<Fields>) -> Result<Response, Fault> {
    signed.must(Right::Flows)?;
    match signed.app.create_campaign(&signed.caller, &fields.name, id(&fields.group)?).await {
        Ok(campaign) => signed.done("campaign-made", &[], &format!("/campaigns/{campaign}")).await,
        Err(AppError::Invalid(reason)) => {
            let fault = signed.page.words.reason(&reason);
            Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &new(&signed, &fields, Some(fault)).await?))
        }
        Err(error) => Err(error.into()),
    }
}

async fn new(signed: &Signed, fields: &Fields, fault: Option<String>) -> Result<NewCampaignPage, Fault> {
    let groups = signed.app.list_groups(&signed.caller).await?;
    let choice = |row: mhero_app::groups::GroupRow| {
        let value = row.group.id.to_string();
        Choice { is_on: value == fields.group, value, words: row.name, people: row.people }
    };
    Ok(NewCampaignPage {
        page: signed.page("campaign-new", Here::Campaigns),
        name: fields.name.clone(),
        groups: groups.into_iter().map(choice).collect(),
        fault,
    })
}
