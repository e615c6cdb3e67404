//! Saved audiences, by query and by hand, `/audiences`.

pub mod view;
