//! Versions of the flow specification.

use std::{fmt, str::FromStr};

use crate::MigrationError;

/// A version of the flow specification: `14.4.2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    major: u16,
    minor: u16,
    patch: u16,
}

impl Version {
    /// The newest version that we know, which the engine runs.
    pub const CURRENT: Self = Self::new(14, 4, 2);
    /// The first version with nodes, to which older ones are brought first.
    pub const FIRST: Self = Self::new(13, 0, 0);

    /// A version by its numbers.
    pub const fn new(major: u16, minor: u16, patch: u16) -> Self {
        Self { major, minor, patch }
    }

    /// The first number.
    pub const fn major(self) -> u16 {
        self.major
    }
}

/// Reads `14.4.2`; numbers that are left out at the end are zero, as in `11.12`.
impl FromStr for Version {
    type Err = MigrationError;

    fn from_str(text: &str) -> Result<Self, MigrationError> {
        let wrong = || MigrationError::UnknownVersion { version: text.chars().take(32).collect() };
        let mut numbers = [0_u16; 3];
        for (n, part) in text.split('.').enumerate() {
            let digits = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
            let place = numbers.get_mut(n).filter(|_| digits).ok_or_else(wrong)?;
            *place = part.parse().map_err(|_| wrong())?;
        }
        Ok(Self::new(numbers[0], numbers[1], numbers[2]))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        let read = |text: &str| text.parse::<Version>();
        assert!(read("13.6.1").unwrap() < read("13.10").unwrap());
        assert_eq!(read("14.4.2").unwrap(), Version::CURRENT);
        assert_eq!(read("11.12").unwrap().to_string(), "11.12.0");
        for wrong in ["", "13.", "x", "1.2.3.4", "+1", "99999.0", "13.0.0 "] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }
}
