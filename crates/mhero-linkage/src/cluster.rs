//! From pairs to people, without chains: A like B and B like C does not make A and C one person.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::{
    LinkageError,
    entry::RecordId,
    index::Index,
    judge::Judge,
    model::Model,
    rules::{Because, Decision, Judged, Rules, Told},
};

/// Who is one person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clusters {
    /// The records of each person who has several, in the order of their ids.
    pub groups: Vec<Vec<RecordId>>,
    /// Links that were not made, because a guard held them back: for somebody to look at.
    pub cut: Vec<Cut>,
}

/// A link that was not made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    /// The link.
    pub pair: Judged,
    /// What held it back.
    pub guard: Guard,
}

/// What holds a link back although the pair alone is one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Guard {
    /// One person would have two records of a source that holds nobody twice.
    SameSource,
    /// Two of the records were said to be two people, or are unlike each other.
    Unlike,
    /// More records than one person has.
    TooMany,
}

impl Guard {
    /// The name in Fluent keys: `linkage-guard-too-many`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::SameSource => "same-source",
            Self::Unlike => "unlike",
            Self::TooMany => "too-many",
        }
    }
}

/// Joins linked pairs to people: what was told first, then identifiers, then the heaviest link. A link is left out where a guard holds
/// it back, so the weakest link of a chain is the one that is cut: in every group each pair is at least worth a look
/// ([`Rules::low`]), and no source that holds nobody twice comes twice.
///
/// # Errors
/// [`LinkageError::OtherModel`]. Pairs of records that are no longer in the index are passed over.
pub fn clusters(
    index: &Index,
    model: &Model,
    rules: &Rules,
    told: &Told,
    pairs: &[Judged],
) -> Result<Clusters, LinkageError> {
    let judge = Judge::new(index, model, rules, told)?;
    let mut links: Vec<&Judged> = pairs.iter().filter(|pair| pair.decision == Decision::Link).collect();
    let rank = |pair: &Judged| match pair.because {
        Because::Told => 0,
        Because::Identifier => 1,
        _ => 2,
    };
    links.sort_by(|one, other| {
        let by_weight = other.weight.total_cmp(&one.weight);
        rank(one).cmp(&rank(other)).then(by_weight).then((one.left, one.right).cmp(&(other.left, other.right)))
    });
    let mut groups = Groups::default();
    let mut cut = Vec::new();
    for pair in links {
        let (Ok(left), Ok(right)) = (index.slot(pair.left), index.slot(pair.right)) else { continue };
        let (one, other) = (groups.of(left), groups.of(right));
        if one == other {
            continue;
        }
        match guard(index, &judge, rules, &groups.members[one], &groups.members[other], (left, right)) {
            Some(guard) => cut.push(Cut { pair: *pair, guard }),
            None => groups.join(one, other),
        }
    }
    Ok(Clusters { groups: groups.finish(index), cut })
}

/// What speaks against making one group of two.
fn guard(
    index: &Index,
    judge: &Judge<'_>,
    rules: &Rules,
    one: &[u32],
    other: &[u32],
    linked: (u32, u32),
) -> Option<Guard> {
    if one.len() + other.len() > rules.cluster_max {
        return Some(Guard::TooMany);
    }
    for left in one {
        for right in other {
            let (Some(a), Some(b)) = (index.record(*left), index.record(*right)) else { continue };
            let pair = (*left, *right) == linked || (*right, *left) == linked;
            if pair {
                continue;
            }
            if Index::same_source(a, b) {
                return Some(Guard::SameSource);
            }
            if judge.judge(a, b).decision == Decision::Apart {
                return Some(Guard::Unlike);
            }
        }
    }
    None
}

/// Union-find with the members at hand.
#[derive(Default)]
struct Groups {
    /// Slot to group.
    group: HashMap<u32, usize>,
    members: Vec<Vec<u32>>,
}

impl Groups {
    fn of(&mut self, slot: u32) -> usize {
        *self.group.entry(slot).or_insert_with(|| {
            self.members.push(vec![slot]);
            self.members.len() - 1
        })
    }

    /// The smaller group goes into the larger.
    fn join(&mut self, one: usize, other: usize) {
        let (from, into) =
            if self.members[one].len() < self.members[other].len() { (one, other) } else { (other, one) };
        let moved = std::mem::take(&mut self.members[from]);
        for slot in &moved {
            self.group.insert(*slot, into);
        }
        self.members[into].extend(moved);
    }

    fn finish(self, index: &Index) -> Vec<Vec<RecordId>> {
        let ids = |slots: Vec<u32>| {
            let mut ids: Vec<RecordId> = slots.into_iter().filter_map(|slot| Some(index.record(slot)?.id)).collect();
            ids.sort_unstable();
            ids
        };
        let mut groups: Vec<_> = self.members.into_iter().filter(|slots| slots.len() > 1).map(ids).collect();
        groups.sort_unstable();
        groups
    }
}
