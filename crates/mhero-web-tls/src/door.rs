//! The door: how it speaks now, and how that is renewed.

use std::{
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use rustls::ServerConfig;
use tokio::sync::{Semaphore, watch};

use crate::{TlsError, TlsFiles, config, serve::ended};

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(10);

/// A door that stands open.
pub struct Door {
    files: TlsFiles,
    speaks: RwLock<Arc<ServerConfig>>,
    /// What was read last, whether it could be used or not: the same fault is told once.
    seen: Mutex<Result<[u8; 32], TlsError>>,
    /// Connections that may still come in.
    pub(crate) room: Arc<Semaphore>,
}

/// What a look at the files changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reloaded {
    /// They are as they were.
    Same,
    /// New connections get what stands in them now.
    Fresh,
    /// They can't be used: what was there before still serves.
    Kept(TlsError),
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Door").field("files", &self.files).finish_non_exhaustive()
    }
}

impl Door {
    /// Reads the files. `connections` come in at most at a time.
    ///
    /// # Errors
    /// [`TlsError`] naming the file and what is wrong with it.
    pub fn open(files: TlsFiles, connections: usize) -> Result<Self, TlsError> {
        let contents = files.read()?;
        let speaks = config::config(&files, &contents)?;
        Ok(Self {
            files,
            speaks: RwLock::new(Arc::new(speaks)),
            seen: Mutex::new(Ok(contents.digest())),
            room: Arc::new(Semaphore::new(connections.clamp(1, Semaphore::MAX_PERMITS))),
        })
    }

    /// How new connections are spoken to.
    pub(crate) fn speaks(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.speaks.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks at the files again. What can't be used changes nothing, and is told once.
    pub fn reload(&self) -> Reloaded {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let contents = self.files.read();
        let now = contents.as_ref().map(|contents| contents.digest()).map_err(Clone::clone);
        if now == *seen {
            return Reloaded::Same;
        }
        *seen = now;
        match contents.and_then(|contents| config::config(&self.files, &contents)) {
            Ok(speaks) => {
                *self.speaks.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(speaks);
                Reloaded::Fresh
            }
            Err(error) => Reloaded::Kept(error),
        }
    }

    /// Looks at the files every ten seconds, and at once whenever `asked` changes, until `stop` becomes true or nobody can ask any more.
    pub async fn follow(self: Arc<Self>, mut asked: watch::Receiver<u64>, mut stop: watch::Receiver<bool>) {
        loop {
            let was_asked = tokio::select! {
                () = tokio::time::sleep(LOOK) => false,
                changed = asked.changed() => match changed {
                    Ok(()) => true,
                    Err(_) => return,
                },
                () = ended(&mut stop) => return,
            };
            let door = Arc::clone(&self);
            match tokio::task::spawn_blocking(move || door.reload()).await {
                Ok(Reloaded::Fresh) => tracing::info!("the certificate was read anew"),
                Ok(Reloaded::Kept(error)) => {
                    tracing::error!(%error, "the new certificate can't be used; the one before still serves");
                }
                Ok(Reloaded::Same) if was_asked => tracing::info!("the certificate is the one that serves already"),
                Ok(Reloaded::Same) | Err(_) => {}
            }
        }
    }
}
