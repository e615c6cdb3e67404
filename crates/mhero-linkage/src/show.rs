//! Values of a record for people to read.

use crate::{
    index::Index,
    normalise::Day,
    record::{self, Stored},
    schema::Kind,
};

/// What a record says in a field, normalised; several values are parted by commas. Of a name the given or the family name.
pub fn value(index: &Index, record: &Stored, field: usize, family: bool) -> String {
    let schema = index.schema();
    let cells = record.cells(field, schema.fields.len());
    let text = |symbol: u32| index.symbols().text(symbol).to_owned();
    let all: Vec<String> = match schema.fields[field].kind {
        Kind::Name => {
            let words = |name: record::NameCells<'_>| {
                let words = if family { name.family_words } else { name.given_words };
                words.iter().map(|word| text(*word)).collect::<Vec<_>>().join(" ")
            };
            record::names(cells).map(words).filter(|name| !name.is_empty()).collect()
        }
        Kind::Id => record::identifiers(cells).map(|(_, value)| text(value)).collect(),
        Kind::Place => record::paths(cells).filter_map(|path| path.last().map(|place| text(*place))).collect(),
        Kind::Date { .. } => cells.iter().map(|day| date(Day(*day))).collect(),
        Kind::Sex => cells.iter().map(|sex| (if *sex == 1 { "f" } else { "m" }).to_owned()).collect(),
        Kind::Text | Kind::Code | Kind::Phone => cells.iter().map(|symbol| text(*symbol)).collect(),
    };
    all.join(", ")
}

/// ISO, as much as is known.
fn date(day: Day) -> String {
    let (month, date) = (day.month_day() / 100, day.month_day() % 100);
    match (month, date) {
        (0, 0) => format!("{:04}", day.year()),
        (_, 0) => format!("{:04}-{month:02}", day.year()),
        _ => format!("{:04}-{month:02}-{date:02}", day.year()),
    }
}
