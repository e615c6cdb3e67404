//! Actions that say something.

use super::{Body, Recipients};
use crate::{
    definition::{Text, limits, read::Object, write::Out},
    error::Rule,
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

impl Content {
    fn read(object: &mut Object<'_>) -> Self {
        Self {
            text: object.needed_text("text", limits::TEXT_LENGTH_MAX),
            attachments: object.texts("attachments", limits::TEXT_LENGTH_MAX),
            quick_replies: object.texts("quick_replies", limits::QUICK_REPLY_LENGTH_MAX),
            template: object.some_reference("template"),
            template_variables: object.texts("template_variables", limits::TEXT_LENGTH_MAX),
        }
    }

    fn write(&self, out: &mut Out) {
        out.put_text("text", &self.text);
        out.put_texts("attachments", &self.attachments);
        out.put_texts("quick_replies", &self.quick_replies);
        out.put_some("template", self.template.as_ref());
        out.put_texts("template_variables", &self.template_variables);
    }
}

impl Body for SendMsg {
    fn read(object: &mut Object<'_>) -> Self {
        Self { content: Content::read(object) }
    }

    fn write(&self, out: &mut Out) {
        self.content.write(out);
    }
}

impl Body for SendBroadcast {
    fn read(object: &mut Object<'_>) -> Self {
        Self { recipients: Recipients::read(object), content: Content::read(object) }
    }

    fn write(&self, out: &mut Out) {
        self.recipients.write(out);
        self.content.write(out);
    }
}

impl Body for SendEmail {
    fn read(object: &mut Object<'_>) -> Self {
        object.need("addresses");
        let addresses = object.texts("addresses", limits::TEXT_LENGTH_MAX);
        if addresses.is_empty() && object.get("addresses").is_some_and(|json| json.as_list().is_some()) {
            object.fault("addresses", Rule::AtLeast(1));
        }
        Self {
            addresses,
            subject: object.needed_text("subject", limits::TEXT_LENGTH_MAX),
            body: object.needed_text("body", limits::TEXT_LENGTH_MAX),
        }
    }

    fn write(&self, out: &mut Out) {
        out.put_texts("addresses", &self.addresses);
        out.put_text("subject", &self.subject);
        out.put_text("body", &self.body);
    }
}

impl Body for SayMsg {
    fn read(object: &mut Object<'_>) -> Self {
        Self {
            text: object.needed_text("text", limits::TEXT_LENGTH_MAX),
            audio_url: object.some_text("audio_url", limits::URL_LENGTH_MAX),
        }
    }

    fn write(&self, out: &mut Out) {
        out.put_text("text", &self.text);
        out.put_some_text("audio_url", self.audio_url.as_ref());
    }
}

impl Body for PlayAudio {
    fn read(object: &mut Object<'_>) -> Self {
        Self { audio_url: object.needed_text("audio_url", limits::URL_LENGTH_MAX) }
    }

    fn write(&self, out: &mut Out) {
        out.put_text("audio_url", &self.audio_url);
    }
}

impl Body for RequestOptin {
    fn read(object: &mut Object<'_>) -> Self {
        Self { optin: object.reference("optin") }
    }

    fn write(&self, out: &mut Out) {
        out.put_as("optin", &self.optin);
    }
}
