//! The lines of a backup.

use std::collections::BTreeMap;

use mhero_store::{Column, ColumnKind, Value};
use serde::{Deserialize, Serialize};

use crate::hex;

/// The version of this form. A reader refuses what is newer than itself.
pub(super) const FORMAT: u32 = 1;
/// Longest line, in bytes.
pub(super) const LINE_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// What a table held: equal on both engines when the rows are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableDigest {
    /// The table.
    pub table: String,
    /// Its rows.
    pub rows: u64,
    /// SHA-256 over the lines of its rows, hexadecimal.
    pub sha256: String,
}

/// What a store or a backup holds, by table in their fixed order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Every table.
    pub tables: Vec<TableDigest>,
}

impl Summary {
    /// The rows of all tables.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }

    /// The first table that differs from another summary.
    pub fn first_difference(&self, other: &Self) -> Option<String> {
        let differs = self.tables.iter().find(|table| !other.tables.contains(table));
        differs.or_else(|| other.tables.iter().find(|table| !self.tables.contains(table))).map(|it| it.table.clone())
    }
}

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Head {
    /// The version of this form.
    pub(super) mhero_backup: u32,
    /// The version of the schema.
    pub(super) schema: u32,
    /// The engine it was taken from, for people.
    pub(super) engine: String,
    /// When, for people.
    pub(super) at: String,
}

/// The line before the rows of a table.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct TableHead {
    pub(super) table: String,
    pub(super) columns: Vec<String>,
}

/// The line after the rows of a table.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct TableEnd {
    pub(super) end: TableDigest,
}

/// The last line.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Trailer {
    pub(super) whole: bool,
    pub(super) rows: u64,
    /// What the next entry of each numbered table comes after.
    pub(super) counters: BTreeMap<String, i64>,
}

/// Any line after the head that is no row.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Mark {
    Table(TableHead),
    End(TableEnd),
    Whole(Trailer),
}

/// Appends the line of a row.
pub(super) fn encode_row(row: &[Value], line: &mut String) {
    line.push('[');
    for (number, value) in row.iter().enumerate() {
        if number > 0 {
            line.push(',');
        }
        encode(value, line);
    }
    line.push_str("]\n");
}

fn encode(value: &Value, line: &mut String) {
    use std::fmt::Write;
    // Writing into a String does not fail.
    match value {
        Value::Int(Some(x)) => drop(write!(line, "{x}")),
        Value::Bool(Some(x)) => line.push(if *x { '1' } else { '0' }),
        // A sum with zero makes -0 and 0 one, which SQLite does not tell apart.
        Value::Float(Some(x)) => drop(write!(line, "\"{:?}\"", x + 0.0)),
        Value::Text(Some(x)) => line.push_str(&serde_json::Value::from(x.as_str()).to_string()),
        Value::Bytes(Some(x)) => {
            line.push('"');
            hex::encode_into(x, line);
            line.push('"');
        }
        _ => line.push_str("null"),
    }
}

/// Reads a row back; `None` when a cell is not of its column's kind.
pub(super) fn decode_row(cells: Vec<serde_json::Value>, columns: &[Column]) -> Option<Vec<Value>> {
    if cells.len() != columns.len() {
        return None;
    }
    cells.into_iter().zip(columns).map(|(cell, column)| decode(cell, column.kind)).collect()
}

fn decode(cell: serde_json::Value, kind: ColumnKind) -> Option<Value> {
    use serde_json::Value as Json;
    Some(match (kind, cell) {
        (ColumnKind::Int, Json::Null) => Value::Int(None),
        (ColumnKind::Float, Json::Null) => Value::Float(None),
        (ColumnKind::Bool, Json::Null) => Value::Bool(None),
        (ColumnKind::Text, Json::Null) => Value::Text(None),
        (ColumnKind::Bytes, Json::Null) => Value::Bytes(None),
        (ColumnKind::Int, Json::Number(x)) => Value::Int(Some(x.as_i64()?)),
        (ColumnKind::Bool, Json::Number(x)) => Value::Bool(Some(x.as_i64()? != 0)),
        (ColumnKind::Float, Json::String(x)) => Value::Float(Some(x.parse().ok()?)),
        (ColumnKind::Text, Json::String(x)) => Value::Text(Some(x)),
        (ColumnKind::Bytes, Json::String(x)) => Value::Bytes(Some(hex::decode(&x)?)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KINDS: [ColumnKind; 5] =
        [ColumnKind::Int, ColumnKind::Float, ColumnKind::Bool, ColumnKind::Text, ColumnKind::Bytes];

    fn columns() -> Vec<Column> {
        KINDS.iter().map(|kind| Column { name: format!("{kind:?}"), kind: *kind, in_key: 0 }).collect()
    }

    proptest! {
        #[test]
        fn rows_come_back(
            int: Option<i64>,
            float in proptest::option::of(proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL),
            bool: Option<bool>,
            text: Option<String>,
            bytes: Option<Vec<u8>>,
        ) {
            let row = vec![
                Value::Int(int), Value::Float(float), Value::Bool(bool), Value::Text(text), Value::Bytes(bytes),
            ];
            let mut line = String::new();
            encode_row(&row, &mut line);
            prop_assert_eq!(line.matches('\n').count(), 1);
            let cells: Vec<serde_json::Value> = serde_json::from_str(&line).expect("a JSON array");
            prop_assert_eq!(decode_row(cells, &columns()), Some(row));
        }
    }

    #[test]
    fn a_cell_of_another_kind_is_refused() {
        for line in ["[]", "[1,\"1.5\",1,\"a\",\"0g\"]", "[1.5,null,null,null,null]", "[\"1\",null,null,null,null]"] {
            let cells = serde_json::from_str(line).expect("a JSON array");
            assert_eq!(decode_row(cells, &columns()), None, "{line}");
        }
    }
}
