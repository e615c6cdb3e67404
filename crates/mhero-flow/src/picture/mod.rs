//! A picture of a flow, drawn here so that pages need no drawing program: an SVG and the same as an outline in words.
//!
//! The layout is our own: layers by how far a node is from the start, so that a reader goes from top to bottom. Positions of an
//! editor only say what stands further left. Colours are the style sheet's; every text is escaped.

mod boxes;
mod escape;
mod layers;
mod order;
mod outline;
mod routes;
mod svg;
mod words;

pub use words::{Word, Words};

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use crate::definition::Flow;

/// What a picture tells beside the flow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Highlights {
    /// The nodes that were visited.
    pub visited: HashSet<Uuid>,
    /// The node where somebody stands.
    pub current: Option<Uuid>,
    /// How often each exit was taken, by exit and where it led.
    pub counts: HashMap<(Uuid, Option<Uuid>), u64>,
}

/// A flow drawn and told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The drawing: one `<svg>`. Each node is a link to `#node-` and its uuid, which is in the outline. Classes: `flow-picture`
    /// with the groups `flow-edges` (paths) and `flow-counts` (texts) and the links `flow-node`, each with a rectangle,
    /// `flow-title`, `flow-line` and the group `flow-ports` (texts). States: `is-visited`, `is-current` and `is-unreachable` of
    /// nodes, `is-taken` and `is-back` of paths, `is-end` of ports.
    pub svg: String,
    /// The outline: one `<ol class="flow-outline">` with an item a node, in the order and with the numbers of the drawing.
    pub outline: String,
}

/// Draws a flow.
pub fn draw(flow: &Flow, highlights: &Highlights, words: &dyn Words) -> Picture {
    let boxes = boxes::of_flow(flow, words);
    let edges = layers::edges(&boxes);
    let layers = layers::layered(boxes.len(), &edges);
    let hints = order::hints(flow);
    let plan = order::arranged(&boxes, &edges, &layers, &hints);
    let numbers = plan.numbers();
    let scene = Scene { flow, highlights, words, boxes: &boxes, plan: &plan, layers: &layers, numbers: &numbers };
    Picture { svg: svg::write(&scene, &edges), outline: outline::write(&scene) }
}

/// All that a drawing is made of.
struct Scene<'a> {
    flow: &'a Flow,
    highlights: &'a Highlights,
    words: &'a dyn Words,
    boxes: &'a [boxes::NodeBox],
    plan: &'a order::Plan,
    layers: &'a layers::Layers,
    /// The number of each node, from 1, in the order of reading.
    numbers: &'a [usize],
}

impl Scene<'_> {
    /// The classes of a node beside its own.
    fn state(&self, place: usize) -> String {
        let uuid = self.flow.nodes[place].uuid;
        let mut state = String::new();
        if self.highlights.visited.contains(&uuid) {
            state.push_str(" is-visited");
        }
        if self.highlights.current == Some(uuid) {
            state.push_str(" is-current");
        }
        if self.layers.unreachable[place] {
            state.push_str(" is-unreachable");
        }
        state
    }

    /// What a node's state is in words.
    fn told_state(&self, place: usize) -> Vec<String> {
        let uuid = self.flow.nodes[place].uuid;
        let states = [
            (place == 0, Word::Start),
            (self.highlights.current == Some(uuid), Word::Current),
            (self.highlights.visited.contains(&uuid), Word::Visited),
            (self.layers.unreachable[place], Word::Unreachable),
        ];
        states.into_iter().filter(|(there, _)| *there).map(|(_, word)| self.words.say(word)).collect()
    }

    /// How often the exits of a port were taken.
    fn count(&self, place: usize, port: &boxes::Port) -> u64 {
        let exits = &self.flow.nodes[place].exits;
        let taken = port
            .exits
            .iter()
            .filter_map(|n| exits.get(*n))
            .filter_map(|exit| self.highlights.counts.get(&(exit.uuid, exit.destination_uuid)));
        taken.fold(0, |sum, count| sum.saturating_add(*count))
    }
}
