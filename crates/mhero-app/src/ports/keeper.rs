//! What a registry does beyond being read and corrected: it may hold our people, and it may tell us at once of changes.

use async_trait::async_trait;
use mhero_core::record::Reason;
use serde::Serialize;

/// One of our people, as an instance that a country keeps beside us should hold them.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub struct PersonOut {
    /// The id of its own record of them; `None` where none is known.
    #[serde(skip)]
    pub id: Option<String>,
    /// What [`WroteOut::held`] said the last time.
    #[serde(skip)]
    pub held: Option<String>,
    /// Its record of them as we last received it, for one that we never wrote.
    #[serde(skip)]
    pub raw: Option<String>,
    /// The name.
    pub name: String,
    /// The language, ISO 639-3.
    pub language: Option<String>,
    /// The best number, with its country; `None` where there is none, or none may be written to.
    pub phone: Option<String>,
    /// Values by key of the field.
    pub fields: Vec<(String, String)>,
    /// Names of groups.
    pub groups: Vec<String>,
    /// The id of the person's record in the registry that owns it, and the record's kind: `P1`, `Practitioner`.
    pub globalid: (String, String),
    /// Whether they asked us to stop everything.
    pub is_silent: bool,
}

impl std::fmt::Debug for PersonOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Names and numbers stay out of logs.
        f.debug_struct("PersonOut").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What became of writing somebody out.
#[derive(Clone, PartialEq, Eq)]
pub struct WroteOut {
    /// The id of the record there.
    pub id: String,
    /// What it holds now of what we write, in the connector's own words: it is given back the next time, and tells what was
    /// changed there meanwhile.
    pub held: String,
    /// Whether the record is new there.
    pub is_created: bool,
    /// Whether anything was written.
    pub is_changed: bool,
    /// Fields that somebody changed there meanwhile, and that were left as they are.
    pub kept: Vec<String>,
}

impl std::fmt::Debug for WroteOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WroteOut").field("id", &self.id).field("kept", &self.kept).finish_non_exhaustive()
    }
}

/// Why somebody was not written out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteOutError {
    /// It holds another in their place: an official must say which of them is whom.
    Conflict(Reason),
    /// It refuses this person, and will again until something changes.
    Refused(Reason),
    /// It can take nobody just now, or asks to be left in peace for a while: what was written stays, the rest later.
    Later(Reason),
}

/// What a value of a field is, for an instance that has to make the field first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutField {
    /// A text.
    Text,
    /// A number.
    Number,
    /// An instant.
    Instant,
}

/// An instance that a country keeps beside us, with our people in it.
#[async_trait]
pub trait Keeper: Send + Sync {
    /// Makes the fields and groups that are missing there; what is there is left as it is.
    ///
    /// # Errors
    /// Why one could not be made, in words. What was made before stays.
    async fn prepare_for_people(&self, fields: &[(String, OutField)], groups: &[String]) -> Result<(), WriteOutError>;

    /// Writes one of our people: creates the record or changes it, and never over what somebody changed there meanwhile.
    ///
    /// # Errors
    /// [`WriteOutError`].
    async fn write_person(&self, person: &PersonOut) -> Result<WroteOut, WriteOutError>;
}

/// How a subscription at a registry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It was asked for; the registry has not said that it works.
    Asked,
    /// It works.
    Active,
    /// The registry says that it can't reach us.
    Error,
    /// The registry has switched it off.
    Off,
}

impl Standing {
    /// The word in the store and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Active => "active",
            Self::Error => "error",
            Self::Off => "off",
        }
    }
}

/// A subscription as the registry has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscribed {
    /// Its id there.
    pub id: String,
    /// How it stands.
    pub standing: Standing,
    /// What the registry says is wrong, in its own words.
    pub says: String,
}

/// A registry that can be asked to tell us at once of changes.
#[async_trait]
pub trait Teller: Send + Sync {
    /// The kinds of records that it tells of.
    fn tells_of(&self) -> Vec<&'static str>;

    /// Asks it to tell an address of ours of changes of a kind. A subscription to the same that is there already is used.
    ///
    /// # Errors
    /// Why it does not, in words.
    async fn subscribe(&self, kind: &str, endpoint: &str) -> Result<Subscribed, Reason>;

    /// How a subscription stands; `None` where it is gone.
    ///
    /// # Errors
    /// Why nobody knows, in words.
    async fn subscription(&self, id: &str) -> Result<Option<Subscribed>, Reason>;

    /// Ends a subscription. One that is gone is no error.
    ///
    /// # Errors
    /// Why it could not be ended, in words.
    async fn unsubscribe(&self, id: &str) -> Result<(), Reason>;
}
