//! Instants as DHIS2 writes them: `2017-05-22T15:21:48.516`, in the server's own zone, which is seldom said.

use std::{fmt, str::FromStr};

use jiff::{ToSpan, civil::DateTime};

/// A date and time of the server's clock, to the millisecond. Two of one server compare; a zone behind it is dropped, because
/// the server writes all of its instants in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(DateTime);

impl Moment {
    /// This many minutes earlier; the earliest that there is where that is out of range.
    #[must_use]
    pub fn minutes_before(self, minutes: i64) -> Self {
        Self(self.0.checked_sub(minutes.minutes()).unwrap_or(DateTime::MIN))
    }

    /// The day.
    pub fn day(self) -> jiff::civil::Date {
        self.0.date()
    }
}

/// Reads `2017-05-22T15:21:48.516`, with or without fraction, with or without zone.
///
/// ```
/// use mhero_wire::dhis2::Moment;
/// let bare: Moment = "2017-05-22T15:21:48.516".parse().expect("a moment");
/// assert_eq!("2017-05-22T15:21:48.516+0000".parse(), Ok(bare));
/// assert_eq!(bare.minutes_before(5).to_string(), "2017-05-22T15:16:48.516");
/// ```
impl FromStr for Moment {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let text = text.trim();
        let (day, time) = text.split_once(['T', ' ']).unwrap_or((text, "00:00:00"));
        let end = time.find(['Z', '+', '-']).unwrap_or(time.len());
        let time = time.get(..end).filter(|time| !time.is_empty()).ok_or(())?;
        format!("{day}T{time}").parse().map(Self).map_err(|_| ())
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.0;
        let (hour, minute, second) = (at.hour(), at.minute(), at.second());
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}.{:03}", at.date(), at.millisecond())
    }
}
