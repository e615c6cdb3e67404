//! Reads lists back, page by page: what was taken in is kept with where the next page is, so that a reading that was cut short goes
//! on there; and from one reading to the next by the back end's own clock, with an overlap.

use std::collections::{BTreeSet, HashSet};

use jiff::{SignedDuration, Timestamp};
use mhero_app::ports::{BackendError, BackendItem, BackendList};
use mhero_core::{record::Reason, timestamp};
use mhero_store::{BackendList as ListRow, Queue, SourceStop, Unit};

use crate::{
    Backends, BackendsError,
    runner::{At, Passed},
};

/// Pages of a list that one pass reads.
const PAGES_MAX: usize = 20;
/// How far before the newest that was seen the next reading begins: an object is dated before it can be read.
const OVERLAP: SignedDuration = SignedDuration::from_mins(2);
/// How far back the first reading goes.
const FIRST: SignedDuration = SignedDuration::from_hours(24 * 30);
/// How often a list is read from further back: for messages of which more is expected, and for a clock that was set back there.
const WIDE_EVERY: SignedDuration = SignedDuration::from_mins(10);
/// How far before the usual beginning that is: more than its clock is set back by, and than so long ago.
const WIDE: SignedDuration = SignedDuration::from_mins(30);
/// How old such a message may be.
const OPEN_FOR: SignedDuration = SignedDuration::from_hours(48);

/// What one reading keeps in mind.
pub(crate) struct Reading {
    /// What the source has said of stops, read when it is needed first.
    pub(crate) stops: Option<BTreeSet<SourceStop>>,
}

fn list_of(name: &str) -> BackendList {
    match name {
        "contacts" => BackendList::Contacts,
        "runs" => BackendList::Runs,
        _ => BackendList::Messages,
    }
}

/// By which instant a list is read.
fn dated(item: &BackendItem) -> Option<Timestamp> {
    match item {
        BackendItem::Contact(contact) => contact.modified,
        BackendItem::Message(message) => Some(message.created),
        BackendItem::Run(run) => Some(run.modified),
    }
}

impl Backends {
    /// Reads a list on. Says why where it could not be read.
    pub(crate) async fn read_list(
        &self,
        at: &At<'_>,
        mut row: ListRow,
        is_forced: bool,
        passed: &mut Passed,
    ) -> Result<Option<Reason>, BackendsError> {
        let list = list_of(&row.list);
        let (after, is_wide) = self.begin(at, &row, is_forced).await?;
        let mut reading = Reading { stops: None };
        let mut asked: HashSet<String> = HashSet::new();
        for _ in 0..PAGES_MAX {
            let page = match at.backend.read(list, Some(after), row.cursor.as_deref()).await {
                Ok(page) => page,
                Err(error) => return self.broken_off(at, row, &error).await.map(Some),
            };
            for item in &page.items {
                let taken = match item {
                    BackendItem::Contact(contact) => self.take_contact(at, &mut reading, contact).await?,
                    BackendItem::Message(message) => self.take_message(at, message).await?,
                    BackendItem::Run(run) => self.take_run(at, run).await?,
                };
                match taken {
                    Ok(is_new) => {
                        row.items += i64::from(is_new);
                        passed.items += usize::from(is_new);
                    }
                    Err(error) => return self.broken_off(at, row, &error).await.map(Some),
                }
                row.newest = row.newest.max(dated(item).map(Timestamp::as_microsecond));
            }
            if page.unread > 0 {
                tracing::warn!(source = %at.source.id, list = row.list, count = page.unread, "objects could not be read");
            }
            if is_wide {
                row.looked_at = Some(self.app.clock().now_micros());
            }
            row.cursor = page.next;
            let Some(cursor) = &row.cursor else {
                self.end(&mut row);
                self.keep(at, &row).await?;
                return Ok(None);
            };
            if !asked.insert(cursor.clone()) || page.items.is_empty() {
                let args = [("path", row.list.clone()), ("page", asked.len().to_string())];
                let reason = Reason::new("rapidpro-paging-loop", args);
                return self.broken_off(at, row, &BackendError::Refused { reason }).await.map(Some);
            }
            self.keep(at, &row).await?;
        }
        // The next pass goes on at once.
        row.next_at = self.app.clock().now_micros();
        self.keep(at, &row).await?;
        Ok(None)
    }

    /// From when on a list is read, and whether that is further back than the last reading came. One that was cut short goes on as it
    /// began, by its own cursor.
    async fn begin(&self, at: &At<'_>, row: &ListRow, is_forced: bool) -> Result<(Timestamp, bool), BackendsError> {
        let now = self.app.clock().now();
        let after = row.watermark.map_or(now - FIRST, timestamp);
        let is_due = row.looked_at.is_none_or(|at| timestamp(at) + WIDE_EVERY <= now);
        if row.cursor.is_some() || !(is_due || is_forced) {
            return Ok((after, false));
        }
        let after = after - WIDE;
        if row.list != "messages" {
            return Ok((after, true));
        }
        let since = (now - OPEN_FOR).as_microsecond();
        let open = self.app.store().elsewhere_open(at.source.id, since).await?;
        Ok((open.map_or(after, |open| timestamp(open).min(after)), true))
    }

    /// A list was read to its end. It goes on from the newest that was seen, by the clock there, but never from later than it is here:
    /// a clock that is ahead there and then set right would leave everything out until it is past that instant again.
    fn end(&self, row: &mut ListRow) {
        let now = self.app.clock().now();
        let newest = row.newest.take().map(|newest| (timestamp(newest).min(now) - OVERLAP).as_microsecond());
        row.watermark = row.watermark.max(newest);
        self.list_read(row, Self::every());
    }

    /// A list was not. A place that nobody wants to hear of any more is forgotten: the next reading begins at the watermark.
    async fn broken_off(&self, at: &At<'_>, mut row: ListRow, error: &BackendError) -> Result<Reason, BackendsError> {
        let after = match error {
            BackendError::Down { after, .. } => *after,
            BackendError::Refused { .. } => {
                (row.cursor, row.newest) = (None, None);
                None
            }
        };
        self.list_failed(&mut row, error.reason(), after);
        self.keep(at, &row).await?;
        Ok(error.reason().clone())
    }

    async fn keep(&self, at: &At<'_>, row: &ListRow) -> Result<(), BackendsError> {
        let mut unit = Unit::new();
        unit.put_backend_list(at.source.id, row);
        at.write(&self.app, unit, Queue::Bulk).await
    }
}
