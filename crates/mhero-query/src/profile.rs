//! A person as plain data, for tests and for whoever has one at hand.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use mhero_core::{BroadcastId, FieldId, FlowId, GroupId, Lang, PersonId, PlaceId, SourceId, Urn};
use uuid::Uuid;

use crate::{
    FlowTime, Reached, Subject,
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
    /// Addresses other than phone numbers.
    pub addresses: Vec<Urn>,
    /// Whether nothing may be sent any more.
    pub has_stopped: bool,
    /// What evidence says of each number.
    pub number_health: Vec<String>,
    /// Whether the person is on leave.
    pub is_on_leave: bool,
    /// Flows that the person is in.
    pub flows: Vec<FlowId>,
    /// Flows that the person is or was in.
    pub flow_history: Vec<FlowId>,
    /// Numbers of the starts in which the person has a session.
    pub starts: Vec<i64>,
    /// Numbers of the starts that the person has answered.
    pub replied_starts: Vec<i64>,
    /// Open tickets.
    pub open_tickets: usize,
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
    /// Broadcasts that they got, as far as anybody knows.
    pub got: Vec<BroadcastId>,
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
            addresses: Vec::new(),
            has_stopped: false,
            number_health: Vec::new(),
            is_on_leave: false,
            flows: Vec::new(),
            flow_history: Vec::new(),
            starts: Vec::new(),
            replied_starts: Vec::new(),
            open_tickets: 0,
            groups: Vec::new(),
            positions: Vec::new(),
            above: BTreeMap::new(),
            training: Vec::new(),
            fields: BTreeMap::new(),
            sent: Vec::new(),
            got: Vec::new(),
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

    fn addresses(&self) -> &[Urn] {
        &self.addresses
    }

    fn has_stopped(&self) -> bool {
        self.has_stopped
    }

    fn number_health(&self) -> &[String] {
        &self.number_health
    }

    fn is_on_leave(&self) -> bool {
        self.is_on_leave
    }

    fn flows(&self, when: FlowTime) -> &[FlowId] {
        match when {
            FlowTime::Now => &self.flows,
            FlowTime::Ever => &self.flow_history,
        }
    }

    fn starts(&self, replied: bool) -> &[i64] {
        if replied { &self.replied_starts } else { &self.starts }
    }

    fn open_tickets(&self) -> usize {
        self.open_tickets
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
            Reached::Got => &self.got,
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
