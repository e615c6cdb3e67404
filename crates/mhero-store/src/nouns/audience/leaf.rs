//! One test of a person as a condition over `person p`. It is never NULL, so that its opposite is its opposite.

use mhero_core::SourceId;
use mhero_query::{FieldTest, FlowTime, InstantRange, Leaf, Reached, UrnTest};

use super::compose::Composer;
use crate::{
    Value,
    nouns::health::{CONFIRMED_FOR_MICROS, state_of_number},
    statement::has_left_all,
};

/// The greatest letter there is: behind everything that begins like a word, in the byte order of both engines.
const LAST_LETTER: char = '\u{10FFFF}';

/// That a person has a number which asked that nothing be sent any more.
const HAS_STOPPED_NUMBER: &str = "EXISTS (SELECT 1 FROM person_urn u JOIN stop o ON o.scheme = u.scheme AND o.path = u.path \
     AND o.list = '' WHERE u.person = p.id AND u.scheme = 'tel')";
/// That a person asked so at a number or in a chat of their own, which counts for all of theirs.
const HAS_LEFT_ALL: &str = has_left_all!("p.id");
/// That a person has a valid number which has not.
const HAS_OPEN_NUMBER: &str = "EXISTS (SELECT 1 FROM person_urn u WHERE u.person = p.id AND u.scheme = 'tel' \
     AND u.path IS NOT NULL AND NOT EXISTS (SELECT 1 FROM stop o WHERE o.scheme = u.scheme AND o.path = u.path \
     AND o.list = ''))";

/// The condition of a leaf.
pub(super) fn condition(to: &mut Composer, leaf: &Leaf) -> String {
    match leaf {
        Leaf::Person(id) => format!("p.id = {}", to.bind(*id)),
        Leaf::NameTokens { tokens } => name_tokens(to, tokens),
        Leaf::NameEquals(name) => format!("p.search = {}", to.bind(name)),
        Leaf::HasName => "p.search <> ''".to_owned(),
        Leaf::Language(lang) => known(to, "p.language", *lang),
        Leaf::HasLanguage => "p.language IS NOT NULL".to_owned(),
        Leaf::Phone(path) => {
            let test = format!("u.path = {} AND u.scheme = 'tel'", to.bind(path));
            to.among("u.person", "person_urn u", &test)
        }
        Leaf::PhoneContains(digits) => {
            let test = format!("u.scheme = 'tel' AND u.path LIKE {}", to.bind(format!("%{digits}%")));
            to.among("u.person", "person_urn u", &test)
        }
        Leaf::HasPhone => {
            "EXISTS (SELECT 1 FROM person_urn u WHERE u.person = p.id AND u.scheme = 'tel' AND u.path IS NOT NULL)"
                .to_owned()
        }
        Leaf::Urn { .. }
        | Leaf::Stopped(_)
        | Leaf::NumberHealth(_)
        | Leaf::OnLeave(_)
        | Leaf::Flow { .. }
        | Leaf::AnyFlow { .. }
        | Leaf::Start { .. }
        | Leaf::Tickets(..) => in_flows(to, leaf),
        Leaf::Group(groups) => {
            let is_one = to.one_of("m.member_of", groups.iter().copied());
            to.among("m.person", "group_member m", &is_one)
        }
        Leaf::AnyGroup => "EXISTS (SELECT 1 FROM group_member m JOIN audience_group g ON g.id = m.member_of \
             WHERE m.person = p.id AND g.active)"
            .to_owned(),
        Leaf::Cadre(_)
        | Leaf::AnyCadre
        | Leaf::Job(_)
        | Leaf::AnyJob
        | Leaf::Facility(_)
        | Leaf::AnyFacility
        | Leaf::PlaceUnder(_)
        | Leaf::AnyPlace => position(to, leaf),
        Leaf::Training { courses, when } => training(to, courses, *when),
        Leaf::AnyTraining => "EXISTS (SELECT 1 FROM training t WHERE t.person = p.id)".to_owned(),
        Leaf::Field { field, test } => {
            let field = to.bind(*field);
            let test = field_test(to, test);
            to.among("v.person", "person_value v", &format!("v.field = {field}{test}"))
        }
        Leaf::Broadcast { which, how } => {
            let column = if *how == Reached::Answered { "m.answers" } else { "m.broadcast" };
            let is_one = to.one_of(column, which.iter().copied());
            to.among("m.person", "message m", &format!("{is_one}{}", reached(*how)))
        }
        Leaf::AnyBroadcast { how } => {
            let column = if *how == Reached::Answered { "m.answers" } else { "m.broadcast" };
            format!("EXISTS (SELECT 1 FROM message m WHERE m.person = p.id AND {column} IS NOT NULL{})", reached(*how))
        }
        Leaf::LastSent(range) => to.within("p.sent_at", *range),
        Leaf::LastHeard(range) => to.within("p.heard_at", *range),
        Leaf::CreatedOn(range) => to.within("p.created_at", *range),
        Leaf::Sex(sex) => known(to, "p.sex", sex),
        Leaf::HasSex => "p.sex IS NOT NULL".to_owned(),
        Leaf::Source(source) => of_source(to, *source),
    }
}

/// That a source has a record of a person. What it no longer has says nothing of anybody.
fn of_source(to: &mut Composer, source: SourceId) -> String {
    let test = format!("r.source = {} AND r.entity IS NOT NULL AND r.gone_at IS NULL", to.bind(source));
    to.among("r.entity", "source_record r", &test)
}

/// That there is a number in a state, which is the one that the page of numbers shows.
fn number_health(to: &mut Composer, word: &str) -> String {
    let state = state_of_number(&to.ago(CONFIRMED_FOR_MICROS));
    let word = to.bind(word);
    format!(
        "EXISTS (SELECT 1 FROM person_urn u LEFT JOIN number_health h ON h.scheme = u.scheme AND h.path = u.path \
         WHERE u.person = p.id AND u.scheme = 'tel' AND {state} = {word})"
    )
}

/// That somebody is away now, or is not.
fn on_leave(to: &mut Composer, is_away: bool) -> String {
    let now = to.now();
    let not = if is_away { "" } else { "NOT " };
    let test = format!("a.start_at <= {now} AND (a.end_at IS NULL OR a.end_at > {now})");
    format!("{not}{}", to.among("a.person", "absence a", &test))
}

/// What flows know of a person: addresses, stops, flows, tickets.
fn in_flows(to: &mut Composer, leaf: &Leaf) -> String {
    match leaf {
        Leaf::Urn { scheme, test } => urn(to, scheme.as_deref(), test),
        Leaf::NumberHealth(word) => number_health(to, word),
        Leaf::OnLeave(is_away) => on_leave(to, *is_away),
        Leaf::Stopped(true) => format!("({HAS_LEFT_ALL} OR {HAS_STOPPED_NUMBER} AND NOT {HAS_OPEN_NUMBER})"),
        Leaf::Stopped(false) => format!("NOT {HAS_LEFT_ALL} AND (NOT {HAS_STOPPED_NUMBER} OR {HAS_OPEN_NUMBER})"),
        Leaf::Flow { which, when } => {
            let is_one = to.one_of("r.flow", which.iter().copied());
            let (from, test) = runs(*when);
            to.among("r.person", from, &format!("{test} AND {is_one}"))
        }
        Leaf::AnyFlow { when: FlowTime::Now } => {
            let (from, test) = runs(FlowTime::Now);
            to.among("r.person", from, test)
        }
        Leaf::AnyFlow { when: FlowTime::Ever } => {
            let (from, test) = runs(FlowTime::Ever);
            format!("EXISTS (SELECT 1 FROM {from} WHERE {test} AND r.person = p.id)")
        }
        Leaf::Start { number, replied } => {
            let replied = if *replied { " AND s.replied_at IS NOT NULL" } else { "" };
            let test = format!("t.number = {}{replied}", to.bind(*number));
            to.among("s.person", "flow_session s JOIN flow_start t ON t.id = s.start", &test)
        }
        Leaf::Tickets(comparison, count) => format!(
            "(SELECT CAST(COUNT(*) AS DOUBLE PRECISION) FROM thread t WHERE t.person = p.id AND t.state = 'open') {} {}",
            comparison.sign(),
            to.bind(*count)
        ),
        _ => "FALSE".to_owned(),
    }
}

/// An address of a scheme or, without one, of any.
fn urn(to: &mut Composer, scheme: Option<&str>, test: &UrnTest) -> String {
    let of_scheme = scheme.map(|scheme| format!(" AND u.scheme = {}", to.bind(scheme))).unwrap_or_default();
    match test {
        UrnTest::Is(spellings) => {
            let is_one = to.one_of("u.path", spellings.iter().map(String::as_str));
            to.among("u.person", "person_urn u", &format!("{is_one}{of_scheme}"))
        }
        UrnTest::Contains(part) => {
            let escaped = part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            let part = to.bind(format!("%{escaped}%"));
            to.among("u.person", "person_urn u", &format!("lower(u.path) LIKE {part} ESCAPE '\\'{of_scheme}"))
        }
        UrnTest::Any => {
            format!("EXISTS (SELECT 1 FROM person_urn u WHERE u.person = p.id AND u.path IS NOT NULL{of_scheme})")
        }
    }
}

/// Runs of flows by real people: whence, and which. Few sessions are live at a time, so those are looked through by their own
/// index.
const fn runs(when: FlowTime) -> (&'static str, &'static str) {
    match when {
        FlowTime::Now => (
            "flow_session s JOIN flow_run r ON r.session = s.id",
            "s.ended_at IS NULL AND r.exited_at IS NULL AND NOT r.is_test",
        ),
        FlowTime::Ever => ("flow_run r", "NOT r.is_test"),
    }
}

/// Equal to something, and FALSE rather than NULL where nothing is known.
fn known(to: &mut Composer, column: &str, value: impl Into<Value>) -> String {
    format!("{column} IS NOT NULL AND {column} = {}", to.bind(value))
}

/// Each token begins some word of the name.
fn name_tokens(to: &mut Composer, tokens: &[String]) -> String {
    let begins: Vec<String> = tokens
        .iter()
        .map(|token| {
            let from = to.bind(token);
            let until = to.bind(format!("{token}{LAST_LETTER}"));
            to.among("n.person", "person_token n", &format!("n.token >= {from} AND n.token < {until}"))
        })
        .collect();
    if begins.is_empty() { "TRUE".to_owned() } else { begins.join(" AND ") }
}

/// A current position of a kind. Rare kinds are looked up once as a set of people; those that nearly everybody has are asked
/// of each person.
fn position(to: &mut Composer, leaf: &Leaf) -> String {
    let current = to.is_current("q");
    let among = |to: &Composer, test: &str| to.among("q.person", "position q", &format!("{test} AND {current}"));
    let any = |test: &str| format!("EXISTS (SELECT 1 FROM position q WHERE q.person = p.id AND {test} AND {current})");
    match leaf {
        Leaf::Cadre(cadres) => {
            let direct = to.one_of("q.cadre", cadres.iter().copied());
            let by_title = to.one_of("t.cadre", cadres.iter().copied());
            if to.is_for_few() {
                let test = format!(
                    "({direct} OR (q.cadre IS NULL AND q.title IN (SELECT t.id FROM title t WHERE {by_title})))"
                );
                return among(to, &test);
            }
            // In two halves, so that each goes by its own index; the double negation keeps SQLite from going by the cadre
            // in the second one.
            format!(
                "p.id IN (SELECT q.person FROM position q WHERE {direct} AND {current} \
                 UNION ALL SELECT q.person FROM position q WHERE NOT (q.cadre IS NOT NULL) \
                 AND q.title IN (SELECT t.id FROM title t WHERE {by_title}) AND {current})"
            )
        }
        Leaf::AnyCadre => {
            any("(q.cadre IS NOT NULL OR q.title IN (SELECT t.id FROM title t WHERE t.cadre IS NOT NULL))")
        }
        Leaf::Job(titles) => {
            let is_one = to.one_of("q.title", titles.iter().copied());
            among(to, &is_one)
        }
        Leaf::AnyJob => any("q.title IS NOT NULL"),
        Leaf::Facility(places) => {
            let is_one = to.one_of("q.place", places.iter().copied());
            among(to, &is_one)
        }
        // A list of facilities here would be gone through for each person.
        Leaf::AnyFacility => any("EXISTS (SELECT 1 FROM place f WHERE f.id = q.place AND f.is_facility)"),
        Leaf::PlaceUnder(places) => {
            let under = to.under("q.place", places);
            among(to, &under)
        }
        _ => any("q.place IS NOT NULL"),
    }
}

/// A course attended, by code or name; with a stretch of time, when it ended or, where no end is known, began.
fn training(to: &mut Composer, courses: &[String], when: InstantRange) -> String {
    let by_code = to.one_of("t.course", courses.iter().map(String::as_str));
    let by_name = to.one_of("t.folded", courses.iter().map(String::as_str));
    let in_time = if when.is_unbounded() {
        String::new()
    } else {
        format!(" AND {}", to.within("COALESCE(t.end_at, t.start_at)", when))
    };
    to.among("t.person", "training t", &format!("({by_code} OR {by_name}){in_time}"))
}

fn field_test(to: &mut Composer, test: &FieldTest) -> String {
    match test {
        FieldTest::TextEquals(text) => format!(" AND v.folded = {}", to.bind(text)),
        FieldTest::NumberCmp(comparison, number) => format!(" AND v.number {} {}", comparison.sign(), to.bind(*number)),
        FieldTest::InstantRange(range) => format!(" AND {}", to.within("v.instant", *range)),
        FieldTest::PlaceUnder(places) => {
            format!(" AND {}", to.under("v.place", places))
        }
        FieldTest::Present => String::new(),
    }
}

const fn reached(how: Reached) -> &'static str {
    match how {
        Reached::Sent => " AND m.direction = 'out' AND (m.sent_at IS NOT NULL OR m.state IN ('sent', 'delivered'))",
        Reached::Got => " AND m.direction = 'out' AND m.state IN ('submitting', 'uncertain', 'sent', 'delivered')",
        Reached::Delivered => " AND m.direction = 'out' AND m.state = 'delivered'",
        Reached::Answered => "",
    }
}
