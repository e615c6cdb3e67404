//! Which channel reaches which operator, `/settings/channels/routes`.

use axum::{http::StatusCode, response::Response};
use mhero_app::{
    AppError,
    messaging::{ChatWaits, Route, RouteShown},
};
use mhero_core::{ChannelId, Right};

use super::view::{RouteLine, RoutesPage, WaitField};
use crate::{
    errors::{Fault, Refusal, show},
    page::{Here, Page},
    parts::Choice,
    state::{Form, Signed},
};

type Pairs = Vec<(String, String)>;

/// Minutes that stand there until somebody says otherwise.
const MINUTES: &str = "15";

/// The choice of the channel that costs least.
const CHEAPEST: &str = "cheapest";

fn channel_of(route: &Route) -> String {
    if route.is_cheapest { CHEAPEST.to_owned() } else { route.channel.to_string() }
}

/// What was chosen for one operator, as it was sent.
#[derive(Clone, Default)]
struct Chosen {
    operator: String,
    channel: String,
    next: String,
    minutes: String,
}

/// `GET /settings/channels/routes`.
pub(super) async fn open(signed: Signed) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let known = signed.app.routes(&signed.caller).await?;
    let chosen = |operator: &str| {
        let route = known.iter().find(|shown| shown.route.operator.as_deref().unwrap_or_default() == operator);
        let next = route.and_then(|shown| shown.route.next);
        Chosen {
            operator: operator.to_owned(),
            channel: route.map(|shown| channel_of(&shown.route)).unwrap_or_default(),
            next: next.map(|(next, _)| next.to_string()).unwrap_or_default(),
            minutes: next.map_or_else(|| MINUTES.to_owned(), |(_, minutes)| minutes.to_string()),
        }
    };
    let rows = operators(&signed, &known).await?.iter().map(|operator| chosen(operator)).collect::<Vec<_>>();
    Ok(show(StatusCode::OK, &page(&signed, &rows, &known, None).await?))
}

/// `POST /settings/channels/routes`.
pub(super) async fn save(signed: Signed, Form(form): Form<Pairs>) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let (mut rows, mut routes) = (Vec::new(), Vec::new());
    for number in 0..form.len() {
        let of = |what: &str| {
            let name = format!("{what}-{number}");
            form.iter().find(|(known, _)| *known == name).map(|(_, value)| value.trim().to_owned())
        };
        let Some(operator) = of("operator") else { break };
        let told = |what: &str| of(what).unwrap_or_default();
        let row = Chosen { operator, channel: told("channel"), next: told("next"), minutes: told("minutes") };
        if !row.channel.is_empty() {
            let id = |text: &str| text.parse::<ChannelId>().map_err(|_| Refusal::NotFound);
            // What is no number is none that is allowed, and is said so.
            let minutes = row.minutes.parse().unwrap_or_default();
            let next = if row.next.is_empty() { None } else { Some((id(&row.next)?, minutes)) };
            let operator = Some(row.operator.clone()).filter(|name| !name.is_empty());
            let is_cheapest = row.channel == CHEAPEST;
            // Which one that is, the prices say.
            let channel = if is_cheapest { ChannelId::from_uuid(uuid::Uuid::nil()) } else { id(&row.channel)? };
            routes.push(Route { operator, channel, is_cheapest, next });
        }
        rows.push(row);
    }
    let typed = |lane: &str| {
        let value = form.iter().find(|(known, _)| known.strip_prefix("wait-") == Some(lane))?.1.trim();
        // What is no number is none that is allowed, and is said so.
        (!value.is_empty()).then(|| value.parse::<i64>().unwrap_or_default())
    };
    let has_waits = form.iter().any(|(known, _)| known.starts_with("wait-"));
    let waits =
        ChatWaits { alert: typed("alert"), reply: typed("reply"), normal: typed("normal"), bulk: typed("bulk") };
    let set = async || {
        if has_waits && waits != signed.app.chat_waits().await? {
            signed.app.set_chat_waits(&signed.caller, &waits).await?;
        }
        signed.app.set_routes(&signed.caller, &routes).await
    };
    match set().await {
        Ok(()) => signed.done("routes-saved", &[], "/settings/channels/routes").await,
        Err(AppError::Invalid(reason)) => {
            let known = signed.app.routes(&signed.caller).await?;
            let fault = signed.page.words.reason(&reason);
            Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &page(&signed, &rows, &known, Some(fault)).await?))
        }
        Err(error) => Err(error.into()),
    }
}

/// The operators that are known or have a route; everybody else last.
async fn operators(signed: &Signed, known: &[RouteShown]) -> Result<Vec<String>, Fault> {
    let mut all: Vec<String> = signed.app.operators().await?.0.into_iter().map(|operator| operator.name).collect();
    for name in known.iter().filter_map(|shown| shown.route.operator.clone()) {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all.push(String::new());
    Ok(all)
}

async fn page(
    signed: &Signed,
    rows: &[Chosen],
    known: &[RouteShown],
    fault: Option<String>,
) -> Result<RoutesPage, Fault> {
    let page = signed.page("routes-title", Here::Settings);
    let channels = signed.app.channels().await?;
    let choices = |none: &str, chosen: &str| {
        let first = Choice { value: String::new(), words: page.t(none), people: None, is_on: chosen.is_empty() };
        let others = channels.iter().map(|channel| {
            let value = channel.id.to_string();
            Choice { words: channel.name.clone(), people: None, is_on: value == chosen, value }
        });
        std::iter::once(first).chain(others).collect::<Vec<_>>()
    };
    let name = |id: ChannelId| channels.iter().find(|channel| channel.id == id).map(|channel| channel.name.clone());
    let lines = rows.iter().map(|row| {
        let shown = known.iter().find(|shown| shown.route.operator.as_deref().unwrap_or_default() == row.operator);
        RouteLine {
            operator: row.operator.clone(),
            words: if row.operator.is_empty() { page.t("routes-others") } else { row.operator.clone() },
            channels: {
                let mut all = choices("routes-default", &row.channel);
                let is_on = row.channel == CHEAPEST;
                let now = shown.filter(|shown| shown.route.is_cheapest).and_then(|shown| name(shown.route.channel));
                let words = match now {
                    Some(now) => page.t1("routes-cheapest-now", "channel", now),
                    None => page.t("routes-cheapest"),
                };
                all.insert(1, Choice { value: CHEAPEST.to_owned(), words, people: None, is_on });
                all
            },
            nexts: choices("routes-waits", &row.next),
            minutes: row.minutes.clone(),
            moved: shown.map_or(0, |shown| shown.moved),
            moved_at: shown.and_then(|shown| shown.moved_at).and_then(|at| jiff::Timestamp::from_microsecond(at).ok()),
        }
    });
    let waits = if signed.app.has_chats().await? { waits(&page, signed.app.chat_waits().await?) } else { Vec::new() };
    Ok(RoutesPage { waits, rows: lines.collect(), has_operators: rows.len() > 1, fault, page })
}

/// A field for each lane.
fn waits(page: &Page, waits: ChatWaits) -> Vec<WaitField> {
    let field = |lane: &'static str, key: &str, minutes: Option<i64>| WaitField {
        lane,
        words: page.t(key),
        minutes: minutes.map(|minutes| minutes.to_string()).unwrap_or_default(),
    };
    vec![
        field("alert", "chat-waits-alert", waits.alert),
        field("reply", "chat-waits-reply", waits.reply),
        field("normal", "chat-waits-normal", waits.normal),
        field("bulk", "chat-waits-bulk", waits.bulk),
    ]
}
