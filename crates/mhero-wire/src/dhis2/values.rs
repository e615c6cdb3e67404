//! What is reported to DHIS2: values of a data set, as JSON or ADX, and events.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::PeriodType;

/// Longest value, in characters: what DHIS2 keeps.
pub const VALUE_CHARS_MAX: usize = 50_000;

/// What sort of value a data element takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueType {
    /// A whole number of any sign.
    Integer,
    /// A whole number from 0 on.
    Count,
    /// Any number.
    Number,
    /// 0 to 100.
    Percentage,
    /// Yes or no.
    Boolean,
    /// Yes, or nothing.
    TrueOnly,
    /// A day.
    Date,
    /// Words.
    Text,
}

impl ValueType {
    /// A value as DHIS2 takes it.
    ///
    /// # Errors
    /// What would be right.
    ///
    /// ```
    /// use mhero_wire::dhis2::ValueType;
    /// assert_eq!(ValueType::Count.fit(" 012 ").as_deref(), Ok("12"));
    /// assert_eq!(ValueType::Boolean.fit("Oui").as_deref(), Ok("true"));
    /// assert!(ValueType::Count.fit("-3").is_err());
    /// ```
    pub fn fit(self, text: &str) -> Result<String, &'static str> {
        let text = text.trim();
        let decimal = || {
            let plain = text.replace(',', ".");
            let number: f64 = plain.parse().ok()?;
            let has_digits = plain.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+'));
            (number.is_finite() && has_digits).then_some(number)
        };
        match self {
            Self::Integer => text.parse::<i32>().map(|n| n.to_string()).map_err(|_| "a whole number"),
            Self::Count => {
                text.parse::<i32>().ok().filter(|n| *n >= 0).map(|n| n.to_string()).ok_or("a whole number from 0 on")
            }
            Self::Number => decimal().map(|n| n.to_string()).ok_or("a number"),
            Self::Percentage => {
                decimal().filter(|n| (0.0..=100.0).contains(n)).map(|n| n.to_string()).ok_or("a number from 0 to 100")
            }
            Self::Boolean | Self::TrueOnly => match (self, truth(text)) {
                (_, Some(true)) => Ok("true".to_owned()),
                (Self::Boolean, Some(false)) => Ok("false".to_owned()),
                (Self::Boolean, _) => Err("yes or no"),
                _ => Err("yes, or nothing"),
            },
            Self::Date => text
                .get(..10)
                .and_then(|day| day.parse::<jiff::civil::Date>().ok())
                .map(|day| day.to_string())
                .ok_or("a day, 2026-03-15"),
            Self::Text if text.is_empty() => Err("words"),
            Self::Text => Ok(text.chars().take(VALUE_CHARS_MAX).collect()),
        }
    }
}

fn truth(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "oui" | "o" => Some(true),
        "no" | "n" | "false" | "0" | "non" => Some(false),
        _ => None,
    }
}

/// One value, and of which result of a flow it is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataValue {
    /// The key of the result.
    pub result: String,
    /// The data element.
    pub element: String,
    /// The category option combination; none for the default one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub combo: Option<String>,
    /// The value, as [`ValueType::fit`] writes it.
    pub value: String,
}

/// Never what is reported.
impl std::fmt::Debug for DataValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DataValue").field("element", &self.element).finish_non_exhaustive()
    }
}

/// The values of one unit and period of a data set.
#[derive(Clone, Copy, Debug)]
pub struct ValueSet<'a> {
    /// The data set.
    pub data_set: &'a str,
    /// The unit.
    pub unit: &'a str,
    /// The period.
    pub period: &'a str,
    /// The attribute option combination; none for the default one.
    pub attribute_combo: Option<&'a str>,
    /// The day on which the set counts as complete; `None` leaves that open.
    pub complete: Option<&'a str>,
    /// The values.
    pub values: &'a [DataValue],
}

impl ValueSet<'_> {
    /// The body of `POST /api/dataValueSets`.
    pub fn to_json(&self) -> Value {
        let value = |own: &DataValue| {
            let mut value = json!({ "dataElement": own.element, "value": own.value });
            if let Some(combo) = &own.combo {
                value["categoryOptionCombo"] = json!(combo);
            }
            // Older servers read these from each value, newer ones from the head as well.
            value["period"] = json!(self.period);
            value["orgUnit"] = json!(self.unit);
            value
        };
        let mut set = json!({
            "dataSet": self.data_set, "period": self.period, "orgUnit": self.unit,
            "dataValues": self.values.iter().map(value).collect::<Vec<_>>(),
        });
        if let Some(combo) = self.attribute_combo {
            set["attributeOptionCombo"] = json!(combo);
        }
        if let Some(day) = self.complete {
            set["completeDate"] = json!(day);
        }
        set
    }

    /// The same as ADX (IHE QRPH, `urn:ihe:qrph:adx:2015`). A category option combination stands as `CATEGORY=OPTION` pairs with
    /// commas between. `None` where the period is none of the type.
    pub fn to_adx(&self, kind: PeriodType, exported: jiff::Timestamp) -> Option<String> {
        use crate::csd::Element;
        let at = |name: &str| Element { name: name.to_owned(), ..Element::default() };
        let period = kind.adx(self.period)?;
        let mut group = at("group").with("orgUnit", self.unit).with("period", &period).with("dataSet", self.data_set);
        if let Some(day) = self.complete {
            group.set_attribute("completeDate", day);
        }
        for own in self.values {
            let mut value = at("dataValue").with("dataElement", &own.element).with("value", &own.value);
            for (category, option) in
                own.combo.iter().flat_map(|combo| combo.split(',')).filter_map(|c| c.split_once('='))
            {
                let (category, option) = (category.trim(), option.trim());
                let is_name = category.starts_with(|c: char| c.is_alphabetic() || c == '_')
                    && category.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
                if is_name {
                    value.set_attribute(category, option);
                }
            }
            group = group.child(value);
        }
        let adx = at("adx").with("exported", &exported.to_string()).child(group);
        let text = adx.to_xml();
        Some(text.replacen(
            "<adx",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<adx xmlns=\"urn:ihe:qrph:adx:2015\"",
            1,
        ))
    }
}

/// One event of a programme without registration.
#[derive(Clone, Copy, Debug)]
pub struct EventOut<'a> {
    /// Its id, made by us, so that it is one event however often it is sent.
    pub id: &'a str,
    /// The programme.
    pub program: &'a str,
    /// Its stage.
    pub stage: &'a str,
    /// The unit.
    pub unit: &'a str,
    /// When it happened: a day, or local time without a zone.
    pub occurred: &'a str,
    /// The values.
    pub values: &'a [DataValue],
}

impl EventOut<'_> {
    /// The body of `POST /api/tracker`.
    pub fn to_json(&self) -> Value {
        let values: Vec<Value> =
            self.values.iter().map(|own| json!({ "dataElement": own.element, "value": own.value })).collect();
        json!({ "events": [{
            "event": self.id, "program": self.program, "programStage": self.stage, "orgUnit": self.unit,
            "occurredAt": self.occurred, "status": "COMPLETED", "dataValues": values,
        }]})
    }
}

/// An id as DHIS2 has them, eleven letters and digits with a letter first, made of any bytes: the same of the same.
///
/// ```
/// use mhero_wire::dhis2::uid_of;
/// assert_eq!(uid_of(b"run 1"), uid_of(b"run 1"));
/// assert_eq!(uid_of(b"run 1").len(), 11);
/// ```
pub fn uid_of(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    // Two halves of a name-based UUID: 122 bits of SHA-1, of which 65 are used.
    let own = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, bytes).as_u128();
    let mut left = own;
    (0..11)
        .map(|at| {
            let among = if at == 0 { 52 } else { 62 };
            let letter = LETTERS[usize::try_from(left % among).unwrap_or(0)];
            left /= among;
            char::from(letter)
        })
        .collect()
}

/// Whether a text is an id as DHIS2 makes them.
pub fn is_uid(text: &str) -> bool {
    text.len() == 11
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
