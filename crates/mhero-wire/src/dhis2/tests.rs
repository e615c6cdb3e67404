use jiff::civil::date;
use mhero_core::{
    Lang,
    record::{Content, PersonRecord, PlaceRecord, Record, Ref},
};
use serde_json::{Value, json};

use super::*;

fn units() -> Units {
    let level = |number, name: &str| Level { number, name: name.to_owned() };
    Units {
        levels: vec![level(1, "National"), level(2, "District"), level(3, "Chiefdom"), level(4, "Facility")],
        facility_level: None,
        facility_groups: vec!["TREATMENT".to_owned()],
        uid_system: "http://dhis2.example/api/organisationUnits".to_owned(),
        code_system: None,
        attribute_systems: vec![("MFL".to_owned(), "http://mfl.example".to_owned())],
        place_attributes: Vec::new(),
        language: Lang::ENGLISH,
        today: date(2026, 11, 22),
    }
}

fn place(item: &Value) -> (PlaceRecord, Record) {
    let record = units().record(item, "test").expect("a record");
    let Content::Place(place) = record.content.clone() else { panic!("no place") };
    (place, record)
}

fn person(item: &Value) -> (PersonRecord, Record) {
    let record = Users::default().record(item, "test").expect("a record");
    let Content::Person(person) = record.content.clone() else { panic!("no person") };
    (*person, record)
}

#[test]
fn a_facility_has_its_level_parent_ids_and_point() {
    let (place, record) = place(&json!({
        "id": "DiszpKrYNg8", "code": "OU_559", "name": "Ngelehun CHC", "level": 4, "leaf": true,
        "path": "/ImspTQPwCqd/O6uvpzGd5pu/YuQRtpLP10I/DiszpKrYNg8", "parent": {"id": "YuQRtpLP10I"},
        "openingDate": "1970-01-01T00:00:00.000", "lastUpdated": "2017-05-22T15:21:48.516",
        "geometry": {"type": "Point", "coordinates": [-11.4197, 8.1039]},
        "translations": [{"property": "NAME", "locale": "fr", "value": "Ngelehun CSC"}, {"property": "SHORT_NAME", "locale": "fr", "value": "x"}],
        "attributeValues": [{"value": "7001", "attribute": {"id": "n2xYlNbsfko", "code": "MFL"}}],
    }));
    assert!(place.is_facility && place.active && record.warnings.is_empty());
    assert_eq!((place.level.as_deref(), place.position), (Some("facility"), Some((8.1039, -11.4197))));
    assert_eq!(place.parent, Some(Ref::Id { kind: UNIT.to_owned(), id: "YuQRtpLP10I".to_owned() }));
    assert_eq!((place.name.best(Lang::ENGLISH), place.name.best(Lang::FRENCH)), ("Ngelehun CHC", "Ngelehun CSC"));
    let ids: Vec<_> = place.identifiers.iter().map(|own| (own.system.as_str(), own.value.as_str())).collect();
    let uid = ("http://dhis2.example/api/organisationUnits", "DiszpKrYNg8");
    assert_eq!(ids, [uid, ("#code", "OU_559"), ("http://mfl.example", "7001")]);
}

#[test]
fn areas_have_a_middle_and_what_is_missing_is_taken_from_the_path() {
    let (area, _) = place(&json!({
        "id": "YuQRtpLP10I", "name": "Badjia", "path": "/ImspTQPwCqd/O6uvpzGd5pu/YuQRtpLP10I",
        "geometry": {"type": "MultiPolygon", "coordinates": [[[[-11.0, 8.0], [-10.0, 8.0], [-10.0, 9.0], [-11.0, 8.0]]]]},
    }));
    assert_eq!((area.level.as_deref(), area.is_facility), (Some("chiefdom"), false));
    assert_eq!(area.position, Some((8.5, -10.5)));
    assert_eq!(area.parent, Some(Ref::Id { kind: UNIT.to_owned(), id: "O6uvpzGd5pu".to_owned() }));
    let (root, _) = place(&json!({"id": "ImspTQPwCqd", "name": "Sierra Leone", "level": 1, "path": "/ImspTQPwCqd"}));
    assert_eq!((root.parent, root.level.as_deref()), (None, Some("national")));
}

#[test]
fn closed_units_are_inactive_and_nonsense_is_warned_of() {
    let unit = |more: Value| {
        let mut unit = json!({"id": "a1234567890", "name": "X", "level": 4});
        unit.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        place(&unit)
    };
    assert!(!unit(json!({"closedDate": "2020-01-01T00:00:00.000"})).0.active);
    assert!(!unit(json!({"openingDate": "2030-01-01"})).0.active);
    assert!(unit(json!({"closedDate": "2040-01-01"})).0.active);
    let (place, record) = unit(json!({"geometry": {"type": "Point", "coordinates": [500, 95.0]}}));
    assert_eq!((place.position, record.warnings[0].reason.key), (None, "import-coordinates-impossible"));
    let (community, _) = unit(json!({"level": 3, "organisationUnitGroups": [{"code": "treatment"}]}));
    assert!(community.is_facility, "its group says so");
    assert!(units().record(&json!({"name": "nobody"}), "test").is_err());
    assert!(units().record(&json!("text"), "test").is_err());
}

#[test]
fn a_user_is_a_person_with_positions() {
    let (user, record) = person(&json!({
        "id": "xE7jOejl9FI", "firstName": "John", "surname": "Traore", "email": "john@example.org", "phoneNumber": "+23276000001",
        "whatsApp": "+23276000002", "jobTitle": "District officer", "gender": "gender_female", "birthday": "1971-04-08T00:00:00.000",
        "organisationUnits": [{"id": "O6uvpzGd5pu"}, {"id": "YuQRtpLP10I"}], "disabled": false, "username": "admin",
    }));
    assert_eq!((user.name.as_str(), user.given.as_str(), user.family.as_str()), ("John Traore", "John", "Traore"));
    let phones: Vec<_> = user.phones.iter().map(|phone| (phone.raw.as_str(), phone.usage.as_deref())).collect();
    assert_eq!(phones, [("+23276000001", None), ("+23276000002", Some("whatsapp"))]);
    assert_eq!((user.sex.as_deref(), user.birth, user.positions.len()), (Some("female"), Some(date(1971, 4, 8)), 2));
    assert!(user.active && record.warnings.is_empty());
    assert_eq!(user.positions[0].job.as_ref().and_then(|job| job.text.as_deref()), Some("District officer"));
}

#[test]
fn accounts_that_stand_beside_the_user_are_read_too() {
    let older = json!({"id": "u1", "surname": "Bah", "userCredentials": {"disabled": true, "userRoles": [{"id": "r1", "name": "Officer"}]}});
    assert!(!person(&older).0.active);
    let wants = |role: &str, user: &Value| Users { roles: vec![role.to_owned()], ..Users::default() }.wants(user);
    assert!(wants("officer", &older) && wants("r1", &older) && !wants("clerk", &older));
    assert!(wants("r2", &json!({"id": "u2", "userRoles": [{"id": "r2"}]})));
}

#[test]
fn pages_of_every_shape_end() {
    let more = |text: &str, page| List::read(text, "users").map(|list| list.has_more(page, 2));
    assert_eq!(more(r#"{"pager":{"page":1,"pageCount":2,"total":3,"pageSize":2},"users":[1,2]}"#, 1), Some(true));
    assert_eq!(more(r#"{"pager":{"page":2,"pageCount":2,"total":3,"pageSize":2},"users":[1]}"#, 2), Some(false));
    assert_eq!(more(r#"{"pager":{"page":1,"pageSize":2,"nextPage":"x"},"users":[1,2]}"#, 1), Some(true));
    assert_eq!(more(r#"{"pager":{"page":1,"pageSize":2},"users":[1]}"#, 1), Some(false));
    assert_eq!(more(r#"{"page":1,"pageSize":2,"pageCount":3,"users":[1]}"#, 1), Some(true));
    assert_eq!(more(r#"{"users":[1,2,3]}"#, 1), Some(false), "everything came at once");
    assert_eq!(more("<html>", 1), None);
}

#[test]
fn refusals_are_told_in_the_servers_own_words() {
    let text = r#"{"httpStatus":"Conflict","httpStatusCode":409,"status":"ERROR","message":"One or more errors","response":
        {"errorReports":[{"message":"Property `phoneNumber` is not valid","errorCode":"E4027"}]}}"#;
    let message = Message::read(text).expect("a message");
    assert_eq!(
        (message.message.as_str(), message.code.as_deref()),
        ("Property `phoneNumber` is not valid", Some("E4027"))
    );
    assert_eq!(Message::read("<html>"), None);
    let system =
        System::read(r#"{"version":"2.40.2","serverDate":"2026-11-22T04:00:00.123+0000","systemName":"HMIS"}"#);
    let system = system.expect("a system");
    assert_eq!(system.now.map(|now| now.to_string()).as_deref(), Some("2026-11-22T04:00:00.123"));
    assert!(Version::read(&system.version).is_some_and(Version::has_json_patch));
    assert!(!Version::read("2.36").is_some_and(Version::has_json_patch));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC*", json in "\\{[\\[\\]{}\",:a-z1.]*") {
        for text in [text, json] {
            let _ = (List::read(&text, "users"), System::read(&text), Message::read(&text), UserState::read(&text));
            let _ = text.parse::<Moment>();
        }
    }
}
