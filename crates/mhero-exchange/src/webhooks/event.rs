//! What can be told, and who may hear it.

use mhero_core::Right;

/// Something that a web hook is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// A text came, from whomever.
    MessageReceived,
    /// A message of ours is on its way, has arrived or never will.
    MessageState,
    /// A broadcast began to leave.
    BroadcastReleased,
    /// A broadcast is through, or was stopped for good.
    BroadcastFinished,
    /// A conversation with a flow ended; its answers are told.
    RunFinished,
    /// Somebody was added to the register, changed or taken out.
    PersonChanged,
}

/// All of them.
pub const EVENTS: [Event; 6] = [
    Event::MessageReceived,
    Event::MessageState,
    Event::BroadcastReleased,
    Event::BroadcastFinished,
    Event::RunFinished,
    Event::PersonChanged,
];

impl Event {
    /// Its name: `message.received`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::MessageReceived => "message.received",
            Self::MessageState => "message.state",
            Self::BroadcastReleased => "broadcast.released",
            Self::BroadcastFinished => "broadcast.finished",
            Self::RunFinished => "run.finished",
            Self::PersonChanged => "person.changed",
        }
    }

    /// The event of a name.
    pub fn of(word: &str) -> Option<Self> {
        EVENTS.into_iter().find(|event| event.word() == word.trim())
    }

    /// The right without which nobody is told.
    pub const fn right(self) -> Right {
        match self {
            Self::PersonChanged => Right::ReadPeople,
            _ => Right::ReadMessages,
        }
    }

    /// The kinds of resources, of which an account that is narrowed to some needs one.
    pub(super) const fn kinds(self) -> [&'static str; 2] {
        match self {
            Self::MessageReceived | Self::MessageState => ["messages", "communication"],
            Self::BroadcastReleased | Self::BroadcastFinished => ["broadcasts", "communicationrequest"],
            Self::RunFinished => ["runs", "questionnaireresponse"],
            Self::PersonChanged => ["people", "practitioner"],
        }
    }
}

/// The events of a list as it is stored.
pub(super) fn read(text: &str) -> Vec<Event> {
    text.split(' ').filter_map(Event::of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_events() {
        for event in EVENTS {
            assert_eq!(Event::of(event.word()), Some(event));
        }
        assert_eq!(Event::of("message"), None);
        assert_eq!(read("message.state gone person.changed"), [Event::MessageState, Event::PersonChanged]);
    }
}
