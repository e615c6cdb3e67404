//! What becomes of each row, in words.

use mhero_app::people::{ImportProblem, ImportReport, Verdict};

use super::{
    draft::Seen,
    view::{CountRow, VerdictRow},
    whence::whence,
};
use crate::{href, marks::Mark, page::Page};

/// Fewest digits that look like a phone.
const PHONE_DIGITS_MIN: usize = 7;

/// Verdicts in the order in which they are shown: what asks for work first.
const SHOWN: [(&str, Mark); 6] = [
    ("rejected", Mark::Failed),
    ("warning", Mark::Warning),
    ("duplicate", Mark::LeftOut),
    ("changed", Mark::Sent),
    ("matched", Mark::Delivered),
    ("new", Mark::Good),
];

pub(super) fn mark_of(verdict: &str) -> Mark {
    SHOWN.iter().find(|(known, _)| *known == verdict).map_or(Mark::Waiting, |(_, mark)| *mark)
}

/// The warning that another row of the file has the same id; it is a verdict of its own.
const TWICE: &str = "import-id-twice";

fn is_twice(problem: &ImportProblem) -> bool {
    problem.problem.reason.key == TWICE
}

/// Rows that say something else than before. What only corrects another row of the same file is no change.
fn changed(report: &ImportReport) -> u64 {
    let rows = report.rows.iter().filter(|row| row.verdict == Verdict::Changed).count() as u64;
    // Of a very large file not every verdict is kept.
    if report.updated > report.rows.len() as u64 { report.updated } else { rows.min(report.updated) }
}

/// Rows that an import would write.
pub(super) fn changing(report: &ImportReport) -> i64 {
    let rows = (report.created + changed(report)).max(u64::from(report.updated > 0));
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// Counts with their filters.
pub(super) fn counts(page: &Page, report: &ImportReport, path: &str, shown: &str) -> Vec<CountRow> {
    let of = |verdict: &str| match verdict {
        "rejected" => report.rejected,
        "warning" => report.warnings.saturating_sub(report.duplicates),
        "duplicate" => report.duplicates,
        "changed" => changed(report),
        "matched" => report.matched,
        "new" => report.created.saturating_sub(report.matched),
        _ => report.unchanged,
    };
    let row = |(verdict, mark): (&str, Mark)| {
        let n = i64::try_from(of(verdict)).unwrap_or(i64::MAX);
        let is_listed = n > 0 && verdict != "unchanged";
        CountRow {
            mark,
            words: page.t(&format!("verdict-{verdict}")),
            why: page.t(&format!("verdict-{verdict}-why")),
            n,
            href: is_listed.then(|| href::with(path, &[("show", verdict)]) + "#rows"),
            is_on: verdict == shown,
        }
    };
    SHOWN.into_iter().rev().chain([("unchanged", Mark::Waiting)]).map(row).collect()
}

/// The rows of a verdict, or all.
pub(super) fn rows(page: &Page, seen: &Seen, shown: &str) -> Vec<VerdictRow> {
    let report = &seen.report;
    let name = |origin: &str| seen.names.get(origin).cloned().unwrap_or_default();
    let words = |verdict: &str| page.t(&format!("verdict-{verdict}"));
    let problem = |verdict: &'static str, origin: &str, problem: &mhero_core::record::Problem| VerdictRow {
        origin: whence(page, origin),
        name: name(origin),
        mark: mark_of(verdict),
        words: words(verdict),
        why: shaded(&join(&problem.element, &page.words.reason(&problem.reason))),
    };
    let mut rows = Vec::new();
    for (verdict, mark) in SHOWN.into_iter().filter(|(verdict, _)| shown.is_empty() || *verdict == shown) {
        match verdict {
            "rejected" => rows.extend(report.rejections.iter().map(|one| problem(verdict, &one.origin, &one.problem))),
            "warning" => {
                let warnings = report.problems.iter().filter(|one| !one.is_refusal && !is_twice(one));
                rows.extend(warnings.map(|one| problem(verdict, &one.origin, &one.problem)));
            }
            "duplicate" => {
                let twice = report.problems.iter().filter(|one| is_twice(one));
                rows.extend(twice.map(|one| problem(verdict, &one.origin, &one.problem)));
            }
            verdict => {
                let of = report.rows.iter().filter(|row| row.verdict.as_str() == verdict);
                rows.extend(
                    of.filter(|row| row.verdict != Verdict::Rejected).map(|row| VerdictRow {
                        origin: whence(page, &row.origin),
                        name: name(&row.origin),
                        mark,
                        words: words(verdict),
                        why: row
                            .matched_by
                            .as_deref()
                            .map(|by| shaded(&page.t1("verdict-by", "by", by)))
                            .unwrap_or_default(),
                    }),
                );
            }
        }
    }
    rows
}

fn join(element: &str, reason: &str) -> String {
    if element.is_empty() { reason.to_owned() } else { format!("{element}: {reason}") }
}

/// A text in which what could be a phone number is hidden but for its beginning and end; dates stay.
///
/// ```
/// use mhero_web::imports::shaded;
/// assert_eq!(shaded("Tel 0770 123 456, born 1988-04-02"), "Tel 077•••••56, born 1988-04-02");
/// ```
pub fn shaded(text: &str) -> String {
    let is_part = |c: char| c.is_ascii_digit() || "+ -./()".contains(c);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit() || c == '+') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
        let run = rest[..end].trim_end_matches(|c: char| !c.is_ascii_digit() && c != ')');
        let run = if run.is_empty() { &rest[..end] } else { run };
        out.push_str(&hidden(run));
        rest = &rest[run.len()..];
    }
    out + rest
}

/// A run of digits and what stands between them.
fn hidden(run: &str) -> String {
    let digits: String = run.chars().filter(char::is_ascii_digit).collect();
    let parts = || run.split([' ', '(', ')']).filter(|part| !part.is_empty());
    // A day with an hour or a year beside it.
    let is_day_beside = parts().any(is_day) && parts().filter(|part| !is_day(part)).all(|part| part.len() <= 4);
    if digits.len() < PHONE_DIGITS_MIN || is_day_beside {
        return run.to_owned();
    }
    let plus = if run.starts_with('+') { "+" } else { "" };
    let middle = digits.len() - 5;
    format!("{plus}{}{}{}", &digits[..3], "•".repeat(middle), &digits[digits.len() - 2..])
}

/// Whether it is written as a day of our time is, even one that no month has.
fn is_day(part: &str) -> bool {
    let shape = |(place, byte): (usize, u8)| if matches!(place, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    part.len() == 10 && (part.starts_with("19") || part.starts_with("20")) && part.bytes().enumerate().all(shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_hidden_and_days_are_not() {
        for (given, shown) in [
            ("0770123456", "077•••••56"),
            ("+231 770-123-456", "+231•••••••56"),
            ("2026-05-14 and 12", "2026-05-14 and 12"),
            ("1990-02-30", "1990-02-30"),
            ("2026-05-14T09:30:00Z", "2026-05-14T09:30:00Z"),
            ("2026-05-14 09:30", "2026-05-14 09:30"),
            ("077 012 345", "077••••45"),
            ("staff.csv, row 12", "staff.csv, row 12"),
            ("no digits + none", "no digits + none"),
            ("", ""),
        ] {
            assert_eq!(shaded(given), shown);
        }
    }
}
