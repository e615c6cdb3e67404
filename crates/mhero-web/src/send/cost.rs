//! What a draft will cost, as the send page says it.

use std::collections::BTreeMap;

use mhero_app::{
    broadcasts::Preview as Outlook,
    costs::{BudgetStanding, Estimate, EstimateLine, FreeSender},
};
use mhero_core::{Lang, Right};

use super::view::{ChannelShare, Check};
use crate::{
    costs::{answers::answers, budgets, money::amount},
    errors::Fault,
    marks::Mark,
    page::Page,
    parts::Editor,
    state::Signed,
};

/// What each channel carries to each operator, and what that costs.
pub(super) fn channels(page: &Page, outlook: Option<&Outlook>) -> Vec<ChannelShare> {
    let Some(estimate) = outlook.map(|outlook| &outlook.estimate) else { return Vec::new() };
    let with_channel = estimate.lines.iter().filter(|line| line.channel.is_some());
    let mut segments: BTreeMap<&str, i64> = BTreeMap::new();
    for line in with_channel.clone() {
        *segments.entry(line.name.as_str()).or_default() += line.segments;
    }
    // Operators of one channel share its rate: each is through when the channel is.
    let seconds = |line: &EstimateLine| match line.rate_milli {
        rate @ 1.. => (segments[line.name.as_str()] * 1_000 + rate - 1) / rate,
        _ => 0,
    };
    let share = |line: &EstimateLine| ChannelShare {
        name: line.name.clone(),
        operator: match line.is_chat {
            true => page.t("send-chat"),
            false => line.operator.clone().unwrap_or_default(),
        },
        people: line.people,
        sms: if line.is_chat { 0 } else { line.segments },
        cost: said(page, estimate, line.micros),
        seconds: seconds(line),
    };
    with_channel.map(share).collect()
}

fn said(page: &Page, estimate: &Estimate, micros: Option<i64>) -> Option<String> {
    Some(amount(&page.words, micros?, estimate.currency.as_deref()?))
}

/// What all of it costs; `None` where no price is known.
pub(super) fn total(page: &Page, outlook: Option<&Outlook>) -> Option<String> {
    let estimate = &outlook?.estimate;
    let is_known = estimate.lines.iter().any(|line| line.micros.is_some());
    said(page, estimate, is_known.then_some(estimate.micros))
}

/// Says beside a text what it costs, and beside its fix what that saves.
pub(super) fn price(page: &Page, editor: &mut Editor, lang: Lang, outlook: Option<&Outlook>) {
    let Some(estimate) = outlook.map(|outlook| &outlook.estimate) else { return };
    let Some((currency, micros)) = estimate.currency.as_deref().zip(estimate.languages.get(&lang.to_string())) else {
        return;
    };
    let cost = amount(&page.words, *micros, currency);
    editor.aside = if editor.aside.is_empty() { cost } else { format!("{cost}, {}", editor.aside) };
    if let Some(fix) = &mut editor.fix {
        let saved = micros / fix.parts_now.max(1) * (fix.parts_now - fix.parts_then);
        fix.saves_cost = Some(amount(&page.words, saved, currency));
    }
}

/// What is to be known of cost before it leaves.
pub(super) async fn checks(signed: &Signed, page: &Page, outlook: Option<&Outlook>) -> Result<Vec<Check>, Fault> {
    let Some(outlook) = outlook.filter(|outlook| outlook.recipients > 0) else { return Ok(Vec::new()) };
    let estimate = &outlook.estimate;
    let check = |mark, words: String| Check { mark, words, link: None };
    let mut found = Vec::new();
    let are_known = estimate.lines.iter().any(|line| line.micros.is_some());
    let link = page.may(Right::Settings).then(|| ("/settings/channels/prices".to_owned(), page.t("send-prices-link")));
    if !are_known {
        found.push(Check { mark: Mark::Warning, words: page.t("send-prices-none"), link });
    } else if estimate.unpriced > 0 {
        let words = page.t1("send-unpriced", "n", estimate.unpriced);
        found.push(Check { mark: Mark::Warning, words, link });
    }
    if let Some((mark, words)) = answers(page, estimate.answers) {
        let free = if mark == Mark::Warning { signed.app.free_senders().await? } else { Vec::new() };
        let is_other = |free: &FreeSender| estimate.lines.iter().any(|line| line.channel != Some(free.id));
        let link = free
            .into_iter()
            .find(is_other)
            .map(|free| ("#sender".to_owned(), page.t1("send-answers-by", "name", free.name)));
        found.push(Check { mark, words, link });
    }
    if estimate.by_chat > 0 {
        found.push(check(Mark::Good, by_chat(page, estimate)));
    }
    let programmes = signed.app.programmes().await?;
    let currency = estimate.currency.clone().unwrap_or_default();
    let now = page.clock.now.as_microsecond();
    for standing in &estimate.budgets {
        let (mark, key) = state(standing, estimate.micros, now);
        let args = [
            ("name", crate::page::text(budgets::name(page, standing, &programmes))),
            ("left", crate::page::text(amount(&page.words, standing.left(), &currency))),
            ("percent", crate::page::count(standing.percent())),
        ];
        found.push(check(mark, page.words.with(key, &args)));
    }
    Ok(found)
}

/// How many are written to by a chat, and what SMS may add.
fn by_chat(page: &Page, estimate: &Estimate) -> String {
    let words = page.t1("send-by-chat", "n", estimate.by_chat);
    // Where a price is missing nobody can say how much at most.
    let micros = Some(estimate.later_micros).filter(|micros| *micros > 0 && estimate.later_unpriced == 0);
    let cost = said(page, estimate, micros);
    let later = match (estimate.by_sms_later, cost) {
        (0, _) => return words,
        (n, Some(cost)) => page.t2("send-by-chat-later-cost", "n", n, "cost", cost),
        (n, None) => page.t1("send-by-chat-later", "n", n),
    };
    format!("{words} {later}")
}

fn state(standing: &BudgetStanding, micros: i64, now: i64) -> (Mark, &'static str) {
    let is_over = micros > standing.left();
    let may_wait = standing.budget.stops && !standing.is_lifted_at(now);
    match (standing.holds_at(now), is_over) {
        (true, _) => (Mark::Alarm, "send-budget-stopped"),
        (_, true) if may_wait => (Mark::Warning, "send-budget-over"),
        (_, true) => (Mark::Warning, "send-budget-over-goes-on"),
        _ if standing.warns() => (Mark::Warning, "send-budget-warns"),
        _ => (Mark::Good, "send-budget-good"),
    }
}
