//! Arrows only point down: which crate of ours may know which, and which outside library it may know.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

use serde_json::Value;

use super::{report, root, sources};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Layer {
    /// Words, and pure functions on them.
    Pure,
    /// The synthetic country: pure too, but the product's sample, not its core.
    Country,
    /// All SQL.
    Store,
    /// Use cases.
    App,
    /// Use cases of the neighbours' protocols, on top of the others.
    Exchange,
    /// Sign-in of people, on top of the signed tokens that neighbours show.
    SignIn,
    /// HTTP, sockets, templates.
    Edge,
    /// The binary.
    Program,
    /// Tests, benchmarks, tasks.
    Development,
}

/// Every crate has its layer here; a new one is added with a thought.
const LAYERS: &[(&str, Layer)] = &[
    ("mhero-core", Layer::Pure),
    ("mhero-text", Layer::Pure),
    ("mhero-query", Layer::Pure),
    ("mhero-expr", Layer::Pure),
    ("mhero-wire", Layer::Pure),
    ("mhero-fhir", Layer::Pure),
    ("mhero-flow", Layer::Pure),
    ("mhero-flow-migrations", Layer::Pure),
    ("mhero-linkage", Layer::Pure),
    ("mhero-country", Layer::Country),
    ("mhero-store", Layer::Store),
    ("mhero-app", Layer::App),
    ("mhero-disclosure", Layer::Exchange),
    ("mhero-backend", Layer::Exchange),
    ("mhero-exchange", Layer::Exchange),
    ("mhero-api", Layer::Exchange),
    ("mhero-rapidpro", Layer::Exchange),
    ("mhero-signin", Layer::SignIn),
    ("mhero-channels", Layer::Edge),
    ("mhero-registries", Layer::Edge),
    ("mhero-effects", Layer::Edge),
    ("mhero-voice", Layer::Edge),
    ("mhero-web", Layer::Edge),
    ("mhero-web-api", Layer::Edge),
    ("mhero-web-fhir", Layer::Edge),
    ("mhero-web-rapidpro", Layer::Edge),
    ("mhero-web-exchange", Layer::Edge),
    ("mhero-web-tls", Layer::Edge),
    ("mhero", Layer::Program),
    ("mhero-testkit", Layer::Development),
    ("mhero-conformance", Layer::Development),
    ("mhero-tests", Layer::Development),
    ("xtask", Layer::Development),
];

/// Outside libraries that only some of our crates may name, by a prefix of the library's name.
const GUARDED: &[(&str, &[&str])] = &[
    ("axum", &["mhero-web", "mhero"]),
    ("tower", &["mhero-web", "mhero"]),
    ("askama", &["mhero-web"]),
    ("rusqlite", &["mhero-store"]),
    ("tokio-postgres", &["mhero-store"]),
    ("deadpool-postgres", &["mhero-store"]),
    ("refinery", &["mhero-store"]),
    ("anyhow", &["mhero"]),
    ("clap", &["mhero"]),
    ("config", &["mhero"]),
];

/// What a pure crate must not know: I/O, clocks, chance.
const IMPURE: &[&str] = &["tokio", "reqwest", "rand", "getrandom", "tempfile", "tracing", "metrics", "async-trait"];

/// A dependency of ours as cargo tells it.
struct Edge {
    from: String,
    to: String,
    development: bool,
}

#[test]
fn arrows_only_point_down() {
    let findings: Vec<_> = edges().iter().filter_map(upward).collect();
    report("a crate knows only crates below it, and edges do not know one another:", &findings);
}

#[test]
fn every_crate_has_a_layer() {
    let findings: Vec<_> =
        members().into_keys().filter(|name| layer(name).is_none()).map(|name| format!("{name} has none")).collect();
    report("each crate of the workspace has its layer in this file:", &findings);
}

#[test]
fn libraries_stay_where_they_belong() {
    let edges = edges();
    let guarded = edges.iter().filter_map(|edge| {
        let (_, owners) = GUARDED.iter().find(|(prefix, _)| names(prefix, &edge.to))?;
        let development = edge.development || layer(&edge.from) == Some(Layer::Development);
        let allowed = development || owners.iter().any(|owner| names(owner, &edge.from));
        (!allowed).then(|| format!("{} knows {}; only {} may", edge.from, edge.to, owners.join(", ")))
    });
    let impure = edges.iter().filter_map(|edge| {
        let breach = layer(&edge.from) == Some(Layer::Pure) && IMPURE.contains(&edge.to.as_str()) && !edge.development;
        breach.then(|| format!("{} is pure and knows {}", edge.from, edge.to))
    });
    report("libraries stay where they belong:", &guarded.chain(impure).collect::<Vec<_>>());
}

#[test]
fn every_library_has_its_reason_written_down() {
    let page = std::fs::read_to_string(root().join("docs/dev/dependencies.md")).expect("the page of libraries");
    let words: BTreeSet<&str> = page.split(|c: char| !(c.is_alphanumeric() || "-_.".contains(c))).collect();
    let missing = |edge: &Edge| layer(&edge.to).is_none() && !words.contains(edge.to.as_str());
    let findings: BTreeSet<_> =
        edges().into_iter().filter(missing).map(|edge| format!("{} (of {})", edge.to, edge.from)).collect();
    report("docs/dev/dependencies.md says why each library is here:", &findings.into_iter().collect::<Vec<_>>());
}

#[test]
fn clocks_and_settings_are_read_in_one_place() {
    let clock = ["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now"];
    let settings = ["env::var", "env::vars"];
    let mut findings = Vec::new();
    for source in sources().iter().filter(|source| source.path.starts_with("crates/") && source.has_ending(&["rs"])) {
        let name = source.path.split('/').nth(1).unwrap_or_default();
        let Some(layer) = layer(name) else { continue };
        let tests = source.first_test_line();
        for (number, line) in source.lines().filter(|(number, _)| *number < tests) {
            let at = format!("{}:{number}", source.path);
            if layer <= Layer::Country && clock.iter().any(|call| line.contains(call)) {
                findings.push(format!("{at} reads a clock; time comes in as an argument"));
            }
            if layer < Layer::Program && settings.iter().any(|call| line.contains(call)) {
                findings.push(format!("{at} reads the environment; only the binary does"));
            }
        }
    }
    report("clocks and settings come in as arguments:", &findings);
}

#[test]
fn an_upward_edge_would_be_seen() {
    let edge = |from: &str, to: &str| Edge { from: from.into(), to: to.into(), development: false };
    assert!(upward(&edge("mhero-text", "mhero-store")).is_some());
    assert!(upward(&edge("mhero-web", "mhero-channels")).is_some());
    assert!(upward(&edge("mhero-web", "mhero-store")).is_some());
    assert!(upward(&edge("mhero-app", "mhero-testkit")).is_some());
    assert!(upward(&edge("mhero-text", "mhero-core")).is_none());
    assert!(upward(&edge("mhero-web", "mhero-app")).is_none());
    assert!(names("mhero-web", "mhero-web-fhir") && names("axum", "axum-extra") && !names("mhero", "mhero-web"));
}

fn layer(name: &str) -> Option<Layer> {
    LAYERS.iter().find(|(known, _)| *known == name).map(|(_, layer)| *layer)
}

/// Whether `pattern` names `name`: itself, or the family `pattern-…` where the pattern is not the binary.
fn names(pattern: &str, name: &str) -> bool {
    name == pattern || (pattern != "mhero" && name.strip_prefix(pattern).is_some_and(|rest| rest.starts_with('-')))
}

fn upward(edge: &Edge) -> Option<String> {
    let (from, to) = (layer(&edge.from)?, layer(&edge.to)?);
    let allowed = match (from, to) {
        // A test of any layer may use the kit, and the layers above as scenery.
        _ if edge.development => true,
        (Layer::Development, _) | (Layer::Pure, Layer::Pure) => true,
        // SQL is spoken to by use cases alone.
        (Layer::Edge, Layer::Store) => false,
        _ => to < from,
    };
    (!allowed).then(|| format!("{} ({from:?}) must not know {} ({to:?})", edge.from, edge.to))
}

fn edges() -> Vec<Edge> {
    let dependencies = |(from, package): (String, Value)| {
        let listed = package["dependencies"].as_array().cloned().unwrap_or_default();
        listed.into_iter().map(move |dependency| Edge {
            from: from.clone(),
            to: dependency["name"].as_str().unwrap_or_default().to_owned(),
            development: dependency["kind"] == "dev",
        })
    };
    members().into_iter().flat_map(dependencies).collect()
}

/// The packages of the workspace by name, as `cargo metadata` describes them.
fn members() -> BTreeMap<String, Value> {
    let told = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo describes the workspace");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let told: Value = serde_json::from_slice(&told.stdout).expect("cargo metadata is JSON");
    let packages = told["packages"].as_array().expect("a list of packages");
    packages.iter().map(|package| (package["name"].as_str().expect("a name").to_owned(), package.clone())).collect()
}
