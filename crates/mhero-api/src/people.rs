//! Who is meant by a text.

use mhero_app::{AppError, Caller};
use mhero_core::{PersonId, Right, sandbox};

use crate::Reader;

impl Reader {
    /// The one person within the caller's scope that a text names: our id, a source's id, or a number.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Invalid`] where several answer to it; [`AppError::NotAllowed`].
    pub async fn person_called(&self, caller: &Caller, text: &str) -> Result<PersonId, AppError> {
        caller.must(Right::ReadPeople)?;
        let text = text.trim();
        // PostgreSQL takes no text with a NUL in it; nobody is called so.
        if text.contains('\0') {
            return Err(AppError::not_found("person", ""));
        }
        if !sandbox::is_number(text) {
            return self.app.find_person(caller, text).await;
        }
        // Numbers of the sandbox are those of no country, so that nothing else reads them as numbers.
        let found = match caller.scope.is_in_sandbox() {
            true => self.app.store().find_people(&caller.scope, text, Some(text)).await?,
            false => Vec::new(),
        };
        found.first().map(|person| person.id).ok_or_else(|| AppError::not_found("person", text))
    }
}
