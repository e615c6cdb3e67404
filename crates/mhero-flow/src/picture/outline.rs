//! Writes the same as the drawing in words, for whoever listens and for whoever prefers to read.

use std::fmt::Write;

use super::{Scene, Word, escape::push};

/// Bytes after which nodes are told by their titles only. No flow that a person made comes near.
const BYTES_MAX: usize = 2 * 1024 * 1024;

/// Writes the outline of a scene.
pub(super) fn write(scene: &Scene<'_>) -> String {
    let mut out = String::from("<ol class=\"flow-outline\">");
    for node in scene.plan.reading() {
        write_node(scene, *node, &mut out);
    }
    out.push_str("</ol>");
    out
}

fn write_node(scene: &Scene<'_>, place: usize, out: &mut String) {
    let uuid = scene.flow.nodes[place].uuid;
    let node = &scene.boxes[place];
    let _ = write!(out, "<li id=\"node-{uuid}\" class=\"flow-step{}\" tabindex=\"-1\">", scene.state(place));
    let state = scene.told_state(place);
    if !state.is_empty() {
        out.push_str("<p>");
        push(out, &state.join(", "));
        out.push_str("</p>");
    }
    if out.len() > BYTES_MAX {
        out.push_str("</li>");
        return;
    }
    out.push_str("<ul>");
    for line in &node.told {
        out.push_str("<li>");
        push(out, line);
        out.push_str("</li>");
    }
    out.push_str("</ul><ul class=\"flow-ways\">");
    for n in 0..scene.flow.nodes[place].exits.len() {
        write_exit(scene, place, n, out);
    }
    out.push_str("</ul></li>");
}

fn write_exit(scene: &Scene<'_>, place: usize, n: usize, out: &mut String) {
    let node = &scene.flow.nodes[place];
    let exit = &node.exits[n];
    let names = node.router.iter().flat_map(|router| &router.categories).filter(|category| category.exit == n);
    let names = names.map(|category| &*category.name).collect::<Vec<_>>().join(", ");
    out.push_str("<li>");
    if !names.is_empty() {
        push(out, &names);
        out.push_str(": ");
    }
    match exit.destination.and_then(|to| Some((scene.flow.nodes.get(to)?.uuid, scene.numbers[to]))) {
        Some((uuid, number)) => {
            let _ = write!(out, "<a href=\"#node-{uuid}\">");
            push(out, &scene.words.say(Word::GoesTo(number)));
            out.push_str("</a>");
        }
        None => push(out, &scene.words.say(Word::Ends)),
    }
    if let Some(count) = scene.highlights.counts.get(&(exit.uuid, exit.destination_uuid)) {
        out.push_str(" (");
        push(out, &scene.words.say(Word::Count(*count)));
        out.push(')');
    }
    out.push_str("</li>");
}
