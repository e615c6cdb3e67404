//! The ground that benchmarks stand on: an application on SQLite in a temporary folder, or on a PostgreSQL of its own, with people
//! and a carrier that takes everything at once.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use anyhow::{Context as _, Result};
use async_trait::async_trait;
use mhero_app::{
    App, AppError, Caller, Facts, Options,
    messaging::NewChannel,
    people::ImportOptions,
    ports::{Carrier, ChannelSettings, Connector, Driver, Outcome, Outgoing, Words},
};
use mhero_core::{
    ChannelId, Lang, LangMap,
    record::{Coded, Content, PersonRecord, PlaceRecord, PositionRecord, RawPhone, Record, Ref},
};
use mhero_store::{Clock, Location, Store};
use mhero_testkit::{Postgres, TestDatabase};

/// Counties and facilities of the ground.
pub(crate) const COUNTIES: usize = 15;
const FACILITIES: usize = 300;
/// Cadres, turn by turn.
pub(crate) const CADRES: [&str; 5] = ["nurse", "midwife", "community-health-worker", "doctor", "laboratory"];

/// An application with its data folder.
pub(crate) struct Ground {
    pub(crate) app: App,
    pub(crate) channel: ChannelId,
    pub(crate) location: Location,
    _folder: tempfile::TempDir,
    _database: Option<TestDatabase>,
}

/// Whether the ground is on PostgreSQL.
static ON_POSTGRES: AtomicBool = AtomicBool::new(false);

/// Puts the ground on PostgreSQL from now on.
pub(crate) fn use_postgres() -> Result<()> {
    Postgres::get().context("PostgreSQL's server (package postgresql) is not installed")?;
    ON_POSTGRES.store(true, Ordering::SeqCst);
    Ok(())
}

/// What the ground is on.
pub(crate) fn engine() -> &'static str {
    if ON_POSTGRES.load(Ordering::SeqCst) { "postgres" } else { "sqlite" }
}

struct Mute;

impl Words for Mute {
    fn say(&self, _: Lang, key: &str, _: &[(&'static str, String)]) -> String {
        key.to_owned()
    }
}

/// Takes everything, without a report.
struct Hole;

#[async_trait]
impl Carrier for Hole {
    async fn submit(&self, outgoing: &Outgoing) -> Outcome {
        Outcome::Accepted { carrier_id: Some(outgoing.submission.to_string()) }
    }
}

impl Driver for Hole {
    fn kind(&self) -> &'static str {
        "hole"
    }

    fn keys(&self) -> &'static [(&'static str, bool)] {
        &[]
    }

    fn build(&self, _: &App, _: &ChannelSettings) -> Result<Arc<dyn Carrier>, AppError> {
        Ok(Arc::new(Self))
    }
}

/// Opens an application on a location.
pub(crate) async fn open(location: &Location) -> Result<App> {
    open_with(location, Vec::new()).await
}

/// The same with kinds of registries.
async fn open_with(location: &Location, connectors: Vec<Arc<dyn Connector>>) -> Result<App> {
    let store = Store::open(location, Clock::wall()).await?;
    let drivers: Vec<Arc<dyn Driver>> =
        vec![Arc::new(Hole), Arc::new(mhero_channels::Kannel::default()), Arc::new(mhero_channels::Smpp)];
    Ok(App::new(Options { store, drivers, connectors, words: Arc::new(Mute), effector: None, seal_key: [1; 32] }))
}

/// A fresh application with so many people.
pub(crate) async fn ground(people: usize) -> Result<Ground> {
    ground_with(people, Vec::new()).await
}

/// The same with kinds of registries.
pub(crate) async fn ground_with(people: usize, connectors: Vec<Arc<dyn Connector>>) -> Result<Ground> {
    let folder = tempfile::tempdir()?;
    let database = match ON_POSTGRES.load(Ordering::SeqCst) {
        true => Postgres::get().map(Postgres::database),
        false => None,
    };
    let location = match &database {
        Some(database) => Location::Postgres(database.url()),
        None => Location::File(folder.path().join("mhero.db")),
    };
    let app = open_with(&location, connectors).await?;
    let caller = Caller::system();
    app.set_facts(
        &caller,
        &Facts {
            countries: vec!["LR".into()],
            languages: vec![Lang::ENGLISH, Lang::FRENCH],
            zone: "Africa/Monrovia".into(),
            ministry: LangMap::one(Lang::ENGLISH, "Ministry of Health"),
            country_name: LangMap::one(Lang::ENGLISH, "Liberia"),
            short_code: None,
            quiet: None,
            demo: false,
        },
    )
    .await?;
    let new = NewChannel { kind: "hole".into(), name: "main".into(), config: [].into() };
    let channel = app.add_channel(&caller, &new).await?.id;
    let records = places().chain((0..people).map(|n| person(n, 0))).map(Ok);
    app.import(&caller, "files", records, &ImportOptions::default()).await?;
    Ok(Ground { app, channel, location, _folder: folder, _database: database })
}

/// The phone of the person of a number.
pub(crate) fn phone(n: usize) -> String {
    format!("+2317{:08}", 70_000_000 + n)
}

fn record(kind: &str, id: String, content: Content) -> Record {
    Record { origin: id.clone(), kind: kind.into(), raw: id.clone(), id, warnings: vec![], content }
}

fn at(id: String) -> Option<Ref> {
    Some(Ref::Id { kind: "Location".into(), id })
}

fn places() -> impl Iterator<Item = Record> {
    let place = |id: String, parent: Option<Ref>, is_facility: bool| {
        let name = LangMap::one(Lang::ENGLISH, id.clone());
        let content = PlaceRecord { name, parent, is_facility, active: true, ..PlaceRecord::default() };
        record("Location", id, Content::Place(content))
    };
    std::iter::once(place("Country".into(), None, false))
        .chain((0..COUNTIES).map(move |n| place(format!("County {n}"), at("Country".into()), false)))
        .chain(
            (0..FACILITIES).map(move |n| place(format!("Facility {n}"), at(format!("County {}", n % COUNTIES)), true)),
        )
}

/// The people of some numbers as their registry tells them a while later: with the cadre and language of another.
pub(crate) fn changed(people: std::ops::Range<usize>) -> impl Iterator<Item = Record> {
    people.map(|n| person(n, 1))
}

/// The person of a number; `turn` gives them the cadre and language of another.
fn person(n: usize, turn: usize) -> Record {
    const GIVEN: [&str; 8] = ["Martha", "Hawa", "James", "Mariam", "Prince", "Aissata", "Joseph", "Ruth"];
    const FAMILY: [&str; 8] = ["Kollie", "Karnley", "Flomo", "Camara", "Zaza", "Diallo", "Tarr", "Sumo"];
    let (given, family) = (GIVEN[n % 8], FAMILY[n / 8 % 8]);
    let cadre = CADRES[(n + turn) % CADRES.len()];
    let person = PersonRecord {
        name: format!("{given} {family} {n}"),
        given: given.into(),
        family: family.into(),
        language: Some(if (n + turn).is_multiple_of(3) { Lang::FRENCH } else { Lang::ENGLISH }),
        active: true,
        phones: vec![RawPhone { raw: phone(n), usage: None, element: "phone".into() }],
        positions: vec![PositionRecord {
            place: at(format!("Facility {}", n % FACILITIES)),
            cadre: Some(Coded { system: None, code: Some(cadre.into()), text: Some(cadre.into()) }),
            active: true,
            ..PositionRecord::default()
        }],
        ..PersonRecord::default()
    };
    let content = Content::Person(Box::new(person));
    Record { raw: format!("P{n} {turn}"), ..record("Practitioner", format!("P{n}"), content) }
}
