//! Channel drivers, one file each.
