//! Whole-server stories.
