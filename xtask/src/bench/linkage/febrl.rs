//! The FEBRL sets 1 to 4: people of an invented Australia with typing errors. 1 to 3 hold people several times; of 4 two files are
//! linked, each of which holds nobody twice.

use std::{fs, time::Instant};

use anyhow::{Context, Result};
use mhero_linkage::{
    Entry, Field, How, Index, Kind, Pass, RecordId, Rules, Schema, SourceId, Told, Training, Value, clusters, learn,
    link_all,
};

use super::{super::Report, peer::Peer, score::Score};

/// Cores that linking may use.
const THREADS: usize = 2;
/// More likely than not is joined: nobody is there to look at the rest.
const EVEN: f64 = 0.5;
/// Runs of each set, ours and Splink's; the fastest counts, since other work on the machine only adds.
const RUNS_EACH: usize = 3;
/// Columns that a variant leaves out.
const NUMBER: &str = "soc_sec_id";
const BIRTH: &str = "date_of_birth";

/// One run: its name, files, columns left out.
const RUNS: &[(&str, &[&str], &[&str])] = &[
    ("febrl4", &["dataset4a", "dataset4b"], &[]),
    ("febrl4_without_number", &["dataset4a", "dataset4b"], &[NUMBER]),
    ("febrl4_without_number_and_birth", &["dataset4a", "dataset4b"], &[NUMBER, BIRTH]),
    ("febrl1", &["dataset1"], &[]),
    ("febrl2", &["dataset2"], &[]),
    ("febrl3", &["dataset3"], &[]),
];

pub fn run(report: &mut Report) -> Result<()> {
    let peer = Peer::install()?;
    for (name, files, without) in RUNS {
        let tables = files.iter().map(|file| Table::read(&peer, file)).collect::<Result<Vec<_>>>()?;
        let (mut score, mut seconds) = link(&tables, without)?;
        for _ in 1..RUNS_EACH {
            let (same, again) = link(&tables, without)?;
            (score, seconds) = (same, seconds.min(again));
        }
        report.precise(&format!("f1_{name}"), score.f1());
        report.figure(&format!("seconds_{name}"), seconds);
    }
    let figures = peer.measure(RUNS_EACH)?;
    for (name, ..) in RUNS {
        for what in ["f1", "seconds"] {
            let value = figures[name][what].as_f64().with_context(|| format!("Splink says no {what} of {name}"))?;
            report.precise_peer("splink", &format!("{what}_{name}"), value);
        }
    }
    Ok(())
}

/// A CSV file as it stands; the files quote nothing.
struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn read(peer: &Peer, file: &str) -> Result<Self> {
        let text = fs::read_to_string(peer.febrl.join(file).with_extension("csv"))?;
        let cells = |line: &str| line.split(',').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
        let mut rows: Vec<Vec<String>> = text.lines().map(cells).collect();
        let head = rows.remove(0);
        Ok(Self { head, rows })
    }

    fn column(&self, name: &str) -> Result<usize> {
        self.head.iter().position(|column| column == name).with_context(|| format!("the set has no column {name}"))
    }
}

/// Links the tables and counts. The seconds begin with the tables in memory and end with the clusters.
fn link(tables: &[Table], without: &[&str]) -> Result<(Score, f64)> {
    let started = Instant::now();
    let exclusive = if tables.len() == 2 { vec![SourceId(0), SourceId(1)] } else { Vec::new() };
    let mut index = Index::new(schema(without, exclusive))?;
    let mut ids = Vec::new();
    let mut entries = Vec::new();
    for (source, table) in (0..).map(SourceId).zip(tables) {
        let columns = Columns::of(table)?;
        for row in &table.rows {
            entries.push(columns.entry(RecordId(ids.len() as u128), source, row, without));
            ids.push(row[columns.id].as_str());
        }
    }
    index.put_all(&entries, THREADS)?;
    let model = learn(&index, &Training { threads: THREADS, ..Training::default() }).model;
    let (rules, told) = (Rules { high: EVEN, low: EVEN, ..Rules::default() }, Told::default());
    let linked = link_all(&index, &model, &rules, &told, THREADS)?;
    let people = clusters(&index, &model, &rules, &told, &linked.pairs)?;
    let seconds = started.elapsed().as_secs_f64();
    let at = |id: &RecordId| usize::try_from(id.0).unwrap_or(usize::MAX);
    let groups: Vec<Vec<usize>> = people.groups.iter().map(|group| group.iter().map(at).collect()).collect();
    // `rec-1070-org` and `rec-1070-dup-0` are one person.
    let score = Score::of(ids.len(), &groups, |record| ids[record].split('-').nth(1).unwrap_or_default());
    Ok((score, seconds))
}

/// Where the columns stand.
struct Columns {
    id: usize,
    given: usize,
    family: usize,
    birth: usize,
    number: usize,
    texts: Vec<(&'static str, usize)>,
}

/// Our fields and the columns they come from, of those that are one text.
const TEXTS: &[(&str, &str)] = &[
    ("house", "street_number"),
    ("street", "address_1"),
    ("estate", "address_2"),
    ("suburb", "suburb"),
    ("postcode", "postcode"),
    ("state", "state"),
];

impl Columns {
    fn of(table: &Table) -> Result<Self> {
        Ok(Self {
            id: table.column("rec_id")?,
            given: table.column("given_name")?,
            family: table.column("surname")?,
            birth: table.column(BIRTH)?,
            number: table.column(NUMBER)?,
            texts: TEXTS.iter().map(|(field, column)| Ok((*field, table.column(column)?))).collect::<Result<_>>()?,
        })
    }

    fn entry(&self, id: RecordId, source: SourceId, row: &[String], without: &[&str]) -> Entry {
        let name = Value::name(&row[self.given], &row[self.family]);
        let mut entry = Entry::new(id, source).with("name", name);
        for (field, column) in &self.texts {
            entry = entry.with(*field, Value::text(&row[*column]));
        }
        if !without.contains(&BIRTH) {
            entry = entry.with("birth", Value::text(&row[self.birth]));
        }
        if !without.contains(&NUMBER) {
            entry = entry.with("number", Value::id(NUMBER, &row[self.number]));
        }
        entry
    }
}

/// Names, addresses, birth, number: what the files have, found by names with places, places alone, birth and number.
fn schema(without: &[&str], exclusive: Vec<SourceId>) -> Schema {
    use How::{AnyName, Family, Given, Initials, Letters, Neighbours, Sound, Whole};
    let field = |key: &str, kind| Field { key: key.to_owned(), kind };
    let mut fields = vec![
        field("name", Kind::Name),
        field("house", Kind::Code),
        field("street", Kind::Text),
        field("estate", Kind::Text),
        field("suburb", Kind::Text),
        field("postcode", Kind::Code),
        field("state", Kind::Code),
    ];
    let mut passes = vec![
        Pass::new("sounds of both names", &[("name", Given), ("name", Family)], &[("state", Whole)]),
        Pass::new("name and postcode", &[("name", AnyName), ("postcode", Whole)], &[]),
        Pass::new("name and suburb", &[("name", AnyName), ("suburb", Sound)], &[]),
        Pass::new("street and house", &[("street", Sound), ("house", Whole)], &[]),
        Pass::new("postcode and house", &[("postcode", Whole), ("house", Whole)], &[]),
        Pass::new("street and suburb", &[("street", Letters(4)), ("suburb", Letters(4))], &[("name", Initials)]),
        Pass::new("street and name", &[("street", Letters(4)), ("name", Letters(3))], &[("postcode", Whole)]),
        Pass::new("estate and name", &[("estate", Letters(5)), ("name", Letters(2))], &[("postcode", Whole)]),
        Pass::new("neighbours", &[("name", Neighbours(5))], &[]),
    ];
    if !without.contains(&BIRTH) {
        fields.push(field("birth", Kind::Date { latest_year: None }));
        passes.push(Pass::new("birth", &[("birth", Whole)], &[]));
    }
    if !without.contains(&NUMBER) {
        fields.push(field("number", Kind::Id));
        passes.push(Pass::new("number", &[("number", Whole)], &[]));
    }
    Schema { fields, passes, exclusive }
}
