//! What the connectors of registries implement: pull what changed, push one change.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use mhero_core::{
    SourceId,
    record::{Reason, Record, Rejection},
};

use super::{Backend, Keeper, ReportTaker, Teller};
use crate::{App, AppError};

/// A source as configured, for the connector that reads it.
#[derive(Clone)]
pub struct SourceSettings {
    /// The source.
    pub id: SourceId,
    /// Its name.
    pub name: String,
    /// Where it is read from.
    pub url: Option<String>,
    /// Settings by key, as given to `mhero source add`, secrets among them.
    pub config: BTreeMap<String, String>,
}

impl std::fmt::Debug for SourceSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Settings may hold passwords.
        f.debug_struct("SourceSettings").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}

/// From where a pull begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pull {
    /// What the connector returned at the end of its last pull that succeeded; `None` reads everything.
    pub since: Option<String>,
}

/// Where a connector puts what it reads, page by page.
#[async_trait]
pub trait PullSink: Send {
    /// Takes the records of a page. Once this returns they are stored.
    ///
    /// # Errors
    /// Why nothing more can be taken: the pull ends with this error.
    async fn take(&mut self, page: Vec<Result<Record, Rejection>>) -> Result<(), AppError>;

    /// The source says that it has removed a record, by its kind and id.
    ///
    /// # Errors
    /// As [`PullSink::take`].
    async fn removed(&mut self, kind: &str, id: &str) -> Result<(), AppError>;

    /// Something that the administrator should know, and that stops nothing.
    fn remark(&mut self, remark: Reason);
}

/// How a pull ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pulled {
    /// From where the next pull begins.
    pub watermark: Option<String>,
    /// Whether every record that the source holds was told: then one that was known and not told is gone.
    pub whole: bool,
}

/// Why a pull ended early. What was taken before stays; the watermark does not move.
#[derive(Debug, thiserror::Error)]
pub enum PullError {
    /// Nobody answers, or the answer says to come back: trying later helps.
    #[error("the registry is not reachable ({})", .0.key)]
    Down(Reason),
    /// It answers and refuses us: somebody must mend the settings.
    #[error("the registry refuses ({})", .0.key)]
    Refused(Reason),
    /// What it answers can't be trusted: it ignores a parameter, pages in a loop, breaks off.
    #[error("the answer of the registry can't be trusted ({})", .0.key)]
    Untrusted(Reason),
    /// We can't take what it says.
    #[error(transparent)]
    App(#[from] AppError),
}

/// What a change is about, in the words of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The kind of the record: `Practitioner`.
    pub kind: String,
    /// Its id at the source. Empty for one that is to be created.
    pub id: String,
    /// The record as last received, with the version it had. Empty for one that is to be created.
    pub raw: String,
}

/// One value to be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueChange {
    /// Which: `phone`, `name`, `given`, `family`, `language`, `sex`, `birth`, `active`, `facility` (a position's place), `job`, `cadre`,
    /// or the key of a field; of a place the key of a value that facility checks ask for.
    pub field: String,
    /// What the source held when the change was proposed; `None` where it held nothing.
    pub old: Option<String>,
    /// What it should hold. References (`facility`) stand as `Location/ID` in the source's own ids. Empty takes the value away.
    pub new: String,
}

/// One change to be written to the registry that owns the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// The same for each attempt at the same change, so that it is never made twice.
    pub key: String,
    /// What it is about.
    pub target: Target,
    /// The values.
    pub values: Vec<ValueChange>,
    /// Who said so, for the record of provenance: `health worker`, `officer`; never a name or number.
    pub agent: String,
    /// When it was said, RFC 3339.
    pub recorded: String,
    /// Why, in words that name no person.
    pub reason: String,
}

/// What became of a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PushOutcome {
    /// The registry holds it now.
    Written {
        /// The id of the record, for one that was created.
        id: String,
        /// The record as the registry holds it now, where it told.
        raw: Option<String>,
    },
    /// The record was changed meanwhile: nothing was written.
    Conflict {
        /// The record as it is now, where it could be read.
        now: Option<String>,
        /// The values as they are now, by field.
        values: Vec<(String, String)>,
    },
    /// The registry refuses it, and will again.
    Refused {
        /// Why.
        reason: Reason,
    },
    /// It never left. Try again.
    NotSent {
        /// Why.
        reason: Reason,
    },
    /// Nobody knows whether it was written: read the record before trying again.
    Unknown {
        /// What happened.
        reason: Reason,
    },
}

/// A registry: it can be pulled since a watermark, and some can be written to.
#[async_trait]
pub trait Registry: Send + Sync {
    /// Looks whether it answers, lets us in and holds what we read, without changing anything; what was found comes back as
    /// remarks (which server, how many people).
    ///
    /// # Errors
    /// What is wrong, in words for an administrator.
    async fn check(&self) -> Result<Vec<Reason>, Reason>;

    /// Reads what changed since the last pull, page by page.
    ///
    /// # Errors
    /// [`PullError`]: what was taken before stays.
    async fn pull(&self, pull: &Pull, sink: &mut dyn PullSink) -> Result<Pulled, PullError>;

    /// Reads a record again that was received before, as kept, by today's readers; `None` where it can't be read by itself.
    fn read_again(&self, _raw: &str, _origin: &str) -> Option<Result<Record, Rejection>> {
        None
    }

    /// The fields of [`ValueChange`] that it can write; empty where corrections can't be written at all.
    fn writes(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether it can write a value of a place: the key of a field, as a facility check asks for it (`open`, `power`, `water`).
    fn writes_of_place(&self, _field: &str) -> bool {
        false
    }

    /// The same as an instance that holds our people, where it can.
    fn keeper(&self) -> Option<&dyn Keeper> {
        None
    }

    /// The same as a registry that tells us at once of changes, where it can.
    fn teller(&self) -> Option<&dyn Teller> {
        None
    }

    /// The same as a system of statistics, where it is one.
    fn report_taker(&self) -> Option<&dyn ReportTaker> {
        None
    }

    /// The same as an instance in which flows run for us, where it is one.
    fn backend(&self) -> Option<&dyn Backend> {
        None
    }

    /// Writes one change. Must not repeat by itself, and never overwrites what somebody else changed meanwhile.
    async fn push(&self, _push: &Push) -> PushOutcome {
        PushOutcome::Refused { reason: Reason::plain("source-is-read-only") }
    }
}

/// A kind of registry: one connector a folder in `mhero-registries`.
pub trait Connector: Send + Sync {
    /// The KIND of `mhero source add`: `ihris`, `fhir`, `csd`, `dhis2`, `rapidpro`.
    fn kind(&self) -> &'static str;

    /// Keys that `source add` understands, and which of them are secrets.
    fn keys(&self) -> &'static [(&'static str, bool)];

    /// Builds the registry of a source.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming the key that is missing or wrong, and what would be right.
    fn build(&self, app: &App, settings: &SourceSettings) -> Result<Arc<dyn Registry>, AppError>;
}
