//! The carriers of this process: each is built once and kept, with its connections and what it has learnt about its gateway,
//! until the settings of its channel change.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use mhero_core::ChannelId;
use mhero_store::ChannelRow;

use super::{
    pace::Paces,
    report_line::{Lately, ReportLine},
    routes::Away,
    ussd::Dialogs,
};
use crate::{App, AppError, ports::Carrier};

/// How long channels are taken from memory before the store is asked again, in microseconds: what another node changes is
/// seen within this time.
const ROWS_FRESH_MICROS: i64 = 5_000_000;

/// The carriers that were built, and the channels as last read.
#[derive(Default)]
pub(crate) struct Carriers {
    built: Mutex<HashMap<ChannelId, Built>>,
    rows: Mutex<Option<(i64, Arc<Vec<ChannelRow>>)>>,
    /// How many messages of each channel were claimed in one write when it last worked.
    claim_sizes: Mutex<HashMap<ChannelId, usize>>,
    reports: ReportLine,
    lately: Lately,
    away: Mutex<Away>,
    dialogs: Dialogs,
    paces: Paces,
}

struct Built {
    kind: String,
    name: String,
    config: String,
    secret: Option<Vec<u8>>,
    carrier: Arc<dyn Carrier>,
}

impl Built {
    fn is_of(&self, row: &ChannelRow) -> bool {
        self.kind == row.kind && self.name == row.name && self.config == row.config && self.secret == row.secret
    }
}

impl Carriers {
    /// How many messages of a channel to claim in one write, by what did last time; 0 at first.
    pub(super) fn claim_size(&self, id: ChannelId) -> usize {
        let sizes = self.claim_sizes.lock().unwrap_or_else(PoisonError::into_inner);
        sizes.get(&id).copied().unwrap_or_default()
    }

    /// Notes what did.
    pub(super) fn note_claim_size(&self, id: ChannelId, size: usize) {
        self.claim_sizes.lock().unwrap_or_else(PoisonError::into_inner).insert(id, size);
    }

    /// Reports of delivery that wait to be written.
    pub(super) const fn reports(&self) -> &ReportLine {
        &self.reports
    }

    /// What was handed over lately.
    pub(super) const fn lately(&self) -> &Lately {
        &self.lately
    }

    /// Dialogues with phones that are being answered.
    pub(super) const fn dialogs(&self) -> &Dialogs {
        &self.dialogs
    }

    /// Which channels are away, and since when.
    pub(super) fn away(&self) -> MutexGuard<'_, Away> {
        self.away.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How fast channels hand over.
    pub(crate) const fn paces(&self) -> &Paces {
        &self.paces
    }

    /// Forgets the channels as last read: they have just been changed here.
    pub(crate) fn forget_rows(&self) {
        *self.rows.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl App {
    /// The carrier of a channel, the same one as long as its settings are the same.
    pub(super) fn carrier(&self, row: &ChannelRow) -> Result<Arc<dyn Carrier>, AppError> {
        let mut built = self.carriers().built.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = built.get(&row.id).filter(|known| known.is_of(row)) {
            return Ok(Arc::clone(&known.carrier));
        }
        let carrier = self.build_carrier(row)?;
        let (kind, name) = (row.kind.clone(), row.name.clone());
        let (config, secret) = (row.config.clone(), row.secret.clone());
        built.insert(row.id, Built { kind, name, config, secret, carrier: Arc::clone(&carrier) });
        Ok(carrier)
    }

    /// A channel, from memory where it was read lately.
    pub(super) async fn channel_cached(&self, id: ChannelId) -> Result<Option<ChannelRow>, AppError> {
        let now = self.clock().now_micros();
        let find = |rows: &[ChannelRow]| rows.iter().find(|row| row.id == id).cloned();
        let known = self.carriers().rows.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, rows)) = known.filter(|(at, _)| (*at..at + ROWS_FRESH_MICROS).contains(&now))
            && let Some(row) = find(&rows)
        {
            return Ok(Some(row));
        }
        let rows = Arc::new(self.store().channels().await?);
        let row = find(&rows);
        *self.carriers().rows.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, rows));
        Ok(row)
    }
}
