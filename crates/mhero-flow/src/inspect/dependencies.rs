//! What a flow refers to outside itself.

use std::{collections::HashSet, sync::Arc};

use mhero_core::Lang;
use mhero_expr::{Path, Template};
use serde::{Serialize, Serializer, ser::SerializeMap};
use uuid::Uuid;

use super::texts::{Translations, templates};
use crate::{
    definition::{Action, ActionKind, Assignee, Content, Flow, Node, Recipients, RouterKind, Target},
    refs::Reference,
};

/// The kind of a thing that a flow refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DependencyKind {
    /// A channel.
    Channel,
    /// A contact.
    Contact,
    /// A contact field.
    Field,
    /// Another flow.
    Flow,
    /// A global value.
    Global,
    /// A group.
    Group,
    /// A label of messages.
    Label,
    /// A language model.
    Llm,
    /// A message template.
    Template,
    /// A topic of tickets.
    Topic,
    /// A user.
    User,
}

/// Which one it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DependencyTarget {
    /// By its uuid.
    Uuid(Uuid),
    /// By its key: fields and globals.
    Key(Arc<str>),
}

/// A thing that a flow refers to. JSON: `{"uuid": "…", "name": "Farmers", "type": "group", "missing": true}`, or with `key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// What it is.
    pub kind: DependencyKind,
    /// Which one.
    pub target: DependencyTarget,
    /// What the flow calls it; expressions have no name for it.
    pub name: Arc<str>,
    /// Whether it is known not to be there.
    pub missing: bool,
}

/// Who knows what there is to refer to: the assets of the engine, the server's database, the list of an importer.
pub trait Known {
    /// Whether there is such a thing.
    fn knows(&self, kind: DependencyKind, target: &DependencyTarget) -> bool;
}

/// A dependency where it was found.
#[derive(Clone, Debug)]
pub(crate) struct Found<'f> {
    pub node: &'f Node,
    pub action: Option<&'f Action>,
    pub language: Option<Lang>,
    pub dependency: Dependency,
}

impl DependencyKind {
    /// The word of the specification, e.g. `group`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Channel => "channel",
            Self::Contact => "contact",
            Self::Field => "field",
            Self::Flow => "flow",
            Self::Global => "global",
            Self::Group => "group",
            Self::Label => "label",
            Self::Llm => "llm",
            Self::Template => "template",
            Self::Topic => "topic",
            Self::User => "user",
        }
    }
}

impl Dependency {
    fn uuid(kind: DependencyKind, reference: &Reference) -> Self {
        Self { kind, target: DependencyTarget::Uuid(reference.uuid), name: reference.name.clone(), missing: false }
    }

    fn key(kind: DependencyKind, key: &str, name: &str) -> Self {
        Self { kind, target: DependencyTarget::Key(key.into()), name: name.into(), missing: false }
    }
}

impl Serialize for Dependency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match &self.target {
            DependencyTarget::Uuid(uuid) => {
                map.serialize_entry("uuid", uuid)?;
                if !self.name.is_empty() {
                    map.serialize_entry("name", &*self.name)?;
                }
            }
            DependencyTarget::Key(key) => {
                map.serialize_entry("key", &**key)?;
                map.serialize_entry("name", &*self.name)?;
            }
        }
        map.serialize_entry("type", self.kind.word())?;
        if self.missing {
            map.serialize_entry("missing", &true)?;
        }
        map.end()
    }
}

/// What the expressions of a template refer to, in the order of reading: fields and globals, and the keys of results of the
/// parent.
pub fn template_dependencies(template: &Template) -> (Vec<Dependency>, Vec<Arc<str>>) {
    let (mut dependencies, mut parents) = (Vec::new(), Vec::new());
    for path in template.references() {
        dependencies.extend(of_path(&path).filter(|new| !dependencies.contains(new)));
        parents.extend(parent_ref(&path).map(Arc::from).filter(|new| !parents.contains(new)));
    }
    (dependencies, parents)
}

/// The field or global that a path reads.
fn of_path(path: &Path) -> Option<Dependency> {
    let steps: Vec<&str> = path.steps().iter().map(String::as_str).collect();
    match steps.as_slice() {
        ["globals", key, ..] => Some(Dependency::key(DependencyKind::Global, key, "")),
        ["fields", key, ..]
        | ["contact" | "parent" | "child", "fields", key, ..]
        | ["run" | "parent" | "child", "contact", "fields", key, ..] => {
            Some(Dependency::key(DependencyKind::Field, key, ""))
        }
        _ => None,
    }
}

/// The key of the parent's result that a path reads.
fn parent_ref(path: &Path) -> Option<&str> {
    match path.steps() {
        [parent, results, key, ..] if parent == "parent" && results == "results" => Some(key),
        _ => None,
    }
}

/// The keys of the parent's results that a flow reads, each once.
pub(super) fn parent_refs(flow: &Flow) -> Vec<Arc<str>> {
    let mut seen = HashSet::new();
    let paths = templates(flow).into_iter().flat_map(|located| located.text.references());
    let keys = paths.filter_map(|path| parent_ref(&path).map(Arc::from));
    keys.filter(|key: &Arc<str>| seen.insert(key.clone())).collect()
}

/// Every dependency of a flow with its place, also twice.
pub(crate) fn find(flow: &Flow) -> Vec<Found<'_>> {
    let translations = Translations::of(flow);
    let mut found = Vec::new();
    for node in &flow.nodes {
        for action in &node.actions {
            action_references(&action.kind, &mut |dependency| {
                found.push(Found { node, action: Some(action), language: None, dependency });
            });
        }
        found.extend(groups_of_cases(node).map(|dependency| Found { node, action: None, language: None, dependency }));
        for located in translations.templates(node) {
            let (dependencies, _) = template_dependencies(located.text);
            found.extend(dependencies.into_iter().map(|dependency| Found {
                node,
                action: located.action,
                language: located.language,
                dependency,
            }));
        }
    }
    found
}

/// The groups that the cases of a router test for: the uuid is their first argument, the name their second.
fn groups_of_cases(node: &Node) -> impl Iterator<Item = Dependency> {
    let cases = match node.router.as_ref().map(|router| &router.kind) {
        Some(RouterKind::Switch { cases, .. }) => cases.as_slice(),
        _ => &[],
    };
    cases.iter().filter(|case| &*case.test == "has_group").filter_map(|case| {
        let uuid = case.arguments.first()?.source().parse().ok()?;
        let name = case.arguments.get(1).map_or("", |name| name.source());
        Some(Dependency::uuid(DependencyKind::Group, &Reference::new(uuid, name)))
    })
}

/// What an action names.
fn action_references(action: &ActionKind, see: &mut dyn FnMut(Dependency)) {
    use DependencyKind as Kind;
    match action {
        ActionKind::AddContactGroups(it) => targets(&it.groups, Kind::Group, see),
        ActionKind::RemoveContactGroups(it) => targets(&it.groups, Kind::Group, see),
        ActionKind::AddInputLabels(it) => targets(&it.labels, Kind::Label, see),
        ActionKind::CallLlm(it) => see(Dependency::uuid(Kind::Llm, &it.llm)),
        ActionKind::EnterFlow(it) => see(Dependency::uuid(Kind::Flow, &it.flow)),
        ActionKind::OpenTicket(it) => {
            it.topic.iter().for_each(|topic| see(Dependency::uuid(Kind::Topic, topic)));
            if let Some(Assignee::User(user)) = &it.assignee {
                see(Dependency::uuid(Kind::User, user));
            }
        }
        ActionKind::SendBroadcast(it) => {
            recipients(&it.recipients, see);
            content(&it.content, see);
        }
        ActionKind::SendMsg(it) => content(&it.content, see),
        ActionKind::SetContactChannel(it) => {
            it.channel.iter().for_each(|channel| see(Dependency::uuid(Kind::Channel, channel)));
        }
        ActionKind::SetContactField(it) => see(Dependency::key(Kind::Field, &it.field.key, &it.field.name)),
        ActionKind::StartSession(it) => {
            recipients(&it.recipients, see);
            see(Dependency::uuid(Kind::Flow, &it.flow));
        }
        // The others name nothing, or what no longer exists.
        _ => {}
    }
}

fn targets(targets: &[Target], kind: DependencyKind, see: &mut dyn FnMut(Dependency)) {
    for target in targets {
        if let Target::Known(reference) = target {
            see(Dependency::uuid(kind, reference));
        }
    }
}

fn recipients(recipients: &Recipients, see: &mut dyn FnMut(Dependency)) {
    targets(&recipients.groups, DependencyKind::Group, see);
    recipients.contacts.iter().for_each(|contact| see(Dependency::uuid(DependencyKind::Contact, contact)));
}

fn content(content: &Content, see: &mut dyn FnMut(Dependency)) {
    content.template.iter().for_each(|template| see(Dependency::uuid(DependencyKind::Template, template)));
}
