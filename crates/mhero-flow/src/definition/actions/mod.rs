//! The actions of the specification, one struct each.

mod calls;
mod contact;
mod groups;
mod messages;
mod run;
mod sessions;

pub use calls::{CallClassifier, CallLlm, CallResthook, CallWebhook, TransferAirtime};
pub use contact::{
    AddContactUrn, SetContactChannel, SetContactField, SetContactLanguage, SetContactName, SetContactStatus,
    SetContactTimezone, Status,
};
pub use groups::{AddContactGroups, AddInputLabels, RemoveContactGroups, Target};
pub use messages::{Content, PlayAudio, RequestOptin, SayMsg, SendBroadcast, SendEmail, SendMsg};
pub use run::{Assignee, LocalOperation, OpenTicket, SetRunLocal, SetRunResult};
pub use sessions::{EnterFlow, Exclusions, Recipients, StartSession};

use uuid::Uuid;

use super::{
    ActionClass,
    read::{Object, Tree},
    write::Out,
};
use crate::error::DefinitionFault;

/// One thing that happens in a node.
#[derive(Clone, Debug)]
pub struct Action {
    /// Which action; its texts are translated by it.
    pub uuid: Uuid,
    /// What happens.
    pub kind: ActionKind,
}

/// What every action can do.
pub(super) trait Body: Sized {
    /// Reads its properties.
    fn read(object: &mut Object<'_>) -> Self;

    /// Writes its properties.
    fn write(&self, out: &mut Out);

    /// What can only be checked once all properties are well formed.
    fn check(&self) -> Result<(), DefinitionFault> {
        Ok(())
    }
}

impl Action {
    /// Reads an action as it stands in a definition, alone.
    ///
    /// # Errors
    /// Its properties that are wrong, or its type.
    pub fn read(json: &serde_json::Value) -> Result<Self, DefinitionFault> {
        Self::of_tree(&Tree::from(json))
    }

    /// As [`Action::read`], from JSON in the form that definitions are read from.
    pub(super) fn of_tree<'a>(json: &'a Tree<'a>) -> Result<Self, DefinitionFault> {
        let mut object = Object::new(json);
        let word = object.needed_word("type");
        let unknown = || DefinitionFault::UnknownType { what: "action", word: super::read::cut(word) };
        if word.is_empty() {
            return Err(object.finish().err().unwrap_or_else(unknown));
        }
        let uuid = object.uuid("uuid");
        let kind = read_body(word, &mut object).ok_or_else(unknown)?;
        object.finish()?;
        Ok(Self { uuid, kind })
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $class:ident;)*) => {
        /// What an action does.
        #[derive(Clone, Debug)]
        pub enum ActionKind {
            $($(#[$doc])* $name($name),)*
        }

        impl ActionKind {
            /// The words of the specification for all kinds.
            pub const WORDS: &'static [&'static str] = &[$($word),*];

            /// The word of the specification, e.g. `send_msg`.
            pub const fn word(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => $word,)*
                }
            }

            /// In which kinds of flow it may stand.
            pub const fn class(&self) -> ActionClass {
                match self {
                    $(Self::$name(_) => ActionClass::$class,)*
                }
            }

            /// What can only be checked once all properties are well formed.
            pub(super) fn check(&self) -> Result<(), DefinitionFault> {
                match self {
                    $(Self::$name(body) => body.check(),)*
                }
            }
        }

        fn read_body(word: &str, object: &mut Object<'_>) -> Option<ActionKind> {
            Some(match word {
                $($word => ActionKind::$name(Body::read(object)),)*
                _ => return None,
            })
        }

        /// Writes the properties of an action.
        pub(super) fn write_body(kind: &ActionKind, out: &mut Out) {
            match kind {
                $(ActionKind::$name(body) => body.write(out),)*
            }
        }
    };
}

kinds! {
    /// Puts the contact into groups.
    AddContactGroups = "add_contact_groups", Universal;
    /// Gives the contact a further address.
    AddContactUrn = "add_contact_urn", Universal;
    /// Labels the message that came in.
    AddInputLabels = "add_input_labels", Interactive;
    /// Classified a text; deprecated.
    CallClassifier = "call_classifier", Online;
    /// Asks a language model.
    CallLlm = "call_llm", Online;
    /// Calls the subscribers of a resthook.
    CallResthook = "call_resthook", Online;
    /// Calls an address of the web.
    CallWebhook = "call_webhook", Online;
    /// Goes into another flow.
    EnterFlow = "enter_flow", Universal;
    /// Opens a ticket.
    OpenTicket = "open_ticket", Online;
    /// Plays a recording.
    PlayAudio = "play_audio", Voice;
    /// Takes the contact out of groups.
    RemoveContactGroups = "remove_contact_groups", Universal;
    /// Asked for an opt-in; no longer supported.
    RequestOptin = "request_optin", Online;
    /// Says a text or plays its recording.
    SayMsg = "say_msg", Voice;
    /// Sends a message to others.
    SendBroadcast = "send_broadcast", Online;
    /// Sends an e-mail.
    SendEmail = "send_email", Online;
    /// Sends a message to the contact.
    SendMsg = "send_msg", Universal;
    /// Sets the channel that the contact is reached by.
    SetContactChannel = "set_contact_channel", Universal;
    /// Sets a field of the contact.
    SetContactField = "set_contact_field", Universal;
    /// Sets the language of the contact.
    SetContactLanguage = "set_contact_language", Universal;
    /// Sets the name of the contact.
    SetContactName = "set_contact_name", Universal;
    /// Sets the status of the contact.
    SetContactStatus = "set_contact_status", Universal;
    /// Sets the time zone of the contact.
    SetContactTimezone = "set_contact_timezone", Universal;
    /// Sets a local variable of the run.
    SetRunLocal = "set_run_local", Universal;
    /// Saves a result.
    SetRunResult = "set_run_result", Universal;
    /// Starts others in a flow.
    StartSession = "start_session", Online;
    /// Sends airtime to the contact.
    TransferAirtime = "transfer_airtime", Online;
}
