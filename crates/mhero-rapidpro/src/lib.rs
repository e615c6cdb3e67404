//! An API in the shape of RapidPro's, version 2, in both of its dialects: people as contacts, audiences as groups, broadcasts,
//! starts of flows, messages and runs.
//!
//! What is written is done by the verbs of `mhero_app` and stands under the token's own name; what is read lies within its scope.
//! How requests reach it is the business of `mhero-web-rapidpro`.

mod ask;
mod broadcasts;
mod campaigns;
mod contact_actions;
mod contact_write;
mod contacts;
mod error;
mod fields;
mod flows;
mod groups;
mod labels;
mod message_actions;
mod messages;
mod numbers;
mod page;
mod places;
mod refs;
mod resthooks;
mod runs;
mod send_one;
mod server;
mod source;
mod starts;
mod things;
mod tickets;
mod workspace;

pub use ask::{Ask, Method};
pub use error::ApiError;
pub use page::PAGE;
pub use send_one::{OneText, Unsendable, send_text};
pub use server::{Answer, ApiServer, ENDPOINTS};

use server::Answered;
