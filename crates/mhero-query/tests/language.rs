//! What queries mean: names to ids, values to types, and what is refused with which code.

mod common;

use common::{audience, directory, environment, id};
use mhero_core::{BroadcastId, CadreId, FieldId, FlowId, GroupId, Lang, PlaceId, TitleId};
use mhero_query::{
    Comparison, FieldTest, FlowTime, InstantRange, Leaf, Predicate, QueryError, Reached, UrnTest, check, lower, parse,
    parse_in,
};

fn predicate(text: &str) -> Predicate {
    lower(&audience(text).expect(text))
}

fn refused(text: &str) -> QueryError {
    audience(text).expect_err(text)
}

fn place(number: u128) -> PlaceId {
    PlaceId::from_uuid(id(number))
}

/// The first microsecond of a day in UTC.
fn day(text: &str) -> Option<i64> {
    let instant: jiff::Timestamp = format!("{text}T00:00:00Z").parse().expect("a day");
    Some(mhero_core::micros(instant))
}

#[test]
fn names_become_ids() {
    let midwife = || Leaf::Cadre(vec![CadreId::from_uuid(id(20))]);
    let nimbara = || Leaf::PlaceUnder(vec![place(10)]);
    for (text, leaf) in [
        ("cadre = midwife", midwife()),
        ("cadre = \"SAGE-FEMME\"", midwife()),
        ("cadre = 'sage-femme'", midwife()),
        ("place = nimbara", nimbara()),
        ("place = LB.NI", nimbara()),
        (&format!("place = {}", id(10)), nimbara()),
        ("place = \"n'zerekore\"", Leaf::PlaceUnder(vec![place(15)])),
        ("place = TF.C.CAP", Leaf::PlaceUnder(vec![place(12)])),
        ("facility = «\u{a0}Fisabo clinic\u{a0}»", Leaf::Facility(vec![place(14)])),
        ("job = midwife", Leaf::Job(vec![TitleId::from_uuid(id(30)), TitleId::from_uuid(id(31))])),
        ("job = \"job|37\"", Leaf::Job(vec![TitleId::from_uuid(id(30))])),
        ("group = \"ebola TEAM\"", Leaf::Group(vec![GroupId::from_uuid(id(40))])),
        ("language = français", Leaf::Language(Lang::FRENCH)),
        ("language = FRA", Leaf::Language(Lang::FRENCH)),
        ("sex = femme", Leaf::Sex("female".to_owned())),
        ("on_leave = Oui", Leaf::OnLeave(true)),
        ("on_leave = no", Leaf::OnLeave(false)),
        ("answered = B12", broadcast(Reached::Answered)),
        ("sent = \"polio days\"", broadcast(Reached::Sent)),
        (
            "training = sonu",
            Leaf::Training { courses: vec!["emonc".into(), "sonu".into()], when: InstantRange::ALWAYS },
        ),
    ] {
        assert_eq!(predicate(text), Predicate::Is(leaf), "{text}");
    }
}

fn broadcast(how: Reached) -> Leaf {
    Leaf::Broadcast { which: vec![BroadcastId::from_uuid(id(60))], how }
}

#[test]
fn alternatives_of_one_kind_become_one_leaf() {
    assert_eq!(
        predicate("(place = Nimbara OR place = Bondou OR cadre = nurse) AND phone != ''"),
        Predicate::And(vec![
            Predicate::Or(vec![
                Predicate::Is(Leaf::PlaceUnder(vec![place(10), place(11)])),
                Predicate::Is(Leaf::Cadre(vec![CadreId::from_uuid(id(21))])),
            ]),
            Predicate::Is(Leaf::HasPhone),
        ])
    );
    assert_eq!(predicate("*"), Predicate::All);
}

#[test]
fn unequal_means_that_none_is_equal() {
    for (text, leaf) in [
        ("place != Nimbara", Leaf::PlaceUnder(vec![place(10)])),
        ("phone = \"\"", Leaf::HasPhone),
        ("answered != 'Polio days'", broadcast(Reached::Answered)),
        ("sent = ''", Leaf::AnyBroadcast { how: Reached::Sent }),
        ("last_heard = ''", Leaf::LastHeard(InstantRange::ALWAYS)),
        ("age = ''", Leaf::Field { field: FieldId::from_uuid(id(50)), test: FieldTest::Present }),
    ] {
        assert_eq!(predicate(text), Predicate::Not(Box::new(Predicate::Is(leaf))), "{text}");
    }
}

#[test]
fn days_are_whole_days() {
    let range = |from: Option<i64>, until: Option<i64>| InstantRange { from, until };
    for (sign, expected) in [
        ("=", range(day("2026-05-01"), day("2026-05-02"))),
        ("<", range(None, day("2026-05-01"))),
        ("<=", range(None, day("2026-05-02"))),
        (">", range(day("2026-05-02"), None)),
        (">=", range(day("2026-05-01"), None)),
    ] {
        assert_eq!(predicate(&format!("last_heard {sign} 01-05-2026")), Predicate::Is(Leaf::LastHeard(expected)));
        let Predicate::Is(Leaf::Training { when, .. }) = predicate(&format!("emonc {sign} 2026-05-01")) else {
            panic!("a course by its bare name");
        };
        assert_eq!(when, expected);
    }
    assert_eq!(predicate("last_sent < -30d"), Predicate::Is(Leaf::LastSent(range(None, day("2026-04-14")))));
    assert_eq!(predicate("licence_expires <= +1m"), {
        let test = FieldTest::InstantRange(range(None, day("2026-06-15")));
        Predicate::Is(Leaf::Field { field: FieldId::from_uuid(id(51)), test })
    });
}

#[test]
fn fields_compare_by_their_type() {
    let field = |number, test| Predicate::Is(Leaf::Field { field: FieldId::from_uuid(id(number)), test });
    assert_eq!(predicate("age >= 18.5"), field(50, FieldTest::NumberCmp(Comparison::GreaterOrEqual, 18.5)));
    assert_eq!(predicate("fields.shirt_size = \"Très  Grand\""), field(52, FieldTest::TextEquals("tres grand".into())));
    assert_eq!(predicate("home = LB.BO"), field(53, FieldTest::PlaceUnder(vec![place(11)])));
    assert_eq!(predicate("training.infection_control != ''"), {
        let courses = vec!["infection control".to_owned()];
        Predicate::Is(Leaf::Training { courses, when: InstantRange::ALWAYS })
    });
}

#[test]
fn phones_and_names_are_understood_as_written() {
    let phone = |number: &str| Predicate::Is(Leaf::Phone(number.to_owned()));
    let tokens = |tokens: &[&str]| {
        Predicate::Is(Leaf::NameTokens { tokens: tokens.iter().map(|token| (*token).to_owned()).collect() })
    };
    for (text, expected) in [
        ("0770 000 001", phone("+231770000001")),
        ("phone = 0770000001", phone("+231770000001")),
        ("tel = +231770000001", phone("+231770000001")),
        ("tel:+231770000001", phone("+231770000001")),
        ("urn = \"tel:+231770000001\"", phone("+231770000001")),
        ("phone = 4636", phone("4636")),
        ("phone ~ 0770", Predicate::Is(Leaf::PhoneContains("770".to_owned()))),
        ("Kollie", tokens(&["kollie"])),
        ("name ~ \"Marie-Noëlle Ko\"", tokens(&["marie", "noelle", "ko"])),
        ("name ~ Smithwicke", tokens(&["smithwic"])),
        ("name = \"Mary  KOLLIE\"", Predicate::Is(Leaf::NameEquals("mary kollie".to_owned()))),
    ] {
        assert_eq!(predicate(text), expected, "{text}");
    }
}

#[test]
fn flows_tickets_and_addresses_are_asked_for() {
    let is = |scheme: Option<&str>, spellings: &[&str]| Leaf::Urn {
        scheme: scheme.map(str::to_owned),
        test: UrnTest::Is(spellings.iter().map(|one| (*one).to_owned()).collect()),
    };
    let registration = |when| Leaf::Flow { which: vec![FlowId::from_uuid(id(80))], when };
    for (text, leaf) in [
        ("flow = registration", registration(FlowTime::Now)),
        ("history = Registration", registration(FlowTime::Ever)),
        ("flow != ''", Leaf::AnyFlow { when: FlowTime::Now }),
        ("flow_start = 12", Leaf::Start { number: 12, replied: false }),
        ("flow_reply = 12", Leaf::Start { number: 12, replied: true }),
        ("tickets > 1", Leaf::Tickets(Comparison::Greater, 1.0)),
        ("status = STOPPED", Leaf::Stopped(true)),
        ("status = active", Leaf::Stopped(false)),
        ("telegram = 1234", is(Some("telegram"), &["1234"])),
        ("twitter = @Ewok", is(Some("twitter"), &["@Ewok", "@ewok", "ewok"])),
        ("urn = Ewok", is(None, &["Ewok", "ewok"])),
        ("urn = whatsapp:231770000001", is(Some("whatsapp"), &["231770000001"])),
        ("urn = 0770000001", Leaf::Phone("+231770000001".to_owned())),
        ("urn ~ EWO", Leaf::Urn { scheme: None, test: UrnTest::Contains("ewo".to_owned()) }),
        ("whatsapp != ''", Leaf::Urn { scheme: Some("whatsapp".to_owned()), test: UrnTest::Any }),
    ] {
        assert_eq!(predicate(text), Predicate::Is(leaf), "{text}");
    }
}

#[test]
fn errors_have_a_code_a_place_and_a_remedy() {
    for (text, code, position, key) in [
        ("", "syntax", 0, "query-error-empty"),
        ("cadre = midwife AND", "syntax", 19, "query-error-ends-early"),
        ("cadre = midwife )", "syntax", 16, "query-error-condition-missing"),
        ("a b & c", "syntax", 4, "query-error-sign"),
        ("é.b.c = 1", "syntax", 0, "query-error-no-property"),
        ("x.age = 1", "unknown_property_type", 0, "query-error-unknown-prefix"),
        ("agee = 1", "unknown_property", 0, "query-error-unknown-property-near"),
        ("zzz = 1", "unknown_property", 0, "query-error-unknown-property"),
        ("urns.pigeon = bob", "unknown_property", 0, "query-error-unknown-property"),
        ("twitter ~ bo", "invalid_partial_urn", 10, "query-error-partial-number"),
        ("id = 12", "not_in_registry", 0, "query-error-contacts-only"),
        ("status = blocked", "not_in_registry", 0, "query-error-status-unused"),
        ("status = gone", "invalid_status", 9, "query-error-status"),
        ("status = ''", "unsupported_setcheck", 0, "query-error-always-set"),
        ("tickets > few", "invalid_number", 10, "query-error-number"),
        ("flow = Registraton", "invalid_flow", 7, "query-error-unknown-flow-near"),
        ("history = Nothing", "invalid_flow", 10, "query-error-unknown-flow"),
        ("age = XZ", "invalid_number", 6, "query-error-number"),
        ("emonc < soon", "invalid_date", 8, "query-error-date"),
        ("language = klingon", "invalid_language", 11, "query-error-language"),
        ("phone = 077O000001", "invalid_phone", 8, "query-error-phone"),
        ("on_leave = soon", "invalid_yes_or_no", 11, "query-error-yes-or-no"),
        ("on_leave = ''", "unsupported_setcheck", 0, "query-error-always-set"),
        ("sex = both", "invalid_sex", 6, "query-error-sex"),
        ("name ~ x", "invalid_partial_name", 7, "query-error-partial-name"),
        ("phone ~ 023", "invalid_partial_urn", 8, "query-error-partial-number"),
        ("place ~ Nim", "unsupported_contains", 0, "query-error-no-contains"),
        ("cadre > nurse", "unsupported_comparison", 0, "query-error-no-comparison"),
        ("created_on = ''", "unsupported_setcheck", 0, "query-error-always-set"),
        ("cadre = midwive", "unknown_cadre", 8, "query-error-unknown-cadre-near"),
        ("cadre = wizard", "unknown_cadre", 8, "query-error-unknown-cadre"),
        ("group = None", "invalid_group", 8, "query-error-unknown-group"),
        ("group = Twins", "ambiguous_group", 8, "query-error-ambiguous-group"),
        ("job = Astronaut", "unknown_job", 6, "query-error-unknown-job"),
        ("sent = Q99", "unknown_broadcast", 7, "query-error-unknown-broadcast"),
        ("facility = Nimbara", "unknown_facility", 11, "query-error-unknown-facility-near"),
        ("place = Ebola team", "unknown_place", 8, "query-error-quotes-missing"),
    ] {
        let error = refused(text);
        assert_eq!((error.code(), error.position(), error.reason().key), (code, position, key), "{text}");
    }
}

#[test]
fn an_ambiguous_place_lists_its_candidates_with_what_to_write() {
    let error = refused("cadre = midwife AND place = capital");
    assert_eq!(error.code(), "ambiguous_place");
    let listed: Vec<String> = error.candidates().iter().map(ToString::to_string).collect();
    assert_eq!(listed, ["Capital (Central, Taifafeki): TF.C.CAP", "Capital (North, Taifafeki): TF.N.CAP"]);
    assert_eq!(error.span.of("cadre = midwife AND place = capital"), "capital");
    for candidate in error.candidates() {
        assert!(audience(&format!("place = {}", candidate.write)).is_ok());
    }
    assert_eq!(refused("facility = Nimbara").reason().args[1].1, "place = \"Nimbara\"");
    let quoted = refused("place = Kru Town").reason();
    assert_eq!(quoted.args[1].1, "place = \"Kru Town\"");
}

#[test]
fn limits_hold() {
    let many = |count: usize, joint: &str| vec!["a = 1"; count].join(joint);
    assert!(parse(&many(250, " OR ")).is_ok());
    assert_eq!(parse(&many(251, " ")).expect_err("too many").code(), "too_complex");
    let deep = |depth: usize| format!("{}a = 1{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(&deep(100)).is_ok());
    assert_eq!(parse(&deep(101)).expect_err("too deep").code(), "too_complex");
    assert_eq!(parse(&"x".repeat(10_001)).expect_err("too long").code(), "too_complex");
    let grown = parse(&many(250, " AND ")).expect("a query").and(&parse("age = 1").expect("a query"));
    let error = check(&grown, &directory(), &environment()).expect_err("grown too large by editing");
    assert_eq!(error.code(), "too_complex");
}

#[test]
fn hidden_numbers_are_not_asked_about() {
    let mut world = environment();
    world.redact_urns = true;
    let ask = |text: &str| parse_in(text, &world).and_then(|query| check(&query, &directory(), &world));
    assert_eq!(ask("phone = 0770000001").expect_err("hidden").code(), "redacted_urns");
    assert!(ask("phone != ''").is_ok());
    assert_eq!(parse_in("0770000001", &world).expect("a query").to_string(), "name ~ 0770000001");
}

#[test]
fn neither_errors_nor_trees_show_a_phone_number_to_a_log() {
    let number = "0770000001";
    for text in [format!("phone = {number}O"), format!("phone = \"{number}"), format!("name = 1 AND = {number}")] {
        let error = refused(&text);
        assert!(!format!("{error} {error:?}").contains(number), "{error:?}");
    }
    let text = format!("phone = {number} OR phone ~ {number}");
    let query = parse(&text).expect("a query");
    let audience = audience(&text).expect("an audience");
    let shown = format!("{query:?} {audience:?} {:?}", lower(&audience));
    assert!(!shown.contains("770000001"), "{shown}");
}

#[test]
fn a_group_is_not_defined_by_groups() {
    assert!(audience("cadre = midwife").expect("an audience").may_define_group());
    assert!(!audience("cadre = midwife OR group = 'Ebola team'").expect("an audience").may_define_group());
    assert!(!audience("flow = Registration").expect("an audience").may_define_group());
    assert!(audience("last_heard < -30d").expect("an audience").depends_on_today());
    assert!(audience("on_leave = no").expect("an audience").depends_on_today());
    assert!(!audience("last_heard < 2026-01-01").expect("an audience").depends_on_today());
}
