//! The ready use cases of `library/`: each is sound by itself, speaks both languages in single SMS, and its conversations go as
//! their scripts say.

mod entry;
mod phone;
mod soundness;
mod world;

use std::fmt::Write as _;

use entry::{Entry, LANGS};

/// Answers of one kind after which the longest conversation must have ended.
const ANSWERS_MAX: usize = 15;

#[test]
fn conversations_go_as_their_scripts_say() {
    let mut wrong = String::new();
    for entry in entry::all() {
        for lang in LANGS {
            for talk in entry.talks(lang) {
                if let Err(why) = phone::play(&entry, lang, &talk) {
                    let name = talk["name"].as_str().unwrap_or_default();
                    let _ = writeln!(wrong, "{}/{lang}: {name}: {why}", entry.key);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Autoresponders, children with a phone, people who never answer: every conversation comes to its end.
#[test]
fn nobody_is_asked_for_ever() {
    let mut wrong = String::new();
    for entry in entry::all() {
        for lang in LANGS {
            let person = &entry.talks(lang)[0]["person"];
            for flow in &entry.flows {
                for answer in [None, Some("%&?"), Some("I am driving"), Some("9999"), Some("oui"), Some("")] {
                    if let Err(why) = phone::answers_to_end(&entry, lang, (flow, person), answer, ANSWERS_MAX) {
                        let _ = writeln!(wrong, "{}/{lang}: {}: {answer:?}: {why}", entry.key, flow.name);
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn each_use_case_is_sound() {
    let entries = entry::all();
    assert_eq!(entries.len(), 15, "the library has all its use cases");
    let found: Vec<String> = entries.iter().flat_map(soundness::findings).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn words_and_ids_belong_to_one_use_case() {
    let found = soundness::clashes(&entry::all());
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn pages_tell_what_somebody_needs_to_know() {
    let lacks = |entry: &Entry| {
        let mut found = Vec::new();
        for lang in LANGS {
            let page = entry.page(lang);
            let words = entry.words(lang).into_iter().chain(entry.names_of("groups")).chain(entry.names_of("flows"));
            found.extend(
                words.filter(|word| !page.contains(word)).map(|word| format!("{}/{lang}: no {word}", entry.key)),
            );
            if !page.starts_with(&format!("# {}\n", entry.about["names"][lang].as_str().unwrap_or_default())) {
                found.push(format!("{}/{lang}: the title is not the name", entry.key));
            }
        }
        found
    };
    let found: Vec<String> = entry::all().iter().flat_map(lacks).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}
