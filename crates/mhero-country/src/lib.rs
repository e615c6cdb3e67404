//! The synthetic country: a seeded generator of registries, and phones that answer.
//!
//! Sewara is invented: its places, people and numbers belong to nobody. The numbers follow Liberia's plan, because
//! they must be valid by libphonenumber; a match with a real line is chance, and nothing here reaches a real carrier.
//!
//! Everything is a function of what is given: a seed, a day, a message. There is no I/O and no clock, and one seed
//! gives the same bytes on every machine (until the generator or `rand`'s `StdRng` changes, which a test shows).

pub mod behaviour;
mod cadre;
mod cast;
mod chw_register;
mod country;
mod dice;
mod facts;
mod hr_registry;
mod names;
mod numbers;
mod people;
mod place_names;
mod places;
mod spec;
mod truth;
mod worker;

pub use cadre::{Cadre, Course, Job};
pub use chw_register::COLUMNS as CHW_COLUMNS;
pub use country::{Country, SourceFile};
pub use facts::{Facts, Operator, PAYROLL_SYSTEM};
pub use places::{County, District, Facility, FacilityType};
pub use spec::{Spec, SpecError};
pub use truth::{Tally, Truth};
pub use worker::{Attended, ChwEntry, HrEntry, Name, Position, Sex, Worker, WrittenPhone};
