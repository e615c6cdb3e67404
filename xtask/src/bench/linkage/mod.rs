//! Linkage of people: the FEBRL sets beside Splink in one run, and two registries of the synthetic country with the errors of the field.
//!
//! Nothing here is tuned to the truth: weights come from the records alone, thresholds are fixed, and the truth is read only to count.

mod country;
mod errors;
mod febrl;
mod peer;
mod score;

use anyhow::Result;

use super::Report;

pub(super) fn run(report: &mut Report) -> Result<()> {
    febrl::run(report)?;
    country::run(report)
}
