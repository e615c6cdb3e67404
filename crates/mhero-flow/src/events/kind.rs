//! What can happen.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use mhero_core::Lang;
use mhero_expr::Number;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::{
    content::{empty, list, none_in},
    *,
};
use crate::{
    contact::{ContactStatus, FieldValue, Ticket, Urn},
    definition::{Exclusions, Hint},
    json,
    refs::{
        CampaignRef, ChannelRef, ContactRef, FieldRef, FlowRef, GroupRef, LabelRef, LlmRef, TemplateRef, TopicRef,
        UserRef,
    },
    session::{History, RunFlow, RunStatus},
};

/// Something that a flow could not do, or should not have: the content of errors and warnings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What went wrong, for people.
    pub text: Arc<str>,
    /// What went wrong, for programs: `expression`, `dependency:missing`, `urn:taken` ...
    #[serde(default, skip_serializing_if = "empty")]
    pub code: Arc<str>,
    /// Details by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<Arc<str>, Arc<str>>,
}

impl Problem {
    /// A problem in words only.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A problem with a code.
    pub fn coded(text: impl Into<Arc<str>>, code: &str) -> Self {
        Self { text: text.into(), code: code.into(), extra: BTreeMap::new() }
    }

    /// The problem with a detail.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Arc<str>>) -> Self {
        self.extra.insert(key.into(), value.into());
        self
    }
}

macro_rules! events {
    ($(
        $(#[doc = $doc:literal])+
        $variant:ident $name:literal {
            $( $(#[$meta:meta])* $field:ident : $type:ty ),* $(,)?
        }
    )+) => {
        /// What happened.
        #[expect(missing_docs, reason = "fields are those of the specification, and named by it")]
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "type")]
        pub enum EventKind {
            $( $(#[doc = $doc])+ #[serde(rename = $name)] $variant { $( $(#[$meta])* $field: $type ),* }, )+
            /// A flow could not do something and goes on.
            #[serde(rename = "error")]
            Error(Problem),
            /// A flow did something that it had better not do.
            #[serde(rename = "warning")]
            Warning(Problem),
        }

        impl EventKind {
            /// The word of the specification: `msg_created`.
            pub const fn name(&self) -> &'static str {
                match self {
                    $( Self::$variant { .. } => $name, )+
                    Self::Error(_) => "error",
                    Self::Warning(_) => "warning",
                }
            }

            /// The names of the properties that events of this kind have beside those of all.
            pub(super) const fn fields(&self) -> &'static [&'static str] {
                match self {
                    $( Self::$variant { .. } => &[$( stringify!($field) ),*], )+
                    Self::Error(_) | Self::Warning(_) => &["text", "code", "extra"],
                }
            }
        }
    };
}

events! {
    /// Airtime was sent to the contact.
    AirtimeCreated "airtime_created" {
        external_id: Arc<str>,
        sender: Arc<str>,
        recipient: Arc<str>,
        currency: Arc<str>,
        #[serde(with = "json::number")]
        amount: Number,
        #[serde(default)]
        http_logs: Vec<HttpLog>,
    }
    /// A message is to go out to many.
    BroadcastCreated "broadcast_created" {
        translations: BTreeMap<Lang, MsgContent>,
        base_language: Lang,
        #[serde(default, skip_serializing_if = "none_in", deserialize_with = "list")]
        groups: Vec<GroupRef>,
        #[serde(default, skip_serializing_if = "none_in", deserialize_with = "list", serialize_with = "named")]
        contacts: Vec<ContactRef>,
        #[serde(default, skip_serializing_if = "empty")]
        contact_query: Arc<str>,
        #[serde(default, skip_serializing_if = "none_in", deserialize_with = "list")]
        urns: Vec<Urn>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        template: Option<TemplateRef>,
        #[serde(default, skip_serializing_if = "none_in", deserialize_with = "list")]
        template_variables: Vec<Arc<str>>,
    }
    /// A call to the contact began.
    CallCreated "call_created" { call: Call }
    /// The contact rang and hung up.
    CallMissed "call_missed" { channel: ChannelRef }
    /// The contact rang.
    CallReceived "call_received" { call: Call }
    /// A point of a campaign came.
    CampaignFired "campaign_fired" { campaign: CampaignRef, point_uuid: Uuid }
    /// The contact opened a chat.
    ChatStarted "chat_started" {
        channel: ChannelRef,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        params: Option<Map<String, Json>>,
    }
    /// A field of the contact changed.
    ContactFieldChanged "contact_field_changed" { field: FieldRef, value: Option<FieldValue> }
    /// The contact entered or left a flow.
    ContactFlowChanged "contact_flow_changed" { flow: Option<FlowRef> }
    /// The contact joined or left groups.
    ContactGroupsChanged "contact_groups_changed" {
        #[serde(default, skip_serializing_if = "none_in", deserialize_with = "list")]
        groups_added: Vec<GroupRef>,
        #[serde(default, skip_serializing_if = "none_in", deserialize_with = "list")]
        groups_removed: Vec<GroupRef>,
    }
    /// The language of the contact changed; empty for none.
    ContactLanguageChanged "contact_language_changed" { language: Arc<str> }
    /// The contact was heard of.
    ContactLastSeenChanged "contact_last_seen_changed" { last_seen_on: Timestamp }
    /// The name of the contact changed.
    ContactNameChanged "contact_name_changed" { name: Arc<str> }
    /// The status of the contact changed.
    ContactStatusChanged "contact_status_changed" { status: ContactStatus }
    /// The zone of the contact changed; empty for none.
    ContactTimezoneChanged "contact_timezone_changed" { timezone: Arc<str> }
    /// The addresses of the contact changed; all that it now has.
    ContactUrnsChanged "contact_urns_changed" { urns: Vec<Urn> }
    /// A forwarded call ended.
    DialEnded "dial_ended" { dial: Dial }
    /// A call is to be forwarded.
    DialWait "dial_wait" {
        urn: Urn,
        dial_limit_seconds: u32,
        call_limit_seconds: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires_on: Option<Timestamp>,
    }
    /// A mail was sent.
    EmailSent "email_sent" { to: Vec<Arc<str>>, subject: Arc<str>, body: Arc<str> }
    /// A run ended because something failed that it can't go on without.
    Failure "failure" { text: Arc<str> }
    /// A flow was entered, in events of old sessions.
    FlowEntered "flow_entered" {
        flow: FlowRef,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parent_run_uuid: Option<Uuid>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        terminal: bool,
    }
    /// The last message was labelled.
    InputLabelsAdded "input_labels_added" { input_uuid: Uuid, labels: Vec<LabelRef> }
    /// Something is to be said in a call.
    IvrCreated "ivr_created" { msg: MsgOut }
    /// A language model answered.
    LlmCalled "llm_called" {
        llm: LlmRef,
        instructions: Arc<str>,
        input: Arc<str>,
        output: Arc<str>,
        tokens: Tokens,
        elapsed_ms: u64,
    }
    /// A message is to go out to the contact.
    MsgCreated "msg_created" {
        msg: MsgOut,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        broadcast_uuid: Option<Uuid>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket_uuid: Option<Uuid>,
    }
    /// A message was deleted.
    MsgDeleted "msg_deleted" {
        msg_uuid: Uuid,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        by_contact: bool,
    }
    /// The contact wrote.
    MsgReceived "msg_received" {
        msg: MsgIn,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket_uuid: Option<Uuid>,
    }
    /// A message went on its way.
    MsgStatusChanged "msg_status_changed" {
        msg_uuid: Uuid,
        status: Arc<str>,
        #[serde(default, skip_serializing_if = "empty")]
        reason: Arc<str>,
    }
    /// The flow waits for the contact to write.
    MsgWait "msg_wait" {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        timeout_seconds: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires_on: Option<Timestamp>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hint: Option<Hint>,
    }
    /// The subscribers of a resthook are called.
    ResthookCalled "resthook_called" { resthook: Arc<str>, payload: Arc<Json> }
    /// A run ended.
    RunEnded "run_ended" { run_uuid: Uuid, flow: RunFlow, status: RunStatus }
    /// A result changed.
    RunResultChanged "run_result_changed" {
        name: Arc<str>,
        value: Arc<str>,
        category: Arc<str>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        previous: Option<PreviousResult>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        extra: Option<Arc<Json>>,
    }
    /// A run began.
    RunStarted "run_started" {
        flow: RunFlow,
        run_uuid: Uuid,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parent_uuid: Option<Uuid>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        terminal: bool,
    }
    /// Others are to be started in a flow.
    SessionTriggered "session_triggered" {
        flow: FlowRef,
        #[serde(default, skip_serializing_if = "none_in", deserialize_with = "list")]
        groups: Vec<GroupRef>,
        #[serde(default, skip_serializing_if = "none_in", deserialize_with = "list", serialize_with = "named")]
        contacts: Vec<ContactRef>,
        #[serde(default, skip_serializing_if = "empty")]
        contact_query: Arc<str>,
        #[serde(default)]
        exclusions: Exclusions,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        create_contact: bool,
        #[serde(default, skip_serializing_if = "none_in", deserialize_with = "list")]
        urns: Vec<Urn>,
        run_summary: Arc<Json>,
        history: History,
    }
    /// A ticket changed hands.
    TicketAssigneeChanged "ticket_assignee_changed" {
        ticket_uuid: Uuid,
        assignee: Option<UserRef>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        previous: Option<UserRef>,
    }
    /// A ticket was closed.
    TicketClosed "ticket_closed" { ticket_uuid: Uuid }
    /// Somebody wrote a note about a ticket.
    TicketNoteAdded "ticket_note_added" { ticket_uuid: Uuid, note: Arc<str> }
    /// A ticket was opened.
    TicketOpened "ticket_opened" { ticket: Ticket }
    /// A ticket was opened again.
    TicketReopened "ticket_reopened" { ticket_uuid: Uuid }
    /// A ticket is about something else.
    TicketTopicChanged "ticket_topic_changed" { ticket_uuid: Uuid, topic: TopicRef }
    /// Somebody is typing.
    TypingStarted "typing_started" {
        direction: Direction,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        channel: Option<ChannelRef>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        urn: Option<Urn>,
        #[serde(default, skip_serializing_if = "empty")]
        msg_external_id: Arc<str>,
    }
    /// Somebody stopped typing.
    TypingStopped "typing_stopped" {
        direction: Direction,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        channel: Option<ChannelRef>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        urn: Option<Urn>,
        #[serde(default, skip_serializing_if = "empty")]
        msg_external_id: Arc<str>,
    }
    /// The contact did not write in time, and the run ends.
    WaitExpired "wait_expired" {}
    /// The contact did not write in time, and the flow goes on.
    WaitTimedOut "wait_timed_out" {}
    /// An address of the web was called.
    WebhookCalled "webhook_called" {
        url: Arc<str>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status_code: Option<u16>,
        request: Arc<str>,
        #[serde(default, skip_serializing_if = "empty")]
        response: Arc<str>,
        elapsed_ms: u64,
        #[serde(default)]
        retries: u32,
        #[serde(default)]
        sizes: HttpSizes,
        status: CallStatus,
        #[serde(default, skip_serializing_if = "empty")]
        resthook: Arc<str>,
    }
}

/// Contacts that only their id is known of are written with an empty name.
fn named<S: Serializer>(contacts: &[ContactRef], serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Named<'a> {
        uuid: Uuid,
        name: &'a str,
    }
    serializer.collect_seq(contacts.iter().map(|contact| Named { uuid: contact.uuid, name: &contact.name }))
}
