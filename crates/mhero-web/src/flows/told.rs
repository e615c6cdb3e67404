//! Findings, errors and origins in words.

use mhero_app::AppError;
use mhero_core::FlowId;
use mhero_flow::checks::{Finding, Severity};
use uuid::Uuid;

use super::{drawing, view::FindingRow};
use crate::{marks::Mark, page::Page};

/// Why something could not be done, in the reader's words.
pub(super) fn error(page: &Page, error: &AppError) -> String {
    match error {
        AppError::Invalid(reason) => page.words.reason(reason),
        AppError::Query(error) => page.words.reason(&error.reason()),
        AppError::NotFound { what, id } => page.t2("flow-not-there", "what", *what, "id", id),
        AppError::NotAllowed { .. } => page.t("error-forbidden"),
        AppError::NotInitialised | AppError::Store(_) => page.t("error-broken"),
    }
}

/// Findings in words, the worst first. `order` gives each node's number on the picture.
pub(super) fn findings(page: &Page, flow: FlowId, found: &[Finding], order: &[Uuid]) -> Vec<FindingRow> {
    let mut sorted: Vec<&Finding> = found.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity()));
    let row = |finding: &&Finding| {
        let (mark, key) = match finding.severity() {
            Severity::Error => (Mark::Alarm, "flow-severity-error"),
            Severity::Warning => (Mark::Warning, "flow-severity-warning"),
            Severity::Hint => (Mark::Waiting, "flow-severity-hint"),
        };
        // Where nobody has numbered the steps, the page of the flow finds them.
        let step = finding.node_uuid.and_then(|node| {
            if order.is_empty() {
                Some((0, format!("/flows/{flow}#node-{node}")))
            } else {
                drawing::step(flow, node, order)
            }
        });
        FindingRow {
            mark,
            severity: page.t(key),
            words: page.words.reason(&finding.reason()),
            step,
            language: finding.language.map(|language| page.words.language(language)).unwrap_or_default(),
        }
    };
    sorted.iter().map(row).collect()
}

/// What a kind of flow is called.
pub(super) fn kind(page: &Page, word: &str) -> String {
    let key = format!("flow-kind-{}", word.replace('_', "-"));
    if page.words.has(&key) { page.t(&key) } else { word.to_owned() }
}

/// Where a flow came from.
pub(super) fn origin(page: &Page, origin: &str) -> String {
    match origin.split('/').next() {
        Some("library") => page.t("flow-origin-library"),
        Some("import") => page.t("flow-origin-import"),
        Some("console") => page.t("flow-origin-console"),
        Some("backend") => page.t1("flow-origin-backend", "source", origin.trim_start_matches("backend/").to_owned()),
        _ => origin.to_owned(),
    }
}
