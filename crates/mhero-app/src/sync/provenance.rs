//! Where each value of a person comes from: which source said it, in which record, and when.

use std::collections::HashMap;

use mhero_core::{
    PersonId, Right, SourceId,
    record::{Content, PersonRecord, Value},
};
use mhero_store::{KeptContent, Origin};

use crate::{
    App, AppError, Caller,
    people::import::{Owners, Piece},
};

/// Where a person's values come from.
#[derive(Clone, Debug, Default)]
pub struct Provenance {
    /// Each value that counts.
    pub values: Vec<ValueOrigin>,
}

/// A value and where it comes from.
#[derive(Clone)]
pub struct ValueOrigin {
    /// The field: `name`, `phone`, `birth`, or the key of a field.
    pub field: String,
    /// The value as the source has it.
    pub value: String,
    /// The name of the source; `None` where an official or the person themself said it here.
    pub source: Option<String>,
    /// The source's word for the kind of the record, and its id.
    pub record: Option<(String, String)>,
    /// When it was observed: when the record last changed, in UTC microseconds.
    pub observed_at: i64,
    /// When the person confirmed it.
    pub verified_at: Option<i64>,
    /// What other sources say instead: their name and value.
    pub others: Vec<(String, String)>,
}

/// Only whose it is: values stay out of logs.
impl std::fmt::Debug for ValueOrigin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ValueOrigin").field("field", &self.field).field("source", &self.source).finish_non_exhaustive()
    }
}

/// A part of a person's own row, and how a record says it.
type Part = (&'static str, fn(&PersonRecord) -> Option<String>);

/// The parts of a person's own row.
const PARTS: [Part; 4] = [
    ("name", |said| Some(said.name.clone()).filter(|name| !name.is_empty())),
    ("language", |said| said.language.map(|language| language.to_string())),
    ("sex", |said| said.sex.clone()),
    ("birth", |said| said.birth.map(|day| day.to_string())),
];

impl App {
    /// Where each value of a person of the caller's scope comes from.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the scope.
    pub async fn provenance(&self, caller: &Caller, person: PersonId) -> Result<Provenance, AppError> {
        caller.must(Right::ReadPeople)?;
        let person = self.store().golden(person).await?;
        let record = self.store().person_record(&caller.scope, person).await?;
        let record = record.ok_or_else(|| AppError::not_found("person", person))?;
        let sources = self.store().sources().await?;
        let ranks: HashMap<SourceId, i64> = sources.iter().map(|source| (source.id, source.rank)).collect();
        let owners = Owners::new(self.store().owners().await?);
        let mut origins = self.store().origins_of(person).await?;
        let mut contents = self.contents_of(person).await?;
        for joined in self.store().joined_to(person).await? {
            origins.extend(self.store().origins_of(joined).await?);
            contents.extend(self.contents_of(joined).await?);
        }
        let pieces = pieces(contents, &ranks);
        let origin = |piece: &Piece| origins.iter().find(|origin| origin.record == piece.record);
        let mut values: Vec<ValueOrigin> = Vec::new();
        for (field, read) in PARTS {
            values.extend(value(field, &owners.order(field, &pieces), origin, read));
        }
        for number in &record.numbers {
            let said = pieces.iter().find(|piece| piece.content.phones.iter().any(|phone| phone.raw == number.raw));
            let from = said.and_then(origin);
            values.push(ValueOrigin {
                field: "phone".to_owned(),
                value: number.path.clone().unwrap_or_else(|| number.raw.clone()),
                source: number.source.clone(),
                record: from.map(|from| (from.kind.clone(), from.ext_id.clone())),
                observed_at: from.map_or(record.created_at, |from| from.changed_at),
                verified_at: number.verified_at,
                others: Vec::new(),
            });
        }
        for field in &record.values {
            let say = |said: &PersonRecord| {
                said.values.iter().find(|value| value.field == field.key).map(|value| text(&value.value))
            };
            let ordered = owners.order(&field.key, &pieces);
            let found = value(&field.key, &ordered, origin, say).filter(|_| field.source.is_some());
            let told = ValueOrigin {
                field: field.key.clone(),
                value: field.text.clone(),
                source: field.source.clone(),
                record: found.as_ref().and_then(|found| found.record.clone()),
                observed_at: field.observed_at,
                verified_at: field.verified_at,
                others: found.map(|found| found.others).unwrap_or_default(),
            };
            values.push(told);
        }
        Ok(Provenance { values })
    }

    async fn contents_of(&self, person: PersonId) -> Result<Vec<KeptContent>, AppError> {
        Ok(self.store().person_states(&[person]).await?.remove(&person).map(|state| state.contents).unwrap_or_default())
    }
}

fn pieces(contents: Vec<KeptContent>, ranks: &HashMap<SourceId, i64>) -> Vec<Piece> {
    let read = |kept: KeptContent| {
        let Ok(Content::Person(content)) = serde_json::from_str(&kept.content) else { return None };
        Some(Piece {
            rank: ranks.get(&kept.source).copied().unwrap_or(i64::MAX),
            record: kept.id,
            source: kept.source,
            kind: kept.kind,
            ext_id: kept.ext_id,
            content: *content,
        })
    };
    let mut pieces: Vec<Piece> = contents.into_iter().filter_map(read).collect();
    pieces.sort_by_key(|piece| (piece.rank, piece.record));
    pieces
}

/// The value that counts, and what others say instead.
fn value<'o>(
    field: &str,
    ordered: &[&Piece],
    origin: impl Fn(&Piece) -> Option<&'o Origin>,
    read: impl Fn(&PersonRecord) -> Option<String>,
) -> Option<ValueOrigin> {
    let mut said = ordered.iter().filter_map(|piece| Some((origin(piece)?, read(&piece.content)?)));
    let (from, value) = said.next()?;
    let others = said.filter(|(_, other)| *other != value).map(|(from, other)| (from.source_name.clone(), other));
    Some(ValueOrigin {
        field: field.to_owned(),
        others: others.collect(),
        value,
        source: Some(from.source_name.clone()),
        record: Some((from.kind.clone(), from.ext_id.clone())),
        observed_at: from.changed_at,
        verified_at: None,
    })
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Instant(instant) => instant.to_string(),
        Value::Day(day) => day.to_string(),
        Value::Place(mhero_core::record::Ref::Id { kind, id }) => format!("{kind}/{id}"),
        Value::Place(mhero_core::record::Ref::Path(steps)) => {
            steps.iter().map(|step| step.name.trim()).collect::<Vec<_>>().join(", ")
        }
    }
}
