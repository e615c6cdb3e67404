//! Writing a backup.

use std::io::{self, Write};

use flate2::{Compression, write::GzEncoder};
use mhero_core::Right;
use mhero_store::{Queue, SCHEMA_VERSION, StoreError, TABLES, Unit};
use serde::Serialize;
use serde_json::json;
use tokio::sync::mpsc;

use super::{
    format::{FORMAT, Head, Summary, TableEnd, TableHead, Trailer},
    walk::Walk,
};
use crate::{App, AppError, Caller};

/// Pages that wait for a slow disk before reading waits too.
const PAGES_WAITING: usize = 4;

/// Writes everything as it is at this moment, while others go on writing. Returns the writer, flushed, and what was written.
/// That a backup was taken is audited, in the backup too.
///
/// # Errors
/// [`AppError::NotAllowed`], and [`AppError::Invalid`] when it can't be written, with what the system said.
pub async fn write<W: Write + Send + 'static>(app: &App, caller: &Caller, out: W) -> Result<(W, Summary), AppError> {
    caller.must(Right::Settings)?;
    let mut unit = Unit::new();
    unit.audit(app.store(), &caller.entry("backup-taken", "installation", None, json!({})));
    app.store().write(unit, Queue::Interactive).await?;
    let (pages, waiting) = mpsc::channel(PAGES_WAITING);
    let writer = tokio::task::spawn_blocking(move || compress(out, waiting));
    let walked = write_pages(app, &pages).await;
    drop(pages);
    let written = writer.await.map_err(|_| StoreError::Closed)?;
    let out = written.map_err(|error| AppError::invalid("backup-not-written", [("detail", error.to_string())]))?;
    Ok((out, walked?))
}

async fn write_pages(app: &App, pages: &mpsc::Sender<String>) -> Result<Summary, AppError> {
    let send = async |page: String| pages.send(page).await.map_err(|_| StoreError::Closed);
    let mut reader = app.store().backup_reader().await?;
    let head = Head {
        mhero_backup: FORMAT,
        schema: SCHEMA_VERSION,
        engine: format!("{:?}", app.store().engine()).to_lowercase(),
        at: app.clock().now().to_string(),
    };
    send(line(&head)?).await?;
    let mut summary = Summary::default();
    for table in TABLES {
        let columns = reader.columns(table).iter().map(|column| column.name.clone()).collect();
        send(line(&TableHead { table: table.name.to_owned(), columns })?).await?;
        let mut walk = Walk::new(&mut reader, table);
        while let Some(lines) = walk.next().await? {
            send(lines).await?;
        }
        let end = walk.end();
        send(line(&TableEnd { end: end.clone() })?).await?;
        summary.tables.push(end);
    }
    let trailer = Trailer { whole: true, rows: summary.rows(), counters: reader.counters().await? };
    send(line(&trailer)?).await?;
    Ok(summary)
}

fn line(value: &impl Serialize) -> Result<String, AppError> {
    let text = serde_json::to_string(value);
    text.map(|text| text + "\n")
        .map_err(|error| AppError::invalid("backup-not-written", [("detail", error.to_string())]))
}

/// Writes pages until there are no more. When writing fails, the channel closes and reading ends.
fn compress<W: Write>(out: W, mut pages: mpsc::Receiver<String>) -> io::Result<W> {
    let mut gzip = GzEncoder::new(out, Compression::fast());
    while let Some(page) = pages.blocking_recv() {
        gzip.write_all(page.as_bytes())?;
    }
    let mut out = gzip.finish()?;
    out.flush()?;
    Ok(out)
}
