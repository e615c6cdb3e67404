//! Where the ways of a flow lead: dead ends, nodes without a way to them, circles without a wait.

use crate::definition::{ActionKind, Flow, FlowKind, Node, Wait};

use super::finding::{Finding, FindingKind};

/// What the ways of a node need to be known of it.
pub(super) struct Way {
    /// The nodes that its exits lead to, each once; ends of the flow are left out.
    pub next: Vec<usize>,
    /// Whether an exit ends the flow.
    ends: bool,
    /// Whether it waits, itself or in a flow that it enters.
    waits: bool,
    /// Whether the person hears something here, or might in a flow that it enters.
    speaks: bool,
}

impl Way {
    fn of(node: &Node) -> Self {
        let mut next: Vec<_> = node.exits.iter().filter_map(|exit| exit.destination).collect();
        next.sort_unstable();
        next.dedup();
        let enters = node.actions.iter().any(|action| matches!(action.kind, ActionKind::EnterFlow(_)));
        // Whoever gets a ticket answers it.
        let words = |kind: &ActionKind| {
            use ActionKind as Kind;
            matches!(kind, Kind::SendMsg(_) | Kind::SayMsg(_) | Kind::PlayAudio(_) | Kind::OpenTicket(_))
        };
        Self {
            next,
            ends: node.exits.iter().any(|exit| exit.destination.is_none()),
            waits: enters || node.router.as_ref().is_some_and(|router| router.wait.is_some()),
            speaks: enters || node.actions.iter().any(|action| words(&action.kind)),
        }
    }
}

/// The ways of a flow, by node.
pub(super) fn ways(flow: &Flow) -> Vec<Way> {
    flow.nodes.iter().map(Way::of).collect()
}

/// The nodes that can be reached from some, which count themselves. Nothing is followed beyond a node that `stops`.
pub(super) fn reached(ways: &[Way], from: impl IntoIterator<Item = usize>, stops: impl Fn(usize) -> bool) -> Vec<bool> {
    let mut seen = vec![false; ways.len()];
    let mut open: Vec<usize> = from.into_iter().filter(|at| *at < ways.len()).collect();
    while let Some(at) = open.pop() {
        if std::mem::replace(&mut seen[at], true) || stops(at) {
            continue;
        }
        open.extend(ways[at].next.iter().copied().filter(|next| !seen[*next]));
    }
    seen
}

pub(super) fn check(flow: &Flow, findings: &mut Vec<Finding>) {
    let ways = ways(flow);
    let reachable = reached(&ways, [0], |_| false);
    for (node, reachable) in flow.nodes.iter().zip(&reachable) {
        if !reachable {
            findings.push(Finding::at(node.uuid, FindingKind::Unreachable));
        }
    }
    if matches!(flow.kind, FlowKind::Messaging | FlowKind::MessagingOffline | FlowKind::Voice) {
        dead_ends(flow, &ways, findings);
    }
    circles(flow, &ways, findings);
}

/// Replies after which nothing is said. Who said nothing in time expects no answer.
fn dead_ends(flow: &Flow, ways: &[Way], findings: &mut Vec<Finding>) {
    let mut answered = Vec::new();
    for node in &flow.nodes {
        let Some(router) = node.router.as_ref().filter(|router| matches!(router.wait, Some(Wait::Msg(_)))) else {
            continue;
        };
        let timeout = router.timeout().map(|(_, category)| category.uuid);
        for category in router.categories.iter().filter(|category| Some(category.uuid) != timeout) {
            let Some(exit) = node.exit_of(category) else { continue };
            match exit.destination {
                Some(next) => answered.push(next),
                None => {
                    let kind = FindingKind::DeadEnd { category: category.name.clone(), exit: exit.uuid };
                    findings.push(Finding::at(node.uuid, kind));
                }
            }
        }
    }
    let stops = |at: usize| ways[at].speaks || ways[at].waits;
    for (at, silent) in reached(ways, answered, stops).into_iter().enumerate() {
        if silent && !stops(at) && ways[at].ends {
            findings.push(Finding::at(flow.nodes[at].uuid, FindingKind::SilentEnd));
        }
    }
}

/// Circles of nodes that never wait, each reported at its first node.
fn circles(flow: &Flow, ways: &[Way], findings: &mut Vec<Finding>) {
    for circle in components(ways) {
        let is_in = |at: usize| circle.binary_search(&at).is_ok();
        if circle.len() == 1 && !ways[circle[0]].next.contains(&circle[0]) {
            continue;
        }
        let has_way_out = circle.iter().any(|at| ways[*at].ends || ways[*at].next.iter().any(|next| !is_in(*next)));
        let kind = FindingKind::Loop { nodes: circle.len(), has_way_out };
        findings.push(Finding::at(flow.nodes[circle[0]].uuid, kind));
    }
}

/// The strongly connected components of the nodes that never wait, each sorted. Tarjan's algorithm with its own stack, because
/// definitions may be a thousand nodes deep.
fn components(ways: &[Way]) -> Vec<Vec<usize>> {
    const NEW: usize = usize::MAX;
    let mut search = Search { order: vec![NEW; ways.len()], low: vec![0; ways.len()], ..Search::default() };
    let follows = |at: usize| !ways[at].waits;
    for start in (0..ways.len()).filter(|at| follows(*at)) {
        if search.order[start] != NEW {
            continue;
        }
        search.open(start);
        let mut calls = vec![(start, 0)];
        while let Some((at, n)) = calls.pop() {
            match ways[at].next.get(n) {
                Some(next) => {
                    calls.push((at, n + 1));
                    if follows(*next) && search.order[*next] == NEW {
                        search.open(*next);
                        calls.push((*next, 0));
                    } else if search.on_stack[*next] {
                        search.low[at] = search.low[at].min(search.order[*next]);
                    }
                }
                None => {
                    search.close(at);
                    if let Some((caller, _)) = calls.last() {
                        search.low[*caller] = search.low[*caller].min(search.low[at]);
                    }
                }
            }
        }
    }
    search.found
}

#[derive(Default)]
struct Search {
    order: Vec<usize>,
    low: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<usize>,
    count: usize,
    found: Vec<Vec<usize>>,
}

impl Search {
    fn open(&mut self, at: usize) {
        self.on_stack.resize(self.order.len(), false);
        (self.order[at], self.low[at]) = (self.count, self.count);
        self.count += 1;
        self.stack.push(at);
        self.on_stack[at] = true;
    }

    fn close(&mut self, at: usize) {
        if self.low[at] != self.order[at] {
            return;
        }
        let from = self.stack.iter().rposition(|open| *open == at).unwrap_or_default();
        let mut component = self.stack.split_off(from);
        component.iter().for_each(|member| self.on_stack[*member] = false);
        component.sort_unstable();
        self.found.push(component);
    }
}
