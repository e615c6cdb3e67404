//! Lines that are held open: the node that serves a channel holds its line, and gives it back when another node takes over, when
//! the channel is set anew, and when the program ends.

use std::{collections::HashSet, sync::Arc, time::Duration};

use async_trait::async_trait;
use mhero_core::ChannelId;
use tokio::{
    sync::watch,
    task::{JoinHandle, JoinSet},
};

use crate::{
    App, AppError,
    ports::{Carrier, CarrierEvent, Ear, Unheard},
};

/// How often it is looked whether a line is still to be held, by this node and with these settings. The lease of a channel
/// lasts three times as long.
const LOOK: Duration = Duration::from_secs(5);

/// What takes the events of one channel's line.
struct ChannelEar {
    app: App,
    channel: ChannelId,
}

#[async_trait]
impl Ear for ChannelEar {
    async fn hear(&self, event: &CarrierEvent) -> Result<(), Unheard> {
        self.app.take_event(self.channel, event).await.map_err(|error| match error {
            AppError::Invalid(reason) => {
                tracing::warn!(channel = %self.channel, why = reason.key, "what came by a line can't be taken");
                Unheard::Never
            }
            error => {
                tracing::error!(channel = %self.channel, %error, "what came by a line could not be stored");
                Unheard::Later
            }
        })
    }

    fn ready(&self) {
        self.app.wake();
    }
}

/// A line that this node holds.
struct Held {
    carrier: Arc<dyn Carrier>,
    closing: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Held {
    fn new(app: &App, channel: ChannelId, carrier: Arc<dyn Carrier>) -> Self {
        let (closing, is_closing) = watch::channel(false);
        let ear = Arc::new(ChannelEar { app: app.clone(), channel });
        let held = Arc::clone(&carrier);
        let task = tokio::spawn(async move { held.hold(ear, is_closing).await });
        Self { carrier, closing, task }
    }

    /// Closes it in good order.
    async fn close(self) {
        let _ = self.closing.send(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "a line ended early");
        }
    }
}

impl App {
    /// What takes the events of a channel that come by other ways than a call of its carrier.
    pub fn ear(&self, channel: ChannelId) -> Arc<dyn Ear> {
        Arc::new(ChannelEar { app: self.clone(), channel })
    }

    /// Keeps a runner for each channel that holds a line.
    pub(crate) fn spawn_lines(&self, runners: &mut JoinSet<()>, stop: &watch::Receiver<bool>) {
        let (app, mut stop) = (self.clone(), stop.clone());
        runners.spawn(async move {
            let (mut known, mut lines) = (HashSet::new(), JoinSet::new());
            while !*stop.borrow() {
                let woken = app.woken();
                match app.store().channels().await {
                    Ok(rows) => {
                        for id in rows.into_iter().map(|row| row.id).filter(|id| known.insert(*id)) {
                            let (app, stop) = (app.clone(), stop.clone());
                            lines.spawn(async move { app.run_line(id, stop).await });
                        }
                    }
                    Err(error) => tracing::error!(%error, "the channels could not be read for their lines"),
                }
                tokio::select! {
                    () = woken => {}
                    () = tokio::time::sleep(LOOK) => {}
                    _ = stop.changed() => {}
                }
            }
            while lines.join_next().await.is_some() {}
        });
    }

    async fn run_line(&self, id: ChannelId, mut stop: watch::Receiver<bool>) {
        let mut held: Option<Held> = None;
        while !*stop.borrow() {
            let wanted = match self.line_to_hold(id).await {
                Ok(wanted) => wanted,
                Err(error) => {
                    tracing::error!(channel = %id, %error, "it could not be seen whether a line is to be held");
                    // Another node may hold it by now.
                    None
                }
            };
            let is_same = match (&held, &wanted) {
                (Some(held), Some(wanted)) => Arc::ptr_eq(&held.carrier, wanted) && !held.task.is_finished(),
                (None, None) => true,
                _ => false,
            };
            if !is_same {
                if let Some(old) = held.take() {
                    old.close().await;
                }
                held = wanted.map(|carrier| Held::new(self, id, carrier));
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                _ = stop.changed() => {}
            }
        }
        if let Some(held) = held {
            held.close().await;
        }
    }

    /// The carrier of a channel whose line this node is to hold.
    async fn line_to_hold(&self, id: ChannelId) -> Result<Option<Arc<dyn Carrier>>, AppError> {
        let Some(row) = self.channel_cached(id).await? else { return Ok(None) };
        // A pause lets nothing leave (nothing is claimed); what phones write and what becomes of texts that left still comes.
        let carrier = self.carrier(&row)?;
        if !carrier.is_held() || self.channel_lease(&row).await?.is_none() {
            return Ok(None);
        }
        Ok(Some(carrier))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use mhero_store::{Clock, Location, Store};

    use super::*;
    use crate::{
        Caller, Options,
        messaging::NewChannel,
        ports::{ChannelSettings, Driver, Outcome, Outgoing, Words},
    };

    struct Quiet;

    impl Words for Quiet {
        fn say(&self, _: mhero_core::Lang, key: &str, _: &[(&'static str, String)]) -> String {
            key.to_owned()
        }
    }

    #[async_trait]
    impl Carrier for Quiet {
        async fn submit(&self, _: &Outgoing) -> Outcome {
            Outcome::NotSent { reason: "a test".to_owned(), retry_after: None }
        }

        fn is_held(&self) -> bool {
            true
        }
    }

    impl Driver for Quiet {
        fn kind(&self) -> &'static str {
            "held"
        }

        fn keys(&self) -> &'static [(&'static str, bool)] {
            &[]
        }

        fn build(&self, _: &App, _: &ChannelSettings) -> Result<Arc<dyn Carrier>, AppError> {
            Ok(Arc::new(Self))
        }
    }

    #[tokio::test]
    async fn a_paused_channel_still_hears() {
        let folder = tempfile::tempdir().expect("a folder");
        let location = Location::File(folder.path().join("m.db"));
        let (clock, _) = Clock::manual("2026-11-22T09:00:00Z".parse().expect("an instant"));
        let app = App::new(Options {
            store: Store::open_and_migrate(&location, clock).await.expect("the store opens"),
            drivers: vec![Arc::new(Quiet)],
            connectors: Vec::new(),
            words: Arc::new(Quiet),
            effector: None,
            seal_key: [7; 32],
        });
        let caller = Caller::system();
        let channel = NewChannel { kind: "held".into(), name: "line".into(), config: BTreeMap::new() };
        let id = app.add_channel(&caller, &channel).await.expect("added").id;
        let held = app.line_to_hold(id).await.expect("read").expect("its line is held");
        app.switch_channel(&caller, id, false).await.expect("paused");
        let paused = app.line_to_hold(id).await.expect("read").expect("and still is");
        assert!(Arc::ptr_eq(&held, &paused), "the line is not even made anew");
    }
}
