//! A polling channel of OpenHIM asks for synchronisations.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use mhero_app::{
    AppError, Caller,
    ports::{CallMade, Journey},
    sync::{SyncEnd, SyncOptions},
};
use mhero_core::{Right, TokenId};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Calls, Mediator, answered, api::PEER};
use crate::{
    clients::KnownClient,
    journal::{Post, Sendable},
};

/// Longest number of a transaction, in characters.
const TRANSACTION_CHARS_MAX: usize = 64;

/// How one registry was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// Its name.
    pub source: String,
    /// `done`, `failed`, `asks`, `under-way`.
    pub end: &'static str,
    /// Records read, and of them created, updated and refused.
    pub counts: [u64; 4],
    /// Why it failed, a locale key.
    pub reason: Option<String>,
}

/// What a polling call is answered.
#[derive(Clone, Debug)]
pub enum Polled {
    /// All is read: the answer, in the words of OpenHIM.
    Done(Value),
    /// It is being read; OpenHIM is told when it has ended.
    Going(Value),
    /// There is no such registry.
    NoSource(String),
}

impl Mediator {
    /// Reads registries: those named (commas between), else those that the operator has set, else all. `transaction` is OpenHIM's
    /// number for the call, which is told how a long run ended.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`], or whatever the store reports.
    pub async fn poll(
        &self,
        caller: &Caller,
        named: Option<&str>,
        (transaction, correlation): (Option<&str>, Uuid),
    ) -> Result<Polled, AppError> {
        caller.must(Right::EditPeople)?;
        let pushed = self.state().pushed;
        let wanted = named.map(str::trim).filter(|named| !named.is_empty()).unwrap_or(&pushed.sources);
        let sources = match self.chosen(wanted).await? {
            Ok(sources) => sources,
            Err(unknown) => return Ok(Polled::NoSource(unknown)),
        };
        let calls = Arc::new(Calls::beside(self.journal().witness()));
        let work = {
            let (app, caller, calls) = (self.journal().app().clone(), caller.clone(), Arc::clone(&calls));
            async move {
                let journey = Journey::new(correlation, calls);
                journey.during(read_all(&app, &caller, &sources)).await
            }
        };
        let mut work = tokio::spawn(work);
        let wait = Duration::from_secs(pushed.wait_seconds);
        if let Ok(ended) = tokio::time::timeout(wait, &mut work).await {
            let ran = ended.unwrap_or_default();
            return Ok(Polled::Done(self.told(&ran, &calls.made())));
        }
        if let Some(transaction) = self.believed(caller, transaction).await?.map(ToOwned::to_owned) {
            let mediator = self.clone();
            tokio::spawn(async move {
                let ran = work.await.unwrap_or_default();
                mediator.tell_end(&transaction, correlation, (&ran, &calls.made())).await;
            });
        }
        let now = self.journal().app().clock().now();
        let body = json!({ "state": "reading", "correlation": correlation.to_string() }).to_string();
        let going = (202, vec![("content-type".to_owned(), "application/json".to_owned())], body.as_str());
        Ok(Polled::Going(answered(self, "Processing", going, (&[], &[]), now)))
    }

    /// OpenHIM's number for the call, from OpenHIM alone: a call of its interface, with its rights, is made of it.
    async fn believed<'t>(&self, caller: &Caller, transaction: Option<&'t str>) -> Result<Option<&'t str>, AppError> {
        let (Some(transaction), Some(account)) =
            (transaction.filter(|transaction| is_transaction(transaction)), caller.scope.principal())
        else {
            return Ok(None);
        };
        let account = self.journal().app().store().token(TokenId::from_uuid(account)).await?;
        let account = account.map(|account| KnownClient { id: account.id, name: account.name });
        Ok(self.is_client(account.as_ref()).then_some(transaction))
    }

    async fn chosen(&self, wanted: &str) -> Result<Result<Vec<String>, String>, AppError> {
        let app = self.journal().app();
        let known: Vec<String> = app
            .store()
            .sources()
            .await?
            .into_iter()
            // What clients write to us themselves is read from nowhere.
            .filter(|source| app.connector(&source.kind).is_some() && source.kind != crate::heard::KIND)
            .map(|source| source.name)
            .collect();
        let names: Vec<&str> = wanted.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        if names.is_empty() {
            return Ok(Ok(known));
        }
        match names.iter().find(|name| !known.iter().any(|known| known == *name)) {
            Some(unknown) => Ok(Err((*unknown).to_owned())),
            None => Ok(Ok(names.into_iter().map(ToOwned::to_owned).collect())),
        }
    }

    /// The answer about runs that have ended.
    fn told(&self, ran: &[Ran], calls: &[(CallMade, Timestamp)]) -> Value {
        let (word, status) = match () {
            () if !ran.is_empty() && ran.iter().all(|one| one.end == "under-way") => ("Completed", 409),
            () if ran.iter().all(|one| one.end == "done") => ("Successful", 200),
            () if ran.iter().all(|one| one.end == "failed") => ("Failed", 502),
            () => ("Completed with error(s)", 200),
        };
        let runs: Vec<Value> = ran.iter().map(shown).collect();
        let body = json!({ "runs": runs }).to_string();
        let properties: Vec<(String, String)> = ran
            .iter()
            .map(|one| {
                let [read, created, updated, rejected] = one.counts;
                (
                    one.source.clone(),
                    format!("{}: {read} read, {created} new, {updated} changed, {rejected} refused", one.end),
                )
            })
            .collect();
        let form = vec![("content-type".to_owned(), "application/json".to_owned())];
        let now = self.journal().app().clock().now();
        answered(self, word, (status, form, &body), (calls, &properties), now)
    }

    /// Tells OpenHIM how a long run ended, until it has heard it.
    async fn tell_end(&self, transaction: &str, correlation: Uuid, (ran, calls): (&[Ran], &[(CallMade, Timestamp)])) {
        let said = self.told(ran, calls);
        let update = json!({
            "status": said["status"], "response": said["response"],
            "orchestrations": said["orchestrations"], "properties": said["properties"],
        });
        let post = Post {
            once: format!("openhim/transaction/{transaction}"),
            purpose: "openhim",
            peer: PEER.to_owned(),
            correlation,
            call: Sendable {
                method: "PUT".to_owned(),
                url: format!("{}/transactions/{transaction}", self.settings().url.trim_end_matches('/')),
                headers: vec![("content-type".to_owned(), "application/json".to_owned())],
                body: update.to_string(),
            },
        };
        if let Err(error) = self.journal().post(&post).await {
            tracing::error!(%error, "OpenHIM could not be told how a run ended");
        }
    }
}

/// Whether a text can be a number of OpenHIM's (24 hexadecimal digits, as it writes them), and not a way to elsewhere on its interface.
fn is_transaction(text: &str) -> bool {
    (1..=TRANSACTION_CHARS_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

async fn read_all(app: &mhero_app::App, caller: &Caller, sources: &[String]) -> Vec<Ran> {
    let mut ran = Vec::with_capacity(sources.len());
    for source in sources {
        let (end, counts, reason) = match Box::pin(app.sync(caller, source, &SyncOptions::default())).await {
            Ok(outcome) => {
                let end = match outcome.end {
                    SyncEnd::Done => "done",
                    SyncEnd::Failed => "failed",
                    SyncEnd::Asks => "asks",
                };
                let report = &outcome.report;
                let counts = [report.read, report.created, report.updated, report.rejected];
                (end, counts, outcome.reason.map(|reason| reason.key.to_owned()))
            }
            Err(AppError::Invalid(reason)) if reason.key == "sync-under-way" => ("under-way", [0; 4], None),
            Err(error) => {
                tracing::error!(%error, "a registry could not be read for OpenHIM");
                ("failed", [0; 4], Some("exchange-failed".to_owned()))
            }
        };
        ran.push(Ran { source: source.clone(), end, counts, reason });
    }
    ran
}

fn shown(ran: &Ran) -> Value {
    let [read, created, updated, rejected] = ran.counts;
    json!({
        "source": ran.source, "end": ran.end, "read": read, "created": created, "updated": updated,
        "rejected": rejected, "reason": ran.reason,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_a_transaction_leads_nowhere_else() {
        assert!(is_transaction("64b7f0c2a9d3e1f5b6c7d8e9"));
        for odd in ["", "../users/root@openhim.example", "1/../../mediators", "1?x=y", "1#", "%2e%2e", &"a".repeat(65)]
        {
            assert!(!is_transaction(odd), "{odd}");
        }
    }
}
