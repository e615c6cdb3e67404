//! The correction file: what is accepted for a source that is a set of files, to be taken over there by hand.

use mhero_core::Right;

use super::target::FILES;
use crate::{App, AppError, Caller};

/// Corrections in one file at most.
const ROWS_MAX: i64 = 10_000;
/// The header of the file.
const HEADER: &str = "id,kind,field,old,new\r\n";

/// A correction file.
#[derive(Clone, PartialEq, Eq)]
pub struct CorrectionFile {
    /// CSV, UTF-8: id and kind of the record at the source, field, old value, new value.
    pub csv: String,
    /// Corrections in it.
    pub rows: usize,
}

/// Only how many: names and numbers stand there.
impl std::fmt::Debug for CorrectionFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CorrectionFile").field("rows", &self.rows).finish_non_exhaustive()
    }
}

impl App {
    /// What is accepted for a source that is a set of files and that its next import should hold. A correction leaves the file once
    /// an import brings it.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`], also for who sees only a part of the country; [`AppError::NotFound`]; [`AppError::Invalid`] for a
    /// source that is written to directly.
    pub async fn correction_file(&self, caller: &Caller, source: &str) -> Result<CorrectionFile, AppError> {
        caller.must(Right::EditPeople)?;
        if !caller.scope.all_places() {
            return Err(AppError::NotAllowed { right: Right::EditPeople });
        }
        let sources = self.store().sources().await?;
        let found = sources.into_iter().find(|known| known.name == source);
        let found = found.ok_or_else(|| AppError::not_found("source", source))?;
        if found.kind != FILES {
            return Err(AppError::invalid("wayback-not-a-file", [("source", found.name)]));
        }
        let (mut csv, mut rows) = (HEADER.to_owned(), 0);
        for proposal in self.store().proposals_for_file(found.id, ROWS_MAX).await? {
            let Some(record) = proposal.source_record else { continue };
            let Some(record) = self.store().target_record(record).await? else { continue };
            let old = proposal.old_value.unwrap_or_default();
            let cells = [&record.ext_id, &record.kind, &proposal.field, &old, &proposal.new_value];
            csv.push_str(&cells.map(|text| cell(text)).join(","));
            csv.push_str("\r\n");
            rows += 1;
        }
        let mut unit = mhero_store::Unit::new();
        let facts = serde_json::json!({ "rows": rows });
        unit.audit(self.store(), &caller.entry("correction-file", "source", Some(found.id.uuid()), facts));
        self.store().write(unit, mhero_store::Queue::Interactive).await?;
        Ok(CorrectionFile { csv, rows })
    }
}

/// A cell of the file. What a spreadsheet would take for a formula gets an apostrophe before it; a phone number does not.
fn cell(text: &str) -> String {
    let is_number = text.strip_prefix(['+', '-']).is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
    let text = match text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number {
        true => format!("'{text}"),
        false => text.to_owned(),
    };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn cells_are_no_formulas() {
        assert_eq!(cell("+231770000001"), "+231770000001");
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("Kollie, \"Ann\""), "\"Kollie, \"\"Ann\"\"\"");
    }
}
