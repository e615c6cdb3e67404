//! Jurisdictions as boundaries.

use std::collections::HashMap;

use mhero_core::{PlaceId, Right};
use mhero_store::PlaceRow;
use serde_json::{Value, json};

use crate::{
    Answered, ApiServer, Ask,
    page::{Item, items_page, nothing},
};

/// The deepest level that RapidPro knows.
const LEVEL_MAX: usize = 3;

impl ApiServer {
    /// `GET boundaries`: the country and three levels below it, facilities left out. Our ids stand where RapidPro has those of
    /// OpenStreetMap.
    pub(crate) async fn boundaries(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::ReadPeople)?;
        let Some(mut wanted) = ask.wanted(false)? else { return Ok(nothing(ask, &self.base)) };
        (wanted.part.from, wanted.part.until, wanted.part.newest_first) = (None, None, false);
        let places: HashMap<PlaceId, PlaceRow> =
            self.app.store().place_rows().await?.into_iter().map(|row| (row.id, row)).collect();
        let mut items = Vec::new();
        for place in places.values().filter(|place| place.active && !place.is_facility) {
            let Some(level) = level(place, &places) else { continue };
            let parent = place.parent.and_then(|id| places.get(&id));
            let name = |row: &PlaceRow| row.name.best(ask.caller.language).to_owned();
            let parent = parent.map(|row| json!({ "osm_id": row.id.to_string(), "name": name(row) }));
            let own = name(place);
            let aliases: Vec<&str> = place.name.iter().map(|(_, name)| name).filter(|name| *name != own).collect();
            let json = json!({
                "osm_id": place.id.to_string(), "name": own, "parent": parent, "level": level, "aliases": aliases,
                "geometry": Value::Null,
            });
            items.push(Item::new(i64::try_from(level).unwrap_or(0), place.id.uuid(), json));
        }
        Ok(items_page(ask, &self.base, wanted.of_all(items)))
    }
}

/// How far a place lies below the top; `None` where that is deeper than RapidPro knows.
fn level(place: &PlaceRow, places: &HashMap<PlaceId, PlaceRow>) -> Option<usize> {
    let (mut level, mut at) = (0, place);
    while let Some(above) = at.parent.and_then(|id| places.get(&id)) {
        level += 1;
        at = above;
        if level > LEVEL_MAX {
            return None;
        }
    }
    Some(level)
}
