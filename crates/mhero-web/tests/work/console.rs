//! A console over SQLite with a simulator, a few health workers, and browsers that keep their cookie.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use mhero_app::{App, Caller, Facts, Options, messaging::NewChannel, people::ImportOptions, ports::Words};
use mhero_core::{
    Lang, LangMap, Role,
    record::{Content, Identifier, PersonRecord, RawPhone, Record},
};
use mhero_store::{Clock, Hand, Location, Store};
use mhero_web::{WebOptions, router};
use tower::ServiceExt;

/// A password that is long enough.
const PASSWORD: &str = "rain on the iron roof";

/// Texts as their keys, so that the test needs no locale of the phones.
struct Keys;

impl Words for Keys {
    fn say(&self, language: Lang, key: &str, _: &[(&'static str, String)]) -> String {
        format!("{key} {language}")
    }
}

/// A console under test.
pub(crate) struct Console {
    pub(crate) app: App,
    pub(crate) hand: Hand,
    router: Router,
    _folder: tempfile::TempDir,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) to: String,
    pub(crate) body: String,
}

/// A browser in which somebody has signed in.
pub(crate) struct Browser<'a> {
    console: &'a Console,
    cookie: String,
    language: &'static str,
}

impl Console {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (clock, hand) = Clock::manual("2026-05-14T09:00:00Z".parse().expect("an instant"));
        let store =
            Store::open_and_migrate(&Location::File(folder.path().join("mhero.db")), clock).await.expect("a store");
        let drivers: Vec<Arc<dyn mhero_app::ports::Driver>> = vec![Arc::new(mhero_channels::Simulator)];
        let app = App::new(Options {
            store,
            drivers,
            connectors: Vec::new(),
            words: Arc::new(Keys),
            effector: None,
            seal_key: [7; 32],
        });
        let system = Caller::system();
        app.set_facts(&system, &liberia()).await.expect("facts");
        let new = NewChannel { kind: "simulator".into(), name: "phones".into(), config: [].into() };
        app.add_channel(&system, &new).await.expect("a channel");
        let people = [
            ("1", "Mary Kollie", "eng", "0770000001"),
            ("2", "James Flomo", "eng", "0770000002"),
            ("3", "Mariam Camara", "fra", "0770000003"),
            ("4", "Patience Toe", "eng", ""),
        ];
        let report = app.import(&system, "files", people.map(record).into_iter(), &ImportOptions::default()).await;
        assert_eq!(report.expect("an import").rejected, 0);
        let router = router(app.clone(), WebOptions::default());
        Self { app, hand, router, _folder: folder }
    }

    /// Adds a user and signs them in.
    pub(crate) async fn browser(&self, email: &str, role: Role, language: &'static str) -> Browser<'_> {
        let new = mhero_app::NewUser {
            email: email.into(),
            name: "Hawa Karnley".into(),
            language: Lang::ENGLISH,
            role,
            place: None,
            programme: None,
            password: Some(PASSWORD.into()),
        };
        self.app.add_user(&Caller::system(), new).await.expect("a user");
        let mut browser = Browser { console: self, cookie: String::new(), language };
        let answer = browser.post("/sign-in", &[("id", email), ("pw", PASSWORD), ("next", "/send")]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        browser
    }

    /// Lets happen what is due.
    pub(crate) async fn idle(&self) {
        self.app.run_until_idle().await.expect("idle");
    }
}

impl Browser<'_> {
    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.ask(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(pairs.join("&"))).expect("a request")).await
    }

    async fn ask(&mut self, mut request: Request<Body>) -> Answer {
        let headers = request.headers_mut();
        headers.insert(header::COOKIE, self.cookie.parse().expect("a cookie"));
        headers.insert(header::ACCEPT_LANGUAGE, self.language.parse().expect("a language"));
        let response = self.console.router.clone().oneshot(request).await.expect("an answer");
        for line in response.headers().get_all(header::SET_COOKIE) {
            let line = line.to_str().expect("a cookie");
            if line.starts_with("mhero=") {
                line.split(';').next().expect("a value").clone_into(&mut self.cookie);
            }
        }
        let to = response.headers().get(header::LOCATION).map(|to| to.to_str().expect("an address").to_owned());
        let status = response.status();
        let bytes = to_bytes(response.into_body(), 4_000_000).await.expect("a body");
        let body = String::from_utf8(bytes.to_vec()).expect("UTF-8");
        Answer { status, to: to.unwrap_or_default(), body }
    }
}

impl Answer {
    /// What stands between two texts.
    pub(crate) fn between(&self, before: &str, after: &str) -> String {
        let rest = self.body.split_once(before).unwrap_or_else(|| panic!("no {before} in {}", self.body)).1;
        rest.split_once(after).expect("an end").0.to_owned()
    }

    pub(crate) fn must_have(&self, text: &str) {
        assert!(self.body.contains(text), "no {text:?} in {}", self.body);
    }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn record((id, name, language, phone): (&str, &str, &str, &str)) -> Result<Record, mhero_core::record::Rejection> {
    let phones = (!phone.is_empty()).then(|| RawPhone { raw: phone.to_owned(), usage: None, element: "phone".into() });
    Ok(Record {
        origin: format!("test {id}"),
        kind: "Practitioner".into(),
        id: id.to_owned(),
        raw: id.to_owned(),
        warnings: vec![],
        content: Content::Person(Box::new(PersonRecord {
            name: name.to_owned(),
            given: name.split(' ').next().unwrap_or_default().to_owned(),
            language: language.parse().ok(),
            active: true,
            phones: phones.into_iter().collect(),
            identifiers: vec![Identifier { system: "http://moh.example/payroll".into(), value: id.to_owned() }],
            ..PersonRecord::default()
        })),
    })
}

fn liberia() -> Facts {
    Facts {
        countries: vec!["LR".into()],
        languages: vec![Lang::ENGLISH, Lang::FRENCH],
        zone: "Africa/Monrovia".into(),
        ministry: LangMap::one(Lang::ENGLISH, "Ministry of Health"),
        country_name: LangMap::one(Lang::ENGLISH, "Liberia"),
        short_code: Some("4636".into()),
        quiet: Some(mhero_app::QuietHours::NATIONAL),
        demo: false,
    }
}
