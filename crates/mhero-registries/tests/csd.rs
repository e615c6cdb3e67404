//! CSD directories as files: the samples of the profile's own tests, and what is wrong with others.
#![expect(clippy::panic, reason = "tests")]

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use jiff::Timestamp;
use mhero_core::record::{Content, PersonRecord, Record, Rejection};
use mhero_registries::{
    csd::{Origin, write},
    files::{FileError, Format, Options, Records, read},
};
use mhero_wire::csd::{CsdError, Document, Element, Entities, Item, Kind, strict};

const FILES: [&str; 4] = ["Providers", "Facilities", "Organizations", "Services"];

fn sample(name: &str) -> Option<PathBuf> {
    mhero_testkit::fixture("fixtures/csd").map(|folder| folder.join(format!("CSD-{name}.xml")))
}

/// All records of the samples.
fn samples() -> Option<Vec<Record>> {
    let mut all = Vec::new();
    for name in FILES {
        let opened = read(&sample(name)?, &Options::default()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(opened.format(), Format::Csd);
        let (total, before) = (opened.total(), all.len());
        all.extend(opened.map(|verdict| verdict.unwrap_or_else(|refused| panic!("{refused:?}"))));
        assert_eq!(total, Some((all.len() - before) as u64));
    }
    Some(all)
}

fn open(text: impl AsRef<[u8]>) -> Result<Records, FileError> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("directory.xml");
    fs::write(&path, text).expect("written");
    read(&path, &Options::default())
}

fn all(text: impl AsRef<[u8]>) -> Vec<Result<Record, Rejection>> {
    open(text).unwrap_or_else(|error| panic!("{error}")).collect()
}

fn providers(inside: &str) -> String {
    format!(r#"<CSD xmlns="urn:ihe:iti:csd:2013"><providerDirectory>{inside}</providerDirectory></CSD>"#)
}

fn person(record: &Record) -> &PersonRecord {
    match &record.content {
        Content::Person(person) => person,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_samples_come_in_whole() {
    let Some(records) = samples() else { return };
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for record in &records {
        *kinds.entry(&record.kind).or_default() += 1;
        assert!(record.warnings.is_empty(), "{}: {:?}", record.origin, record.warnings);
    }
    // Counted with xmllint, as are the numbers below.
    let expected = [("facility", 3), ("organization", 5), ("provider", 9), ("service", 13)];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), expected);
    let people: Vec<&PersonRecord> = records.iter().filter(|r| r.kind == "provider").map(person).collect();
    assert_eq!(people.iter().map(|person| person.phones.len()).sum::<usize>(), 9);
    let first = people.iter().find(|person| person.family == "Banerjee").expect("is there");
    assert_eq!((first.name.as_str(), first.sex.as_deref()), ("Dev Banerjee", Some("male")));
    assert_eq!(first.positions.len(), 2);
    let at_facility = people.iter().find(|person| person.family == "McDonald").expect("is there");
    assert_eq!(at_facility.positions.len(), 1);
    let closed = records.iter().filter(|record| record.raw.contains("Inactive")).count();
    assert_eq!(closed, 2);
}

#[test]
fn in_out_and_in_again_are_the_same() {
    let Some(first) = samples() else { return };
    let mut document = Document::default();
    for name in FILES {
        let text = fs::read(sample(name).expect("seen before")).expect("readable");
        for item in Entities::new(text.as_slice()) {
            let Ok(Item::Entity(entity)) = item else { panic!("{item:?}") };
            // The samples hold to the schema: what is written strictly is exactly what was read.
            let strictly = strict(entity.kind, &entity.element).expect("has an id");
            assert_eq!(strictly.to_xml(), entity.element.to_xml());
            assert!(document.add(entity.kind, &entity.element));
        }
    }
    let written = document.to_xml();
    let mut again: Vec<Record> = all(&written).into_iter().map(|verdict| verdict.expect("a record")).collect();
    assert_eq!(again.len(), first.len());
    let mut first = first;
    for records in [&mut first, &mut again] {
        records.sort_by(|one, other| (&one.kind, &one.id).cmp(&(&other.kind, &other.id)));
        records.iter_mut().for_each(|record| record.origin.clear());
    }
    assert_eq!(again, first);
    assert_valid(&written);
    // What is kept of each entity stands alone: nothing was lost, and it is read as the same again.
    for record in &first {
        let entity = Element::of_entity(&record.raw).expect("stands alone");
        assert_eq!((entity.kind.as_str(), entity.element.to_xml()), (record.kind.as_str(), record.raw.clone()));
    }
}

#[test]
fn what_the_registry_knows_is_written_and_read_as_the_same_people_and_places() {
    let Some(records) = samples() else { return };
    let mut document = Document::default();
    let origin = Origin { directory: Some("https://mhero.example".to_owned()), at: Timestamp::UNIX_EPOCH };
    let known: Vec<&Record> = records.iter().filter(|record| record.content != Content::Kept).collect();
    for record in &known {
        assert!(write(&mut document, &record.id, &record.content, None, &origin));
    }
    let written = document.to_xml();
    assert_valid(&written);
    let again: Vec<Record> = all(&written).into_iter().map(|verdict| verdict.expect("a record")).collect();
    for record in known {
        let back = again.iter().find(|back| (&back.kind, &back.id) == (&record.kind, &record.id)).expect("is there");
        let mut expected = record.content.clone();
        if let Content::Place(place) = &mut expected {
            // The level is written as the type of an organisation.
            place.level = if place.is_facility { Some("facility".to_owned()) } else { None };
        }
        assert_eq!(back.content, expected, "{}", record.id);
    }
    assert_eq!(again.len(), 17);
}

/// Checks a document against CSD.xsd, where xmllint is at hand.
///
/// Three things of the schema are put right before: it imports others from the web, which are not fetched; it leaves out where
/// `xml:lang` is declared; and it gives `otherID` no text, where all of the field has the value.
fn assert_valid(document: &str) {
    let Some(shared) = mhero_testkit::fixture("fixtures/csd") else { return };
    let found = Command::new("xmllint").arg("--version").stderr(Stdio::null()).status().is_ok();
    if mhero_testkit::require(found.then_some(()), "xmllint (libxml2-utils)").is_none() {
        return;
    }
    let schema = fs::read_to_string(shared.join("CSD.xsd")).expect("readable");
    let functions = schema.find("<xs:element name=\"careServicesFunction\">").expect("as it came");
    let schema = format!("{}</xs:schema>", &schema[..functions]);
    let import = |namespace: &str| schema.find(&format!("<xs:import namespace=\"{namespace}\"")).expect("as it came");
    let (one, two) = (import("http://www.w3.org/2001/XMLSchema"), import("http://www.w3.org/XML/1998/namespace"));
    let schema = format!("{}{}", &schema[..one], &schema[two..]);
    let schema = schema.replace(
        "<xs:import namespace=\"http://www.w3.org/XML/1998/namespace\"/>",
        "<xs:import namespace=\"http://www.w3.org/XML/1998/namespace\" schemaLocation=\"xml.xsd\"/>",
    );
    let schema =
        schema.replace("<xs:complexType name=\"otherID\">", "<xs:complexType name=\"otherID\" mixed=\"true\">");
    let xml = "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" targetNamespace=\"http://www.w3.org/XML/1998/namespace\">\
               <xs:attribute name=\"lang\" type=\"xs:string\"/></xs:schema>";
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [("CSD.xsd", schema.as_str()), ("xml.xsd", xml), ("document.xml", document)] {
        fs::write(folder.path().join(name), text).expect("written");
    }
    let judged = Command::new("xmllint")
        .args(["--nonet", "--noout", "--schema", "CSD.xsd", "document.xml"])
        .current_dir(folder.path())
        .output()
        .expect("xmllint runs");
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
}

#[test]
fn whatever_is_written_strictly_is_valid() {
    let odd = providers(
        r#"<provider urn="urn:uuid:A"><otherID code="rapidpro_contact_id" assigningAuthorityName="{http://x/}{y}">1</otherID>
        <record updated="nonsense" status=""/><facilities><facility entityID=""/></facilities><unknown/><language>fr</language>
        <demographic><dateOfBirth>0000-00-00</dateOfBirth><contactPoint>0770000001</contactPoint><name xml:lang="fr"><surname>Béa &lt;3</surname></name><address/></demographic>
        <extension urn="u">x<y xmlns="urn:f"/></extension><credential><number>1</number></credential></provider>
        <provider entityID="B"/>"#,
    );
    let mut document = Document::default();
    for item in Entities::new(odd.as_bytes()) {
        let Ok(Item::Entity(entity)) = item else { panic!("{item:?}") };
        assert!(document.add(entity.kind, &entity.element));
    }
    for kind in [Kind::Facility, Kind::Organization, Kind::Service] {
        let text = "<a xmlns='urn:ihe:iti:csd:2013' entityID='E'><contact/><operatingHours><openFlag>yes</openFlag></operatingHours><geocode><latitude>x</latitude></geocode><parent/></a>";
        let text =
            text.replace("<a ", &format!("<{} ", kind.as_str())).replace("</a>", &format!("</{}>", kind.as_str()));
        let entity = Element::of_entity(&text).expect("well-formed");
        assert!(document.add(entity.kind, &entity.element));
    }
    assert!(!document.add(Kind::Provider, &Element::new("provider")));
    assert_eq!(document.len(), 5);
    assert_valid(&document.to_xml());
}

#[test]
fn hostile_and_foreign_files_are_refused_whole_and_say_why() {
    let key = |text: &[u8]| match open(text) {
        Err(error) => error.reason().key,
        Ok(records) => panic!("{} records", records.count()),
    };
    let bomb = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE CSD [{}]><CSD xmlns=\"urn:ihe:iti:csd:2013\">&e9;</CSD>",
        (0..10).map(|n| format!("<!ENTITY e{n} \"{}\">", format!("&e{};", n - 1).repeat(10))).collect::<String>()
    );
    assert_eq!(key(bomb.as_bytes()), "csd-document-type");
    assert_eq!(key(b"<!DOCTYPE html><html></html>"), "csd-document-type");
    assert_eq!(key(b"<html><body>Sign in</body></html>"), "csd-other-xml");
    assert_eq!(key(b"<metaData xmlns=\"http://dhis2.org/schema/dxf/2.0\"/>"), "csd-other-xml");
    assert_eq!(key(b"<CSD xmlns=\"urn:ihe:iti:csd:2012\"/>"), "csd-other-namespace");
    assert_eq!(key(b"<CSD/>"), "csd-other-namespace");
    let whole = providers("<provider entityID=\"P\"><gender>F</gender></provider>");
    for cut in [whole.len() - 1, whole.len() - 30, 60] {
        assert_eq!(key(&whole.as_bytes()[..cut]), "csd-ends-early", "{cut}");
    }
    assert_eq!(key(whole.replace("</gender>", "</sex>").as_bytes()), "csd-broken");
    assert_eq!(
        key(&[b"<?xml version=\"1.0\"?><CSD xmlns=\"urn:ihe:iti:csd:2013\">\x81\x8D</CSD>".as_slice()].concat()),
        "import-file-encoding"
    );
    let too_deep = providers(&format!("<provider entityID=\"P\">{}", "<a>".repeat(1_000)));
    assert!(matches!(open(&too_deep), Err(FileError::Csd { error: CsdError::TooLarge { .. }, .. })));
}

#[test]
fn letters_are_read_as_declared_else_guessed_and_told() {
    let text = providers(
        "<provider entityID=\"P\"><demographic><name><commonName>B\u{e9}a</commonName></name></demographic></provider>",
    );
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
    let declared = [b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>".as_slice(), &latin].concat();
    let wrongly = [b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>".as_slice(), &latin].concat();
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for (bytes, notices) in [(declared, 0), (wrongly, 1), (utf16, 0), (text.into_bytes(), 0)] {
        let opened = open(&bytes).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(opened.notices().len(), notices);
        let records: Vec<Record> = opened.map(|verdict| verdict.expect("a record")).collect();
        assert_eq!(person(&records[0]).name, "B\u{e9}a");
    }
}

#[test]
fn one_bad_entity_keeps_no_other_out() {
    let large = format!("<provider entityID=\"L\">{}</provider>", "<codedType/>".repeat(60_000));
    let text = providers(&format!(
        "<provider><gender>F</gender></provider>{large}<provider entityID=\"P\"/><provider entityID=\"p\"/>"
    ));
    let verdicts = all(text);
    let keys: Vec<_> = verdicts.iter().map(|v| v.as_ref().err().map(|refused| refused.problem.reason.key)).collect();
    assert_eq!(keys, [Some("import-id-missing"), Some("import-record-too-large"), None, None]);
    let refused = verdicts[0].as_ref().expect_err("without an id");
    assert_eq!((refused.origin.as_str(), refused.raw.contains("gender")), ("directory.xml, line 1", true));
    // Ids are compared without case: the import tells that they are one.
    let id = |at: usize| verdicts[at].as_ref().map(|record| record.id.clone()).expect("a record");
    assert_eq!(id(2), id(3));
}

#[test]
fn contact_lists_are_known_by_their_beginning() {
    let opened = open(
        r#" { "contacts" : [ {"name":"Martha","urns":["tel:+231770000001"],"fields":{"globalid":"urn:uuid:1"}}, {} ] }"#,
    );
    let opened = opened.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((opened.format(), opened.total()), (Format::Contacts, Some(2)));
    let verdicts: Vec<_> = opened.collect();
    assert_eq!(person(verdicts[0].as_ref().expect("a record")).phones.len(), 1);
    assert!(verdicts[1].is_err());
    assert!(matches!(open(r#"{"contacts":[{"name":"#), Err(FileError::Json { .. })));
}
