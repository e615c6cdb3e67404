//! Everybody who is compared, kept in memory by the node that does it.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use mhero_core::{PersonId, PlaceId, SourceId};
use mhero_linkage::{
    Clusters, Decision, Entry, Guard, Index, LinkageError, Linked, Model, RecordId, Rules, Schema, Told, Training,
    Value, clusters, explain, learn, link_all, link_changed, link_within,
};
use mhero_store::ComparedPerson;
use tokio::sync::Mutex;
use uuid::Uuid;

use super::shown::Why;
use crate::{App, AppError};

/// What is kept in memory; nothing before the first pass of this node.
pub(crate) type Memory = Arc<Mutex<Option<Known>>>;

/// Sources of which two records are two people: all there can be.
const SOURCES_MAX: u32 = 64;
/// People read in one go.
const PAGE: i64 = 1_000;
/// People from whom on weights are learned: fewer teach nothing.
const LEARN_MIN: usize = 400;
/// Pairs of one person that learning must expect to find, else the usual weights are better.
const LEARN_MATCHES_MIN: f64 = 50.0;
/// How far up a place's path is followed: circles end here.
const DEPTH_MAX: usize = 16;

/// Everybody who is compared.
pub(crate) struct Known {
    index: Index,
    /// By the number that a source has in the index.
    sources: Vec<SourceId>,
    /// Those of them that people came from.
    compared: HashSet<SourceId>,
    parents: HashMap<PlaceId, Option<PlaceId>>,
}

/// How to compare.
pub(super) struct Ask {
    pub(super) model: Option<Model>,
    /// Whether weights are learned though there are some.
    pub(super) learns: bool,
    pub(super) rules: Rules,
    pub(super) told: Told,
    /// Who has changed; `None` compares all with all.
    pub(super) changed: Option<Vec<RecordId>>,
}

/// What comparing found.
#[derive(Default)]
pub(super) struct Found {
    /// People who are one: who, with whom, and why. Of each group the links of all others to its first.
    pub(super) groups: Vec<Vec<PersonId>>,
    /// Links between members of the groups, and why.
    pub(super) reasons: HashMap<(PersonId, PersonId), Why>,
    /// Pairs for somebody to look at.
    pub(super) doubtful: Vec<(PersonId, PersonId, Why)>,
    /// The weights that were used, where learning them was tried.
    pub(super) tried: Option<Model>,
    /// Whether they were learned, or there was too little to learn from.
    pub(super) learned: bool,
}

impl Known {
    /// Reads everybody.
    pub(super) async fn load(app: &App) -> Result<Self, AppError> {
        let store = app.store();
        let exclusive = (0..SOURCES_MAX).map(mhero_linkage::SourceId).collect();
        let index = Index::new(Schema::people(exclusive)).map_err(|error| refused(&error))?;
        let mut known = Self { index, sources: Vec::new(), compared: HashSet::new(), parents: HashMap::new() };
        known.refresh(app).await?;
        let mut after = Uuid::nil();
        loop {
            let page = store.compared_page(after, PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            after = last.uuid();
            let entries: Vec<Entry> = page.iter().map(|(person, said)| known.entry(*person, said)).collect();
            known.index.put_all(&entries, threads()).map_err(|error| refused(&error))?;
        }
        Ok(known)
    }

    /// Reads some people again.
    pub(super) async fn update(&mut self, app: &App, people: &[PersonId]) -> Result<(), AppError> {
        self.refresh(app).await?;
        for part in people.chunks(usize::try_from(PAGE).unwrap_or(1)) {
            for person in part {
                self.index.remove(record(*person));
            }
            for (person, said) in app.store().compared(part).await? {
                let entry = self.entry(person, &said);
                self.index.put(&entry).map_err(|error| refused(&error))?;
            }
        }
        Ok(())
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.index.len()
    }

    async fn refresh(&mut self, app: &App) -> Result<(), AppError> {
        // A source keeps its number: people in the index carry it.
        for source in app.store().sources().await? {
            if !self.sources.contains(&source.id) {
                self.sources.push(source.id);
            }
        }
        self.parents = app.store().compared_places().await?.into_iter().collect();
        Ok(())
    }

    /// Whether there are enough people to learn from.
    pub(super) fn may_teach(&self) -> bool {
        self.index.len() >= LEARN_MIN
    }

    /// Whose records are compared, as a text that is the same as long as the sources are.
    pub(super) fn sources_text(&self) -> String {
        let mut ids: Vec<String> = self.compared.iter().map(|source| source.uuid().simple().to_string()).collect();
        ids.sort_unstable();
        ids.join(",")
    }

    fn entry(&mut self, person: PersonId, said: &ComparedPerson) -> Entry {
        self.compared.extend(said.sources.iter().copied());
        let numbers = said.sources.iter().filter_map(|source| self.sources.iter().position(|known| known == source));
        let sources = numbers.filter_map(|at| u32::try_from(at).ok()).map(mhero_linkage::SourceId).collect();
        let mut entry = Entry { id: record(person), sources, values: Vec::new() };
        entry = match said.family.is_empty() || said.given.is_empty() {
            true => entry.with("name", Value::WholeName(said.name.clone())),
            false => entry.with("name", Value::name(said.given.clone(), said.family.clone())),
        };
        for (field, value) in [("sex", &said.sex), ("birth", &said.birth)] {
            if let Some(value) = value {
                entry = entry.with(field, Value::text(value.clone()));
            }
        }
        for phone in &said.phones {
            entry = entry.with("phone", Value::text(phone.clone()));
        }
        for (system, value) in &said.identifiers {
            entry = entry.with("id", Value::id(system.clone(), value.clone()));
        }
        for place in &said.places {
            entry = entry.with("place", Value::Place(self.path(*place)));
        }
        for cadre in &said.cadres {
            entry = entry.with("cadre", Value::text(cadre.clone()));
        }
        entry
    }

    /// The ids of a place and those above it, from the top down.
    fn path(&self, place: PlaceId) -> Vec<String> {
        let above = |place: &PlaceId| self.parents.get(place).copied().flatten();
        let mut path: Vec<String> = std::iter::successors(Some(place), above)
            .take(DEPTH_MAX)
            .map(|place| place.uuid().simple().to_string())
            .collect();
        path.reverse();
        path
    }

    /// Compares, and says who is one. Takes its time: call it where nobody waits.
    pub(super) fn compare(&self, ask: &Ask) -> Result<Found, LinkageError> {
        let threads = threads();
        let fitting = ask.model.clone().filter(|model| model.check(self.index.schema()).is_ok());
        let tries = (fitting.is_none() || ask.learns) && ask.changed.is_none() && self.may_teach();
        let learned = tries.then(|| learn(&self.index, &Training { threads, ..Training::default() }));
        let learned = learned.filter(|learned| learned.expected_matches >= LEARN_MATCHES_MIN);
        let learned = learned.map(|learned| learned.model);
        let has_learned = learned.is_some();
        let model = learned.or(fitting).unwrap_or_else(|| Model::usual(self.index.schema()));
        let linked = match &ask.changed {
            None => link_all(&self.index, &model, &ask.rules, &ask.told, threads)?,
            Some(changed) => link_changed(&self.index, &model, &ask.rules, &ask.told, changed)?,
        };
        let people = clusters(&self.index, &model, &ask.rules, &ask.told, &linked.pairs)?;
        let mut found = self.found(ask, &model, &linked, &people)?;
        self.find_doubles(ask, &model, &mut found)?;
        found.learned = has_learned;
        found.tried = tries.then_some(model);
        Ok(found)
    }

    /// People who may stand twice in one registry: for somebody to look at, and never joined by a rule.
    fn find_doubles(&self, ask: &Ask, model: &Model, found: &mut Found) -> Result<(), LinkageError> {
        let (rules, changed) = (ask.rules.within(), ask.changed.as_deref());
        for pair in link_within(&self.index, model, &ask.rules, &ask.told, changed, threads())? {
            let explanation = Some(explain(&self.index, model, &rules, &ask.told, pair.left, pair.right)?);
            let why = Why { explanation, guard: Some(Guard::SameSource), ..Why::default() };
            found.doubtful.push((person(pair.left), person(pair.right), why));
        }
        Ok(())
    }

    fn found(&self, ask: &Ask, model: &Model, linked: &Linked, people: &Clusters) -> Result<Found, LinkageError> {
        let why = |left: RecordId, right: RecordId| {
            let explanation = explain(&self.index, model, &ask.rules, &ask.told, left, right)?;
            Ok::<Why, LinkageError>(Why { explanation: Some(explanation), ..Why::default() })
        };
        let mut found = Found::default();
        for group in &people.groups {
            let members: Vec<PersonId> = group.iter().map(|id| person(*id)).collect();
            for (at, left) in group.iter().enumerate() {
                for right in &group[at + 1..] {
                    found.reasons.insert((person(*left), person(*right)), why(*left, *right)?);
                }
            }
            found.groups.push(members);
        }
        for pair in linked.pairs.iter().filter(|pair| pair.decision == Decision::Review) {
            found.doubtful.push((person(pair.left), person(pair.right), why(pair.left, pair.right)?));
        }
        for cut in &people.cut {
            let why = Why { guard: Some(cut.guard), ..why(cut.pair.left, cut.pair.right)? };
            found.doubtful.push((person(cut.pair.left), person(cut.pair.right), why));
        }
        Ok(found)
    }
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// A person as the index knows them.
pub(super) fn record(person: PersonId) -> RecordId {
    RecordId(person.uuid().as_u128())
}

fn person(record: RecordId) -> PersonId {
    PersonId::from_uuid(Uuid::from_u128(record.0))
}

/// The schema and the entries are made here: that they do not fit is a defect, which must not go unseen.
pub(super) fn refused(error: &LinkageError) -> AppError {
    AppError::invalid("linking-refused", [("error", error.to_string())])
}
