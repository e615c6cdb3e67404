use mhero_core::record::{Content, Identifier, PersonRecord, Record, Value};
use serde_json::json;

use super::*;

fn reader() -> Contacts {
    let field = |key: &str, kind| Field { key: key.to_owned(), name: key.to_owned(), kind };
    let fields =
        [field("age", FieldType::Number), field("joined", FieldType::Datetime), field("county", FieldType::Place)];
    let group =
        |uuid: &str, is_smart| Group { uuid: uuid.to_owned(), name: uuid.to_owned(), is_smart, is_system: false };
    Contacts::new(&fields, &[group("g1", false), group("g2", true)], Groups::Chosen)
}

fn person(item: &serde_json::Value) -> (PersonRecord, Record) {
    let record = reader().record(item, "test").expect("a record");
    let Content::Person(person) = record.content.clone() else { panic!("no person") };
    (*person, record)
}

#[test]
fn a_contact_is_a_person_with_typed_values_and_joins_by_its_globalid() {
    let (contact, record) = person(&json!({
        "uuid": "c1", "name": "Martha Kollie", "status": "active", "language": "eng",
        "urns": ["telegram:77", "tel:+231770000001", "whatsapp:231770000002", "tel:+231770000001"],
        "groups": [{"uuid": "g1", "name": "Nurses"}, {"uuid": "g2", "name": "By query"}],
        "fields": {"age": "34", "joined": "2024-02-29T10:00:00.000000Z", "county": "Liberia > Nimbara", "note": "x", "empty": null,
            "globalid": "P77", "mheroentitytype": "Practitioner"},
    }));
    assert_eq!((contact.name.as_str(), contact.active), ("Martha Kollie", true));
    let phones: Vec<_> = contact.phones.iter().map(|phone| phone.raw.as_str()).collect();
    assert_eq!(phones, ["+231770000001", "+231770000002"]);
    assert_eq!(contact.groups, ["Nurses"]);
    let value = |field: &str| contact.values.iter().find(|value| value.field == field).map(|value| value.value.clone());
    assert_eq!((value("age"), value("county")), (Some(Value::Number(34.0)), Some(Value::Text("Nimbara".to_owned()))));
    assert!(matches!(value("joined"), Some(Value::Instant(_))));
    assert_eq!((value("telegram"), value("empty")), (Some(Value::Text("77".to_owned())), None));
    let id = |system: &str, value: &str| Identifier { system: system.to_owned(), value: value.to_owned() };
    assert_eq!(contact.identifiers, [id(CONTACT_SYSTEM, "c1"), id("http://mhero.org/globalid/Practitioner", "P77")]);
    assert!(record.warnings.is_empty());
}

#[test]
fn both_dialects_are_read() {
    let older =
        person(&json!({"uuid": "c2", "name": null, "blocked": false, "stopped": true, "urns": [], "fields": {}}));
    assert!(older.0.active && older.0.stopped == Some(true) && older.0.name.is_empty());
    let newer = person(&json!({"uuid": "c3", "status": "blocked", "urns": [{"urn": "tel:+231770000003"}]}));
    assert_eq!((newer.0.active, newer.0.stopped, newer.0.phones.len()), (true, Some(true), 1));
    let gone = person(&json!({"uuid": "c6", "status": "archived"}));
    assert_eq!((gone.0.active, gone.0.stopped), (false, Some(false)));
    let old = json!({"key": "age", "label": "Age", "value_type": "numeric"});
    let new = json!({"key": "age", "name": "Age", "type": "number", "featured": false});
    assert_eq!(field_of(&old), field_of(&new));
}

#[test]
fn what_does_not_fit_stays_a_text_with_a_warning() {
    let (contact, record) =
        person(&json!({"uuid": "c4", "urns": ["tel:********", "nothing"], "fields": {"age": "old"}}));
    let keys: Vec<_> = record.warnings.iter().map(|warning| warning.reason.key).collect();
    assert_eq!(keys, ["rapidpro-address-hidden", "rapidpro-address-unreadable", "import-number-unreadable"]);
    assert_eq!(contact.values[0].value, Value::Text("old".to_owned()));
    assert!(reader().record(&json!({"name": "x"}), "test").is_err());
    let (named, _) =
        person(&json!({"uuid": "c5", "fields": {"globalid": "Person/9", "mheroentitytype": "Practitioner"}}));
    assert_eq!(named.identifiers[1].system, "http://mhero.org/globalid/Person");
}

#[test]
fn a_changed_number_takes_the_place_of_the_old_one() {
    let item =
        json!({"uuid": "c1", "urns": ["tel:+231770000001", "telegram:7", "tel:+231770000009"], "fields": {"a": "1"}});
    let state = ContactState::read(&item).expect("a state");
    let body = state.change(&[("phone", Some("+231770000001"), "+231770000002"), ("a", None, ""), ("name", None, "B")]);
    let wanted =
        json!({"urns": ["tel:+231770000002", "telegram:7", "tel:+231770000009"], "name": "B", "fields": {"a": null}});
    assert_eq!(body, Ok(wanted));
    assert_eq!(state.change(&[("name", None, &"x".repeat(65))]), Err("name".to_owned()));
}

#[test]
fn our_people_are_written_out_with_their_globalid() {
    let draft = ContactDraft {
        name: "Ama".to_owned(),
        phones: vec!["+231770000001".to_owned()],
        globalid: Some(("P1".to_owned(), "Practitioner".to_owned())),
        ..ContactDraft::default()
    };
    let wanted = json!({"name": "Ama", "urns": ["tel:+231770000001"], "fields": {"globalid": "P1", "mheroentitytype": "Practitioner"}});
    assert_eq!(draft.body(), Ok(wanted));
    assert!(!format!("{draft:?}").contains("231770000001"));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC*", json in "\\{[\\[\\]{}\",:a-z1.]*") {
        for text in [text, json] {
            let _ = (Page::read(&text), detail(&text), Urn::read(&text).and_then(|urn| urn.phone()));
        }
    }
}
