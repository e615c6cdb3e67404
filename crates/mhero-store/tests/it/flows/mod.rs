//! Flows in the store: every function of their nouns, written and read back, and the proof that none of their statements is
//! left out.

mod definitions;
mod heard;
mod results;
mod talks;
mod upkeep;

use std::collections::BTreeSet;

use mhero_core::{FieldId, GroupId, Lang, LangMap, PersonId, Right, Rights, Scope};
use mhero_store::{Queue, Statement, StoreError, Unit, params, registry};
use uuid::Uuid;

use crate::{Bench, on_both};

static PERSON: Statement = Statement::both(
    "test::flows::PERSON",
    "INSERT INTO person (id, name, given, family, search, language, sex, birth, standing, active, heard_at, sent_at, created_at, updated_at, version) VALUES ($1, $2, 'Martha', '', '', NULL, NULL, NULL, 'worker', TRUE, NULL, NULL, 5, 5, 1)",
);
static PLACE: Statement = Statement::both(
    "test::flows::PLACE",
    "INSERT INTO place (id, parent, level, name, search, is_facility, active, latitude, longitude, zone, version, created_at, updated_at) VALUES ($1, NULL, NULL, $2, '', TRUE, TRUE, NULL, NULL, 'Africa/Nairobi', 1, 0, 0)",
);
static CLOSURE: Statement = Statement::both(
    "test::flows::CLOSURE",
    "INSERT INTO place_closure (ancestor, descendant, depth) VALUES ($1, $1, 0)",
);
static POSITION: Statement = Statement::both(
    "test::flows::POSITION",
    "INSERT INTO position (id, person, place, title, cadre, start_at, end_at, active, source_record) VALUES ($1, $2, $3, NULL, NULL, NULL, NULL, TRUE, $1)",
);
static FIELD: Statement = Statement::both(
    "test::flows::FIELD",
    "INSERT INTO field (id, key, name, type, created_at) VALUES ($1, 'edd', $2, 'instant', 0)",
);
static VALUE: Statement = Statement::both(
    "test::flows::VALUE",
    "INSERT INTO person_value (person, field, text, folded, number, instant, place, source_record, observed_at, verified_at) VALUES ($1, $2, '1 June', '1 june', NULL, 77, NULL, NULL, 0, NULL)",
);
static GROUP: Statement = Statement::both(
    "test::flows::GROUP",
    "INSERT INTO audience_group (id, name, folded, query, active, created_by, created_at, updated_at, version) VALUES ($1, $2, $3, NULL, TRUE, NULL, 0, 0, 1)",
);
static GRANT: Statement = Statement::both(
    "test::flows::GRANT",
    "INSERT INTO role_grant (id, principal, role, place, programme, created_at) VALUES ($1, $2, 'district', $3, $4, 0)",
);

/// An id by kind and number, so that a failure names what it is about.
fn id<T>(wrap: fn(Uuid) -> T, kind: u8, number: u64) -> T {
    wrap(Uuid::from_u128((0xf1 << 96) | (u128::from(kind) << 64) | u128::from(number)))
}

/// A node or exit of a definition.
fn node(number: u64) -> Uuid {
    id(|uuid| uuid, 90, number)
}

fn martha() -> PersonId {
    id(PersonId::from_uuid, 1, 1)
}

/// Somebody who works where the district officer of these tests sees nobody.
fn elsewhere() -> PersonId {
    id(PersonId::from_uuid, 1, 2)
}

fn group() -> GroupId {
    id(GroupId::from_uuid, 2, 1)
}

fn programme() -> Uuid {
    id(|uuid| uuid, 3, 1)
}

/// Sees one place and one programme.
fn narrow() -> Scope {
    Scope::of(id(|uuid| uuid, 4, 1), false, false, Rights::NONE.with(Right::ReadMessages))
}

/// Two people in two places, a group, a field, and an officer of the first place.
async fn people(bench: &Bench) {
    let mut unit = Unit::new();
    let names = |name: &str| LangMap::one(Lang::ENGLISH, name);
    for (number, person) in (1..).zip([martha(), elsewhere()]) {
        let place = id(|uuid| uuid, 5, number);
        unit.one(&PERSON, params![person, format!("Person {number}")]);
        unit.one(&PLACE, params![place, &names(&format!("Clinic {number}"))]);
        unit.one(&CLOSURE, params![place]);
        unit.one(&POSITION, params![id(|uuid| uuid, 6, number), person, place]);
    }
    let field = id(FieldId::from_uuid, 7, 1);
    unit.one(&FIELD, params![field, &names("Due date")]);
    unit.one(&VALUE, params![martha(), field]);
    unit.one(&GROUP, params![group(), &names("Pilot"), "pilot"]);
    let officer = narrow().principal();
    unit.one(&GRANT, params![id(|uuid| uuid, 8, 1), officer, id(|uuid| uuid, 5, 1), programme()]);
    done(bench, unit).await;
}

async fn write(bench: &Bench, unit: Unit) -> Result<(), StoreError> {
    bench.store.write(unit, Queue::Interactive).await.map(|_| ())
}

async fn done(bench: &Bench, unit: Unit) {
    write(bench, unit).await.expect("the unit is written");
}

/// Whether a unit failed because somebody was faster.
async fn is_late(bench: &Bench, unit: Unit) -> bool {
    matches!(write(bench, unit).await, Err(StoreError::Guard { .. }))
}

/// Whether a unit failed because of something that is there once.
async fn is_known(bench: &Bench, unit: Unit) -> bool {
    matches!(write(bench, unit).await, Err(StoreError::Exists { .. }))
}

/// A unit of one chain of steps.
fn unit(build: impl FnOnce(&mut Unit) -> &mut Unit) -> Unit {
    let mut unit = Unit::new();
    build(&mut unit);
    unit
}

/// A unit of several.
fn steps(build: impl FnOnce(&mut Unit)) -> Unit {
    let mut unit = Unit::new();
    build(&mut unit);
    unit
}

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_of_flows_runs_and_reads_back_what_it_wrote() {
    on_both(async |bench: &Bench| {
        people(bench).await;
        definitions::assets(bench).await;
        definitions::flows_and_revisions(bench).await;
        definitions::triggers(bench).await;
        definitions::campaigns(bench).await;
        talks::contacts(bench).await;
        talks::conversations(bench).await;
        talks::who(bench).await;
        talks::sessions(bench).await;
        talks::effects(bench).await;
        results::starts(bench).await;
        results::runs(bench).await;
        results::funnels(bench).await;
        heard::heard_from(bench).await;
        upkeep::upkeep(bench).await;
        let executed = bench.store.executed();
        let all: BTreeSet<&str> = registry().map(|statement| statement.name).collect();
        let of_flows: BTreeSet<&str> = all.into_iter().filter(|name| name.contains("nouns::flows::")).collect();
        assert!(of_flows.len() > 80, "the registry knows {} statements of flows", of_flows.len());
        let left: Vec<&&str> = of_flows.difference(&executed).collect();
        assert!(left.is_empty(), "never ran on {:?}: {left:#?}", bench.store.engine());
    })
    .await;
}
