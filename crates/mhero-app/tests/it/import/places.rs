//! Places: the tree, what moves in it, and what can't stand in it.

use mhero_store::{Engine, Statement};
use serde_json::{Value, json};

use super::{import, import_into, keys, number, records, texts, verdicts};
use crate::common::{TestApp, engines};

static TREE: Statement = Statement::both(
    "test::tree",
    "SELECT a.search || '>' || d.search || '=' || CAST(c.depth AS TEXT) FROM place_closure c JOIN place a ON a.id = c.ancestor JOIN place d ON d.id = c.descendant WHERE c.depth > 0 ORDER BY 1",
);
static PLACES: Statement = Statement::both("test::places", "SELECT CAST(COUNT(*) AS BIGINT) FROM place");

fn place(id: &str, parent: Option<&str>) -> Value {
    named(id, &format!("Place {id}"), parent)
}

fn named(id: &str, name: &str, parent: Option<&str>) -> Value {
    let mut place =
        json!({"resourceType": "Location", "id": id, "name": name, "physicalType": {"coding": [{"code": "jdn"}]}});
    if let Some(parent) = parent {
        place["partOf"] = json!({"reference": format!("Location/{parent}")});
    }
    place
}

#[tokio::test(flavor = "multi_thread")]
async fn subtrees_move_with_all_below_them() {
    for engine in engines() {
        let test = TestApp::new(engine).await;
        let first =
            [place("c", Some("b")), place("d", Some("c")), place("a", None), place("b", Some("a")), place("z", None)];
        assert_eq!(verdicts(&import(&test.app, &first).await), [5, 0, 0, 0]);
        let whole = [
            "place a>place b=1",
            "place a>place c=2",
            "place a>place d=3",
            "place b>place c=1",
            "place b>place d=2",
            "place c>place d=1",
        ];
        assert_eq!(texts(&test.app, &TREE).await, whole);
        assert_eq!(verdicts(&import(&test.app, &[place("c", Some("z"))]).await), [0, 1, 0, 0]);
        let moved = ["place a>place b=1", "place c>place d=1", "place z>place c=1", "place z>place d=2"];
        assert_eq!(texts(&test.app, &TREE).await, moved);
        import(&test.app, &[place("c", None)]).await;
        assert_eq!(texts(&test.app, &TREE).await, ["place a>place b=1", "place c>place d=1"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_edge_that_closes_a_circle_is_refused() {
    for engine in engines() {
        let test = TestApp::new(engine).await;
        let circle = [place("a", Some("c")), place("b", Some("a")), place("c", Some("b")), place("e", Some("e"))];
        let report = import(&test.app, &circle).await;
        assert_eq!(verdicts(&report), [4, 0, 0, 0]);
        assert_eq!(keys(&report), ["import-place-circle", "import-place-circle"]);
        let args = &report.problems[0].problem.reason.args;
        assert!(args.iter().all(|(_, name)| name.starts_with("Place ")), "{args:?}");
        assert_eq!(texts(&test.app, &TREE).await.len(), 3);
        let again = import(&test.app, &circle).await;
        assert_eq!((verdicts(&again), again.warnings), ([0, 0, 4, 0], 0));
        // The circle is mended at the source: what was refused finds its place.
        import(&test.app, &[place("b", None)]).await;
        assert_eq!(texts(&test.app, &TREE).await, ["place b>place a=2", "place b>place c=1", "place c>place a=1"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_that_is_too_deep_is_cut_with_a_warning() {
    let test = TestApp::new(Engine::Sqlite).await;
    let name = |at: usize| format!("p{at}");
    let chain: Vec<Value> = (0..30).map(|at| place(&name(at), at.checked_sub(1).map(name).as_deref())).collect();
    let report = import(&test.app, &chain).await;
    assert_eq!(report.created, 30);
    assert_eq!(keys(&report), ["import-place-too-deep"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn location_and_organization_of_one_id_are_one_place() {
    for engine in engines() {
        let facility = named("f", "Hope Clinic", Some("county"));
        let organization = json!({"resourceType": "Organization", "id": "f", "name": "Hope Clinic Ltd"});
        for order in [[0, 1, 2], [1, 2, 0], [2, 0, 1]] {
            let test = TestApp::new(engine).await;
            let all = [facility.clone(), organization.clone(), place("county", None)];
            import(&test.app, &order.map(|at| all[at].clone())).await;
            assert_eq!(number(&test.app, &PLACES, vec![]).await, 2);
            assert_eq!(texts(&test.app, &TREE).await, ["place county>hope clinic=1"], "{order:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn places_of_two_sources_are_one_by_an_identifier() {
    let test = TestApp::new(Engine::Sqlite).await;
    let identified = |id: &str, name: &str| {
        let mut place = named(id, name, None);
        place["identifier"] = json!([{"system": "http://dhis2.example", "value": "Rp268JB6Ne4"}]);
        place
    };
    import_into(&test.app, "hr", records(&[identified("1", "Hope Clinic")])).await;
    import_into(&test.app, "epi", records(&[identified("77", "HOPE CLINIC (EPI)"), place("78", None)])).await;
    assert_eq!(number(&test.app, &PLACES, vec![]).await, 2);
    static NAMES: Statement = Statement::both("test::names", "SELECT search FROM place ORDER BY search");
    assert_eq!(texts(&test.app, &NAMES).await, ["hope clinic", "place 78"]);
}
