//! The lock of a data directory: one process at a time.

use std::{
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

use mhero_store::StoreError;

use crate::failure::Failure;

/// The name of the lock file.
const NAME: &str = "mhero.lock";

/// A held lock. The system gives it back when the process ends, however it does.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Makes a data directory that nobody else may look into; one that exists stays as it is.
///
/// # Errors
/// [`Failure::Refused`] when it can't be made.
pub fn make_folder(folder: &Path) -> Result<(), Failure> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| Failure::file("cli-folder-unmade", folder, &error))
}

/// Takes the lock of a data directory.
///
/// # Errors
/// [`StoreError::Locked`] when another process holds it.
pub fn take(folder: &Path) -> Result<Lock, Failure> {
    let path = folder.join(NAME);
    let opened = OpenOptions::new().create(true).write(true).truncate(false).mode(0o600).open(&path);
    let file = opened.map_err(|error| Failure::file("cli-folder-unwritable", folder, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(StoreError::Locked { path: folder.to_owned() }.into()),
        Err(TryLockError::Error(error)) => Err(Failure::file("cli-folder-unwritable", folder, &error)),
    }
}

#[cfg(test)]
mod tests {
    use mhero_app::AppError;

    use super::*;

    #[test]
    fn a_folder_is_locked_once_and_free_again() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("deep/data");
        make_folder(&data).unwrap();
        let held = take(&data).unwrap();
        let second = take(&data).unwrap_err();
        assert!(matches!(second, Failure::App(AppError::Store(StoreError::Locked { path })) if path == data));
        drop(held);
        assert!(take(&data).is_ok());
    }
}
