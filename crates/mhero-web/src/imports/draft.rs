//! What this process knows of files that nobody has decided about: how far it has looked through them. The files themselves are
//! in the store; another node, or this one after a restart, looks again.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use mhero_app::{
    App, AppError, Caller,
    people::{ImportDraft, ImportOptions, ImportReport, Progress},
    ports::{BroughtFile, UploadShelf},
    rows::Source,
};
use mhero_core::{
    ImportId,
    record::{Content, Reason, Record, Rejection},
};
use serde_json::{Map, Value};
use tokio::sync::watch;
use uuid::Uuid;

/// Most looks that are kept; the oldest goes.
const LOOKS_MAX: usize = 20;
/// Names kept to be shown beside the rows.
const NAMES_MAX: usize = 10_000;
/// Rows of which the cells are shown beside the columns.
const SAMPLES: usize = 3;
/// How long a page waits before it says that the work goes on.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often an import tells the other nodes that it goes on.
const BEAT: Duration = Duration::from_secs(5);

/// How far a look or an import is.
#[derive(Clone)]
pub(super) enum Stage {
    /// So many records of so many.
    UnderWay(u64, Option<u64>),
    /// Over.
    Done(Arc<Seen>),
    /// Over before its end.
    Failed(Reason),
}

/// What came out.
pub(super) struct Seen {
    pub(super) report: ImportReport,
    /// Names by where their rows stood.
    pub(super) names: HashMap<String, String>,
    /// The first rows.
    pub(super) samples: Vec<Map<String, Value>>,
}

/// A look that writes nothing, or the import itself.
#[derive(Clone)]
pub(super) struct Look {
    pub(super) is_import: bool,
    /// What had been said of the columns.
    pub(super) said: Vec<(String, String)>,
    /// Columns with their meanings.
    pub(super) columns: Vec<(String, String)>,
    pub(super) notices: Vec<Reason>,
    pub(super) hear: watch::Receiver<Stage>,
}

/// Those of this process, by the ids of their files, oldest first.
#[derive(Clone, Default)]
pub(super) struct Looks(Arc<Mutex<Vec<(Uuid, Look)>>>);

impl Looks {
    pub(super) fn put(&self, key: Uuid, look: Look) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|(known, _)| *known != key);
        if all.len() >= LOOKS_MAX {
            all.remove(0);
        }
        all.push((key, look));
    }

    pub(super) fn find(&self, key: Uuid) -> Option<Look> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().find(|(known, _)| *known == key).map(|(_, look)| look.clone())
    }

    pub(super) fn forget(&self, key: Uuid) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|(known, _)| *known != key);
    }
}

/// A file that is open, and where it lies as long as it is read.
pub(super) struct Opened {
    pub(super) file: BroughtFile,
    shelf: Arc<dyn UploadShelf>,
    key: Uuid,
}

/// Puts a file down where it can be read, and opens it.
pub(super) async fn open(
    shelf: &Arc<dyn UploadShelf>,
    name: String,
    bytes: Vec<u8>,
    settings: Vec<(String, String)>,
) -> Result<Opened, AppError> {
    let shelf = Arc::clone(shelf);
    let opened = tokio::task::spawn_blocking(move || {
        let key = shelf.keep(&name, &bytes)?;
        match shelf.open(key, &settings) {
            Ok(file) => Ok(Opened { file, shelf, key }),
            Err(error) => {
                shelf.discard(key);
                Err(error)
            }
        }
    });
    opened.await.map_err(|_| AppError::invalid("imports-broke-off", []))?
}

/// Opens the file of a draft as its source remembers its columns, and as somebody said.
pub(super) async fn open_draft(
    app: &App,
    caller: &Caller,
    shelf: &Arc<dyn UploadShelf>,
    draft: &ImportDraft,
) -> Result<Opened, AppError> {
    let known = app.sources(caller).await?.into_iter().find(|known| known.name == draft.source);
    let mut settings = known.map(|known| columns_of(&known)).unwrap_or_default();
    settings.extend(draft.said.iter().cloned());
    let bytes = app.brought_bytes(draft).await?;
    open(shelf, draft.file.clone(), bytes, settings).await
}

/// What a source remembers of the columns of its tables.
pub(super) fn columns_of(source: &Source) -> Vec<(String, String)> {
    let config: Map<String, Value> = serde_json::from_str(&source.config).unwrap_or_default();
    let columns = config.into_iter().filter(|(key, _)| key.starts_with("column."));
    columns.filter_map(|(key, value)| Some((key, value.as_str()?.to_owned()))).collect()
}

/// Waits a little for a look or an import to end.
pub(super) async fn stage(hear: &watch::Receiver<Stage>) -> Stage {
    let mut hear = hear.clone();
    let over = hear.wait_for(|stage| !matches!(stage, Stage::UnderWay(..)));
    match tokio::time::timeout(PATIENCE, over).await {
        Ok(Ok(stage)) => return stage.clone(),
        // The task is gone without a word.
        Ok(Err(_)) => return Stage::Failed(Reason::plain("imports-broke-off")),
        Err(_) => {}
    }
    hear.borrow().clone()
}

/// What to import.
pub(super) struct Order {
    pub(super) source: String,
    pub(super) said: Vec<(String, String)>,
    /// The draft to report to; without it, it is only a look.
    pub(super) import: Option<ImportDraft>,
}

/// Begins; it goes on whether or not somebody waits for it.
pub(super) fn begin(app: &App, caller: &Caller, opened: Opened, order: Order) -> Look {
    let Opened { file, shelf, key } = opened;
    let BroughtFile { records, columns, notices, total } = file;
    let (tell, hear) = watch::channel(Stage::UnderWay(0, total));
    let look = Look { is_import: order.import.is_some(), said: order.said.clone(), columns, notices, hear };
    let (app, caller, tell, heard) = (app.clone(), caller.clone(), Arc::new(tell), look.hear.clone());
    tokio::spawn(async move {
        let told = Arc::clone(&tell);
        let progress: Progress = Arc::new(move |report: &ImportReport| {
            told.send_replace(Stage::UnderWay(report.read, total));
        });
        let noted = Arc::new(Mutex::new((HashMap::new(), Vec::new())));
        let note = Arc::clone(&noted);
        let records = records.inspect(move |record| notice(&note, record));
        let options = ImportOptions { dry_run: order.import.is_none(), demo: false, progress: Some(progress) };
        let work = Box::pin(app.import(&caller, &order.source, records, &options));
        let done = tokio::select! {
            done = work => done,
            never = beat(&app, order.import.as_ref(), &heard) => match never {},
        };
        shelf.discard(key);
        let run = done.as_ref().ok().and_then(|report| report.run);
        let stage = match done {
            Ok(report) => {
                let (names, samples) = std::mem::take(&mut *noted.lock().unwrap_or_else(PoisonError::into_inner));
                Stage::Done(Arc::new(Seen { report, names, samples }))
            }
            Err(AppError::Invalid(reason)) => Stage::Failed(reason),
            Err(error) => {
                tracing::error!(%error, "an import broke off");
                Stage::Failed(Reason::plain("imports-broke-off"))
            }
        };
        if let Some(draft) = &order.import {
            end(&app, &caller, draft, &order, run).await;
        }
        tell.send_replace(stage);
    });
    look
}

/// After an import: what the columns mean is remembered, and the file goes.
async fn end(app: &App, caller: &Caller, draft: &ImportDraft, order: &Order, run: Option<ImportId>) {
    if run.is_some()
        && let Err(error) = app.remember_columns(caller, &order.source, &order.said).await
    {
        tracing::warn!(%error, "what the columns mean could not be remembered");
    }
    if let Err(error) = app.end_brought(draft, run).await {
        tracing::warn!(%error, "the end of an import could not be noted; its file goes after a day");
    }
}

/// Says now and then that an import goes on, for the other nodes.
async fn beat(app: &App, draft: Option<&ImportDraft>, hear: &watch::Receiver<Stage>) -> std::convert::Infallible {
    let Some(draft) = draft else { return std::future::pending().await };
    loop {
        tokio::time::sleep(BEAT).await;
        let stage = hear.borrow().clone();
        if let Stage::UnderWay(read, total) = stage
            && let Err(error) = app.brought_goes_on(draft, read, total).await
        {
            tracing::warn!(%error, "how far an import is could not be noted");
        }
    }
}

/// Names by origin, and the first rows.
type Noted = (HashMap<String, String>, Vec<Map<String, Value>>);

fn notice(noted: &Mutex<Noted>, record: &Result<Record, Rejection>) {
    let mut noted = noted.lock().unwrap_or_else(PoisonError::into_inner);
    let (names, samples) = &mut *noted;
    let Ok(record) = record else { return };
    if samples.len() < SAMPLES
        && let Ok(Value::Object(row)) = serde_json::from_str(&record.raw)
    {
        samples.push(row);
    }
    let name = match &record.content {
        Content::Person(person) if !person.name.is_empty() => person.name.clone(),
        Content::Person(person) => format!("{} {}", person.given, person.family).trim().to_owned(),
        _ => format!("{} {}", record.kind, record.id),
    };
    if names.len() < NAMES_MAX {
        names.insert(record.origin.clone(), name);
    }
}
