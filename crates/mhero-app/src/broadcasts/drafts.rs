//! Drafts: what an official has begun to write, kept on the server, seen by its author only. Nothing of it leaves.

use jiff::Timestamp;
use mhero_core::{BroadcastId, Lane, Lang, PersonId, Right, record::Reason};
use mhero_expr::{Template, TopLevels};
use mhero_store::{BroadcastRow, Queue, StoreError, Unit};

use super::{
    Draft, Release,
    draft::next_firing,
    template::{self, Texts},
};
use crate::{App, AppError, Caller};

/// Most drafts that one official keeps in a list.
const DRAFTS_MAX: i64 = 50;
/// People over whom the longest values are looked for.
const LONGEST_OVER: usize = 5_000;

/// A draft as it was saved.
#[derive(Clone, Debug)]
pub struct SavedDraft {
    /// Its id; sending makes a broadcast of another id under this one as its once-only key.
    pub id: BroadcastId,
    /// What is in it. Texts may be empty, the audience unreadable.
    pub draft: Draft,
    /// When it was saved.
    pub saved_at: Timestamp,
}

/// How long the expressions that officials insert can become in one audience, in letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LongestValues {
    /// `@contact.first_name`
    pub first_name: usize,
    /// `@contact.name`
    pub name: usize,
    /// `@fields.facility`
    pub facility: usize,
}

impl App {
    /// Saves a draft under an id that the form made up, so that saving twice keeps one draft.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::Invalid`] when the draft has been sent already.
    pub async fn save_draft(&self, caller: &Caller, id: BroadcastId, draft: &Draft) -> Result<(), AppError> {
        caller.must(Right::Send)?;
        if self.store().broadcast_by_key(&id.to_string()).await?.is_some() {
            return Err(AppError::invalid("draft-sent", []));
        }
        let facts = self.facts_cached().await?;
        let zone = draft.zone.clone().unwrap_or_else(|| facts.zone.clone());
        self.store().decide(|| self.write_saved(caller, id, draft, &zone)).await
    }

    async fn write_saved(&self, caller: &Caller, id: BroadcastId, draft: &Draft, zone: &str) -> Result<(), AppError> {
        let mut row = as_row(caller, id, draft, zone, self.clock().now_micros());
        let mut unit = Unit::new();
        if self.store().draft(row.created_by, id).await?.is_some() {
            unit.set_draft(&row, &draft.texts);
        } else {
            let number = self.store().next_number("draft").await?;
            row.number = -number;
            unit.take_numbers("draft", number, 1).add_broadcast(&row, &draft.texts, None);
        }
        unit.put_validity(id, draft.valid_minutes);
        match self.store().write(unit, Queue::Interactive).await {
            // The id is somebody else's, or that of a broadcast.
            Err(StoreError::Exists { .. }) => Err(AppError::not_found("draft", id)),
            other => Ok(other.map(|_| ())?),
        }
    }

    /// A draft of the caller.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also for a draft of somebody else.
    pub async fn draft(&self, caller: &Caller, id: BroadcastId) -> Result<SavedDraft, AppError> {
        caller.must(Right::Send)?;
        let row = self.store().draft(caller.scope.principal(), id).await?;
        self.saved(row.ok_or_else(|| AppError::not_found("draft", id))?).await
    }

    /// The drafts of the caller, the last one saved first.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn drafts(&self, caller: &Caller) -> Result<Vec<SavedDraft>, AppError> {
        caller.must(Right::Send)?;
        let mut drafts = Vec::new();
        for row in self.store().drafts(caller.scope.principal(), DRAFTS_MAX).await? {
            drafts.push(self.saved(row).await?);
        }
        Ok(drafts)
    }

    /// Throws a draft away. One that is gone stays gone.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn discard_draft(&self, caller: &Caller, id: BroadcastId) -> Result<(), AppError> {
        caller.must(Right::Send)?;
        let mut unit = Unit::new();
        unit.drop_draft(id, caller.scope.principal()).put_short_texts(id, &[]).put_validity(id, None);
        match self.store().write(unit, Queue::Interactive).await {
            Err(StoreError::Guard { .. }) => Ok(()),
            other => Ok(other.map(|_| ())?),
        }
    }

    /// Sends a draft as it says; pressed twice, it is sent once. The draft is gone afterwards.
    ///
    /// # Errors
    /// As [`App::send`]; then nothing was sent and the draft is still there. [`AppError::NotFound`] without such a draft.
    pub async fn send_draft(&self, caller: &Caller, id: BroadcastId) -> Result<BroadcastId, AppError> {
        caller.must(Right::Send)?;
        if let Some(sent) = self.store().broadcast_by_key(&id.to_string()).await? {
            self.discard_draft(caller, id).await?;
            return Ok(sent);
        }
        let mut draft = self.draft(caller, id).await?.draft;
        draft.texts.retain(|(_, text)| !text.trim().is_empty());
        draft.once_key = Some(id.to_string());
        let sent = self.send(caller, &draft).await?;
        self.discard_draft(caller, id).await?;
        Ok(sent)
    }

    /// What is wrong with one text of a draft; `None` for a text that can be sent, and for an empty one.
    pub fn text_fault(&self, language: Lang, text: &str) -> Option<Reason> {
        if text.trim().is_empty() {
            return None;
        }
        match template::check_texts(&[(language, text.to_owned())]) {
            Err(AppError::Invalid(reason)) => Some(reason),
            _ => None,
        }
    }

    /// Whether a text differs from person to person.
    pub fn is_personal(&self, text: &str) -> bool {
        Template::parse(text, &TopLevels::broadcast()).is_ok_and(|template| !template.is_plain())
    }

    /// When a recurring draft would fire first.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a recurrence that can't be read.
    pub fn first_firing(&self, recurrence: &str, zone: &jiff::tz::TimeZone) -> Result<Timestamp, AppError> {
        next_firing(recurrence, self.clock().now(), zone)
    }

    /// The next times of a recurrence, earliest first.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a recurrence that can't be read.
    pub fn next_firings(
        &self,
        recurrence: &str,
        zone: &jiff::tz::TimeZone,
        count: usize,
    ) -> Result<Vec<Timestamp>, AppError> {
        let mut times = Vec::with_capacity(count);
        let mut after = self.clock().now();
        for _ in 0..count {
            after = next_firing(recurrence, after, zone)?;
            times.push(after);
        }
        Ok(times)
    }

    /// How long what may be inserted can become, over the first few thousand people who would get it.
    ///
    /// # Errors
    /// As [`App::check_audience`].
    pub async fn longest_values(&self, caller: &Caller, query: &str) -> Result<LongestValues, AppError> {
        let audience = self.check_audience(caller, query).await?;
        let plain = Texts::parse(&[(Lang::ENGLISH, "-".to_owned())])?;
        let frozen = self.freeze(caller, &audience.predicate, &plain, (Lane::Alert, None, None)).await?;
        let ids: Vec<PersonId> = frozen.recipients.iter().take(LONGEST_OVER).map(|r| r.person).collect();
        let people = self.store().person_facts(&caller.scope, &ids, self.clock().now_micros()).await?;
        let mut longest = LongestValues::default();
        for person in people {
            let first = person.given.split_whitespace().next().or_else(|| person.name.split_whitespace().next());
            let facility = person.facility.iter().flat_map(|names| names.iter().map(|(_, name)| name.chars().count()));
            longest.first_name = longest.first_name.max(first.map_or(0, |name| name.chars().count()));
            longest.name = longest.name.max(person.name.chars().count());
            longest.facility = longest.facility.max(facility.max().unwrap_or(0));
        }
        Ok(longest)
    }

    /// Takes back a broadcast of which nothing has left, and keeps all that it says as a draft: a drill stays a drill, and a time that
    /// was chosen stays chosen while it is ahead.
    ///
    /// # Errors
    /// As [`App::undo_broadcast`] and [`App::save_draft`].
    pub async fn take_back_as_draft(
        &self,
        caller: &Caller,
        id: BroadcastId,
        draft: BroadcastId,
    ) -> Result<(), AppError> {
        caller.must(Right::Send)?;
        let row = self.store().broadcast(&caller.scope, id).await?;
        let mut wanted = self.saved(row.ok_or_else(|| AppError::not_found("broadcast", id))?).await?.draft;
        let short = self.store().short_texts(id).await?;
        if matches!(&wanted.release, Release::At(at) if *at <= self.clock().now()) {
            wanted.release = Release::AfterUndo;
        }
        self.undo_broadcast(caller, id).await?;
        self.save_draft(caller, draft, &wanted).await?;
        if short.is_empty() {
            return Ok(());
        }
        let mut unit = Unit::new();
        unit.put_short_texts(draft, &short);
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    async fn saved(&self, row: BroadcastRow) -> Result<SavedDraft, AppError> {
        let texts = self.store().broadcast_texts(row.id).await?;
        let release = match (row.recurrence, row.release_at) {
            (Some(recurrence), _) => Release::Recurring(recurrence),
            (None, Some(at)) => Release::At(mhero_core::timestamp(at)),
            (None, None) => Release::AfterUndo,
        };
        Ok(SavedDraft {
            id: row.id,
            saved_at: mhero_core::timestamp(row.created_at),
            draft: Draft {
                name: row.name,
                query: row.query,
                texts,
                lane: row.lane,
                channel: row.channel,
                release,
                zone: Some(row.zone),
                quiet_override: row.quiet_override,
                once_key: None,
                is_test: row.is_test,
                is_drill: row.is_drill,
                programme: row.programme,
                valid_minutes: self.store().validity_of(row.id).await?,
            },
        })
    }
}

impl Draft {
    /// A draft in which nothing stands yet, in the languages of an installation.
    pub fn empty(languages: &[Lang]) -> Self {
        Self {
            name: String::new(),
            query: String::new(),
            texts: languages.iter().map(|language| (*language, String::new())).collect(),
            lane: Lane::Normal,
            channel: None,
            release: Release::AfterUndo,
            zone: None,
            quiet_override: None,
            once_key: None,
            is_test: false,
            is_drill: false,
            programme: None,
            valid_minutes: None,
        }
    }
}

fn as_row(caller: &Caller, id: BroadcastId, draft: &Draft, zone: &str, now: i64) -> BroadcastRow {
    BroadcastRow {
        id,
        number: 0,
        name: draft.name.clone(),
        query: draft.query.clone(),
        status: "draft".to_owned(),
        lane: draft.lane,
        channel: draft.channel,
        programme: draft.programme,
        parent: None,
        release_at: match &draft.release {
            Release::At(at) => Some(at.as_microsecond()),
            _ => None,
        },
        zone: zone.to_owned(),
        recurrence: match &draft.release {
            Release::Recurring(recurrence) => Some(recurrence.clone()),
            _ => None,
        },
        quiet_override: draft.quiet_override.clone(),
        is_test: draft.is_test,
        is_drill: draft.is_drill,
        created_by: caller.scope.principal(),
        created_at: now,
        released_at: None,
        ended_at: None,
        matched: 0,
        recipients: 0,
        version: 1,
    }
}
