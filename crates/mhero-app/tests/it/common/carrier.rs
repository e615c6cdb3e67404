//! A carrier that does what a test scripts, and remembers what it was given.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use mhero_app::{
    App, AppError,
    ports::{Carrier, ChannelSettings, Driver, Outcome, Outgoing, Parts},
};

/// What the carrier answers.
#[derive(Clone, Debug)]
pub(crate) enum Script {
    /// Takes it.
    Accept,
    /// Refuses it for good.
    Refuse,
    /// Never got it.
    NotSent,
    /// Took it perhaps.
    Unknown,
}

/// The carrier: takes everything unless scripted otherwise. Its ids are `c1`, `c2`, ...
#[derive(Default)]
pub(crate) struct Fake {
    script: Mutex<VecDeque<Script>>,
    got: Mutex<Vec<Outgoing>>,
}

impl Fake {
    /// What it answers next, one word a submission.
    pub(crate) fn script(&self, words: impl IntoIterator<Item = Script>) {
        self.script.lock().expect("a lock").extend(words);
    }

    /// Texts that it was given, with the number.
    pub(crate) fn texts(&self) -> Vec<(String, String)> {
        self.got.lock().expect("a lock").iter().map(|o| (o.to.path().to_owned(), o.text.clone())).collect()
    }

    /// How many submissions it was given.
    pub(crate) fn count(&self) -> usize {
        self.got.lock().expect("a lock").len()
    }
}

#[async_trait]
impl Carrier for Fake {
    fn parts(&self) -> Parts {
        Parts::Split
    }

    async fn submit(&self, outgoing: &Outgoing) -> Outcome {
        let word = self.script.lock().expect("a lock").pop_front().unwrap_or(Script::Accept);
        let mut got = self.got.lock().expect("a lock");
        got.push(outgoing.clone());
        let reason = || "scripted".to_owned();
        match word {
            Script::Accept => Outcome::Accepted { carrier_id: Some(format!("c{}", got.len())) },
            Script::Refuse => Outcome::Refused { reason: reason() },
            Script::NotSent => Outcome::NotSent { reason: reason(), retry_after: None },
            Script::Unknown => Outcome::Unknown { reason: reason() },
        }
    }
}

/// The driver of kind `fake`.
pub(crate) struct FakeDriver(pub(crate) Arc<Fake>);

impl Driver for FakeDriver {
    fn kind(&self) -> &'static str {
        "fake"
    }

    fn keys(&self) -> &'static [(&'static str, bool)] {
        &[]
    }

    fn build(&self, _: &App, _: &ChannelSettings) -> Result<Arc<dyn Carrier>, AppError> {
        Ok(Arc::<Fake>::clone(&self.0))
    }
}
