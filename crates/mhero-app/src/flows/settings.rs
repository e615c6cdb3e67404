//! Settings of ours that stand beside a flow's definition.

use serde::{Deserialize, Serialize};

/// What a flow does besides what its definition says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FlowSettings {
    /// Beginning this flow ends the conversations that the person is in, as RapidPro does. Without it they are suspended and go
    /// on where they stood.
    pub interrupts: bool,
    /// While somebody is in this flow, only urgent keywords start another.
    pub ignores_keywords: bool,
}

impl FlowSettings {
    /// Reads stored settings; what can't be read is the default.
    pub(crate) fn read(json: &str) -> Self {
        serde_json::from_str(json).unwrap_or_default()
    }
}
