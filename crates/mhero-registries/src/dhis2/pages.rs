//! Walks the pages of a list, and distrusts them.

use std::collections::HashSet;

use mhero_app::ports::{PullError, PullSink};
use mhero_core::record::{Reason, Record, Rejection};
use mhero_wire::dhis2::{List, Moment};
use serde_json::Value;

use super::Server;

/// Most pages of one list: five million objects at the usual size.
const PAGES_MAX: u64 = 10_000;

/// What is listed.
pub(super) struct Listing {
    pub(super) path: &'static str,
    pub(super) fields: &'static str,
    pub(super) kind: &'static str,
    pub(super) since: Option<Moment>,
}

/// How it went.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// The latest change among what came.
    pub(super) newest: Option<Moment>,
    /// Whether as many objects came as the server said it has.
    pub(super) is_complete: bool,
}

/// What was seen so far.
#[derive(Default)]
struct Seen {
    ids: HashSet<String>,
    newest: Option<Moment>,
    total: Option<u64>,
    older: u64,
}

impl Server {
    /// Reads all pages and hands their records on; `read` gives `None` for objects that are not wanted, which are told as
    /// removed where only changes are read.
    pub(super) async fn walk(
        &self,
        listing: &Listing,
        sink: &mut dyn PullSink,
        read: impl Fn(&Value, &str) -> Option<Result<Record, Rejection>> + Send + Sync,
    ) -> Result<Walk, PullError> {
        let mut seen = Seen::default();
        let mut page = 1;
        loop {
            let list = self.page(listing, page).await?;
            let has_more = list.has_more(page, self.settings.page_size);
            seen.total = list.pager.as_ref().and_then(|pager| pager.total).or(seen.total);
            let fresh = seen.fresh(listing, &list);
            if fresh.is_empty() && !list.items.is_empty() && page > 1 || page > PAGES_MAX {
                let args = [("path", listing.path.to_owned()), ("page", page.to_string())];
                return Err(PullError::Untrusted(Reason::new("dhis2-paging-loop", args)));
            }
            let (mut records, mut unwanted) = (Vec::with_capacity(fresh.len()), Vec::new());
            for (at, item) in fresh {
                let origin = format!("{}, page {page}, {}", listing.path, at + 1);
                match read(item, &origin) {
                    Some(record) => records.push(record),
                    None => unwanted.extend(item.get("id").and_then(Value::as_str)),
                }
            }
            sink.take(records).await?;
            if listing.since.is_some() {
                for id in unwanted {
                    sink.removed(listing.kind, id).await?;
                }
            }
            if !has_more || list.items.is_empty() {
                break;
            }
            page += 1;
        }
        Ok(seen.into_walk(listing, sink))
    }

    async fn page(&self, listing: &Listing, page: u64) -> Result<List, PullError> {
        let (number, size) = (page.to_string(), self.settings.page_size.to_string());
        let mut query = vec![
            ("fields", listing.fields),
            ("page", &number),
            ("pageSize", &size),
            ("totalPages", "true"),
            ("order", "id:asc"),
        ];
        let filter = listing.since.map(|since| format!("lastUpdated:ge:{since}"));
        query.extend(filter.as_deref().map(|filter| ("filter", filter)));
        let text = self.api.get(listing.path, &query).await?;
        Ok(List::read(&text, listing.path).ok_or_else(|| self.api.not_a_list())?)
    }
}

impl Seen {
    /// The objects of a page that did not come before, with where they stand. Those without an id go through, to be refused.
    fn fresh<'a>(&mut self, listing: &Listing, list: &'a List) -> Vec<(usize, &'a Value)> {
        let mut fresh = Vec::new();
        for (at, item) in list.items.iter().enumerate() {
            let changed = item.get("lastUpdated").and_then(Value::as_str).and_then(|text| text.parse::<Moment>().ok());
            self.newest = self.newest.max(changed);
            if listing.since.zip(changed).is_some_and(|(since, changed)| changed < since) {
                self.older += 1;
            }
            let id = item.get("id").and_then(Value::as_str);
            if id.is_none_or(|id| self.ids.insert(id.to_owned())) {
                fresh.push((at, item));
            }
        }
        fresh
    }

    /// Says what was odd of the list as a whole.
    fn into_walk(self, listing: &Listing, sink: &mut dyn PullSink) -> Walk {
        let path = ("path", listing.path.to_owned());
        if self.older > 0 {
            sink.remark(Reason::new("dhis2-filter-ignored", [path.clone(), ("count", self.older.to_string())]));
        }
        let came = self.ids.len() as u64;
        let is_complete = self.total.is_none_or(|total| came >= total);
        if !is_complete {
            let total = self.total.unwrap_or_default().to_string();
            sink.remark(Reason::new("dhis2-count-differs", [path, ("came", came.to_string()), ("total", total)]));
        }
        Walk { newest: self.newest, is_complete }
    }
}
