//! The pass that compares people whose records changed with all others, joins the clear ones and asks about the doubtful.

use std::collections::{HashMap, HashSet};

use mhero_core::{PersonId, Scope};
use mhero_linkage::{Model, Rules, Told};
use mhero_store::{LinkModel, PairState, Queue, StoreError, Unit};

use super::{
    LinkingSettings,
    known::{Ask, Found, Known, record, refused},
    merge::Joining,
    shown::{Why, ordered},
};
use crate::{
    App, AppError, Caller,
    people::import::{Aliases, Run},
};

/// The setting that says how far the change feed was read.
const CURSOR: &str = "linking-cursor";
/// Changes read in one go.
const READ_MAX: i64 = 5_000;
/// How long one node keeps this duty, in microseconds.
const DUTY_MICROS: i64 = 60_000_000;
/// From this share of changed people on, all are compared with all.
const ALL_FROM: usize = 5;
/// Weights are learned anew once there are half as many people again as those from whom they were learned.
const GROWTH_NUMERATOR: usize = 3;
const GROWTH_DENOMINATOR: usize = 2;
/// Open questions read in one go.
const OPEN_PAGE: i64 = 1_000;
/// Questions written in one unit.
const UNIT_PAIRS: usize = 200;
/// Pairs joined in one unit: what is read of them is read together.
const UNIT_JOININGS: usize = 50;

/// When the weights are learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Learning {
    /// When there are none, or those that there are were learned from other registries or far fewer people.
    AsNeeded,
    /// Now: somebody has asked for it.
    Wanted,
}

/// Whether weights were learned from other registries, or from far fewer people, than there are now. What somebody has set stays.
fn is_outgrown(kept: &LinkModel, known: &Known) -> bool {
    let people = kept.people.and_then(|people| usize::try_from(people).ok()).unwrap_or(0);
    let has_grown = known.len() > people.saturating_mul(GROWTH_NUMERATOR) / GROWTH_DENOMINATOR;
    !kept.is_set && known.may_teach() && (has_grown || kept.sources.as_deref() != Some(&known.sources_text()))
}

impl App {
    /// Compares who has changed. Returns how many that were.
    pub(crate) async fn linking_pass(&self) -> Result<usize, AppError> {
        let last = self.store().last_change().await?;
        let stored = self.store().setting(CURSOR).await?.and_then(|cursor| cursor.parse::<i64>().ok());
        if stored == Some(last) || self.store().sources().await?.is_empty() {
            return Ok(0);
        }
        let settings = self.linking_settings().await?;
        if !settings.on || self.store().take_lease("linking", self.node(), DUTY_MICROS).await?.is_none() {
            return Ok(0);
        }
        // People are compared once an import is through, not in its midst.
        let Some(lease) = self.free_import_lease().await? else { return Ok(0) };
        self.store().give_back_lease(&lease).await?;
        let changed = self.changed_people(stored, last).await?;
        if stored.is_none() || !changed.is_empty() {
            self.link_people(&settings, stored.is_none(), Learning::AsNeeded, &changed).await?;
        }
        let mut unit = Unit::new();
        unit.put_setting(CURSOR, &last.to_string(), self.clock().now_micros());
        self.store().write(unit, Queue::Bulk).await?;
        Ok(changed.len())
    }

    async fn changed_people(&self, since: Option<i64>, last: i64) -> Result<Vec<PersonId>, AppError> {
        let mut people = HashSet::new();
        let Some(mut at) = since else { return Ok(Vec::new()) };
        while at < last {
            let changes = self.store().changes_since(at, READ_MAX).await?;
            let Some(end) = changes.last() else { break };
            at = end.seq;
            let changed = changes.iter().filter(|change| change.kind == "person" && change.seq <= last);
            people.extend(changed.map(|change| PersonId::from_uuid(change.entity)));
        }
        Ok(people.into_iter().collect())
    }

    /// Compares some people, or all, with all others. Returns from how many the weights were learned, if they were.
    pub(super) async fn link_people(
        &self,
        settings: &LinkingSettings,
        all: bool,
        learning: Learning,
        changed: &[PersonId],
    ) -> Result<Option<usize>, AppError> {
        let mut memory = self.linking_memory().lock().await;
        let known = match memory.take() {
            Some(mut known) => {
                known.update(self, changed).await?;
                known
            }
            None => Known::load(self).await?,
        };
        let kept = self.store().link_model().await?;
        let learns = learning == Learning::Wanted || kept.as_ref().is_some_and(|kept| is_outgrown(kept, &known));
        let all = all || learns || changed.len() > known.len() / ALL_FROM;
        let mut ask = self.ask(settings, (!all).then_some(changed)).await?;
        ask.model = kept.as_ref().and_then(|kept| serde_json::from_str(&kept.model).ok());
        ask.learns = learns;
        let compared = tokio::task::spawn_blocking(move || (known.compare(&ask), known)).await;
        let (found, known) = compared.map_err(|_| AppError::Store(StoreError::Closed))?;
        let (people, sources) = (known.len(), known.sources_text());
        *memory = Some(known);
        drop(memory);
        let mut found = found.map_err(|error| refused(&error))?;
        if let Some(model) = &found.tried {
            let is_set = !found.learned && kept.as_ref().is_some_and(|kept| kept.is_set);
            self.keep_model(model, (people, &sources), is_set).await?;
        }
        let learned = found.learned.then_some(people);
        if settings.automatic {
            self.join_groups(&mut found).await?;
        } else {
            let reasons = std::mem::take(&mut found.reasons);
            found.doubtful.extend(reasons.into_iter().map(|((left, right), why)| (left, right, why)));
        }
        let open = if all { self.all_open_pairs().await? } else { self.open_pairs_of(changed).await? };
        self.ask_about(&found, &open).await?;
        Ok(learned)
    }

    async fn ask(&self, settings: &LinkingSettings, changed: Option<&[PersonId]>) -> Result<Ask, AppError> {
        let trusted = match &settings.trusted {
            Some(trusted) => trusted.clone(),
            None => self.store().identifier_systems().await?,
        };
        let rules = Rules {
            high: settings.high,
            low: settings.low,
            trusted,
            one_each: settings.one_each.clone(),
            ..Rules::default()
        };
        let aliases = self.store().aliases().await?;
        let golden = |person: PersonId| record(aliases.get(&person).copied().unwrap_or(person));
        let mut told = Told::default();
        for (left, right, state) in self.store().decided_pairs().await? {
            let (left, right) = (golden(left), golden(right));
            if left != right && state == PairState::Different {
                told.different(left, right);
            }
        }
        let changed = changed.map(|people| people.iter().map(|person| record(*person)).collect());
        Ok(Ask { model: None, learns: false, rules, told, changed })
    }

    async fn keep_model(&self, model: &Model, (people, sources): (usize, &str), is_set: bool) -> Result<(), AppError> {
        let kept = LinkModel {
            model: serde_json::to_string(model).unwrap_or_default(),
            learned_at: self.clock().now_micros(),
            set_by: None,
            people: i64::try_from(people).ok(),
            sources: Some(sources.to_owned()),
            is_set,
        };
        let mut unit = Unit::new();
        unit.put_link_model(self.store().mint().uuid(), &kept);
        self.store().write(unit, Queue::Bulk).await?;
        Ok(())
    }

    /// Joins the people of each group to the one whose source counts first. Groups that an import would disturb wait.
    async fn join_groups(&self, found: &mut Found) -> Result<(), AppError> {
        if found.groups.is_empty() {
            return Ok(());
        }
        let lease = self.import_lease().await?;
        let joined = Box::pin(async {
            let facts = self.facts().await?;
            let Some(mut run) = Run::load_to_derive(self, &facts, lease.clone()).await? else { return Ok(()) };
            let ranks = self.ranks_of(&found.groups).await?;
            let mut pairs = Vec::new();
            for group in &found.groups {
                let first = |person: &&PersonId| (ranks.get(person).copied().unwrap_or(i64::MAX), person.uuid());
                let Some(golden) = group.iter().min_by_key(first).copied() else { continue };
                let others: Vec<PersonId> = group.iter().copied().filter(|other| *other != golden).collect();
                let joining = |joined: PersonId| {
                    let (left, right) = ordered(golden, joined);
                    let why = found.reasons.get(&(left, right)).cloned().unwrap_or_default();
                    Joining { person: golden, joined, why: why.turned(left != golden) }
                };
                match others.as_slice() {
                    [other] => pairs.push(joining(*other)),
                    // Each sees what the one before it made.
                    several => {
                        for other in several {
                            self.join_one(&mut run, joining(*other)).await?;
                        }
                    }
                }
                if pairs.len() >= UNIT_JOININGS {
                    self.join_together(&mut run, std::mem::take(&mut pairs)).await?;
                }
            }
            self.join_together(&mut run, pairs).await?;
            Ok::<(), AppError>(())
        })
        .await;
        self.store().give_back_lease(&lease).await?;
        joined?;
        self.wake();
        Ok(())
    }

    /// Joins pairs of whom nobody stands in two. Where somebody has joined or parted one of them meanwhile, the others are joined
    /// one by one.
    async fn join_together(&self, run: &mut Run<'_>, pairs: Vec<Joining>) -> Result<(), AppError> {
        if pairs.is_empty() {
            return Ok(());
        }
        match self.merge_all(run, &Caller::system(), &pairs).await {
            Err(AppError::Store(error)) if error.is_decide_again() => {
                run.aliases = Aliases::new(self.store().aliases().await?);
                for pair in pairs {
                    self.join_one(run, pair).await?;
                }
                Ok(())
            }
            other => other.map(|_| ()),
        }
    }

    async fn join_one(&self, run: &mut Run<'_>, pair: Joining) -> Result<(), AppError> {
        match self.merge_in(run, &Caller::system(), (pair.person, pair.joined), &pair.why).await {
            // Somebody has joined or parted them meanwhile: the next pass sees what is true.
            Err(AppError::Store(error)) if error.is_decide_again() => {
                run.aliases = Aliases::new(self.store().aliases().await?);
                Ok(())
            }
            other => other.map(|_| ()),
        }
    }

    /// The best rank among the sources of each.
    async fn ranks_of(&self, groups: &[Vec<PersonId>]) -> Result<HashMap<PersonId, i64>, AppError> {
        let sources = self.store().sources().await?;
        let rank: HashMap<_, _> = sources.iter().map(|source| (source.id, source.rank)).collect();
        let people: Vec<PersonId> = groups.iter().flatten().copied().collect();
        let mut ranks = HashMap::new();
        for part in people.chunks(UNIT_PAIRS) {
            for (person, said) in self.store().compared(part).await? {
                let best = said.sources.iter().filter_map(|source| rank.get(source).copied()).min();
                ranks.insert(person, best.unwrap_or(i64::MAX));
            }
        }
        Ok(ranks)
    }

    async fn open_pairs_of(&self, people: &[PersonId]) -> Result<Vec<(PersonId, PersonId)>, AppError> {
        let mut open = Vec::new();
        for part in people.chunks(UNIT_PAIRS) {
            open.extend(self.store().open_pairs_of(part).await?);
        }
        Ok(open)
    }

    async fn all_open_pairs(&self) -> Result<Vec<(PersonId, PersonId)>, AppError> {
        let (mut open, mut after) = (Vec::new(), None);
        loop {
            let page = self.store().open_pairs(&Scope::system(), after, OPEN_PAGE).await?;
            let Some(last) = page.last() else { return Ok(open) };
            after = Some((last.score, last.left, last.right));
            open.extend(page.iter().map(|pair| (pair.left, pair.right)));
        }
    }

    /// Writes the questions there are, and takes those of the open ones back that nobody needs to answer any more.
    async fn ask_about(&self, found: &Found, open: &[(PersonId, PersonId)]) -> Result<(), AppError> {
        let now = self.clock().now_micros();
        let asked: HashSet<(PersonId, PersonId)> =
            found.doubtful.iter().map(|(left, right, _)| ordered(*left, *right)).collect();
        let mut units = vec![Unit::new()];
        let mut put = |write: &dyn Fn(&mut Unit)| {
            if units.last().is_none_or(|unit| unit.len() >= UNIT_PAIRS) {
                units.push(Unit::new());
            }
            if let Some(unit) = units.last_mut() {
                write(unit);
            }
        };
        for pair in open.iter().filter(|pair| !asked.contains(*pair)) {
            put(&|unit| {
                unit.drop_open_pair(*pair);
            });
        }
        for (left, right, why) in &found.doubtful {
            let why = Why { by_hand: false, ..why.clone() }.turned(left.uuid() > right.uuid());
            put(&|unit| {
                unit.put_pair((*left, *right), why.score(), &why.keep(), now);
            });
        }
        for unit in units.into_iter().filter(|unit| !unit.is_empty()) {
            self.store().write(unit, Queue::Bulk).await?;
        }
        Ok(())
    }
}
