//! Use cases on both engines: an application with a manual clock and a carrier that a test scripts.

#[cfg(test)]
mod audiences;
#[cfg(test)]
mod broadcasts;
#[cfg(test)]
mod common;
#[cfg(test)]
mod delivery;
mod flows;
#[cfg(test)]
mod history;
#[cfg(test)]
mod import;
#[cfg(test)]
mod inbound;
#[cfg(test)]
mod outbound;
