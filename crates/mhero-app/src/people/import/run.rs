//! One run of the import: all it knows, read once at its beginning and kept true by what it writes.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Instant,
};

use jiff::tz::TimeZone;
use mhero_core::{
    Lang, PersonId, PlaceId, SourceId, SourceRecordId,
    record::{Content, Identifier, PositionDetails, Ref},
};
use mhero_store::{KeptContent, Lease, Mint, Queue, RecordMark, Source, Unit};
use mhero_text::phone::Numbering;
use uuid::Uuid;

use super::{
    coins::Coins,
    report::ImportReport,
    tree::{Said, Tree},
};
use crate::{App, AppError, Facts, people::sources::behind_all};

/// The names that the columns of staff numbers have in a source's configuration: a table calls them all `#staff`.
const STAFF: [&str; 3] = ["staff", "payroll", "matricule"];

/// One run.
pub(super) struct Run<'a> {
    pub(super) app: &'a App,
    /// `None` in a dry run, which writes nothing.
    pub(super) lease: Option<Lease>,
    pub(super) renewed: Instant,
    pub(super) now: i64,
    pub(super) zone: TimeZone,
    pub(super) language: Lang,
    pub(super) numbering: Arc<Numbering>,
    pub(super) source: Source,
    config: serde_json::Map<String, serde_json::Value>,
    pub(super) ranks: HashMap<SourceId, i64>,
    /// The records of this source by kind and id.
    records: HashMap<String, HashMap<String, RecordMark>>,
    /// Whose identifiers are whose: those that count across sources.
    identifiers: HashMap<(String, String), Vec<PersonId>>,
    /// Which kinds of records of this source a person has.
    kinds: HashMap<PersonId, Vec<String>>,
    details: HashMap<(String, String), PositionDetails>,
    pub(super) tree: Tree,
    pub(super) coins: Coins,
    /// Records that came in this run.
    pub(super) seen: HashSet<SourceRecordId>,
    /// Where records of this run stood that are pending: they are warned about at the end.
    pub(super) origins: HashMap<SourceRecordId, String>,
    /// Pending records of a dry run, with the kind of entity.
    pub(super) held: Vec<(KeptContent, &'static str)>,
    /// Records of which a reference leads nowhere so far.
    pub(super) waiting: HashSet<SourceRecordId>,
    pub(super) report: ImportReport,
}

impl<'a> Run<'a> {
    /// Reads what a run must know.
    pub(super) async fn load(app: &'a App, source: &str, facts: Facts, lease: Option<Lease>) -> Result<Self, AppError> {
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
                    unit.add_source(&new);
                    store.write(unit, Queue::Bulk).await?;
                }
                sources.push(new.clone());
                new
            }
        };
        let language = facts.default_language();
        let mut run = Self {
            app,
            lease,
            renewed: Instant::now(),
            now,
            zone: facts.time_zone(),
            language,
            numbering: app.numbering_cached().await?,
            config: serde_json::from_str(&own.config).unwrap_or_default(),
            ranks: sources.iter().map(|source| (source.id, source.rank)).collect(),
            source: own,
            records: HashMap::new(),
            identifiers: HashMap::new(),
            kinds: HashMap::new(),
            details: HashMap::new(),
            tree: Tree::default(),
            coins: Coins::load(store, language).await?,
            seen: HashSet::new(),
            origins: HashMap::new(),
            held: Vec::new(),
            waiting: HashSet::new(),
            report: ImportReport::default(),
        };
        run.load_records().await?;
        run.load_places().await?;
        Ok(run)
    }

    async fn load_records(&mut self) -> Result<(), AppError> {
        let store = self.app.store();
        for mark in store.record_marks(self.source.id).await? {
            self.hold(mark);
        }
        for (system, value, person) in store.shared_identifiers().await? {
            self.identify(&system, &value, person);
        }
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

    pub(super) fn into_report(self) -> ImportReport {
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
    pub(super) fn record(&self, kind: &str, id: &str) -> Option<&RecordMark> {
        self.records.get(kind)?.get(id)
    }

    /// Remembers what is known of a record from now on.
    pub(super) fn hold(&mut self, mark: RecordMark) {
        if let (Some("person"), Some(entity)) = (mark.entity_kind.as_deref(), mark.entity) {
            let kinds = self.kinds.entry(PersonId::from_uuid(entity)).or_default();
            if !kinds.contains(&mark.kind) {
                kinds.push(mark.kind.clone());
            }
        }
        let (kind, id) = (mark.kind.clone(), mark.ext_id.clone());
        self.records.entry(kind).or_default().insert(id, mark);
    }

    /// The person of a reference, if its record is there.
    pub(super) fn person(&self, reference: &Ref) -> Option<PersonId> {
        let Ref::Id { kind, id } = reference else { return None };
        let mark = self.record(kind, id)?;
        let is_person = mark.entity_kind.as_deref() == Some("person");
        mark.entity.filter(|_| is_person).map(PersonId::from_uuid)
    }

    /// Remembers an identifier that counts across sources.
    pub(super) fn identify(&mut self, system: &str, value: &str, person: PersonId) {
        if system.starts_with('#') {
            return;
        }
        let holders = self.identifiers.entry((system.to_owned(), value.to_owned())).or_default();
        if !holders.contains(&person) {
            holders.push(person);
        }
    }

    /// Those who have an identifier that counts across sources, the first holder first.
    pub(super) fn holders(&self, identifier: &Identifier) -> &[PersonId] {
        self.identifiers.get(&(identifier.system.clone(), identifier.value.clone())).map_or(&[], Vec::as_slice)
    }

    /// Whether a person has a record of this kind from this source: then another such record is of somebody else.
    pub(super) fn has_kind(&self, person: PersonId, kind: &str) -> bool {
        self.kinds.get(&person).is_some_and(|kinds| kinds.iter().any(|known| known == kind))
    }

    /// Remembers details of positions.
    pub(super) fn hold_details(&mut self, kind: &str, id: &str, details: PositionDetails) {
        self.details.insert((kind.to_owned(), id.to_owned()), details);
    }

    pub(super) fn details(&self, reference: &Ref) -> Option<&PositionDetails> {
        let Ref::Id { kind, id } = reference else { return None };
        self.details.get(&(kind.clone(), id.clone()))
    }

    /// Gives identifiers of columns the system that the source's configuration names: `identifier.payroll`.
    pub(super) fn name_systems(&self, identifiers: &mut [Identifier]) {
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
        let may_clash = self.ranks.len() > 1 || self.records.contains_key("row");
        let prefixed = may_clash.then(|| {
            let name = mhero_query::key(&self.source.name).replace('_', "-");
            format!("{name}.{id}")
        });
        unit.add_fhir_id((kind, id), entity, self.source.id, prefixed.as_deref());
    }
}
