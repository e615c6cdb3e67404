//! What must hold of any text and any tree.

mod common;

use common::{audience, directory, environment};
use mhero_core::Lang;
use mhero_query::{
    Branch, Leaf, Operator, Position, Predicate, Profile, Property, Query, Subject, blanks, check, evaluate, lower,
    parse, parse_in, sentence,
};
use proptest::prelude::*;

/// Conditions that the test country understands.
fn condition() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "cadre = midwife",
        "cadre = nurse",
        "cadre != midwife",
        "place = Nimbara",
        "place = Bondou",
        "place = ''",
        "language = fra",
        "language != eng",
        "phone != ''",
        "phone ~ 770",
        "Mary",
        "name = 'Mary Kollie'",
        "last_heard < -30d",
        "last_heard = ''",
        "emonc < 2026-01-01",
        "job = Midwife",
        "sex = female",
        "age > 18",
    ])
    .prop_map(str::to_owned)
}

/// Queries of such conditions, nested.
fn query() -> impl Strategy<Value = String> {
    condition().prop_recursive(4, 24, 4, |inner| {
        (prop::collection::vec(inner, 1..4), prop::sample::select(vec![" AND ", " or ", " "]))
            .prop_map(|(parts, joint)| format!("({})", parts.join(joint)))
    })
}

fn property() -> impl Strategy<Value = Property> {
    "[a-z][a-z0-9_]{0,8}|fields\\.[a-z0-9_]{1,8}|training\\.[a-z_]{1,8}|urns\\.[a-z]{1,9}".prop_filter_map(
        "a keyword",
        |word| {
            let keyword = matches!(word.as_str(), "and" | "or" | "is" | "has");
            (!keyword).then(|| Property::read(&word).ok()).flatten()
        },
    )
}

/// Trees of any conditions, put together by editing.
fn tree() -> impl Strategy<Value = Query> {
    let operators = vec![
        Operator::Equal,
        Operator::NotEqual,
        Operator::Contains,
        Operator::Less,
        Operator::LessOrEqual,
        Operator::Greater,
        Operator::GreaterOrEqual,
    ];
    let leaf = (property(), prop::sample::select(operators), any::<String>())
        .prop_map(|(property, operator, value)| Query::condition(property, operator, value));
    leaf.prop_recursive(4, 16, 2, |inner| {
        (inner.clone(), inner, any::<bool>()).prop_map(|(one, two, all)| if all { one.and(&two) } else { one.or(&two) })
    })
}

fn people() -> impl Strategy<Value = Profile> {
    let cadres = directory().cadres;
    let places = directory().places;
    let cadre = prop::option::of(prop::sample::select(vec!["midwife", "nurse"]));
    let place = prop::option::of(prop::sample::select(vec!["Nimbara", "Bondou", "Fisabo Clinic"]));
    let language = prop::option::of(prop::sample::select(vec![Lang::ENGLISH, Lang::FRENCH]));
    let phone = prop::option::of(Just("+231770000001".to_owned()));
    let name = prop::sample::select(vec!["Mary Kollie", "Maryam Doe", "James Flomo", ""]);
    let heard = prop::option::of(1_500_000_000_000_000_i64..1_800_000_000_000_000);
    (cadre, place, language, phone, name, heard).prop_map(move |(cadre, place, language, phone, name, heard)| Profile {
        positions: vec![Position {
            cadre: cadre.map(|cadre| cadres.find(cadre)[0].id),
            place: place.map(|place| places.find(place)[0].id),
            ..Position::default()
        }],
        language,
        phones: phone.into_iter().collect(),
        name: name.to_owned(),
        last_heard: heard,
        ..Profile::default()
    })
}

/// The meaning of a checked tree, test by test, without lowering.
fn meant(branch: &Branch, subject: &dyn Subject) -> bool {
    match branch {
        Branch::And(children) => children.iter().all(|child| meant(child, subject)),
        Branch::Or(children) => children.iter().any(|child| meant(child, subject)),
        Branch::Test(test) => evaluate(&Predicate::Is(test.leaf.clone()), subject) != test.negated,
    }
}

/// Whether a predicate keeps what its documentation promises.
fn well_formed(predicate: &Predicate, inside: Option<&Predicate>) -> bool {
    match predicate {
        Predicate::And(parts) => {
            parts.len() > 1
                && !matches!(inside, Some(Predicate::And(_)))
                && parts.iter().all(|part| well_formed(part, Some(predicate)))
        }
        Predicate::Or(parts) => {
            parts.len() > 1
                && !matches!(inside, Some(Predicate::Or(_)))
                && parts.iter().all(|part| well_formed(part, Some(predicate)))
        }
        Predicate::Not(inner) => !matches!(**inner, Predicate::Not(_)) && well_formed(inner, Some(predicate)),
        Predicate::All | Predicate::None => inside.is_none(),
        Predicate::Is(Leaf::NameTokens { tokens }) => {
            !tokens.is_empty() && tokens.iter().all(|token| (1..=8).contains(&token.chars().count()))
        }
        Predicate::Is(_) => true,
    }
}

proptest! {
    #[test]
    fn reading_any_text_never_panics(text in any::<String>()) {
        let _ = parse(&text);
    }

    #[test]
    fn reading_and_checking_any_pieces_never_panics(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "cadre", "phone", "emonc", "age", "name", "home", "=", "!=", "~", "<", ">=", "(", ")", "and", "OR", "is", "has",
                "\"", "'", "\"\"", "«", "-30d", "2026-01-01", "+", "0770000001", "é", "\\", "tel:", "fields.", "*", "&", "Capital",
            ]),
            0..14,
        ),
        spaced in any::<bool>(),
    ) {
        let text = pieces.join(if spaced { " " } else { "" });
        if let Err(error) = audience(&text) {
            prop_assert!(error.span.start <= error.span.end && error.span.end <= text.chars().count());
            prop_assert!(!error.reason().key.is_empty());
        }
        if let Ok(query) = parse(&text) {
            query.references();
            let again = parse(&query.to_string());
            prop_assert_eq!(again.as_ref(), Ok(&query));
        }
    }

    #[test]
    fn what_is_printed_reads_as_the_same_query(query in tree()) {
        let printed = query.to_string();
        let again = parse(&printed);
        prop_assert_eq!(again.as_ref(), Ok(&query), "{}", printed);
        let qualified = query.qualified();
        let again = parse(&qualified).map(|query| query.qualified());
        prop_assert_eq!(again, Ok(qualified));
    }

    #[test]
    fn parts_make_up_the_query(query in tree()) {
        let parts = (0..query.parts()).filter_map(|at| query.part(at));
        prop_assert_eq!(parts.fold(Query::everyone(), |all, part| all.and(&part)), query.clone());
        for at in 0..query.parts() {
            let part = query.part(at).expect("a part below their number");
            prop_assert_eq!(query.replace_part(at, &part), query.clone());
            prop_assert_eq!(query.remove_part(at).parts(), query.parts() - 1);
        }
    }

    #[test]
    fn lowering_keeps_the_meaning(text in query(), person in people()) {
        let audience = audience(&text).expect("a query that the country understands");
        let predicate = lower(&audience);
        prop_assert!(well_formed(&predicate, None), "{:?}", predicate);
        let root = audience.root().expect("at least one condition");
        prop_assert_eq!(evaluate(&predicate, &person), meant(root, &person));
    }

    #[test]
    fn printing_keeps_the_meaning(text in query()) {
        let query = parse_in(&text, &environment()).expect("a query");
        let again = parse(&query.to_string()).expect("a printed query");
        let lowered = |query: &Query| lower(&check(query, &directory(), &environment()).expect("a query that the country understands"));
        prop_assert_eq!(lowered(&again), lowered(&query));
    }

    #[test]
    fn every_part_is_said_once(text in query()) {
        let audience = audience(&text).expect("a query that the country understands");
        for lang in [Lang::ENGLISH, Lang::FRENCH] {
            let mut parts: Vec<usize> = blanks(&audience, lang).iter().map(|blank| blank.part).collect();
            parts.sort_unstable();
            let expected = parse_in(&text, &environment()).expect("a query").parts();
            prop_assert_eq!(parts, (0..expected).collect::<Vec<_>>());
            let said = sentence(&audience, lang);
            prop_assert!(!said.contains("  ") && !said.starts_with(' ') && !said.ends_with(' '), "{}", said);
        }
    }
}
