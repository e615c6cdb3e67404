//! mHero's own reader takes every resource of the HR registry as it is meant.

use std::collections::BTreeMap;

use jiff::civil::date;
use mhero_core::record::{Content, Record};
use mhero_country::{Cadre, Country, Spec};
use mhero_wire::{fhir, json::Position};
use serde_json::Value;

fn records(country: &Country) -> Vec<Record> {
    let mut records = Vec::new();
    for file in country.files().filter(|file| file.source == Country::HR_REGISTRY) {
        let bundle: Value = serde_json::from_slice(&file.bytes).expect("valid JSON");
        for entry in bundle["entry"].as_array().expect("entries") {
            let start = Position { line: 1, column: 1 };
            records.push(fhir::record(&entry.to_string(), &file.name, start).expect("a resource"));
        }
    }
    records
}

#[test]
fn everything_is_read_without_a_warning() {
    let spec = Spec { workers: 600, facilities: 80, ..Spec::new(7, date(2026, 5, 14)) };
    let country = Country::generate(&spec).expect("a valid spec");
    let truth = country.truth();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for record in records(&country) {
        assert_eq!(record.warnings, [], "{}", record.raw);
        let counted = match &record.content {
            Content::Place(place) if place.is_facility => "facility",
            Content::Place(_) => "jurisdiction",
            Content::Person(person) => {
                assert!(person.language.is_some() && person.birth.is_some() && person.identifiers.len() == 1);
                "person"
            }
            Content::Position(position) => {
                assert!(position.person.is_some() && position.place.is_some() && position.start.is_some());
                "position"
            }
            Content::Jobs(jobs) => {
                assert!(jobs.iter().all(|job| job.cadre.is_some()));
                "jobs"
            }
            Content::Cadres(cadres) => {
                assert_eq!(cadres.len(), Cadre::ALL.len());
                "cadres"
            }
            Content::Training(training) => {
                assert!(training.person.is_some() && training.start.is_some());
                "training"
            }
            _ => "kept",
        };
        *counts.entry(counted).or_default() += 1;
    }
    let expected = BTreeMap::from([
        ("facility", 2 * 80),
        ("jurisdiction", 1 + country.counties().len() + country.districts().len()),
        ("person", truth.in_hr),
        ("position", truth.positions),
        ("jobs", 1),
        ("cadres", 1),
        ("training", truth.trained.values().sum()),
        // The code system of courses: their names stand in each training.
        ("kept", 1),
    ]);
    assert_eq!(counts, expected);
}
