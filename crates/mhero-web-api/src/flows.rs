//! Flows, and starts of them.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use mhero_api::rows::{FlowRow, StartRow};
use mhero_app::flows::{NewStart, StartPage};
use mhero_core::{FlowId, Right, StartId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use crate::{
    body,
    broadcasts::{SpanParams, Urgency},
    front::Asking,
    page::{Page, PageParams, Wanted},
    params::{Params, id_in},
    problem::Fault,
    shapes::{LeftOut, Named, instant},
    whom::{Audience, narrowed},
};

/// Longest parameters of a start, in characters of JSON.
const PARAMS_MAX: usize = 10_000;

/// A flow.
#[derive(Serialize, ToSchema)]
pub struct Flow {
    /// Its id, which is the UUID of its definition.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `messaging`, `messaging_background`, `messaging_offline`, `voice`.
    pub kind: String,
    /// The revision that new conversations get.
    pub revision: i64,
    /// False once it is put away.
    pub active: bool,
    /// When it was last changed.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// Runs with people of the token's scope by status, tests left out; null in lists.
    pub runs: Option<BTreeMap<String, i64>>,
}

/// A flow to be started.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFlowStart {
    /// Whom it is for.
    pub to: Audience,
    /// What the flow finds under `@trigger.params`; at most 10,000 characters of JSON.
    #[schema(value_type = Option<Object>)]
    pub params: Option<Map<String, Value>>,
    /// How urgent its messages are; `normal` where nothing is said.
    pub lane: Option<Urgency>,
    /// Leave out who is in a flow just now.
    #[serde(default)]
    pub skip_in_a_flow: bool,
    /// Leave out who was in this flow before.
    #[serde(default)]
    pub skip_started_before: bool,
}

/// How far the people of a start got.
#[derive(Serialize, ToSchema)]
pub struct Progress {
    /// Everybody who matched.
    pub targeted: i64,
    /// Those with a conversation.
    pub started: i64,
    /// Those to whom a message was sent.
    pub sent: i64,
    /// Those whose phone has one.
    pub delivered: i64,
    /// Those who answered at least once.
    pub replied: i64,
    /// Those who went through to the end.
    pub complete: i64,
}

/// A start of a flow.
#[derive(Serialize, ToSchema)]
pub struct FlowStart {
    /// Its id.
    pub id: String,
    /// Its number, by which officials call it.
    pub number: i64,
    /// The flow.
    pub flow: Named,
    /// `approval` (a second person must agree), `starting`, `started`, `cancelled`, `refused`.
    pub status: String,
    /// The audience, in the query language.
    pub audience: String,
    /// A test.
    pub test: bool,
    /// A drill.
    pub drill: bool,
    /// When it was asked for.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When everybody had been started.
    #[schema(format = DateTime)]
    pub ended_at: Option<String>,
    /// People who matched.
    pub matched: i64,
    /// People for whom it was started.
    pub recipients: i64,
    /// How far they got; null in lists.
    pub progress: Option<Progress>,
    /// People left out, by reason; null in lists.
    pub left_out: Option<Vec<LeftOut>>,
}

/// Which flows.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it only describes the parameters that the handler reads")]
pub(crate) struct FlowsParams {
    /// `true` for those that were put away, too.
    archived: Option<bool>,
}

fn of(row: FlowRow) -> Flow {
    Flow {
        id: row.id.to_string(),
        name: row.name,
        kind: row.kind,
        revision: row.revision,
        active: row.active,
        updated_at: instant(row.updated_at),
        runs: None,
    }
}

fn of_start(row: StartRow, flow: String) -> FlowStart {
    FlowStart {
        id: row.id.to_string(),
        number: row.number,
        flow: Named::new(row.flow, flow),
        status: row.status,
        audience: row.query,
        test: row.is_test,
        drill: row.is_drill,
        created_at: instant(row.created_at),
        ended_at: row.ended_at.map(instant),
        matched: row.matched,
        recipients: row.recipients,
        progress: None,
        left_out: None,
    }
}

impl Asking {
    async fn start(&self, id: StartId) -> Result<FlowStart, Fault> {
        let StartPage { row, funnel, left_out } = self.app.start_page(&self.caller, id).await?;
        let name = self.reader().flow_name(row.flow).await?;
        let progress = Progress {
            targeted: funnel.targeted,
            started: funnel.started,
            sent: funnel.sent,
            delivered: funnel.delivered,
            replied: funnel.replied,
            complete: funnel.complete,
        };
        let left_out = left_out.into_iter().map(|(reason, people)| LeftOut { reason, people }).collect();
        Ok(FlowStart { progress: Some(progress), left_out: Some(left_out), ..of_start(row, name) })
    }

    /// Which parameter is yes or no.
    fn flag(params: &Params, name: &str) -> Result<bool, Fault> {
        Ok(params.word::<bool>(name, "true, false")?.unwrap_or(false))
    }
}

/// Flows, by name.
#[utoipa::path(get, path = "/api/v1/flows", tag = "flows", params(FlowsParams),
    responses((status = 200, description = "Flows", body = Page<Flow>)))]
pub(crate) async fn list(asking: Asking, params: Params) -> Result<Json<Page<Flow>>, Fault> {
    let params = params.only(&["archived"])?;
    let rows = asking.app.flows(&asking.caller, Asking::flag(&params, "archived")?).await?;
    Ok(Json(Page { items: rows.into_iter().map(|listed| of(listed.row)).collect(), next_cursor: None }))
}

/// One flow, with how many are how far.
#[utoipa::path(get, path = "/api/v1/flows/{id}", tag = "flows",
    params(("id" = String, Path, format = Uuid, description = "Its id")),
    responses((status = 200, description = "The flow", body = Flow)))]
pub(crate) async fn get_one(asking: Asking, Path(id): Path<String>, params: Params) -> Result<Json<Flow>, Fault> {
    params.only(&[])?;
    let (row, runs) = asking.reader().flow(&asking.caller, FlowId::from_uuid(id_in(&id)?)).await?;
    Ok(Json(Flow { runs: Some(runs.into_iter().collect()), ..of(row) }))
}

/// Starts a flow for an audience. Above the size that the installation set, it waits until a second person agrees.
#[utoipa::path(post, path = "/api/v1/flows/{id}/starts", tag = "flows", request_body = NewFlowStart,
    params(("id" = String, Path, format = Uuid, description = "The id of the flow")),
    responses((status = 201, description = "It is on disk and goes its way", body = FlowStart)))]
pub(crate) async fn start(
    asking: Asking,
    Path(id): Path<String>,
    body::Json(new): body::Json<NewFlowStart>,
) -> Result<Response, Fault> {
    asking.must(Right::Send)?;
    let flow = FlowId::from_uuid(id_in(&id)?);
    let params = new.params.map(Value::Object);
    if params.as_ref().is_some_and(|params| params.to_string().chars().count() > PARAMS_MAX) {
        return Err(Fault::refused("params-length").field("params").arg("max", PARAMS_MAX.to_string()));
    }
    let mut query = asking.query_of(&new.to, "to").await?;
    if new.skip_started_before {
        query = narrowed(&query, &format!("history != {flow}"));
    }
    if new.skip_in_a_flow {
        query = narrowed(&query, "flow = \"\"");
    }
    let new = NewStart {
        params,
        lane: new.lane.unwrap_or_default().lane(),
        channel: asking.channel_called(None).await?,
        once_key: asking.once_key(),
        is_test: asking.is_in_sandbox(),
        ..NewStart::new(flow, query)
    };
    let id = asking.app.start_flow(&asking.caller, &new).await?;
    let location = format!("/api/v1/starts/{id}");
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(asking.start(id).await?)).into_response())
}

/// Starts within the token's scope, the last changed first.
#[utoipa::path(get, path = "/api/v1/starts", tag = "flows", params(SpanParams, PageParams),
    responses((status = 200, description = "A page of starts", body = Page<FlowStart>)))]
pub(crate) async fn starts(asking: Asking, params: Params) -> Result<Json<Page<FlowStart>>, Fault> {
    let params = params.only(&["since", "until", "limit", "cursor"])?;
    let (wanted, span) = (Wanted::read(&params)?, (params.instant("since")?, params.instant("until")?));
    let found = asking.reader().starts(&asking.caller, &wanted.part(span)).await?;
    let (rows, next_cursor) = wanted.cut(found, mhero_api::ListedStart::key);
    let items = rows.into_iter().map(|listed| of_start(listed.row, listed.flow)).collect();
    Ok(Json(Page { items, next_cursor }))
}

/// One start, with how far its people got.
#[utoipa::path(get, path = "/api/v1/starts/{id}", tag = "flows",
    params(("id" = String, Path, format = Uuid, description = "Its id")),
    responses((status = 200, description = "The start", body = FlowStart)))]
pub(crate) async fn get_start(
    asking: Asking,
    Path(id): Path<String>,
    params: Params,
) -> Result<Json<FlowStart>, Fault> {
    params.only(&[])?;
    Ok(Json(asking.start(StartId::from_uuid(id_in(&id)?)).await?))
}
