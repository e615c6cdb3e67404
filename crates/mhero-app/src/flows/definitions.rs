//! Definitions as people work with them: import, revisions, list, settings, archive.

use std::collections::HashMap;

use mhero_core::{FlowId, ProgrammeId, Right, limits::NAME_CHARS_MAX};
use mhero_flow::{
    assets::Assets,
    checks::{self, CheckOptions, Finding},
    definition::{Flow, FlowKind},
};
use mhero_query::fold;
use mhero_store::{FlowRow, NewFlowRevision, Queue, StoreError, Unit};
use serde_json::{Value as Json, json};

use super::settings::FlowSettings;
use crate::{App, AppError, Caller};

/// Largest definition taken, in bytes.
const DEFINITION_BYTES_MAX: usize = 10 * 1024 * 1024;

/// A flow that was saved.
#[derive(Clone, Debug)]
pub struct SavedFlow {
    /// The flow.
    pub id: FlowId,
    /// Its name.
    pub name: String,
    /// The revision that it now has.
    pub revision: i64,
    /// Whether the definition differs from the revision before.
    pub changed: bool,
    /// What the checks found.
    pub findings: Vec<Finding>,
}

/// A flow in a list.
#[derive(Clone, Debug)]
pub struct FlowListed {
    /// The flow.
    pub row: FlowRow,
    /// Its settings.
    pub settings: FlowSettings,
    /// How many sessions of it with people within the reader's scope have not ended, by the revision that they are pinned to.
    pub live: Vec<(i64, i64)>,
}

impl App {
    /// Saves a definition: a new flow, or a new revision of the flow with its UUID. Sessions under way keep their revision.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`], also for a flow of another programme; [`AppError::Invalid`] for what is no definition, naming node and property, and for a name that
    /// another flow bears.
    pub async fn save_flow(&self, caller: &Caller, json: &[u8], origin: &str) -> Result<SavedFlow, AppError> {
        caller.must(Right::Flows)?;
        if json.len() > DEFINITION_BYTES_MAX {
            let max = (DEFINITION_BYTES_MAX / 1024 / 1024).to_string();
            return Err(AppError::invalid("flow-too-large", [("max", max)]));
        }
        let flow = self.read_flow(json)?;
        self.must_save(caller, &flow).await?;
        self.refuse_leading_nowhere(&flow).await?;
        let findings = self.check_flow(&flow).await?;
        let saved = self.store().decide(|| self.save_read(caller, json, &flow, &findings, origin)).await;
        self.forget_flows();
        saved
    }

    /// Saves one of many definitions: whoever does forgets what is remembered of flows, and checks them, once all are there.
    pub(super) async fn save_of_many(&self, caller: &Caller, json: &[u8], origin: &str) -> Result<SavedFlow, AppError> {
        let flow = self.read_flow(json)?;
        self.store().decide(|| self.save_read(caller, json, &flow, &[], origin)).await
    }

    /// Refuses unless the caller may give a flow a revision, or make it where there is none.
    pub(super) async fn must_save(&self, caller: &Caller, flow: &Flow) -> Result<(), AppError> {
        match self.store().flow(FlowId::from_uuid(flow.uuid)).await? {
            Some(row) => self.must_change(caller, row.programme).await,
            None => self.programme_for_new(caller).await.map(|_| ()),
        }
    }

    async fn save_read(
        &self,
        caller: &Caller,
        received: &[u8],
        flow: &Flow,
        findings: &[Finding],
        origin: &str,
    ) -> Result<SavedFlow, AppError> {
        let id = FlowId::from_uuid(flow.uuid);
        let now = self.clock().now_micros();
        let (name, folded) = self.free_name(flow, id).await?;
        let definition = flow.to_json();
        let text = definition.to_string();
        let stored = self.store().flow(id).await?;
        let programme = match &stored {
            Some(row) => {
                self.must_change(caller, row.programme).await?;
                row.programme
            }
            None => self.programme_for_new(caller).await?,
        };
        let revision = stored.as_ref().map_or(1, |row| row.revision + 1);
        if let Some(row) = &stored
            && row.active
            && row.name == name
            && self.same_definition(row, &definition).await?
        {
            let findings = findings.to_vec();
            return Ok(SavedFlow { id, name, revision: row.revision, changed: false, findings });
        }
        let mut unit = Unit::new();
        let row = FlowRow {
            programme,
            name: name.clone(),
            origin: origin.to_owned(),
            ..next_row(flow, stored.as_ref(), now)
        };
        match &stored {
            Some(_) => unit.set_flow(&row, &folded, now),
            None => unit.add_flow(&row, &folded),
        };
        let original = std::str::from_utf8(received).ok().filter(|original| *original != text);
        // Checked again whenever somebody looks: what is missing today may be there tomorrow.
        let found = json!({ "count": findings.len() }).to_string();
        unit.add_flow_revision(
            NewFlowRevision {
                flow: id,
                revision,
                definition: &text,
                original,
                findings: &found,
                by: caller.scope.principal(),
            },
            now,
        );
        unit.changed("flow", id.uuid(), if stored.is_some() { "updated" } else { "created" }, now);
        let entry = caller.entry("flow-saved", "flow", Some(id.uuid()), json!({ "revision": revision }));
        unit.audit(self.store(), &entry);
        self.store().write(unit, Queue::Interactive).await.map_err(|error| taken(error, &name))?;
        Ok(SavedFlow { id, name, revision, changed: true, findings: findings.to_vec() })
    }

    /// The name of a flow, cut to length and made its own: an imported flow never replaces another of the same name.
    async fn free_name(&self, flow: &Flow, id: FlowId) -> Result<(String, String), AppError> {
        // A name stands in one line, and PostgreSQL stores no NUL: the import of everything else would fail with it.
        let printed: String = flow.name.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
        let base: String = printed.trim().chars().take(NAME_CHARS_MAX).collect();
        let base = if base.is_empty() { id.to_string() } else { base };
        for number in 1..100 {
            let name = if number == 1 { base.clone() } else { format!("{base} {number}") };
            let folded = fold(&name);
            match self.store().flow_by_name(&folded).await? {
                Some(other) if other.id != id => {}
                _ => return Ok((name, folded)),
            }
        }
        Err(AppError::invalid("flow-name-taken", [("name", base)]))
    }

    async fn same_definition(&self, row: &FlowRow, definition: &Json) -> Result<bool, AppError> {
        let stored = self.store().flow_revision(row.id, row.revision).await?;
        let stored = stored.and_then(|stored| serde_json::from_str::<Json>(&stored.definition).ok());
        Ok(stored.is_some_and(|stored| without_revision(stored) == without_revision(definition.clone())))
    }

    /// Flows by name, with who is in them.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn flows(&self, caller: &Caller, archived: bool) -> Result<Vec<FlowListed>, AppError> {
        caller.must(Right::ReadMessages)?;
        let mut live: HashMap<FlowId, Vec<(i64, i64)>> = HashMap::new();
        for (flow, revision, count) in self.store().live_by_flow(&caller.scope, None).await? {
            live.entry(flow).or_default().push((revision, count));
        }
        let rows = self.store().flows(archived).await?.into_iter();
        let listed = rows.map(|row| FlowListed {
            settings: FlowSettings::read(&row.settings),
            live: live.remove(&row.id).unwrap_or_default(),
            row,
        });
        Ok(listed.collect())
    }

    /// A flow by its id or its name; letter case and accents do not count.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn find_flow(&self, caller: &Caller, name: &str) -> Result<FlowRow, AppError> {
        caller.must(Right::ReadMessages)?;
        let by_id = match name.trim().parse::<FlowId>() {
            Ok(id) => self.store().flow(id).await?,
            Err(_) => None,
        };
        let found = match by_id {
            Some(row) => Some(row),
            None => self.store().flow_by_name(&fold(name)).await?,
        };
        found.ok_or_else(|| AppError::not_found("flow", name))
    }

    /// A flow with one of its revisions, read; the current one for `None`.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn flow_definition(
        &self,
        caller: &Caller,
        id: FlowId,
        revision: Option<i64>,
    ) -> Result<(FlowRow, std::sync::Arc<Flow>), AppError> {
        caller.must(Right::ReadMessages)?;
        let row = self.store().flow(id).await?.ok_or_else(|| AppError::not_found("flow", id))?;
        let flow = self.flow_at(id, revision.unwrap_or(row.revision)).await?;
        let flow = flow.ok_or_else(|| AppError::not_found("flow", id))?;
        Ok((row, flow))
    }

    /// What the checks find in the current revision, with what there is now.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn flow_findings(&self, caller: &Caller, id: FlowId) -> Result<Vec<Finding>, AppError> {
        let (_, flow) = self.flow_definition(caller, id, None).await?;
        self.check_flow(&flow).await
    }

    pub(super) async fn check_flow(&self, flow: &Flow) -> Result<Vec<Finding>, AppError> {
        let assets = self.assets_for_checks().await?;
        self.check_among(flow, &assets).await
    }

    /// What the checks find in a flow among others that are read already.
    pub(super) async fn check_among(&self, flow: &Flow, assets: &Assets) -> Result<Vec<Finding>, AppError> {
        let facts = self.facts_cached().await?;
        let options = CheckOptions { known: Some(assets), languages: &facts.languages, segments: 1 };
        Ok(checks::check(flow, &options))
    }

    /// Changes the settings of a flow.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::NotAllowed`].
    pub async fn set_flow_settings(&self, caller: &Caller, id: FlowId, settings: FlowSettings) -> Result<(), AppError> {
        self.change_flow(caller, id, "flow-settings-set", |row| {
            row.settings = serde_json::to_string(&settings).unwrap_or_else(|_| "{}".to_owned());
        })
        .await
    }

    /// Puts a flow away, or brings it back. Nobody is started in it any more; who is in it goes on.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::NotAllowed`].
    pub async fn archive_flow(&self, caller: &Caller, id: FlowId, archived: bool) -> Result<(), AppError> {
        self.change_flow(caller, id, "flow-archived", |row| row.active = !archived).await
    }

    /// Gives a flow to a programme, or to the whole country for `None`: only those who may change flows of both.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for the flow or the programme; [`AppError::NotAllowed`].
    pub async fn set_flow_programme(
        &self,
        caller: &Caller,
        id: FlowId,
        programme: Option<ProgrammeId>,
    ) -> Result<(), AppError> {
        self.must_change(caller, programme).await?;
        if let Some(programme) = programme
            && !self.store().is_programme(programme).await?
        {
            return Err(AppError::not_found("programme", programme));
        }
        self.change_flow(caller, id, "flow-programme-set", |row| row.programme = programme).await
    }

    async fn change_flow(
        &self,
        caller: &Caller,
        id: FlowId,
        action: &'static str,
        change: impl Fn(&mut FlowRow),
    ) -> Result<(), AppError> {
        caller.must(Right::Flows)?;
        self.store()
            .decide(|| async {
                let mut row = self.store().flow(id).await?.ok_or_else(|| AppError::not_found("flow", id))?;
                self.must_change(caller, row.programme).await?;
                change(&mut row);
                let now = self.clock().now_micros();
                let mut unit = Unit::new();
                unit.set_flow(&row, &fold(&row.name), now);
                unit.changed("flow", id.uuid(), "updated", now);
                unit.audit(self.store(), &caller.entry(action, "flow", Some(id.uuid()), json!({})));
                self.store().write(unit, Queue::Interactive).await?;
                Ok::<_, AppError>(())
            })
            .await?;
        self.forget_flows();
        Ok(())
    }
}

/// Whether people can be started in flows of a kind: voice waits for the telephone, offline ones run on other devices.
pub(super) const fn is_startable(kind: FlowKind) -> bool {
    matches!(kind, FlowKind::Messaging | FlowKind::MessagingBackground)
}

fn without_revision(mut definition: Json) -> Json {
    if let Some(all) = definition.as_object_mut() {
        all.remove("revision");
    }
    definition
}

fn taken(error: StoreError, name: &str) -> AppError {
    match error {
        StoreError::Exists { .. } => AppError::invalid("flow-name-taken", [("name", name.to_owned())]),
        other => other.into(),
    }
}

/// A flow as it stands with its next revision.
fn next_row(flow: &Flow, stored: Option<&FlowRow>, now: i64) -> FlowRow {
    FlowRow {
        id: FlowId::from_uuid(flow.uuid),
        name: flow.name.to_string(),
        kind: flow.kind.word().to_owned(),
        revision: stored.map_or(1, |row| row.revision + 1),
        settings: stored.map_or_else(|| "{}".to_owned(), |row| row.settings.clone()),
        origin: String::new(),
        programme: None,
        active: true,
        created_at: stored.map_or(now, |row| row.created_at),
        updated_at: now,
        version: stored.map_or(1, |row| row.version),
    }
}
