//! Instants as others wrote them: an offset from UTC is kept, so that what was read is written back.

use std::{fmt, str::FromStr};

use jiff::{
    Timestamp, Zoned,
    fmt::temporal::{DateTimeParser, Pieces},
    tz::{Offset, TimeZone},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// An instant and the offset that it was written with. Written as RFC 3339 with as many decimals as there are, at most nine;
/// offset zero is written `Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The instant.
    pub at: Timestamp,
    /// Seconds east of UTC.
    pub offset: i32,
}

impl Moment {
    /// An instant in UTC.
    pub const fn utc(at: Timestamp) -> Self {
        Self { at, offset: 0 }
    }

    /// The instant with its offset as the expression language shows it.
    pub fn zoned(self) -> Zoned {
        match Offset::from_seconds(self.offset) {
            Ok(offset) if self.offset != 0 => self.at.to_zoned(TimeZone::fixed(offset)),
            _ => self.at.to_zoned(TimeZone::UTC),
        }
    }
}

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        Self::utc(at)
    }
}

impl FromStr for Moment {
    type Err = String;

    /// Reads RFC 3339; an offset is needed.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        static PARSER: DateTimeParser = DateTimeParser::new();
        let wrong = || format!("'{text}' is no RFC 3339 date and time");
        let at = PARSER.parse_timestamp(text).map_err(|_| wrong())?;
        let tail = text.get(10..).unwrap_or_default();
        if tail.ends_with(['Z', 'z']) {
            return Ok(Self::utc(at));
        }
        let pieces = Pieces::parse(text).map_err(|_| wrong())?;
        let offset = pieces.to_numeric_offset().map_or(0, Offset::seconds);
        Ok(Self { at, offset })
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.offset == 0 {
            return write!(f, "{}", self.at);
        }
        match Offset::from_seconds(self.offset) {
            Ok(offset) => write!(f, "{}", self.at.display_with_offset(offset)),
            Err(_) => write!(f, "{}", self.at),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_kept_and_zero_is_z() {
        for (read, written) in [
            ("2017-12-31T11:31:15.035757258-02:00", "2017-12-31T11:31:15.035757258-02:00"),
            ("2000-01-01T00:00:00.000000000-00:00", "2000-01-01T00:00:00Z"),
            ("2018-01-01T12:00:00.123000Z", "2018-01-01T12:00:00.123Z"),
        ] {
            assert_eq!(read.parse::<Moment>().map(|m| m.to_string()), Ok(written.to_owned()));
        }
        assert!("2018-01-01".parse::<Moment>().is_err());
    }
}
