//! The `mhero` program.
fn main() {}
