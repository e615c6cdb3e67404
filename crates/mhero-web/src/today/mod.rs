//! Home: things that wait for a person, `/`.

mod jobs;
mod registries;
pub mod view;
mod works;

use axum::{Router, http::StatusCode, response::Response, routing::get};
use mhero_app::people::PeopleAsked;
use mhero_core::Right;
use view::{Begin, TodayPage};

use crate::{
    broadcasts,
    errors::{Fault, show},
    page::Here,
    state::{Signed, State},
};

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new().route("/", get(open))
}

async fn open(signed: Signed) -> Result<Response, Fault> {
    let shown = TodayPage {
        jobs: jobs::waiting(&signed).await?,
        live: live(&signed).await?,
        begin: begin(&signed).await?,
        works: works::rail(&signed).await?,
        registries: registries::card(&signed).await?,
        page: signed.page("nav-today", Here::Today),
    };
    Ok(show(StatusCode::OK, &shown))
}

async fn live(signed: &Signed) -> Result<Vec<broadcasts::view::BroadcastRow>, Fault> {
    if !signed.page.may(Right::ReadMessages) {
        return Ok(Vec::new());
    }
    let mut rows = Vec::new();
    for broadcast in signed.app.live_broadcasts(&signed.caller).await? {
        let progress = signed.app.broadcast_progress(&signed.caller, broadcast.id).await?;
        rows.push(broadcasts::row(&signed.page, &progress));
    }
    Ok(rows)
}

/// The first steps, until they are done: a channel, people, a message.
async fn begin(signed: &Signed) -> Result<Vec<Begin>, Fault> {
    let page = &signed.page;
    let mut steps = Vec::new();
    if page.may(Right::Settings) && signed.app.channels().await?.is_empty() {
        steps.push(("begin-channel", "/settings/channels"));
    }
    let mut has_people = true;
    if page.may(Right::EditPeople) {
        has_people = signed.app.count_people(&signed.caller, &PeopleAsked::default()).await?.matched > 0;
        if !has_people {
            steps.push(("begin-people", "/people/import"));
        }
    }
    if page.may(Right::Send) && has_people && signed.app.list_broadcasts(&signed.caller, i64::MAX, 1).await?.is_empty()
    {
        steps.push(("begin-send", "/send"));
    }
    let step = |(key, href): (&str, &str)| Begin {
        words: page.t(key),
        aside: page.t(&format!("{key}-why")),
        verb: page.t(&format!("{key}-verb")),
        href: href.to_owned(),
    };
    Ok(steps.into_iter().map(step).collect())
}
