//! What a mediator says of itself.

use serde_json::{Value, json};

use super::{MediatorSettings, Pushed};

/// The path that a polling channel calls.
pub(super) const POLL_PATH: &str = "/openhim/poll";

/// The document that is posted to `/mediators`.
pub(super) fn registration(settings: &MediatorSettings, pushed: &Pushed) -> Value {
    let endpoint = |name: &str, path: Option<&str>, primary: bool| {
        let mut endpoint = json!({
            "name": name, "type": "http", "status": "enabled", "host": settings.host, "port": settings.port,
            "primary": primary, "secured": settings.secured,
        });
        if let Some(path) = path {
            endpoint["path"] = json!(path);
        }
        endpoint
    };
    let route = |name: &str| {
        json!({
            "name": name, "type": "http", "status": "enabled", "host": settings.host,
            "port": settings.port, "primary": true, "secured": settings.secured, "forwardAuthHeader": true,
        })
    };
    let channel = |name: &str, pattern: &str| {
        json!({
            "name": name, "urlPattern": pattern, "type": "http", "authType": "private", "allow": ["mhero"],
            "methods": ["GET", "POST", "PUT", "PATCH", "DELETE"], "routes": [route(name)],
        })
    };
    json!({
        "urn": settings.urn,
        "version": settings.version,
        "name": settings.name,
        "description": "Two-way messages between the ministry and its health workers",
        "endpoints": [endpoint("mHero", None, true), endpoint("mHero: synchronise now", Some(POLL_PATH), false)],
        "defaultChannelConfig": [channel("mHero FHIR", "^/fhir(/.*)?$")],
        "configDefs": [
            {
                "param": "sources", "displayName": "Registries", "type": "string",
                "description": "Which registries a polling call reads, by name, with commas between; empty for all",
            },
            {
                "param": "bodies", "displayName": "Bodies in the exchange log", "type": "option",
                "values": ["off", "changes", "all"], "description": "What mHero keeps, sealed, of what was sent and answered",
            },
            {
                "param": "wait_seconds", "displayName": "Wait", "type": "number",
                "description": "Seconds that a polling call waits for the end before it is answered all the same (50 at most)",
            },
        ],
        "config": {
            "sources": pushed.sources,
            "bodies": if pushed.bodies.is_empty() { "changes" } else { &pushed.bodies },
            "wait_seconds": pushed.wait_seconds,
        },
    })
}

/// The channel that calls by a schedule, for `POST /channels`: one that is installed with the mediator would not run before OpenHIM
/// starts again. `token` is that of the account which OpenHIM's routes use.
pub(super) fn polling_channel(settings: &MediatorSettings, schedule: &str, token: &str) -> Value {
    json!({
        "name": format!("{}: synchronise", settings.name),
        "urlPattern": format!("^{POLL_PATH}$"),
        "type": "polling",
        "pollingSchedule": schedule,
        "authType": "private",
        "allow": ["mhero"],
        "requestBody": true,
        "responseBody": true,
        "routes": [{
            "name": settings.name, "type": "http", "status": "enabled", "host": settings.host, "port": settings.port,
            "path": POLL_PATH, "primary": true, "secured": settings.secured, "username": settings.client, "password": token,
        }],
    })
}
