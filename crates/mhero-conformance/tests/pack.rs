//! The pack of the shared folder, with floors: a family that drops below what it once gave fails.

use mhero_conformance::{Report, Tally};

/// Cases that pass, by family. Raise a floor when more pass; never lower one without a reason in `docs/dev/flow-conformance.md`.
const FLOORS: [(&str, usize); 24] = [
    ("actions", 127),
    ("bench", 0),
    ("contactql", 277),
    ("core", 42),
    ("definition", 75),
    ("engine", 105),
    ("excellent", 1415),
    ("fixtures", 26),
    ("gsm7", 21),
    ("issues", 4),
    ("legacy", 300),
    ("migrations", 31),
    ("misc", 23),
    ("modifiers", 59),
    ("parsing", 194),
    ("resumes", 4),
    ("router_tests", 203),
    ("routers", 7),
    ("runner", 34),
    ("runner_generated", 42),
    ("shapes", 84),
    ("triggers", 16),
    ("urns", 133),
    ("webhooks", 15),
];
/// Counts that a family keeps beside its cases, with what passes of them.
const ALSO: [(&str, &str, usize); 6] = [
    ("excellent", "error wording", 240),
    ("router_tests", "error wording", 51),
    ("runner", "sprints", 67),
    ("runner", "sprints_blob", 67),
    ("runner_generated", "sprints", 163),
    ("runner_generated", "sprints_blob", 163),
];
/// Failures shown of one family.
const SHOWN: usize = 5;

#[test]
fn no_family_gives_less_than_it_once_gave() {
    let Some(pack) = mhero_testkit::fixture("conformance/flow") else { return };
    let report = mhero_conformance::run(&pack, &[]).unwrap();
    let mut low = Vec::new();
    for (family, floor) in FLOORS {
        let tally = tally(&report, family);
        if tally.passed < floor {
            low.push(format!("{family}: {} pass, {floor} did", tally.passed));
            low.extend(tally.failures.iter().take(SHOWN).cloned());
        }
    }
    for (family, count, floor) in ALSO {
        let (passed, total) = tally(&report, family).also.get(count).copied().unwrap_or_default();
        if passed < floor {
            low.push(format!("{family}, {count}: {passed} of {total} pass, {floor} did"));
        }
    }
    assert!(low.is_empty(), "{}", low.join("\n"));
    let unknown: Vec<_> =
        report.families.iter().filter(|t| FLOORS.iter().all(|(known, _)| *known != t.family)).collect();
    assert!(unknown.is_empty(), "families without a floor: {unknown:?}");
}

#[test]
fn what_can_not_be_run_is_said_and_counts_as_failed() {
    let folder = tempfile::tempdir().unwrap();
    assert!(mhero_conformance::run(&folder.path().join("none"), &[]).is_err());
    assert!(mhero_conformance::run(folder.path(), &["gsm7".to_owned()]).unwrap_err().contains("gsm7"));
    std::fs::create_dir(folder.path().join("actions")).unwrap();
    std::fs::create_dir(folder.path().join("nonsense")).unwrap();
    let report = mhero_conformance::run(folder.path(), &[]).unwrap();
    assert_eq!((report.passed(), report.families.len()), (0, 2));
    assert_eq!(tally(&report, "nonsense").failures.len(), 1, "{report:?}");
}

fn tally<'a>(report: &'a Report, family: &str) -> &'a Tally {
    report.families.iter().find(|tally| tally.family == family).expect("the pack has every family of the table")
}
