//! Whose people may be addressed by whom. The owner of a source (a ministry, a programme) says whether messages of others may go to
//! its people; a message to a mixed audience leaves out those whose owner has not agreed.

use mhero_core::{Right, SourceId};
use mhero_store::{ConsentRow, Queue, Unit};
use serde_json::json;

use crate::{App, AppError, Caller};

/// What the owner of a source says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The source.
    pub source: SourceId,
    /// Its name.
    pub name: String,
    /// The code of the programme whose messages are the owner's own.
    pub programme: Option<String>,
    /// Whether messages of others may go to its people. Nothing said means yes.
    pub others: bool,
}

impl App {
    /// What the owners of all sources say.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn consents(&self, caller: &Caller) -> Result<Vec<Consent>, AppError> {
        caller.must(Right::ReadPeople)?;
        let (said, programmes) = (self.store().consents().await?, self.store().programmes().await?);
        let consent = |source: mhero_store::Source| {
            let row = said.iter().find(|row| row.source == source.id);
            let programme = row.and_then(|row| row.programme);
            let programme = programmes.iter().find(|known| Some(known.id) == programme);
            Consent {
                source: source.id,
                name: source.name,
                programme: programme.map(|programme| programme.code.clone()),
                others: row.is_none_or(|row| row.others),
            }
        };
        Ok(self.store().sources().await?.into_iter().map(consent).collect())
    }

    /// Says for the owner of a source whether messages of others may go to its people, and which programme is the owner: an
    /// empty code for none.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for source and programme; [`AppError::NotAllowed`].
    pub async fn set_consent(
        &self,
        caller: &Caller,
        source: &str,
        others: bool,
        programme: &str,
    ) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        let sources = self.store().sources().await?;
        let found = sources.into_iter().find(|known| known.name == source);
        let found = found.ok_or_else(|| AppError::not_found("source", source))?;
        let programme = match programme.trim() {
            "" => None,
            code => Some(self.programme(code).await?.id),
        };
        let row = ConsentRow {
            source: found.id,
            programme,
            others,
            said_at: self.clock().now_micros(),
            said_by: caller.scope.principal(),
        };
        let mut unit = Unit::new();
        unit.set_consent(&row);
        let facts = json!({ "others": others, "programme": programme });
        unit.audit(self.store(), &caller.entry("consent-set", "source", Some(found.id.uuid()), facts));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }
}
