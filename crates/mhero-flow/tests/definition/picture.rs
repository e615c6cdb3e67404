//! A picture shows every node, says the same in words, and lets no text of a stranger become HTML.

use std::collections::HashSet;

use crate::common::{id, read, rich};
use mhero_flow::picture::{Highlights, Picture, Word, draw};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// Words for tests, which are as hostile as they can be.
fn say(word: Word<'_>) -> String {
    format!("<b>{word:?}</b>")
}

fn drawn(flow: Json, highlights: &Highlights) -> Picture {
    draw(&read(flow).expect("a sound flow"), highlights, &say)
}

/// A flow of these nodes, each with exits to others by their places.
fn mesh(ways: &[Vec<Option<usize>>], text: &str) -> Json {
    let number = |n: usize| u32::try_from(n).expect("a small number");
    let nodes = ways.iter().enumerate().map(|(n, ways)| {
        let exits = ways.iter().enumerate().map(|(e, to)| {
            let to = to.map(|to| id(number(to)));
            json!({ "uuid": id(number(100_000 + n * 100 + e)), "destination_uuid": to })
        });
        json!({
            "uuid": id(number(n)),
            "actions": [{ "type": "send_msg", "uuid": id(number(50_000 + n)), "text": text }],
            "exits": exits.collect::<Vec<_>>(),
        })
    });
    json!({
        "uuid": id(9_000_000), "name": "Net", "spec_version": "14.4.2", "language": "eng", "type": "messaging", "revision": 1,
        "nodes": nodes.collect::<Vec<_>>(),
    })
}

/// The elements and attributes of a text that is HTML of ours: every angle bracket opens or closes one of our elements.
fn is_clean(html: &str) -> Result<(), String> {
    const OURS: &[&str] = &["svg", "defs", "marker", "path", "g", "text", "tspan", "a", "rect", "ol", "ul", "li", "p"];
    let mut open = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find(['<', '>']) {
        let Some(tag) = rest[at..].strip_prefix('<') else { return Err(format!("a stray bracket: {}", &rest[at..])) };
        let end = tag.find('>').ok_or("an element without an end")?;
        let inside = &tag[..end];
        let name: String = inside.trim_start_matches('/').chars().take_while(char::is_ascii_alphabetic).collect();
        if !OURS.contains(&name.as_str()) {
            return Err(format!("a strange element: {inside}"));
        }
        if inside.starts_with('/') {
            if open.pop().as_deref() != Some(name.as_str()) {
                return Err(format!("{name} closes what is not open"));
            }
        } else if !inside.ends_with('/') {
            open.push(name);
        }
        rest = &tag[end + 1..];
    }
    if open.is_empty() { Ok(()) } else { Err(format!("not closed: {open:?}")) }
}

#[test]
fn every_node_is_drawn_and_told() {
    let uuid = |n: u32| id(n).parse().unwrap();
    let highlights = Highlights {
        visited: HashSet::from([uuid(40), uuid(41)]),
        current: Some(uuid(41)),
        counts: [((uuid(50), Some(uuid(41))), 12)].into(),
    };
    let picture = drawn(rich(), &highlights);
    is_clean(&picture.svg).unwrap();
    is_clean(&picture.outline).unwrap();
    for n in [40, 41, 42] {
        assert_eq!(picture.svg.matches(&format!("<a href=\"#node-{}\"", id(n))).count(), 1);
        assert_eq!(picture.outline.matches(&format!("<li id=\"node-{}\"", id(n))).count(), 1);
    }
    assert_eq!(picture.svg.matches("is-visited").count(), 2);
    assert_eq!(picture.svg.matches("is-current\" aria-current=\"step\"").count(), 1);
    assert_eq!(picture.svg.matches("class=\"is-taken\"").count(), 1);
    assert_eq!(picture.svg.matches("is-back").count(), 1);
    assert!(picture.svg.contains("Count(12)") && picture.outline.contains("Count(12)"));
    assert!(picture.outline.contains("How many @fields.product?"));
    assert!(picture.outline.contains("Timeout(600)&lt;/b&gt; → No Response"));
}

#[test]
fn a_node_stands_below_all_that_lead_to_it() {
    // 0 → 1 → 2 → 3, 0 → 3, 3 → 1 back; 4 is led to by nobody.
    let ways = [vec![Some(1), Some(3)], vec![Some(2)], vec![Some(3)], vec![Some(1), None], vec![Some(0)]];
    let picture = drawn(mesh(&ways, "Hello"), &Highlights::default());
    let top = |n: u32| {
        let at = picture.svg.find(&format!("#node-{}", id(n))).unwrap();
        let transform = &picture.svg[at..][picture.svg[at..].find("translate(").unwrap() + 10..];
        let inside: Vec<i32> =
            transform[..transform.find(')').unwrap()].split(' ').map(|n| n.parse().unwrap()).collect();
        inside[1]
    };
    assert!(top(0) < top(1) && top(1) < top(2) && top(2) < top(3) && top(3) < top(4));
    assert_eq!(picture.svg.matches("is-back").count(), 2);
    assert_eq!(picture.svg.matches("is-unreachable").count(), 1);
}

#[test]
fn an_empty_flow_has_a_picture() {
    let picture = drawn(mesh(&[], ""), &Highlights::default());
    is_clean(&picture.svg).unwrap();
    assert_eq!(picture.outline, "<ol class=\"flow-outline\"></ol>");
}

#[test]
fn a_thousand_nodes_are_drawn_in_some_hundred_kilobytes() {
    let ways: Vec<_> =
        (0..1000).map(|n| vec![(n + 1 < 1000).then_some(n + 1), (n % 3 == 0).then_some(n * 7 % 1000)]).collect();
    let picture = drawn(mesh(&ways, "How many boxes of amoxicillin are left?"), &Highlights::default());
    assert!(picture.svg.len() < 900_000, "{} bytes", picture.svg.len());
    assert!(picture.outline.len() < 900_000, "{} bytes", picture.outline.len());
}

#[test]
fn ways_from_everywhere_to_everywhere_stay_within_bounds() {
    let ways: Vec<_> = (0..1000).map(|n| (0..100).map(|e| Some((n * 31 + e * 17) % 1000)).collect()).collect();
    let picture = drawn(mesh(&ways, "x"), &Highlights::default());
    assert!(picture.svg.len() < 4_000_000, "{} bytes", picture.svg.len());
    assert!(picture.outline.len() < 4_000_000, "{} bytes", picture.outline.len());
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("</text></svg><script>alert(1)</script>".to_owned()),
        Just("\"'><img src=x onerror=alert(1)>".to_owned()),
        Just("]]>-->&lt;&#60;script>".to_owned()),
        "[ -~\u{0}-\u{1f}<>&\"'\u{202e}é]{1,60}",
        "\\PC{1,300}",
    ]
}

proptest! {
    #[test]
    fn no_text_becomes_html(
        name in hostile(),
        text in hostile(),
        ways in prop::collection::vec(prop::collection::vec(prop::option::of(0_usize..12), 1..12), 12),
    ) {
        let mut flow = mesh(&ways, &text);
        flow["name"] = json!(name.chars().take(64).collect::<String>());
        // A text of spaces only is no text.
        let Ok(flow) = read(flow) else { return Ok(()) };
        let picture = draw(&flow, &Highlights::default(), &say);
        prop_assert_eq!(is_clean(&picture.svg), Ok(()));
        prop_assert_eq!(is_clean(&picture.outline), Ok(()));
    }
}
