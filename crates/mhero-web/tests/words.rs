//! English and French always say the same things: same keys, same variables, in every file of `locales/`; and every key
//! that a template or a page asks for exists.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, end));
        } else if path.extension().is_some_and(|x| x == end) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Keys of a Fluent file with the variables that each uses. Terms, comments and attributes count with their message.
fn keys(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = String::new();
    for line in text.lines() {
        let starts = line.chars().next().is_some_and(|x| x.is_ascii_alphabetic() || x == '-');
        if let (true, Some((key, _))) = (starts, line.split_once(" =")) {
            current = key.trim().to_owned();
            assert!(found.insert(current.clone(), BTreeSet::new()).is_none(), "{current} stands twice");
        }
        if line.starts_with('#') || current.is_empty() {
            continue;
        }
        for rest in line.split('$').skip(1) {
            let name: String = rest.chars().take_while(|x| x.is_ascii_alphanumeric() || "-_".contains(*x)).collect();
            found.entry(current.clone()).or_default().insert(name);
        }
    }
    found
}

fn language(tag: &str) -> BTreeMap<String, (PathBuf, BTreeSet<String>)> {
    let mut all = BTreeMap::new();
    for path in files(&root().join("locales").join(tag), "ftl") {
        let text = fs::read_to_string(&path).expect("a locale file");
        let name = PathBuf::from(path.file_name().expect("a name"));
        for (key, variables) in keys(&text) {
            let before = all.insert(key.clone(), (name.clone(), variables));
            assert!(before.is_none(), "{key} stands in two files of {tag}");
        }
    }
    all
}

#[test]
fn english_and_french_have_the_same_keys_and_variables_in_the_same_files() {
    let (en, fr) = (language("en"), language("fr"));
    let missing: Vec<_> = en.keys().filter(|key| !fr.contains_key(*key)).collect();
    let extra: Vec<_> = fr.keys().filter(|key| !en.contains_key(*key)).collect();
    assert!(missing.is_empty() && extra.is_empty(), "only in English: {missing:?}; only in French: {extra:?}");
    let differing: Vec<_> = en.iter().filter(|(key, english)| fr[*key] != **english).collect();
    assert!(differing.is_empty(), "file or variables differ: {differing:?}");
}

#[test]
fn other_languages_have_no_key_of_their_own() {
    let en = language("en");
    for tag in ["pt", "ar"] {
        for (key, (_, variables)) in language(tag) {
            let english = en.get(&key).unwrap_or_else(|| panic!("{key} of {tag} is not in English"));
            assert!(variables.is_subset(&english.1), "{key} of {tag} uses a variable that English does not have");
        }
    }
}

#[test]
fn every_key_that_a_page_asks_for_exists() {
    let en = language("en");
    let crates = root().join("crates/mhero-web");
    let mut sources = files(&root().join("templates"), "html");
    sources.extend(files(&crates.join("src"), "rs"));
    let mut missing = BTreeSet::new();
    for path in sources {
        let text = fs::read_to_string(&path).expect("a source");
        for call in [".t(\"", ".t1(\"", ".t2(\"", ".t3(\"", ".with(\"", "Reason::plain(\"", "Reason::new(\""] {
            for rest in text.split(call).skip(1) {
                let key = rest.split('"').next().unwrap_or_default();
                if !en.contains_key(key) && key != "no-such-key" {
                    missing.insert((path.file_name().map(ToOwned::to_owned), key.to_owned()));
                }
            }
        }
    }
    assert!(missing.is_empty(), "asked for and not there: {missing:?}");
}

#[test]
fn french_pages_keep_french_typography() {
    let path = root().join("locales/fr/console.ftl");
    let text = fs::read_to_string(path).expect("the French console");
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.starts_with("sign-in-sample")) {
        let words = line.split_once(" = ").map_or(line, |(_, words)| words);
        assert!(!words.contains('\''), "an apostrophe is ’: {line}");
        for sign in [" ;", " !", " ?", " %", " :", "« ", " »"] {
            assert!(!words.contains(sign), "the space of {sign:?} may break: {line}");
        }
    }
}
