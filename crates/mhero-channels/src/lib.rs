//! Channel drivers, one file each.

pub mod simulator;

pub use simulator::Simulator;
