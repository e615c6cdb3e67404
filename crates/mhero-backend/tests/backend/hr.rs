//! The register of a ministry: it holds records, and takes corrections.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use mhero_app::{
    App, AppError,
    ports::{Connector, Pull, PullError, PullSink, Pulled, Push, PushOutcome, Registry, SourceSettings},
};
use mhero_core::record::{Content, Reason, Record, Rejection};

type Records = BTreeMap<(String, String), Content>;

/// Shared with the test.
#[derive(Clone, Default)]
pub(crate) struct Hr(Arc<Mutex<(Records, usize)>>);

impl Hr {
    pub(crate) fn put(&self, kind: &str, id: &str, content: Content) {
        self.0.lock().expect("held").0.insert((kind.to_owned(), id.to_owned()), content);
    }

    /// The name of somebody, and how many corrections were taken.
    pub(crate) fn name_of(&self, id: &str) -> (String, usize) {
        let held = self.0.lock().expect("held");
        match held.0.get(&("Practitioner".to_owned(), id.to_owned())) {
            Some(Content::Person(person)) => (person.name.clone(), held.1),
            _ => panic!("nobody is {id}"),
        }
    }
}

fn record(kind: &str, id: &str, content: &Content) -> Record {
    let raw = serde_json::to_string(&(kind, id, content)).expect("it can be written");
    let (kind, id) = (kind.to_owned(), id.to_owned());
    Record { origin: format!("{kind} {id}"), kind, id, raw, warnings: Vec::new(), content: content.clone() }
}

#[async_trait]
impl Registry for Hr {
    async fn check(&self) -> Result<Vec<Reason>, Reason> {
        Ok(Vec::new())
    }

    async fn pull(&self, _: &Pull, sink: &mut dyn PullSink) -> Result<Pulled, PullError> {
        let records = self.0.lock().expect("held").0.clone();
        sink.take(records.iter().map(|((kind, id), content)| Ok(record(kind, id, content))).collect()).await?;
        Ok(Pulled { watermark: Some("now".into()), whole: true })
    }

    fn read_again(&self, raw: &str, _: &str) -> Option<Result<Record, Rejection>> {
        let (kind, id, content): (String, String, Content) = serde_json::from_str(raw).ok()?;
        Some(Ok(record(&kind, &id, &content)))
    }

    fn writes(&self) -> &'static [&'static str] {
        &["name"]
    }

    async fn push(&self, push: &Push) -> PushOutcome {
        let mut held = self.0.lock().expect("held");
        let (kind, id) = (push.target.kind.clone(), push.target.id.clone());
        let Some(Content::Person(person)) = held.0.get_mut(&(kind.clone(), id.clone())) else {
            return PushOutcome::Refused { reason: Reason::plain("fake-gone") };
        };
        for value in push.values.iter().filter(|value| value.field == "name") {
            value.new.clone_into(&mut person.name);
        }
        let raw = record(&kind, &id, &Content::Person(person.clone())).raw;
        held.1 += 1;
        PushOutcome::Written { id, raw: Some(raw) }
    }
}

impl Connector for Hr {
    fn kind(&self) -> &'static str {
        "fake-hr"
    }

    fn keys(&self) -> &'static [(&'static str, bool)] {
        &[]
    }

    fn build(&self, _: &App, _: &SourceSettings) -> Result<Arc<dyn Registry>, AppError> {
        Ok(Arc::new(self.clone()))
    }
}
