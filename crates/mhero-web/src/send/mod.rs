//! The send page, `/send` and `/send/{draft}`: who, what, check.

mod actions;
mod cost;
mod form;
mod manner;
mod routes;
mod show;
mod timing;
pub mod view;

pub use routes::routes;
