//! The records with their blocking keys, kept up to date one by one.

use std::collections::HashMap;

use crate::{
    LinkageError,
    blocking::{Blocks, Ground, PassReport, Planned, Scratch, plan},
    compare::{self, Outcome},
    entry::{Entry, RecordId},
    record::{self, Stored},
    schema::{Kind, Schema},
    symbols::{Symbol, Symbols},
};

/// All records, ready to be linked. Hold one and change what changed: linking 40 of 200,000 touches their neighbours only.
///
/// ```
/// use mhero_linkage::{Entry, Index, RecordId, Schema, SourceId, Value};
///
/// let mut index = Index::new(Schema::people(vec![SourceId(1)]))?;
/// index.put(&Entry::new(RecordId(1), SourceId(1)).with("name", Value::name("Martha", "Kollie")))?;
/// index.put(&Entry::new(RecordId(2), SourceId(2)).with("name", Value::WholeName("KOLLIE, Marta".into())))?;
/// assert_eq!(index.len(), 2);
/// assert_eq!(index.candidates(RecordId(1))?, [RecordId(2)]);
/// # Ok::<(), mhero_linkage::LinkageError>(())
/// ```
#[derive(Debug)]
pub struct Index {
    schema: Schema,
    plan: Vec<Planned>,
    symbols: Symbols,
    records: Vec<Option<Stored>>,
    free: Vec<u32>,
    by_id: HashMap<RecordId, u32>,
    /// By slot: one more than the record's exclusive source, 0 for none, [`SEVERAL`].
    alone: Vec<u32>,
    blocks: Blocks,
    /// By comparison and symbol: how many records have that value.
    counts: Vec<Vec<u32>>,
    /// By comparison: how many records have a value.
    filled: Vec<u32>,
}

/// In place of an exclusive source: there are several.
const SEVERAL: u32 = u32::MAX;

/// Pairs of records that share a value.
pub(crate) struct SharedPairs {
    /// Pairs that share one.
    pub(crate) sharing: f64,
    /// Pairs of which both say one.
    pub(crate) pairs: f64,
    /// The share of all pairs of which both say one.
    pub(crate) filled: f64,
}

impl Index {
    /// An empty index.
    ///
    /// # Errors
    /// When the schema does not hold together, see [`Schema::check`].
    pub fn new(schema: Schema) -> Result<Self, LinkageError> {
        schema.check()?;
        let comparisons = schema.comparisons().len();
        Ok(Self {
            blocks: Blocks::new(schema.passes.len()),
            plan: plan(&schema),
            counts: vec![Vec::new(); comparisons],
            filled: vec![0; comparisons],
            symbols: Symbols::default(),
            records: Vec::new(),
            free: Vec::new(),
            by_id: HashMap::new(),
            alone: Vec::new(),
            schema,
        })
    }

    /// Takes a record in, in place of the one of the same id.
    ///
    /// # Errors
    /// [`LinkageError::UnknownField`] or [`LinkageError::WrongValue`]; then the index stays as it was. Values that can't be read (a
    /// phone with letters, a birth in the future) count as missing.
    pub fn put(&mut self, entry: &Entry) -> Result<(), LinkageError> {
        let slot = self.store(entry)?;
        let Self { schema, plan, symbols, records, blocks, .. } = self;
        blocks.insert(Ground { fields: schema.fields.len(), plan, symbols, records }, slot);
        Ok(())
    }

    /// Takes many records in, on so many threads. The result is the same as with [`Index::put`] one by one.
    ///
    /// # Errors
    /// As [`Index::put`]; the entries before the one that is refused are in.
    pub fn put_all<'a>(
        &mut self,
        entries: impl IntoIterator<Item = &'a Entry>,
        threads: usize,
    ) -> Result<(), LinkageError> {
        let mut slots = Vec::new();
        let mut refused = Ok(());
        for entry in entries {
            match self.store(entry) {
                Ok(slot) => slots.push(slot),
                Err(error) => {
                    refused = Err(error);
                    break;
                }
            }
        }
        let Self { schema, plan, symbols, records, blocks, .. } = self;
        blocks.insert_all(Ground { fields: schema.fields.len(), plan, symbols, records }, &slots, threads);
        refused
    }

    /// Puts a record into a slot, not yet under its keys.
    fn store(&mut self, entry: &Entry) -> Result<u32, LinkageError> {
        let stored = Stored::of(entry, &self.schema, &mut self.symbols)?;
        self.remove(entry.id);
        let slot = self.free.pop().unwrap_or_else(|| {
            self.records.push(None);
            self.alone.push(0);
            u32::try_from(self.records.len() - 1).unwrap_or(u32::MAX)
        });
        self.count(&stored, true);
        self.alone[slot as usize] = match stored.alone.sources() {
            [] => 0,
            [only] => only.0.saturating_add(1).min(SEVERAL - 1),
            _ => SEVERAL,
        };
        self.records[slot as usize] = Some(stored);
        self.by_id.insert(entry.id, slot);
        Ok(slot)
    }

    /// Takes a record out. False when there is none of that id.
    pub fn remove(&mut self, id: RecordId) -> bool {
        let Some(slot) = self.by_id.remove(&id) else { return false };
        let Self { schema, plan, symbols, records, blocks, .. } = self;
        blocks.remove(Ground { fields: schema.fields.len(), plan, symbols, records }, slot);
        if let Some(stored) = self.records[slot as usize].take() {
            self.count(&stored, false);
        }
        self.free.push(slot);
        true
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// Whether there is a record of that id.
    pub fn contains(&self, id: RecordId) -> bool {
        self.by_id.contains_key(&id)
    }

    /// What is compared.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The records that some pass brings together with this one, by id. Records of the same exclusive source are left out.
    ///
    /// # Errors
    /// [`LinkageError::UnknownRecord`].
    pub fn candidates(&self, id: RecordId) -> Result<Vec<RecordId>, LinkageError> {
        let slot = self.slot(id)?;
        let mut found = Vec::new();
        self.gather(slot, 0, &mut Scratch::default(), &mut found);
        Ok(found.iter().filter_map(|(other, _)| self.record(*other)).map(|record| record.id).collect())
    }

    /// What blocking did: keys that too many records share were refined or set aside.
    pub fn blocking(&self) -> Vec<PassReport> {
        self.blocks.report(&self.schema)
    }

    pub(crate) fn slot(&self, id: RecordId) -> Result<u32, LinkageError> {
        self.by_id.get(&id).copied().ok_or(LinkageError::UnknownRecord(id))
    }

    /// One more than the highest slot in use.
    pub(crate) fn slots(&self) -> u32 {
        u32::try_from(self.records.len()).unwrap_or(u32::MAX)
    }

    pub(crate) fn record(&self, slot: u32) -> Option<&Stored> {
        self.records[slot as usize].as_ref()
    }

    pub(crate) fn symbols(&self) -> &Symbols {
        &self.symbols
    }

    /// Candidates of a slot, each once in the order of their slots, with the passes that found it as bits; only those of slots from
    /// `from` on.
    pub(crate) fn gather(&self, slot: u32, from: u32, scratch: &mut Scratch, out: &mut Vec<(u32, u32)>) {
        out.clear();
        let Some(record) = self.record(slot) else { return };
        let alone = self.alone[slot as usize];
        let ground = self.ground();
        self.blocks.candidates(ground, slot, from, scratch, |other, pass| {
            // A quick look, before the record of the other comes into the cache.
            if alone == 0 || self.alone[other as usize] != alone {
                out.push((other, 1 << pass.min(31)));
            }
        });
        out.sort_unstable();
        out.dedup_by(|later, first| {
            let same = later.0 == first.0;
            first.1 |= if same { later.1 } else { 0 };
            same
        });
        let several = alone == SEVERAL;
        out.retain(|(other, _)| {
            *other != slot
                && (!several && self.alone[*other as usize] != SEVERAL
                    || self.record(*other).is_some_and(|other| !Self::same_source(record, other)))
        });
    }

    /// The same among the records of the exclusive sources that this one is of: who may stand twice in one registry.
    pub(crate) fn gather_within(&self, slot: u32, from: u32, scratch: &mut Scratch, out: &mut Vec<(u32, u32)>) {
        out.clear();
        let Some(record) = self.record(slot) else { return };
        let alone = self.alone[slot as usize];
        if alone == 0 {
            return;
        }
        self.blocks.candidates(self.ground(), slot, from, scratch, |other, pass| {
            let of = self.alone[other as usize];
            if of == alone || of == SEVERAL || (alone == SEVERAL && of != 0) {
                out.push((other, 1 << pass.min(31)));
            }
        });
        out.sort_unstable();
        out.dedup_by_key(|(other, _)| *other);
        out.retain(|(other, _)| {
            *other != slot && self.record(*other).is_some_and(|other| Self::same_source(record, other))
        });
    }

    fn ground(&self) -> Ground<'_> {
        Ground { fields: self.schema.fields.len(), plan: &self.plan, symbols: &self.symbols, records: &self.records }
    }

    /// Whether both come from one source that holds nobody twice.
    pub(crate) fn same_source(one: &Stored, other: &Stored) -> bool {
        one.alone.meets(&other.alone)
    }

    pub(crate) fn compare(&self, one: &Stored, other: &Stored) -> Outcome {
        compare::compare(&self.schema, &self.symbols, one, other)
    }

    /// How many records have this value of a comparison, and how many have any.
    pub(crate) fn frequency(&self, comparison: usize, value: Symbol) -> (u32, u32) {
        (self.counts[comparison].get(value as usize).copied().unwrap_or(0), self.filled[comparison])
    }

    /// How many pairs of records share a value of a comparison; `None` for kinds whose values are not counted.
    pub(crate) fn shared_pairs(&self, comparison: usize) -> Option<SharedPairs> {
        if self.counts[comparison].is_empty() {
            return None;
        }
        let half = |count: u32| f64::from(count) * (f64::from(count) - 1.0).max(0.0) / 2.0;
        let filled = f64::from(self.filled[comparison]) / self.len().max(1) as f64;
        Some(SharedPairs {
            sharing: self.counts[comparison].iter().map(|count| half(*count)).sum(),
            pairs: half(self.filled[comparison]),
            filled: (filled * filled).min(1.0),
        })
    }

    fn count(&mut self, stored: &Stored, more: bool) {
        let fields = self.schema.fields.len();
        let mut comparison = 0;
        for field in 0..fields {
            let kind = self.schema.fields[field].kind;
            let cells = stored.cells(field, fields);
            match kind {
                Kind::Name => {
                    for name in record::names(cells) {
                        self.count_value(comparison, name.given, more);
                        self.count_value(comparison + 1, name.family, more);
                    }
                }
                Kind::Id => record::identifiers(cells).for_each(|(_, value)| self.count_value(comparison, value, more)),
                Kind::Place => {
                    record::paths(cells).for_each(|path| self.count_value(comparison, path[path.len() - 1], more));
                }
                Kind::Text | Kind::Code | Kind::Phone => {
                    cells.iter().for_each(|value| self.count_value(comparison, *value, more));
                }
                Kind::Date { .. } | Kind::Sex => {}
            }
            comparison += kind.comparisons();
        }
    }

    fn count_value(&mut self, comparison: usize, value: Symbol, more: bool) {
        if value == 0 {
            return;
        }
        let counts = &mut self.counts[comparison];
        if counts.len() <= value as usize {
            counts.resize(self.symbols.len().max(value as usize + 1), 0);
        }
        let step = |count: u32| if more { count + 1 } else { count.saturating_sub(1) };
        counts[value as usize] = step(counts[value as usize]);
        self.filled[comparison] = step(self.filled[comparison]);
    }
}
