//! From which size on a second person must agree, `/settings/approvals`.

use axum::{http::StatusCode, response::Response};
use mhero_app::{AppError, approvals::ApprovalSettings};
use mhero_core::{Right, Rights};
use serde::Deserialize;

use super::view::{ApprovalSettingsPage, ApproverRow};
use crate::{
    errors::{Fault, show},
    page::Here,
    settings::tabs,
    state::{Form, Signed},
};

/// The setting as typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    above: String,
    minutes: String,
}

impl Typed {
    fn of(settings: ApprovalSettings) -> Self {
        let above = settings.above.map(|above| above.to_string()).unwrap_or_default();
        Self { above, minutes: settings.minutes.to_string() }
    }

    fn settings(&self) -> Result<ApprovalSettings, AppError> {
        let number = |text: &str| {
            let plain: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '\u{202f}')).collect();
            plain.parse::<i64>().map_err(|_| AppError::invalid("settings-approvals-number", []))
        };
        let above = if self.above.trim().is_empty() { None } else { Some(number(&self.above)?) };
        Ok(ApprovalSettings { above, minutes: number(&self.minutes)? })
    }
}

/// `GET /settings/approvals`.
pub(super) async fn open(signed: Signed) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let typed = Typed::of(signed.app.approval_settings().await?);
    page(&signed, StatusCode::OK, typed, None).await
}

/// `POST /settings/approvals`.
pub(super) async fn save(signed: Signed, Form(typed): Form<Typed>) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let saved = match typed.settings() {
        Ok(settings) => signed.app.set_approvals(&signed.caller, &settings).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(()) => signed.done("settings-saved", &[], "/settings/approvals").await,
        Err(AppError::Invalid(reason)) => {
            let fault = Some(signed.page.words.reason(&reason));
            page(&signed, StatusCode::UNPROCESSABLE_ENTITY, typed, fault).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn page(signed: &Signed, status: StatusCode, typed: Typed, fault: Option<String>) -> Result<Response, Fault> {
    let phones = signed.app.user_phones(&signed.caller).await?;
    let numbering = signed.app.numbering_cached().await?;
    let users = signed.app.users(&signed.caller).await?;
    let may = |found: &&mhero_app::UserWithGrants| {
        let everywhere = found.grants.iter().all(|grant| grant.place.is_none() && grant.programme.is_none());
        found.user.active && everywhere && Rights::of(found.grants.iter().map(|grant| grant.role)).has(Right::Approve)
    };
    let approvers = users.iter().filter(may).map(|found| ApproverRow {
        name: found.user.name.clone(),
        href: format!("/settings/users/{}", found.user.id),
        phone: phones.iter().find(|(owner, _)| *owner == found.user.id.uuid()).map(|(_, path)| numbering.masked(path)),
    });
    let shown = ApprovalSettingsPage {
        tabs: tabs(&signed.page, "approvals"),
        above: typed.above,
        minutes: typed.minutes,
        approvers: approvers.collect(),
        fault,
        page: signed.page("settings-approvals", Here::Settings),
    };
    Ok(show(status, &shown))
}
