//! `send_msg`

use uuid::Uuid;

use super::{
    ActionContext, content, locale_of,
    templating::{preview, templating},
};
use crate::{
    assets::{MsgTemplate, MsgTemplateTranslation},
    contact::{ContactStatus, shown_urn},
    definition::SendMsg,
    environment::locale,
    events::{EventKind, MsgOut, UnsendableReason},
    refs::ChannelRef,
};

/// Makes a message to the contact's preferred address. One that can't be sent is made too, with the reason.
pub(super) fn send(uuid: Uuid, action: &SendMsg, context: &mut dyn ActionContext) {
    let languages = context.languages();
    let (said, language) = content::rendered(context, uuid, &action.content, &languages);
    let route = context.assets().route(context.contact());
    let (urn, channel) = route.map(|(urn, channel)| (shown_urn(urn), channel.reference())).unzip();
    let mut msg = MsgOut {
        urn,
        channel,
        text: said.text,
        attachments: said.attachments,
        quick_replies: said.quick_replies,
        templating: None,
        locale: locale_of(context.environment(), language),
        unsendable_reason: None,
    };
    if let Some((template, translation)) = approved(action, msg.channel.as_ref(), context) {
        let values = content::variables(context, uuid, &action.content, &languages);
        let filled = templating(&template, &translation, &values);
        let shown = preview(&translation, &filled);
        msg.text = shown.text;
        msg.attachments = shown.attachments;
        msg.quick_replies = shown.quick_replies;
        msg.locale = translation.locale;
        msg.templating = Some(filled);
    }
    msg.unsendable_reason = unsendable(&msg, context);
    context.log(EventKind::MsgCreated { msg, broadcast_uuid: None, ticket_uuid: None });
}

/// The carrier's template and its best translation, if the channel has one.
fn approved(
    action: &SendMsg,
    channel: Option<&ChannelRef>,
    context: &dyn ActionContext,
) -> Option<(MsgTemplate, MsgTemplateTranslation)> {
    let template = context.assets().template(action.content.template.as_ref()?.uuid)?;
    let channel = channel?.uuid;
    let there: Vec<_> = template.translations.iter().filter(|one| one.channel.uuid == channel).collect();
    let locales: Vec<&str> = there.iter().map(|one| &*one.locale).collect();
    let country = context.environment().default_country.as_deref();
    let languages = context.languages();
    let preferred: Vec<String> = languages.iter().map(|language| locale(Some(*language), country)).collect();
    let best = there.get(mhero_text::best_locale(&preferred, &locales)?)?;
    Some((template.clone(), (*best).clone()))
}

fn unsendable(msg: &MsgOut, context: &mut dyn ActionContext) -> Option<UnsendableReason> {
    match context.contact().status {
        ContactStatus::Blocked => Some(UnsendableReason::ContactBlocked),
        ContactStatus::Stopped => Some(UnsendableReason::ContactStopped),
        ContactStatus::Archived => Some(UnsendableReason::ContactArchived),
        ContactStatus::Active if msg.urn.is_none() => Some(UnsendableReason::NoRoute),
        ContactStatus::Active => context.world().forbids(msg).then_some(UnsendableReason::ForbiddenContent),
    }
}
