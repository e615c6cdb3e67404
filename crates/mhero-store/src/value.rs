//! Parameters and results: one of five kinds, each with a typed NULL.

use mhero_core::{Lang, micros};

use crate::StoreError;

/// A parameter or a result cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// BIGINT.
    Int(Option<i64>),
    /// DOUBLE PRECISION.
    Float(Option<f64>),
    /// BOOLEAN, 0 or 1 on SQLite.
    Bool(Option<bool>),
    /// TEXT.
    Text(Option<String>),
    /// BYTEA or BLOB; ids are 16 bytes.
    Bytes(Option<Vec<u8>>),
    /// A NULL as SQLite returns it, of no known kind. Never a parameter.
    Null,
}

/// One row of a result.
#[derive(Clone, Debug)]
pub struct Row {
    pub(crate) cells: Vec<Value>,
}

/// What can be read from a cell.
pub trait FromValue: Sized {
    /// Reads a cell, or says why not.
    ///
    /// # Errors
    /// When the cell holds another kind.
    fn from_value(value: &Value) -> Result<Self, String>;
}

impl Row {
    /// Reads a column, counted from 0.
    ///
    /// # Errors
    /// [`StoreError::Value`] when the column is missing or of another kind.
    pub fn get<T: FromValue>(&self, column: usize) -> Result<T, StoreError> {
        let wrong = |detail| StoreError::Value { statement: String::new(), column, detail };
        let cell =
            self.cells.get(column).ok_or_else(|| wrong(format!("there are only {} columns", self.cells.len())))?;
        T::from_value(cell).map_err(wrong)
    }
}

impl Value {
    fn is_null(&self) -> bool {
        matches!(
            self,
            Self::Null | Self::Int(None) | Self::Float(None) | Self::Bool(None) | Self::Text(None) | Self::Bytes(None)
        )
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Int(_) => "integer",
            Self::Float(_) => "float",
            Self::Bool(_) => "boolean",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Null => "NULL",
        }
    }
}

fn wrong<T>(value: &Value, wanted: &str) -> Result<T, String> {
    Err(format!("it is {}{}, not {wanted}", if value.is_null() { "NULL " } else { "" }, value.kind()))
}

impl FromValue for i64 {
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Int(Some(x)) => Ok(*x),
            Value::Bool(Some(x)) => Ok(Self::from(*x)),
            other => wrong(other, "an integer"),
        }
    }
}

impl FromValue for bool {
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Bool(Some(x)) => Ok(*x),
            Value::Int(Some(x)) => Ok(*x != 0),
            other => wrong(other, "a boolean"),
        }
    }
}

impl FromValue for f64 {
    #[expect(clippy::cast_precision_loss, reason = "SQLite may give a whole float as an integer; ours are small")]
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Float(Some(x)) => Ok(*x),
            Value::Int(Some(x)) => Ok(*x as Self),
            other => wrong(other, "a number"),
        }
    }
}

impl FromValue for String {
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Text(Some(x)) => Ok(x.clone()),
            other => wrong(other, "a text"),
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Bytes(Some(x)) => Ok(x.clone()),
            other => wrong(other, "bytes"),
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Result<Self, String> {
        if value.is_null() { Ok(None) } else { T::from_value(value).map(Some) }
    }
}

impl FromValue for jiff::Timestamp {
    fn from_value(value: &Value) -> Result<Self, String> {
        i64::from_value(value).map(mhero_core::timestamp)
    }
}

macro_rules! plain {
    ($($from:ty => $variant:ident $convert:expr),+ $(,)?) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Self {
                Self::$variant(Some($convert(value)))
            }
        }
        impl From<Option<$from>> for Value {
            fn from(value: Option<$from>) -> Self {
                Self::$variant(value.map($convert))
            }
        }
    )+};
}

plain! {
    i64 => Int |x| x,
    i32 => Int i64::from,
    u32 => Int i64::from,
    f64 => Float |x| x,
    bool => Bool |x| x,
    String => Text |x| x,
    &str => Text str::to_owned,
    &String => Text String::clone,
    Vec<u8> => Bytes |x| x,
    &[u8] => Bytes <[u8]>::to_vec,
    jiff::Timestamp => Int micros,
    uuid::Uuid => Bytes |x: uuid::Uuid| x.as_bytes().to_vec(),
}

macro_rules! ids {
    ($($id:ident),+ $(,)?) => {$(
        plain!(mhero_core::$id => Bytes mhero_core::$id::bytes);
        impl FromValue for mhero_core::$id {
            fn from_value(value: &Value) -> Result<Self, String> {
                match value {
                    Value::Bytes(Some(x)) => Self::from_bytes(x).ok_or_else(|| format!("{} bytes are no id", x.len())),
                    other => wrong(other, "an id"),
                }
            }
        }
    )+};
}

ids!(
    AuditId,
    BillId,
    BroadcastId,
    BudgetId,
    CadreId,
    CampaignEventId,
    CampaignId,
    ChannelId,
    ConversationId,
    EffectId,
    ExchangeId,
    FieldId,
    FlowId,
    GrantId,
    GroupId,
    ImportId,
    IntakeId,
    JobId,
    MessageId,
    PersonId,
    PlaceId,
    PositionId,
    PriceId,
    ProgrammeId,
    RunId,
    SessionId,
    SourceId,
    SourceRecordId,
    StartId,
    SubmissionId,
    ThreadId,
    TitleId,
    TokenId,
    TriggerId,
    UserId,
);

impl FromValue for uuid::Uuid {
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Bytes(Some(x)) => Self::from_slice(x).map_err(|_| format!("{} bytes are no id", x.len())),
            other => wrong(other, "an id"),
        }
    }
}

macro_rules! words {
    ($($word:ident),+ $(,)?) => {$(
        plain!(mhero_core::$word => Text |x: mhero_core::$word| x.as_str().to_owned());
        impl FromValue for mhero_core::$word {
            fn from_value(value: &Value) -> Result<Self, String> {
                String::from_value(value)?.parse().map_err(|e: mhero_core::UnknownWord| e.to_string())
            }
        }
    )+};
}

words!(Direction, InboundState, MessageKind, MessageState, RetentionClass, Role, SubmissionState);

plain!(Lang => Text |x: Lang| x.as_str().to_owned());

impl FromValue for Lang {
    fn from_value(value: &Value) -> Result<Self, String> {
        String::from_value(value)?.parse().map_err(|e: mhero_core::LangError| e.to_string())
    }
}

impl From<mhero_core::Lane> for Value {
    fn from(lane: mhero_core::Lane) -> Self {
        Self::Int(Some(lane.rank()))
    }
}

impl FromValue for mhero_core::Lane {
    fn from_value(value: &Value) -> Result<Self, String> {
        let rank = i64::from_value(value)?;
        Self::from_rank(rank).ok_or_else(|| format!("{rank} is no lane"))
    }
}

/// JSON is an opaque text to the store.
impl FromValue for mhero_core::LangMap {
    fn from_value(value: &Value) -> Result<Self, String> {
        serde_json::from_str(&String::from_value(value)?).map_err(|e| e.to_string())
    }
}

impl From<&mhero_core::LangMap> for Value {
    fn from(map: &mhero_core::LangMap) -> Self {
        // A map of strings always serialises.
        Self::Text(Some(serde_json::to_string(map).unwrap_or_else(|_| "{}".into())))
    }
}
