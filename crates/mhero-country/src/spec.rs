//! What is asked of the generator, and its limits.

use jiff::civil::Date;

use crate::place_names::COUNTIES;

/// How large a country to make, and from which seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// Where all chance comes from: same seed, same country.
    pub seed: u64,
    /// Different people over both registries, after joining by identifier.
    pub workers: usize,
    /// Counties, the first level below the country.
    pub counties: usize,
    /// Facilities over all counties.
    pub facilities: usize,
    /// The day on which positions are current, trainings are past and ages are counted.
    pub today: Date,
}

/// A country that can't be made: what was asked and what is possible.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    /// No people, or more than there are numbers for.
    #[error("a synthetic country has 1 to {max} workers, not {given}")]
    Workers {
        /// What was asked for.
        given: usize,
        /// The most there can be.
        max: usize,
    },
    /// No county, or more than have names.
    #[error("a synthetic country has 1 to {max} counties, not {given}")]
    Counties {
        /// What was asked for.
        given: usize,
        /// The most there can be.
        max: usize,
    },
    /// Not every county would have a facility, or too many.
    #[error("{counties} counties have {counties} to {max} facilities, not {given}")]
    Facilities {
        /// What was asked for.
        given: usize,
        /// The counties asked for.
        counties: usize,
        /// The most there can be.
        max: usize,
    },
}

impl Spec {
    /// Most people: a tenth of the numbers that the plan has, so that a free one is found at once.
    pub const WORKERS_MAX: usize = 2_000_000;
    /// Most facilities: names stay pronounceable and different.
    pub const FACILITIES_MAX: usize = 5_000;

    /// The country of the demo: 5,000 workers, 15 counties, 300 facilities.
    pub const fn new(seed: u64, today: Date) -> Self {
        Self { seed, workers: 5_000, counties: COUNTIES.len(), facilities: 300, today }
    }

    /// Whether such a country can be made.
    ///
    /// # Errors
    /// When a count is outside its limits.
    pub fn check(&self) -> Result<(), SpecError> {
        if !(1..=Self::WORKERS_MAX).contains(&self.workers) {
            return Err(SpecError::Workers { given: self.workers, max: Self::WORKERS_MAX });
        }
        if !(1..=COUNTIES.len()).contains(&self.counties) {
            return Err(SpecError::Counties { given: self.counties, max: COUNTIES.len() });
        }
        if !(self.counties..=Self::FACILITIES_MAX).contains(&self.facilities) {
            let (given, counties) = (self.facilities, self.counties);
            return Err(SpecError::Facilities { given, counties, max: Self::FACILITIES_MAX });
        }
        Ok(())
    }
}
