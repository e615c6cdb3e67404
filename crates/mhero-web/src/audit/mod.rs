//! What people decided, as sentences, `/audit`.

pub mod view;

use std::collections::HashMap;

use axum::{
    Router,
    extract::Query,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use mhero_app::rows::{AuditFilter, Audited};
use mhero_core::{Right, limits::PAGE_ROWS};
use serde::Deserialize;
use uuid::Uuid;
use view::{AuditDay, AuditPage, AuditRow};

use crate::{
    errors::{Fault, show},
    href,
    page::{Here, Page},
    parts::{Choice, Pager},
    state::{Signed, State},
    words::Arg,
};

/// Kinds of things that have a page.
const PAGES: &[(&str, &str)] = &[
    ("person", "/people/"),
    ("thread", "/inbox/"),
    ("broadcast", "/broadcasts/"),
    ("group", "/audiences/"),
    ("place", "/places/"),
    ("flow", "/flows/"),
    ("campaign", "/campaigns/"),
];

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new().route("/audit", get(list)).route("/audit/check", post(check))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    who: String,
    about: String,
    before: Option<i64>,
}

async fn list(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    signed.must(Right::Audit)?;
    let names = signed.app.user_names(&signed.caller).await?;
    let filter = AuditFilter {
        actor: asked.who.parse().ok(),
        about: asked.about.parse().ok(),
        before_entry: asked.before,
        ..AuditFilter::default()
    };
    let found = signed.app.audit_log(&signed.caller, &filter, PAGE_ROWS).await?;
    let is_full = i64::try_from(found.len()).is_ok_and(|shown| shown == PAGE_ROWS);
    let to = |before: &str| href::with("/audit", &[("who", &asked.who), ("about", &asked.about), ("before", before)]);
    let next = found.last().filter(|_| is_full).map(|last| to(&last.entry.to_string()));
    let mut people: Vec<Choice> = names.iter().map(|(id, name)| choice(*id, name, filter.actor)).collect();
    people.sort_by(|a, b| a.words.cmp(&b.words));
    let shown = AuditPage {
        people,
        days: by_day(&signed.page, &found, &names),
        pager: Pager {
            first: i64::from(!found.is_empty()),
            last: i64::try_from(found.len()).unwrap_or(PAGE_ROWS),
            total: None,
            previous: asked.before.map(|_| to("")),
            next,
        },
        page: signed.page("nav-audit", Here::Audit),
    };
    Ok(show(StatusCode::OK, &shown))
}

/// Reads the whole log and says whether it holds together.
async fn check(signed: Signed) -> Result<Response, Fault> {
    match signed.app.check_audit(&signed.caller).await? {
        None => signed.done("audit-whole", &[], "/audit").await,
        Some(broken) => {
            let place = broken.entry.or(broken.block).unwrap_or(0);
            signed.done("audit-broken", &[("n", Arg::Count(place))], "/audit").await
        }
    }
}

fn choice(id: Uuid, name: &str, chosen: Option<Uuid>) -> Choice {
    Choice { value: id.to_string(), words: name.to_owned(), people: None, is_on: chosen == Some(id) }
}

fn by_day(page: &Page, found: &[Audited], names: &HashMap<Uuid, String>) -> Vec<AuditDay> {
    let mut days: Vec<AuditDay> = Vec::new();
    let date = |at: jiff::Timestamp| at.to_zoned(page.clock.zone.clone()).date();
    for decision in found {
        let row = row(page, decision, names);
        match days.last_mut() {
            Some(day) if date(day.at) == date(decision.at) => day.rows.push(row),
            _ => days.push(AuditDay { at: decision.at, rows: vec![row] }),
        }
    }
    days
}

fn row(page: &Page, decision: &Audited, names: &HashMap<Uuid, String>) -> AuditRow {
    let known = decision.actor.and_then(|actor| names.get(&actor).cloned());
    let key = format!("did-{}", decision.action);
    let home = PAGES.iter().find(|(kind, _)| *kind == decision.about_kind).map(|(_, path)| *path);
    let link = match (home, decision.about) {
        (Some(path), Some(about)) => Some((page.t("audit-open"), format!("{path}{about}"))),
        _ => None,
    };
    // A user is named, other things have their page.
    let whom = decision.about.filter(|_| decision.about_kind == "user").and_then(|about| names.get(&about));
    let whom = whom.cloned().unwrap_or_else(|| page.t("audit-somebody"));
    AuditRow {
        at: decision.at,
        who: known.unwrap_or_else(|| page.t(&format!("actor-{}", decision.actor_kind.replace(' ', "-")))),
        did: page.words.maybe(&key, &[("whom", Arg::Text(whom))]).unwrap_or_else(|| format!("{}.", decision.action)),
        link,
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, path::PathBuf};

    use mhero_core::Lang;

    use super::*;
    use crate::words::Words;

    /// How something is noted, in two pieces so that this file does not count itself.
    const NOTES: &str = concat!("caller", ".entry(");

    /// What is noted in the audit, as the sources spell it.
    fn noted() -> BTreeSet<String> {
        let (mut found, mut folders) = (BTreeSet::new(), vec![PathBuf::from("..")]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("sources") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|end| end == "rs") {
                    let source = std::fs::read_to_string(path).expect("a source");
                    let named = source.split(NOTES).skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"'));
                    found.extend(named.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
                }
            }
        }
        found
    }

    #[test]
    fn whatever_is_noted_is_said_in_words() {
        let noted = noted();
        assert!(noted.len() > 100, "{}", noted.len());
        for lang in [Lang::ENGLISH, Lang::FRENCH] {
            let words = Words::of(lang);
            let whom = || [("whom", Arg::Text("Ama".to_owned()))];
            let silent: Vec<_> =
                noted.iter().filter(|action| words.maybe(&format!("did-{action}"), &whom()).is_none()).collect();
            assert!(silent.is_empty(), "{lang:?}: {silent:?}");
        }
    }
}
