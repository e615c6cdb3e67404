//! Where definitions come from.

use std::{collections::HashMap, sync::Arc};

use uuid::Uuid;

use crate::{definition::Flow, error::DefinitionError, refs::FlowRef};

/// Where definitions come from. The server reads the revisions that sessions pin when they are asked for.
pub trait FlowSource: Send + Sync {
    /// The definition of a flow.
    ///
    /// # Errors
    /// [`FlowError`] when there is no such flow, or it can't be read.
    fn flow(&self, uuid: Uuid) -> Result<Arc<Flow>, FlowError>;

    /// The flow of a name; letter case does not count.
    fn named(&self, name: &str) -> Option<FlowRef>;
}

/// Why there is no definition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FlowError {
    /// There is no such flow.
    #[error("no such flow with UUID '{0}'")]
    Missing(Uuid),
    /// The definition can't be read.
    #[error(transparent)]
    Broken(DefinitionError),
}

/// Flows that were read before.
#[derive(Clone, Debug, Default)]
pub struct LoadedFlows {
    flows: HashMap<Uuid, Result<Arc<Flow>, FlowError>>,
    names: HashMap<String, FlowRef>,
}

impl LoadedFlows {
    /// Adds a flow, or why it can't be read.
    pub fn add(&mut self, reference: &FlowRef, flow: Result<Arc<Flow>, DefinitionError>) {
        self.names.insert(reference.name.to_lowercase(), reference.clone());
        self.flows.insert(reference.uuid, flow.map_err(FlowError::Broken));
    }
}

impl FromIterator<Arc<Flow>> for LoadedFlows {
    fn from_iter<T: IntoIterator<Item = Arc<Flow>>>(flows: T) -> Self {
        let mut all = Self::default();
        for flow in flows {
            all.add(&flow.reference(), Ok(flow));
        }
        all
    }
}

impl FlowSource for LoadedFlows {
    fn flow(&self, uuid: Uuid) -> Result<Arc<Flow>, FlowError> {
        self.flows.get(&uuid).cloned().unwrap_or(Err(FlowError::Missing(uuid)))
    }

    fn named(&self, name: &str) -> Option<FlowRef> {
        self.names.get(&name.to_lowercase()).cloned()
    }
}
