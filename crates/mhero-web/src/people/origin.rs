//! Where each value of a person comes from, with its day.

use mhero_app::sync::ValueOrigin;
use mhero_core::{Lang, PersonId, timestamp};
use mhero_text::Numbering;

use super::{record, view::Origin};
use crate::{errors::Fault, imports::shaded, page::Page, state::Signed};

/// Most values shown.
const SHOWN_MAX: usize = 60;
/// Longest value shown, in characters.
const VALUE_CHARS_MAX: usize = 120;

/// All of them.
pub(super) async fn origins(signed: &Signed, person: PersonId, numbering: &Numbering) -> Result<Vec<Origin>, Fault> {
    let found = signed.app.provenance(&signed.caller, person).await?;
    Ok(found.values.iter().take(SHOWN_MAX).map(|value| origin(&signed.page, value, numbering)).collect())
}

fn origin(page: &Page, value: &ValueOrigin, numbering: &Numbering) -> Origin {
    let name = format!("own-{}", value.field);
    let is_phone = value.field == "phone";
    let said_as = |field: &str, text: &str| match (field, text.parse::<Lang>()) {
        ("language", Ok(lang)) => page.words.language(lang),
        _ => record::said(page, text).chars().take(VALUE_CHARS_MAX).collect(),
    };
    let said = |text: &str| -> String {
        match is_phone {
            true if text.starts_with('+') => numbering.masked(text),
            true => shaded(text),
            false => said_as(&value.field, text),
        }
    };
    let source = value.source.clone().unwrap_or_else(|| page.t("person-origin-here"));
    let confirmed = value.verified_at.map(|at| page.t1("person-origin-verified", "day", page.date(&timestamp(at))));
    let others = value
        .others
        .iter()
        .map(|(source, other)| page.t2("person-origin-others", "source", source, "value", said(other)));
    Origin {
        name: if page.words.has(&name) { page.t(&name) } else { value.field.clone() },
        value: said(&value.value),
        from: format!("{source}, {}", page.date(&timestamp(value.observed_at))),
        aside: confirmed.into_iter().chain(others).collect(),
    }
}
