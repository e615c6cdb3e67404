//! Groups, and the queries that fill some of them.

use std::sync::{Arc, OnceLock};

use mhero_query::ContactQuery;
use uuid::Uuid;

use super::{Assets, GroupSource};
use crate::{contact::Contact, contact::asking, environment::Environment, refs::GroupRef};

/// A group.
#[derive(Debug)]
pub struct Group {
    source: GroupSource,
    /// The query as one environment reads it; `None` inside where it can't be read.
    parsed: OnceLock<(asking::Reading, Option<ContactQuery>)>,
}

impl Group {
    pub(super) fn new(source: GroupSource) -> Self {
        Self { source, parsed: OnceLock::new() }
    }

    /// The id.
    pub fn uuid(&self) -> Uuid {
        self.source.uuid
    }

    /// The name.
    pub fn name(&self) -> &Arc<str> {
        &self.source.name
    }

    /// The query; empty for a group that people are put into.
    pub fn query(&self) -> &Arc<str> {
        &self.source.query
    }

    /// Whether a query decides who is in it.
    pub fn is_smart(&self) -> bool {
        !self.source.query.is_empty()
    }

    /// The group as others refer to it.
    pub fn reference(&self) -> GroupRef {
        GroupRef::new(self.source.uuid, self.source.name.clone())
    }

    /// Whether its query finds a contact. `None` when people are put into it, or the query can't be read.
    pub fn wants(&self, contact: &Contact, assets: &Assets, environment: &Environment, today: jiff::Timestamp) -> Option<bool> {
        if !self.is_smart() {
            return None;
        }
        let asked = asking::Asked::new(environment, today);
        let reading = asking::Reading::of(environment);
        let (read, query) = self.parsed.get_or_init(|| (reading.clone(), asked.parse(self.query(), assets)));
        if *read == reading {
            return Some(asked.matches(query.as_ref()?, contact, assets));
        }
        Some(asked.matches(&asked.parse(self.query(), assets)?, contact, assets))
    }
}
