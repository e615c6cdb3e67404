//! The preview: how many, who is left out and why, how many SMS in each language, before anything is sent.

use std::collections::{BTreeMap, HashMap};

use jiff::tz::TimeZone;
use mhero_core::{Lang, PersonId, Right};
use mhero_store::PersonFacts;

use super::{
    Draft, Release,
    draft::next_firing,
    freeze::Frozen,
    template::{self, TextCheck, Texts},
};
use crate::{
    App, AppError, Caller, Facts,
    costs::{Estimate, Toward},
    trust::{SAMPLE_CODE, with_code},
};

/// People shown as examples.
const SAMPLE: usize = 5;
/// People whose longest values decide the worst case of a personal text.
const WORST_CASE_OVER: usize = 5_000;

/// What a broadcast would do.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The audience as a sentence, in the caller's language.
    pub sentence: String,
    /// People who match.
    pub matched: i64,
    /// People who would get it.
    pub recipients: i64,
    /// People who match and would not, by reason.
    pub left_out: Vec<Exclusion>,
    /// By language: people, SMS, text.
    pub languages: Vec<LanguageShare>,
    /// SMS in all, at the worst case of each language; what goes by a chat is none.
    pub sms: i64,
    /// Some of those who would get it.
    pub sample: Vec<Sample>,
    /// When quiet hours end, if they would hold it at its release.
    pub quiet_until: Option<jiff::Timestamp>,
    /// There is no channel yet: messages would wait in the outbox.
    pub no_channel: bool,
    /// What it would cost.
    pub estimate: Estimate,
}

/// A reason and how many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// `no-number`, `bad-number`, `stopped`, `shares-phone`, `on-leave`, `no-consent`.
    pub reason: String,
    /// People.
    pub people: i64,
}

/// One language of a broadcast.
#[derive(Clone, Debug)]
pub struct LanguageShare {
    /// People who get this text.
    pub people: i64,
    /// How many of them by SMS; the others by a chat.
    pub by_sms: i64,
    /// The text and what it measures.
    pub check: TextCheck,
}

/// Somebody who would get it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The person.
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// Cadre, in the caller's language.
    pub cadre: String,
    /// Facility, in the caller's language.
    pub facility: String,
}

impl App {
    /// What a broadcast would do, without doing it. `offset` moves the sample on ("five others").
    ///
    /// # Errors
    /// As [`App::send`].
    pub async fn preview(&self, caller: &Caller, draft: &Draft, offset: usize) -> Result<Preview, AppError> {
        caller.must(Right::Send)?;
        let facts = self.facts_cached().await?;
        let audience = self.check_audience(caller, &draft.query).await?;
        template::check_texts(&draft.texts)?;
        let texts = Texts::parse(&draft.texts)?;
        let programme = self.programme_of_draft(caller, draft).await?;
        let frozen = self.freeze(caller, &audience.predicate, &texts, (draft.lane, programme, draft.channel)).await?;
        let ids: Vec<PersonId> = frozen.recipients.iter().map(|r| r.person).collect();
        let worst_over = if texts.is_plain() { &ids[..0] } else { &ids[..ids.len().min(WORST_CASE_OVER)] };
        let readers = self.store().person_facts(&caller.scope, worst_over, self.clock().now_micros()).await?;
        let leaving = self.as_they_leave(draft);
        let checks = self.measure_texts(&leaving, &readers, &facts)?;
        let languages = share(&frozen, checks);
        let sms = languages.iter().map(|l| l.by_sms * i64::try_from(l.check.worst.segments).unwrap_or(1)).sum();
        let estimate = self.estimate_of(caller, (&frozen, &languages), draft).await?;
        let leaves = self.leaves_at(draft, &facts);
        let held = draft.lane.is_held_by_quiet_hours() && draft.quiet_override.is_none();
        Ok(Preview {
            sentence: audience.sentence(caller.language),
            matched: count(frozen.recipients.len() + frozen.left_out.len()),
            recipients: count(frozen.recipients.len()),
            left_out: exclusions(&frozen),
            languages,
            sms,
            sample: self.sample(caller, &ids, offset).await?,
            quiet_until: if held { facts.quiet_until(leaves) } else { None },
            no_channel: !self.store().channels().await?.iter().any(|channel| channel.active),
            estimate,
        })
    }

    /// What it would cost, by SMS and by chats.
    async fn estimate_of(
        &self,
        caller: &Caller,
        (frozen, languages): (&Frozen, &[LanguageShare]),
        draft: &Draft,
    ) -> Result<Estimate, AppError> {
        let segments = |share: &LanguageShare| i64::try_from(share.check.worst.segments).unwrap_or(1);
        let segments: HashMap<Lang, i64> = languages.iter().map(|l| (l.check.language, segments(l))).collect();
        let recipients = frozen.recipients.iter().map(|recipient| Toward {
            path: &recipient.path,
            chat: recipient.chat.as_deref(),
            later: recipient.sms.as_deref(),
            language: recipient.language,
        });
        let programme = self.programme_of_draft(caller, draft).await?;
        self.estimate(recipients, &segments, (draft.channel, programme, draft.lane)).await
    }

    /// The texts with what is put to them as they leave: the mark of a test or drill, and a code.
    fn as_they_leave(&self, draft: &Draft) -> Vec<(Lang, String)> {
        let mut texts = with_code(&draft.texts, SAMPLE_CODE);
        for (lang, text) in &mut texts {
            text.insert_str(0, &self.unreal_mark(*lang, draft.is_test, draft.is_drill));
        }
        texts
    }

    /// When the messages would leave, but for quiet hours. What is wrong with the time is said when it is sent.
    fn leaves_at(&self, draft: &Draft, facts: &Facts) -> jiff::Timestamp {
        let now = self.clock().now();
        let zone = draft.zone.as_deref().and_then(|zone| TimeZone::get(zone).ok());
        match &draft.release {
            Release::Now | Release::AfterUndo => now,
            Release::At(at) => now.max(*at),
            Release::Recurring(cron) => {
                next_firing(cron, now, &zone.unwrap_or_else(|| facts.time_zone())).unwrap_or(now)
            }
        }
    }

    async fn sample(&self, caller: &Caller, ids: &[PersonId], offset: usize) -> Result<Vec<Sample>, AppError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        // Spread over the whole list, so that the five are not all of one place.
        let step = (ids.len() / SAMPLE).max(1);
        let chosen: Vec<PersonId> = (0..SAMPLE.min(ids.len())).map(|n| ids[(offset + n * step) % ids.len()]).collect();
        let people = self.store().person_facts(&caller.scope, &chosen, self.clock().now_micros()).await?;
        Ok(people.into_iter().map(|person| shown(person, caller.language)).collect())
    }
}

fn shown(person: PersonFacts, language: Lang) -> Sample {
    let best = |names: Option<mhero_core::LangMap>| names.map(|n| n.best(language).to_owned()).unwrap_or_default();
    Sample { person: person.id, name: person.name, cadre: best(person.cadre), facility: best(person.facility) }
}

fn share(frozen: &Frozen, checks: Vec<TextCheck>) -> Vec<LanguageShare> {
    let mut people: BTreeMap<Lang, (i64, i64)> = BTreeMap::new();
    for recipient in &frozen.recipients {
        let (all, by_sms) = people.entry(recipient.language).or_default();
        *all += 1;
        *by_sms += i64::from(recipient.chat.is_none());
    }
    let share = |check: TextCheck| {
        let (people, by_sms) = people.get(&check.language).copied().unwrap_or_default();
        LanguageShare { people, by_sms, check }
    };
    checks.into_iter().map(share).collect()
}

fn exclusions(frozen: &Frozen) -> Vec<Exclusion> {
    let mut by_reason: BTreeMap<&str, i64> = BTreeMap::new();
    for (_, reason) in &frozen.left_out {
        *by_reason.entry(reason).or_default() += 1;
    }
    let mut list: Vec<_> =
        by_reason.into_iter().map(|(reason, people)| Exclusion { reason: reason.to_owned(), people }).collect();
    list.sort_by_key(|exclusion| -exclusion.people);
    list
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
