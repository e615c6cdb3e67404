//! Actions that say something in a call.

use std::sync::Arc;

use mhero_core::Lang;
use uuid::Uuid;

use super::{ActionContext, locale_of};
use crate::{
    definition::{PlayAudio, Property, SayMsg},
    events::{EventKind, MsgOut, Problem},
};

/// `say_msg`: a text, or the recording of it where there is one.
pub(super) fn say(uuid: Uuid, action: &SayMsg, context: &mut dyn ActionContext) {
    let (template, language) = context.translated_text(uuid, Property::Text, &action.text);
    let text = context.text_of(&template);
    let own: Vec<_> = action.audio_url.iter().cloned().collect();
    let (urls, _) = context.translated(uuid, Property::AudioUrl, &own, &context.languages());
    let url = urls.first().map_or("", |url| url.source().trim()).to_owned();
    if text.is_empty() && url.is_empty() {
        return context.error(Problem::new("Can't say message without audio URL or backdown text"));
    }
    create(context, &text, &url, language);
}

/// `play_audio`
pub(super) fn play(uuid: Uuid, action: &PlayAudio, context: &mut dyn ActionContext) {
    let (template, language) = context.translated_text(uuid, Property::AudioUrl, &action.audio_url);
    let url = context.given(&template);
    if !url.whole {
        return;
    }
    let url = url.text.trim();
    if url.is_empty() {
        return context.error(Problem::new("Audio URL evaluated to empty, skipping"));
    }
    create(context, "", url, language);
}

fn create(context: &mut dyn ActionContext, text: &str, url: &str, language: Lang) {
    let call = context.call().cloned();
    let attachments = if url.is_empty() { Vec::new() } else { vec![Arc::from(format!("audio:{url}"))] };
    let locale = locale_of(context.environment(), language);
    context.log(EventKind::IvrCreated {
        msg: MsgOut {
            urn: call.as_ref().map(|call| call.urn.clone()),
            channel: call.map(|call| call.channel),
            text: text.into(),
            attachments,
            quick_replies: Vec::new(),
            templating: None,
            locale,
            unsendable_reason: None,
        },
    });
}
