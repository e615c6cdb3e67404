//! The connector against a directory that keeps documents, as OpenInfoMan does, and against directories that lie.

use std::sync::{Arc, Mutex};

use mhero_app::ports::{PullError, Target, ValueChange};
use mhero_core::record::{Content, Record, Rejection};
use mhero_testkit::{Asked, Reply, Site};
use mhero_wire::csd::{Document, Element, Entities, Entity, Item, Kind};

use super::*;
use crate::testing::settings;

const NOW: &str = "2026-11-22T04:00:00Z";

/// One document, kept and changed as OpenInfoMan does it.
#[derive(Default)]
struct Kept {
    entities: Vec<Entity>,
    ignores_paging: bool,
    repeats_pages: bool,
    lacks_services: bool,
}

impl Kept {
    fn of(document: &str) -> Self {
        let item = |item| match item {
            Ok(Item::Entity(entity)) => entity,
            other => panic!("{other:?}"),
        };
        Self { entities: Entities::new(document.as_bytes()).map(item).collect(), ..Self::default() }
    }

    fn document<'a>(entities: impl Iterator<Item = &'a Entity>) -> Element {
        let entities: Vec<&Entity> = entities.collect();
        let directory = |kind: Kind| {
            let own = entities.iter().filter(|entity| entity.kind == kind);
            Element::new(kind.directory()).all(own.map(|entity| entity.element.clone()))
        };
        Element::new("CSD").all(Kind::ALL.map(directory))
    }

    fn answer(&mut self, asked: &Asked) -> Reply {
        let xml = |element: &Element| Reply::new(200, "text/xml", element.to_xml());
        match asked.path.as_str() {
            "/CSD/getUpdatedServices/Providers/get" | "/itself" => {
                let since = between(&asked.text(), "<csd:lastModified>", "<").parse().expect("an instant");
                let changed = |entity: &&Entity| csd::stamp(&entity.element).is_none_or(|at| at >= since);
                let inner = Self::document(self.entities.iter().filter(changed)).to_xml();
                Reply::new(
                    200,
                    "application/soap+xml",
                    format!(
                        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Header><w:RelatesTo xmlns:w=\"http://www.w3.org/2005/08/addressing\"/></s:Header>\
                     <s:Body><c:getModificationsResponse xmlns:c=\"urn:ihe:iti:csd:2013\">{inner}</c:getModificationsResponse></s:Body></s:Envelope>"
                    ),
                )
            }
            "/CSD/getDirectory/Providers" => xml(&Self::document(self.entities.iter())),
            "/CSD/csr/Providers/careServicesRequest" => self.find(&asked.text()),
            path if path.contains("/careServicesRequest/update/urn:openhie.org:openinfoman:") => {
                let text = asked.text();
                let inner = text.find("><").map(|at| &text[at + 1..text.len() - "</requestParams>".len()]);
                let inner =
                    inner.unwrap_or_default().replacen("<provider ", "<provider xmlns=\"urn:ihe:iti:csd:2013\" ", 1);
                let fresh = Element::of_entity(&inner).expect("an entity");
                let id = fresh.element.attribute("entityID").map(str::to_lowercase);
                let own = |entity: &Entity| entity.element.attribute("entityID").map(str::to_lowercase) == id;
                match self.entities.iter_mut().find(|entity| own(entity)) {
                    Some(there) => *there = fresh,
                    None => self.entities.push(fresh),
                }
                Reply::new(200, "text/xml", "")
            }
            _ => Reply::new(404, "text/plain", "No such document"),
        }
    }

    fn find(&self, text: &str) -> Reply {
        let kind = Kind::ALL.into_iter().find(|kind| text.contains(&format!("function:{}-search", kind.as_str())));
        let kind = kind.expect("a function");
        if kind == Kind::Service && self.lacks_services {
            return Reply::new(404, "text/plain", "unknown function");
        }
        let number = |tag: &str| between(text, &format!("<{tag}>"), "<").parse::<usize>().ok();
        let id = between(text, "<id entityID=\"", "\"").to_lowercase();
        let own = self.entities.iter().filter(|entity| {
            let is_it = entity.element.attribute("entityID").is_some_and(|own| own.to_lowercase() == id);
            entity.kind == kind && (id.is_empty() || is_it)
        });
        let all = usize::MAX;
        let start = if self.ignores_paging || self.repeats_pages { 1 } else { number("start").unwrap_or(1) };
        let most = if self.ignores_paging { all } else { number("max").unwrap_or(all) };
        Reply::new(200, "text/xml", Self::document(own.skip(start - 1).take(most)).to_xml())
    }
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    text.split(from).nth(1).and_then(|rest| rest.split(to).next()).unwrap_or_default()
}

fn provider(id: &str, phone: &str, updated: &str) -> String {
    format!(
        r#"<provider entityID="{id}"><codedType code="2222" codingScheme="c">Midwife</codedType><demographic><name><commonName>Martha Kollie</commonName></name><contactPoint><codedType code="BP" codingScheme="urn:ihe:iti:csd:2013:contactPoint">{phone}</codedType></contactPoint></demographic><extension type="t" urn="u"><x xmlns="urn:x"/></extension><record created="2014-12-01T14:00:00Z" updated="{updated}" status="106-001"/></provider>"#
    )
}

/// A document of some providers, changed one day after the other in November 2026.
fn document(count: u32) -> String {
    let day = |n: u32| format!("2026-11-{:02}T08:00:00Z", n + 1);
    let all: String = (0..count).map(|n| provider(&format!("urn:uuid:A{n}"), "0770000001", &day(n))).collect();
    let facility = "<facility entityID=\"urn:uuid:F\"><primaryName>Clinic</primaryName><record updated=\"2026-11-01T08:00:00Z\"/></facility>";
    format!(
        "<CSD xmlns=\"urn:ihe:iti:csd:2013\"><facilityDirectory>{facility}</facilityDirectory><providerDirectory>{all}</providerDirectory></CSD>"
    )
}

fn site(kept: Kept) -> (Site, Arc<Mutex<Kept>>) {
    let kept = Arc::new(Mutex::new(kept));
    let answering = Arc::clone(&kept);
    (Site::start(move |asked| answering.lock().expect("one at a time").answer(asked)), kept)
}

fn directory(url: &str, pairs: &[(&str, &str)]) -> Directory {
    let api = Api::new(&settings(url, pairs)).expect("settings");
    Directory { api, now: Box::new(|| NOW.parse().expect("an instant")), message: Box::new(|| "urn:uuid:m".to_owned()) }
}

#[derive(Default)]
struct Sink {
    records: Vec<Record>,
    refused: Vec<Rejection>,
    remarks: Vec<&'static str>,
}

#[async_trait]
impl PullSink for Sink {
    async fn take(&mut self, page: Vec<Result<Record, Rejection>>) -> Result<(), AppError> {
        for verdict in page {
            match verdict {
                Ok(record) => self.records.push(record),
                Err(refused) => self.refused.push(refused),
            }
        }
        Ok(())
    }

    async fn removed(&mut self, _kind: &str, _id: &str) -> Result<(), AppError> {
        Ok(())
    }

    fn remark(&mut self, remark: Reason) {
        self.remarks.push(remark.key);
    }
}

async fn pull(directory: &Directory, since: Option<&str>) -> (Result<Pulled, PullError>, Sink) {
    let mut sink = Sink::default();
    let pulled = directory.pull(&Pull { since: since.map(str::to_owned) }, &mut sink).await;
    (pulled, sink)
}

#[tokio::test]
async fn updates_are_read_from_some_time_before_the_latest_stamp() {
    let (site, kept) = site(Kept::of(&document(5)));
    let directory = directory(&site.url(), &[("document", "Providers"), ("overlap", "24")]);
    let (pulled, sink) = pull(&directory, None).await;
    let pulled = pulled.expect("read");
    assert_eq!((sink.records.len(), pulled.whole), (6, true));
    assert!(site.asked()[0].text().contains("<csd:lastModified>1970-01-01T00:00:00Z</csd:lastModified>"));
    assert_eq!(pulled.watermark.as_deref(), Some(r#"{"Providers":"2026-11-05T08:00:00Z"}"#));
    // A stamp in the future would hide all that comes before it.
    let future = provider("urn:uuid:B", "0770000002", "2031-01-01T00:00:00Z");
    kept.lock().expect("free").entities.push(
        Element::of_entity(&future.replace("<provider ", "<provider xmlns='urn:ihe:iti:csd:2013' "))
            .expect("an entity"),
    );
    let (again, sink) = pull(&directory, pulled.watermark.as_deref()).await;
    let again = again.expect("read");
    let ids: Vec<_> = sink.records.iter().map(|record| record.id.as_str()).collect();
    assert_eq!(ids, ["urn:uuid:a3", "urn:uuid:a4", "urn:uuid:b"]);
    assert_eq!((again.whole, again.watermark), (false, pulled.watermark));
    assert!(sink.remarks.is_empty(), "{:?}", sink.remarks);
}

#[tokio::test]
async fn searches_go_page_by_page_and_give_the_same_records() {
    let pairs = [("document", "Providers"), ("mode", "search"), ("page", "2")];
    let (site, _) = site(Kept { lacks_services: true, ..Kept::of(&document(5)) });
    let (pulled, sink) = pull(&directory(&site.url(), &pairs), None).await;
    assert!(pulled.expect("read").whole);
    assert_eq!((sink.records.len(), sink.remarks.as_slice()), (6, ["csd-no-function"].as_slice()));
    let (by_updates, other) = pull(&directory(&site.url(), &[("document", "Providers")]), None).await;
    by_updates.expect("read");
    let (whole, third) =
        pull(&directory(&site.url(), &[("document", "Providers"), ("mode", "document")]), Some("{}")).await;
    assert!(whole.expect("read").whole);
    let sorted = |sink: &Sink| {
        let mut all: Vec<_> = sink.records.iter().map(|record| (record.id.clone(), record.raw.clone())).collect();
        all.sort();
        all
    };
    assert_eq!(sorted(&sink), sorted(&other));
    assert_eq!(sorted(&sink), sorted(&third));

    let (site, _) = self::site(Kept { ignores_paging: true, ..Kept::of(&document(5)) });
    let (pulled, sink) = pull(&directory(&site.url(), &pairs), None).await;
    pulled.expect("read");
    assert_eq!((sink.records.len(), sink.remarks.as_slice()), (6, ["csd-ignores-paging"].as_slice()));

    let (site, _) = self::site(Kept { repeats_pages: true, ..Kept::of(&document(5)) });
    let (pulled, _) = pull(&directory(&site.url(), &pairs), None).await;
    assert!(matches!(pulled, Err(PullError::Untrusted(reason)) if reason.key == "csd-paging-loop"));
}

#[tokio::test]
async fn faults_foreign_answers_and_empty_documents_are_told_in_words() {
    let fault = r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Client</faultcode><faultstring>No such document</faultstring></s:Fault></s:Body></s:Envelope>"#;
    let empty = "<CSD xmlns='urn:ihe:iti:csd:2013'><providerDirectory/></CSD>";
    let bomb = "<!DOCTYPE CSD [<!ENTITY a 'b'>]><CSD xmlns='urn:ihe:iti:csd:2013'>&a;</CSD>";
    for (status, body, key) in [
        (400, fault, "csd-fault"),
        (200, fault, "csd-fault"),
        (404, "none", "registry-404"),
        (401, "", "registry-401"),
        (200, "<html><body>Sign in</body></html>", "csd-other-xml"),
        (200, bomb, "csd-document-type"),
        (200, &document(1)[..300], "csd-ends-early"),
    ] {
        let text = body.to_owned();
        let site = Site::start(move |_| Reply::new(status, "text/xml", text.clone()));
        let directory = directory(&site.url(), &[("document", "Providers")]);
        let checked = directory.check().await.expect_err(key);
        assert_eq!(checked.key, key);
        let (pulled, _) = pull(&directory, None).await;
        let (PullError::Refused(reason) | PullError::Untrusted(reason) | PullError::Down(reason)) =
            pulled.expect_err(key)
        else {
            panic!("{key}")
        };
        assert_eq!(reason.key, key);
    }
    let site = Site::start(move |_| Reply::new(200, "text/xml", empty));
    let directory = directory(&site.url(), &[("document", "Providers")]);
    let keys: Vec<_> = directory.check().await.expect("answers").iter().map(|reason| reason.key).collect();
    assert_eq!(keys, ["csd-answers", "csd-empty"]);
    assert_eq!(pull(&directory, None).await.1.remarks, ["csd-empty"]);
}

#[tokio::test]
async fn an_endpoint_itself_is_read_and_not_written_and_letters_follow_the_header() {
    let text = document(1).replace("Martha", "B\u{e9}a");
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
    let site = Site::start(move |asked| match asked.path.as_str() {
        "/itself" => Reply::new(200, "text/xml; charset=ISO-8859-1", latin.clone()),
        _ => Reply::new(404, "text/plain", ""),
    });
    let directory = directory(&format!("{}/itself", site.url()), &[]);
    assert!(directory.writes().is_empty());
    let counted = directory.check().await.expect("answers");
    assert_eq!(counted[1].args[1], ("providers", "1".to_owned()));
    let (_, sink) = pull(&directory, None).await;
    let name = |record: &Record| match &record.content {
        Content::Person(person) => Some(person.name.clone()),
        _ => None,
    };
    assert_eq!(sink.records.iter().find_map(name).as_deref(), Some("B\u{e9}a Kollie"));
}

fn change(raw: &str, old: &str, new: &str) -> Push {
    Push {
        key: "k1".to_owned(),
        target: Target { kind: "provider".to_owned(), id: "urn:uuid:a0".to_owned(), raw: raw.to_owned() },
        values: vec![ValueChange { field: "phone".to_owned(), old: Some(old.to_owned()), new: new.to_owned() }],
        agent: "health worker".to_owned(),
        recorded: NOW.to_owned(),
        reason: "staff check".to_owned(),
    }
}

#[tokio::test]
async fn a_change_is_written_once_and_nothing_else_is_touched() {
    let (site, kept) = site(Kept::of(&document(2)));
    let directory = directory(&site.url(), &[("document", "Providers")]);
    let (_, sink) = pull(&directory, None).await;
    let raw = sink.records.iter().find(|record| record.id == "urn:uuid:a0").expect("is there").raw.clone();
    let push = change(&raw, "+231770000001", "+231880000009");
    let PushOutcome::Written { id, raw: Some(now) } = directory.push(&push).await else { panic!("not written") };
    let expected = raw.replace("0770000001", "+231880000009").replace("2026-11-01T08:00:00Z", NOW);
    assert_eq!((id.as_str(), now.as_str()), ("urn:uuid:a0", expected.as_str()));
    let updates = || site.asked().iter().filter(|asked| asked.path.contains("/update/")).count();
    assert_eq!(updates(), 1);
    // The same once more, after an answer that was lost: it is there already.
    assert!(matches!(directory.push(&push).await, PushOutcome::Written { .. }));
    assert_eq!(updates(), 1);
    // Another change made from the record as it was before: somebody came in between.
    let late = change(&raw, "+231770000001", "+231770000777");
    let PushOutcome::Conflict { now: Some(_), values } = directory.push(&late).await else { panic!("no conflict") };
    assert_eq!(values, [("phone".to_owned(), "+231880000009".to_owned())]);
    assert_eq!(updates(), 1);
    // Content changed under the same stamp, and a record that is gone.
    let held = kept.lock().expect("free").entities[1].element.to_xml();
    let same_stamp = change(&held.replace("Midwife", "Nurse").replace("Clinic", "X"), "+231880000009", "+231770000777");
    assert!(matches!(directory.push(&same_stamp).await, PushOutcome::Conflict { .. }));
    let mut gone = change(&raw.replace("A0", "ZZ"), "1", "+231770000777");
    gone.target.id = "urn:uuid:zz".to_owned();
    assert!(matches!(directory.push(&gone).await, PushOutcome::Conflict { now: None, .. }));
    let mut field = change(&now, "x", "y");
    field.values[0].field = "cadre".to_owned();
    assert!(matches!(directory.push(&field).await, PushOutcome::Refused { reason } if reason.key == "csd-unwritable"));
    let mut document = Document::default();
    kept.lock().expect("free").entities.iter().for_each(|entity| assert!(document.add(entity.kind, &entity.element)));
    assert_eq!(document.len(), 3);
}

#[tokio::test]
async fn a_new_health_worker_is_created_once() {
    let (site, kept) = site(Kept::of(&document(1)));
    let directory = directory(&site.url(), &[("document", "Providers")]);
    let mut push = change("", "", "+231880000009");
    push.target.id.clear();
    let value = |field: &str, new: &str| ValueChange { field: field.to_owned(), old: None, new: new.to_owned() };
    push.values = vec![
        value("name", "Ama Béa"),
        value("phone", "+231880000009"),
        value("facility", "Location/urn:uuid:F"),
        value("cadre", "Midwife"),
    ];
    let PushOutcome::Written { id, .. } = directory.push(&push).await else { panic!("not written") };
    assert!(matches!(directory.push(&push).await, PushOutcome::Written { id: again, .. } if again == id));
    assert_eq!(kept.lock().expect("free").entities.len(), 3);
    let (_, sink) = pull(&directory, None).await;
    let record = sink.records.iter().find(|record| record.id == id).expect("is there");
    let Content::Person(person) = &record.content else { panic!("no person") };
    assert_eq!((person.name.as_str(), person.phones.len(), person.positions.len()), ("Ama Béa", 1, 1));
}

#[test]
fn settings_that_can_not_be_are_refused_in_words() {
    for (pairs, key) in [
        (&[("mode", "fast")][..], "csd-mode"),
        (&[("mode", "search")], "csd-mode-needs-document"),
        (&[("document", "a/b")], "csd-document"),
        (&[("document", "..")], "csd-document"),
        (&[("page", "0"), ("document", "P")], "csd-number"),
        (&[("overlap", "-1")], "csd-number"),
    ] {
        match Api::new(&settings("http://x.example", pairs)) {
            Err(AppError::Invalid(reason)) => assert_eq!(reason.key, key),
            other => panic!("{key}: {}", other.is_ok()),
        }
    }
}
