//! What is wrong with a flow, as the specification tells it. Our own checks, which are stricter, are in `checks`.

use std::{collections::HashSet, sync::Arc};

use mhero_core::Lang;
use serde::{Serialize, Serializer, ser::SerializeMap};
use uuid::Uuid;

use super::{
    dependencies::{Dependency, DependencyTarget, Found, Known},
    texts::Translations,
};
use crate::definition::{ActionKind, Flow, Property, RouterKind};

/// Something that is wrong with a flow, with its place. JSON as the specification has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// The node.
    pub node_uuid: Uuid,
    /// The action; none means the router.
    pub action_uuid: Option<Uuid>,
    /// The language of the translation that it is in; none means the flow's own.
    pub language: Option<Lang>,
    /// What is wrong.
    pub kind: IssueKind,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IssueKind {
    /// A pattern that can't be read.
    InvalidRegex {
        /// The pattern.
        regex: Arc<str>,
    },
    /// Recipients given by expressions rather than by a query.
    LegacyVars {
        /// The expressions.
        vars: Vec<Arc<str>>,
    },
    /// Something that the flow refers to is not there.
    MissingDependency {
        /// What is missing.
        dependency: Dependency,
    },
}

impl Issue {
    /// What is wrong, in the specification's words.
    pub fn description(&self) -> String {
        match &self.kind {
            IssueKind::InvalidRegex { regex } => format!("invalid regex: {regex}"),
            IssueKind::LegacyVars { .. } => "use of expressions instead of contact query".to_owned(),
            IssueKind::MissingDependency { dependency } => match &dependency.target {
                DependencyTarget::Uuid(uuid) => format!("missing {} dependency '{uuid}'", dependency.kind.word()),
                DependencyTarget::Key(key) => format!("missing {} dependency '{key}'", dependency.kind.word()),
            },
        }
    }

    /// The word of the specification for what is wrong.
    pub const fn word(&self) -> &'static str {
        match self.kind {
            IssueKind::InvalidRegex { .. } => "invalid_regex",
            IssueKind::LegacyVars { .. } => "legacy_vars",
            IssueKind::MissingDependency { .. } => "missing_dependency",
        }
    }
}

impl Serialize for Issue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", self.word())?;
        map.serialize_entry("node_uuid", &self.node_uuid)?;
        if let Some(action) = &self.action_uuid {
            map.serialize_entry("action_uuid", action)?;
        }
        if let Some(language) = &self.language {
            map.serialize_entry("language", language.as_str())?;
        }
        map.serialize_entry("description", &self.description())?;
        match &self.kind {
            IssueKind::InvalidRegex { regex } => map.serialize_entry("regex", &**regex)?,
            IssueKind::LegacyVars { vars } => {
                map.serialize_entry("vars", &vars.iter().map(|var| &**var).collect::<Vec<_>>())?;
            }
            IssueKind::MissingDependency { dependency } => map.serialize_entry("dependency", dependency)?,
        }
        map.end()
    }
}

/// The issues of a flow, by kind, then in the order of the nodes.
pub(super) fn find(flow: &Flow, dependencies: &[Found<'_>], known: Option<&dyn Known>) -> Vec<Issue> {
    let mut issues = invalid_regexes(flow);
    issues.extend(legacy_vars(flow));
    issues.extend(known.into_iter().flat_map(|known| missing(dependencies, known)));
    issues
}

/// Patterns that can't be read. What an expression gives is known only when the flow runs.
pub(crate) fn invalid_regexes(flow: &Flow) -> Vec<Issue> {
    let translations = Translations::of(flow);
    let mut issues = Vec::new();
    for node in &flow.nodes {
        let Some(RouterKind::Switch { cases, .. }) = node.router.as_ref().map(|router| &router.kind) else { continue };
        for case in cases.iter().filter(|case| &*case.test == "has_pattern") {
            let translated =
                translations.all(case.uuid, Property::Arguments).map(|(language, all)| (Some(language), all));
            for (language, arguments) in std::iter::once((None, case.arguments.as_slice())).chain(translated) {
                let Some(pattern) = arguments.first().filter(|pattern| pattern.is_plain()) else { continue };
                if mhero_expr::is_pattern(pattern.source()) {
                    continue;
                }
                let kind = IssueKind::InvalidRegex { regex: pattern.source().into() };
                issues.push(Issue { node_uuid: node.uuid, action_uuid: None, language, kind });
            }
        }
    }
    issues
}

fn legacy_vars(flow: &Flow) -> impl Iterator<Item = Issue> {
    let actions = flow.nodes.iter().flat_map(|node| node.actions.iter().map(move |action| (node, action)));
    actions.filter_map(|(node, action)| match &action.kind {
        ActionKind::StartSession(it) if !it.recipients.legacy_vars.is_empty() => {
            let vars = it.recipients.legacy_vars.iter().map(|var| var.source().into()).collect();
            let kind = IssueKind::LegacyVars { vars };
            Some(Issue { node_uuid: node.uuid, action_uuid: Some(action.uuid), language: None, kind })
        }
        _ => None,
    })
}

/// What is not there, once for each place that names it.
fn missing(dependencies: &[Found<'_>], known: &dyn Known) -> Vec<Issue> {
    let mut seen = HashSet::new();
    let mut issues = Vec::new();
    for found in dependencies {
        if known.knows(found.dependency.kind, &found.dependency.target) {
            continue;
        }
        let (node_uuid, action_uuid) = (found.node.uuid, found.action.map(|action| action.uuid));
        let dependency = &found.dependency;
        if seen.insert((node_uuid, action_uuid, found.language, dependency.kind, &dependency.target)) {
            let kind = IssueKind::MissingDependency { dependency: dependency.clone() };
            issues.push(Issue { node_uuid, action_uuid, language: found.language, kind });
        }
    }
    issues
}
