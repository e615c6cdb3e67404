//! Home: things that wait for a person, `/`.

pub mod view;
