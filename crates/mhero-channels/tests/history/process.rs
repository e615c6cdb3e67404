//! A process that can be killed: a runtime of its own, with the application and its runners in it.

use std::{future::Future, sync::Arc};

use mhero_app::{
    App, Options,
    ports::{Driver, Words},
};
use mhero_channels::{AfricasTalking, External, Smpp, Twilio};
use mhero_core::Lang;
use mhero_store::{Clock, DiskFault, Location, Store};
use tokio::{
    runtime::{Builder, Runtime},
    sync::watch,
    task::JoinSet,
};

struct NoWords;

impl Words for NoWords {
    fn say(&self, _: Lang, key: &str, _: &[(&'static str, String)]) -> String {
        key.to_owned()
    }
}

/// An application that runs until it is killed or ended.
pub(super) struct Process {
    app: App,
    runtime: Runtime,
    stop: watch::Sender<bool>,
    runners: Option<JoinSet<()>>,
}

impl Process {
    /// Opens the data and starts the runners. Leases are taken as if `shift` microseconds had passed: those of the dead are over.
    pub(super) async fn start(location: &Location, clock: &Clock, shift: i64) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let (location, clock) = (location.clone(), clock.clone());
        let (stop, stopping) = watch::channel(false);
        let starting = runtime.spawn(async move {
            let store = Store::open_and_migrate(&location, clock).await.expect("the store opens");
            store.shift_lease_time(shift);
            let drivers: Vec<Arc<dyn Driver>> = vec![
                Arc::new(Smpp),
                Arc::new(External::default()),
                Arc::new(AfricasTalking::default()),
                Arc::new(Twilio::default()),
            ];
            let (connectors, words, effector, seal_key) = (Vec::new(), Arc::new(NoWords), None, [7; 32]);
            let app = App::new(Options { store, drivers, connectors, words, effector, seal_key });
            let mut runners = JoinSet::new();
            app.start_office_runners(&mut runners, &stopping);
            app.start_channel_runners(&mut runners, &stopping);
            (app, runners)
        });
        let (app, runners) = starting.await.expect("it starts");
        Self { app, runtime, stop, runners: Some(runners) }
    }

    /// Does something in the process.
    pub(super) fn run<T: Send + 'static, F: Future<Output = T> + Send + 'static, D: FnOnce(App) -> F>(
        &self,
        doing: D,
    ) -> impl Future<Output = T> + Send + use<T, F, D> {
        let done = self.runtime.spawn(doing(self.app.clone()));
        async { done.await.expect("it does not panic") }
    }

    /// Lets what waits be looked at.
    pub(super) fn wake(&self) {
        self.app.wake();
    }

    /// Lets its disk fail from now on, or work again.
    pub(super) fn spoil_disk(&self, fault: Option<DiskFault>) {
        self.app.store().spoil_disk(fault);
    }

    /// Kills it: nothing of it runs on.
    pub(super) fn kill(mut self) {
        // Its tasks end wherever they wait; none gets to clean up.
        if let Some(mut runners) = self.runners.take() {
            runners.detach_all();
        }
        self.runtime.shutdown_background();
    }

    /// Ends it in good order.
    pub(super) async fn end(mut self) {
        let _ = self.stop.send(true);
        if let Some(runners) = self.runners.take() {
            runners.join_all().await;
        }
        self.runtime.shutdown_background();
    }
}
