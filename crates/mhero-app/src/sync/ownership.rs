//! Whose value of a field counts: the owners of a field before the ranks of the sources.

use mhero_core::{Right, SourceId};
use mhero_store::{Queue, Unit};
use serde_json::json;
use uuid::Uuid;

use crate::{
    App, AppError, Caller,
    people::import::{Began, Ended, Run, UNIT_RECORDS},
};

/// Fields that every person has. All others are those of the installation.
const OWN_FIELDS: [&str; 6] = ["name", "phone", "language", "sex", "birth", "active"];
/// Longest key of a field, in bytes.
const FIELD_MAX: usize = 100;

/// A field and the sources that own it, the first before the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owned {
    /// The field.
    pub field: String,
    /// Names of the sources.
    pub sources: Vec<String>,
}

impl App {
    /// Which fields are owned, and by whom.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn ownership(&self, caller: &Caller) -> Result<Vec<Owned>, AppError> {
        caller.must(Right::ReadPeople)?;
        let sources = self.store().sources().await?;
        let mut owned: Vec<Owned> = Vec::new();
        for row in self.store().owners().await? {
            let Some(source) = sources.iter().find(|source| source.id == row.source) else { continue };
            match owned.iter_mut().find(|owned| owned.field == row.field) {
                Some(owned) => owned.sources.push(source.name.clone()),
                None => owned.push(Owned { field: row.field, sources: vec![source.name.clone()] }),
            }
        }
        Ok(owned)
    }

    /// Makes sources the owners of a field, the first before the others; none leaves it to the ranks of the sources. Everybody of
    /// whom such a source speaks is derived again.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a field that there is not; [`AppError::NotFound`] for a source.
    pub async fn set_owners(&self, caller: &Caller, field: &str, sources: &[String]) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        let known = self.store().fields().await?;
        let is_known = OWN_FIELDS.contains(&field) || known.iter().any(|known| known.coined.code == field);
        if !is_known || field.len() > FIELD_MAX {
            let all = OWN_FIELDS.iter().map(|own| (*own).to_owned()).chain(known.into_iter().map(|f| f.coined.code));
            let args = [("field", field.chars().take(60).collect()), ("known", all.collect::<Vec<_>>().join(", "))];
            return Err(AppError::invalid("sync-unknown-field", args));
        }
        let before = self.store().owners().await?;
        let mut ids = Vec::with_capacity(sources.len());
        for name in sources {
            let id = self.source_named(name).await?.id;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        let mut unit = Unit::new();
        unit.set_owners(field, &ids);
        let facts = json!({ "field": field, "sources": ids });
        unit.audit(self.store(), &caller.entry("owners-set", "field", None, facts));
        self.store().write(unit, Queue::Interactive).await?;
        let mut touched: Vec<SourceId> =
            before.into_iter().filter(|row| row.field == field).map(|row| row.source).collect();
        touched.extend(ids);
        touched.sort_unstable();
        touched.dedup();
        for source in touched {
            self.derive_source(caller, source).await?;
        }
        Ok(())
    }

    /// Derives everybody again of whom a source speaks.
    async fn derive_source(&self, caller: &Caller, source: SourceId) -> Result<(), AppError> {
        let name = self.source_by_id(source).await?.name;
        let facts = self.facts().await?;
        let lease = self.import_lease().await?;
        let derived = Box::pin(async {
            let mut run = Run::load(self, &name, facts, Some(lease.clone())).await?;
            let began = Began { kind: "derive", why: "now".to_owned(), run_of: None, since: None };
            run.begin(caller, began).await?;
            let mut after = Uuid::nil();
            loop {
                let limit = i64::try_from(UNIT_RECORDS).unwrap_or(i64::MAX);
                let people = self.store().people_of_source(source, after, limit).await?;
                let Some(last) = people.last() else { break };
                after = last.uuid();
                run.derive_again(&people).await?;
            }
            run.end(caller, &Ended { state: "done", ..Ended::default() }, Unit::new()).await
        })
        .await;
        self.store().give_back_lease(&lease).await?;
        derived
    }
}
