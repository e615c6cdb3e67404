//! A registry that does what a test tells it, faults among it.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use mhero_app::{
    App, AppError,
    ports::{Connector, Pull, PullError, PullSink, Pulled, Registry, SourceSettings},
};
use mhero_core::record::{Content, Reason, Record, Rejection};

/// One thing that the registry does during a pull.
#[derive(Clone)]
pub(super) enum Step {
    /// A page.
    Page(Vec<Result<Record, Rejection>>),
    /// It tells that a record is removed.
    Removed(&'static str, String),
    /// It remarks something.
    Remark(Reason),
    /// It is gone.
    Down,
    /// It refuses us.
    Refused,
    /// It answers no more, and does not say so.
    Hang,
}

#[derive(Default)]
struct Script {
    steps: Vec<Step>,
    whole: bool,
    watermark: Option<String>,
    /// From where each pull began.
    pulls: Vec<Option<String>>,
    settings: Option<SourceSettings>,
    /// What today's reader makes of every name.
    reader: Option<fn(&mut Content)>,
}

/// The registry and its kind.
#[derive(Clone, Default)]
pub(super) struct FakeRegistry(Arc<Mutex<Script>>);

impl FakeRegistry {
    /// What the next pulls tell, and where the watermark stands then.
    pub(super) fn tells(&self, steps: Vec<Step>, whole: bool, watermark: &str) {
        let mut script = self.0.lock().expect("a script");
        (script.steps, script.whole, script.watermark) = (steps, whole, Some(watermark.to_owned()));
    }

    /// From where each pull began.
    pub(super) fn pulls(&self) -> Vec<Option<String>> {
        self.0.lock().expect("a script").pulls.clone()
    }

    /// The settings that it was last built from.
    pub(super) fn settings(&self) -> SourceSettings {
        self.0.lock().expect("a script").settings.clone().expect("it was built")
    }

    /// Lets today's reader understand records otherwise.
    pub(super) fn reads(&self, reader: fn(&mut Content)) {
        self.0.lock().expect("a script").reader = Some(reader);
    }
}

#[async_trait]
impl Registry for FakeRegistry {
    async fn check(&self) -> Result<Vec<Reason>, Reason> {
        match self.0.lock().expect("a script").steps.first() {
            Some(Step::Down) => Err(Reason::plain("fake-down")),
            _ => Ok(vec![Reason::plain("fake-fine")]),
        }
    }

    async fn pull(&self, pull: &Pull, sink: &mut dyn PullSink) -> Result<Pulled, PullError> {
        let (steps, whole, watermark) = {
            let mut script = self.0.lock().expect("a script");
            script.pulls.push(pull.since.clone());
            (script.steps.clone(), script.whole, script.watermark.clone())
        };
        for step in steps {
            match step {
                Step::Page(page) => sink.take(page).await?,
                Step::Removed(kind, id) => sink.removed(kind, &id).await?,
                Step::Remark(remark) => sink.remark(remark),
                Step::Down => return Err(PullError::Down(Reason::plain("fake-down"))),
                Step::Refused => return Err(PullError::Refused(Reason::plain("fake-refused"))),
                Step::Hang => std::future::pending().await,
            }
        }
        Ok(Pulled { watermark, whole })
    }

    fn read_again(&self, raw: &str, origin: &str) -> Option<Result<Record, Rejection>> {
        let mut content: Content = serde_json::from_str(raw).ok()?;
        let Content::Person(person) = &content else { return None };
        let id = person.identifiers.first()?.value.clone();
        if let Some(reader) = self.0.lock().expect("a script").reader {
            reader(&mut content);
        }
        let (origin, raw) = (origin.to_owned(), raw.to_owned());
        Some(Ok(Record { origin, kind: "Practitioner".into(), id, raw, warnings: vec![], content }))
    }
}

impl Connector for FakeRegistry {
    fn kind(&self) -> &'static str {
        "fake"
    }

    fn keys(&self) -> &'static [(&'static str, bool)] {
        &[("username", false), ("password", true)]
    }

    fn build(&self, _: &App, settings: &SourceSettings) -> Result<Arc<dyn Registry>, AppError> {
        if settings.url.is_none() {
            return Err(AppError::invalid("fake-url-missing", []));
        }
        self.0.lock().expect("a script").settings = Some(settings.clone());
        Ok(Arc::new(self.clone()))
    }
}
