//! One audience: who is in it, and for one kept by hand, people added and taken out.

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use mhero_app::{AppError, people::PeopleAsked};
use mhero_core::{GroupId, Right, timestamp};
use mhero_query::{Attribute, Operator, Property, Query as Audience};
use serde::Deserialize;

use super::{new::counted, view::AudiencePage};
use crate::{
    errors::{Fault, Refusal, show},
    href,
    page::Here,
    parts::register,
    state::{Form, Signed, id},
    words::Arg,
};

/// Most people that one form adds or takes out.
const LINES_MAX: usize = 500;

/// Which page of people.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    page: Option<i64>,
}

/// What was pressed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Change {
    #[serde(rename = "do")]
    verb: String,
    who: String,
}

/// Lines that named nobody, and why.
#[derive(Default)]
struct Left {
    lines: Vec<String>,
    fault: Option<String>,
}

/// `GET /audiences/{id}`.
pub(super) async fn open(
    signed: Signed,
    Path(group): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    page(&signed, id(&group)?, asked.page.unwrap_or(1), Left::default()).await
}

/// `POST /audiences/{id}`.
pub(super) async fn change(
    signed: Signed,
    Path(group): Path<String>,
    Form(change): Form<Change>,
) -> Result<Response, Fault> {
    let group: GroupId = id(&group)?;
    signed.must(Right::EditAudiences)?;
    match change.verb.as_str() {
        "delete" => {
            signed.app.archive_group(&signed.caller, group).await?;
            signed.done("audiences-deleted", &[], "/audiences").await
        }
        "add" | "remove" => members(&signed, group, &change).await,
        _ => Err(Refusal::Unreadable.into()),
    }
}

async fn members(signed: &Signed, group: GroupId, change: &Change) -> Result<Response, Fault> {
    let is_add = change.verb == "add";
    let (mut done, mut left) = (0, Left::default());
    for line in change.who.lines().map(str::trim).filter(|line| !line.is_empty()).take(LINES_MAX) {
        let found = match signed.app.find_person(&signed.caller, line).await {
            Ok(person) if is_add => signed.app.add_person_to_group(&signed.caller, group, person).await,
            Ok(person) => signed.app.remove_from_group(&signed.caller, group, person).await,
            Err(error) => Err(error),
        };
        match found {
            Ok(()) => done += 1,
            Err(AppError::NotFound { .. }) => {
                left.fault = Some(signed.page.t("audiences-not-found"));
                left.lines.push(line.to_owned());
            }
            Err(AppError::Invalid(reason)) => {
                left.fault = Some(signed.page.words.reason(&reason));
                left.lines.push(line.to_owned());
            }
            Err(error) => return Err(error.into()),
        }
    }
    if left.fault.is_some() {
        return page(signed, group, 1, left).await;
    }
    let key = if is_add { "audiences-added" } else { "audiences-removed" };
    signed.done(key, &[("n", Arg::Count(done))], &format!("/audiences/{group}")).await
}

async fn page(signed: &Signed, group: GroupId, number: i64, left: Left) -> Result<Response, Fault> {
    let found = signed.app.group(&signed.caller, group).await?;
    let members =
        Audience::condition(Property::Attribute(Attribute::Group), Operator::Equal, group.to_string().as_str());
    let members = members.to_string();
    // What a query no longer means has nobody in it; the sentence says why.
    let query = found.group.query.clone().unwrap_or_else(|| members.clone());
    let (mut fault, mut rows) = (left.fault, Vec::new());
    let asked = PeopleAsked { query: &query, skip: register::skipped(number), ..PeopleAsked::default() };
    let count = match signed.app.count_people(&signed.caller, &asked).await {
        Ok(count) => {
            rows = register::rows((&signed.app, &signed.caller, &signed.page), &asked).await?;
            count
        }
        Err(AppError::Query(error)) => {
            fault = Some(signed.page.words.reason(&error.reason()));
            mhero_app::people::PeopleCount { matched: 0, with_number: 0 }
        }
        Err(error) => return Err(error.into()),
    };
    let names = signed.app.user_names(&signed.caller).await?;
    let by = found.group.created_by.and_then(|by| names.get(&by)).cloned();
    let day = signed.page.date(&timestamp(found.group.created_at));
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let href = format!("/audiences/{group}");
    let by_name = crate::parts::builder::of_group(&found.name);
    let shown = AudiencePage {
        page: signed.page.clone().titled(&found.name, Here::Audiences),
        about: signed.page.t2(
            "audiences-saved-by",
            "who",
            by.unwrap_or_else(|| signed.page.t("audit-system")),
            "day",
            day,
        ),
        send_href: href::with("/send", &[("q", &by_name)]),
        query: found.group.query.clone(),
        said: found.said.clone().unwrap_or_default(),
        counted: counted(signed, count, &query),
        pager: register::pager(&href, number, rows.len(), count.matched),
        rows,
        may_edit: signed.page.may(Right::EditAudiences) && found.group.active,
        typed: left.lines.join("\n"),
        fault,
        name: found.name,
        href,
    };
    Ok(show(status, &shown))
}
