//! Asking for a second person: who may agree, and the SMS to their phones.

use jiff::SignedDuration;
use mhero_core::{BroadcastId, Lane, Lang, MessageId, PersonId, Right};
use mhero_store::{ApprovalCode, ApprovalRow, BroadcastRow, Queue, Unit, User};
use uuid::Uuid;

use super::{code::PLACE, digest::Plan, settings::ApprovalSettings, states, subjects};
use crate::{
    App, AppError, Caller,
    broadcasts::{Draft, Preview},
    messaging::{AutoText, say_short},
};

/// Phones that are asked at most.
const ASKED_MAX: usize = 5;
/// The scheme of phone numbers.
const PHONE: &str = "tel";
/// How long codes that ended are kept, so that whoever types one late is told so.
const KEPT: SignedDuration = SignedDuration::from_hours(48);

/// What an approval is about, as the audit log and the change feed call it.
pub(super) fn about_kind(approval: &ApprovalRow) -> &'static str {
    if approval.kind == subjects::START { "flow_start" } else { "broadcast" }
}

/// Somebody who may agree.
pub(super) struct Approver {
    pub(super) user: User,
    /// Their number, unless it is the author's, too.
    pub(super) path: Option<String>,
}

impl App {
    /// What a draft would do, where it is so large that it needs a second person.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when there is nobody else who might agree.
    pub(crate) async fn needs_approval(&self, caller: &Caller, draft: &Draft) -> Result<Option<Preview>, AppError> {
        let Some(above) = self.approval_settings().await?.above else { return Ok(None) };
        // Nobody's phone is asked about what reaches nobody's phone.
        if caller.scope.is_in_sandbox() || (draft.is_test && self.is_pretend(draft).await?) {
            return Ok(None);
        }
        let preview = self.preview(caller, draft, 0).await?;
        if preview.recipients <= above {
            return Ok(None);
        }
        if self.approvers(caller.scope.principal()).await?.is_empty() {
            return Err(AppError::invalid("send-no-approver", [("above", above.to_string())]));
        }
        Ok(Some(preview))
    }

    async fn is_pretend(&self, draft: &Draft) -> Result<bool, AppError> {
        let channels = self.store().channels().await?;
        let channel = channels.iter().find(|channel| Some(channel.id) == draft.channel);
        Ok(channel.is_some_and(|channel| channel.kind == crate::simulator::KIND))
    }

    /// Users who may agree to what somebody drafted: never the author, and by no phone that is the author's.
    pub(super) async fn approvers(&self, author: Option<Uuid>) -> Result<Vec<Approver>, AppError> {
        let phones = self.store().user_phones().await?;
        let phone = |user: Uuid| phones.iter().find(|(owner, _)| *owner == user).map(|(_, path)| path.clone());
        let own = author.and_then(phone);
        let mut found: Vec<Approver> = Vec::new();
        for user in self.store().users().await? {
            let Some(caller) = self.caller_of_user(user.id).await? else { continue };
            let scope = &caller.scope;
            let may = scope.may(Right::Approve) && scope.all_places() && scope.all_programmes();
            if !may || Some(user.id.uuid()) == author {
                continue;
            }
            let path = phone(user.id.uuid()).filter(|path| Some(path) != own.as_ref());
            let path = path.filter(|path| found.iter().all(|other| other.path.as_ref() != Some(path)));
            found.push(Approver { user, path });
        }
        Ok(found)
    }

    /// Adds to the unit of a new broadcast that it waits.
    pub(crate) async fn add_approval(
        &self,
        unit: &mut Unit,
        (row, texts): (&BroadcastRow, &[(Lang, String)]),
        plan: &Plan,
        preview: &Preview,
    ) -> Result<(), AppError> {
        let approval = ApprovalRow {
            id: self.store().mint().uuid(),
            broadcast: row.id,
            digest: self.digest_now(row, plan, texts).await?,
            plan: serde_json::to_string(plan).unwrap_or_default(),
            people: preview.recipients,
            sms: preview.sms,
            state: states::WAITING.to_owned(),
            reason: String::new(),
            asked_at: self.clock().now_micros(),
            decided_by: None,
            by_sms: false,
            decided_at: None,
            version: 1,
            kind: subjects::BROADCAST.to_owned(),
            number: 0,
            name: String::new(),
        };
        unit.ask_approval(&approval);
        let settings = self.approval_settings().await?;
        self.add_requests(unit, (row, texts), (&approval, plan), settings).await
    }

    /// Sends new codes for a broadcast that still waits: those that went out before count no more.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when it does not wait; [`AppError::NotFound`]; [`AppError::NotAllowed`].
    pub async fn ask_approval_again(&self, caller: &Caller, id: BroadcastId) -> Result<(), AppError> {
        caller.must(Right::Send)?;
        let approval = self.store().last_approval(id).await?;
        let approval = approval.ok_or_else(|| AppError::not_found("approval", id))?;
        let row = self.subject(&caller.scope, &approval).await?;
        let row = row.ok_or_else(|| AppError::not_found("broadcast", id))?;
        let number = || [("number", row.number.to_string())];
        if approval.state != states::WAITING {
            return Err(AppError::invalid("approval-not-waiting", number()));
        }
        let plan: Plan =
            serde_json::from_str(&approval.plan).map_err(|_| AppError::invalid("approval-not-waiting", number()))?;
        let texts = self.texts_to_read(id).await?;
        let settings = self.approval_settings().await?;
        let mut unit = Unit::new();
        unit.end_approval_codes(approval.id);
        self.add_requests(&mut unit, (&row, &texts), (&approval, &plan), settings).await?;
        let facts = serde_json::json!({ "number": row.number });
        unit.audit(self.store(), &caller.entry("approval-asked-again", about_kind(&approval), Some(id.uuid()), facts));
        self.store().write(unit, Queue::Interactive).await?;
        self.wake();
        Ok(())
    }

    pub(super) async fn add_requests(
        &self,
        unit: &mut Unit,
        (row, texts): (&BroadcastRow, &[(Lang, String)]),
        (approval, plan): (&ApprovalRow, &Plan),
        settings: ApprovalSettings,
    ) -> Result<(), AppError> {
        let now = self.clock().now();
        unit.forget_approval_codes((now - KEPT).as_microsecond());
        let author = match row.created_by {
            Some(id) => self.store().user(mhero_core::UserId::from_uuid(id)).await?.map(|(user, _)| user.name),
            None => None,
        };
        let approvers = self.approvers(row.created_by).await?;
        let expires = now + SignedDuration::from_mins(settings.minutes);
        for Approver { user, path } in approvers.into_iter().take(ASKED_MAX) {
            let Some(path) = path else { continue };
            let id = self.store().mint().uuid();
            let person = self.person_at(unit, &path).await?;
            // First what would be sent, then the question: it is the last text on the phone.
            for (lang, text) in texts {
                let shown = format!("{} {}: {text}", row.number, lang.bcp47().to_uppercase());
                let key = format!("approval/{id}/{lang}");
                self.add_request(unit, (person, &path), (row.lane, *lang), &shown, key);
            }
            let args = vec![
                ("number", row.number.to_string()),
                ("name", row.name.clone()),
                ("who", author.clone().unwrap_or_else(|| "mHero".to_owned())),
                ("count", approval.people.to_string()),
                ("since", self.said_when(plan, row, user.language)?),
                ("code", PLACE.to_owned()),
            ];
            let said = say_short(self.words(), (user.language, "approval-sms-ask"), &args, None);
            let said = format!("{}{said}", self.unreal_mark(user.language, row.is_test, row.is_drill));
            let key = format!("approval/{id}");
            let message = self.add_request(unit, (person, &path), (row.lane, user.language), &said, key);
            unit.add_approval_code(&ApprovalCode {
                id,
                approval: approval.id,
                approver: user.id.uuid(),
                path,
                message,
                sealed: self.new_code(id)?,
                tries: 0,
                state: "open".to_owned(),
                expires_at: expires.as_microsecond(),
            });
        }
        Ok(())
    }

    /// When it would leave, in few letters.
    fn said_when(&self, plan: &Plan, row: &BroadcastRow, language: Lang) -> Result<String, AppError> {
        let zone = jiff::tz::TimeZone::get(&row.zone).unwrap_or(jiff::tz::TimeZone::UTC);
        Ok(match (plan.status.as_str(), plan.at) {
            ("scheduled", Some(at)) => mhero_core::timestamp(at).to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string(),
            ("recurring", _) => self.words().say(language, "approval-sms-again", &[]),
            _ => self.words().say(language, "approval-sms-now", &[]),
        })
    }

    async fn person_at(&self, unit: &mut Unit, path: &str) -> Result<PersonId, AppError> {
        if let Some(holder) = self.store().holders(PHONE, path).await?.first() {
            return Ok(holder.person);
        }
        let (now, person) = (self.clock().now_micros(), self.store().mint().id(PersonId::from_uuid));
        unit.add_stranger(person, self.store().mint().uuid(), (PHONE, path), now);
        unit.changed("person", person.uuid(), "created", now);
        Ok(person)
    }

    /// It waits for nothing, not even for the end of quiet hours: the broadcast waits for it.
    fn add_request(
        &self,
        unit: &mut Unit,
        (person, path): (PersonId, &str),
        (lane, language): (Lane, Lang),
        text: &str,
        dedupe_key: String,
    ) -> MessageId {
        let lane = if lane == Lane::Alert { Lane::Alert } else { Lane::Reply };
        let number = (PHONE, path);
        let auto = AutoText {
            person,
            number,
            channel: None,
            lane,
            language,
            text,
            dedupe_key,
            reply_to: None,
            quiet_exempt: true,
        };
        self.add_auto_text(unit, auto)
    }
}
