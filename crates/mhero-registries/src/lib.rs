//! Registry connectors, and the files that registries export.
//!
//! [`files`] opens what an official has at hand (FHIR bundles, NDJSON, CSV, XLSX) and hands out one neutral record after the
//! other; [`table`] knows the column names of the field; [`table_out`] writes refused rows back for mending. What the
//! records mean for the registry is decided in the application's import.

pub mod files;
pub mod table;
pub mod table_out;
