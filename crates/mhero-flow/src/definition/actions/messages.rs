//! Actions that say something.

use super::Recipients;
use crate::{
    definition::Text,
    refs::{OptInRef, TemplateRef},
};

/// What a message says. Text, attachments and quick replies are translated by the action's uuid.
#[derive(Clone, Debug)]
pub struct Content {
    /// The text, which may be empty.
    pub text: Text,
    /// Attachments, each `type:address`.
    pub attachments: Vec<Text>,
    /// Quick replies, each in short form, see [`QuickReply::parse`](crate::definition::QuickReply::parse).
    pub quick_replies: Vec<Text>,
    /// The carrier's message template to use where the channel has it.
    pub template: Option<TemplateRef>,
    /// The variables of that template.
    pub template_variables: Vec<Text>,
}

/// `send_msg`.
#[derive(Clone, Debug)]
pub struct SendMsg {
    /// What it says.
    pub content: Content,
}

/// `send_broadcast`.
#[derive(Clone, Debug)]
pub struct SendBroadcast {
    /// What it says.
    pub content: Content,
    /// To whom.
    pub recipients: Recipients,
}

/// `send_email`.
#[derive(Clone, Debug)]
pub struct SendEmail {
    /// To whom.
    pub addresses: Vec<Text>,
    /// The subject.
    pub subject: Text,
    /// The text.
    pub body: Text,
}

/// `say_msg`.
#[derive(Clone, Debug)]
pub struct SayMsg {
    /// The text to say.
    pub text: Text,
    /// The recording to play instead; no template, but translated.
    pub audio_url: Option<Text>,
}

/// `play_audio`.
#[derive(Clone, Debug)]
pub struct PlayAudio {
    /// The recording.
    pub audio_url: Text,
}

/// `request_optin`: no longer works, kept so that old flows load.
#[derive(Clone, Debug)]
pub struct RequestOptin {
    /// The opt-in.
    pub optin: OptInRef,
}
