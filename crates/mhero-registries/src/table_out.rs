//! Refused rows written back as a table, with the reason beside each, so that an official mends them and imports again.

use std::io::Write;

use mhero_core::record::{Reason, Rejection};
use rust_xlsxwriter::{Format, Workbook};

use crate::table::OWN_COLUMN;

/// Most characters in a cell of Excel.
const CELL_CHARS_MAX: usize = 32_767;

/// The names of the columns that stand beside the rows as received, in the reader's language. Each is written behind `mHero: `
/// and skipped when the table comes back.
pub struct Titles<'a> {
    /// Where the row stood.
    pub origin: &'a str,
    /// What is wrong with it.
    pub reason: &'a str,
    /// The text of a record that came from no table.
    pub record: &'a str,
}

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The target took no more.
    #[error("the table can't be written")]
    Target(#[from] std::io::Error),
    /// The workbook could not be put together: over a million rows, say.
    #[error("the workbook can't be put together")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
}

/// Writes CSV in UTF-8 with a byte order mark, so that Excel shows its accents. `say` turns a reason into a sentence.
///
/// Cells that a spreadsheet would run as a formula get an apostrophe in front; phone numbers keep their plus sign.
///
/// # Errors
/// When the target takes no more.
pub fn csv(
    mut target: impl Write,
    rejections: &[Rejection],
    titles: &Titles<'_>,
    say: impl Fn(&Reason) -> String,
) -> Result<(), TableError> {
    target.write_all("\u{feff}".as_bytes())?;
    let mut writer = csv::Writer::from_writer(target);
    for row in rows(rejections, titles, say) {
        writer.write_record(row.iter().map(|cell| harmless(cell))).map_err(std::io::Error::from)?;
    }
    writer.flush()?;
    Ok(())
}

/// The bytes of a workbook with one sheet. All cells are texts, so phones keep their zeros.
///
/// # Errors
/// When there are more rows than a sheet holds.
pub fn xlsx(
    rejections: &[Rejection],
    titles: &Titles<'_>,
    say: impl Fn(&Reason) -> String,
) -> Result<Vec<u8>, TableError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let bold = Format::new().set_bold();
    for (index, row) in rows(rejections, titles, say).into_iter().enumerate() {
        let number = u32::try_from(index).unwrap_or(u32::MAX);
        for (column, cell) in row.iter().enumerate() {
            let column = u16::try_from(column).unwrap_or(u16::MAX);
            let cell: String = cell.chars().take(CELL_CHARS_MAX).collect();
            if index == 0 {
                sheet.write_string_with_format(number, column, cell, &bold)?;
            } else if !cell.is_empty() {
                sheet.write_string(number, column, cell)?;
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(workbook.save_to_buffer()?)
}

/// The cells, header first: the columns as received in the order they first appear, then ours.
fn rows(rejections: &[Rejection], titles: &Titles<'_>, say: impl Fn(&Reason) -> String) -> Vec<Vec<String>> {
    let received: Vec<Option<Vec<(String, String)>>> = rejections.iter().map(|refused| cells(&refused.raw)).collect();
    let mut names: Vec<String> = Vec::new();
    for (name, _) in received.iter().flatten().flatten() {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    let with_records = received.iter().zip(rejections).any(|(row, refused)| row.is_none() && !refused.raw.is_empty());
    let mut header = names.clone();
    header.extend([titles.origin, titles.reason].map(|title| format!("{OWN_COLUMN}{title}")));
    header.extend(with_records.then(|| format!("{OWN_COLUMN}{}", titles.record)));
    let mut table = vec![header];
    for (refused, row) in rejections.iter().zip(&received) {
        let cell = |name: &String| {
            let found = row.iter().flatten().find(|(own, _)| own == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let mut line: Vec<String> = names.iter().map(cell).collect();
        let sentence = say(&refused.problem.reason);
        let element = &refused.problem.element;
        let reason = if element.is_empty() { sentence } else { format!("{element}: {sentence}") };
        line.extend([refused.origin.clone(), reason]);
        line.extend(with_records.then(|| if row.is_none() { refused.raw.clone() } else { String::new() }));
        table.push(line);
    }
    table
}

/// The cells of a table's row, which is kept as an object of texts. `None` for a record of another format.
fn cells(raw: &str) -> Option<Vec<(String, String)>> {
    let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(raw).ok()?;
    if object.contains_key("resourceType") {
        return None;
    }
    let text = |(name, value): (String, serde_json::Value)| Some((name, value.as_str()?.to_owned()));
    object.into_iter().map(text).collect()
}

/// A cell that no spreadsheet runs as a formula.
fn harmless(cell: &str) -> String {
    let number = |rest: &str| rest.chars().all(|c| c.is_ascii_digit() || " ().-/".contains(c));
    let risky = match cell.as_bytes().first() {
        Some(b'=' | b'@' | b'\t' | b'\r') => true,
        Some(b'+' | b'-') => !number(&cell[1..]),
        _ => false,
    };
    if risky { format!("'{cell}") } else { cell.to_owned() }
}
