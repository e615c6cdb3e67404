//! Rows as people type them.
#![expect(clippy::panic, reason = "tests")]

use std::fs;

use mhero_core::record::{Content, PathStep, PersonRecord, Problem, Record, Ref, Rejection};
use mhero_registries::{
    files::{Options, read},
    table::{Column, Mapping, column, fold},
    table_out::{self, Titles},
};

fn rows(table: &str) -> Vec<Result<Record, Rejection>> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("staff.csv");
    fs::write(&path, table).expect("written");
    read(&path, &Options::default()).unwrap_or_else(|error| panic!("{error}")).collect()
}

fn person(table: &str) -> (PersonRecord, Vec<Problem>) {
    match rows(table).remove(0).expect("a record") {
        Record { content: Content::Person(person), warnings, .. } => (*person, warnings),
        other => panic!("no person: {other:?}"),
    }
}

fn keys(warnings: &[Problem]) -> Vec<&'static str> {
    warnings.iter().map(|problem| problem.reason.key).collect()
}

#[test]
fn columns_are_known_by_many_names() {
    for (expected, names) in [
        (Column::Id, vec!["ID", "id", "Worker ID", "Identifiant"]),
        (
            Column::Identifier("#staff".into()),
            vec!["Staff ID", "staff_no", "Payroll number", "Matricule", "N° matricule"],
        ),
        (Column::Identifier("http://moh.example/payroll".into()), vec!["Payroll (http://moh.example/payroll)"]),
        (
            Column::Name,
            vec!["Name", "Full Name", "NOM COMPLET", "Nom et prénom(s)", "Noms & Prénoms", "healthWorkerName"],
        ),
        (Column::NameOrFamily, vec!["Nom", "NOM "]),
        (Column::Given, vec!["First name", "firstName", "Prénom", "Prénom(s)", "given_names"]),
        (Column::Family, vec!["Surname", "Last Name", "Nom de famille"]),
        (
            Column::Phone(None),
            vec![
                "Phone",
                "phone number",
                "Téléphone",
                "Tél.",
                "N° de téléphone",
                "Numéro de téléphone 2",
                "Phone No. 2",
                "Contact",
                "tel1",
            ],
        ),
        (Column::Phone(Some("mobile")), vec!["Mobile", "Cell phone", "Téléphone portable", "GSM"]),
        (Column::Phone(Some("work")), vec!["Office phone", "Téléphone bureau"]),
        (Column::Cadre, vec!["Cadre", "Catégorie professionnelle"]),
        (Column::Job, vec!["Job title", "Poste", "Fonction", "position"]),
        (
            Column::Facility,
            vec![
                "Facility",
                "Health facility name",
                "Structure sanitaire",
                "Établissement",
                "Lieu d'affectation",
                "Lieu d’affectation",
            ],
        ),
        (Column::FacilityId, vec!["Facility code", "code_structure"]),
        (Column::Place(Some("district")), vec!["District", "Health District", "district sanitaire"]),
        (Column::Place(Some("county")), vec!["County", "Comté"]),
        (Column::Place(Some("region")), vec!["Région"]),
        (Column::Place(Some("zone")), vec!["Zone de santé"]),
        (Column::Place(None), vec!["Place", "Lieu"]),
        (Column::Language, vec!["Language", "Langue préférée"]),
        (Column::Sex, vec!["Sex", "Gender", "Sexe"]),
        (Column::Birth, vec!["Date of Birth", "DOB", "Date de naissance"]),
        (Column::Groups, vec!["Group", "Groups", "Groupe(s)", "Group 2"]),
        (Column::Trainings, vec!["Training", "Formations suivies"]),
        (Column::Active, vec!["Status", "Actif"]),
        (Column::Start, vec!["Hire date", "Date d’embauche"]),
        (Column::Field("email".into()), vec!["E-mail", "Courriel", "Adresse e-mail"]),
        (Column::Field("annees_de_service".into()), vec!["Années de service"]),
        (Column::Field("whatsapp_2".into()), vec!["WhatsApp 2"]),
        (Column::Skipped, vec!["No.", "N°", "S/N", "#", "mHero: reason", "العمر"]),
    ] {
        for name in names {
            assert_eq!(column(name), expected, "{name} ({})", fold(name));
        }
    }
}

#[test]
fn a_row_in_french() {
    let table = "Matricule;Nom;Prénom(s);Téléphone;Tél. 2;Cadre;Fonction;Région;District;Structure;Langue;Sexe;\
                 Date de naissance;Groupes;Formations;Statut;Ancienneté\n\
                 A-12;Zoé;Cécile Marie;077 000 0001;+231880000002;Sage-femme;Sage-femme en chef;Nord;Ganta;Clinique A;\
                 français;F;23/05/1990;Pilotes, Nord;PCI;en congé;7\n";
    let mut said = rows(table).remove(0).expect("a record");
    assert_eq!(said.id, "A-12");
    assert!(said.raw.starts_with("{\"Matricule\":\"A-12\",\"Nom\":\"Zoé\""), "{}", said.raw);
    said.raw.clear();
    insta::assert_debug_snapshot!(said);
}

#[test]
fn names_are_put_together_from_what_there_is() {
    let names = |table: &str| {
        let (person, _) = person(table);
        (person.name, person.given, person.family)
    };
    let three = |name: &str, given: &str, family: &str| (name.to_owned(), given.to_owned(), family.to_owned());
    assert_eq!(names("Name\nMartha Kollie"), three("Martha Kollie", "", ""));
    assert_eq!(names("Nom,Prénom\nZoé,Cécile"), three("Cécile Zoé", "Cécile", "Zoé"));
    assert_eq!(names("Name,First name\nZoé,Cécile"), three("Cécile Zoé", "Cécile", "Zoé"));
    assert_eq!(names("Full name,First name,Surname\nDr C. Zoé,Cécile,Zoé"), three("Dr C. Zoé", "Cécile", "Zoé"));
    assert_eq!(names("Nom,Postnom,Prénom\nIlunga,Mwamba,Jean"), three("Jean Mwamba Ilunga", "Jean Mwamba", "Ilunga"));
}

#[test]
fn phones_are_kept_as_written_and_repaired_only_when_exact() {
    let phones = |cell: &str| {
        let (person, warnings) = person(&format!("name,phone\nx,\"{cell}\""));
        let phones: Vec<_> = person.phones.into_iter().map(|phone| phone.raw).collect();
        (phones.join(" | "), keys(&warnings))
    };
    for (cell, expected, warned) in [
        ("077 000 0001", "077 000 0001", None),
        ("0770000001 / 0880000002", "0770000001 | 0880000002", None),
        ("0770000001 ou 0880000002", "0770000001 | 0880000002", None),
        ("0770/000001", "0770/000001", None),
        ("2.31770000001E+11", "231770000001", None),
        ("2,31770000001E+11", "231770000001", None),
        ("2.3177E+11", "2.3177E+11", Some("import-phone-rounded")),
        ("O770000001", "O770000001", None),
        ("see John", "see John", None),
    ] {
        assert_eq!(phones(cell), (expected.to_owned(), warned.into_iter().collect()), "{cell}");
    }
    let (many, warnings) = person(&format!("name,phone\nx,\"{}\"", ["0770000001"; 25].join(";")));
    assert_eq!((many.phones.len(), keys(&warnings)), (20, vec!["import-phones-too-many"]));
}

#[test]
fn places_are_a_path_from_the_top_down() {
    let place = |table: &str| person(table).0.positions.remove(0).place;
    let step = |level: Option<&str>, name: &str| PathStep { level: level.map(str::to_owned), name: name.to_owned() };
    let path = place("name,facility,district,county\nx,Clinic A,Ganta,Nimba");
    let steps =
        vec![step(Some("county"), "Nimba"), step(Some("district"), "Ganta"), step(Some("facility"), "Clinic A")];
    assert_eq!(path, Some(Ref::Path(steps)));
    assert_eq!(place("name,place\nx,Ganta"), Some(Ref::Path(vec![step(None, "Ganta")])));
    assert_eq!(
        place("name,facility,facility code\nx,Clinic A,F1"),
        Some(Ref::Id { kind: "Location".into(), id: "F1".into() })
    );
    assert!(person("name,facility\nx,").0.positions.is_empty());
}

#[test]
fn a_row_keeps_its_id_when_the_file_comes_again() {
    let id = |table: &str| rows(table).remove(0).expect("a record").id;
    assert_eq!(id("id,staff id,name\nW1,S1,x"), "W1");
    assert_eq!(id("staff id,name\nS1,x"), "S1");
    let made = id("name,phone,job\nMartha KOLLIE,077 000 0001,Nurse");
    assert_eq!(made, id("telephone,nom,poste\n+231770000001,martha kollie,Midwife"));
    assert_ne!(made, id("name,phone\nMartha Kollie,0770000002"));
}

#[test]
fn what_a_row_says_wrongly_is_a_warning() {
    let warned = |table: &str| keys(&person(table).1);
    assert_eq!(warned("name,sex\nx,yes"), ["import-sex-unknown"]);
    assert_eq!(warned("name,language\nx,Klingon!"), ["import-language-unknown"]);
    assert_eq!(warned("name,dob\nx,04/05/1990"), ["import-date-ambiguous"]);
    assert_eq!(warned("name,dob\nx,04/05/1990\ny,23/05/1990"), Vec::<&str>::new());
    assert_eq!(warned("name,dob\nx,soon"), ["import-date-unreadable"]);
    assert_eq!(warned("name,status\nx,???"), ["import-active-unknown"]);
    assert_eq!(warned("name,note\nCÃ©cile,x"), ["import-text-garbled"]);
    assert_eq!(warned(&format!("name,note\n{},x", "é".repeat(300))), ["import-text-cut"]);
    let (retired, _) = person("name,status,job\nx,Retraité,Nurse");
    assert!(!retired.active && !retired.positions[0].active);
}

#[test]
fn rows_of_nobody_and_rows_with_surplus_cells_are_refused() {
    let all = rows("name,phone,district\n,,Ganta\n\n,,\nA,1,Ganta,Nimba\nB,2,Ganta,,\n");
    let refused: Vec<_> =
        all.iter().map(|row| row.as_ref().err().map(|row| (row.problem.reason.key, row.origin.as_str()))).collect();
    let expected =
        [Some(("import-row-of-nobody", "staff.csv, row 2")), Some(("import-row-too-long", "staff.csv, row 5")), None];
    assert_eq!(refused, expected);
}

#[test]
fn refused_rows_are_written_out_mended_and_read_again() {
    let table = "name,phone,note\nA,+231770000001,=1+1,surplus\n,,lost\n";
    let refused: Vec<Rejection> = rows(table).into_iter().filter_map(Result::err).collect();
    let mut refused = refused;
    let fhir = Rejection {
        raw: "{\"resourceType\":\"Location\"}".to_owned(),
        origin: "b.json".to_owned(),
        ..refused[0].clone()
    };
    refused.push(fhir);
    let titles = Titles { origin: "where", reason: "reason", record: "record" };
    let mut out = Vec::new();
    table_out::csv(&mut out, &refused, &titles, |reason| format!("<{}>", reason.key)).expect("written");
    let written = String::from_utf8(out).expect("utf-8");
    insta::assert_snapshot!(written);
    let again = rows(&written);
    assert_eq!(
        again[0].as_ref().map(|row| row.id.clone()),
        Ok(rows("name,phone\nA,+231770000001").remove(0).expect("a row").id)
    );
    let book = table_out::xlsx(&refused, &titles, |reason| reason.key.to_owned()).expect("a workbook");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("refused.xlsx");
    fs::write(&path, book).expect("written");
    let first = read(&path, &Options::default()).expect("readable").next().expect("a row").expect("a record");
    assert!(first.raw.contains("\"phone\":\"+231770000001\""), "{}", first.raw);
}

#[test]
fn refused_rows_have_the_columns_of_the_file_in_its_order() {
    // Of the first refused row most cells are empty, and its last one is missing.
    let table = "id,name,village,phone,note\nC1,Ann,,0770000001,\n,,,,early\n,,Bossou\n";
    let refused: Vec<Rejection> = rows(table).into_iter().filter_map(Result::err).collect();
    let titles = Titles { origin: "where", reason: "reason", record: "record" };
    let mut out = Vec::new();
    table_out::csv(&mut out, &refused, &titles, |reason| reason.key.to_owned()).expect("written");
    let written = String::from_utf8(out).expect("utf-8");
    let lines: Vec<&str> = written.trim_start_matches('\u{feff}').lines().collect();
    assert!(lines[0].starts_with("id,name,village,phone,note,"), "{written}");
    assert!(lines[1].starts_with(",,,,early,"), "{written}");
    assert!(lines[2].starts_with(",,Bossou,,,"), "{written}");
}

#[test]
fn what_columns_mean_is_said_once_and_remembered() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("staff.csv");
    fs::write(&path, "Qui;Tel B;Tel A;Phone;Obs\nMartha Kollie;0770000002;0770000001;0770000003;x\n").expect("written");
    let guessed = read(&path, &Options::default()).expect("readable");
    let mut mapping = guessed.mapping().expect("a table").clone();
    assert_eq!(mapping.column("Phone"), Some(&Column::Phone(None)));
    for (name, meaning) in [("Qui", "name"), ("Tel A", "phone 1"), ("Tel B", "phone 2 work"), ("Obs", "ignore")] {
        mapping.set(name, meaning).expect("known");
    }
    let settings = mapping.to_settings();
    let kept = settings.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let mapping = Mapping::of_settings(kept).expect("known");
    let mut records = read(&path, &Options { mapping, ..Options::default() }).expect("readable");
    let Content::Person(person) = records.next().expect("a row").expect("a record").content else {
        panic!("no person")
    };
    let phones: Vec<_> = person.phones.iter().map(|phone| (phone.raw.as_str(), phone.usage.as_deref())).collect();
    assert_eq!(phones, [("0770000001", None), ("0770000002", Some("work")), ("0770000003", None)]);
    assert_eq!((person.name.as_str(), person.values.len()), ("Martha Kollie", 0));
}

#[test]
fn every_reason_has_its_sentence_in_both_languages() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut sources = Vec::new();
    for folder in ["crates/mhero-wire/src", "crates/mhero-registries/src"] {
        collect(&root.join(folder), &mut sources);
    }
    let text = sources.concat();
    let mut used: Vec<&str> =
        text.split('"').filter(|word| word.starts_with("import-") && !word.contains(char::is_whitespace)).collect();
    used.sort_unstable();
    used.dedup();
    assert!(used.len() > 30, "{used:?}");
    for lang in ["en", "fr"] {
        // Each connector has a file of its own beside `import.ftl`.
        let files = fs::read_dir(root.join("locales").join(lang)).expect("a folder").flatten();
        let sentences: String = files.map(|file| fs::read_to_string(file.path()).expect("sentences")).collect();
        for key in &used {
            assert!(sentences.lines().any(|line| line.starts_with(&format!("{key} ="))), "{lang}: {key}");
        }
    }
}

fn collect(folder: &std::path::Path, into: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, into);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            into.push(fs::read_to_string(path).expect("a source"));
        }
    }
}
