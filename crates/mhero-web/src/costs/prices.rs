//! What a segment costs by channel, operator and direction, `/settings/channels/prices`.

use axum::{http::StatusCode, response::Response};
use mhero_app::{
    AppError,
    costs::{NewPrice, Payer, PriceShown},
};
use mhero_core::{ChannelId, Direction, PriceId, Right, timestamp};
use serde::Deserialize;

use super::{
    money::exact,
    view::{PriceLine, PricesPage},
};
use crate::{
    errors::{Fault, Refusal, show},
    marks::Mark,
    page::{Here, Page},
    parts::Choice,
    settings::tabs,
    state::{Form, Signed, id},
};

const HREF: &str = "/settings/channels/prices";

/// The form as sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    #[serde(rename = "do")]
    verb: String,
    currency: String,
    channel: String,
    operator: String,
    direction: String,
    payer: String,
    amount: String,
    from: String,
    price: String,
}

/// `GET /settings/channels/prices`.
pub(super) async fn open(signed: Signed) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    Ok(show(StatusCode::OK, &page(&signed, &Typed::default(), None).await?))
}

/// `POST /settings/channels/prices`.
pub(super) async fn press(signed: Signed, Form(typed): Form<Typed>) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let (app, caller) = (&signed.app, &signed.caller);
    let done = match typed.verb.as_str() {
        "currency" => app.set_currency(caller, &typed.currency).await.map(|()| "settings-saved"),
        "drop" => {
            let price: PriceId = id(&typed.price)?;
            app.drop_price(caller, price).await.map(|()| "prices-dropped")
        }
        _ => match new_price(&typed)? {
            Ok(new) => app.add_price(caller, &new).await.map(|()| "prices-saved"),
            Err(error) => Err(error),
        },
    };
    match done {
        Ok(said) => signed.done(said, &[], HREF).await,
        Err(AppError::Invalid(reason)) => {
            let fault = signed.page.words.reason(&reason);
            Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &page(&signed, &typed, Some(fault)).await?))
        }
        Err(error) => Err(error.into()),
    }
}

fn new_price(typed: &Typed) -> Result<Result<NewPrice, AppError>, Fault> {
    let channel: ChannelId = id(&typed.channel)?;
    let direction: Direction = typed.direction.parse().map_err(|_| Refusal::Unreadable)?;
    let payer = Payer::of(&typed.payer).ok_or(Refusal::Unreadable)?;
    let from = typed.from.trim();
    let Ok(from) = from.parse::<jiff::civil::Date>() else {
        let value = from.chars().take(40).collect::<String>();
        return Ok(Err(AppError::invalid("price-day", [("value", value)])));
    };
    let operator = Some(typed.operator.clone()).filter(|name| !name.is_empty());
    Ok(Ok(NewPrice { channel, operator, direction, payer, amount: typed.amount.clone(), from }))
}

fn choice(value: &str, words: String, chosen: &str) -> Choice {
    Choice { value: value.to_owned(), words, people: None, is_on: value == chosen }
}

async fn page(signed: &Signed, typed: &Typed, fault: Option<String>) -> Result<PricesPage, Fault> {
    let page = signed.page("prices-title", Here::Settings);
    let (app, caller) = (&signed.app, &signed.caller);
    let (shown, currency) = (app.prices(caller).await?, app.currency().await?.unwrap_or_default());
    let channels = app.channels().await?;
    let name = |id: ChannelId| channels.iter().find(|row| row.id == id).map(|row| row.name.clone()).unwrap_or_default();
    let everybody = choice("", page.t("routes-others"), &typed.operator);
    let operators = app.operators().await?.0;
    let operators = operators.iter().map(|known| choice(&known.name, known.name.clone(), &typed.operator));
    let today = page.clock.now.to_zoned(page.clock.zone.clone()).date().to_string();
    Ok(PricesPage {
        tabs: tabs(&page, "channels"),
        may_change: shown.is_empty() && app.budgets(caller).await?.is_empty(),
        rows: shown.iter().map(|price| line(&page, price, name(price.row.channel), &currency)).collect(),
        channels: channels.iter().map(|row| choice(&row.id.to_string(), row.name.clone(), &typed.channel)).collect(),
        operators: std::iter::once(everybody).chain(operators).collect(),
        directions: [Direction::Out, Direction::In]
            .map(|direction| choice(direction.as_str(), page.t(direction_key(direction)), &typed.direction))
            .to_vec(),
        payers: Payer::ALL.iter().map(|payer| choice(payer.word(), page.t(payer_key(*payer)), &typed.payer)).collect(),
        amount: typed.amount.clone(),
        from: if typed.from.is_empty() { today } else { typed.from.clone() },
        currency: if typed.currency.is_empty() { currency } else { typed.currency.clone() },
        fault,
        page,
    })
}

const fn direction_key(direction: Direction) -> &'static str {
    match direction {
        Direction::Out => "prices-out",
        Direction::In => "prices-in",
    }
}

const fn payer_key(payer: Payer) -> &'static str {
    match payer {
        Payer::Ministry => "prices-ministry",
        Payer::Worker => "prices-worker",
    }
}

fn line(page: &Page, price: &PriceShown, channel: String, currency: &str) -> PriceLine {
    let row = &price.row;
    let (mark, state) = match (price.holds, price.is_coming) {
        (true, _) => (Mark::Good, "prices-holds"),
        (_, true) => (Mark::Clock, "prices-coming"),
        _ => (Mark::LeftOut, "prices-over"),
    };
    PriceLine {
        channel,
        operator: if row.operator.is_empty() { page.t("routes-others") } else { row.operator.clone() },
        direction: page.t(direction_key(row.direction)),
        price: exact(&page.words, row.micros, currency),
        payer: page.t(payer_key(Payer::of(&row.payer).unwrap_or(Payer::Ministry))),
        from: timestamp(row.valid_from),
        mark,
        state: page.t(state),
        drop: price.is_coming.then(|| row.id.to_string()),
    }
}
