//! A back end for faults only: it takes what it is asked, remembers it, and goes wrong as told.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use mhero_app::{
    App, AppError,
    ports::{
        Backend, BackendAsk, BackendError, BackendItem, BackendList, BackendPage, BackendTook, Connector, Keeper,
        OutField, PersonOut, Pull, PullError, PullSink, Pulled, Registry, SourceSettings, WriteOutError, WroteOut,
    },
};
use mhero_core::record::Reason;
use mhero_wire::rapidpro::{BackContact, BackFlow, BackMessage, BackRun};

/// What goes wrong with the next call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is taken, and the answer is lost.
    LostAnswer,
    /// It never arrives, and nobody knows.
    LostCall,
    /// It is told to come back after so many seconds.
    Busy(i64),
    /// It is refused.
    Refused,
    /// It is answered with the id of the first that was ever taken.
    SameId,
}

#[derive(Default)]
pub(crate) struct There {
    pub(crate) flows: Vec<BackFlow>,
    /// What was taken: its id and what was asked.
    pub(crate) taken: Vec<(String, BackendAsk)>,
    /// How often it was asked for anything.
    pub(crate) asked: usize,
    pub(crate) faults: VecDeque<Fault>,
    pub(crate) messages: Vec<BackMessage>,
    pub(crate) runs: Vec<BackRun>,
    pub(crate) contacts: Vec<BackContact>,
    /// Objects of a page; all for 0.
    pub(crate) page: usize,
    /// The reads, counted from now, that fail: the first is 0.
    pub(crate) read_fails: Option<usize>,
    pub(crate) reads: Vec<(BackendList, Option<Timestamp>, Option<String>)>,
    /// Whether the address of the next page is always the same.
    pub(crate) circles: bool,
    /// People written out before it asks to be left in peace.
    pub(crate) writes_left: Option<usize>,
    pub(crate) known: BTreeMap<String, String>,
}

/// Shared with the test.
#[derive(Clone, Default)]
pub(crate) struct Fake(pub(crate) Arc<Mutex<There>>);

fn why(key: &'static str) -> Reason {
    Reason::new(key, [("host", "there".to_owned()), ("detail", "-".to_owned())])
}

impl Fake {
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut There) -> T) -> T {
        act(&mut self.0.lock().expect("nobody panicked"))
    }
}

impl Connector for Fake {
    fn kind(&self) -> &'static str {
        "rapidpro"
    }

    fn keys(&self) -> &'static [(&'static str, bool)] {
        &[("backend", false)]
    }

    fn build(&self, _app: &App, _settings: &SourceSettings) -> Result<Arc<dyn Registry>, AppError> {
        Ok(Arc::new(self.clone()))
    }
}

#[async_trait]
impl Registry for Fake {
    async fn check(&self) -> Result<Vec<Reason>, Reason> {
        Ok(Vec::new())
    }

    async fn pull(&self, _pull: &Pull, _sink: &mut dyn PullSink) -> Result<Pulled, PullError> {
        Ok(Pulled::default())
    }

    fn keeper(&self) -> Option<&dyn Keeper> {
        Some(self)
    }

    fn backend(&self) -> Option<&dyn Backend> {
        Some(self)
    }
}

#[async_trait]
impl Keeper for Fake {
    async fn prepare_for_people(&self, _: &[(String, OutField)], _: &[String]) -> Result<(), WriteOutError> {
        Ok(())
    }

    async fn write_person(&self, person: &PersonOut) -> Result<WroteOut, WriteOutError> {
        self.with(|there| {
            if there.writes_left == Some(0) {
                return Err(WriteOutError::Later(why("registry-busy")));
            }
            there.writes_left = there.writes_left.map(|left| left - 1);
            let phone = person.phone.clone().or(person.id.clone()).unwrap_or_default();
            if phone.ends_with('9') {
                return Err(WriteOutError::Conflict(Reason::plain("rapidpro-out-taken")));
            }
            let id = format!("c{}", phone.trim_start_matches(['+', 'c']));
            there.known.insert(phone, id.clone());
            Ok(WroteOut { id, held: "{}".into(), is_created: true, is_changed: true, kept: Vec::new() })
        })
    }
}

#[async_trait]
impl Backend for Fake {
    async fn flows(&self) -> Result<Vec<BackFlow>, BackendError> {
        Ok(self.with(|there| there.flows.clone()))
    }

    async fn ask(&self, ask: &BackendAsk) -> BackendTook {
        self.with(|there| {
            there.asked += 1;
            let id = format!("s{}", there.asked);
            match there.faults.pop_front() {
                Some(Fault::LostCall) => BackendTook::Unknown { reason: why("registry-cut") },
                Some(Fault::Busy(seconds)) => {
                    let after = Some(SignedDuration::from_secs(seconds));
                    BackendTook::NotSent { reason: why("registry-busy"), after }
                }
                Some(Fault::Refused) => BackendTook::Refused { reason: why("rapidpro-refuses") },
                Some(Fault::LostAnswer) => {
                    there.taken.push((id, ask.clone()));
                    BackendTook::Unknown { reason: why("registry-cut") }
                }
                Some(Fault::SameId) => {
                    there.taken.push((id, ask.clone()));
                    BackendTook::Taken { id: there.taken[0].0.clone() }
                }
                None => {
                    there.taken.push((id.clone(), ask.clone()));
                    BackendTook::Taken { id }
                }
            }
        })
    }

    async fn find(&self, ask: &BackendAsk, _since: Timestamp) -> Result<Vec<String>, BackendError> {
        let mine = |(id, taken): &(String, BackendAsk)| (taken.reference == ask.reference).then(|| id.clone());
        Ok(self.with(|there| there.taken.iter().filter_map(mine).collect()))
    }

    async fn read(
        &self,
        list: BackendList,
        after: Option<Timestamp>,
        cursor: Option<&str>,
    ) -> Result<BackendPage, BackendError> {
        self.with(|there| {
            there.reads.push((list, after, cursor.map(str::to_owned)));
            match &mut there.read_fails {
                Some(0) => {
                    there.read_fails = None;
                    return Err(BackendError::Down { reason: why("registry-fault"), after: None });
                }
                Some(left) => *left -= 1,
                None => {}
            }
            let after = after.unwrap_or(Timestamp::UNIX_EPOCH);
            let mut all: Vec<(Timestamp, BackendItem)> = match list {
                BackendList::Messages => {
                    there.messages.iter().map(|one| (one.created, BackendItem::Message(one.clone()))).collect()
                }
                BackendList::Runs => {
                    there.runs.iter().map(|one| (one.modified, BackendItem::Run(one.clone()))).collect()
                }
                BackendList::Contacts => there
                    .contacts
                    .iter()
                    .map(|one| (one.modified.unwrap_or_default(), BackendItem::Contact(one.clone())))
                    .collect(),
            };
            all.retain(|(at, _)| *at >= after);
            all.sort_by_key(|(at, _)| *at);
            let items: Vec<BackendItem> = all.into_iter().map(|(_, item)| item).collect();
            let from: usize = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
            let size = if there.page == 0 { usize::MAX } else { there.page };
            let rest = &items[from.min(items.len())..];
            let until = size.min(rest.len());
            let next = (until < rest.len()).then(|| (from + until).to_string());
            // The first page comes for ever.
            let circle = there.circles && !items.is_empty();
            let next = if circle { Some("0".to_owned()) } else { next };
            Ok(BackendPage { items: rest[..until].to_vec(), unread: 0, next })
        })
    }

    async fn contact(&self, id: &str) -> Result<Option<BackContact>, BackendError> {
        Ok(self.with(|there| there.contacts.iter().find(|contact| contact.id == id).cloned()))
    }
}
