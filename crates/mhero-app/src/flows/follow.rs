//! What a flow wants of others: to be started in a flow, or to get a message. Done after the sprint, once, by its timer, for
//! whoever began the conversation: nobody reaches by a flow whom they could not reach themselves.

use jiff::SignedDuration;
use mhero_core::{FlowId, Lane, PersonId, Right, SessionId};
use mhero_flow::{
    contact::Urn,
    definition::Exclusions,
    events::{Event, EventKind, MsgContent},
    refs::{ContactRef, GroupRef},
};
use mhero_query::Predicate;
use mhero_store::{Queue, Timer, Unit};
use serde::Deserialize;
use serde_json::json;

use super::{
    begin::{Beginning, Cause},
    elsewhere::Named,
    starts::NewStart,
};
use crate::{
    App, AppError, Caller,
    broadcasts::{Draft, Release},
    messaging::salutation,
};

/// Contacts and addresses that one action may name.
const NAMED_MAX: usize = 1_000;
/// A day.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What the timer carries.
#[derive(Deserialize)]
struct Following {
    session: SessionId,
    event: Event,
    #[serde(default)]
    is_test: bool,
}

impl App {
    /// A flow wants others started, or written to.
    pub(crate) async fn follow_due(&self, timer: &Timer) -> Result<(), AppError> {
        if let Ok(following) = serde_json::from_str::<Following>(&timer.payload) {
            match self.follow_event(&following, &timer.key).await {
                // The flow names what is not there, or asks what means nothing: trying again would not help.
                Err(AppError::Query(error)) => {
                    // The query may hold what people wrote.
                    tracing::warn!(code = error.code(), "a flow wanted to reach people that nobody knows");
                }
                Err(AppError::Invalid(reason)) => {
                    tracing::warn!(reason = reason.key, "a flow wanted something that can't be done");
                }
                Err(AppError::NotFound { what, .. }) => {
                    tracing::warn!(what, "a flow wanted something that is not there");
                }
                Err(AppError::NotAllowed { right }) => {
                    tracing::warn!(%right, "a flow wanted something that whoever began it may not do");
                }
                other => other?,
            }
        }
        let mut unit = Unit::new();
        unit.fired(timer);
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    async fn follow_event(&self, following: &Following, key: &str) -> Result<(), AppError> {
        let (caller, first) = self.acts_for(following.session).await?;
        match &following.event.kind {
            EventKind::SessionTriggered {
                flow,
                groups,
                contacts,
                contact_query,
                exclusions,
                urns,
                run_summary,
                history,
                ..
            } => {
                let flow = FlowId::from_uuid(flow.uuid);
                let params = json!({ "run_summary": run_summary, "history": history });
                let cause = Cause::Flow { run_summary: (**run_summary).clone(), history: Some(*history) };
                let row = self.store().flow(flow).await?.ok_or_else(|| AppError::not_found("flow", flow))?;
                self.must_start(&caller, &row).await?;
                let people = self.people_named(&caller, contacts, urns).await?;
                let named = Named { people: &people, exclusions, params: &params, is_test: following.is_test };
                if !self.start_named_elsewhere(&caller, &row, named, key).await? {
                    self.begin_those_named((following, first), flow, &people, (cause, exclusions, key)).await?;
                }
                let Some(query) = query_of(groups, contact_query) else { return Ok(()) };
                let start = NewStart {
                    params: Some(params),
                    cause: "flow",
                    once_key: Some(format!("flow/{key}")),
                    is_test: following.is_test,
                    ..NewStart::new(flow, excluding(&query, exclusions))
                };
                self.start_flow(&caller, &start).await.map(|_| ())
            }
            EventKind::BroadcastCreated {
                translations, base_language, groups, contacts, contact_query, urns, ..
            } => {
                let mut texts: Vec<_> = translations.iter().map(|(lang, content)| (*lang, text_of(content))).collect();
                texts.sort_by_key(|(lang, _)| *lang != *base_language);
                texts.retain(|(_, text)| !text.trim().is_empty());
                let people = self.people_named(&caller, contacts, urns).await?;
                let named = people.iter().map(|person| format!("uuid = \"{person}\""));
                let queries: Vec<String> = named.chain(query_of(groups, contact_query)).collect();
                if queries.is_empty() || texts.is_empty() {
                    return Ok(());
                }
                let draft = Draft {
                    name: String::new(),
                    query: queries.join(" OR "),
                    texts,
                    lane: Lane::Normal,
                    channel: None,
                    release: Release::Now,
                    zone: None,
                    quiet_override: None,
                    once_key: Some(format!("flow/{key}")),
                    is_test: following.is_test,
                    is_drill: false,
                    programme: None,
                    valid_minutes: None,
                };
                self.tell_somebody(&caller, following.session, &draft.query).await?;
                self.send(&caller, &draft).await.map(|_| ())
            }
            _ => Ok(()),
        }
    }

    /// Those who are named one by one, each at once.
    async fn begin_those_named(
        &self,
        (following, first): (&Following, SessionId),
        flow: FlowId,
        people: &[PersonId],
        (cause, exclusions, key): (Cause, &Exclusions, &str),
    ) -> Result<(), AppError> {
        for person in people {
            if !self.is_excluded(*person, flow, exclusions).await? {
                self.begin_by_flow((following, first), flow, *person, cause.clone(), key).await?;
            }
        }
        Ok(())
    }

    /// Where a flow wants to tell people of whom there are none, an alert perhaps, whoever wrote stands in the inbox instead.
    async fn tell_somebody(&self, caller: &Caller, session: SessionId, query: &str) -> Result<(), AppError> {
        let audience = self.check_audience(&Caller::system(), query).await?;
        let now = self.clock().now_micros();
        let may_send = caller.scope.may(Right::Send);
        if may_send && self.store().count_audience(&caller.scope, &audience.predicate, now).await? > 0 {
            return Ok(());
        }
        let Some(row) = self.store().session_row(session).await? else { return Ok(()) };
        let Some(conversation) = self.store().conversation(row.conversation).await? else { return Ok(()) };
        let number = (conversation.scheme.as_str(), conversation.path.as_str());
        let mut unit = Unit::new();
        self.thread_of(&mut unit, row.person, number, now).await?;
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    async fn begin_by_flow(
        &self,
        (following, first): (&Following, SessionId),
        flow: FlowId,
        person: PersonId,
        cause: Cause,
        key: &str,
    ) -> Result<(), AppError> {
        let Some((scheme, path)) = self.number_of_person(person).await? else { return Ok(()) };
        let holders = self.store().holders(&scheme, &path).await?;
        let holder = holders.iter().find(|holder| holder.person == person);
        let beginning = Beginning {
            person,
            salutation: holder.and_then(|holder| salutation(holder, &holders)),
            scheme,
            path,
            channel: None,
            flow,
            revision: None,
            cause,
            by: "flow".to_owned(),
            lane: Lane::Normal,
            start: None,
            // The first of them all, so that whoever began it is found however long the chain grows.
            parent: Some(first),
            once_key: Some(format!("flow/{key}/{person}")),
            interrupts: false,
            is_test: following.is_test,
            is_drill: false,
        };
        self.begin_once(&beginning).await
    }

    /// The number by which a person is reached first.
    pub(crate) async fn number_of_person(&self, person: PersonId) -> Result<Option<(String, String)>, AppError> {
        let record = self.store().contact_record(person, self.clock().now_micros()).await?;
        Ok(record.and_then(|record| record.urns.into_iter().find(|(scheme, _)| scheme == mhero_core::Urn::TEL)))
    }

    /// The people that an action names, of those whom the caller may see.
    async fn people_named(
        &self,
        caller: &Caller,
        contacts: &[ContactRef],
        urns: &[Urn],
    ) -> Result<Vec<PersonId>, AppError> {
        let mut people: Vec<PersonId> =
            contacts.iter().take(NAMED_MAX).map(|contact| PersonId::from_uuid(contact.uuid)).collect();
        for urn in urns.iter().take(NAMED_MAX) {
            let holders = self.store().holders(urn.scheme(), urn.path()).await?;
            people.extend(holders.iter().find(|holder| holder.standing == "worker").map(|holder| holder.person));
        }
        people.sort_unstable();
        people.dedup();
        if caller.scope.all_places() && caller.scope.may(Right::ReadPeople) {
            return Ok(people);
        }
        let (now, mut seen) = (self.clock().now_micros(), Vec::new());
        for person in people {
            if self.store().is_in_audience(&caller.scope, &Predicate::All, person, now).await? {
                seen.push(person);
            }
        }
        Ok(seen)
    }

    pub(super) async fn is_excluded(&self, person: PersonId, flow: FlowId, not: &Exclusions) -> Result<bool, AppError> {
        if not.in_a_flow && self.store().is_in_flow(person).await? {
            return Ok(true);
        }
        if not.started_previously && self.store().was_in_flow(person, flow).await? {
            return Ok(true);
        }
        let record = self.store().contact_record(person, self.clock().now_micros()).await?;
        let Some(record) = record else { return Ok(true) };
        let days = i32::try_from(not.not_seen_since_days).unwrap_or(i32::MAX);
        let since = (self.clock().now() - DAY.saturating_mul(days)).as_microsecond();
        Ok((not.non_active && !record.active) || (days > 0 && record.heard_at.is_none_or(|heard| heard < since)))
    }
}

/// Groups and a query as one query; `None` when there is neither.
fn query_of(groups: &[GroupRef], query: &str) -> Option<String> {
    let quoted = |name: &str| name.replace('\\', "\\\\").replace('"', "\\\"");
    let groups = groups.iter().map(|group| format!("group = \"{}\"", quoted(&group.name)));
    let query = Some(query.trim()).filter(|query| !query.is_empty()).map(|query| format!("({query})"));
    let all: Vec<String> = groups.chain(query).collect();
    (!all.is_empty()).then(|| all.join(" OR "))
}

/// A query without those whom an action leaves out.
fn excluding(query: &str, not: &Exclusions) -> String {
    let mut all = format!("({query})");
    if not.in_a_flow {
        all.push_str(" AND flow = \"\"");
    }
    all
}

/// The text of a broadcast that a flow made: it is rendered already, so that no sign in it counts.
fn text_of(content: &MsgContent) -> String {
    let links = content.attachments.iter().filter_map(|attachment| attachment.split_once(':').map(|(_, url)| url));
    let lines: Vec<&str> = [&*content.text].into_iter().chain(links).filter(|line| !line.is_empty()).collect();
    lines.join("\n").replace('@', "@@")
}
