//! ITI-73 and ITI-74 against a directory that serves the samples of CSD as OpenInfoMan does: everybody is there once, in whatever way
//! it is asked; who changed comes, who is corrected here is written there.

use std::sync::{Arc, Mutex};

use jiff::SignedDuration;
use mhero_app::Caller;
use mhero_store::Engine;
use mhero_testkit::{Asked, Reply, Site};

use super::{Browser, Page, World};

/// The directories of a document, with the element of each.
const DIRECTORIES: [(&str, &str, &str); 4] = [
    ("Organizations", "organizationDirectory", "organization"),
    ("Services", "serviceDirectory", "service"),
    ("Facilities", "facilityDirectory", "facility"),
    ("Providers", "providerDirectory", "provider"),
];
/// Records of the samples, of which nine are health workers.
const RECORDS: usize = 30;
/// How a document begins.
const HEAD: &str = "<CSD xmlns=\"urn:ihe:iti:csd:2013\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">";
/// Where a decision can no longer be taken back.
const AFTER_DECISION: SignedDuration = SignedDuration::from_secs(31);

#[tokio::test(flavor = "multi_thread")]
async fn a_served_directory_gives_the_same_people_however_it_is_asked_on_sqlite() {
    story(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_served_directory_gives_the_same_people_however_it_is_asked_on_postgresql() {
    story(Engine::Postgres).await;
}

/// The entities of one document, by the place of their directory in [`DIRECTORIES`].
struct Document([Vec<String>; 4]);

impl Document {
    /// The samples; `None` where they are not at hand.
    fn samples() -> Option<Self> {
        let folder = mhero_testkit::fixture("fixtures/csd")?;
        Some(Self(DIRECTORIES.map(|(file, directory, element)| {
            let text = std::fs::read_to_string(folder.join(format!("CSD-{file}.xml"))).expect("a sample");
            let inner = between(&text, &format!("<{directory}>"), &format!("</{directory}>"));
            let end = format!("</{element}>");
            let entities = inner.split_inclusive(&end).filter(|entity| entity.contains("entityID"));
            entities.map(|entity| entity.trim().to_owned()).collect()
        })))
    }

    /// The whole of it, or what fits of some directories.
    fn text(&self, fits: impl Fn(usize, &str) -> bool, from: usize, most: usize) -> String {
        let mut text = HEAD.to_owned();
        for (at, (_, directory, _)) in DIRECTORIES.iter().enumerate() {
            let own = self.0[at].iter().filter(|entity| fits(at, entity)).skip(from).take(most);
            text += &format!("<{directory}>{}</{directory}>", own.cloned().collect::<String>());
        }
        text + "</CSD>"
    }

    /// What OpenInfoMan answers.
    fn answer(&mut self, asked: &Asked) -> Reply {
        let text = asked.text();
        match asked.path.as_str() {
            "/CSD/getDirectory/Connectathon" => xml(&self.text(|_, _| true, 0, usize::MAX)),
            "/CSD/getUpdatedServices/Connectathon/get" => {
                let since = between(&text, "<csd:lastModified>", "<").to_owned();
                let inner = self.text(|_, entity| stamp(entity) >= stamp_of(&since), 0, usize::MAX);
                Reply::new(
                    200,
                    "application/soap+xml",
                    format!(
                        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body>\
                         <c:getModificationsResponse xmlns:c=\"urn:ihe:iti:csd:2013\">{inner}</c:getModificationsResponse></s:Body></s:Envelope>"
                    ),
                )
            }
            "/CSD/csr/Connectathon/careServicesRequest" => self.find(&text),
            path if path.starts_with("/CSD/csr/Connectathon/careServicesRequest/update/") => {
                let parameters = between(&text, "<requestParams", "</requestParams>");
                self.put(parameters.split_once('>').map_or("", |(_, entity)| entity));
                Reply::new(200, "text/xml", "")
            }
            _ => Reply::new(404, "text/plain", "No such document"),
        }
    }

    /// ITI-73: a stored function, by id, since an instant, page by page.
    fn find(&self, text: &str) -> Reply {
        let kind =
            DIRECTORIES.iter().position(|(.., element)| text.contains(&format!("stored-function:{element}-search")));
        let Some(kind) = kind else { return Reply::new(404, "text/plain", "No such function") };
        let id = between(text, "<id entityID=\"", "\"").to_lowercase();
        let since = stamp_of(between(text, "<record updated=\"", "\""));
        let number = |tag: &str| between(text, &format!("<{tag}>"), "<").parse::<usize>().ok();
        let fits = |at: usize, entity: &str| {
            at == kind && (id.is_empty() || id_of(entity) == id) && (since.is_empty() || stamp(entity) >= since)
        };
        xml(&self.text(fits, number("start").unwrap_or(1) - 1, number("max").unwrap_or(usize::MAX)))
    }

    /// Puts a health worker in the place of the one of the same id.
    fn put(&mut self, entity: &str) {
        assert!(entity.starts_with("<provider"), "{entity}");
        let own = self.0[3].iter_mut().find(|known| id_of(known) == id_of(entity)).expect("a health worker");
        entity.clone_into(own);
    }
}

fn xml(text: &str) -> Reply {
    Reply::new(200, "text/xml; charset=utf-8", text)
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    text.split_once(from).and_then(|(_, rest)| rest.split_once(to)).map_or("", |(own, _)| own)
}

fn id_of(entity: &str) -> String {
    between(entity, "entityID=\"", "\"").to_lowercase()
}

/// When an entity was changed last, to the second.
fn stamp(entity: &str) -> String {
    stamp_of(between(entity, "updated=\"", "\""))
}

fn stamp_of(text: &str) -> String {
    text.chars().take("2014-12-01T14:00:00".len()).collect()
}

async fn story(engine: Engine) {
    let Some(document) = Document::samples() else { return };
    assert_eq!(document.0.iter().map(Vec::len).sum::<usize>(), RECORDS);
    let Some(world) = World::new(engine).await else { return };
    let document = Arc::new(Mutex::new(document));
    let held = Arc::clone(&document);
    let site = Site::start(move |asked| held.lock().expect("whole").answer(asked));
    let browser = world.admin().await;
    let settings = [("document", "Connectathon"), ("mode", "search"), ("page", "4"), ("overlap", "0")];
    let source = browser.add_source("openinfoman", "directory", &site.url(), &settings).await;
    let tested = browser.post(&source, &[("do", "test")]).await;
    tested.must_have("9").must_have("Connectathon");

    // Nine health workers in pages of four, and all they refer to.
    let first = run(&world, &browser, &source).await;
    first.must_have("30 read").must_have("30 new");
    assert_eq!(world.people("*").await.0, 9);
    assert_eq!(world.people("facility = \"Connectathon Radiology Facility\"").await.0, 1);
    assert_eq!(world.people("cadre = \"Nurse Practitioner\"").await.0, 4);
    let pages = site.asked().iter().filter(|asked| asked.text().contains("<max>4</max>")).count();
    assert!(pages >= 10, "{pages} pages");
    however_it_is_asked(&world, &browser, &source).await;
    changed_there(&world, &browser, (&document, &source)).await;
    corrected_here(&world, &browser, (&document, &source)).await;
}

/// One run by hand; its page.
async fn run(world: &World, browser: &Browser<'_>, source: &str) -> Page {
    world.pass(SignedDuration::from_mins(1));
    let before = world.status("directory").await;
    browser.press(source, &[("do", "run")]).await;
    let after = world.ran("directory", &before).await;
    assert!(after.reason.is_none(), "{:?}", after.reason);
    let href = browser.get(source).await.all_between("href=\"/settings/sources/runs/", "\"").remove(0);
    browser.get(&format!("/settings/sources/runs/{href}")).await
}

/// Again by search, then the whole document, then updates: nobody is new, and nobody changes.
async fn however_it_is_asked(world: &World, browser: &Browser<'_>, source: &str) {
    for mode in ["search", "document", "updates"] {
        let fields = [("set.mode", mode), ("set.document", "Connectathon"), ("set.page", "4"), ("set.overlap", "0")];
        let url = world.status("directory").await.source.url.expect("an address");
        let fields: Vec<_> = fields.into_iter().chain([("url", url.as_str())]).collect();
        browser.press(&format!("{source}/settings"), &fields).await;
        let again = run(world, browser, source).await;
        again.must_have("as before");
        let text = again.text();
        for word in [" new", " changed", " taken away", " refused"] {
            let counts = text.split("as before").next().unwrap_or_default();
            assert!(!counts.contains(&format!("1{word}")), "{mode}: {text}");
        }
        assert!(!again.body.contains("id=\"changes\""), "{mode}: nothing changed: {text}");
        assert_eq!(world.people("*").await.0, 9, "{mode}");
    }
}

/// Somebody gets another name there: one record changes here.
async fn changed_there(world: &World, browser: &Browser<'_>, (document, source): (&Mutex<Document>, &str)) {
    let id = {
        let mut document = document.lock().expect("whole");
        let own = document.0[3].iter_mut().find(|entity| entity.contains("<surname>McDonald</surname>")).expect("Mary");
        *own = own.replace("McDonald", "Kollie").replace(&stamp(own), "2026-11-23T09:00:00");
        id_of(own)
    };
    let page = run(world, browser, source).await;
    page.must_have("1 changed").must_have("Kollie");
    assert_eq!(world.people("*").await.0, 9);
    let mary = world.app.find_person(&Caller::system(), &id).await.expect("Mary");
    browser.get(&format!("/people/{mary}")).await.must_have("Kollie");
}

/// A correction that an official accepts goes into the document, and nothing else is touched.
async fn corrected_here(world: &World, browser: &Browser<'_>, (document, source): (&Mutex<Document>, &str)) {
    let (id, before) = {
        let document = document.lock().expect("whole");
        let mary = document.0[3].iter().find(|entity| entity.contains("<surname>Kollie</surname>")).expect("Mary");
        (id_of(mary), mary.clone())
    };
    let mary = world.app.find_person(&Caller::system(), &id).await.expect("Mary");
    browser.press(&format!("/people/{mary}/changes"), &[("field", "phone"), ("value", "0770000042")]).await;
    let id = browser.get("/changes").await.all_between("name=\"id\" value=\"", "\"").remove(0);
    browser.press("/changes", &[("one", &format!("accept:{id}"))]).await;
    world.pass(AFTER_DECISION);
    let after = world
        .until("the directory written to", async || {
            let document = document.lock().expect("whole");
            document.0[3].iter().find(|entity| entity.contains("231770000042")).cloned()
        })
        .await;
    for kept in ["<surname>Kollie</surname>", "555-777-1111", "<addressLine", "<organization ", "<openFlag>"] {
        assert_eq!(before.matches(kept).count(), after.matches(kept).count(), "{kept}: {after}");
    }
    // What was written comes back as what is known.
    run(world, browser, source).await;
    assert_eq!(world.people("phone = 0770000042").await, (1, 1));
    assert_eq!(world.people("*").await.0, 9);
}
