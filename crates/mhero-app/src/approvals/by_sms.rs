//! Answers by SMS: from the approver's own number only, with the code that went to it.

use std::sync::LazyLock;

use mhero_core::{Lang, Scope, UserId};
use mhero_store::{Actor, ApprovalCode, ApprovalRow, AuditEntry, BroadcastRow, IntakeRow, LastSent, Unit};
use mhero_text::reply::{
    ApprovalAnswer, ApprovalField, ApprovalSituation, ApprovalVerbs, PendingItem, masked, may_decide, read_approval,
};
use serde_json::json;

use super::{CODE_DIGITS, decide::Decider, states, subjects};
use crate::{App, AppError, Caller};

/// Wrong codes before the right one counts no more.
const WRONG_MAX: i64 = 5;
/// How long after its end a code is still told to have ended, in microseconds.
const TOLD_MICROS: i64 = 86_400_000_000;
/// Broadcasts looked through for a number that waits for others.
const LOOKED_AT: i64 = 50;

static VERBS: LazyLock<ApprovalVerbs> = LazyLock::new(ApprovalVerbs::standard);

/// What is answered to a text about something that waits for a second person.
pub(crate) struct ApprovalSaid {
    /// The key of the reply.
    pub(crate) key: &'static str,
    /// Its variables.
    pub(crate) args: Vec<(&'static str, String)>,
    /// The language of whoever answers; `None` where nobody knows them.
    pub(crate) language: Option<Lang>,
    /// The text as it is kept: without its code.
    pub(crate) shown: String,
    /// A person should read it.
    pub(crate) forward: bool,
}

/// A code with what it decides.
struct Held {
    code: ApprovalCode,
    approval: ApprovalRow,
    row: BroadcastRow,
}

impl Held {
    fn number(&self) -> String {
        self.row.number.to_string()
    }

    fn waits(&self) -> bool {
        self.approval.state == states::WAITING && self.row.status == super::STATUS
    }
}

/// Which reply, and its variables.
type Reply = (&'static str, Vec<(&'static str, String)>);

impl App {
    /// Decides by a text, as part of a unit; `None` for a text that is about nothing that waits.
    pub(crate) async fn approval_answer(
        &self,
        unit: &mut Unit,
        row: &IntakeRow,
        last: Option<&LastSent>,
    ) -> Result<Option<ApprovalSaid>, AppError> {
        if row.scheme != mhero_core::Urn::TEL || !may_decide(&row.text, &VERBS) {
            return Ok(None);
        }
        let held = self.held_at(&row.path).await?;
        let numbers: Vec<String> = held.iter().map(Held::number).collect();
        let others = self.waiting_numbers(&numbers).await?;
        if held.is_empty() && others.is_empty() {
            return Ok(None);
        }
        let pending: Vec<PendingItem<'_>> =
            numbers.iter().map(|item| PendingItem { item, code_digits: Some(CODE_DIGITS) }).collect();
        let other_numbers: Vec<&str> = others.iter().map(|(number, _)| number.as_str()).collect();
        let was_asked = last.is_some_and(|last| held.iter().any(|held| held.code.message == last.message));
        let situation = ApprovalSituation {
            verbs: &VERBS,
            pending: &pending,
            others: &other_numbers,
            was_asked,
            code_is_enough: true,
        };
        let Some(answer) = read_approval(&row.text, &situation) else { return Ok(None) };
        let open: Vec<&str> = numbers.iter().map(String::as_str).chain(other_numbers.iter().copied()).collect();
        let shown = masked(&row.text, &open);
        let language = match held.first() {
            Some(held) => {
                self.store().user(UserId::from_uuid(held.code.approver)).await?.map(|(user, _)| user.language)
            }
            None => None,
        };
        let said = |(key, args): Reply, forward| Some(ApprovalSaid { key, args, language, shown, forward });
        if answer.is_refused {
            let named = others.iter().find(|(number, _)| row.text.contains(number.as_str()));
            self.note_by_phone(unit, row, ("approval-not-allowed", named.map(|(_, row)| row)));
            return Ok(said(("approval-sms-not-allowed", Vec::new()), true));
        }
        let forward = answer.forward;
        Ok(match self.heed_answer(unit, row, (&answer, &held)).await? {
            Some(reply) => said(reply, forward),
            None => None,
        })
    }

    async fn heed_answer(
        &self,
        unit: &mut Unit,
        row: &IntakeRow,
        (answer, held): (&ApprovalAnswer, &[Held]),
    ) -> Result<Option<Reply>, AppError> {
        if let Some((field, _)) = answer.asked.first() {
            let numbers: Vec<String> = held.iter().filter(|held| held.waits()).map(Held::number).collect();
            if numbers.is_empty() || answer.item.as_ref().is_some_and(|item| !numbers.contains(item)) {
                return Ok(None);
            }
            let number = answer.item.clone().or_else(|| numbers.first().cloned()).unwrap_or_default();
            return Ok(Some(match field {
                ApprovalField::Item => ("approval-sms-which", vec![("words", numbers.join(", "))]),
                ApprovalField::Action => ("approval-sms-action", vec![("number", number)]),
                ApprovalField::Code => ("approval-sms-code", vec![("number", number)]),
            }));
        }
        let typed = answer.code.as_deref().unwrap_or_default();
        let named = answer.item.as_ref().and_then(|item| held.iter().find(|held| held.number() == *item));
        let chosen = named.or_else(|| held.iter().find(|held| self.counts(held) && self.is_code(&held.code, typed)));
        let Some(chosen) = chosen else {
            // A supervisor who confirms somebody who joins writes the same words with another code.
            if self.store().candidate_of_code(typed).await?.is_some() {
                return Ok(None);
            }
            let open: Vec<&Held> = held.iter().filter(|held| self.counts(held)).collect();
            return Ok(match open.first() {
                Some(first) => {
                    for one in &open {
                        self.wrong(unit, row, one);
                    }
                    Some(wrong_reply(first))
                }
                None => held.first().map(|held| self.ended_reply(held)),
            });
        };
        if answer.approve == Some(false) {
            return self.refuse_by_sms(unit, row, chosen).await.map(Some);
        }
        if !self.counts(chosen) {
            return Ok(Some(self.ended_reply(chosen)));
        }
        if !self.is_code(&chosen.code, typed) {
            self.wrong(unit, row, chosen);
            return Ok(Some(wrong_reply(chosen)));
        }
        self.approve_by_sms(unit, row, chosen).await.map(Some)
    }

    async fn approve_by_sms(&self, unit: &mut Unit, row: &IntakeRow, held: &Held) -> Result<Reply, AppError> {
        let Some(caller) = self.decider_of(held).await? else { return Ok(self.not_allowed(unit, row, held)) };
        let number = vec![("number", held.number())];
        if !self.is_unchanged(&held.row, &held.approval).await? {
            unit.void_approvals(held.row.id, self.clock().now_micros());
            if held.approval.kind == subjects::START {
                self.let_start(unit, held.row.id, false).await?;
            } else {
                unit.broadcast_status(&held.row, "cancelled", None, Some(self.clock().now_micros()));
            }
            self.note_by_phone(unit, row, ("approval-void", Some(&held.row)));
            return Ok(("approval-sms-changed", number));
        }
        unit.use_approval_code(&held.code);
        self.approve(unit, &held.row, &held.approval, &Decider { caller: &caller, by_sms: true }).await?;
        let args = vec![("number", held.number()), ("count", held.approval.people.to_string())];
        Ok(("approval-sms-approved", args))
    }

    async fn refuse_by_sms(&self, unit: &mut Unit, row: &IntakeRow, held: &Held) -> Result<Reply, AppError> {
        if !held.waits() {
            return Ok(self.ended_reply(held));
        }
        let Some(caller) = self.decider_of(held).await? else { return Ok(self.not_allowed(unit, row, held)) };
        self.send_back(unit, &held.row, &held.approval, ("", &Decider { caller: &caller, by_sms: true })).await?;
        Ok(("approval-sms-refused", vec![("number", held.number())]))
    }

    /// The approver, if they still may decide and this still is their number.
    async fn decider_of(&self, held: &Held) -> Result<Option<Caller>, AppError> {
        let approvers = self.approvers(held.row.created_by).await?;
        let is_theirs = |approver: &super::ask::Approver| {
            approver.user.id.uuid() == held.code.approver && approver.path.as_ref() == Some(&held.code.path)
        };
        if !approvers.iter().any(is_theirs) {
            return Ok(None);
        }
        self.caller_of_user(UserId::from_uuid(held.code.approver)).await
    }

    fn not_allowed(&self, unit: &mut Unit, row: &IntakeRow, held: &Held) -> Reply {
        self.note_by_phone(unit, row, ("approval-not-allowed", Some(&held.row)));
        ("approval-sms-not-allowed", Vec::new())
    }

    fn wrong(&self, unit: &mut Unit, row: &IntakeRow, held: &Held) {
        unit.wrong_approval_code(&held.code, WRONG_MAX);
        self.note_by_phone(unit, row, ("approval-wrong-code", Some(&held.row)));
    }

    /// Whether the code of something can still be used.
    fn counts(&self, held: &Held) -> bool {
        held.waits() && held.code.state == "open" && held.code.expires_at > self.clock().now_micros()
    }

    fn ended_reply(&self, held: &Held) -> Reply {
        let number = vec![("number", held.number())];
        match held.code.state.as_str() {
            "locked" => ("approval-sms-locked", number),
            _ if held.waits() => ("approval-sms-expired", number),
            _ => ("approval-sms-over", number),
        }
    }

    /// The codes of a number, the latest of each approval.
    async fn held_at(&self, path: &str) -> Result<Vec<Held>, AppError> {
        let mut held: Vec<Held> = Vec::new();
        for code in self.store().approval_codes_at(path, self.clock().now_micros() - TOLD_MICROS).await? {
            if held.iter().any(|known| known.code.approval == code.approval) {
                continue;
            }
            let Some(approval) = self.store().approval(code.approval).await? else { continue };
            let Some(row) = self.subject(&Scope::system(), &approval).await? else { continue };
            held.push(Held { code, approval, row });
        }
        Ok(held)
    }

    /// Numbers of broadcasts that wait, for somebody else than this phone.
    async fn waiting_numbers(&self, own: &[String]) -> Result<Vec<(String, BroadcastRow)>, AppError> {
        let mut found = Vec::new();
        for approval in self.store().waiting_approvals(LOOKED_AT).await? {
            let row = self.subject(&Scope::system(), &approval).await?;
            found.extend(row.map(|row| (row.number.to_string(), row)).filter(|(number, _)| !own.contains(number)));
        }
        Ok(found)
    }

    /// What a phone tried stands in the audit log, without its number.
    fn note_by_phone(&self, unit: &mut Unit, heard: &IntakeRow, (action, row): (&'static str, Option<&BroadcastRow>)) {
        let facts = json!({ "message": heard.id, "number": row.map(|row| row.number) });
        let about = row.map(|row| row.id.uuid());
        let actor = Actor { kind: "phone", id: None };
        unit.audit(self.store(), &AuditEntry { actor, action, about_kind: "broadcast", about, facts });
    }
}

fn wrong_reply(held: &Held) -> Reply {
    let left = WRONG_MAX - held.code.tries - 1;
    match left {
        1.. => ("approval-sms-wrong", vec![("number", held.number()), ("count", left.to_string())]),
        _ => ("approval-sms-locked", vec![("number", held.number())]),
    }
}
