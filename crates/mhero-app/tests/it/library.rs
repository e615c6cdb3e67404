//! The ready use cases, loaded into an empty installation and used by phone.

use mhero_app::{
    Caller,
    flows::{ImportedKind, library},
};
use mhero_flow::checks::Severity;

use crate::common::{TestApp, engines};

#[tokio::test]
async fn the_whole_library_loads_side_by_side_and_answers() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        let caller = Caller::system();
        let reports = t.app.load_library(&caller).await.expect("reports");
        assert_eq!(reports.len(), library::entries().len());
        for (entry, report) in &reports {
            let refused: Vec<_> = report.refused().collect();
            assert!(refused.is_empty(), "{engine:?} {}: {refused:?}", entry.key);
            assert!(report.count(ImportedKind::Flow, "created") > 0, "{}", entry.key);
            let found = report.parts.iter().flat_map(|part| &part.findings);
            let found: Vec<_> = found.filter(|finding| finding.severity() > Severity::Hint).collect();
            assert!(found.is_empty(), "{}: {found:?}", entry.key);
        }
        let again = t.app.load_library(&caller).await.expect("reports");
        for (entry, report) in &again {
            let changed: Vec<_> = report.parts.iter().filter(|part| part.outcome.word() != "known").collect();
            assert!(changed.is_empty(), "{}: {changed:?}", entry.key);
        }
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"]), ("P2", "Awa Camara", "fr", &["0770000002"])]).await;
        t.hear("+231770000001", "soh zi 40 or 12 la 60 xx 9").await;
        let last = || t.fake.texts().last().map(|(_, text)| text.clone()).unwrap_or_default();
        assert!(last().starts_with("Saved: zinc 40, ORS 12, LA1x6 60. Unknown code XX"), "{engine:?} {}", last());
        t.hear("+231770000001", "ok").await;
        assert!(last().starts_with("Thank you, your stock report is complete."), "{engine:?} {}", last());
        t.hear("+231770000002", "Aide").await;
        assert!(last().starts_with("Envoyez: ALERTE cas, STK stock"), "{engine:?} {}", last());
        t.hear("+231770000002", "une personne svp").await;
        assert!(last().starts_with("Une personne de l'équipe"), "{engine:?} {}", last());
    }
}
