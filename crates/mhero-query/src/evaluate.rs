//! A predicate tried on one person. The store answers the same questions by SQL; this is what its answers are tested against.

use mhero_core::{BroadcastId, CadreId, FieldId, FlowId, GroupId, Lang, PersonId, PlaceId, SourceId, TitleId, Urn};

use crate::{FieldTest, FlowTime, Leaf, Predicate, Reached, UrnTest, fold, name_key};

/// One person, as far as the language can ask.
pub trait Subject {
    /// The id.
    fn person(&self) -> PersonId;
    /// The name as shown; empty when there is none.
    fn name(&self) -> &str;
    /// The preferred language.
    fn language(&self) -> Option<Lang>;
    /// Valid numbers in E.164.
    fn phones(&self) -> &[String];
    /// Addresses other than phone numbers.
    fn addresses(&self) -> &[Urn];
    /// Whether there is a number that stopped everything, and no valid one that has not.
    fn has_stopped(&self) -> bool;
    /// Flows that the person is in now, or has ever been in.
    fn flows(&self, when: FlowTime) -> &[FlowId];
    /// Numbers of the starts of flows in which the person has a session, or has answered.
    fn starts(&self, replied: bool) -> &[i64];
    /// What evidence says of each number, in the words of [`Leaf::NumberHealth`].
    fn number_health(&self) -> &[String];
    /// Whether the person is on leave now.
    fn is_on_leave(&self) -> bool {
        false
    }
    /// How many tickets are open.
    fn open_tickets(&self) -> usize;
    /// Groups.
    fn groups(&self) -> &[GroupId];
    /// Current positions.
    fn positions(&self) -> &[Position];
    /// Whether a place lies below another, or is it.
    fn is_under(&self, place: PlaceId, above: PlaceId) -> bool;
    /// Courses attended.
    fn training(&self) -> &[Attended];
    /// The value of a field.
    fn field(&self, field: FieldId) -> Option<&FieldValue>;
    /// Broadcasts that came so far with the person.
    fn broadcasts(&self, how: Reached) -> &[BroadcastId];
    /// When the last message went to the person, in UTC microseconds.
    fn last_sent(&self) -> Option<i64>;
    /// When the last message came from the person, in UTC microseconds.
    fn last_heard(&self) -> Option<i64>;
    /// When the person came into the registry, in UTC microseconds.
    fn created_on(&self) -> i64;
    /// `female`, `male`, `other`, `unknown`.
    fn sex(&self) -> Option<&str>;
    /// Sources that the person has records of.
    fn sources(&self) -> &[SourceId];
}

/// A current position.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Position {
    /// The cadre, also through the job code system.
    pub cadre: Option<CadreId>,
    /// The job title.
    pub job: Option<TitleId>,
    /// The place.
    pub place: Option<PlaceId>,
    /// Whether the place is a facility.
    pub is_facility: bool,
}

/// A course attended.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attended {
    /// Its code, or its name where it has none.
    pub course: String,
    /// When it ended, or began where no end is known, in UTC microseconds.
    pub when: Option<i64>,
}

/// The value of a field in all its readings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldValue {
    /// As text.
    pub text: String,
    /// As a number.
    pub number: Option<f64>,
    /// As an instant, in UTC microseconds.
    pub instant: Option<i64>,
    /// As a place.
    pub place: Option<PlaceId>,
}

/// Whether a person is one of those that the predicate asks for.
///
/// ```
/// use mhero_query::{Leaf, Predicate, Profile, evaluate};
/// let mary = Profile { name: "Mary Kollie".to_owned(), ..Profile::default() };
/// let named = |token: &str| Predicate::Is(Leaf::NameTokens { tokens: vec![token.to_owned()] });
/// assert!(evaluate(&named("kol"), &mary));
/// assert!(!evaluate(&named("ary"), &mary));
/// assert!(evaluate(&Predicate::Is(Leaf::HasPhone).not(), &mary));
/// ```
pub fn evaluate(predicate: &Predicate, subject: &dyn Subject) -> bool {
    match predicate {
        Predicate::All => true,
        Predicate::None => false,
        Predicate::And(parts) => parts.iter().all(|part| evaluate(part, subject)),
        Predicate::Or(parts) => parts.iter().any(|part| evaluate(part, subject)),
        Predicate::Not(part) => !evaluate(part, subject),
        Predicate::Is(leaf) => holds(leaf, subject),
    }
}

fn holds(leaf: &Leaf, subject: &dyn Subject) -> bool {
    let positions = subject.positions();
    match leaf {
        Leaf::Person(id) => subject.person() == *id,
        Leaf::NameTokens { tokens } => {
            let key = name_key(subject.name());
            tokens.iter().all(|token| key.split(' ').any(|word| word.starts_with(token.as_str())))
        }
        Leaf::NameEquals(wanted) => name_key(subject.name()) == *wanted,
        Leaf::HasName => !fold(subject.name()).is_empty(),
        Leaf::Language(lang) => subject.language() == Some(*lang),
        Leaf::HasLanguage => subject.language().is_some(),
        Leaf::Phone(number) => subject.phones().contains(number),
        Leaf::PhoneContains(digits) => subject.phones().iter().any(|number| number.contains(digits.as_str())),
        Leaf::HasPhone => !subject.phones().is_empty(),
        Leaf::Urn { scheme, test } => {
            let phones = subject.phones().iter().filter(|_| scheme.is_none()).map(String::as_str);
            let fits = |urn: &&Urn| scheme.as_deref().is_none_or(|scheme| urn.scheme() == scheme);
            phones.chain(subject.addresses().iter().filter(fits).map(Urn::path)).any(|path| test.fits(path))
        }
        Leaf::Stopped(stopped) => subject.has_stopped() == *stopped,
        Leaf::NumberHealth(word) => subject.number_health().contains(word),
        Leaf::OnLeave(is_away) => subject.is_on_leave() == *is_away,
        Leaf::Flow { which, when } => subject.flows(*when).iter().any(|flow| which.contains(flow)),
        Leaf::AnyFlow { when } => !subject.flows(*when).is_empty(),
        Leaf::Start { number, replied } => subject.starts(*replied).contains(number),
        Leaf::Tickets(comparison, count) => {
            u32::try_from(subject.open_tickets()).is_ok_and(|own| comparison.holds(f64::from(own), *count))
        }
        Leaf::Group(groups) => subject.groups().iter().any(|group| groups.contains(group)),
        Leaf::AnyGroup => !subject.groups().is_empty(),
        Leaf::Cadre(cadres) => positions.iter().filter_map(|one| one.cadre).any(|cadre| cadres.contains(&cadre)),
        Leaf::AnyCadre => positions.iter().any(|one| one.cadre.is_some()),
        Leaf::Job(jobs) => positions.iter().filter_map(|one| one.job).any(|job| jobs.contains(&job)),
        Leaf::AnyJob => positions.iter().any(|one| one.job.is_some()),
        Leaf::Facility(places) => positions.iter().filter_map(|one| one.place).any(|place| places.contains(&place)),
        Leaf::AnyFacility => positions.iter().any(|one| one.place.is_some() && one.is_facility),
        Leaf::PlaceUnder(places) => {
            positions.iter().filter_map(|one| one.place).any(|place| is_under_any(subject, place, places))
        }
        Leaf::AnyPlace => positions.iter().any(|one| one.place.is_some()),
        Leaf::Training { courses, when } => subject.training().iter().any(|attended| {
            let in_time = attended.when.map_or(when.is_unbounded(), |instant| when.contains(instant));
            in_time && courses.contains(&fold(&attended.course))
        }),
        Leaf::AnyTraining => !subject.training().is_empty(),
        Leaf::Field { field, test } => subject.field(*field).is_some_and(|value| field_holds(test, value, subject)),
        Leaf::Broadcast { which, how } => subject.broadcasts(*how).iter().any(|one| which.contains(one)),
        Leaf::AnyBroadcast { how } => !subject.broadcasts(*how).is_empty(),
        Leaf::LastSent(range) => subject.last_sent().is_some_and(|instant| range.contains(instant)),
        Leaf::LastHeard(range) => subject.last_heard().is_some_and(|instant| range.contains(instant)),
        Leaf::CreatedOn(range) => range.contains(subject.created_on()),
        Leaf::Sex(sex) => subject.sex() == Some(sex.as_str()),
        Leaf::HasSex => subject.sex().is_some(),
        Leaf::Source(source) => subject.sources().contains(source),
    }
}

impl UrnTest {
    fn fits(&self, path: &str) -> bool {
        match self {
            Self::Is(spellings) => spellings.iter().any(|one| one == path),
            Self::Contains(part) => path.to_lowercase().contains(part.as_str()),
            Self::Any => true,
        }
    }
}

fn is_under_any(subject: &dyn Subject, place: PlaceId, places: &[PlaceId]) -> bool {
    places.iter().any(|above| place == *above || subject.is_under(place, *above))
}

fn field_holds(test: &FieldTest, value: &FieldValue, subject: &dyn Subject) -> bool {
    match test {
        FieldTest::TextEquals(wanted) => fold(&value.text) == *wanted,
        FieldTest::NumberCmp(comparison, wanted) => value.number.is_some_and(|own| comparison.holds(own, *wanted)),
        FieldTest::InstantRange(range) => value.instant.is_some_and(|instant| range.contains(instant)),
        FieldTest::PlaceUnder(places) => value.place.is_some_and(|place| is_under_any(subject, place, places)),
        FieldTest::Present => true,
    }
}
