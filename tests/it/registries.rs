//! Registries through the command line, on both engines: a DHIS2 and a RapidPro as the testkit plays them.

use std::path::Path;

use mhero_testkit::{
    Country, DHIS2_TOKEN, Dhis2Server, Dialect, Fault, Finished, Postgres, Program, RAPIDPRO_TOKEN, RapidProServer,
    TestDatabase,
};
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
fn dhis2_and_rapidpro_are_read_on_sqlite() {
    story(None);
}

#[test]
fn dhis2_and_rapidpro_are_read_on_postgresql() {
    if let Some(postgres) = Postgres::get() {
        story(Some(&postgres.database()));
    }
}

fn story(database: Option<&TestDatabase>) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let run = |words: &[&str]| run(&data, database, words);
    let json = |words: &[&str]| -> Value {
        let out = run(words).expect_success();
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{words:?}: {error}\n{out}"))
    };
    let _ = run(&["init", "--country", "SL", "--language", "en,fr", "--timezone", "Africa/Freetown"]).expect_success();
    let hmis = Dhis2Server::start(40, Country::SMALL);
    let token = format!("token={DHIS2_TOKEN}");
    let _ = run(&["source", "add", "dhis2", "hmis", &hmis.url(), &token]).expect_success();
    let looked = run(&["source", "test", "hmis"]).expect_success();
    assert!(looked.contains("DHIS2 2.40.1") && looked.contains("19"), "{looked}");
    let first = json(&["sync", "hmis", "--json"]);
    assert_eq!((&first["created"], &first["rejected"]), (&json!(19 + 30 + 1), &json!(0)), "{first}");
    let people = || json(&["people", "list", "--json"]).as_array().unwrap().len();
    assert_eq!(people(), 30);
    let below = json(&["people", "list", "--query", "place = \"District 1\"", "--json"]);
    eprintln!("DHIS2: 19 places, {} people, {} below District 1", people(), below.as_array().unwrap().len());
    assert!((1..30).contains(&below.as_array().unwrap().len()), "{below}");
    hmis.advance(60);
    hmis.change("users", 3, &json!({"surname": "Sesay"}));
    let second = json(&["sync", "hmis", "--json"]);
    assert_eq!((&second["created"], &second["updated"]), (&json!(0), &json!(1)), "{second}");
    hmis.delete("users", 29);
    json(&["sync", "hmis", "--whole", "--json"]);
    hmis.fault(Fault::Html);
    let failed = run(&["sync", "hmis"]);
    let said = format!("{}{}", failed.out, failed.err);
    assert!(!failed.status.success() && said.contains("log-in page"), "{said}");
    contacts(&run, &json);
}

fn contacts(run: &dyn Fn(&[&str]) -> Finished, json: &dyn Fn(&[&str]) -> Value) {
    let rapidpro = RapidProServer::start(Dialect::Nine, 23, 5);
    let own = json(&["people", "list", "--json"]).as_array().unwrap().len();
    let token = format!("token={RAPIDPRO_TOKEN}");
    let _ = run(&["source", "add", "rapidpro", "rp", &rapidpro.url(), &token]).expect_success();
    rapidpro.change(1, &json!({"fields": {"globalid": "U0000000003", "mheroentitytype": "Practitioner"}}));
    let first = json(&["sync", "rp", "--json"]);
    assert_eq!((&first["created"], &first["rejected"]), (&json!(23), &json!(0)), "{first}");
    // One of them is somebody whom DHIS2 named.
    let all = json(&["people", "list", "--json"]).as_array().unwrap().len();
    eprintln!("RapidPro: 23 contacts, {} new people", all - own);
    assert_eq!(all, own + 22);
    rapidpro.delete(7);
    json(&["sync", "rp", "--json"]);
}
