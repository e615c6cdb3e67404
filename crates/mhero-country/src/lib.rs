//! The synthetic country: generator, and phones that answer.
