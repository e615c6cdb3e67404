//! In which layer each node stands: below all that lead to it, the ways back aside.

use super::boxes::NodeBox;

/// A way from one box to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    /// The box it comes from.
    pub(super) from: usize,
    /// The port it comes from.
    pub(super) port: usize,
    /// The box it leads to.
    pub(super) to: usize,
}

/// The layers of a flow.
pub(super) struct Layers {
    /// The layer of each node, from 0 at the top.
    pub(super) of: Vec<usize>,
    /// Whether no way leads to it from the start.
    pub(super) unreachable: Vec<bool>,
}

/// The ways between the boxes.
pub(super) fn edges(boxes: &[NodeBox]) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (from, node) in boxes.iter().enumerate() {
        for (port, way) in node.ports.iter().enumerate() {
            edges.extend(way.to.iter().map(|to| Edge { from, port, to: *to }));
        }
    }
    edges
}

/// Puts nodes into layers. What the start does not reach comes below all that it reaches.
pub(super) fn layered(count: usize, edges: &[Edge]) -> Layers {
    let mut next = vec![Vec::new(); count];
    for edge in edges {
        next[edge.from].push(edge.to);
    }
    let mut layers = Layers { of: vec![0; count], unreachable: vec![false; count] };
    let mut seen = vec![false; count];
    let mut base = 0;
    for root in roots(count, edges) {
        if seen[root] {
            continue;
        }
        let order = finished(root, &next, &mut seen);
        place(&order, &next, base, &mut layers.of);
        if root != 0 {
            order.iter().for_each(|node| layers.unreachable[*node] = true);
        }
        base = order.iter().map(|node| layers.of[*node] + 1).max().unwrap_or(base).max(base);
    }
    layers
}

/// The start, then what nothing leads to, then all.
fn roots(count: usize, edges: &[Edge]) -> impl Iterator<Item = usize> {
    let mut led = vec![false; count];
    for edge in edges {
        led[edge.to] |= edge.from != edge.to;
    }
    let alone: Vec<usize> = (0..count).filter(|node| !led[*node]).collect();
    (0..count.min(1)).chain(alone).chain(0..count)
}

/// The nodes that a root leads to and that nobody saw yet, each before all that it leads to but for ways back.
fn finished(root: usize, next: &[Vec<usize>], seen: &mut [bool]) -> Vec<usize> {
    let mut order = Vec::new();
    let mut stack = vec![(root, 0)];
    seen[root] = true;
    while let Some((node, at)) = stack.last_mut() {
        let node = *node;
        match next[node].get(*at) {
            None => {
                order.push(node);
                stack.pop();
            }
            Some(to) => {
                *at += 1;
                if !std::mem::replace(&mut seen[*to], true) {
                    stack.push((*to, 0));
                }
            }
        }
    }
    order.reverse();
    order
}

/// Gives each node of an order the layer below its lowest predecessor of that order.
fn place(order: &[usize], next: &[Vec<usize>], base: usize, layer: &mut [usize]) {
    let mut rank = vec![usize::MAX; layer.len()];
    for (n, node) in order.iter().enumerate() {
        rank[*node] = n;
        layer[*node] = base;
    }
    for (n, node) in order.iter().enumerate() {
        for to in &next[*node] {
            // What comes earlier in the order is led back to; what is in no order is of another part.
            if rank[*to] != usize::MAX && rank[*to] > n {
                layer[*to] = layer[*to].max(layer[*node] + 1);
            }
        }
    }
}
