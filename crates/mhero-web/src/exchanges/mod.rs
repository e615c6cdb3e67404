//! Each exchange with another system, `/exchanges`.

pub mod view;
