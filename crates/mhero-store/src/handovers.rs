//! Which submissions have been begun, beside the database and not in it.
//!
//! Messages are claimed many in one commit, and whatever was claimed when a process is killed might have left. Nearly all of it has
//! not: only what was really handed to a carrier may have. That moment is written here, by one write to the system and without
//! waiting for a disk, so that it costs microseconds. What was written outlives the process but not the machine: the file names the
//! boot that it belongs to, and under another boot nothing of it is believed. Then every claim counts as begun, as it does on
//! PostgreSQL, where several machines share one database.
//!
//! The file is 32 bytes after 32 bytes: a head of two, then one for each claim and one for each beginning. No entry crosses a page,
//! so that each is there whole or not at all.

use std::{
    collections::HashSet,
    fs::{File, OpenOptions},
    io::{Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use mhero_core::SubmissionId;
use uuid::Uuid;

use crate::Store;

/// What the name of the database is followed by.
const SUFFIX: &str = "-handovers";
/// Bytes of an entry.
const ENTRY: usize = 32;
/// Bytes of the head: the mark of the format, and the boot.
const HEAD: usize = 64;
const MARK: &[u8; 16] = b"mhero handovers1";
/// Where Linux says which boot this is.
const BOOT: &str = "/proc/sys/kernel/random/boot_id";
/// Bytes of its answer.
const BOOT_BYTES: usize = 36;
/// The file is written anew, with only what is still under way, when it has grown to this many bytes.
const FILE_MAX: u64 = 1024 * 1024;
/// Nobody else reads or writes the file, wherever its folder stands.
#[cfg(unix)]
const OURS_ALONE: u32 = 0o600;
/// What a file may hold that another process left: more than that is not ours.
const READ_MAX: u64 = 16 * FILE_MAX;

/// What an entry says of its submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Stage {
    Claimed = b'c',
    Begun = b'b',
}

/// The submissions that are claimed and not begun, in memory and in their file. Without a file nothing is known of former
/// processes.
#[derive(Debug, Default)]
pub(crate) struct Handovers(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    kept: HashSet<SubmissionId>,
    file: Option<Journal>,
}

#[derive(Debug)]
struct Journal {
    file: File,
    boot: Vec<u8>,
    length: u64,
    /// It is written anew when it has this many bytes.
    limit: u64,
}

impl Handovers {
    /// Opens the file beside a database, and takes over what a former process of this boot left. Where there can be none, or
    /// another store of this database holds it, everything goes on without.
    pub(crate) fn beside(database: &Path) -> Self {
        let mut name = database.as_os_str().to_owned();
        name.push(SUFFIX);
        let known = boot().and_then(|boot| match open(&PathBuf::from(name), boot) {
            Ok(known) => Some(known),
            Err(error) => {
                tracing::debug!(%error, "what is handed over is not noted: after a crash more will be uncertain");
                None
            }
        });
        Self(Mutex::new(known.unwrap_or_default()))
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn claim(&self, ids: &[SubmissionId]) {
        let mut known = self.lock();
        let entries: Vec<u8> = ids.iter().flat_map(|id| entry(*id, Stage::Claimed)).collect();
        if known.write(&entries).is_ok() {
            known.kept.extend(ids);
        }
    }

    fn begin(&self, id: SubmissionId) -> std::io::Result<()> {
        let mut known = self.lock();
        known.write(&entry(id, Stage::Begun))?;
        known.kept.remove(&id);
        Ok(())
    }

    fn end(&self, ids: &[SubmissionId]) {
        let mut known = self.lock();
        for id in ids {
            known.kept.remove(id);
        }
    }

    fn is_kept(&self, id: SubmissionId) -> bool {
        self.lock().kept.contains(&id)
    }
}

impl Known {
    fn write(&mut self, entries: &[u8]) -> std::io::Result<()> {
        let Some(journal) = &mut self.file else { return Ok(()) };
        if journal.length >= journal.limit {
            journal.renew(&self.kept)?;
        }
        journal.append(entries)
    }
}

impl Journal {
    fn append(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        let written = self.file.seek(SeekFrom::Start(self.length)).and_then(|_| self.file.write_all(bytes));
        // After half a write the next one stands in its place: entries begin where entries begin.
        written.map(|()| self.length += bytes.len() as u64)
    }

    /// Writes the file anew. Should this process end halfway, what is missing counts as begun.
    fn renew(&mut self, kept: &HashSet<SubmissionId>) -> std::io::Result<()> {
        self.file.set_len(0)?;
        self.length = 0;
        let mut bytes = MARK.to_vec();
        bytes.extend(&self.boot);
        bytes.resize(HEAD, 0);
        bytes.extend(kept.iter().flat_map(|id| entry(*id, Stage::Claimed)));
        self.append(&bytes)?;
        self.limit = FILE_MAX.max(self.length * 2);
        Ok(())
    }
}

fn entry(id: SubmissionId, stage: Stage) -> [u8; ENTRY] {
    let mut entry = [0; ENTRY];
    entry[..16].copy_from_slice(id.uuid().as_bytes());
    entry[16] = stage as u8;
    entry
}

fn boot() -> Option<Vec<u8>> {
    let boot = std::fs::read(BOOT).ok()?;
    boot.get(..BOOT_BYTES).map(<[u8]>::to_vec)
}

fn open(path: &Path, boot: Vec<u8>) -> std::io::Result<Known> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, OURS_ALONE);
    let mut file = options.open(path)?;
    file.try_lock()?;
    // One that an older version made is everybody's to read.
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(OURS_ALONE))?;
    let mut bytes = Vec::new();
    (&mut file).take(READ_MAX).read_to_end(&mut bytes)?;
    let kept = read(&bytes, &boot);
    let mut journal = Journal { file, boot, length: 0, limit: FILE_MAX };
    journal.renew(&kept)?;
    Ok(Known { kept, file: Some(journal) })
}

/// What a file of this boot says was claimed and not begun. Of a file that is too long nothing is believed: what says that one was
/// begun may stand beyond what was read.
fn read(bytes: &[u8], boot: &[u8]) -> HashSet<SubmissionId> {
    let (mut kept, mut begun) = (HashSet::new(), HashSet::new());
    let Some((head, entries)) = bytes.split_at_checked(HEAD) else { return kept };
    let is_ours = &head[..MARK.len()] == MARK && &head[MARK.len()..MARK.len() + BOOT_BYTES] == boot;
    if !is_ours || bytes.len() as u64 >= READ_MAX {
        return kept;
    }
    for entry in entries.chunks_exact(ENTRY) {
        let Ok(id) = Uuid::from_slice(&entry[..16]).map(SubmissionId::from_uuid) else { continue };
        if entry[16] == Stage::Claimed as u8 {
            kept.insert(id);
        } else {
            begun.insert(id);
        }
    }
    kept.retain(|id| !begun.contains(id));
    kept
}

impl Store {
    /// Notes submissions that are about to be claimed, before the unit that claims them is written. Only what stands here is ever
    /// known not to have left.
    pub fn note_claims(&self, ids: &[SubmissionId]) {
        self.handovers().claim(ids);
    }

    /// Notes that a submission is about to be handed to its carrier.
    ///
    /// # Errors
    /// When it could not be noted: then it must not be handed over.
    pub fn note_begin(&self, id: SubmissionId) -> std::io::Result<()> {
        self.handovers().begin(id)
    }

    /// Forgets submissions whose end is written, or whose claim was refused.
    pub fn note_ended(&self, ids: &[SubmissionId]) {
        self.handovers().end(ids);
    }

    /// Whether a submission was claimed, by this process or a former one of this boot, and surely never handed to a carrier.
    pub fn never_begun(&self, id: SubmissionId) -> bool {
        self.handovers().is_kept(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> SubmissionId {
        SubmissionId::from_uuid(Uuid::from_u128(n))
    }

    #[test]
    fn a_later_process_knows_what_was_never_begun() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("x.db");
        let first = Handovers::beside(&database);
        first.claim(&[id(1), id(2), id(3)]);
        first.begin(id(2)).unwrap();
        first.begin(id(3)).unwrap();
        first.end(&[id(3)]);
        assert!(!Handovers::beside(&database).is_kept(id(1)), "another one holds the file");
        drop(first);
        let second = Handovers::beside(&database);
        assert!(second.is_kept(id(1)) && !second.is_kept(id(2)) && !second.is_kept(id(3)) && !second.is_kept(id(4)));
        drop(second);
        assert!(Handovers::beside(&database).is_kept(id(1)), "it is still under way");
    }

    #[test]
    fn nothing_is_believed_under_another_boot_or_of_a_damaged_file() {
        let here = boot().unwrap();
        let head = |boot: &[u8]| [MARK.as_slice(), boot, &[0; 12]].concat();
        let with = |boot: &[u8], rest: &[u8]| read(&[head(boot).as_slice(), rest].concat(), &here);
        let claimed = entry(id(1), Stage::Claimed);
        assert_eq!(with(&here, &claimed).len(), 1);
        assert!(with(&[b'0'; BOOT_BYTES], &claimed).is_empty());
        assert!(with(&here, &claimed[..31]).is_empty());
        assert!(with(&here, &[7; 64]).is_empty() && read(b"short", &here).is_empty());
        let again = [entry(id(1), Stage::Begun), claimed].concat();
        assert!(with(&here, &again).is_empty(), "whatever is written later");
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_ours_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.db-handovers");
        let mode = || std::fs::metadata(&file).unwrap().permissions().mode() & 0o777;
        drop(Handovers::beside(&folder.path().join("x.db")));
        assert_eq!(mode(), 0o600);
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();
        drop(Handovers::beside(&folder.path().join("x.db")));
        assert_eq!(mode(), 0o600, "also one of an older version");
    }

    #[test]
    fn the_file_stays_small() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("x.db");
        let handovers = Handovers::beside(&database);
        handovers.claim(&[id(u128::MAX)]);
        for n in 0..100_000 {
            handovers.claim(&[id(n)]);
            handovers.begin(id(n)).unwrap();
            handovers.end(&[id(n)]);
        }
        let length = std::fs::metadata(folder.path().join("x.db-handovers")).unwrap().len();
        assert!(length <= FILE_MAX + ENTRY as u64, "{length}");
        drop(handovers);
        assert!(Handovers::beside(&database).is_kept(id(u128::MAX)));
    }
}
