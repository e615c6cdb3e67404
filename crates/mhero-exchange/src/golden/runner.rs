//! The runners of what neighbours see: each repeats its pass, and sleeps in between.

use std::{future::Future, panic::AssertUnwindSafe, pin::Pin, time::Duration};

use futures::FutureExt;
use jiff::SignedDuration;
use mhero_app::{App, AppError};
use mhero_store::StoreError;
use tokio::{sync::watch, task::JoinSet};

use crate::fhir::FhirError;

/// Longest sleep of a runner that nobody wakes.
const NAP: SignedDuration = SignedDuration::from_millis(500);
/// The same where a manual clock stands still.
const NAP_AT_MOST: Duration = Duration::from_secs(2);
/// Longest sleep after a failure, in seconds; each failure in a row adds one.
const FAILED_NAP_MAX: u32 = 30;
/// Passes until [`run_until_idle`] gives up: a loop would be a defect, and must not hang a test.
const PASSES_MAX: usize = 100_000;

/// One pass: does what is ready and returns how much that was.
pub type Pass = fn(App) -> Pin<Box<dyn Future<Output = Result<usize, FhirError>> + Send>>;

/// The passes of the FHIR server, by name.
const PASSES: [(&str, Pass); 7] = [
    ("fhir-heard", |app| Box::pin(async move { crate::heard::pass(&app).await })),
    ("fhir-golden", |app| Box::pin(async move { super::pass(&app).await })),
    ("fhir-requests", |app| Box::pin(async move { crate::macm::make::pass(&app).await })),
    ("fhir-shown", |app| Box::pin(async move { crate::macm::shown::pass(&app).await })),
    ("fhir-subscriptions", |app| Box::pin(async move { crate::notices::subscriptions::pass(&app).await })),
    ("web-hooks", |app| Box::pin(async move { crate::webhooks::pass(&app).await })),
    ("notices", |app| Box::pin(async move { crate::notices::pass(&app).await })),
];

/// Starts the runners of the FHIR server; they end when `stop` becomes true, each after its pass.
pub fn start(app: &App, runners: &mut JoinSet<()>, stop: &watch::Receiver<bool>) {
    for (name, pass) in PASSES {
        spawn(app, runners, stop, (name, pass));
    }
}

/// Starts one runner.
pub fn spawn(app: &App, runners: &mut JoinSet<()>, stop: &watch::Receiver<bool>, (name, pass): (&'static str, Pass)) {
    let (app, mut stop) = (app.clone(), stop.clone());
    runners.spawn(async move {
        let mut failures = 0u32;
        while !*stop.borrow() {
            // Made before the pass: what becomes ready while it runs must not be slept over.
            let woken = app.woken();
            let ended = AssertUnwindSafe(pass(app.clone())).catch_unwind().await;
            match ended.unwrap_or_else(|_| Err(StoreError::Closed.into())) {
                Ok(0) | Err(FhirError::App(AppError::NotInitialised)) => failures = 0,
                Ok(_) => {
                    failures = 0;
                    continue;
                }
                Err(error) => {
                    failures = failures.saturating_add(1);
                    if failures.is_power_of_two() {
                        tracing::error!(runner = name, failures, %error, "a pass failed; it will be tried again");
                    }
                }
            }
            let failed = SignedDuration::from_secs(i64::from(failures.min(FAILED_NAP_MAX)));
            let nap = if failures > 0 { failed } else { NAP };
            tokio::select! {
                () = woken, if failures == 0 => {}
                () = app.clock().sleep(nap) => {}
                () = tokio::time::sleep(NAP_AT_MOST) => {}
                _ = stop.changed() => {}
            }
        }
    });
}

/// Does everything that is ready, here and in the application, until nothing is: for tests and for commands without a server.
///
/// # Errors
/// The first error of a pass.
pub async fn run_until_idle(app: &App) -> Result<(), FhirError> {
    for _ in 0..PASSES_MAX {
        Box::pin(app.run_until_idle()).await?;
        let mut done = 0;
        done += crate::heard::pass_at_once(app).await?;
        for (_, pass) in PASSES {
            done += pass(app.clone()).await?;
        }
        if done == 0 {
            return Ok(());
        }
    }
    Ok(())
}
