//! Messages of which nobody knows whether they left: what happens to them by itself, `/settings/uncertain`, and what people decide,
//! `/uncertain`.

use axum::{extract::Query, http::StatusCode, response::Response};
use mhero_app::{
    AppError,
    delivery_rules::{Policy, UncertainRules},
    messaging::Verdict,
    rows::UncertainRow,
};
use mhero_core::{Lane, MessageId, MessageKind, Right, timestamp};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    number, pages,
    view::{PoliciesPage, PolicyRow, UncertainLine, UncertainPage},
};
use crate::{
    errors::{Fault, show},
    page::{Here, Page},
    settings::tabs,
    state::{Form, Signed, id},
    words::Arg,
};

const HERE: &str = "/settings/uncertain";
/// Minutes that stand where a kind waits for a person.
const MINUTES: i64 = 2;

/// `GET /settings/uncertain`.
pub(super) async fn policies(signed: Signed) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let rules = signed.app.uncertain_rules(&signed.caller).await?;
    let rows = kinds(rules).map(|(name, policy)| row(&signed.page, name, policy));
    Ok(shown(&signed, StatusCode::OK, rows.into(), None))
}

fn kinds(rules: UncertainRules) -> [(&'static str, Policy); 6] {
    [
        ("alert", rules.alert),
        ("reply", rules.reply),
        ("question", rules.question),
        ("message", rules.message),
        ("broadcast", rules.broadcast),
        ("lab", rules.lab),
    ]
}

fn row(page: &Page, name: &'static str, policy: Policy) -> PolicyRow {
    let (again, minutes) = match policy {
        Policy::Resend(minutes) => (true, minutes),
        Policy::Ask => (false, MINUTES),
    };
    PolicyRow { name, words: page.t(&format!("uncertain-kind-{name}")), again, minutes: minutes.to_string() }
}

/// `POST /settings/uncertain`.
pub(super) async fn save_policies(signed: Signed, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let get = |name: String| pairs.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value.as_str());
    let typed = |name: &'static str| (get(format!("do-{name}")) == "again", get(format!("minutes-{name}")).to_owned());
    let policy = |name: &'static str| match typed(name) {
        (true, minutes) => Ok::<_, AppError>(Policy::Resend(number(&minutes)?.unwrap_or_default())),
        (false, _) => Ok(Policy::Ask),
    };
    let rules = || {
        Ok(UncertainRules {
            alert: policy("alert")?,
            reply: policy("reply")?,
            question: policy("question")?,
            message: policy("message")?,
            broadcast: policy("broadcast")?,
            lab: policy("lab")?,
        })
    };
    let saved = match rules() {
        Ok(rules) => signed.app.set_uncertain_rules(&signed.caller, rules).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(()) => signed.done("settings-saved", &[], HERE).await,
        Err(AppError::Invalid(reason)) => {
            let fault = signed.page.words.reason(&reason);
            let rows = kinds(UncertainRules::default()).map(|(name, _)| {
                let (again, minutes) = typed(name);
                PolicyRow { again, minutes, ..row(&signed.page, name, Policy::Ask) }
            });
            Ok(shown(&signed, StatusCode::UNPROCESSABLE_ENTITY, rows.into(), Some(fault)))
        }
        Err(error) => Err(error.into()),
    }
}

fn shown(signed: &Signed, status: StatusCode, rows: Vec<PolicyRow>, fault: Option<String>) -> Response {
    let page = signed.page("uncertain-policies", Here::Settings);
    show(status, &PoliciesPage { tabs: tabs(&page, "delivery"), pages: pages(&page, HERE), rows, fault, page })
}

/// After which message a page begins.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct After {
    since: Option<i64>,
    after: Option<Uuid>,
}

/// `GET /uncertain`.
pub(super) async fn list(signed: Signed, Query(after): Query<After>) -> Result<Response, Fault> {
    let after = after.since.zip(after.after);
    listed(&signed, StatusCode::OK, after, None).await
}

async fn listed(
    signed: &Signed,
    status: StatusCode,
    after: Option<(i64, Uuid)>,
    fault: Option<String>,
) -> Result<Response, Fault> {
    signed.must(Right::ReadMessages)?;
    let found = signed.app.uncertain_messages(&signed.caller, after).await?;
    let page = signed.page("uncertain-title", Here::Broadcasts);
    let numbering = signed.app.numbering_cached().await?;
    let last = found.rows.last().filter(|_| found.has_more);
    let next = last.map(|row| format!("/uncertain?since={}&after={}", row.created_at, row.message));
    let rows = found.rows.iter().map(|row| line(&page, row, numbering.masked(&row.path))).collect();
    Ok(show(status, &UncertainPage { waiting: found.waiting, rows, next, fault, page }))
}

fn line(page: &Page, row: &UncertainRow, phone: String) -> UncertainLine {
    let kind = match (row.lane, row.kind) {
        (Lane::Alert, _) => "uncertain-kind-alert",
        (Lane::Reply, _) => "uncertain-kind-reply",
        (_, MessageKind::Flow) => "uncertain-kind-question",
        (Lane::Normal, _) => "uncertain-kind-message",
        (Lane::Bulk, _) => "uncertain-kind-broadcast",
    };
    UncertainLine {
        id: row.message.to_string(),
        name: if row.name.is_empty() { phone.clone() } else { row.name.clone() },
        href: if page.may(Right::ReadPeople) { format!("/people/{}", row.person) } else { String::new() },
        phone,
        text: row.text.clone().unwrap_or_else(|| page.t("talk-erased")),
        about: row.broadcast_name.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| page.t(kind)),
        at: timestamp(row.created_at),
        next: if row.is_held {
            page.t("uncertain-waits")
        } else {
            page.t1("uncertain-again-at", "time", page.stamp(&timestamp(row.ready_at)))
        },
    }
}

/// `POST /uncertain`: one message by the button beside it, or all that were chosen.
pub(super) async fn decide(signed: Signed, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response, Fault> {
    signed.must(Right::Send)?;
    let of = |name: &'static str| pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str());
    let (verb, messages) = match of("one").next().and_then(|one| one.split_once(':')) {
        Some((verb, message)) => (verb, vec![id::<MessageId>(message)?]),
        None => (of("do").next().unwrap_or_default(), of("id").map(id::<MessageId>).collect::<Result<Vec<_>, _>>()?),
    };
    let verdict = match verb {
        "again" => Some(Verdict::SendAgain),
        "sent" => Some(Verdict::TakeAsSent),
        "give-up" => Some(Verdict::GiveUp),
        _ => None,
    };
    let decided = match verdict {
        Some(verdict) if !messages.is_empty() => signed.app.decide_messages(&signed.caller, &messages, verdict).await,
        _ => Err(AppError::invalid("uncertain-nothing-chosen", [])),
    };
    match decided {
        Ok(count) => {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            signed.done("uncertain-decided", &[("n", Arg::Count(count))], "/uncertain").await
        }
        Err(AppError::Invalid(reason)) => {
            let fault = signed.page.words.reason(&reason);
            listed(&signed, StatusCode::UNPROCESSABLE_ENTITY, None, Some(fault)).await
        }
        Err(error) => Err(error.into()),
    }
}
