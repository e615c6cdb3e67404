//! Web hooks: addresses that are told what happens.

use axum::{
    Json, Router,
    extract::Path,
    http::StatusCode,
    routing::{get, post},
};
use mhero_exchange::webhooks::{self, NewWebHook, WebHooks};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    body,
    front::{Asking, Front},
    page::Page,
    params::{Params, id_in},
    problem::Fault,
    shapes::instant,
};

/// A web hook.
#[derive(Serialize, ToSchema)]
pub struct WebHook {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Where it is told.
    pub url: String,
    /// What it is told.
    #[schema(example = json!(["message.received", "run.finished"]))]
    pub events: Vec<String>,
    /// `on`; `off` since somebody switched it off or its token was taken back; `failed` since the receiver could not be told for ten
    /// hours.
    pub state: String,
    /// Why the last event did not arrive.
    pub failure: Option<String>,
    /// The number of its last event.
    pub sequence: i64,
    /// Events that wait to be told.
    pub waiting: i64,
    /// Events of the last 30 days that the receiver refused for good; told again once the web hook is enabled.
    pub dead: i64,
    /// Since when.
    #[schema(format = DateTime)]
    pub created_at: String,
}

/// A web hook with the secret of its signatures, which is told this once.
#[derive(Serialize, ToSchema)]
pub struct MadeWebHook {
    /// The web hook.
    #[serde(flatten)]
    pub hook: WebHook,
    /// The secret.
    pub secret: String,
}

/// The new secret of a web hook. For 24 hours events are signed by the one before, too.
#[derive(Serialize, ToSchema)]
pub struct NewSecret {
    /// The secret.
    pub secret: String,
}

/// A web hook to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebHookToAdd {
    /// Where: `https://…`; `http://` only within the installation's own networks.
    pub url: String,
    /// What people call it; the host where nothing is said.
    pub name: Option<String>,
    /// What it is told: `message.received`, `message.state`, `broadcast.released`, `broadcast.finished`, `run.finished`,
    /// `person.changed`; everything that the token may read where nothing is said.
    #[serde(default)]
    pub events: Vec<String>,
}

/// An attempt to tell something.
#[derive(Serialize, ToSchema)]
pub struct Delivery {
    /// The id of the event, as in its body.
    pub id: String,
    /// What it tells.
    pub event: String,
    /// `waiting`, `delivered`, `dead`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// The last status of HTTP.
    pub status: Option<i64>,
    /// Why the last attempt failed.
    pub failure: Option<String>,
    /// When it was noted.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it is tried next.
    #[schema(format = DateTime)]
    pub next_at: Option<String>,
    /// When it arrived or was given up.
    #[schema(format = DateTime)]
    pub done_at: Option<String>,
}

/// Before which delivery.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it only describes the parameter that the handler reads")]
pub(crate) struct DeliveriesParams {
    /// Those before this delivery: `next_cursor` of the page before.
    #[param(format = Uuid)]
    cursor: Option<String>,
}

impl From<webhooks::WebHook> for WebHook {
    fn from(hook: webhooks::WebHook) -> Self {
        Self {
            id: hook.id.to_string(),
            name: hook.name,
            url: hook.url,
            events: hook.events.into_iter().map(str::to_owned).collect(),
            state: hook.state,
            failure: hook.failure,
            sequence: hook.sequence,
            waiting: hook.waiting,
            dead: hook.dead,
            created_at: instant(hook.created_at),
        }
    }
}

impl From<webhooks::Delivery> for Delivery {
    fn from(told: webhooks::Delivery) -> Self {
        Self {
            id: told.id.to_string(),
            event: told.event,
            state: told.state.to_owned(),
            attempts: told.attempts,
            status: told.status,
            failure: told.failure,
            created_at: instant(told.created_at),
            next_at: told.next_at.map(instant),
            done_at: told.done_at.map(instant),
        }
    }
}

/// The addresses of this file.
pub(crate) fn router() -> Router<Front> {
    Router::new()
        .route("/api/v1/webhooks", get(list).post(add))
        .route("/api/v1/webhooks/{id}", get(get_one).delete(remove))
        .route("/api/v1/webhooks/{id}/test", post(test))
        .route("/api/v1/webhooks/{id}/rotate", post(rotate))
        .route("/api/v1/webhooks/{id}/enable", post(enable))
        .route("/api/v1/webhooks/{id}/disable", post(disable))
        .route("/api/v1/webhooks/{id}/deliveries", get(deliveries))
}

fn desk(asking: &Asking) -> WebHooks {
    WebHooks::new(&asking.app)
}

/// The web hooks of this token, by name; all of them for administrators.
#[utoipa::path(get, path = "/api/v1/webhooks", tag = "webhooks", operation_id = "list_webhooks",
    responses((status = 200, description = "All of them", body = Page<WebHook>)))]
pub(crate) async fn list(asking: Asking, params: Params) -> Result<Json<Page<WebHook>>, Fault> {
    params.only(&[])?;
    let found = desk(&asking).list(&asking.caller).await?;
    Ok(Json(Page { items: found.into_iter().map(WebHook::from).collect(), next_cursor: None }))
}

/// Has an address told what happens. The scope of this token counts: its places, its programmes, its kinds of resources.
#[utoipa::path(post, path = "/api/v1/webhooks", tag = "webhooks", operation_id = "add_webhook", request_body = WebHookToAdd,
    responses((status = 201, description = "The web hook, with the secret that is shown this once", body = MadeWebHook)))]
pub(crate) async fn add(
    asking: Asking,
    body::Json(new): body::Json<WebHookToAdd>,
) -> Result<(StatusCode, Json<MadeWebHook>), Fault> {
    let new = NewWebHook {
        name: new.name.unwrap_or_default(),
        url: new.url,
        events: new.events,
        owner: None,
        once_key: asking.once_key(),
    };
    let (hook, secret) = desk(&asking).add(&asking.caller, new).await?;
    Ok((StatusCode::CREATED, Json(MadeWebHook { hook: hook.into(), secret })))
}

/// One web hook.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}", tag = "webhooks", operation_id = "get_webhook",
    params(("id" = String, Path, format = Uuid, description = "Its id")),
    responses((status = 200, description = "The web hook", body = WebHook)))]
pub(crate) async fn get_one(asking: Asking, Path(id): Path<String>, params: Params) -> Result<Json<WebHook>, Fault> {
    params.only(&[])?;
    Ok(Json(desk(&asking).one(&asking.caller, &id_in(&id)?.to_string()).await?.into()))
}

/// Ends a web hook. What waits for it is gone.
#[utoipa::path(delete, path = "/api/v1/webhooks/{id}", tag = "webhooks", operation_id = "remove_webhook",
    params(("id" = String, Path, format = Uuid, description = "Its id")),
    responses((status = 204, description = "It is gone")))]
pub(crate) async fn remove(asking: Asking, Path(id): Path<String>) -> Result<StatusCode, Fault> {
    desk(&asking).remove(&asking.caller, &id_in(&id)?.to_string()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends an event `ping`, signed like any other, behind what waits already. What became of it is among the deliveries.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/test", tag = "webhooks", operation_id = "test_webhook",
    params(("id" = String, Path, format = Uuid, description = "Its id")),
    responses((status = 202, description = "The delivery as it stands", body = Delivery)))]
pub(crate) async fn test(asking: Asking, Path(id): Path<String>) -> Result<(StatusCode, Json<Delivery>), Fault> {
    let (desk, id) = (desk(&asking), id_in(&id)?.to_string());
    let told = desk.test(&asking.caller, &id, asking.once_key().as_deref()).await?;
    Ok((StatusCode::ACCEPTED, Json(desk.delivery(&asking.caller, &id, told).await?.into())))
}

/// Gives a web hook another secret.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/rotate", tag = "webhooks", operation_id = "rotate_webhook",
    params(("id" = String, Path, format = Uuid, description = "Its id")),
    responses((status = 200, description = "The new secret, shown this once", body = NewSecret)))]
pub(crate) async fn rotate(asking: Asking, Path(id): Path<String>) -> Result<Json<NewSecret>, Fault> {
    let (id, once) = (id_in(&id)?.to_string(), asking.once_key());
    Ok(Json(NewSecret { secret: desk(&asking).rotate(&asking.caller, &id, once.as_deref()).await? }))
}

/// Lets a web hook that was given up be told again, from where it stopped.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/enable", tag = "webhooks", operation_id = "enable_webhook",
    params(("id" = String, Path, format = Uuid, description = "Its id")),
    responses((status = 200, description = "The web hook", body = WebHook)))]
pub(crate) async fn enable(asking: Asking, Path(id): Path<String>) -> Result<Json<WebHook>, Fault> {
    Ok(Json(desk(&asking).enable(&asking.caller, &id_in(&id)?.to_string()).await?.into()))
}

/// Tells a web hook nothing more until it is enabled. What waits stays, and what happens meanwhile is told then.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/disable", tag = "webhooks", operation_id = "disable_webhook",
    params(("id" = String, Path, format = Uuid, description = "Its id")),
    responses((status = 200, description = "The web hook", body = WebHook)))]
pub(crate) async fn disable(asking: Asking, Path(id): Path<String>) -> Result<Json<WebHook>, Fault> {
    Ok(Json(desk(&asking).disable(&asking.caller, &id_in(&id)?.to_string()).await?.into()))
}

/// What a web hook was told in the last 30 days, newest first, a hundred at a time; never what was in it.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}/deliveries", tag = "webhooks", operation_id = "list_deliveries",
    params(("id" = String, Path, format = Uuid, description = "Its id"), DeliveriesParams),
    responses((status = 200, description = "A page of deliveries", body = Page<Delivery>)))]
pub(crate) async fn deliveries(
    asking: Asking,
    Path(id): Path<String>,
    params: Params,
) -> Result<Json<Page<Delivery>>, Fault> {
    let params = params.only(&["cursor"])?;
    let before = params.id("cursor")?;
    let found = desk(&asking).deliveries(&asking.caller, &id_in(&id)?.to_string(), before).await?;
    let is_full = found.len() >= webhooks::DELIVERIES_MAX;
    let next_cursor = found.last().filter(|_| is_full).map(|last| last.id.to_string());
    Ok(Json(Page { items: found.into_iter().map(Delivery::from).collect(), next_cursor }))
}
