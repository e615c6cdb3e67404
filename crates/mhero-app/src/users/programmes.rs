//! Programmes that roles and broadcasts can belong to.

use mhero_core::{LangMap, ProgrammeId, Right};
use mhero_store::{Programme, Queue, StoreError, Unit};
use serde_json::json;

use crate::{App, AppError, Caller};

/// Longest code, in bytes.
const CODE_BYTES_MAX: usize = 40;

impl App {
    /// Adds a programme. Its code is what commands take: letters, digits, `-` and `_`.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the code is none or taken.
    pub async fn add_programme(&self, caller: &Caller, code: &str, name: LangMap) -> Result<ProgrammeId, AppError> {
        caller.must(Right::Settings)?;
        let code = fold_code(code)?;
        let programme = Programme { id: self.store().mint().id(ProgrammeId::from_uuid), code, name };
        let mut unit = Unit::new();
        unit.add_programme(&programme, self.clock().now_micros());
        let facts = json!({ "code": programme.code });
        unit.audit(self.store(), &caller.entry("programme-added", "programme", Some(programme.id.uuid()), facts));
        match self.store().write(unit, Queue::Interactive).await {
            Ok(_) => Ok(programme.id),
            Err(StoreError::Exists { .. }) => {
                Err(AppError::invalid("user-programme-taken", [("code", programme.code)]))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// All programmes, by code.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn programmes(&self) -> Result<Vec<Programme>, AppError> {
        Ok(self.store().programmes().await?)
    }

    /// The programme with a code.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn programme(&self, code: &str) -> Result<Programme, AppError> {
        let found = self.store().programme_by_code(&fold_code(code)?).await?;
        found.ok_or_else(|| AppError::not_found("programme", code))
    }
}

fn fold_code(code: &str) -> Result<String, AppError> {
    let folded = code.trim().to_lowercase();
    let fits = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
    if folded.is_empty() || folded.len() > CODE_BYTES_MAX || !folded.chars().all(fits) {
        return Err(AppError::invalid("user-programme-code", [("code", code.chars().take(80).collect())]));
    }
    Ok(folded)
}
