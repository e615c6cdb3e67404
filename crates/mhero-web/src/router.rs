//! All routes of the console, with the layers around them.

use axum::{Router, http::StatusCode, middleware::from_fn_with_state, routing::get};
use mhero_app::App;

use crate::{
    account, approvals, assets, audiences, audit, broadcasts, calls, campaigns, changes, channel_pages, channels,
    costs, delivery_rules, dhis2, exchange, flows, imports, inbox, keys, layers, links, messages, notified, numbers,
    people, places, refused, results, send, session, settings, sign_in, simulator, sources,
    state::{State, WebOptions, letterhead},
    today, triggers, trust,
};

/// The whole console over an application, and what carriers call. `/health` is the server's own.
pub fn router(app: App, options: WebOptions) -> Router {
    let sessions = session::layer(app.clone(), options.https);
    let carriers = channels::router(app.clone(), &options).merge(notified::router(app.clone()));
    let brought = imports::routes(options.shelf.clone());
    let state = State { app, options };
    let letterhead = letterhead(&state);
    let uploads = flows::uploads()
        .merge(costs::uploads())
        .merge(delivery_rules::uploads())
        .merge(brought)
        .with_state(state.clone());
    let noted = from_fn_with_state(state.clone(), refused::note);
    let routes = pages().route_layer(noted).with_state(state);
    layers::around_both(routes, uploads, letterhead, Some(sessions)).merge(carriers)
}

fn pages() -> Router<State> {
    Router::new()
        .merge(sign_in::routes())
        .merge(account::routes())
        .merge(keys::routes())
        .merge(today::routes())
        .merge(send::routes())
        .merge(broadcasts::routes())
        .merge(approvals::routes())
        .merge(trust::routes())
        .merge(inbox::routes())
        .merge(messages::routes())
        .merge(numbers::routes())
        .merge(changes::routes())
        .merge(links::routes())
        .merge(people::routes())
        .merge(places::routes())
        .merge(audiences::routes())
        .merge(flows::routes())
        .merge(results::routes())
        .merge(triggers::routes())
        .merge(campaigns::routes())
        .merge(calls::routes())
        .merge(dhis2::routes())
        .merge(exchange::routes())
        .merge(audit::routes())
        .merge(simulator::routes())
        .merge(settings::routes())
        .merge(channel_pages::routes())
        .merge(delivery_rules::routes())
        .merge(costs::routes())
        .merge(sources::routes())
        .route("/assets/{name}", get(assets::serve))
        .fallback(|| async { StatusCode::NOT_FOUND })
}
