//! A console over SQLite with a synthetic country, and browsers that keep their cookie.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use mhero_app::{
    App, Caller, Facts, NewUser, Options,
    groups::KeptBy,
    messaging::NewChannel,
    people::{ImportOptions, PeopleAsked, PersonRow},
    ports::{Driver, Words},
};
use mhero_core::{GroupId, Lang, PlaceId, Role, UserId};
use mhero_country::{Country, Spec};
use mhero_exchange::{
    clients::Clients,
    journal::{Journal, JournalSettings, KeepBodies},
};
use mhero_registries::files;
use mhero_store::{Clock, Hand, Location, Store};
use mhero_web::{WebOptions, exchange::Beside, router};
use tower::ServiceExt;

/// A password that is long enough.
pub(crate) const PASSWORD: &str = "rain on the iron roof";

struct Keys;

impl Words for Keys {
    fn say(&self, language: Lang, key: &str, _: &[(&'static str, String)]) -> String {
        format!("{key} {language}")
    }
}

/// A console under test.
pub(crate) struct Desk {
    pub(crate) app: App,
    pub(crate) hand: Hand,
    router: Router,
    folder: Arc<tempfile::TempDir>,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) to: String,
    pub(crate) body: String,
    pub(crate) cookies: Vec<String>,
}

/// A browser, in which somebody may have signed in.
pub(crate) struct Browser<'a> {
    desk: &'a Desk,
    pub(crate) cookie: String,
    language: &'static str,
}

/// Whoever runs the command line.
pub(crate) fn system() -> Caller {
    Caller::system()
}

impl Desk {
    /// With facts, a simulator, a country of 120 people and a group.
    pub(crate) async fn new() -> Self {
        let desk = Self::empty().await;
        let app = &desk.app;
        let spec =
            Spec { workers: 120, counties: 3, facilities: 20, ..Spec::new(7, "2026-05-14".parse().expect("a day")) };
        let country = Country::generate(&spec).expect("a country");
        let facts = country.facts();
        let facts = Facts {
            countries: vec![facts.numbering_country.to_owned()],
            languages: vec![Lang::ENGLISH, Lang::FRENCH],
            zone: facts.time_zone.to_owned(),
            ministry: facts.ministry,
            country_name: facts.formal_name,
            short_code: Some(facts.short_code.to_owned()),
            quiet: None,
            demo: true,
        };
        app.set_facts(&system(), &facts).await.expect("facts");
        let new = NewChannel { kind: "simulator".into(), name: "phones".into(), config: [].into() };
        app.add_channel(&system(), &new).await.expect("a channel");
        let folder = tempfile::tempdir().expect("a folder");
        for file in country.files() {
            let path = folder.path().join(&file.name);
            std::fs::write(&path, &file.bytes).expect("a file");
            let records = files::read(&path, &files::Options::default()).expect("records");
            let options = ImportOptions { demo: true, ..ImportOptions::default() };
            let report = app.import(&system(), file.source, records, &options).await.expect("an import");
            assert_eq!(report.rejected, 0);
        }
        desk
    }

    /// Without anything, as before `mhero init`.
    pub(crate) async fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (clock, hand) = Clock::manual("2026-05-14T09:34:00Z".parse().expect("an instant"));
        let location = Location::File(folder.path().join("mhero.db"));
        let store = Store::open_and_migrate(&location, clock).await.expect("a store");
        let app = Self::app(store);
        let router = router(app.clone(), WebOptions::default());
        Self { app, hand, router, folder: Arc::new(folder) }
    }

    fn app(store: Store) -> App {
        let drivers: Vec<Arc<dyn Driver>> = vec![Arc::new(mhero_channels::Simulator)];
        let words = Arc::new(Keys);
        App::new(Options { store, drivers, connectors: Vec::new(), words, effector: None, seal_key: [7; 32] })
    }

    /// Another node of the same installation, or the same one after a restart: nothing but the store is shared. It takes files.
    pub(crate) async fn node(&self, name: &str) -> Self {
        let (clock, hand) = Clock::manual(self.app.clock().now());
        let location = Location::File(self.folder.path().join("mhero.db"));
        let app = Self::app(Store::open(&location, clock).await.expect("a store"));
        let shelf = mhero_registries::shelf::Folder::new(self.folder.path().join(name));
        let options = WebOptions { shelf: Some(Arc::new(shelf)), ..WebOptions::default() };
        Self { router: router(app.clone(), options), app, hand, folder: Arc::clone(&self.folder) }
    }

    /// The same with what stands beside the exchange log where a server runs.
    pub(crate) fn beside_the_log(self) -> Self {
        let settings = JournalSettings { bodies: KeepBodies::Off, body_days: 1, days: 1 };
        let journal = Journal::start(&self.app, settings);
        let beside = Beside { clients: Clients::new(journal.clone()), journal, mediator: None };
        let options = WebOptions { exchange: Some(beside), ..WebOptions::default() };
        Self { router: router(self.app.clone(), options), ..self }
    }

    /// The files that lie in the folder of a node.
    pub(crate) fn files_of(&self, name: &str) -> usize {
        std::fs::read_dir(self.folder.path().join(name)).map_or(0, Iterator::count)
    }

    pub(crate) async fn user(&self, email: &str, role: Role, place: Option<PlaceId>) -> UserId {
        let new = NewUser {
            email: email.into(),
            name: "Hawa Karnley".into(),
            language: Lang::ENGLISH,
            role,
            place,
            programme: None,
            password: Some(PASSWORD.into()),
        };
        self.app.add_user(&system(), new).await.expect("a user")
    }

    pub(crate) fn browser(&self, language: &'static str) -> Browser<'_> {
        Browser { desk: self, cookie: String::new(), language }
    }

    /// A browser in which a new user has signed in.
    pub(crate) async fn signed(&self, email: &str, role: Role, place: Option<PlaceId>) -> Browser<'_> {
        self.user(email, role, place).await;
        let mut browser = self.browser("en");
        let answer = browser.sign_in(email, PASSWORD, "").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        browser
    }

    /// The counties.
    pub(crate) async fn counties(&self) -> Vec<PlaceId> {
        let roots = self.app.places(&system(), None).await.expect("roots");
        let counties = self.app.places(&system(), Some(roots[0].place.id)).await.expect("counties");
        counties.into_iter().map(|row| row.place.id).collect()
    }

    /// The people of a query.
    pub(crate) async fn people(&self, query: &str) -> Vec<PersonRow> {
        let asked = PeopleAsked { query, ..PeopleAsked::default() };
        self.app.people(&system(), &asked, 500).await.expect("people")
    }

    /// A group by hand with the people of a query.
    pub(crate) async fn group(&self, name: &str, query: &str) -> GroupId {
        self.app.create_group(&system(), name, KeptBy::Hand(Some(query))).await.expect("a group")
    }
}

impl Browser<'_> {
    pub(crate) async fn sign_in(&mut self, id: &str, pw: &str, next: &str) -> Answer {
        self.post("/sign-in", &[("id", id), ("pw", pw), ("next", next)]).await
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.ask(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(pairs.join("&"))).expect("a request")).await
    }

    /// Sends a form with a file.
    pub(crate) async fn bring(&mut self, path: &str, name: &str, file: &str, fields: &[(&str, &str)]) -> Answer {
        let head = |what: &str| format!("--part\r\nContent-Disposition: form-data; {what}\r\n\r\n");
        let mut body = head(&format!("name=\"file\"; filename=\"{name}\"")) + file + "\r\n";
        for (field, value) in fields {
            body += &(head(&format!("name=\"{field}\"")) + value + "\r\n");
        }
        let request = Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=part");
        self.ask(request.body(Body::from(body + "--part--\r\n")).expect("a request")).await
    }

    async fn ask(&mut self, mut request: Request<Body>) -> Answer {
        let headers = request.headers_mut();
        headers.insert(header::COOKIE, self.cookie.parse().expect("a cookie"));
        headers.insert(header::ACCEPT_LANGUAGE, self.language.parse().expect("a language"));
        let response = self.desk.router.clone().oneshot(request).await.expect("an answer");
        let lines = response.headers().get_all(header::SET_COOKIE).iter();
        let cookies: Vec<String> = lines.map(|line| line.to_str().expect("a cookie").to_owned()).collect();
        for line in cookies.iter().filter(|line| line.starts_with("mhero=")) {
            line.split(';').next().expect("a value").clone_into(&mut self.cookie);
        }
        let to = response.headers().get(header::LOCATION).map(|to| to.to_str().expect("an address").to_owned());
        let status = response.status();
        let bytes = to_bytes(response.into_body(), 4_000_000).await.expect("a body");
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status, to: to.unwrap_or_default(), body, cookies }
    }
}

impl Answer {
    pub(crate) fn must_have(&self, text: &str) {
        assert!(self.body.contains(text), "no {text:?} in {}", self.body);
    }

    /// What stands between two texts.
    pub(crate) fn between(&self, before: &str, after: &str) -> String {
        let (_, rest) = self.body.split_once(before).expect(before);
        rest.split_once(after).expect(after).0.to_owned()
    }
}

pub(crate) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
