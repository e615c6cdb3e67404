//! Flow definitions of version 14.4.2: typed, checked, immutable, every template parsed when the definition is read.

mod actions;
mod flow;
mod kind;
pub mod limits;
mod localization;
mod quick_reply;
mod read;
mod router;
mod write;

pub use actions::{
    Action, ActionKind, AddContactGroups, AddContactUrn, AddInputLabels, Assignee, CallClassifier, CallLlm,
    CallResthook, CallWebhook, Content, EnterFlow, Exclusions, LocalOperation, OpenTicket, PlayAudio, Recipients,
    RemoveContactGroups, RequestOptin, SayMsg, SendBroadcast, SendEmail, SendMsg, SetContactChannel, SetContactField,
    SetContactLanguage, SetContactName, SetContactStatus, SetContactTimezone, SetRunLocal, SetRunResult, StartSession,
    Status, Target, TransferAirtime,
};
pub use flow::{Exit, Flow, Node};
pub use kind::{ActionClass, FlowKind};
pub use localization::{ItemTexts, Localization, Property};
pub use quick_reply::{QuickReply, QuickReplyKind};
pub use read::ReadOptions;
pub use router::{
    CALL_LIMIT_DEFAULT, Case, Category, DIAL_LIMIT_DEFAULT, DialWait, Hint, MsgWait, Router, RouterKind, Timeout, Wait,
};

use std::sync::Arc;

use mhero_expr::Template;

/// A template that was parsed when its flow was read. Cheap to clone.
pub type Text = Arc<Template>;

/// The version of the specification that definitions are read and written in.
pub const SPEC_VERSION: &str = "14.4.2";
