//! The door: `/sign-in`, `/sign-out`.

pub mod view;
