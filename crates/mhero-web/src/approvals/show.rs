//! Approvals as pages show them.

use mhero_app::{
    approvals::{ApprovalListed, ApprovalPage as Found},
    broadcasts::Preview,
    rows::BroadcastRow,
};
use mhero_core::Lane;

use super::view::{ApprovalRow, ReadText, at};
use crate::{broadcasts::view::Todo, marks::Mark, page::Page, parts::LeftOut, people::view::Fact};

/// Where a broadcast is read and decided.
pub(super) fn href(row: &BroadcastRow) -> String {
    format!("/broadcasts/{}/approve", row.id)
}

pub(super) fn row(page: &Page, listed: &ApprovalListed) -> ApprovalRow {
    let mark = match listed.approval.state.as_str() {
        "waiting" => Mark::Clock,
        "approved" => Mark::Good,
        _ => Mark::LeftOut,
    };
    ApprovalRow {
        name: listed.broadcast.name.clone(),
        href: href(&listed.broadcast),
        about: page.t2("approvals-by", "who", author(page, listed), "time", page.stamp(&at(listed.approval.asked_at))),
        people: page.t1("approvals-people", "n", listed.approval.people),
        mark,
        state: page.t(&format!("approve-state-{}", listed.approval.state)),
    }
}

pub(super) fn author(page: &Page, listed: &ApprovalListed) -> String {
    listed.author.clone().unwrap_or_else(|| page.t("approve-system"))
}

/// The thing to do on the page of the broadcast: read and decide, or what came of it.
pub(crate) fn todo(page: &Page, listed: &ApprovalListed) -> Option<Todo> {
    let why = match listed.approval.state.as_str() {
        "waiting" if listed.broadcast.status == "approval" => page.t("broadcast-lead-approval"),
        "refused" => decided(page, listed),
        _ => return None,
    };
    let verb = if listed.may_decide { "broadcast-approval-open" } else { "broadcast-approval-see" };
    Some(Todo {
        head: page.t(&format!("approve-state-{}", listed.approval.state)),
        why,
        is_uncertain: false,
        verb: page.t(verb),
        href: href(&listed.broadcast),
    })
}

/// Who decided, how and when, and why.
pub(super) fn decided(page: &Page, listed: &ApprovalListed) -> String {
    let approval = &listed.approval;
    if approval.state == "void" {
        return page.t("approve-was-void");
    }
    let key = format!("approve-was-{}{}", approval.state, if approval.by_sms { "-sms" } else { "" });
    let who = listed.decided_by.clone().unwrap_or_else(|| page.t("approve-system"));
    let time = page.stamp(&at(approval.decided_at.unwrap_or(approval.asked_at)));
    let mut said = page.t2(&key, "who", who, "time", time);
    if !approval.reason.is_empty() {
        said.push(' ');
        said.push_str(&page.t1("approve-reason", "reason", approval.reason.as_str()));
    }
    said
}

/// The texts with how many read each; as written where nothing can be weighed any more.
pub(super) fn texts(page: &Page, found: &Found) -> Vec<ReadText> {
    let shares = found.preview.iter().flat_map(|preview| &preview.languages);
    let mut shown: Vec<ReadText> = shares
        .map(|share| ReadText {
            tag: share.check.language.bcp47().to_owned(),
            head: page.t2("approve-text", "language", page.words.language(share.check.language), "n", share.people),
            text: share.check.worst_text.clone(),
        })
        .collect();
    if shown.is_empty() {
        shown.extend(found.texts.iter().map(|(lang, text)| ReadText {
            tag: lang.bcp47().to_owned(),
            head: page.words.language(*lang),
            text: text.clone(),
        }));
    }
    shown
}

/// What else the second person should know.
pub(super) fn facts(page: &Page, found: &Found, code: Option<&str>) -> Vec<Fact> {
    let fact = |key: &str, value: String| Fact { name: page.t(key), value, href: None, owner: String::new() };
    let stored = &found.listed.broadcast;
    let when = match (found.planned_at, &stored.recurrence) {
        (Some(planned), _) => page.stamp(&at(planned)),
        (None, Some(_)) => page.t("approve-when-again"),
        (None, None) => page.t("approve-when-now"),
    };
    let mut facts = vec![fact("approve-when", when)];
    if let Some(preview) = &found.preview {
        facts.push(fact("approve-left-out", left_out(page, preview)));
    }
    let lane = match stored.lane {
        Lane::Alert => "approve-lane-alert",
        Lane::Reply => "approve-lane-reply",
        Lane::Normal => "approve-lane-normal",
        Lane::Bulk => "approve-lane-bulk",
    };
    facts.push(fact("approve-lane", page.t(lane)));
    if let Some(reason) = &stored.quiet_override {
        facts.push(fact("approve-quiet", reason.clone()));
    }
    if let Some(code) = code {
        facts.push(fact("approve-code", page.t1("approve-code-why", "code", code)));
    }
    facts.push(fact("approve-wrong", page.t("approve-wrong-why")));
    facts
}

fn left_out(page: &Page, preview: &Preview) -> String {
    if preview.left_out.is_empty() {
        return page.t("approve-left-out-nobody");
    }
    let one = |one: &mhero_app::broadcasts::Exclusion| {
        page.t2("approve-left-out-one", "reason", page.t(LeftOut::key(&one.reason)), "n", one.people)
    };
    preview.left_out.iter().map(one).collect::<Vec<_>>().join("; ")
}
