//! Messages: one text to one person, and what went and came.

use axum::{
    Json,
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use mhero_api::{MessagesWanted, rows::ApiMessage};
use mhero_core::{BroadcastId, Direction, MessageId, Right};
use mhero_rapidpro::{OneText, Unsendable, send_text};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    body,
    broadcasts::{SpanParams, Urgency},
    front::Asking,
    page::{Page, PageParams, Wanted},
    params::{Params, id_in},
    problem::Fault,
    shapes::{Named, instant},
};

/// A text for one person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMessage {
    /// The person: our id, a source's id, or a phone number.
    pub to: String,
    /// The text.
    #[schema(min_length = 1, max_length = 1600)]
    pub text: String,
    /// How urgent; `normal` where nothing is said.
    pub lane: Option<Urgency>,
}

/// A message.
#[derive(Serialize, ToSchema)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// `in` from a phone, `out` to one.
    pub direction: String,
    /// Of one that goes out: `waiting`, `submitting`, `uncertain`, `sent`, `delivered`, `failed`, `cancelled`, `expired`. Of one that
    /// came in: `handled`, `suspected_double`.
    pub state: String,
    /// From or to whom.
    pub person: Named,
    /// The number, or the address of a chat.
    pub phone: String,
    /// The text; null once it was erased.
    pub text: Option<String>,
    /// The id of the channel, once it is known.
    pub channel_id: Option<String>,
    /// The id of the broadcast that it belongs to.
    pub broadcast_id: Option<String>,
    /// The id of the flow that sent or answered it.
    pub flow_id: Option<String>,
    /// When it was written or received.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When the carrier took it.
    #[schema(format = DateTime)]
    pub sent_at: Option<String>,
    /// When it was delivered, failed or was cancelled.
    #[schema(format = DateTime)]
    pub done_at: Option<String>,
}

/// Which messages.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it only describes the parameters that the handler reads")]
pub(crate) struct MessagesParams {
    /// From or to this person: our id, a source's id, or a phone number.
    person: Option<String>,
    /// Those of a broadcast.
    #[param(format = Uuid)]
    broadcast: Option<String>,
    /// `in` or `out`.
    direction: Option<String>,
}

fn of(message: ApiMessage) -> Message {
    Message {
        id: message.id.to_string(),
        direction: message.direction.to_string(),
        state: message.state,
        person: Named::new(message.person, message.name),
        phone: message.path,
        text: message.text,
        channel_id: message.channel.map(|id| id.to_string()),
        broadcast_id: message.broadcast.map(|id| id.to_string()),
        flow_id: message.flow.map(|id| id.to_string()),
        created_at: instant(message.created_at),
        sent_at: message.sent_at.map(instant),
        done_at: message.done_at.map(instant),
    }
}

impl Asking {
    async fn message(&self, id: MessageId) -> Result<Message, Fault> {
        Ok(of(self.reader().message(&self.caller, id).await?))
    }
}

/// Sends a text to one person, as part of their thread in the inbox. Quiet hours, caps and the wish to be left alone hold.
#[utoipa::path(post, path = "/api/v1/messages", tag = "messages", request_body = NewMessage,
    responses((status = 201, description = "It is on disk and goes its way", body = Message)))]
pub(crate) async fn send(asking: Asking, body::Json(new): body::Json<NewMessage>) -> Result<Response, Fault> {
    asking.must(Right::Send)?;
    let text = new.text.trim();
    let most = mhero_core::limits::TEXT_CHARS_MAX;
    if text.is_empty() || text.chars().count() > most {
        return Err(Fault::refused("text-length").field("text").arg("max", most.to_string()));
    }
    let person = asking.person_in_body(&new.to, "to").await?;
    let one = OneText {
        person,
        text,
        lane: new.lane.unwrap_or_default().lane(),
        once_key: asking.once_key(),
        is_test: asking.is_in_sandbox(),
    };
    let id = send_text(&asking.app, &asking.caller, &one).await?.map_err(|why| match why {
        Unsendable::NoAddress => Fault::refused("no-number").field("to").value(&new.to),
        Unsendable::Stopped => Fault::refused("stopped").field("to").value(&new.to),
    })?;
    let location = format!("/api/v1/messages/{id}");
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(asking.message(id).await?)).into_response())
}

/// Messages of the people within the token's scope, newest first. Tests are left out, but in the sandbox.
#[utoipa::path(get, path = "/api/v1/messages", tag = "messages", params(MessagesParams, SpanParams, PageParams),
    responses((status = 200, description = "A page of messages", body = Page<Message>)))]
pub(crate) async fn list(asking: Asking, params: Params) -> Result<Json<Page<Message>>, Fault> {
    let params = params.only(&["person", "broadcast", "direction", "since", "until", "limit", "cursor"])?;
    let (wanted, span) = (Wanted::read(&params)?, (params.instant("since")?, params.instant("until")?));
    let person = match params.text("person") {
        Some(text) => Some(asking.person_in_body(text, "person").await?),
        None => None,
    };
    let asked = MessagesWanted {
        person,
        broadcast: params.id("broadcast")?.map(BroadcastId::from_uuid),
        direction: params.word::<Direction>("direction", "in, out")?,
    };
    let found = asking.reader().messages(&asking.caller, &asked, &wanted.part(span)).await?;
    let (rows, next_cursor) = wanted.cut(found, |row| (row.at, row.id.uuid()));
    Ok(Json(Page { items: rows.into_iter().map(of).collect(), next_cursor }))
}

/// One message.
#[utoipa::path(get, path = "/api/v1/messages/{id}", tag = "messages",
    params(("id" = String, Path, format = Uuid, description = "Its id")),
    responses((status = 200, description = "The message", body = Message)))]
pub(crate) async fn get_one(asking: Asking, Path(id): Path<String>, params: Params) -> Result<Json<Message>, Fault> {
    params.only(&[])?;
    Ok(Json(asking.message(MessageId::from_uuid(id_in(&id)?)).await?))
}
