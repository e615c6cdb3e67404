//! Groups, fields and the small things that flows refer to: those of an export, and those that its flows name without them.

use std::collections::HashSet;

use mhero_core::{FieldId, GroupId, Lang, LangMap, limits::NAME_CHARS_MAX};
use mhero_flow::{
    assets::Assets,
    definition::Flow,
    inspect::{DependencyKind, DependencyTarget, inspect},
};
use mhero_query::fold;
use mhero_store::{FlowAsset, Group, Queue, Unit};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{
    super::contact::WORK_FIELDS,
    import::{ExportReport, ImportedKind, ImportedOutcome, Renamed, text, uuid_of},
};
use crate::{App, AppError, Caller};

impl App {
    pub(super) async fn take_groups(
        &self,
        caller: &Caller,
        groups: &[Json],
        renamed: &mut Renamed,
        report: &mut ExportReport,
    ) -> Result<(), AppError> {
        for group in groups {
            let query = Some(text(group, "query")).filter(|query| !query.is_empty());
            let Some(id) = uuid_of(group) else { continue };
            self.take_group(caller, (id, text(group, "name")), query, renamed, report).await?;
        }
        Ok(())
    }

    /// One group: known by its id, or by its name; else made.
    async fn take_group(
        &self,
        caller: &Caller,
        (id, name): (Uuid, &str),
        query: Option<&str>,
        renamed: &mut Renamed,
        report: &mut ExportReport,
    ) -> Result<(), AppError> {
        let kind = ImportedKind::Group;
        let name: String = name.trim().chars().take(NAME_CHARS_MAX).collect();
        let name = if name.is_empty() { id.to_string() } else { name };
        if self.store().group(GroupId::from_uuid(id)).await?.is_some_and(|group| group.active) {
            report.add(kind, &name, ImportedOutcome::Known, Some(id));
            return Ok(());
        }
        if let Some(known) = self.store().group_named(&fold(&name)).await?.filter(|group| group.active) {
            renamed.insert(id.to_string(), known.id.to_string());
            report.add(kind, &name, ImportedOutcome::Known, Some(known.id.uuid()));
            return Ok(());
        }
        let (query, outcome) = match query {
            None => (None, ImportedOutcome::Created),
            Some(query) => match self.keeping(caller, query).await {
                Ok(query) => (Some(query), ImportedOutcome::Created),
                Err(AppError::Store(error)) => return Err(error.into()),
                Err(_) => {
                    let args = [("query", query.to_owned())];
                    let reason = mhero_core::record::Reason::new("flow-import-group-by-hand", args);
                    (None, ImportedOutcome::Changed(reason))
                }
            },
        };
        let now = self.clock().now_micros();
        let group = Group {
            id: GroupId::from_uuid(id),
            name: LangMap::one(Lang::ENGLISH, &name),
            query,
            active: true,
            created_by: caller.scope.principal(),
            created_at: now,
            updated_at: now,
            version: 1,
        };
        let mut unit = Unit::new();
        unit.add_group(&group, &fold(&name)).changed("group", id, "created", now);
        self.store().write(unit, Queue::Interactive).await?;
        report.add(kind, &name, outcome, Some(id));
        Ok(())
    }

    pub(super) async fn take_fields(&self, fields: &[Json], report: &mut ExportReport) -> Result<(), AppError> {
        for field in fields {
            let kind = match text(field, "type") {
                "number" => "number",
                "datetime" => "instant",
                _ => "text",
            };
            self.take_field(text(field, "key"), text(field, "name"), kind, report).await?;
        }
        Ok(())
    }

    async fn take_field(&self, key: &str, name: &str, kind: &str, report: &mut ExportReport) -> Result<(), AppError> {
        let name = if name.trim().is_empty() { key } else { name.trim() };
        let is_key = !key.is_empty()
            && key.chars().count() <= NAME_CHARS_MAX
            && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !is_key {
            let refused =
                AppError::invalid("flow-import-field-key", [("key", key.chars().take(80).collect::<String>())]);
            report.add(ImportedKind::Field, name, ImportedOutcome::Refused(refused), None);
            return Ok(());
        }
        let is_work = WORK_FIELDS.iter().any(|(work, _)| *work == key);
        let is_known = self.store().contact_fields().await?.iter().any(|field| field.key == key);
        if is_work || is_known {
            report.add(ImportedKind::Field, name, ImportedOutcome::Known, None);
            return Ok(());
        }
        let now = self.clock().now_micros();
        let id = self.store().mint().id(FieldId::from_uuid);
        let mut unit = Unit::new();
        unit.add_field(id, key, &LangMap::one(Lang::ENGLISH, name), kind, now);
        self.store().write(unit, Queue::Interactive).await?;
        report.add(ImportedKind::Field, name, ImportedOutcome::Created, None);
        Ok(())
    }

    /// What a flow names and the export does not hold is made, so that the flow runs; the report says so. True when something
    /// was.
    pub(super) async fn take_dependencies(
        &self,
        caller: &Caller,
        flow: &Flow,
        (flows, assets): (&HashSet<&str>, &Assets),
        renamed: &mut Renamed,
        report: &mut ExportReport,
    ) -> Result<bool, AppError> {
        let before = report.parts.len();
        for missing in inspect(flow, Some(assets)).dependencies.into_iter().filter(|one| one.missing) {
            let name = missing.name.trim().to_owned();
            match (missing.kind, &missing.target) {
                (DependencyKind::Group, DependencyTarget::Uuid(id)) => {
                    if !renamed.contains_key(&id.to_string()) {
                        self.take_group(caller, (*id, &name), None, renamed, report).await?;
                    }
                }
                (DependencyKind::Field, DependencyTarget::Key(key)) => {
                    self.take_field(key, &name, "text", report).await?;
                }
                (DependencyKind::Flow, DependencyTarget::Uuid(id)) => {
                    let id = id.to_string();
                    if !flows.contains(id.as_str()) {
                        let gone = AppError::not_found("flow", &name);
                        report.add(ImportedKind::Flow, &name, ImportedOutcome::Refused(gone), None);
                    }
                }
                (kind, target) => self.take_thing(kind.word(), target, &name, report).await?,
            }
        }
        Ok(report.parts.len() > before)
    }

    async fn take_thing(
        &self,
        kind: &str,
        target: &DependencyTarget,
        name: &str,
        report: &mut ExportReport,
    ) -> Result<(), AppError> {
        let (id, content) = match (kind, target) {
            ("label" | "topic" | "classifier" | "optin", DependencyTarget::Uuid(id)) => {
                (id.to_string(), json!({ "uuid": id, "name": name }))
            }
            ("template", DependencyTarget::Uuid(id)) => {
                (id.to_string(), json!({ "uuid": id, "name": name, "translations": [] }))
            }
            ("llm", DependencyTarget::Uuid(id)) => (id.to_string(), json!({ "uuid": id, "name": name, "type": "" })),
            ("global", DependencyTarget::Key(key)) => {
                (key.to_string(), json!({ "key": key, "name": if name.is_empty() { key } else { name }, "value": "" }))
            }
            // Channels and users are this installation's own; others are not kept.
            _ => return Ok(()),
        };
        let asset = FlowAsset { kind: kind.to_owned(), id, name: name.to_owned(), content: content.to_string() };
        let mut unit = Unit::new();
        unit.put_flow_asset(&asset, self.clock().now_micros());
        self.store().write(unit, Queue::Interactive).await?;
        let shown = if asset.name.is_empty() { asset.id.as_str() } else { asset.name.as_str() };
        report.add(ImportedKind::Thing, &format!("{kind} {shown}"), ImportedOutcome::Created, None);
        Ok(())
    }
}
