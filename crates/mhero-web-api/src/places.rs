//! Places: the tree, a search, one.

use std::collections::BTreeMap;

use axum::{Json, extract::Path};
use mhero_app::people::PlaceRow;
use mhero_core::{Lang, PlaceId};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    front::Asking,
    page::Page,
    params::{Params, id_in},
    problem::Fault,
    shapes::{Named, language},
};

/// Places that a search finds at most.
const FOUND_MAX: i64 = 100;

/// A jurisdiction or facility.
#[derive(Serialize, ToSchema)]
pub struct Place {
    /// Its id.
    pub id: String,
    /// Its name, in the language asked for where it has one there.
    pub name: String,
    /// Its names by language (BCP 47).
    pub names: BTreeMap<String, String>,
    /// The level as the source calls it: `district`.
    pub level: Option<String>,
    /// Whether people work there.
    pub facility: bool,
    /// The place above.
    pub parent_id: Option<String>,
    /// People within the token's scope who work there or below; null where they were not counted.
    pub people: Option<i64>,
}

/// One place with what lies around it.
#[derive(Serialize, ToSchema)]
pub struct PlaceDetails {
    /// The place.
    #[serde(flatten)]
    pub place: Place,
    /// The places above it, the highest first.
    pub above: Vec<Named>,
    /// The places just below it.
    pub below: Vec<Place>,
    /// Its codes in the sources.
    pub codes: Vec<String>,
}

/// Which places.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it only describes the parameters that the handler reads")]
pub(crate) struct PlacesParams {
    /// Those just below this one; without it those at the top.
    #[param(format = Uuid)]
    parent: Option<String>,
    /// Those whose name begins so, or that answer to it as a code.
    find: Option<String>,
}

fn of(row: &PlaceRow, lang: Lang) -> Place {
    let place = &row.place;
    Place {
        id: place.id.to_string(),
        name: place.name.best(lang).to_owned(),
        names: place.name.iter().map(|(own, name)| (language(own), name.to_owned())).collect(),
        level: place.level.clone(),
        facility: place.is_facility,
        parent_id: place.parent.map(|id| id.to_string()),
        people: row.people,
    }
}

/// Places just below one or at the top of what the token may see, or those that a search finds.
#[utoipa::path(get, path = "/api/v1/places", tag = "places", params(PlacesParams),
    responses((status = 200, description = "Places", body = Page<Place>)))]
pub(crate) async fn list_places(asking: Asking, params: Params) -> Result<Json<Page<Place>>, Fault> {
    let params = params.only(&["parent", "find"])?;
    let rows = match (params.text("find"), params.id("parent")?) {
        (Some(find), _) => asking.app.search_places(&asking.caller, find, FOUND_MAX).await?,
        (None, parent) => asking.app.places(&asking.caller, parent.map(PlaceId::from_uuid)).await?,
    };
    let lang = asking.caller.language;
    Ok(Json(Page { items: rows.iter().map(|row| of(row, lang)).collect(), next_cursor: None }))
}

/// One place.
#[utoipa::path(get, path = "/api/v1/places/{id}", tag = "places",
    params(("id" = String, Path, format = Uuid, description = "Its id")),
    responses((status = 200, description = "The place", body = PlaceDetails)))]
pub(crate) async fn get_place(
    asking: Asking,
    Path(id): Path<String>,
    params: Params,
) -> Result<Json<PlaceDetails>, Fault> {
    params.only(&[])?;
    let page = asking.app.place_page(&asking.caller, PlaceId::from_uuid(id_in(&id)?)).await?;
    let lang = asking.caller.language;
    let row = PlaceRow { place: page.place, path: String::new(), people: Some(page.people) };
    Ok(Json(PlaceDetails {
        place: of(&row, lang),
        above: page.above.iter().map(|(id, name)| Named::of(id, name, lang)).collect(),
        below: page.below.iter().map(|row| of(row, lang)).collect(),
        codes: page.codes,
    }))
}
