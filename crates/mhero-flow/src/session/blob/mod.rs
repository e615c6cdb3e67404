//! Sessions in storage: a version byte, then the fields one after the other, short and quick to read.
//!
//! Numbers are variable-length, instants are nanoseconds since the session began, ids are 16 bytes, texts have their length
//! before them. What is rare and of many shapes is JSON text inside. A version is never changed once sessions were stored in it:
//! a new one gets a new byte, and the old stays readable.

mod parts;
mod read;
mod write;

use super::Session;

/// The version that is written.
const VERSION: u8 = 1;

/// Why stored bytes are no session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlobError {
    /// They were written by a later program.
    #[error("the session is stored in version {found}, which is later than {VERSION}")]
    Version {
        /// The version byte.
        found: u8,
    },
    /// They are damaged.
    #[error("the stored session is damaged at byte {at}")]
    Damaged {
        /// Where reading stopped.
        at: usize,
    },
}

impl Session {
    /// The bytes to store. Everything is in them, also where a sprint stands that waits for an outside call.
    pub fn to_blob(&self) -> Vec<u8> {
        let mut out = write::Writer::new(VERSION);
        out.session(self);
        out.finish()
    }

    /// The session of stored bytes.
    ///
    /// # Errors
    /// [`BlobError`] for bytes that no [`Session::to_blob`] gave.
    pub fn from_blob(blob: &[u8]) -> Result<Self, BlobError> {
        match blob.first() {
            Some(&VERSION) => {}
            Some(&found) if found > VERSION => return Err(BlobError::Version { found }),
            _ => return Err(BlobError::Damaged { at: 0 }),
        }
        let mut reader = read::Reader::new(blob, 1);
        let session = reader.session().filter(|_| reader.is_at_end());
        session.ok_or_else(|| BlobError::Damaged { at: reader.position() })
    }
}
