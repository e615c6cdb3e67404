//! Why a definition can't be brought to another version.

use crate::Version;

/// Why a definition can't be brought to another version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MigrationError {
    /// The JSON is no flow definition: no object, or one without a version and without the parts of an old flow.
    #[error("this is no flow definition: it has no spec_version")]
    NotAFlow,
    /// The version is no version.
    #[error("{version:?} is no version of the flow specification")]
    UnknownVersion {
        /// What stands there, cut.
        version: String,
    },
    /// The definition comes from newer software than this.
    #[error(
        "the flow has version {version}, which is newer than {}: update mHero or export the flow from an older system",
        Version::CURRENT
    )]
    TooNew {
        /// The version of the definition.
        version: Version,
    },
    /// A version between those that were ever exported: 12, or before 11.
    #[error("flows of version {version} can't be read: only 11, 13 and 14")]
    Unsupported {
        /// The version of the definition.
        version: Version,
    },
    /// A part of an old definition is not what it must be.
    #[error("{at}: {why}")]
    Malformed {
        /// Which node or part, with its id, and which property.
        at: String,
        /// What is wrong with it.
        why: String,
    },
}
