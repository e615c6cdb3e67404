//! What is read, what is refused, and that what is written is read as the same.

use jiff::Timestamp;
use mhero_core::record::{Content, PersonRecord, Record, Ref};

use super::*;

fn items(text: &str) -> Result<Vec<Item>, CsdError> {
    Entities::new(text.as_bytes()).collect()
}

fn entities(text: &str) -> Vec<Entity> {
    let entity = |item| match item {
        Item::Entity(entity) => entity,
        Item::Oversize { .. } => panic!("too large"),
    };
    items(text).unwrap_or_else(|error| panic!("{error}")).into_iter().map(entity).collect()
}

fn records(text: &str) -> Vec<Record> {
    entities(text).iter().map(|entity| record(entity, "x.xml").unwrap()).collect()
}

/// A document of providers.
fn providers(inside: &str) -> String {
    format!(r#"<CSD xmlns="urn:ihe:iti:csd:2013"><providerDirectory>{inside}</providerDirectory></CSD>"#)
}

fn person(inside: &str) -> (PersonRecord, Vec<&'static str>) {
    let record = records(&providers(&format!(r#"<provider entityID="urn:uuid:1">{inside}</provider>"#))).remove(0);
    let keys = record.warnings.iter().map(|problem| problem.reason.key).collect();
    match record.content {
        Content::Person(person) => (*person, keys),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_provider_says_what_the_field_writes() {
    let (person, warnings) = person(
        r#"<otherID code="employee_id" assigningAuthorityName="http://moh.example/ihris">10034</otherID>
        <otherID code="rapidpro_contact_id" assigningAuthorityName="{http://rapidpro.example/}{mhero}">A-1,B-2</otherID>
        <otherID code="rapidpro_contact_id" assigningAuthorityName="http://rapidpro.example/mhero">a-1</otherID>
        <otherID code="778" assigningAuthorityName="old"/>
        <codedType code="2222" codingScheme="urn:moh.example:cadre">Midwife</codedType>
        <codedType code="J1" codingScheme="urn:moh.example:job">In charge</codedType>
        <demographic><name><commonName>Kollie, Martha</commonName><forename>Martha</forename><surname>Kollie</surname></name>
        <contactPoint><codedType code="FAX" codingScheme="s">0881234567</codedType></contactPoint>
        <contactPoint><codedType code="BP" codingScheme="s">+231770000001</codedType></contactPoint>
        <contactPoint><codedType code="EMAIL" codingScheme="s">m@moh.example</codedType></contactPoint>
        <gender>F</gender><dateOfBirth>0000-00-00</dateOfBirth></demographic>
        <language code="fr" codingScheme="BCP 47">French</language>
        <organizations><organization entityID="urn:uuid:O"/></organizations>
        <facilities><facility entityID="URN:UUID:AB"/><facility entityID=""/></facilities>
        <record created="2014-12-01T14:00:00+00:00" updated="2015-02-01T08:00:00+00:00" status="106-002"/>"#,
    );
    assert_eq!(
        (person.name.as_str(), person.given.as_str(), person.family.as_str()),
        ("Martha Kollie", "Martha", "Kollie")
    );
    assert_eq!(person.phones.iter().map(|phone| phone.raw.as_str()).collect::<Vec<_>>(), ["+231770000001"]);
    let ids: Vec<_> = person.identifiers.iter().map(|own| (own.system.as_str(), own.value.as_str())).collect();
    let expected = [
        (URN_SYSTEM, "urn:uuid:1"),
        ("http://moh.example/ihris#employee_id", "10034"),
        (RAPIDPRO_SYSTEM, "a-1"),
        (RAPIDPRO_SYSTEM, "b-2"),
        ("old", "778"),
    ];
    assert_eq!(ids, expected);
    let [position] = person.positions.as_slice() else { panic!("{:?}", person.positions) };
    assert_eq!(position.place, Some(Ref::Id { kind: "facility".into(), id: "urn:uuid:ab".into() }));
    assert_eq!(position.cadre.as_ref().unwrap().text.as_deref(), Some("Midwife"));
    assert_eq!(position.job.as_ref().unwrap().code.as_deref(), Some("J1"));
    assert_eq!((person.active, person.sex.as_deref()), (false, Some("female")));
    assert_eq!(warnings, ["import-date-unreadable", "import-reference-empty"]);
}

#[test]
fn without_facilities_people_work_at_their_organisations_and_long_names_are_cut() {
    let long = "é".repeat(300);
    let (person, warnings) = person(&format!(
        r#"<codedType code="2222" codingScheme="c"/><demographic><name><commonName>{long}</commonName></name></demographic>
        <organizations><organization entityID="urn:uuid:o1"/><organization entityID="urn:uuid:O1"/><organization entityID="o2"/></organizations>"#
    ));
    assert_eq!(person.positions.len(), 2);
    assert_eq!((person.name.chars().count(), warnings), (200, vec!["import-text-cut"]));
    let (nowhere, _) = self::person(r#"<codedType code="2222" codingScheme="c"/>"#);
    assert!(matches!(nowhere.positions.as_slice(), [one] if one.place.is_none() && one.cadre.is_some()));
}

#[test]
fn prefixes_order_envelopes_and_spelling_do_not_matter() {
    let plain = entities(&providers(r#"<provider entityID="P"><gender>F &amp; M</gender></provider>"#));
    let enveloped = r#"<?xml version="1.0"?><!-- c --><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header><RelatesTo/></s:Header>
        <s:Body><c:getModificationsResponse xmlns:c="urn:ihe:iti:csd:2013"><c:CSD><c:providerDirectory>
        <c:provider entityID='P'>
            <c:gender><![CDATA[F & M]]></c:gender><!-- x -->
        </c:provider></c:providerDirectory><c:serviceDirectory/></c:CSD></c:getModificationsResponse></s:Body></s:Envelope>"#;
    let other = entities(enveloped);
    assert_eq!((plain[0].line, other[0].line), (1, 3));
    assert_eq!(plain[0].element.to_xml(), other[0].element.to_xml());
    assert_eq!(Element::of_entity(&plain[0].element.to_xml()).unwrap().element, plain[0].element);
    // What the oldest synchronisation writes: bare ampersands, and entities nobody declared.
    let bare = entities(&providers(r#"<provider urn="P"><gender>Smith & Sons &eacute;</gender></provider>"#));
    assert_eq!(bare[0].element.words_of("gender").as_deref(), Some("Smith & Sons &eacute;"));
}

#[test]
fn a_foreign_extension_keeps_its_namespaces() {
    let text = providers(
        r#"<provider entityID="P"><extension type="t" urn="u" xmlns:f="urn:f" f:a="1"><f:x xml:lang="fr">a<b xmlns="">c</b></f:x></extension></provider>"#,
    );
    let read = &entities(&text)[0].element;
    assert_eq!(&Element::of_entity(&read.to_xml()).unwrap().element, read);
    let extension = read.first("extension").unwrap();
    assert_eq!(extension.elements().next().unwrap().space, "urn:f");
}

#[test]
fn hostile_and_broken_documents_are_refused() {
    let bomb =
        r#"<!DOCTYPE CSD [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><CSD xmlns="urn:ihe:iti:csd:2013">&b;</CSD>"#;
    assert!(matches!(items(bomb), Err(CsdError::DocumentType { line: 1 })));
    let deep = providers(&format!("<provider entityID='P'>{}", "<a>".repeat(200)));
    assert!(matches!(items(&deep), Err(CsdError::TooLarge { .. })));
    let around = format!("<CSD xmlns='urn:ihe:iti:csd:2013'>{}", "<a>".repeat(200));
    assert!(matches!(items(&around), Err(CsdError::TooLarge { .. })));
    let wrong = r#"<CSD xmlns="urn:ihe:iti:csd:2012"><providerDirectory/></CSD>"#;
    assert!(matches!(items(wrong), Err(CsdError::Namespace { found, .. }) if found == "urn:ihe:iti:csd:2012"));
    assert!(matches!(items("<html><p>Sign in</p></html>"), Err(CsdError::NotCsd { root }) if root == "html"));
    for cut in [&providers("<provider entityID='P'><dem")[..40], "<CSD xmlns='urn:ihe:iti:csd:2013'><a>", "", " "] {
        assert!(matches!(items(cut), Err(CsdError::EndsEarly { .. })), "{cut}");
    }
    for broken in
        ["<CSD xmlns='urn:ihe:iti:csd:2013'></SCD>", "x", "<CSD xmlns='urn:ihe:iti:csd:2013'/><CSD/>", "<a:CSD/>"]
    {
        assert!(matches!(items(broken), Err(CsdError::Broken { .. })), "{broken}: {:?}", items(broken));
    }
    let latin = [b"<CSD xmlns='urn:ihe:iti:csd:2013'>\xE9</CSD>".as_slice()].concat();
    assert!(Entities::new(latin.as_slice()).next().unwrap().is_err());
}

#[test]
fn one_entity_that_is_too_large_is_passed_over() {
    let mut large = String::from("<provider entityID='P'>");
    large.push_str(&"<codedType/>".repeat(60_000));
    large.push_str("</provider><provider entityID='Q'/>");
    let items = items(&providers(&large)).unwrap();
    assert!(matches!(items.as_slice(), [Item::Oversize { kind: Kind::Provider, .. }, Item::Entity(_)]));
    let huge = providers(&format!("<provider entityID='P'><a>{}</a></provider>", "x".repeat(5 << 20)));
    assert!(matches!(self::items(&huge), Err(CsdError::TooLarge { .. })));
}

#[test]
fn faults_are_told_in_their_own_words() {
    let fault = r#"<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code>
        <s:Reason><s:Text xml:lang="en">No such document</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>"#;
    assert!(matches!(items(fault), Err(CsdError::Fault { text }) if text == "s:Sender: No such document"));
    let error = r#"<careServicesResponse xmlns="urn:ihe:iti:csd:2013"><error code="404">unknown</error></careServicesResponse>"#;
    assert!(matches!(items(error), Err(CsdError::Fault { text }) if text == "404: unknown"));
}

#[test]
fn ids_are_required() {
    let text = providers("<provider><gender>F</gender></provider>");
    let refused = record(&entities(&text)[0], "x").unwrap_err();
    assert_eq!((refused.problem.reason.key, refused.raw.contains("<gender>F</gender>")), ("import-id-missing", true));
}

#[test]
fn what_is_written_has_the_shape_of_the_schema() {
    let text = providers(
        r#"<provider urn="P"><record updated="2015-02-01 08:00:00" status=""/><facilities><facility entityID=""/></facilities><unknown/>
        <demographic><dateOfBirth>0000-00-00</dateOfBirth><name><surname>Kollie</surname><forename>Martha</forename></name></demographic></provider>"#,
    );
    let written = strict(Kind::Provider, &entities(&text)[0].element).unwrap();
    let names: Vec<_> = written.elements().map(|element| element.name.as_str()).collect();
    assert_eq!(
        names,
        ["codedType", "demographic", "facilities", "record"]
            .iter()
            .filter(|n| **n != "facilities")
            .copied()
            .collect::<Vec<_>>()
    );
    let record = written.first("record").unwrap();
    assert_eq!(record.attribute("updated"), Some("2015-02-01T08:00:00Z"));
    let name = written.first("demographic").unwrap().first("name").unwrap();
    assert_eq!(name.words_of("commonName").as_deref(), Some("Martha Kollie"));
    assert_eq!(strict(Kind::Provider, &written).unwrap(), written);
}

#[test]
fn changes_leave_everything_else_alone() {
    let text = providers(
        r#"<provider entityID="P"><codedType code="1" codingScheme="s">x</codedType><demographic><name><commonName>Kollie, Martha</commonName><forename>Martha</forename><surname>Kollie</surname></name>
        <contactPoint><codedType code="BP" codingScheme="s">0770 000 001</codedType><equipment>e</equipment></contactPoint></demographic>
        <facilities><facility entityID="F1"><operatingHours/></facility></facilities><extension type="t" urn="u"/><record created="2014-12-01T14:00:00Z" updated="2014-12-01T14:00:00Z" status="Active"/></provider>"#,
    );
    let before = entities(&text).remove(0).element;
    let mut after = before.clone();
    let mut change = |field, old, new| edit(Kind::Provider, &mut after, field, old, new);
    assert_eq!(change("phone", Some("+231770000001"), "+231880000002"), Ok(()));
    assert_eq!(change("phone", Some("+231770000001"), "+231880000003"), Err(Difference::OldValue));
    assert_eq!(change("phone", None, "+231880000004"), Ok(()));
    assert_eq!(change("family", Some("Kollie"), "Kamara"), Ok(()));
    assert_eq!(change("facility", Some("facility/f1"), "Location/F2"), Ok(()));
    assert_eq!(change("active", Some("true"), "false"), Ok(()));
    assert_eq!(change("sex", None, "female"), Ok(()));
    assert_eq!(change("sex", None, "?"), Err(Difference::NewValue));
    assert_eq!(change("cadre", None, "x"), Err(Difference::Field));
    touch(&mut after, Timestamp::UNIX_EPOCH);
    let expected = r#"<provider xmlns="urn:ihe:iti:csd:2013" entityID="P"><codedType code="1" codingScheme="s">x</codedType><demographic><name><commonName>Kamara, Martha</commonName><forename>Martha</forename><surname>Kamara</surname></name><contactPoint><codedType code="BP" codingScheme="s">+231880000002</codedType><equipment>e</equipment></contactPoint><contactPoint><codedType code="BP" codingScheme="urn:ihe:iti:csd:2013:contactPoint">+231880000004</codedType></contactPoint><gender>F</gender></demographic><facilities><facility entityID="F2"/></facilities><extension type="t" urn="u"/><record created="2014-12-01T14:00:00Z" updated="1970-01-01T00:00:00Z" status="Inactive"/></provider>"#;
    assert_eq!(after.to_xml(), expected);
    assert!(is_unchanged(&before, &before) && !is_unchanged(&before, &after));
    assert_eq!(value_of(Kind::Provider, &after, "facility").as_deref(), Some("facility/F2"));
    for field in EDITABLE {
        let _ = value_of(Kind::Provider, &after, field);
    }
}

#[test]
fn searches_are_asked_as_the_registry_wants() {
    let since = Some(Timestamp::UNIX_EPOCH);
    let find = Find { since, page: Some((1, 500)), ..Find::all(Kind::Provider) };
    let expected = r#"<careServicesRequest xmlns="urn:ihe:iti:csd:2013"><function urn="urn:ihe:iti:csd:2014:stored-function:provider-search" encapsulated="false"><requestParams><record updated="1970-01-01T00:00:00Z"/><start>1</start><max>500</max></requestParams></function></careServicesRequest>"#;
    assert_eq!(find.to_xml(), expected);
}

#[test]
fn contact_lists_are_read_and_other_json_is_not() {
    let text = r#"{"contacts":[{"name":"","urns":["tel:+231770000001","tel:0880","mailto:x"],"fields":{"globalid":"URN:UUID:A"}},{"name":"x"}]}"#;
    let list = contacts(text, "c.json").unwrap();
    let first = list[0].as_ref().unwrap();
    let Content::Person(person) = &first.content else { panic!() };
    assert_eq!((first.id.as_str(), person.phones.len(), first.warnings.len()), ("urn:uuid:a", 2, 1));
    assert_eq!(list[1].as_ref().unwrap_err().origin, "c.json, contact 2");
    assert!(contacts("{}", "").is_none() && contacts("[", "").is_none());
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic_and_what_is_read_is_written_as_the_same(inside in "(<[/]?[a-z:]{1,8}( entityID='[^<']{0,4}')?[/]?>|[^<]{0,6}|&#x?[0-9a-f]{0,3};|<!\\[CDATA\\[|\\]\\]>){0,12}") {
        let text = providers(&format!("<provider entityID='P' xmlns:a='u'>{inside}</provider>"));
        for item in Entities::new(text.as_bytes()).flatten() {
            if let Item::Entity(entity) = item {
                let again = Element::of_entity(&entity.element.to_xml()).unwrap();
                proptest::prop_assert_eq!(again.element.to_xml(), entity.element.to_xml());
                let _ = record(&entity, "x");
                if let Some(strictly) = strict(entity.kind, &entity.element) {
                    proptest::prop_assert_eq!(strict(entity.kind, &strictly).unwrap(), strictly);
                }
            }
        }
    }
}

#[test]
fn a_facility_holds_what_a_check_found_in_an_extension() {
    let text = r#"<facility xmlns="urn:ihe:iti:csd:2013" entityID="F1"><primaryName>Fissebu Clinic</primaryName><record created="2014-12-01T14:00:00Z" updated="2014-12-01T14:00:00Z" status="106-001"/></facility>"#;
    let mut clinic = Element::of_entity(text).expect("a facility").element;
    assert_eq!(edit(Kind::Facility, &mut clinic, "power", None, "Grid"), Ok(()));
    assert_eq!(edit(Kind::Facility, &mut clinic, "power", Some("Grid"), "Solar"), Ok(()));
    assert_eq!(value_of(Kind::Facility, &clinic, "power").as_deref(), Some("Solar"));
    assert_eq!(edit(Kind::Facility, &mut clinic, "given", None, "X"), Err(Difference::Field));
    assert_eq!(edit(Kind::Provider, &mut clinic.clone(), "power", None, "X"), Err(Difference::Field));
    let whole = strict(Kind::Facility, &clinic).expect("it fits the schema");
    let entity = Element::of_entity(&whole.to_xml()).expect("it reads back");
    let Content::Place(place) = record(&entity, "here").expect("a record").content else { panic!("no place") };
    let found: Vec<_> = place.values.iter().map(|value| (value.field.as_str(), &value.value)).collect();
    assert_eq!(found, [("power", &mhero_core::record::Value::Text("Solar".into()))]);
    assert_eq!(edit(Kind::Facility, &mut clinic, "power", None, ""), Ok(()));
    assert_eq!(value_of(Kind::Facility, &clinic, "power"), None);
}
