//! The community health worker and EPI register's export: one CSV file, as a programme office keeps it.

use crate::{
    Country,
    country::SourceFile,
    places::Places,
    worker::{ChwEntry, Worker},
};

/// The header, in order. `cadre` holds the English name, `language` a BCP 47 tag, `training` a course code; empty means
/// unknown. `payroll` names its system, [`PAYROLL_SYSTEM`](crate::PAYROLL_SYSTEM), so that any import joins by it.
pub const COLUMNS: [&str; 11] = [
    "id",
    "payroll (http://moh.sewara.example/payroll)",
    "name",
    "phone",
    "county",
    "district",
    "facility",
    "cadre",
    "language",
    "training",
    "training_date",
];

/// The whole register.
pub fn file(places: &Places, workers: &[Worker]) -> SourceFile {
    let mut table = csv::Writer::from_writer(Vec::new());
    let written = "a table writes into memory";
    table.write_record(COLUMNS).expect(written);
    for worker in workers {
        if let Some(chw) = &worker.chw {
            table.write_record(row(places, worker, chw)).expect(written);
        }
    }
    let bytes = table.into_inner().expect(written);
    SourceFile { source: Country::CHW_REGISTER, name: "chw-register.csv".to_owned(), bytes }
}

fn row(places: &Places, worker: &Worker, chw: &ChwEntry) -> [String; 11] {
    let facility = &places.facilities[chw.facility];
    let course = chw.course.as_ref();
    [
        chw.id(),
        chw.payroll.map(|payroll| payroll.to_string()).unwrap_or_default(),
        chw.name.to_string(),
        chw.phone.as_ref().map(|phone| phone.raw.to_string()).unwrap_or_default(),
        places.counties[facility.county].name.to_owned(),
        places.districts[facility.district].name.to_owned(),
        facility.name.clone(),
        worker.cadre.english().to_owned(),
        worker.language.bcp47().to_owned(),
        course.map(|attended| attended.course.code.to_owned()).unwrap_or_default(),
        course.map(|attended| attended.start.to_string()).unwrap_or_default(),
    ]
}
