//! People: found by the query language or a search, read one by one, corrected.

use std::collections::BTreeMap;

use axum::{Json, extract::Path};
use mhero_app::people::{PeopleAsked, PersonPage, PersonRow};
use mhero_core::{Lang, PersonId, Right};
use mhero_rapidpro::{ApiServer, Ask, Method};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::{
    body,
    front::Asking,
    page::{Page, PageParams, Wanted},
    params::Params,
    problem::Fault,
    shapes::{Named, instant, language},
};

/// Where a person is known from.
#[derive(Serialize, ToSchema)]
pub struct SourceId {
    /// The source's name.
    pub source: String,
    /// The person's id there.
    pub id: String,
}

/// A person in a list.
#[derive(Serialize, ToSchema)]
pub struct PersonSummary {
    /// Our id; it never changes.
    pub id: String,
    /// Name as shown.
    pub name: String,
    /// Valid numbers (E.164), the best first.
    pub phones: Vec<String>,
    /// Language of messages (BCP 47).
    pub language: Option<String>,
    /// Cadre of the current position.
    pub cadre: Option<String>,
    /// Job title of the current position.
    pub job: Option<String>,
    /// The facility of the current position.
    pub facility: Option<String>,
    /// The jurisdictions of the current position, nearest first.
    pub place: Option<String>,
    /// The id of the place of the current position.
    pub place_id: Option<String>,
    /// Whether every number asked to be sent nothing more.
    pub stopped: bool,
    /// When they last wrote.
    #[schema(format = DateTime)]
    pub heard_at: Option<String>,
    /// When they were last written to.
    #[schema(format = DateTime)]
    pub sent_at: Option<String>,
    /// Where they are known from.
    pub sources: Vec<SourceId>,
}

/// A position, now or once.
#[derive(Serialize, ToSchema)]
pub struct Position {
    /// Where.
    pub place: Option<Named>,
    /// As what cadre.
    pub cadre: Option<String>,
    /// With what job title.
    pub job: Option<String>,
    /// Since when.
    #[schema(format = DateTime)]
    pub start: Option<String>,
    /// Until when.
    #[schema(format = DateTime)]
    pub end: Option<String>,
    /// Whether it is held now.
    pub current: bool,
    /// The source that says so.
    pub source: Option<String>,
}

/// A person with all that the register knows.
#[derive(Serialize, ToSchema)]
pub struct Person {
    /// Our id; it never changes. Who asks by the id of somebody who was joined to another gets that one.
    pub id: String,
    /// Name as shown.
    pub name: String,
    /// Given names.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Valid numbers (E.164), the best first.
    pub phones: Vec<String>,
    /// Language of messages (BCP 47).
    pub language: Option<String>,
    /// `female`, `male`, `other`, `unknown`.
    pub sex: Option<String>,
    /// False for one who has left.
    pub active: bool,
    /// False for somebody who wrote and is in no register.
    pub worker: bool,
    /// Whether a number asked to be sent nothing more.
    pub stopped: bool,
    /// When they last wrote.
    #[schema(format = DateTime)]
    pub heard_at: Option<String>,
    /// When they were last written to.
    #[schema(format = DateTime)]
    pub sent_at: Option<String>,
    /// When the record last changed.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// Positions, now and once.
    pub positions: Vec<Position>,
    /// Groups they are in.
    pub groups: Vec<Named>,
    /// Values of fields, by key.
    pub fields: BTreeMap<String, String>,
    /// Where they are known from.
    pub sources: Vec<SourceId>,
}

/// What to correct of a person; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonChange {
    /// Name as shown.
    #[schema(max_length = 64)]
    pub name: Option<String>,
    /// Numbers, the best first; they take the place of those that this account gave before.
    #[schema(max_items = 10)]
    pub phones: Option<Vec<String>>,
    /// Language of messages (BCP 47 or ISO 639-3).
    #[schema(example = "fr")]
    pub language: Option<String>,
    /// Values of fields that there are, by key; null takes one away.
    pub fields: Option<BTreeMap<String, Option<String>>>,
}

/// What people to list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it only describes the parameters that the handler reads")]
pub(crate) struct PeopleParams {
    /// An audience in the query language: `cadre = nurse AND place = Bong`.
    q: Option<String>,
    /// A search: words of a name, a number or part of one, or the beginning of a place's name.
    find: Option<String>,
}

impl PersonSummary {
    fn of(row: PersonRow) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name,
            phones: row.phones,
            language: row.language.map(language),
            cadre: row.cadre,
            job: row.title,
            facility: row.facility,
            place: row.place,
            place_id: row.place_id.map(|id| id.to_string()),
            stopped: row.is_stopped,
            heard_at: row.heard_at.map(instant),
            sent_at: row.sent_at.map(instant),
            sources: row.sources.into_iter().map(|own| SourceId { source: own.source, id: own.id }).collect(),
        }
    }
}

impl Person {
    fn of(page: PersonPage, lang: Lang, now: i64) -> Self {
        let record = page.record;
        let position = |held: &mhero_api::rows::HeldPosition| Position {
            place: held.place.as_ref().map(|(id, name, _)| Named::of(id, name, lang)),
            cadre: held.cadre.as_ref().map(|name| name.best(lang).to_owned()),
            job: held.title.as_ref().map(|name| name.best(lang).to_owned()),
            start: held.start_at.map(instant),
            end: held.end_at.map(instant),
            current: held.is_current(now),
            source: held.source.clone(),
        };
        let mut phones: Vec<String> = Vec::new();
        for path in record.numbers.iter().filter_map(|number| number.path.clone()) {
            if !phones.contains(&path) {
                phones.push(path);
            }
        }
        Self {
            id: record.id.to_string(),
            phones,
            language: record.language.map(language),
            stopped: record.stops.iter().any(|stop| stop.list.is_empty()),
            heard_at: record.heard_at.map(instant),
            sent_at: record.sent_at.map(instant),
            updated_at: instant(record.updated_at),
            positions: record.positions.iter().map(position).collect(),
            groups: page.groups.into_iter().map(|(id, name)| Named::new(id, name)).collect(),
            fields: record.values.into_iter().map(|value| (value.key, value.text)).collect(),
            sources: record.sources.into_iter().map(|own| SourceId { source: own.source, id: own.ext_id }).collect(),
            name: record.name,
            given: record.given,
            family: record.family,
            sex: record.sex,
            active: record.active,
            worker: record.is_worker,
        }
    }
}

/// People within the token's scope, by name: an audience, a search, or both.
#[utoipa::path(get, path = "/api/v1/people", tag = "people", params(PeopleParams, PageParams),
    responses((status = 200, description = "A page of people", body = Page<PersonSummary>)))]
pub(crate) async fn list_people(asking: Asking, params: Params) -> Result<Json<Page<PersonSummary>>, Fault> {
    let params = params.only(&["q", "find", "limit", "cursor"])?;
    let wanted = Wanted::read(&params)?;
    let query = params.text("q").unwrap_or_default();
    let asked = PeopleAsked {
        query,
        find: params.text("find").unwrap_or_default(),
        after: wanted.after.map(|(_, id)| PersonId::from_uuid(id)),
        ..PeopleAsked::default()
    };
    let found = asking.app.people(&asking.caller, &asked, wanted.one_more()).await;
    let found = found.map_err(|error| Fault::from(error).about("q", query))?;
    let (rows, next_cursor) = wanted.cut(found, |row| (0, row.id.uuid()));
    Ok(Json(Page { items: rows.into_iter().map(PersonSummary::of).collect(), next_cursor }))
}

/// One person: by our id, a source's id, or a phone number.
#[utoipa::path(get, path = "/api/v1/people/{person}", tag = "people",
    params(("person" = String, Path, description = "Our id, a source's id, or a phone number")),
    responses((status = 200, description = "The person", body = Person)))]
pub(crate) async fn get_person(
    asking: Asking,
    Path(text): Path<String>,
    params: Params,
) -> Result<Json<Person>, Fault> {
    params.only(&[])?;
    let person = asking.person_called(&text).await?;
    shown(&asking, person).await
}

async fn shown(asking: &Asking, person: PersonId) -> Result<Json<Person>, Fault> {
    let page = asking.app.person(&asking.caller, person).await?;
    Ok(Json(Person::of(page, asking.caller.language, asking.app.clock().now_micros())))
}

/// Corrects a person. What this account says stands as a source of its own beside the others, and the rules of ownership decide
/// which counts.
#[utoipa::path(patch, path = "/api/v1/people/{person}", tag = "people",
    params(("person" = String, Path, description = "Our id, a source's id, or a phone number")),
    request_body = PersonChange,
    responses((status = 200, description = "The person as they stand now", body = Person)))]
pub(crate) async fn change_person(
    asking: Asking,
    Path(text): Path<String>,
    body::Json(change): body::Json<PersonChange>,
) -> Result<Json<Person>, Fault> {
    asking.must(Right::EditPeople)?;
    let person = asking.person_called(&text).await?;
    // A real number on an invented person would be a way out of the sandbox.
    if asking.is_in_sandbox() && change.phones.is_some() {
        return Err(Fault::refused("sandbox-phones").field("phones"));
    }
    let said = said(&change)?;
    if said.is_empty() {
        return Err(Fault::refused("no-change"));
    }
    let ask = Ask {
        caller: asking.caller.clone(),
        method: Method::Post,
        endpoint: "contacts".to_owned(),
        query: vec![("uuid".to_owned(), person.to_string())],
        body: Value::Object(said),
        once: asking.once_key(),
    };
    ApiServer::new(asking.app.clone(), "").answer(&ask).await?;
    shown(&asking, person).await
}

/// A change in the words of the contact API, which writes what clients say of people.
fn said(change: &PersonChange) -> Result<Map<String, Value>, Fault> {
    let mut said = Map::new();
    if let Some(name) = &change.name {
        said.insert("name".to_owned(), json!(name));
    }
    if let Some(text) = &change.language {
        let read: Result<Lang, _> = text.parse();
        let read = read.map_err(|_| Fault::refused("language").field("language").value(text))?;
        said.insert("language".to_owned(), json!(read.to_string()));
    }
    if let Some(phones) = &change.phones {
        let urns: Vec<String> = phones.iter().map(|phone| format!("tel:{}", phone.trim())).collect();
        said.insert("urns".to_owned(), json!(urns));
    }
    if let Some(fields) = &change.fields {
        said.insert("fields".to_owned(), json!(fields));
    }
    Ok(said)
}
