//! Reads contacts, those changed since a watermark or all.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use mhero_app::ports::{Pull, PullError, PullSink, Pulled};
use mhero_core::record::Reason;
use mhero_wire::rapidpro::{CONTACT, Contacts, Page, field_of, group_of};
use serde_json::Value;

use super::Workspace;

/// How far before the last change the next pull begins: a change is dated before it is stored.
const OVERLAP: SignedDuration = SignedDuration::from_secs(60);
/// Pages in a row without anything new after which the list is taken for a loop.
const STALE_PAGES_MAX: usize = 3;

/// What was seen so far.
#[derive(Default)]
struct Seen {
    uuids: HashSet<String>,
    newest: Option<Timestamp>,
    /// The earliest change of a contact that came again, and that the next pull has to bring.
    again: Option<Timestamp>,
    older: u64,
    stale: usize,
}

impl Workspace {
    /// Oldest changes first, so that what changes meanwhile comes again at the end rather than being missed.
    pub(super) async fn read_contacts(&self, pull: &Pull, sink: &mut dyn PullSink) -> Result<Pulled, PullError> {
        let since = pull.since.as_deref().and_then(|text| text.parse::<Timestamp>().ok());
        let fields: Vec<_> = self.api.all("fields").await?.iter().filter_map(field_of).collect();
        let groups: Vec<_> = self.api.all("groups").await?.iter().filter_map(group_of).collect();
        let contacts = Contacts::new(&fields, &groups, self.groups);
        let after = since.map(|since| since.to_string());
        let mut query = vec![("reverse", "true")];
        query.extend(after.as_deref().map(|after| ("after", after)));
        let mut seen = Seen::default();
        let mut cursor = Some(self.api.list("contacts", &query));
        let mut number = 0;
        while let Some(page) = self.api.next(&mut cursor).await? {
            number += 1;
            let fresh = seen.fresh(since, &page);
            if seen.stale >= STALE_PAGES_MAX {
                let args = [("path", "contacts".to_owned()), ("page", number.to_string())];
                return Err(PullError::Untrusted(Reason::new("rapidpro-paging-loop", args)));
            }
            let origin = |at: usize| format!("contacts, page {number}, {}", at + 1);
            let records = fresh.into_iter().map(|(at, item)| contacts.record(item, &origin(at)));
            sink.take(records.collect()).await?;
        }
        if let Some(after) = &after {
            self.read_deleted(after, since, &mut seen, sink).await?;
        }
        if seen.older > 0 {
            sink.remark(Reason::new("rapidpro-filter-ignored", [("count", seen.older.to_string())]));
        }
        let until = [seen.newest, seen.again].into_iter().flatten().min();
        let until = until.map(|until| until.checked_sub(OVERLAP).unwrap_or(until)).max(since);
        Ok(Pulled { watermark: until.map(|until| until.to_string()), whole: since.is_none() })
    }

    /// Contacts that were deleted since; reading all shows them by their absence.
    async fn read_deleted(
        &self,
        after: &str,
        since: Option<Timestamp>,
        seen: &mut Seen,
        sink: &mut dyn PullSink,
    ) -> Result<(), PullError> {
        let mut cursor = Some(self.api.list("contacts", &[("deleted", "true"), ("after", after)]));
        let mut gone = Seen::default();
        while let Some(page) = self.api.next(&mut cursor).await? {
            for (at, item) in gone.fresh(since, &page) {
                let is_alive = item.get("status").is_some_and(|status| !status.is_null());
                match Contacts::deleted(item, &format!("contacts, deleted, {}", at + 1)) {
                    // The filter was ignored: this one came among the others.
                    Ok(uuid) if is_alive && seen.uuids.contains(&uuid) => {}
                    Ok(_) if is_alive => {}
                    Ok(uuid) => sink.removed(CONTACT, &uuid).await?,
                    Err(rejection) => sink.take(vec![Err(rejection)]).await?,
                }
            }
            if gone.stale >= STALE_PAGES_MAX {
                let args = [("path", "contacts".to_owned()), ("page", "deleted".to_owned())];
                return Err(PullError::Untrusted(Reason::new("rapidpro-paging-loop", args)));
            }
        }
        seen.newest = seen.newest.max(gone.newest);
        Ok(())
    }
}

impl Seen {
    /// The contacts of a page that did not come before, with where they stand. Those without a UUID go through, to be refused.
    fn fresh<'a>(&mut self, since: Option<Timestamp>, page: &'a Page) -> Vec<(usize, &'a Value)> {
        let mut fresh = Vec::new();
        for (at, item) in page.items.iter().enumerate() {
            let changed = item.get("modified_on").and_then(Value::as_str).and_then(|text| text.parse().ok());
            let uuid = item.get("uuid").and_then(Value::as_str);
            if uuid.is_none_or(|uuid| self.uuids.insert(uuid.to_owned())) {
                self.newest = self.newest.max(changed);
                self.older += u64::from(since.zip(changed).is_some_and(|(since, changed)| changed < since));
                fresh.push((at, item));
            } else {
                self.again = [self.again, changed].into_iter().flatten().min();
            }
        }
        self.stale = if fresh.is_empty() { self.stale + 1 } else { 0 };
        fresh
    }
}
