//! Writes the drawing.

use std::fmt::Write;

use super::{
    Scene, Word,
    boxes::{LINE_HEIGHT, PADDING, PORT_HEIGHT},
    escape::{push, shortened},
    layers::Edge,
    routes::route,
};

/// Lines that are drawn; what a flow has beyond that nobody could follow with the eyes, and the outline tells it.
const EDGES_MAX: usize = 5000;
/// Characters of the name of a way out.
const PORT_LETTERS: usize = 12;
/// Units from the edge of a box to its text.
const INDENT: i32 = 8;

/// Writes the drawing of a scene.
pub(super) fn write(scene: &Scene<'_>, edges: &[Edge]) -> String {
    let (width, height) = (scene.plan.width, scene.plan.height);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"flow-picture\" fill=\"currentColor\" role=\"group\" width=\"{width}\" \
         height=\"{height}\" viewBox=\"0 0 {width} {height}\" aria-label=\""
    );
    push(&mut out, &scene.words.say(Word::Picture(&scene.flow.name)));
    out.push_str(
        "\"><defs><marker id=\"flow-arrow\" class=\"flow-arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" \
         markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0 8 4 0 8z\"/></marker></defs>",
    );
    out.push_str("<g class=\"flow-edges\" fill=\"none\" stroke=\"currentColor\" marker-end=\"url(#flow-arrow)\" aria-hidden=\"true\">");
    let mut labels = String::new();
    for (n, edge) in edges.iter().enumerate().take(EDGES_MAX) {
        write_edge(scene, edge, n, &mut out, &mut labels);
    }
    out.push_str("</g>");
    if !labels.is_empty() {
        let _ = write!(out, "<g class=\"flow-counts\" aria-hidden=\"true\">{labels}</g>");
    }
    for node in scene.plan.reading() {
        write_node(scene, *node, &mut out);
    }
    out.push_str("</svg>");
    out
}

fn write_edge(scene: &Scene<'_>, edge: &Edge, n: usize, out: &mut String, labels: &mut String) {
    let route = route(scene, edge, n);
    let count = scene.count(edge.from, &scene.boxes[edge.from].ports[edge.port]);
    let class = match (route.back, count > 0) {
        (false, false) => "",
        (true, false) => " class=\"is-back\"",
        (false, true) => " class=\"is-taken\"",
        (true, true) => " class=\"is-back is-taken\"",
    };
    let _ = write!(out, "<path{class} d=\"{}\"/>", route.path);
    if count > 0 {
        let _ = write!(labels, "<text x=\"{}\" y=\"{}\">", route.label.0, route.label.1);
        push(labels, &scene.words.say(Word::Count(count)));
        labels.push_str("</text>");
    }
}

fn write_node(scene: &Scene<'_>, place: usize, out: &mut String) {
    let node = &scene.boxes[place];
    let (left, top) = scene.plan.at[place];
    let uuid = scene.flow.nodes[place].uuid;
    let number = scene.numbers[place];
    let current = if scene.highlights.current == Some(uuid) { " aria-current=\"step\"" } else { "" };
    let _ = write!(
        out,
        "<a href=\"#node-{uuid}\" class=\"flow-node{}\"{current} transform=\"translate({left} {top})\">\
         <rect width=\"{}\" height=\"{}\" rx=\"6\" fill=\"Canvas\" stroke=\"currentColor\"/><text class=\"flow-title\" x=\"{INDENT}\" y=\"{}\">{number}",
        scene.state(place),
        node.width,
        node.height,
        LINE_HEIGHT,
    );
    for state in scene.told_state(place) {
        out.push_str(" · ");
        push(out, &state);
    }
    let _ = write!(out, "</text><text class=\"flow-line\" y=\"{LINE_HEIGHT}\">");
    for line in &node.lines {
        let _ = write!(out, "<tspan x=\"{INDENT}\" dy=\"{LINE_HEIGHT}\">");
        push(out, line);
        out.push_str("</tspan>");
    }
    out.push_str("</text>");
    write_ports(scene, place, out);
    out.push_str("</a>");
}

fn write_ports(scene: &Scene<'_>, place: usize, out: &mut String) {
    let node = &scene.boxes[place];
    let count = i32::try_from(node.ports.len().max(1)).unwrap_or(1);
    let baseline = node.height - PORT_HEIGHT + PADDING;
    out.push_str("<g class=\"flow-ports\" text-anchor=\"middle\">");
    for (n, port) in node.ports.iter().enumerate() {
        let middle = node.width * (2 * i32::try_from(n).unwrap_or(0) + 1) / (2 * count);
        if port.name.is_empty() && !port.to.is_empty() {
            continue;
        }
        let class = if port.to.is_empty() { " class=\"is-end\"" } else { "" };
        let _ = write!(out, "<text{class} x=\"{middle}\" y=\"{baseline}\">");
        push(out, &shortened(&port.name, PORT_LETTERS));
        if port.to.is_empty() {
            out.push_str(" ■");
        }
        out.push_str("</text>");
    }
    out.push_str("</g>");
}
