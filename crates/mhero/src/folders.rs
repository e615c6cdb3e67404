//! Where the platform keeps a program's data and settings.

use std::path::PathBuf;

/// The folder `mhero` in the platform's own data folder; `None` for an account without a home.
pub fn data() -> Option<PathBuf> {
    let native = if cfg!(target_os = "macos") { "Library/Application Support" } else { ".local/share" };
    own("XDG_DATA_HOME", native)
}

/// The folder `mhero` in the platform's own configuration folder; `None` for an account without a home.
pub fn settings() -> Option<PathBuf> {
    let native = if cfg!(target_os = "macos") { "Library/Preferences" } else { ".config" };
    own("XDG_CONFIG_HOME", native)
}

fn own(variable: &str, native: &str) -> Option<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || std::env::var_os("HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    Some(named.or_else(|| Some(home()?.join(native)))?.join("mhero"))
}
