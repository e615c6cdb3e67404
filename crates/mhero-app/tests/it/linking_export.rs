//! The iHRIS export beside a table of the same people with the slips of a keyboard: how many are found again.

use std::{collections::HashMap, fmt::Write as _, io::Write as _};

use mhero_app::{Caller, people::PeopleAsked};
use mhero_core::{Lang, PersonId, SourceId};
use mhero_registries::files::{Options, read};

use crate::{
    common::{Chance, TestApp, engines},
    import::import_into,
};

/// Files of the export: folder and kind.
const FILES: [(&str, &str); 7] = [
    ("ihris", "Country"),
    ("ihris", "District"),
    ("ihris", "Facility"),
    ("ihris", "Region"),
    ("ihris", "PractitionerRole"),
    ("ihris-phones", "Practitioner"),
    ("ihris-phones", "CodeSystem"),
];
/// Of a hundred people who can be told from others, by number or birth: so many must be found again by rule.
const FOUND_MIN: usize = 85;
/// Of a hundred joined pairs: so many may be wrong.
const FALSE_MAX: usize = 1;

/// A word with one slip: two letters swapped, one doubled, one left out, one replaced.
fn slip(chance: &mut Chance, word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if letters.len() < 4 {
        return word.to_owned();
    }
    let at = usize::try_from(chance.below(letters.len() as u64 - 2)).unwrap_or(0) + 1;
    match chance.below(4) {
        0 => letters.swap(at, at - 1),
        1 => letters.insert(at, letters[at]),
        2 => drop(letters.remove(at)),
        _ => letters[at] = *chance.one_of(&['a', 'e', 'i', 'o', 'u']).expect("a vowel"),
    }
    letters.into_iter().collect()
}

/// Everybody of the export as a second registry has them: a quarter with a slip in the name, some with the names turned about, one
/// in ten without a number, one in twenty with another birth date.
async fn table(t: &TestApp) -> (String, HashMap<String, bool>) {
    let caller = Caller::system();
    let mut people: Vec<PersonId> = Vec::new();
    let keep = |person: mhero_app::people::PersonRow| {
        people.push(person.id);
        Ok::<(), mhero_app::AppError>(())
    };
    t.app.each_person(&caller, &PeopleAsked::default(), None, keep).await.expect("everybody");
    people.sort_unstable();
    let mut chance = Chance::new(4);
    let (mut csv, mut telling) = ("staff id,name,phone,sex,birth date,facility\n".to_owned(), HashMap::new());
    for person in people {
        let record = t.app.person(&caller, person).await.expect("a person").record;
        let Some(id) = record.sources.iter().find(|s| s.kind == "Practitioner").map(|s| s.ext_id.clone()) else {
            continue;
        };
        let (mut given, mut family) = (record.given.clone(), record.family.clone());
        match chance.below(8) {
            0 => given = slip(&mut chance, &given),
            1 => family = slip(&mut chance, &family),
            _ => {}
        }
        let name = match chance.below(5) {
            0 => format!("{} {}", family.to_uppercase(), given),
            _ => format!("{given} {family}"),
        };
        let number = record.numbers.iter().find_map(|number| number.path.clone());
        let number = number.filter(|_| chance.below(10) > 0).map(|path| format!("0{}", &path[4..]));
        let birth = record.birth.clone().map(|day| match chance.below(20) {
            0 => day.replace("19", "18").replacen("18", "19", 1),
            _ => day,
        });
        let facility = record.positions.iter().find_map(|held| held.place.as_ref().filter(|(_, _, is)| *is));
        let facility = facility.map(|(_, names, _)| names.best(Lang::ENGLISH).replace(['"', ','], " "));
        telling.insert(id.clone(), number.is_some() || birth.is_some());
        let sex = record.sex.as_deref().unwrap_or_default();
        let (number, birth) = (number.unwrap_or_default(), birth.unwrap_or_default());
        writeln!(csv, "C-{id},{name},{number},{sex},{birth},{}", facility.unwrap_or_default()).expect("a line");
    }
    (csv, telling)
}

/// Where the records of a source of somebody lead now.
async fn leads_to(t: &TestApp, source: SourceId, kind: &str, id: &str) -> Option<PersonId> {
    let person = t.app.store().record_person(source, kind, id).await.expect("it answers")?;
    Some(t.app.store().golden(person).await.expect("it answers"))
}

#[tokio::test]
async fn people_of_the_export_are_found_again_in_a_table_with_slips() {
    let Some(fixtures) = mhero_testkit::fixture("fixtures") else {
        println!("skipped: the export is not there");
        return;
    };
    // A thousand merges take their time: one engine tells the figures.
    for engine in engines().into_iter().take(1) {
        let t = TestApp::new(engine).await;
        let path = |(folder, kind): (&str, &str)| fixtures.join(folder).join(format!("bundle-{kind}.json"));
        for file in FILES.map(path) {
            import_into(&t.app, "ihris", read(&file, &Options::default()).expect("readable").collect()).await;
        }
        let (csv, telling) = table(&t).await;
        let mut file = tempfile::Builder::new().suffix(".csv").tempfile().expect("a file");
        file.write_all(csv.as_bytes()).expect("written");
        import_into(&t.app, "chw", read(file.path(), &Options::default()).expect("readable").collect()).await;
        for _ in 0..3 {
            t.app.run_until_idle().await.expect("idle");
        }
        let sources = t.app.store().sources().await.expect("sources");
        let source = |name: &str| sources.iter().find(|source| source.name == name).expect("a source").id;
        let (ihris, chw) = (source("ihris"), source("chw"));
        let mut of: HashMap<PersonId, Vec<String>> = HashMap::new();
        for id in telling.keys() {
            let person = leads_to(&t, ihris, "Practitioner", id).await.expect("somebody");
            of.entry(person).or_default().push(id.clone());
        }
        let (mut found, mut found_telling, mut wrong) = (0, 0, 0);
        for (id, tells) in &telling {
            let row = leads_to(&t, chw, "row", &format!("C-{id}")).await.expect("a row");
            match of.get(&row) {
                Some(own) if own.contains(id) => {
                    found += 1;
                    found_telling += usize::from(*tells);
                }
                Some(_) => wrong += 1,
                None => {}
            }
        }
        let asked = t.app.count_link_pairs(&Caller::system()).await.expect("a count");
        let tell = telling.values().filter(|tells| **tells).count();
        println!(
            "{engine:?}: {} people in both; joined rightly {found} ({found_telling} of {tell} with a number or birth date), \
             wrongly {wrong}, asked about {asked}, not joined {}",
            telling.len(),
            telling.len() - found - wrong
        );
        assert!(found_telling * 100 >= tell * FOUND_MIN, "{found_telling} of {tell}");
        assert!(wrong * 100 <= (found + wrong) * FALSE_MAX, "{wrong} wrong, {found} right");
    }
}
