//! The lines of the ways between boxes.

use std::fmt::Write;

use super::{Scene, layers::Edge};

/// Units that a line bends over.
const BEND: i32 = 32;

/// A line and where its middle is.
pub(super) struct Route {
    /// The path of SVG.
    pub(super) path: String,
    /// Where a number can stand.
    pub(super) label: (i32, i32),
    /// Whether it leads back up.
    pub(super) back: bool,
}

/// The line of an edge, which is the n-th.
pub(super) fn route(scene: &Scene<'_>, edge: &Edge, n: usize) -> Route {
    let from = start(scene, edge);
    let node = &scene.boxes[edge.to];
    let (left, top) = scene.plan.at[edge.to];
    let to = (left + node.width / 2, top);
    if to.1 >= from.1 {
        let path = down(from, &scene.plan.passages[n], to);
        return Route { path, label: (from.0 + 4, from.1 + 14), back: false };
    }
    let side = beside(scene, edge, n);
    let mut path = format!("M{} {}", from.0, from.1);
    let middle = i32::midpoint(from.1, to.1);
    curve(&mut path, (from.0, from.1 + BEND), (side, from.1 + BEND), (side, middle));
    curve(&mut path, (side, to.1 - BEND), (to.0, to.1 - BEND), to);
    Route { path, label: (side + 4, middle), back: true }
}

/// Where a way leaves its box.
fn start(scene: &Scene<'_>, edge: &Edge) -> (i32, i32) {
    let node = &scene.boxes[edge.from];
    let (left, top) = scene.plan.at[edge.from];
    let count = i32::try_from(node.ports.len().max(1)).unwrap_or(1);
    let port = i32::try_from(edge.port).unwrap_or(0);
    (left + node.width * (2 * port + 1) / (2 * count), top + node.height)
}

/// A line downwards through passages.
fn down(from: (i32, i32), through: &[(i32, i32)], to: (i32, i32)) -> String {
    let mut path = format!("M{} {}", from.0, from.1);
    let mut last = from;
    for next in through.iter().chain([&to]) {
        let bend = ((next.1 - last.1) / 2).max(1);
        curve(&mut path, (last.0, last.1 + bend), (next.0, next.1 - bend), *next);
        last = *next;
    }
    path
}

/// Where a way back runs: right of both boxes, a little apart from its neighbours.
fn beside(scene: &Scene<'_>, edge: &Edge, n: usize) -> i32 {
    let right = |node: usize| scene.plan.at[node].0 + scene.boxes[node].width;
    let apart = i32::try_from(n % 4).unwrap_or(0) * 5;
    right(edge.from).max(right(edge.to)) + 8 + apart
}

fn curve(path: &mut String, a: (i32, i32), b: (i32, i32), to: (i32, i32)) {
    // Writing to a text never fails.
    let _ = write!(path, "C{} {} {} {} {} {}", a.0, a.1, b.0, b.1, to.0, to.1);
}
