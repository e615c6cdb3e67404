//! One run of the import: all it knows, read once at its beginning and kept true by what it writes.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Instant,
};

use jiff::tz::TimeZone;
use mhero_core::{
    FieldId, ImportId, Lang, PersonId, PlaceId, SourceId, SourceRecordId,
    record::{Content, Identifier, PositionDetails, Ref},
};
use mhero_store::{KeptContent, Lease, Mint, Queue, RecordMark, Source, Unit};
use mhero_text::phone::Numbering;
use uuid::Uuid;

use super::{
    aliases::Aliases,
    coins::Coins,
    marks::{Holders, Kinds, Marked, Marks},
    owners::Owners,
    report::ImportReport,
    tree::{Said, Tree},
    writing::Writing,
};
use crate::{App, AppError, Facts, people::sources::behind_all};

/// The names that the columns of staff numbers have in a source's configuration: a table calls them all `#staff`.
const STAFF: [&str; 3] = ["staff", "payroll", "matricule"];

/// Records of which is read in one go what is known of them.
pub(super) const MARKS_PAGE: i64 = 5_000;

/// One run.
pub(crate) struct Run<'a> {
    pub(super) app: &'a App,
    /// Under which changes and problems are kept; `None` before it began, and in a dry run.
    pub(crate) id: Option<ImportId>,
    /// `None` in a dry run, which writes nothing.
    pub(super) lease: Option<Lease>,
    pub(super) renewed: Instant,
    pub(crate) writing: Writing,
    pub(crate) now: i64,
    pub(super) zone: TimeZone,
    pub(super) language: Lang,
    pub(super) numbering: Arc<Numbering>,
    pub(crate) source: Source,
    pub(super) owners: Owners,
    /// Whether records count as changed though they are as they were: today's readers may understand them otherwise.
    pub(crate) reads_again: bool,
    config: serde_json::Map<String, serde_json::Value>,
    pub(super) ranks: HashMap<SourceId, i64>,
    /// The records of this source by kind and id.
    records: Marks,
    /// Whose identifiers are whose: those that count across sources.
    identifiers: Holders,
    /// Which kinds of records of this source a person has.
    kinds: Kinds,
    details: HashMap<(String, String), PositionDetails>,
    pub(super) tree: Tree,
    pub(super) coins: Coins,
    /// Numbers of which somebody there said that they are not this person's: records do not bring them back.
    pub(super) denied: HashSet<(PersonId, String)>,
    /// Whose records count as whose: each joined person, and the one they are joined to.
    pub(crate) aliases: Aliases,
    /// Values that a merge brings (true), which no record overwrites, or that its undoing takes away (false).
    pub(crate) said: HashMap<(PersonId, FieldId), bool>,
    /// Records that came in this run.
    pub(crate) seen: HashSet<SourceRecordId>,
    /// Records that this run changed: what stood in them before it, and how many of its rows count as changes of each.
    pub(super) turned: HashMap<SourceRecordId, (Vec<u8>, u64)>,
    /// Where records of this run stood that are pending: they are warned about at the end.
    pub(super) origins: HashMap<SourceRecordId, String>,
    /// Pending records of a dry run, with the kind of entity.
    pub(super) held: Vec<(KeptContent, &'static str)>,
    /// Records of which a reference leads nowhere so far.
    pub(super) waiting: HashSet<SourceRecordId>,
    pub(crate) report: ImportReport,
    /// How many refusals and how many problems of the report are kept in the store.
    pub(super) kept: (usize, usize),
}

impl<'a> Run<'a> {
    /// Reads what a run must know.
    pub(crate) async fn load(app: &'a App, source: &str, facts: Facts, lease: Option<Lease>) -> Result<Self, AppError> {
        let store = app.store();
        let now = app.clock().now_micros();
        let mut sources = store.sources().await?;
        let own = match sources.iter().find(|known| known.name == source) {
            Some(known) => known.clone(),
            None => {
                let new = Source {
                    id: store.mint().id(SourceId::from_uuid),
                    name: source.to_owned(),
                    kind: "files".to_owned(),
                    url: None,
                    config: "{}".to_owned(),
                    rank: behind_all(&sources),
                    created_at: now,
                    version: 1,
                };
                if let Some(lease) = &lease {
                    let mut unit = Unit::new();
                    unit.only_if_held(lease);
                    unit.add_source(&new, None);
                    store.write(unit, Queue::Bulk).await?;
                }
                sources.push(new.clone());
                new
            }
        };
        let ranks = sources.iter().map(|source| (source.id, source.rank)).collect();
        let mut run = Self::bare(app, own, ranks, &facts, lease).await?;
        run.load_records().await?;
        run.load_places().await?;
        Ok(run)
    }

    /// Reads what it takes to derive people again from the records there are. `None` before there is a source.
    pub(crate) async fn load_to_derive(app: &'a App, facts: &Facts, lease: Lease) -> Result<Option<Self>, AppError> {
        let sources = app.store().sources().await?;
        let ranks = sources.iter().map(|source| (source.id, source.rank)).collect();
        let Some(own) = sources.into_iter().next() else { return Ok(None) };
        let mut run = Self::bare(app, own, ranks, facts, Some(lease)).await?;
        run.load_denied().await?;
        run.load_places().await?;
        Ok(Some(run))
    }

    /// A run that knows no record yet.
    async fn bare(
        app: &'a App,
        own: Source,
        ranks: HashMap<SourceId, i64>,
        facts: &Facts,
        lease: Option<Lease>,
    ) -> Result<Self, AppError> {
        let store = app.store();
        let language = facts.default_language();
        Ok(Self {
            app,
            id: None,
            owners: Owners::new(store.owners().await?),
            reads_again: false,
            lease,
            renewed: Instant::now(),
            writing: Writing::default(),
            now: app.clock().now_micros(),
            zone: facts.time_zone(),
            language,
            numbering: app.numbering_cached().await?,
            config: serde_json::from_str(&own.config).unwrap_or_default(),
            ranks,
            source: own,
            records: Marks::default(),
            identifiers: Holders::default(),
            kinds: Kinds::default(),
            details: HashMap::new(),
            tree: Tree::default(),
            coins: Coins::load(store, language).await?,
            denied: HashSet::new(),
            aliases: Aliases::new(store.aliases().await?),
            said: HashMap::new(),
            seen: HashSet::new(),
            turned: HashMap::new(),
            origins: HashMap::new(),
            held: Vec::new(),
            waiting: HashSet::new(),
            report: ImportReport::default(),
            kept: (0, 0),
        })
    }

    /// The person as whom somebody counts: the one they are joined to, else themself.
    pub(super) fn golden(&self, person: PersonId) -> PersonId {
        self.aliases.golden(person)
    }

    async fn load_denied(&mut self) -> Result<(), AppError> {
        let wrong = self.app.store().wrong_numbers().await?;
        self.denied = wrong.into_iter().map(|(_, path, person)| (self.golden(person), path)).collect();
        Ok(())
    }

    async fn load_records(&mut self) -> Result<(), AppError> {
        let store = self.app.store();
        self.load_denied().await?;
        // First what is read whole, so that what it took is free again when the rest comes.
        for (system, value, person) in store.shared_identifiers().await? {
            self.identify(&system, &value, person);
        }
        let mut after = None;
        loop {
            let page = store.record_marks_page(self.source.id, after, MARKS_PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            for mark in &page {
                self.hold(mark);
            }
        }
        self.load_named().await?;
        for kept in store.contents_of_kind("details").await? {
            if let (true, Ok(Content::PositionDetails(details))) =
                (kept.source == self.source.id, serde_json::from_str(&kept.content))
            {
                self.details.insert((kept.kind, kept.ext_id), details);
            }
        }
        Ok(())
    }

    async fn load_places(&mut self) -> Result<(), AppError> {
        let store = self.app.store();
        for row in store.place_rows().await? {
            self.tree.put(row);
        }
        for kept in store.contents_of_kind("place").await? {
            if let (Some(entity), Ok(Content::Place(content))) = (kept.entity, serde_json::from_str(&kept.content)) {
                let said = Said {
                    rank: self.rank(kept.source),
                    second: kept.kind == "Organization",
                    record: kept.id,
                    source: kept.source,
                    kind: kept.kind,
                    content,
                };
                self.tree.say(PlaceId::from_uuid(entity), &kept.ext_id, said);
            }
        }
        for (system, value, place) in store.place_identifiers().await? {
            self.tree.identify(&system, &value, place);
        }
        Ok(())
    }

    pub(crate) fn into_report(self) -> ImportReport {
        self.report
    }

    pub(super) fn mint(&self) -> &'a Mint {
        self.app.store().mint()
    }

    /// The rank of a source; the lower one's values count.
    pub(super) fn rank(&self, source: SourceId) -> i64 {
        self.ranks.get(&source).copied().unwrap_or(i64::MAX)
    }

    /// What is known of a record of this source.
    pub(crate) fn record(&self, kind: &str, id: &str) -> Option<Marked<'_>> {
        self.records.get(kind, id)
    }

    /// Remembers what is known of a record from now on.
    pub(super) fn hold(&mut self, mark: &RecordMark) {
        let kind = self.records.put(mark);
        if let (Some("person"), Some(entity), false) = (mark.entity_kind.as_deref(), mark.entity, mark.gone) {
            self.kinds.put(self.golden(PersonId::from_uuid(entity)), kind);
        }
    }

    /// Notes what a record became and whether it waits for something.
    pub(super) fn settle(&mut self, kind: &str, ext_id: &str, entity: Option<Uuid>, pending: bool) {
        let Some((number, id)) = self.records.settle(kind, ext_id, entity, pending) else { return };
        if !pending {
            self.origins.remove(&id);
        }
        if let Some(person) = self.record(kind, ext_id).and_then(|mark| mark.person()) {
            self.kinds.put(self.golden(person), number);
        }
    }

    /// All that is known of the records of this source.
    pub(crate) fn marks(&self) -> impl Iterator<Item = Marked<'_>> {
        self.records.iter()
    }

    /// The source has a record no longer: another record of its kind may be of the same person.
    pub(super) fn let_go(&mut self, mark: &RecordMark) {
        if let (Some("person"), Some(entity), Some(kind)) =
            (mark.entity_kind.as_deref(), mark.entity, self.records.number(&mark.kind))
        {
            self.kinds.remove(self.golden(PersonId::from_uuid(entity)), kind);
        }
        self.hold(&RecordMark { gone: true, pending: false, ..mark.clone() });
    }

    /// The person of a reference, if its record is there.
    pub(super) fn person(&self, reference: &Ref) -> Option<PersonId> {
        let Ref::Id { kind, id } = reference else { return None };
        self.record(kind, id)?.person().map(|person| self.golden(person))
    }

    /// Remembers an identifier that counts across sources.
    pub(super) fn identify(&mut self, system: &str, value: &str, person: PersonId) {
        if !system.starts_with('#') {
            self.identifiers.put(system, value, person);
        }
    }

    /// Those who have an identifier that counts across sources, the first holder first.
    pub(super) fn holders(&self, identifier: &Identifier) -> &[PersonId] {
        self.identifiers.of(&identifier.system, &identifier.value)
    }

    /// Whether a person has a record of this kind from this source: then another such record is of somebody else.
    pub(super) fn has_kind(&self, person: PersonId, kind: &str) -> bool {
        self.records.number(kind).is_some_and(|kind| self.kinds.has(self.golden(person), kind))
    }

    /// Remembers details of positions.
    pub(super) fn hold_details(&mut self, kind: &str, id: &str, details: PositionDetails) {
        self.details.insert((kind.to_owned(), id.to_owned()), details);
    }

    pub(super) fn forget_details(&mut self, kind: &str, id: &str) {
        self.details.remove(&(kind.to_owned(), id.to_owned()));
    }

    pub(super) fn details(&self, reference: &Ref) -> Option<&PositionDetails> {
        let Ref::Id { kind, id } = reference else { return None };
        self.details.get(&(kind.clone(), id.clone()))
    }

    /// Gives identifiers of columns the system that the source's configuration names: `identifier.payroll`.
    pub(crate) fn name_systems(&self, identifiers: &mut [Identifier]) {
        for identifier in identifiers {
            let Some(column) = identifier.system.strip_prefix('#') else { continue };
            let names = if column == "staff" { STAFF.to_vec() } else { vec![column] };
            let system = names.iter().find_map(|name| self.config.get(&format!("identifier.{name}"))?.as_str());
            if let Some(system) = system {
                identifier.system = system.to_owned();
            }
        }
    }

    /// Makes an entity known by the source's id.
    pub(super) fn fhir_id(&self, unit: &mut Unit, kind: &str, id: &str, entity: Uuid) {
        let may_clash = self.ranks.len() > 1 || self.records.has_kind("row");
        let prefixed = may_clash.then(|| {
            let name = mhero_query::key(&self.source.name).replace('_', "-");
            format!("{name}.{id}")
        });
        unit.add_fhir_id((kind, id), entity, self.source.id, prefixed.as_deref());
    }
}
