//! A small population with everything that an audience can ask about, each person also as plain data to compare with.

use std::collections::{BTreeMap, BTreeSet};

use mhero_core::{
    BroadcastId, CadreId, FieldId, FlowId, GroupId, Lang, LangMap, PersonId, PlaceId, SourceId, StartId, TitleId, Urn,
};
use mhero_query::{Attended, FieldValue, Position, Profile, fold, name_key, name_tokens};
use mhero_store::{CONFIRMED_FOR_MICROS, Queue, Statement, Unit, params};
use uuid::Uuid;

use crate::Bench;

macro_rules! inserts {
    ($($name:ident = $sql:literal),+ $(,)?) => {
        $(static $name: Statement = Statement::both(concat!("test::", stringify!($name)), $sql);)+
    };
}

inserts! {
    HEALTH = "INSERT INTO number_health (scheme, path, tried, delivered, failures, last_tried_at, last_worked_at, last_failed_at, last_error, wrong_since, wrong_message, verified_at, operator) VALUES ('tel', $1, $2, 0, $3, NULL, $4, NULL, NULL, NULL, NULL, $5, NULL)",
    LEAVE = "INSERT INTO absence (id, person, reason, start_at, end_at, source_record) VALUES ($1, $2, 'leave', $3, $4, NULL)",
    PERSON = "INSERT INTO person (id, name, given, family, search, language, sex, birth, standing, active, heard_at, sent_at, created_at, updated_at, version) VALUES ($1, $2, '', '', $3, $4, $5, NULL, $6, $7, $8, $9, $10, 0, 1)",
    TOKEN = "INSERT INTO person_token (token, person) VALUES ($1, $2) ON CONFLICT (token, person) DO NOTHING",
    URN = "INSERT INTO person_urn (id, person, scheme, path, raw, bad, rank, source_record, verified_at, created_at) VALUES ($1, $2, 'tel', $3, $4, $5, $6, NULL, NULL, 0)",
    ADDRESS = "INSERT INTO person_urn (id, person, scheme, path, raw, bad, rank, source_record, verified_at, created_at) VALUES ($1, $2, $3, $4, $4, NULL, 9, NULL, NULL, 0)",
    SESSION = "INSERT INTO flow_session (id, conversation, person, flow, revision, pins, start, cause, parent, lane, channel, status, state, effect, sprints, timeout_at, expires_at, timeout_left, expiry_left, once_key, is_test, is_drill, created_at, replied_at, ended_at, version) VALUES ($1, $1, $2, $3, 1, '{}', $7, 'manual', NULL, 3, NULL, 'waiting', $4, NULL, 1, NULL, NULL, NULL, NULL, NULL, $5, FALSE, 0, $8, $6, 1)",
    START = "INSERT INTO flow_start (id, number, flow, revision, query, params, lane, channel, programme, status, cause, once_key, is_test, is_drill, created_by, created_at, ended_at, matched, recipients, version) VALUES ($1, $2, $3, 1, '*', '', 3, NULL, NULL, 'started', 'start', NULL, FALSE, FALSE, NULL, 0, NULL, 0, 0, 1)",
    RUN = "INSERT INTO flow_run (id, session, flow, revision, person, start, parent, status, node, is_test, started_at, replied_at, exited_at) VALUES ($1, $2, $3, 1, $4, NULL, NULL, 'waiting', NULL, $5, 0, NULL, $6)",
    THREAD = "INSERT INTO thread (id, number, person, scheme, path, place, state, owner, label, opened_at, waiting_since, heard_at, closed_at, version) VALUES ($1, $2, $3, 'tel', '+231770000000', NULL, $4, NULL, NULL, 0, NULL, 0, NULL, 1)",
    PLACE = "INSERT INTO place (id, parent, level, name, search, is_facility, active, latitude, longitude, zone, version, created_at, updated_at) VALUES ($1, $2, NULL, $3, $4, $5, $6, NULL, NULL, NULL, 1, 0, 0)",
    PLACE_NAME = "INSERT INTO place_name (folded, place) VALUES ($1, $2)",
    CLOSURE = "INSERT INTO place_closure (ancestor, descendant, depth) VALUES ($1, $2, $3)",
    CADRE = "INSERT INTO cadre (id, code, name) VALUES ($1, $2, $3)",
    TITLE = "INSERT INTO title (id, system, code, name, cadre) VALUES ($1, 'jobs', $2, $3, $4)",
    POSITION = "INSERT INTO position (id, person, place, title, cadre, start_at, end_at, active, source_record) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $1)",
    TRAINING = "INSERT INTO training (id, person, course, folded, name, start_at, end_at, source_record) VALUES ($1, $2, $3, $4, $5, $6, $7, $1)",
    FIELD = "INSERT INTO field (id, key, name, type, created_at) VALUES ($1, $2, $3, $4, 0)",
    VALUE = "INSERT INTO person_value (person, field, text, folded, number, instant, place, source_record, observed_at, verified_at) VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, 0, NULL)",
    GROUP = "INSERT INTO audience_group (id, name, folded, query, active, created_by, created_at, updated_at, version) VALUES ($1, $2, $3, NULL, TRUE, NULL, 0, 0, 1)",
    MEMBER = "INSERT INTO group_member (member_of, person, added_at) VALUES ($1, $2, 0)",
    SOURCE = "INSERT INTO source (id, name, kind, url, config, secret, watermark, rank, created_at, version) VALUES ($1, $2, 'files', NULL, '{}', NULL, NULL, $3, 0, 1)",
    RECORD = "INSERT INTO source_record (id, source, kind, ext_id, digest, raw, entity_kind, entity, pending, first_seen_at, changed_at) VALUES ($1, $2, 'Practitioner', $3, $4, '', 'person', $5, FALSE, 0, 0)",
    MESSAGE = "INSERT INTO message (id, direction, kind, state, lane, person, scheme, path, channel, conversation, broadcast, thread, body, language, segments, dedupe_key, reply_to, answers, failure, written_by, programme, is_test, is_drill, created_at, sent_at, done_at, version) VALUES ($1, $2, 'broadcast', $3, 3, $4, 'tel', '+231770000000', NULL, NULL, $5, NULL, $1, NULL, 1, $6, NULL, $7, NULL, NULL, NULL, FALSE, FALSE, 0, $8, NULL, 1)",
    ALIAS = "INSERT INTO person_alias (alias, person, link) VALUES ($1, $2, $1)",
    STOP = "INSERT INTO stop (scheme, path, list, since, message) VALUES ('tel', $1, '', 0, NULL)",
    GRANT = "INSERT INTO role_grant (id, principal, role, place, programme, created_at) VALUES ($1, $2, 'district', $3, NULL, 0)",
}

/// Now, in the small world, in microseconds.
pub(crate) const NOW: i64 = 1_000;

/// Numbers that repeat.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below a limit.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn chance(&mut self, of: u64) -> bool {
        self.below(of) == 0
    }

    fn some<T>(&mut self, of: u64, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.chance(of) { None } else { Some(make(self)) }
    }

    fn micros(&mut self, limit: u64) -> i64 {
        i64::try_from(self.below(limit)).expect("a small number")
    }
}

/// An id of the small world: a kind and a number.
pub(crate) fn id<T>(wrap: fn(Uuid) -> T, kind: u8, number: u64) -> T {
    wrap(Uuid::from_u128((u128::from(kind) << 64) | (u128::from(number) + 1)))
}

/// Numbers whose holders stopped everything.
pub(crate) const STOPPED: &[u64] = &[3, 4, 5, 6];

/// Addresses that some have beside their phones.
pub(crate) const ADDRESSES: &[(&str, &str)] = &[("telegram", "1234"), ("twitter", "ewok_5%"), ("whatsapp", "BR.Abc1")];

/// Flows of the small world.
pub(crate) const FLOWS: u64 = 3;

pub(crate) fn flow(number: u64) -> FlowId {
    id(FlowId::from_uuid, 11, number)
}

fn start(number: u64) -> StartId {
    id(StartId::from_uuid, 12, number)
}

pub(crate) fn place(number: u64) -> PlaceId {
    id(PlaceId::from_uuid, 1, number)
}
pub(crate) fn cadre(number: u64) -> CadreId {
    id(CadreId::from_uuid, 2, number)
}
pub(crate) fn title(number: u64) -> TitleId {
    id(TitleId::from_uuid, 3, number)
}
pub(crate) fn field(number: u64) -> FieldId {
    id(FieldId::from_uuid, 4, number)
}
pub(crate) fn group(number: u64) -> GroupId {
    id(GroupId::from_uuid, 5, number)
}
pub(crate) fn source(number: u64) -> SourceId {
    id(SourceId::from_uuid, 6, number)
}
pub(crate) fn broadcast(number: u64) -> BroadcastId {
    id(BroadcastId::from_uuid, 7, number)
}
pub(crate) fn person(number: u64) -> PersonId {
    id(PersonId::from_uuid, 8, number)
}

pub(crate) const GIVEN: &[&str] = &["Mary", "Marie-Noëlle", "Famatta", "Musa", "Ɔla", "Élodie"];
pub(crate) const FAMILY: &[&str] = &["Kollie", "Kolubah", "Doe", "O'Shea", "Kébé"];
pub(crate) const COURSES: &[(&str, &str)] = &[("EMONC", "Emergency obstetric care"), ("", "Soins prénatals")];
pub(crate) const TEXTS: &[&str] = &["Blue", "bleu", "Très bien"];
pub(crate) const PLACES: u64 = 13;
pub(crate) const TITLES: u64 = 4;
pub(crate) const CADRES: u64 = 3;

/// The place above another: 0 is the country, 1 to 3 its counties, 4 to 12 facilities, three in each county.
pub(crate) const fn above(number: u64) -> Option<u64> {
    match number {
        0 => None,
        1..=3 => Some(0),
        facility => Some((facility - 4) / 3 + 1),
    }
}

fn all_above(number: u64) -> Vec<u64> {
    std::iter::successors(above(number), |place| above(*place)).collect()
}

/// The cadre of a title; the last title has none.
const fn cadre_of(title: u64) -> Option<u64> {
    if title < CADRES { Some(title) } else { None }
}

/// Fills a store and tells who may be in an audience.
pub(crate) async fn fill(bench: &Bench, people: u64) -> Vec<Profile> {
    let mut unit = Unit::new();
    world(&mut unit);
    let mut dice = Dice::new(7);
    let mut profiles: Vec<Profile> =
        (0..people).filter_map(|number| add_person(&mut unit, &mut dice, number)).collect();
    bench.store.write(unit, Queue::Bulk).await.expect("the small world is written");
    let left: Vec<PersonId> =
        profiles.iter().filter(|one| has_left_all(one, &profiles)).map(|one| one.person).collect();
    for one in &mut profiles {
        one.has_stopped = one.has_stopped || left.contains(&one.person);
    }
    profiles
}

/// Whether somebody stopped everything at a number that no other health worker has.
pub(crate) fn has_left_all(one: &Profile, all: &[Profile]) -> bool {
    let shared = |path: &String| all.iter().any(|other| other.person != one.person && other.phones.contains(path));
    let stopped = |path: &String| STOPPED.iter().any(|number| *path == phone(*number));
    one.phones.iter().any(|path| stopped(path) && !shared(path))
}

fn world(unit: &mut Unit) {
    for number in 0..PLACES {
        let name = format!("Place {number}");
        let names = LangMap::one(Lang::ENGLISH, &name);
        let parent = above(number).map(place);
        unit.one(&PLACE, params![place(number), parent, &names, fold(&name), number > 3, true]);
        unit.one(&PLACE_NAME, params![fold(&name), place(number)]);
        unit.one(&CLOSURE, params![place(number), place(number), 0]);
        for (depth, above) in (1i64..).zip(all_above(number)) {
            unit.one(&CLOSURE, params![place(above), place(number), depth]);
        }
    }
    for number in 0..CADRES {
        let names = LangMap::one(Lang::ENGLISH, format!("Cadre {number}"));
        unit.one(&CADRE, params![cadre(number), format!("c{number}"), &names]);
    }
    for number in 0..TITLES {
        let names = LangMap::one(Lang::ENGLISH, format!("Title {number}"));
        unit.one(&TITLE, params![title(number), format!("t{number}"), &names, cadre_of(number).map(cadre)]);
    }
    for (number, kind) in (0..).zip(["text", "number", "instant", "place"]) {
        unit.one(&FIELD, params![field(number), kind, &LangMap::one(Lang::ENGLISH, kind), kind]);
    }
    for number in 0..3 {
        let name = format!("Group {number}");
        unit.one(&GROUP, params![group(number), &LangMap::one(Lang::ENGLISH, &name), fold(&name)]);
    }
    for number in 0..FLOWS {
        let nth = i64::try_from(number).expect("a small number") + 1;
        unit.one(&START, params![start(number), nth, flow(number)]);
    }
    for number in 0..2 {
        let rank = i64::try_from(number).expect("a small number");
        unit.one(&SOURCE, params![source(number), format!("source {number}"), rank]);
    }
    for number in 0..PHONES {
        if let Some(known) = evidence(number) {
            unit.one(&HEALTH, params![phone(number), known.tried, known.failures, known.worked, known.verified]);
        }
    }
    for number in STOPPED {
        unit.one(&STOP, params![phone(*number)]);
    }
}

/// Phones of the small world.
const PHONES: u64 = 20;

/// What is known of a number.
struct Known {
    tried: i64,
    failures: i64,
    worked: Option<i64>,
    verified: Option<i64>,
}

/// Evidence of a phone by its number: every mix of tried, failing, worked, confirmed lately and long ago; none of some.
fn evidence(number: u64) -> Option<Known> {
    let has = |bit: u64| number & (1 << bit) != 0;
    (number >= 2).then(|| Known {
        tried: i64::from(has(0)),
        failures: if (has(3) && !has(2)) || number == 13 { 2 } else { 0 },
        worked: has(1).then_some(5),
        verified: has(2).then_some(NOW - CONFIRMED_FOR_MICROS - i64::from(!has(3))),
    })
}

/// The state that follows, the most pressing first.
fn state(number: u64) -> &'static str {
    match evidence(number) {
        None => "never",
        Some(known) if known.failures > 0 => "failing",
        Some(known) if known.verified.is_some_and(|at| NOW - at <= CONFIRMED_FOR_MICROS) => "verified",
        Some(known) if known.worked.is_some() => "works",
        Some(known) if known.tried > 0 => "tried",
        Some(_) => "never",
    }
}

pub(crate) fn phone(number: u64) -> String {
    format!("+23177{number:07}")
}

/// Writes one person with everything; `None` for one who is outside every audience.
fn add_person(unit: &mut Unit, dice: &mut Dice, number: u64) -> Option<Profile> {
    let person = person(number);
    let name = match dice.below(8) {
        0 => String::new(),
        _ => format!("{} {}", GIVEN[dice.below(6) as usize], FAMILY[dice.below(5) as usize]),
    };
    let language = dice.some(3, |dice| [Lang::ENGLISH, Lang::FRENCH][dice.below(2) as usize]);
    let sex = dice.some(3, |dice| ["female", "male"][dice.below(2) as usize].to_owned());
    let (heard, sent) = (dice.some(2, |dice| dice.micros(2_000)), dice.some(2, |dice| dice.micros(2_000)));
    let created = dice.micros(2_000);
    let outside = dice.below(10);
    let standing = if outside == 0 { "stranger" } else { "worker" };
    let values =
        params![person, &name, name_key(&name), language, sex.as_deref(), standing, outside != 1, heard, sent, created];
    unit.one(&PERSON, values);
    for token in name_tokens(&name) {
        unit.run(&TOKEN, params![token, person]);
    }
    if outside == 2 {
        unit.one(&ALIAS, params![person, self::person(number + 1)]);
    }
    let mut profile = Profile {
        person,
        name,
        language,
        sex,
        last_heard: heard,
        last_sent: sent,
        created_on: created,
        above: (0..PLACES)
            .map(|number| (place(number), all_above(number).into_iter().map(place).collect::<BTreeSet<_>>()))
            .collect::<BTreeMap<_, _>>(),
        ..Profile::default()
    };
    add_phones(unit, dice, &mut profile);
    add_work(unit, dice, &mut profile);
    add_learning(unit, dice, &mut profile);
    add_values(unit, dice, &mut profile);
    add_doings(unit, dice, &mut profile);
    // Dice of their own, so that what came before falls as it did.
    let mut dice = Dice::new(number + 1_000);
    add_addresses(unit, &mut dice, &mut profile);
    add_flows(unit, &mut dice, &mut profile, number);
    add_leave(unit, &mut dice, &mut profile);
    (outside > 2).then_some(profile)
}

fn fresh(dice: &mut Dice) -> Uuid {
    Uuid::from_u128((99 << 96) | (u128::from(dice.below(u64::MAX)) << 32) | u128::from(dice.below(u64::MAX)))
}

fn add_phones(unit: &mut Unit, dice: &mut Dice, profile: &mut Profile) {
    for rank in 0..dice.micros(3) {
        let number = dice.some(3, |dice| dice.below(PHONES));
        let path = number.map(phone);
        let bad = match number {
            Some(_) => None,
            None if rank == 1 => Some("wrong-person"),
            None => Some("has_letters"),
        };
        let word = match bad {
            Some("wrong-person") => "wrong",
            Some(_) => "invalid",
            None => number.map_or("invalid", state),
        };
        profile.number_health.push(word.to_owned());
        unit.one(&URN, params![fresh(dice), profile.person, path.as_deref(), "077O", bad, rank]);
        profile.phones.extend(path);
    }
    let stopped = |path: &String| STOPPED.iter().any(|number| *path == phone(*number));
    profile.has_stopped = !profile.phones.is_empty() && profile.phones.iter().all(stopped);
}

fn add_addresses(unit: &mut Unit, dice: &mut Dice, profile: &mut Profile) {
    for (scheme, path) in ADDRESSES {
        if dice.chance(5) {
            unit.one(&ADDRESS, params![fresh(dice), profile.person, *scheme, *path]);
            profile.addresses.push(Urn::new(*scheme, *path).expect("an address"));
        }
    }
}

fn add_leave(unit: &mut Unit, dice: &mut Dice, profile: &mut Profile) {
    for _ in 0..dice.below(3) {
        let (start, end) = (dice.micros(2_000), dice.some(2, |dice| dice.micros(2_000)));
        unit.one(&LEAVE, params![fresh(dice), profile.person, start, end]);
        profile.is_on_leave |= start <= NOW && end.is_none_or(|end| end > NOW);
    }
}

fn add_work(unit: &mut Unit, dice: &mut Dice, profile: &mut Profile) {
    for _ in 0..dice.below(3) {
        let at = dice.some(5, |dice| dice.below(PLACES));
        let job = dice.some(3, |dice| dice.below(TITLES));
        let own = dice.some(2, |dice| dice.below(CADRES));
        let (start, end) = (dice.some(2, |dice| dice.micros(2_000)), dice.some(2, |dice| dice.micros(2_000)));
        let active = !dice.chance(4);
        let values =
            params![fresh(dice), profile.person, at.map(place), job.map(title), own.map(cadre), start, end, active];
        unit.one(&POSITION, values);
        if active && start.is_none_or(|start| start <= NOW) && end.is_none_or(|end| end > NOW) {
            profile.positions.push(Position {
                cadre: own.or_else(|| job.and_then(cadre_of)).map(cadre),
                job: job.map(title),
                place: at.map(place),
                is_facility: at.is_some_and(|place| place > 3),
            });
        }
    }
}

fn add_learning(unit: &mut Unit, dice: &mut Dice, profile: &mut Profile) {
    for _ in 0..dice.below(3) {
        let (code, name) = COURSES[dice.below(2) as usize];
        let (start, end) = (dice.some(2, |dice| dice.micros(2_000)), dice.some(2, |dice| dice.micros(2_000)));
        let course = if code.is_empty() { name } else { code };
        let names = LangMap::one(Lang::ENGLISH, name);
        unit.one(&TRAINING, params![fresh(dice), profile.person, fold(course), fold(name), &names, start, end]);
        profile.training.push(Attended { course: course.to_owned(), when: end.or(start) });
    }
}

fn add_values(unit: &mut Unit, dice: &mut Dice, profile: &mut Profile) {
    for number in 0..4 {
        if dice.chance(2) {
            continue;
        }
        let mut value = FieldValue { text: TEXTS[dice.below(3) as usize].to_owned(), ..FieldValue::default() };
        match number {
            1 => value.number = Some(dice.micros(5) as f64 / 2.0),
            2 => value.instant = Some(dice.micros(2_000)),
            3 => value.place = dice.some(4, |dice| place(dice.below(PLACES))),
            _ => {}
        }
        let folded = fold(&value.text);
        let values =
            params![profile.person, field(number), &value.text, folded, value.number, value.instant, value.place];
        unit.one(&VALUE, values);
        profile.fields.insert(field(number), value);
    }
}

fn add_doings(unit: &mut Unit, dice: &mut Dice, profile: &mut Profile) {
    for number in 0..3 {
        if dice.chance(3) {
            unit.one(&MEMBER, params![group(number), profile.person]);
            profile.groups.push(group(number));
        }
        add_message(unit, dice, profile, broadcast(number));
    }
    for number in 0..2 {
        if dice.chance(2) {
            let ext_id = format!("E{}", profile.person);
            let record = fresh(dice);
            unit.one(&RECORD, params![record, source(number), ext_id, record, profile.person]);
            profile.sources.push(source(number));
        }
    }
}

fn add_message(unit: &mut Unit, dice: &mut Dice, profile: &mut Profile, of: BroadcastId) {
    let mut write = |dice: &mut Dice, direction: &str, state: &str, of, answers: Option<BroadcastId>, sent| {
        let id = fresh(dice);
        unit.one(&MESSAGE, params![id, direction, state, profile.person, of, id.to_string(), answers, sent]);
    };
    let state = ["", "waiting", "sent", "delivered", "failed", "uncertain"][dice.below(6) as usize];
    let sent_at = (state == "failed" && dice.chance(2)).then_some(5i64);
    if !state.is_empty() {
        write(dice, "out", state, Some(of), None, sent_at);
    }
    if matches!(state, "sent" | "delivered") || sent_at.is_some() {
        profile.sent.push(of);
    }
    if matches!(state, "sent" | "delivered" | "uncertain") {
        profile.got.push(of);
    }
    if state == "delivered" {
        profile.delivered.push(of);
    }
    if dice.chance(4) {
        write(dice, "in", "handled", None, Some(of), None);
        profile.answered.push(of);
    }
}

/// A session with a run of a flow, perhaps ended, perhaps a trial; and threads of the inbox.
fn add_flows(unit: &mut Unit, dice: &mut Dice, profile: &mut Profile, number: u64) {
    for own in 0..FLOWS {
        if !dice.chance(3) {
            continue;
        }
        let (session, is_test, is_over) = (fresh(dice), dice.chance(4), dice.chance(2));
        let ended = is_over.then_some(5i64);
        let (of, replied) = (dice.chance(2).then(|| start(own)), dice.chance(2).then_some(3i64));
        unit.one(&SESSION, params![session, profile.person, flow(own), Vec::from([1u8]), is_test, ended, of, replied]);
        let nth = i64::try_from(own).expect("a small number") + 1;
        profile.starts.extend(of.map(|_| nth));
        profile.replied_starts.extend(of.and(replied).map(|_| nth));
        // The run may have ended although its session goes on.
        let exited = if is_over { ended } else { dice.chance(4).then_some(4i64) };
        unit.one(&RUN, params![fresh(dice), session, flow(own), profile.person, is_test, exited]);
        if !is_test {
            profile.flow_history.push(flow(own));
            if exited.is_none() {
                profile.flows.push(flow(own));
            }
        }
    }
    for nth in 0..dice.below(4) {
        let is_open = !dice.chance(3);
        let thread = i64::try_from(number * 4 + nth).expect("a small number");
        unit.one(&THREAD, params![fresh(dice), thread, profile.person, if is_open { "open" } else { "closed" }]);
        profile.open_tickets += usize::from(is_open);
    }
}

/// Lets a user see one place and all below it.
pub(crate) async fn grant(bench: &Bench, principal: Uuid, at: PlaceId) {
    let mut unit = Unit::new();
    unit.one(&GRANT, params![Uuid::from_u128(principal.as_u128() + 1), principal, at]);
    bench.store.write(unit, Queue::Interactive).await.expect("it is granted");
}
