//! Rows that say who is away, why, from when until when.

use mhero_core::record::{AbsenceRecord, Coded, Ref};
use sha2::{Digest, Sha256};

use super::{Column, Header, header::Named};

/// What the records of such rows are called.
pub(super) const ABSENCE: &str = "absence";
/// The kind of a reference to a person by a phone.
const PHONE: &str = "tel";
/// The kind of a reference to a person by the id that a table names.
const ROW: &str = "row";

/// Turns the columns of a table of absences into what they mean there: a `reason` beside first and last day, without anything that
/// a staff list has, is one; and first and last day are those of the absence.
pub(super) fn settle(columns: &mut [Named]) {
    let has = |wanted: fn(&Column) -> bool, columns: &[Named]| columns.iter().any(|named| wanted(&named.column));
    let is_staff =
        has(|column| matches!(column, Column::Job | Column::Cadre | Column::Facility | Column::Birth), columns);
    let has_days = has(|column| *column == Column::Start, columns) && has(|column| *column == Column::End, columns);
    if has_days && !is_staff {
        let reason = |named: &&mut Named| {
            !named.is_set && ["reason", "motif", "raison"].contains(&super::fold(&named.name).as_str())
        };
        if let Some(named) = columns.iter_mut().find(reason) {
            named.column = Column::AbsenceReason;
        }
    }
    if has(Column::is_absence, columns) {
        for named in columns.iter_mut().filter(|named| !named.is_set) {
            match named.column {
                Column::Start => named.column = Column::AbsenceStart,
                Column::End => named.column = Column::AbsenceEnd,
                _ => {}
            }
        }
    }
}

impl Header {
    /// Whether the rows tell who is away.
    pub fn tells_absences(&self) -> bool {
        self.columns.iter().any(|named| named.column.is_absence())
    }
}

impl Column {
    /// Whether the column tells of an absence.
    pub const fn is_absence(&self) -> bool {
        matches!(self, Self::AbsenceReason | Self::AbsenceStart | Self::AbsenceEnd)
    }
}

/// The person of a row: by the id that it names, else by the phone. `None` for a row of nobody.
pub(super) fn person(id: Option<&str>, phone: Option<&str>) -> Option<Ref> {
    let of = |kind: &str, id: &str| Ref::Id { kind: kind.to_owned(), id: id.to_owned() };
    id.map(|id| of(ROW, id)).or_else(|| phone.map(|phone| of(PHONE, phone)))
}

/// The id of the record: the same when the table comes again, another for another absence of the same person.
pub(super) fn id(absence: &AbsenceRecord) -> String {
    let person = match &absence.person {
        Some(Ref::Id { kind, id }) => format!("{kind}\n{id}"),
        _ => String::new(),
    };
    let day = absence.start.or(absence.end).map(|day| day.to_string()).unwrap_or_default();
    let hash = Sha256::digest(format!("{person}\n{day}"));
    let hex: String = hash.iter().take(10).map(|byte| format!("{byte:02x}")).collect();
    format!("absence-{hex}")
}

/// A reason in words.
pub(super) fn reason(text: String) -> Coded {
    Coded { text: Some(text), ..Coded::default() }
}
