//! Two pretend phones on a pretend network, `/simulator`.

pub mod view;
