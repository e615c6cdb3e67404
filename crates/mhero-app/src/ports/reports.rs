//! What a registry implements that takes reports as well: a system of statistics.

use async_trait::async_trait;
use mhero_core::record::Reason;

/// One report on its way to a system of statistics.
#[derive(Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Where, below the system's interface: `dataValueSets`.
    pub path: String,
    /// Names and values of the query.
    pub query: Vec<(&'static str, String)>,
    /// The format of the body.
    pub content_type: &'static str,
    /// The report.
    pub body: String,
}

/// Without what is reported.
impl std::fmt::Debug for Delivery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Delivery").field("path", &self.path).finish_non_exhaustive()
    }
}

/// How it went.
#[derive(Clone, PartialEq, Eq)]
pub enum Delivered {
    /// It answered, with whatever it said: the verdict is in the body.
    Answered {
        /// The status of HTTP.
        status: u16,
        /// The answer.
        body: String,
    },
    /// Nobody knows whether it was taken, or it says to come back. Reports that are the same each time may be sent again.
    Again {
        /// Why.
        reason: Reason,
    },
    /// It does not let us in, or is none: somebody must mend the settings.
    Refused {
        /// Why.
        reason: Reason,
    },
}

/// A system that takes reports.
#[async_trait]
pub trait ReportTaker: Send + Sync {
    /// Hands over one report. Must not repeat by itself.
    async fn take(&self, delivery: &Delivery) -> Delivered;
}
