//! The send page, `/send` and `/send/{draft}`: who, what, check.

mod actions;
mod form;
mod routes;
mod show;
mod timing;
pub mod view;

pub use routes::routes;
