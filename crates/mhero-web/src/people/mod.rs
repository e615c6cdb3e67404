//! People and one person, `/people`.

pub mod view;
