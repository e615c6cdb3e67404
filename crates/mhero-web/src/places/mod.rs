//! Places, one page each, `/places/{id}`.

pub mod view;
