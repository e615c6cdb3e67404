//! Files that officials bring to the console: kept until somebody has decided about them.

use mhero_core::record::{Reason, Record, Rejection};
use uuid::Uuid;

use crate::AppError;

/// The records of a file that was brought.
pub struct BroughtFile {
    /// The records, one after the other.
    pub records: Box<dyn Iterator<Item = Result<Record, Rejection>> + Send>,
    /// The columns of a table by their names, with what each is taken for, in the words of [`UploadShelf::meanings`]; empty for what
    /// is no table.
    pub columns: Vec<(String, String)>,
    /// What people should know about the file as a whole.
    pub notices: Vec<Reason>,
    /// How many records will come, where counting was cheap.
    pub total: Option<u64>,
}

impl std::fmt::Debug for BroughtFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BroughtFile").field("columns", &self.columns.len()).field("total", &self.total).finish()
    }
}

/// Where files wait between being brought and being imported. What nobody decided about for a day is thrown away.
pub trait UploadShelf: Send + Sync + std::fmt::Debug {
    /// Puts a file down under a key that nobody guesses.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when it can't be kept.
    fn keep(&self, name: &str, bytes: &[u8]) -> Result<Uuid, AppError>;

    /// Opens a file from its beginning. `settings` are those of its source; `column.NAME` says what a column means.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for one that is not there any more; [`AppError::Invalid`] for one that can't be imported.
    fn open(&self, key: Uuid, settings: &[(String, String)]) -> Result<BroughtFile, AppError>;

    /// Throws a file away.
    fn discard(&self, key: Uuid);

    /// What the column of a table can mean, without those that take a further word.
    fn meanings(&self) -> Vec<&'static str>;

    /// Refused records as a table with a column of reasons. `titles` are those of the columns for where, why and what.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the table can't be written.
    fn rejected(
        &self,
        rejections: &[Rejection],
        titles: [&str; 3],
        say: &dyn Fn(&Reason) -> String,
        as_workbook: bool,
    ) -> Result<Vec<u8>, AppError>;
}
