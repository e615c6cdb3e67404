//! What neighbours ask of mHero by their own protocols. The use cases behind the FHIR server stand in [`fhir`]; how requests reach
//! them is the business of the fronts, and what they mean for health workers that of `mhero_app`.

mod macm;

pub mod atna;
pub mod clients;
pub mod csd;
pub mod dhis2;
pub mod emnutt;
pub mod fhir;
pub mod floip;
pub mod golden;
pub mod heard;
pub mod journal;
pub mod notices;
pub mod openhim;
pub mod webhooks;
