//! The only door to time, ids and chance, and to the two questions that the engine can't answer alone.

use std::sync::Arc;

use jiff::Timestamp;
use mhero_expr::{Chance, Clock};
use uuid::Uuid;

use crate::{contact::Urn, events::MsgOut};

/// What an engine that is a pure function needs of the world. The server gives its clock and its ids; a test gives a clock that
/// it sets and ids that repeat.
pub trait World {
    /// The instant now. Each reading may differ.
    fn now(&mut self) -> Timestamp;

    /// The instant by which queries of groups tell one day from another. Many are asked at once, and all see the same.
    fn today(&mut self) -> Timestamp {
        self.now()
    }

    /// A random id, for what has no order in time.
    fn uuid_v4(&mut self) -> Uuid;

    /// An id that sorts by time, for runs, events, messages and tickets.
    fn uuid_v7(&mut self) -> Uuid;

    /// The chance behind `rand` and random routers.
    fn chance(&self) -> Arc<dyn Chance>;

    /// A clock that expressions read, for worlds to which each reading counts. Without one they see the instant at which their
    /// template was rendered.
    fn clock(&self) -> Option<Arc<dyn Clock>> {
        None
    }

    /// Claims an address for a contact. `false` when it is another contact's and stays so.
    fn claim_urn(&mut self, contact: Uuid, urn: &Urn) -> bool {
        let _ = (contact, urn);
        true
    }

    /// Whether web hooks may not call a host.
    fn blocks_host(&self, host: &str) -> bool {
        let _ = host;
        false
    }

    /// What web hooks call themselves.
    fn user_agent(&self) -> &str {
        "mHero"
    }

    /// Whether a message must not go out for what it says. It is then made, with a reason why it is not sent.
    fn forbids(&self, msg: &MsgOut) -> bool {
        let _ = msg;
        false
    }
}
