//! A flow as its page shows it: one revision, who stands where, how they came there.

use std::{collections::HashMap, sync::Arc};

use mhero_core::{FlowId, Right};
use mhero_flow::{checks::Finding, definition::Flow};
use mhero_store::FlowRow;
use uuid::Uuid;

use super::settings::FlowSettings;
use crate::{App, AppError, Caller};

/// One revision of a flow in a list.
#[derive(Clone, Copy, Debug)]
pub struct RevisionListed {
    /// Its number.
    pub revision: i64,
    /// Who saved it; `None` for the system or a user who is gone.
    pub by: Option<Uuid>,
    /// When, in UTC microseconds.
    pub at: i64,
    /// How many sessions of it with people within the reader's scope have not ended.
    pub live: i64,
}

/// A flow with what is going on in it.
#[derive(Clone, Debug)]
pub struct FlowShown {
    /// The flow as stored.
    pub row: FlowRow,
    /// Its settings.
    pub settings: FlowSettings,
    /// The current revision.
    pub flow: Arc<Flow>,
    /// What the checks find in it now.
    pub findings: Vec<Finding>,
    /// People who wait, by node.
    pub standing: HashMap<Uuid, i64>,
    /// How often each exit was taken, and where it led. Empty for readers who see some places only: these count everybody.
    pub ways: HashMap<(Uuid, Option<Uuid>), u64>,
    /// All revisions, newest first.
    pub revisions: Vec<RevisionListed>,
    /// Whether the reader may change it.
    pub may_change: bool,
    /// Whether the reader may start people in it.
    pub may_start: bool,
}

impl FlowShown {
    /// How many sessions have not ended.
    pub fn live(&self) -> i64 {
        self.revisions.iter().map(|revision| revision.live).sum()
    }

    /// How many of them run an older revision.
    pub fn live_in_older(&self) -> i64 {
        let older = self.revisions.iter().filter(|revision| revision.revision != self.row.revision);
        older.map(|revision| revision.live).sum()
    }
}

impl App {
    /// A flow as its page shows it.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`].
    pub async fn flow_shown(&self, caller: &Caller, id: FlowId) -> Result<FlowShown, AppError> {
        caller.must(Right::ReadMessages)?;
        let (row, flow) = self.flow_definition(caller, id, None).await?;
        let live = self.store().live_by_flow(&caller.scope, Some(id)).await?.into_iter();
        let live: HashMap<i64, i64> = live.map(|(_, revision, count)| (revision, count)).collect();
        let revisions = self.store().flow_revisions(id).await?.into_iter();
        let mut revisions: Vec<RevisionListed> = revisions
            .map(|(revision, by, at)| RevisionListed {
                revision,
                by,
                at,
                live: live.get(&revision).copied().unwrap_or(0),
            })
            .collect();
        revisions.sort_by_key(|revision| std::cmp::Reverse(revision.revision));
        let ways = if caller.scope.all_places() { self.store().flow_ways(id).await? } else { Vec::new() };
        let ways = ways.into_iter().map(|(exit, to, count)| ((exit, Some(to)), u64::try_from(count).unwrap_or(0)));
        Ok(FlowShown {
            may_change: self.may_change_flow(caller, &row).await?,
            may_start: self.may_start_flow(caller, &row).await?,
            settings: FlowSettings::read(&row.settings),
            findings: self.check_flow(&flow).await?,
            standing: self.store().flow_standing(&caller.scope, id).await?.into_iter().collect(),
            ways: ways.collect(),
            row,
            flow,
            revisions,
        })
    }
}
