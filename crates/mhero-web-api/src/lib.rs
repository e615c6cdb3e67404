//! mHero's own API under `/api/v1`, in the words of the field: people, places, groups, broadcasts, messages, flows, runs.
//!
//! Handlers are short: who asks (`front`), what is asked (`params`, `body`), the verb of the application, its shape. What is
//! wrong becomes a `Fault` and is told as `application/problem+json` in the language asked for. The OpenAPI document is
//! generated from the shapes and handlers.

#![expect(unused_qualifications, reason = "what utoipa writes about parameters names its own traits in full")]

mod body;
mod broadcasts;
mod channels;
mod floip;
mod flows;
mod front;
mod groups;
mod me;
mod messages;
mod openapi;
mod page;
mod params;
mod people;
mod places;
mod problem;
mod routes;
mod runs;
mod sandbox;
mod shapes;
mod webhooks;
mod whom;

pub use front::told_everywhere;
pub use openapi::document;
pub use routes::{ApiOptions, router};
