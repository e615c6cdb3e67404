//! Shapes of the neighbours' formats, read leniently and written strictly.
//!
//! Pure: bytes and values come in, records and warnings go out. Nothing here opens a file or reads a clock.

pub mod csd;
pub mod dhis2;
pub mod fhir;
pub mod json;
pub mod rapidpro;
pub mod words;
