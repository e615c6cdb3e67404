//! People, places and groups as they are read, by the whole country and by one district.

use std::collections::BTreeSet;

use mhero_core::{GroupId, Lang, LangMap, PersonId, Rights, Role, Scope};
use mhero_query::{Leaf, Predicate, Profile, evaluate, fold};
use mhero_store::{Group, ListedPerson, PeopleOrder, PeopleSlice, Queue, StoreError, Unit};
use uuid::Uuid;

use crate::{
    Bench, on_both,
    population::{CADRES, NOW, STOPPED, cadre, fill, grant, group, id, person, phone, place},
};

async fn list(bench: &Bench, scope: &Scope, order: PeopleOrder, limit: i64) -> Vec<ListedPerson> {
    let mut all: Vec<ListedPerson> = Vec::new();
    let mut snapshot = bench.store.snapshot().await.expect("a snapshot");
    loop {
        let slice = PeopleSlice { order, after: all.last().map(|one| one.id), skip: 0, limit };
        let page = snapshot.people(scope, &Predicate::All, NOW, slice).await.expect("it answers");
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

/// An officer of the second county.
async fn district(bench: &Bench) -> Scope {
    let officer = Uuid::from_u128(77);
    grant(bench, officer, place(2)).await;
    Scope::of(officer, false, true, Rights::of([Role::District]))
}

fn works_in_district(one: &Profile) -> bool {
    evaluate(&Leaf::PlaceUnder(vec![place(2)]).into(), one)
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_go_on_where_they_stopped_in_either_order() {
    on_both(async |bench: &Bench| {
        let people = fill(bench, 120).await;
        let system = Scope::system();
        for order in [PeopleOrder::Name, PeopleOrder::Heard] {
            let whole = list(bench, &system, order, 1_000).await;
            let pages = list(bench, &system, order, 7).await;
            assert_eq!(whole.len(), people.len());
            assert!(whole == pages, "pages of seven are the whole list");
            let skipped = PeopleSlice { order, after: None, skip: 10, limit: 5 };
            let mut snapshot = bench.store.snapshot().await.expect("a snapshot");
            let page = snapshot.people(&system, &Predicate::All, NOW, skipped).await.expect("it answers");
            assert!(page == whole[10..15], "a page by number");
        }
        let heard: Vec<_> = list(bench, &system, PeopleOrder::Heard, 50).await.iter().map(|one| one.heard_at).collect();
        assert!(heard.windows(2).all(|two| two[0] >= two[1]), "{heard:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_shows_numbers_work_and_sources() {
    on_both(async |bench: &Bench| {
        let people = fill(bench, 120).await;
        let aliases = bench.store.aliases().await.expect("aliases");
        for row in list(bench, &Scope::system(), PeopleOrder::Name, 50).await {
            let one = people.iter().find(|one| one.person == row.id).expect("a health worker");
            let paths: Vec<_> = row.phones.iter().filter_map(|phone| phone.path.clone()).collect();
            assert_eq!(paths, one.phones);
            for number in &row.phones {
                assert_eq!(number.path.is_none(), number.bad.is_some());
                let is_stopped = STOPPED.iter().any(|stopped| number.path == Some(phone(*stopped)));
                assert_eq!(number.is_stopped, is_stopped);
            }
            assert_eq!(row.cadre.is_some(), one.positions.iter().any(|p| p.cadre.is_some()));
            assert_eq!(row.place.is_some(), one.positions.iter().any(|p| p.place.is_some()));
            if let Some((at, _, is_facility)) = &row.place {
                assert!(one.positions.iter().any(|p| p.place == Some(*at) && p.is_facility == *is_facility));
                let mut above: BTreeSet<_> = row.above.iter().map(|(id, _)| *id).collect();
                assert_eq!(above, one.above[at]);
                above.remove(&place(0));
                assert!(
                    row.above.is_empty() || row.above.last().is_some_and(|(id, _)| *id == place(0)),
                    "nearest first"
                );
            }
            // Records of those who were joined to somebody are theirs too.
            let joined = aliases.values().any(|golden| *golden == one.person);
            assert!(row.sources.len() == one.sources.len() || joined && row.sources.len() > one.sources.len());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_is_found_by_id_source_and_number() {
    on_both(async |bench: &Bench| {
        let people = fill(bench, 120).await;
        let aliases = bench.store.aliases().await.expect("aliases");
        let system = Scope::system();
        let find = async |text: &str, number: Option<&str>| -> Vec<PersonId> {
            let found = bench.store.find_people(&system, text, number).await.expect("it answers");
            found.into_iter().map(|found| found.id).collect()
        };
        for one in people.iter().take(40) {
            assert!(find(&one.person.to_string(), None).await.contains(&one.person));
            let ext_id = format!("E{}", one.person);
            let known = if one.sources.is_empty() { vec![] } else { vec![one.person] };
            assert_eq!(find(&ext_id, None).await, known);
            for number in &one.phones {
                assert!(find("x", Some(number)).await.contains(&one.person));
            }
            let record =
                bench.store.person_record(&system, one.person).await.expect("it answers").expect("it is there");
            assert_eq!(record.name, one.name);
            assert_eq!(record.positions.iter().filter(|p| p.is_current(NOW)).count(), one.positions.len());
            assert_eq!((record.trainings.len(), record.values.len()), (one.training.len(), one.fields.len()));
            // Records of those who were joined to somebody are theirs too.
            let joined = aliases.values().any(|golden| *golden == one.person);
            assert!(record.sources.len() == one.sources.len() || joined && record.sources.len() > one.sources.len());
            let valid = record.numbers.iter().filter_map(|number| number.path.clone());
            assert_eq!(valid.collect::<Vec<_>>(), one.phones);
            let groups = bench.store.groups_of(&system, one.person).await.expect("it answers");
            assert_eq!(groups.iter().map(|group| group.id).collect::<Vec<_>>(), one.groups);
            for number in &record.numbers {
                let full = bench.store.number_of(&system, one.person, number.id).await.expect("it answers");
                assert!(full.as_ref() == Some(number));
            }
        }
        assert!(find("nobody", None).await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_district_finds_nobody_elsewhere() {
    on_both(async |bench: &Bench| {
        let people = fill(bench, 120).await;
        let scope = district(bench).await;
        let own: BTreeSet<PersonId> =
            list(bench, &scope, PeopleOrder::Name, 20).await.into_iter().map(|one| one.id).collect();
        assert!(people.iter().filter(|one| works_in_district(one)).all(|one| own.contains(&one.person)));
        let (mut hidden, mut named) = (0, 0);
        for one in &people {
            let record = bench.store.person_record(&scope, one.person).await.expect("it answers");
            assert_eq!(record.is_some(), own.contains(&one.person));
            let text = one.person.to_string();
            let found = bench.store.find_people(&scope, &text, None).await.expect("it answers");
            assert_eq!(found.len(), usize::from(own.contains(&one.person)));
            let groups = bench.store.groups_of(&scope, one.person).await.expect("it answers");
            assert!(own.contains(&one.person) || groups.is_empty());
            let Some(record) = record else {
                let whole = bench.store.person_record(&Scope::system(), one.person).await.expect("it answers");
                for number in whole.expect("it is there").numbers {
                    let number = bench.store.number_of(&scope, one.person, number.id).await.expect("it answers");
                    assert!(number.is_none(), "no number of another district");
                }
                continue;
            };
            assert_eq!(record.why.len(), 1);
            assert_eq!(record.why[0].place.as_ref().map(|(id, _)| *id), Some(place(2)));
            for shared in &record.shared {
                match &shared.person {
                    Some((with, _)) => {
                        assert!(own.contains(with));
                        named += 1;
                    }
                    None => hidden += 1,
                }
            }
        }
        assert!(hidden > 0 && named > 0, "{hidden} hidden, {named} named");
        let counts = bench.store.group_counts(&scope).await.expect("it answers");
        let members = people.iter().filter(|one| own.contains(&one.person) && one.groups.contains(&group(0))).count();
        assert_eq!(counts.get(&group(0)).copied().unwrap_or(0), i64::try_from(members).expect("few"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn places_are_found_and_counted_within_the_scope() {
    on_both(async |bench: &Bench| {
        let people = fill(bench, 120).await;
        let (system, scope) = (Scope::system(), district(bench).await);
        let store = &bench.store;
        let called = store.places_called(&fold("PLACE 5"), "x").await.expect("it answers");
        assert_eq!(called.iter().map(|one| one.id).collect::<Vec<_>>(), [place(5)]);
        assert_eq!(store.places_called("x", &place(6).to_string()).await.expect("it answers").len(), 1);
        let beginning = store.places_beginning("place 1", 10).await.expect("it answers");
        let names: Vec<_> = beginning.iter().map(|one| one.name.best(Lang::ENGLISH).to_owned()).collect();
        assert_eq!(names, ["Place 1", "Place 10", "Place 11", "Place 12"]);
        let above = store.places_above(&[place(7)]).await.expect("it answers");
        assert_eq!(above[&place(7)].iter().map(|(id, _)| *id).collect::<Vec<_>>(), [place(2), place(0)]);
        assert!(store.place_codes(&[place(7)]).await.expect("it answers").is_empty());
        assert_eq!(store.facilities_below(place(2)).await.expect("it answers"), 3);
        assert_eq!(store.place(place(2)).await.expect("it answers").map(|one| one.parent), Some(Some(place(0))));

        assert_eq!(store.only_root().await.expect("it answers"), Some(place(0)));
        let roots = async |scope: &Scope| -> Vec<_> {
            let roots = store.places_below(scope, None).await.expect("it answers");
            roots.into_iter().map(|one| one.id).collect()
        };
        assert_eq!((roots(&system).await, roots(&scope).await), (vec![place(0)], vec![place(2)]));
        assert_eq!(store.places_below(&scope, Some(place(2))).await.expect("it answers").len(), 3);
        for (number, visible) in [(0, true), (2, true), (7, true), (1, false), (4, false)] {
            assert_eq!(store.place_is_visible(&scope, place(number)).await.expect("it answers"), visible, "{number}");
        }

        let expected = |number: u64| {
            let here = Predicate::from(Leaf::PlaceUnder(vec![place(number)]));
            i64::try_from(people.iter().filter(|one| evaluate(&here, *one)).count()).expect("few")
        };
        let counts = store.people_by_place(&system, Some(place(0)), NOW).await.expect("it answers");
        for county in 1..=3 {
            assert_eq!(counts.get(&place(county)).copied().unwrap_or(0), expected(county));
        }
        let at_root = store.people_by_place(&system, None, NOW).await.expect("it answers");
        assert_eq!(at_root.get(&place(0)).copied(), Some(expected(0)));
        let by_cadre = store.people_by_cadre(&system, place(2), NOW).await.expect("it answers");
        for number in 0..CADRES {
            let is_one = |p: &mhero_query::Position, one: &Profile| {
                let here = p.place.is_some_and(|at| at == place(2) || one.above[&at].contains(&place(2)));
                here && p.cadre == Some(cadre(number))
            };
            let wanted = people.iter().filter(|one| one.positions.iter().any(|p| is_one(p, one))).count();
            let found =
                by_cadre.iter().find(|count| count.cadre == Some(cadre(number))).map_or(0, |count| count.people);
            assert_eq!(found, i64::try_from(wanted).expect("few"), "cadre {number}");
        }
        let elsewhere = store.people_by_cadre(&scope, place(1), NOW).await.expect("it answers");
        let seen: i64 = elsewhere.iter().map(|count| count.people).sum();
        assert!(seen < expected(1), "only those who also work in the district");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_are_named_once_and_changed_by_one_writer_at_a_time() {
    on_both(async |bench: &Bench| {
        fill(bench, 30).await;
        let names = LangMap::one(Lang::FRENCH, "Équipe");
        let new = |number| Group {
            id: id(GroupId::from_uuid, 55, number),
            name: names.clone(),
            query: Some("cadre = c0".to_owned()),
            active: true,
            created_by: None,
            created_at: NOW,
            updated_at: NOW,
            version: 1,
        };
        let write = async |change: &dyn Fn(&mut Unit)| {
            let mut unit = Unit::new();
            change(&mut unit);
            bench.store.write(unit, Queue::Interactive).await
        };
        write(&|unit| _ = unit.add_group(&new(1), "equipe")).await.expect("it is written");
        let twice = write(&|unit| _ = unit.add_group(&new(2), "equipe")).await;
        assert!(matches!(twice, Err(StoreError::Exists { .. })), "{twice:?}");
        let known = bench.store.group_named("equipe").await.expect("it answers").expect("it is there");
        assert_eq!(known, new(1));
        let archived = Group { active: false, ..known.clone() };
        write(&|unit| _ = unit.set_group(&archived, "equipe old")).await.expect("it is written");
        let late = write(&|unit| _ = unit.set_group(&known, "equipe")).await;
        assert!(matches!(late, Err(StoreError::Guard { .. })), "{late:?}");
        assert_eq!(bench.store.groups(false).await.expect("it answers").len(), 3);
        assert_eq!(bench.store.groups(true).await.expect("it answers").len(), 4);
        assert_eq!(bench.store.group(known.id).await.expect("it answers").map(|group| group.version), Some(2));
        let has = async |who| {
            let groups = bench.store.groups_of(&Scope::system(), who).await.expect("it answers");
            groups.iter().any(|one| one.id == group(1))
        };
        let who = person(5);
        write(&|unit| _ = unit.add_member(group(1), who, NOW)).await.expect("it is written");
        write(&|unit| _ = unit.add_member(group(1), who, NOW)).await.expect("twice is once");
        assert!(has(who).await);
        write(&|unit| _ = unit.remove_member(group(1), who)).await.expect("it is written");
        assert!(!has(who).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_cadres_titles_fields_courses_and_sources_are_read() {
    on_both(async |bench: &Bench| {
        fill(bench, 60).await;
        let store = &bench.store;
        assert_eq!(store.cadres().await.expect("it answers").len(), 3);
        let titles = store.titles().await.expect("it answers");
        assert_eq!((titles.len(), titles[0].cadre), (4, Some(cadre(0))));
        let kinds: Vec<_> = store.fields().await.expect("it answers").into_iter().map(|field| field.kind).collect();
        assert_eq!(kinds, ["instant", "number", "place", "text"]);
        let courses = store.courses().await.expect("it answers");
        assert_eq!(courses.iter().map(|one| one.course.as_str()).collect::<Vec<_>>(), ["emonc", "soins prenatals"]);
        assert_eq!(store.source_names().await.expect("it answers").len(), 2);
    })
    .await;
}
