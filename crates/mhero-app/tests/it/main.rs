//! Use cases on both engines: an application with a manual clock and a carrier that a test scripts.

#[cfg(test)]
mod audiences;
#[cfg(test)]
mod broadcasts;
#[cfg(test)]
mod called;
#[cfg(test)]
mod campaigns;
#[cfg(test)]
mod common;
#[cfg(test)]
mod delivery;
#[cfg(test)]
mod exports;
#[cfg(test)]
mod flow_effects;
#[cfg(test)]
mod flow_results;
#[cfg(test)]
mod flow_stack;
#[cfg(test)]
mod flows;
#[cfg(test)]
mod history;
#[cfg(test)]
mod import;
#[cfg(test)]
mod inbound;
#[cfg(test)]
mod library;
#[cfg(test)]
mod outbound;
