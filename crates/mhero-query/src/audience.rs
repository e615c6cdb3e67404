//! A checked query: every name is an id, every value has its type, and each test still knows how to be spoken of.

use std::fmt;

use mhero_core::{Lang, LangMap};

use crate::{Day, FlowTime, Leaf, Operator, Predicate, Reached, Span};

/// Who is meant. [`crate::check`] makes it, [`crate::lower`] and [`crate::sentence`] read it.
#[derive(Clone, Debug, PartialEq)]
pub struct Audience {
    pub(crate) root: Option<Branch>,
}

/// A branch or test of an [`Audience`], of the same shape as the query's tree.
#[derive(Clone, Debug, PartialEq)]
pub enum Branch {
    /// All of these.
    And(Vec<Self>),
    /// At least one of these.
    Or(Vec<Self>),
    /// One test.
    Test(Test),
}

/// One checked condition.
#[derive(Clone, PartialEq)]
pub struct Test {
    /// What is asked about.
    pub topic: Topic,
    /// How, as it was written.
    pub operator: Operator,
    /// With what.
    pub value: Value,
    /// What the store asks.
    pub leaf: Leaf,
    /// Whether the leaf must not hold.
    pub negated: bool,
    /// Where the condition stands in the text.
    pub span: Span,
}

/// Without the value, which may be a phone number.
impl fmt::Debug for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not = if self.negated { "not " } else { "" };
        write!(f, "Test({} {} …: {not}{:?})", self.topic.kind().as_str(), self.operator.sign(), self.leaf)
    }
}

/// What a test asks about.
#[derive(Clone, Debug, PartialEq)]
pub enum Topic {
    /// One person, by id.
    Person,
    /// The name.
    Name,
    /// The preferred language.
    Language,
    /// Phone numbers.
    Phone,
    /// Addresses of a scheme, by its prefix; of any scheme where there is none.
    Urn(Option<&'static str>),
    /// Whether somebody asked to be sent nothing more.
    Status,
    /// Flows.
    Flow(FlowTime),
    /// The start of a flow by its number; true for an answer in it.
    Start(bool),
    /// Open tickets.
    Tickets,
    /// What is known of numbers.
    NumberHealth,
    /// Whether somebody is on leave.
    OnLeave,
    /// Groups.
    Group,
    /// Cadres.
    Cadre,
    /// Job titles.
    Job,
    /// Facilities, exactly.
    Facility,
    /// Places with all below them.
    Place,
    /// Courses attended at any time.
    Training,
    /// When this course was attended.
    Course(LangMap),
    /// The sex.
    Sex,
    /// Where the person's record comes from.
    Source,
    /// When the person came into the registry.
    CreatedOn,
    /// The last message to the person.
    LastSent,
    /// The last message from the person.
    LastHeard,
    /// What became of a broadcast.
    Broadcast(Reached),
    /// A field, with its names.
    Field(LangMap),
}

/// What a test compares with.
#[derive(Clone, PartialEq)]
pub enum Value {
    /// Nothing: whether there is any value.
    Nothing,
    /// A text as written.
    Text(String),
    /// A number, as written and as compared.
    Number(String, f64),
    /// A day.
    Day(Day),
    /// A language.
    Language(Lang),
    /// The names of what was found.
    Names(LangMap),
    /// The names of a place, and of those above it.
    Place(LangMap, String),
}

impl Audience {
    /// Whether nothing is asked, so that everybody is meant.
    pub const fn is_everyone(&self) -> bool {
        self.root.is_none()
    }

    /// The tree; `None` for everybody.
    pub const fn root(&self) -> Option<&Branch> {
        self.root.as_ref()
    }

    /// All tests from left to right.
    pub fn tests(&self) -> Vec<&Test> {
        fn collect<'a>(branch: &'a Branch, found: &mut Vec<&'a Test>) {
            match branch {
                Branch::Test(test) => found.push(test),
                Branch::And(children) | Branch::Or(children) => {
                    children.iter().for_each(|child| collect(child, found));
                }
            }
        }
        let mut found = Vec::new();
        if let Some(root) = &self.root {
            collect(root, &mut found);
        }
        found
    }

    /// Whether members of a group may be kept by this query: not when it asks about groups itself, which could run in circles,
    /// nor about one person, nor about status and flows, since no change of these makes a flow look at groups again.
    pub fn may_define_group(&self) -> bool {
        let is_apart = |topic: &Topic| matches!(topic, Topic::Group | Topic::Person | Topic::Status | Topic::Flow(_));
        !self.tests().iter().any(|test| is_apart(&test.topic))
    }

    /// Whether the answer changes as days go by, without any change of data.
    pub fn depends_on_today(&self) -> bool {
        let changes = |test: &&Test| match &test.value {
            Value::Day(day) => day.relative.is_some(),
            _ => test.topic == Topic::OnLeave,
        };
        self.tests().iter().any(changes)
    }
}

/// The audience as the store asks it. Alternatives of one kind become one leaf with several ids.
///
/// ```
/// use mhero_query::{Directory, Environment, Leaf, PlusNumbers, Predicate, check, lower, parse};
/// let environment = Environment::new(jiff::tz::TimeZone::UTC, jiff::civil::date(2026, 5, 14), &PlusNumbers);
/// let query = parse("phone != '' AND language != fra")?;
/// let predicate = lower(&check(&query, &Directory::default(), &environment)?);
/// assert_eq!(predicate, Predicate::And(vec![
///     Predicate::Is(Leaf::HasPhone),
///     Predicate::Not(Box::new(Predicate::Is(Leaf::Language(mhero_core::Lang::FRENCH)))),
/// ]));
/// # Ok::<(), mhero_query::QueryError>(())
/// ```
pub fn lower(audience: &Audience) -> Predicate {
    audience.root.as_ref().map_or(Predicate::All, lower_branch)
}

fn lower_branch(branch: &Branch) -> Predicate {
    match branch {
        Branch::And(children) => Predicate::all(children.iter().map(lower_branch)),
        Branch::Or(children) => Predicate::any(merged(children.iter().map(lower_branch).collect())),
        Branch::Test(test) if test.negated => Predicate::from(test.leaf.clone()).not(),
        Branch::Test(test) => test.leaf.clone().into(),
    }
}

/// Alternatives with those of one kind put together, so that the store looks once for many ids.
fn merged(alternatives: Vec<Predicate>) -> Vec<Predicate> {
    let mut kept: Vec<Predicate> = Vec::new();
    for one in alternatives {
        let Predicate::Is(leaf) = &one else {
            kept.push(one);
            continue;
        };
        let joined = kept.iter_mut().any(|other| match other {
            Predicate::Is(other) => other.absorb(leaf),
            _ => false,
        });
        if !joined {
            kept.push(one);
        }
    }
    kept
}

fn extend<T: Clone + PartialEq>(ids: &mut Vec<T>, more: &[T]) -> bool {
    for id in more {
        if !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    true
}

impl Leaf {
    /// Takes another leaf of its kind into itself, so that either may hold. False when it can't.
    fn absorb(&mut self, other: &Self) -> bool {
        match (self, other) {
            (Self::Group(ids), Self::Group(more)) => extend(ids, more),
            (Self::Cadre(ids), Self::Cadre(more)) => extend(ids, more),
            (Self::Job(ids), Self::Job(more)) => extend(ids, more),
            (Self::Facility(ids), Self::Facility(more)) | (Self::PlaceUnder(ids), Self::PlaceUnder(more)) => {
                extend(ids, more)
            }
            (Self::Training { courses, when }, Self::Training { courses: more, when: same }) if when == same => {
                extend(courses, more)
            }
            (Self::Flow { which, when }, Self::Flow { which: more, when: same }) if when == same => extend(which, more),
            (Self::Broadcast { which, how }, Self::Broadcast { which: more, how: same }) if how == same => {
                extend(which, more)
            }
            _ => false,
        }
    }
}
