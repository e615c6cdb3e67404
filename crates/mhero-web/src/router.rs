//! All routes of the console, with the layers around them.

use axum::{Router, http::StatusCode, routing::get};
use mhero_app::App;

use crate::{
    account, assets, audiences, audit, broadcasts, channels, exchanges, inbox, layers, people, places, send, session, settings,
    sign_in, simulator,
    state::{State, WebOptions, letterhead},
    today,
};

/// The whole console over an application, and what carriers call. `/health` is the server's own.
pub fn router(app: App, options: WebOptions) -> Router {
    let sessions = session::layer(app.clone(), options.https);
    let carriers = channels::router(app.clone(), options);
    let state = State { app, options };
    let letterhead = letterhead(&state);
    let routes = pages().with_state(state);
    layers::around(routes, letterhead, Some(sessions)).merge(carriers)
}

fn pages() -> Router<State> {
    Router::new()
        .merge(sign_in::routes())
        .merge(account::routes())
        .merge(today::routes())
        .merge(send::routes())
        .merge(broadcasts::routes())
        .merge(inbox::routes())
        .merge(people::routes())
        .merge(places::routes())
        .merge(audiences::routes())
        .merge(exchanges::routes())
        .merge(audit::routes())
        .merge(simulator::routes())
        .merge(settings::routes())
        .route("/assets/{name}", get(assets::serve))
        .fallback(|| async { StatusCode::NOT_FOUND })
}
