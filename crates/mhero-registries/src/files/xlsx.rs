//! Tables in Excel workbooks.
//!
//! The workbook's reader borrows the open workbook, so a thread owns both and sends rows through a short channel: memory
//! stays bounded, and a workbook made to break the reader ends its thread, not the import.

use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};

use calamine::{CellErrorType, DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use jiff::civil;
use mhero_core::{
    limits::IMPORT_FILE_BYTES_MAX,
    record::{Reason, Record, Rejection},
};

use super::{FileError, Format, Records, broke_off, zip};
use crate::table::{Cell, Header, Mapping, SAMPLE_ROWS, Table};

/// Rows that wait between the workbook's thread and the import.
const ROWS_WAITING: usize = 64;
/// Columns of a row that are looked at.
const COLUMNS_MAX: usize = 1_000;

/// A row: its number as Excel shows it, and its cells.
type Row = (u64, Vec<Cell>);

enum Message {
    /// The sheet that is read, and the visible ones that are not.
    Opened {
        sheet: String,
        others: Vec<String>,
    },
    Row(Row),
    Failed(FileError),
}

/// Opens a workbook.
pub(super) fn read(path: &Path, name: &str, sheet: Option<&str>, mapping: &Mapping) -> Result<Records, FileError> {
    let (sender, receiver) = sync_channel(ROWS_WAITING);
    let (path, file, wanted) = (path.to_owned(), name.to_owned(), sheet.map(str::to_owned));
    thread::Builder::new()
        .name("workbook".to_owned())
        .spawn(move || {
            if let Err(error) = send_rows(&path, &file, wanted.as_deref(), &sender) {
                let _ = sender.send(Message::Failed(error));
            }
        })
        .map_err(|source| FileError::unreadable(name, source))?;
    let damaged = || FileError::Spreadsheet { file: name.to_owned(), detail: "the reader stopped".to_owned() };
    let (sheet, others) = match receiver.recv() {
        Ok(Message::Opened { sheet, others }) => (sheet, others),
        Ok(Message::Failed(error)) => return Err(error),
        Ok(Message::Row(_)) | Err(_) => return Err(damaged()),
    };
    let mut sample: Vec<Row> = Vec::new();
    for message in receiver.iter().take(SAMPLE_ROWS) {
        match message {
            Message::Row(row) => sample.push(row),
            Message::Failed(error) => return Err(error),
            Message::Opened { .. } => return Err(damaged()),
        }
    }
    if sample.is_empty() {
        return Err(FileError::Empty { file: name.to_owned() });
    }
    let Some(header) = Header::find_with(&sample, mapping) else {
        let found = sample[0].1.iter().map(Cell::text).collect::<Vec<_>>().join(" · ");
        return Err(FileError::Header { file: name.to_owned(), found: found.chars().take(200).collect() });
    };
    let notices = (!others.is_empty())
        .then(|| Reason::new("import-notice-sheets", [("sheet", sheet), ("others", others.join(", "))]))
        .into_iter()
        .collect();
    let meant = Mapping::of_header(&header);
    let each = Rows {
        sample: sample.into_iter(),
        receiver,
        table: Table::new(name, header),
        file: name.to_owned(),
        done: false,
    };
    Ok(Records { format: Format::Xlsx, notices, total: None, mapping: Some(meant), each: Box::new(each) })
}

struct Rows {
    sample: std::vec::IntoIter<Row>,
    receiver: Receiver<Message>,
    table: Table,
    file: String,
    done: bool,
}

impl Iterator for Rows {
    type Item = Result<Record, Rejection>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            let (row, cells) = match self.sample.next() {
                Some(row) => row,
                None => match self.receiver.recv() {
                    Ok(Message::Row(row)) => row,
                    Ok(Message::Failed(error)) => {
                        self.done = true;
                        return Some(Err(broke_off(&self.file, std::io::Error::other(error))));
                    }
                    Ok(Message::Opened { .. }) | Err(_) => return None,
                },
            };
            if let Some(verdict) = self.table.record(row, &cells) {
                return Some(verdict);
            }
        }
        None
    }
}

fn send_rows(path: &PathBuf, file: &str, wanted: Option<&str>, sender: &SyncSender<Message>) -> Result<(), FileError> {
    let failed = |error| explain(file, &error);
    check_unpacked(path, file)?;
    let mut workbook: Xlsx<BufReader<File>> = calamine::open_workbook(path).map_err(failed)?;
    let (sheet, others) = choose(&workbook, file, wanted)?;
    let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(failed)?;
    if sender.send(Message::Opened { sheet: sheet.clone(), others }).is_err() {
        return Ok(());
    }
    let mut current: Option<Row> = None;
    while let Some(cell) = cells.next_cell().map_err(failed)? {
        let (row, column) = cell.get_position();
        let (number, column) = (u64::from(row) + 1, column as usize);
        if column >= COLUMNS_MAX {
            continue;
        }
        if current.as_ref().is_some_and(|(open, _)| *open != number)
            && let Some(full) = current.take()
            && sender.send(Message::Row(full)).is_err()
        {
            return Ok(());
        }
        let (_, row) = current.get_or_insert_with(|| (number, Vec::new()));
        if row.len() <= column {
            row.resize(column + 1, Cell::Empty);
        }
        row[column] = convert(cell.get_value());
    }
    if let Some(full) = current {
        // Nobody waits for it any more when this fails.
        let _ = sender.send(Message::Row(full));
    }
    Ok(())
}

/// Refuses a workbook that says it unpacks to more than an import opens: its reader holds all its texts in memory.
fn check_unpacked(path: &Path, file: &str) -> Result<(), FileError> {
    let unreadable = |source| FileError::unreadable(file, source);
    let mut archive = File::open(path).map_err(unreadable)?;
    let unpacked = zip::unpacked(&mut archive).map_err(unreadable)?;
    match unpacked {
        Some(bytes) if bytes > IMPORT_FILE_BYTES_MAX => {
            Err(FileError::TooLarge { file: file.to_owned(), bytes, limit: IMPORT_FILE_BYTES_MAX })
        }
        // Without a directory at its end it is no zip archive; the workbook's reader says so.
        _ => Ok(()),
    }
}

/// The sheet to read, and the visible ones beside it.
fn choose(
    workbook: &Xlsx<BufReader<File>>,
    file: &str,
    wanted: Option<&str>,
) -> Result<(String, Vec<String>), FileError> {
    let visible: Vec<&str> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.as_str())
        .collect();
    let all: Vec<&str> = workbook.sheets_metadata().iter().map(|sheet| sheet.name.as_str()).collect();
    let found = match wanted {
        Some(wanted) => all.iter().find(|name| name.trim().to_lowercase() == wanted.trim().to_lowercase()),
        None => visible.first(),
    };
    let sheet = found.ok_or_else(|| FileError::Sheet {
        file: file.to_owned(),
        sheet: wanted.unwrap_or_default().to_owned(),
        sheets: all.join(", "),
    })?;
    let others = visible.iter().filter(|name| *name != sheet && wanted.is_none());
    Ok(((*sheet).to_owned(), others.map(|name| (*name).to_owned()).collect()))
}

fn explain(file: &str, error: &XlsxError) -> FileError {
    let file = file.to_owned();
    match error {
        XlsxError::Password => FileError::OldSpreadsheet { file },
        other => FileError::Spreadsheet { file, detail: other.to_string() },
    }
}

fn convert(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) | DataRef::DurationIso(text) => Cell::written(text),
        DataRef::SharedString(text) => Cell::written(text),
        DataRef::Int(number) => Cell::written(&number.to_string()),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::Bool(truth) => Cell::Truth(*truth),
        DataRef::DateTime(moment) => instant(moment),
        DataRef::DateTimeIso(text) => {
            text.parse::<civil::DateTime>().map_or_else(|_| Cell::written(text), Cell::moment)
        }
        DataRef::Error(CellErrorType::NA) => Cell::Empty,
        DataRef::Error(error) => Cell::Broken(error.to_string()),
    }
}

/// A date that Excel keeps as a number of days. Durations and impossible dates stay numbers.
fn instant(value: &ExcelDateTime) -> Cell {
    if !value.is_datetime() || value.as_f64() < 1.0 {
        return Cell::Number(value.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
    let small = |number: u8| i8::try_from(number).unwrap_or(-1);
    let moment = civil::DateTime::new(
        i16::try_from(year).unwrap_or(-1),
        small(month),
        small(day),
        small(hour),
        small(minute),
        small(second),
        0,
    );
    moment.map_or_else(|_| Cell::Number(value.as_f64()), Cell::moment)
}
