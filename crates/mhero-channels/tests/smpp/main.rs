//! SMPP against an SMS centre that misbehaves: what left, what nobody knows, what phones wrote. The centre's frames are those of a
//! library, not of the driver.

#[cfg(test)]
mod clients;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod lines;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use mhero_app::{
    App, AppError, Options,
    ports::{Carrier, CarrierEvent, ChannelSettings, Driver as _, Ear, Outgoing, Unheard, Words},
};
use mhero_channels::Smpp;
use mhero_core::{ChannelId, Lane, Lang, MessageId, SubmissionId, Urn};
use mhero_store::{Clock, Location, Store};
use mhero_testkit::Smsc;
use tokio::{sync::watch, task::JoinHandle};

/// How long anything may take before a test says what it waited for.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct NoWords;

impl Words for NoWords {
    fn say(&self, _: Lang, key: &str, _: &[(&'static str, String)]) -> String {
        key.to_owned()
    }
}

/// Remembers what it hears.
#[derive(Default)]
pub(crate) struct Notebook {
    heard: Mutex<Vec<CarrierEvent>>,
    /// What it answers, until it is told otherwise.
    answer: Mutex<Option<Unheard>>,
}

impl Notebook {
    pub(crate) fn heard(&self) -> Vec<CarrierEvent> {
        self.heard.lock().expect("nobody panics here").clone()
    }

    pub(crate) fn answers(&self, answer: Option<Unheard>) {
        *self.answer.lock().expect("nobody panics here") = answer;
    }
}

#[async_trait]
impl Ear for Notebook {
    async fn hear(&self, event: &CarrierEvent) -> Result<(), Unheard> {
        let answer = *self.answer.lock().expect("nobody panics here");
        if let Some(unheard) = answer {
            return Err(unheard);
        }
        self.heard.lock().expect("nobody panics here").push(event.clone());
        Ok(())
    }

    fn ready(&self) {}
}

/// A carrier whose line is held.
pub(crate) struct Line {
    pub(crate) carrier: Arc<dyn Carrier>,
    pub(crate) notebook: Arc<Notebook>,
    closing: watch::Sender<bool>,
    held: JoinHandle<()>,
    _folder: tempfile::TempDir,
}

impl Line {
    /// To an SMS centre, with further settings.
    pub(crate) async fn to(smsc: &Smsc, further: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let carrier = build(&folder, smsc, further).await.expect("these settings are right");
        let notebook = Arc::new(Notebook::default());
        let (closing, is_closing) = watch::channel(false);
        let (held, ear) = (Arc::clone(&carrier), Arc::clone(&notebook));
        let held = tokio::spawn(async move { held.hold(ear, is_closing).await });
        let line = Self { carrier, notebook, closing, held, _folder: folder };
        line.until("the bind", || line.carrier.room() > 0).await;
        line
    }

    /// Waits until something is so.
    pub(crate) async fn until(&self, what: &str, is_so: impl Fn() -> bool) {
        let waiting = async {
            let mut looks = tokio::time::interval(Duration::from_millis(5));
            while !is_so() {
                looks.tick().await;
            }
        };
        let is_in_time = tokio::time::timeout(PATIENCE, waiting).await.is_ok();
        assert!(is_in_time, "waited too long for {what}");
    }

    /// Closes it in good order.
    pub(crate) async fn close(self) {
        self.closing.send(true).expect("it is held");
        tokio::time::timeout(PATIENCE, self.held).await.expect("in time").expect("in order");
    }
}

pub(crate) async fn build(
    folder: &tempfile::TempDir,
    smsc: &Smsc,
    further: &[&str],
) -> Result<Arc<dyn Carrier>, AppError> {
    let (clock, _) = Clock::manual("2026-11-22T09:00:00Z".parse().expect("an instant"));
    let location = Location::File(folder.path().join("m.db"));
    let store = Store::open(&location, clock).await.expect("the store opens");
    let app = App::new(Options {
        store,
        drivers: vec![Arc::new(Smpp)],
        connectors: Vec::new(),
        words: Arc::new(NoWords),
        effector: None,
        seal_key: [7; 32],
    });
    let given = smsc.settings().into_iter().chain(further.iter().map(ToString::to_string));
    let config: BTreeMap<String, String> = given
        .map(|pair| pair.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned())).expect("a pair"))
        .collect();
    let settings = ChannelSettings { id: ChannelId::from_uuid(uuid::Uuid::nil()), name: "line".into(), config };
    Smpp.build(&app, &settings)
}

/// A text to a phone.
pub(crate) fn outgoing(number: u32, text: &str) -> Outgoing {
    Outgoing {
        submission: SubmissionId::from_uuid(uuid::Uuid::from_u128(number.into())),
        message: MessageId::from_uuid(uuid::Uuid::from_u128(u128::from(number) + 7)),
        lane: Lane::Bulk,
        to: Urn::tel(format!("+2317700{number:05}")).expect("a number"),
        sender: Some("MOH".into()),
        text: text.into(),
        part: 1,
        parts: 1,
        language: None,
        heard_at: None,
    }
}
