//! Programmes that roles and broadcasts can belong to.

use mhero_core::{LangMap, ProgrammeId, Right};
use mhero_store::{Programme, Queue, StoreError, Unit};
use serde_json::json;

use crate::{App, AppError, Caller, vocabulary::one_list_only};

/// Longest code, in bytes.
const CODE_BYTES_MAX: usize = 40;
/// Longest name in one language.
const NAME_CHARS_MAX: usize = 200;

impl App {
    /// Adds a programme. Its code is what commands take: letters, digits, `-` and `_`.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the code is none or taken, or there is no name.
    pub async fn add_programme(&self, caller: &Caller, code: &str, name: LangMap) -> Result<ProgrammeId, AppError> {
        caller.must(Right::Settings)?;
        let (code, name) = (fold_code(code)?, tidy(&name)?);
        self.may_follow_stop(&name, Some(&code)).await?;
        let programme = Programme { id: self.store().mint().id(ProgrammeId::from_uuid), code, name };
        let mut unit = Unit::new();
        unit.add_programme(&programme, self.clock().now_micros());
        let facts = json!({ "code": programme.code });
        unit.audit(self.store(), &caller.entry("programme-added", "programme", Some(programme.id.uuid()), facts));
        match self.store().write(unit, Queue::Interactive).await {
            Ok(_) => {
                // Its code and names are words after STOP.
                self.forget_facts();
                Ok(programme.id)
            }
            Err(StoreError::Exists { .. }) => {
                Err(AppError::invalid("user-programme-taken", [("code", programme.code)]))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Gives a programme other names. Its code stays: commands, tokens and lists that people left know it by that.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Invalid`] when there is no name; [`AppError::NotAllowed`].
    pub async fn rename_programme(&self, caller: &Caller, code: &str, name: &LangMap) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        let programme = self.programme(code).await?;
        let name = tidy(name)?;
        if name == programme.name {
            return Ok(());
        }
        self.may_follow_stop(&name, None).await?;
        let mut unit = Unit::new();
        unit.name_programme(programme.id, &name);
        let facts = json!({ "code": programme.code });
        unit.audit(self.store(), &caller.entry("programme-renamed", "programme", Some(programme.id.uuid()), facts));
        self.store().write(unit, Queue::Interactive).await?;
        // Its names are words after STOP.
        self.forget_facts();
        Ok(())
    }

    /// Code and names are words after STOP: none may say that all messages are meant.
    async fn may_follow_stop(&self, name: &LangMap, code: Option<&str>) -> Result<(), AppError> {
        let control = self.installation_words().await?.control;
        name.iter().map(|(_, name)| name).chain(code).try_for_each(|word| one_list_only(&control, word))
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

/// The names that say something, one at least.
fn tidy(name: &LangMap) -> Result<LangMap, AppError> {
    let mut tidied = LangMap::default();
    for (lang, name) in name.iter().map(|(lang, name)| (lang, name.trim())).filter(|(_, name)| !name.is_empty()) {
        if name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
            let start = name.chars().filter(|letter| !letter.is_control()).take(80).collect();
            return Err(AppError::invalid("user-programme-name-unfit", [("name", start)]));
        }
        tidied.insert(lang, name);
    }
    if tidied.is_empty() {
        return Err(AppError::invalid("user-programme-name", []));
    }
    Ok(tidied)
}

fn fold_code(code: &str) -> Result<String, AppError> {
    let folded = code.trim().to_lowercase();
    let fits = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
    if folded.is_empty() || folded.len() > CODE_BYTES_MAX || !folded.chars().all(fits) {
        return Err(AppError::invalid("user-programme-code", [("code", code.chars().take(80).collect())]));
    }
    Ok(folded)
}
