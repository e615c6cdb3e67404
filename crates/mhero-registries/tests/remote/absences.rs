//! Tables of leave: whoever they name by an id of any registry, or by a phone, is away.

use std::fs;

use mhero_registries::{
    files::{self, Options},
    table::Mapping,
};
use mhero_store::Statement;

use crate::world::{Told, World, engines};

static AWAY: Statement = Statement::both("test::away", "SELECT CAST(COUNT(DISTINCT person) AS BIGINT) FROM absence");

fn told(text: &str, mapping: Mapping) -> Told {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("table.csv");
    fs::write(&path, text).expect("written");
    let records = files::read(&path, &Options { mapping, ..Options::default() }).expect("a table");
    Told { records: records.collect(), ..Told::default() }
}

#[tokio::test]
async fn people_are_away_by_id_and_by_phone() {
    for engine in engines() {
        let world = World::new(engine).await;
        let staff = "Staff ID,Name,Phone,Job\nP1,Martha Kollie,+231770000001,Nurse\nP2,Ama Béa,0770000002,Nurse\nP3,Jo,0770000003,Nurse\n";
        assert_eq!(world.import("staff", told(staff, Mapping::default())).await.rejected, 0);
        let leave =
            "Staff ID,Motif,Début congé,Fin congé\nP1,annual,2026-11-01,2026-11-30\nP9,annual,2026-11-01,2026-11-30\n";
        let report = world.import("leave", told(leave, Mapping::default())).await;
        assert_eq!((report.rejected, report.waiting), (0, 1), "{engine:?}");
        let mapping = Mapping::of_settings([
            ("column.Qui", "phone"),
            ("column.Pourquoi", "absence reason"),
            ("column.De", "absence start"),
            ("column.A", "absence end"),
        ]);
        let odd = "Qui;Pourquoi;De;A\n0770 000 002;formation;2026-11-20;\n;vide;2026-11-20;\n";
        let report = world.import("leave", told(odd, mapping.expect("known"))).await;
        assert_eq!((report.created, report.rejected), (1, 1));
        assert_eq!(world.number(&AWAY).await, 2, "{engine:?}");
    }
}
