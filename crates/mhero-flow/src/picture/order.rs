//! Who stands beside whom in a layer, and where that is.

use serde_json::Value as Json;

use super::{
    boxes::NodeBox,
    layers::{Edge, Layers},
};
use crate::definition::Flow;

/// Units between two boxes of a layer.
const GAP_X: i32 = 36;
/// Units between two layers.
const GAP_Y: i32 = 64;
/// Units around the picture.
pub(super) const MARGIN: i32 = 20;
/// Units that a way takes that passes through a layer.
const PASSAGE: i32 = 14;
/// Passages through layers in the whole picture; further ways go straight.
const PASSAGES_MAX: usize = 2500;
/// Parts of the width of a box, to say where a way leaves it.
const PARTS: usize = 1024;
/// How often the layers are put in order.
const SWEEPS: usize = 4;

/// Where everything stands.
pub(super) struct Plan {
    /// The upper left corner of each box.
    pub(super) at: Vec<(i32, i32)>,
    /// Where each way passes through layers, from top to bottom; in the order of the edges.
    pub(super) passages: Vec<Vec<(i32, i32)>>,
    /// Units from left to right.
    pub(super) width: i32,
    /// Units from top to bottom.
    pub(super) height: i32,
    /// The nodes in the order of reading.
    reading: Vec<usize>,
}

impl Plan {
    /// The number of each node, from 1, in the order of reading.
    pub(super) fn numbers(&self) -> Vec<usize> {
        let mut numbers = vec![0; self.reading.len()];
        for (n, node) in self.reading.iter().enumerate() {
            numbers[*node] = n + 1;
        }
        numbers
    }

    /// The nodes in the order of reading: from top to bottom, then from left to right.
    pub(super) fn reading(&self) -> &[usize] {
        &self.reading
    }
}

/// How far left an editor shows each node, where it says so.
pub(super) fn hints(flow: &Flow) -> Vec<Option<i64>> {
    let nodes = flow.ui.as_deref().and_then(|ui| ui.get("nodes"));
    let left = |uuid: String| nodes?.get(&uuid)?.get("position")?.get("left").and_then(Json::as_f64);
    #[expect(clippy::cast_possible_truncation, reason = "only the order counts, and the cast keeps within range")]
    flow.nodes.iter().map(|node| left(node.uuid.to_string()).map(|left| left as i64)).collect()
}

/// Something in a layer: a box, or a passage of a way.
struct Item {
    width: i32,
    layer: usize,
    /// The items of the layer above that it hangs on, each with how far right the way leaves it, in 1024 parts of its width.
    above: Vec<(usize, usize)>,
    /// The items of the layer below that hang on it; ways come in at the middle.
    below: Vec<(usize, usize)>,
    /// The middle.
    x: i32,
}

/// The items of all layers; the first are the boxes.
struct Grid {
    items: Vec<Item>,
    layers: Vec<Vec<usize>>,
    /// The passages of each edge.
    passages: Vec<Vec<usize>>,
}

/// Puts boxes and passages in order and in place.
pub(super) fn arranged(boxes: &[NodeBox], edges: &[Edge], layers: &Layers, hints: &[Option<i64>]) -> Plan {
    let mut grid = grid(boxes, edges, layers);
    for layer in &mut grid.layers {
        // Nodes that no editor placed keep the order of the definition; the sort is stable.
        layer.sort_by_key(|item| hints.get(*item).copied().flatten().unwrap_or(i64::MAX));
    }
    for sweep in 0..SWEEPS {
        sort_layers(&mut grid, sweep % 2 == 0);
    }
    spread(&mut grid);
    for sweep in 0..SWEEPS {
        pull(&mut grid, sweep % 2 == 0);
    }
    plan(&grid, boxes)
}

fn grid(boxes: &[NodeBox], edges: &[Edge], layers: &Layers) -> Grid {
    let item = |width: i32, layer: usize| Item { width, layer, above: Vec::new(), below: Vec::new(), x: 0 };
    let mut items: Vec<Item> = boxes.iter().zip(&layers.of).map(|(node, layer)| item(node.width, *layer)).collect();
    let mut passages = Vec::with_capacity(edges.len());
    for edge in edges {
        let (top, bottom) = (layers.of[edge.from], layers.of[edge.to]);
        let mut through = Vec::new();
        let between = bottom.saturating_sub(top + 1);
        if bottom > top && items.len() + between <= boxes.len() + PASSAGES_MAX {
            let mut last = edge.from;
            let mut right = (2 * edge.port + 1) * PARTS / (2 * boxes[edge.from].ports.len().max(1));
            for layer in top + 1..bottom {
                items.push(item(PASSAGE, layer));
                let here = items.len() - 1;
                tie(&mut items, last, right, here);
                through.push(here);
                (last, right) = (here, PARTS / 2);
            }
            tie(&mut items, last, right, edge.to);
        }
        passages.push(through);
    }
    let mut rows = vec![Vec::new(); items.iter().map(|item| item.layer + 1).max().unwrap_or(0)];
    for (n, item) in items.iter().enumerate() {
        rows[item.layer].push(n);
    }
    Grid { items, layers: rows, passages }
}

fn tie(items: &mut [Item], upper: usize, right: usize, lower: usize) {
    items[upper].below.push((lower, PARTS / 2));
    items[lower].above.push((upper, right));
}

/// Sorts each layer by where its neighbours of the layer before stand.
fn sort_layers(grid: &mut Grid, downwards: bool) {
    let mut place = vec![0_usize; grid.items.len()];
    for layer in &grid.layers {
        layer.iter().enumerate().for_each(|(n, item)| place[*item] = n);
    }
    let count = grid.layers.len();
    for step in 1..count {
        let n = if downwards { step } else { count - 1 - step };
        let mut keyed: Vec<(usize, usize)> = Vec::with_capacity(grid.layers[n].len());
        for item in &grid.layers[n] {
            let near = if downwards { &grid.items[*item].above } else { &grid.items[*item].below };
            let sum: usize = near.iter().map(|(other, right)| place[*other] * PARTS + right).sum();
            keyed.push((sum.checked_div(near.len()).unwrap_or(place[*item] * PARTS), *item));
        }
        keyed.sort_by_key(|(key, _)| *key);
        grid.layers[n] = keyed.into_iter().map(|(_, item)| item).collect();
        grid.layers[n].iter().enumerate().for_each(|(n, item)| place[*item] = n);
    }
}

/// Puts the items of each layer side by side, around the middle.
fn spread(grid: &mut Grid) {
    for layer in &grid.layers {
        let total: i32 = layer.iter().map(|item| grid.items[*item].width + GAP_X).sum::<i32>() - GAP_X;
        let mut left = -total / 2;
        for item in layer {
            let item = &mut grid.items[*item];
            item.x = left + item.width / 2;
            left += item.width + GAP_X;
        }
    }
}

/// Pulls each item towards its neighbours of the layer before, and keeps the items of a layer apart.
fn pull(grid: &mut Grid, downwards: bool) {
    let count = grid.layers.len();
    for step in 1..count {
        let n = if downwards { step } else { count - 1 - step };
        let layer = &grid.layers[n];
        let wanted: Vec<i32> = layer.iter().map(|item| wanted(&grid.items, *item, downwards)).collect();
        let apart = |a: usize, b: usize| (grid.items[layer[a]].width + grid.items[layer[b]].width) / 2 + GAP_X;
        // Each way of pushing keeps them apart, and so does what lies between both.
        let (mut right, mut left) = (wanted.clone(), wanted);
        for n in 1..layer.len() {
            right[n] = right[n].max(right[n - 1] + apart(n - 1, n));
        }
        for n in (1..layer.len()).rev() {
            left[n - 1] = left[n - 1].min(left[n] - apart(n - 1, n));
        }
        let places: Vec<(usize, i32)> = layer
            .iter()
            .zip(right.iter().zip(&left))
            .map(|(item, (right, left))| (*item, left + (right - left) / 2))
            .collect();
        for (item, x) in places {
            grid.items[item].x = x;
        }
    }
}

/// The middle of the neighbours of an item, or where it is.
fn wanted(items: &[Item], item: usize, downwards: bool) -> i32 {
    let near = if downwards { &items[item].above } else { &items[item].below };
    let sum: i64 = near.iter().map(|(other, _)| i64::from(items[*other].x)).sum();
    match i64::try_from(near.len()) {
        Ok(count) if count > 0 => i32::try_from(sum / count).unwrap_or(items[item].x),
        _ => items[item].x,
    }
}

fn plan(grid: &Grid, boxes: &[NodeBox]) -> Plan {
    let left = grid.items.iter().map(|item| item.x - item.width / 2).min().unwrap_or(0);
    let right = grid.items.iter().map(|item| item.x + item.width / 2).max().unwrap_or(0);
    let mut tops = Vec::with_capacity(grid.layers.len());
    let mut height = MARGIN;
    for layer in &grid.layers {
        tops.push(height);
        let tallest = layer.iter().filter_map(|item| boxes.get(*item)).map(|node| node.height).max().unwrap_or(0);
        height += tallest + GAP_Y;
    }
    let x = |item: &Item| item.x - left + MARGIN;
    let at = grid.items.iter().zip(boxes).map(|(item, node)| (x(item) - node.width / 2, tops[item.layer])).collect();
    let passages = grid
        .passages
        .iter()
        .map(|through| through.iter().map(|item| (x(&grid.items[*item]), tops[grid.items[*item].layer])).collect());
    Plan {
        at,
        passages: passages.collect(),
        // Ways back run beside the boxes.
        width: right - left + 4 * MARGIN,
        height: (height - GAP_Y).max(0) + 2 * MARGIN,
        reading: grid.layers.iter().flatten().copied().filter(|item| *item < boxes.len()).collect(),
    }
}
