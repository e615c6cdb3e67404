//! Whose value counts: the owner of a field before the ranks of the sources.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use mhero_core::{
    PersonId, SourceId,
    record::{PersonRecord, Value},
};
use mhero_store::{OwnerRow, PersonRow};

use super::chunk::Piece;

/// Who owns which field. Of a field without owners, the value of the first source by rank counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Owners(HashMap<String, HashMap<SourceId, i64>>);

impl Owners {
    /// Reads the claims of sources.
    pub(crate) fn new(rows: impl IntoIterator<Item = OwnerRow>) -> Self {
        let mut owners: HashMap<String, HashMap<SourceId, i64>> = HashMap::new();
        for row in rows {
            owners.entry(row.field).or_default().insert(row.source, row.rank);
        }
        Self(owners)
    }

    /// The pieces in the order in which their values of a field count; they come in the order of their sources' ranks.
    pub(crate) fn order<'p>(&self, field: &str, pieces: &'p [Piece]) -> Vec<&'p Piece> {
        let mut ordered: Vec<&Piece> = pieces.iter().collect();
        if let Some(owners) = self.0.get(field) {
            ordered.sort_by_key(|piece| owners.get(&piece.source).copied().unwrap_or(i64::MAX));
        }
        ordered
    }

    /// The first piece that has a value of a field.
    pub(crate) fn first<'p, T>(
        &self,
        field: &str,
        pieces: &'p [Piece],
        read: impl Fn(&'p PersonRecord) -> Option<T>,
    ) -> Option<(&'p Piece, T)> {
        self.order(field, pieces).into_iter().find_map(|piece| Some((piece, read(&piece.content)?)))
    }

    /// What the registry says about a person, from all pieces. The parts of a name come from one piece, so that they fit.
    pub(crate) fn row(&self, person: PersonId, pieces: &[Piece]) -> PersonRow {
        let named = self.first("name", pieces, |content| Some(content).filter(|content| !content.name.is_empty()));
        let text = |pick: fn(&PersonRecord) -> &String| named.map(|(_, content)| pick(content).clone());
        PersonRow {
            id: person,
            name: text(|content| &content.name).unwrap_or_default(),
            given: text(|content| &content.given).unwrap_or_default(),
            family: text(|content| &content.family).unwrap_or_default(),
            language: self.first("language", pieces, |content| content.language).map(|(_, language)| language),
            sex: self.first("sex", pieces, |content| content.sex.clone()).map(|(_, sex)| sex),
            birth: self.first("birth", pieces, |content| content.birth).map(|(_, day)| day.to_string()),
            active: self.is_active(pieces),
        }
    }

    /// Whether a person is at work: as the owner says; without one, as long as any source says so.
    pub(crate) fn is_active(&self, pieces: &[Piece]) -> bool {
        let owners = self.0.get("active");
        let owned = owners.and_then(|owners| {
            let ordered = self.order("active", pieces);
            ordered.into_iter().find(|piece| owners.contains_key(&piece.source))
        });
        owned.map_or_else(|| pieces.iter().any(|piece| piece.content.active), |piece| piece.content.active)
    }

    /// Of each field, the value that counts and whose it is.
    pub(crate) fn values<'p>(&self, pieces: &'p [Piece]) -> BTreeMap<&'p str, (&'p Piece, &'p Value)> {
        let keys: BTreeSet<&str> =
            pieces.iter().flat_map(|piece| piece.content.values.iter().map(|value| value.field.as_str())).collect();
        let value = |key: &'p str| {
            let read = |content: &'p PersonRecord| {
                content.values.iter().find(|value| value.field == key).map(|value| &value.value)
            };
            Some((key, self.first(key, pieces, read)?))
        };
        keys.into_iter().filter_map(value).collect()
    }
}

#[cfg(test)]
mod tests {
    use mhero_core::{SourceRecordId, record::ValueRecord};
    use uuid::Uuid;

    use super::*;

    fn piece(source: u128, name: &str, village: Option<&str>, active: bool) -> Piece {
        let values = village.map(|text| ValueRecord { field: "village".into(), value: Value::Text(text.into()) });
        Piece {
            rank: i64::try_from(source).expect("a small number"),
            record: SourceRecordId::from_uuid(Uuid::from_u128(source)),
            source: SourceId::from_uuid(Uuid::from_u128(source)),
            kind: "row".into(),
            ext_id: "1".into(),
            content: PersonRecord {
                name: name.into(),
                active,
                values: values.into_iter().collect(),
                ..PersonRecord::default()
            },
        }
    }

    fn owner(field: &str, source: u128) -> OwnerRow {
        OwnerRow { field: field.into(), source: SourceId::from_uuid(Uuid::from_u128(source)), rank: 1 }
    }

    #[test]
    fn the_owner_of_a_field_counts_before_the_ranks() {
        let pieces = [piece(1, "Ann Kollie", Some("Zorzor"), true), piece(2, "A. Kollie", Some("Voinjama"), false)];
        let person = PersonId::from_uuid(Uuid::nil());
        let village = |owners: &Owners| match owners.values(&pieces)["village"].1 {
            Value::Text(text) => text.clone(),
            _ => String::new(),
        };
        let nobody = Owners::default();
        assert_eq!((nobody.row(person, &pieces).name.as_str(), village(&nobody).as_str()), ("Ann Kollie", "Zorzor"));
        assert!(nobody.is_active(&pieces));
        let second = Owners::new([owner("village", 2), owner("active", 2)]);
        assert_eq!((second.row(person, &pieces).name.as_str(), village(&second).as_str()), ("Ann Kollie", "Voinjama"));
        assert!(!second.is_active(&pieces));
    }

    #[test]
    fn where_the_owner_has_no_value_another_counts() {
        let pieces = [piece(1, "Ann", Some("Zorzor"), true), piece(2, "", None, true)];
        let owners = Owners::new([owner("village", 2), owner("name", 2)]);
        assert_eq!(owners.row(PersonId::from_uuid(Uuid::nil()), &pieces).name, "Ann");
        assert!(matches!(owners.values(&pieces)["village"].1, Value::Text(text) if text == "Zorzor"));
    }
}
