//! The corpus of replies: the goals that must not slip. `cargo xtask replies` prints the scores by which this test decides.
#![expect(clippy::print_stderr, reason = "a skipped test says so, a failed one why")]

use std::{
    fs,
    path::{Path, PathBuf},
};

#[path = "../../../xtask/src/replies/approvals.rs"]
mod approvals;
#[path = "../../../xtask/src/replies/case.rs"]
mod case;
#[path = "../../../xtask/src/replies/score.rs"]
mod score;

use case::{Case, Contexts};
use score::{Tally, Verdict};
use serde_json::Value;

/// Where the facts stand: `MHERO_SHARED`, else beside the project.
fn corpus() -> Option<PathBuf> {
    let shared = std::env::var_os("MHERO_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let corpus = shared.join("conformance/replies");
    if !corpus.exists() {
        eprintln!("skipped: {} is absent", corpus.display());
        return None;
    }
    Some(corpus)
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).expect("a file")).expect("JSON")
}

fn tally(contexts: &Contexts, cases: &[Case]) -> Tally {
    let mut tally = Tally::default();
    for case in cases {
        let produced = contexts.understand(case).expect("a context");
        let verdict = Verdict::of(case, &produced);
        if !verdict.understood || verdict.false_accept {
            eprintln!("{}: {:?} gave {produced}, expected {}", case.id, case.text, case.expect);
        }
        tally.add(case, &verdict);
    }
    tally
}

#[test]
fn stop_words_and_keywords_reach_their_goals() {
    let Some(corpus) = corpus() else { return };
    let contexts = Contexts::read(&json(&corpus.join("contexts.json"))).expect("contexts");
    for family in ["stop_words", "keyword"] {
        let cases = Case::read_all(&json(&corpus.join("cases").join(family).with_extension("json"))).expect("cases");
        let tally = tally(&contexts, &cases);
        assert_eq!(tally.false_accepts, 0, "{family}");
        assert!(tally.understood * 100 >= tally.cases * 97, "{family}: {} of {}", tally.understood, tally.cases);
        assert_eq!(tally.forwarded.right, tally.forwarded.of, "{family}: not all that must reach a person do");
    }
}

/// In every family control words come first, but no answer, report or claim is taken for one.
#[test]
fn no_other_reply_is_taken_for_a_wish_to_leave_or_return() {
    let Some(corpus) = corpus() else { return };
    let contexts = Contexts::read(&json(&corpus.join("contexts.json"))).expect("contexts");
    for entry in fs::read_dir(corpus.join("cases")).expect("cases") {
        let file = json(&entry.expect("a file").path());
        for case in Case::read_all(&file).expect("cases") {
            let produced = contexts.understand(&case).expect("a context");
            let wanted = case.expect.to_string().contains(&format!("\"kind\":\"{}\"", produced.kind));
            let silent = ["stop", "start", "help", "ignore"].contains(&produced.kind);
            assert!(wanted || !silent, "{}: {:?} gave {produced}", case.id, case.text);
        }
    }
}

/// A copy of the contexts with a keyword and a STOP word renamed: the answers follow, without another build.
#[test]
fn a_renamed_word_is_understood_and_the_old_one_is_not() {
    let Some(corpus) = corpus() else { return };
    let text = fs::read_to_string(corpus.join("contexts.json")).expect("a file");
    let renamed = text
        .replace(r#""en": ["ALERT"]"#, r#""en": ["ZAPHOD"]"#)
        .replace(r#""fr": ["ALERTE"]"#, r#""fr": ["ZAPHODE"]"#);
    let renamed = renamed.replace(r#""stop": ["STOP","#, r#""stop": ["ZARQUON","#);
    assert_ne!(text, renamed);
    let contexts = Contexts::read(&serde_json::from_str(&renamed).expect("JSON")).expect("contexts");
    let read = |text: &str| {
        let case = serde_json::json!({"cases": [{"id": "x", "lang": "en", "text": text, "context": "kw_idle_en", "expect": {}}]});
        let case = Case::read_all(&case).expect("a case").remove(0);
        contexts.understand(&case).expect("a context").to_string()
    };
    assert_eq!(read("zaphod cholera"), r#"keyword {"keyword":"ALERT","rest":"cholera"}"#);
    assert_eq!(read("zafod cholera"), r#"keyword {"keyword":"ALERT","rest":"cholera"}"#);
    assert!(!read("alert cholera").starts_with("keyword"));
    assert_eq!(read("zarquon pls"), r#"stop {"scope":"all"}"#);
}
