//! The country as tests and rehearsals rely on it: same bytes, exact counts, valid numbers.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt::Write as _,
};

use jiff::civil::{Date, date};
use mhero_country::{CHW_COLUMNS, Cadre, Country, PAYROLL_SYSTEM, Spec, SpecError};
use serde_json::Value;
use sha2::{Digest, Sha256};

const TODAY: Date = date(2026, 5, 14);

fn demo() -> Country {
    Country::generate(&Spec::new(1, TODAY)).expect("a valid spec")
}

fn small(seed: u64) -> Country {
    Country::generate(&Spec { workers: 600, facilities: 80, ..Spec::new(seed, TODAY) }).expect("a valid spec")
}

fn digest(country: &Country) -> String {
    let mut hash = Sha256::new();
    for file in country.files() {
        hash.update(file.source.as_bytes());
        hash.update(file.name.as_bytes());
        hash.update(&file.bytes);
    }
    hash.finalize().iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes all");
        text
    })
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// All resources of the HR registry by kind.
fn resources(country: &Country) -> BTreeMap<String, Vec<Value>> {
    let mut all: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for file in country.files().filter(|file| file.source == Country::HR_REGISTRY) {
        let bundle: Value = serde_json::from_slice(&file.bytes).expect("valid JSON");
        for entry in bundle["entry"].as_array().expect("entries") {
            let resource = &entry["resource"];
            let (kind, id) = (text(&resource["resourceType"]), text(&resource["id"]));
            assert_eq!(entry["request"]["url"], format!("{kind}/{id}"));
            all.entry(kind.to_owned()).or_default().push(resource.clone());
        }
    }
    all
}

fn rows(country: &Country) -> Vec<HashMap<String, String>> {
    let file = country.files().find(|file| file.source == Country::CHW_REGISTER).expect("the register");
    let mut reader = csv::Reader::from_reader(file.bytes.as_slice());
    assert_eq!(reader.headers().expect("a header").iter().collect::<Vec<_>>(), CHW_COLUMNS);
    reader.deserialize().collect::<Result<_, _>>().expect("a valid table")
}

/// The number as an import should read it: no letters, one plus sign, and valid in the plan.
fn read_number(raw: &str) -> Option<String> {
    if raw.chars().any(char::is_alphabetic) {
        return None;
    }
    let raw = raw.replace("++", "+");
    let raw = if raw.starts_with("(231)") || raw.starts_with("231") { format!("+{raw}") } else { raw };
    let number = phonenumber::parse(Some(phonenumber::country::LR), raw.replace(['(', ')'], "")).ok()?;
    number.is_valid().then(|| number.format().mode(phonenumber::Mode::E164).to_string())
}

#[test]
fn one_seed_gives_the_same_bytes() {
    assert_eq!(digest(&small(7)), digest(&small(7)));
    assert_ne!(digest(&small(7)), digest(&small(8)));
}

/// Whoever changes the generator, or takes a new `rand`, sees here that all recorded rehearsals change with it.
#[test]
fn the_bytes_of_a_seed_change_only_on_purpose() {
    assert_eq!(digest(&small(7)), "6f15e50818bc013bfc6fec467ba73f9f52cd02dae4bc2b8f76da903cb12931ac");
}

#[test]
fn the_demo_has_the_asked_people_places_and_facilities() {
    let country = demo();
    let truth = country.truth();
    assert_eq!((country.counties().len(), country.facilities().len()), (15, 300));
    assert_eq!((truth.people, truth.in_both, truth.in_register), (5_000, 1_000, 1_300));
    assert_eq!(truth.in_hr + truth.in_register - truth.in_both, 5_000);
    for county in country.counties() {
        let districts = country.districts().iter().filter(|d| country.counties()[d.county] == *county).count();
        assert!((2..=5).contains(&districts), "{}: {districts}", county.name);
        assert!(country.facilities().iter().any(|f| country.counties()[f.county] == *county));
        let midwives = truth.by_county_and_cadre[&(county.name, Cadre::Midwife)];
        assert!(midwives.reachable > 0, "no midwife in {}", county.name);
    }
}

#[test]
fn the_registries_meet_in_the_payroll_number_only() {
    let country = demo();
    let resources = resources(&country);
    let payroll: HashSet<String> = resources["Practitioner"]
        .iter()
        .map(|person| {
            assert_eq!(person["identifier"][0]["system"], PAYROLL_SYSTEM);
            text(&person["identifier"][0]["value"]).to_owned()
        })
        .collect();
    assert_eq!(payroll.len(), resources["Practitioner"].len());
    let rows = rows(&country);
    let joined = rows.iter().filter(|row| payroll.contains(&row[CHW_COLUMNS[1]])).count();
    let alone = rows.iter().filter(|row| row[CHW_COLUMNS[1]].is_empty()).count();
    assert_eq!(joined + alone, rows.len());
    assert_eq!(payroll.len() + alone, 5_000);
    assert!(rows.iter().all(|row| !row["id"].starts_with("HW-")));
    assert_eq!(CHW_COLUMNS[1], format!("payroll ({PAYROLL_SYSTEM})"));
}

#[test]
fn no_id_stands_twice_and_no_reference_leads_nowhere() {
    let country = demo();
    let resources = resources(&country);
    let ids: HashMap<&str, HashSet<&str>> = resources
        .iter()
        .map(|(kind, all)| {
            let ids: HashSet<&str> = all.iter().map(|resource| text(&resource["id"])).collect();
            assert_eq!(ids.len(), all.len(), "{kind} has an id twice");
            (kind.as_str(), ids)
        })
        .collect();
    let mut references = 0;
    let mut queue: Vec<&Value> = resources.values().flatten().collect();
    while let Some(value) = queue.pop() {
        match value {
            Value::Array(items) => queue.extend(items),
            Value::Object(fields) => {
                if let Some(reference) = fields.get("reference").and_then(Value::as_str) {
                    let (kind, id) = reference.split_once('/').expect("kind and id");
                    assert!(ids[kind].contains(id), "{reference}");
                    references += 1;
                }
                queue.extend(fields.values());
            }
            _ => {}
        }
    }
    assert!(references > 10_000);
    let facility_names: HashSet<&str> = country.facilities().iter().map(|f| f.name.as_str()).collect();
    assert_eq!(facility_names.len(), 299, "one pair of facilities has one name");
    let rows = rows(&country);
    assert!(rows.iter().all(|row| facility_names.contains(row["facility"].as_str())));
    assert!(rows.iter().all(|row| !row["facility"].starts_with("Saint Mary")), "the register needs clear names");
    let register_ids: HashSet<&str> = rows.iter().map(|row| row["id"].as_str()).collect();
    assert_eq!(register_ids.len(), rows.len());
}

#[test]
fn what_is_called_a_number_is_valid_and_nothing_else_is() {
    let country = demo();
    for worker in country.workers() {
        for phone in worker.phones() {
            assert_eq!(read_number(&phone.raw), phone.number(), "{}", phone.raw);
        }
    }
    for number in country.workers().iter().flat_map(mhero_country::Worker::numbers) {
        assert!(mhero_country::Operator::of(&number).is_some());
    }
}

#[test]
fn shares_are_those_of_a_real_registry() {
    let truth = demo().truth();
    let share = |count: usize| count as f64 / 5_000.0;
    let within = |what: &str, count: usize, low: f64, high: f64| {
        assert!((low..=high).contains(&share(count)), "{what}: {:.3}", share(count));
    };
    within("no phone", truth.without_phone, 0.035, 0.065);
    within("only bad numbers", truth.only_bad_numbers, 0.025, 0.055);
    within("several numbers", truth.with_several_numbers, 0.06, 0.14);
    within("sharing", truth.sharing, 0.04, 0.09);
    within("French", truth.by_language["fra"], 0.27, 0.33);
    within("English", truth.by_language["eng"], 0.62, 0.69);
    within("at two places", truth.at_two_places, 0.01, 0.03);
    within("working", truth.working.people, 0.975, 0.995);
    within("past positions", truth.positions - truth.current_positions, 0.05, 0.2);
    for cadre in Cadre::ALL {
        within(cadre.english(), truth.by_cadre[&cadre].people, cadre.share_percent() as f64 / 100.0 - 0.01, 0.32);
    }
    assert!(truth.trained["emonc"] > 300 && truth.trained["ipc"] > 300);
}

#[test]
fn the_people_of_the_pictures_are_there() {
    let country = demo();
    let mary = &country.workers()[0];
    assert_eq!(mary.name.to_string(), "Mary Kollie");
    assert_eq!(mary.numbers(), ["+231770000214", "+231886000552"]);
    assert!(mary.hr.is_some() && mary.chw.is_some());
    let [facility] = mary.current_facilities(TODAY)[..] else { panic!("one position") };
    assert_eq!(country.facilities()[facility].name, "Fisabo Clinic");
    assert_eq!(country.counties()[country.facilities()[facility].county].name, "Lofaye");
    assert_eq!(country.workers()[1].name.to_string(), "Mariam Camara");
    assert_eq!(country.workers()[1].language.as_str(), "fra");
}

#[test]
fn the_truth_agrees_with_the_files() {
    let country = demo();
    let truth = country.truth();
    let resources = resources(&country);
    assert_eq!(resources["Practitioner"].len(), truth.in_hr);
    assert_eq!(resources["PractitionerRole"].len(), truth.positions);
    assert_eq!(resources["Basic"].len(), truth.trained.values().sum::<usize>());
    assert_eq!(resources["Organization"].len(), 300);
    assert_eq!(rows(&country).len(), truth.in_register);
    let mut numbers: HashSet<String> = HashSet::new();
    for person in &resources["Practitioner"] {
        let raw = person["telecom"].as_array().into_iter().flatten().filter_map(|t| t["value"].as_str());
        numbers.extend(raw.filter_map(read_number));
    }
    numbers.extend(rows(&country).iter().filter_map(|row| read_number(&row["phone"])));
    assert_eq!(numbers.len(), truth.numbers);
}

#[test]
fn small_and_odd_countries_can_be_made_and_impossible_ones_say_why() {
    for (workers, counties, facilities) in [(1, 1, 1), (2, 1, 3), (30, 15, 15), (700, 3, 20), (250, 15, 27)] {
        let spec = Spec { workers, counties, facilities, ..Spec::new(3, TODAY) };
        let country = Country::generate(&spec).expect("a small country");
        assert_eq!(country.facilities().len(), facilities);
        assert_eq!(country.truth().people, workers);
        assert!(country.files().count() >= 6);
    }
    let refused = |spec: Spec| Country::generate(&spec).map(|_| ()).expect_err("impossible");
    let spec = Spec::new(3, TODAY);
    assert!(matches!(refused(Spec { workers: 0, ..spec }), SpecError::Workers { given: 0, .. }));
    assert!(matches!(refused(Spec { counties: 16, ..spec }), SpecError::Counties { max: 15, .. }));
    assert!(matches!(refused(Spec { facilities: 14, ..spec }), SpecError::Facilities { counties: 15, .. }));
}

#[test]
fn large_bundles_are_cut() {
    let spec = Spec { workers: 30_000, ..Spec::new(5, TODAY) };
    let country = Country::generate(&spec).expect("a large country");
    let names: Vec<String> = country.files().map(|file| file.name).collect();
    assert!(names.contains(&"bundle-Practitioner.json".to_owned()));
    assert!(names.contains(&"bundle-Practitioner-2.json".to_owned()));
    assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
}
