//! Periods as DHIS2 writes them, from a day and back, and as ADX writes them.

use jiff::{ToSpan, civil::Date};

/// How long a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodType {
    /// A day: `20260315`.
    Daily,
    /// A week from Monday, of ISO 8601: `2026W10`.
    Weekly,
    /// A month: `202603`.
    Monthly,
    /// Two months: `202602B` begins in March.
    BiMonthly,
    /// A quarter: `2026Q1`.
    Quarterly,
    /// Half a year from January or July: `2026S1`.
    SixMonthly,
    /// A year: `2026`.
    Yearly,
}

impl PeriodType {
    /// All of them, with the name that DHIS2 gives each.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Daily, "Daily"),
        (Self::Weekly, "Weekly"),
        (Self::Monthly, "Monthly"),
        (Self::BiMonthly, "BiMonthly"),
        (Self::Quarterly, "Quarterly"),
        (Self::SixMonthly, "SixMonthly"),
        (Self::Yearly, "Yearly"),
    ];

    /// The type of a name, in any case.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, own)| own.eq_ignore_ascii_case(name.trim())).map(|(own, _)| own)
    }

    /// The name that DHIS2 gives it.
    pub fn as_str(self) -> &'static str {
        Self::ALL.into_iter().find(|(own, _)| *own == self).map_or("", |(_, name)| name)
    }

    /// The first day of the period that a day is in.
    fn first(self, day: Date) -> Date {
        let months = |length: i8| {
            let month = (day.month() - 1) / length * length + 1;
            Date::new(day.year(), month, 1).unwrap_or(day)
        };
        match self {
            Self::Daily => day,
            Self::Weekly => day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).unwrap_or(day),
            Self::Monthly => months(1),
            Self::BiMonthly => months(2),
            Self::Quarterly => months(3),
            Self::SixMonthly => months(6),
            Self::Yearly => months(12),
        }
    }

    /// The period that a day is in.
    ///
    /// ```
    /// use mhero_wire::dhis2::PeriodType;
    /// let day = jiff::civil::date(2026, 3, 5);
    /// assert_eq!(PeriodType::Weekly.with(day), "2026W10");
    /// assert_eq!(PeriodType::Monthly.before(day), "202602");
    /// assert_eq!(PeriodType::Weekly.with(jiff::civil::date(2027, 1, 1)), "2026W53");
    /// ```
    pub fn with(self, day: Date) -> String {
        let first = self.first(day);
        let (year, month) = (first.year(), first.month());
        match self {
            Self::Daily => format!("{year:04}{month:02}{:02}", first.day()),
            Self::Weekly => {
                let week = first.iso_week_date();
                format!("{:04}W{}", week.year(), week.week())
            }
            Self::Monthly => format!("{year:04}{month:02}"),
            Self::BiMonthly => format!("{year:04}{:02}B", (month - 1) / 2 + 1),
            Self::Quarterly => format!("{year:04}Q{}", (month - 1) / 3 + 1),
            Self::SixMonthly => format!("{year:04}S{}", (month - 1) / 6 + 1),
            Self::Yearly => format!("{year:04}"),
        }
    }

    /// The period before the one that a day is in.
    pub fn before(self, day: Date) -> String {
        self.first(day).yesterday().map_or_else(|_| self.with(day), |day| self.with(day))
    }

    /// The first day of a written period. `None` for one that is no period of this type.
    pub fn day(self, text: &str) -> Option<Date> {
        let text = text.trim();
        let year: i16 = text.get(..4)?.parse().ok()?;
        let rest = text.get(4..)?;
        let number = |text: &str| text.parse::<i8>().ok();
        let month = |number: i8, length: i8| Date::new(year, (number - 1).checked_mul(length)?.checked_add(1)?, 1).ok();
        let day = match self {
            Self::Daily if rest.len() == 4 => Date::new(year, number(&rest[..2])?, number(&rest[2..])?).ok()?,
            Self::Weekly => {
                let week = number(rest.strip_prefix('W')?)?;
                jiff::civil::ISOWeekDate::new(year, week, jiff::civil::Weekday::Monday).ok()?.date()
            }
            Self::Monthly if rest.len() == 2 => month(number(rest)?, 1)?,
            Self::BiMonthly => month(number(rest.strip_suffix('B')?)?, 2)?,
            Self::Quarterly => month(number(rest.strip_prefix('Q')?)?, 3)?,
            Self::SixMonthly => month(number(rest.strip_prefix('S')?)?, 6)?,
            Self::Yearly if rest.is_empty() => Date::new(year, 1, 1).ok()?,
            _ => return None,
        };
        Some(day)
    }

    /// The period that people wrote: as DHIS2 does, a day `2026-03-15`, or a month `03-2026`, `2026-03`.
    pub fn said(self, text: &str) -> Option<String> {
        let text = text.trim();
        if let Some(day) = self.day(text) {
            return Some(self.with(day));
        }
        let parts: Vec<&str> = text.split(['-', '/', '.', ' ']).filter(|part| !part.is_empty()).collect();
        let day = match parts.as_slice() {
            [year, month, day] if year.len() == 4 => {
                Date::new(year.parse().ok()?, month.parse().ok()?, day.get(..2).unwrap_or(day).parse().ok()?)
            }
            [day, month, year] if year.len() == 4 => {
                Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
            }
            [year, month] if year.len() == 4 => Date::new(year.parse().ok()?, month.parse().ok()?, 1),
            [month, year] if year.len() == 4 => Date::new(year.parse().ok()?, month.parse().ok()?, 1),
            _ => return None,
        };
        day.ok().map(|day| self.with(day))
    }

    /// A written period as ADX has it: its first day and how long it is, `2026-03-01/P1M`.
    pub fn adx(self, text: &str) -> Option<String> {
        let length = match self {
            Self::Daily => "P1D",
            Self::Weekly => "P7D",
            Self::Monthly => "P1M",
            Self::BiMonthly => "P2M",
            Self::Quarterly => "P3M",
            Self::SixMonthly => "P6M",
            Self::Yearly => "P1Y",
        };
        Some(format!("{}/{length}", self.day(text)?))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn periods_are_written_and_read_again() {
        let days = [date(2026, 1, 1), date(2026, 3, 5), date(2026, 12, 31), date(2024, 2, 29), date(2027, 1, 3)];
        for (kind, name) in PeriodType::ALL {
            assert_eq!(PeriodType::of(&name.to_lowercase()), Some(kind));
            for day in days {
                let text = kind.with(day);
                let first = kind.day(&text).unwrap_or_else(|| panic!("{name} {text}"));
                assert_eq!(kind.with(first), text);
                assert!(first <= day, "{text}");
                let before = kind.day(&kind.before(day)).unwrap();
                assert!(before < first, "{name}: {before} {first}");
                assert!(kind.adx(&text).unwrap().contains("/P"), "{text}");
            }
        }
        assert_eq!(PeriodType::Monthly.adx("202603").as_deref(), Some("2026-03-01/P1M"));
        assert_eq!(PeriodType::Weekly.adx("2026W10").as_deref(), Some("2026-03-02/P7D"));
    }

    #[test]
    fn what_people_write_is_read_and_nonsense_is_not() {
        let said = |text: &str| PeriodType::Monthly.said(text);
        for text in ["202604", "04-2026", "2026-04", "2026-04-12", "12/04/2026", " 4 2026 "] {
            assert_eq!(said(text).as_deref(), Some("202604"), "{text}");
        }
        for text in ["", "april", "2026", "13-2026", "2026W10", "99999999999", "2026-04-31", "é-2026"] {
            assert_eq!(said(text), None, "{text}");
        }
        assert_eq!(PeriodType::Weekly.said("2026-03-05").as_deref(), Some("2026W10"));
        assert_eq!(PeriodType::Weekly.said("2026W60"), None);
    }
}
