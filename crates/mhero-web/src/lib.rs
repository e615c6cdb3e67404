//! The console: pages by noun, sign-in and middleware.
