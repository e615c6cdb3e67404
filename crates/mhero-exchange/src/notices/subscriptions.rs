//! FHIR Subscriptions (rest-hook): who asks for what, and telling them of each version that fits.
//!
//! A subscription is told what its owner may read, at the time of telling. With a payload the resource is put to the endpoint as FHIR says,
//! without one the endpoint is posted to with nothing. Headers of the channel are sealed and never shown again.

use mhero_app::{App, AppError, Caller};
use mhero_fhir::{
    Code, Issue,
    search::{Asked, Clause, Condition, Query},
};
use mhero_store::{FhirResource, FhirVersion, NoticeTarget, Queue, Unit};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{NewTarget, Notice, Notices, judged_url};
use crate::{
    clients::may_ask,
    fhir::{FhirError, FhirServer},
    golden::Shown,
    macm::{said, texts},
};

/// What targets of subscriptions are for.
pub(crate) const PURPOSE: &str = "fhir-subscription";
/// The setting in which it stands how far versions were looked through.
const FROM: &str = "fhir-subscriptions-from";
/// Versions of one pass.
const PAGE: i64 = 100;
/// How long the duty is held, in microseconds.
const DUTY_MICROS: i64 = 30_000_000;
/// Subscriptions of one installation at most.
const SUBSCRIPTIONS_MAX: usize = 200;
/// The resource of a subscription.
const KIND: &str = "Subscription";
/// The type of the body.
const JSON: &str = "application/fhir+json";

impl FhirServer {
    /// What writing a Subscription means: somebody is told, or no longer. Its headers are taken out of the resource.
    pub(crate) async fn meaning_of_subscription(
        &self,
        caller: &Caller,
        resource: &mut Value,
        held: Option<&FhirResource>,
    ) -> Result<Unit, FhirError> {
        let id = resource["id"].as_str().unwrap_or_default().to_owned();
        let is_on = matches!(resource["status"].as_str(), Some("requested" | "active"));
        let mut issues = self.wrong_channel(resource);
        if let Err(issue) = self.criteria(caller, resource["criteria"].as_str().unwrap_or_default()) {
            issues.push(issue);
        }
        let headers = headers_of(resource);
        if !issues.is_empty() {
            return Err(FhirError::Refused(issues));
        }
        self.within_kinds(caller.scope.principal(), resource["criteria"].as_str().unwrap_or_default()).await?;
        let url = resource["channel"]["endpoint"].as_str().unwrap_or_default().to_owned();
        if is_on {
            judged_url(&self.app, &url).await.map_err(|error| self.wrong_endpoint(caller, error))?;
        }
        let new = NewTarget {
            purpose: PURPOSE,
            subject: &id,
            url: &url,
            headers: headers.as_deref().unwrap_or_default(),
            key: None,
            owner: caller.scope.principal(),
            is_on,
        };
        let (mut unit, desk) = (Unit::new(), Notices::new(&self.app));
        let known = self.app.store().notice_targets(PURPOSE, "").await?;
        let outcome = match known.iter().find(|target| target.subject == id) {
            // Who reads it and writes it back has not seen its headers: they stay.
            Some(target) => {
                let keeps = headers.is_none() && target.url == url.trim_end_matches('/');
                desk.change_target(&mut unit, target, &new, keeps)
            }
            None if known.len() >= SUBSCRIPTIONS_MAX => {
                let why = format!("there are {SUBSCRIPTIONS_MAX} already: take one away first");
                return Err(FhirError::refused(Code::TooCostly, KIND, why));
            }
            None => desk.add_target(&mut unit, &new).map(|_| ()),
        };
        outcome.map_err(|error| self.wrong_endpoint(caller, error))?;
        if let Some(channel) = resource["channel"].as_object_mut() {
            channel.shift_remove("header");
            channel.shift_remove("_header");
        }
        if is_on {
            resource["status"] = json!("active");
            if let Some(resource) = resource.as_object_mut() {
                resource.shift_remove("error");
            }
        }
        // The first one is told of what comes, not of what has been.
        if is_on && held.is_none() && !known.iter().any(|target| target.state == "on") {
            let last = self.app.store().last_fhir_version().await?;
            unit.put_setting(FROM, &last.to_string(), self.app.clock().now_micros());
        }
        Ok(unit)
    }

    /// What is wrong with an address or its headers, in words.
    fn wrong_endpoint(&self, caller: &Caller, error: AppError) -> FhirError {
        match error {
            AppError::Invalid(_) => {
                FhirError::refused(Code::Value, "Subscription.channel", said(&self.app, caller, &error))
            }
            other => other.into(),
        }
    }

    /// Refuses criteria that reach beyond the kinds of resources to which their account is narrowed.
    async fn within_kinds(&self, owner: Option<Uuid>, criteria: &str) -> Result<(), FhirError> {
        if may_ask(self.app.store(), owner, criteria).await? {
            return Ok(());
        }
        let why = "this account is narrowed to some kinds of resources, and this is none of them or reaches into others: \
                   subscribe to one of those, or have an administrator widen it (mhero token narrow --kinds)";
        Err(FhirError::refused(Code::Forbidden, "Subscription.criteria", why))
    }

    fn wrong_channel(&self, resource: &Value) -> Vec<Issue> {
        let channel = &resource["channel"];
        let mut issues = Vec::new();
        let mut wrong = |code, place: &str, said: &str| {
            issues.push(Issue::error(code, format!("Subscription.{place}"), said));
        };
        if channel["type"].as_str() != Some("rest-hook") {
            wrong(Code::NotSupported, "channel.type", "only rest-hook is offered");
        }
        if channel["endpoint"].as_str().is_none_or(|endpoint| endpoint.trim().is_empty()) {
            wrong(Code::Required, "channel.endpoint", "where is it to be told? https://…");
        }
        match channel["payload"].as_str() {
            None | Some("" | JSON | "application/json") => {}
            Some(_) => wrong(Code::NotSupported, "channel.payload", "application/fhir+json, or nothing"),
        }
        let end = resource["end"].as_str().and_then(|end| end.parse::<jiff::Timestamp>().ok());
        if end.is_some_and(|end| end <= self.app.clock().now()) {
            wrong(Code::Value, "end", "this time is over");
        }
        issues
    }

    /// The search that the criteria of a subscription are.
    fn criteria(&self, caller: &Caller, text: &str) -> Result<Query, Issue> {
        let wrong = |code, said: String| Issue::error(code, "Subscription.criteria", said);
        let (kind, parameters) = text.split_once('?').unwrap_or((text, ""));
        if let Err(error) = crate::fhir::may_read(self.parameters(), caller, kind) {
            return Err(wrong(Code::Forbidden, error.to_string()));
        }
        let pairs = crate::fhir::pairs(parameters);
        let borrowed = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let Asked { query, refused } = Query::read(self.parameters(), kind, borrowed, self.base());
        match refused.first() {
            Some(refused) => Err(wrong(Code::NotSupported, format!("{}: {}", refused.asked, refused.why))),
            None if !query.includes.is_empty() || !query.revincludes.is_empty() => {
                Err(wrong(Code::NotSupported, "_include is not told: subscribe to that kind, too".to_owned()))
            }
            None => Ok(query),
        }
    }
}

/// The headers of a channel; `None` where it says none.
fn headers_of(resource: &Value) -> Option<Vec<(String, String)>> {
    let lines = resource["channel"]["header"].as_array()?;
    let pair = |line: &str| {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        (name.trim().to_owned(), value.trim().to_owned())
    };
    Some(lines.iter().filter_map(Value::as_str).map(pair).collect())
}

/// Tells subscribers of what was written, and says in a Subscription that failed why. Returns how much that was.
///
/// # Errors
/// Whatever the store reports.
pub(crate) async fn pass(app: &App) -> Result<usize, FhirError> {
    let targets = app.store().notice_targets(PURPOSE, "").await?;
    if targets.is_empty() || app.store().take_lease("fhir-subscriptions", app.node(), DUTY_MICROS).await?.is_none() {
        return Ok(0);
    }
    let teller = Teller { app: app.clone(), server: FhirServer::new(app.clone(), ""), desk: Notices::new(app) };
    let mut done = 0;
    for target in targets.iter().filter(|target| target.state == "failed") {
        done += usize::from(teller.say_failed(target).await?);
    }
    let mut on: Vec<NoticeTarget> = Vec::new();
    for target in targets.into_iter().filter(|target| target.state == "on") {
        if app.is_gone(target.owner).await? {
            done += usize::from(teller.silence(&target).await?);
        } else {
            on.push(target);
        }
    }
    if !on.is_empty() {
        done += teller.tell(&on).await?;
    }
    Ok(done)
}

struct Teller {
    app: App,
    server: FhirServer,
    desk: Notices,
}

/// Somebody who is told of what fits.
struct Subscriber<'a> {
    target: &'a NoticeTarget,
    caller: Caller,
    query: Query,
    wants_payload: bool,
}

impl Teller {
    async fn tell(&self, targets: &[NoticeTarget]) -> Result<usize, FhirError> {
        let store = self.app.store();
        let held = store.setting(FROM).await?;
        let from: i64 = match held.and_then(|held| held.parse().ok()) {
            Some(from) => from,
            None => store.last_fhir_version().await?,
        };
        let versions = store.fhir_versions_since(from, PAGE).await?;
        let Some(last) = versions.last().map(|version| version.entry) else { return Ok(0) };
        let mut subscribers = Vec::new();
        for target in targets {
            subscribers.extend(self.subscriber(target).await?);
        }
        let mut unit = Unit::new();
        unit.put_setting(FROM, &last.to_string(), self.app.clock().now_micros());
        for version in &versions {
            for subscriber in &subscribers {
                self.tell_of(&mut unit, subscriber, version).await?;
            }
        }
        store.write(unit, Queue::Bulk).await?;
        Ok(versions.len())
    }

    async fn subscriber<'a>(&self, target: &'a NoticeTarget) -> Result<Option<Subscriber<'a>>, FhirError> {
        let system = mhero_core::Scope::system();
        let held = self.app.store().fhir_resource(&system, (KIND, &target.subject)).await?;
        let Some(held) = held.filter(|held| !held.is_deleted) else { return Ok(None) };
        let resource: Value = serde_json::from_str(&held.body).unwrap_or_default();
        let end = resource["end"].as_str().and_then(|end| end.parse::<jiff::Timestamp>().ok());
        if end.is_some_and(|end| end <= self.app.clock().now()) {
            let mut over = resource.clone();
            over["status"] = json!("off");
            self.write(&target.subject, held.person, over, Some((target, "off"))).await?;
            return Ok(None);
        }
        let caller = self.app.caller_of(target.owner).await?;
        // Whoever may no longer read it is told nothing.
        let criteria = resource["criteria"].as_str().unwrap_or_default();
        let Ok(query) = self.server.criteria(&caller, criteria) else { return Ok(None) };
        if !may_ask(self.app.store(), target.owner, criteria).await? {
            return Ok(None);
        }
        let wants_payload = resource["channel"]["payload"].as_str().is_some_and(|payload| !payload.is_empty());
        Ok(Some(Subscriber { target, caller, query, wants_payload }))
    }

    /// Nobody's scope counts any more: nothing is told, also not what waits. True where that had to be said.
    async fn silence(&self, target: &NoticeTarget) -> Result<bool, FhirError> {
        let system = mhero_core::Scope::system();
        let held = self.app.store().fhir_resource(&system, (KIND, &target.subject)).await?;
        let Some(held) = held.filter(|held| !held.is_deleted) else { return Ok(false) };
        let mut resource: Value = serde_json::from_str(&held.body).unwrap_or_default();
        resource["status"] = json!("off");
        resource["error"] = json!("its token was taken back");
        self.write(&target.subject, held.person, resource, Some((target, "off"))).await?;
        Ok(true)
    }

    async fn tell_of(
        &self,
        unit: &mut Unit,
        subscriber: &Subscriber<'_>,
        version: &FhirVersion,
    ) -> Result<(), FhirError> {
        let is_older = version.updated_at < subscriber.target.created_at;
        if version.kind != subscriber.query.kind || version.method == "DELETE" || is_older {
            return Ok(());
        }
        let mut query = subscriber.query.clone();
        let condition = Condition::Ids(vec![version.id.clone()]);
        query.clauses.push(Clause { name: "_id".to_owned(), value: version.id.clone(), condition });
        let now = self.app.clock().now_micros();
        let mut snapshot = self.app.store().snapshot().await?;
        let found = snapshot.search_fhir(&subscriber.caller.scope, &query, None, (1, now)).await?;
        let Some(found) = found.resources.into_iter().next() else { return Ok(()) };
        let body = match subscriber.wants_payload {
            true => texts::with_texts(&self.app, found.body).await?,
            false => String::new(),
        };
        let path = format!("{}/{}", found.kind, found.id);
        let once_key = version.entry.to_string();
        let notice = match subscriber.wants_payload {
            true => Notice { once_key: &once_key, method: "PUT", path: &path, content_type: JSON, body: &body },
            false => Notice { once_key: &once_key, method: "POST", path: "", content_type: "", body: "" },
        };
        Ok(self.desk.tell(unit, subscriber.target.id, &notice)?)
    }

    /// Says in the resource that its target has failed. True when it had not been said.
    async fn say_failed(&self, target: &NoticeTarget) -> Result<bool, FhirError> {
        let system = mhero_core::Scope::system();
        let held = self.app.store().fhir_resource(&system, (KIND, &target.subject)).await?;
        let Some(held) = held.filter(|held| !held.is_deleted) else { return Ok(false) };
        let mut resource: Value = serde_json::from_str(&held.body).unwrap_or_default();
        if resource["status"] == "error" {
            return Ok(false);
        }
        resource["status"] = json!("error");
        resource["error"] = json!(target.failure.as_deref().unwrap_or("the receiver can not be told"));
        self.write(&target.subject, held.person, resource, None).await?;
        Ok(true)
    }

    async fn write(
        &self,
        id: &str,
        person: Option<mhero_core::PersonId>,
        resource: Value,
        state: Option<(&NoticeTarget, &str)>,
    ) -> Result<(), FhirError> {
        let shown = Shown { kind: KIND, id: id.to_owned(), person, resource: Some(resource) };
        let (mut unit, mut snapshot) = (Unit::new(), self.app.store().snapshot().await?);
        self.server.show(&mut unit, &mut snapshot, vec![shown]).await?;
        if let Some((target, state)) = state {
            let mut row = target.clone();
            state.clone_into(&mut row.state);
            unit.set_notice_target(&row, self.app.clock().now_micros());
        }
        match self.app.store().write(unit, Queue::Interactive).await {
            Err(error) if error.is_decide_again() => Ok(()),
            other => Ok(other.map(|_| ())?),
        }
    }
}
