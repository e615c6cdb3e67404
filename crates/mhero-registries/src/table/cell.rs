//! One cell of a table, by type as far as the file knows it.

use jiff::civil::{Date, DateTime};

/// Largest number that a spreadsheet keeps to the last digit.
const EXACT_MAX: f64 = 999_999_999_999_999.0;

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text without outer space.
    Text(String),
    /// A number of a spreadsheet.
    Number(f64),
    /// A truth value of a spreadsheet.
    Truth(bool),
    /// A day of a spreadsheet.
    Day(Date),
    /// A day and time of a spreadsheet, in no zone that it tells.
    Moment(DateTime),
    /// A formula that failed: `#REF!`.
    Broken(String),
}

impl Cell {
    /// A cell from text; empty when there is nothing but space.
    pub fn written(text: &str) -> Self {
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{a0}');
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }

    /// A cell from a spreadsheet's date: at midnight it is a day.
    pub fn moment(moment: DateTime) -> Self {
        if moment.time() == jiff::civil::Time::midnight() { Self::Day(moment.date()) } else { Self::Moment(moment) }
    }

    /// Whether nothing stands in it.
    pub const fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// The cell as a person would write it: `231770000001` rather than `2.31770000001E11`.
    pub fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Broken(text) => text.clone(),
            Self::Number(number) if number.fract() == 0.0 && number.abs() <= EXACT_MAX => format!("{number:.0}"),
            Self::Number(number) => number.to_string(),
            Self::Truth(truth) => truth.to_string(),
            Self::Day(day) => day.to_string(),
            Self::Moment(moment) => moment.to_string().replace('T', " "),
        }
    }
}
