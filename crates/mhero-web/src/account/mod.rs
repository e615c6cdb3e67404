//! The reader's own account, `/account`.

pub mod view;
