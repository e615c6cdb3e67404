//! Second factors, and sign-ins by a provider, on both engines.

#[cfg(test)]
mod factor;
#[cfg(test)]
mod issuer;
#[cfg(test)]
mod provider;

#[cfg(test)]
pub(crate) mod bench {
    use std::sync::Arc;

    use mhero_app::{App, Caller, Facts, NewUser, Options, ports::Words};
    use mhero_core::{Lang, LangMap, Role, UserId};
    use mhero_store::{AuditFilter, Clock, Hand, Location, Store};
    use mhero_testkit::{Postgres, TestDatabase};

    /// An application of one test.
    pub(crate) struct Bench {
        pub(crate) app: App,
        pub(crate) hand: Hand,
        _folder: Option<tempfile::TempDir>,
        _database: Option<TestDatabase>,
    }

    struct NoWords;

    impl Words for NoWords {
        fn say(&self, _: Lang, key: &str, _: &[(&'static str, String)]) -> String {
            key.to_owned()
        }
    }

    impl Bench {
        async fn open(location: Location, folder: Option<tempfile::TempDir>, database: Option<TestDatabase>) -> Self {
            let (clock, hand) = Clock::manual("2026-05-14T09:34:00Z".parse().unwrap());
            let store = Store::open(&location, clock).await.unwrap();
            let app = App::new(Options {
                store,
                drivers: Vec::new(),
                connectors: Vec::new(),
                words: Arc::new(NoWords),
                effector: None,
                seal_key: [7; 32],
            });
            let facts = Facts {
                countries: vec!["LR".to_owned()],
                languages: vec![Lang::FRENCH],
                zone: "Africa/Monrovia".to_owned(),
                ministry: LangMap::default(),
                country_name: LangMap::default(),
                short_code: None,
                quiet: None,
                demo: false,
            };
            app.set_facts(&root(), &facts).await.unwrap();
            Self { app, hand, _folder: folder, _database: database }
        }

        pub(crate) async fn user(&self, email: &str, role: Role) -> UserId {
            let new = NewUser {
                email: email.into(),
                name: "Marie Kollie".into(),
                language: Lang::FRENCH,
                role,
                place: None,
                programme: None,
                password: None,
            };
            self.app.add_user(&root(), new).await.unwrap()
        }

        pub(crate) async fn caller(&self, user: UserId) -> Caller {
            self.app.caller_of_user(user).await.unwrap().unwrap()
        }

        /// How often an action stands in the audit log.
        pub(crate) async fn audited(&self, action: &str) -> usize {
            let log = self.app.audit_log(&root(), &AuditFilter::default(), 500).await.unwrap();
            log.iter().filter(|entry| entry.action == action).count()
        }
    }

    /// The administrator at the command line.
    pub(crate) fn root() -> Caller {
        Caller::command_line(Lang::ENGLISH)
    }

    /// Runs a test on each engine.
    pub(crate) async fn on_both(test: impl AsyncFn(&Bench)) {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::File(folder.path().join("mhero.db"));
        test(&Bench::open(location, Some(folder), None).await).await;
        let migrate = |url| async move {
            drop(Store::open(&Location::Postgres(url), Clock::wall()).await.unwrap());
        };
        let Some(cluster) = Postgres::get() else { return };
        let database = cluster.database_like("signin", migrate).await;
        test(&Bench::open(Location::Postgres(database.url()), None, Some(database)).await).await;
    }
}
