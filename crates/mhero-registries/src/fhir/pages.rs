//! Walks through the pages of a search or history, and believes none that does not answer what was asked.

use std::collections::HashSet;

use jiff::Timestamp;
use mhero_app::ports::PullError;
use mhero_core::{limits::IMPORT_RECORD_BYTES_MAX, record::Reason};
use mhero_wire::fhir::{Bundle, Issue};
use reqwest::Url;

use super::server::Server;
use crate::http::{Answer, HttpError, first_words};

/// Most pages of one search.
const PAGES_MAX: u32 = 20_000;
/// Most pages in a row that bring nothing new.
const IDLE_PAGES_MAX: u32 = 20;

/// Why a walk ended early.
#[derive(Debug)]
pub(super) enum Stop {
    /// The server left a parameter out of account: its name.
    Ignored(&'static str),
    /// This kind can't be read to its end; others can be tried.
    Kind(PullError),
    /// Nothing more can be read at all.
    All(PullError),
}

impl From<HttpError> for Stop {
    fn from(error: HttpError) -> Self {
        // One page over which the server stumbles is no sign that others fail.
        let is_this_page = matches!(error, HttpError::Down { status: 500, .. } | HttpError::Odd(_))
            || matches!(error.status(), Some(400 | 403 | 404 | 405 | 406 | 410 | 422 | 501));
        if is_this_page { Self::Kind(error.into()) } else { Self::All(error.into()) }
    }
}

/// The pages of one search, each asked for when the one before was taken.
pub(super) struct Pages<'a> {
    server: &'a Server,
    kind: &'static str,
    next: Option<Url>,
    /// A parameter that the self link must repeat.
    must: Option<&'static str>,
    seen: HashSet<String>,
    known: HashSet<u64>,
    count: u32,
    idle: u32,
    /// When the server answered the first page, by its own clock.
    pub(super) date: Option<Timestamp>,
    /// How many resources the server says there are.
    pub(super) total: Option<u64>,
}

/// A page and what is odd about it.
pub(super) struct Page {
    pub(super) number: u32,
    pub(super) bundle: Bundle,
    /// The text of a page that broke off.
    pub(super) broken: Option<String>,
    pub(super) remarks: Vec<Reason>,
}

impl<'a> Pages<'a> {
    pub(super) fn new(server: &'a Server, kind: &'static str, first: Url, must: Option<&'static str>) -> Self {
        let seen = HashSet::from([first.to_string()]);
        let known = HashSet::new();
        Self { server, kind, next: Some(first), must, seen, known, count: 0, idle: 0, date: None, total: None }
    }

    /// The next page; `None` after the last.
    pub(super) async fn next(&mut self) -> Result<Option<Page>, Stop> {
        let Some(url) = self.next.take() else { return Ok(None) };
        self.count += 1;
        if self.count > PAGES_MAX {
            return Err(self.endless());
        }
        let answer = self.server.get(url).await?;
        if self.count > 1 && (400..500).contains(&answer.status) && !matches!(answer.status, 401 | 429) {
            // Servers keep a search for some minutes only.
            return Err(self.untrusted("registry-fhir-page-lost"));
        }
        let answer = answer.success()?;
        self.date = self.date.or_else(|| answer.date());
        let text = answer.text();
        let Some(bundle) = Bundle::read(&text, IMPORT_RECORD_BYTES_MAX) else { return Err(self.no_bundle(&answer)) };
        self.total = bundle.total.or(self.total);
        let remarks = if self.count == 1 { self.judge(&bundle)? } else { Vec::new() };
        self.watch(&bundle)?;
        if let Some(link) = bundle.link("next") {
            let next = self.server.rebase(link).ok_or_else(|| self.endless())?;
            if !self.seen.insert(next.to_string()) {
                return Err(self.endless());
            }
            self.next = Some(next);
        }
        let broken = bundle.is_broken.then_some(text);
        Ok(Some(Page { number: self.count, bundle, broken, remarks }))
    }

    /// Whether the server answers what was asked: by its self link, and by what it says about the search.
    fn judge(&self, bundle: &Bundle) -> Result<Vec<Reason>, Stop> {
        let worst = bundle.issues.iter().find(|issue| issue.is_error());
        let doubt = worst.or_else(|| bundle.issues.iter().find(|issue| issue.is_about_ignoring()));
        if let Some(parameter) = self.must {
            let repeats = |link: &str| {
                self.server.client.base().join(link).is_ok_and(|url| url.query_pairs().any(|(key, _)| key == parameter))
            };
            let link = bundle.link("self");
            if doubt.is_some() || link.is_some_and(|link| !repeats(link)) {
                return Err(Stop::Ignored(parameter));
            }
        } else if let Some(issue) = worst {
            let args = [("kind", self.kind.to_owned()), ("detail", detail(issue))];
            return Err(Stop::Kind(PullError::Untrusted(Reason::new("registry-fhir-outcome", args))));
        }
        let remark = |issue: &Issue| {
            Reason::new("registry-fhir-remark", [("kind", self.kind.to_owned()), ("detail", detail(issue))])
        };
        Ok(bundle.issues.iter().filter(|issue| issue.is_about_ignoring()).map(remark).collect())
    }

    /// Looks whether the pages still bring something.
    fn watch(&mut self, bundle: &Bundle) -> Result<(), Stop> {
        let mut is_new = false;
        for entry in &bundle.entries {
            let mark = (&entry.kind, &entry.id, entry.last_updated, entry.is_removal);
            is_new |= self.known.insert(hash(&mark));
        }
        self.idle = if is_new { 0 } else { self.idle + 1 };
        // Two full pages that say nothing new are a circle; empty ones may stand between others.
        let limit = if bundle.entries.is_empty() { IDLE_PAGES_MAX } else { 2 };
        if self.idle >= limit && bundle.link("next").is_some() { Err(self.endless()) } else { Ok(()) }
    }

    fn endless(&self) -> Stop {
        self.untrusted("registry-fhir-endless")
    }

    fn untrusted(&self, key: &'static str) -> Stop {
        let args = [("kind", self.kind.to_owned()), ("pages", self.count.to_string())];
        Stop::Kind(PullError::Untrusted(Reason::new(key, args)))
    }

    fn no_bundle(&self, answer: &Answer) -> Stop {
        match answer.json() {
            Err(error) => Stop::Kind(error.into()),
            Ok(value) => {
                let issue = Issue::list(&value).into_iter().next().unwrap_or_default();
                let args = [("kind", self.kind.to_owned()), ("detail", detail(&issue))];
                Stop::Kind(PullError::Untrusted(Reason::new("registry-fhir-no-bundle", args)))
            }
        }
    }
}

fn detail(issue: &Issue) -> String {
    first_words(if issue.text.is_empty() { &issue.code } else { &issue.text })
}

fn hash(mark: &impl std::hash::Hash) -> u64 {
    use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
    BuildHasherDefault::<DefaultHasher>::default().hash_one(mark)
}
