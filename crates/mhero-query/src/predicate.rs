//! The neutral form of an audience: what the store turns into SQL and [`crate::evaluate`] tries on one person.
//!
//! Names are gone: leaves carry ids, folded texts (see [`crate::fold`]) and UTC microseconds. Only people of the registry
//! are asked; strangers and people who have left are the store's to leave out.

use std::{cmp::Ordering, fmt};

use mhero_core::{BroadcastId, CadreId, FieldId, FlowId, GroupId, Lang, PersonId, PlaceId, SourceId, TitleId};

/// A boolean tree over [`Leaf`]. A leaf about something that a person lacks is false, so its [`Predicate::Not`] is true.
#[derive(Clone, Debug, PartialEq)]
pub enum Predicate {
    /// Everybody.
    All,
    /// Nobody.
    None,
    /// All of these hold. Never empty, never directly inside another `And`.
    And(Vec<Self>),
    /// At least one of these holds. Never empty, never directly inside another `Or`.
    Or(Vec<Self>),
    /// This does not hold. For a thing that a person may have many of, it says that none of them is like that.
    Not(Box<Self>),
    /// One test.
    Is(Leaf),
}

/// One test of one person. Of many values (phones, positions, groups, trainings) it is enough that one fits.
#[derive(Clone, PartialEq)]
pub enum Leaf {
    /// The person with this id.
    Person(PersonId),
    /// Each token is the beginning of some word of the name. Folded, at most [`crate::NAME_TOKEN_CHARS`] characters each,
    /// never empty. With the name kept as [`crate::name_key`] it is `' ' || key LIKE '% ' || token || '%'` for each token.
    NameTokens {
        /// Beginnings of words.
        tokens: Vec<String>,
    },
    /// The whole name, as [`crate::name_key`] makes it.
    NameEquals(String),
    /// There is a name at all.
    HasName,
    /// The preferred language.
    Language(Lang),
    /// A preferred language is known.
    HasLanguage,
    /// A number in E.164 with its plus sign, or a short code of digits.
    Phone(String),
    /// A number that contains these digits; three at least, no plus sign.
    PhoneContains(String),
    /// A number that is valid: one that a message can go to.
    HasPhone,
    /// An address other than a phone number, of one scheme or of any; of any, phone numbers count too.
    Urn {
        /// The scheme; never `tel`.
        scheme: Option<String>,
        /// What its path must be like.
        test: UrnTest,
    },
    /// Whether somebody has asked that nothing be sent any more: there is a valid number that stopped everything, and none
    /// that has not.
    Stopped(bool),
    /// In one of these flows now, or at any time.
    Flow {
        /// Flows, one of which is enough.
        which: Vec<FlowId>,
        /// Now or ever.
        when: FlowTime,
    },
    /// The same of any flow at all.
    AnyFlow {
        /// Now or ever.
        when: FlowTime,
    },
    /// Got a session from the start of a flow that bears this number.
    Start {
        /// The number of the start.
        number: i64,
        /// Only those who have answered in it.
        replied: bool,
    },
    /// There is a number of which evidence says this: `wrong`, `invalid`, `failing`, `never`, `tried`, `works`, `verified`.
    NumberHealth(String),
    /// Somebody is on leave, or is not: routine messages wait for those who are.
    OnLeave(bool),
    /// The number of open tickets, which are threads of the inbox, compares so.
    Tickets(Comparison, f64),
    /// Member of one of these groups. Groups by query are expanded by the application or kept as members by the store.
    Group(Vec<GroupId>),
    /// Member of any group.
    AnyGroup,
    /// A current position with one of these cadres.
    Cadre(Vec<CadreId>),
    /// A current position with any cadre.
    AnyCadre,
    /// A current position with one of these job titles.
    Job(Vec<TitleId>),
    /// A current position with any job title.
    AnyJob,
    /// A current position exactly at one of these facilities.
    Facility(Vec<PlaceId>),
    /// A current position at any facility.
    AnyFacility,
    /// A current position at one of these places or anywhere below them.
    PlaceUnder(Vec<PlaceId>),
    /// A current position at any place.
    AnyPlace,
    /// A course attended, at any time (`when` unbounded on both sides) or ended within `when`.
    Training {
        /// Codes and names of the course, each folded; one must equal the folded code or name of the attended course.
        courses: Vec<String>,
        /// When it ended, or began where no end is known. Unbounded: a training without any date counts too.
        when: InstantRange,
    },
    /// Any course attended.
    AnyTraining,
    /// The value of a field.
    Field {
        /// Which field.
        field: FieldId,
        /// What it must be like.
        test: FieldTest,
    },
    /// What became of one of these broadcasts for the person.
    Broadcast {
        /// Broadcasts, one of which is enough.
        which: Vec<BroadcastId>,
        /// How far it must have come.
        how: Reached,
    },
    /// The same of any broadcast at all.
    AnyBroadcast {
        /// How far it must have come.
        how: Reached,
    },
    /// The last message to the person. Unbounded on both sides: there has been one.
    LastSent(InstantRange),
    /// The last message from the person. Unbounded on both sides: there has been one.
    LastHeard(InstantRange),
    /// When the person came into the registry.
    CreatedOn(InstantRange),
    /// `female`, `male`, `other` or `unknown`.
    Sex(String),
    /// The sex is known.
    HasSex,
    /// At least one record of the person comes from this source.
    Source(SourceId),
}

/// What the path of an address must be like.
#[derive(Clone, PartialEq, Eq)]
pub enum UrnTest {
    /// One of these spellings.
    Is(Vec<String>),
    /// It contains this, which is in small letters, whatever its own case.
    Contains(String),
    /// There is one.
    Any,
}

/// When somebody is in a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FlowTime {
    /// A run of the flow has not ended yet.
    Now,
    /// There is or was a run of the flow.
    Ever,
}

/// Without the path, which may be a phone number.
impl fmt::Debug for UrnTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Is(_) => "Is(…)",
            Self::Contains(_) => "Contains(…)",
            Self::Any => "Any",
        })
    }
}

/// What a field must be like.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldTest {
    /// The text, folded by [`crate::fold`], equals this.
    TextEquals(String),
    /// The number compares so.
    NumberCmp(Comparison, f64),
    /// The instant lies within. A day is the instant at which it begins in the installation's zone.
    InstantRange(InstantRange),
    /// The place is one of these or lies below them.
    PlaceUnder(Vec<PlaceId>),
    /// There is a value.
    Present,
}

/// How the value of a person compares with the one in the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `=`
    Equal,
    /// `>=`
    GreaterOrEqual,
    /// `>`
    Greater,
}

impl Comparison {
    /// The sign in SQL and in the query language.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Equal => "=",
            Self::GreaterOrEqual => ">=",
            Self::Greater => ">",
        }
    }

    /// Whether an order of left and right is one that compares so.
    pub const fn orders(self, order: Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Equal => order.is_eq(),
            Self::GreaterOrEqual => order.is_ge(),
            Self::Greater => order.is_gt(),
        }
    }

    /// Whether `left` compares so with `right`.
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Equal => left == right,
            Self::GreaterOrEqual => left >= right,
            Self::Greater => left > right,
        }
    }
}

/// A half-open stretch of time, `from <= t < until`, in UTC microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct InstantRange {
    /// First microsecond that counts; unbounded when `None`.
    pub from: Option<i64>,
    /// First microsecond that no longer counts; unbounded when `None`.
    pub until: Option<i64>,
}

impl InstantRange {
    /// All of time.
    pub const ALWAYS: Self = Self { from: None, until: None };

    /// Whether an instant lies within.
    pub fn contains(self, micros: i64) -> bool {
        self.from.is_none_or(|from| micros >= from) && self.until.is_none_or(|until| micros < until)
    }

    /// Whether neither side is bounded.
    pub const fn is_unbounded(self) -> bool {
        self.from.is_none() && self.until.is_none()
    }
}

/// How far a broadcast has come with one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reached {
    /// The carrier took at least one message of it (also when a report said more since).
    Sent,
    /// It was sent and nobody reported that it failed, or nobody knows whether it was sent.
    Got,
    /// The phone reported that it has it.
    Delivered,
    /// The person wrote in the conversation of the broadcast.
    Answered,
}

impl Predicate {
    /// The opposite; a doubled negation falls away.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "reads as `predicate.not()` and needs no operator")]
    pub fn not(self) -> Self {
        match self {
            Self::All => Self::None,
            Self::None => Self::All,
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// All of these together, flattened: no nested `And`, nothing that says nothing.
    pub fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Self::All => {}
                Self::None => return Self::None,
                Self::And(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match flat.len() {
            0 => Self::All,
            1 => flat.remove(0),
            _ => Self::And(flat),
        }
    }

    /// Any of these, flattened likewise.
    pub fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Self::None => {}
                Self::All => return Self::All,
                Self::Or(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match flat.len() {
            0 => Self::None,
            1 => flat.remove(0),
            _ => Self::Or(flat),
        }
    }
}

/// All but phone numbers.
impl fmt::Debug for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, asked): (&str, &dyn fmt::Debug) = match self {
            Self::Person(asked) => ("Person", asked),
            Self::NameTokens { tokens } => ("NameTokens", tokens),
            Self::NameEquals(asked) => ("NameEquals", asked),
            Self::HasName => ("HasName", &()),
            Self::Language(asked) => ("Language", asked),
            Self::HasLanguage => ("HasLanguage", &()),
            Self::Phone(_) => ("Phone", &"…"),
            Self::PhoneContains(_) => ("PhoneContains", &"…"),
            Self::HasPhone => ("HasPhone", &()),
            Self::Urn { scheme, test } => return write!(f, "Urn({scheme:?}, {test:?})"),
            Self::Stopped(asked) => ("Stopped", asked),
            Self::NumberHealth(asked) => ("NumberHealth", asked),
            Self::OnLeave(asked) => ("OnLeave", asked),
            Self::Flow { which, when } => return write!(f, "Flow({which:?}, {when:?})"),
            Self::AnyFlow { when } => ("AnyFlow", when),
            Self::Start { number, replied } => return write!(f, "Start({number}, {replied})"),
            Self::Tickets(comparison, count) => return write!(f, "Tickets({comparison:?}, {count})"),
            Self::Group(asked) => ("Group", asked),
            Self::AnyGroup => ("AnyGroup", &()),
            Self::Cadre(asked) => ("Cadre", asked),
            Self::AnyCadre => ("AnyCadre", &()),
            Self::Job(asked) => ("Job", asked),
            Self::AnyJob => ("AnyJob", &()),
            Self::Facility(asked) => ("Facility", asked),
            Self::AnyFacility => ("AnyFacility", &()),
            Self::PlaceUnder(asked) => ("PlaceUnder", asked),
            Self::AnyPlace => ("AnyPlace", &()),
            Self::Training { courses, when } => return write!(f, "Training({courses:?}, {when:?})"),
            Self::AnyTraining => ("AnyTraining", &()),
            Self::Field { field, test } => return write!(f, "Field({field:?}, {test:?})"),
            Self::Broadcast { which, how } => return write!(f, "Broadcast({which:?}, {how:?})"),
            Self::AnyBroadcast { how } => ("AnyBroadcast", how),
            Self::LastSent(asked) => ("LastSent", asked),
            Self::LastHeard(asked) => ("LastHeard", asked),
            Self::CreatedOn(asked) => ("CreatedOn", asked),
            Self::Sex(asked) => ("Sex", asked),
            Self::HasSex => ("HasSex", &()),
            Self::Source(asked) => ("Source", asked),
        };
        f.debug_tuple(name).field(asked).finish()
    }
}

impl From<Leaf> for Predicate {
    fn from(leaf: Leaf) -> Self {
        Self::Is(leaf)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_stay_flat() {
        let leaf = || Predicate::Is(Leaf::HasPhone);
        assert_eq!(Predicate::all([]), Predicate::All);
        assert_eq!(Predicate::any([]), Predicate::None);
        assert_eq!(Predicate::all([leaf(), Predicate::All]), leaf());
        assert_eq!(Predicate::any([leaf(), Predicate::All]), Predicate::All);
        assert_eq!(
            Predicate::all([Predicate::all([leaf(), leaf()]), leaf()]),
            Predicate::And(vec![leaf(), leaf(), leaf()])
        );
        assert_eq!(leaf().not().not(), leaf());
    }

    #[test]
    fn a_range_is_half_open() {
        let range = InstantRange { from: Some(10), until: Some(20) };
        assert!(range.contains(10) && range.contains(19));
        assert!(!range.contains(9) && !range.contains(20));
        assert!(InstantRange::ALWAYS.contains(i64::MIN) && InstantRange::ALWAYS.is_unbounded());
    }
}
