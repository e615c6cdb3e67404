//! The contact as expressions see it.

use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};
use mhero_expr::{ObfuscationKey, Object, Value, redacted_urn};
use mhero_text::phone::written_nationally;
use uuid::Uuid;

use super::{Scene, text};
use crate::{
    assets::{Field, FieldType},
    contact::{Contact, FieldValue, Ticket, Urn, shown_urn},
    refs::{ChannelRef, Reference},
};

/// The scheme of phone numbers.
const TEL: &str = "tel";

/// The schemes that `@urns` names, sorted.
const SCHEMES: [&str; 20] = [
    "bsuid",
    "ext",
    "facebook",
    "fcm",
    "freshchat",
    "instagram",
    "jiochat",
    "line",
    "mailto",
    "rocketchat",
    "slack",
    "tel",
    "telegram",
    "twitter",
    "twitterid",
    "viber",
    "vk",
    "webchat",
    "wechat",
    "whatsapp",
];

impl Scene<'_> {
    /// A contact: this one, or the one of a parent run in another session.
    pub(super) fn contact_value(&self, contact: &Contact, fields: Value) -> Value {
        let urns: Vec<Value> = contact.urns.iter().map(|urn| self.urn(urn)).collect();
        let zone = contact.timezone.as_ref().and_then(TimeZone::iana_name);
        let first_name = contact.name.split_whitespace().next().unwrap_or_default();
        let properties: [(&'static str, Value); 16] = [
            ("channel", self.preferred_channel(contact)),
            ("created_on", instant(contact.created_on)),
            ("fields", fields),
            ("first_name", first_name.into()),
            ("groups", Value::array(contact.groups.iter().map(|group| self.group(group)))),
            ("id", contact.id.to_string().into()),
            ("language", contact.language.map_or_else(|| "".into(), |language| language.as_str().into())),
            ("last_seen_on", contact.last_seen_on.map_or(Value::Null, instant)),
            ("name", text(&contact.name)),
            ("ref", self.reference(contact).into()),
            ("status", contact.status.word().into()),
            ("tickets", Value::array(contact.tickets.iter().filter(|t| t.is_open()).map(|t| self.ticket(t)))),
            ("timezone", zone.map_or(Value::Null, Value::from)),
            ("urn", self.preferred_urn(contact)),
            ("urns", Value::array(urns)),
            ("uuid", id(contact.uuid)),
        ];
        Object::new(properties)
            .with_default(self.shown_name(contact))
            .with_note("id", "@contact.id is deprecated, use @contact.ref instead")
            .with_note("tickets", "@contact.tickets is deprecated, use @ticket instead")
            .into()
    }

    /// What stands for the id of a contact; nothing where it has no number.
    fn reference(&self, contact: &Contact) -> String {
        let id = u64::try_from(contact.id).ok().filter(|id| *id > 0);
        let key = ObfuscationKey::new(self.environment.obfuscation_key);
        id.and_then(|id| key.reference(id)).unwrap_or_default()
    }

    /// What `@contact` alone says: the name, or what else people would know the contact by.
    pub(super) fn shown_name(&self, contact: &Contact) -> Value {
        if !contact.name.is_empty() {
            return text(&contact.name);
        }
        if self.environment.hides_urns() {
            return self.reference(contact).into();
        }
        contact.urns.first().map_or_else(|| "".into(), |urn| formatted(urn).into())
    }

    /// The fields of the installation with a contact's values.
    pub(super) fn fields(&self, contact: &Contact) -> Value {
        let mut lines = Vec::new();
        let properties: Vec<(String, Value)> = self
            .assets
            .fields()
            .iter()
            .map(|field| {
                let value = contact.field(&field.key).map_or(Value::Null, |value| field_value(field, value));
                if !value.is_null() {
                    lines.push(format!("{}: {}", field.name, value.to_text().unwrap_or_default()));
                }
                (field.key.to_string(), value)
            })
            .collect();
        lines.sort();
        Object::new(properties).with_default(lines.join("\n")).into()
    }

    /// The first address of each scheme.
    pub(super) fn urns(&self, contact: &Contact) -> Value {
        let first = |scheme: &str| contact.urns.iter().find(|urn| urn.scheme() == scheme);
        Object::new(SCHEMES.map(|scheme| (scheme, first(scheme).map_or(Value::Null, |urn| self.urn(urn))))).into()
    }

    /// An address, masked where the installation hides addresses.
    pub(super) fn urn(&self, urn: &Urn) -> Value {
        let shown = shown_urn(urn).to_string();
        if self.environment.hides_urns() { redacted_urn(&shown).into() } else { shown.into() }
    }

    /// `@ticket`.
    pub(super) fn open_ticket(&self) -> Value {
        self.contact.open_ticket().map_or(Value::Null, |ticket| self.ticket(ticket))
    }

    /// A ticket.
    pub(super) fn ticket(&self, ticket: &Ticket) -> Value {
        let topic = ticket.topic.as_ref().and_then(|topic| self.assets.topic(topic.uuid));
        let topic = topic.map_or(Value::Null, |topic| {
            Object::new([("name", text(&topic.name)), ("uuid", id(topic.uuid))]).with_default(text(&topic.name)).into()
        });
        let assignee = ticket.assignee.as_ref().map_or(Value::Null, |user| self.user(user));
        Object::new([("assignee", assignee), ("topic", topic), ("uuid", id(ticket.uuid))]).into()
    }

    /// A user; none where the account is gone.
    pub(super) fn user(&self, user: &Reference) -> Value {
        let Some(user) = self.assets.user(user.uuid) else { return Value::Null };
        let first_name = user.name.split_whitespace().next().unwrap_or_default();
        let shown = if user.name.is_empty() { text(&user.email) } else { text(&user.name) };
        let properties = [("email", text(&user.email)), ("first_name", first_name.into()), ("name", text(&user.name))];
        Object::new(properties).with_default(shown).into()
    }

    /// A channel; none where it is gone.
    pub(super) fn channel(&self, channel: &ChannelRef) -> Value {
        let Some(channel) = self.assets.channel(channel.uuid) else { return Value::Null };
        let properties =
            [("address", text(&channel.address)), ("name", text(&channel.name)), ("uuid", id(channel.uuid))];
        Object::new(properties).with_default(text(&channel.name)).into()
    }

    /// The first address that a channel reaches.
    fn preferred_urn(&self, contact: &Contact) -> Value {
        let mut urns = contact.urns.iter();
        urns.find(|urn| self.assets.channel_for(urn).is_some()).map_or(Value::Null, |urn| self.urn(urn))
    }

    fn preferred_channel(&self, contact: &Contact) -> Value {
        self.assets.preferred_channel(contact).map_or(Value::Null, |channel| self.channel(&channel.reference()))
    }

    fn group(&self, group: &Reference) -> Value {
        let name = self.assets.group(group.uuid).map_or_else(|| text(&group.name), |group| text(group.name()));
        Object::new([("name", name.clone()), ("uuid", id(group.uuid))]).with_default(name).into()
    }
}

/// A field's value by the field's type; none where the text is not of that type.
fn field_value(field: &Field, value: &FieldValue) -> Value {
    let place = |path: &Option<Arc<str>>| path.as_ref().map_or(Value::Null, text);
    match field.kind {
        FieldType::Text => text(&value.text),
        FieldType::Number => value.number.clone().map_or(Value::Null, Value::Number),
        FieldType::Datetime => value.datetime.clone().map_or(Value::Null, Value::DateTime),
        FieldType::State => place(&value.state),
        FieldType::District => place(&value.district),
        FieldType::Ward => place(&value.ward),
    }
}

/// An address as people write it.
fn formatted(urn: &Urn) -> String {
    let national = if urn.scheme() == TEL { written_nationally(urn.path()) } else { None };
    national.unwrap_or_else(|| if urn.display().is_empty() { urn.path() } else { urn.display() }.to_owned())
}

/// An id as text.
pub(super) fn id(uuid: Uuid) -> Value {
    let mut buffer = Uuid::encode_buffer();
    Value::text(&*uuid.hyphenated().encode_lower(&mut buffer))
}

/// An instant, in UTC as events have it.
pub(super) fn instant(at: Timestamp) -> Value {
    Value::DateTime(at.to_zoned(TimeZone::UTC))
}
