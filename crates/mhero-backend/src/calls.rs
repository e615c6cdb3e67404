//! Calls to a back end: a row before anything leaves, and one whose answer was lost is looked up before it is made again.

use std::collections::{BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};
use mhero_app::{
    AppError,
    ports::{BackendAsk, BackendTook, BackendWhat},
    sync::{PersonThere, keep_reason},
};
use mhero_core::{PersonId, Scope, record::Reason, timestamp};
use mhero_store::{BackendCall, BackendPerson, Queue, StartRow, StoreError, Unit};

use crate::{
    Backends, BackendsError,
    runner::{At, wait_after},
    texts,
};

/// Calls that one pass makes.
const CALLS_MAX: i64 = 20;
/// How long after a call whose answer was lost it is looked up: it may still be on its way.
const LOOK_AFTER: SignedDuration = SignedDuration::from_secs(30);
/// How long a call whose answer was lost must have been nowhere to be found before it is made again.
const SURE_AFTER: SignedDuration = SignedDuration::from_mins(2);
/// How far before a call it is looked for: the back end's clock need not be ours.
const SKEW: SignedDuration = SignedDuration::from_hours(24);
/// How long a call waits while somebody else writes people out.
const SHORTLY: SignedDuration = SignedDuration::from_secs(5);

/// The people of a call who are still to be reached, with the contacts that they are there.
struct Reached {
    people: Vec<BackendPerson>,
    contacts: BTreeSet<String>,
    stopped: Option<Reason>,
}

impl Backends {
    /// Calls that somebody made who is gone: nobody knows what became of them.
    pub(crate) async fn find_lost(&self, at: &At<'_>) -> Result<(), BackendsError> {
        let now = self.app.clock().now();
        for mut call in self.app.store().backend_lost(at.source.id, at.lease.fence, CALLS_MAX).await? {
            "uncertain".clone_into(&mut call.state);
            call.reason = keep_reason(&Reason::plain("backend-why-cut"));
            call.next_at = Some((now + LOOK_AFTER).as_microsecond());
            self.move_call(at, &call, &[], None).await?;
        }
        Ok(())
    }

    /// Makes the calls that are due, and looks up those whose answer was lost. Returns how many.
    pub(crate) async fn call_due(&self, at: &At<'_>) -> Result<usize, BackendsError> {
        let due = self.app.store().backend_due(at.source.id, self.app.clock().now_micros(), CALLS_MAX).await?;
        for call in &due {
            if call.state == "uncertain" {
                self.look_up(at, call.clone()).await?;
            } else if self.make(at, call.clone()).await? {
                // It asks to be left in peace: the others wait as well.
                return Ok(due.len());
            }
        }
        Ok(due.len())
    }

    /// Makes a call. True when the back end takes nothing just now.
    async fn make(&self, at: &At<'_>, mut call: BackendCall) -> Result<bool, BackendsError> {
        let start = self.app.store().start(&Scope::system(), call.start).await?;
        let Some(start) = start.filter(|start| start.status != "cancelled") else {
            "cancelled".clone_into(&mut call.state);
            call.next_at = None;
            self.move_call(at, &call, &[], Some(("waiting", "cancelled"))).await?;
            return Ok(false);
        };
        let reached = match self.reach(at, &call).await {
            Ok(reached) => reached,
            // Somebody writes people out to it at this moment.
            Err(BackendsError::App(AppError::Invalid(reason))) => {
                self.later(at, call, &reason, Some(SHORTLY), &[]).await?;
                return Ok(true);
            }
            Err(error) => return Err(error),
        };
        if let Some(reason) = &reached.stopped {
            self.later(at, call, reason, None, &reached.people).await?;
            return Ok(true);
        }
        if reached.contacts.is_empty() {
            "cancelled".clone_into(&mut call.state);
            (call.next_at, call.reason) = (None, keep_reason(&Reason::plain("backend-why-nobody")));
            self.move_call(at, &call, &reached.people, None).await?;
            return Ok(false);
        }
        let Some(what) = self.what(&call, &start).await? else {
            return self.refuse(at, call, &Reason::plain("backend-why-no-text"), &reached.people).await.map(|()| false);
        };
        let now = self.app.clock().now_micros();
        "calling".clone_into(&mut call.state);
        call.attempts += 1;
        (call.fence, call.called_at, call.next_at) = (at.lease.fence, Some(now), None);
        self.move_call(at, &call, &reached.people, None).await?;
        call.version += 1;
        let ask = BackendAsk { reference: call.id, contacts: reached.contacts.into_iter().collect(), what };
        let took = at.backend.ask(&ask).await;
        self.record(at, call, took).await
    }

    /// What became of a call. True when the back end takes nothing just now.
    async fn record(&self, at: &At<'_>, mut call: BackendCall, took: BackendTook) -> Result<bool, BackendsError> {
        let now = self.app.clock().now();
        call.answered_at = Some(now.as_microsecond());
        match took {
            BackendTook::Taken { id } => self.taken(at, call, id).await.map(|()| false),
            BackendTook::Refused { reason } => self.refuse(at, call, &reason, &[]).await.map(|()| false),
            BackendTook::NotSent { reason, after } => self.later(at, call, &reason, after, &[]).await.map(|()| true),
            BackendTook::Unknown { reason } => {
                "uncertain".clone_into(&mut call.state);
                call.reason = keep_reason(&reason);
                call.next_at = Some((now + LOOK_AFTER).as_microsecond());
                self.move_call(at, &call, &[], None).await.map(|()| false)
            }
        }
    }

    /// Looks whether a call was taken whose answer was lost.
    async fn look_up(&self, at: &At<'_>, mut call: BackendCall) -> Result<(), BackendsError> {
        let now = self.app.clock().now();
        let called = timestamp(call.called_at.unwrap_or(call.created_at));
        let people = self.app.store().backend_people(call.id).await?;
        let asked = people.iter().filter(|person| person.state == "waiting").filter_map(|one| one.contact.clone());
        let contacts: BTreeSet<String> = asked.collect();
        let start = self.app.store().start(&Scope::system(), call.start).await?;
        let what = match &start {
            Some(start) => self.what(&call, start).await?,
            None => None,
        };
        let Some(what) = what else {
            return self.refuse(at, call, &Reason::plain("backend-why-no-text"), &[]).await;
        };
        let ask = BackendAsk { reference: call.id, contacts: contacts.into_iter().collect(), what };
        let since = called.checked_sub(SKEW).unwrap_or(Timestamp::UNIX_EPOCH);
        match at.backend.find(&ask, since).await {
            Ok(found) => {
                for id in found {
                    let owner = self.app.store().backend_call_by_remote(at.source.id, &id).await?;
                    if owner.is_none_or(|owner| owner.id == call.id) {
                        return self.taken(at, call, id).await;
                    }
                }
                if now.duration_since(called) < SURE_AFTER {
                    call.next_at = Some((now + LOOK_AFTER).as_microsecond());
                } else {
                    // It is nowhere there: it never arrived.
                    "waiting".clone_into(&mut call.state);
                    call.next_at = Some(now.as_microsecond());
                }
                self.move_call(at, &call, &[], None).await
            }
            Err(error) => {
                call.reason = keep_reason(error.reason());
                call.next_at = Some((now + wait_after(call.attempts, None)).as_microsecond());
                self.move_call(at, &call, &[], None).await
            }
        }
    }

    async fn taken(&self, at: &At<'_>, mut call: BackendCall, id: String) -> Result<(), BackendsError> {
        "taken".clone_into(&mut call.state);
        (call.next_at, call.reason) = (None, String::new());
        call.remote = Some(id);
        match self.move_call(at, &call, &[], Some(("waiting", "started"))).await {
            // It names what it gave to another call before: that is no answer.
            Err(BackendsError::App(AppError::Store(StoreError::Exists { .. }))) => {
                call.remote = None;
                "uncertain".clone_into(&mut call.state);
                call.reason = keep_reason(&Reason::plain("backend-why-same-id"));
                call.next_at = Some((self.app.clock().now() + LOOK_AFTER).as_microsecond());
                self.move_call(at, &call, &[], None).await
            }
            other => other,
        }
    }

    async fn refuse(
        &self,
        at: &At<'_>,
        mut call: BackendCall,
        reason: &Reason,
        people: &[BackendPerson],
    ) -> Result<(), BackendsError> {
        "refused".clone_into(&mut call.state);
        (call.next_at, call.reason) = (None, keep_reason(reason));
        self.move_call(at, &call, people, Some(("waiting", "refused"))).await
    }

    /// The call waits, and is made again later.
    async fn later(
        &self,
        at: &At<'_>,
        mut call: BackendCall,
        reason: &Reason,
        after: Option<SignedDuration>,
        people: &[BackendPerson],
    ) -> Result<(), BackendsError> {
        "waiting".clone_into(&mut call.state);
        call.reason = keep_reason(reason);
        let wait = match after {
            Some(SHORTLY) => SHORTLY,
            after => wait_after(call.attempts.saturating_sub(1), after),
        };
        call.next_at = Some((self.app.clock().now() + wait).as_microsecond());
        self.move_call(at, &call, people, None).await
    }

    /// Writes how a call stands, some of its people as they stand now, and moves those in one state to another.
    async fn move_call(
        &self,
        at: &At<'_>,
        call: &BackendCall,
        people: &[BackendPerson],
        all: Option<(&str, &str)>,
    ) -> Result<(), BackendsError> {
        let mut unit = Unit::new();
        unit.set_backend_call(call);
        for person in people {
            unit.set_backend_person(person);
        }
        if let Some((from, to)) = all {
            unit.move_backend_people(call.id, from, to);
        }
        at.write(&self.app, unit, Queue::Interactive).await
    }

    /// What a call asks for; `None` where a text is to be sent and there is none.
    async fn what(&self, call: &BackendCall, start: &StartRow) -> Result<Option<BackendWhat>, BackendsError> {
        if !call.flow.is_empty() {
            let params = serde_json::from_str(&start.params).ok();
            return Ok(Some(BackendWhat::Start { flow: call.flow.clone(), params }));
        }
        let own = self.app.facts_cached().await?.default_language();
        let texts = texts::read(&start.params, own);
        Ok((!texts.is_empty()).then_some(BackendWhat::Text(texts)))
    }

    /// Makes contacts of the people of a call, or brings those up to date that they are; who has asked to stop since is left out.
    async fn reach(&self, at: &At<'_>, call: &BackendCall) -> Result<Reached, BackendsError> {
        let mut people = self.app.store().backend_people(call.id).await?;
        people.retain(|person| person.state == "waiting");
        let ids: Vec<PersonId> = people.iter().map(|person| person.person).collect();
        // Somebody may have been joined to another since: they count as that one.
        let mut golden = HashMap::new();
        for id in &ids {
            golden.insert(*id, self.app.store().golden(*id).await?);
        }
        let meant: BTreeSet<PersonId> = golden.values().copied().collect();
        let meant: Vec<PersonId> = meant.into_iter().collect();
        let out = self.app.write_people_out(at.source.id, &meant).await?;
        let mut contacts = BTreeSet::new();
        for person in &mut people {
            let stands = golden.get(&person.person).and_then(|id| out.stand.get(id));
            match stands {
                Some(PersonThere::Contact(contact)) => {
                    person.contact = Some(contact.clone());
                    contacts.insert(contact.clone());
                }
                Some(PersonThere::Silent) => "stopped".clone_into(&mut person.state),
                Some(PersonThere::Not { is_conflict, reason }) => {
                    let state = if *is_conflict { "conflict" } else { "refused" };
                    state.clone_into(&mut person.state);
                    person.reason.clone_from(reason);
                }
                None if out.stopped.is_none() => {
                    "refused".clone_into(&mut person.state);
                    person.reason = keep_reason(&Reason::plain("backend-why-gone"));
                }
                None => {}
            }
        }
        Ok(Reached { people, contacts, stopped: out.stopped })
    }
}
