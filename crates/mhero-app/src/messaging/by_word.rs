//! Texts that are for mHero itself and for no flow: a yes or no to something that waits, a doubt about a message, an objection.

use mhero_core::{InboundState, Lane};
use mhero_store::{IntakeRow, LastSent, Unit};
use mhero_text::reply::{Meaning, Outcome};

use super::{auto_reply::AutoReply, sender::Sender};
use crate::{App, AppError};

impl App {
    /// Handles such a text as part of a unit. False for every other text, and for STOP and its like, which come before.
    pub(super) async fn handle_word(
        &self,
        unit: &mut Unit,
        (row, last): (&IntakeRow, Option<&LastSent>),
        sender: &Sender,
        outcome: &Outcome,
    ) -> Result<bool, AppError> {
        if matches!(outcome.meaning, Meaning::Stop { .. } | Meaning::NotMe) {
            return Ok(false);
        }
        let mut led_to = Unit::new();
        if let Some(said) = self.approval_answer(&mut led_to, row, last).await? {
            let thread = if said.forward { Some(self.thread_for(unit, row, sender).await?) } else { None };
            // The code is kept nowhere.
            let kept = IntakeRow { text: said.shown, ..row.clone() };
            self.add_inbound(unit, &kept, sender, (InboundState::Handled, thread), (None, None));
            unit.append(led_to);
            let language = match said.language {
                Some(language) => language,
                None => self.reply_language(None, sender).await?,
            };
            let reply = AutoReply { key: said.key, args: said.args, language, lane: Lane::Reply };
            self.add_auto_reply(unit, row, sender.person, None, &reply).await?;
            return Ok(true);
        }
        if let Some(said) = self.chat_answer(&mut led_to, row, sender).await? {
            let sender = Sender { person: said.person, ..sender.clone() };
            self.add_inbound(unit, row, &sender, (InboundState::Handled, None), (None, None));
            unit.append(led_to);
            if let Some((key, args)) = said.reply {
                let language = self.reply_language(said.language, &sender).await?;
                let reply = AutoReply { key, args, language, lane: Lane::Reply };
                self.add_auto_reply(unit, row, sender.person, None, &reply).await?;
            }
            return Ok(true);
        }
        let language = self.reply_language(None, sender).await?;
        if let Some(said) = self.trust_answer(&mut led_to, row, language).await? {
            let thread = if said.forward { Some(self.thread_for(unit, row, sender).await?) } else { None };
            self.add_inbound(unit, row, sender, (InboundState::Handled, thread), (None, None));
            unit.append(led_to);
            if let Some((key, args)) = said.reply {
                let language = self.reply_language(said.written, sender).await?;
                let reply = AutoReply { key, args, language, lane: Lane::Reply };
                self.add_auto_reply(unit, row, sender.person, sender.salutation.as_deref(), &reply).await?;
            }
            return Ok(true);
        }
        self.handle_way_back(unit, row, sender).await
    }
}
