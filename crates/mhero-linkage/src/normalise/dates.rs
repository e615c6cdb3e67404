//! Days as digits: a day that can't be, such as 31/02, is kept, because a wrong digit is just what is compared.

use super::latin;

/// Earliest year of birth that is believed.
const YEAR_MIN: u32 = 1850;
/// Last year that four digits are taken for.
const YEAR_MAX: u32 = 2199;

/// A day, or a part of one: `YYYYMMDD` as a number, `00` where month or day is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(pub u32);

impl Day {
    /// Reads `1984-03-07`, `19840307`, `7/3/1984`, `07.03.1984`, `1984-03`, `1984`; the day stands before the month unless only
    /// the other order can be. `None` for anything else and for years after `latest_year`.
    ///
    /// ```
    /// use mhero_linkage::normalise::Day;
    ///
    /// assert_eq!(Day::read("1984-03-07", None), Some(Day(19840307)));
    /// assert_eq!(Day::read("3/25/1984", None), Some(Day(19840325)));
    /// assert_eq!(Day::read("1984", None), Some(Day(19840000)));
    /// assert_eq!(Day::read("31/02/1984", None), Some(Day(19840231)));
    /// assert_eq!(Day::read("2084-01-01", Some(2026)), None);
    /// ```
    pub fn read(text: &str, latest_year: Option<u16>) -> Option<Self> {
        let text = latin(text);
        // A time after the date says nothing here: `1984-03-07T00:00:00`.
        let date = match text.split_once('t') {
            Some((date, _)) => date,
            None => &text,
        };
        let numbers: Vec<&str> = date.split(' ').take(3).collect();
        if numbers.iter().any(|number| number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit())) {
            return None;
        }
        let n = |text: &str| text.parse::<u32>().ok().filter(|_| text.len() <= 4);
        let (year, month, day) = match numbers[..] {
            [whole] if whole.len() == 8 => (n(&whole[..4])?, n(&whole[4..6])?, n(&whole[6..])?),
            [year] if year.len() == 4 => (n(year)?, 0, 0),
            [year, month] if year.len() == 4 => (n(year)?, n(month)?, 0),
            [month, year] if year.len() == 4 => (n(year)?, n(month)?, 0),
            [year, month, day] if year.len() == 4 => (n(year)?, n(month)?, n(day)?),
            [day, month, year] if year.len() == 4 => (n(year)?, n(month)?, n(day)?),
            _ => return None,
        };
        let (month, day) = if month > 12 && day <= 12 && numbers.len() == 3 { (day, month) } else { (month, day) };
        let known = (YEAR_MIN..=YEAR_MAX).contains(&year) && latest_year.is_none_or(|latest| year <= u32::from(latest));
        (known && month <= 99 && day <= 99).then_some(Self(year * 10_000 + month * 100 + day))
    }

    /// The year.
    pub const fn year(self) -> u32 {
        self.0 / 10_000
    }

    /// Month and day as `MMDD`; 0 when unknown.
    pub const fn month_day(self) -> u32 {
        self.0 % 10_000
    }

    /// With month and day swapped.
    pub const fn swapped(self) -> Self {
        let (month, day) = (self.0 / 100 % 100, self.0 % 100);
        Self(self.year() * 10_000 + day * 100 + month)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_is_no_day() {
        for text in ["", "yesterday", "0000-00-00", "12", "1/2/3", "99999999999", "1984x", "--"] {
            assert_eq!(Day::read(text, None), None, "{text}");
        }
    }

    #[test]
    fn times_after_a_date_do_no_harm() {
        assert_eq!(Day::read("1984-03-07T10:20:00Z", None), Some(Day(19_840_307)));
    }
}
