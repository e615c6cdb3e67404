//! For tests: a settable clock, hostile peers, and a harness that starts real ones.
