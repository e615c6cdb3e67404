//! One bill and where it differs, `/reconcile/{bill}`.

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use mhero_app::{
    costs::DifferenceKind,
    rows::{DifferenceOf, DifferenceSeen},
};
use mhero_core::{BillId, MessageId, Right, timestamp};
use mhero_text::phone::Numbering;
use serde::Deserialize;

use super::{
    day::{days, may},
    money::{amount, exact},
    table,
    view::{BillPage, DifferenceLine},
};
use crate::{
    errors::{Fault, Refusal, show},
    href,
    page::{Here, Page},
    parts::Choice,
    state::{Form, Signed, id},
    words::Arg,
};

/// Differences of a page.
const ROWS: usize = 50;

/// Which differences.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    kind: String,
    after: i64,
}

/// What is pressed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Pressed {
    #[serde(rename = "do")]
    verb: String,
}

/// `GET /reconcile/{bill}`.
pub(super) async fn open(
    signed: Signed,
    Path(bill): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    may(&signed)?;
    let bill: BillId = id(&bill)?;
    let kind =
        if asked.kind.is_empty() { None } else { Some(DifferenceKind::of(&asked.kind).ok_or(Refusal::NotFound)?) };
    let limit = i64::try_from(ROWS + 1).unwrap_or(i64::MAX);
    let mut found = signed.app.bill_page(&signed.caller, bill, (kind, asked.after, limit)).await?;
    let is_more = found.rows.len() > ROWS;
    found.rows.truncate(ROWS);
    let page = signed.page.clone().titled(found.bill.row.name.clone(), Here::Reconcile);
    let here = format!("/reconcile/{bill}");
    let next = found
        .rows
        .last()
        .filter(|_| is_more)
        .map(|last| href::with(&here, &[("kind", &asked.kind), ("after", &last.row.number.to_string())]));
    let numbering = signed.app.numbering_cached().await?;
    let currency = found.currency.clone().unwrap_or_default();
    let total: i64 = found.counts.iter().map(|(_, count)| count).sum();
    let choice = |kind: Option<DifferenceKind>, words: String, count: i64| Choice {
        value: href::with(&here, &[("kind", kind.map_or("", DifferenceKind::word))]),
        words,
        people: Some(count),
        is_on: asked.kind == kind.map_or("", DifferenceKind::word),
    };
    let mut kinds = vec![choice(None, page.t("inbox-all"), total)];
    kinds.extend(
        found
            .counts
            .iter()
            .map(|(kind, count)| choice(Some(*kind), page.t(&format!("bill-kind-{}", kind.word())), *count)),
    );
    let shown = BillPage {
        lead: page.t2("bill-lead", "channel", found.bill.channel.as_str(), "days", days(&page, &found.bill)),
        name: found.bill.row.name.clone(),
        facts: facts(&page, &found.bill.row, &currency),
        kinds,
        rows: found.rows.iter().map(|seen| line(&page, seen, &numbering, &currency)).collect(),
        next,
        may_drop: page.may(Right::Settings),
        href: here,
        page,
    };
    Ok(show(StatusCode::OK, &shown))
}

/// `POST /reconcile/{bill}`.
pub(super) async fn press(
    signed: Signed,
    Path(bill): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let bill: BillId = id(&bill)?;
    if pressed.verb != "drop" {
        return Err(Refusal::Unreadable.into());
    }
    signed.app.drop_bill(&signed.caller, bill).await?;
    signed.done("bill-dropped", &[], "/reconcile").await
}

/// `GET /reconcile/{bill}/differences.csv`.
pub(super) async fn csv(signed: Signed, Path(bill): Path<String>) -> Result<Response, Fault> {
    may(&signed)?;
    let bill: BillId = id(&bill)?;
    let bytes = signed.app.bill_csv(&signed.caller, bill, |key| signed.page.t(key)).await?;
    Ok(table("differences.csv", bytes))
}

fn facts(page: &Page, row: &mhero_app::rows::BillRow, currency: &str) -> Vec<String> {
    let agreed = page.t2("bill-fact-agreed", "n", row.agreed, "lines", row.lines);
    let segments = page.t2("bill-fact-segments", "billed", row.segments, "sent", row.our_segments);
    let ours = amount(&page.words, row.our_micros, currency);
    let money = match row.micros {
        _ if currency.is_empty() => None,
        Some(micros) => Some(page.t2("bill-fact-money", "billed", amount(&page.words, micros, currency), "ours", ours)),
        None => Some(page.t1("bill-fact-no-money", "ours", ours)),
    };
    [Some(agreed), Some(segments), money].into_iter().flatten().collect()
}

fn line(page: &Page, seen: &DifferenceSeen, numbering: &Numbering, currency: &str) -> DifferenceLine {
    let row = &seen.row;
    let words = match DifferenceKind::of(&row.kind) {
        Some(DifferenceKind::OtherPrice) if !currency.is_empty() => {
            let money = |micros: i64| Arg::Text(exact(&page.words, micros, currency));
            // Prices are compared by the SMS: ours is told for as many as are billed.
            let (parts, our_parts) = (row.segments.unwrap_or(1).max(1), row.our_segments.unwrap_or(1).max(1));
            let ours = row.our_micros.unwrap_or(0).saturating_mul(parts) / our_parts;
            let billed = money(row.micros.unwrap_or(0));
            let args = [("billed", billed), ("parts", Arg::Count(parts)), ("ours", money(ours))];
            page.words.with("bill-said-price", &args)
        }
        Some(DifferenceKind::MoreSegments) => {
            page.t2("bill-said-segments", "billed", row.segments.unwrap_or(0), "sent", row.our_segments.unwrap_or(0))
        }
        Some(kind) => page.t(&format!("bill-said-{}", kind.word())),
        None => String::new(),
    };
    DifferenceLine {
        kind: page.t(&format!("bill-kind-{}", row.kind)),
        words,
        line: row.line.map(|line| page.t1("bill-line", "n", line)).unwrap_or_default(),
        at: row.at.map(timestamp),
        number: match &row.path {
            Some(path) => numbering.masked(path),
            None if seen.is_visible => String::new(),
            None => page.t("bill-number-hidden"),
        },
        anchor: format!("d{}", row.number),
        message: row.message.filter(|_| seen.person.is_some()).map(|message| format!("/messages/{message}")),
        person: seen.person.map(|person| format!("/people/{person}")),
    }
}

/// Where bills differ from a message that was handed over within a span of time, each with the place where its bill says so.
pub(crate) async fn about(
    signed: &Signed,
    message: MessageId,
    span: (i64, i64),
) -> Result<Vec<(String, String)>, Fault> {
    let found = signed.app.bills_about(&signed.caller, message, span).await?;
    let said = |one: DifferenceOf| {
        let kind = signed.page.t(&format!("bill-kind-{}", one.kind));
        let after = (one.number - 1).to_string();
        let href = href::with(&format!("/reconcile/{}", one.bill), &[("kind", &one.kind), ("after", &after)]);
        (signed.page.t2("behind-bill-says", "name", one.name, "kind", kind), format!("{href}#d{}", one.number))
    };
    Ok(found.into_iter().map(said).collect())
}
