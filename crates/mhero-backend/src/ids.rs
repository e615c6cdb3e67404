//! Ids here of what has its own there: the same each time it is read, so that nothing comes twice.

use mhero_core::SourceId;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The id of something that was made there at an instant, in UTC microseconds: of version 7, so that lists by id are lists by time.
pub(crate) fn id_of(source: SourceId, kind: &str, remote: &str, made_at: i64) -> Uuid {
    let mut digest = Sha256::new();
    for part in [source.uuid().as_bytes().as_slice(), kind.as_bytes(), &[0], remote.as_bytes()] {
        digest.update(part);
    }
    let digest = digest.finalize();
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    let millis = u64::try_from(made_at / 1_000).unwrap_or(0).to_be_bytes();
    bytes[..6].copy_from_slice(&millis[2..]);
    bytes[6] = 0x70 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    Uuid::from_bytes(bytes)
}

/// The id here of a flow there; that of the one through which texts are sent for the empty text.
pub(crate) fn flow_id(source: SourceId, remote: &str) -> Uuid {
    Uuid::new_v5(&source.uuid(), format!("flow/{remote}").as_bytes())
}

/// The conversation of a contact with a flow there.
pub(crate) fn conversation_id(source: SourceId, contact: &str, flow: &str) -> Uuid {
    Uuid::new_v5(&source.uuid(), format!("conversation/{contact}/{flow}").as_bytes())
}

/// What a run has here for a session.
pub(crate) fn session_id(run: Uuid) -> Uuid {
    Uuid::new_v5(&run, b"session")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_the_same_each_time_and_follow_the_time() {
        let source = SourceId::from_uuid(Uuid::from_u128(5));
        let at = 1_790_000_000_000_000;
        let first = id_of(source, "run", "r1", at);
        assert_eq!(first, id_of(source, "run", "r1", at));
        assert_ne!(first, id_of(source, "message", "r1", at));
        assert_ne!(first, id_of(SourceId::from_uuid(Uuid::from_u128(6)), "run", "r1", at));
        assert!(id_of(source, "run", "r0", at + 1_000) > first);
        assert_eq!(first.get_version_num(), 7);
        assert_ne!(flow_id(source, ""), flow_id(source, "f"));
    }
}
