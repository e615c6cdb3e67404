//! Our people in an instance that a country keeps beside us: those of an audience are written to it, by command and after each
//! pull where the source's settings say for whom.
//!
//! Whom nothing changed about is not touched; what somebody changed there meanwhile stays. It can be cut short at any instant:
//! what was written is known, and the next time goes on with the rest. Where the instance asks to be left in peace, it is.

use std::collections::{BTreeSet, HashMap};

use mhero_core::{Lang, PersonId, Right, Scope, SourceId, record::Reason};
use mhero_query::Predicate;
use mhero_store::{Candidate, PersonFacts, PersonsRecord, Queue, Source, Unit, WrittenOut};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{keep_reason, settings::SyncSettings};
use crate::{
    App, AppError, Caller,
    people::import::LEASE_MICROS,
    ports::{Keeper, OutField, PersonOut, WriteOutError},
};

/// People looked at in one go.
const PAGE: i64 = 200;
/// People written after one pull: an instance takes a few thousand requests an hour, and each person is two.
const AFTER_A_PULL: i64 = 500;
/// People whose problem is told by name.
const PROBLEMS_MAX: usize = 100;
/// Fields written at most, beside those of work.
const FIELDS_MAX: usize = 90;
/// Kinds of records that instances know by their id; people of any other kind are told as the first of them.
const KINDS: [&str; 3] = ["Practitioner", "Person", "Patient"];
/// The kind of rows of tables, whose ids are nobody's but the table's.
const ROW: &str = "row";

/// What to write out.
#[derive(Clone, Debug, Default)]
pub struct WriteOutOptions {
    /// For whom, in the query language; `None` as the source's setting `write_out` says.
    pub to: Option<String>,
    /// Only count, and write nothing.
    pub dry_run: bool,
    /// Most people to be written now; `None` for all.
    pub limit: Option<i64>,
}

/// What became of writing people out.
#[derive(Clone, Debug, Default)]
pub struct WriteOutReport {
    /// People of the audience.
    pub matched: i64,
    /// Records that are new there.
    pub created: i64,
    /// Records that were changed there.
    pub updated: i64,
    /// People of whom everything was there already.
    pub unchanged: i64,
    /// People some of whose values were changed there meanwhile, and stay as they are there.
    pub kept: i64,
    /// People in whose place it holds others.
    pub conflicts: i64,
    /// People whom it refuses.
    pub refused: i64,
    /// People without a number, whom it can't hold.
    pub without_number: i64,
    /// People who wait for the next time.
    pub left: i64,
    /// Why it stopped before the end.
    pub stopped: Option<Reason>,
    /// Whose problem it was, with the name and the reason.
    pub problems: Vec<(PersonId, String, Reason)>,
}

/// How somebody stands at an instance that holds our people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PersonThere {
    /// As this contact.
    Contact(String),
    /// They asked us to stop, or have no number that may be written to.
    Silent,
    /// It holds another in their place, or refuses them.
    Not {
        /// Whether it holds another.
        is_conflict: bool,
        /// Why, as kept.
        reason: String,
    },
}

/// How some people stand.
#[derive(Clone, Debug, Default)]
pub struct PeopleOut {
    /// By person; who is missing could not be written yet, or is no more.
    pub stand: HashMap<PersonId, PersonThere>,
    /// Why it stopped before the end.
    pub stopped: Option<Reason>,
}

/// What belongs to one run.
struct Writing<'w> {
    source: &'w Source,
    keeper: &'w dyn Keeper,
    options: &'w WriteOutOptions,
    report: WriteOutReport,
    budget: i64,
}

/// What is known of the people of one page.
struct Known {
    facts: HashMap<PersonId, PersonFacts>,
    records: HashMap<PersonId, Vec<PersonsRecord>>,
    groups: HashMap<PersonId, Vec<String>>,
    written: HashMap<PersonId, WrittenOut>,
}

impl App {
    /// Writes people out to an instance that a country keeps.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for the source; [`AppError::Query`] for the audience; [`AppError::Invalid`] where nobody says for
    /// whom, where the source holds no people of ours, or where another run is under way. That the instance does not answer is
    /// no error: [`WriteOutReport::stopped`] says so.
    pub async fn write_out(
        &self,
        caller: &Caller,
        source: &str,
        options: &WriteOutOptions,
    ) -> Result<WriteOutReport, AppError> {
        caller.must(Right::Settings)?;
        let source = self.source_named(source).await?;
        self.write_out_to(caller, &source, options).await
    }

    /// The same after a pull, as far as the settings say so; what went wrong is in the log and in the figures.
    pub(super) async fn write_out_after_pull(&self, source: &Source) {
        let wants = SyncSettings::read(&source.config).is_ok_and(|settings| settings.write_out.is_some());
        if !wants {
            return;
        }
        let options = WriteOutOptions { limit: Some(AFTER_A_PULL), ..WriteOutOptions::default() };
        match Box::pin(self.write_out_to(&Caller::system(), source, &options)).await {
            Ok(report) => {
                if let Some(reason) = &report.stopped {
                    tracing::warn!(source = %source.id, reason = reason.key, "people could not all be written out; the rest later");
                }
            }
            Err(error) => tracing::error!(source = %source.id, %error, "people could not be written out"),
        }
    }

    /// Writes some people out to an instance, in their present state, and says how each stands there. For a back end that is about
    /// to do something for them.
    ///
    /// # Errors
    /// As [`App::write_out`]; [`AppError::Invalid`] where another run is under way.
    pub async fn write_people_out(&self, source: SourceId, people: &[PersonId]) -> Result<PeopleOut, AppError> {
        let source = self.source_by_id(source).await?;
        if people.is_empty() {
            return Ok(PeopleOut::default());
        }
        let query = people.iter().map(|person| format!("uuid = {person}")).collect::<Vec<_>>().join(" OR ");
        let caller = Caller::system();
        let predicate = self.check_audience(&caller, &query).await?.predicate;
        let options = WriteOutOptions { to: Some(query), ..WriteOutOptions::default() };
        let report = self.write_out_to(&caller, &source, &options).await?;
        let written = self.store().written_out(source.id, people).await?;
        let now = self.clock().now_micros();
        let mut snapshot = self.store().snapshot().await?;
        let limit = i64::try_from(people.len()).unwrap_or(PAGE);
        let candidates = snapshot.candidates(&Scope::system(), &predicate, now, None, limit).await?;
        drop(snapshot);
        let mut stand = HashMap::new();
        for candidate in candidates {
            let at = match written.iter().find(|row| row.person == candidate.person) {
                _ if candidate.path.is_none() => PersonThere::Silent,
                Some(row) if row.state == "conflict" || row.state == "refused" => {
                    PersonThere::Not { is_conflict: row.state == "conflict", reason: row.reason.clone() }
                }
                Some(row) if !row.ext_id.is_empty() => PersonThere::Contact(row.ext_id.clone()),
                _ => continue,
            };
            stand.insert(candidate.person, at);
        }
        Ok(PeopleOut { stand, stopped: report.stopped })
    }

    /// How many were written out to a source, by state: `written`, `kept`, `conflict`, `refused`.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn written_out_counts(&self, caller: &Caller, source: SourceId) -> Result<Vec<(String, i64)>, AppError> {
        caller.must(Right::Settings)?;
        Ok(self.store().written_out_counts(source).await?)
    }

    async fn write_out_to(
        &self,
        caller: &Caller,
        source: &Source,
        options: &WriteOutOptions,
    ) -> Result<WriteOutReport, AppError> {
        let settings = SyncSettings::read(&source.config)?;
        let off = || AppError::invalid("sync-write-out-off", [("source", source.name.clone())]);
        let query = options.to.clone().or(settings.write_out).ok_or_else(off)?;
        let predicate = self.check_audience(caller, &query).await?.predicate;
        let registry = self.registry(source.id).await?;
        let none = || AppError::invalid("sync-keeps-nobody", [("source", source.name.clone())]);
        let keeper = registry.keeper().ok_or_else(none)?;
        let holder = self.store().mint().uuid();
        let lease = self.store().take_lease(&format!("write-out/{}", source.id), holder, LEASE_MICROS).await?;
        let Some(lease) = lease else {
            return Err(AppError::invalid("sync-under-way", [("source", source.name.clone())]));
        };
        let budget = options.limit.unwrap_or(i64::MAX);
        let mut writing = Writing { source, keeper, options, report: WriteOutReport::default(), budget };
        let leases = [lease];
        let work = self.while_held(&leases, self.write_all(&mut writing, &predicate));
        let done = self.on_journey(work).await;
        let [lease] = leases;
        self.store().give_back_lease(&lease).await?;
        done?;
        let report = writing.report;
        if !options.dry_run && report.created + report.updated + report.conflicts + report.refused > 0 {
            let facts = json!({
                "created": report.created, "updated": report.updated, "kept": report.kept,
                "conflicts": report.conflicts, "refused": report.refused,
            });
            let mut unit = Unit::new();
            unit.audit(self.store(), &caller.entry("people-written-out", "source", Some(source.id.uuid()), facts));
            self.store().write(unit, Queue::Interactive).await?;
        }
        Ok(report)
    }

    async fn write_all(&self, writing: &mut Writing<'_>, predicate: &Predicate) -> Result<(), AppError> {
        let fields = self.fields_out().await?;
        if !writing.options.dry_run {
            let groups: Vec<String> = self.groups_out().await?;
            if let Err(error) = writing.keeper.prepare_for_people(&fields, &groups).await {
                let (WriteOutError::Conflict(reason) | WriteOutError::Refused(reason) | WriteOutError::Later(reason)) =
                    error;
                writing.report.stopped = Some(reason);
                return Ok(());
            }
        }
        let keys: BTreeSet<&str> = fields.iter().map(|(key, _)| key.as_str()).collect();
        let mut after = None;
        loop {
            let now = self.clock().now_micros();
            let mut snapshot = self.store().snapshot().await?;
            // A registry of its own takes minutes for a page: nothing is held open meanwhile.
            let page = snapshot.candidates(&Scope::system(), predicate, now, after, PAGE).await?;
            drop(snapshot);
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.person);
            let known = self.known_of(writing.source.id, &page).await?;
            for candidate in &page {
                writing.report.matched += 1;
                if writing.report.stopped.is_some() || writing.budget <= 0 {
                    writing.report.left += 1;
                    continue;
                }
                self.write_somebody(writing, candidate, &known, &keys).await?;
            }
        }
    }

    /// The fields that an instance needs for our people: those of work, and the installation's own.
    async fn fields_out(&self) -> Result<Vec<(String, OutField)>, AppError> {
        let mut fields: Vec<(String, OutField)> = WORK.iter().map(|key| ((*key).to_owned(), OutField::Text)).collect();
        for field in self.store().contact_fields().await?.into_iter().take(FIELDS_MAX) {
            let kind = match field.kind.as_str() {
                "number" => OutField::Number,
                "instant" => OutField::Instant,
                _ => OutField::Text,
            };
            if !WORK.contains(&field.key.as_str()) {
                fields.push((field.key, kind));
            }
        }
        Ok(fields)
    }

    /// The names of the groups that are kept by hand.
    async fn groups_out(&self) -> Result<Vec<String>, AppError> {
        let groups = self.store().groups(false).await?;
        let by_hand = groups.into_iter().filter(|group| group.query.is_none());
        Ok(by_hand.map(|group| group.name.best(Lang::ENGLISH).to_owned()).collect())
    }

    async fn known_of(&self, source: SourceId, page: &[Candidate]) -> Result<Known, AppError> {
        let ids: Vec<PersonId> = page.iter().map(|candidate| candidate.person).collect();
        let now = self.clock().now_micros();
        let facts = self.store().person_facts(&Scope::system(), &ids, now).await?;
        let mut records: HashMap<PersonId, Vec<PersonsRecord>> = HashMap::new();
        for record in self.store().records_of(source, &ids).await? {
            records.entry(record.person).or_default().push(record);
        }
        let mut groups: HashMap<PersonId, Vec<String>> = HashMap::new();
        for (person, names) in self.store().hand_groups_of(&ids).await? {
            groups.entry(person).or_default().push(names.best(Lang::ENGLISH).to_owned());
        }
        let written = self.store().written_out(source, &ids).await?;
        Ok(Known {
            facts: facts.into_iter().map(|facts| (facts.id, facts)).collect(),
            records,
            groups,
            written: written.into_iter().map(|row| (row.person, row)).collect(),
        })
    }

    async fn write_somebody(
        &self,
        writing: &mut Writing<'_>,
        candidate: &Candidate,
        known: &Known,
        keys: &BTreeSet<&str>,
    ) -> Result<(), AppError> {
        let before = known.written.get(&candidate.person);
        let person = known.person_out(writing.source.id, candidate, keys);
        if person.id.is_none() && person.phone.is_none() {
            writing.report.without_number += 1;
            return Ok(());
        }
        let said = serde_json::to_vec(&person).unwrap_or_default();
        let digest = Sha256::digest(&said).to_vec();
        // What somebody changed there, and what it refuses, is tried again only once we say something else.
        if before.is_some_and(|row| row.digest == digest && row.state != "conflict") {
            writing.report.unchanged += 1;
            return Ok(());
        }
        if writing.options.dry_run {
            let is_new = person.id.is_none();
            *(if is_new { &mut writing.report.created } else { &mut writing.report.updated }) += 1;
            return Ok(());
        }
        writing.budget -= 1;
        let mut row = WrittenOut {
            person: candidate.person,
            ext_id: person.id.clone().unwrap_or_default(),
            digest,
            state: "written".to_owned(),
            reason: String::new(),
            held: before.map(|row| row.held.clone()).unwrap_or_default(),
            written_at: self.clock().now_micros(),
        };
        let report = &mut writing.report;
        let (state, count, reason) = match writing.keeper.write_person(&person).await {
            Ok(done) => {
                (row.ext_id, row.held) = (done.id, done.held);
                let count = match (done.is_created, done.is_changed) {
                    (true, _) => &mut report.created,
                    (false, true) => &mut report.updated,
                    (false, false) => &mut report.unchanged,
                };
                *count += 1;
                if done.kept.is_empty() {
                    return self.keep_written(writing.source.id, &row).await;
                }
                let reason = Reason::new("sync-write-out-kept", [("fields", done.kept.join(", "))]);
                ("kept", &mut report.kept, reason)
            }
            Err(WriteOutError::Later(reason)) => {
                report.left += 1;
                report.stopped = Some(reason);
                return Ok(());
            }
            Err(WriteOutError::Conflict(reason)) => ("conflict", &mut report.conflicts, reason),
            Err(WriteOutError::Refused(reason)) => ("refused", &mut report.refused, reason),
        };
        *count += 1;
        (row.state, row.reason) = (state.to_owned(), keep_reason(&reason));
        if report.problems.len() < PROBLEMS_MAX {
            report.problems.push((candidate.person, candidate.name.clone(), reason));
        }
        self.keep_written(writing.source.id, &row).await
    }

    async fn keep_written(&self, source: SourceId, row: &WrittenOut) -> Result<(), AppError> {
        let mut unit = Unit::new();
        unit.set_written_out(source, row);
        self.store().write(unit, Queue::Bulk).await?;
        Ok(())
    }
}

/// Keys of the fields that say where somebody works and as what.
const WORK: [&str; 3] = ["facility", "cadre", "job"];

impl Known {
    /// A person as the instance should hold them.
    fn person_out(&self, source: SourceId, candidate: &Candidate, keys: &BTreeSet<&str>) -> PersonOut {
        let written = self.written.get(&candidate.person);
        let records = self.records.get(&candidate.person).map_or(&[][..], Vec::as_slice);
        let own = records.iter().find(|record| record.source == source);
        let id = written.map(|row| row.ext_id.clone()).filter(|id| !id.is_empty());
        let mut fields = Vec::new();
        if let Some(facts) = self.facts.get(&candidate.person) {
            let work = [&facts.facility, &facts.cadre, &facts.title];
            for (key, names) in WORK.into_iter().zip(work) {
                let name = names.as_ref().map(|names| names.best(Lang::ENGLISH).to_owned());
                fields.extend(name.filter(|name| !name.is_empty()).map(|name| (key.to_owned(), name)));
            }
            let values = facts.values.iter().filter(|(key, value)| keys.contains(key.as_str()) && !value.is_empty());
            fields.extend(values.filter(|(key, _)| !WORK.contains(&key.as_str())).cloned());
        }
        let mut groups = self.groups.get(&candidate.person).cloned().unwrap_or_default();
        groups.sort();
        let is_silent = candidate.path.is_none() && candidate.has_valid_number;
        PersonOut {
            id: id.or_else(|| own.map(|record| record.ext_id.clone())),
            held: written.map(|row| row.held.clone()).filter(|held| !held.is_empty()),
            raw: own.map(|record| record.raw.clone()),
            name: candidate.name.clone(),
            language: candidate.language.map(|language| language.to_string()),
            phone: candidate.path.clone(),
            fields,
            groups,
            globalid: globalid(source, candidate.person, records),
            is_silent,
        }
    }
}

/// The id by which a registry knows a person, with its kind; our own where none does, and none for people of the instance alone.
fn globalid(source: SourceId, person: PersonId, records: &[PersonsRecord]) -> (String, String) {
    let others: Vec<&PersonsRecord> = records.iter().filter(|record| record.source != source).collect();
    let mut named: Vec<&&PersonsRecord> = others.iter().filter(|record| record.kind != ROW).collect();
    named.sort_by_key(|record| (!KINDS.contains(&record.kind.as_str()), record.source, &record.ext_id));
    match named.first() {
        Some(record) if KINDS.contains(&record.kind.as_str()) => (record.ext_id.clone(), record.kind.clone()),
        Some(record) => (record.ext_id.clone(), KINDS[0].to_owned()),
        None if others.is_empty() => Default::default(),
        None => (person.to_string(), KINDS[0].to_owned()),
    }
}
