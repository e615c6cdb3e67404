//! Two registries of 100,000 people of the synthetic country, with 70,000 people in both and no identifier in common: names, sex,
//! birth, phone, place and cadre, the second registry with the errors of the field.

use std::{collections::HashMap, time::Instant};

use anyhow::Result;
use mhero_country::{Country, Spec, Worker};
use mhero_linkage::{
    Decision, Entry, Index, RecordId, Rules, Schema, SourceId, Told, Training, Value, clusters, learn, link_all,
    link_changed,
};

use super::{super::Report, errors::Clerk, score::Score};

/// People of each registry, and of both together.
const REGISTRY: usize = 100_000;
const PEOPLE: usize = 130_000;
/// Facilities of the country.
const FACILITIES: usize = 1_500;
/// Records that one sync changes.
const CHANGED: usize = 40;
const THREADS: usize = 2;
const SEED: u64 = 7;
/// The registries; neither holds anybody twice.
const HR: SourceId = SourceId(1);
const CHW: SourceId = SourceId(2);

pub fn run(report: &mut Report) -> Result<()> {
    let spec = Spec { workers: PEOPLE, facilities: FACILITIES, ..Spec::new(SEED, jiff::civil::date(2026, 5, 14)) };
    let country = Country::generate(&spec)?;
    let (entries, people) = registries(&country);
    drop(country);
    let before = super::super::rss_mb().unwrap_or_default();
    let started = Instant::now();
    let mut index = Index::new(Schema::people(vec![HR, CHW]))?;
    index.put_all(&entries, THREADS)?;
    let indexed = started.elapsed().as_secs_f64();
    let model = learn(&index, &Training { threads: THREADS, ..Training::default() }).model;
    let learned = started.elapsed().as_secs_f64();
    // More likely than not is joined, as for FEBRL; then as the product does it, with what is doubtful left to people.
    let (even, told) = (Rules { high: 0.5, low: 0.5, ..Rules::default() }, Told::default());
    let linked = link_all(&index, &model, &even, &told, THREADS)?;
    let found = clusters(&index, &model, &even, &told, &linked.pairs)?;
    report.figure("seconds_country", started.elapsed().as_secs_f64());
    report.figure("seconds_country_index", indexed);
    report.figure("seconds_country_learn", learned - indexed);
    report.figure("rss_mb_country", super::super::rss_mb().unwrap_or_default() - before);
    report.figure("pairs_country", super::super::as_f64(i64::try_from(linked.compared)?));
    let score = |groups: &[Vec<RecordId>]| {
        let at = |id: &RecordId| usize::try_from(id.0).unwrap_or(usize::MAX);
        let groups: Vec<Vec<usize>> = groups.iter().map(|group| group.iter().map(at).collect()).collect();
        Score::of(people.len(), &groups, |record| people[record])
    };
    let by_even = score(&found.groups);
    report.precise("f1_country", by_even.f1());
    report.precise("precision_country", by_even.precision());
    report.precise("recall_country", by_even.recall());
    let rules = Rules::default();
    let pairs = link_all(&index, &model, &rules, &told, THREADS)?.pairs;
    let sure = score(&clusters(&index, &model, &rules, &told, &pairs)?.groups);
    report.precise("precision_country_without_review", sure.precision());
    report.precise("recall_country_without_review", sure.recall());
    let doubtful = pairs.iter().filter(|pair| pair.decision == Decision::Review).count();
    report.figure("pairs_country_to_review", super::super::as_f64(i64::try_from(doubtful)?));
    changed(report, &mut index, &entries, &model)
}

/// What a sync of a few records costs once the index stands.
fn changed(report: &mut Report, index: &mut Index, entries: &[Entry], model: &mhero_linkage::Model) -> Result<()> {
    let started = Instant::now();
    let of: Vec<&Entry> = entries.iter().step_by(entries.len() / CHANGED).take(CHANGED).collect();
    for entry in &of {
        index.put(entry)?;
    }
    let ids: Vec<RecordId> = of.iter().map(|entry| entry.id).collect();
    link_changed(index, model, &Rules::default(), &Told::default(), &ids)?;
    report.figure("ms_country_40_changed", started.elapsed().as_secs_f64() * 1e3);
    Ok(())
}

/// The records of both registries, and who each one is.
fn registries(country: &Country) -> (Vec<Entry>, Vec<usize>) {
    let mut clerk = Clerk::new(SEED);
    let mut colleagues: HashMap<usize, String> = HashMap::new();
    let (mut entries, mut people) = (Vec::new(), Vec::new());
    let id = |at: usize| RecordId(at as u128);
    for (person, worker) in country.workers().iter().enumerate().take(REGISTRY) {
        entries.push(first(id(entries.len()), country, worker));
        people.push(person);
    }
    for (person, worker) in country.workers().iter().enumerate().skip(PEOPLE - REGISTRY) {
        let facility = facility(country, worker);
        let entry =
            second(id(entries.len()), country, worker, &mut clerk, colleagues.get(&facility).map(String::as_str));
        entries.push(entry);
        people.push(person);
        if let Some(phone) = worker.numbers().into_iter().next() {
            colleagues.insert(facility, phone);
        }
    }
    (entries, people)
}

fn facility(country: &Country, worker: &Worker) -> usize {
    let current = worker.current_facilities(country.today()).into_iter().next();
    current
        .or_else(|| worker.hr.iter().flat_map(|hr| &hr.positions).map(|position| position.facility).next())
        .unwrap_or(0)
}

fn place(country: &Country, facility: usize) -> Value {
    let at = &country.facilities()[facility];
    let (district, county) = (&country.districts()[at.district], &country.counties()[at.county]);
    Value::Place(vec!["SW".to_owned(), county.id.clone(), district.id.clone(), format!("{}.{facility}", district.id)])
}

/// As the HR registry has it.
fn first(id: RecordId, country: &Country, worker: &Worker) -> Entry {
    let mut entry = Entry::new(id, HR)
        .with("name", Value::name(worker.name.given, worker.name.family))
        .with("sex", Value::text(worker.sex.code()))
        .with("birth", Value::text(worker.birth.to_string()))
        .with("cadre", Value::text(worker.cadre.code()))
        .with("place", place(country, facility(country, worker)));
    for phone in worker.numbers() {
        entry = entry.with("phone", Value::text(phone));
    }
    entry
}

/// As the other register has it.
fn second(id: RecordId, country: &Country, worker: &Worker, clerk: &mut Clerk, colleague: Option<&str>) -> Entry {
    let name = clerk.name(worker.name.given, worker.name.family);
    let mut entry = Entry::new(id, CHW).with("name", Value::WholeName(name));
    match clerk.below(100) {
        0..5 => {}
        5 => entry = entry.with("sex", Value::text("female")),
        _ => entry = entry.with("sex", Value::text(worker.sex.code())),
    }
    if let Some(birth) = clerk.birth((worker.birth.year(), worker.birth.month(), worker.birth.day())) {
        entry = entry.with("birth", Value::text(birth));
    }
    if let Some(phone) = worker.numbers().first().and_then(|phone| clerk.phone(phone, colleague)) {
        entry = entry.with("phone", Value::text(phone));
    }
    if !clerk.chance(0.1) {
        entry = entry.with("cadre", Value::text(worker.cadre.code()));
    }
    let own = facility(country, worker);
    let facility = match clerk.below(100) {
        // Moved within the district, or far away.
        0..15 => neighbour(country, own, clerk),
        15..25 => clerk.below(country.facilities().len()),
        _ => own,
    };
    entry.with("place", place(country, facility))
}

fn neighbour(country: &Country, facility: usize, clerk: &mut Clerk) -> usize {
    let district = country.facilities()[facility].district;
    let same: Vec<usize> =
        (0..country.facilities().len()).filter(|at| country.facilities()[*at].district == district).collect();
    same[clerk.below(same.len())]
}
