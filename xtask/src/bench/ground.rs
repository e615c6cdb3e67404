//! The ground that benchmarks stand on: an application on SQLite in a temporary folder, with people and a carrier that takes
//! everything at once.

use std::sync::Arc;

use anyhow::Result;
use async_trait::async_trait;
use mhero_app::{
    App, AppError, Caller, Facts, Options,
    messaging::NewChannel,
    people::ImportOptions,
    ports::{Carrier, ChannelSettings, Driver, Outcome, Outgoing, Words},
};
use mhero_core::{
    ChannelId, Lang, LangMap,
    record::{Coded, Content, PersonRecord, PlaceRecord, PositionRecord, RawPhone, Record, Ref},
};
use mhero_store::{Clock, Location, Store};

/// Counties and facilities of the ground.
const COUNTIES: usize = 15;
const FACILITIES: usize = 300;
/// Cadres, turn by turn.
const CADRES: [&str; 5] = ["nurse", "midwife", "community-health-worker", "doctor", "laboratory"];

/// An application with its data folder.
pub(crate) struct Ground {
    pub(crate) app: App,
    pub(crate) channel: ChannelId,
    pub(crate) location: Location,
    _folder: tempfile::TempDir,
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
    let store = Store::open(location, Clock::wall()).await?;
    let drivers: Vec<Arc<dyn Driver>> = vec![Arc::new(Hole), Arc::new(mhero_channels::Kannel::default())];
    Ok(App::new(Options { store, drivers, words: Arc::new(Mute), effector: None, seal_key: [1; 32] }))
}

/// A fresh application with so many people.
pub(crate) async fn ground(people: usize) -> Result<Ground> {
    let folder = tempfile::tempdir()?;
    let location = Location::File(folder.path().join("mhero.db"));
    let app = open(&location).await?;
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
    let records = places().chain((0..people).map(person)).map(Ok);
    app.import(&caller, "files", records, &ImportOptions::default()).await?;
    Ok(Ground { app, channel, location, _folder: folder })
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

fn person(n: usize) -> Record {
    const GIVEN: [&str; 8] = ["Martha", "Hawa", "James", "Mariam", "Prince", "Aissata", "Joseph", "Ruth"];
    const FAMILY: [&str; 8] = ["Kollie", "Karnley", "Flomo", "Camara", "Zaza", "Diallo", "Tarr", "Sumo"];
    let (given, family) = (GIVEN[n % 8], FAMILY[n / 8 % 8]);
    let cadre = CADRES[n % CADRES.len()];
    let person = PersonRecord {
        name: format!("{given} {family} {n}"),
        given: given.into(),
        family: family.into(),
        language: Some(if n.is_multiple_of(3) { Lang::FRENCH } else { Lang::ENGLISH }),
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
    record("Practitioner", format!("P{n}"), Content::Person(Box::new(person)))
}
