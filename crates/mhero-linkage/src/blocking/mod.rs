//! Which pairs are worth comparing: records that share a key of some pass, or stand beside each other in alphabetical order.

mod blocks;
mod keys;
mod plan;

pub use blocks::{Blocks, Ground};
pub use keys::Scratch;
pub use plan::{Planned, plan};

use serde::{Deserialize, Serialize};

/// Most records that share a key and are compared each with each: 200 make 19,900 pairs. Where more share it, further parts are asked
/// for; where those give out, the key is set aside and the report says so.
pub const BLOCK_MAX: usize = 200;

/// What the passes did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassReport {
    /// The pass.
    pub pass: String,
    /// Keys that too many records shared, so that a further part was asked for.
    pub refined: usize,
    /// Keys that were set aside: too many records share them even so. Other passes may still find these pairs.
    pub set_aside: usize,
    /// Records under the largest key that was set aside.
    pub largest: usize,
}
