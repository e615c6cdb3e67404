//! Definitions and everything they refer to, kept in memory: revisions never change, the rest is read anew when it is old.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, PoisonError, RwLock},
};

use futures::{StreamExt as _, stream};
use mhero_core::{FlowId, GroupId, Lang, PersonId, Right, Scope};
use mhero_flow::{
    assets::{Assets, Channel, ChannelRole, GroupSource, LoadedFlows, StaticAssets},
    definition::{ActionKind, Flow, ReadOptions},
    environment::Environment,
    inspect::{self, DependencyKind, DependencyTarget},
    refs::FlowRef,
};
use mhero_query::Predicate;
use mhero_store::{ContactField, FlowAsset, FlowRow, TriggerRow};
use serde::{Deserialize, Serialize};

use super::{contact::field_assets, settings::FlowSettings, triggers::Trigger};
use crate::{App, AppError, Caller};

/// How long assets are taken from memory, in microseconds: a change made on another node is seen within this time.
const FRESH_MICROS: i64 = 5_000_000;
/// Revisions kept in memory; when there are more, all are forgotten and read again as they are needed.
const REVISIONS_KEPT: usize = 5_000;
/// People of whom a group is asked in one query, and groups that are asked at a time.
const ASKED_TOGETHER: usize = 1_000;
const GROUPS_AT_ONCE: usize = 2;
/// Sets of revisions whose assets are kept as they are put together.
const PINNED_KEPT: usize = 500;

/// The revisions that a session runs: of its flow, and of every flow that it may enter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Pins(pub(crate) BTreeMap<FlowId, i64>);

/// Assets as last read.
pub(crate) struct Around {
    /// What flows refer to, without flows.
    assets: Assets,
    /// The fields of people.
    pub(super) fields: Vec<ContactField>,
    /// Every flow that is not archived.
    pub(super) flows: HashMap<FlowId, FlowRow>,
    /// Those of them that ask about places.
    pub(super) about_places: HashSet<FlowId>,
    /// Those that run elsewhere, and never here.
    pub(super) elsewhere: HashSet<FlowId>,
    /// What starts flows by itself. What a flow that runs elsewhere can't be begun by is none: a text goes on to who else wants it.
    pub(crate) triggers: Vec<Trigger>,
    /// Groups by query: asked of the store, for their queries know more than flows do.
    by_query: Vec<(GroupId, Predicate)>,
    /// Assets with the flows of the sessions that were played last, by the revisions that they run.
    pinned: RwLock<HashMap<Pins, Assets>>,
    at: i64,
}

/// The groups that a revision names; `None` when an expression of it may look at any.
type Groups = Option<Arc<[GroupId]>>;

/// What this process remembers of flows.
#[derive(Default)]
pub(crate) struct Shelf {
    groups: RwLock<HashMap<(FlowId, i64), Groups>>,
    revisions: RwLock<HashMap<(FlowId, i64), Arc<Flow>>>,
    around: RwLock<Option<Arc<Around>>>,
}

impl Around {
    /// The settings of a flow.
    pub(crate) fn settings_of(&self, flow: FlowId) -> FlowSettings {
        self.flows.get(&flow).map(|row| FlowSettings::read(&row.settings)).unwrap_or_default()
    }
}

impl Shelf {
    fn revision(&self, flow: FlowId, revision: i64) -> Option<Arc<Flow>> {
        self.revisions.read().unwrap_or_else(PoisonError::into_inner).get(&(flow, revision)).cloned()
    }

    fn groups_of(&self, flow: &Flow) -> Groups {
        let key = (FlowId::from_uuid(flow.uuid), i64::try_from(flow.revision).unwrap_or(0));
        if let Some(known) = self.groups.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return known.clone();
        }
        let texts = inspect::templates(flow);
        let any = texts.iter().any(|located| located.text.source().to_lowercase().contains("contact.groups"));
        let named = inspect::inspect(flow, None).dependencies.into_iter().filter_map(|one| match one.target {
            DependencyTarget::Uuid(id) if one.kind == DependencyKind::Group => Some(GroupId::from_uuid(id)),
            _ => None,
        });
        let groups: Groups = (!any).then(|| named.collect());
        let mut kept = self.groups.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= REVISIONS_KEPT {
            kept.clear();
        }
        kept.insert(key, groups.clone());
        groups
    }

    fn keep(&self, key: (FlowId, i64), flow: Arc<Flow>) {
        let mut kept = self.revisions.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= REVISIONS_KEPT {
            kept.clear();
        }
        kept.insert(key, flow);
    }

    /// The programme of a flow, as it was last read.
    pub(super) fn programme_of(&self, flow: FlowId) -> Option<uuid::Uuid> {
        let around = self.around.read().unwrap_or_else(PoisonError::into_inner);
        around.as_ref()?.flows.get(&flow)?.programme.map(|programme| programme.uuid())
    }

    /// Forgets assets: they have just been changed here.
    pub(crate) fn forget(&self) {
        *self.around.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl App {
    /// One revision of a flow; `None` when there is none.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a definition that this program can't read.
    pub(crate) async fn flow_at(&self, id: FlowId, revision: i64) -> Result<Option<Arc<Flow>>, AppError> {
        if let Some(flow) = self.shelf().revision(id, revision) {
            return Ok(Some(flow));
        }
        let Some(row) = self.store().flow_revision(id, revision).await? else { return Ok(None) };
        let mut flow = self.read_flow(row.definition.as_bytes())?;
        flow.revision = u64::try_from(revision).unwrap_or(0);
        let flow = Arc::new(flow);
        self.shelf().keep((id, revision), Arc::clone(&flow));
        Ok(Some(flow))
    }

    /// Reads a definition of any version.
    pub(super) fn read_flow(&self, json: &[u8]) -> Result<Flow, AppError> {
        Flow::from_slice(json, &ReadOptions::default(), &mut || self.store().mint().uuid())
            .map_err(|error| AppError::invalid("flow-unreadable", [("detail", error.to_string())]))
    }

    /// Everything around flows, from memory where it is fresh.
    pub(crate) async fn around_flows(&self) -> Result<Arc<Around>, AppError> {
        let now = self.clock().now_micros();
        if let Some(known) = &*self.shelf().around.read().unwrap_or_else(PoisonError::into_inner)
            && (known.at..known.at + FRESH_MICROS).contains(&now)
        {
            return Ok(Arc::clone(known));
        }
        let fresh = Arc::new(self.read_around(now).await?);
        *self.shelf().around.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&fresh));
        Ok(fresh)
    }

    async fn read_around(&self, now: i64) -> Result<Around, AppError> {
        let fields = self.store().contact_fields().await?;
        let groups = self.store().groups(false).await?;
        let channels = self.store().channels().await?;
        // A file can be played before there is an installation.
        let country = match self.facts_cached().await {
            Ok(facts) => facts.countries.first().map(|country| country.as_str().into()),
            Err(AppError::NotInitialised) => None,
            Err(error) => return Err(error),
        };
        let mut things = StaticAssets {
            fields: field_assets(&fields),
            groups: groups
                .iter()
                .map(|group| GroupSource {
                    uuid: group.id.uuid(),
                    name: group.name.best(Lang::ENGLISH).into(),
                    query: "".into(),
                })
                .collect(),
            channels: channels
                .iter()
                .filter(|channel| channel.active)
                .map(|channel| Channel {
                    uuid: channel.id.uuid(),
                    name: channel.name.as_str().into(),
                    address: channel.sender.as_deref().unwrap_or_default().into(),
                    schemes: vec!["tel".into()],
                    roles: vec![ChannelRole::Send, ChannelRole::Receive],
                    features: Vec::new(),
                    country: country.clone(),
                    allow_international: true,
                    match_prefixes: Vec::new(),
                })
                .collect(),
            ..StaticAssets::default()
        };
        for asset in self.store().flow_assets().await? {
            add(&mut things, &asset);
        }
        let mut by_query = Vec::new();
        for group in &groups {
            // A query that no longer means anything keeps nobody.
            if let Some(query) = &group.query
                && let Ok(audience) = self.check_audience(&Caller::system(), query).await
            {
                by_query.push((group.id, audience.predicate));
            }
        }
        let flows: HashMap<FlowId, FlowRow> =
            self.store().flows(false).await?.into_iter().map(|row| (row.id, row)).collect();
        let results = self.place_results().await?;
        let about_places = flows.values().filter(|row| results.has(&row.name)).map(|row| row.id).collect();
        let triggers: Vec<TriggerRow> = self.store().triggers().await?;
        let elsewhere = self.flows_elsewhere().await?;
        let triggers = triggers.iter().filter(|row| row.active).filter_map(Trigger::read);
        let triggers = triggers.filter(|own| !own.terms.is_pulled_here() || !elsewhere.contains(&own.flow)).collect();
        let assets = Assets::new(things, Arc::new(LoadedFlows::default()));
        let pinned = RwLock::default();
        Ok(Around { assets, fields, flows, about_places, elsewhere, triggers, by_query, pinned, at: now })
    }

    /// The revisions that a new session of a flow gets: the current ones of it and of all that it may enter.
    pub(super) async fn pins_of(&self, flow: FlowId, revision: Option<i64>) -> Result<Pins, AppError> {
        let around = self.around_flows().await?;
        let mut pins = BTreeMap::new();
        let mut open = vec![(flow, revision)];
        let mut started = HashSet::new();
        while let Some((id, revision)) = open.pop() {
            let Some(row) = around.flows.get(&id).filter(|_| !pins.contains_key(&id)) else { continue };
            let revision = revision.unwrap_or(row.revision);
            let Some(flow) = self.flow_at(id, revision).await? else { continue };
            pins.insert(id, revision);
            open.extend(entered(&flow).into_iter().map(|flow| (FlowId::from_uuid(flow.uuid), None)));
            started.extend(starts(&flow));
        }
        // What it starts for others it has to know by name only.
        for id in started {
            if let Some(row) = around.flows.get(&id) {
                pins.entry(id).or_insert(row.revision);
            }
        }
        Ok(Pins(pins))
    }

    /// Assets with the flows of a session.
    pub(super) async fn assets_for(&self, pins: &Pins) -> Result<Assets, AppError> {
        let around = self.around_flows().await?;
        if let Some(known) = around.pinned.read().unwrap_or_else(PoisonError::into_inner).get(pins) {
            return Ok(known.clone());
        }
        let mut flows = Vec::with_capacity(pins.0.len());
        for (id, revision) in &pins.0 {
            flows.extend(self.flow_at(*id, *revision).await?);
        }
        let assets = around.assets.with_flows(Arc::new(flows.into_iter().collect::<LoadedFlows>()));
        let mut kept = around.pinned.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= PINNED_KEPT {
            kept.clear();
        }
        kept.insert(pins.clone(), assets.clone());
        Ok(assets)
    }

    /// Assets with every current flow, for checks of a definition.
    pub(super) async fn assets_for_checks(&self) -> Result<Assets, AppError> {
        let around = self.around_flows().await?;
        let pins = Pins(around.flows.values().map(|row| (row.id, row.revision)).collect());
        self.assets_for(&pins).await
    }

    /// The groups by query in which some people of the caller's scope are just now, by person. Each group is asked once for all
    /// of them.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn rule_groups_of(
        &self,
        caller: &Caller,
        people: &[PersonId],
    ) -> Result<HashMap<PersonId, Vec<GroupId>>, AppError> {
        caller.must(Right::ReadPeople)?;
        let around = self.around_flows().await?;
        let now = self.clock().now_micros();
        let mut found: HashMap<PersonId, Vec<GroupId>> = HashMap::new();
        for part in people.chunks(ASKED_TOGETHER) {
            let asked = stream::iter(around.by_query.clone()).map(|(group, predicate)| async move {
                let members = self.store().among_audience(&caller.scope, &predicate, part, now).await?;
                Ok::<_, AppError>((group, members))
            });
            let mut answers = std::pin::pin!(asked.buffered(GROUPS_AT_ONCE));
            while let Some(answer) = answers.next().await {
                let (group, members) = answer?;
                for person in members {
                    found.entry(person).or_default().push(group);
                }
            }
        }
        Ok(found)
    }

    /// The groups by query that a person is in just now.
    pub(crate) async fn groups_by_query_of(&self, person: PersonId) -> Result<Vec<GroupId>, AppError> {
        self.asked_groups(person, |_| true).await
    }

    /// Those of them that the flows of a session look at.
    pub(super) async fn groups_for(&self, person: PersonId, pins: &Pins) -> Result<Vec<GroupId>, AppError> {
        let mut looked_at = HashSet::new();
        for (id, revision) in &pins.0 {
            let Some(flow) = self.flow_at(*id, *revision).await? else { continue };
            match self.shelf().groups_of(&flow) {
                Some(groups) => looked_at.extend(groups.iter().copied()),
                None => return self.groups_by_query_of(person).await,
            }
        }
        self.asked_groups(person, |group| looked_at.contains(&group)).await
    }

    async fn asked_groups(&self, person: PersonId, asks: impl Fn(GroupId) -> bool) -> Result<Vec<GroupId>, AppError> {
        let around = self.around_flows().await?;
        let now = self.clock().now_micros();
        let mut found = Vec::new();
        for (group, predicate) in around.by_query.iter().filter(|(group, _)| asks(*group)) {
            if self.store().is_in_audience(&Scope::system(), predicate, person, now).await? {
                found.push(*group);
            }
        }
        Ok(found)
    }

    /// The settings of this installation as flows read and write by them.
    pub(super) async fn flow_environment(&self) -> Result<Environment, AppError> {
        let facts = self.facts_cached().await?;
        let mut environment = Environment::default();
        environment.date_format = mhero_expr::DateFormat::DayMonthYear;
        environment.timezone = facts.time_zone();
        environment.allowed_languages.clone_from(&facts.languages);
        environment.default_country = facts.countries.first().map(|country| country.as_str().into());
        Ok(environment)
    }
}

/// The flows that a flow may enter.
pub(super) fn entered(flow: &Flow) -> HashSet<FlowRef> {
    let actions = flow.nodes.iter().flat_map(|node| &node.actions);
    actions
        .filter_map(|action| match &action.kind {
            ActionKind::EnterFlow(enter) => Some(enter.flow.clone()),
            _ => None,
        })
        .collect()
}

/// The flows that a flow starts for others, or anew.
pub(super) fn starts(flow: &Flow) -> impl Iterator<Item = FlowId> {
    let actions = flow.nodes.iter().flat_map(|node| &node.actions);
    actions.filter_map(|action| match &action.kind {
        ActionKind::StartSession(start) => Some(FlowId::from_uuid(start.flow.uuid)),
        _ => None,
    })
}

/// Takes an asset into the list of its kind. One that can't be read is left out: flows that need it say so.
fn add(things: &mut StaticAssets, asset: &FlowAsset) {
    fn push<T: for<'de> Deserialize<'de>>(list: &mut Vec<T>, asset: &FlowAsset) {
        match serde_json::from_str(&asset.content) {
            Ok(thing) => list.push(thing),
            Err(error) => tracing::warn!(kind = asset.kind, id = asset.id, %error, "an asset of flows can't be read"),
        }
    }
    match asset.kind.as_str() {
        "global" => push(&mut things.globals, asset),
        "label" => push(&mut things.labels, asset),
        "resthook" => push(&mut things.resthooks, asset),
        "topic" => push(&mut things.topics, asset),
        "template" => push(&mut things.templates, asset),
        "llm" => push(&mut things.llms, asset),
        "classifier" => push(&mut things.classifiers, asset),
        "optin" => push(&mut things.optins, asset),
        "user" => push(&mut things.users, asset),
        other => tracing::warn!(kind = other, "nobody knows this kind of asset"),
    }
}
