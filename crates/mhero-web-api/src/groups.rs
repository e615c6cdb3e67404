//! Groups: audiences with a name.

use axum::{Json, extract::Path};
use mhero_app::groups::GroupRow;
use mhero_core::GroupId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    front::Asking,
    page::Page,
    params::{Params, id_in},
    problem::Fault,
};

/// A group. Its members are the people of the query `group = ID`.
#[derive(Serialize, ToSchema)]
pub struct Group {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The query that keeps it; null where people do.
    pub query: Option<String>,
    /// That query as a sentence, in the language asked for.
    pub meaning: Option<String>,
    /// Members within the token's scope; null where its query no longer means anything.
    pub people: Option<i64>,
    /// False once it is put away.
    pub active: bool,
}

fn of(row: GroupRow) -> Group {
    Group {
        id: row.group.id.to_string(),
        name: row.name,
        query: row.group.query,
        meaning: row.said,
        people: row.people,
        active: row.group.active,
    }
}

/// All groups that are not put away, by name.
#[utoipa::path(get, path = "/api/v1/groups", tag = "people", responses((status = 200, description = "Groups", body = Page<Group>)))]
pub(crate) async fn list_groups(asking: Asking, params: Params) -> Result<Json<Page<Group>>, Fault> {
    params.only(&[])?;
    let rows = asking.app.list_groups(&asking.caller).await?;
    Ok(Json(Page { items: rows.into_iter().map(of).collect(), next_cursor: None }))
}

/// One group.
#[utoipa::path(get, path = "/api/v1/groups/{id}", tag = "people",
    params(("id" = String, Path, format = Uuid, description = "Its id")),
    responses((status = 200, description = "The group", body = Group)))]
pub(crate) async fn get_group(asking: Asking, Path(id): Path<String>, params: Params) -> Result<Json<Group>, Fault> {
    params.only(&[])?;
    Ok(Json(of(asking.app.group(&asking.caller, GroupId::from_uuid(id_in(&id)?)).await?)))
}
