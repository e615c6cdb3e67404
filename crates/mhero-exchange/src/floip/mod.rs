//! Results of flows as Flow Results packages (FLOIP, Flow Results 1.0.0-rc1): a package a flow, a row an answer.
//!
//! A question whose categories tell something apart is `select_one` with these as its choices, any other is `open`; what was written
//! stands in the metadata of the row. Questions of older revisions stay in the schema, as the specification asks.
//!
//! The specification names a version of a package by the instant of its descriptor's `modified`. Here that means the revision of the flow
//! that stood at this instant, and a row is of the revision that its run ran last: who was moved on to a newer one while they were
//! waiting counts there as a whole.

use std::fmt::Write as _;

use jiff::{Timestamp, tz::TimeZone};
use mhero_app::{
    App, AppError, Caller,
    flows::{Question, ResultsOf},
};
use mhero_core::{FlowId, Right, RunId};
use mhero_store::{FlowResponse, FlowRow, ResponsePlace, ResponsesAsked};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// The version of the specification.
const SPECIFICATION: &str = "1.0.0-rc1";
/// Rows of a page where nobody says how many.
pub const PAGE: i64 = 500;
/// Rows of a page at most.
pub const PAGE_MAX: i64 = 5_000;
/// Columns of a row: name, title, type.
const FIELDS: [(&str, &str, &str); 7] = [
    ("timestamp", "Timestamp", "datetime"),
    ("row_id", "Row ID", "string"),
    ("contact_id", "Contact ID", "string"),
    ("session_id", "Session ID", "string"),
    ("question_id", "Question ID", "string"),
    ("response", "Response", "any"),
    ("response_metadata", "Response Metadata", "object"),
];

/// Which rows of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowsAsked {
    /// Given after this instant.
    pub after: Option<Timestamp>,
    /// Given at this instant at the latest.
    pub until: Option<Timestamp>,
    /// On the version that stood at this instant, or a later one.
    pub min_version: Option<Timestamp>,
    /// On the version that stood at this instant, or an earlier one.
    pub max_version: Option<Timestamp>,
    /// Rows of a page.
    pub size: Option<i64>,
    /// Behind this row.
    pub after_row: Option<String>,
    /// Before this row.
    pub before_row: Option<String>,
}

/// A page of rows, with the rows by which the pages around it are asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    /// The rows, in the order in which they were given.
    pub rows: Vec<Value>,
    /// The last row, where there are more behind it.
    pub next: Option<String>,
    /// The first row, where there may be some before it.
    pub previous: Option<String>,
}

/// The desk of Flow Results.
#[derive(Clone, Debug)]
pub struct FlowResultsDesk {
    app: App,
    base: String,
}

impl FlowResultsDesk {
    /// The desk over an application; `base` is the address of the list of packages.
    pub fn new(app: &App, base: &str) -> Self {
        Self { app: app.clone(), base: base.trim_end_matches('/').to_owned() }
    }

    /// The list of packages.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn packages(&self, caller: &Caller) -> Result<Value, AppError> {
        let mut data = Vec::new();
        for listed in self.app.flows(caller, true).await? {
            let flow = listed.row;
            data.push(json!({
                "type": "packages",
                "id": flow.id,
                "links": { "self": self.address(flow.id) },
                "attributes": {
                    "name": slug(&flow),
                    "title": flow.name,
                    "created": moment(flow.created_at),
                    "modified": moment(flow.updated_at),
                },
            }));
        }
        Ok(json!({ "links": { "self": self.base, "next": Value::Null, "previous": Value::Null }, "data": data }))
    }

    /// The descriptor of a package.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`].
    pub async fn package(&self, caller: &Caller, id: Uuid) -> Result<Value, AppError> {
        caller.must(Right::ReadMessages)?;
        let results = self.app.flow_results(caller, ResultsOf { flow: FlowId::from_uuid(id), start: None }).await?;
        let flow = &results.flow;
        let questions: Map<String, Value> =
            results.questions.iter().map(|question| (question.key.clone(), described(question))).collect();
        let (address, rows) = (self.address(flow.id), self.rows_address(flow.id));
        let fields = FIELDS.map(|(name, title, kind)| json!({ "name": name, "title": title, "type": kind }));
        let resource = json!({
            "profile": "data-resource",
            "name": format!("{}-data", slug(flow)),
            "path": Value::Null,
            "access_method": "api",
            "api-data-url": rows,
            "mediatype": "application/vnd.api+json",
            "encoding": "utf-8",
            "schema": { "language": self.language(flow).await?, "fields": fields, "questions": questions },
        });
        Ok(json!({
            "links": { "self": address },
            "data": {
                "type": "packages",
                "id": flow.id,
                "attributes": {
                    "profile": "flow-results-package",
                    "name": slug(flow),
                    "flow_results_specification_version": SPECIFICATION,
                    "flow-results-specification": SPECIFICATION,
                    "created": moment(flow.created_at),
                    "modified": moment(flow.updated_at),
                    "id": flow.id,
                    "title": flow.name,
                    "resources": [resource],
                },
                "relationships": { "responses": { "links": { "related": rows } } },
            },
        }))
    }

    /// A page of the rows of a package.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`]; [`AppError::Invalid`] for a cursor that is no row.
    pub async fn rows(&self, caller: &Caller, id: Uuid, asked: &RowsAsked) -> Result<Rows, AppError> {
        caller.must(Right::ReadMessages)?;
        let flow = FlowId::from_uuid(id);
        let results = self.app.flow_results(caller, ResultsOf { flow, start: None }).await?;
        let size = asked.size.unwrap_or(PAGE).clamp(1, PAGE_MAX);
        let backwards = asked.before_row.is_some() && asked.after_row.is_none();
        let cursor = asked.after_row.as_ref().or(asked.before_row.as_ref());
        let from = match cursor {
            Some(text) => {
                let shown = || text.chars().take(100).collect::<String>();
                read_row(text).ok_or_else(|| AppError::invalid("floip-cursor", [("cursor", shown())]))?
            }
            None => ResponsePlace { at: i64::MIN, run: RunId::from_uuid(Uuid::nil()), key: String::new() },
        };
        let wanted = ResponsesAsked {
            flow,
            after: asked.after.map_or(i64::MIN, Timestamp::as_microsecond),
            until: asked.until.map_or(i64::MAX, Timestamp::as_microsecond),
            revisions: (
                self.revision(flow, asked.min_version).await?.unwrap_or(i64::MIN),
                self.revision(flow, asked.max_version).await?.unwrap_or(i64::MAX),
            ),
            from,
            backwards,
            limit: size + 1,
        };
        let mut found = self.app.store().flow_responses(&caller.scope, &wanted).await?;
        let has_more = i64::try_from(found.len()).is_ok_and(|count| count > size);
        found.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        if backwards {
            found.reverse();
        }
        let first = found.first().map(|one| row_id(&one.place));
        let last = found.last().map(|one| row_id(&one.place));
        let (next, previous) = match backwards {
            true => (last, first.filter(|_| has_more)),
            false => (last.filter(|_| has_more), first.filter(|_| cursor.is_some())),
        };
        let rows = found.iter().map(|one| row(one, &results.questions)).collect();
        Ok(Rows { rows, next, previous })
    }

    /// A page of rows as JSON:API; `asked` is the address by which it was asked for, without the cursors.
    pub fn rows_json(&self, id: Uuid, rows: &Rows, query: &[(String, String)]) -> Value {
        let flow = FlowId::from_uuid(id);
        let address = self.rows_address(flow);
        let link = |cursor: Option<(&str, &str)>| {
            let mut text = form_urlencoded::Serializer::new(String::new());
            text.extend_pairs(query.iter().filter(|(name, _)| cursor.is_none() || !name.ends_with("Cursor]")));
            text.extend_pairs(cursor);
            let text = text.finish();
            if text.is_empty() { address.clone() } else { format!("{address}?{text}") }
        };
        let next = rows.next.as_deref().map(|row| link(Some(("page[afterCursor]", row))));
        let previous = rows.previous.as_deref().map(|row| link(Some(("page[beforeCursor]", row))));
        json!({ "data": {
            "type": "responses",
            "id": flow,
            "attributes": { "responses": rows.rows },
            "relationships": {
                "descriptor": { "links": { "self": self.address(flow) } },
                "links": { "self": link(None), "next": next, "previous": previous },
            },
        }})
    }

    /// The revision that stood at an instant, 0 before the first; `None` for no instant.
    async fn revision(&self, flow: FlowId, at: Option<Timestamp>) -> Result<Option<i64>, AppError> {
        let Some(at) = at else { return Ok(None) };
        Ok(Some(self.app.store().flow_revision_at(flow, at.as_microsecond()).await?.unwrap_or(0)))
    }

    async fn language(&self, flow: &FlowRow) -> Result<String, AppError> {
        let revision = self.app.store().flow_revision(flow.id, flow.revision).await?;
        let definition = revision.and_then(|one| serde_json::from_str::<Value>(&one.definition).ok());
        let own = definition.and_then(|one| one["language"].as_str().map(ToOwned::to_owned));
        Ok(own.filter(|language| language.len() == 3 && language != "und").unwrap_or_else(|| "eng".to_owned()))
    }

    fn address(&self, flow: FlowId) -> String {
        format!("{}/{flow}", self.base)
    }

    fn rows_address(&self, flow: FlowId) -> String {
        format!("{}/{flow}/responses", self.base)
    }
}

/// A question of the schema.
fn described(question: &Question) -> Value {
    match question.is_open() {
        true => json!({ "type": "open", "label": question.name, "type_options": {} }),
        false => {
            let choices: Vec<&str> = question.categories.iter().map(|(category, _)| category.as_str()).collect();
            json!({ "type": "select_one", "label": question.name, "type_options": { "choices": choices } })
        }
    }
}

fn row(one: &FlowResponse, questions: &[Question]) -> Value {
    let question = questions.iter().find(|question| question.key == one.place.key);
    let is_choice = question.is_some_and(|question| !question.is_open());
    let response = if is_choice { &one.category } else { &one.value };
    let mut metadata = Map::new();
    if is_choice {
        metadata.insert("value".to_owned(), json!(one.value));
    }
    if let Some(input) = &one.input {
        metadata.insert("input".to_owned(), json!(input));
    }
    json!([moment(one.place.at), row_id(&one.place), one.person, one.session, one.place.key, response, metadata,])
}

/// The id of a row, from which its place can be read.
fn row_id(place: &ResponsePlace) -> String {
    format!("{:x}.{}.{}", place.at, place.run.uuid().simple(), place.key)
}

fn read_row(text: &str) -> Option<ResponsePlace> {
    let mut parts = text.splitn(3, '.');
    let at = i64::from_str_radix(parts.next()?, 16).ok()?;
    let run = RunId::from_uuid(parts.next()?.parse().ok()?);
    Some(ResponsePlace { at, run, key: parts.next()?.to_owned() })
}

/// An instant with its offset, never `Z`.
fn moment(micros: i64) -> String {
    let instant = Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH);
    instant.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S%.f+00:00").to_string()
}

/// A name of small letters, figures and strokes.
fn slug(flow: &FlowRow) -> String {
    let mut name = String::new();
    for letter in mhero_query::fold(&flow.name).chars() {
        match letter {
            'a'..='z' | '0'..='9' | '.' => name.push(letter),
            _ if !name.ends_with('-') && !name.is_empty() => name.push('-'),
            _ => {}
        }
    }
    let mut name = name.trim_end_matches('-').to_owned();
    let _ = write!(name, "-{}", &flow.id.uuid().simple().to_string()[..8]);
    name.trim_start_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_where_it_stands() {
        let place = ResponsePlace {
            at: 1_778_749_200_000_001,
            run: RunId::from_uuid(Uuid::from_u128(7)),
            key: "stock.left".to_owned(),
        };
        assert_eq!(read_row(&row_id(&place)), Some(place));
        for wrong in ["", "x", "1.2.3", "zz.00000000000000000000000000000007.a"] {
            assert_eq!(read_row(wrong), None, "{wrong}");
        }
        assert_eq!(moment(1_778_749_200_000_001), "2026-05-14T09:00:00.000001+00:00");
        assert_eq!(moment(0), "1970-01-01T00:00:00+00:00");
    }
}
