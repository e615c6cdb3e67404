//! Threads that wait for an answer, `/inbox`.

pub mod view;
