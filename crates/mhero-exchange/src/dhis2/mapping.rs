//! What of a flow's results goes where in DHIS2: written by an administrator, as TOML or on a page.

use std::collections::BTreeMap;

use mhero_core::Lang;
use mhero_query::fold;
use mhero_wire::dhis2::{PeriodType, ValueType, is_uid};
use serde::{Deserialize, Serialize};

use super::Dhis2Error;

/// Data elements of one mapping at most.
pub const ELEMENTS_MAX: usize = 200;
/// Longest name, id or code, in characters.
const TEXT_MAX: usize = 230;
/// Longest file, in bytes.
pub const FILE_BYTES_MAX: usize = 256 * 1024;

/// What is made of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Values of a data set, for a unit and a period.
    #[default]
    Values,
    /// An event of a programme without registration.
    Event,
}

/// Which period is reported where the answers do not say it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// The last one that has ended.
    #[default]
    Previous,
    /// The one in which the report came.
    Current,
}

/// How values travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// DHIS2's own.
    #[default]
    Json,
    /// Aggregate Data Exchange of IHE.
    Adx,
}

/// By what ids things are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// DHIS2's own ids of eleven letters and digits.
    #[default]
    Uid,
    /// Codes that people gave.
    Code,
}

impl Scheme {
    /// As DHIS2 calls it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Uid => "UID",
            Self::Code => "CODE",
        }
    }
}

/// Which result goes to which data element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapped {
    /// The key of the result: `anc1`.
    pub result: String,
    /// The data element.
    pub element: String,
    /// The category option combination; for ADX as `CATEGORY=OPTION` pairs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub combo: Option<String>,
    /// What sort of value it is.
    #[serde(default = "count", rename = "type")]
    pub kind: ValueType,
    /// What stands for an answer: by category or value, folded. Where any is given, other answers are not taken.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
}

const fn count() -> ValueType {
    ValueType::Count
}

/// A condition on a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// The key of the result.
    pub result: String,
    /// The category that it must have.
    pub category: String,
}

/// A mapping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Its name.
    pub name: String,
    /// The DHIS2, by the name of its source.
    pub source: String,
    /// The flow, by its name.
    pub flow: String,
    /// What is made of a run.
    #[serde(default)]
    pub kind: Kind,
    /// Whether it is switched on.
    #[serde(default = "yes")]
    pub active: bool,
    /// The data set.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub data_set: String,
    /// The length of its periods: `Weekly`, `Monthly`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub period: String,
    /// Which period, where the answers do not say it.
    #[serde(default)]
    pub which: Which,
    /// The key of the result that says the period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_result: Option<String>,
    /// The attribute option combination.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute_combo: Option<String>,
    /// Whether the data set counts as complete with the report.
    #[serde(default)]
    pub complete: bool,
    /// How values travel.
    #[serde(default)]
    pub format: Format,
    /// The programme of an event.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub program: String,
    /// Its stage.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub stage: String,
    /// By what data elements, data set, programme and stage are named.
    #[serde(default)]
    pub scheme: Scheme,
    /// By what units are named.
    #[serde(default)]
    pub unit_scheme: Scheme,
    /// The system of the places' identifiers that are the units; without it the ids under which the source itself told them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_system: Option<String>,
    /// Whether somebody of the district agrees first.
    #[serde(default)]
    pub approval: bool,
    /// Whether the worker is told by SMS of what was not accepted.
    #[serde(default = "yes")]
    pub tell: bool,
    /// Only runs with this answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// Which result goes where.
    pub elements: Vec<Mapped>,
}

const fn yes() -> bool {
    true
}

impl Mapping {
    /// Reads a mapping from TOML.
    ///
    /// # Errors
    /// [`Dhis2Error::Mapping`] with what is wrong and where.
    ///
    /// ```
    /// let text = r#"
    /// name = "Monthly"
    /// source = "hmis"
    /// flow = "Monthly service data"
    /// data_set = "BfMAe6Itzgt"
    /// period = "Monthly"
    /// period_result = "month"
    /// when = { result = "confirmed", category = "OK" }
    /// [[elements]]
    /// result = "anc1"
    /// element = "fbfJHSPpUQD"
    /// "#;
    /// let mapping = mhero_exchange::dhis2::Mapping::from_toml(text).expect("it is right");
    /// assert_eq!(mapping.elements[0].result, "anc1");
    /// ```
    pub fn from_toml(text: &str) -> Result<Self, Dhis2Error> {
        if text.len() > FILE_BYTES_MAX {
            return Err(Dhis2Error::mapping("file", "", format!("at most {} kB", FILE_BYTES_MAX / 1024)));
        }
        let mapping: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| 1 + text[..span.start.min(text.len())].matches('\n').count());
            Dhis2Error::mapping("file", &format!("line {line}"), error.message().to_owned())
        })?;
        mapping.checked()
    }

    /// The mapping as TOML.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).unwrap_or_default()
    }

    /// The length of its periods.
    pub fn period_type(&self) -> PeriodType {
        PeriodType::of(&self.period).unwrap_or(PeriodType::Monthly)
    }

    /// The mapping, if it can be right.
    ///
    /// # Errors
    /// [`Dhis2Error::Mapping`] naming field, value and remedy.
    pub fn checked(self) -> Result<Self, Dhis2Error> {
        let wrong =
            |field: &'static str, value: &str, why: &str| Err(Dhis2Error::mapping(field, value, why.to_owned()));
        let is_empty = |text: &str| text.trim().is_empty() || text.chars().count() > TEXT_MAX;
        for (field, text) in [("name", &self.name), ("source", &self.source), ("flow", &self.flow)] {
            if is_empty(text) {
                return wrong(field, text, "give it in at most 230 letters");
            }
        }
        let id = |field: &'static str, text: &str| {
            let odd = "an id of DHIS2 has eleven letters and digits; for codes say scheme = \"code\"";
            let why = match self.scheme {
                _ if is_empty(text) => "give its id, as DHIS2 shows it",
                Scheme::Uid if !is_uid(text) => odd,
                _ => return Ok(()),
            };
            Err(Dhis2Error::mapping(field, text, why.to_owned()))
        };
        match self.kind {
            Kind::Values => {
                id("data_set", &self.data_set)?;
                if PeriodType::of(&self.period).is_none() {
                    let known = PeriodType::ALL.map(|(_, name)| name).join(", ");
                    return wrong("period", &self.period, &format!("one of {known}"));
                }
            }
            Kind::Event => {
                id("program", &self.program)?;
                id("stage", &self.stage)?;
                if self.format == Format::Adx {
                    return wrong("format", "adx", "ADX has no events");
                }
            }
        }
        if self.elements.is_empty() || self.elements.len() > ELEMENTS_MAX {
            return wrong("elements", "", "name one to 200 results, each with its data element");
        }
        let mut seen = std::collections::BTreeSet::new();
        for own in &self.elements {
            if is_empty(&own.result)
                || !own.result.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            {
                return wrong("result", &own.result, "the key of a result has small letters, digits and _");
            }
            id("element", &own.element)?;
            if let (Some(combo), Scheme::Uid, Format::Json) = (&own.combo, self.scheme, self.format)
                && !is_uid(combo)
            {
                return wrong("combo", combo, "an id of DHIS2 has eleven letters and digits");
            }
            if !seen.insert((&own.element, &own.combo)) {
                return wrong("element", &own.element, "it stands there twice");
            }
        }
        Ok(self)
    }

    /// The lines of a page that say which result goes where: `anc1 = fbfJHSPpUQD.HllvX50cXC0 count`.
    pub fn lines(&self) -> String {
        let line = |own: &Mapped| {
            let combo = own.combo.as_deref().map(|combo| format!(".{combo}")).unwrap_or_default();
            let kind = serde_json::to_value(own.kind).ok().and_then(|kind| kind.as_str().map(str::to_owned));
            let options: Vec<String> = own.options.iter().map(|(said, stands)| format!("{said}:{stands}")).collect();
            let options = if options.is_empty() { String::new() } else { format!(" {}", options.join("|")) };
            format!("{} = {}{combo} {}{options}", own.result, own.element, kind.unwrap_or_default())
        };
        self.elements.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// Reads such lines.
    ///
    /// # Errors
    /// [`Dhis2Error::Mapping`] with the line.
    pub fn elements_of(lines: &str) -> Result<Vec<Mapped>, Dhis2Error> {
        let wrong = |line: &str| {
            let shown: String = line.chars().take(80).collect();
            Dhis2Error::mapping("elements", &shown, "a line is: anc1 = fbfJHSPpUQD count".to_owned())
        };
        let mut elements = Vec::new();
        for line in lines.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (result, rest) = line.split_once('=').ok_or_else(|| wrong(line))?;
            let mut words = rest.split_whitespace();
            let operand = words.next().ok_or_else(|| wrong(line))?;
            let (element, combo) = match operand.split_once('.') {
                Some((element, combo)) => (element, Some(combo.to_owned())),
                None => (operand, None),
            };
            let kind = match words.next() {
                None => ValueType::Count,
                Some(word) => serde_json::from_value(serde_json::json!(word)).map_err(|_| wrong(line))?,
            };
            let rest = words.collect::<Vec<_>>().join(" ");
            let pairs = rest.split('|').filter(|pair| !pair.trim().is_empty());
            let mut options = BTreeMap::new();
            for pair in pairs {
                let (said, stands) = pair.split_once(':').ok_or_else(|| wrong(line))?;
                options.insert(said.trim().to_owned(), stands.trim().to_owned());
            }
            elements.push(Mapped {
                result: result.trim().to_owned(),
                element: element.to_owned(),
                combo,
                kind,
                options,
            });
        }
        Ok(elements)
    }
}

impl Mapped {
    /// The value of an answer as DHIS2 takes it; `None` where nothing was answered.
    ///
    /// # Errors
    /// What would be right.
    pub fn value(&self, category: &str, value: &str) -> Result<Option<String>, String> {
        if value.trim().is_empty() {
            return Ok(None);
        }
        if self.options.is_empty() {
            return self.kind.fit(value).map(Some).map_err(str::to_owned);
        }
        let said = [fold(category), fold(value)];
        let found = self.options.iter().find(|(own, _)| said.contains(&fold(own)));
        match found {
            Some((_, stands)) => self.kind.fit(stands).map(Some).map_err(str::to_owned),
            None => Err(self.options.keys().cloned().collect::<Vec<_>>().join(", ")),
        }
    }
}

/// The language in which answers to workers whose language nobody knows are written.
pub(super) const FALLBACK: Lang = Lang::ENGLISH;

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping() -> Mapping {
        Mapping::from_toml(
            "name='M'\nsource='hmis'\nflow='Monthly service data'\ndata_set='BfMAe6Itzgt'\nperiod='Monthly'\n\
             elements=[{result='anc1',element='fbfJHSPpUQD'},{result='sex',element='cYeuwXTCPkU',combo='HllvX50cXC0',type='text',options={F='female'}}]",
        )
        .unwrap()
    }

    #[test]
    fn a_mapping_is_written_and_read_again() {
        let own = mapping();
        assert_eq!(Mapping::from_toml(&own.to_toml()).unwrap(), own);
        assert_eq!(Mapping::elements_of(&own.lines()).unwrap(), own.elements);
        assert_eq!(own.elements[0].value("Reported", " 034 "), Ok(Some("34".to_owned())));
        assert_eq!(own.elements[0].value("Reported", ""), Ok(None));
        assert_eq!(own.elements[1].value("f", "?"), Ok(Some("female".to_owned())));
        assert!(own.elements[1].value("M", "M").is_err());
    }

    #[test]
    fn what_is_wrong_is_named() {
        let said = |text: &str| match Mapping::from_toml(text) {
            Err(Dhis2Error::Mapping { field, .. }) => field,
            other => panic!("{other:?}"),
        };
        assert_eq!(said("name='M'"), "file");
        assert_eq!(said("name='M'\nsource='h'\nflow='f'\nelements=[]\nodd=1"), "file");
        let of = |change: &dyn Fn(&mut Mapping)| {
            let mut own = mapping();
            change(&mut own);
            said(&own.to_toml())
        };
        assert_eq!(of(&|own| own.data_set = "x".to_owned()), "data_set");
        assert_eq!(of(&|own| own.period = "Fortnightly".to_owned()), "period");
        assert_eq!(of(&|own| own.elements.clear()), "elements");
        assert_eq!(of(&|own| own.elements[1].element = "fbf".to_owned()), "element");
        assert_eq!(of(&|own| own.elements[0].result = "ANC 1".to_owned()), "result");
        assert_eq!(of(&|own| own.kind = Kind::Event), "program");
        assert!(Mapping::elements_of("anc1 fbf").is_err() && Mapping::elements_of("anc1 = x odd").is_err());
    }
}
