//! Every reason of these connectors has its sentence in both languages.

use std::{fs, path::Path};

#[test]
fn every_reason_has_its_sentence_in_both_languages() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for kind in ["dhis2", "rapidpro"] {
        let mut text = String::new();
        for krate in ["mhero-wire", "mhero-registries"] {
            for file in
                fs::read_dir(root.join("crates").join(krate).join("src").join(kind)).expect("a folder").flatten()
            {
                let source = fs::read_to_string(file.path()).expect("a source");
                text.push_str(source.split("#[cfg(test)]").next().unwrap_or_default());
            }
        }
        let prefix = format!("{kind}-");
        let mut used: Vec<&str> = text
            .split('"')
            .filter(|word| word.starts_with(&prefix) || *word == "registry-setting")
            .filter(|word| !word.contains(char::is_whitespace))
            .collect();
        used.sort_unstable();
        used.dedup();
        assert!(used.len() > 8, "{used:?}");
        for lang in ["en", "fr"] {
            let read = |name: &str| {
                let path = root.join("locales").join(lang).join(format!("registries-{name}.ftl"));
                fs::read_to_string(path).expect("sentences")
            };
            let sentences = read("dhis2") + &read("rapidpro");
            for key in &used {
                assert!(sentences.lines().any(|line| line.starts_with(&format!("{key} ="))), "{lang}: {key}");
            }
            let own = read(kind);
            let told = own.lines().filter_map(|line| line.split_once(" =")).map(|(key, _)| key.trim());
            for key in told.filter(|key| key.starts_with(&prefix)) {
                assert!(used.contains(&key), "{lang}: nobody says {key}");
            }
        }
    }
}
