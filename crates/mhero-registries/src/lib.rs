//! Registry connectors, one file each.
