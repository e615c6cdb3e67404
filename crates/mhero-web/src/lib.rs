//! The console: pages by noun, sign-in and middleware.
//!
//! Each page is a struct of plain values (`view.rs` of its noun) that a template in `templates/` shows. Routes of a noun
//! stand beside it. Everything works as links and forms; `console/` adds partial updates where a browser allows it.

pub mod account;
pub mod approvals;
mod assets;
pub mod audiences;
pub mod audit;
pub mod broadcasts;
mod brought;
pub mod calls;
pub mod campaigns;
pub mod changes;
pub mod channel_pages;
pub mod channels;
pub mod costs;
pub mod delivery_rules;
pub mod dhis2;
pub mod errors;
pub mod exchange;
pub mod flows;
pub mod href;
pub mod imports;
pub mod inbox;
mod keys;
pub mod language;
pub mod layers;
pub mod links;
pub mod marks;
pub mod messages;
pub mod notified;
pub mod numbers;
pub mod page;
pub mod parts;
pub mod people;
pub mod places;
mod refused;
pub mod results;
mod router;
pub mod send;
pub mod session;
pub mod settings;
pub mod sign_in;
pub mod simulator;
pub mod sources;
pub mod state;
pub mod today;
pub mod triggers;
pub mod trust;
pub mod words;

pub use assets::serve as serve_asset;
pub use router::router;
pub use state::WebOptions;
