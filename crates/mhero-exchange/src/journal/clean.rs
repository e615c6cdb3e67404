//! Addresses without what is secret and without numbers of people.

/// Letters of a step from which on one without words in it counts as a secret.
const SECRET_LETTERS: usize = 24;
/// Digits of a step or value from which on it counts as a number of somebody.
const NUMBER_DIGITS: usize = 7;
/// Longest address that is kept, in characters.
const SHOWN_MAX: usize = 300;
/// Parameters whose values say nothing about anybody.
const OPEN: [&str; 16] = [
    "_count",
    "_elements",
    "_format",
    "_include",
    "_lastUpdated",
    "_revinclude",
    "_since",
    "_sort",
    "_summary",
    "_total",
    "_type",
    "fields",
    "limit",
    "page",
    "pageSize",
    "paging",
];
/// What stands for what was taken out.
const GONE: &str = "…";

/// A path and its query (without the question mark) as the log shows them: secrets and numbers are taken out, of parameters only
/// the names stay, but for those that only say how to answer.
///
/// ```
/// use mhero_exchange::journal::clean_path;
/// assert_eq!(clean_path("/fhir/Practitioner/17", Some("phone=0770&_count=20")), "/fhir/Practitioner/17?phone=…&_count=20");
/// assert_eq!(clean_path("/api/contacts/+231770123456", None), "/api/contacts/…");
/// ```
pub fn clean_path(path: &str, query: Option<&str>) -> String {
    let steps: Vec<&str> = path.split('/').map(|step| if is_closed(step) { GONE } else { step }).collect();
    let mut shown = steps.join("/");
    if let Some(query) = query.filter(|query| !query.is_empty()) {
        shown.push('?');
        let pairs = form_urlencoded::parse(query.as_bytes()).map(|(name, value)| {
            let known = name.split(':').next().unwrap_or_default();
            let is_open = OPEN.contains(&known) && !is_closed(&value);
            format!("{name}={}", if is_open { value.as_ref() } else { GONE })
        });
        shown.push_str(&pairs.collect::<Vec<_>>().join("&"));
    }
    match shown.char_indices().nth(SHOWN_MAX) {
        Some((end, _)) => format!("{}{GONE}", &shown[..end]),
        None => shown,
    }
}

/// The path of a whole address as the log shows it.
pub fn clean_url(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').map_or("/", |at| &rest[at..]);
    match path.split_once('?') {
        Some((path, query)) => clean_path(path, Some(query)),
        None => clean_path(path, None),
    }
}

/// Whether a step or a value is a secret or a number of somebody.
fn is_closed(step: &str) -> bool {
    // An id as we write it; without its hyphens it might as well be a secret.
    if step.len() == uuid::fmt::Hyphenated::LENGTH && uuid::Uuid::try_parse(step).is_ok() {
        return false;
    }
    let digits = step.chars().filter(char::is_ascii_digit).count();
    let rest = step.chars().filter(|c| !c.is_ascii_digit() && !matches!(c, '+' | '-' | ' ' | '%' | '(' | ')')).count();
    if digits >= NUMBER_DIGITS && rest <= 4 && jiff_date(step).is_none() {
        return true;
    }
    let is_mixed = digits > 0 && step.chars().any(|c| c.is_ascii_alphabetic());
    step.len() >= SECRET_LETTERS && is_mixed && step.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
}

/// A day or a moment is no number of somebody.
fn jiff_date(step: &str) -> Option<()> {
    let begin: String = step.trim_start_matches(|c: char| c.is_ascii_lowercase()).chars().take(10).collect();
    begin.parse::<jiff::civil::Date>().ok().map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_secrets_are_taken_out_and_the_rest_stays() {
        for (path, query, shown) in [
            ("/fhir/Practitioner", None, "/fhir/Practitioner"),
            ("/fhir/Practitioner/231770123456", None, "/fhir/Practitioner/…"),
            (
                "/fhir/Practitioner/0190b0a0-0000-7000-8000-000000000001",
                None,
                "/fhir/Practitioner/0190b0a0-0000-7000-8000-000000000001",
            ),
            ("/notify/a9f3c2d4e5f60718293a4b5c6d7e8f90", None, "/notify/…"),
            ("/fhir/Practitioner", Some("name=Marie&_count=5"), "/fhir/Practitioner?name=…&_count=5"),
            ("/fhir/Practitioner", Some("_lastUpdated=gt2026-05-14"), "/fhir/Practitioner?_lastUpdated=gt2026-05-14"),
            ("/fhir/Practitioner", Some("token=abc"), "/fhir/Practitioner?token=…"),
            ("/api/29/dataValueSets", Some("importStrategy=CREATE"), "/api/29/dataValueSets?importStrategy=…"),
        ] {
            assert_eq!(clean_path(path, query), shown);
        }
        assert_eq!(clean_url("https://u:p@host:8443/a/b?x=1"), "/a/b?x=…");
        assert!(clean_path(&format!("/{}", "a/".repeat(400)), None).chars().count() <= SHOWN_MAX + 1);
    }
}
