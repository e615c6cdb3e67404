//! Broadcasts and their progress, `/broadcasts`.

pub mod counts;
pub mod view;
