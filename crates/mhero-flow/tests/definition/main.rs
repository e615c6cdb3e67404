//! Flow definitions: reading, checking, writing back, drawing.

mod common;
mod hostile;
mod pack;
mod picture;
mod reading;
