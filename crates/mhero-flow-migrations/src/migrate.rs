//! Runs the steps from the version of a definition to the wanted one.

use serde_json::Value as Json;
use uuid::Uuid;

use crate::{
    MigrationError, Version, legacy,
    shape::{Map, text},
    steps::STEPS,
};

/// What a migration must be told about the place it is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What stands before the relative addresses of attachments in flows of version 11: `https://myfiles.com`.
    pub media_base: String,
}

/// Brings a definition to a version, the current one when none is named. A definition that is already there, or further,
/// comes back as it is. New ids are asked for in the order of the nodes.
///
/// # Errors
/// See [`MigrationError`]. What is malformed within a definition of version 13 or later is left for its reader to refuse.
pub fn migrate(
    definition: Json,
    to: Option<Version>,
    ids: &mut dyn FnMut() -> Uuid,
    options: &Options,
) -> Result<Json, MigrationError> {
    let mut from = version_of(&definition)?;
    if from > Version::CURRENT {
        return Err(MigrationError::TooNew { version: from });
    }
    let to = to.unwrap_or(Version::CURRENT);
    let definition = if from < Version::FIRST {
        if to < Version::FIRST {
            return Ok(definition);
        }
        from = Version::FIRST;
        legacy::migrate(definition, ids, options)?
    } else {
        definition
    };
    let Json::Object(mut flow) = definition else { return Err(MigrationError::NotAFlow) };
    for (version, step) in STEPS.iter().filter(|(version, _)| *version > from && *version <= to) {
        step(&mut flow, ids);
        flow.insert("spec_version".to_owned(), version.to_string().into());
    }
    Ok(Json::Object(flow))
}

/// The version of a definition. Flows of version 11 carry none of their own: they are known by their parts.
///
/// # Errors
/// [`MigrationError::NotAFlow`], [`MigrationError::UnknownVersion`] and [`MigrationError::Unsupported`].
pub fn version_of(definition: &Json) -> Result<Version, MigrationError> {
    let flow = definition.as_object().ok_or(MigrationError::NotAFlow)?;
    if is_legacy(flow) {
        return Ok(Version::new(11, 12, 0));
    }
    let version: Version = match flow.get("spec_version") {
        Some(Json::String(version)) => version.parse()?,
        Some(other) => {
            return Err(MigrationError::UnknownVersion { version: other.to_string().chars().take(32).collect() });
        }
        None => return Err(MigrationError::NotAFlow),
    };
    if version < Version::FIRST { Err(MigrationError::Unsupported { version }) } else { Ok(version) }
}

/// Whether a definition is one of version 11, with sets of actions and of rules.
fn is_legacy(flow: &Map) -> bool {
    let sets = ["action_sets", "rule_sets"].iter().any(|key| flow.contains_key(*key));
    sets || (text(flow, "spec_version").is_empty() && flow.contains_key("base_language"))
}
