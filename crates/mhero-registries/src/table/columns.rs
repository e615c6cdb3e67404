//! What a column name means.

use mhero_wire::words;

use super::{
    OWN_COLUMN,
    fold::{fold, fold_name},
    names::{LEVELS, NAMES},
};

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// The source's own id of the person.
    Id,
    /// An identifier in some system; one that begins with `#` counts within the source only.
    Identifier(String),
    /// The whole name.
    Name,
    /// `Nom`: the family name beside a column of given names, else the whole name.
    NameOrFamily,
    /// Given names.
    Given,
    /// Further names between given and family name.
    Middle,
    /// Family name.
    Family,
    /// A phone, with `mobile`, `work` or `home` where the name says so.
    Phone(Option<&'static str>),
    /// Cadre.
    Cadre,
    /// Job title.
    Job,
    /// A place above facilities; `None` for a column that only says "place".
    Place(Option<&'static str>),
    /// A facility's name.
    Facility,
    /// A facility's id.
    FacilityId,
    /// Preferred language.
    Language,
    /// Sex.
    Sex,
    /// Date of birth.
    Birth,
    /// Groups, with commas between.
    Groups,
    /// Courses, with commas between.
    Trainings,
    /// Whether the person is in service.
    Active,
    /// First day of the position.
    Start,
    /// Last day of the position.
    End,
    /// Why somebody is away.
    AbsenceReason,
    /// First day away.
    AbsenceStart,
    /// Last day away.
    AbsenceEnd,
    /// Any other column: a field with this key.
    Field(String),
    /// A running number, a column of our own, or one without a name.
    Skipped,
}

/// What a column of this name holds. A name with a URL in it is an identifier of that system.
///
/// ```
/// use mhero_registries::table::{Column, column};
/// assert_eq!(column("N° de Téléphone 2"), Column::Phone(None));
/// assert_eq!(column("http://moh.example/payroll"), Column::Identifier("http://moh.example/payroll".to_owned()));
/// assert_eq!(column("Years in service"), Column::Field("years_in_service".to_owned()));
/// ```
pub fn column(name: &str) -> Column {
    if fold(name).starts_with(&fold(OWN_COLUMN)) {
        return Column::Skipped;
    }
    if let Some(system) = name.split_whitespace().find(|word| word.contains("://") || word.starts_with("urn:")) {
        return Column::Identifier(system.trim_matches(['(', ')', '[', ']']).to_owned());
    }
    let folded = fold_name(name);
    if let Some(known) = known(&folded) {
        return known;
    }
    // "Phone 2", "tel1", "Groupe 3": several columns of one kind are numbered.
    let bare = folded.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
    if bare != folded
        && let Some(column @ (Column::Phone(_) | Column::Groups | Column::Trainings)) = known(bare)
    {
        return column;
    }
    words::field_key(&fold(name)).map_or(Column::Skipped, Column::Field)
}

fn known(folded: &str) -> Option<Column> {
    if let Some((level, _)) = LEVELS.iter().find(|(_, names)| names.contains(&folded)) {
        return Some(Column::Place(Some(level)));
    }
    NAMES.iter().find(|(_, names)| names.contains(&folded)).map(|(known, _)| known.column())
}

impl Column {
    /// Whether the column was known by its name rather than taken as a field.
    pub const fn is_known(&self) -> bool {
        !matches!(self, Self::Field(_) | Self::Skipped)
    }

    /// Whether a table of people can stand on this column.
    pub const fn names_people(&self) -> bool {
        matches!(
            self,
            Self::Id
                | Self::Identifier(_)
                | Self::Name
                | Self::NameOrFamily
                | Self::Given
                | Self::Family
                | Self::Phone(_)
        )
    }
}
