//! Puts the application together: settings, data directory, store, drivers, words, key.

use std::{
    fs::OpenOptions,
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use mhero_app::{App, Options, format_seal_key, generate_seal_key, parse_seal_key, ports};
use mhero_core::Lang;
use mhero_store::{Clock, Location, Store};
use mhero_web::words::{Arg, Words};
use sha2::{Digest, Sha256};
use tokio::net::UnixStream;

use crate::{
    cli::Everywhere,
    config::Settings,
    control, effects,
    exchange::{self, Exchange},
    failure::Failure,
    folders,
    lock::{self, Lock},
    oidc,
};

/// The name of the SQLite database in the data directory.
const DATABASE: &str = "mhero.db";
/// How long a command waits for another command, or for a server that is just starting.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long it waits between two looks.
const LOOK: Duration = Duration::from_millis(50);

/// Where this process keeps everything.
#[derive(Clone, Debug)]
pub struct Place {
    /// All settings.
    pub settings: Settings,
    /// The data directory.
    pub data: PathBuf,
    /// The database.
    pub location: Location,
}

/// An open installation.
pub struct Node {
    /// Where everything is kept.
    pub place: Place,
    /// The application.
    pub app: App,
    /// The exchange log, and what stands beside it.
    pub exchange: Exchange,
    /// The ministry's own sign-in, where one is set up.
    pub provider: Option<mhero_signin::Provider>,
    /// Whether runners deliver in this process, as they do in a server.
    pub is_served: bool,
    _lock: Lock,
}

/// What stands between a command and its data.
pub enum Reached {
    /// A running server.
    Server(UnixStream),
    /// Nobody: the data directory is locked for this process.
    Free(Lock),
}

impl Place {
    /// Reads the settings, the command line over them.
    ///
    /// # Errors
    /// As [`Settings::read`]; [`Failure::Refused`] where the platform knows no data folder.
    pub fn read(everywhere: &Everywhere) -> Result<Self, Failure> {
        let settings = Settings::read(everywhere.config.as_deref())?;
        let named = everywhere.data.clone().or_else(|| path(&settings.storage.data));
        let data = named.or_else(folders::data).ok_or_else(|| Failure::refused("cli-no-data-folder", []))?;
        let data = std::path::absolute(&data).map_err(|error| Failure::file("cli-folder-unmade", &data, &error))?;
        let database = everywhere.database.clone().filter(|url| !url.is_empty());
        let database = database.or_else(|| Some(settings.storage.database.clone()).filter(|url| !url.is_empty()));
        let location = match database {
            None => Location::File(data.join(DATABASE)),
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => Location::Postgres(url),
            Some(_) => return Err(Failure::usage("cli-database-url", [])),
        };
        Ok(Self { settings, data, location })
    }

    /// Finds the running server, or locks the data directory. Another command is waited for.
    ///
    /// # Errors
    /// `Locked` when another process keeps it for long.
    pub async fn reach(&self) -> Result<Reached, Failure> {
        lock::make_folder(&self.data)?;
        let since = Instant::now();
        loop {
            if let Some(server) = control::connect(&self.data).await {
                return Ok(Reached::Server(server));
            }
            match lock::take(&self.data) {
                Ok(lock) => return Ok(Reached::Free(lock)),
                Err(_) if since.elapsed() < PATIENCE => tokio::time::sleep(LOOK).await,
                Err(error) => return Err(error),
            }
        }
    }

    /// Locks the data directory at once.
    ///
    /// # Errors
    /// `Locked` when a server or another command holds it.
    pub fn lock(&self) -> Result<Lock, Failure> {
        lock::make_folder(&self.data)?;
        lock::take(&self.data)
    }

    /// Opens the installation; an empty one is set up.
    ///
    /// # Errors
    /// Whatever keeps the store from opening; a key file that holds no key.
    pub async fn open(self, lock: Lock, is_served: bool) -> Result<Node, Failure> {
        let seal_key = self.seal_key()?;
        let outside = effects::outside(&self.settings.effects)?;
        let store = Store::open(&self.location, Clock::wall()).await?;
        if matches!(self.location, Location::File(_)) {
            // The lock says that nobody else is here: what a killed process held is free at once.
            store.free_what_the_dead_hold().await?;
        }
        if store.hold_after_restore().await? {
            tracing::warn!("restored: what waited to be sent is held until an official decides");
        }
        let app = App::new(Options {
            store,
            drivers: vec![
                Arc::new(mhero_channels::Simulator),
                Arc::new(mhero_channels::Kannel::default()),
                Arc::new(mhero_channels::External::default()),
                Arc::new(mhero_channels::AfricasTalking::default()),
                Arc::new(mhero_channels::Twilio::default()),
                Arc::new(mhero_channels::Infobip::default()),
                Arc::new(mhero_channels::Vonage::default()),
                Arc::new(mhero_channels::WhatsApp::default()),
                Arc::new(mhero_channels::Template::default()),
                Arc::new(mhero_channels::Smpp),
                Arc::new(mhero_channels::Android::default()),
                Arc::new(mhero_channels::Telegram::default()),
                Arc::new(mhero_channels::Ussd),
                Arc::new(mhero_channels::Email),
            ],
            connectors: {
                let mut connectors = mhero_registries::connectors();
                connectors.push(Arc::new(mhero_exchange::heard::FhirClients));
                connectors
            },
            words: Arc::new(SmsWords),
            effector: Some(Arc::new(outside)),
            seal_key,
        });
        let exchange = exchange::open(&app, &self.settings)?;
        let provider = oidc::open(&app, &self.settings.oidc)?;
        Ok(Node { place: self, app, exchange, provider, is_served, _lock: lock })
    }

    /// The file of the key that seals secrets.
    ///
    /// # Errors
    /// [`Failure::Refused`] where the platform knows no configuration folder and no file is named.
    pub fn key_file(&self) -> Result<PathBuf, Failure> {
        if let Some(named) = path(&self.settings.secrets.key_file) {
            return Ok(named);
        }
        let folder = folders::settings().ok_or_else(|| Failure::refused("cli-no-key-folder", []))?;
        // Each data directory has its own key, under a name that says nothing about it.
        let real = self.data.canonicalize().unwrap_or_else(|_| self.data.clone());
        Ok(folder.join("keys").join(format!("{}.key", digest(&real))))
    }

    fn seal_key(&self) -> Result<[u8; 32], Failure> {
        let file = self.key_file()?;
        let real = self.data.canonicalize().unwrap_or_else(|_| self.data.clone());
        if file.starts_with(&real) {
            return Err(Failure::refused("cli-key-inside", [("path", file.display().to_string())]));
        }
        match std::fs::read_to_string(&file) {
            Ok(text) => Ok(parse_seal_key(&text)?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => make_key(&file),
            Err(error) => Err(Failure::file("cli-key-unreadable", &file, &error)),
        }
    }
}

impl Node {
    /// Whether the installation is on this database.
    pub fn is_on(&self, database: &str) -> bool {
        self.place.location == Location::Postgres(database.to_owned())
    }

    /// Ends this process's part: its leases are free at once.
    pub async fn close(&self) {
        self.exchange.journal.close().await;
        if let Err(error) = self.app.store().give_back_leases(self.app.node()).await {
            tracing::warn!(%error, "leases run out by themselves");
        }
    }
}

fn path(setting: &str) -> Option<PathBuf> {
    (!setting.is_empty()).then(|| PathBuf::from(setting))
}

/// Writes a new key. When another process was faster, its key counts.
fn make_key(file: &Path) -> Result<[u8; 32], Failure> {
    let unmade = |error: std::io::Error| Failure::file("cli-key-unmade", file, &error);
    if let Some(folder) = file.parent() {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(unmade)?;
    }
    let key = generate_seal_key();
    let mut made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).map_err(unmade)?;
    made.write_all(format_seal_key(&key).as_bytes()).map_err(unmade)?;
    made.sync_all().map_err(unmade)?;
    Ok(key)
}

/// A name for the key of a data directory that says nothing about it.
fn digest(path: &Path) -> String {
    let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
    digest.iter().take(8).fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// The texts of automatic replies: plain words, figures as they are.
struct SmsWords;

impl ports::Words for SmsWords {
    fn say(&self, language: Lang, key: &str, args: &[(&'static str, String)]) -> String {
        let args: Vec<_> = args.iter().map(|(name, value)| (*name, Arg::Text(value.clone()))).collect();
        Words::of(language).with(key, &args)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn place(data: &Path, key_file: &Path) -> Place {
        let mut settings = Settings::read(None).expect("the defaults");
        settings.secrets.key_file = key_file.display().to_string();
        Place { settings, data: data.to_owned(), location: Location::File(data.join(DATABASE)) }
    }

    #[test]
    fn a_key_is_made_once_outside_the_data_and_for_nobody_else() {
        let folder = tempfile::tempdir().unwrap();
        let (data, file) = (folder.path().join("data"), folder.path().join("keys/own.key"));
        lock::make_folder(&data).unwrap();
        let key = place(&data, &file).seal_key().unwrap();
        assert_eq!(place(&data, &file).seal_key().unwrap(), key);
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::write(&file, "nonsense").unwrap();
        assert!(place(&data, &file).seal_key().is_err());
        let inside = place(&data, &data.join("own.key")).seal_key().unwrap_err();
        assert!(matches!(inside, Failure::Refused(reason) if reason.key == "cli-key-inside"));
    }

    #[test]
    fn directories_have_keys_of_their_own() {
        assert_eq!(digest(Path::new("/a/b")), digest(Path::new("/a/b")));
        assert_ne!(digest(Path::new("/a/b")), digest(Path::new("/a/c")));
    }
}
