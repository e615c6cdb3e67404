//! Whether a message is true. Each broadcast and each start of a flow has a short code; a worker who doubts a message texts
//! `CHECK` with the code and is told. Codes that are none of ours are counted: somebody may be sending in our name.

mod check;
mod codes;
mod marks;

pub use check::TrustOverview;
pub(crate) use codes::kinds;
pub(crate) use marks::{SAMPLE_CODE, with_code};
