//! An API in the shape of RapidPro's over HTTP: addresses, tokens, formats, errors and limits of rate. What a request means is
//! decided in `mhero_rapidpro`.

mod answer;
mod asked;
mod rate;
mod routes;

pub use routes::{RapidproOptions, router};
