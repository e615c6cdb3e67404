//! Checks tell what will go wrong, where, and how to mend it; and they say nothing of flows that are in order.

use std::collections::BTreeSet;

use mhero_core::Lang;
use mhero_flow::{
    checks::{CheckOptions, Finding, FindingKind, Remedy, Severity, check},
    definition::{Flow, ReadOptions},
    inspect::{DependencyKind, DependencyTarget, Known},
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// A uuid by its number.
fn id(n: usize) -> String {
    Uuid::from_u128(0x6d68_6572_6f00_4000_8000_0000_0000_0000 + n as u128).to_string()
}

/// Whatever a node says, and the nodes that its exits lead to.
fn says(n: usize, text: &str, to: Option<usize>) -> Json {
    let action = json!({"type": "send_msg", "uuid": id(n * 100 + 1), "text": text});
    json!({"uuid": id(n), "actions": [action], "exits": [exit(n * 100 + 2, to)]})
}

fn exit(uuid: usize, to: Option<usize>) -> Json {
    json!({"uuid": id(uuid), "destination_uuid": to.map(id)})
}

/// A node that asks, with the words of each answer and where it leads; the last is for all else.
fn asks(n: usize, result: &str, answers: &[(&str, &str, Option<usize>)]) -> Json {
    let mut node = splits(n, "@input.text", answers);
    node["router"]["wait"] = json!({"type": "msg"});
    node["router"]["result_name"] = json!(result);
    node
}

fn splits(n: usize, operand: &str, answers: &[(&str, &str, Option<usize>)]) -> Json {
    let at = |kind: usize, answer: usize| id(n * 100 + kind * 20 + answer + 10);
    let answers: Vec<_> = answers.iter().enumerate().collect();
    let (last, _) = answers[answers.len() - 1];
    json!({
        "uuid": id(n),
        "router": {
            "type": "switch", "operand": operand, "default_category_uuid": at(0, last),
            "categories": answers.iter().map(|(a, (name, _, _))| {
                json!({"uuid": at(0, *a), "name": name, "exit_uuid": at(1, *a)})
            }).collect::<Vec<_>>(),
            "cases": answers[..last].iter().map(|(a, (_, words, _))| {
                json!({"uuid": at(2, *a), "type": "has_any_word", "arguments": [words], "category_uuid": at(0, *a)})
            }).collect::<Vec<_>>(),
        },
        "exits": answers.iter().map(|(a, (_, _, to))| {
            json!({"uuid": at(1, *a), "destination_uuid": to.map(id)})
        }).collect::<Vec<_>>(),
    })
}

fn flow(nodes: &[Json]) -> Json {
    json!({
        "uuid": id(0), "name": "Stock", "spec_version": "14.4.2", "language": "eng", "type": "messaging", "nodes": nodes,
    })
}

fn read(json: Json) -> Flow {
    Flow::read(json, &ReadOptions::default(), &mut Uuid::new_v4).expect("a sound definition")
}

fn checked(json: Json) -> Vec<Finding> {
    check(&read(json), &CheckOptions::default())
}

/// The kinds of findings with the number of their node.
fn keys(findings: &[Finding]) -> Vec<(&'static str, usize)> {
    let number = |finding: &Finding| {
        let low = finding.node_uuid.map_or(0, |uuid| uuid.as_u128() & 0xffff_ffff);
        usize::try_from(low).unwrap_or_default()
    };
    findings.iter().map(|finding| (finding.key(), number(finding))).collect()
}

#[test]
fn a_sound_flow_has_no_findings() {
    let findings = checked(flow(&[
        says(1, "Do you have ORS in stock?", Some(2)),
        asks(2, "Stock", &[("Yes", "yes", Some(3)), ("No", "no", Some(4)), ("Other", "", Some(1))]),
        says(3, "Thanks, @contact.first_name. You said @results.stock.category.", None),
        says(4, "We will send some.", None),
    ]));
    assert_eq!(keys(&findings), []);
}

#[test]
fn answers_that_hear_nothing_are_found() {
    let mut quiet = says(3, "x", None);
    quiet["actions"] = json!([{"type": "set_contact_name", "uuid": id(301), "name": "@results.stock"}]);
    let findings = checked(flow(&[
        says(1, "Do you have ORS?", Some(2)),
        asks(2, "Stock", &[("Yes", "yes", Some(3)), ("No", "no", None), ("Other", "", Some(1))]),
        quiet,
    ]));
    assert_eq!(keys(&findings), [("flowcheck-dead-end", 2), ("flowcheck-silent-end", 3)]);
    assert_eq!(findings[0].reason().args, [("category", "No".to_owned())]);
    assert!(matches!(findings[0].remedy(), Remedy::ConnectExit(_)));
    assert_eq!(findings[0].severity(), Severity::Warning);
}

#[test]
fn who_says_nothing_in_time_needs_no_answer() {
    let mut wait = asks(2, "Stock", &[("Yes", "yes", Some(3)), ("Later", "later", None), ("Other", "", Some(1))]);
    let later = wait["router"]["categories"][1]["uuid"].clone();
    wait["router"]["wait"]["timeout"] = json!({"seconds": 600, "category_uuid": later});
    let findings = checked(flow(&[says(1, "Do you have ORS?", Some(2)), wait, says(3, "Thanks", None)]));
    assert_eq!(keys(&findings), []);
}

#[test]
fn circles_and_islands_are_found() {
    let findings = checked(flow(&[
        says(1, "One", Some(2)),
        splits(2, "@contact.language", &[("A", "eng", Some(1)), ("B", "", None)]),
        says(3, "Nobody", Some(4)),
        says(4, "hears this", Some(3)),
        says(5, "Me and myself", Some(5)),
    ]));
    let expected = [
        ("flowcheck-loop", 1),
        ("flowcheck-unreachable", 3),
        ("flowcheck-endless-loop", 3),
        ("flowcheck-unreachable", 4),
        ("flowcheck-unreachable", 5),
        ("flowcheck-endless-loop", 5),
    ];
    assert_eq!(keys(&findings), expected);
    assert_eq!(findings[2].reason().args, [("nodes", "2".to_owned())]);
}

#[test]
fn results_are_made_before_they_are_read() {
    let findings = checked(flow(&[
        splits(1, "@contact.language", &[("A", "eng", Some(2)), ("B", "", Some(3))]),
        asks(2, "Stock", &[("Yes", "yes", Some(3)), ("Other", "", Some(3))]),
        says(3, "@results.stock and @results.nothing and @locals.never", Some(4)),
        says(4, "@(default(results.stock, \"none\")) @(default(locals.never, 1))", None),
    ]));
    let expected =
        [("flowcheck-result-never-made", 3), ("flowcheck-local-never-set", 3), ("flowcheck-result-not-yet-made", 3)];
    assert_eq!(keys(&findings), expected);
    assert_eq!(findings[2].remedy(), Remedy::MakeBefore("stock".into()));
}

#[test]
fn expressions_that_give_nothing_are_found() {
    let findings = checked(flow(&[says(
        1,
        "@contact.fist_name @(1 / 0) @(upper(contact.name) @contct.name @(uper(\"a\")) @(contact.name &) a@b.org",
        None,
    )]));
    let found: BTreeSet<_> = findings.iter().map(|finding| finding.reason().key).collect();
    assert!(found.contains("flowcheck-unknown-property"), "{found:?}");
    assert!(found.contains("expr-failed") || found.contains("expr-unfinished"), "{found:?}");
    let path = findings.iter().find(|finding| finding.key() == "flowcheck-unknown-property");
    assert_eq!(path.expect("a slip").reason().args, [("path", "contact.fist_name".to_owned())]);

    let findings = checked(flow(&[says(1, "@contct.name owes @(1 / 0) @(uper(\"a\"))", None)]));
    let reasons: Vec<_> = findings.iter().map(|finding| finding.reason().key).collect();
    assert_eq!(reasons, ["expr-unknown-function", "flowcheck-doubtful-mention", "expr-failed"]);
}

#[test]
fn names_that_collide_are_found() {
    let mut again = asks(
        2,
        "How are you?",
        &[("Good", "yes fine", Some(3)), ("good ", "fine well", Some(3)), ("Other", "", Some(3))],
    );
    again["actions"] = json!([{"type": "set_run_result", "uuid": id(201), "name": "How are you!", "value": "1"}]);
    let findings = checked(flow(&[says(1, "How are you?", Some(2)), again, says(3, "Thanks", None)]));
    let expected = [("flowcheck-same-result-key", 2), ("flowcheck-same-category", 2), ("flowcheck-same-words", 2)];
    assert_eq!(keys(&findings), expected);
    assert_eq!(findings[2].reason().args[0], ("words", "fine".to_owned()));
}

#[test]
fn missing_translations_and_dear_texts_are_found() {
    let mut bilingual = flow(&[
        says(1, "Do you have ORS in stock?", Some(2)),
        asks(2, "Stock", &[("Yes", "yes", Some(3)), ("Two", "2", Some(3)), ("Other", "", Some(3))]),
        says(3, "Thanks", None),
    ]);
    bilingual["localization"] = json!({"fra": {id(301): {"text": ["Merci du contrôle"]}}});
    let flow = read(bilingual);
    let findings = check(&flow, &CheckOptions { languages: &[Lang::FRENCH], ..CheckOptions::default() });
    let expected =
        [("flowcheck-missing-translation", 1), ("flowcheck-missing-translation", 2), ("flowcheck-costly-letters", 3)];
    assert_eq!(keys(&findings), expected);
    assert_eq!(findings[0].language, Some(Lang::FRENCH));
    assert_eq!(findings[2].remedy(), Remedy::Replace("Merci du controle".into()));

    let findings = checked(self::flow(&[says(1, &"word ".repeat(40), None)]));
    assert_eq!(keys(&findings), [("flowcheck-long-text", 1)]);
    assert_eq!(findings[0].reason().args[0], ("segments", "2".to_owned()));
}

/// Nothing but the field `age`.
struct OnlyAge;

impl Known for OnlyAge {
    fn knows(&self, kind: DependencyKind, target: &DependencyTarget) -> bool {
        kind == DependencyKind::Field && *target == DependencyTarget::Key("age".into())
    }
}

#[test]
fn what_is_not_there_can_be_created_or_mapped() {
    let flow = read(flow(&[says(1, "@fields.age @fields.cadre", None)]));
    let findings = check(&flow, &CheckOptions { known: Some(&OnlyAge), ..CheckOptions::default() });
    assert_eq!(keys(&findings), [("flowcheck-missing", 1)]);
    assert_eq!(findings[0].reason().args, [("kind", "field".to_owned()), ("name", "cadre".to_owned())]);
    assert!(matches!(findings[0].remedy(), Remedy::CreateOrMap(_)));
}

#[test]
fn every_key_has_words_in_both_languages() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../locales");
    for language in ["en", "fr"] {
        let words =
            std::fs::read_to_string(root.join(language).join("flowchecks.ftl")).expect("the words of the checks");
        for kind in [
            "dead-end",
            "silent-end",
            "unreachable",
            "loop",
            "endless-loop",
            "missing-translation",
            "long-text",
            "costly-letters",
            "costly-alphabet",
            "bad-expression",
            "doubtful-mention",
            "unknown-property",
            "result-never-made",
            "result-not-yet-made",
            "local-never-set",
            "missing",
            "same-result-key",
            "same-category",
            "same-words",
            "bad-pattern",
        ] {
            assert!(words.contains(&format!("\nflowcheck-{kind} =")), "{language}: {kind}");
        }
    }
}

/// The circles of a small graph, found by trying: whether a node comes back to itself.
fn comes_back(ways: &[Vec<usize>], from: usize) -> bool {
    let mut seen = vec![false; ways.len()];
    let mut open = ways[from].clone();
    while let Some(at) = open.pop() {
        if at == from {
            return true;
        }
        if !std::mem::replace(&mut seen[at], true) {
            open.extend(&ways[at]);
        }
    }
    false
}

proptest! {
    /// Every node of a circle is counted in one finding, and no other.
    #[test]
    fn circles_are_those_of_the_graph(ways in prop::collection::vec(prop::collection::vec(0_usize..12, 1..4), 12)) {
        let nodes: Vec<_> = ways.iter().enumerate().map(|(n, to)| {
            let exits: Vec<_> = to.iter().enumerate().map(|(e, to)| exit((n + 1) * 100 + e, Some(to + 1))).collect();
            json!({"uuid": id(n + 1), "exits": exits})
        }).collect();
        let counted: usize = checked(flow(&nodes)).iter().map(|finding| match finding.kind {
            FindingKind::Loop { nodes, .. } => nodes,
            _ => 0,
        }).sum();
        let expected = (0..ways.len()).filter(|n| comes_back(&ways, *n)).count();
        prop_assert_eq!(counted, expected);
    }
}

/// The worst that the limits allow in each direction ends soon, and tells a bounded number of things.
#[test]
fn large_definitions_are_checked_in_bounded_time() {
    let nodes: Vec<_> = (1..=1000)
        .map(|n| {
            let text = format!("@results.r{n} @results.r{} @fields.f{n} @locals.l{n}", n + 1);
            let mut node = says(n, &text, None);
            node["actions"][0]["uuid"] = json!(id(1_000_000 + n));
            node["actions"].as_array_mut().expect("a list").push(
                json!({"type": "set_run_result", "uuid": id(2_000_000 + n), "name": format!("R{n}"), "value": "1"}),
            );
            let exits = (0..100).map(|e| exit(3_000_000 + n * 100 + e, Some((n * 7 + e * 13) % 1000 + 1)));
            node["exits"] = exits.collect::<Vec<_>>().into();
            node
        })
        .collect();
    let mut large = flow(&nodes);
    let languages = ["fra", "spa", "por", "swa", "ara", "kin", "run", "lin", "amh", "som"];
    large["localization"] = languages.iter().map(|code| ((*code).to_owned(), json!({}))).collect();
    let findings = checked(large);
    assert_eq!(findings.len(), mhero_flow::checks::FINDINGS_MAX);
}
