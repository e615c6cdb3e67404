//! What stands in the box of each node, and how large that makes it.

use super::{Word, Words, escape::shortened};
use crate::{
    definition::{ActionKind, Assignee, Flow, Node, Recipients, Router, RouterKind, Target, Text, Wait},
    refs::Reference,
};

/// Units from one line to the next.
pub(super) const LINE_HEIGHT: i32 = 18;
/// Units of a box above and below its lines together.
pub(super) const PADDING: i32 = 14;
/// Units of the row of ways out.
pub(super) const PORT_HEIGHT: i32 = 22;
/// Units of the narrowest way out.
const PORT_WIDTH: i32 = 92;
/// Units of the narrowest box.
const WIDTH_MIN: i32 = 248;
/// Units that a letter takes, as a rule.
const LETTER_WIDTH: i32 = 7;
/// Lines of a box; the rest is counted.
const LINES_MAX: usize = 10;
/// Ways out of a box; the last gathers the rest.
const PORTS_MAX: usize = 8;
/// Characters of a line in the outline.
const TOLD_MAX: usize = 240;

/// The box of a node.
pub(super) struct NodeBox {
    /// What it does in full, one line an action, a wait or a case.
    pub(super) told: Vec<String>,
    /// The same as far as it fits.
    pub(super) lines: Vec<String>,
    /// The ways out.
    pub(super) ports: Vec<Port>,
    /// Units from left to right.
    pub(super) width: i32,
    /// Units from top to bottom.
    pub(super) height: i32,
}

/// A way out of a box: one exit, or the last of many.
pub(super) struct Port {
    /// The names of its categories.
    pub(super) name: String,
    /// The places of its exits.
    pub(super) exits: Vec<usize>,
    /// The places of the nodes it leads to, each once; none where it ends.
    pub(super) to: Vec<usize>,
}

/// The boxes of a flow.
pub(super) fn of_flow(flow: &Flow, words: &dyn Words) -> Vec<NodeBox> {
    flow.nodes.iter().map(|node| of_node(node, words)).collect()
}

fn of_node(node: &Node, words: &dyn Words) -> NodeBox {
    let ports = ports(node, words);
    let width = WIDTH_MIN.max(PORT_WIDTH * size(ports.len()));
    let told: Vec<String> = told(node, words).iter().map(|line| shortened(line, TOLD_MAX)).collect();
    let letters = usize::try_from((width - PADDING) / LETTER_WIDTH).unwrap_or_default();
    let mut lines: Vec<String> = told.iter().take(LINES_MAX).map(|line| shortened(line, letters)).collect();
    if told.len() > LINES_MAX {
        lines.push(words.say(Word::More(told.len() - LINES_MAX)));
    }
    // The title has a line too.
    let height = PADDING + LINE_HEIGHT * (size(lines.len()) + 1) + PORT_HEIGHT;
    NodeBox { told, lines, ports, width, height }
}

/// A count as a length; counts here are small.
fn size(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX / 1024)
}

fn ports(node: &Node, words: &dyn Words) -> Vec<Port> {
    let mut ports: Vec<Port> = Vec::new();
    for (n, exit) in node.exits.iter().enumerate() {
        let names = node.router.iter().flat_map(|router| &router.categories).filter(|category| category.exit == n);
        let name = names.map(|category| &*category.name).collect::<Vec<_>>().join(", ");
        if ports.len() < PORTS_MAX {
            ports.push(Port { name, exits: vec![n], to: exit.destination.into_iter().collect() });
        } else if let Some(last) = ports.last_mut() {
            last.exits.push(n);
            if let Some(to) = exit.destination.filter(|to| !last.to.contains(to)) {
                last.to.push(to);
            }
        }
    }
    if let Some(last) = ports.last_mut().filter(|last| last.exits.len() > 1) {
        last.name = words.say(Word::More(last.exits.len()));
    }
    ports
}

/// What a node does, one line each.
fn told(node: &Node, words: &dyn Words) -> Vec<String> {
    let mut lines: Vec<String> = node
        .actions
        .iter()
        .map(|action| with(words.say(Word::Action(action.kind.word())), &summary(&action.kind)))
        .collect();
    if let Some(router) = &node.router {
        tell_router(router, words, &mut lines);
    }
    if lines.is_empty() {
        lines.push(words.say(Word::Nothing));
    }
    lines
}

fn with(label: String, what: &str) -> String {
    if what.trim().is_empty() { label } else { format!("{label}: {what}") }
}

fn tell_router(router: &Router, words: &dyn Words, lines: &mut Vec<String>) {
    match (&router.wait, &router.kind) {
        (Some(Wait::Msg(_)), _) => lines.push(words.say(Word::WaitMessage)),
        (Some(Wait::Dial(dial)), _) => lines.push(with(words.say(Word::WaitDial), dial.phone.source())),
        (None, RouterKind::Switch { operand, .. }) => lines.push(words.say(Word::Choice(operand.source()))),
        (None, RouterKind::Random) => lines.push(words.say(Word::Chance)),
    }
    if let Some(name) = &router.result_name {
        lines.push(words.say(Word::Result(name)));
    }
    let name = |place: usize| router.categories.get(place).map_or("", |category| &*category.name);
    if let RouterKind::Switch { cases, default_category, .. } = &router.kind {
        for case in cases {
            let condition = words.say(Word::Case(&case.test, &joined(&case.arguments)));
            lines.push(format!("{condition} → {}", name(case.category)));
        }
        if let Some(default) = default_category.filter(|_| !cases.is_empty()) {
            lines.push(format!("{} → {}", words.say(Word::Otherwise), name(default)));
        }
    }
    if let Some((seconds, category)) = router.timeout() {
        lines.push(format!("{} → {}", words.say(Word::Timeout(seconds)), category.name));
    }
}

/// What an action is about, in its author's words.
fn summary(kind: &ActionKind) -> String {
    match kind {
        ActionKind::AddContactGroups(action) => targets(&action.groups),
        ActionKind::RemoveContactGroups(action) => targets(&action.groups),
        ActionKind::AddInputLabels(action) => targets(&action.labels),
        ActionKind::AddContactUrn(action) => format!("{}:{}", action.scheme, action.path.source()),
        ActionKind::CallClassifier(action) => action.input.source().to_owned(),
        ActionKind::CallLlm(action) => format!("{}: {}", called(&action.llm), action.instructions.source()),
        ActionKind::CallResthook(action) => action.resthook.to_string(),
        ActionKind::CallWebhook(action) => format!("{} {}", action.method, action.url.source()),
        ActionKind::EnterFlow(action) => called(&action.flow).to_owned(),
        ActionKind::OpenTicket(action) => match (&action.assignee, &action.topic) {
            _ if !action.note.source().is_empty() => action.note.source().to_owned(),
            (Some(Assignee::Email(email)), _) => email.source().to_owned(),
            (Some(Assignee::User(user)), _) => called(user).to_owned(),
            (None, topic) => topic.as_ref().map_or("", called).to_owned(),
        },
        ActionKind::PlayAudio(action) => action.audio_url.source().to_owned(),
        ActionKind::RequestOptin(action) => called(&action.optin).to_owned(),
        ActionKind::SayMsg(action) => action.text.source().to_owned(),
        ActionKind::SendBroadcast(action) => {
            format!("{} ← {}", recipients(&action.recipients), action.content.text.source())
        }
        ActionKind::SendEmail(action) => format!("{} ← {}", joined(&action.addresses), action.subject.source()),
        ActionKind::SendMsg(action) => action.content.text.source().to_owned(),
        ActionKind::SetContactChannel(action) => action.channel.as_ref().map_or("", called).to_owned(),
        ActionKind::SetContactField(action) => {
            let name = if action.field.name.is_empty() { &action.field.key } else { &action.field.name };
            format!("{name} = {}", action.value.source())
        }
        ActionKind::SetContactLanguage(action) => action.language.source().to_owned(),
        ActionKind::SetContactName(action) => action.name.source().to_owned(),
        ActionKind::SetContactStatus(action) => action.status.word().to_owned(),
        ActionKind::SetContactTimezone(action) => action.timezone.source().to_owned(),
        ActionKind::SetRunLocal(action) => {
            format!("{} = {}", action.local, action.value.as_ref().map_or("", |value| value.source()))
        }
        ActionKind::SetRunResult(action) => format!("{} = {}", action.name, action.value.source()),
        ActionKind::StartSession(action) => {
            format!("{} ← {}", recipients(&action.recipients), called(&action.flow))
        }
        ActionKind::TransferAirtime(action) => {
            let amounts = action.amounts.iter().map(|(currency, amount)| format!("{amount} {currency}"));
            amounts.collect::<Vec<_>>().join(", ")
        }
    }
}

fn called(reference: &Reference) -> &str {
    &reference.name
}

fn targets(targets: &[Target]) -> String {
    let name = |target: &Target| match target {
        Target::Known(known) => known.name.to_string(),
        Target::NameMatch(text) => text.source().to_owned(),
    };
    targets.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn recipients(to: &Recipients) -> String {
    let groups = (!to.groups.is_empty()).then(|| targets(&to.groups));
    let contacts = to.contacts.iter().map(|contact| contact.name.to_string());
    let query = to.contact_query.iter().map(|query| query.source().to_owned());
    let urns = to.urns.iter().map(|urn| urn.to_string());
    let old = (!to.legacy_vars.is_empty()).then(|| joined(&to.legacy_vars));
    groups.into_iter().chain(contacts).chain(query).chain(urns).chain(old).collect::<Vec<_>>().join(", ")
}

fn joined(texts: &[Text]) -> String {
    texts.iter().map(|text| text.source()).collect::<Vec<_>>().join(", ")
}
