//! Whole-server stories on both engines, with real peers.
//!
//! One binary, so that it links once. Its modules stand under `cfg(test)` for the lints' sake: tests may
//! unwrap and panic, the program may not.

#[cfg(test)]
mod cli;
#[cfg(test)]
mod durability;
#[cfg(test)]
mod flows_cli;
#[cfg(test)]
mod http_clients;
#[cfg(test)]
mod kannel;
#[cfg(test)]
mod spine;
