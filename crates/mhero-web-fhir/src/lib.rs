//! FHIR R4 over HTTP: addresses, headers, formats, and errors as `OperationOutcome`. What a request means is decided in
//! `mhero_exchange::fhir`.

mod answer;
mod ask;
mod bundles;
mod capability;
mod eidsr;
mod emnutt;
mod export;
mod format;
mod operations;
mod routes;

pub use emnutt::router as emnutt_router;
pub use routes::{FhirOptions, router};
