//! What waits for this reader, alerts first, then the oldest.

use mhero_app::rows::{ThreadFilter, ThreadRow};
use mhero_core::{Right, timestamp};

use super::{registries, view::Job};
use crate::{errors::Fault, marks::Mark, state::Signed};

/// An answer that is awaited longer than this is late, in seconds.
const AIM_SECONDS: i64 = 3_600;
/// Most threads that are looked through for the one that waits longest.
const LOOKED_AT: i64 = 200;

/// Everything that waits.
pub(super) async fn waiting(signed: &Signed) -> Result<Vec<Job>, Fault> {
    let mut jobs = registries::questions(signed).await?;
    if signed.page.may(Right::Approve) {
        jobs.extend(to_approve(signed).await?);
    }
    if signed.page.may(Right::ReadMessages) {
        jobs.extend(in_doubt(signed).await?);
        jobs.extend(halted(signed).await?);
        jobs.extend(unanswered(signed).await?);
    }
    jobs.sort_by_key(|job| (!matches!(job.mark, Mark::Alarm | Mark::Uncertain), job.since));
    Ok(jobs)
}

/// One line for all broadcasts that wait for the reader's word, with the oldest.
async fn to_approve(signed: &Signed) -> Result<Option<Job>, Fault> {
    let listed = signed.app.approvals(&signed.caller).await?;
    let waiting: Vec<_> = listed.iter().filter(|one| one.may_decide).collect();
    Ok(waiting.first().map(|oldest| Job {
        mark: Mark::Clock,
        head: signed.page.t1("today-approval", "n", waiting.len()),
        about: oldest.broadcast.name.clone(),
        text: None,
        since: timestamp(oldest.approval.asked_at),
        is_late: false,
        verb: signed.page.t("today-decide"),
        href: if waiting.len() > 1 {
            "/approvals".to_owned()
        } else {
            format!("/broadcasts/{}/approve", oldest.broadcast.id)
        },
    }))
}

async fn in_doubt(signed: &Signed) -> Result<Vec<Job>, Fault> {
    let found = signed.app.broadcasts_in_doubt(&signed.caller).await?;
    let job = |(broadcast, messages): &(mhero_app::rows::BroadcastRow, i64)| Job {
        mark: Mark::Uncertain,
        head: signed.page.t1("today-uncertain", "n", messages),
        about: broadcast.name.clone(),
        text: None,
        since: timestamp(broadcast.released_at.unwrap_or(broadcast.created_at)),
        is_late: false,
        verb: signed.page.t("today-decide"),
        href: format!("/broadcasts/{}", broadcast.id),
    };
    Ok(found.iter().map(job).collect())
}

async fn halted(signed: &Signed) -> Result<Vec<Job>, Fault> {
    let found = signed.app.halted_broadcasts(&signed.caller).await?;
    let job = |broadcast: &mhero_app::rows::BroadcastRow| Job {
        mark: Mark::Clock,
        head: signed.page.t(&format!("today-{}", broadcast.status)),
        about: broadcast.name.clone(),
        text: None,
        since: timestamp(broadcast.released_at.unwrap_or(broadcast.created_at)),
        is_late: false,
        verb: signed.page.t("today-look"),
        href: format!("/broadcasts/{}", broadcast.id),
    };
    Ok(found.iter().map(job).collect())
}

/// One line for all threads, with the one that waits longest.
async fn unanswered(signed: &Signed) -> Result<Option<Job>, Fault> {
    let (count, since) = signed.app.waiting_threads(&signed.caller).await?;
    let Some(since) = since.filter(|_| count > 0) else { return Ok(None) };
    let threads = signed.app.threads(&signed.caller, "open", ThreadFilter::Waiting, i64::MAX, LOOKED_AT).await?;
    let oldest = threads.iter().min_by_key(|thread| thread.waiting_since);
    let since = timestamp(since);
    Ok(Some(Job {
        mark: Mark::Answered,
        head: signed.page.t1("today-messages", "n", count),
        about: oldest.map(|thread| signed.page.t1("today-oldest", "who", who(signed, thread))).unwrap_or_default(),
        text: oldest.and_then(|thread| thread.last_text.clone()),
        since,
        is_late: signed.page.clock.now.as_second() - since.as_second() > AIM_SECONDS,
        verb: signed.page.t(if signed.page.may(Right::Answer) { "today-answer" } else { "today-look" }),
        href: oldest.map_or_else(|| "/inbox".to_owned(), |thread| format!("/inbox?thread={}", thread.id)),
    }))
}

fn who(signed: &Signed, thread: &ThreadRow) -> String {
    match &thread.place_name {
        Some(place) => format!("{}, {}", thread.person_name, place.best(signed.caller.language)),
        None => thread.person_name.clone(),
    }
}
