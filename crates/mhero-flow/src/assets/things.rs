//! The things that flows refer to.

use std::{collections::BTreeMap, sync::Arc};

use mhero_expr::{Hierarchy, Locations, Place};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::refs::{ChannelRef, FieldRef, Reference};

/// What a channel can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelRole {
    /// Send messages.
    Send,
    /// Receive messages.
    Receive,
    /// Make calls.
    Call,
    /// Take calls.
    Answer,
    /// Anything that we do not know.
    #[serde(other)]
    Other,
}

/// A way to people: a number at an operator, a page, a bot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Channel {
    /// The id.
    pub uuid: Uuid,
    /// The name.
    pub name: Arc<str>,
    /// The address of the channel itself.
    #[serde(default)]
    pub address: Arc<str>,
    /// The schemes of addresses that it reaches.
    #[serde(default)]
    pub schemes: Vec<Arc<str>>,
    /// What it can do.
    #[serde(default)]
    pub roles: Vec<ChannelRole>,
    /// What it can do beyond its roles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<Arc<str>>,
    /// The country of a channel of phone numbers, two capital letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Arc<str>>,
    /// Whether it reaches phone numbers of other countries.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub allow_international: bool,
    /// Beginnings of phone numbers that it is best for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub match_prefixes: Vec<Arc<str>>,
}

/// The type of a contact field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// Any text.
    #[default]
    Text,
    /// A number.
    Number,
    /// An instant.
    #[serde(alias = "date")]
    Datetime,
    /// A place of the second level.
    State,
    /// A place of the third level.
    District,
    /// A place of the fourth level.
    Ward,
}

/// A contact field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// The id.
    #[serde(default = "Uuid::nil")]
    pub uuid: Uuid,
    /// The key, in snake case.
    pub key: Arc<str>,
    /// The name.
    pub name: Arc<str>,
    /// The type.
    #[serde(rename = "type", default)]
    pub kind: FieldType,
}

/// A value that is the same for everybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Global {
    /// The key, in snake case.
    pub key: Arc<str>,
    /// The name.
    pub name: Arc<str>,
    /// The value.
    #[serde(default)]
    pub value: Arc<str>,
}

/// A group as it is written; [`super::Group`] has its query read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupSource {
    /// The id.
    pub uuid: Uuid,
    /// The name.
    pub name: Arc<str>,
    /// The query that decides who is in it; empty for a group that people are put into.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub query: Arc<str>,
}

/// A label of messages, a topic of tickets, a campaign, an opt-in, a classifier: an id and a name.
pub type Label = Reference;
/// A topic of tickets.
pub type Topic = Reference;
/// A campaign.
pub type Campaign = Reference;
/// An opt-in.
pub type OptIn = Reference;
/// A classifier.
pub type Classifier = Reference;

/// A language model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Llm {
    /// The id.
    pub uuid: Uuid,
    /// The name.
    pub name: Arc<str>,
    /// Who offers it.
    #[serde(rename = "type", default)]
    pub kind: Arc<str>,
    /// What it may be used for: `editing`, `engine`.
    #[serde(default)]
    pub roles: Vec<Arc<str>>,
}

/// A place, with those in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// The name.
    pub name: Arc<str>,
    /// Other names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<Arc<str>>,
    /// The places in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Location>,
}

/// Addresses of the web that want to know of something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resthook {
    /// The short name.
    pub slug: Arc<str>,
    /// The addresses.
    #[serde(default)]
    pub subscribers: Vec<Arc<str>>,
}

/// Somebody with an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The id.
    pub uuid: Uuid,
    /// The name.
    #[serde(default)]
    pub name: Arc<str>,
    /// The address.
    #[serde(default)]
    pub email: Arc<str>,
}

/// A template of messages that a carrier approved, in several languages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MsgTemplate {
    /// The id.
    pub uuid: Uuid,
    /// The name.
    pub name: Arc<str>,
    /// The translations, each for one channel.
    #[serde(default)]
    pub translations: Vec<MsgTemplateTranslation>,
}

/// A template in one language, for one channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MsgTemplateTranslation {
    /// The channel.
    pub channel: ChannelRef,
    /// The language, with the country where that matters: `eng-US`.
    pub locale: Arc<str>,
    /// The parts.
    #[serde(default)]
    pub components: Vec<MsgTemplateComponent>,
    /// The variables of all parts.
    #[serde(default)]
    pub variables: Vec<MsgTemplateVariable>,
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MsgTemplateComponent {
    /// The name: `header`, `body`, `button.1`.
    pub name: Arc<str>,
    /// `body/text`, `header/media`, `button/quick_reply`, `button/url` ...
    #[serde(rename = "type")]
    pub kind: Arc<str>,
    /// The text, with `{{1}}` for variables.
    #[serde(default)]
    pub content: Arc<str>,
    /// What is shown on a button.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub display: Arc<str>,
    /// Which variable, by its place in the list of all, stands at which name.
    #[serde(default)]
    pub variables: BTreeMap<Arc<str>, usize>,
}

/// A variable of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MsgTemplateVariable {
    /// `text`, `image`, `video`, `document`.
    #[serde(rename = "type")]
    pub kind: Arc<str>,
}

impl Channel {
    /// Whether it has a role.
    pub fn can(&self, role: ChannelRole) -> bool {
        self.roles.contains(&role)
    }

    /// The channel as others refer to it.
    pub fn reference(&self) -> ChannelRef {
        ChannelRef::new(self.uuid, self.name.clone())
    }
}

impl Field {
    /// The field as others refer to it.
    pub fn reference(&self) -> FieldRef {
        FieldRef::new(self.key.clone(), self.name.clone())
    }
}

impl User {
    /// The user as others refer to them.
    pub fn reference(&self) -> Reference {
        Reference::new(self.uuid, self.name.clone())
    }
}

/// The places of a country as expressions look them up; nothing where there are none.
pub(super) fn hierarchy(roots: &[Location]) -> Option<Arc<dyn Locations>> {
    fn place(location: &Location) -> Place {
        Place {
            name: location.name.to_string(),
            aliases: location.aliases.iter().map(ToString::to_string).collect(),
            children: location.children.iter().map(place).collect(),
        }
    }
    if roots.is_empty() {
        return None;
    }
    let roots: Vec<Place> = roots.iter().map(place).collect();
    Some(Arc::new(Hierarchy::new(&roots)))
}

const fn yes() -> bool {
    true
}
