//! Reads what the server holds, or what changed since the last time.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use mhero_app::ports::{Pull, PullError, PullSink, Pulled};
use mhero_core::record::{Content, Problem, Reason, Record, Rejection};
use mhero_wire::{
    fhir::{self, Capability, Entry},
    json::Position,
};
use reqwest::Url;

use super::{
    pages::{Page, Pages, Stop},
    server::Server,
};

/// How much older than asked for an entry may be: servers cut instants to seconds.
const SLACK: SignedDuration = SignedDuration::from_secs(2);

/// From where a pull of changes begins, and of which kinds the last one read.
struct Watermark {
    at: Timestamp,
    types: String,
}

impl Watermark {
    fn read(text: &str) -> Option<Self> {
        let (at, types) = text.split_once(' ')?;
        Some(Self { at: at.parse().ok()?, types: types.to_owned() })
    }

    fn write(&self) -> String {
        format!("{} {}", self.at, self.types)
    }
}

pub(super) async fn pull(server: &Server, pull: &Pull, sink: &mut dyn PullSink) -> Result<Pulled, PullError> {
    let capability = server.capability().await?;
    let types = server.settings.types.join(",");
    let since = pull.since.as_deref().map(Watermark::read);
    let mut run = Run { server, capability, sink, newest: HashMap::new(), date: None, latest: None, trouble: None };
    let mut whole = true;
    match since {
        Some(Some(mark)) if mark.types == types => match run.changes(mark.at).await {
            Ok(()) => whole = false,
            Err(Stop::Ignored(parameter)) => {
                let args = [("host", server.client.host()), ("parameter", parameter.to_owned())];
                run.sink.remark(Reason::new("registry-fhir-ignores", args));
                run.newest.clear();
                run.trouble = None;
                run.everything().await?;
            }
            Err(Stop::Kind(error) | Stop::All(error)) => return Err(error),
        },
        Some(_) => {
            run.sink.remark(Reason::plain("registry-fhir-anew"));
            run.everything().await?;
        }
        None => run.everything().await?,
    }
    match run.trouble.take() {
        Some(Trouble::Fatal(error)) => Err(error),
        Some(Trouble::Incomplete) => Ok(Pulled { watermark: pull.since.clone(), whole: false }),
        None => {
            let at = run.date.or(run.latest).and_then(|at| at.checked_sub(server.settings.overlap).ok());
            let watermark = at.map(|at| Watermark { at, types }.write());
            Ok(Pulled { watermark: watermark.or_else(|| pull.since.clone()), whole })
        }
    }
}

/// What keeps a pull from counting, although what it read stays.
enum Trouble {
    /// It must be repeated from the old watermark.
    Incomplete,
    /// As [`Trouble::Incomplete`], and the administrator should see why.
    Fatal(PullError),
}

/// One pull.
struct Run<'a> {
    server: &'a Server,
    capability: Option<&'a Capability>,
    sink: &'a mut dyn PullSink,
    /// The newest state that was handed on, by kind and id: histories tell older ones too.
    newest: HashMap<(String, String), Option<Timestamp>>,
    /// When the server answered first, by its own clock.
    date: Option<Timestamp>,
    /// The latest instant at which a resource was stored.
    latest: Option<Timestamp>,
    trouble: Option<Trouble>,
}

impl Run<'_> {
    /// Everything of each kind.
    async fn everything(&mut self) -> Result<(), PullError> {
        let mut people = 0;
        for kind in self.kinds() {
            let url = self.search(kind, &[]);
            let before = self.newest.len();
            match self.walk(kind, url, None, None).await {
                Ok(total) => {
                    let found = (self.newest.len() - before) as u64;
                    people += if kind == "Practitioner" { found } else { 0 };
                    // What a search takes along or filters away is not counted alike everywhere: only too few is a sign.
                    if kind != "CodeSystem" && kind != "Basic" && total.is_some_and(|total| total > found) {
                        let args = [
                            ("kind", kind.to_owned()),
                            ("total", total.unwrap_or_default().to_string()),
                            ("found", found.to_string()),
                        ];
                        self.sink.remark(Reason::new("registry-fhir-fewer", args));
                        self.trouble.get_or_insert(Trouble::Incomplete);
                    }
                }
                Err(stop) => self.stopped(kind, stop)?,
            }
        }
        if people == 0 && self.server.settings.types.contains(&"Practitioner") && self.trouble.is_none() {
            self.sink.remark(Reason::new("registry-fhir-nobody", [("host", self.server.client.host())]));
        }
        Ok(())
    }

    /// What changed since an instant.
    async fn changes(&mut self, since: Timestamp) -> Result<(), Stop> {
        for kind in self.kinds() {
            let result = match kind {
                // A handful of code systems: their content changes without notice in their own instant.
                "CodeSystem" => {
                    let url = self.search(kind, &[]);
                    self.walk(kind, url, None, None).await.map(drop)
                }
                _ if self.has_history(kind) => match self.history(kind, since).await {
                    Err(Stop::Ignored(_) | Stop::Kind(_)) => self.updated(kind, since).await,
                    other => other,
                },
                _ => self.updated(kind, since).await,
            };
            match result {
                Ok(()) => {}
                Err(Stop::Ignored(parameter)) => return Err(Stop::Ignored(parameter)),
                Err(stop) => self.stopped(kind, stop).map_err(Stop::All)?,
            }
        }
        Ok(())
    }

    /// ITI-91: what was created, changed and removed.
    async fn history(&mut self, kind: &'static str, since: Timestamp) -> Result<(), Stop> {
        let (since_text, count) = (since.to_string(), self.server.settings.page.to_string());
        let query = [("_since", since_text.as_str()), ("_count", count.as_str())];
        let url = self.server.client.url(&format!("{kind}/_history"), &query);
        self.walk(kind, url, Some("_since"), Some(since)).await.map(drop)
    }

    /// What was created and changed, with what positions refer to where the server takes it along.
    async fn updated(&mut self, kind: &'static str, since: Timestamp) -> Result<(), Stop> {
        let from = format!("ge{since}");
        let mut query = vec![("_lastUpdated", from.as_str())];
        if kind == "PractitionerRole" {
            for reference in ["practitioner", "location"] {
                if self.capability.is_some_and(|capability| capability.includes(kind, reference)) {
                    let name = if reference == "location" {
                        "PractitionerRole:location"
                    } else {
                        "PractitionerRole:practitioner"
                    };
                    query.push(("_include", name));
                }
            }
        }
        let url = self.search(kind, &query);
        self.walk(kind, url, Some("_lastUpdated"), Some(since)).await.map(drop)
    }

    /// The kinds that are wanted and there.
    fn kinds(&mut self) -> Vec<&'static str> {
        let (there, absent): (Vec<_>, Vec<_>) =
            self.server.settings.types.iter().partition(|kind| Server::has(self.capability, kind));
        if absent.contains(&"Practitioner") {
            self.sink.remark(Reason::new("registry-fhir-without", [("kinds", absent.join(", "))]));
        }
        there
    }

    fn has_history(&self, kind: &str) -> bool {
        let says = || self.capability.is_some_and(|capability| capability.can(kind, "history-type"));
        self.server.settings.history.unwrap_or_else(says)
    }

    fn search(&self, kind: &str, query: &[(&str, &str)]) -> Url {
        let (count, jobs) = (self.server.settings.page.to_string(), self.server.settings.jobs.join(","));
        let mut all = query.to_vec();
        if kind == "CodeSystem" {
            all.push(("url", jobs.as_str()));
        }
        all.push(("_count", count.as_str()));
        self.server.client.url(kind, &all)
    }

    /// Notes why a kind was not read to its end; others are tried, unless nothing more can be read at all.
    fn stopped(&mut self, kind: &str, stop: Stop) -> Result<(), PullError> {
        match stop {
            Stop::All(error) => Err(error),
            Stop::Ignored(_) => Ok(()),
            // Without the people a pull is none; what is beside them may be closed to us for good.
            Stop::Kind(PullError::Refused(reason)) if kind != "Practitioner" => {
                self.sink.remark(reason);
                self.trouble.get_or_insert(Trouble::Incomplete);
                Ok(())
            }
            Stop::Kind(error) => {
                if !matches!(self.trouble, Some(Trouble::Fatal(_))) {
                    self.trouble = Some(Trouble::Fatal(error));
                }
                Ok(())
            }
        }
    }

    /// Takes every page of a search. Gives the number of resources that the server says there are.
    async fn walk(
        &mut self,
        kind: &'static str,
        first: Url,
        must: Option<&'static str>,
        since: Option<Timestamp>,
    ) -> Result<Option<u64>, Stop> {
        let mut pages = Pages::new(self.server, kind, first, must);
        while let Some(page) = pages.next().await? {
            self.date = self.date.or(pages.date);
            let is_old = |entry: &Entry| {
                let limit = since.and_then(|since| since.checked_sub(SLACK).ok());
                !entry.is_include && entry.last_updated.zip(limit).is_some_and(|(at, limit)| at < limit)
            };
            if let Some(parameter) = must.filter(|_| page.bundle.entries.iter().any(is_old)) {
                return Err(Stop::Ignored(parameter));
            }
            self.take(kind, page).await.map_err(|error| Stop::All(error.into()))?;
        }
        Ok(pages.total)
    }

    async fn take(&mut self, kind: &str, page: Page) -> Result<(), mhero_app::AppError> {
        page.remarks.into_iter().for_each(|remark| self.sink.remark(remark));
        let mut batch = Vec::new();
        for (at, entry) in page.bundle.entries.into_iter().enumerate() {
            let origin = format!("{kind}, page {}, entry {}", page.number, at + 1);
            if entry.is_broken {
                self.trouble.get_or_insert(Trouble::Incomplete);
                batch.push(Err(refuse(&origin, entry.raw, Reason::plain("registry-fhir-entry-broken"))));
                continue;
            }
            if !self.is_newer(&entry) {
                continue;
            }
            if entry.is_removal {
                if let (Some(kind), Some(id)) = (&entry.kind, &entry.id)
                    && self.is_ours(kind)
                {
                    self.sink.take(std::mem::take(&mut batch)).await?;
                    self.sink.removed(kind, id).await?;
                }
                continue;
            }
            let verdict = fhir::record(&entry.raw, &origin, Position { line: 1, column: 1 });
            if verdict.as_ref().map_or(true, |record| self.is_wanted(record)) {
                batch.push(verdict);
            }
        }
        if let Some(text) = page.broken {
            let origin = format!("{kind}, page {}", page.number);
            self.trouble.get_or_insert(Trouble::Incomplete);
            let head: String = text.chars().take(1_000).collect();
            batch.push(Err(refuse(&origin, head, Reason::plain("registry-fhir-page-broken"))));
        }
        if batch.is_empty() { Ok(()) } else { self.sink.take(batch).await }
    }

    /// Whether this state of a resource is newer than what was handed on already.
    fn is_newer(&mut self, entry: &Entry) -> bool {
        self.latest = self.latest.max(entry.last_updated);
        let (Some(kind), Some(id)) = (&entry.kind, &entry.id) else { return true };
        let key = (kind.clone(), id.clone());
        match self.newest.get(&key) {
            Some(known) if entry.last_updated <= *known => false,
            _ => {
                self.newest.insert(key, entry.last_updated);
                true
            }
        }
    }

    fn is_ours(&self, kind: &str) -> bool {
        self.server.settings.types.contains(&kind)
    }

    /// Whether a record is one that we read. Side records that we do not read (salaries, discipline) never leave this function.
    fn is_wanted(&self, record: &Record) -> bool {
        let is_read = !matches!(record.content, Content::Kept);
        match record.kind.as_str() {
            "Basic" => is_read && self.is_ours("Basic"),
            "CodeSystem" => is_read && self.server.settings.jobs.iter().any(|url| record.raw.contains(url.as_str())),
            kind => self.is_ours(kind),
        }
    }
}

fn refuse(origin: &str, raw: String, reason: Reason) -> Rejection {
    Rejection { origin: origin.to_owned(), problem: Problem { element: String::new(), reason }, raw }
}
