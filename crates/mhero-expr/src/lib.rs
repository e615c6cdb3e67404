//! The template and expression language of RapidPro flows.
