//! What is compared: fields with their kinds, and the passes that bring likely pairs together.

use serde::{Deserialize, Serialize};

use crate::{LinkageError, entry::SourceId};

/// The fields that records have, how pairs are found, and which sources hold nobody twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// Fields, in the order in which explanations show them.
    pub fields: Vec<Field>,
    /// How pairs are found; a pair is compared when any pass brings it together.
    pub passes: Vec<Pass>,
    /// Sources of which two records are two people.
    pub exclusive: Vec<SourceId>,
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its key, by which entries name it.
    pub key: String,
    /// What it holds.
    pub kind: Kind,
}

/// What a field holds, and so how it is normalised and compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A name of a person: two comparisons, `KEY.given` and `KEY.family`.
    Name,
    /// Words: an address, a village.
    Text,
    /// A code: a postcode, a cadre, a house number.
    Code,
    /// A day, or only a year.
    Date {
        /// Years after this one are mistakes and count as missing.
        latest_year: Option<u16>,
    },
    /// A phone; the last eight digits are compared, since country codes and zeros are written at will.
    Phone,
    /// An identifier of some system.
    Id,
    /// A place by its path from the top down.
    Place,
    /// Female or male; anything else counts as missing.
    Sex,
}

/// A way to find pairs: records that share all parts of the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pass {
    /// Its name in reports: `phone`, `family and birth year`.
    pub name: String,
    /// What must be the same.
    pub on: Vec<On>,
    /// Asked for besides, one after the other, where too many records share the key.
    pub refine: Vec<On>,
}

/// A part of a blocking key: a field, and what of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct On {
    /// The field.
    pub field: String,
    /// What of it.
    pub how: How,
}

/// What of a field a blocking key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// The whole value, normalised; of a name all words, in any order.
    Whole,
    /// The sound of the given name.
    Given,
    /// The sound of the family name.
    Family,
    /// The sound of any word of a name.
    AnyName,
    /// First letters of all words of a name, in any order.
    Initials,
    /// The first letters of a text, of a code, or of any word of a name.
    Letters(u8),
    /// The sound of a text.
    Sound,
    /// The year of a date.
    Year,
    /// Month and day of a date.
    MonthDay,
    /// The place above.
    Parent,
    /// Neighbours in alphabetical order, this many on each side; must stand alone in its pass.
    Neighbours(u8),
    /// The same from the last letter to the first, so that typos at the beginning do no harm.
    NeighboursReversed(u8),
}

impl Pass {
    /// A pass.
    pub fn new(name: &str, on: &[(&str, How)], refine: &[(&str, How)]) -> Self {
        let parts =
            |of: &[(&str, How)]| of.iter().map(|(field, how)| On { field: (*field).to_owned(), how: *how }).collect();
        Self { name: name.to_owned(), on: parts(on), refine: parts(refine) }
    }
}

impl Schema {
    /// Most comparisons; a name counts twice.
    pub const FIELDS_MAX: usize = 16;

    /// Health workers: `name`, `sex`, `birth`, `phone`, `id`, `place`, `cadre`.
    pub fn people(exclusive: Vec<SourceId>) -> Self {
        let field = |key: &str, kind| Field { key: key.to_owned(), kind };
        Self {
            fields: vec![
                field("name", Kind::Name),
                field("sex", Kind::Sex),
                field("birth", Kind::Date { latest_year: None }),
                field("phone", Kind::Phone),
                field("id", Kind::Id),
                field("place", Kind::Place),
                field("cadre", Kind::Code),
            ],
            passes: people_passes(),
            exclusive,
        }
    }

    /// Whether the passes fit the fields.
    ///
    /// # Errors
    /// [`LinkageError::TooManyFields`], [`LinkageError::UnknownField`], [`LinkageError::WrongPass`].
    pub fn check(&self) -> Result<(), LinkageError> {
        let given = self.fields.iter().map(|field| field.kind.comparisons()).sum();
        if given > Self::FIELDS_MAX {
            return Err(LinkageError::TooManyFields { given, max: Self::FIELDS_MAX });
        }
        for pass in &self.passes {
            for on in pass.on.iter().chain(&pass.refine) {
                let at = self.position(&on.field)?;
                let neighbours = matches!(on.how, How::Neighbours(_) | How::NeighboursReversed(_));
                let alone = pass.on.len() == 1 && pass.refine.is_empty();
                if !on.how.reads(self.fields[at].kind) || (neighbours && !alone) {
                    return Err(LinkageError::WrongPass { pass: pass.name.clone(), field: on.field.clone() });
                }
            }
        }
        Ok(())
    }

    /// The comparisons in order: `name.given`, `name.family`, `sex`, ...
    pub fn comparisons(&self) -> Vec<String> {
        let names = self.fields.iter().flat_map(|field| match field.kind {
            Kind::Name => vec![format!("{}.given", field.key), format!("{}.family", field.key)],
            _ => vec![field.key.clone()],
        });
        names.collect()
    }

    pub(crate) fn position(&self, key: &str) -> Result<usize, LinkageError> {
        let at = self.fields.iter().position(|field| field.key == key);
        at.ok_or_else(|| LinkageError::UnknownField(key.to_owned()))
    }
}

impl Kind {
    pub(crate) const fn comparisons(self) -> usize {
        if matches!(self, Self::Name) { 2 } else { 1 }
    }
}

impl How {
    /// Whether a field of that kind offers it.
    const fn reads(self, kind: Kind) -> bool {
        match self {
            Self::Whole => true,
            Self::Given | Self::Family | Self::AnyName | Self::Initials => matches!(kind, Kind::Name),
            Self::Letters(_) => matches!(kind, Kind::Name | Kind::Text | Kind::Code),
            Self::Sound => matches!(kind, Kind::Text),
            Self::Year | Self::MonthDay => matches!(kind, Kind::Date { .. }),
            Self::Parent => matches!(kind, Kind::Place),
            Self::Neighbours(_) | Self::NeighboursReversed(_) => matches!(kind, Kind::Name | Kind::Text),
        }
    }
}

fn people_passes() -> Vec<Pass> {
    vec![
        Pass::new("phone", &[("phone", How::Whole)], &[("name", How::AnyName)]),
        Pass::new("identifier", &[("id", How::Whole)], &[("name", How::AnyName)]),
        Pass::new("family and birth year", &[("name", How::AnyName), ("birth", How::Year)], &[("name", How::Initials)]),
        Pass::new("initials and place", &[("name", How::Initials), ("place", How::Whole)], &[("name", How::AnyName)]),
        Pass::new("birth and letters", &[("birth", How::Whole), ("name", How::Letters(1))], &[("name", How::AnyName)]),
        Pass::new(
            "sound of both",
            &[("name", How::Given), ("name", How::Family)],
            &[("place", How::Parent), ("birth", How::Year)],
        ),
        Pass::new("name and district", &[("name", How::AnyName), ("place", How::Parent)], &[("name", How::Initials)]),
        Pass::new("neighbours", &[("name", How::Neighbours(6))], &[]),
    ]
}
