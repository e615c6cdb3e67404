//! Channels, users and words, `/settings/…`.

pub mod view;
