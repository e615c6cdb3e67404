//! Channels and sources, and how they stand.

use axum::Json;
use mhero_app::AppError;
use mhero_core::{Right, sandbox};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{front::Asking, page::Page, params::Params, problem::Fault, shapes::instant};

/// A channel and how it stands.
#[derive(Serialize, ToSchema)]
pub struct Channel {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `kannel`, `smpp`, `simulator` ...
    pub kind: String,
    /// The sender to show.
    pub sender: Option<String>,
    /// `working`, `trouble`, `off`.
    pub state: String,
    /// What is wrong, in the language asked for.
    pub trouble: Option<String>,
}

/// A registry or a set of files, and how it stands.
#[derive(Serialize, ToSchema)]
pub struct Source {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `fhir`, `csd`, `dhis2`, `files` ...
    pub kind: String,
    /// `working`, `failing`, `asks` (a run would remove too much and waits for a yes), `silent`, `never` (not read yet).
    pub state: String,
    /// When a synchronisation last succeeded.
    #[schema(format = DateTime)]
    pub succeeded_at: Option<String>,
    /// When one last failed.
    #[schema(format = DateTime)]
    pub failed_at: Option<String>,
    /// Failures since the last success.
    pub failures: i64,
    /// When the next is due.
    #[schema(format = DateTime)]
    pub next_at: Option<String>,
    /// Why the last one failed, or what it asks, in the language asked for.
    pub trouble: Option<String>,
}

/// Channels, and whether each works.
#[utoipa::path(get, path = "/api/v1/channels", tag = "operation", responses((status = 200, description = "Channels", body = Page<Channel>)))]
pub(crate) async fn list(asking: Asking, params: Params) -> Result<Json<Page<Channel>>, Fault> {
    asking.must(Right::ReadMessages)?;
    params.only(&[])?;
    let mut items = Vec::new();
    for channel in asking.app.channels().await? {
        if asking.is_in_sandbox() && channel.id != sandbox::channel() {
            continue;
        }
        let trouble = match asking.app.check_channel(channel.id).await {
            Ok(()) => None,
            Err(AppError::Invalid(reason)) => {
                Some(asking.app.words().say(asking.caller.language, reason.key, &reason.args))
            }
            Err(error) => return Err(error.into()),
        };
        let state = match (channel.active, &trouble) {
            (false, _) => "off",
            (true, Some(_)) => "trouble",
            (true, None) => "working",
        };
        items.push(Channel {
            id: channel.id.to_string(),
            name: channel.name,
            kind: channel.kind,
            sender: channel.sender,
            state: state.to_owned(),
            trouble,
        });
    }
    Ok(Json(Page { items, next_cursor: None }))
}

/// Sources of people and places, and how their synchronisation goes.
#[utoipa::path(get, path = "/api/v1/sources", tag = "operation", responses((status = 200, description = "Sources", body = Page<Source>)))]
pub(crate) async fn sources(asking: Asking, params: Params) -> Result<Json<Page<Source>>, Fault> {
    params.only(&[])?;
    let mut items = Vec::new();
    for status in asking.app.source_statuses(&asking.caller).await? {
        // The sandbox has no registry.
        if asking.is_in_sandbox() {
            continue;
        }
        let state = match () {
            () if status.asks.is_some() => "asks",
            () if status.is_silent => "silent",
            () if status.failures > 0 => "failing",
            () if status.is_registry && status.succeeded_at.is_none() => "never",
            () => "working",
        };
        let reason = status.asks.map(|(_, reason)| reason).or(status.reason);
        items.push(Source {
            id: status.source.id.to_string(),
            name: status.source.name,
            kind: status.source.kind,
            state: state.to_owned(),
            succeeded_at: status.succeeded_at.map(instant),
            failed_at: status.failed_at.map(instant),
            failures: status.failures,
            next_at: status.next_at.map(instant),
            trouble: reason.map(|reason| asking.app.words().say(asking.caller.language, reason.key, &reason.args)),
        });
    }
    Ok(Json(Page { items, next_cursor: None }))
}
