//! Groups, and the queries that fill some of them.

use std::sync::{Arc, OnceLock};

use mhero_query::ContactQuery;
use uuid::Uuid;

use super::{Assets, GroupSource};
use crate::{
    contact::{
        Contact,
        asking::{Asked, Reading},
    },
    refs::GroupRef,
};

/// In how many environments a query is kept read. They differ by the order of day and month, and by country.
const READINGS_KEPT: usize = 4;

/// A group.
#[derive(Debug)]
pub struct Group {
    source: GroupSource,
    /// The query as the first environments read it; `None` inside where it can't be read.
    parsed: [OnceLock<(Reading, Option<ContactQuery>)>; READINGS_KEPT],
}

impl Group {
    pub(super) fn new(source: GroupSource) -> Self {
        Self { source, parsed: Default::default() }
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
    pub(crate) fn wants(&self, contact: &Contact, assets: &Assets, asked: &Asked<'_>) -> Option<bool> {
        if !self.is_smart() {
            return None;
        }
        for kept in &self.parsed {
            let (read, query) = kept.get_or_init(|| (asked.reading().clone(), asked.parse(self.query(), assets)));
            if read == asked.reading() {
                return Some(asked.matches(query.as_ref()?, contact, assets));
            }
        }
        Some(asked.matches(&asked.parse(self.query(), assets)?, contact, assets))
    }
}
