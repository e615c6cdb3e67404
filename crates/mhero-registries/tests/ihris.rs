//! The iHRIS demo export, from the shared test data.
#![expect(clippy::panic, reason = "tests")]

use std::{collections::BTreeMap, path::PathBuf, time::Instant};

use jiff::civil::date;
use mhero_core::record::{Content, Record, Ref};
use mhero_registries::files::{Options, read};

/// The files of the export: places and positions of one folder, people and codes of the other.
fn files() -> Option<Vec<PathBuf>> {
    let fixture = mhero_testkit::fixture("fixtures")?;
    let one = ["Country", "Region", "District", "Facility", "PractitionerRole"].map(|kind| ("ihris", kind));
    let two = ["Practitioner", "CodeSystem"].map(|kind| ("ihris-phones", kind));
    let path = |(folder, kind)| fixture.join(folder).join(format!("bundle-{kind}.json"));
    Some(one.into_iter().chain(two).map(path).collect())
}

fn records() -> Option<Vec<Record>> {
    let mut records = Vec::new();
    for file in files()? {
        let opened = read(&file, &Options::default()).unwrap_or_else(|error| panic!("{error}"));
        let (total, before) = (opened.total(), records.len());
        records.extend(opened.map(|verdict| verdict.unwrap_or_else(|refused| panic!("{refused:?}"))));
        assert_eq!(total, Some((records.len() - before) as u64));
    }
    Some(records)
}

#[test]
fn the_export_comes_in_whole() {
    let began = Instant::now();
    let Some(records) = records() else { return };
    eprintln!("{} records in {:?}", records.len(), began.elapsed());
    assert_eq!(records.len(), 2_329);
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for record in &records {
        *kinds.entry(record.kind.as_str()).or_default() += 1;
    }
    let expected = [
        ("CodeSystem", 2),
        ("Location", 297),
        ("Organization", 15),
        ("Practitioner", 1_007),
        ("PractitionerRole", 1_008),
    ];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), expected);
    let warned: Vec<_> = records.iter().filter(|record| !record.warnings.is_empty()).map(|r| &r.warnings).collect();
    assert!(warned.is_empty(), "{warned:?}");
}

#[test]
fn places_positions_and_codes_say_what_the_readme_says() {
    let Some(records) = records() else { return };
    let (mut levels, mut jobs, mut cadres) = (BTreeMap::new(), 0, 0);
    let (mut ended, mut with_details, mut phones, mut residences) = (0, 0, 0, 0);
    for record in &records {
        match &record.content {
            Content::Place(place) => {
                *levels.entry(place.level.clone().unwrap_or_default()).or_insert(0) += 1;
                assert_eq!(place.is_facility, place.level.as_deref() == Some("facility"));
                assert!(place.active);
            }
            Content::Jobs(list) => {
                jobs += list.len();
                assert!(list.iter().all(|job| job.cadre.is_some()));
            }
            Content::Cadres(list) => cadres += list.len(),
            Content::Position(position) => {
                ended += usize::from(position.end.is_some_and(|end| end < date(2026, 1, 1)) || !position.active);
                with_details += usize::from(matches!(&position.details, Some(Ref::Id { kind, .. }) if kind == "Basic"));
                assert!(position.person.is_some() && position.place.is_some() && position.job.is_some());
            }
            Content::Person(person) => {
                phones += person.phones.len();
                residences += person.values.iter().filter(|value| value.field == "residence").count();
                assert_eq!(person.identifiers[0].system, "http://moh.example/payroll");
                assert!(!person.name.is_empty() && !person.given.is_empty() && !person.family.is_empty());
            }
            Content::Training(_) | Content::Absence(_) | Content::PositionDetails(_) | Content::Kept => {
                panic!("{}", record.origin)
            }
        }
    }
    let levels: Vec<(String, i32)> = levels.into_iter().collect();
    let expected =
        [("country", 247), ("district", 30), ("facility", 30), ("region", 5)].map(|(l, n)| (l.to_owned(), n));
    assert_eq!(levels, expected);
    assert_eq!((jobs, cadres, ended, with_details), (44, 8, 13, 1_008));
    assert_eq!((phones, residences), (1_061, 1_003));
}

#[test]
fn reading_again_gives_the_same_records() {
    let (Some(first), Some(second)) = (records(), records()) else { return };
    assert!(first == second);
}
