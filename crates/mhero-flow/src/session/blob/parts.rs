//! Triggers in storage. Those that most sessions begin with are short, the others are JSON.

use std::sync::Arc;

use serde_json::Map;

use super::{read::Reader, write::Writer};
use crate::{
    contact::Urn,
    events::{Event, EventKind, MsgIn},
    moment::Moment,
    refs::Reference,
    triggers::{KeywordMatch, KeywordMatchKind, Trigger, TriggerKind},
};

/// The bytes that say how a trigger is written.
mod form {
    pub(super) const JSON: u8 = 0;
    pub(super) const MANUAL: u8 = 1;
    pub(super) const MSG: u8 = 2;
}

impl Writer {
    pub(super) fn trigger(&mut self, trigger: &Trigger) {
        match &trigger.kind {
            TriggerKind::Manual { user, origin } => {
                self.byte(form::MANUAL);
                self.common(trigger);
                self.maybe(user.as_ref(), Self::reference);
                self.maybe(origin.as_ref(), Self::shared);
            }
            TriggerKind::Msg { event, keyword_match } if event.more.is_empty() => {
                let EventKind::MsgReceived { msg, ticket_uuid } = &event.kind else { return self.rare(trigger) };
                self.byte(form::MSG);
                self.common(trigger);
                self.uuid(event.uuid);
                self.instant(event.created_on);
                self.msg(msg);
                self.maybe(ticket_uuid.as_ref(), |out, ticket| out.uuid(*ticket));
                self.maybe(keyword_match.as_ref(), |out, found| {
                    out.byte(u8::from(found.kind == KeywordMatchKind::OnlyWord));
                    out.text(&found.keyword);
                });
            }
            _ => self.rare(trigger),
        }
    }

    fn rare(&mut self, trigger: &Trigger) {
        self.byte(form::JSON);
        self.json(trigger);
    }

    fn common(&mut self, trigger: &Trigger) {
        self.reference(&trigger.flow);
        self.instant(trigger.triggered_on.at);
        self.text(&if trigger.triggered_on.offset == 0 {
            String::new()
        } else {
            trigger.triggered_on.offset.to_string()
        });
        self.byte(u8::from(trigger.batch));
        self.maybe(trigger.params.as_ref(), Self::json);
        self.maybe(trigger.history.as_ref(), Self::json);
    }

    fn msg(&mut self, msg: &MsgIn) {
        self.maybe(msg.urn.as_ref(), |out, urn| out.text(&urn.to_string()));
        self.maybe(msg.channel.as_ref(), Self::reference);
        self.text(&msg.text);
        self.list(&msg.attachments, |out, attachment| out.text(attachment));
        self.text(&msg.external_id);
        self.maybe(msg.payload.as_ref(), Self::json);
    }

    pub(super) fn reference(&mut self, reference: &Reference) {
        self.uuid(reference.uuid);
        self.text(&reference.name);
    }
}

impl Reader<'_> {
    pub(super) fn trigger(&mut self) -> Option<Trigger> {
        match self.byte()? {
            form::JSON => self.json(),
            form::MANUAL => {
                let mut trigger = self.common()?;
                let user = self.maybe(Self::reference)?;
                trigger.kind = TriggerKind::Manual { user, origin: self.maybe(Self::shared)? };
                Some(trigger)
            }
            form::MSG => {
                let mut trigger = self.common()?;
                let (uuid, created_on) = (self.uuid()?, self.instant()?);
                let kind = EventKind::MsgReceived { msg: self.msg()?, ticket_uuid: self.maybe(Self::uuid)? };
                let keyword_match = self.maybe(|reader| {
                    let only = reader.byte()? == 1;
                    let kind = if only { KeywordMatchKind::OnlyWord } else { KeywordMatchKind::FirstWord };
                    Some(KeywordMatch { kind, keyword: reader.shared()? })
                })?;
                let event = Arc::new(Event { uuid, created_on, kind, more: Map::new() });
                trigger.kind = TriggerKind::Msg { event, keyword_match };
                Some(trigger)
            }
            _ => None,
        }
    }

    fn common(&mut self) -> Option<Trigger> {
        let flow = self.reference()?;
        let at = self.instant()?;
        let offset = match self.text()? {
            "" => 0,
            seconds => seconds.parse().ok()?,
        };
        let mut trigger = Trigger::manual(flow, Moment { at, offset });
        trigger.batch = self.byte()? == 1;
        trigger.params = self.maybe(Self::json)?;
        trigger.history = self.maybe(Self::json)?;
        Some(trigger)
    }

    fn msg(&mut self) -> Option<MsgIn> {
        Some(MsgIn {
            urn: self.maybe(|reader| Urn::parse(reader.text()?).ok())?,
            channel: self.maybe(Self::reference)?,
            text: self.shared()?,
            attachments: self.list(Self::shared)?,
            external_id: self.shared()?,
            payload: self.maybe(Self::json)?,
        })
    }

    pub(super) fn reference(&mut self) -> Option<Reference> {
        Some(Reference { uuid: self.uuid()?, name: self.shared()? })
    }
}
