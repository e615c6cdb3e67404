//! From a registry file to a nurse's reply, typed as an administrator types it, on both engines.

use std::{collections::BTreeSet, fs, path::PathBuf};

use mhero_testkit::{Postgres, Program, TestDatabase, fixture};
use serde_json::Value;

struct Site {
    folder: tempfile::TempDir,
    database: Option<TestDatabase>,
}

impl Site {
    fn run(&self, words: &[&str]) -> String {
        let mut all: Vec<String> = words.iter().map(ToString::to_string).collect();
        if let Some(database) = &self.database {
            all.extend(["--database".to_owned(), database.url()]);
        }
        Program::run(self.folder.path(), all).expect_success()
    }

    fn json(&self, words: &[&str]) -> Value {
        let out = self.run(words);
        serde_json::from_str(&out).unwrap_or_else(|e| panic!("{words:?}: {e}\n{out}"))
    }

    /// How many people a query finds, and how many of them have a valid number.
    fn people(&self, query: &str) -> (usize, usize) {
        let list = self.json(&["people", "list", "--query", query, "--json"]);
        let list = list.as_array().unwrap();
        (list.len(), list.iter().filter(|p| !p["phones"].as_array().unwrap().is_empty()).count())
    }
}

/// The iHRIS export without its practitioners, and the same people with phones.
fn files() -> Option<Vec<String>> {
    let (places, people) = (fixture("fixtures/ihris")?, fixture("fixtures/ihris-phones")?);
    let mut files: Vec<PathBuf> =
        [places, people].iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|f| f.unwrap().path()).collect();
    files.retain(|f| {
        let is_json = f.extension().is_some_and(|e| e == "json");
        is_json && !(f.ends_with("ihris/bundle-Practitioner.json"))
    });
    files.sort();
    Some(files.into_iter().map(|f| f.to_str().unwrap().to_owned()).collect())
}

#[test]
fn a_real_export_is_imported_and_its_midwives_are_asked_and_answer_on_sqlite() {
    story(None);
}

#[test]
fn a_real_export_is_imported_and_its_midwives_are_asked_and_answer_on_postgresql() {
    if let Some(postgres) = Postgres::get() {
        story(Some(postgres.database()));
    }
}

fn story(database: Option<TestDatabase>) {
    let Some(files) = files() else { return };
    let site = Site { folder: tempfile::tempdir().unwrap(), database };
    site.run(&["init", "--country", "LR", "--language", "en,fr", "--timezone", "Africa/Monrovia"]);
    let mut import = vec!["import"];
    import.extend(files.iter().map(String::as_str));
    import.push("--json");
    let first = site.json(&import);
    let count = |report: &Value, key: &str| report[key].as_u64().unwrap();
    assert_eq!((count(&first, "read"), count(&first, "created"), count(&first, "rejected")), (2_329, 2_329, 0));
    let again = site.json(&import);
    assert_eq!((count(&again, "read"), count(&again, "unchanged"), count(&again, "created")), (2_329, 2_329, 0));
    who_is_there(&site);
    ask_the_midwives(&site);
}

fn who_is_there(site: &Site) {
    let all = site.json(&["people", "list", "--json"]);
    let all = all.as_array().unwrap();
    let phones: Vec<&str> =
        all.iter().flat_map(|p| p["phones"].as_array().unwrap()).filter_map(Value::as_str).collect();
    let reachable = all.iter().filter(|p| !p["phones"].as_array().unwrap().is_empty()).count();
    assert_eq!((all.len(), reachable), (1_007, 879));
    assert_eq!(phones.iter().collect::<BTreeSet<_>>().len(), 924);
    assert_eq!(site.people("job != \"\" AND phone != \"\"").0, 867, "with a valid number and a current role");
    assert_eq!(site.people("cadre = midwife"), (25, 20));
    for (place, by_job, by_cadre) in
        [("Capital", (10, 8), (10, 8)), ("Gisamba", (1, 0), (5, 4)), ("Musoza", (4, 3), (4, 3))]
    {
        assert_eq!(site.people(&format!("job = \"Midwife\" AND place = {place}")), by_job, "{place}");
        assert_eq!(site.people(&format!("cadre = midwife AND place = {place}")), by_cadre, "{place}");
    }
}

fn ask_the_midwives(site: &Site) {
    site.run(&["channel", "add", "simulator", "phones"]);
    let text = "MOH: refresher in Capital, 12 June. Can you come? Reply 1 yes, 2 no.";
    let reason = "rehearsal at night";
    let sent = site.json(&[
        "send",
        "--to",
        "cadre = midwife",
        "--text",
        text,
        "--ignore-quiet-hours",
        reason,
        "--yes",
        "--json",
    ]);
    assert_eq!(sent["recipients"], 20, "{sent}");
    let broadcast = sent["broadcast"].as_str().unwrap();
    let page = site.json(&["broadcast", "show", broadcast, "--people", "--json"]);
    let people = page["people"].as_array().unwrap();
    let phones: Vec<&str> = people.iter().filter_map(|p| p["phone"].as_str()).collect();
    assert_eq!(phones.len(), 20);
    for phone in &phones {
        let got = site.json(&["simulate", "phone", phone, "--json"]);
        let got = got["messages"].as_array().unwrap();
        assert_eq!(got.len(), 1);
        assert!(got[0]["text"].as_str().unwrap().ends_with(text));
    }
    site.run(&["simulate", "receive", phones[0], "1 yes thank you"]);
    let heard = site.json(&["messages", "list", "--direction", "in", "--json"]);
    assert_eq!(heard.as_array().unwrap().len(), 1);
    assert_eq!(heard[0]["text"], "1 yes thank you");
    let answered = site.people(&format!("answered = B{}", page["number"].as_i64().unwrap())).0;
    assert_eq!(answered, 1);
}
