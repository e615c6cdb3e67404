//! What the page of a broadcast says about cost: what it has cost so far, and that a budget holds it.

use mhero_core::{BroadcastId, Right};

use super::{
    budgets,
    money::{amount, exact},
};
use crate::{broadcasts::view::Todo, errors::Fault, state::Signed};

/// That a budget holds a broadcast, with the way to the budgets for those who may change them.
pub(crate) async fn held(signed: &Signed, id: BroadcastId) -> Result<Option<Todo>, Fault> {
    let page = &signed.page;
    let Some(standing) = signed.app.budget_holding(&signed.caller, id).await? else { return Ok(None) };
    let currency = signed.app.currency().await?.unwrap_or_default();
    let name = budgets::name(page, &standing, &signed.app.programmes().await?);
    let spent = amount(&page.words, standing.spent, &currency);
    let whole = exact(&page.words, standing.budget.micros, &currency);
    let may = page.may(Right::Settings);
    Ok(Some(Todo {
        head: page.t("event-held"),
        why: page.t3("broadcast-held", "name", name, "spent", spent, "whole", whole),
        is_uncertain: false,
        verb: if may { page.t("settings-budgets") } else { String::new() },
        href: if may { "/settings/budgets".to_owned() } else { String::new() },
    }))
}

/// What a broadcast has cost so far, as a sentence; nothing while it has cost nothing.
pub(crate) async fn so_far(signed: &Signed, id: BroadcastId) -> Result<Option<String>, Fault> {
    let cost = signed.app.broadcast_cost(&signed.caller, id).await?.filter(|(micros, _)| *micros > 0);
    let page = &signed.page;
    Ok(cost.map(|(micros, currency)| page.t1("broadcast-cost", "cost", amount(&page.words, micros, &currency))))
}
