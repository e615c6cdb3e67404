//! Restoring a backup into a store of either engine.

use std::io::Read;

use mhero_store::{Store, StoreError};
use tokio::sync::mpsc;

use super::{
    content_digest,
    format::Summary,
    read::{Piece, read},
};
use crate::AppError;

/// Slices that wait for the store before reading waits too.
const SLICES_WAITING: usize = 4;

/// Restores a backup, then reads everything back and compares it. A store that holds rows is refused unless `force` is
/// set, which empties it first. The store is to be opened with [`Store::open_to_restore`]; until the restore has ended, any
/// other way of opening it is refused.
///
/// # Errors
/// [`AppError::Invalid`] when the input is no backup, of another version, damaged or cut short, when the store is not empty,
/// or when what was read back differs.
pub async fn restore<R: Read + Send + 'static>(store: &Store, input: R, force: bool) -> Result<Summary, AppError> {
    let catalog = store.catalog().await?;
    let (sender, mut pieces) = mpsc::channel(SLICES_WAITING);
    let reader = tokio::task::spawn_blocking(move || read(input, &catalog, sender));
    let restored = write_pieces(store, &mut pieces, force).await;
    drop(pieces);
    let read = reader.await.map_err(|_| StoreError::Closed)?;
    // When writing failed, reading ended only because of it.
    restored?;
    let whole = read?;
    let found = content_digest(store).await?;
    if let Some(table) = found.first_difference(&whole.summary) {
        return Err(AppError::invalid("backup-differs", [("table", table)]));
    }
    store.end_restore(&whole.counters).await?;
    Ok(found)
}

async fn write_pieces(store: &Store, pieces: &mut mpsc::Receiver<Piece>, force: bool) -> Result<(), AppError> {
    while let Some(piece) = pieces.recv().await {
        match piece {
            Piece::Head(head) => {
                if !force && let Some(table) = store.first_used_table().await? {
                    return Err(AppError::invalid("backup-target-used", [("table", table.to_owned())]));
                }
                store.begin_restore(&head.at).await?;
            }
            Piece::Slice { table, columns, rows } => store.restore_rows(table, &columns, rows).await?,
        }
    }
    Ok(())
}
