//! Stories of the registries as users live them: the whole server in this process, with its routes on a real socket, its runners,
//! its connectors and a clock that stands still until it is moved; real peers on the other side.

mod browser;
mod gate;
mod neighbour;
mod peer;
mod people;
mod world;

mod automatic_sync;
mod bad_input;
mod csd_directory;
mod facility;
mod hr_by_fhir;
mod joining;
mod one_person;
mod polling;
mod record_loop;
mod s01;
mod s03;
mod s05;
mod s33;
mod s34;
mod s35;
mod s36;
mod s37;
mod s43;
mod spreadsheets;

use browser::{Browser, Page};
use gate::{Gate, Mood};
use peer::Peer;
use world::World;
