//! Settings of sources: checked, sealed, changed, removed.

use mhero_app::{AppError, Caller, people::NewSource, sync::SourceChange};
use mhero_store::Statement;

use super::{Bench, Step, people};
use crate::common::engines;

static CONFIG: Statement = Statement::both("test::source_config", "SELECT config FROM source WHERE name = 'hr'");

fn key(error: AppError) -> &'static str {
    match error {
        AppError::Invalid(reason) => reason.key,
        other => unreachable!("{other}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_checked_and_secrets_sealed() {
    for engine in engines() {
        let bench = Bench::new(engine, &[("username", "mhero"), ("password", "s3cret"), ("every", "1h")]).await;
        let app = &bench.test.app;
        let caller = Caller::system();
        let stored: String = app.store().query(&CONFIG, vec![]).await.expect("it answers")[0].get(0).expect("a text");
        assert!(stored.contains("mhero") && !stored.contains("s3cret"));
        let new = |name: &str, kind: &str, url: Option<&str>, setting: (&str, &str)| NewSource {
            name: name.into(),
            kind: kind.into(),
            url: url.map(ToOwned::to_owned),
            config: vec![(setting.0.into(), setting.1.into())],
            rank: None,
        };
        let url = Some("https://x.example");
        for (new, wanted) in [
            (new("b", "none", url, ("username", "x")), "sync-unknown-kind"),
            (new("b", "fake", url, ("user", "x")), "sync-unknown-key"),
            (new("b", "fake", None, ("username", "x")), "fake-url-missing"),
            (new("b", "fake", url, ("every", "often")), "sync-setting"),
            (new("hr", "fake", url, ("every", "1h")), "import-source-exists"),
            (new(" ", "fake", url, ("every", "1h")), "import-source-nameless"),
            (new(&"x".repeat(61), "fake", url, ("every", "1h")), "sync-source-name"),
        ] {
            assert_eq!(key(app.add_source(&caller, &new).await.expect_err("refused")), wanted);
        }
        let change = SourceChange {
            config: vec![("password".into(), "other".into()), ("username".into(), String::new())],
            ..SourceChange::default()
        };
        app.set_source(&caller, "hr", &change).await.expect("it is changed");
        app.registry(bench.status().await.source.id).await.expect("a registry");
        let settings = bench.registry.settings();
        assert_eq!(settings.config.get("password").map(String::as_str), Some("other"));
        assert!(!settings.config.contains_key("username") && settings.config.contains_key("every"));
        assert!(!format!("{settings:?}").contains("other"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_says_what_the_registry_says() {
    for engine in engines() {
        let bench = Bench::new(engine, &[]).await;
        let caller = Caller::system();
        let fine = bench.test.app.test_source(&caller, "hr").await.expect("it answers");
        assert_eq!(fine[0].key, "fake-fine");
        bench.registry.tells(vec![Step::Down], false, "x");
        assert_eq!(key(bench.test.app.test_source(&caller, "hr").await.expect_err("it is down")), "fake-down");
        assert!(matches!(bench.test.app.test_source(&caller, "x").await, Err(AppError::NotFound { .. })));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_source_leaves_what_came_from_it() {
    for engine in engines() {
        let bench = Bench::new(engine, &[("every", "1h")]).await;
        let caller = Caller::system();
        bench.add("empty", &[]).await;
        assert!(bench.test.app.remove_source(&caller, "empty").await.expect("it is removed"));
        bench.pull(people(2), false, "one").await;
        assert!(!bench.test.app.remove_source(&caller, "hr").await.expect("it is retired"));
        assert_eq!(bench.names().await.len(), 2);
        assert_eq!(bench.pass(jiff::SignedDuration::from_hours(5)).await, 0);
        assert!(!bench.status().await.is_registry);
    }
}
