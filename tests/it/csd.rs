//! The samples of CSD through the command line, on both engines.

use std::path::Path;

use mhero_testkit::{Finished, Postgres, Program, TestDatabase};
use serde_json::{Value, json};

fn run(data: &Path, database: Option<&TestDatabase>, words: &[&str]) -> Finished {
    let mut command = Program::command();
    command.env("XDG_CONFIG_HOME", data.with_file_name("keys")).env("LC_ALL", "C");
    command.args(words).arg("--data").arg(data);
    if let Some(database) = database {
        command.args(["--database", &database.url()]);
    }
    let output = command.output().unwrap();
    Finished {
        status: output.status,
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[test]
fn a_directory_is_imported_on_sqlite() {
    story(None);
}

#[test]
fn a_directory_is_imported_on_postgresql() {
    if let Some(postgres) = Postgres::get() {
        story(Some(&postgres.database()));
    }
}

fn story(database: Option<&TestDatabase>) {
    let Some(samples) = mhero_testkit::fixture("fixtures/csd") else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let run = |words: &[&str]| run(&data, database, words);
    let json = |words: &[&str]| -> Value {
        let out = run(words).expect_success();
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{words:?}: {error}\n{out}"))
    };
    let _ = run(&["init", "--country", "LR", "--language", "en", "--timezone", "Africa/Monrovia"]).expect_success();
    // People first: what they refer to comes later, and is found all the same.
    let names = ["Providers", "Facilities", "Organizations", "Services"];
    let files = names.map(|name| samples.join(format!("CSD-{name}.xml")).to_str().unwrap().to_owned());
    let mut words = vec!["import"];
    words.extend(files.iter().map(String::as_str));
    words.extend(["--source", "openinfoman", "--json"]);
    let dry = json(&[words.as_slice(), &["--dry-run"]].concat());
    assert_eq!((&dry["read"], &dry["created"]), (&json!(30), &json!(30)), "{dry}");
    let first = json(&words);
    eprintln!("read {}, created {}, warnings {}", first["read"], first["created"], first["warnings"]);
    // 9 health workers, 3 facilities, 5 organisations and 13 services, counted with xmllint; the 9 American numbers of the
    // samples are none of Liberia.
    assert_eq!((&first["read"], &first["created"], &first["rejected"]), (&json!(30), &json!(30), &json!(0)), "{first}");
    let elements: Vec<_> = first["problems"].as_array().unwrap().iter().map(|one| one["element"].clone()).collect();
    assert_eq!((&first["warnings"], elements), (&json!(9), vec![json!("demographic.contactPoint[0]"); 9]), "{first}");
    let again = json(&words);
    assert_eq!((&again["unchanged"], &again["created"], &again["updated"]), (&json!(30), &json!(0), &json!(0)));
    let people = json(&["people", "list", "--json"]);
    assert_eq!(people.as_array().unwrap().len(), 9, "{people}");
    let at = json(&["people", "list", "--query", "facility = \"Connectathon Radiology Facility\"", "--json"]);
    assert_eq!((at.as_array().unwrap().len(), &at[0]["name"]), (1, &json!("Mary McDonald")), "{at}");
    let nurses = json(&["people", "list", "--query", "cadre = \"Nurse Practitioner\"", "--json"]);
    assert_eq!(nurses.as_array().unwrap().len(), 4, "{nurses}");
    bad_input(folder.path(), &run);
}

/// Two people with one id, circular and dangling references come in with warnings; a bomb does not.
fn bad_input(folder: &Path, run: &dyn Fn(&[&str]) -> Finished) {
    let file = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let organization = |id: &str, parent: &str| {
        format!(
            "<organization entityID=\"{id}\"><primaryName>County {id}</primaryName><parent entityID=\"{parent}\"/></organization>"
        )
    };
    let provider = |id: &str, name: &str| {
        format!(
            "<provider entityID=\"{id}\"><demographic><name><commonName>{name}</commonName></name></demographic>\
             <facilities><facility entityID=\"urn:uuid:nowhere\"/></facilities></provider>"
        )
    };
    let odd = format!(
        "<CSD xmlns=\"urn:ihe:iti:csd:2013\"><organizationDirectory>{}{}</organizationDirectory><providerDirectory>{}{}</providerDirectory></CSD>",
        organization("O1", "O2"),
        organization("O2", "O1"),
        provider("urn:uuid:X", "First Name"),
        provider("URN:UUID:x", &"Second ".repeat(43)),
    );
    let words = ["import", &file("odd.xml", &odd), "--format", "csd", "--source", "odd", "--json"];
    let report: Value = serde_json::from_str(&run(&words).expect_success()).unwrap();
    eprintln!("{report}");
    assert_eq!((&report["read"], &report["rejected"]), (&json!(4), &json!(0)), "{report}");
    let said = report["problems"].to_string();
    for part in ["came before", "can't lie below", "Longer than 200"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let plain = run(&["import", &file("other.xml", &odd.replace("urn:uuid:X", "urn:uuid:Y")), "--source", "odd"]);
    assert!(plain.out.contains("refer to something that is not there yet"), "{}\n{}", plain.out, plain.err);
    let bomb = file("bomb.xml", "<!DOCTYPE CSD [<!ENTITY a \"b\">]><CSD xmlns=\"urn:ihe:iti:csd:2013\">&a;</CSD>");
    let refused = run(&["import", &bomb]);
    assert!(!refused.status.success() && refused.err.contains("document type"), "{}", refused.err);
}
