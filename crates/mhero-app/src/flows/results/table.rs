//! Results as a table to take away: CSV page by page, so that no size of it is held in memory, and a workbook up to a limit.

use std::collections::HashMap;

use jiff::{Timestamp, tz::TimeZone};
use mhero_core::{RunId, StartId, timestamp};
use mhero_store::{Queue, Unit};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde_json::json;

use super::{ResultRow, ResultsOf};
use crate::{App, AppError, Caller};

/// Rows read at a time.
const PAGE: i64 = 500;
/// Rows of a workbook, which is put together in memory. CSV has no limit.
pub(super) const WORKBOOK_ROWS_MAX: usize = 50_000;
/// Most characters in a cell of Excel.
const CELL_CHARS_MAX: usize = 32_767;
/// Columns that stand before those of the questions, by the keys of their titles.
const OWN_COLUMNS: [&str; 7] = [
    "results-col-person",
    "results-col-name",
    "results-col-start",
    "results-col-status",
    "results-col-began",
    "results-col-replied",
    "results-col-ended",
];

/// A table of results that is being taken away.
#[derive(Clone, Debug)]
pub struct ResultTable {
    of: ResultsOf,
    /// The name of the flow.
    pub name: String,
    questions: Vec<(String, String)>,
    starts: HashMap<StartId, i64>,
    zone: TimeZone,
}

impl ResultTable {
    /// The titles of the columns. `say` gives the words of a locale key.
    pub fn titles(&self, say: impl Fn(&str) -> String) -> Vec<String> {
        let mut titles: Vec<String> = OWN_COLUMNS.iter().map(|key| say(key)).collect();
        for (_, name) in &self.questions {
            titles.push(name.clone());
            titles.push(format!("{name}: {}", say("results-col-category")));
            titles.push(format!("{name}: {}", say("results-col-written")));
        }
        titles
    }

    /// The cells of a row, in the order of the titles.
    pub fn cells(&self, row: &ResultRow, say: impl Fn(&str) -> String) -> Vec<String> {
        let run = &row.run;
        let number = run.start.and_then(|start| self.starts.get(&start)).map(i64::to_string);
        let mut cells = vec![
            run.person.to_string(),
            run.person_name.clone(),
            number.unwrap_or_default(),
            say(&format!("run-{}", run.status)),
            self.time(timestamp(run.started_at)),
            run.replied_at.map(|at| self.time(timestamp(at))).unwrap_or_default(),
            run.exited_at.map(|at| self.time(timestamp(at))).unwrap_or_default(),
        ];
        for (key, _) in &self.questions {
            match row.result(key) {
                None => cells.extend([String::new(), String::new(), String::new()]),
                Some(result) => cells.extend([
                    result.value.clone(),
                    result.category.clone(),
                    result.input.clone().unwrap_or_default(),
                ]),
            }
        }
        cells
    }

    /// Date and time as every spreadsheet reads them, in the national zone.
    fn time(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }
}

impl App {
    /// Begins to take a table away; that it was is audited.
    ///
    /// # Errors
    /// As [`App::flow_results`].
    pub async fn take_results(
        &self,
        caller: &Caller,
        of: ResultsOf,
        format: &'static str,
    ) -> Result<ResultTable, AppError> {
        let (flow, _) = self.whose_results(caller, of).await?;
        let questions = self.questions(caller, of, &flow).await?;
        let starts = self.store().starts_of(&caller.scope, of.flow).await?;
        let mut unit = Unit::new();
        let facts = json!({ "start": of.start, "format": format });
        unit.audit(self.store(), &caller.entry("flow-results-taken", "flow", Some(of.flow.uuid()), facts));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(ResultTable {
            of,
            name: flow.name,
            questions: questions.into_iter().map(|question| (question.key, question.name)).collect(),
            starts: starts.into_iter().map(|start| (start.id, start.number)).collect(),
            zone: self.facts_cached().await?.time_zone(),
        })
    }

    /// The first line of a CSV in UTF-8, with the byte order mark by which Excel shows its accents.
    pub fn results_csv_head(table: &ResultTable, say: impl Fn(&str) -> String) -> Vec<u8> {
        let mut bytes = "\u{feff}".as_bytes().to_vec();
        bytes.extend(lines([table.titles(say)]));
        bytes
    }

    /// The next lines of a CSV, and after which run to go on; `None` at the end.
    ///
    /// # Errors
    /// As [`App::flow_results`].
    pub async fn results_csv_page(
        &self,
        caller: &Caller,
        table: &ResultTable,
        before: Option<RunId>,
        say: impl Fn(&str) -> String + Send,
    ) -> Result<(Vec<u8>, Option<RunId>), AppError> {
        let rows = self.result_rows(caller, table.of, before, PAGE).await?;
        let is_full = i64::try_from(rows.len()).is_ok_and(|count| count == PAGE);
        let next = rows.last().filter(|_| is_full).map(|row| row.run.id);
        Ok((lines(rows.iter().map(|row| table.cells(row, &say))), next))
    }

    /// The bytes of a workbook with one sheet. All cells are texts, so that codes keep their zeros and nothing is a formula.
    ///
    /// # Errors
    /// As [`App::flow_results`]; [`AppError::Invalid`] when there are more rows than a workbook takes here.
    pub async fn results_xlsx(
        &self,
        caller: &Caller,
        table: &ResultTable,
        say: impl Fn(&str) -> String + Send,
    ) -> Result<Vec<u8>, AppError> {
        let mut sheet = vec![table.titles(&say)];
        let mut before = None;
        loop {
            let rows = self.result_rows(caller, table.of, before, PAGE).await?;
            sheet.extend(rows.iter().map(|row| table.cells(row, &say)));
            if sheet.len() > WORKBOOK_ROWS_MAX + 1 {
                return Err(AppError::invalid("results-too-many", [("max", WORKBOOK_ROWS_MAX.to_string())]));
            }
            match rows.last() {
                Some(last) if i64::try_from(rows.len()).is_ok_and(|count| count == PAGE) => before = Some(last.run.id),
                _ => break,
            }
        }
        let written = tokio::task::spawn_blocking(move || workbook(&sheet)).await;
        let failed = |detail: String| AppError::invalid("results-workbook", [("detail", detail)]);
        written.map_err(|error| failed(error.to_string()))?.map_err(|error| failed(error.to_string()))
    }
}

fn workbook(rows: &[Vec<String>]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let bold = Format::new().set_bold();
    for (number, row) in (0u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(row) {
            let cell: String = cell.chars().take(CELL_CHARS_MAX).collect();
            if number == 0 {
                sheet.write_string_with_format(number, column, cell, &bold)?;
            } else if !cell.is_empty() {
                sheet.write_string(number, column, cell)?;
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    workbook.save_to_buffer()
}

fn lines(rows: impl IntoIterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        // Writing into memory does not fail, and rows of one table have one length.
        let _ = writer.write_record(row.iter().map(|cell| harmless(cell)));
    }
    writer.into_inner().unwrap_or_default()
}

/// A cell that no spreadsheet runs as a formula: what people write begins with anything. Numbers keep their sign.
fn harmless(cell: &str) -> String {
    let number = |rest: &str| rest.chars().all(|c| c.is_ascii_digit() || " ().-/".contains(c));
    let risky = match cell.as_bytes().first() {
        Some(b'=' | b'@' | b'\t' | b'\r') => true,
        Some(b'+' | b'-') => !number(&cell[1..]),
        _ => false,
    };
    if risky { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_answer_becomes_a_formula() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
            ("-2+3", "'-2+3"),
            ("-12.5", "-12.5"),
            ("+231 770 000 001", "+231 770 000 001"),
            ("yes", "yes"),
        ] {
            assert_eq!(harmless(cell), written);
        }
        let bytes = lines([vec!["a".to_owned(), "=b,\"c\"".to_owned()]]);
        assert_eq!(String::from_utf8(bytes).expect("UTF-8"), "a,\"'=b,\"\"c\"\"\"\n");
    }

    #[test]
    fn a_workbook_is_one() {
        let bytes = workbook(&[vec!["A".to_owned()], vec!["=1".to_owned()]]).expect("a workbook");
        assert!(bytes.starts_with(b"PK"));
    }
}
