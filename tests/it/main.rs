//! Whole-server stories on both engines, with real peers.
//!
//! One binary, so that it links once. Its modules stand under `cfg(test)` for the lints' sake: tests may
//! unwrap and panic, the program may not.

#[cfg(test)]
mod api;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod csd;
#[cfg(test)]
mod durability;
#[cfg(test)]
mod email;
#[cfg(test)]
mod fhir;
#[cfg(test)]
mod flows_cli;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod http_channels;
#[cfg(test)]
mod http_clients;
#[cfg(test)]
mod kannel;
#[cfg(test)]
mod openhim;
#[cfg(test)]
mod provider;
#[cfg(test)]
mod rapidpro;
#[cfg(test)]
mod rapidpro_backend;
#[cfg(test)]
mod registries;
#[cfg(test)]
mod relayer;
#[cfg(test)]
mod smpp;
#[cfg(test)]
mod spine;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod telegram;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod ussd;
#[cfg(test)]
mod webhooks;
