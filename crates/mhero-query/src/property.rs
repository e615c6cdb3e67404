//! What can be asked about, and how it is spelled.

use crate::Problem;

/// The left side of a condition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Property {
    /// Something that every installation knows.
    Attribute(Attribute),
    /// The addresses of one scheme: `tel`, `urns.tel`.
    Scheme(String),
    /// A field of the installation, by its key: `fields.age`.
    Field(String),
    /// When a course was attended, by its key: `training.emonc`.
    Course(String),
    /// A word that is none of the above: a field, or else a course. [`crate::check`] finds out.
    Named(String),
}

macro_rules! attributes {
    ($($(#[$doc:meta])* $name:ident = $word:literal),+ $(,)?) => {
        /// Something that every installation knows of its people.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Attribute { $($(#[$doc])* $name),+ }

        impl Attribute {
            /// Every attribute.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// How it is written.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }
        }
    };
}

attributes! {
    /// Our id of the person.
    Uuid = "uuid",
    /// The name.
    Name = "name",
    /// The preferred language.
    Language = "language",
    /// A phone number; `tel` is the same in RapidPro's words.
    Phone = "phone",
    /// Any address.
    Urn = "urn",
    /// A group.
    Group = "group",
    /// The cadre of a current position.
    Cadre = "cadre",
    /// The job title of a current position.
    Job = "job",
    /// Where a current position is, exactly.
    Facility = "facility",
    /// Where a current position is: this place and all below it.
    Place = "place",
    /// A course attended at any time.
    Training = "training",
    /// Female, male, other, unknown.
    Sex = "sex",
    /// The registry or files that the person comes from.
    Source = "source",
    /// The day on which the person came into the registry.
    CreatedOn = "created_on",
    /// The day of the last message to the person.
    LastSent = "last_sent",
    /// The day of the last message from the person; `last_seen_on` in RapidPro's words.
    LastHeard = "last_heard",
    /// A broadcast that was sent to the person.
    Sent = "sent",
    /// A broadcast that the person got, as far as anybody knows: sent and not reported to have failed, or perhaps sent.
    Got = "got",
    /// A broadcast that reached the phone.
    Delivered = "delivered",
    /// A broadcast that the person answered.
    Answered = "answered",
    /// RapidPro's old number of a contact; people of the registry have none.
    Id = "id",
    /// RapidPro's reference of a contact; people of the registry have none.
    Ref = "ref",
    /// Whether somebody asked to be sent nothing more: `active`, `stopped`. The specification has `blocked` and `archived` too.
    Status = "status",
    /// The flow that somebody is in.
    Flow = "flow",
    /// A flow that somebody is or was in.
    History = "history",
    /// The start of a flow in which somebody has a session, by its number.
    FlowStart = "flow_start",
    /// The start of a flow that somebody has answered, by its number.
    FlowReply = "flow_reply",
    /// The number of open tickets.
    Tickets = "tickets",
    /// What is known of somebody's numbers from evidence.
    NumberHealth = "number_health",
    /// Whether somebody is on leave today.
    OnLeave = "on_leave",
}

/// Whether a word is a scheme of addresses.
pub(crate) fn is_scheme(word: &str) -> bool {
    mhero_core::UrnScheme::of(word).is_some()
}

impl Attribute {
    /// The attribute of a word in small letters, RapidPro's words included.
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "last_seen_on" => Some(Self::LastHeard),
            _ => Self::ALL.iter().copied().find(|attribute| attribute.as_str() == word),
        }
    }

    /// Whether the registry can be asked for it. The others are of contacts in flows only.
    pub const fn is_known_here(self) -> bool {
        !matches!(self, Self::Id | Self::Ref)
    }

    /// Whether it is one of the flow specification; the others are those of a health workforce. [`Attribute::LastHeard`] is
    /// the specification's `last_seen_on`.
    pub const fn is_standard(self) -> bool {
        use Attribute as A;
        matches!(
            self,
            A::Uuid
                | A::Id
                | A::Ref
                | A::Name
                | A::Status
                | A::Language
                | A::Urn
                | A::Group
                | A::Flow
                | A::History
                | A::Tickets
                | A::CreatedOn
                | A::LastHeard
        )
    }

    /// Whether its values are instants.
    pub const fn is_instant(self) -> bool {
        matches!(self, Self::CreatedOn | Self::LastSent | Self::LastHeard)
    }

    /// Whether everybody has such a value, or it makes no sense to ask.
    pub const fn is_always_set(self) -> bool {
        use Attribute as A;
        matches!(
            self,
            A::CreatedOn
                | A::Id
                | A::Ref
                | A::Source
                | A::Status
                | A::Tickets
                | A::Uuid
                | A::FlowStart
                | A::FlowReply
                | A::NumberHealth
                | A::OnLeave
        )
    }

    /// Whether a group may be kept by a query that asks it.
    pub const fn may_define_group(self) -> bool {
        use Attribute as A;
        !matches!(self, A::Id | A::Ref | A::Status | A::Group | A::Flow | A::History | A::FlowStart | A::FlowReply)
    }
}

impl Property {
    /// Reads the word before an operator; letters of any case.
    ///
    /// # Errors
    /// [`Problem::UnknownPropertyType`] for a prefix other than `fields`, `urns` and `training`; [`Problem::Syntax`] for
    /// what can be no name of a property.
    pub fn read(text: &str) -> Result<Self, Problem> {
        let word = text.to_lowercase();
        let is_key = |key: &str| !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_');
        match word.split_once('.') {
            Some((kind, key)) if is_key(kind) && is_key(key) => match kind {
                "fields" => Ok(Self::Field(key.to_owned())),
                "urns" => Ok(Self::Scheme(key.to_owned())),
                "training" => Ok(Self::Course(key.to_owned())),
                _ => Err(Problem::UnknownPropertyType { kind: kind.to_owned() }),
            },
            None if is_key(&word) => Ok(match Attribute::of(&word) {
                Some(attribute) => Self::Attribute(attribute),
                None if is_scheme(&word) => Self::Scheme(word),
                None => Self::Named(word),
            }),
            _ => Err(Problem::syntax(text, crate::Expected::Property)),
        }
    }

    /// The word that people read and type; [`Property::read`] gives the same property again.
    pub fn word(&self) -> String {
        match self {
            Self::Attribute(attribute) => attribute.as_str().to_owned(),
            Self::Scheme(scheme) if is_scheme(scheme) && Attribute::of(scheme).is_none() => scheme.clone(),
            Self::Scheme(scheme) => format!("urns.{scheme}"),
            Self::Field(key) => format!("fields.{key}"),
            Self::Course(key) => format!("training.{key}"),
            Self::Named(key) => key.clone(),
        }
    }

    /// The unmistakable word in RapidPro's spelling: `fields.age`, `urns.tel`, `last_seen_on`.
    pub fn qualified(&self) -> String {
        match self {
            Self::Attribute(Attribute::Phone) => "urns.tel".to_owned(),
            Self::Attribute(Attribute::LastHeard) => "last_seen_on".to_owned(),
            Self::Scheme(scheme) => format!("urns.{scheme}"),
            Self::Named(key) => format!("fields.{key}"),
            other => other.word(),
        }
    }
}
