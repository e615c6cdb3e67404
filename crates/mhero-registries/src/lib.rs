//! Registry connectors, and the files that registries export.
//!
//! [`files`] opens what an official has at hand (FHIR bundles, NDJSON, CSD, CSV, XLSX) and hands out one neutral record after the
//! other; [`table`] knows the column names of the field; [`table_out`] writes refused rows back for mending. What the
//! records mean for the registry is decided in the application's import.

pub mod csd;
pub mod dhis2;
pub mod fhir;
pub mod files;
pub mod http;
pub mod rapidpro;
pub mod shelf;
pub mod table;
pub mod table_out;

/// The kinds of registries that mHero speaks with.
pub fn connectors() -> Vec<std::sync::Arc<dyn mhero_app::ports::Connector>> {
    vec![
        std::sync::Arc::new(fhir::Fhir::IHRIS),
        std::sync::Arc::new(fhir::Fhir::ANY),
        std::sync::Arc::new(csd::Csd::KINDS[0]),
        std::sync::Arc::new(csd::Csd::KINDS[1]),
        std::sync::Arc::new(dhis2::Dhis2),
        std::sync::Arc::new(rapidpro::RapidPro),
    ]
}

#[cfg(test)]
mod testing;
