//! What the staff of a facility answer about it: each answer is kept, colleagues who agree become a proposal, and where they differ
//! a further colleague is asked before a reviewer decides. The record of the facility changes by a reviewer alone.
//!
//! Answers come from the results of flows (`results` says of which). A place has a round from the first answer on
//! until none of them waits; `settle` weighs a round, `ask` finds whom to ask, `decide` is what reviewers do.

mod ask;
mod decide;
mod heard;
mod results;
mod settle;
mod weigh;

pub(super) use results::{OF_PERSON, SETTING};
