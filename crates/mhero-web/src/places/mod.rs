//! Places, one page each, `/places/{id}`.

pub mod view;

use axum::{
    Router,
    extract::{Path, Query},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use mhero_app::people::{PeopleAsked, PlaceRow as Found};
use mhero_core::{Lang, PlaceId, timestamp};
use mhero_query::{Attribute, Operator, Property, Query as Audience};
use serde::Deserialize;
use view::{PlacePage, PlaceRow};

use crate::{
    changes,
    errors::{Fault, show},
    href,
    page::Here,
    parts::{Pager, register},
    people::view::Fact,
    state::{Signed, State, id},
};

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new().route("/places", get(top)).route("/places/{id}", get(open))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    page: Option<i64>,
}

/// The roots of the reader's tree; one root alone is the page.
async fn top(signed: Signed) -> Result<Response, Fault> {
    let roots = signed.app.places(&signed.caller, None).await?;
    if let [only] = roots.as_slice() {
        return Ok(Redirect::to(&format!("/places/{}", only.place.id)).into_response());
    }
    let people = roots.iter().filter_map(|row| row.people).sum();
    let shown = PlacePage {
        name: signed.page.t("nav-places"),
        about: signed.page.t1("places-about", "n", people),
        above: Vec::new(),
        people,
        send_href: "/send".to_owned(),
        people_href: "/people".to_owned(),
        below: roots.iter().map(|row| listed(row, signed.caller.language)).collect(),
        rows: Vec::new(),
        pager: Pager::default(),
        record: Vec::new(),
        page: signed.page("nav-places", Here::Places),
    };
    Ok(show(StatusCode::OK, &shown))
}

async fn open(signed: Signed, Path(place): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let place: PlaceId = id(&place)?;
    let found = signed.app.place_page(&signed.caller, place).await?;
    let (page, lang) = (&signed.page, signed.caller.language);
    let name = found.place.name.best(lang).to_owned();
    let below = Audience::condition(Property::Attribute(Attribute::Place), Operator::Equal, place.to_string().as_str());
    let below = below.to_string();
    let number = asked.page.unwrap_or(1);
    let query = PeopleAsked { query: &below, skip: register::skipped(number), ..PeopleAsked::default() };
    let rows = register::rows((&signed.app, &signed.caller, page), &query).await?;
    let fact = |key: &str, value: String| Fact { name: page.t(key), value, href: None, owner: String::new() };
    let mut record = Vec::new();
    record.extend(found.place.level.clone().map(|level| fact("places-level", level)));
    record.push(fact("places-facilities", page.n(found.facilities)));
    record.extend(found.codes.iter().map(|code| fact("places-id", code.clone())));
    for value in &found.values {
        let verified = value.verified_at.map(|at| page.t1("places-verified", "day", page.date(&timestamp(at))));
        record.push(Fact {
            name: changes::field(page, &value.field),
            value: changes::place_value(page, &value.value),
            href: None,
            owner: verified.unwrap_or_default(),
        });
    }
    if found.waiting > 0 {
        let waiting = page.t1("places-waiting", "n", found.waiting);
        let href = Some("/changes".to_owned());
        record.push(Fact { name: page.t("nav-changes"), value: waiting, href, owner: String::new() });
    }
    for cadre in &found.by_cadre {
        let name = cadre.name.as_ref().map_or_else(|| page.t("places-no-cadre"), |name| name.best(lang).to_owned());
        record.push(Fact { name, value: page.n(cadre.people), href: None, owner: String::new() });
    }
    let crumb = |(id, name): &(PlaceId, mhero_core::LangMap)| PlaceRow {
        name: name.best(lang).to_owned(),
        about: String::new(),
        href: format!("/places/{id}"),
        people: 0,
    };
    let shown = PlacePage {
        above: found.above.iter().map(crumb).collect(),
        about: page.t1("places-about", "n", found.people),
        people: found.people,
        send_href: href::with("/send", &[("q", &below)]),
        people_href: href::with("/people", &[("q", &below)]),
        below: found.below.iter().map(|row| listed(row, lang)).collect(),
        pager: register::pager(&format!("/places/{place}"), number, rows.len(), found.people),
        rows,
        record,
        page: page.clone().titled(&name, Here::Places),
        name,
    };
    Ok(show(StatusCode::OK, &shown))
}

fn listed(row: &Found, lang: Lang) -> PlaceRow {
    PlaceRow {
        name: row.place.name.best(lang).to_owned(),
        about: row.place.level.clone().unwrap_or_default(),
        href: format!("/places/{}", row.place.id),
        people: row.people.unwrap_or(0),
    }
}
