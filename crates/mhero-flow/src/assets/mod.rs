//! Assets: everything that flows refer to, shared by all sessions.

mod flows;
mod group;
mod route;
mod static_assets;
mod things;

use std::{collections::HashMap, fmt, sync::Arc};

use mhero_expr::Locations;
use uuid::Uuid;

pub use flows::{FlowError, FlowSource, LoadedFlows};
pub use group::Group;
pub use static_assets::StaticAssets;
pub use things::{
    Campaign, Channel, ChannelRole, Classifier, Field, FieldType, Global, GroupSource, Label, Llm, Location,
    MsgTemplate, MsgTemplateComponent, MsgTemplateTranslation, MsgTemplateVariable, OptIn, Resthook, Topic, User,
};

use crate::definition::Flow;

/// Everything that flows refer to. A copy is cheap.
#[derive(Clone)]
pub struct Assets(Arc<Inner>, Arc<dyn FlowSource>);

struct Inner {
    source: StaticAssets,
    groups: Vec<Group>,
    locations: Option<Arc<dyn Locations>>,
    channels_by: HashMap<Uuid, usize>,
    fields_by: HashMap<Arc<str>, usize>,
    groups_by: HashMap<Uuid, usize>,
    templates_by: HashMap<Uuid, usize>,
}

impl Assets {
    /// Assets with their indexes, and a source of flows.
    pub fn new(source: StaticAssets, flows: Arc<dyn FlowSource>) -> Self {
        let index = |ids: Vec<Uuid>| ids.into_iter().enumerate().map(|(at, id)| (id, at)).collect();
        let inner = Inner {
            groups: source.groups.iter().cloned().map(Group::new).collect(),
            locations: things::hierarchy(&source.locations),
            channels_by: index(source.channels.iter().map(|one| one.uuid).collect()),
            fields_by: source.fields.iter().enumerate().map(|(at, field)| (field.key.clone(), at)).collect(),
            groups_by: index(source.groups.iter().map(|one| one.uuid).collect()),
            templates_by: index(source.templates.iter().map(|one| one.uuid).collect()),
            source,
        };
        Self(Arc::new(inner), flows)
    }

    /// The same things with other flows: sessions that are pinned to revisions share all but those.
    #[must_use]
    pub fn with_flows(&self, flows: Arc<dyn FlowSource>) -> Self {
        Self(Arc::clone(&self.0), flows)
    }

    /// A flow.
    ///
    /// # Errors
    /// [`FlowError`] when there is no such flow, or it can't be read.
    pub fn flow(&self, uuid: Uuid) -> Result<Arc<Flow>, FlowError> {
        self.1.flow(uuid)
    }

    /// Where flows come from.
    pub fn flows(&self) -> &dyn FlowSource {
        &*self.1
    }

    /// The channels.
    pub fn channels(&self) -> &[Channel] {
        &self.0.source.channels
    }

    /// A channel.
    pub fn channel(&self, uuid: Uuid) -> Option<&Channel> {
        self.0.channels_by.get(&uuid).map(|at| &self.0.source.channels[*at])
    }

    /// The contact fields.
    pub fn fields(&self) -> &[Field] {
        &self.0.source.fields
    }

    /// The field of a key.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.0.fields_by.get(key).map(|at| &self.0.source.fields[*at])
    }

    /// The groups.
    pub fn groups(&self) -> &[Group] {
        &self.0.groups
    }

    /// A group.
    pub fn group(&self, uuid: Uuid) -> Option<&Group> {
        self.0.groups_by.get(&uuid).map(|at| &self.0.groups[*at])
    }

    /// The group of a name; letter case does not count.
    pub fn group_named(&self, name: &str) -> Option<&Group> {
        let name = name.to_lowercase();
        self.0.groups.iter().find(|group| group.name().to_lowercase() == name)
    }

    /// The globals.
    pub fn globals(&self) -> &[Global] {
        &self.0.source.globals
    }

    /// The global of a key.
    pub fn global(&self, key: &str) -> Option<&Global> {
        self.0.source.globals.iter().find(|global| &*global.key == key)
    }

    /// The labels.
    pub fn labels(&self) -> &[Label] {
        &self.0.source.labels
    }

    /// A label.
    pub fn label(&self, uuid: Uuid) -> Option<&Label> {
        self.0.source.labels.iter().find(|label| label.uuid == uuid)
    }

    /// The label of a name; letter case does not count.
    pub fn label_named(&self, name: &str) -> Option<&Label> {
        let name = name.to_lowercase();
        self.0.source.labels.iter().find(|label| label.name.to_lowercase() == name)
    }

    /// The places, where there are any.
    pub fn locations(&self) -> Option<&Arc<dyn Locations>> {
        self.0.locations.as_ref()
    }

    /// A language model.
    pub fn llm(&self, uuid: Uuid) -> Option<&Llm> {
        self.0.source.llms.iter().find(|llm| llm.uuid == uuid)
    }

    /// The resthook of a short name; letter case does not count.
    pub fn resthook(&self, slug: &str) -> Option<&Resthook> {
        self.0.source.resthooks.iter().find(|resthook| resthook.slug.eq_ignore_ascii_case(slug))
    }

    /// A template of messages.
    pub fn template(&self, uuid: Uuid) -> Option<&MsgTemplate> {
        self.0.templates_by.get(&uuid).map(|at| &self.0.source.templates[*at])
    }

    /// The topics of tickets, of which the first is the default.
    pub fn topics(&self) -> &[Topic] {
        &self.0.source.topics
    }

    /// A topic.
    pub fn topic(&self, uuid: Uuid) -> Option<&Topic> {
        self.0.source.topics.iter().find(|topic| topic.uuid == uuid)
    }

    /// The topic of a name; letter case does not count.
    pub fn topic_named(&self, name: &str) -> Option<&Topic> {
        let name = name.to_lowercase();
        self.0.source.topics.iter().find(|topic| topic.name.to_lowercase() == name)
    }

    /// The users.
    pub fn users(&self) -> &[User] {
        &self.0.source.users
    }

    /// A user.
    pub fn user(&self, uuid: Uuid) -> Option<&User> {
        self.0.source.users.iter().find(|user| user.uuid == uuid)
    }

    /// The user of a mail address; letter case does not count.
    pub fn user_by_email(&self, email: &str) -> Option<&User> {
        let email = email.to_lowercase();
        self.0.source.users.iter().find(|user| user.email.to_lowercase() == email)
    }

    /// A campaign.
    pub fn campaign(&self, uuid: Uuid) -> Option<&Campaign> {
        self.0.source.campaigns.iter().find(|campaign| campaign.uuid == uuid)
    }

    /// A classifier.
    pub fn classifier(&self, uuid: Uuid) -> Option<&Classifier> {
        self.0.source.classifiers.iter().find(|classifier| classifier.uuid == uuid)
    }

    /// An opt-in.
    pub fn optin(&self, uuid: Uuid) -> Option<&OptIn> {
        self.0.source.optins.iter().find(|optin| optin.uuid == uuid)
    }
}

/// How many things there are.
impl fmt::Debug for Assets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Assets")
            .field("channels", &self.channels().len())
            .field("fields", &self.fields().len())
            .field("groups", &self.groups().len())
            .finish_non_exhaustive()
    }
}
