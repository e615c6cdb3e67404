//! The countries whose numbers this installation reads.

use std::fmt;

use phonenumber::{PhoneNumber, country::Id, metadata::DATABASE};

use super::{
    BadPhone, Reading,
    clean::{Dialled, clean},
    plan::Plan,
};

/// Most numbers read from one text.
const NUMBERS_MAX: usize = mhero_core::limits::PHONES_PER_RECORD_MAX;
/// Longest text that is looked at for several numbers, in bytes.
const SEVERAL_BYTES_MAX: usize = 64 * NUMBERS_MAX;

/// Why a list of numbering countries can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberingError {
    /// No country has this code, or libphonenumber knows no numbers for it.
    #[error("{code:?} is no country with phone numbers: use two letters such as LR (ISO 3166-1)")]
    UnknownCountry {
        /// What was given.
        code: String,
    },
}

/// The numbering countries of an installation, the default first.
///
/// The library reads its tables of all countries at the first number, which takes a moment; [`Numbering::preload`] does it early.
#[derive(Clone)]
pub struct Numbering {
    plans: Vec<Plan>,
}

impl fmt::Debug for Numbering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.countries()).finish()
    }
}

impl Numbering {
    /// The default country and the others, as ISO 3166-1 alpha-2 codes in any case; doubles are dropped.
    ///
    /// # Errors
    /// When a code names no country.
    pub fn new(default_country: &str, others: &[&str]) -> Result<Self, NumberingError> {
        let mut plans: Vec<Plan> = Vec::new();
        for code in std::iter::once(&default_country).chain(others) {
            let unknown = || NumberingError::UnknownCountry { code: code.chars().take(40).collect() };
            let country: Id = code.trim().to_ascii_uppercase().parse().map_err(|_| unknown())?;
            if plans.iter().all(|plan| plan.country() != country) {
                plans.push(Plan::new(country));
            }
        }
        Ok(Self { plans })
    }

    /// Reads the library's tables now rather than at the first number.
    pub fn preload(&self) {
        for plan in &self.plans {
            plan.preload();
        }
    }

    /// The default country's code.
    pub fn default_country(&self) -> &str {
        self.plans.first().map_or("", Plan::code)
    }

    /// All numbering countries' codes, the default first.
    pub fn countries(&self) -> impl Iterator<Item = &str> {
        self.plans.iter().map(Plan::code)
    }

    /// Reads one text as one number.
    ///
    /// ```
    /// use mhero_text::{BadPhone, Numbering, Reading};
    /// let liberia = Numbering::new("LR", &["GN"]).expect("two countries");
    /// for raw in ["0770 123 456", "770123456", "++231770123456", "00231770123456", "(231) 770-123-456"] {
    ///     assert_eq!(liberia.read(raw).e164(), Some("+231770123456"), "{raw}");
    /// }
    /// assert_eq!(liberia.read("077O12E456"), Reading::Bad(BadPhone::HasLetters));
    /// assert_eq!(liberia.read("0770"), Reading::Bad(BadPhone::NotValid));
    /// ```
    pub fn read(&self, raw: &str) -> Reading {
        let dialled = match clean(raw) {
            Ok(dialled) => dialled,
            Err(bad) => return Reading::Bad(bad),
        };
        if let Some((number, plan)) = self.find(&dialled) {
            return Reading::Valid { e164: e164(&number), country: plan.code().to_owned() };
        }
        Reading::Bad(match dialled.international.then(|| valid(None, &format!("+{}", dialled.digits))).flatten() {
            Some((_, country)) if self.countries().all(|ours| ours != country) => BadPhone::ForeignCountry { country },
            _ => BadPhone::NotValid,
        })
    }

    /// Reads a text that may hold several numbers, separated by `/`, `,`, `;`, `|` or line ends. They count as several only when each
    /// part is valid by itself; else the whole text is one reading. Doubles are dropped.
    ///
    /// ```
    /// use mhero_text::Numbering;
    /// let liberia = Numbering::new("LR", &[]).expect("a country");
    /// let several = liberia.read_all("0770123456 / 0886123456");
    /// assert_eq!(several.iter().filter_map(|r| r.e164()).collect::<Vec<_>>(), ["+231770123456", "+231886123456"]);
    /// assert_eq!(liberia.read_all("077/012/3456").len(), 1);
    /// ```
    pub fn read_all(&self, raw: &str) -> Vec<Reading> {
        let parts: Vec<&str> = if raw.len() > SEVERAL_BYTES_MAX {
            Vec::new()
        } else {
            raw.split(['/', ',', ';', '|', '\n', '،', '؛']).filter(|part| !part.trim().is_empty()).collect()
        };
        if (2..=NUMBERS_MAX).contains(&parts.len()) {
            let mut readings: Vec<Reading> = Vec::new();
            for part in parts {
                let reading = self.read(part);
                if reading.e164().is_none() {
                    return vec![self.read(raw)];
                }
                if !readings.contains(&reading) {
                    readings.push(reading);
                }
            }
            return readings;
        }
        vec![self.read(raw)]
    }

    /// The path of the `tel` address for a sender as a carrier gives it: E.164, mostly without its plus sign, or a short code of 3 to 8
    /// digits, which is kept as it is. `None` for a sender with letters (`MTN-INFO`), which can't be answered.
    ///
    /// A number that libphonenumber does not know to be valid is kept all the same: the carrier has just received a text from it.
    ///
    /// ```
    /// use mhero_text::Numbering;
    /// let liberia = Numbering::new("LR", &[]).expect("a country");
    /// assert_eq!(liberia.inbound("231770123456").as_deref(), Some("+231770123456"));
    /// assert_eq!(liberia.inbound("4636").as_deref(), Some("4636"));
    /// assert_eq!(liberia.inbound("MTN-INFO"), None);
    /// ```
    pub fn inbound(&self, raw: &str) -> Option<String> {
        let dialled = clean(raw).ok()?;
        let known = self.find(&dialled).map(|(number, _)| e164(&number));
        match dialled.digits.len() {
            0..=2 => None,
            3..=6 if !dialled.international => Some(dialled.digits),
            7..=8 if !dialled.international => known.or(Some(dialled.digits)),
            _ => known
                .or_else(|| valid(None, &format!("+{}", dialled.digits)).map(|(number, _)| e164(&number)))
                .or_else(|| {
                    let plausible = dialled.digits.len() <= 15 && !dialled.digits.starts_with('0');
                    plausible.then(|| format!("+{}", dialled.digits))
                }),
        }
    }

    /// The first numbering country in which the digits are a valid number.
    fn find(&self, dialled: &Dialled) -> Option<(PhoneNumber, &Plan)> {
        self.plans.iter().find_map(|plan| {
            // A number written nationally first; one that begins with the calling code but lacks its plus sign after that.
            let national = (!dialled.international).then(|| valid(Some(plan.country()), &dialled.digits)).flatten();
            let found = [national, valid(None, &format!("+{}", dialled.digits))].into_iter().flatten();
            let mut fitting = found.filter(|(number, of)| of == plan.code() && plan.holds(number));
            fitting.next().map(|(number, _)| (number, plan))
        })
    }
}

/// Parses digits (with a plus sign when international) and keeps them if the library calls them *valid*; with their country.
pub(super) fn valid(country: Option<Id>, digits: &str) -> Option<(PhoneNumber, String)> {
    let number = phonenumber::parse(country, digits).ok().filter(phonenumber::is_valid)?;
    let code = number.code().value();
    // The library finds no country for numbers whose national part begins with a zero (Ivory Coast), but the calling code tells.
    let country = match DATABASE.region(&code)?.as_slice() {
        [only] => (*only).to_owned(),
        _ => number.country().id()?.as_ref().to_owned(),
    };
    Some((number, country))
}

fn e164(number: &PhoneNumber) -> String {
    number.format().mode(phonenumber::Mode::E164).to_string()
}
