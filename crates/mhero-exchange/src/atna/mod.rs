//! Who read and wrote what, handed on: as ATNA audit messages (DICOM PS3.15 A.5 over syslog, RFC 5424) and as FHIR `AuditEvent`.
//!
//! Two things are handed on: decisions of people (the hash-chained audit) and calls of programs (the exchange log). Names, numbers and
//! texts are in neither.

mod event;
mod fhir;
mod matching;
mod message;
mod send;
mod served;
mod syslog;

pub use event::Event;
pub use fhir::audit_event;
pub use message::audit_message;
pub use send::{Atna, AuditWire};
pub(crate) use served::KIND;
pub use syslog::{AtnaTarget, Transport, line};
