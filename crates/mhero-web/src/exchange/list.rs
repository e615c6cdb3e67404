//! Exchanges by filter, and several of them asked again.

use axum::{extract::Query, http::StatusCode, response::Response};
use jiff::{SignedDuration, Timestamp};
use mhero_app::rows::{Exchange, ExchangeFilter};
use mhero_core::{Direction, ExchangeId, Right, limits::PAGE_ROWS, micros, timestamp};
use mhero_exchange::journal::Rerun;
use serde::Deserialize;

use super::{
    beside, tabs,
    view::{ExchangeRow, ExchangesPage},
};
use crate::{
    errors::{Fault, show},
    href,
    marks::Mark,
    page::{Here, Page},
    parts::{Choice, Pager},
    state::{Form, Signed, State, id},
    words::Arg,
};

/// Systems of the last so many days can be chosen.
const PEERS_DAYS: i64 = 30;
/// Longest text that is looked for, in characters.
const WHAT_CHARS_MAX: usize = 100;

/// Which exchanges.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    peer: String,
    direction: String,
    result: String,
    what: String,
    since: String,
    at: Option<i64>,
    after: Option<String>,
}

impl Asked {
    fn filter(&self, page: &Page) -> Result<ExchangeFilter, Fault> {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let what: String = self.what.trim().chars().take(WHAT_CHARS_MAX).collect();
        Ok(ExchangeFilter {
            peer: some(&self.peer),
            outcome: some(&self.result).filter(|result| result != "error"),
            failed: self.result == "error",
            direction: match self.direction.as_str() {
                "in" => Some(Direction::In),
                "out" => Some(Direction::Out),
                _ => None,
            },
            what: some(&what),
            since: self.day().and_then(|day| Some(day.to_zoned(page.clock.zone.clone()).ok()?.timestamp())),
            before: match (self.at, &self.after) {
                (Some(at), Some(after)) => Some((timestamp(at), id::<ExchangeId>(after)?)),
                _ => None,
            },
            ..ExchangeFilter::default()
        })
    }

    fn day(&self) -> Option<jiff::civil::Date> {
        self.since.parse().ok()
    }

    /// The same page with other parameters behind.
    fn href(&self, further: &[(&str, &str)]) -> String {
        let own = [
            ("peer", self.peer.as_str()),
            ("direction", &self.direction),
            ("result", &self.result),
            ("what", &self.what),
            ("since", &self.since),
        ];
        let pairs: Vec<(&str, &str)> =
            own.into_iter().chain(further.iter().copied()).filter(|(_, value)| !value.is_empty()).collect();
        href::with("/exchange", &pairs)
    }
}

/// `GET /exchange`.
pub(super) async fn show_all(
    axum::extract::State(state): axum::extract::State<State>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    signed.must(Right::Audit)?;
    let filter = asked.filter(&signed.page)?;
    let rows = signed.app.exchanges(&signed.caller, &filter, PAGE_ROWS).await?;
    let is_full = i64::try_from(rows.len()).is_ok_and(|shown| shown == PAGE_ROWS);
    let next = rows
        .last()
        .filter(|_| is_full)
        .map(|last| asked.href(&[("at", &micros(last.started_at).to_string()), ("after", &last.id.to_string())]));
    let may_set = signed.caller.scope.may(Right::Settings);
    let page = signed.page("nav-exchanges", Here::Exchanges);
    let shown = ExchangesPage {
        tabs: tabs(&page, "/exchange", &signed.caller.scope),
        peers: peers(&signed, &asked).await?,
        directions: choices(&page, &["", "in", "out"], "exchange-direction", &asked.direction),
        results: choices(&page, &["", "error", "ok", "refused", "failed", "unknown"], "exchange-result", &asked.result),
        what: asked.what.clone(),
        since: asked.since.clone(),
        is_filtered: asked.href(&[]) != "/exchange",
        lost: state
            .options
            .exchange
            .as_ref()
            .map_or(0, |beside| i64::try_from(beside.journal.lost()).unwrap_or(i64::MAX)),
        may_rerun: may_set && state.options.exchange.is_some() && rows.iter().any(|row| row.direction == Direction::In),
        pager: Pager {
            first: i64::from(!rows.is_empty()),
            last: i64::try_from(rows.len()).unwrap_or(PAGE_ROWS),
            total: None,
            previous: filter.before.map(|_| asked.href(&[])),
            next,
        },
        rows: rows.iter().map(|exchange| row(&page, exchange)).collect(),
        page,
    };
    Ok(show(StatusCode::OK, &shown))
}

/// Which rows were chosen.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    id: Vec<String>,
}

/// `POST /exchange`: asks several again.
pub(super) async fn again(
    axum::extract::State(state): axum::extract::State<State>,
    signed: Signed,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Fault> {
    let beside = beside(&state)?;
    let ids = chosen.id.iter().map(|text| id::<ExchangeId>(text)).collect::<Result<Vec<_>, _>>()?;
    if ids.is_empty() {
        return signed.done("exchange-rerun-none", &[], "/exchange").await;
    }
    let done = beside.journal.rerun(&signed.caller, &ids).await?;
    let made = done.iter().filter(|(_, came)| matches!(came, Rerun::Made(..400))).count();
    let failed = done.iter().filter(|(_, came)| matches!(came, Rerun::Made(400..))).count();
    let args = [
        ("made", Arg::Count(i64::try_from(made).unwrap_or(i64::MAX))),
        ("failed", Arg::Count(i64::try_from(failed).unwrap_or(i64::MAX))),
        ("left", Arg::Count(i64::try_from(done.len() - made - failed).unwrap_or(i64::MAX))),
    ];
    signed.done("exchange-rerun-done", &args, "/exchange").await
}

async fn peers(signed: &Signed, asked: &Asked) -> Result<Vec<Choice>, Fault> {
    let since: Timestamp = signed.page.clock.now - SignedDuration::from_hours(24 * PEERS_DAYS);
    let found = signed.app.peer_outcomes(&signed.caller, since).await?;
    let mut names: Vec<String> = found.into_iter().map(|one| one.peer).collect();
    names.dedup();
    let choice = |value: String, words: String| Choice { is_on: value == asked.peer, value, words, people: None };
    let mut peers = vec![choice(String::new(), signed.page.t("exchange-peer-any"))];
    peers.extend(names.into_iter().map(|name| {
        let words = shown_peer(&signed.page, &name);
        choice(name, words)
    }));
    Ok(peers)
}

fn choices(page: &Page, values: &[&str], key: &str, chosen: &str) -> Vec<Choice> {
    values
        .iter()
        .map(|value| Choice {
            value: (*value).to_owned(),
            words: page.t(&format!("{key}-{}", if value.is_empty() { "any" } else { value })),
            people: None,
            is_on: *value == chosen,
        })
        .collect()
}

/// The name of a system; who did not say who they are has none.
fn shown_peer(page: &Page, peer: &str) -> String {
    if peer == "?" { page.t("exchange-peer-unknown") } else { peer.to_owned() }
}

/// An exchange as pages show it.
pub(super) fn row(page: &Page, exchange: &Exchange) -> ExchangeRow {
    let (mark, key) = match exchange.outcome.as_str() {
        "ok" => (Mark::Good, "exchange-ok"),
        "refused" => (Mark::Failed, "exchange-refused"),
        "failed" => (Mark::Failed, "exchange-failed"),
        _ => (Mark::Uncertain, "exchange-unknown"),
    };
    let words = page.t(key);
    let what = if page.words.has(&exchange.what) { page.t(&exchange.what) } else { exchange.what.clone() };
    ExchangeRow {
        id: exchange.id.to_string(),
        at: exchange.started_at,
        peer: shown_peer(page, &exchange.peer),
        direction: page.t(&format!("exchange-direction-{}", exchange.direction.as_str())),
        what,
        href: format!("/exchange/{}", exchange.id),
        mark,
        answer: exchange.status.map_or(words.clone(), |status| format!("{status}, {words}")),
        took: exchange.took_micros.map(|took| format!("{} ms", page.n(took / 1_000))).unwrap_or_default(),
        folded: exchange.details.folded,
        may_rerun: exchange.direction == Direction::In && exchange.details.folded == 0,
    }
}
