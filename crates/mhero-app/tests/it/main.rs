//! Use cases on both engines: an application with a manual clock and a carrier that a test scripts.

#[cfg(test)]
mod approvals;
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
mod corrections;
#[cfg(test)]
mod costs;
#[cfg(test)]
mod delivery;
#[cfg(test)]
mod drafts;
#[cfg(test)]
mod exports;
#[cfg(test)]
mod failover;
#[cfg(test)]
mod flow_access;
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
mod linking;
#[cfg(test)]
mod linking_export;
mod linking_learning;
#[cfg(test)]
mod numbers;
#[cfg(test)]
mod outbound;
#[cfg(test)]
mod phones;
#[cfg(test)]
mod pieces;
#[cfg(test)]
mod routes;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod trust;
#[cfg(test)]
mod way_back;
