//! Rows of people out of the register, and pages of rows by number.

use mhero_app::{App, AppError, Caller, people::PeopleAsked, rows::ListedPhone};
use mhero_core::{limits::PAGE_ROWS, timestamp};
use mhero_text::Numbering;

use super::{Pager, PersonRow};
use crate::{href, marks::Mark, page::Page};

/// A page of people, as a list shows them.
///
/// # Errors
/// Whatever the application reports.
pub(crate) async fn rows(
    (app, caller, page): (&App, &Caller, &Page),
    asked: &PeopleAsked<'_>,
) -> Result<Vec<PersonRow>, AppError> {
    let numbering = app.numbering_cached().await?;
    let people = app.people(caller, asked, PAGE_ROWS).await?;
    Ok(people.into_iter().map(|person| row(page, &numbering, person)).collect())
}

fn row(page: &Page, numbering: &Numbering, person: mhero_app::people::PersonRow) -> PersonRow {
    let (mark, state) = reach(page, person.numbers.first(), person.is_stopped);
    let place = [person.facility, person.place].into_iter().flatten().collect::<Vec<_>>().join(", ");
    PersonRow {
        id: person.id.to_string(),
        name: person.name,
        work: person.cadre.or(person.title).unwrap_or_default(),
        place,
        phone: person.phones.first().map(|number| numbering.masked(number)).unwrap_or_default(),
        mark,
        state,
        language: person.language.map(|language| page.words.language(language)).unwrap_or_default(),
        heard: person.heard_at.map(timestamp),
    }
}

/// Whether somebody can be reached at their first number. Green is kept for what somebody made sure of.
fn reach(page: &Page, first: Option<&ListedPhone>, is_stopped: bool) -> (Mark, String) {
    match first {
        _ if is_stopped => (Mark::LeftOut, page.t("number-stopped")),
        None => (Mark::LeftOut, page.t("number-none")),
        Some(phone) if phone.path.is_none() => (Mark::Warning, page.t("number-bad")),
        Some(phone) => match phone.verified_at {
            Some(at) => (Mark::Good, page.t1("number-verified", "day", page.date(&timestamp(at)))),
            None => (Mark::Delivered, page.t("number-ok")),
        },
    }
}

/// How many rows stand before a page, which begins at 1.
pub(crate) fn skipped(number: i64) -> i64 {
    (number.clamp(1, 1_000_000) - 1) * PAGE_ROWS
}

/// The way to the pages around one; `path` carries the rest of the query.
pub(crate) fn pager(path: &str, number: i64, shown: usize, total: i64) -> Pager {
    let (number, skip) = (number.max(1), skipped(number));
    let shown = i64::try_from(shown).unwrap_or(i64::MAX);
    let to = |number: i64| href::with(path, &[("page", &number.to_string())]);
    Pager {
        first: if shown > 0 { skip + 1 } else { 0 },
        last: skip + shown,
        total: Some(total),
        previous: (number > 1).then(|| to(number - 1)),
        next: (skip + shown < total).then(|| to(number + 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_know_their_neighbours() {
        let middle = pager("/people?q=x", 2, 50, 120);
        assert_eq!((middle.first, middle.last), (51, 100));
        assert_eq!(middle.previous.as_deref(), Some("/people?q=x&page=1"));
        assert_eq!(middle.next.as_deref(), Some("/people?q=x&page=3"));
        let only = pager("/people", 1, 0, 0);
        assert_eq!((only.first, only.last, only.previous, only.next), (0, 0, None, None));
    }
}
