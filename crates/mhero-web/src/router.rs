//! All routes of the console, with the layers around them.

use axum::{Router, http::StatusCode, routing::get};
use mhero_app::App;

use crate::{
    account, assets, audiences, audit, broadcasts, calls, campaigns, channels, exchanges, flows, inbox, layers, people,
    places, results, send, session, settings, sign_in, simulator,
    state::{State, WebOptions, letterhead},
    today, triggers,
};

/// The whole console over an application, and what carriers call. `/health` is the server's own.
pub fn router(app: App, options: WebOptions) -> Router {
    let sessions = session::layer(app.clone(), options.https);
    let carriers = channels::router(app.clone(), options);
    let state = State { app, options };
    let letterhead = letterhead(&state);
    let uploads = flows::uploads().with_state(state.clone());
    let routes = pages().with_state(state);
    layers::around_both(routes, uploads, letterhead, Some(sessions)).merge(carriers)
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
        .merge(flows::routes())
        .merge(results::routes())
        .merge(triggers::routes())
        .merge(campaigns::routes())
        .merge(calls::routes())
        .merge(exchanges::routes())
        .merge(audit::routes())
        .merge(simulator::routes())
        .merge(settings::routes())
        .route("/assets/{name}", get(assets::serve))
        .fallback(|| async { StatusCode::NOT_FOUND })
}
