//! The readers of what DHIS2 and RapidPro answer: pages, units, users, contacts and refusals.

use jiff::civil::date;
use mhero_core::{Lang, record::Record};
use mhero_wire::{
    dhis2::{Level, List, Message, System, Units, UserState, Users, level_of},
    rapidpro::{ContactState, Contacts, Groups, Page, detail, field_of, group_of},
};
use serde_json::Value;

use super::targets::Judge;

/// Pages of units and users are read as both, whatever they hold, and what comes out is kept and read again.
pub(super) fn dhis2() -> Judge {
    let units = Units {
        levels: vec![Level { number: 4, name: "Facility".to_owned() }],
        facility_level: None,
        facility_groups: vec!["CLINIC".to_owned()],
        uid_system: "http://dhis2.example".to_owned(),
        code_system: None,
        attribute_systems: vec![("MFL".to_owned(), "http://mfl.example".to_owned())],
        place_attributes: vec![("open".to_owned(), "OPEN".to_owned())],
        language: Lang::ENGLISH,
        today: date(2026, 11, 22),
    };
    Box::new(move |input| {
        let text = String::from_utf8_lossy(input);
        let _ = (System::read(&text), Message::read(&text), UserState::read(&text));
        let users = Users { roles: vec!["officer".to_owned()], ..Users::default() };
        let lists = ["organisationUnits", "users"].into_iter().filter_map(|key| List::read(&text, key));
        let mut taken = false;
        for list in lists {
            let _ = list.has_more(1, 50);
            for item in &list.items {
                let _ = (level_of(item), users.wants(item));
                taken |= [units.record(item, ""), users.record(item, "")].iter().flatten().all(is_kept);
            }
        }
        taken
    })
}

/// Pages of contacts, fields and groups are read, and what comes out is kept and read again.
pub(super) fn rapidpro() -> Judge {
    Box::new(|input| {
        let text = String::from_utf8_lossy(input);
        let _ = detail(&text);
        let Some(page) = Page::read(&text) else { return false };
        let fields: Vec<_> = page.items.iter().filter_map(field_of).collect();
        let groups: Vec<_> = page.items.iter().filter_map(group_of).collect();
        let contacts = Contacts::new(&fields, &groups, Groups::Chosen);
        let mut taken = false;
        for item in &page.items {
            let _ = Contacts::deleted(item, "");
            taken |= contacts.record(item, "").is_ok_and(|record| is_kept(&record));
            if let Some(state) = ContactState::read(item) {
                let _ = (
                    state.agrees(&state, "phone"),
                    state.change(&[("phone", Some("1"), "+231770000001"), ("a", None, "")]),
                );
            }
        }
        taken
    })
}

/// What a record says must survive being kept.
fn is_kept(record: &Record) -> bool {
    let kept = serde_json::to_string(&record.content).expect("it is kept");
    let again: Result<mhero_core::record::Content, _> = serde_json::from_str(&kept);
    assert!(again.is_ok(), "what is kept is not read again");
    true
}

pub(super) fn dhis2_seeds() -> Vec<Vec<u8>> {
    let unit = serde_json::json!({
        "id": "DiszpKrYNg8", "code": "OU_559", "name": "Ngelehun CHC", "level": 4, "leaf": true, "parent": {"id": "YuQRtpLP10I"},
        "path": "/ImspTQPwCqd/O6uvpzGd5pu/YuQRtpLP10I/DiszpKrYNg8", "openingDate": "1970-01-01T00:00:00.000",
        "geometry": {"type": "Polygon", "coordinates": [[[-11.4, 8.1], [-11.3, 8.1], [-11.3, 8.2]]]},
        "translations": [{"property": "NAME", "locale": "fr", "value": "CSC"}], "organisationUnitGroups": [{"code": "CLINIC"}],
        "attributeValues": [{"value": "7", "attribute": {"id": "n2xYlNbsfko", "code": "MFL"}}], "lastUpdated": "2017-05-22T15:21:48.516",
    });
    let user = serde_json::json!({
        "id": "xE7jOejl9FI", "firstName": "John", "surname": "Traore", "phoneNumber": "+23276000001", "whatsApp": "+23276000002",
        "gender": "gender_male", "birthday": "1971-04-08", "organisationUnits": [{"id": "O6uvpzGd5pu"}], "jobTitle": "Officer",
        "userCredentials": {"disabled": true, "userRoles": [{"id": "r1", "name": "officer"}]}, "languages": "English, Krio",
    });
    let page = |key: &str, item: &Value| {
        let page = serde_json::json!({"pager": {"page": 1, "pageCount": 2, "total": 60, "pageSize": 50}, key: [item]});
        page.to_string().into_bytes()
    };
    let refusal =
        br#"{"httpStatusCode":409,"status":"ERROR","message":"x","response":{"errorReports":[{"message":"y"}]}}"#;
    let info = br#"{"version":"2.40.1","serverDate":"2026-11-22T04:00:00.123+0000","systemName":"HMIS"}"#;
    vec![page("organisationUnits", &unit), page("users", &user), refusal.to_vec(), info.to_vec()]
}

pub(super) fn rapidpro_seeds() -> Vec<Vec<u8>> {
    let contact = serde_json::json!({
        "uuid": "c1", "name": "Martha Kollie", "status": "active", "language": "eng", "blocked": false, "stopped": false,
        "urns": ["tel:+231770000001", "telegram:77?channel=c#ama", "whatsapp:231770000002", "mailto:a@example.org"],
        "groups": [{"uuid": "g1", "name": "Nurses"}], "fields": {"age": "34", "globalid": "P1", "mheroentitytype": "Practitioner"},
        "created_on": "2026-11-01T00:00:00.000000Z", "modified_on": "2026-11-02T00:00:00.000000Z",
    });
    let field =
        serde_json::json!({"key": "age", "label": "Age", "value_type": "numeric", "name": "Age", "type": "number"});
    let group = serde_json::json!({"uuid": "g1", "name": "Nurses", "query": null, "system": false});
    let page = |items: &[&Value]| {
        let next = "http://example.org/api/v2/contacts.json?cursor=abc";
        serde_json::json!({"next": next, "previous": null, "results": items}).to_string().into_bytes()
    };
    let refusal = br#"{"urns":{"0":["URN is in use by another contact."]},"detail":"x"}"#;
    vec![page(&[&contact]), page(&[&field, &group, &contact]), refusal.to_vec()]
}
