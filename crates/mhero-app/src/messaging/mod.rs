//! Messages in and out: intake, the walk of an inbound text, the outbox, reports, what to do about the uncertain.

mod auto_reply;
mod auto_text;
mod by_word;
mod callbacks;
mod carrier_stop;
mod carriers;
mod channel_desk;
mod channels;
mod chat;
mod chat_words;
mod deliver;
mod late;
mod lines;
mod missed_call;
mod outcome;
mod overtake;
mod pace;
mod pass;
mod pieces;
mod rate;
mod reach;
mod receive;
mod relay;
mod report_line;
mod reports;
mod routes;
mod screens;
mod sender;
mod take_in;
mod to_flow;
mod uncertain;
mod ussd;
mod ussd_turn;
mod who;

pub(crate) use auto_text::{AutoText, say_short};
pub(crate) use carriers::Carriers;
pub use channels::{Channel, NewChannel};
pub(crate) use chat::CHOICES_KEPT;
pub use chat::Choices;
pub(crate) use deliver::Lanes;
pub use missed_call::MissedCall;
pub use overtake::ChatWaits;
pub(crate) use pass::Known;
pub(crate) use rate::Rates;
pub use receive::{Accepted, Received};
pub(crate) use relay::KEPT as RELAYED_KEPT;
pub use relay::{Offer, Registered, Relayed, Relayer, Told};
pub use routes::{Route, RouteShown};
pub(crate) use sender::salutation;
pub use uncertain::Verdict;
pub(crate) use who::TIMER as WHO_TIMER;

/// Lists of words that keep one purpose apart from another when ids are derived from names.
pub(crate) mod purpose {
    use uuid::Uuid;

    /// The conversation of a broadcast with one number.
    pub(crate) fn broadcast_conversation(broadcast: mhero_core::BroadcastId, path: &str) -> mhero_core::ConversationId {
        mhero_core::ConversationId::from_uuid(Uuid::new_v5(&broadcast.uuid(), path.as_bytes()))
    }

    /// The conversation of a thread.
    pub(crate) fn thread_conversation(thread: mhero_core::ThreadId) -> mhero_core::ConversationId {
        mhero_core::ConversationId::from_uuid(thread.uuid())
    }

    /// The conversation of automatic replies to one number.
    pub(crate) fn auto_conversation(scheme: &str, path: &str) -> mhero_core::ConversationId {
        mhero_core::ConversationId::from_uuid(Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("{scheme}:{path}").as_bytes()))
    }
}
