//! What people decided, as sentences, `/audit`.

pub mod view;
