//! 200,000 people from one NDJSON file: the first import, and the same file again.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
    time::Instant,
};

use anyhow::Result;
use mhero_app::{
    App, Caller,
    people::{ImportOptions, ImportReport},
};
use mhero_registries::files;
use serde_json::json;

use super::{
    Report,
    ground::{ground, phone},
    peak_memory_mb, processor_seconds, rss_mb,
};

/// People in the file.
const PEOPLE: usize = 200_000;
/// Facilities in the file, where they work.
const FACILITIES: usize = 300;

pub(super) fn run(report: &mut Report) -> Result<()> {
    super::runtime()?.block_on(async {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("people.ndjson");
        write(&file)?;
        let ground = ground(0).await?;
        let (before, processor) = (rss_mb().unwrap_or_default(), processor_seconds());
        let (first, seconds) = import(&ground.app, &file).await?;
        report.figure("seconds", seconds);
        report.figure("seconds_of_processor", processor_seconds() - processor);
        report.figure("rss_mb_peak_first", peak_memory_mb().unwrap_or_default());
        report.figure("records_per_s", super::as_f64(i64::try_from(first.read)?) / seconds);
        report.figure("people", super::as_f64(ground.app.count_audience(&Caller::system(), "*").await?));
        report.figure("rejected", super::as_f64(i64::try_from(first.rejected)?));
        report.figure("rss_mb_added", rss_mb().unwrap_or_default() - before);
        let (again, seconds) = import(&ground.app, &file).await?;
        report.figure("seconds_again", seconds);
        report.figure("unchanged_again", super::as_f64(i64::try_from(again.unchanged)?));
        Ok(())
    })
}

async fn import(app: &App, file: &Path) -> Result<(ImportReport, f64)> {
    let started = Instant::now();
    let options = files::Options { format: files::Format::NdJson, ..files::Options::default() };
    let records = files::read(file, &options)?;
    let report = app.import(&Caller::system(), "hr", records, &ImportOptions::default()).await?;
    Ok((report, started.elapsed().as_secs_f64()))
}

/// Facilities, then each person and where they work, as a FHIR server exports them.
fn write(file: &Path) -> Result<()> {
    let mut out = BufWriter::new(File::create(file)?);
    for n in 0..FACILITIES {
        let place = json!({
            "resourceType": "Location", "id": format!("F{n}"), "name": format!("Clinic {n}"),
            "physicalType": {"coding": [{"code": "bu"}]},
        });
        writeln!(out, "{place}")?;
    }
    for n in 0..PEOPLE {
        let person = json!({
            "resourceType": "Practitioner", "id": format!("P{n}"),
            "name": [{"given": [format!("Given{}", n % 997)], "family": format!("Family{}", n % 1_999)}],
            "identifier": [{"system": "https://moh.example/payroll", "value": format!("{n:07}")}],
            "telecom": [{"system": "phone", "value": phone(n)}], "gender": "female",
        });
        let role = json!({
            "resourceType": "PractitionerRole", "id": format!("R{n}"),
            "practitioner": {"reference": format!("Practitioner/P{n}")},
            "location": [{"reference": format!("Location/F{}", n % FACILITIES)}],
        });
        writeln!(out, "{person}\n{role}")?;
    }
    out.flush()?;
    Ok(())
}
