//! Weighing a round: who agrees with whom, what becomes a proposal, who is asked next. Done again at any point it comes to the same.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use mhero_core::{PersonId, PlaceId, record::Reason};
use mhero_query::fold;
use mhero_store::{FacilityAnswer, FacilityRound, PlaceValue, Proposal, Queue, StoreError, Unit};
use uuid::Uuid;

use super::{
    ask::Asking,
    weigh::{Valued, Weighed},
};
use crate::{App, AppError, sync::keep_reason, way_back::fields::held, way_back::target::Target};

/// Rounds weighed in one pass.
const PASS_MAX: i64 = 20;
/// How long a single answer waits for a colleague's.
const ROUND: SignedDuration = SignedDuration::from_hours(14 * 24);
/// How soon a round is looked at again that could not be weighed.
const AGAIN: SignedDuration = SignedDuration::from_mins(10);
/// How many answers are wanted where they differ.
const WANTED: usize = 3;
/// How sure it is when two colleagues agree, in percent; each further one adds to it.
const TWO_AGREE: i64 = 85;
/// What each further one adds.
const ONE_MORE: i64 = 5;
/// The most that agreement gives.
const AGREE_MAX: i64 = 95;
/// How sure it is when most say so and somebody differs.
const MOST_SAY: i64 = 65;
/// How sure the only one is who works there.
const ALONE: i64 = 60;
/// How sure one answer is to which nobody added theirs.
const NOBODY_ELSE: i64 = 50;
/// How sure a value is while answers differ.
const DIFFER: i64 = 30;

/// What is known of a round when its fields are weighed.
struct Scene {
    /// How many work there.
    staff: i64,
    /// Whether single answers have waited long enough.
    is_over: bool,
}

/// What the answers about one field come to.
enum Verdict<'a> {
    /// They confirm what the record holds.
    Confirmed(&'a FacilityAnswer),
    /// A colleague should answer too.
    Waits,
    /// A reviewer looks: at this value, so sure, for this reason.
    Proposed(&'a Valued<'a>, i64, Option<&'static str>),
    /// They differ, and a further colleague is wanted first.
    Differ(&'a Valued<'a>),
}

/// A field of a place as it is held now.
struct Held {
    target: Option<Target>,
    value: Option<String>,
    kept: Option<PlaceValue>,
}

impl App {
    /// Weighs the rounds that are due. Returns how many.
    pub(in crate::way_back) async fn settle_rounds(&self) -> Result<usize, AppError> {
        let due = self.store().due_rounds(self.clock().now_micros(), PASS_MAX).await?;
        let count = due.len();
        for round in due {
            match Box::pin(self.settle_round(&round)).await {
                // Somebody decided or answered meanwhile: the next pass reads again.
                Ok(()) | Err(AppError::Store(StoreError::Guard { .. })) => {}
                Err(AppError::Store(error)) => return Err(error.into()),
                Err(error) => {
                    tracing::error!(round = %round.id, %error, "answers about a facility could not be weighed");
                    let next_at = Some((self.clock().now() + AGAIN).as_microsecond());
                    let mut unit = Unit::new();
                    unit.set_round(&FacilityRound { next_at, ..round });
                    self.store().write(unit, Queue::Bulk).await?;
                }
            }
        }
        Ok(count)
    }

    async fn settle_round(&self, round: &FacilityRound) -> Result<(), AppError> {
        let now = self.clock().now();
        let asked = self.store().asked_colleagues(round.id).await?;
        self.begin_asked(round, &asked).await?;
        let mut unit = Unit::new();
        let waiting = self.undecided(&mut unit, round.place).await?;
        let mut fields: BTreeMap<&str, Vec<&FacilityAnswer>> = BTreeMap::new();
        for answer in &waiting {
            fields.entry(&answer.field).or_default().push(answer);
        }
        let over_at = round.opened_at + i64::try_from(ROUND.as_micros()).unwrap_or(i64::MAX);
        let scene = Scene { staff: self.staff_of(round).await?, is_over: over_at <= now.as_microsecond() };
        let mut weighed = Vec::new();
        for (field, answers) in &fields {
            weighed.push((answers, Weighed::of(answers), self.held_of_place(round.place, field).await?));
        }
        let verdicts: Vec<Verdict<'_>> =
            weighed.iter().map(|(_, weighed, held)| verdict(&scene, weighed, held.value.as_deref())).collect();
        let disputed: BTreeSet<PersonId> = std::iter::zip(&weighed, &verdicts)
            .filter(|(_, verdict)| matches!(verdict, Verdict::Differ(_)))
            .flat_map(|((_, weighed, _), _)| weighed.sayers())
            .collect();
        let asking =
            if disputed.is_empty() { Asking::Nobody } else { self.whom_to_ask(round, &disputed, &asked).await? };
        let mut next_at: Option<i64> = None;
        let mut is_open = false;
        let mut sooner = |at: i64| next_at = Some(next_at.map_or(at, |known| known.min(at)));
        for ((answers, _, held), verdict) in std::iter::zip(&weighed, &verdicts) {
            is_open |= !matches!(verdict, Verdict::Confirmed(_));
            let (valued, confidence, reason) = match verdict {
                Verdict::Confirmed(answer) => {
                    self.confirm_place(&mut unit, answer, held).await?;
                    continue;
                }
                Verdict::Waits => {
                    sooner(over_at);
                    continue;
                }
                Verdict::Proposed(valued, confidence, reason) => (valued, *confidence, *reason),
                Verdict::Differ(valued) => match asking {
                    Asking::Waits(until) => {
                        sooner(until);
                        (valued, DIFFER, Some("wayback-place-asked"))
                    }
                    Asking::Ask(_) => (valued, DIFFER, Some("wayback-place-asked")),
                    Asking::Nobody => (valued, DIFFER, Some("wayback-place-nobody")),
                },
            };
            self.propose_for_place(&mut unit, (answers, held), (valued, confidence, reason)).await?;
        }
        if let Asking::Ask(person) = asking {
            // At once again: only once this is written may their flow begin.
            unit.ask_colleague(round.id, person, now.as_microsecond());
            sooner(now.as_microsecond());
        }
        let closed_at = (!is_open).then_some(now.as_microsecond());
        unit.set_round(&FacilityRound { closed_at, next_at, ..round.clone() });
        self.store().write(unit, Queue::Bulk).await?;
        Ok(())
    }

    /// The answers of a place that wait, without those whose proposal was decided: these have done their work.
    async fn undecided(&self, unit: &mut Unit, place: PlaceId) -> Result<Vec<FacilityAnswer>, AppError> {
        let mut waiting = self.store().waiting_answers(place).await?;
        let behind: BTreeSet<Uuid> = waiting.iter().filter_map(|answer| answer.proposal).collect();
        for id in behind {
            let proposal = self.store().proposal(id).await?;
            if !proposal.is_some_and(|proposal| matches!(proposal.state.as_str(), "open" | "seconded")) {
                unit.settle_answers_behind(id);
                waiting.retain(|answer| answer.proposal != Some(id));
            }
        }
        Ok(waiting)
    }

    /// What a place's record holds of a field, and which registry owns it.
    async fn held_of_place(&self, place: PlaceId, field: &str) -> Result<Held, AppError> {
        let target = self.target_of_place(place, field).await?;
        let kept = self.store().place_values(place).await?.into_iter().find(|value| value.field == field);
        let there = target.as_ref().and_then(|target| held(&target.content, field));
        // What a registry can hold counts as it stands there; what none can is our own.
        let own = if target.is_none() { kept.as_ref().map(|kept| kept.value.clone()) } else { None };
        Ok(Held { value: there.or(own), target, kept })
    }

    /// The record holds what colleagues say: it is verified as of the last of them, and nothing is left to decide.
    async fn confirm_place(&self, unit: &mut Unit, last: &FacilityAnswer, held: &Held) -> Result<(), AppError> {
        for mut open in self.store().open_proposals_of_place(last.place, &last.field).await? {
            open.state = "withdrawn".to_owned();
            unit.set_proposal(&open);
        }
        let value = held.value.clone().unwrap_or_else(|| last.value.clone());
        let observed_at =
            held.kept.as_ref().filter(|kept| kept.value == value).map_or(last.at, |kept| kept.observed_at);
        let confirmed = PlaceValue { field: last.field.clone(), value, observed_at, verified_at: Some(last.at) };
        unit.put_place_value(last.place, &confirmed).settle_answers(last.place, &last.field);
        Ok(())
    }

    /// Proposes a value of a place, or brings what is proposed already up to the answers.
    async fn propose_for_place(
        &self,
        unit: &mut Unit,
        (answers, held): (&[&FacilityAnswer], &Held),
        (valued, confidence, reason): (&Valued<'_>, i64, Option<&'static str>),
    ) -> Result<(), AppError> {
        let last = valued.last;
        let open = self.store().open_proposals_of_place(last.place, &last.field).await?.into_iter().next();
        let reason = reason.map(|key| keep_reason(&Reason::plain(key)));
        if let Some(mut open) = open {
            let as_it_is = (&open.new_value, open.confidence, &open.reason) == (&last.value, confidence, &reason);
            // What one of two reviewers accepted stays as that one saw it.
            if !as_it_is && open.state == "open" {
                open.old_value.clone_from(&held.value);
                last.value.clone_into(&mut open.new_value);
                (open.said_by, open.evidence_message) = (Some(last.said_by), last.message);
                (open.confidence, open.reason) = (confidence, reason);
                open.source = held.target.as_ref().map(|target| target.source.id);
                open.source_record = held.target.as_ref().map(|target| target.record.id);
                unit.reweigh_proposal(&open);
                unit.changed("proposal", open.id, "updated", self.clock().now_micros());
            }
            unit.answers_stand_behind(last.place, &last.field, open.id);
            return Ok(());
        }
        let first = answers.first().map_or(last.id, |answer| answer.id);
        let key = format!("facility/{}/{}/{first}", last.place, last.field);
        let id = Uuid::new_v5(&last.place.uuid(), key.as_bytes());
        let said = (last.field.clone(), last.value.clone());
        unit.add_proposal(&Proposal {
            place: Some(last.place),
            old_value: held.value.clone(),
            said_by: Some(last.said_by),
            evidence_message: last.message,
            confidence,
            source: held.target.as_ref().map(|target| target.source.id),
            source_record: held.target.as_ref().map(|target| target.record.id),
            reason,
            ..Proposal::new(id, last.said_by, said, key, self.clock().now_micros())
        });
        unit.answers_stand_behind(last.place, &last.field, id);
        unit.changed("proposal", id, "created", self.clock().now_micros());
        Ok(())
    }
}

fn verdict<'a>(scene: &Scene, weighed: &'a Weighed<'a>, held: Option<&str>) -> Verdict<'a> {
    let is_held = |valued: &Valued<'_>| held.is_some_and(|held| fold(held) == fold(&valued.last.value));
    let sayers = weighed.sayers().len();
    if let Some(agreed) = weighed.agreed() {
        let reason = match sayers {
            1 if scene.staff <= 1 => Some((ALONE, "wayback-place-alone")),
            1 if scene.is_over => Some((NOBODY_ELSE, "wayback-place-one-answer")),
            1 => return Verdict::Waits,
            _ => None,
        };
        if is_held(agreed) {
            return Verdict::Confirmed(agreed.last);
        }
        let further = i64::try_from(sayers).unwrap_or(i64::MAX).saturating_sub(2);
        let agreement = TWO_AGREE.saturating_add(ONE_MORE.saturating_mul(further)).min(AGREE_MAX);
        return match reason {
            Some((confidence, reason)) => Verdict::Proposed(agreed, confidence, Some(reason)),
            None => Verdict::Proposed(agreed, agreement, None),
        };
    }
    // Of a disagreement about what the record holds the other value is the one to decide about.
    let other = weighed.values.iter().find(|valued| !is_held(valued)).unwrap_or(&weighed.values[0]);
    if sayers < WANTED {
        return Verdict::Differ(other);
    }
    match weighed.leading() {
        Some(leading) if !is_held(leading) => Verdict::Proposed(leading, MOST_SAY, Some("wayback-place-most-say")),
        Some(_) => Verdict::Proposed(other, DIFFER, Some("wayback-place-most-confirm")),
        None => Verdict::Proposed(other, DIFFER, Some("wayback-place-all-differ")),
    }
}
