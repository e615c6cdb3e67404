//! Dates as people write them. The 4th of May and the 5th of April look alike: which a column means is learnt from its other
//! dates, and where they do not tell, nothing is guessed.

use jiff::civil::Date;

/// Whether the day or the month stands first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    DayFirst,
    MonthFirst,
}

/// Why a text gives no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoDay {
    Unreadable,
    /// It can mean two days.
    Ambiguous,
}

/// Reads `1988-04-02`, `02/04/1988`, `2.4.1988`.
pub(super) fn read(text: &str, order: Option<Order>) -> Result<Date, NoDay> {
    let parts = parts(text).ok_or(NoDay::Unreadable)?;
    let (year, month, day) = match (parts, order) {
        ((year, month, day), _) if year > 31 => (year, month, day),
        ((a, b, year), _) if b > 12 => (year, a, b),
        ((a, b, year), _) if a > 12 || a == b => (year, b, a),
        ((a, b, year), Some(Order::DayFirst)) => (year, b, a),
        ((a, b, year), Some(Order::MonthFirst)) => (year, a, b),
        (_, None) => return Err(NoDay::Ambiguous),
    };
    let small = |number: i16| i8::try_from(number).map_err(|_| NoDay::Unreadable);
    if year < 1_000 {
        return Err(NoDay::Unreadable);
    }
    Date::new(year, small(month)?, small(day)?).map_err(|_| NoDay::Unreadable)
}

/// What the dates of one column tell about their order; `None` when nothing, or both.
pub(super) fn order<'a>(texts: impl Iterator<Item = &'a str>) -> Option<Order> {
    let (mut day_first, mut month_first) = (false, false);
    for (a, b, year) in texts.filter_map(parts) {
        if year > 31 && a <= 31 && b <= 31 {
            day_first |= a > 12 && b <= 12;
            month_first |= b > 12 && a <= 12;
        }
    }
    match (day_first, month_first) {
        (true, false) => Some(Order::DayFirst),
        (false, true) => Some(Order::MonthFirst),
        _ => None,
    }
}

/// Three numbers with one kind of mark between, without a time behind.
fn parts(text: &str) -> Option<(i16, i16, i16)> {
    let written = text.split(['T', ' ']).next()?;
    let mark = written.chars().find(|c| !c.is_ascii_digit()).filter(|mark| ['-', '/', '.'].contains(mark))?;
    let mut numbers = written.split(mark).map(|part| part.parse().ok());
    let three = (numbers.next()??, numbers.next()??, numbers.next()??);
    numbers.next().is_none().then_some(three)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_and_never_guessed() {
        let day = |text| read(text, None).map(|day| day.to_string());
        for (text, expected) in [
            ("1988-04-02", Ok("1988-04-02")),
            ("1988-04-02T00:00:00", Ok("1988-04-02")),
            ("23/05/1990", Ok("1990-05-23")),
            ("05/23/1990", Ok("1990-05-23")),
            ("5.5.1990", Ok("1990-05-05")),
            ("04/05/1990", Err(NoDay::Ambiguous)),
            ("04/05/90", Err(NoDay::Ambiguous)),
            ("23/05/90", Err(NoDay::Unreadable)),
            ("31/02/1990", Err(NoDay::Unreadable)),
            ("1990", Err(NoDay::Unreadable)),
            ("1/2/3/4", Err(NoDay::Unreadable)),
            ("unknown", Err(NoDay::Unreadable)),
        ] {
            assert_eq!(day(text).as_deref(), expected.as_ref().map(|day| *day), "{text}");
        }
    }

    #[test]
    fn a_column_tells_its_own_order() {
        assert_eq!(order(["04/05/1990", "23/05/1990"].into_iter()), Some(Order::DayFirst));
        assert_eq!(order(["04/05/1990", "05/23/1990"].into_iter()), Some(Order::MonthFirst));
        assert_eq!(order(["23/05/1990", "05/23/1990", "x"].into_iter()), None);
        assert_eq!(read("04/05/1990", Some(Order::DayFirst)).map(|day| day.to_string()).as_deref(), Ok("1990-05-04"));
    }
}
