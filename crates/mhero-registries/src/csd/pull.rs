//! Reading: by updates, by search page by page, or the whole document.

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;
use mhero_app::ports::{Pull, PullError, PullSink, Pulled};
use mhero_core::record::{Reason, Record, Rejection};
use mhero_wire::csd::{self, Entity, Find, Item, Kind};

use super::{
    Directory,
    api::Received,
    settings::{Mode, Settings},
};
use crate::files::csd::verdict;

/// Records that are handed over at once.
const PAGE_RECORDS: usize = 200;
/// Most pages of one search.
const PAGES_MAX: u64 = 100_000;
/// The name of an address that is an endpoint itself, in watermarks.
const ITSELF: &str = "";

/// The latest stamps seen, by document.
type Marks = BTreeMap<String, Timestamp>;

pub(super) async fn pull(directory: &Directory, pull: &Pull, sink: &mut dyn PullSink) -> Result<Pulled, PullError> {
    let settings = directory.api.settings().clone();
    let before = pull.since.as_deref().map(marks).unwrap_or_default();
    let mut reading = Reading {
        directory,
        sink,
        now: (directory.now)(),
        since: None,
        latest: None,
        page: Vec::new(),
        read: 0,
        has_oversize: false,
        has_old: false,
        ignores_paging: false,
    };
    let mut after = Marks::new();
    for document in documents(&settings) {
        let mark = before.get(document).copied();
        reading.since = mark.and_then(|mark| mark.checked_sub(settings.overlap).ok());
        reading.latest = mark;
        let read = reading.read;
        reading.document(&settings, document).await?;
        if reading.read == read && reading.since.is_none() {
            reading.sink.remark(Reason::new("csd-empty", [("document", named(directory, document))]));
        }
        after.extend(reading.latest.map(|latest| (document.to_owned(), latest)));
    }
    let host = || [("host", directory.api.host())];
    if reading.has_old && settings.mode != Mode::Whole {
        reading.sink.remark(Reason::new("csd-ignores-since", host()));
    }
    if reading.ignores_paging {
        reading.sink.remark(Reason::new("csd-ignores-paging", host()));
    }
    let told_everything = before.is_empty() || settings.mode == Mode::Whole;
    let watermark = serde_json::to_string(&after).ok().filter(|_| !after.is_empty());
    Ok(Pulled { watermark: watermark.or_else(|| pull.since.clone()), whole: told_everything && !reading.has_oversize })
}

/// The documents of a source; one without a name where the address is an endpoint itself.
pub(super) fn documents(settings: &Settings) -> Vec<&str> {
    match settings.documents.as_slice() {
        [] => vec![ITSELF],
        names => names.iter().map(String::as_str).collect(),
    }
}

/// A document in words.
pub(super) fn named(directory: &Directory, document: &str) -> String {
    if document.is_empty() { directory.api.host() } else { document.to_owned() }
}

/// The stamps of a watermark. One that can't be read begins anew, which reads everything again and loses nothing.
fn marks(text: &str) -> Marks {
    serde_json::from_str(text).unwrap_or_default()
}

struct Reading<'a> {
    directory: &'a Directory,
    sink: &'a mut dyn PullSink,
    now: Timestamp,
    since: Option<Timestamp>,
    latest: Option<Timestamp>,
    page: Vec<Result<Record, Rejection>>,
    read: u64,
    has_oversize: bool,
    has_old: bool,
    ignores_paging: bool,
}

impl Reading<'_> {
    async fn document(&mut self, settings: &Settings, document: &str) -> Result<(), PullError> {
        let api = &self.directory.api;
        match settings.mode {
            Mode::Updates => {
                let message = (self.directory.message)();
                let name = Some(document).filter(|document| !document.is_empty());
                let since = self.since.unwrap_or(Timestamp::UNIX_EPOCH);
                let received = api.updates(name, &message, since).await?;
                self.take(&received, document).await.map(|_| ())
            }
            Mode::Whole => {
                let received = api.whole(document).await?;
                self.take(&received, document).await.map(|_| ())
            }
            Mode::Search => {
                for kind in Kind::ALL {
                    self.search(settings, document, kind).await?;
                }
                Ok(())
            }
        }
    }

    /// All pages of what a function finds. A function that the directory does not have is told and passed over.
    async fn search(&mut self, settings: &Settings, document: &str, kind: Kind) -> Result<(), PullError> {
        let mut seen: HashSet<String> = HashSet::new();
        for number in 0..PAGES_MAX {
            let start = number * settings.page + 1;
            let find = Find { since: self.since, page: Some((start, settings.page)), ..Find::all(kind) };
            let received = match self.directory.api.find(document, &find).await {
                Err(error) if error.status() == Some(404) && number == 0 && kind == Kind::Service => {
                    let function = ("function", find.function().to_owned());
                    let host = ("host", self.directory.api.host());
                    self.sink.remark(Reason::new("csd-no-function", [host, function]));
                    return Ok(());
                }
                other => other?,
            };
            let ids = self.take(&received, document).await?;
            let count = ids.len() as u64;
            if count > settings.page {
                self.ignores_paging = true;
                return Ok(());
            }
            if count > 0 && ids.iter().all(|id| seen.contains(id)) {
                return Err(PullError::Untrusted(Reason::new(
                    "csd-paging-loop",
                    [("host", self.directory.api.host())],
                )));
            }
            if count < settings.page {
                return Ok(());
            }
            seen.extend(ids);
        }
        Ok(())
    }

    /// Hands the entities of a document over; returns their ids.
    async fn take(&mut self, received: &Received, document: &str) -> Result<Vec<String>, PullError> {
        let name = named(self.directory, document);
        let mut ids = Vec::new();
        for item in received.entities() {
            let item = item.map_err(|error| received.judge(&error))?;
            self.read += 1;
            match &item {
                Item::Entity(entity) => {
                    self.note(entity);
                    ids.extend(csd::entity_id(&entity.element));
                }
                Item::Oversize { .. } => self.has_oversize = true,
            }
            self.page.push(verdict(&item, &name));
            if self.page.len() >= PAGE_RECORDS {
                self.sink.take(std::mem::take(&mut self.page)).await?;
            }
        }
        if !self.page.is_empty() {
            self.sink.take(std::mem::take(&mut self.page)).await?;
        }
        Ok(ids)
    }

    /// Keeps the latest stamp. One in the future would hide everything that comes before it.
    fn note(&mut self, entity: &Entity) {
        let Some(stamp) = csd::stamp(&entity.element) else { return };
        self.has_old |= self.since.is_some_and(|since| stamp < since);
        if stamp <= self.now && self.latest.is_none_or(|latest| stamp > latest) {
            self.latest = Some(stamp);
        }
    }
}
