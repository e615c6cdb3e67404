//! What became of the parts of an import.

use mhero_app::flows::{ExportReport, Imported, ImportedKind, ImportedOutcome};
use mhero_core::FlowId;

use super::{
    told,
    view::{PartGroup, PartRow, ReportPage},
};
use crate::{
    marks::Mark,
    page::{Here, Page},
    state::Signed,
};

/// Findings shown under one flow; its page has all.
const FINDINGS_OF_ONE: usize = 5;
/// Findings shown on the whole page.
const FINDINGS_OF_ALL: usize = 60;

const KINDS: [(ImportedKind, &str); 6] = [
    (ImportedKind::Flow, "import-kind-flow"),
    (ImportedKind::Trigger, "import-kind-trigger"),
    (ImportedKind::Campaign, "import-kind-campaign"),
    (ImportedKind::Group, "import-kind-group"),
    (ImportedKind::Field, "import-kind-field"),
    (ImportedKind::Thing, "import-kind-thing"),
];
const OUTCOMES: [(&str, &str); 5] = [
    ("created", "import-n-created"),
    ("updated", "import-n-updated"),
    ("changed", "import-n-changed"),
    ("known", "import-n-known"),
    ("refused", "import-n-refused"),
];

/// The page of a report.
pub(super) fn page(signed: &Signed, report: &ExportReport, name: &str) -> ReportPage {
    let title = if name.is_empty() { signed.page.t("flows-imported") } else { name.to_owned() };
    let page = signed.page.clone().titled(title, Here::Flows);
    let refused = report.refused().count();
    let lead = page.t2("flows-imported-lead", "n", report.parts.len() - refused, "refused", refused);
    let mut room = FINDINGS_OF_ALL;
    let mut groups = Vec::new();
    for (kind, key) in KINDS {
        let parts: Vec<&Imported> = report.parts.iter().filter(|part| part.kind == kind).collect();
        if parts.is_empty() {
            continue;
        }
        let counts = OUTCOMES.iter().filter_map(|(word, key)| {
            let count = report.count(kind, word);
            (count > 0).then(|| page.t1(key, "n", count))
        });
        groups.push(PartGroup {
            name: page.t(key),
            counts: counts.collect::<Vec<_>>().join(", "),
            parts: parts.into_iter().map(|part| row(&page, part, &mut room)).collect(),
        });
    }
    ReportPage { page, lead, groups }
}

fn row(page: &Page, part: &Imported, room: &mut usize) -> PartRow {
    let (mark, key, why) = match &part.outcome {
        ImportedOutcome::Created => (Mark::Good, "import-created", String::new()),
        ImportedOutcome::Updated => (Mark::Good, "import-updated", String::new()),
        ImportedOutcome::Known => (Mark::Waiting, "import-known", String::new()),
        ImportedOutcome::Changed(reason) => (Mark::Warning, "import-changed", page.words.reason(reason)),
        ImportedOutcome::Refused(error) => (Mark::Failed, "import-refused", told::error(page, error)),
    };
    let flow = part.id.filter(|_| part.kind == ImportedKind::Flow).map(FlowId::from_uuid);
    let mut findings = match flow {
        Some(flow) => told::findings(page, flow, &part.findings, &[]),
        None => Vec::new(),
    };
    // Numbers of steps need the picture, which is on the flow's page; the link leads there.
    if let Some(flow) = flow {
        let mut sorted: Vec<_> = part.findings.iter().collect();
        sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity()));
        for (row, finding) in findings.iter_mut().zip(sorted) {
            row.step = finding.node_uuid.map(|node| (0, format!("/flows/{flow}#node-{node}")));
        }
    }
    findings.truncate(FINDINGS_OF_ONE.min(*room));
    *room -= findings.len();
    PartRow {
        name: part.name.clone(),
        href: flow.map(|flow| format!("/flows/{flow}")),
        mark,
        outcome: page.t(key),
        why,
        found: part.findings.len(),
        findings,
    }
}
