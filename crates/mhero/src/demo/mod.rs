//! Loads the synthetic country into an empty database, as an official would: by the ordinary readers and use cases. What is
//! loaded already is left as it is, so that a load which was interrupted goes on where it stood.

mod accounts;

use std::{collections::BTreeMap, path::Path, time::Instant};

use mhero_app::{
    App, AppError, Caller, Facts, NewUser,
    demo::{Demo, DemoAccount},
    groups::KeptBy,
    messaging::NewChannel,
    numbers::{Operator, Operators},
    people::ImportOptions,
    simulator,
};
use mhero_core::{Lang, LangMap};
use mhero_country::{Country, SourceFile, Spec};
use mhero_registries::files;
use mhero_web::words::Arg;

use crate::{commands::places, failure::Failure, terminal::Terminal, wiring::Node};

/// The name of the simulator's channel.
const CHANNEL: &str = "simulator";
/// The phones that the simulator shows first: Mary Kollie reads English, Mariam Camara French.
const FIRST_PHONES: [&str; 2] = ["+231770000214", "+231778000402"];
/// The county of the demo's county officer.
const COUNTY: &str = "Nimbara";
/// Groups that stand ready, with the query that keeps or first fills them.
const GROUPS: [(&str, KeptBy<'_>); 2] =
    [("Midwives", KeptBy::Query("cadre = midwife")), ("EPI contacts", KeptBy::Hand(Some("training = epi")))];

/// Programmes that stand ready: the code, the English and the French name.
const PROGRAMMES: [(&str, &str, &str); 3] =
    [("epi", "Immunisation", "Vaccination"), ("malaria", "Malaria", "Paludisme"), ("nut", "Nutrition", "Nutrition")];

/// What a demo is drawn from, as far as it was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// The seed.
    pub seed: Option<u64>,
    /// How many health workers.
    pub workers: Option<usize>,
}

/// The seed of a demo where nobody wished for one.
const SEED: u64 = 1;

/// Loads the country, or finds the one of the last time.
///
/// # Errors
/// [`Failure::App`] with `demo-other-data` in a database that is something else; [`Failure::Refused`] for a country that can't
/// be.
pub async fn load(node: &Node, wish: Wish, terminal: &mut Terminal) -> Result<Demo, Failure> {
    let app = &node.app;
    let since = Instant::now();
    let caller = terminal.caller();
    let demo = match app.demo().await? {
        Some(demo) => {
            if demo.is_complete {
                reused(&demo, wish, terminal).await;
                look_at_first_phones(app, &caller).await?;
                return Ok(demo);
            }
            demo
        }
        None => new_demo(app, wish),
    };
    let spec = Spec { workers: demo.workers, ..Spec::new(demo.seed, demo.day) };
    spec.check().map_err(|error| Failure::refused("demo-impossible", [("detail", error.to_string())]))?;
    app.set_demo(&caller, &demo).await?;
    let line = terminal.words().with("cli-demo-drawing", &[("workers", Arg::Count(count(demo.workers)))]);
    terminal.note(line).await;
    let country = tokio::task::block_in_place(|| Country::generate(&spec))
        .map_err(|error| Failure::refused("demo-impossible", [("detail", error.to_string())]))?;
    app.set_facts(&caller, &facts(&country)).await?;
    app.set_operators(&caller, &operators(&country)).await?;
    add_channel(app, &caller, demo.seed).await?;
    import(app, &country, terminal).await?;
    add_programmes(app, &caller).await?;
    add_groups(app, &caller).await?;
    add_flows(app, &caller).await?;
    add_users(node, &demo.accounts, terminal).await?;
    look_at_first_phones(app, &caller).await?;
    let demo = Demo { is_complete: true, ..demo };
    app.set_demo(&caller, &demo).await?;
    let seconds = format!("{:.1}", since.elapsed().as_secs_f64());
    let people = country.workers().len();
    let args = [("people", Arg::Count(count(people))), ("seconds", Arg::Text(seconds))];
    let line = terminal.words().with("cli-demo-loaded", &args);
    terminal.note(line).await;
    Ok(demo)
}

fn new_demo(app: &App, wish: Wish) -> Demo {
    let day = app.clock().now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let seed = wish.seed.unwrap_or(SEED);
    let workers = wish.workers.unwrap_or_else(|| Spec::new(seed, day).workers);
    let accounts = accounts::draw(COUNTY, || app.store().mint().uuid());
    Demo { seed, workers, day, is_complete: false, accounts }
}

/// Says which country is here, and where another would go if another was asked for.
async fn reused(demo: &Demo, wish: Wish, terminal: &mut Terminal) {
    let args = [("workers", Arg::Count(count(demo.workers))), ("seed", Arg::Text(demo.seed.to_string()))];
    let line = terminal.words().with("cli-demo-reused", &args);
    terminal.note(line).await;
    let other_seed = wish.seed.is_some_and(|seed| seed != demo.seed);
    let other_size = wish.workers.is_some_and(|workers| workers != demo.workers);
    if other_seed || other_size {
        let line = terminal.words().t("cli-demo-other-country");
        terminal.note(line).await;
    }
}

fn operators(country: &Country) -> Operators {
    let all = country.facts().operators.iter().map(|operator| Operator {
        name: operator.name.to_owned(),
        prefixes: operator.prefixes.iter().map(|prefix| (*prefix).to_owned()).collect(),
    });
    Operators(all.collect())
}

fn facts(country: &Country) -> Facts {
    let facts = country.facts();
    Facts {
        countries: vec![facts.numbering_country.to_owned()],
        languages: vec![Lang::ENGLISH, Lang::FRENCH],
        zone: facts.time_zone.to_owned(),
        ministry: facts.ministry,
        country_name: facts.formal_name,
        short_code: Some(facts.short_code.to_owned()),
        quiet: None,
        demo: true,
    }
}

async fn add_channel(app: &App, caller: &Caller, seed: u64) -> Result<(), AppError> {
    if app.channels().await?.iter().any(|channel| channel.name == CHANNEL) {
        return Ok(());
    }
    let seed = seed.to_string();
    let config = [("behaviour", "answer"), ("pace", "demo"), ("seed", &seed)];
    let config: BTreeMap<_, _> = config.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    let new = NewChannel { kind: simulator::KIND.to_owned(), name: CHANNEL.to_owned(), config };
    app.add_channel(caller, &new).await.map(|_| ())
}

/// Imports what both registries export.
async fn import(app: &App, country: &Country, terminal: &mut Terminal) -> Result<(), Failure> {
    let unmade = |error| Failure::file("cli-folder-unmade", &std::env::temp_dir(), &error);
    let folder = tempfile::tempdir().map_err(unmade)?;
    let mut exported = country.files();
    while let Some(file) = tokio::task::block_in_place(|| exported.next()) {
        let line = terminal.words().with("cli-demo-reading", &[("file", Arg::Text(file.name.clone()))]);
        terminal.note(line).await;
        import_file(app, folder.path(), file, terminal).await?;
    }
    Ok(())
}

async fn import_file(app: &App, folder: &Path, file: SourceFile, terminal: &Terminal) -> Result<(), Failure> {
    let path = folder.join(&file.name);
    std::fs::write(&path, &file.bytes).map_err(|error| Failure::file("cli-folder-unmade", &path, &error))?;
    drop(file.bytes);
    let records = files::read(&path, &files::Options::default())?;
    let options = ImportOptions { demo: true, ..ImportOptions::default() };
    let report = app.import(&terminal.caller(), file.source, records, &options).await?;
    tracing::debug!(file = file.name, ?report, "read");
    if report.rejected > 0 {
        let detail = report.summary().to_string();
        return Err(Failure::refused("demo-import", [("file", file.name), ("detail", detail)]));
    }
    // Nobody else needs it, and the next file may be large.
    let _ = std::fs::remove_file(&path);
    Ok(())
}

async fn add_groups(app: &App, caller: &Caller) -> Result<(), AppError> {
    let there = app.list_groups(caller).await?;
    for (name, kept_by) in GROUPS {
        if there.iter().any(|row| row.name == name) {
            continue;
        }
        match app.create_group(caller, name, kept_by).await {
            // A country of a few people may have nobody of that cadre or course.
            Err(AppError::Query(error)) => tracing::debug!(%error, "a group of the demo would mean nobody"),
            other => drop(other?),
        }
    }
    Ok(())
}

async fn add_programmes(app: &App, caller: &Caller) -> Result<(), AppError> {
    let there = app.programmes().await?;
    for (code, english, french) in PROGRAMMES.iter().filter(|(code, ..)| !there.iter().any(|one| one.code == *code)) {
        let mut name = LangMap::one(Lang::ENGLISH, *english);
        name.insert(Lang::FRENCH, *french);
        app.add_programme(caller, code, name).await?;
    }
    Ok(())
}

/// Every use case of the library, so that its words work on the phones from the start.
async fn add_flows(app: &App, caller: &Caller) -> Result<(), AppError> {
    for (entry, report) in app.load_library(caller).await? {
        for (part, error) in report.refused() {
            tracing::warn!(entry = entry.key, part = part.name, %error, "a part of the library could not be loaded");
        }
    }
    Ok(())
}

async fn add_users(node: &Node, accounts: &[DemoAccount], terminal: &Terminal) -> Result<(), Failure> {
    let (app, caller) = (&node.app, &terminal.caller());
    let there = app.users(caller).await?;
    for account in accounts.iter().filter(|account| !there.iter().any(|user| user.user.email == account.email)) {
        let place = match &account.place {
            Some(name) => Some(places::find(node, name, terminal).await?),
            None => None,
        };
        let new = NewUser {
            email: account.email.clone(),
            name: accounts::name(&account.email).to_owned(),
            language: Lang::ENGLISH,
            role: account.role,
            place,
            programme: None,
            password: Some(account.password.clone()),
        };
        app.add_user(caller, new).await?;
    }
    Ok(())
}

/// The simulator's page begins with two phones that everybody finds again in the guide.
async fn look_at_first_phones(app: &App, caller: &Caller) -> Result<(), AppError> {
    for phone in FIRST_PHONES {
        app.take_simulated_phone(caller, phone).await?;
    }
    Ok(())
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use mhero_app::AppError;
    use mhero_core::Role;

    use super::*;
    use crate::{config::Settings, terminal::Typist, wiring::Place};

    async fn node(folder: &Path) -> Node {
        let mut settings = Settings::read(None).expect("the defaults");
        settings.secrets.key_file = folder.join("own.key").display().to_string();
        let data = folder.join("data");
        let place = Place { settings, location: mhero_store::Location::File(data.join("mhero.db")), data };
        let lock = place.lock().expect("nobody else is there");
        place.open(lock, false).await.expect("an empty folder is set up")
    }

    fn terminal() -> Terminal {
        Terminal::own(Typist::here(Lang::ENGLISH, None))
    }

    const SMALL: Wish = Wish { seed: Some(3), workers: Some(300) };

    #[tokio::test(flavor = "multi_thread")]
    async fn a_country_is_loaded_as_its_truth_says_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let (node, mut terminal) = (node(folder.path()).await, terminal());
        let demo = load(&node, SMALL, &mut terminal).await.unwrap();
        assert!(demo.is_complete && demo.workers == 300);
        let country = Country::generate(&Spec { workers: 300, ..Spec::new(3, demo.day) }).unwrap();
        let (truth, caller) = (country.truth(), terminal.caller());
        let count =
            async |query: &str| usize::try_from(node.app.count_audience(&caller, query).await.unwrap()).unwrap();
        // Who has left in the HR registry, and stands in no other, is in no audience.
        let stays =
            |worker: &&mhero_country::Worker| worker.chw.is_some() || worker.hr.as_ref().is_some_and(|hr| hr.active);
        assert_eq!(count("name != \"\"").await, country.workers().iter().filter(stays).count());
        for (cadre, tally) in &truth.by_cadre {
            assert_eq!(count(&format!("cadre = {}", cadre.code())).await, tally.people, "{cadre:?}");
        }
        for (county, tally) in &truth.by_county {
            assert_eq!(count(&format!("place = \"{county}\"")).await, tally.people, "{county}");
        }
        assert_eq!(count("group = Midwives").await, count("cadre = midwife").await);
        let users = node.app.users(&caller).await.unwrap();
        assert_eq!(users.len(), demo.accounts.len());
        let district = users.iter().find(|user| user.user.email == "district@demo").unwrap();
        assert!(district.grants.iter().all(|grant| grant.role == Role::District && grant.place.is_some()));
        let flows = node.app.flows(&caller, false).await.unwrap();
        assert!(flows.len() >= mhero_app::flows::library::entries().len(), "{} flows", flows.len());
        let phones = node.app.simulated_phones(&caller, None, 10).await.unwrap();
        assert_eq!(phones.len(), FIRST_PHONES.len());
        let again = load(&node, Wish { seed: None, workers: None }, &mut terminal).await.unwrap();
        assert_eq!(again, demo);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_interrupted_load_is_taken_up_again() {
        let folder = tempfile::tempdir().unwrap();
        let (node, mut terminal) = (node(folder.path()).await, terminal());
        let demo = load(&node, SMALL, &mut terminal).await.unwrap();
        node.app.set_demo(&terminal.caller(), &Demo { is_complete: false, ..demo.clone() }).await.unwrap();
        assert_eq!(load(&node, SMALL, &mut terminal).await.unwrap(), demo);
        assert_eq!(node.app.users(&terminal.caller()).await.unwrap().len(), demo.accounts.len());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_database_with_a_country_of_its_own_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (node, mut terminal) = (node(folder.path()).await, terminal());
        let new = NewChannel { kind: simulator::KIND.into(), name: "own".into(), config: BTreeMap::new() };
        node.app.add_channel(&terminal.caller(), &new).await.unwrap();
        let refused = load(&node, SMALL, &mut terminal).await;
        assert!(matches!(&refused, Err(Failure::App(AppError::Invalid(reason))) if reason.key == "demo-other-data"));
        assert_eq!(node.app.channels().await.unwrap().len(), 1);
        assert!(node.app.facts().await.is_err());
    }
}
