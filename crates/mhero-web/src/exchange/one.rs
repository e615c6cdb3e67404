//! One exchange: what is known of it, what belongs to it, and both bodies.

use axum::{extract::Path, http::StatusCode, response::Response};
use mhero_app::{Bodies, rows::Exchange};
use mhero_core::{ExchangeId, Right};
use mhero_exchange::journal::{Envelope, Rerun};

use super::{
    beside, list,
    view::{ExchangeFact, ExchangePage},
};
use crate::{
    errors::{Fault, show},
    page::{Here, Page},
    state::{Signed, State, id},
    words::Arg,
};

/// `GET /exchange/{id}`. That its bodies were opened is audited.
pub(super) async fn open(
    axum::extract::State(state): axum::extract::State<State>,
    signed: Signed,
    Path(exchange): Path<String>,
) -> Result<Response, Fault> {
    let exchange: ExchangeId = id(&exchange)?;
    let found = signed.app.exchange(&signed.caller, exchange).await?;
    let may_open = signed.caller.scope.may(Right::ReadMessages);
    let bodies = if may_open { signed.app.exchange_bodies(&signed.caller, exchange).await? } else { Bodies::default() };
    let page = &signed.page;
    let text = |body: &[u8]| String::from_utf8_lossy(body).into_owned();
    let (envelope, sent) = bodies.request.as_deref().map_or((None, String::new()), |kept| {
        let (envelope, body) = Envelope::open(kept);
        (envelope, text(body))
    });
    let may_rerun = signed.caller.scope.may(Right::Settings);
    let (mut can_rerun, mut why_not) = (false, None);
    if let Some(beside) = state.options.exchange.as_ref().filter(|_| may_rerun) {
        let reason = beside.journal.may_rerun(exchange).await?;
        can_rerun = reason.is_none();
        why_not = reason.map(|reason| page.words.reason(&reason));
    }
    let row = list::row(page, &found.exchange);
    let others = found.timeline.iter().filter(|other| other.id != exchange).count();
    let shown = ExchangePage {
        facts: facts(page, &found.exchange, envelope.as_ref()),
        timeline: if others == 0 {
            Vec::new()
        } else {
            found.timeline.iter().map(|one| (one.id == exchange, list::row(page, one))).collect()
        },
        reruns: found.reruns.iter().map(|one| list::row(page, one)).collect(),
        has_bodies: bodies.request.is_some() || bodies.response.is_some(),
        sent,
        answered: bodies.response.as_deref().map(text).unwrap_or_default(),
        can_rerun,
        why_not,
        page: page.clone().titled(&row.what, Here::Exchanges),
        row,
    };
    Ok(show(StatusCode::OK, &shown))
}

/// `POST /exchange/{id}`: asks it again.
pub(super) async fn again(
    axum::extract::State(state): axum::extract::State<State>,
    signed: Signed,
    Path(exchange): Path<String>,
) -> Result<Response, Fault> {
    let id: ExchangeId = id(&exchange)?;
    let done = beside(&state)?.journal.rerun(&signed.caller, &[id]).await?;
    let to = format!("/exchange/{id}");
    match done.into_iter().next() {
        Some((_, Rerun::Made(status))) => {
            signed.done("exchange-rerun-made", &[("status", Arg::Text(status.to_string()))], &to).await
        }
        Some((_, Rerun::Left(reason))) => {
            signed.say(&signed.page.words.reason(&reason), None).await?;
            signed.done("", &[], &to).await
        }
        None => signed.done("", &[], &to).await,
    }
}

fn facts(page: &Page, exchange: &Exchange, envelope: Option<&Envelope>) -> Vec<ExchangeFact> {
    let details = &exchange.details;
    let octets = |octets: i64| page.t1("exchange-octets", "n", octets);
    let said = |word: &String| if page.words.has(word) { page.t(word) } else { word.clone() };
    let known = [
        ("exchange-fact-direction", Some(page.t(&format!("exchange-direction-{}", exchange.direction.as_str())))),
        ("exchange-fact-protocol", Some(exchange.protocol.clone())),
        ("exchange-fact-reason", details.reason.as_ref().map(said)),
        ("exchange-fact-address", details.address.clone()),
        ("exchange-fact-form", envelope.map(|envelope| envelope.form.clone())),
        ("exchange-fact-sent", details.sent.map(octets)),
        ("exchange-fact-received", details.received.map(octets)),
        ("exchange-fact-folded", Some(details.folded).filter(|folded| *folded > 0).map(|folded| page.n(folded))),
        ("exchange-fact-correlation", Some(exchange.correlation.to_string())),
        ("exchange-fact-transaction", details.transaction.clone()),
        ("exchange-fact-once", details.once.clone()),
    ];
    let mut facts: Vec<ExchangeFact> = known
        .into_iter()
        .filter_map(|(key, value)| Some((key, value.filter(|value| !value.is_empty())?)))
        .map(|(key, value)| ExchangeFact { name: page.t(key), value, href: None })
        .collect();
    if let Some(root) = details.rerun_of {
        facts.push(ExchangeFact {
            name: page.t("exchange-fact-rerun-of"),
            value: page.t("exchange-open"),
            href: Some(format!("/exchange/{root}")),
        });
    }
    facts
}
