//! `CHECK K7PM`: true or not, said to whoever doubts; and what officials see of it.

use jiff::SignedDuration;
use mhero_core::{BroadcastId, Lang, MessageId, Right, Scope, StartId};
use mhero_store::{IntakeRow, TrustCode, Unit, UnknownCode};
use mhero_text::reply::{TrustWord, trust_word};

use super::kinds;
use crate::{App, AppError, Caller};

/// Codes that are none of ours which one phone may ask about in an hour; then there is silence, so that nobody finds codes by trying.
const UNKNOWN_PER_HOUR_MAX: i64 = 5;
/// An hour, in microseconds.
const HOUR: i64 = 3_600_000_000;
/// How far back officials see what workers doubted.
const SHOWN_FOR: SignedDuration = SignedDuration::from_hours(24 * 30);
/// Codes shown at most.
const SHOWN_MAX: i64 = 50;

/// What is answered to somebody who doubts a message.
pub(crate) struct TrustSaid {
    /// The key of the reply and its variables; `None` for silence.
    pub(crate) reply: Option<(&'static str, Vec<(&'static str, String)>)>,
    /// The language of the word that was written.
    pub(crate) written: Option<Lang>,
    /// An official should read it.
    pub(crate) forward: bool,
}

/// What workers doubted lately.
#[derive(Clone, Debug)]
pub struct TrustOverview {
    /// Codes that are none of ours; an empty one stands for messages that workers told of.
    pub unknown: Vec<UnknownCode>,
}

impl App {
    /// Answers a text that asks about a message or tells of a false one, as part of a unit; `None` for every other text.
    pub(crate) async fn trust_answer(
        &self,
        unit: &mut Unit,
        row: &IntakeRow,
        language: Lang,
    ) -> Result<Option<TrustSaid>, AppError> {
        let Some((word, written)) = trust_word(&row.text) else { return Ok(None) };
        let language = written.unwrap_or(language);
        let heard = (MessageId::from_uuid(row.id.uuid()), row.received_at);
        let id = self.store().mint().uuid();
        let TrustWord::Check(code) = word else {
            unit.trust_asked(id, &row.path, "", None, heard);
            let reply = Some(("trust-sms-spam", Vec::new()));
            return Ok(Some(TrustSaid { reply, written, forward: true }));
        };
        let known = match self.store().trust_code(&code).await? {
            Some(known) => self.real(&known, row, language).await?.map(|reply| (known.about, reply)),
            None => None,
        };
        if let Some((about, reply)) = known {
            unit.trust_asked(id, &row.path, &code, Some(about), heard);
            return Ok(Some(TrustSaid { reply: Some(reply), written, forward: false }));
        }
        let before = self.store().unknown_codes_of(&row.path, row.received_at - HOUR).await?;
        unit.trust_asked(id, &row.path, &code, None, heard);
        let reply = (before < UNKNOWN_PER_HOUR_MAX).then(|| ("trust-sms-false", vec![("code", code)]));
        Ok(Some(TrustSaid { reply, written, forward: false }))
    }

    /// What is said of something real; `None` while nothing of it has left.
    async fn real(
        &self,
        known: &TrustCode,
        row: &IntakeRow,
        language: Lang,
    ) -> Result<Option<(&'static str, Vec<(&'static str, String)>)>, AppError> {
        let (name, at, is_unreal, was_sent) = match known.kind.as_str() {
            kinds::BROADCAST => {
                let id = BroadcastId::from_uuid(known.about);
                let Some(broadcast) = self.store().broadcast(&Scope::system(), id).await? else { return Ok(None) };
                let Some(at) = broadcast.released_at else { return Ok(None) };
                let was_sent = self.store().was_broadcast_to(&row.path, known.about).await?;
                (broadcast.name, at, broadcast.is_test || broadcast.is_drill, was_sent)
            }
            kinds::START => {
                let start = self.store().start(&Scope::system(), StartId::from_uuid(known.about)).await?;
                let Some(start) = start else { return Ok(None) };
                let flow = self.store().flow(start.flow).await?.map(|flow| flow.name).unwrap_or_default();
                // Which phones a start has spoken with is not looked up: the name of a flow tells nobody anything.
                (flow, start.created_at, start.is_test || start.is_drill, true)
            }
            kinds::CAMPAIGN => {
                let all = self.store().campaigns().await?;
                let campaign = all.into_iter().find(|campaign| campaign.id.uuid() == known.about);
                let Some(campaign) = campaign else { return Ok(None) };
                (campaign.name, campaign.created_at, false, true)
            }
            _ => return Ok(None),
        };
        let facts = self.facts_cached().await?;
        let date = mhero_core::timestamp(at).to_zoned(facts.time_zone()).date().to_string();
        let args = vec![
            ("code", known.code.clone()),
            ("since", date),
            ("ministry", facts.ministry.best(language).to_owned()),
            ("name", name),
        ];
        let key = match (was_sent, is_unreal) {
            (true, true) => "trust-sms-drill",
            (true, false) => "trust-sms-true",
            (false, _) => "trust-sms-other",
        };
        Ok(Some((key, args)))
    }

    /// What workers doubted in the last days.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn trust_overview(&self, caller: &Caller) -> Result<TrustOverview, AppError> {
        caller.must(Right::ReadMessages)?;
        let since = (self.clock().now() - SHOWN_FOR).as_microsecond();
        Ok(TrustOverview { unknown: self.store().unknown_codes(since, SHOWN_MAX).await? })
    }
}
