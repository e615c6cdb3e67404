//! Brings flow definitions of older versions to the current one, as JSON in and JSON out.

mod legacy;
