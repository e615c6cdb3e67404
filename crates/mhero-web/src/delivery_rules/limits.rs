//! How much one person gets and how long messages are worth sending, `/settings/delivery`.

use axum::{http::StatusCode, response::Response};
use mhero_app::{
    AppError,
    delivery_rules::{Caps, Over, Validity},
};
use mhero_core::Right;
use serde::Deserialize;

use super::{
    number, pages,
    view::{Limit, LimitsPage},
};
use crate::{
    errors::{Fault, show},
    page::Here,
    settings::tabs,
    state::{Form, Signed},
};

const HERE: &str = "/settings/delivery";

/// Both forms as typed; each sends its own fields.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    #[serde(rename = "do")]
    verb: String,
    day: String,
    week: String,
    programme_day: String,
    programme_week: String,
    over: String,
    alert: String,
    reply: String,
    normal: String,
    bulk: String,
}

impl Typed {
    fn of(caps: &Caps, validity: &Validity) -> Self {
        let count = |cap: Option<u32>| cap.map(|cap| cap.to_string()).unwrap_or_default();
        let hours = |minutes: Option<i64>| minutes.map(|minutes| ((minutes + 59) / 60).to_string()).unwrap_or_default();
        Self {
            verb: String::new(),
            day: count(caps.per_day),
            week: count(caps.per_week),
            programme_day: count(caps.programme_per_day),
            programme_week: count(caps.programme_per_week),
            over: if caps.over == Over::LeaveOut { "leave-out".to_owned() } else { String::new() },
            alert: hours(validity.alert),
            reply: hours(validity.reply),
            normal: hours(validity.normal),
            bulk: hours(validity.bulk),
        }
    }

    fn caps(&self) -> Result<Caps, AppError> {
        // What is no number of messages is one that no cap may be.
        let count = |text: &str| Ok::<_, AppError>(number(text)?.map(|cap| u32::try_from(cap).unwrap_or(u32::MAX)));
        Ok(Caps {
            per_day: count(&self.day)?,
            per_week: count(&self.week)?,
            programme_per_day: count(&self.programme_day)?,
            programme_per_week: count(&self.programme_week)?,
            over: if self.over == "leave-out" { Over::LeaveOut } else { Over::Hold },
        })
    }

    fn validity(&self) -> Result<Validity, AppError> {
        let minutes = |text: &str| Ok::<_, AppError>(number(text)?.map(|hours| hours.saturating_mul(60)));
        Ok(Validity {
            alert: minutes(&self.alert)?,
            reply: minutes(&self.reply)?,
            normal: minutes(&self.normal)?,
            bulk: minutes(&self.bulk)?,
        })
    }
}

/// `GET /settings/delivery`.
pub(super) async fn open(signed: Signed) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let typed = standing(&signed).await?;
    Ok(page(&signed, StatusCode::OK, &typed, None))
}

async fn standing(signed: &Signed) -> Result<Typed, Fault> {
    let (caps, validity) = (signed.app.caps(&signed.caller).await?, signed.app.validity(&signed.caller).await?);
    Ok(Typed::of(&caps, &validity))
}

/// `POST /settings/delivery`.
pub(super) async fn save(signed: Signed, Form(typed): Form<Typed>) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let saved = if typed.verb == "validity" {
        match typed.validity() {
            Ok(validity) => signed.app.set_validity(&signed.caller, validity).await,
            Err(error) => Err(error),
        }
    } else {
        match typed.caps() {
            Ok(caps) => signed.app.set_caps(&signed.caller, caps).await,
            Err(error) => Err(error),
        }
    };
    match saved {
        Ok(()) => signed.done("settings-saved", &[], HERE).await,
        Err(AppError::Invalid(reason)) => {
            let fault = Some(signed.page.words.reason(&reason));
            let known = standing(&signed).await?;
            // The other form shows what holds.
            let shown = if typed.verb == "validity" {
                Typed { alert: typed.alert, reply: typed.reply, normal: typed.normal, bulk: typed.bulk, ..known }
            } else {
                let Typed { alert, reply, normal, bulk, .. } = known;
                Typed { alert, reply, normal, bulk, ..typed }
            };
            Ok(page(&signed, StatusCode::UNPROCESSABLE_ENTITY, &shown, fault))
        }
        Err(error) => Err(error.into()),
    }
}

fn page(signed: &Signed, status: StatusCode, typed: &Typed, fault: Option<String>) -> Response {
    let field = |name, key, value: &String| Limit { name, key, value: value.clone() };
    let shown = LimitsPage {
        tabs: tabs(&signed.page, "delivery"),
        pages: pages(&signed.page, HERE),
        caps: vec![
            field("day", "caps-day", &typed.day),
            field("week", "caps-week", &typed.week),
            field("programme_day", "caps-programme-day", &typed.programme_day),
            field("programme_week", "caps-programme-week", &typed.programme_week),
        ],
        leaves_out: typed.over == "leave-out",
        hours: vec![
            field("alert", "validity-alert", &typed.alert),
            field("reply", "validity-reply", &typed.reply),
            field("normal", "validity-normal", &typed.normal),
            field("bulk", "validity-bulk", &typed.bulk),
        ],
        fault,
        page: signed.page("delivery-limits", Here::Settings),
    };
    show(status, &shown)
}
