//! Which properties of actions and routers are written by people.

use std::slice;

use uuid::Uuid;

use crate::definition::{
    Action, ActionKind, Assignee, Content, Property, Recipients, Router, RouterKind, Target, Text, Wait,
};

/// One property that holds texts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<'f> {
    /// The item that translations name.
    pub item: Uuid,
    /// The property, e.g. `groups[*].name_match` or `text`.
    pub name: &'static str,
    /// The property that translates it, if any.
    pub translated: Option<Property>,
    /// The texts.
    pub texts: Texts<'f>,
}

/// The texts of a property.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Texts<'f> {
    /// Templates.
    Templates(&'f [Text]),
    /// A text that is held as a template and used as it stands.
    Held(&'f Text),
    /// A plain text.
    Plain(&'f str),
}

impl<'f> Piece<'f> {
    /// The templates, none where the texts are not evaluated.
    pub(crate) const fn templates(&self) -> &'f [Text] {
        match self.texts {
            Texts::Templates(texts) => texts,
            Texts::Held(_) | Texts::Plain(_) => &[],
        }
    }

    /// The texts as they are written.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &'f str> {
        let (templates, plain) = match self.texts {
            Texts::Templates(texts) => (texts, None),
            Texts::Held(text) => (&[][..], Some(text.source())),
            Texts::Plain(text) => (&[][..], Some(text)),
        };
        templates.iter().map(|text| text.source()).chain(plain)
    }
}

/// Shows the properties of an action that people write, in the order of the specification.
pub(crate) fn of_action<'f>(action: &'f Action, see: &mut dyn FnMut(Piece<'f>)) {
    let mut out = Out { item: action.uuid, see };
    match &action.kind {
        ActionKind::AddContactGroups(it) => out.targets("groups[*].name_match", &it.groups),
        ActionKind::RemoveContactGroups(it) => out.targets("groups[*].name_match", &it.groups),
        ActionKind::AddInputLabels(it) => out.targets("labels[*].name_match", &it.labels),
        ActionKind::AddContactUrn(it) => out.one("path", &it.path),
        ActionKind::CallClassifier(it) => out.one("input", &it.input),
        ActionKind::CallLlm(it) => {
            out.one("instructions", &it.instructions);
            out.one("input", &it.input);
        }
        ActionKind::CallWebhook(it) => {
            out.one("url", &it.url);
            it.headers.iter().for_each(|(_, value)| out.one("headers.*", value));
            it.body.iter().for_each(|body| out.one("body", body));
        }
        ActionKind::OpenTicket(it) => {
            if let Some(Assignee::Email(email)) = &it.assignee {
                out.one("assignee.email", email);
            }
            out.one("note", &it.note);
        }
        ActionKind::PlayAudio(it) => out.local(Property::AudioUrl, slice::from_ref(&it.audio_url)),
        ActionKind::SayMsg(it) => {
            out.local(Property::Text, slice::from_ref(&it.text));
            it.audio_url.iter().for_each(|url| out.held(Property::AudioUrl, Texts::Held(url)));
        }
        ActionKind::SendBroadcast(it) => {
            out.recipients(&it.recipients);
            out.content(&it.content);
        }
        ActionKind::SendEmail(it) => {
            out.plain("addresses[*]", &it.addresses);
            out.local(Property::Subject, slice::from_ref(&it.subject));
            out.local(Property::Body, slice::from_ref(&it.body));
        }
        ActionKind::SendMsg(it) => out.content(&it.content),
        ActionKind::SetContactField(it) => out.one("value", &it.value),
        ActionKind::SetContactLanguage(it) => out.one("language", &it.language),
        ActionKind::SetContactName(it) => out.one("name", &it.name),
        ActionKind::SetContactTimezone(it) => out.one("timezone", &it.timezone),
        ActionKind::SetRunLocal(it) => it.value.iter().for_each(|value| out.one("value", value)),
        ActionKind::SetRunResult(it) => {
            out.one("value", &it.value);
            out.held(Property::Category, Texts::Plain(&it.category));
        }
        ActionKind::StartSession(it) => out.recipients(&it.recipients),
        ActionKind::CallResthook(_)
        | ActionKind::EnterFlow(_)
        | ActionKind::RequestOptin(_)
        | ActionKind::SetContactChannel(_)
        | ActionKind::SetContactStatus(_)
        | ActionKind::TransferAirtime(_) => {}
    }
}

/// Shows the properties of a router that people write, in the order of the specification.
pub(crate) fn of_router<'f>(router: &'f Router, see: &mut dyn FnMut(Piece<'f>)) {
    if let RouterKind::Switch { operand, cases, .. } = &router.kind {
        Out { item: Uuid::nil(), see }.one("operand", operand);
        for case in cases {
            let texts = Texts::Templates(&case.arguments);
            let translated = Some(Property::Arguments);
            see(Piece { item: case.uuid, name: "cases[*].arguments", translated, texts });
        }
    }
    if let Some(Wait::Dial(dial)) = &router.wait {
        Out { item: Uuid::nil(), see }.one("wait.phone", &dial.phone);
    }
    for category in &router.categories {
        let texts = Texts::Plain(&category.name);
        see(Piece { item: category.uuid, name: "categories[*].name", translated: Some(Property::Name), texts });
    }
}

struct Out<'s, 'f> {
    item: Uuid,
    see: &'s mut dyn FnMut(Piece<'f>),
}

impl<'f> Out<'_, 'f> {
    /// Templates that nobody translates.
    fn plain(&mut self, name: &'static str, texts: &'f [Text]) {
        (self.see)(Piece { item: self.item, name, translated: None, texts: Texts::Templates(texts) });
    }

    fn one(&mut self, name: &'static str, text: &'f Text) {
        self.plain(name, slice::from_ref(text));
    }

    /// Templates that are translated.
    fn local(&mut self, property: Property, texts: &'f [Text]) {
        self.held(property, Texts::Templates(texts));
    }

    fn held(&mut self, property: Property, texts: Texts<'f>) {
        (self.see)(Piece { item: self.item, name: property.word(), translated: Some(property), texts });
    }

    fn targets(&mut self, name: &'static str, targets: &'f [Target]) {
        for target in targets {
            if let Target::NameMatch(text) = target {
                self.one(name, text);
            }
        }
    }

    fn recipients(&mut self, recipients: &'f Recipients) {
        self.targets("groups[*].name_match", &recipients.groups);
        recipients.contact_query.iter().for_each(|query| self.one("contact_query", query));
        self.plain("legacy_vars[*]", &recipients.legacy_vars);
    }

    fn content(&mut self, content: &'f Content) {
        self.local(Property::Text, slice::from_ref(&content.text));
        self.local(Property::Attachments, &content.attachments);
        self.local(Property::QuickReplies, &content.quick_replies);
        self.local(Property::TemplateVariables, &content.template_variables);
    }
}
