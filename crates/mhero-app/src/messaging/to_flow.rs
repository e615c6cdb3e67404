//! Which flow a text belongs to: an urgent keyword first, then the conversation that waits, then a keyword, and when nothing
//! else takes it, the catch-all.

use mhero_core::{ConversationId, GroupId, Lane, MessageId, ThreadId};
use mhero_store::{ConversationRow, IntakeRow, LastSent, SessionRow, Unit};
use mhero_text::reply::{Meaning, Outcome, Question};

use super::{
    pass::{Known, Text},
    sender::Sender,
    who::{Held, Writer},
};
use crate::{
    App, AppError,
    flows::{Answered, Around, Beginning, Begun, Cause, HeardText, Pulled, TriggerTerms, pulled, pulled_by_text},
};

/// A conversation of a flow that waits for a text from this number.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) conversation: ConversationRow,
    pub(super) session: SessionRow,
}

/// The conversation that took a text, and the thread in which an official reads it, where the flow will not answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken {
    pub(super) conversation: ConversationId,
    pub(super) thread: Option<ThreadId>,
}

impl Taken {
    const fn by(conversation: ConversationId) -> Self {
        Self { conversation, thread: None }
    }
}

impl App {
    /// The conversations with flows that a text from a number may belong to, one a person, the one that wrote last first. None
    /// when an official has written since.
    pub(super) async fn waiting_at(
        &self,
        number: (&str, &str),
        last: Option<&LastSent>,
        known: Option<&Known>,
    ) -> Result<Vec<Waiting>, AppError> {
        let mut open = self.open_at(number, known).await?;
        open.retain(|(row, _)| row.state == "open");
        open.sort_by_key(|(row, _)| std::cmp::Reverse((row.wrote_at, row.depth)));
        let officials = last.filter(|last| last.thread.is_some());
        if officials.is_some_and(|last| open.first().is_some_and(|(top, _)| Some(last.at) > top.wrote_at)) {
            return Ok(Vec::new());
        }
        let mut waiting: Vec<Waiting> = Vec::new();
        for (conversation, session) in open {
            if waiting.iter().any(|one| one.conversation.person == conversation.person) {
                continue;
            }
            waiting.extend(session.map(|session| Waiting { conversation, session }));
        }
        Ok(waiting)
    }

    /// Gives a text to the flow that it belongs to, as part of a unit. `None` when no flow wants it.
    pub(super) async fn give_to_flow(
        &self,
        unit: &mut Unit,
        text: Text<'_>,
        (sender, waiting): (&Sender, Vec<Waiting>),
        outcome: &Outcome,
        is_stopped: bool,
    ) -> Result<Option<Taken>, AppError> {
        let around = self.around_flows().await?;
        if is_for_the_system(outcome, is_stopped) || (waiting.is_empty() && around.triggers.is_empty()) {
            return Ok(None);
        }
        let groups = if around.triggers.iter().any(|t| !t.groups.is_empty() || !t.exclude.is_empty()) {
            self.groups_of(sender, text.known).await?
        } else {
            Vec::new()
        };
        let row = text.row;
        let keyword = self.keyword_in(&around, row, outcome, &groups);
        if let Some(pulled) = keyword.as_ref().filter(|pulled| pulled.trigger.urgent)
            && let Some(id) = self.begin_by_word(unit, text, sender, pulled).await?
        {
            return Ok(Some(id));
        }
        let first = waiting.first().map(|one| one.conversation.id);
        match self.writer(unit, row, waiting).await? {
            Some(Writer::Asked) => return Ok(first.map(Taken::by)),
            Some(Writer::Known(waiting, held)) => {
                return self.give_to_waiting(unit, text, (sender, &around), (*waiting, held), keyword).await;
            }
            None => {}
        }
        if let Some(pulled) = keyword {
            return self.begin_by_word(unit, text, sender, &pulled).await;
        }
        if matches!(outcome.meaning, Meaning::Help | Meaning::Keyword { .. } | Meaning::Start { .. }) {
            return Ok(None);
        }
        let Some(trigger) = pulled(&around.triggers, &TriggerTerms::CatchAll, row.channel, &groups) else {
            return Ok(None);
        };
        if self.is_caught_enough(sender.person).await? {
            return Ok(None);
        }
        let cause = Cause::Text { keyword: None, only: false };
        let beginning = beginning(row, sender, trigger.flow, (cause, "catch_all"), trigger.urgent);
        self.begin_heard(unit, text, &beginning).await
    }

    /// Gives a text, or the one that was held until it was known who wrote it, to the conversation that waits for it.
    async fn give_to_waiting(
        &self,
        unit: &mut Unit,
        text: Text<'_>,
        (sender, around): (&Sender, &Around),
        (waiting, held): (Waiting, Option<Held>),
        keyword: Option<Pulled>,
    ) -> Result<Option<Taken>, AppError> {
        let id = waiting.conversation.id;
        let breaks_in = keyword.filter(|_| held.is_none() && !waiting.settings(around).ignores_keywords);
        let heard = held.as_ref().map_or_else(|| heard(text), |held| held.heard((&text.row.scheme, &text.row.path)));
        let to = (waiting.session, waiting.conversation);
        match self.answer_session(unit, to, &heard, breaks_in.is_some()).await? {
            Answered::Yes => return Ok(Some(Taken::by(id))),
            Answered::TooOften => {
                let thread = self.thread_for(unit, text.row, sender).await?;
                unit.unanswered(MessageId::from_uuid(text.row.id.uuid()), "asked-too-often");
                return Ok(Some(Taken { conversation: id, thread: Some(thread) }));
            }
            Answered::No => {}
        }
        match breaks_in {
            Some(pulled) => self.begin_by_word(unit, text, sender, &pulled).await,
            None => Ok(None),
        }
    }

    /// The trigger whose word a text begins with; a misspelt word counts as the word it is taken for.
    fn keyword_in(&self, around: &Around, row: &IntakeRow, outcome: &Outcome, groups: &[GroupId]) -> Option<Pulled> {
        let by_text = pulled_by_text(&around.triggers, &row.text, row.channel, groups, false);
        by_text.or_else(|| match &outcome.meaning {
            Meaning::Keyword { keyword, rest } => {
                pulled_by_text(&around.triggers, &format!("{keyword} {rest}"), row.channel, groups, false)
            }
            _ => None,
        })
    }

    async fn begin_by_word(
        &self,
        unit: &mut Unit,
        text: Text<'_>,
        sender: &Sender,
        pulled: &Pulled,
    ) -> Result<Option<Taken>, AppError> {
        let row = text.row;
        let only = row.text.split_whitespace().count() == 1;
        let cause = Cause::Text { keyword: Some(pulled.word.clone()), only };
        let beginning = beginning(row, sender, pulled.trigger.flow, (cause, "keyword"), pulled.trigger.urgent);
        self.begin_heard(unit, text, &beginning).await
    }

    async fn begin_heard(
        &self,
        unit: &mut Unit,
        text: Text<'_>,
        beginning: &Beginning,
    ) -> Result<Option<Taken>, AppError> {
        match self.begin_session(unit, beginning, Some(&heard(text))).await? {
            Begun::Yes(id) => Ok(Some(Taken::by(id))),
            Begun::Later | Begun::NoFlow => Ok(None),
        }
    }

    pub(super) async fn groups_of(&self, sender: &Sender, known: Option<&Known>) -> Result<Vec<GroupId>, AppError> {
        let record = self.record_of(sender.person, known).await?;
        let mut groups = record.map(|record| record.groups).unwrap_or_default();
        groups.extend(self.groups_by_query_of(sender.person).await?);
        Ok(groups)
    }
}

impl Waiting {
    fn settings(&self, around: &Around) -> crate::flows::FlowSettings {
        around.settings_of(self.session.flow)
    }
}

/// Whether a text is for the system itself and no flow may see it: STOP and its sisters, a wrong person, answering machines.
pub(super) const fn is_for_the_system(outcome: &Outcome, is_stopped: bool) -> bool {
    match &outcome.meaning {
        Meaning::Stop { .. }
        | Meaning::NotMe
        | Meaning::Ignore(_)
        | Meaning::Ask(Question::Stop | Question::Topic { .. }) => true,
        Meaning::Start { scope } => is_stopped || scope.is_some(),
        Meaning::Ask(Question::Start) => is_stopped,
        _ => false,
    }
}

fn heard(text: Text<'_>) -> HeardText<'_> {
    let row = text.row;
    HeardText {
        message: MessageId::from_uuid(row.id.uuid()),
        channel: row.channel,
        number: (&row.scheme, &row.path),
        text: &row.text,
        carrier_id: row.carrier_id.as_deref(),
        received_at: row.received_at,
        known: text.known,
    }
}

fn beginning(
    row: &IntakeRow,
    sender: &Sender,
    flow: mhero_core::FlowId,
    (cause, by): (Cause, &str),
    urgent: bool,
) -> Beginning {
    Beginning {
        person: sender.person,
        scheme: row.scheme.clone(),
        path: row.path.clone(),
        channel: Some(row.channel),
        flow,
        revision: None,
        cause,
        by: by.to_owned(),
        lane: if urgent { Lane::Alert } else { Lane::Normal },
        start: None,
        parent: None,
        once_key: Some(format!("text/{}", row.id)),
        salutation: sender.salutation.clone(),
        interrupts: false,
        is_test: false,
        is_drill: false,
    }
}
