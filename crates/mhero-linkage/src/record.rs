//! A record as the index holds it: numbers only, some hundred bytes.

use crate::{
    LinkageError,
    entry::{Entry, RecordId, SourceId, Value},
    normalise::{self, Day, Name},
    schema::{Kind, Schema},
    symbols::{Symbol, Symbols},
};

/// Most values of one field of one record; what follows is left out.
pub const VALUES_MAX: usize = 6;
/// Most steps of a place's path.
pub const STEPS_MAX: usize = 8;

/// A normalised record.
///
/// The cells begin with the end of each field's cells; then come, by kind: of a name `[given, family, words, words...]`, of an
/// identifier `[system, value]`, of a place `[steps, steps...]`, else one cell a value.
#[derive(Debug)]
pub struct Stored {
    /// The caller's id.
    pub id: RecordId,
    /// Those of its sources that hold nobody twice.
    pub alone: Alone,
    cells: Box<[u32]>,
}

/// Sources that hold nobody twice; nearly always one, which needs no memory of its own.
#[derive(Debug)]
pub enum Alone {
    /// One, or none.
    One(Option<SourceId>),
    /// Several.
    Many(Box<[SourceId]>),
}

impl Alone {
    fn of(sources: impl Iterator<Item = SourceId>) -> Self {
        let mut all: Vec<SourceId> = sources.collect();
        all.sort_unstable();
        all.dedup();
        if all.len() < 2 { Self::One(all.first().copied()) } else { Self::Many(all.into()) }
    }

    /// The sources.
    pub fn sources(&self) -> &[SourceId] {
        match self {
            Self::One(one) => one.as_slice(),
            Self::Many(many) => many,
        }
    }

    /// Whether both have one in common.
    pub fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::One(one), Self::One(other)) => one.is_some() && one == other,
            _ => self.sources().iter().any(|source| other.sources().contains(source)),
        }
    }
}

/// One name of the cells of a name field.
#[derive(Clone, Copy, Debug)]
pub struct NameCells<'a> {
    /// All words of the given name as one symbol; 0 for none.
    pub given: Symbol,
    /// All words of the family name as one symbol; 0 for none.
    pub family: Symbol,
    /// The words of the given name.
    pub given_words: &'a [Symbol],
    /// The words of the family name.
    pub family_words: &'a [Symbol],
    /// Whether the parts were guessed.
    pub guessed: bool,
}

impl Stored {
    /// Normalises an entry.
    pub fn of(entry: &Entry, schema: &Schema, symbols: &mut Symbols) -> Result<Self, LinkageError> {
        let mut fields: Vec<Vec<u32>> = vec![Vec::new(); schema.fields.len()];
        let mut counts = vec![0; schema.fields.len()];
        for (key, value) in &entry.values {
            let at = schema.position(key)?;
            if counts[at] < VALUES_MAX {
                let before = fields[at].len();
                put(schema.fields[at].kind, key, value, symbols, &mut fields[at])?;
                counts[at] += usize::from(fields[at].len() > before);
            }
        }
        let mut end = fields.len();
        let ends = fields.iter().map(|cells| {
            end += cells.len();
            u32::try_from(end).unwrap_or(u32::MAX)
        });
        let cells = ends.collect::<Vec<u32>>().into_iter().chain(fields.iter().flatten().copied()).collect();
        let alone = Alone::of(entry.sources.iter().copied().filter(|source| schema.exclusive.contains(source)));
        Ok(Self { id: entry.id, alone, cells })
    }

    /// The cells of a field, of as many as the schema has.
    pub fn cells(&self, field: usize, fields: usize) -> &[u32] {
        let start = if field == 0 { fields } else { self.cells[field - 1] as usize };
        &self.cells[start..self.cells[field] as usize]
    }
}

fn put(kind: Kind, key: &str, value: &Value, symbols: &mut Symbols, cells: &mut Vec<u32>) -> Result<(), LinkageError> {
    let wrong = || LinkageError::WrongValue { field: key.to_owned(), value: value.word() };
    let single = match (kind, value) {
        (Kind::Name, Value::Name { given, family }) => {
            put_name(&normalise::person_name(given, family), symbols, cells);
            None
        }
        (Kind::Name, Value::WholeName(name) | Value::Text(name)) => {
            put_name(&normalise::whole_name(name), symbols, cells);
            None
        }
        (Kind::Id, Value::Id { system, value }) => {
            if let Some(value) = normalise::identifier(value) {
                cells.extend([symbols.take(&normalise::system(system)), symbols.take(&value)]);
            }
            None
        }
        (Kind::Place, Value::Place(path)) => {
            let steps: Vec<u32> = path.iter().take(STEPS_MAX).map(|step| symbols.take(step.trim())).collect();
            if !steps.is_empty() {
                cells.push(u32::try_from(steps.len()).unwrap_or(0));
                cells.extend(steps);
            }
            None
        }
        (Kind::Text | Kind::Code, Value::Text(text)) => normalise::code(text).map(|text| symbols.take(&text)),
        (Kind::Phone, Value::Text(text)) => normalise::phone(text).map(|text| symbols.take(&text)),
        (Kind::Date { latest_year }, Value::Text(text)) => Day::read(text, latest_year).map(|day| day.0),
        (Kind::Sex, Value::Text(text)) => normalise::sex(text),
        _ => return Err(wrong()),
    };
    if let Some(cell) = single
        && !cells.contains(&cell)
    {
        cells.push(cell);
    }
    Ok(())
}

fn put_name(name: &Name, symbols: &mut Symbols, cells: &mut Vec<u32>) {
    if name.given.is_empty() && name.family.is_empty() {
        return;
    }
    let joined = [symbols.take(&name.given.concat()), symbols.take(&name.family.concat())];
    let sizes = name.given.len() | name.family.len() << 8 | usize::from(name.guessed) << 16;
    cells.extend(joined);
    cells.push(u32::try_from(sizes).unwrap_or(0));
    for word in name.given.iter().chain(&name.family) {
        cells.push(symbols.take(word));
    }
}

/// The names in the cells of a name field.
pub fn names(cells: &[u32]) -> impl Iterator<Item = NameCells<'_>> {
    let mut rest = cells;
    std::iter::from_fn(move || {
        let [given, family, sizes, words @ ..] = rest else { return None };
        let (of_given, of_family) = ((sizes & 0xff) as usize, (sizes >> 8 & 0xff) as usize);
        let (given_words, after) = words.split_at_checked(of_given)?;
        let (family_words, after) = after.split_at_checked(of_family)?;
        rest = after;
        Some(NameCells { given: *given, family: *family, given_words, family_words, guessed: sizes >> 16 != 0 })
    })
}

/// The paths in the cells of a place field, each from the top down.
pub fn paths(cells: &[u32]) -> impl Iterator<Item = &[u32]> {
    let mut rest = cells;
    std::iter::from_fn(move || {
        let (steps, after) = rest.split_first()?;
        let (path, after) = after.split_at_checked(*steps as usize)?;
        rest = after;
        Some(path)
    })
}

/// System and value of each identifier in the cells of an identifier field.
pub fn identifiers(cells: &[u32]) -> impl Iterator<Item = (Symbol, Symbol)> {
    cells.chunks_exact(2).map(|pair| (pair[0], pair[1]))
}
