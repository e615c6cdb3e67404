//! What a source of this kind is told beside its address and how it lets us in.

use mhero_app::{AppError, ports::SourceSettings};

/// Entities that one page of a search holds, as usual and at most.
const PAGE: u64 = 500;
const PAGE_MAX: u64 = 10_000;
/// Hours before the latest known stamp from which a pull begins, as usual and at most.
const OVERLAP_HOURS: u64 = 72;
const OVERLAP_HOURS_MAX: u64 = 24 * 366;
/// Longest name of a document, in bytes.
const DOCUMENT_BYTES_MAX: usize = 100;

/// How a directory is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// ITI-74.
    Updates,
    /// ITI-73, page by page.
    Search,
    /// The whole document by GET.
    Whole,
}

/// The settings.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) mode: Mode,
    /// The documents, in order; none where the address is itself an endpoint of ITI-74.
    pub(super) documents: Vec<String>,
    /// The document that changes are written to, where it is another than the one that holds the entity.
    pub(super) write_document: Option<String>,
    pub(super) page: u64,
    pub(super) overlap: jiff::SignedDuration,
}

impl Settings {
    pub(super) fn read(settings: &SourceSettings) -> Result<Self, AppError> {
        let get = |key: &str| settings.config.get(key).map(|value| value.trim()).filter(|value| !value.is_empty());
        let documents = get("document").map(names).transpose()?.unwrap_or_default();
        let mode = match get("mode").unwrap_or("updates") {
            "updates" => Mode::Updates,
            "search" => Mode::Search,
            "document" => Mode::Whole,
            other => return Err(AppError::invalid("csd-mode", [("value", shown(other))])),
        };
        if mode != Mode::Updates && documents.is_empty() {
            let word = if mode == Mode::Search { "search" } else { "document" };
            return Err(AppError::invalid("csd-mode-needs-document", [("mode", word.to_owned())]));
        }
        let number = |key: &'static str, usual: u64, min: u64, max: u64| match get(key) {
            None => Ok(usual),
            Some(text) => text.parse().ok().filter(|number| (min..=max).contains(number)).ok_or_else(|| {
                let (value, min, max) = (shown(text), min.to_string(), max.to_string());
                AppError::invalid("csd-number", [("key", key.to_owned()), ("value", value), ("min", min), ("max", max)])
            }),
        };
        let hours = number("overlap", OVERLAP_HOURS, 0, OVERLAP_HOURS_MAX)?;
        let write = get("write_document").map(names).transpose()?;
        Ok(Self {
            mode,
            documents,
            write_document: write.and_then(|names| names.into_iter().next()),
            page: number("page", PAGE, 1, PAGE_MAX)?,
            overlap: jiff::SignedDuration::from_hours(i64::try_from(hours).unwrap_or(i64::MAX / 3600)),
        })
    }
}

/// Names of documents, which become parts of addresses.
fn names(text: &str) -> Result<Vec<String>, AppError> {
    let fits = |name: &&str| {
        name.len() <= DOCUMENT_BYTES_MAX
            && !name.starts_with('.')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    let all: Vec<&str> = text.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    match all.iter().find(|name| !fits(name)) {
        Some(wrong) => Err(AppError::invalid("csd-document", [("value", shown(wrong))])),
        None => Ok(all.into_iter().map(str::to_owned).collect()),
    }
}

fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}
