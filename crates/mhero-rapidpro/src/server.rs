//! Which endpoint does what.

use std::sync::Arc;

use mhero_app::{App, Caller};
use serde_json::{Value, json};

use crate::{ApiError, Ask, Method, page};

/// Every endpoint, by name, with what can be done there.
pub const ENDPOINTS: [(&str, &str); 34] = [
    ("archives", "GET"),
    ("boundaries", "GET"),
    ("broadcasts", "GET POST"),
    ("campaign_events", "GET POST DELETE"),
    ("campaigns", "GET POST"),
    ("channel_events", "GET"),
    ("channels", "GET"),
    ("classifiers", "GET"),
    ("contact_actions", "POST"),
    ("contacts", "GET POST DELETE"),
    ("definitions", "GET"),
    ("fields", "GET POST"),
    ("flow_starts", "GET POST"),
    ("flows", "GET"),
    ("globals", "GET POST"),
    ("groups", "GET POST DELETE"),
    ("labels", "GET POST DELETE"),
    ("llms", "GET"),
    ("message_actions", "POST"),
    ("messages", "GET POST"),
    ("optins", "GET POST"),
    ("org", "GET"),
    ("resthook_events", "GET"),
    ("resthook_subscribers", "GET POST DELETE"),
    ("resthooks", "GET"),
    ("runs", "GET"),
    ("templates", "GET"),
    ("ticket_actions", "POST"),
    ("ticketers", "GET"),
    ("tickets", "GET"),
    ("topics", "GET POST"),
    ("users", "GET"),
    ("workspace", "GET"),
    ("media", ""),
];

/// What is answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The status of HTTP.
    pub status: u16,
    /// The body; `None` for an empty one.
    pub body: Option<Value>,
}

impl Answer {
    pub(crate) const fn ok(body: Value) -> Self {
        Self { status: 200, body: Some(body) }
    }

    pub(crate) const fn made(body: Value) -> Self {
        Self { status: 201, body: Some(body) }
    }

    pub(crate) const fn done() -> Self {
        Self { status: 204, body: None }
    }
}

pub(crate) type Answered = Result<Answer, ApiError>;

/// The server, at an address.
#[derive(Clone)]
pub struct ApiServer {
    pub(crate) app: App,
    pub(crate) base: Arc<str>,
}

impl std::fmt::Debug for ApiServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiServer").field("base", &self.base).finish_non_exhaustive()
    }
}

impl ApiServer {
    /// A server over the data of an application. `base` is the address under which clients know it, `https://host/api/v2`.
    pub fn new(app: App, base: &str) -> Self {
        Self { app, base: base.trim_end_matches('/').into() }
    }

    /// The caller that a token is.
    ///
    /// # Errors
    /// [`ApiError::App`] when the store can't tell.
    pub async fn caller_of_token(&self, text: &str) -> Result<Option<Caller>, ApiError> {
        Ok(self.app.caller_of_token(text).await?)
    }

    /// The addresses of all endpoints by their names.
    pub fn root(&self) -> Value {
        let offered = ENDPOINTS.iter().filter(|(_, methods)| !methods.is_empty());
        offered.map(|(name, _)| ((*name).to_owned(), json!(format!("{}/{name}.json", self.base)))).collect()
    }

    /// Whether there is such an endpoint.
    pub fn has(name: &str) -> bool {
        ENDPOINTS.iter().any(|(known, methods)| *known == name && !methods.is_empty())
    }

    /// Does what is asked.
    ///
    /// # Errors
    /// Whatever keeps it from being done; then nothing was.
    pub async fn answer(&self, ask: &Ask) -> Answered {
        let offered = ENDPOINTS.iter().find(|(name, _)| *name == ask.endpoint).map(|(_, methods)| *methods);
        let offered = offered.ok_or(ApiError::NotFound)?;
        let method = match ask.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Delete => "DELETE",
        };
        if !offered.split(' ').any(|one| one == method) {
            return Err(ApiError::Method(format!("Method \"{method}\"")));
        }
        match ask.method {
            Method::Get => self.read(ask).await,
            Method::Post => self.write(ask).await,
            Method::Delete => self.delete(ask).await,
        }
    }

    async fn read(&self, ask: &Ask) -> Answered {
        match ask.endpoint.as_str() {
            "boundaries" => self.boundaries(ask).await,
            "broadcasts" => self.broadcasts(ask).await,
            "campaign_events" => self.campaign_events(ask).await,
            "campaigns" => self.campaigns(ask).await,
            "channels" => self.channels(ask).await,
            "contacts" => self.contacts(ask).await,
            "definitions" => self.definitions(ask).await,
            "fields" => self.fields(ask).await,
            "flow_starts" => self.flow_starts(ask).await,
            "flows" => self.flows(ask).await,
            "groups" => self.groups(ask).await,
            "labels" => self.labels(ask).await,
            "messages" => self.messages(ask).await,
            "org" | "workspace" => self.workspace(ask).await,
            "resthook_events" => self.resthook_events(ask).await,
            "resthook_subscribers" => self.resthook_subscribers(ask).await,
            "resthooks" => self.resthooks(ask).await,
            "runs" => self.runs(ask).await,
            "tickets" => self.tickets(ask).await,
            "users" => self.users(ask).await,
            "classifiers" | "globals" | "llms" | "optins" | "templates" | "topics" => self.things(ask).await,
            _ => self.never_any(ask),
        }
    }

    async fn write(&self, ask: &Ask) -> Answered {
        match ask.endpoint.as_str() {
            "broadcasts" => self.send_broadcast(ask).await,
            "campaign_events" => self.write_campaign_event(ask).await,
            "campaigns" => self.write_campaign(ask).await,
            "contact_actions" => self.act_on_contacts(ask).await,
            "contacts" => self.write_contact(ask).await,
            "fields" => self.write_field(ask).await,
            "flow_starts" => self.start_flow(ask).await,
            "globals" => self.write_global(ask).await,
            "groups" => self.write_group(ask).await,
            "labels" => self.write_label(ask).await,
            "message_actions" => self.act_on_messages(ask).await,
            "messages" => self.send_message(ask).await,
            "optins" | "topics" => self.write_thing(ask).await,
            "resthook_subscribers" => self.subscribe(ask).await,
            "ticket_actions" => self.act_on_tickets(ask).await,
            _ => Err(ApiError::NotFound),
        }
    }

    async fn delete(&self, ask: &Ask) -> Answered {
        match ask.endpoint.as_str() {
            "campaign_events" => self.delete_campaign_event(ask).await,
            "contacts" => self.delete_contact(ask).await,
            "groups" => self.delete_group(ask).await,
            "labels" => self.delete_label(ask).await,
            "resthook_subscribers" => self.unsubscribe(ask).await,
            _ => Err(ApiError::NotFound),
        }
    }

    /// Lists of things that mHero never has: archives of old messages, outside ticket systems, events of channels.
    fn never_any(&self, ask: &Ask) -> Answered {
        ask.caller.must(mhero_core::Right::ReadPeople).map_err(ApiError::App)?;
        ask.wanted(false)?;
        Ok(page::nothing(ask, &self.base))
    }
}
