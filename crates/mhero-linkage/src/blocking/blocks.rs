//! The records under each key. A key that too many share asks for a further part, for all its records.

use std::{
    collections::{BTreeSet, HashMap, hash_map::Entry},
    ops::Bound,
    sync::{Mutex, PoisonError},
};

use super::{
    BLOCK_MAX, PassReport,
    keys::{Scratch, further, keys, order_keys},
    plan::Planned,
};
use crate::{hash::Mixed, record::Stored, schema::Schema, symbols::Symbols};

/// What the keys are made of.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    pub fields: usize,
    pub plan: &'a [Planned],
    pub symbols: &'a Symbols,
    pub records: &'a [Option<Stored>],
}

/// Records of one key, by their slots in rising order.
#[derive(Debug)]
enum Block {
    One(u32),
    Many(Vec<u32>),
    /// Its records stand under keys with one part more.
    Refined,
    /// No further part is left; this many.
    SetAside(u32),
}

/// All keys of all passes.
#[derive(Debug)]
pub struct Blocks(Vec<OfPass>);

/// The keys of one pass.
#[derive(Debug, Default)]
struct OfPass {
    map: HashMap<u64, Block, Mixed>,
    /// For a pass of neighbours: keys in order.
    ordered: BTreeSet<(u128, u32)>,
    refined: usize,
}

impl Blocks {
    pub fn new(passes: usize) -> Self {
        Self((0..passes).map(|_| OfPass::default()).collect())
    }

    /// Puts a record, which stands in its slot already, under its keys.
    pub fn insert(&mut self, ground: Ground<'_>, slot: u32) {
        let mut scratch = Scratch::default();
        for (pass, planned) in self.0.iter_mut().zip(ground.plan) {
            pass.insert(ground, planned, slot, &mut scratch);
        }
    }

    /// The same for many, pass by pass on so many threads.
    pub fn insert_all(&mut self, ground: Ground<'_>, slots: &[u32], threads: usize) {
        let left = Mutex::new(self.0.iter_mut().zip(ground.plan).collect::<Vec<_>>());
        let take = || left.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let run = || {
            let mut scratch = Scratch::default();
            while let Some((pass, planned)) = take() {
                slots.iter().for_each(|slot| pass.insert(ground, planned, *slot, &mut scratch));
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..threads.max(1) {
                scope.spawn(run);
            }
            run();
        });
    }

    /// Takes a record, which still stands in its slot, out of all keys.
    pub fn remove(&mut self, ground: Ground<'_>, slot: u32) {
        let mut scratch = Scratch::default();
        for (pass, planned) in self.0.iter_mut().zip(ground.plan) {
            pass.remove(ground, planned, slot, &mut scratch);
        }
    }

    /// Calls `found` with the slot of each record above `from` that some pass brings together with this one, and with the pass. A
    /// record may come several times, and so does the record itself.
    pub fn candidates(
        &self,
        ground: Ground<'_>,
        slot: u32,
        from: u32,
        scratch: &mut Scratch,
        mut found: impl FnMut(u32, usize),
    ) {
        for (at, (pass, planned)) in self.0.iter().zip(ground.plan).enumerate() {
            pass.candidates(ground, planned, slot, from, scratch, |other| found(other, at));
        }
    }

    /// What the passes did.
    pub fn report(&self, schema: &Schema) -> Vec<PassReport> {
        let report = |(pass, of): (&crate::schema::Pass, &OfPass)| {
            let aside = of.map.values().filter_map(|block| match block {
                Block::SetAside(count) => Some(*count as usize),
                _ => None,
            });
            let (set_aside, largest) = aside.fold((0, 0), |(count, largest), size| (count + 1, largest.max(size)));
            PassReport { pass: pass.name.clone(), refined: of.refined, set_aside, largest }
        };
        schema.passes.iter().zip(&self.0).map(report).collect()
    }
}

impl OfPass {
    fn insert(&mut self, ground: Ground<'_>, planned: &Planned, slot: u32, scratch: &mut Scratch) {
        let Some(record) = &ground.records[slot as usize] else { return };
        if planned.window.is_some() {
            order_keys(ground.fields, ground.symbols, planned.on[0], record, &mut scratch.order);
            self.ordered.extend(scratch.order.iter().map(|key| (*key, slot)));
            return;
        }
        keys(ground, planned, record, scratch);
        for at in 0..scratch.keys.len() {
            self.put(ground, planned, scratch.keys[at], 0, slot);
        }
    }

    fn put(&mut self, ground: Ground<'_>, planned: &Planned, key: u64, depth: usize, slot: u32) {
        let block = match self.map.entry(key) {
            Entry::Vacant(free) => {
                free.insert(Block::One(slot));
                return;
            }
            Entry::Occupied(taken) => taken.into_mut(),
        };
        match block {
            Block::One(first) if *first == slot => {}
            Block::One(first) => *block = Block::Many(vec![slot.min(*first), slot.max(*first)]),
            Block::Many(slots) if slots.len() < BLOCK_MAX => {
                if let Err(at) = slots.binary_search(&slot) {
                    slots.insert(at, slot);
                }
            }
            Block::Many(slots) if slots.contains(&slot) => {}
            Block::Many(slots) if depth < planned.refine.len() => {
                let mut all = std::mem::take(slots);
                all.push(slot);
                *block = Block::Refined;
                self.refined += 1;
                for slot in all {
                    self.put_further(ground, planned, key, depth, slot);
                }
            }
            Block::Many(slots) => *block = Block::SetAside(u32::try_from(slots.len() + 1).unwrap_or(u32::MAX)),
            Block::Refined => self.put_further(ground, planned, key, depth, slot),
            Block::SetAside(count) => *count += 1,
        }
    }

    fn put_further(&mut self, ground: Ground<'_>, planned: &Planned, key: u64, depth: usize, slot: u32) {
        for key in further(ground, planned, key, depth, slot) {
            self.put(ground, planned, key, depth + 1, slot);
        }
    }

    fn remove(&mut self, ground: Ground<'_>, planned: &Planned, slot: u32, scratch: &mut Scratch) {
        let Some(record) = &ground.records[slot as usize] else { return };
        if planned.window.is_some() {
            order_keys(ground.fields, ground.symbols, planned.on[0], record, &mut scratch.order);
            for key in &scratch.order {
                self.ordered.remove(&(*key, slot));
            }
            return;
        }
        keys(ground, planned, record, scratch);
        let mut left: Vec<(u64, usize)> = scratch.keys.iter().map(|key| (*key, 0)).collect();
        while let Some((key, depth)) = left.pop() {
            match self.map.get_mut(&key) {
                Some(Block::One(only)) if *only == slot => drop(self.map.remove(&key)),
                Some(Block::Many(slots)) => slots.retain(|other| *other != slot),
                Some(Block::Refined) => {
                    let keys = further(ground, planned, key, depth, slot);
                    left.extend(keys.into_iter().map(|key| (key, depth + 1)));
                }
                Some(Block::SetAside(count)) => *count = count.saturating_sub(1),
                Some(Block::One(_)) | None => {}
            }
        }
    }

    fn candidates(
        &self,
        ground: Ground<'_>,
        planned: &Planned,
        slot: u32,
        from: u32,
        scratch: &mut Scratch,
        mut found: impl FnMut(u32),
    ) {
        let Some(record) = &ground.records[slot as usize] else { return };
        if let Some(window) = planned.window {
            order_keys(ground.fields, ground.symbols, planned.on[0], record, &mut scratch.order);
            for key in &scratch.order {
                let at = (*key, slot);
                let after = self.ordered.range((Bound::Excluded(&at), Bound::Unbounded)).take(window);
                let before = self.ordered.range((Bound::Unbounded, Bound::Excluded(&at))).rev().take(window);
                after.chain(before).filter(|(_, other)| *other >= from).for_each(|(_, other)| found(*other));
            }
            return;
        }
        keys(ground, planned, record, scratch);
        let mut tell = |slots: &[u32]| {
            let later = slots.partition_point(|other| *other < from);
            slots[later..].iter().for_each(|other| found(*other));
        };
        for key in &scratch.keys {
            match self.map.get(key) {
                Some(Block::Many(slots)) => tell(slots),
                Some(Block::Refined) => self.refined_candidates(ground, planned, *key, 0, slot, &mut tell),
                Some(Block::One(_) | Block::SetAside(_)) | None => {}
            }
        }
    }

    fn refined_candidates(
        &self,
        ground: Ground<'_>,
        planned: &Planned,
        key: u64,
        depth: usize,
        slot: u32,
        tell: &mut impl FnMut(&[u32]),
    ) {
        for key in further(ground, planned, key, depth, slot) {
            match self.map.get(&key) {
                Some(Block::Many(slots)) => tell(slots),
                Some(Block::Refined) => self.refined_candidates(ground, planned, key, depth + 1, slot, tell),
                Some(Block::One(_) | Block::SetAside(_)) | None => {}
            }
        }
    }
}
