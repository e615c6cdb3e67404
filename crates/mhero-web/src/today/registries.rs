//! How each registry stands: the card of Home, and the questions of runs.

use mhero_core::{Right, timestamp};
use serde_json::Value;

use super::view::{Job, Registry};
use crate::{errors::Fault, marks::Mark, sources, state::Signed};

/// The registries, for those who may change people everywhere.
pub(super) async fn card(signed: &Signed) -> Result<Vec<Registry>, Fault> {
    let page = &signed.page;
    if !page.may(Right::EditPeople) {
        return Ok(Vec::new());
    }
    let mut card = Vec::new();
    for status in signed.app.source_statuses(&signed.caller).await? {
        let (mark, words, why) = sources::state(page, &status);
        let since = page.t1("today-source-since", "when", page.last(&status.succeeded_at.map(timestamp)));
        let mut line = Registry {
            href: page.may(Right::Settings).then(|| format!("/settings/sources/{}", status.source.id)),
            name: status.source.name.clone(),
            mark,
            words,
            aside: vec![why, since],
        };
        if !status.is_registry {
            let last = signed.app.last_import(&signed.caller, status.source.id).await?;
            let counts: Value = last.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
            let of = |name: &str| counts[name].as_i64().unwrap_or(0);
            line.words = page.t1("today-import-words", "n", of("read"));
            line.aside.clear();
            if of("rejected") > 0 {
                line.mark = Mark::Warning;
                line.aside.push(page.t1("today-import-refused", "n", of("rejected")));
            }
        }
        line.aside.retain(|words| !words.is_empty());
        card.push(line);
    }
    Ok(card)
}

/// Runs that ask whether so many people may go.
pub(super) async fn questions(signed: &Signed) -> Result<Vec<Job>, Fault> {
    let page = &signed.page;
    if !page.may(Right::EditPeople) || !signed.caller.scope.all_places() {
        return Ok(Vec::new());
    }
    let statuses = signed.app.source_statuses(&signed.caller).await?;
    let job = |status: &mhero_app::sync::SourceStatus| {
        let (run, reason) = status.asks.as_ref()?;
        Some(Job {
            mark: Mark::Alarm,
            head: page.t("today-asks"),
            about: page.t2("today-asks-about", "source", status.source.name.as_str(), "why", page.words.reason(reason)),
            text: None,
            since: status.asks_since.map_or(page.clock.now, timestamp),
            is_late: false,
            verb: page.t("today-decide"),
            href: format!("/settings/sources/runs/{run}"),
        })
    };
    Ok(statuses.iter().filter_map(job).collect())
}
