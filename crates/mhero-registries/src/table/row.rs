//! What one row of a table says.

use jiff::civil::Date;
use mhero_core::{
    limits::{NAME_CHARS_MAX, PHONES_PER_RECORD_MAX, VALUE_CHARS_MAX},
    record::{
        AbsenceRecord, Coded, Content, Identifier, PathStep, PersonRecord, PositionRecord, Problem, RawPhone, Reason,
        Record, Ref, Rejection, TrainingRecord, Value, ValueRecord,
    },
};
use mhero_wire::words;
use sha2::{Digest, Sha256};

use super::{
    Cell, Column, Header, absence,
    day::{self, NoDay},
    fold,
    header::Named,
    names::LEVELS,
};

/// Fewest digits by which a part of a cell can be a phone of its own.
const PHONE_DIGITS_MIN: usize = 7;
/// Last digits of a phone that stay the same however it is written, with or without its country.
const PHONE_DIGITS_STABLE: usize = 8;

/// A table that is being read: its name and its columns.
pub struct Table {
    file: String,
    header: Header,
    sequence: Vec<usize>,
    tells_absences: bool,
}

impl Table {
    /// A table of a file.
    pub fn new(file: &str, header: Header) -> Self {
        let (sequence, tells_absences) = (header.sequence(), header.tells_absences());
        Self { file: file.to_owned(), header, sequence, tells_absences }
    }

    /// The record of a row. `row` is its number as a spreadsheet shows it. `None` for titles, the header and empty rows.
    pub fn record(&self, row: u64, cells: &[Cell]) -> Option<Result<Record, Rejection>> {
        if row <= self.header.row || cells.iter().all(Cell::is_empty) {
            return None;
        }
        let origin = format!("{}, row {row}", self.file);
        let raw = self.raw(cells, false);
        // A refused row goes back to be mended: with all its columns, in their order.
        let refuse = |reason| Rejection {
            origin: origin.clone(),
            problem: Problem { element: String::new(), reason },
            raw: self.raw(cells, true),
        };
        let surplus = cells.iter().skip(self.header.columns.len()).filter(|cell| !cell.is_empty()).count();
        if surplus > 0 {
            let count = self.header.columns.len().to_string();
            return Some(Err(refuse(Reason::new("import-row-too-long", [("columns", count)]))));
        }
        let mut reading = Reading::new();
        for index in &self.sequence {
            if let (Some(named), Some(cell)) = (self.header.columns.get(*index), cells.get(*index))
                && !cell.is_empty()
            {
                reading.cell(named, cell);
            }
        }
        if self.tells_absences {
            return Some(match reading.into_absence() {
                (Some(absence), warnings) => {
                    let (kind, id) = (absence::ABSENCE.to_owned(), absence::id(&absence));
                    Ok(Record { origin, kind, id, raw, warnings, content: Content::Absence(absence) })
                }
                (None, _) => Err(refuse(Reason::plain("import-row-of-nobody"))),
            });
        }
        let Some(id) = reading.id() else {
            return Some(Err(refuse(Reason::plain("import-row-of-nobody"))));
        };
        let (person, warnings) = reading.finish();
        let content = Content::Person(Box::new(person));
        Some(Ok(Record { origin, kind: "row".to_owned(), id, raw, warnings, content }))
    }

    /// The row as received: a JSON object of column name and cell text; empty cells on demand.
    fn raw(&self, cells: &[Cell], with_empty: bool) -> String {
        let names = self.header.columns.iter().map(|named| named.name.clone());
        let names = names.chain((self.header.columns.len() + 1..).map(|number| format!("column {number}")));
        let columns = self.header.columns.len();
        let texts = cells.iter().map(|cell| if cell.is_empty() { String::new() } else { cell.text() });
        let missing = std::iter::repeat_n(String::new(), columns.saturating_sub(cells.len()));
        let pairs = names.zip(texts.chain(missing).enumerate());
        let kept = pairs.filter(|(_, (at, text))| !text.is_empty() || (with_empty && *at < columns));
        let mut object = serde_json::Map::new();
        for (name, (_, text)) in kept {
            // Of two columns with one name an empty one says nothing.
            if !text.is_empty() || !object.contains_key(&name) {
                object.insert(name, text.into());
            }
        }
        serde_json::Value::Object(object).to_string()
    }
}

/// A row as far as its cells have been read.
struct Reading {
    id: Option<String>,
    middle: String,
    facility: Option<String>,
    facility_id: Option<String>,
    places: Vec<(usize, PathStep)>,
    position: PositionRecord,
    person: PersonRecord,
    absence: AbsenceRecord,
    warnings: Vec<Problem>,
}

impl Reading {
    fn new() -> Self {
        Self {
            id: None,
            middle: String::new(),
            facility: None,
            facility_id: None,
            places: Vec::new(),
            position: PositionRecord { active: true, ..PositionRecord::default() },
            person: PersonRecord { active: true, ..PersonRecord::default() },
            absence: AbsenceRecord::default(),
            warnings: Vec::new(),
        }
    }

    fn cell(&mut self, named: &Named, cell: &Cell) {
        if let Cell::Broken(text) = cell {
            self.warn(&named.name, "import-cell-broken", text);
            return;
        }
        let limit = match named.column {
            Column::Field(_) | Column::Groups | Column::Trainings | Column::Phone(_) => VALUE_CHARS_MAX,
            _ => NAME_CHARS_MAX,
        };
        let text = self.text(&named.name, cell, limit);
        match &named.column {
            Column::Id => self.id = Some(text),
            Column::Identifier(system) => {
                self.person.identifiers.push(Identifier { system: system.clone(), value: text });
            }
            Column::Name | Column::NameOrFamily => self.person.name = text,
            Column::Given => self.person.given = text,
            Column::Middle => self.middle = join([&self.middle, &text]),
            Column::Family => self.person.family = text,
            Column::Phone(usage) => self.phones(named, &text, *usage),
            Column::Cadre => self.position.cadre = Some(coded(text)),
            Column::Job => self.position.job = Some(coded(text)),
            Column::Place(level) => self.place(*level, text),
            Column::Facility => self.facility = Some(text),
            Column::FacilityId => self.facility_id = Some(text),
            Column::Language => self.language(&named.name, &text),
            Column::Sex => match words::sex(&text) {
                Some(sex) => self.person.sex = Some(sex.to_owned()),
                None => self.warn(&named.name, "import-sex-unknown", &text),
            },
            Column::Birth => self.person.birth = self.day(named, cell),
            Column::Start => self.position.start = self.day(named, cell),
            Column::End => self.position.end = self.day(named, cell),
            Column::Groups => self.person.groups.extend(list(&text)),
            Column::Trainings => {
                let training = |course| TrainingRecord { course: coded(course), ..TrainingRecord::default() };
                self.person.trainings.extend(list(&text).into_iter().map(training));
            }
            Column::Active => match words::in_service(&text) {
                Some(true) => {}
                Some(false) => (self.person.active, self.position.active) = (false, false),
                None => self.warn(&named.name, "import-active-unknown", &text),
            },
            Column::AbsenceReason => self.absence.reason = absence::reason(text),
            Column::AbsenceStart => self.absence.start = self.day(named, cell),
            Column::AbsenceEnd => self.absence.end = self.day(named, cell),
            Column::Field(key) => self.field(key, cell, text),
            Column::Skipped => {}
        }
    }

    fn warn(&mut self, element: &str, key: &'static str, text: &str) {
        let reason = Reason::new(key, [("text", text.chars().take(60).collect())]);
        self.warnings.push(Problem { element: element.to_owned(), reason });
    }

    /// The text of a cell within a limit; letters that were lost before the file came here are pointed out.
    fn text(&mut self, element: &str, cell: &Cell, limit: usize) -> String {
        let text = cell.text();
        if matches!(cell, Cell::Text(_)) && is_garbled(&text) {
            self.warn(element, "import-text-garbled", &text);
        }
        match text.char_indices().nth(limit) {
            Some((end, _)) => {
                let reason = Reason::new("import-text-cut", [("limit", limit.to_string())]);
                self.warnings.push(Problem { element: element.to_owned(), reason });
                text[..end].to_owned()
            }
            None => text,
        }
    }

    fn field(&mut self, key: &str, cell: &Cell, text: String) {
        let value = match cell {
            Cell::Number(number) => Value::Number(*number),
            Cell::Day(day) => Value::Day(*day),
            _ => Value::Text(text),
        };
        self.person.values.push(ValueRecord { field: key.to_owned(), value });
    }

    fn place(&mut self, level: Option<&'static str>, name: String) {
        let rank = LEVELS.iter().position(|(known, _)| Some(*known) == level).unwrap_or(LEVELS.len());
        self.places.push((rank, PathStep { level: level.map(str::to_owned), name }));
    }

    fn language(&mut self, element: &str, text: &str) {
        // "English, Kpelle": the first is the preferred one.
        let first = list(text).into_iter().next().unwrap_or_default();
        self.person.language = words::language(&first);
        if self.person.language.is_none() {
            self.warn(element, "import-language-unknown", text);
        }
    }

    fn day(&mut self, named: &Named, cell: &Cell) -> Option<Date> {
        match cell {
            Cell::Day(day) => Some(*day),
            Cell::Moment(moment) => Some(moment.date()),
            other => match day::read(&other.text(), named.order) {
                Ok(day) => Some(day),
                Err(NoDay::Unreadable) => {
                    self.warn(&named.name, "import-date-unreadable", &other.text());
                    None
                }
                Err(NoDay::Ambiguous) => {
                    self.warn(&named.name, "import-date-ambiguous", &other.text());
                    None
                }
            },
        }
    }

    fn phones(&mut self, named: &Named, text: &str, usage: Option<&'static str>) {
        for raw in split_phones(text) {
            if self.person.phones.len() == PHONES_PER_RECORD_MAX {
                let reason = Reason::new("import-phones-too-many", [("limit", PHONES_PER_RECORD_MAX.to_string())]);
                self.warnings.push(Problem { element: named.name.clone(), reason });
                return;
            }
            let raw = match unrounded(&raw) {
                Some(Ok(exact)) => exact,
                Some(Err(())) => {
                    self.warn(&named.name, "import-phone-rounded", &raw);
                    raw
                }
                None => raw,
            };
            let raw = raw.chars().take(NAME_CHARS_MAX).collect();
            self.person.phones.push(RawPhone { raw, usage: usage.map(str::to_owned), element: named.name.clone() });
        }
    }

    /// The source's id: its own, else its identifier, else one made of name and phone, which is the same when the file comes
    /// again. `None` for a row of nobody.
    fn id(&self) -> Option<String> {
        if let Some(id) = self.id.clone().or_else(|| self.person.identifiers.first().map(|first| first.value.clone())) {
            return Some(id);
        }
        let name = fold(&join([&self.person.name, &self.person.given, &self.middle, &self.person.family]));
        let digits = |raw: &str| raw.chars().filter(char::is_ascii_digit).collect::<String>();
        let phone = self.person.phones.first().map(|phone| digits(&phone.raw)).unwrap_or_default();
        if name.is_empty() && self.person.phones.is_empty() {
            return None;
        }
        let stable = &phone[phone.len().saturating_sub(PHONE_DIGITS_STABLE)..];
        let hash = Sha256::digest(format!("{name}\n{stable}"));
        let hex: String = hash.iter().take(10).map(|byte| format!("{byte:02x}")).collect();
        Some(format!("row-{hex}"))
    }

    /// What a row of a table of absences says; `None` for a row that names nobody.
    fn into_absence(self) -> (Option<AbsenceRecord>, Vec<Problem>) {
        let id = self.id.or_else(|| self.person.identifiers.first().map(|first| first.value.clone()));
        let phone = self.person.phones.first().map(|phone| phone.raw.as_str());
        let person = absence::person(id.as_deref(), phone);
        let absence = person.map(|person| AbsenceRecord { person: Some(person), ..self.absence });
        (absence, self.warnings)
    }

    fn finish(mut self) -> (PersonRecord, Vec<Problem>) {
        let mut person = self.person;
        let shown = join([&person.given, &self.middle, &person.family]);
        person.given = join([&person.given, &self.middle]);
        if person.name.is_empty() {
            person.name = shown;
        }
        self.places.sort_by_key(|(rank, _)| *rank);
        let mut path: Vec<PathStep> = self.places.into_iter().map(|(_, step)| step).collect();
        let facility = |name| PathStep { level: Some("facility".to_owned()), name };
        path.extend(self.facility.map(facility));
        let place = match self.facility_id {
            Some(id) => Some(Ref::Id { kind: "Location".to_owned(), id }),
            None => Some(path).filter(|path| !path.is_empty()).map(Ref::Path),
        };
        let position = PositionRecord { place, ..self.position };
        let holds = position.place.is_some() || position.job.is_some() || position.cadre.is_some();
        if holds || position.start.is_some() || position.end.is_some() {
            person.positions.push(position);
        }
        (person, self.warnings)
    }
}

fn coded(text: String) -> Coded {
    Coded { text: Some(text), ..Coded::default() }
}

fn join<const N: usize>(parts: [&str; N]) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Several words in one cell, with commas, semicolons or bars between.
fn list(text: &str) -> Vec<String> {
    text.split([',', ';', '|']).map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Several phones in one cell: taken apart only when each part is long enough to be one.
fn split_phones(text: &str) -> Vec<String> {
    let marked = [" or ", " ou ", " and ", " et "].iter().fold(text.to_owned(), |text, word| text.replace(word, ";"));
    let parts: Vec<&str> =
        marked.split([',', ';', '/', '|', '\n']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let long = |part: &&str| part.chars().filter(char::is_ascii_digit).count() >= PHONE_DIGITS_MIN;
    if parts.len() > 1 && parts.iter().all(long) {
        parts.into_iter().map(str::to_owned).collect()
    } else {
        vec![text.trim().to_owned()]
    }
}

/// A number that a spreadsheet wrote with an exponent: whole when every digit is there, `Err` when it was rounded and the last
/// digits are lost. `None` when the text is no such number.
fn unrounded(text: &str) -> Option<Result<String, ()>> {
    let (mantissa, exponent) = text.trim().split_once(['E', 'e'])?;
    let exponent: usize = exponent.trim_start_matches('+').parse().ok()?;
    let mantissa = mantissa.trim_start_matches('+');
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() != 1 || !digits(whole) || !digits(fraction) || !(PHONE_DIGITS_MIN..20).contains(&exponent) {
        return None;
    }
    Some(if fraction.len() == exponent { Ok(format!("{whole}{fraction}")) } else { Err(()) })
}

/// Marks of letters that were read in a wrong encoding and saved so: `CÃ©cile`, `â€™`, `�`.
fn is_garbled(text: &str) -> bool {
    let mut before = ' ';
    text.chars().any(|c| {
        let pair = matches!((before, c), ('Ã' | 'Â', '\u{80}'..='\u{bf}') | ('â', '€' | '\u{80}'));
        before = c;
        pair || c == '\u{fffd}'
    })
}
