//! What the columns of a table mean, as somebody said it once and for all: kept in the settings of the source, over what their
//! names would tell.

use super::{Column, Header, fold, names::LEVELS};

/// The beginning of the settings of a source that name a column: `column.Tel 2 = phone 2`.
pub const COLUMN_SETTING: &str = "column.";

/// A column and its meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mapped {
    /// As written at the head of the column.
    name: String,
    column: Column,
    /// The lower one's value counts before that of others of its kind: 2 of `phone 2`.
    rank: Option<u8>,
}

/// The meanings of columns by their names. Columns that are not in it mean what their names tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping(Vec<Mapped>);

/// A meaning that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{meaning:?} is nothing that the column {column:?} can mean: use one of {}", MEANINGS.join(", "))]
pub struct MappingError {
    /// The column.
    pub column: String,
    /// What was said of it.
    pub meaning: String,
}

/// What a column can mean, as it is written in settings. `SYSTEM` is the system of an identifier, `KEY` the key of a field; a phone
/// may have a number and a use (`phone 2 work`).
pub const MEANINGS: [&str; 27] = [
    "id",
    "id:SYSTEM",
    "name",
    "given",
    "middle",
    "family",
    "phone",
    "cadre",
    "job",
    "facility",
    "facility id",
    "place",
    "county",
    "region",
    "district",
    "language",
    "sex",
    "birth",
    "groups",
    "trainings",
    "active",
    "start",
    "end",
    "absence reason",
    "absence start",
    "absence end",
    "field:KEY",
];
/// Meanings of one word each. The column without meaning comes last.
const WORDS: [(&str, Column); 21] = [
    ("id", Column::Id),
    ("name", Column::Name),
    ("given", Column::Given),
    ("middle", Column::Middle),
    ("family", Column::Family),
    ("cadre", Column::Cadre),
    ("job", Column::Job),
    ("facility", Column::Facility),
    ("facility id", Column::FacilityId),
    ("place", Column::Place(None)),
    ("language", Column::Language),
    ("sex", Column::Sex),
    ("birth", Column::Birth),
    ("groups", Column::Groups),
    ("trainings", Column::Trainings),
    ("active", Column::Active),
    ("start", Column::Start),
    ("end", Column::End),
    ("absence reason", Column::AbsenceReason),
    ("absence start", Column::AbsenceStart),
    ("absence end", Column::AbsenceEnd),
];
/// A column that is left out.
const IGNORED: &str = "ignore";
/// Uses of phones.
const USES: [&str; 3] = ["mobile", "work", "home"];

impl Mapping {
    /// The mapping in the settings of a source; other settings are passed over.
    ///
    /// ```
    /// use mhero_registries::table::{Column, Mapping};
    /// let mapping = Mapping::of_settings([("column.Tel 2", "phone 2"), ("column.Code", "id:http://moh.example")]).expect("known");
    /// assert_eq!(mapping.column("TEL 2"), Some(&Column::Phone(None)));
    /// assert!(Mapping::of_settings([("column.Tel", "shoe size")]).is_err());
    /// ```
    ///
    /// # Errors
    /// The first meaning that is none.
    pub fn of_settings<'a>(settings: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, MappingError> {
        let mut mapping = Self::default();
        for (key, meaning) in settings {
            if let Some(name) = key.strip_prefix(COLUMN_SETTING).filter(|_| !meaning.trim().is_empty()) {
                mapping.set(name, meaning)?;
            }
        }
        Ok(mapping)
    }

    /// The mapping as settings of a source.
    pub fn to_settings(&self) -> Vec<(String, String)> {
        self.0.iter().map(|mapped| (format!("{COLUMN_SETTING}{}", mapped.name), mapped.meaning())).collect()
    }

    /// What the columns of a table mean now, all of them: for somebody to look through and correct.
    pub fn of_header(header: &Header) -> Self {
        let mapped = header.columns.iter().map(|named| Mapped {
            name: named.name.clone(),
            column: named.column.clone(),
            rank: named.rank,
        });
        Self(mapped.collect())
    }

    /// Says what a column means, in place of what was said before.
    ///
    /// # Errors
    /// When the meaning is none.
    pub fn set(&mut self, name: &str, meaning: &str) -> Result<(), MappingError> {
        let wrong = || MappingError { column: name.to_owned(), meaning: meaning.to_owned() };
        let (column, rank) = read(meaning).ok_or_else(wrong)?;
        self.0.retain(|mapped| fold(&mapped.name) != fold(name));
        self.0.push(Mapped { name: name.trim().to_owned(), column, rank });
        Ok(())
    }

    /// What a column means, if anybody said so. Case, accents and punctuation of its name do not matter.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.find(name).map(|(column, _)| column)
    }

    pub(super) fn find(&self, name: &str) -> Option<(&Column, Option<u8>)> {
        let folded = fold(name);
        self.0.iter().find(|mapped| fold(&mapped.name) == folded).map(|mapped| (&mapped.column, mapped.rank))
    }

    /// Whether nobody said anything.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Mapped {
    fn meaning(&self) -> String {
        match &self.column {
            Column::Identifier(system) => format!("id:{system}"),
            Column::Field(key) => format!("field:{key}"),
            Column::Phone(usage) => {
                let rank = self.rank.map_or_else(String::new, |rank| format!(" {rank}"));
                format!("phone{rank}{}", usage.map_or_else(String::new, |usage| format!(" {usage}")))
            }
            Column::Place(Some(level)) => (*level).to_owned(),
            Column::NameOrFamily => "name".to_owned(),
            other => WORDS.iter().find(|(_, known)| known == other).map_or(IGNORED, |(word, _)| word).to_owned(),
        }
    }
}

/// A meaning as written in settings.
fn read(meaning: &str) -> Option<(Column, Option<u8>)> {
    let meaning = meaning.trim();
    let of = |column| Some((column, None));
    if let Some((kind, rest)) = meaning.split_once(':') {
        let rest = rest.trim();
        return match kind.trim().to_lowercase().as_str() {
            "id" if !rest.is_empty() => of(Column::Identifier(rest.to_owned())),
            "field" => of(Column::Field(mhero_wire::words::field_key(&fold(rest))?)),
            _ => None,
        };
    }
    let word = meaning.to_lowercase().replace(['_', '-'], " ");
    if let Some((_, column)) = WORDS.iter().find(|(known, _)| *known == word) {
        return of(column.clone());
    }
    if let Some((level, _)) = LEVELS.iter().find(|(level, _)| *level == word) {
        return of(Column::Place(Some(level)));
    }
    if let Some(rest) = word.strip_prefix("phone") {
        let (mut usage, mut rank) = (None, None);
        for part in rest.split_whitespace() {
            match (USES.iter().find(|known| **known == part), part.parse::<u8>()) {
                (Some(known), _) => usage = Some(*known),
                (None, Ok(number)) => rank = Some(number),
                (None, Err(_)) => return None,
            }
        }
        return Some((Column::Phone(usage), rank));
    }
    (word == IGNORED).then_some((Column::Skipped, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_into_settings_is_read_again() {
        let given = [
            ("column.Nom", "family"),
            ("column.Contact", "phone 1"),
            ("column.Autre", "phone 2 work"),
            ("column.Code", "id:http://moh.example/payroll"),
            ("column.Lieu", "district"),
            ("column.Note", "ignore"),
            ("column.Âge", "field:age"),
            ("column.Motif", "absence reason"),
        ];
        let settings = given.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let mapping = Mapping::of_settings(given).expect("all are known");
        assert_eq!(mapping.to_settings(), settings);
        assert_eq!(mapping.column("age"), Some(&Column::Field("age".to_owned())));
        for meaning in MEANINGS {
            assert!(read(meaning).is_some(), "{meaning}");
        }
        assert!(["", "phone x", "id:", "other:x"].iter().all(|meaning| read(meaning).is_none()));
    }
}
