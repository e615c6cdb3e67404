//! Who counts as whom, in both directions.

use std::collections::HashMap;

use mhero_core::PersonId;

/// People who are joined to others.
#[derive(Clone, Debug, Default)]
pub(crate) struct Aliases {
    golden: HashMap<PersonId, PersonId>,
    joined: HashMap<PersonId, Vec<PersonId>>,
}

impl Aliases {
    /// From each joined person and the one they count as.
    pub(crate) fn new(pairs: impl IntoIterator<Item = (PersonId, PersonId)>) -> Self {
        let mut aliases = Self::default();
        for (joined, golden) in pairs {
            aliases.put(joined, golden);
        }
        aliases
    }

    /// As whom somebody counts: the one they are joined to, else themself.
    pub(crate) fn golden(&self, person: PersonId) -> PersonId {
        self.golden.get(&person).copied().unwrap_or(person)
    }

    /// Who counts as a person, beside themself.
    pub(crate) fn joined_to(&self, person: PersonId) -> &[PersonId] {
        self.joined.get(&person).map_or(&[], Vec::as_slice)
    }

    /// Makes somebody count as another.
    pub(crate) fn put(&mut self, joined: PersonId, golden: PersonId) {
        self.remove(joined);
        self.golden.insert(joined, golden);
        self.joined.entry(golden).or_default().push(joined);
    }

    /// Makes somebody count as themself again.
    pub(crate) fn remove(&mut self, joined: PersonId) {
        if let Some(golden) = self.golden.remove(&joined)
            && let Some(others) = self.joined.get_mut(&golden)
        {
            others.retain(|other| *other != joined);
        }
    }
}
