//! What messages say: texts, attachments and quick replies, rendered and translated.

use std::{collections::BTreeMap, sync::Arc};

use mhero_core::Lang;
use uuid::Uuid;

use super::ActionContext;
use crate::{
    contact::truncated_with_dots,
    definition::{Content, Property, QuickReply, Text},
    environment::{Environment, locale},
    events::{MsgContent, Problem},
};

/// Characters of an attachment with its type and address.
const ATTACHMENT_CHARS_MAX: usize = 2048;
/// Characters that stand on a quick reply.
const QUICK_REPLY_CHARS_MAX: usize = 64;
/// Characters of what comes with a quick reply.
const QUICK_REPLY_EXTRA_CHARS_MAX: usize = 1000;

/// What a message says in the best of these languages, and the language of its text. Each property is translated by itself.
pub(super) fn rendered(
    context: &mut dyn ActionContext,
    uuid: Uuid,
    content: &Content,
    languages: &[Lang],
) -> (MsgContent, Lang) {
    let (texts, language) = context.translated(uuid, Property::Text, std::slice::from_ref(&content.text), languages);
    let text = texts.first().map_or_else(String::new, |template| context.text_of(template));
    let (attachments, _) = context.translated(uuid, Property::Attachments, &content.attachments, languages);
    let attachments = attachments.iter().filter_map(|template| attachment(context, template)).collect();
    let (replies, _) = context.translated(uuid, Property::QuickReplies, &content.quick_replies, languages);
    let quick_replies = replies.iter().filter_map(|template| quick_reply(context, template)).collect();
    (MsgContent { text: text.into(), attachments, quick_replies }, language)
}

/// The variables of a carrier's template in the best of these languages.
pub(super) fn variables(
    context: &mut dyn ActionContext,
    uuid: Uuid,
    content: &Content,
    languages: &[Lang],
) -> Vec<Arc<str>> {
    let (templates, _) = context.translated(uuid, Property::TemplateVariables, &content.template_variables, languages);
    templates.iter().map(|template| context.text_of(template).into()).collect()
}

fn attachment(context: &mut dyn ActionContext, template: &Text) -> Option<Arc<str>> {
    let text = context.text_of(template);
    let text = text.trim();
    if text.chars().nth(ATTACHMENT_CHARS_MAX).is_some() {
        let text = format!("Evaluated attachment is longer than the {ATTACHMENT_CHARS_MAX} limit and will be ignored");
        context.error(Problem::new(text));
        return None;
    }
    if !is_attachment(text) {
        context.error(Problem::new("Attachment evaluated to invalid value and will be ignored"));
        return None;
    }
    Some(text.into())
}

/// Whether a text is a type and an address: `image/jpeg:https://…`.
pub(super) fn is_attachment(text: &str) -> bool {
    text.split_once(':').is_some_and(|(kind, address)| !kind.trim().is_empty() && !address.trim().is_empty())
}

fn quick_reply(context: &mut dyn ActionContext, template: &Text) -> Option<QuickReply> {
    let text = context.text_of(template);
    let text = text.trim();
    if text.is_empty() {
        context.error(Problem::new("Quick reply evaluated to empty string and will be ignored"));
        return None;
    }
    let mut reply = QuickReply::parse(text);
    reply.text = truncated_with_dots(&reply.text, QUICK_REPLY_CHARS_MAX);
    reply.extra = truncated_with_dots(&reply.extra, QUICK_REPLY_EXTRA_CHARS_MAX);
    Some(reply)
}

/// A language with the country of the environment: `eng-US`.
pub fn locale_of(environment: &Environment, language: Lang) -> Arc<str> {
    locale(Some(language), environment.default_country.as_deref()).into()
}

/// What a broadcast says to a contact, and its locale. Each property comes from the first language that has it: the contact's
/// own where the installation allows it, the installation's default, the broadcast's own.
pub fn broadcast_content(
    translations: &BTreeMap<Lang, MsgContent>,
    base_language: Lang,
    contact_language: Option<Lang>,
    environment: &Environment,
) -> (MsgContent, Arc<str>) {
    let own = contact_language.filter(|language| environment.allowed_languages.contains(language));
    let languages = own.into_iter().chain(environment.default_language()).chain([base_language]);
    let mut content = MsgContent::default();
    let mut language = None;
    for tried in languages {
        let Some(there) = translations.get(&tried) else { continue };
        if content.text.is_empty() && !there.text.is_empty() {
            content.text = there.text.clone();
            language = Some(tried);
        }
        if content.attachments.is_empty() {
            content.attachments.clone_from(&there.attachments);
        }
        if content.quick_replies.is_empty() {
            content.quick_replies.clone_from(&there.quick_replies);
        }
    }
    (content, locale_of(environment, language.unwrap_or(base_language)))
}
