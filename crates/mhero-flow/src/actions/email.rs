//! `send_email`

use std::sync::Arc;

use uuid::Uuid;

use super::{ActionContext, ActionFlow};
use crate::{
    definition::{Property, SendEmail},
    effects::{EffectAnswer, Request},
    events::{EventKind, Problem},
};

/// The scheme of mail addresses, which is no part of the address itself.
const MAILTO: &str = "mailto:";

pub(super) fn send(uuid: Uuid, action: &SendEmail, context: &mut dyn ActionContext) -> ActionFlow {
    let (subject, _) = context.translated_text(uuid, Property::Subject, &action.subject);
    let subject = context.text_of(&subject);
    let subject: Arc<str> = subject.split_whitespace().collect::<Vec<_>>().join(" ").into();
    if subject.is_empty() {
        return skipped(context, "Email subject evaluated to empty string, skipping");
    }
    let (body, _) = context.translated_text(uuid, Property::Body, &action.body);
    let body: Arc<str> = context.text_of(&body).into();
    if body.is_empty() {
        return skipped(context, "Email body evaluated to empty string, skipping");
    }
    let mut to: Vec<Arc<str>> = Vec::new();
    for template in &action.addresses {
        let address = context.text_of(template);
        let address = address.trim();
        let address = address.strip_prefix(MAILTO).unwrap_or(address);
        if address.is_empty() {
            context.error(Problem::new("Email address evaluated to empty string, skipping"));
        } else {
            to.push(address.into());
        }
    }
    if to.is_empty() {
        return ActionFlow::Done;
    }
    ActionFlow::Effect(Request::Email { to, subject, body })
}

fn skipped(context: &mut dyn ActionContext, why: &str) -> ActionFlow {
    context.error(Problem::new(why));
    ActionFlow::Done
}

pub(super) fn answered(
    context: &mut dyn ActionContext,
    to: &[Arc<str>],
    subject: &Arc<str>,
    body: &Arc<str>,
    answer: EffectAnswer,
) {
    match answer {
        EffectAnswer::Email(Ok(())) => {
            context.log(EventKind::EmailSent { to: to.to_vec(), subject: subject.clone(), body: body.clone() });
        }
        EffectAnswer::Email(Err(why)) => context.error(Problem::new(why)),
        _ => context.error(Problem::new("unable to send email")),
    }
}
