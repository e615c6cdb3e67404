//! All pairs of an index, or those of a few changed records.

use crate::{
    LinkageError,
    blocking::{PassReport, Scratch},
    entry::RecordId,
    index::Index,
    judge::Judge,
    model::Model,
    rules::{Decision, Judged, Rules, Told},
    threads,
};

/// What linking found.
#[derive(Clone, Debug, PartialEq)]
pub struct Linked {
    /// Pairs to join and pairs to look at, in the order of their ids. What stays apart is not listed.
    pub pairs: Vec<Judged>,
    /// How many pairs were compared.
    pub compared: u64,
    /// What blocking did.
    pub blocking: Vec<PassReport>,
}

/// Links all records of the index with one another.
///
/// # Errors
/// [`LinkageError::OtherModel`] when the weights belong to another schema.
pub fn link_all(
    index: &Index,
    model: &Model,
    rules: &Rules,
    told: &Told,
    threads: usize,
) -> Result<Linked, LinkageError> {
    let judge = Judge::new(index, model, rules, told)?;
    let done = threads::pieces(index.slots() as usize, threads, |range| {
        let (mut pairs, mut compared, mut found, mut scratch) = (Vec::new(), 0_u64, Vec::new(), Scratch::default());
        for slot in range.filter_map(|slot| u32::try_from(slot).ok()) {
            let Some(record) = index.record(slot) else { continue };
            // Each pair comes from both of its records; it is compared from the first.
            index.gather(slot, slot + 1, &mut scratch, &mut found);
            compared += found.len() as u64;
            let others = found.iter().filter_map(|(other, _)| index.record(*other));
            pairs.extend(others.filter_map(|other| judge.worth(record, other)));
        }
        (pairs, compared)
    });
    let compared = done.iter().map(|(_, compared)| compared).sum();
    let pairs = done.into_iter().flat_map(|(pairs, _)| pairs).collect();
    Ok(finish(index, &judge, told, pairs, compared, |_, _| true))
}

/// Links some records, which are in the index, with all others: after a sync, those that changed. Ids that are not in the index are
/// passed over.
///
/// # Errors
/// [`LinkageError::OtherModel`] when the weights belong to another schema.
pub fn link_changed(
    index: &Index,
    model: &Model,
    rules: &Rules,
    told: &Told,
    changed: &[RecordId],
) -> Result<Linked, LinkageError> {
    let judge = Judge::new(index, model, rules, told)?;
    let (mut pairs, mut compared, mut found, mut scratch) = (Vec::new(), 0_u64, Vec::new(), Scratch::default());
    for slot in changed.iter().filter_map(|id| index.slot(*id).ok()) {
        let Some(record) = index.record(slot) else { continue };
        index.gather(slot, 0, &mut scratch, &mut found);
        compared += found.len() as u64;
        let others = found.iter().filter_map(|(other, _)| index.record(*other));
        pairs.extend(others.filter_map(|other| judge.worth(record, other)));
    }
    let is_changed = |one: RecordId, other: RecordId| changed.contains(&one) || changed.contains(&other);
    Ok(finish(index, &judge, told, pairs, compared, is_changed))
}

/// Pairs of records of one exclusive source that are one person but for their source: entered twice, perhaps. They are for somebody
/// to look at, whatever their weight, and never joined by it. A registry enters few people twice and has many of one name: beside
/// the weight they need a day of birth, a number or an identifier in common. `changed` as for [`link_changed`]; `None` looks at all.
///
/// # Errors
/// [`LinkageError::OtherModel`] when the weights belong to another schema.
pub fn link_within(
    index: &Index,
    model: &Model,
    rules: &Rules,
    told: &Told,
    changed: Option<&[RecordId]>,
    threads: usize,
) -> Result<Vec<Judged>, LinkageError> {
    let rules = rules.within();
    let judge = Judge::new(index, model, &rules, told)?;
    let slots: Vec<u32> = match changed {
        Some(changed) => changed.iter().filter_map(|id| index.slot(*id).ok()).collect(),
        None => (0..index.slots()).collect(),
    };
    let done = threads::pieces(slots.len(), threads, |range| {
        let (mut pairs, mut found, mut scratch) = (Vec::new(), Vec::new(), Scratch::default());
        for slot in &slots[range] {
            let Some(record) = index.record(*slot) else { continue };
            let from = if changed.is_some() { 0 } else { *slot + 1 };
            index.gather_within(*slot, from, &mut scratch, &mut found);
            for other in found.iter().filter_map(|(other, _)| index.record(*other)) {
                pairs.extend(judge.worth(record, other).filter(|_| judge.is_anchored(record, other)));
            }
        }
        pairs
    });
    let mut pairs: Vec<Judged> = done.into_iter().flatten().collect();
    pairs.retain(|pair| pair.decision == Decision::Link);
    for pair in &mut pairs {
        pair.decision = Decision::Review;
    }
    pairs.sort_unstable_by_key(|pair| (pair.left, pair.right));
    pairs.dedup_by_key(|pair| (pair.left, pair.right));
    Ok(pairs)
}

/// Adds the pairs that people joined and no pass brought together, sorts, and leaves out what came twice.
fn finish(
    index: &Index,
    judge: &Judge<'_>,
    told: &Told,
    mut pairs: Vec<Judged>,
    compared: u64,
    of_interest: impl Fn(RecordId, RecordId) -> bool,
) -> Linked {
    for (one, other) in told.joined().filter(|(one, other)| of_interest(*one, *other)) {
        let record = |id| index.slot(id).ok().and_then(|slot| index.record(slot));
        if let (Some(one), Some(other)) = (record(one), record(other)) {
            pairs.push(judge.judge(one, other));
        }
    }
    pairs.retain(|pair| pair.decision != Decision::Apart);
    pairs.sort_unstable_by_key(|pair| (pair.left, pair.right));
    pairs.dedup_by_key(|pair| (pair.left, pair.right));
    Linked { pairs, compared, blocking: index.blocking() }
}
