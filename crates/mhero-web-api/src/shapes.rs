//! Shapes that several nouns share, and how instants and languages are written.

use mhero_core::{Lang, LangMap};
use serde::Serialize;
use utoipa::ToSchema;

/// Something with its name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// Its name, in the language asked for where it has one there.
    pub name: String,
}

impl Named {
    #[expect(clippy::needless_pass_by_value, reason = "an id is small, and copied where it is handed in")]
    pub(crate) fn new(id: impl ToString, name: impl Into<String>) -> Self {
        Self { id: id.to_string(), name: name.into() }
    }

    pub(crate) fn of(id: impl ToString, names: &LangMap, language: Lang) -> Self {
        Self::new(id, names.best(language))
    }
}

/// A number of people and why.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LeftOut {
    /// `no-number`, `bad-number`, `stopped`, `shares-phone`, `on-leave`, `no-consent`, `operator-block`, `no-chat`, `empty-text`.
    pub reason: String,
    /// How many.
    pub people: i64,
}

/// An instant as RFC 3339 writes it.
pub(crate) fn instant(micros: i64) -> String {
    mhero_core::timestamp(micros).to_string()
}

/// A language as BCP 47 writes it.
pub(crate) fn language(language: Lang) -> String {
    language.bcp47().to_owned()
}
