//! Channel drivers, one a module.

pub mod kannel;
pub mod simulator;
pub mod tls;

pub use kannel::Kannel;
pub use simulator::Simulator;
