//! What began a session or made it go on, and the last message, as expressions see them.

use std::sync::Arc;

use mhero_expr::{Object, Value};

use super::{
    Scene,
    contact::{id, instant},
    run::json,
    text,
};
use crate::{
    events::EventKind,
    session::Input,
    triggers::{Trigger, TriggerKind},
};

impl Scene<'_> {
    /// `@trigger`.
    pub(super) fn trigger(&self) -> Value {
        let trigger = &*self.session.trigger;
        let mut own = Own::default();
        match &trigger.kind {
            TriggerKind::Campaign { event } => own.campaign = self.campaign(&event.kind),
            TriggerKind::Manual { user, origin } => {
                own.user = user.as_ref().map_or(Value::Null, |user| self.user(user));
                own.origin = origin.as_ref().map(text);
            }
            TriggerKind::Msg { keyword_match: Some(found), .. } => own.keyword = Some(text(&found.keyword)),
            TriggerKind::Ticket { ticket, .. } => own.ticket = self.ticket(ticket),
            _ => {}
        }
        let properties = [
            ("campaign", own.campaign),
            ("keyword", own.keyword.unwrap_or_else(|| "".into())),
            ("origin", own.origin.unwrap_or_else(|| "".into())),
            ("params", params(trigger)),
            ("ticket", own.ticket),
            ("type", trigger.kind.name().into()),
            ("user", own.user),
        ];
        Object::new(properties).into()
    }

    /// `@resume`.
    pub(super) fn resume(&self) -> Value {
        let Some(resume) = self.resume else { return Value::Null };
        let dial = match &resume.event.kind {
            EventKind::DialEnded { dial } => {
                let properties =
                    [("duration", Value::from(i64::from(dial.duration))), ("status", dial.status.as_str().into())];
                Object::new(properties).into()
            }
            _ => Value::Null,
        };
        Object::new([("dial", dial), ("type", resume.kind.name().into())]).into()
    }

    /// `@input`.
    pub(super) fn input(&self) -> Value {
        let Some(input) = &self.session.input else { return Value::Null };
        let properties = [
            ("attachments", Value::array(input.attachments.iter().map(text))),
            ("channel", input.channel.as_ref().map_or(Value::Null, |channel| self.channel(channel))),
            ("created_on", instant(input.created_on)),
            ("external_id", text(&input.external_id)),
            ("payload", input.payload.as_deref().map_or_else(empty, json)),
            ("text", text(&input.text)),
            ("type", "msg".into()),
            ("urn", input.urn.as_ref().map_or(Value::Null, |urn| self.urn(urn))),
            ("uuid", id(input.uuid)),
        ];
        Object::new(properties).with_default(shown(input)).into()
    }

    fn campaign(&self, event: &EventKind) -> Value {
        let EventKind::CampaignFired { campaign, .. } = event else { return Value::Null };
        let now = self.assets.campaign(campaign.uuid).unwrap_or(campaign);
        Object::new([("name", text(&now.name)), ("uuid", id(now.uuid))]).into()
    }
}

#[derive(Default)]
struct Own {
    campaign: Value,
    keyword: Option<Value>,
    origin: Option<Value>,
    ticket: Value,
    user: Value,
}

/// What the starter handed over; a chat hands over the parameters of its event.
pub(super) fn params(trigger: &Trigger) -> Value {
    if let Some(params) = &trigger.params {
        return json(params);
    }
    if let TriggerKind::Chat { event } = &trigger.kind
        && let EventKind::ChatStarted { params: Some(params), .. } = &event.kind
    {
        let params = params.iter().map(|(key, value)| (key.clone(), json(value)));
        return Object::new(params.collect::<Vec<_>>()).into();
    }
    empty()
}

fn empty() -> Value {
    Object::default().into()
}

/// The text and the addresses of attachments, a line each.
fn shown(input: &Input) -> Value {
    if input.attachments.is_empty() {
        return text(&input.text);
    }
    let urls =
        input.attachments.iter().map(|attachment| attachment.split_once(':').map_or(&**attachment, |(_, url)| url));
    let lines: Vec<&str> = std::iter::once(&*input.text).filter(|text| !text.is_empty()).chain(urls).collect();
    Value::Text(Arc::from(lines.join("\n")))
}
