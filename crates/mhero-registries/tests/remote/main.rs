//! Registries that are asked over HTTP, played by the servers of the testkit: what they hold comes into an application on both
//! engines, and corrections go back. And tables that name people of any of them.

mod absences;
mod dhis2;
mod dhis2_push;
mod rapidpro;
mod rapidpro_out;
mod rapidpro_push;
mod reasons;
mod subscribe;
mod world;
