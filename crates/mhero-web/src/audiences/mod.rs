//! Saved audiences, by query and by hand, `/audiences`.

mod new;
mod page;
pub mod view;

use axum::{Router, http::StatusCode, response::Response, routing::get};
use mhero_app::groups::GroupRow;
use view::{AudienceRow, AudiencesPage};

use crate::{
    errors::{Fault, show},
    page::Here,
    state::{Signed, State},
};

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/audiences", get(list))
        .route("/audiences/new", get(new::open).post(new::work))
        .route("/audiences/{id}", get(page::open).post(page::change))
}

async fn list(signed: Signed) -> Result<Response, Fault> {
    let groups = signed.app.list_groups(&signed.caller).await?;
    let row = |group: GroupRow| AudienceRow {
        href: format!("/audiences/{}", group.group.id),
        is_query: group.said.is_some(),
        said: group.said.unwrap_or_default(),
        people: group.people.unwrap_or(0),
        name: group.name,
    };
    let shown = AudiencesPage {
        rows: groups.into_iter().map(row).collect(),
        page: signed.page("nav-audiences", Here::Audiences),
    };
    Ok(show(StatusCode::OK, &shown))
}
