//! The register as FHIR shows it. A runner follows the change feed and keeps one resource for each person, position, place and group:
//! what clients and registries wrote stays in it, and over it lies what counts here (`overlay`). What differs from before becomes
//! a version, so that histories, searches and exports need nothing else.
//!
//! The projection begins once there is a token: an installation without neighbours keeps its register once.

mod base;
mod follow;
mod group;
mod names;
mod overlay;
mod people;
mod person;
mod place;
mod places;
mod provenance;
mod role;
mod runner;
mod show;
mod words;

pub use follow::pass;
pub use runner::{Pass, run_until_idle, spawn, start};
pub use show::Shown;

/// What the addresses of our own profiles, extensions and code systems begin with.
pub(crate) const OURS: &str = "http://mhero.org/fhir";
/// What the addresses of mCSD's profiles begin with.
pub(crate) const MCSD: &str = "https://profiles.ihe.net/ITI/mCSD/StructureDefinition/IHE.mCSD.";
