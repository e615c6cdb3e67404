//! Assets as a JSON file holds them.

use serde::{Deserialize, Serialize};

use super::*;

/// All assets but flows, as lists. The JSON is the specification's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StaticAssets {
    /// Campaigns.
    pub campaigns: Vec<Campaign>,
    /// Channels.
    pub channels: Vec<Channel>,
    /// Classifiers.
    pub classifiers: Vec<Classifier>,
    /// Contact fields.
    pub fields: Vec<Field>,
    /// Globals.
    pub globals: Vec<Global>,
    /// Groups.
    pub groups: Vec<GroupSource>,
    /// Labels.
    pub labels: Vec<Label>,
    /// Language models.
    pub llms: Vec<Llm>,
    /// Places; the roots are countries.
    pub locations: Vec<Location>,
    /// Opt-ins.
    pub optins: Vec<OptIn>,
    /// Resthooks.
    pub resthooks: Vec<Resthook>,
    /// Templates of messages.
    pub templates: Vec<MsgTemplate>,
    /// Topics of tickets.
    pub topics: Vec<Topic>,
    /// Users.
    pub users: Vec<User>,
}

impl StaticAssets {
    /// Reads a file of assets; its flows are read apart.
    ///
    /// # Errors
    /// When it is no JSON, or something in it is not what it should be.
    pub fn read(json: &serde_json::Value) -> Result<Self, serde_json::Error> {
        Self::deserialize(json)
    }
}
