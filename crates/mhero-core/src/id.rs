//! Ids: newtypes over any UUID. Those that mHero mints are version 7; a neighbour's may be anything.

use std::{fmt, str::FromStr};

use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps any UUID; minting happens where a clock is at hand.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// Reads the 16 bytes that the store keeps. `None` when the length is not 16.
            pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
                Uuid::from_slice(bytes).ok().map(Self)
            }

            /// The UUID itself.
            pub const fn uuid(self) -> Uuid {
                self.0
            }

            /// The 16 bytes that the store keeps.
            pub fn bytes(self) -> Vec<u8> {
                self.0.as_bytes().to_vec()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

ids! {
    /// A decision of a person, in the audit log.
    AuditId,
    /// What an operator billed.
    BillId,
    /// A broadcast: one text by language to one audience.
    BroadcastId,
    /// What a programme, or the installation, may spend.
    BudgetId,
    /// A campaign: events relative to dates of people.
    CampaignId,
    /// One event of a campaign.
    CampaignEventId,
    /// A cadre: midwife, nurse, community health worker.
    CadreId,
    /// A channel: one way to reach phones.
    ChannelId,
    /// A conversation with one person at one number: a broadcast, a session or a thread.
    ConversationId,
    /// An outside call that a session asked for.
    EffectId,
    /// One call to or from another system.
    ExchangeId,
    /// A field that an installation adds to people.
    FieldId,
    /// A flow. One that was imported keeps the id of its definition.
    FlowId,
    /// A role given to a user or token, perhaps for one place or programme.
    GrantId,
    /// A group of people, by hand or by query.
    GroupId,
    /// One import of files or one synchronisation.
    ImportId,
    /// A received text that waits for its processing.
    IntakeId,
    /// A background job.
    JobId,
    /// A message in or out.
    MessageId,
    /// A health worker, or a stranger who wrote.
    PersonId,
    /// A jurisdiction or facility.
    PlaceId,
    /// A position of a person at a place, with its period.
    PositionId,
    /// What one segment costs by a channel.
    PriceId,
    /// A programme: EPI, malaria, HR.
    ProgrammeId,
    /// One run of a flow within a session.
    RunId,
    /// A session: one person, one cause, runs of flows.
    SessionId,
    /// A registry or a set of files that people come from.
    SourceId,
    /// One record as a source gave it.
    SourceRecordId,
    /// One start of a flow for an audience.
    StartId,
    /// One attempt to hand one part of a message to a carrier.
    SubmissionId,
    /// A thread in the inbox.
    ThreadId,
    /// A job title, from the job code system ("job" in the audience language).
    TitleId,
    /// An API token.
    TokenId,
    /// What starts a flow by itself.
    TriggerId,
    /// A user of the console.
    UserId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_text_come_back() {
        let id = PersonId::from_uuid(Uuid::from_u128(7));
        assert_eq!(PersonId::from_bytes(&id.bytes()), Some(id));
        assert_eq!(id.to_string().parse::<PersonId>().ok(), Some(id));
        assert_eq!(PersonId::from_bytes(&[1, 2, 3]), None);
    }
}
