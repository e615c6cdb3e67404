//! The console: pages by noun, sign-in and middleware.
//!
//! Each page is a struct of plain values (`view.rs` of its noun) that a template in `templates/` shows. Routes of a noun
//! stand beside it. Everything works as links and forms; `console/` adds partial updates where a browser allows it.

pub mod account;
mod assets;
pub mod audiences;
pub mod audit;
pub mod broadcasts;
pub mod calls;
pub mod campaigns;
pub mod channels;
pub mod errors;
pub mod exchanges;
pub mod flows;
pub mod href;
pub mod inbox;
pub mod language;
pub mod layers;
pub mod marks;
pub mod page;
pub mod parts;
pub mod people;
pub mod places;
pub mod results;
mod router;
pub mod send;
pub mod session;
pub mod settings;
pub mod sign_in;
pub mod simulator;
pub mod state;
pub mod today;
pub mod triggers;
pub mod words;

pub use assets::serve as serve_asset;
pub use router::router;
pub use state::WebOptions;
