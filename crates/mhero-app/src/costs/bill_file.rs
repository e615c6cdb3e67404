//! Reading what an operator sends as its bill or message log: a table as CSV whose columns are chosen or guessed.

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};
use mhero_core::record::Reason;
use mhero_text::phone::Numbering;

use super::money::parse_micros;

/// Largest file, in bytes.
pub const BILL_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Most lines of a bill.
pub const BILL_LINES_MAX: usize = 200_000;
/// Most columns.
const COLUMNS_MAX: usize = 100;
/// Longest text of a cell that is looked at, in bytes.
const CELL_BYTES_MAX: usize = 300;
/// Most segments that a line may name.
const SEGMENTS_MAX: i64 = 1_000;
/// Lines that tell whether the day or the month stands first.
const DATES_SEEN: usize = 5_000;

/// The columns of a bill by their titles, as somebody chose them; empty for those to be guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BillColumns {
    /// When it was sent.
    pub date: String,
    /// To which number.
    pub number: String,
    /// The operator's id of the message.
    pub id: String,
    /// Segments.
    pub segments: String,
    /// The price of the line.
    pub price: String,
    /// What became of it.
    pub status: String,
}

/// One line of a bill.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct BillLine {
    /// The line of the file, from 1; the titles are the first.
    pub(super) line: i64,
    /// When, in UTC microseconds.
    pub(super) at: i64,
    /// Only the day is known.
    pub(super) is_day: bool,
    /// The number in E.164.
    pub(super) path: Option<String>,
    /// The operator's id.
    pub(super) id: Option<String>,
    /// Segments.
    pub(super) segments: Option<i64>,
    /// The price of the line, in micro-units.
    pub(super) micros: Option<i64>,
    /// The operator says that the phone has it.
    pub(super) is_delivered: bool,
}

/// A bill as read.
#[derive(Default)]
pub(super) struct BillFile {
    /// Its lines.
    pub(super) lines: Vec<BillLine>,
    /// Lines that could not be read: without a date, or without number and id.
    pub(super) unreadable: i64,
}

/// Where the columns stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Places {
    date: Option<usize>,
    number: Option<usize>,
    id: Option<usize>,
    segments: Option<usize>,
    price: Option<usize>,
    status: Option<usize>,
}

/// Titles by which a column is known, folded: small letters without accents, nothing else. The first that fits wins.
const DATE: &[&str] = &[
    "date",
    "datetime",
    "sentat",
    "senttime",
    "sentdate",
    "submitdate",
    "submittime",
    "submitted",
    "submittedat",
    "timestamp",
    "time",
    "createdat",
    "datedenvoi",
    "dateenvoi",
    "envoyele",
    "dateheure",
    "horodatage",
    "jour",
    "day",
    "sent",
];
const NUMBER: &[&str] = &[
    "to",
    "destination",
    "msisdn",
    "number",
    "recipient",
    "phone",
    "phonenumber",
    "mobile",
    "dest",
    "destaddr",
    "destinationaddress",
    "bnumber",
    "numero",
    "destinataire",
    "telephone",
    "tel",
    "called",
    "receiver",
];
const ID: &[&str] = &[
    "messageid",
    "msgid",
    "smsid",
    "id",
    "reference",
    "ref",
    "identifiant",
    "idmessage",
    "uuid",
    "trackingid",
    "guid",
    "sid",
];
const SEGMENTS: &[&str] = &[
    "segments",
    "segment",
    "parts",
    "numsegments",
    "messageparts",
    "smscount",
    "smsparts",
    "units",
    "count",
    "pages",
    "nombre",
    "nbsms",
    "nbresms",
    "quantity",
    "quantite",
    "sms",
];
const PRICE: &[&str] = &["price", "cost", "amount", "charge", "total", "prix", "cout", "montant", "tarif", "rate"];
const STATUS: &[&str] =
    &["status", "state", "statut", "etat", "deliverystatus", "dlr", "dlrstatus", "result", "resultat"];

/// How delivered messages are called, as beginnings.
const DELIVERED: &[&str] = &["deliv", "livr", "remis", "success", "recu", "received", "handset"];

fn folded(text: &str) -> String {
    use mhero_text::sms::substitute_costly;
    let plain = substitute_costly(text).to_lowercase();
    let letters = plain.chars().map(|letter| match letter {
        'é' | 'è' => 'e',
        'à' => 'a',
        'ù' => 'u',
        other => other,
    });
    letters.filter(char::is_ascii_alphanumeric).collect()
}

/// Reads a bill. `zone` is that of times without one.
///
/// # Errors
/// Why the file as a whole cannot be read: not a table, too long, or without the columns that it takes. The titles that were found are
/// named.
pub(super) fn read(
    bytes: &[u8],
    chosen: &BillColumns,
    (numbering, zone): (&Numbering, &TimeZone),
) -> Result<BillFile, Reason> {
    if bytes.len() > BILL_BYTES_MAX {
        return Err(Reason::new("bill-too-large", [("max", (BILL_BYTES_MAX / 1024 / 1024).to_string())]));
    }
    let text = decoded(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(&text))
        .flexible(true)
        .trim(csv::Trim::All)
        .has_headers(true)
        .from_reader(text.as_bytes());
    let titles: Vec<String> = match reader.headers() {
        Ok(titles) if (2..=COLUMNS_MAX).contains(&titles.len()) => titles.iter().map(clipped).collect(),
        _ => return Err(Reason::plain("bill-no-table")),
    };
    let places = places(&titles, chosen)?;
    let mut rows: Vec<(i64, csv::StringRecord)> = Vec::new();
    let mut file = BillFile::default();
    for record in reader.records() {
        let Ok(record) = record else {
            file.unreadable += 1;
            continue;
        };
        if record.iter().all(str::is_empty) {
            continue;
        }
        if rows.len() >= BILL_LINES_MAX {
            return Err(Reason::new("bill-too-long", [("max", BILL_LINES_MAX.to_string())]));
        }
        let line = record.position().map_or(0, csv::Position::line);
        rows.push((i64::try_from(line).unwrap_or(0), record));
    }
    let cell = |record: &csv::StringRecord, place: Option<usize>| {
        place.and_then(|place| record.get(place)).map(clipped).filter(|cell| !cell.is_empty())
    };
    let dates = rows.iter().take(DATES_SEEN).filter_map(|(_, record)| cell(record, places.date));
    let is_month_first = is_month_first(dates);
    for (line, record) in &rows {
        let when = cell(record, places.date).and_then(|text| when(&text, is_month_first, zone));
        let path = cell(record, places.number).and_then(|raw| number(&raw, numbering));
        let id = cell(record, places.id);
        let (Some((at, is_day)), true) = (when, path.is_some() || id.is_some()) else {
            file.unreadable += 1;
            continue;
        };
        let segments = cell(record, places.segments).and_then(|text| text.parse::<i64>().ok());
        file.lines.push(BillLine {
            line: *line,
            at,
            is_day,
            path,
            id,
            segments: segments.filter(|count| (0..=SEGMENTS_MAX).contains(count)),
            micros: cell(record, places.price).and_then(|text| price(&text)),
            is_delivered: cell(record, places.status).is_some_and(|text| is_delivered(&text)),
        });
    }
    if file.lines.is_empty() {
        return Err(Reason::new("bill-no-lines", [("count", file.unreadable.to_string())]));
    }
    Ok(file)
}

fn clipped(text: &str) -> String {
    let mut end = text.len().min(CELL_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].trim().to_owned()
}

/// UTF-8 with or without its mark, or else Latin-1 as older systems write it.
fn decoded(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// What stands between cells: whichever of them the first line has most of.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |sign: u8| first.bytes().filter(|byte| *byte == sign).count();
    // Of equals the last wins: a comma alone is the usual one.
    [b'|', b'\t', b';', b','].into_iter().max_by_key(|sign| count(*sign)).unwrap_or(b',')
}

fn places(titles: &[String], chosen: &BillColumns) -> Result<Places, Reason> {
    let known: Vec<String> = titles.iter().map(|title| folded(title)).collect();
    let mut taken: Vec<usize> = Vec::new();
    let mut find = |wanted: &str, names: &[&str]| -> Result<Option<usize>, Reason> {
        let place = if wanted.trim().is_empty() {
            let at = |name: &&str| known.iter().position(|title| title == *name).filter(|place| !taken.contains(place));
            names.iter().find_map(at)
        } else {
            let place = known.iter().position(|title| *title == folded(wanted));
            if place.is_none() {
                let args = [("column", clipped(wanted)), ("titles", titles.join(", "))];
                return Err(Reason::new("bill-no-column", args));
            }
            place
        };
        taken.extend(place);
        Ok(place)
    };
    let places = Places {
        id: find(&chosen.id, ID)?,
        number: find(&chosen.number, NUMBER)?,
        date: find(&chosen.date, DATE)?,
        segments: find(&chosen.segments, SEGMENTS)?,
        price: find(&chosen.price, PRICE)?,
        status: find(&chosen.status, STATUS)?,
    };
    if places.date.is_none() || (places.number.is_none() && places.id.is_none()) {
        return Err(Reason::new("bill-columns", [("titles", titles.join(", "))]));
    }
    Ok(places)
}

fn number(raw: &str, numbering: &Numbering) -> Option<String> {
    if let Some(e164) = numbering.read(raw).e164() {
        return Some(e164.to_owned());
    }
    // Operators often leave the plus sign out.
    numbering.read(&format!("+{raw}")).e164().map(ToOwned::to_owned)
}

/// A price as operators write it, the code of the currency before or after it.
fn price(text: &str) -> Option<i64> {
    let digits = text.trim_matches(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ','));
    // Some write what is charged as below zero.
    parse_micros(digits)
}

fn is_delivered(text: &str) -> bool {
    let word = folded(text);
    DELIVERED.iter().any(|known| word.starts_with(known))
}

/// The three numbers of a date with slashes, points or dashes.
fn numbers(text: &str) -> Option<[&str; 3]> {
    let date = text.split([' ', 'T']).next()?;
    let parts: Vec<&str> = date.split(['/', '.', '-']).collect();
    <[&str; 3]>::try_from(parts).ok()
}

/// Whether in dates like 05/14/2026 the month stands first: only where some date cannot be read otherwise.
fn is_month_first(dates: impl Iterator<Item = String>) -> bool {
    for date in dates {
        let Some([first, second, _]) = numbers(&date) else { continue };
        if first.len() > 2 {
            return false;
        }
        match (first.parse::<u8>(), second.parse::<u8>()) {
            (Ok(13..), _) => return false,
            (_, Ok(13..)) => return true,
            _ => {}
        }
    }
    false
}

/// When, in UTC microseconds, and whether only the day is known.
fn when(text: &str, is_month_first: bool, zone: &TimeZone) -> Option<(i64, bool)> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some((at.as_microsecond(), false));
    }
    let (date, is_day) = local(text, is_month_first)?;
    let at = date.to_zoned(zone.clone()).ok()?.timestamp();
    Some((at.as_microsecond(), is_day))
}

fn local(text: &str, is_month_first: bool) -> Option<(DateTime, bool)> {
    let [first, second, third] = numbers(text)?;
    let number = |text: &str| text.parse::<i16>().ok();
    let (year, month, day) = if first.len() == 4 {
        (number(first)?, number(second)?, number(third)?)
    } else if is_month_first {
        (number(third)?, number(first)?, number(second)?)
    } else {
        (number(third)?, number(second)?, number(first)?)
    };
    let year = if year < 100 { year + 2_000 } else { year };
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let clock = text.split_once([' ', 'T']).map(|(_, clock)| clock.trim());
    let time = clock.and_then(|clock| clock.split(['.', '+', 'Z']).next()).and_then(time);
    Some((date.to_datetime(time.unwrap_or(Time::midnight())), time.is_none()))
}

/// 10:22, 10:22:33, 10:22 PM.
fn time(text: &str) -> Option<Time> {
    let (clock, half) = match text.split_once(' ') {
        Some((clock, half)) => (clock, half.to_ascii_lowercase()),
        None => (text, String::new()),
    };
    let mut parts = clock.split(':').map(|part| part.parse::<i8>());
    let (hour, minute) = (parts.next()?.ok()?, parts.next()?.ok()?);
    let second = parts.next().and_then(Result::ok).unwrap_or(0);
    let hour = match half.as_str() {
        "pm" if hour < 12 => hour + 12,
        "am" if hour == 12 => 0,
        _ => hour,
    };
    Time::new(hour, minute, second, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn liberia() -> Numbering {
        Numbering::new("LR", &[]).expect("Liberia")
    }

    fn reading(text: &str) -> Result<BillFile, Reason> {
        read(text.as_bytes(), &BillColumns::default(), (&liberia(), &TimeZone::UTC))
    }

    #[test]
    fn columns_are_guessed_in_english_and_french() {
        let english =
            "Message ID,To,Sent At,Segments,Price,Status\nabc-1,231770000001,2026-05-14 09:34:11,2,USD 0.04,DELIVRD\n";
        let file = reading(english).unwrap_or_default();
        let line = &file.lines[0];
        assert_eq!((line.line, line.id.as_deref(), line.path.as_deref()), (2, Some("abc-1"), Some("+231770000001")));
        assert_eq!((line.segments, line.micros, line.is_delivered, line.is_day), (Some(2), Some(40_000), true, false));
        let french = "Numéro;Date d’envoi;Nombre;Coût;Statut\r\n0770000001;14/05/2026;1;0,02;Non livré\r\n";
        let file = reading(french).unwrap_or_default();
        let line = &file.lines[0];
        assert_eq!(
            (line.path.as_deref(), line.micros, line.is_delivered),
            (Some("+231770000001"), Some(20_000), false)
        );
        assert!(line.is_day);
    }

    #[test]
    fn dates_are_read_as_operators_write_them() {
        let zone = TimeZone::UTC;
        let at = |text: &str, month_first| {
            when(text, month_first, &zone)
                .and_then(|(at, _)| Timestamp::from_microsecond(at).ok())
                .map(|at| at.to_string())
        };
        for text in
            ["2026-05-14 09:34", "2026-05-14T09:34:00Z", "14/05/2026 09:34:00", "14.05.26 9:34", "14-05-2026 09:34 AM"]
        {
            assert_eq!(at(text, false).as_deref(), Some("2026-05-14T09:34:00Z"), "{text}");
        }
        assert_eq!(at("05/14/2026 9:34 PM", true).as_deref(), Some("2026-05-14T21:34:00Z"));
        assert!(is_month_first(["01/02/2026".to_owned(), "05/14/2026".to_owned()].into_iter()));
        assert!(!is_month_first(["01/02/2026".to_owned()].into_iter()));
        assert_eq!(at("yesterday", false), None);
        assert_eq!(at("32/01/2026", false), None);
    }

    #[test]
    fn what_cannot_be_read_is_said_or_counted() {
        let key = |text: &str| reading(text).err().map(|reason| reason.key);
        assert_eq!(key(""), Some("bill-no-table"));
        assert_eq!(key("a,b\n1,2\n"), Some("bill-columns"));
        assert_eq!(key("date,to\nnever,nobody\n"), Some("bill-no-lines"));
        let file = reading("date,to\n2026-05-14,0770000001\n2026-05-14,unknown\n").unwrap_or_default();
        assert_eq!((file.lines.len(), file.unreadable), (1, 1));
        let chosen = BillColumns { date: "Quand".into(), ..BillColumns::default() };
        let named = read(b"date,to\n", &chosen, (&liberia(), &TimeZone::UTC)).err();
        assert_eq!(named.map(|reason| reason.key), Some("bill-no-column"));
        let latin =
            read(b"Num\xe9ro;date\n0770000001;2026-05-14\n", &BillColumns::default(), (&liberia(), &TimeZone::UTC));
        assert_eq!(latin.unwrap_or_default().lines.len(), 1);
    }
}
