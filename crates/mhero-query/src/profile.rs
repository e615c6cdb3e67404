//! A person as plain data, for tests and for whoever has one at hand.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use mhero_core::{BroadcastId, FieldId, GroupId, Lang, PersonId, PlaceId, SourceId};
use uuid::Uuid;

use crate::{
    Reached, Subject,
    evaluate::{Attended, FieldValue, Position},
};

/// A [`Subject`] whose answers stand in its fields; see there for their meaning.
#[derive(Clone, PartialEq)]
pub struct Profile {
    /// The id.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// The preferred language.
    pub language: Option<Lang>,
    /// Valid numbers in E.164.
    pub phones: Vec<String>,
    /// Groups.
    pub groups: Vec<GroupId>,
    /// Current positions.
    pub positions: Vec<Position>,
    /// Places with all places above each.
    pub above: BTreeMap<PlaceId, BTreeSet<PlaceId>>,
    /// Courses attended.
    pub training: Vec<Attended>,
    /// Fields that have a value.
    pub fields: BTreeMap<FieldId, FieldValue>,
    /// Broadcasts that were sent.
    pub sent: Vec<BroadcastId>,
    /// Broadcasts that were delivered.
    pub delivered: Vec<BroadcastId>,
    /// Broadcasts that were answered.
    pub answered: Vec<BroadcastId>,
    /// The last message out, in UTC microseconds.
    pub last_sent: Option<i64>,
    /// The last message in, in UTC microseconds.
    pub last_heard: Option<i64>,
    /// When it came into the registry, in UTC microseconds.
    pub created_on: i64,
    /// The sex.
    pub sex: Option<String>,
    /// Sources.
    pub sources: Vec<SourceId>,
}

/// The id alone: the rest is about a person.
impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Profile({})", self.person)
    }
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            person: PersonId::from_uuid(Uuid::nil()),
            name: String::new(),
            language: None,
            phones: Vec::new(),
            groups: Vec::new(),
            positions: Vec::new(),
            above: BTreeMap::new(),
            training: Vec::new(),
            fields: BTreeMap::new(),
            sent: Vec::new(),
            delivered: Vec::new(),
            answered: Vec::new(),
            last_sent: None,
            last_heard: None,
            created_on: 0,
            sex: None,
            sources: Vec::new(),
        }
    }
}

impl Subject for Profile {
    fn person(&self) -> PersonId {
        self.person
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn language(&self) -> Option<Lang> {
        self.language
    }

    fn phones(&self) -> &[String] {
        &self.phones
    }

    fn groups(&self) -> &[GroupId] {
        &self.groups
    }

    fn positions(&self) -> &[Position] {
        &self.positions
    }

    fn is_under(&self, place: PlaceId, above: PlaceId) -> bool {
        place == above || self.above.get(&place).is_some_and(|places| places.contains(&above))
    }

    fn training(&self) -> &[Attended] {
        &self.training
    }

    fn field(&self, field: FieldId) -> Option<&FieldValue> {
        self.fields.get(&field)
    }

    fn broadcasts(&self, how: Reached) -> &[BroadcastId] {
        match how {
            Reached::Sent => &self.sent,
            Reached::Delivered => &self.delivered,
            Reached::Answered => &self.answered,
        }
    }

    fn last_sent(&self) -> Option<i64> {
        self.last_sent
    }

    fn last_heard(&self) -> Option<i64> {
        self.last_heard
    }

    fn created_on(&self) -> i64 {
        self.created_on
    }

    fn sex(&self) -> Option<&str> {
        self.sex.as_deref()
    }

    fn sources(&self) -> &[SourceId] {
        &self.sources
    }
}
