//! The values of the language.

mod compare;
mod convert;
mod format;
mod function;
mod json;
mod json_text;
mod number;
mod object;
mod text;

use std::{fmt, sync::Arc};

use jiff::{
    Zoned,
    civil::{Date, Time},
};

pub use function::Function;
pub(crate) use function::{Frame, Lambda};
pub use number::Number;
pub use object::{Name, Object};
pub(crate) use text::{Writer, offset_text};

use crate::error::ExprError;

/// A value of the language. Copies are cheap: texts, arrays and objects are shared.
#[derive(Clone, Default)]
pub enum Value {
    /// Nothing.
    #[default]
    Null,
    /// A text.
    Text(Arc<str>),
    /// A decimal number.
    Number(Number),
    /// True or false.
    Bool(bool),
    /// A day.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// An instant in a zone.
    DateTime(Zoned),
    /// Values in order.
    Array(Arc<[Value]>),
    /// Values by name.
    Object(Arc<Object>),
    /// Something to call.
    Function(Function),
    /// What failed. Functions that do not expect it fail with it.
    Error(ExprError),
}

impl Value {
    /// A text value.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// An array value.
    pub fn array(items: impl IntoIterator<Item = Self>) -> Self {
        Self::Array(items.into_iter().collect())
    }

    /// An object value.
    pub fn object(object: Object) -> Self {
        Self::Object(Arc::new(object))
    }

    /// A function of the language by its name, in any letter case. `None` when there is no such function.
    pub fn function(name: &str) -> Option<Self> {
        crate::functions::named(&name.to_lowercase()).map(|entry| Self::Function(Function::Named(entry)))
    }

    /// Whether this is nothing.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The value itself, or the error that it is.
    pub(crate) fn sound(&self) -> Result<&Self, ExprError> {
        match self {
            Self::Error(error) => Err(error.clone()),
            other => Ok(other),
        }
    }

    /// What an object stands for where a plain value is needed: its default, where it has one.
    pub(crate) fn plain(&self) -> &Self {
        match self {
            Self::Object(object) => object.default_value().map_or(self, Self::plain),
            other => other,
        }
    }
}

/// The type only: a value may be what a person wrote.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "Null",
            Self::Text(_) => "Text(…)",
            Self::Number(_) => "Number(…)",
            Self::Bool(_) => "Bool(…)",
            Self::Date(_) => "Date(…)",
            Self::Time(_) => "Time(…)",
            Self::DateTime(_) => "DateTime(…)",
            Self::Array(_) => "Array(…)",
            Self::Object(_) => "Object(…)",
            Self::Function(_) => "Function(…)",
            Self::Error(error) => return write!(f, "Error({error:?})"),
        })
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Self::Bool(b)
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Self::Number(n.into())
    }
}

impl From<Number> for Value {
    fn from(n: Number) -> Self {
        Self::Number(n)
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::object(object)
    }
}

/// A missing value is nothing.
impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
