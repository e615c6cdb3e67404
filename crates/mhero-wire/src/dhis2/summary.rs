//! What DHIS2 says to a report: judged by what it counts, never by the status of HTTP alone.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::fhir::node::Node;

/// Longest words of a conflict that are kept, in characters.
const WORDS_MAX: usize = 300;
/// Conflicts that are kept of one answer.
const CONFLICTS_MAX: usize = 50;

/// One thing that the server objects to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// Which values it is about, by their place in what was sent, from 0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<usize>,
    /// What the server names: an id, a property.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub object: String,
    /// In the server's words.
    pub words: String,
    /// Its code: `E7643`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// What became of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Values or events that were new.
    pub imported: i64,
    /// That were changed.
    pub updated: i64,
    /// That were left alone: as they were already, or objected to.
    pub ignored: i64,
    /// That were taken away.
    pub deleted: i64,
    /// Whether the server calls the whole an error.
    pub is_error: bool,
    /// What it objects to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
    /// What it says in a sentence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
}

impl Verdict {
    /// Reads the answer to values: an import summary, bare or in its envelope. `None` for anything else.
    ///
    /// ```
    /// use mhero_wire::dhis2::Verdict;
    /// let bare = r#"{"responseType":"ImportSummary","status":"SUCCESS","importCount":{"imported":3,"updated":0,"ignored":0,"deleted":0}}"#;
    /// let verdict = Verdict::of_values(bare).expect("a summary");
    /// assert!(verdict.is_accepted() && verdict.imported == 3);
    /// ```
    pub fn of_values(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let root = Node::root(&value);
        let envelope = root.get("response").filter(|response| response.get("importCount").is_some());
        let summary = envelope.as_ref().unwrap_or(&root);
        let status = summary.member_text("status");
        let Some(counts) = summary.get("importCount") else {
            // An envelope without a summary: nothing was looked at.
            let said = super::Message::read(text)?;
            let conflict = Conflict { words: said.message.clone(), code: said.code, ..Conflict::default() };
            let is_error = said.status == "ERROR";
            return is_error.then(|| Self {
                is_error,
                conflicts: vec![conflict],
                words: said.message,
                ..Self::default()
            });
        };
        let count = |name: &str| counts.member_text(name).and_then(|n| n.parse().ok()).unwrap_or(0);
        let told = summary.member_text("description").or_else(|| root.member_text("message")).unwrap_or_default();
        let conflicts = summary.items("conflicts").iter().take(CONFLICTS_MAX).map(conflict).collect();
        Some(Self {
            imported: count("imported"),
            updated: count("updated"),
            ignored: count("ignored"),
            deleted: count("deleted"),
            is_error: status.as_deref() == Some("ERROR"),
            conflicts,
            words: cut(&told),
        })
    }

    /// Reads the answer to events: a report of the tracker. `None` for anything else.
    pub fn of_events(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let root = Node::root(&value);
        let Some(stats) = root.get("stats") else {
            let said = super::Message::read(text)?;
            let conflict = Conflict { words: said.message.clone(), code: said.code, ..Conflict::default() };
            let is_error = said.status == "ERROR";
            return is_error.then(|| Self {
                is_error,
                conflicts: vec![conflict],
                words: said.message,
                ..Self::default()
            });
        };
        let count = |name: &str| stats.member_text(name).and_then(|n| n.parse().ok()).unwrap_or(0);
        let reports = root.get("validationReport").map(|report| report.items("errorReports")).unwrap_or_default();
        let conflicts: Vec<Conflict> = reports
            .iter()
            .take(CONFLICTS_MAX)
            .map(|report| Conflict {
                values: Vec::new(),
                object: report.member_text("uid").unwrap_or_default(),
                words: cut(&report.member_text("message").unwrap_or_default()),
                code: report.member_text("errorCode"),
            })
            .collect();
        Some(Self {
            imported: count("created"),
            updated: count("updated"),
            ignored: count("ignored"),
            deleted: count("deleted"),
            is_error: root.member_text("status").as_deref() == Some("ERROR"),
            words: cut(&root.member_text("message").unwrap_or_default()),
            conflicts,
        })
    }

    /// Whether all of it stands there now: what was left alone without a word stood there already.
    pub fn is_accepted(&self) -> bool {
        !self.is_error && self.conflicts.is_empty()
    }

    /// Whether some of it does.
    pub fn is_partly(&self) -> bool {
        !self.is_accepted() && self.imported + self.updated > 0
    }
}

fn conflict(own: &Node<'_>) -> Conflict {
    let numbers = own.items("indexes");
    Conflict {
        values: numbers.iter().filter_map(|at| at.text()?.parse().ok()).collect(),
        object: own.member_text("object").map(|object| cut(&object)).unwrap_or_default(),
        words: cut(&own.member_text("value").unwrap_or_default()),
        code: own.member_text("errorCode"),
    }
}

fn cut(text: &str) -> String {
    text.chars().take(WORDS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_http_whose_summary_counts_values_is_judged_by_the_counts() {
        let text = r#"{"httpStatus":"Conflict","httpStatusCode":409,"status":"WARNING","message":"One more conflicts encountered, please check import summary.",
          "response":{"responseType":"ImportSummary","status":"WARNING","description":"Import process completed successfully",
          "importCount":{"imported":2,"updated":0,"ignored":1,"deleted":0},
          "conflicts":[{"object":"fbfJHSPpUQD","objects":{"dataElement":"fbfJHSPpUQD"},"value":"value_not_integer","errorCode":"E7619","property":"value","indexes":[1]}],
          "rejectedIndexes":[1],"dataSetComplete":"false"}}"#;
        let verdict = Verdict::of_values(text).unwrap();
        assert!(!verdict.is_accepted() && verdict.is_partly());
        assert_eq!((verdict.imported, verdict.ignored), (2, 1));
        assert_eq!(verdict.conflicts[0].values, [1]);
        assert_eq!(verdict.conflicts[0].code.as_deref(), Some("E7619"));
    }

    #[test]
    fn the_same_values_again_are_accepted_and_a_page_is_no_answer() {
        let again = r#"{"status":"OK","response":{"status":"SUCCESS","importCount":{"imported":0,"updated":0,"ignored":3,"deleted":0}}}"#;
        assert!(Verdict::of_values(again).unwrap().is_accepted());
        assert_eq!(Verdict::of_values("<html>"), None);
        assert_eq!(Verdict::of_values("{}"), None);
        let refused = r#"{"httpStatusCode":409,"status":"ERROR","message":"Data set not found","errorCode":"E7600"}"#;
        let refused = Verdict::of_values(refused).unwrap();
        assert!(refused.is_error && refused.conflicts[0].code.as_deref() == Some("E7600"));
    }

    #[test]
    fn a_report_of_the_tracker_is_read() {
        let text = r#"{"status":"ERROR","validationReport":{"errorReports":[{"message":"Organisation unit: `x` not found.","errorCode":"E1011","trackerType":"EVENT","uid":"abcdefghijk"}],"warningReports":[]},"stats":{"created":0,"updated":0,"deleted":0,"ignored":1,"total":1}}"#;
        let verdict = Verdict::of_events(text).unwrap();
        assert!(verdict.is_error && verdict.conflicts[0].code.as_deref() == Some("E1011"));
        let fine = r#"{"status":"OK","stats":{"created":1,"updated":0,"deleted":0,"ignored":0,"total":1}}"#;
        assert!(Verdict::of_events(fine).unwrap().is_accepted());
    }
}
