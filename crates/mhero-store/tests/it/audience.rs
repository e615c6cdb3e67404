//! Audiences: what the store answers is what the language means, whoever asks sees only their own places.

use std::collections::BTreeSet;

use mhero_core::{Lang, PersonId, Right, Rights, Role, Scope};
use mhero_query::{
    Comparison, FieldTest, FlowTime, InstantRange, Leaf, Predicate, Profile, Reached, UrnTest, evaluate, fold, name_key,
};
use mhero_store::{CONFIRMED_FOR_MICROS, Candidate, Store};
use proptest::{prelude::*, sample::select, strategy::ValueTree as _, test_runner::TestRunner};
use uuid::Uuid;

use crate::{
    Bench, on_both,
    population::{
        CADRES, COURSES, FAMILY, FLOWS, GIVEN, NOW, PLACES, STOPPED, TEXTS, TITLES, broadcast, cadre, field, fill,
        flow, grant, group, has_left_all, person, phone, place, source, title,
    },
};

/// Predicates that are tried on the whole population, on each engine.
const PREDICATES: usize = 400;

fn instants() -> impl Strategy<Value = InstantRange> {
    (proptest::option::of(0..2_000i64), proptest::option::of(0..2_000i64))
        .prop_map(|(from, until)| InstantRange { from, until })
}

fn reached() -> impl Strategy<Value = Reached> {
    select(&[Reached::Sent, Reached::Got, Reached::Delivered, Reached::Answered][..])
}

fn times() -> impl Strategy<Value = FlowTime> {
    select(&[FlowTime::Now, FlowTime::Ever][..])
}

fn signs() -> impl Strategy<Value = Comparison> {
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};
    select(&[Less, LessOrEqual, Equal, GreaterOrEqual, Greater][..])
}

fn schemes() -> impl Strategy<Value = String> {
    select(&["telegram", "twitter", "whatsapp", "viber"][..]).prop_map(str::to_owned)
}

fn tests_of_paths() -> impl Strategy<Value = UrnTest> {
    let path = select(&["1234", "ewok_5%", "BR.Abc1", "+231770000002", "nobody"][..]).prop_map(str::to_owned);
    let part = select(&["123", "_5%", "k%5", "br.abc", "7700", "\\"][..]).prop_map(str::to_owned);
    prop_oneof![
        proptest::collection::vec(path, 1..3).prop_map(UrnTest::Is),
        part.prop_map(UrnTest::Contains),
        Just(UrnTest::Any),
    ]
}

/// Every state of a number.
const NUMBER_STATES: &[&str] = &["wrong", "invalid", "failing", "never", "tried", "works", "verified"];

fn some_of<T: std::fmt::Debug + Clone>(count: u64, make: fn(u64) -> T) -> impl Strategy<Value = Vec<T>> {
    proptest::collection::vec((0..count).prop_map(make), 1..4)
}

fn tests_of_fields() -> impl Strategy<Value = FieldTest> {
    prop_oneof![
        select(TEXTS).prop_map(|text| FieldTest::TextEquals(fold(text))),
        (signs(), 0..5u8).prop_map(|(sign, half)| FieldTest::NumberCmp(sign, f64::from(half) / 2.0)),
        instants().prop_map(FieldTest::InstantRange),
        some_of(PLACES, place).prop_map(FieldTest::PlaceUnder),
        Just(FieldTest::Present),
    ]
}

fn leaves_about_the_person() -> impl Strategy<Value = Leaf> {
    let token = select(&["m", "mar", "noelle", "kol", "o'sh", "ola", "zz"][..]).prop_map(str::to_owned);
    let name = (select(GIVEN), select(FAMILY)).prop_map(|(given, family)| format!("{given} {family}"));
    prop_oneof![
        (0..40u64).prop_map(|number| Leaf::Person(person(number))),
        proptest::collection::vec(token, 1..3).prop_map(|tokens| Leaf::NameTokens { tokens }),
        name.prop_map(|name| Leaf::NameEquals(name_key(&name))),
        Just(Leaf::HasName),
        select(&[Lang::ENGLISH, Lang::FRENCH][..]).prop_map(Leaf::Language),
        Just(Leaf::HasLanguage),
        (0..20u64).prop_map(|number| Leaf::Phone(phone(number))),
        (0..20u64).prop_map(|number| Leaf::PhoneContains(format!("{number:03}"))),
        Just(Leaf::HasPhone),
        instants().prop_map(Leaf::LastSent),
        instants().prop_map(Leaf::LastHeard),
        instants().prop_map(Leaf::CreatedOn),
        select(&["female", "other"][..]).prop_map(|sex| Leaf::Sex(sex.to_owned())),
        Just(Leaf::HasSex),
        (0..2u64).prop_map(|number| Leaf::Source(source(number))),
        any::<bool>().prop_map(Leaf::Stopped),
        any::<bool>().prop_map(Leaf::OnLeave),
        select(NUMBER_STATES).prop_map(|word| Leaf::NumberHealth(word.to_owned())),
        (proptest::option::of(schemes()), tests_of_paths()).prop_map(|(scheme, test)| Leaf::Urn { scheme, test }),
    ]
}

fn leaves_about_work() -> impl Strategy<Value = Leaf> {
    prop_oneof![
        some_of(3, group).prop_map(Leaf::Group),
        Just(Leaf::AnyGroup),
        some_of(CADRES, cadre).prop_map(Leaf::Cadre),
        Just(Leaf::AnyCadre),
        some_of(TITLES, title).prop_map(Leaf::Job),
        Just(Leaf::AnyJob),
        some_of(PLACES, place).prop_map(Leaf::Facility),
        Just(Leaf::AnyFacility),
        some_of(PLACES, place).prop_map(Leaf::PlaceUnder),
        Just(Leaf::AnyPlace),
        (select(COURSES), instants()).prop_map(|((code, name), when)| {
            let course = if code.is_empty() { name } else { code };
            Leaf::Training { courses: vec![fold(course)], when }
        }),
        Just(Leaf::AnyTraining),
        (0..4u64, tests_of_fields()).prop_map(|(number, test)| Leaf::Field { field: field(number), test }),
        (some_of(FLOWS, flow), times()).prop_map(|(which, when)| Leaf::Flow { which, when }),
        times().prop_map(|when| Leaf::AnyFlow { when }),
        (1..4i64, proptest::bool::ANY).prop_map(|(number, replied)| Leaf::Start { number, replied }),
        (signs(), 0..4u8).prop_map(|(sign, half)| Leaf::Tickets(sign, f64::from(half) / 2.0)),
        (some_of(3, broadcast), reached()).prop_map(|(which, how)| Leaf::Broadcast { which, how }),
        reached().prop_map(|how| Leaf::AnyBroadcast { how }),
    ]
}

fn predicates() -> impl Strategy<Value = Predicate> {
    let leaf = prop_oneof![leaves_about_the_person(), leaves_about_work()].prop_map(Predicate::from);
    prop_oneof![Just(Predicate::All), leaf].prop_recursive(4, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 1..4).prop_map(Predicate::all),
            proptest::collection::vec(inner.clone(), 1..4).prop_map(Predicate::any),
            inner.prop_map(Predicate::not),
        ]
    })
}

async fn candidates(store: &Store, scope: &Scope, predicate: &Predicate, page: i64) -> Vec<Candidate> {
    let mut snapshot = store.snapshot().await.expect("a snapshot");
    let mut all: Vec<Candidate> = Vec::new();
    loop {
        let after = all.last().map(|candidate| candidate.person);
        let found = snapshot.candidates(scope, predicate, NOW, after, page).await.expect("it answers");
        if found.is_empty() {
            return all;
        }
        all.extend(found);
    }
}

fn meant(predicate: &Predicate, people: &[Profile]) -> BTreeSet<PersonId> {
    people.iter().filter(|one| evaluate(predicate, *one)).map(|one| one.person).collect()
}

/// Those of some people whom the store finds when it is asked about them only.
async fn among(store: &Store, predicate: &Predicate, some: &[PersonId]) -> BTreeSet<PersonId> {
    let found = store.among_audience(&Scope::system(), predicate, some, NOW).await.expect("it answers");
    found.into_iter().collect()
}

fn of(some: &[PersonId], all: &BTreeSet<PersonId>) -> BTreeSet<PersonId> {
    some.iter().copied().filter(|person| all.contains(person)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_finds_whom_the_language_means() {
    on_both(async |bench: &Bench| {
        let people = fill(bench, 120).await;
        let mut runner = TestRunner::deterministic();
        let (predicates, mut matched) = (predicates(), 0);
        for _ in 0..PREDICATES {
            let predicate = predicates.new_tree(&mut runner).expect("a predicate").current();
            let expected = meant(&predicate, &people);
            let found = candidates(&bench.store, &Scope::system(), &predicate, 50).await;
            let found: BTreeSet<PersonId> = found.iter().map(|candidate| candidate.person).collect();
            assert_eq!(found, expected, "{predicate:?}");
            let count = bench.store.count_audience(&Scope::system(), &predicate, NOW).await.expect("it answers");
            assert_eq!(usize::try_from(count), Ok(expected.len()), "{predicate:?}");
            let some: Vec<PersonId> = people.iter().step_by(3).map(|one| one.person).collect();
            assert_eq!(among(&bench.store, &predicate, &some).await, of(&some, &expected), "{predicate:?}");
            matched += usize::from(!expected.is_empty() && expected.len() < people.len());
        }
        assert!(matched > PREDICATES / 3, "only {matched} of {PREDICATES} predicates told people apart");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_leaf_alone_means_the_same_to_the_store() {
    on_both(async |bench: &Bench| {
        let people = fill(bench, 120).await;
        let mut runner = TestRunner::deterministic();
        let leaves = prop_oneof![leaves_about_the_person(), leaves_about_work()];
        let all: Vec<PersonId> = people.iter().map(|one| one.person).collect();
        for _ in 0..PREDICATES {
            let leaf = Predicate::from(leaves.new_tree(&mut runner).expect("a leaf").current());
            for predicate in [leaf.clone().not(), leaf] {
                let count = bench.store.count_audience(&Scope::system(), &predicate, NOW).await.expect("it answers");
                let expected = meant(&predicate, &people);
                assert_eq!(usize::try_from(count), Ok(expected.len()), "{predicate:?}");
                assert_eq!(among(&bench.store, &predicate, &all).await, expected, "asked of each: {predicate:?}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_in_one_state_and_audiences_ask_for_the_one_that_is_listed() {
    on_both(async |bench: &Bench| {
        let people = fill(bench, 120).await;
        let fresh = NOW - CONFIRMED_FOR_MICROS;
        let (counts, _) = bench.store.number_counts(&Scope::system(), fresh).await.expect("it answers");
        for word in NUMBER_STATES {
            let leaf = Predicate::from(Leaf::NumberHealth((*word).to_owned()));
            let count = bench.store.count_audience(&Scope::system(), &leaf, NOW).await.expect("it answers");
            let expected = meant(&leaf, &people).len();
            assert!(expected > 0, "nobody is {word}");
            assert_eq!(usize::try_from(count), Ok(expected), "{word}");
            let numbers = people.iter().flat_map(|one| &one.number_health).filter(|state| state == word).count();
            let listed = counts.iter().find(|(state, _)| state == word).map_or(0, |(_, count)| *count);
            assert_eq!(usize::try_from(listed), Ok(numbers), "{word}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn candidates_know_how_they_are_reached() {
    on_both(async |bench: &Bench| {
        let people = fill(bench, 120).await;
        let mut owners: std::collections::HashMap<&str, BTreeSet<PersonId>> = std::collections::HashMap::new();
        for one in &people {
            for path in &one.phones {
                owners.entry(path).or_default().insert(one.person);
            }
        }
        let mut kinds = BTreeSet::new();
        for candidate in candidates(&bench.store, &Scope::system(), &Predicate::All, 1_000).await {
            let one = people.iter().find(|one| one.person == candidate.person).expect("a health worker");
            let open = |path: &&String| !STOPPED.iter().any(|number| **path == phone(*number));
            let best = one.phones.iter().find(open).filter(|_| !has_left_all(one, &people));
            assert_eq!(candidate.path.as_ref(), best);
            assert_eq!(candidate.has_valid_number, !one.phones.is_empty());
            assert_eq!(candidate.language, one.language);
            let shared = best.is_some_and(|path| owners[path.as_str()].len() > 1);
            assert_eq!(candidate.is_shared, shared);
            kinds.insert((candidate.path.is_some(), candidate.has_valid_number, candidate.has_any_number, shared));
        }
        assert_eq!(kinds.len(), 5, "{kinds:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_district_sees_only_its_own_people() {
    on_both(async |bench: &Bench| {
        let people = fill(bench, 120).await;
        let officer = Uuid::from_u128(77);
        grant(bench, officer, place(2)).await;
        let district = Scope::of(officer, false, true, Rights::of([Role::District]));
        assert!(district.may(Right::Send));
        let here = Predicate::from(Leaf::PlaceUnder(vec![place(2)]));
        let all = candidates(&bench.store, &district, &Predicate::All, 7).await;
        let own: BTreeSet<PersonId> = all.iter().map(|candidate| candidate.person).collect();
        let working_here = meant(&here, &people);
        assert!(!own.is_empty() && own.len() < people.len() && working_here.is_subset(&own));
        let elsewhere = Predicate::from(Leaf::PlaceUnder(vec![place(1), place(3)]));
        let ids: Vec<PersonId> = people.iter().map(|one| one.person).collect();
        let asked = bench.store.among_audience(&district, &Predicate::All, &ids, NOW).await.expect("it answers");
        assert_eq!(asked.into_iter().collect::<BTreeSet<_>>(), own);
        for candidate in candidates(&bench.store, &district, &elsewhere, 100).await {
            assert!(own.contains(&candidate.person), "only those who also work in the district");
        }
        let count = bench.store.count_audience(&district, &Predicate::All, NOW).await.expect("it answers");
        assert_eq!(usize::try_from(count), Ok(own.len()));
        let ids: Vec<PersonId> = people.iter().rev().map(|one| one.person).collect();
        let facts = bench.store.person_facts(&district, &ids, NOW).await.expect("it answers");
        let expected: Vec<PersonId> = ids.iter().copied().filter(|id| own.contains(id)).collect();
        assert_eq!(facts.iter().map(|one| one.id).collect::<Vec<_>>(), expected, "in the order of the ids");
        let nobody = Scope::of(Uuid::from_u128(5), false, true, Rights::of([Role::District]));
        assert_eq!(bench.store.count_audience(&nobody, &Predicate::All, NOW).await.expect("it answers"), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_know_name_work_and_values() {
    on_both(async |bench: &Bench| {
        let people = fill(bench, 120).await;
        let ids: Vec<PersonId> = people.iter().map(|one| one.person).collect();
        let facts = bench.store.person_facts(&Scope::system(), &ids, NOW).await.expect("it answers");
        assert_eq!(facts.len(), people.len());
        for (one, known) in people.iter().zip(&facts) {
            assert_eq!((known.id, known.name.as_str(), known.language), (one.person, one.name.as_str(), one.language));
            assert_eq!(known.facility.is_some(), one.positions.iter().any(|p| p.is_facility));
            assert_eq!(known.cadre.is_some(), one.positions.iter().any(|p| p.cadre.is_some()));
            assert_eq!(known.title.is_some(), one.positions.iter().any(|p| p.job.is_some()));
            assert_eq!(known.values.len(), one.fields.len());
        }
        assert!(format!("{:?}", facts[0]).ends_with(".. }"), "no name in Debug");
    })
    .await;
}
