//! A registry of 200,000 people of whom 40 have changed: told alone, and among all others.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use anyhow::{Result, ensure};
use async_trait::async_trait;
use mhero_app::{
    App, AppError, Caller,
    people::NewSource,
    ports::{Connector, Pull, PullError, PullSink, Pulled, Registry, SourceSettings},
    sync::{SyncEnd, SyncOptions},
};
use mhero_core::record::{Content, PersonRecord, RawPhone, Record};

use super::{
    Report,
    ground::{ground_with, phone},
};

/// People in the registry.
const PEOPLE: usize = 200_000;
/// People who change.
const CHANGED: usize = 40;
/// People on one page.
const PAGE: usize = 500;

/// A registry in memory: what it tells next.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Told>>);

/// The people of whom it tells, those of them who have changed, and whether they are all.
#[derive(Clone, Copy, Default)]
struct Told {
    people: usize,
    changed: usize,
    whole: bool,
}

#[async_trait]
impl Registry for Memory {
    async fn check(&self) -> Result<Vec<mhero_core::record::Reason>, mhero_core::record::Reason> {
        Ok(Vec::new())
    }

    async fn pull(&self, _: &Pull, sink: &mut dyn PullSink) -> Result<Pulled, PullError> {
        let told = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let everyone: Vec<usize> = (0..told.people).collect();
        for page in everyone.chunks(PAGE) {
            sink.take(page.iter().map(|n| Ok(person(*n, *n < told.changed))).collect()).await?;
        }
        Ok(Pulled { watermark: Some("now".to_owned()), whole: told.whole })
    }
}

impl Connector for Memory {
    fn kind(&self) -> &'static str {
        "memory"
    }

    fn keys(&self) -> &'static [(&'static str, bool)] {
        &[]
    }

    fn build(&self, _: &App, _: &SourceSettings) -> Result<Arc<dyn Registry>, AppError> {
        Ok(Arc::new(self.clone()))
    }
}

fn person(n: usize, is_changed: bool) -> Record {
    let name = if is_changed { format!("Changed {n}") } else { format!("Person {n}") };
    let content = Content::Person(Box::new(PersonRecord {
        given: "Person".to_owned(),
        active: true,
        phones: vec![RawPhone { raw: phone(n), usage: None, element: "phone".into() }],
        name: name.clone(),
        ..PersonRecord::default()
    }));
    let (id, raw) = (format!("P{n}"), format!("{n} {name}"));
    Record { origin: id.clone(), kind: "Practitioner".into(), id, raw, warnings: vec![], content }
}

pub(super) fn run(report: &mut Report) -> Result<()> {
    super::runtime()?.block_on(async {
        let registry = Memory::default();
        let ground = ground_with(0, vec![Arc::new(registry.clone())]).await?;
        let new = NewSource { name: "hr".into(), kind: "memory".into(), ..NewSource::default() };
        ground.app.add_source(&Caller::system(), &new).await?;
        let sync = async |told: Told, differ: usize| -> Result<f64> {
            *registry.0.lock().unwrap_or_else(PoisonError::into_inner) = told;
            let started = Instant::now();
            let done = ground.app.sync(&Caller::system(), "hr", &SyncOptions::default()).await?;
            let seconds = started.elapsed().as_secs_f64();
            let differed = usize::try_from(done.report.created + done.report.updated)?;
            ensure!(done.end == SyncEnd::Done && differed == differ, "{differed} differ, not {differ}");
            Ok(seconds)
        };
        report.figure("seconds_first", sync(Told { people: PEOPLE, changed: 0, whole: true }, PEOPLE).await?);
        report.figure("seconds", sync(Told { people: CHANGED, changed: CHANGED, whole: false }, CHANGED).await?);
        report.figure("seconds_nothing", sync(Told { people: 0, changed: 0, whole: false }, 0).await?);
        let back = Told { people: PEOPLE, changed: 0, whole: true };
        report.figure("seconds_whole", sync(back, CHANGED).await?);
        Ok(())
    })
}
