//! What a file may hold and how long it may be.

use super::{Source, report, sources};

/// Past this a file has more than one subject.
const FILE_LINES: usize = 800;
/// A `lib.rs` is a table of contents.
const LIB_LINES: usize = 80;

/// Endings of what we write by hand.
const CODE: &[&str] = &["rs", "ts", "mjs", "js", "css", "html", "sh", "sql", "ftl", "toml", "py"];

/// Tables of data, which may be as long as their subject.
const TABLES: &[&str] = &["Cargo.toml"];

/// Written by a tool, and therefore with that tool's words.
fn is_generated(source: &Source) -> bool {
    source.path.starts_with("generated/")
        || source.path.contains("/snapshots/")
        || source.has_ending(&["lock", "svg"])
        || source.path.ends_with("package-lock.json")
}

#[test]
fn files_are_short() {
    let long = |source: &Source| {
        let lines = source.text.lines().count();
        let limit = if source.path.ends_with("src/lib.rs") { LIB_LINES } else { FILE_LINES };
        (lines > limit).then(|| format!("{} has {lines} lines, at most {limit}", source.path))
    };
    let written = |source: &&Source| source.has_ending(CODE) && !TABLES.contains(&source.path.as_str());
    let sources = sources();
    let findings: Vec<_> =
        sources.iter().filter(written).filter(|source| !is_generated(source)).filter_map(long).collect();
    report("files are short, and lib.rs is a table of contents:", &findings);
}

#[test]
fn nothing_is_left_unfinished() {
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
    let phrases = [
        concat!("to", "do!("),
        concat!("unimplemented", "!("),
        concat!("simplified for", " now"),
        concat!("for now", ", we"),
        concat!("for now", " we"),
        concat!("in a real", " system"),
        concat!("in a real", " implementation"),
    ];
    let finding = |line: &str| has_word(line, &words) || phrases.iter().any(|phrase| line.contains(phrase));
    let written = |source: &Source| source.has_ending(CODE);
    report("what is not there yet is not hinted at:", &lines_where(written, finding));
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    let folders = [concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/wo", "rk/"), concat!("/Use", "rs/")];
    let at_start = |line: &str, folder: &str| {
        line.match_indices(folder).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            !before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.')
        })
    };
    let finding = |line: &str| folders.iter().any(|folder| at_start(line, folder));
    report("no absolute path of a machine:", &lines_where(|source| !is_generated(source), finding));
}

#[test]
fn no_file_names_a_package_registry() {
    let hosts = [
        concat!("crates", ".io"),
        concat!("npmjs", ".org"),
        concat!("npmjs", ".com"),
        concat!("pypi", ".org"),
        concat!("pythonhosted", ".org"),
        concat!("deb.debian", ".org"),
        concat!("proxy.golang", ".org"),
    ];
    // cargo itself writes its registry's address into its lock file; npm is told not to.
    let written = |source: &Source| source.path != "Cargo.lock" && !source.path.ends_with("/Cargo.lock");
    let finding = |line: &str| hosts.iter().any(|host| line.contains(host));
    report("packages are named, where they come from is each machine's own matter:", &lines_where(written, finding));
}

#[test]
fn tests_wait_for_conditions_and_never_sleep() {
    let calls = [concat!("thread::", "sleep"), concat!("time::", "sleep"), concat!("waitFor", "Timeout")];
    let mut findings = Vec::new();
    for source in sources().iter().filter(|source| source.has_ending(&["rs", "mjs", "ts"])) {
        let first = source.first_test_line();
        let sleeping =
            source.lines().filter(|(number, line)| *number >= first && calls.iter().any(|call| line.contains(call)));
        findings.extend(sleeping.map(|(number, line)| format!("{}:{number} {}", source.path, line.trim())));
    }
    report("a test turns the clock or waits for a condition:", &findings);
}

#[test]
fn lints_are_expected_with_a_reason_and_never_allowed() {
    let spellings = [concat!("#[al", "low("), concat!("#![al", "low(")];
    let unsafely = concat!("un", "safe {");
    let finding = |line: &str| spellings.iter().any(|it| line.contains(it)) || line.contains(unsafely);
    report("#[expect(.., reason = \"..\")] instead:", &lines_where(|source| source.has_ending(&["rs"]), finding));
}

#[test]
fn folders_hold_only_what_belongs_there() {
    let strays = [".orig", ".rej", ".bak", ".swp", ".DS_Store", ".db", ".sqlite"];
    let findings: Vec<_> = sources()
        .into_iter()
        .filter(|source| strays.iter().any(|ending| source.path.ends_with(ending)))
        .map(|source| source.path)
        .collect();
    report("left behind by a tool:", &findings);
}

#[test]
fn a_breach_would_be_seen() {
    let words = ["STOP"];
    assert!(has_word("// STOP: later", &words) && has_word("STOP", &words));
    assert!(!has_word("NONSTOP", &words) && !has_word("STOP_WORDS", &words));
}

/// Whether one of `words` stands alone in `line`, not as a part of a longer name.
fn has_word(line: &str, words: &[&str]) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let alone = |word: &str| {
        line.match_indices(word).any(|(at, _)| {
            !line[..at].chars().next_back().is_some_and(part)
                && !line[at + word.len()..].chars().next().is_some_and(part)
        })
    };
    words.iter().any(|word| alone(word))
}

fn lines_where(written: impl Fn(&Source) -> bool, finding: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| written(source)) {
        let lines = source.lines().filter(|(_, line)| finding(line));
        found.extend(lines.map(|(number, line)| {
            format!("{}:{number} {}", source.path, line.trim().chars().take(100).collect::<String>())
        }));
    }
    found
}
