//! Why a command did not finish, said in the reader's language: what happened, whether anything was sent, what to do.

use std::{io, path::Path};

use mhero_app::AppError;
use mhero_core::record::Reason;
use mhero_registries::files::FileError;
use mhero_store::StoreError;
use mhero_web::words::{Arg, Words};

/// Why a command did not finish.
#[derive(Debug)]
pub enum Failure {
    /// It was called wrongly; exit code 2.
    Usage(Reason),
    /// It can't be done as asked.
    Refused(Reason),
    /// A use case refused or failed.
    App(AppError),
    /// It failed before anything was sent, and says so.
    NothingSent(Box<Self>),
    /// Something of the system underneath failed.
    Other(anyhow::Error),
    /// Everything has been said already.
    Said(u8),
}

impl Failure {
    /// A wrong call.
    pub fn usage(key: &'static str, args: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        Self::Usage(Reason::new(key, args))
    }

    /// A refusal.
    pub fn refused(key: &'static str, args: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        Self::Refused(Reason::new(key, args))
    }

    /// A file or folder that the system did not let us use. The text has the variables `path` and `detail`.
    pub fn file(key: &'static str, path: &Path, error: &io::Error) -> Self {
        Self::refused(key, [("path", path.display().to_string()), ("detail", error.kind().to_string())])
    }

    /// The exit code: 2 for a wrong call, else 1.
    pub const fn code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Said(code) => *code,
            Self::NothingSent(inner) => inner.code(),
            _ => 1,
        }
    }

    /// The failure in words; empty when everything has been said.
    pub fn say(&self, words: &Words) -> String {
        match self {
            Self::Usage(reason) | Self::Refused(reason) => words.reason(reason),
            Self::App(error) => say_app(error, words),
            Self::NothingSent(inner) => words.with("cli-nothing-sent", &[("why", Arg::Text(inner.say(words)))]),
            Self::Other(error) => words.with("cli-error-system", &[("detail", Arg::Text(format!("{error:#}")))]),
            Self::Said(_) => String::new(),
        }
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        Self::Refused(error.reason())
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error)
    }
}

/// Why a use case refused, in words.
pub fn say_app(error: &AppError, words: &Words) -> String {
    let text = |text: &str| Arg::Text(text.to_owned());
    match error {
        AppError::NotInitialised => words.t("cli-error-not-initialised"),
        AppError::NotAllowed { right } => words.with("cli-error-not-allowed", &[("right", text(right.as_str()))]),
        AppError::NotFound { what, id } => {
            let key = format!("cli-what-{what}");
            let what = if words.has(&key) { words.t(&key) } else { (*what).to_owned() };
            words.with("cli-error-not-found", &[("what", Arg::Text(what)), ("id", text(id))])
        }
        AppError::Invalid(reason) => words.reason(reason),
        AppError::Query(error) => words.reason(&error.reason()),
        AppError::Store(error) => say_store(error, words),
    }
}

fn say_store(error: &StoreError, words: &Words) -> String {
    let text = |text: &dyn ToString| Arg::Text(text.to_string());
    match error {
        StoreError::Guard { .. } | StoreError::Contention => words.t("cli-store-contention"),
        StoreError::Exists { .. } => words.t("cli-store-exists"),
        StoreError::DiskFull => words.t("cli-store-disk-full"),
        StoreError::FlushFailed { detail } => words.with("cli-store-flush-failed", &[("detail", text(detail))]),
        StoreError::Locked { path } => words.with("cli-store-locked", &[("path", text(&path.display()))]),
        StoreError::Schema { found, needed, .. } => {
            let key = if found < needed { "cli-store-schema-old" } else { "cli-store-schema-new" };
            words.with(key, &[("found", text(found)), ("needed", text(needed))])
        }
        StoreError::UnsafeSetting { setting } => words.with("cli-store-unsafe-setting", &[("setting", text(setting))]),
        StoreError::Unreachable { detail } => words.with("cli-store-unreachable", &[("detail", text(detail))]),
        StoreError::RestoreIncomplete => words.t("cli-store-restore-incomplete"),
        StoreError::NulInText => words.t("error-nul-in-text"),
        StoreError::Closed => words.t("cli-store-closed"),
        StoreError::Value { statement, column, detail } => {
            let detail = format!("{statement}, {column}: {detail}");
            words.with("cli-store-failed", &[("detail", Arg::Text(detail))])
        }
        StoreError::Database { statement, detail } => {
            words.with("cli-store-failed", &[("detail", Arg::Text(format!("{statement}: {detail}")))])
        }
    }
}
