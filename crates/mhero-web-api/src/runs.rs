//! Runs: how far somebody got in a flow, and what they answered.

use std::collections::BTreeMap;

use axum::{Json, extract::Path};
use mhero_api::{RunWithResults, RunsWanted, rows::RunResultRow};
use mhero_core::{FlowId, RunId, StartId};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    broadcasts::SpanParams,
    front::Asking,
    page::{Page, PageParams, Wanted},
    params::{Params, id_in},
    problem::Fault,
    shapes::{Named, instant},
};

/// What somebody answered to one question.
#[derive(Serialize, ToSchema)]
pub struct RunResult {
    /// Its name in the flow.
    pub name: String,
    /// The value.
    pub value: String,
    /// The category that the flow put it into.
    pub category: String,
    /// What they wrote; null where they wrote nothing.
    pub input: Option<String>,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
}

/// Somebody in a flow.
#[derive(Serialize, ToSchema)]
pub struct Run {
    /// Its id.
    pub id: String,
    /// The flow.
    pub flow: Named,
    /// With whom.
    pub person: Named,
    /// The number that it runs with.
    pub phone: String,
    /// The id of the start that it belongs to; null where the person began it.
    pub start_id: Option<String>,
    /// `active`, `waiting`, `completed`, `expired`, `failed`, `interrupted`.
    pub status: String,
    /// When it began.
    #[schema(format = DateTime)]
    pub started_at: String,
    /// When they first answered.
    #[schema(format = DateTime)]
    pub replied_at: Option<String>,
    /// When it ended.
    #[schema(format = DateTime)]
    pub ended_at: Option<String>,
    /// When something in it last changed: what orders lists, and what `since` counts from.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// What they answered, by the key of the result.
    pub results: BTreeMap<String, RunResult>,
}

/// Which runs.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it only describes the parameters that the handler reads")]
pub(crate) struct RunsParams {
    /// Those of a flow.
    #[param(format = Uuid)]
    flow: Option<String>,
    /// Those of a start.
    #[param(format = Uuid)]
    start: Option<String>,
    /// Those of this person: our id, a source's id, or a phone number.
    person: Option<String>,
    /// `true` for those that were answered.
    responded: Option<bool>,
}

fn of(RunWithResults { run, flow, results }: RunWithResults) -> Run {
    let result = |row: RunResultRow| {
        let result = RunResult {
            name: row.name,
            value: row.value,
            category: row.category,
            input: row.input,
            at: instant(row.at),
        };
        (row.key, result)
    };
    Run {
        id: run.id.to_string(),
        flow: Named::new(run.flow, flow),
        person: Named::new(run.person, run.name),
        phone: run.path,
        start_id: run.start.map(|id| id.to_string()),
        status: run.status,
        started_at: instant(run.started_at),
        replied_at: run.replied_at.map(instant),
        ended_at: run.exited_at.map(instant),
        updated_at: instant(run.modified_at),
        results: results.into_iter().map(result).collect(),
    }
}

/// Runs with people of the token's scope, the last changed first: asked again with `since`, it brings what is new. Tests are left out,
/// but in the sandbox.
#[utoipa::path(get, path = "/api/v1/runs", tag = "flows", params(RunsParams, SpanParams, PageParams),
    responses((status = 200, description = "A page of runs", body = Page<Run>)))]
pub(crate) async fn list(asking: Asking, params: Params) -> Result<Json<Page<Run>>, Fault> {
    let known = ["flow", "start", "person", "responded", "since", "until", "limit", "cursor"];
    let params = params.only(&known)?;
    let (wanted, span) = (Wanted::read(&params)?, (params.instant("since")?, params.instant("until")?));
    let person = match params.text("person") {
        Some(text) => Some(asking.person_in_body(text, "person").await?),
        None => None,
    };
    let asked = RunsWanted {
        flow: params.id("flow")?.map(FlowId::from_uuid),
        start: params.id("start")?.map(StartId::from_uuid),
        person,
        responded: params.word::<bool>("responded", "true, false")?.unwrap_or(false),
    };
    let found = asking.reader().runs(&asking.caller, &asked, &wanted.part(span)).await?;
    let (rows, next_cursor) = wanted.cut(found, RunWithResults::key);
    Ok(Json(Page { items: rows.into_iter().map(of).collect(), next_cursor }))
}

/// One run with what was answered.
#[utoipa::path(get, path = "/api/v1/runs/{id}", tag = "flows",
    params(("id" = String, Path, format = Uuid, description = "Its id")),
    responses((status = 200, description = "The run", body = Run)))]
pub(crate) async fn get_one(asking: Asking, Path(id): Path<String>, params: Params) -> Result<Json<Run>, Fault> {
    params.only(&[])?;
    Ok(Json(of(asking.reader().run(&asking.caller, RunId::from_uuid(id_in(&id)?)).await?)))
}
