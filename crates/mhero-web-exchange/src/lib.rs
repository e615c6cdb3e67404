//! What neighbours ask of mHero by older and other protocols than FHIR, over HTTP: a CSD directory, and what DHIS2 hands over. What a
//! request means is decided in `mhero_exchange`.

mod ask;
mod csd;
mod dhis2;
mod journal;
mod openhim;
mod under_way;

use axum::Router;
use mhero_app::App;

pub use journal::{Watch, watched};
pub use openhim::router as openhim;

/// How clients reach this server.
pub use mhero_exchange::clients::Reached;

/// All addresses of this crate.
pub fn router(app: App, reached: Reached) -> Router {
    csd::router(app.clone(), reached).merge(dhis2::router(app))
}
