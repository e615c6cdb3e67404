//! The words everything else shares: ids, phones, languages, scopes, lanes, states, limits.
//!
//! This crate does no I/O and reads no clock. It names what the field names; how a thing is stored or
//! shown is decided elsewhere.

mod id;
mod lang;
mod lang_codes;
pub mod limits;
mod message;
pub mod record;
pub mod sandbox;
mod scope;
mod time;
mod urn;

pub use id::{
    AuditId, BillId, BroadcastId, BudgetId, CadreId, CampaignEventId, CampaignId, ChannelId, ConversationId, EffectId,
    ExchangeId, FieldId, FlowId, GrantId, GroupId, ImportId, IntakeId, JobId, MessageId, PersonId, PlaceId, PositionId,
    PriceId, ProgrammeId, RunId, SessionId, SourceId, SourceRecordId, StartId, SubmissionId, ThreadId, TitleId,
    TokenId, TriggerId, UserId,
};
pub use lang::{Lang, LangError, LangMap};
pub use message::{
    Direction, InboundState, Lane, MessageKind, MessageState, RetentionClass, SubmissionState, UncertainPolicy,
    UnknownWord,
};
pub use scope::{Right, Rights, Role, Scope};
pub use time::{micros, timestamp};
pub use urn::{ContactUrn, Urn, UrnError, UrnProblem, UrnScheme};
