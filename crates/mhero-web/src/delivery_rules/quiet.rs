//! Quiet hours and days of rest, `/settings/quiet-hours`.

use axum::{http::StatusCode, response::Response};
use jiff::civil::{Time, Weekday};
use mhero_app::{AppError, QuietHours, RestDays, delivery_rules::PlaceHours};
use mhero_core::{PlaceId, Right};

use super::{
    pages,
    view::{Day, HoursForm, HoursRow, QuietPage},
};
use crate::{
    errors::{Fault, show},
    page::{Here, Page},
    parts::Choice,
    settings::tabs,
    state::{Form, Signed, id},
};

const HERE: &str = "/settings/quiet-hours";
/// Places that are offered where a name means several.
const CHOICES_MAX: i64 = 20;
/// No hours: from midnight to midnight.
const NONE: &str = "00:00";

/// A form of hours as typed.
#[derive(Clone, Default)]
struct Typed {
    verb: String,
    from: String,
    until: String,
    rest: Vec<i8>,
    place: String,
}

impl Typed {
    fn read(pairs: &[(String, String)]) -> Self {
        let get = |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        let rest = pairs.iter().filter(|(name, _)| name == "rest").filter_map(|(_, value)| value.parse().ok());
        Self {
            verb: get("do").unwrap_or_default(),
            from: get("from").unwrap_or_default(),
            until: get("until").unwrap_or_default(),
            rest: rest.filter(|day| (0..7).contains(day)).collect(),
            place: get("place").unwrap_or_default(),
        }
    }

    fn hours(&self) -> Result<QuietHours, AppError> {
        let time = |text: &str| {
            let text = text.trim();
            let parsed = if text.is_empty() { Time::strptime("%H:%M", NONE) } else { Time::strptime("%H:%M", text) };
            let typed = || text.chars().take(20).collect::<String>();
            parsed.map_err(|_| AppError::invalid("settings-time-unreadable", [("time", typed())]))
        };
        let rest = RestDays::of(self.rest.iter().filter_map(|day| Weekday::from_monday_zero_offset(*day).ok()));
        Ok(QuietHours { from: time(&self.from)?, until: time(&self.until)?, rest })
    }

    fn form(&self, page: &Page) -> HoursForm {
        let day = |number: i8| Day {
            number,
            name: page.t(&format!("weekday-{}", number + 1)),
            is_on: self.rest.contains(&number),
        };
        HoursForm { from: self.from.clone(), until: self.until.clone(), days: (0..7).map(day).collect() }
    }

    fn of(hours: &QuietHours) -> Self {
        let time = |time: Time| time.strftime("%H:%M").to_string();
        let days = (0..7).filter(|day| Weekday::from_monday_zero_offset(*day).is_ok_and(|day| hours.rest.has(day)));
        Self { from: time(hours.from), until: time(hours.until), rest: days.collect(), ..Self::default() }
    }
}

/// `GET /settings/quiet-hours`.
pub(super) async fn open(signed: Signed) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    page(&signed, StatusCode::OK, &Typed::of(&QuietHours::NATIONAL), (Vec::new(), None)).await
}

/// `POST /settings/quiet-hours`: the national ones, those of a place, or those of a place taken away.
pub(super) async fn save(signed: Signed, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let typed = Typed::read(&pairs);
    let saved = match typed.verb.as_str() {
        "drop" => signed.app.set_place_hours(&signed.caller, id(&typed.place)?, None).await,
        "national" => match typed.hours() {
            Ok(hours) => signed.app.set_national_hours(&signed.caller, hours).await,
            Err(error) => Err(error),
        },
        _ => {
            let found = places(&signed, &typed.place).await?;
            match (found.as_slice(), typed.hours()) {
                (_, Err(error)) => Err(error),
                ([], _) => {
                    Err(AppError::invalid("quiet-no-place", [("typed", typed.place.chars().take(60).collect())]))
                }
                ([(place, _)], Ok(hours)) => signed.app.set_place_hours(&signed.caller, *place, Some(hours)).await,
                (several, Ok(_)) => {
                    let choice = |(place, words): &(PlaceId, String)| Choice {
                        value: place.to_string(),
                        words: words.clone(),
                        people: None,
                        is_on: false,
                    };
                    let fault = signed.page.t("quiet-which-place");
                    let choices = several.iter().map(choice).collect();
                    return page(&signed, StatusCode::UNPROCESSABLE_ENTITY, &typed, (choices, Some(fault))).await;
                }
            }
        }
    };
    match saved {
        Ok(()) => signed.done("settings-saved", &[], HERE).await,
        Err(AppError::Invalid(reason)) => {
            let fault = signed.page.words.reason(&reason);
            page(&signed, StatusCode::UNPROCESSABLE_ENTITY, &typed, (Vec::new(), Some(fault))).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The places that a text means: one where it is the whole name of one only.
async fn places(signed: &Signed, text: &str) -> Result<Vec<(PlaceId, String)>, Fault> {
    let found = signed.app.search_places(&signed.caller, text.trim(), CHOICES_MAX).await?;
    let called = |name: &str| name.trim().to_lowercase() == text.trim().to_lowercase();
    let shown: Vec<_> = found
        .into_iter()
        .map(|row| {
            let name = row.place.name.best(signed.page.words.lang()).to_owned();
            let words = if row.path.is_empty() { name.clone() } else { format!("{name} ({})", row.path) };
            (row.place.id, name, words)
        })
        .collect();
    let same: Vec<_> =
        shown.iter().filter(|(place, name, _)| called(name) || place.to_string() == text.trim()).collect();
    if let [(place, _, words)] = same.as_slice() {
        return Ok(vec![(*place, words.clone())]);
    }
    Ok(shown.into_iter().map(|(place, _, words)| (place, words)).collect())
}

async fn page(
    signed: &Signed,
    status: StatusCode,
    typed: &Typed,
    (choices, fault): (Vec<Choice>, Option<String>),
) -> Result<Response, Fault> {
    let here = signed.page("quiet-title", Here::Settings);
    let known = signed.app.facts().await?.quiet;
    let off = || Typed { from: NONE.to_owned(), until: NONE.to_owned(), ..Typed::default() };
    let national = known.as_ref().map_or_else(off, Typed::of);
    let is_national = typed.verb == "national";
    let rows = signed.app.place_hours(&signed.caller).await?;
    let own = if is_national || typed.verb == "drop" { Typed::of(&QuietHours::NATIONAL) } else { typed.clone() };
    let shown = QuietPage {
        tabs: tabs(&here, "delivery"),
        pages: pages(&here, HERE),
        national: if is_national { typed.form(&here) } else { national.form(&here) },
        rows: rows.iter().map(|row| hours_row(&here, row)).collect(),
        typed: own.place.clone(),
        own: own.form(&here),
        choices,
        fault,
        page: here,
    };
    Ok(show(status, &shown))
}

fn hours_row(page: &Page, row: &PlaceHours) -> HoursRow {
    let days = (0..7i8).filter(|day| Weekday::from_monday_zero_offset(*day).is_ok_and(|day| row.hours.rest.has(day)));
    let days: Vec<String> = days.map(|day| page.t(&format!("weekday-{}", day + 1))).collect();
    let time = |time: Time| page.words.wall_time(time);
    HoursRow {
        id: row.place.to_string(),
        name: row.name.best(page.words.lang()).to_owned(),
        hours: if row.hours.from == row.hours.until {
            page.t("quiet-none")
        } else {
            page.t2("quiet-from-until", "from", time(row.hours.from), "until", time(row.hours.until))
        },
        rest: if days.is_empty() { page.t("quiet-no-rest") } else { days.join(", ") },
    }
}
