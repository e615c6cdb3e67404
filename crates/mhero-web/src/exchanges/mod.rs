//! Each exchange with another system, `/exchanges`.

pub mod view;

use axum::{
    Router,
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
    routing::get,
};
use jiff::Timestamp;
use mhero_app::rows::{Exchange, ExchangeFilter};
use mhero_core::{ExchangeId, Right, limits::PAGE_ROWS, micros, timestamp};
use serde::Deserialize;
use uuid::Uuid;
use view::{ExchangePage, ExchangeRow, ExchangesPage};

use crate::{
    errors::{Fault, Refusal, show},
    href,
    marks::Mark,
    page::{Here, Page},
    parts::{Choice, Pager},
    state::{Signed, State, id},
};

/// Systems of the last so many days can be chosen.
const PEERS_DAYS: i64 = 30;

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new().route("/exchanges", get(list)).route("/exchanges/{id}", get(open))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    peer: String,
    result: String,
    at: Option<i64>,
    after: Option<String>,
}

async fn list(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    signed.must(Right::Audit)?;
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let before = match (asked.at, &asked.after) {
        (Some(at), Some(after)) => Some((timestamp(at), id::<ExchangeId>(after)?)),
        _ => None,
    };
    let outcome = some(&asked.result).map(|_| "failed".to_owned());
    let filter = ExchangeFilter { peer: some(&asked.peer), outcome, before, ..ExchangeFilter::default() };
    let rows = signed.app.exchanges(&signed.caller, &filter, PAGE_ROWS).await?;
    let next = rows.last().filter(|_| i64::try_from(rows.len()).is_ok_and(|n| n == PAGE_ROWS)).map(|last| {
        let (at, after) = (micros(last.started_at).to_string(), last.id.to_string());
        href::with("/exchanges", &[("peer", &asked.peer), ("result", &asked.result), ("at", &at), ("after", &after)])
    });
    let shown = ExchangesPage {
        filters: filters(&signed, &asked).await?,
        pager: Pager {
            first: i64::from(!rows.is_empty()),
            last: i64::try_from(rows.len()).unwrap_or(PAGE_ROWS),
            total: None,
            previous: before.map(|_| href::with("/exchanges", &[("peer", &asked.peer), ("result", &asked.result)])),
            next,
        },
        rows: rows.iter().map(|exchange| row(&signed.page, exchange)).collect(),
        page: signed.page("nav-exchanges", Here::Exchanges),
    };
    Ok(show(StatusCode::OK, &shown))
}

async fn filters(signed: &Signed, asked: &Asked) -> Result<Vec<Choice>, Fault> {
    let choice = |value: String, words: String, is_on| Choice { value, words, people: None, is_on };
    let mut filters = vec![
        choice(
            "/exchanges".to_owned(),
            signed.page.t("exchanges-all"),
            asked.peer.is_empty() && asked.result.is_empty(),
        ),
        choice("/exchanges?result=error".to_owned(), signed.page.t("exchanges-errors"), !asked.result.is_empty()),
    ];
    let since: Timestamp = signed.page.clock.now - jiff::SignedDuration::from_hours(24 * PEERS_DAYS);
    let mut peers: Vec<String> =
        signed.app.peer_outcomes(&signed.caller, since).await?.into_iter().map(|one| one.peer).collect();
    peers.dedup();
    for peer in peers {
        let is_on = peer == asked.peer;
        filters.push(choice(href::with("/exchanges", &[("peer", &peer)]), peer, is_on));
    }
    Ok(filters)
}

fn row(page: &Page, exchange: &Exchange) -> ExchangeRow {
    let (mark, key) = match exchange.outcome.as_str() {
        "ok" => (Mark::Delivered, "exchange-ok"),
        "refused" => (Mark::Failed, "exchange-refused"),
        "failed" => (Mark::Failed, "exchange-failed"),
        _ => (Mark::Uncertain, "exchange-unknown"),
    };
    let words = page.t(key);
    ExchangeRow {
        at: exchange.started_at,
        peer: format!("{}, {}", exchange.peer, exchange.protocol),
        what: exchange.what.clone(),
        href: href::with(&format!("/exchanges/{}", exchange.id), &[("at", &micros(exchange.started_at).to_string())]),
        mark,
        answer: exchange.status.map_or(words.clone(), |status| format!("{status}, {words}")),
        took: exchange.took_micros.map(|took| format!("{} ms", page.n(took / 1_000))).unwrap_or_default(),
    }
}

/// Both bodies; that they were opened is audited.
async fn open(signed: Signed, Path(exchange): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let exchange: ExchangeId = id(&exchange)?;
    let at = timestamp(asked.at.ok_or(Refusal::NotFound)?);
    // The rows before the id that follows this one begin with this one.
    let behind = ExchangeId::from_uuid(Uuid::from_u128(exchange.uuid().as_u128().saturating_add(1)));
    let filter = ExchangeFilter { before: Some((at, behind)), ..ExchangeFilter::default() };
    let found = signed.app.exchanges(&signed.caller, &filter, 1).await?.into_iter().find(|row| row.id == exchange);
    let found = found.ok_or(Refusal::NotFound)?;
    let bodies = signed.app.exchange_bodies(&signed.caller, exchange).await?;
    let text = |body: Option<Vec<u8>>| body.map(|body| String::from_utf8_lossy(&body).into_owned()).unwrap_or_default();
    let row = row(&signed.page, &found);
    let shown = ExchangePage {
        page: signed.page.clone().titled(&row.what, Here::Exchanges),
        row,
        sent: text(bodies.request),
        answered: text(bodies.response),
    };
    Ok(show(StatusCode::OK, &shown))
}
