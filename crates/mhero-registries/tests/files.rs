//! Files as they come: right, odd, broken.
#![expect(clippy::panic, reason = "tests")]

use std::{fs, path::PathBuf};

use mhero_core::record::{Content, PersonRecord, Record, Rejection, Value};
use mhero_registries::files::{FileError, Format, Options, Records, read};
use proptest::prelude::*;
use tempfile::TempDir;

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, content).expect("written");
        path
    }

    fn open(&self, name: &str, content: impl AsRef<[u8]>) -> Result<Records, FileError> {
        read(&self.file(name, content), &Options::default())
    }

    fn all(&self, name: &str, content: impl AsRef<[u8]>) -> Vec<Result<Record, Rejection>> {
        self.open(name, content).expect(name).collect()
    }

    fn refused(&self, name: &str, content: impl AsRef<[u8]>) -> FileError {
        self.open(name, content).err().unwrap_or_else(|| panic!("{name} should be refused"))
    }
}

fn people(all: Vec<Result<Record, Rejection>>) -> Vec<PersonRecord> {
    let person = |record: Record| match record.content {
        Content::Person(person) => *person,
        other => panic!("no person: {other:?}"),
    };
    all.into_iter().map(|verdict| person(verdict.expect("a record"))).collect()
}

fn key(verdict: &Result<Record, Rejection>) -> &'static str {
    verdict.as_ref().map_or_else(|rejection| rejection.problem.reason.key, |_| "")
}

const MARTHA: &str = r#"{"resourceType":"Practitioner","id":"P1","name":"Martha"}"#;
const JEAN: &str = r#"{"resourceType":"Practitioner","id":"P2","name":"Jean"}"#;

#[test]
fn fhir_comes_in_several_shapes() {
    let folder = Folder::new();
    let bundle = format!(r#"{{"resourceType":"Bundle","entry":[{{"resource":{MARTHA}}},{{"resource":{JEAN}}}]}}"#);
    let records = folder.open("b.json", &bundle).expect("readable");
    assert_eq!((records.format(), records.total()), (Format::Fhir, Some(2)));
    let origins: Vec<_> = records.map(|record| record.expect("a record").origin).collect();
    assert_eq!(origins, ["b.json, entry 1", "b.json, entry 2"]);
    let origins = |name: &str, content: String| {
        let all = folder.all(name, content);
        all.into_iter()
            .map(|record| record.map_or_else(|refused| refused.origin, |record| record.origin))
            .collect::<Vec<_>>()
    };
    assert_eq!(origins("one.json", MARTHA.to_owned()), ["one.json"]);
    assert_eq!(origins("two.json", format!("{MARTHA}\n\n{JEAN}\n")), ["two.json, line 1", "two.json, line 3"]);
    assert_eq!(origins("two.ndjson", format!("{MARTHA}\n{JEAN}")), ["two.ndjson, line 1", "two.ndjson, line 2"]);
    assert_eq!(origins("a.json", format!("[{MARTHA}]")), ["a.json, entry 1"]);
    assert_eq!(origins("lines.ndjson", format!("{bundle}\n{JEAN}")).len(), 3);
    assert!(folder.all("empty.json", r#"{"resourceType":"Bundle","entry":[]}"#).is_empty());
}

#[test]
fn a_broken_line_of_ndjson_is_refused_alone() {
    let folder = Folder::new();
    let all = folder.all("x.ndjson", format!("{MARTHA}\n{{\"a\":[}}\n{{\"a\":!}}\n{{\n{JEAN}\n"));
    let keys: Vec<_> = all.iter().map(key).collect();
    assert_eq!(keys, ["", "import-json-broken", "import-json-broken", "import-json-broken", ""]);
    let Err(refused) = &all[2] else { panic!("refused") };
    assert_eq!(refused.problem.reason.args[0], ("line", "3".to_owned()));
    assert_eq!(refused.raw, "{\"a\":!}");
}

#[test]
fn a_broken_entry_is_refused_alone_and_a_broken_file_whole() {
    let folder = Folder::new();
    let all = folder.all("x.json", format!("{{\"entry\":[{{\"resource\":{MARTHA}}},\n {{\"resource\": nul}}]}}"));
    assert_eq!(all.iter().map(key).collect::<Vec<_>>(), ["", "import-json-broken"]);
    let Err(refused) = &all[1] else { panic!("refused") };
    assert_eq!(refused.problem.reason.args, [("line", "2".to_owned()), ("column", "18".to_owned())]);
    let cut = format!("{{\"entry\":[{{\"resource\":{MARTHA}}},\n{{\"resource\":");
    assert!(matches!(folder.refused("cut.json", cut), FileError::JsonEnds { line: 2, .. }));
    let broken = format!("{{\"entry\":[{{\"resource\":{MARTHA}}}\n {{}}]}}");
    assert!(matches!(folder.refused("broken.json", broken), FileError::Json { line: 2, column: 2, .. }));
}

#[test]
fn files_that_are_no_import_say_what_they_are() {
    let folder = Folder::new();
    let looks = |name: &str, content: &[u8]| match folder.refused(name, content) {
        FileError::Unsupported { looks, .. } => looks,
        other => panic!("{name}: {other}"),
    };
    assert_eq!(looks("a.pdf", b"%PDF-1.7"), "PDF");
    assert_eq!(looks("a.gz", &[0x1F, 0x8B, 8]), "gzip");
    assert_eq!(looks("a.bin", &[1, 2, 0, 0, 0, 9, 9, 9, 9]), "binary");
    assert!(matches!(folder.refused("a.xls", [0xD0, 0xCF, 0x11, 0xE0, 0xA1]), FileError::OldSpreadsheet { .. }));
    assert!(matches!(folder.refused("a.xlsx", b"PK\x03\x04 no workbook"), FileError::Spreadsheet { .. }));
    assert!(matches!(folder.refused("a.json", b""), FileError::Empty { .. }));
    assert!(matches!(folder.refused("b.json", b" \n "), FileError::Empty { .. }));
    assert!(matches!(read(folder.0.path(), &Options::default()), Err(FileError::Directory { .. })));
    let absent = read(&folder.0.path().join("x"), &Options::default());
    assert!(matches!(absent, Err(FileError::NotFound { file }) if file == "x"));
    assert!(matches!(folder.refused("c.csv", "a,b\n1,2\n"), FileError::Header { found, .. } if found == "a · b"));
    assert!(matches!(folder.refused("q.csv", "name,job\nx,\"y\nz,w\n"), FileError::QuoteOpen { line: 2, .. }));
}

#[test]
fn tables_of_every_delimiter_and_encoding_say_the_same() {
    let folder = Folder::new();
    let table = "Nom;Prénom;Téléphone\nZoé;Cécile;0770000001\n";
    let utf16 = |big: bool, mark: bool| -> Vec<u8> {
        let units = mark.then_some(0xFEFF).into_iter().chain(table.encode_utf16());
        units.flat_map(|unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    let windows: Vec<u8> = table.chars().map(|c| u8::try_from(u32::from(c)).expect("latin")).collect();
    for (name, bytes) in [
        ("utf8.csv", table.as_bytes().to_vec()),
        ("bom.csv", format!("\u{feff}{table}").into_bytes()),
        ("comma.csv", table.replace(';', ",").into_bytes()),
        ("tab.csv", table.replace(';', "\t").into_bytes()),
        ("bar.csv", table.replace(';', "|").into_bytes()),
        ("crlf.csv", table.replace('\n', "\r\n").into_bytes()),
        ("sep.csv", format!("sep=;\n{table}").into_bytes()),
        ("title.csv", format!("Ministère de la Santé;;\n\n{table}").into_bytes()),
        ("le.csv", utf16(false, true)),
        ("be.csv", utf16(true, true)),
        ("le-bare.csv", utf16(false, false)),
        ("windows.csv", windows),
    ] {
        let records = folder.open(name, bytes).expect(name);
        let notices: Vec<_> = records.notices().iter().map(|notice| notice.key).collect();
        assert_eq!(notices.is_empty(), name != "windows.csv", "{name}: {notices:?}");
        if name == "windows.csv" {
            assert_eq!(records.notices()[0].args, [("example", "Prénom".to_owned())]);
        }
        let person = people(records.collect()).remove(0);
        assert_eq!(
            (person.name.as_str(), person.given.as_str(), person.family.as_str()),
            ("Cécile Zoé", "Cécile", "Zoé"),
            "{name}"
        );
    }
    let dos = b"Nom;T\x82l\x82phone\nC\x82cile \x81;1\n";
    assert!(matches!(folder.refused("dos.csv", dos), FileError::Encoding { .. }));
    assert!(matches!(folder.refused("half.csv", &b"\xFF\xFEN\0o\0m"[..7]), FileError::Encoding { .. }));
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_shows_them() {
    let folder = Folder::new();
    for end in ["\n", "\r\n", "\r"] {
        let table = ["List", "", "name,note", "A,", "", "B,\"two", "lines\"", "C,"].join(end);
        let origins: Vec<_> =
            folder.all("t.csv", &table).into_iter().map(|row| row.expect("a record").origin).collect();
        assert_eq!(origins, ["t.csv, row 4", "t.csv, row 6", "t.csv, row 8"], "{table:?}");
    }
}

#[test]
fn a_workbook_gives_types_and_repairs_what_is_exact() {
    let folder = Folder::new();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Staff").expect("named");
    for (column, name) in ["Staff ID", "Name", "Phone", "Birth date", "Score", "On duty"].into_iter().enumerate() {
        sheet.write_string(1, u16::try_from(column).expect("small"), name).expect("written");
    }
    sheet.write_string(0, 0, "Staff of 2024").expect("written");
    sheet.write_number(2, 0, 10_034).expect("written");
    sheet.write_string(2, 1, "Martha Kollie").expect("written");
    sheet.write_number(2, 2, 2.31770000001e11).expect("written");
    let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    let born = rust_xlsxwriter::ExcelDateTime::from_ymd(1988, 4, 2).expect("a day");
    sheet.write_datetime_with_format(2, 3, born, &date).expect("written");
    sheet.write_number(2, 4, 1.5).expect("written");
    sheet.write_boolean(2, 5, true).expect("written");
    sheet.write_string(4, 1, "Jean Zoé").expect("written");
    book.add_worksheet().set_name("Notes").expect("named");
    let path = folder.0.path().join("staff.xlsx");
    book.save(&path).expect("saved");

    let records = read(&path, &Options::default()).expect("readable");
    assert_eq!((records.format(), records.notices()[0].key), (Format::Xlsx, "import-notice-sheets"));
    let records: Vec<_> = records.collect();
    let origins: Vec<_> = records.iter().map(|record| record.as_ref().expect("a record").origin.clone()).collect();
    assert_eq!(origins, ["staff.xlsx, row 3", "staff.xlsx, row 5"]);
    let martha = people(records).remove(0);
    assert_eq!(martha.phones[0].raw, "231770000001");
    assert_eq!(martha.identifiers[0].value, "10034");
    assert_eq!(martha.birth.map(|day| day.to_string()).as_deref(), Some("1988-04-02"));
    let values: Vec<_> = martha.values.into_iter().map(|value| (value.field, value.value)).collect();
    assert_eq!(
        values,
        [("score".to_owned(), Value::Number(1.5)), ("on_duty".to_owned(), Value::Text("true".to_owned()))]
    );
    let sheet = |name: &str| read(&path, &Options { sheet: Some(name.to_owned()), ..Options::default() });
    assert!(sheet("staff").is_ok());
    assert!(matches!(sheet("Notes"), Err(FileError::Empty { .. })));
    assert!(matches!(sheet("x"), Err(FileError::Sheet { sheets, .. }) if sheets == "Staff, Notes"));
}

#[test]
fn every_file_error_tells_people_what_to_do() {
    let folder = Folder::new();
    let errors = [
        folder.refused("a.json", "{"),
        folder.refused("b.csv", "x\n"),
        folder.refused("c.csv", "name\n\"x"),
        folder.refused("d", "<"),
    ];
    for error in errors {
        let key = error.reason().key;
        assert!(key.starts_with("import-file-") || key.starts_with("csd-"), "{key}");
        assert_eq!(error.reason().args[0].0, "file");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_file_makes_it_panic(
        start in proptest::sample::select(vec!["", "name,phone\n", "{\"entry\":[", "[", "{}\n{", "PK\u{3}\u{4}", "\u{feff}"]),
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        let folder = Folder::new();
        let content = [start.as_bytes(), &bytes].concat();
        if let Ok(records) = folder.open("any", content) {
            prop_assert!(records.count() <= 400);
        }
    }

    #[test]
    fn no_table_makes_it_panic(rows in "(name|Phone|[a-zé\"]{0,5}|[0-9/+E.]{0,14})([,;\n\"](name|[a-z]{0,4}|[0-9/+Ee.]{0,14})){0,40}") {
        let folder = Folder::new();
        if let Ok(records) = folder.open("any.csv", format!("name,phone,birth date,start\n{rows}")) {
            let _ = records.count();
        }
    }
}
