//! Files that officials bring to the console, in a folder that only this program reads.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

#[cfg(unix)]
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};

use mhero_app::{
    AppError,
    ports::{BroughtFile, UploadShelf},
};
use mhero_core::record::{Reason, Rejection};
use uuid::Uuid;

use crate::{
    files::{self, Options},
    table::{MEANINGS, Mapping},
    table_out::{self, Titles},
};

/// After this time a file that nobody decided about goes.
const KEPT: Duration = Duration::from_secs(24 * 3_600);
/// Longest name of a file, in characters.
const NAME_CHARS_MAX: usize = 80;

/// A folder with one folder a file, so that files keep their names.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// A shelf in a folder, which is made when the first file comes.
    pub const fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    fn put(&self, key: Uuid, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        make_folder(&self.0)?;
        self.throw_old_away();
        let folder = self.0.join(key.to_string());
        make_folder(&folder)?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        options.mode(0o600);
        let mut file = options.open(folder.join(plain_name(name)))?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    /// What can't be removed now is removed the next time.
    fn throw_old_away(&self) {
        let Ok(inside) = fs::read_dir(&self.0) else { return };
        let now = SystemTime::now();
        for folder in inside.flatten() {
            let since = folder.metadata().and_then(|about| about.modified()).ok();
            let age = since.and_then(|since| now.duration_since(since).ok());
            if age.is_some_and(|age| age > KEPT) {
                let _ = fs::remove_dir_all(folder.path());
            }
        }
    }

    fn path_of(&self, key: Uuid) -> Option<PathBuf> {
        let mut inside = fs::read_dir(self.0.join(key.to_string())).ok()?;
        inside.next()?.ok().map(|file| file.path())
    }
}

impl UploadShelf for Folder {
    fn keep(&self, name: &str, bytes: &[u8]) -> Result<Uuid, AppError> {
        let key = Uuid::new_v4();
        self.put(key, name, bytes).map_err(|error| {
            self.discard(key);
            AppError::invalid("imports-not-kept", [("detail", error.to_string())])
        })?;
        Ok(key)
    }

    fn open(&self, key: Uuid, settings: &[(String, String)]) -> Result<BroughtFile, AppError> {
        let path = self.path_of(key).ok_or_else(|| AppError::not_found("file", key))?;
        let settings = settings.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        let mapping = Mapping::of_settings(settings).map_err(|error| {
            let args = [("column", error.column), ("meaning", error.meaning), ("known", MEANINGS.join(", "))];
            AppError::invalid("import-mapping-unknown", args)
        })?;
        let options = Options { mapping, ..Options::default() };
        let records = files::read(&path, &options).map_err(|error| AppError::Invalid(error.reason()))?;
        let columns = records.mapping().map(Mapping::to_settings).unwrap_or_default();
        let named = |(key, meaning): (String, String)| {
            (key.strip_prefix(crate::table::COLUMN_SETTING).unwrap_or(&key).to_owned(), meaning)
        };
        Ok(BroughtFile {
            columns: columns.into_iter().map(named).collect(),
            notices: records.notices().to_vec(),
            total: records.total(),
            records: Box::new(records),
        })
    }

    fn discard(&self, key: Uuid) {
        // What stays is thrown away when it is old.
        let _ = fs::remove_dir_all(self.0.join(key.to_string()));
    }

    fn meanings(&self) -> Vec<&'static str> {
        MEANINGS.into_iter().filter(|meaning| !meaning.contains(':')).chain(["ignore"]).collect()
    }

    fn rejected(
        &self,
        rejections: &[Rejection],
        [origin, reason, record]: [&str; 3],
        say: &dyn Fn(&Reason) -> String,
        as_workbook: bool,
    ) -> Result<Vec<u8>, AppError> {
        let titles = Titles { origin, reason, record };
        let written = if as_workbook {
            table_out::xlsx(rejections, &titles, say)
        } else {
            let mut bytes = Vec::new();
            table_out::csv(&mut bytes, rejections, &titles, say).map(|()| bytes)
        };
        written.map_err(|error| AppError::invalid("imports-not-written", [("detail", error.to_string())]))
    }
}

fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    builder.mode(0o700);
    builder.create(folder)
}

/// A name without anything that could lead elsewhere; reasons quote it.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_plain = |c: &char| c.is_alphanumeric() || " .-_()".contains(*c);
    let plain: String = last.chars().filter(is_plain).collect();
    let skipped = plain.chars().count().saturating_sub(NAME_CHARS_MAX);
    // The end says what kind of file it is.
    let plain: String = plain.chars().skip(skipped).collect();
    let plain = plain.trim().trim_start_matches('.').to_owned();
    if plain.is_empty() { "file".to_owned() } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_waits_under_its_name_and_is_read_by_what_somebody_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let shelf = Folder::new(folder.path().join("uploads"));
        let key = shelf.keep("../../staff list.csv", b"Nom,Contact\nAnn,0770000001\n").expect("it is kept");
        let settings = [("column.Contact".to_owned(), "phone 1".to_owned())];
        let mut file = shelf.open(key, &settings).expect("it opens");
        assert_eq!(file.columns.len(), 2);
        assert!(file.columns.contains(&("Contact".to_owned(), "phone 1".to_owned())), "{:?}", file.columns);
        let first = file.records.next().expect("a record").expect("a good one");
        assert_eq!(first.origin, "staff list.csv, row 2");
        shelf.discard(key);
        assert!(matches!(shelf.open(key, &[]), Err(AppError::NotFound { .. })));
    }

    #[test]
    fn names_lead_nowhere() {
        for (given, plain) in [("a/b\\c.csv", "c.csv"), ("..", "file"), ("", "file"), ("é té.xlsx", "é té.xlsx")] {
            assert_eq!(plain_name(given), plain);
        }
    }
}
