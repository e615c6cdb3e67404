//! Queries of contacts: any text is read or refused, what is printed is the same query, and a contact is found by the same queries as
//! the same person in the registry.

mod common;

use bigdecimal::BigDecimal;
use common::{audience, environment};
use mhero_core::{FieldId, Lang};
use mhero_query::{
    Answer, Attribute, ContactQuery, FieldValue, Profile, Property, QueryField, QueryFieldKind, Queryable, Resolved,
    Resolver, evaluate, lower,
};
use proptest::prelude::*;
use uuid::Uuid;

/// The names of the test country, as flows know them.
struct Assets;

impl Resolver for Assets {
    fn field(&self, key: &str) -> Option<QueryField> {
        let kind = match key {
            "age" => QueryFieldKind::Number,
            "licence_expires" => QueryFieldKind::Instant,
            "shirt_size" => QueryFieldKind::Text,
            "home" => QueryFieldKind::Location,
            _ => return None,
        };
        Some(QueryField { name: key.to_uppercase(), kind })
    }

    fn group(&self, name: &str) -> Option<Resolved> {
        let is = name.eq_ignore_ascii_case("ebola team");
        is.then(|| Resolved { uuid: common::id(40), name: "Ebola team".to_owned() })
    }

    fn flow(&self, name: &str) -> Option<Resolved> {
        let is = name.eq_ignore_ascii_case("registration");
        is.then(|| Resolved { uuid: common::id(80), name: "Registration".to_owned() })
    }
}

/// A person of the registry as a contact of flows.
#[derive(Debug)]
struct Contact(Profile);

impl Queryable for Contact {
    fn values(&self, property: &Property, see: &mut dyn FnMut(Answer<'_>)) {
        let person = &self.0;
        let field = |number: u128| person.fields.get(&FieldId::from_uuid(common::id(number)));
        match property {
            Property::Attribute(Attribute::Uuid) => see(Answer::Text(&person.person.to_string())),
            Property::Attribute(Attribute::Name) => see(Answer::Text(&person.name)),
            Property::Attribute(Attribute::Language) => {
                person.language.iter().for_each(|lang| see(Answer::Text(lang.as_str())));
            }
            Property::Attribute(Attribute::Urn | Attribute::Phone) => {
                person.phones.iter().for_each(|number| see(Answer::Text(number)));
            }
            Property::Scheme(scheme) if scheme == "tel" => {
                person.phones.iter().for_each(|number| see(Answer::Text(number)));
            }
            Property::Attribute(Attribute::LastHeard) => {
                person.last_heard.iter().for_each(|at| see(Answer::Instant(mhero_core::timestamp(*at))));
            }
            Property::Attribute(Attribute::CreatedOn) => see(Answer::Instant(mhero_core::timestamp(person.created_on))),
            Property::Attribute(Attribute::Tickets) => {
                see(Answer::Number(&BigDecimal::from(person.open_tickets as u64)));
            }
            Property::Attribute(Attribute::Group) => person.groups.iter().for_each(|group| {
                see(Answer::Thing { id: group.uuid(), name: "Ebola team" });
            }),
            Property::Field(key) if key == "age" => {
                let number = field(50).and_then(|own| own.text.parse::<BigDecimal>().ok());
                number.iter().for_each(|number| see(Answer::Number(number)));
            }
            Property::Field(key) if key == "shirt_size" => {
                field(52).iter().for_each(|own| see(Answer::Text(&own.text)));
            }
            _ => {}
        }
    }
}

fn ask(text: &str, contact: &Contact) -> bool {
    let query = ContactQuery::parse(text, &environment(), Some(&Assets)).expect(text);
    query.matches(contact, &environment())
}

/// Conditions that mean the same in both worlds.
fn condition() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "Mary",
        "kollie",
        "name = 'Mary Kollie'",
        "name = ''",
        "name ~ mar",
        "language = fra",
        "language != eng",
        "language = ''",
        "tel != ''",
        "tel = 0770000001",
        "tel ~ 77000",
        "urn ~ 77000",
        "urn = ''",
        "last_seen_on < -30d",
        "last_seen_on = ''",
        "last_seen_on >= 2026-01-01",
        "created_on > 01-02-2026",
        "age > 18",
        "age != 18",
        "age = ''",
        "age <= 17.5",
        "shirt_size = XL",
        "shirt_size != xl",
        "group = 'ebola team'",
        "group != ''",
        "tickets = 0",
        "tickets > 1",
    ])
    .prop_map(str::to_owned)
}

fn query() -> impl Strategy<Value = String> {
    condition().prop_recursive(3, 12, 3, |inner| {
        (prop::collection::vec(inner, 1..4), prop::sample::select(vec![" AND ", " or ", " "]))
            .prop_map(|(parts, joint)| format!("({})", parts.join(joint)))
    })
}

fn contacts() -> impl Strategy<Value = Contact> {
    let name = prop::sample::select(vec!["Mary Kollie", "Maryam Doe", "James Flomo", "Élodie Kollié", ""]);
    let language = prop::option::of(prop::sample::select(vec![Lang::ENGLISH, Lang::FRENCH]));
    let phones =
        prop::collection::vec(prop::sample::select(vec!["+231770000001".to_owned(), "+231880000002".to_owned()]), 0..3);
    let instant = || 1_750_000_000_000_000_i64..1_800_000_000_000_000;
    let age = prop::option::of(prop::sample::select(vec!["17", "17.5", "18", "39"]));
    let size = prop::option::of(prop::sample::select(vec!["XL", "xl", "small"]));
    (name, language, phones, prop::option::of(instant()), instant(), age, size, 0..3_usize, any::<bool>()).prop_map(
        |(name, language, phones, heard, created, age, size, open_tickets, is_member)| {
            let mut person = Profile {
                name: name.to_owned(),
                language,
                phones,
                last_heard: heard,
                created_on: created,
                open_tickets,
                ..Profile::default()
            };
            if is_member {
                person.groups.push(mhero_core::GroupId::from_uuid(common::id(40)));
            }
            for (number, text) in [(50, age), (52, size)] {
                if let Some(text) = text {
                    let own = FieldValue { text: text.to_owned(), number: text.parse().ok(), ..FieldValue::default() };
                    person.fields.insert(FieldId::from_uuid(common::id(number)), own);
                }
            }
            Contact(person)
        },
    )
}

#[test]
fn fields_come_before_the_properties_of_a_health_workforce() {
    struct Cadre;
    impl Resolver for Cadre {
        fn field(&self, key: &str) -> Option<QueryField> {
            (key == "cadre").then(|| QueryField { name: "Cadre".to_owned(), kind: QueryFieldKind::Number })
        }
        fn group(&self, _name: &str) -> Option<Resolved> {
            None
        }
        fn flow(&self, _name: &str) -> Option<Resolved> {
            None
        }
    }
    let printed = |text: &str, resolver: Option<&dyn Resolver>| {
        ContactQuery::parse(text, &environment(), resolver).map(|query| query.to_string())
    };
    assert_eq!(printed("cadre > 2", Some(&Cadre)).as_deref(), Ok("fields.cadre > 2"));
    assert_eq!(printed("cadre = nurse", Some(&Assets)).as_deref(), Ok("cadre = \"nurse\""));
    assert_eq!(printed("cadre = nurse", None).as_deref(), Ok("fields.cadre = \"nurse\""));
    assert_eq!(printed("sex = x or zzz = 1", Some(&Assets)).expect_err("no field").code(), "unknown_property");
}

#[test]
fn a_reference_stands_for_a_contact_where_addresses_are_hidden() {
    let mut world = environment();
    world.redact_urns = true;
    let printed = |text: &str| ContactQuery::parse(text, &world, Some(&Assets)).expect(text).to_string();
    assert_eq!(printed("KYEKD42 or felix"), "ref = \"KYEKD42\" OR name ~ \"felix\"");
    assert_eq!(printed("Sheila"), "name ~ \"Sheila\"");
    assert_eq!(printed("\"KYEKD42\""), "name ~ \"KYEKD42\"");
    assert_eq!(printed("tel:+231770000001"), "name ~ \"tel:+231770000001\"");
}

#[test]
fn steps_from_today_are_counted_when_somebody_asks() {
    let mut world = environment();
    let query = ContactQuery::parse("last_seen_on >= -2d", &world, Some(&Assets)).expect("a query");
    assert!(query.depends_on_today());
    let noon: jiff::Timestamp = "2026-05-13T12:00:00Z".parse().expect("an instant");
    let contact = Contact(Profile { last_heard: Some(mhero_core::micros(noon)), ..Profile::default() });
    assert!(query.matches(&contact, &world));
    world.today = jiff::civil::date(2026, 6, 1);
    assert!(!query.matches(&contact, &world));
}

#[test]
fn nobody_is_asked_by_an_empty_query() {
    let everybody = ContactQuery::parse("*", &environment(), Some(&Assets)).expect("everybody");
    assert!(everybody.matches(&Contact(Profile::default()), &environment()));
    assert_eq!(everybody.to_string(), "");
    assert!(everybody.inspect().allow_as_group);
}

#[test]
fn values_of_contacts_never_reach_a_log() {
    let query = ContactQuery::parse("tel = 0770000001", &environment(), Some(&Assets)).expect("a query");
    assert!(!format!("{query:?}").contains("770000001"));
}

proptest! {
    #[test]
    fn reading_any_text_never_panics(text in any::<String>(), redact in any::<bool>()) {
        let mut world = environment();
        world.redact_urns = redact;
        for resolver in [None, Some(&Assets as &dyn Resolver)] {
            if let Ok(query) = ContactQuery::parse(&text, &world, resolver) {
                let _ = (query.inspect(), query.matches(&Contact(Profile::default()), &world));
            }
        }
    }

    #[test]
    fn pieces_that_are_read_print_as_the_same_query(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "name", "tel", "urn", "fields.age", "age", "group", "flow", "status", "tickets", "ref", "cadre", "twitter:ab",
                "=", "!=", "~", "<", ">=", "(", ")", "and", "OR", "is", "has", "\"\"", "\"a \\\" b\"", "-30d", "20-02-2020",
                "+231770000001", "0770000001", "é", "12", "active", "Registration", "KYEKD42", "'", "\\",
            ]),
            0..12,
        ),
        with_names in any::<bool>(),
    ) {
        let resolver = with_names.then_some(&Assets as &dyn Resolver);
        if let Ok(query) = ContactQuery::parse(&pieces.join(" "), &environment(), resolver)
            && !query.query().is_everyone()
        {
            let printed = query.to_string();
            let again = ContactQuery::parse(&printed, &environment(), resolver);
            prop_assert_eq!(again.as_ref().map(ToString::to_string), Ok(printed.clone()));
            prop_assert!(again.as_ref() == Ok(&query), "{}", printed);
        }
    }

    #[test]
    fn a_contact_is_found_as_the_same_person_is(text in query(), contact in contacts()) {
        let audience = audience(&text).expect("a query that the country understands");
        let in_registry = evaluate(&lower(&audience), &contact.0);
        prop_assert_eq!(ask(&text, &contact), in_registry, "{}", text);
        if text.contains("group") {
            prop_assert!(!ContactQuery::parse(&text, &environment(), Some(&Assets)).expect("a query").inspect().allow_as_group);
        }
    }
}

#[test]
fn groups_are_asked_for_by_their_id() {
    let mut contact = Contact(Profile::default());
    assert!(ask("group = ''", &contact) && ask("group != 'Ebola team'", &contact));
    contact.0.groups.push(mhero_core::GroupId::from_uuid(Uuid::from_u128(40)));
    assert!(ask("group = 'EBOLA team'", &contact));
}
