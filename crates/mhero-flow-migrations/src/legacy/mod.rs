//! From version 11 (`action_sets` and `rule_sets`) to 13.0.0.
