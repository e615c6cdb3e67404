//! What drivers share that speak HTTP: one client, what an answer means, rest after failures, who may call.

mod client;
mod common;
pub(crate) mod document;
pub(crate) mod field;
mod fill;
pub(crate) mod form;
mod gateway;
mod health;
mod heard;
mod network;
pub(crate) mod sign;
mod trouble;

pub(crate) use client::Client;
pub(crate) use common::{Common, accepted, instant, national, readable, report_taken};
pub(crate) use fill::{Escape, fill, names};
pub use gateway::HttpDriver;
pub(crate) use gateway::{Asker, Provider};
pub(crate) use health::Health;
pub(crate) use heard::{Heard, not_sent, odd, refused, unknown, usual};
pub(crate) use network::{Network, host, shown, under, web_address};
pub(crate) use trouble::{Sign, Trouble};
