//! Sources that are registries: added with settings that their connector knows, tested, changed and removed.

use std::{collections::BTreeMap, sync::Arc};

use mhero_core::{Right, SourceId, record::Reason};
use mhero_store::{Queue, Source, StoreError, Unit};
use serde_json::json;

use super::{
    schedule::{DUE_TIMER, SILENCE_TIMER},
    settings::{COMMON_KEYS, SyncSettings},
    subscribe::SUBSCRIBE_TIMER,
};
use crate::{
    App, AppError, Caller,
    people::NewSource,
    ports::{Connector, Registry, SourceSettings},
};

/// What the sealed settings of a source are bound to, beside its id.
const SECRET: &str = "source.secret";
/// Longest name of a source, in characters.
const NAME_MAX: usize = 60;
/// The kind of sources that are sets of files: nothing is pulled from them.
const FILES: &str = "files";
/// What every key that gives a column of tables its system begins with.
const IDENTIFIER: &str = "identifier.";
/// What every key that gives a column of tables its meaning begins with.
const COLUMN: &str = "column.";

/// What is to be changed of a source; the rest stays as it is.
#[derive(Clone, Default)]
pub struct SourceChange {
    /// Where it is read from.
    pub url: Option<String>,
    /// Settings by key; an empty value takes one away.
    pub config: Vec<(String, String)>,
    /// Whose values count: the lower number wins.
    pub rank: Option<i64>,
}

/// Settings as they are stored: open ones as JSON, and sealed ones.
type Stored = (String, Option<Vec<u8>>);

impl App {
    /// Adds a source that people come from.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the name is empty or taken, for an unknown kind or key, and for what the connector refuses.
    pub async fn add_source(&self, caller: &Caller, new: &NewSource) -> Result<Source, AppError> {
        caller.must(Right::Settings)?;
        let name = new.name.trim();
        if name.is_empty() {
            return Err(AppError::invalid("import-source-nameless", []));
        }
        if name.chars().count() > NAME_MAX {
            return Err(AppError::invalid("sync-source-name", [("max", NAME_MAX.to_string())]));
        }
        self.store().decide(|| self.try_adding_source(caller, name, new)).await
    }

    async fn try_adding_source(&self, caller: &Caller, name: &str, new: &NewSource) -> Result<Source, AppError> {
        let there = self.store().sources().await?;
        if there.iter().any(|source| source.name == name) {
            return Err(AppError::invalid("import-source-exists", [("source", name.to_owned())]));
        }
        let all: BTreeMap<String, String> = new.config.iter().cloned().collect();
        let id = self.store().mint().id(SourceId::from_uuid);
        let (config, secret) = self.checked(id, (name, &new.kind), new.url.as_deref(), all)?;
        let source = Source {
            id,
            name: name.to_owned(),
            kind: new.kind.clone(),
            url: new.url.clone(),
            config,
            rank: new.rank.unwrap_or_else(|| crate::people::behind_all(&there)),
            created_at: self.clock().now_micros(),
            version: 1,
        };
        let settings = SyncSettings::read(&source.config)?;
        self.check_written(caller, &settings).await?;
        let mut unit = Unit::new();
        unit.add_source(&source, secret);
        if new.kind != FILES {
            self.plan(&mut unit, id, &settings, 0).await?;
            self.expect_word(&mut unit, id, &settings).await?;
            self.look_at_subscriptions(&mut unit, id, &settings).await?;
        }
        let facts = json!({"kind": source.kind, "rank": source.rank});
        unit.audit(self.store(), &caller.entry("source-added", "source", Some(source.id.uuid()), facts));
        match self.store().write(unit, Queue::Interactive).await {
            // Another writer has taken the name in the meantime; the next try says so.
            Err(StoreError::Exists { .. }) => Err(StoreError::Contention.into()),
            other => Ok(other.map(|_| source)?),
        }
    }

    /// Changes the settings of a source.
    ///
    /// # Errors
    /// As [`App::add_source`]; [`AppError::NotFound`].
    pub async fn set_source(&self, caller: &Caller, name: &str, change: &SourceChange) -> Result<Source, AppError> {
        caller.must(Right::Settings)?;
        self.store().decide(|| self.try_setting_source(caller, name, change)).await
    }

    /// Remembers what the columns of a source's tables mean, as whoever imports them said: `column.NAME` and the meaning.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::NotAllowed`] without the right to edit people of the whole country.
    pub async fn remember_columns(
        &self,
        caller: &Caller,
        name: &str,
        columns: &[(String, String)],
    ) -> Result<(), AppError> {
        caller.must(Right::EditPeople)?;
        if !caller.scope.all_places() {
            return Err(AppError::NotAllowed { right: Right::EditPeople });
        }
        let config: Vec<_> = columns.iter().filter(|(key, _)| key.starts_with(COLUMN)).cloned().collect();
        if config.is_empty() {
            return Ok(());
        }
        let change = SourceChange { config, ..SourceChange::default() };
        self.store().decide(|| self.try_setting_source(caller, name, &change)).await.map(drop)
    }

    async fn try_setting_source(&self, caller: &Caller, name: &str, change: &SourceChange) -> Result<Source, AppError> {
        let source = self.source_named(name).await?;
        let mut all = self.all_settings(&source).await?;
        for (key, value) in &change.config {
            if value.is_empty() {
                all.remove(key);
            } else {
                all.insert(key.clone(), value.clone());
            }
        }
        let url = change.url.clone().or_else(|| source.url.clone());
        let (config, secret) = self.checked(source.id, (&source.name, &source.kind), url.as_deref(), all)?;
        let source = Source { url, config, rank: change.rank.unwrap_or(source.rank), ..source };
        let settings = SyncSettings::read(&source.config)?;
        self.check_written(caller, &settings).await?;
        let mut unit = Unit::new();
        unit.set_source(&source, secret);
        if source.kind != FILES {
            self.plan(&mut unit, source.id, &settings, 0).await?;
            self.expect_word(&mut unit, source.id, &settings).await?;
            self.look_at_subscriptions(&mut unit, source.id, &settings).await?;
        }
        let keys: Vec<&str> = change.config.iter().map(|(key, _)| key.as_str()).collect();
        let facts = json!({"keys": keys, "rank": source.rank});
        unit.audit(self.store(), &caller.entry("source-changed", "source", Some(source.id.uuid()), facts));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(Source { version: source.version + 1, ..source })
    }

    /// Refuses settings whose audience means nothing.
    async fn check_written(&self, caller: &Caller, settings: &SyncSettings) -> Result<(), AppError> {
        match &settings.write_out {
            Some(query) => self.check_audience(caller, query).await.map(drop),
            None => Ok(()),
        }
    }

    /// Removes a source. What came from it stays, and the source with it as a set of files without address, settings and
    /// schedule; one from which nothing ever came vanishes. True when it vanished.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn remove_source(&self, caller: &Caller, name: &str) -> Result<bool, AppError> {
        caller.must(Right::Settings)?;
        let source = self.source_named(name).await?;
        let vanishes = self.store().record_marks(source.id).await?.is_empty();
        let mut unit = Unit::new();
        if vanishes {
            unit.drop_source(source.id);
        } else {
            unit.retire_source(source.id, &source.name);
        }
        let key = source.id.to_string();
        unit.clear_timer(DUE_TIMER, &key).clear_timer(SILENCE_TIMER, &key);
        unit.drop_sync_state(source.id).drop_owner(source.id).drop_consent(source.id).forget_source_stops(source.id);
        unit.clear_timer(SUBSCRIBE_TIMER, &key).forget_written_out(source.id);
        self.end_subscriptions(&mut unit, source.id).await?;
        let facts = json!({"kind": source.kind, "vanishes": vanishes});
        unit.audit(self.store(), &caller.entry("source-removed", "source", Some(source.id.uuid()), facts));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(vanishes)
    }

    /// Looks whether a source answers, lets us in and holds what we read, without changing anything. What was found comes back as
    /// remarks.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Invalid`] saying what is wrong.
    pub async fn test_source(&self, caller: &Caller, name: &str) -> Result<Vec<Reason>, AppError> {
        caller.must(Right::Settings)?;
        let source = self.source_named(name).await?;
        if source.kind == FILES {
            return Ok(vec![Reason::plain("sync-files-need-no-test")]);
        }
        let registry = self.registry(source.id).await?;
        self.on_journey(registry.check()).await.map_err(AppError::Invalid)
    }

    /// The registry behind a source.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Invalid`] for a set of files, and for settings that its connector refuses.
    pub async fn registry(&self, source: SourceId) -> Result<Arc<dyn Registry>, AppError> {
        let source = self.source_by_id(source).await?;
        let connector = self.connector(&source.kind).ok_or_else(|| {
            AppError::invalid("sync-not-a-registry", [("source", source.name.clone()), ("kind", source.kind.clone())])
        })?;
        let config = self.all_settings(&source).await?;
        connector.build(self, &SourceSettings { id: source.id, name: source.name, url: source.url, config })
    }

    /// The source of a name.
    pub(super) async fn source_named(&self, name: &str) -> Result<Source, AppError> {
        let sources = self.store().sources().await?;
        sources.into_iter().find(|source| source.name == name).ok_or_else(|| AppError::not_found("source", name))
    }

    /// The source of an id.
    pub(crate) async fn source_by_id(&self, id: SourceId) -> Result<Source, AppError> {
        let sources = self.store().sources().await?;
        sources.into_iter().find(|source| source.id == id).ok_or_else(|| AppError::not_found("source", id))
    }

    /// All settings of a source, secrets among them.
    async fn all_settings(&self, source: &Source) -> Result<BTreeMap<String, String>, AppError> {
        let unreadable = |_| AppError::invalid("sync-settings-unreadable", [("source", source.name.clone())]);
        let mut all: BTreeMap<String, String> = serde_json::from_str(&source.config).map_err(unreadable)?;
        if let Some(sealed) = self.store().source_secret(source.id).await? {
            let open = self.unseal(SECRET, source.id.uuid(), &sealed)?;
            let secrets: BTreeMap<String, String> = serde_json::from_slice(&open).map_err(unreadable)?;
            all.extend(secrets);
        }
        Ok(all)
    }

    /// Checks settings against their connector, and parts the secrets from the rest.
    fn checked(
        &self,
        id: SourceId,
        (name, kind): (&str, &str),
        url: Option<&str>,
        all: BTreeMap<String, String>,
    ) -> Result<Stored, AppError> {
        let connector = self.connector(kind);
        if connector.is_none() && kind != FILES {
            let known = std::iter::once(FILES).chain(self.connector_kinds().filter(|known| *known != FILES));
            let known = known.collect::<Vec<_>>().join(", ");
            return Err(AppError::invalid("sync-unknown-kind", [("kind", kind.to_owned()), ("known", known)]));
        }
        let keys = connector.map_or(&[][..], |connector| Connector::keys(connector.as_ref()));
        for key in all.keys().filter(|key| kind != FILES && !key.starts_with(IDENTIFIER)) {
            if !COMMON_KEYS.contains(&key.as_str()) && !keys.iter().any(|(known, _)| known == key) {
                let known = keys.iter().map(|(known, _)| *known).chain(COMMON_KEYS).collect::<Vec<_>>().join(", ");
                return Err(AppError::invalid("sync-unknown-key", [("key", key.clone()), ("known", known)]));
            }
        }
        if let Some(connector) = connector.filter(|_| kind != FILES) {
            let (name, url) = (name.to_owned(), url.map(ToOwned::to_owned));
            connector.build(self, &SourceSettings { id, name, url, config: all.clone() })?;
        }
        let is_secret = |key: &str| keys.iter().any(|(known, secret)| *known == key && *secret);
        let (secret, open): (BTreeMap<_, _>, BTreeMap<_, _>) = all.into_iter().partition(|(key, _)| is_secret(key));
        let open = json!(open).to_string();
        SyncSettings::read(&open)?;
        let secret = match secret.is_empty() {
            true => None,
            false => Some(self.seal(SECRET, id.uuid(), json!(secret).to_string().as_bytes())?),
        };
        Ok((open, secret))
    }
}
