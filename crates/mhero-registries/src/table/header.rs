//! The row with the column names, found below titles that stand above it.

use super::{
    Cell, Column, Mapping, absence, column,
    day::{self, Order},
};

/// How many rows are looked at before the first record: for the header, and for the order of days and months.
pub const SAMPLE_ROWS: usize = 500;
/// How far below titles a header may stand, in rows that are not empty.
const HEADER_WITHIN: usize = 10;

/// The columns of a table.
#[derive(Clone, Debug)]
pub struct Header {
    /// The row it stands in.
    pub(super) row: u64,
    pub(super) columns: Vec<Named>,
}

/// A column with its name.
#[derive(Clone, Debug)]
pub(super) struct Named {
    /// As written, made unique: two columns `Phone` are `Phone` and `Phone (2)`.
    pub name: String,
    pub column: Column,
    /// Whether somebody said what it means.
    pub is_set: bool,
    /// The lower one's value counts before that of others of its kind.
    pub rank: Option<u8>,
    /// How its dates are written, where the first rows tell.
    pub order: Option<Order>,
}

impl Header {
    /// Finds the header among the first rows of a table. `None` when no row has a name that a table of people can stand on.
    pub fn find(rows: &[(u64, Vec<Cell>)]) -> Option<Self> {
        Self::find_with(rows, &Mapping::default())
    }

    /// The same where somebody said what some columns mean.
    pub fn find_with(rows: &[(u64, Vec<Cell>)], mapping: &Mapping) -> Option<Self> {
        let filled = rows.iter().enumerate().filter(|(_, (_, cells))| cells.iter().any(|cell| !cell.is_empty()));
        for (index, (row, cells)) in filled.take(HEADER_WITHIN) {
            let columns = named(cells, mapping);
            if columns.iter().any(|named| named.column.names_people()) {
                let mut header = Self { row: *row, columns };
                header.learn_orders(rows.get(index + 1..).unwrap_or_default());
                return Some(header);
            }
        }
        None
    }

    /// How many columns were known by their names.
    pub fn known(&self) -> usize {
        self.columns.iter().filter(|named| named.column.is_known()).count()
    }

    /// The columns in the order in which their values count: those with a number first among their kind.
    pub(super) fn sequence(&self) -> Vec<usize> {
        let mut sequence: Vec<usize> = (0..self.columns.len()).collect();
        sequence.sort_by_key(|index| self.columns[*index].rank.unwrap_or(u8::MAX));
        sequence
    }

    fn learn_orders(&mut self, rows: &[(u64, Vec<Cell>)]) {
        for (index, named) in self.columns.iter_mut().enumerate() {
            let is_absence = matches!(named.column, Column::AbsenceStart | Column::AbsenceEnd);
            if is_absence || matches!(named.column, Column::Birth | Column::Start | Column::End) {
                let texts = rows.iter().filter_map(|(_, cells)| match cells.get(index) {
                    Some(Cell::Text(text)) => Some(text.as_str()),
                    _ => None,
                });
                named.order = day::order(texts);
            }
        }
    }
}

fn named(cells: &[Cell], mapping: &Mapping) -> Vec<Named> {
    let mut columns: Vec<Named> = Vec::new();
    for (index, cell) in cells.iter().enumerate() {
        // Only a text is a name: a row of numbers and dates is data.
        let written = match cell {
            Cell::Text(text) => text.clone(),
            _ => String::new(),
        };
        let kind = if written.is_empty() { Column::Skipped } else { column(&written) };
        let base = if written.is_empty() { format!("column {}", index + 1) } else { written };
        let mut name = base.clone();
        let mut count = 1;
        while columns.iter().any(|before| before.name == name) {
            count += 1;
            name = format!("{base} ({count})");
        }
        let said = mapping.find(&name).or_else(|| mapping.find(&base));
        let (is_set, rank) = (said.is_some(), said.and_then(|(_, rank)| rank));
        let kind = said.map_or(kind, |(column, _)| column.clone());
        columns.push(Named { name, column: kind, is_set, rank, order: None });
    }
    settle(&mut columns);
    absence::settle(&mut columns);
    columns
}

/// Decides what depends on the other columns: `Nom` beside `Prénom`, and second columns of what there can be only one of.
fn settle(columns: &mut [Named]) {
    let has = |columns: &[Named], wanted: &Column| columns.iter().any(|named| named.column == *wanted);
    let given = has(columns, &Column::Given);
    let family = has(columns, &Column::Family);
    for named in columns.iter_mut().filter(|named| !named.is_set) {
        match named.column {
            Column::NameOrFamily => named.column = if given && !family { Column::Family } else { Column::Name },
            Column::Name if given && !family && fold_is_name(&named.name) => named.column = Column::Family,
            _ => {}
        }
    }
    let several = |column: &Column| {
        matches!(
            column,
            Column::Phone(_)
                | Column::Groups
                | Column::Trainings
                | Column::Identifier(_)
                | Column::Middle
                | Column::Skipped
        )
    };
    for index in 1..columns.len() {
        let (before, rest) = columns.split_at_mut(index);
        let Some(named) = rest.first_mut() else { break };
        if !named.is_set && !several(&named.column) && before.iter().any(|earlier| earlier.column == named.column) {
            let key = mhero_wire::words::field_key(&super::fold(&named.name));
            named.column = key.map_or(Column::Skipped, Column::Field);
        }
    }
}

/// "Name" alone, which beside "First name" means the family name.
fn fold_is_name(name: &str) -> bool {
    super::fold(name) == "name"
}
