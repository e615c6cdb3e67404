//! A day of sending, and bills to compare with it, `/reconcile`.

use axum::{extract::Query, http::StatusCode, response::Response};
use jiff::{ToSpan, civil::Date};
use mhero_app::{
    AppError,
    costs::{BILL_BYTES_MAX, Bill, BillColumns, DayCounts, DayLine, NewBill, plain},
};
use mhero_core::{ChannelId, Right, timestamp};
use serde::Deserialize;

use super::{
    money::amount,
    table,
    view::{BillLine, ColumnField, DayPage, DayRow},
};
use crate::{
    brought::Brought,
    errors::{Fault, Refusal, show},
    href,
    marks::Mark,
    page::{Here, Page},
    parts::Choice,
    state::{Signed, id},
};

/// Which day.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    day: String,
}

/// Which column holds what, as the form says it.
fn columns(brought: &Brought) -> BillColumns {
    let of = |name: &str| brought.field(name).to_owned();
    BillColumns {
        date: of("date"),
        number: of("number"),
        id: of("id"),
        segments: of("segments"),
        price: of("price"),
        status: of("status"),
    }
}

/// Administrators and auditors see counts, costs and bills.
pub(super) fn may(signed: &Signed) -> Result<(), Fault> {
    if signed.page.may(Right::Settings) { Ok(()) } else { signed.must(Right::Audit) }
}

fn today(page: &Page) -> Date {
    page.clock.now.to_zoned(page.clock.zone.clone()).date()
}

/// The day that was asked for: yesterday unless another is named, since today is not over.
fn day_of(page: &Page, asked: &Asked) -> Result<Date, Fault> {
    if asked.day.is_empty() {
        let today = today(page);
        return Ok(today.checked_sub(1.day()).unwrap_or(today));
    }
    Ok(asked.day.parse().map_err(|_| Refusal::NotFound)?)
}

/// `GET /reconcile`.
pub(super) async fn open(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    may(&signed)?;
    let day = day_of(&signed.page, &asked)?;
    Ok(show(StatusCode::OK, &page(&signed, day, &Brought::default(), None).await?))
}

/// `POST /reconcile`: a bill is read and compared.
pub(super) async fn take(signed: Signed, brought: Brought) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let day = day_of(&signed.page, &Asked { day: brought.field("day").to_owned() })?;
    let refuse = async |brought: &Brought, fault: String| {
        Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &page(&signed, day, brought, Some(fault)).await?))
    };
    if brought.file.is_empty() {
        return refuse(&brought, signed.page.t("bill-no-file")).await;
    }
    let channel: ChannelId = id(brought.field("channel"))?;
    let new = NewBill { channel, name: brought.name.clone(), bytes: brought.file.clone(), columns: columns(&brought) };
    match signed.app.bring_bill(&signed.caller, new).await {
        Ok(bill) => signed.done("bill-compared", &[], &format!("/reconcile/{bill}")).await,
        Err(AppError::Invalid(reason)) => refuse(&brought, signed.page.words.reason(&reason)).await,
        Err(error) => Err(error.into()),
    }
}

/// `GET /reconcile/day.csv`.
pub(super) async fn csv(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    may(&signed)?;
    let (page, day) = (&signed.page, day_of(&signed.page, &asked)?);
    let counts = signed.app.day_counts(&signed.caller, day).await?;
    let titles = [
        "channel",
        "operator",
        "messages",
        "segments",
        "delivered",
        "unreported",
        "failed",
        "uncertain",
        "not-sent",
        "cost",
        "heard",
        "heard-cost",
        "currency",
    ];
    let mut text = titles.map(|title| cell(&page.t(&format!("day-csv-{title}")))).join(",");
    for line in &counts.lines {
        let numbers =
            [line.messages, line.segments, line.delivered, line.unreported, line.failed, line.uncertain, line.not_sent];
        let mut cells = vec![cell(&line.channel), cell(line.operator.as_deref().unwrap_or_default())];
        cells.extend(numbers.iter().map(ToString::to_string));
        cells.extend([plain(line.micros, 2), line.heard.to_string(), plain(line.heard_micros, 2)]);
        cells.push(counts.currency.clone().unwrap_or_default());
        text = text + "\r\n" + &cells.join(",");
    }
    Ok(table(&format!("{day}.csv"), (text + "\r\n").into_bytes()))
}

/// A cell that no spreadsheet runs as a formula.
fn cell(text: &str) -> String {
    let text = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

async fn page(signed: &Signed, day: Date, brought: &Brought, fault: Option<String>) -> Result<DayPage, Fault> {
    let page = signed.page("nav-reconcile", Here::Reconcile);
    let counts = signed.app.day_counts(&signed.caller, day).await?;
    let bills = signed.app.bills(&signed.caller).await?;
    let channels = signed.app.channels().await?;
    let chosen = brought.field("channel");
    let noon = day.at(12, 0, 0, 0).to_zoned(page.clock.zone.clone()).map_or(page.clock.now, |noon| noon.timestamp());
    let around = |days: i64| day.checked_add(days.days()).map(|day| day.to_string()).unwrap_or_default();
    let link = |day: &str| href::with("/reconcile", &[("day", day)]);
    let columns = columns(brought);
    let fields = [
        ("date", "bill-column-date", columns.date.clone()),
        ("number", "bill-column-number", columns.number.clone()),
        ("id", "bill-column-id", columns.id.clone()),
        ("segments", "bill-column-segments", columns.segments.clone()),
        ("price", "bill-column-price", columns.price.clone()),
        ("status", "bill-column-status", columns.status.clone()),
    ];
    Ok(DayPage {
        day: page.date(&noon),
        value: day.to_string(),
        before: link(&around(-1)),
        after: (day < today(&page)).then(|| link(&around(1))),
        rows: counts.lines.iter().map(|line| row(&page, line, &counts)).collect(),
        total: row(&page, &counts.total, &counts),
        unpriced: if counts.currency.is_some() { counts.total.unpriced } else { 0 },
        heard_cost: heard_cost(&page, &counts),
        csv: href::with("/reconcile/day.csv", &[("day", &day.to_string())]),
        bills: bills.iter().map(|bill| bill_line(&page, bill)).collect(),
        channels: channels
            .iter()
            .map(|channel| {
                let value = channel.id.to_string();
                Choice { words: channel.name.clone(), people: None, is_on: value == chosen, value }
            })
            .collect(),
        are_columns_open: columns != BillColumns::default() || (fault.is_some() && !brought.file.is_empty()),
        columns: fields.map(|(name, key, value)| ColumnField { name, label: page.t(key), value }).to_vec(),
        max: i64::try_from(BILL_BYTES_MAX / 1024 / 1024).unwrap_or(i64::MAX),
        fault,
        page,
    })
}

fn heard_cost(page: &Page, counts: &DayCounts) -> Option<String> {
    let currency = counts.currency.as_deref()?;
    (counts.total.heard_micros > 0).then(|| amount(&page.words, counts.total.heard_micros, currency))
}

fn row(page: &Page, line: &DayLine, counts: &DayCounts) -> DayRow {
    let cost = match &counts.currency {
        Some(currency) if line.segments > 0 && line.unpriced < line.segments => {
            amount(&page.words, line.micros, currency)
        }
        _ => "–".to_owned(),
    };
    DayRow {
        channel: line.channel.clone(),
        operator: line.operator.clone().unwrap_or_else(|| page.t("reconcile-no-operator")),
        messages: line.messages,
        segments: line.segments,
        delivered: line.delivered,
        unreported: line.unreported,
        failed: line.failed,
        uncertain: line.uncertain,
        not_sent: line.not_sent,
        cost,
        heard: line.heard,
    }
}

/// "1 May 2026 to 31 May 2026".
pub(super) fn days(page: &Page, bill: &Bill) -> String {
    // The last instant of the last day.
    let (first, last) = (page.date(&timestamp(bill.row.from_at)), page.date(&timestamp(bill.row.until_at - 1)));
    if first == last { first } else { page.t2("bill-days", "first", first, "last", last) }
}

fn bill_line(page: &Page, bill: &Bill) -> BillLine {
    let differing = bill.row.differing;
    let (mark, key) = if differing == 0 { (Mark::Good, "bill-agrees") } else { (Mark::Warning, "bill-differs") };
    BillLine {
        href: format!("/reconcile/{}", bill.row.id),
        name: bill.row.name.clone(),
        channel: bill.channel.clone(),
        days: days(page, bill),
        differing,
        mark,
        state: page.t1(key, "n", differing),
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn cells_are_no_formulas() {
        assert_eq!((cell("=1+1"), cell("a,b")), ("'=1+1".into(), "\"a,b\"".into()));
    }
}
