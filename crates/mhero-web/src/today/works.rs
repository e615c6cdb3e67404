//! "Is it all working?": channels, the queue, quiet hours.

use mhero_core::Lane;

use super::view::Work;
use crate::{errors::Fault, marks::Mark, state::Signed};

/// The rail of Home.
pub(super) async fn rail(signed: &Signed) -> Result<Vec<Work>, Fault> {
    let mut works = channels(signed).await?;
    works.push(queue(signed).await?);
    works.extend(quiet(signed).await?);
    Ok(works)
}

async fn channels(signed: &Signed) -> Result<Vec<Work>, Fault> {
    let page = &signed.page;
    let channels = signed.app.channels().await?;
    if channels.is_empty() {
        let (name, words) = (page.t("channel"), page.t("settings-no-channel"));
        return Ok(vec![Work { name, mark: Some(Mark::Warning), words, aside: String::new() }]);
    }
    let mut works = Vec::new();
    for channel in channels {
        let (mark, key) = if !channel.active {
            (Mark::Clock, "settings-paused")
        } else if signed.app.check_channel(channel.id).await.is_err() {
            (Mark::Alarm, "settings-incomplete")
        } else {
            (Mark::Good, "settings-ready")
        };
        works.push(Work { name: channel.name, mark: Some(mark), words: page.t(key), aside: String::new() });
    }
    Ok(works)
}

async fn queue(signed: &Signed) -> Result<Work, Fault> {
    let page = &signed.page;
    let lanes = signed.app.queue(&signed.caller).await?;
    let of = |wanted: &[Lane]| -> i64 {
        lanes.iter().filter(|(lane, ..)| wanted.contains(lane)).map(|(_, waiting, _)| waiting).sum()
    };
    let (urgent, bulk) = (of(&[Lane::Alert, Lane::Reply]), of(&[Lane::Normal, Lane::Bulk]));
    let words = page.t2("today-queue-words", "urgent", urgent, "bulk", bulk);
    Ok(Work { name: page.t("today-queue"), mark: None, words, aside: String::new() })
}

async fn quiet(signed: &Signed) -> Result<Option<Work>, Fault> {
    let (page, facts) = (&signed.page, signed.app.facts_cached().await?);
    let Some(hours) = facts.quiet else { return Ok(None) };
    let time = |time: jiff::civil::Time| page.words.wall_time(time);
    let words = page.t2("today-quiet-words", "from", time(hours.from), "until", time(hours.until));
    let aside = facts.quiet_until(page.clock.now).map(|until| page.t1("today-quiet-now", "time", page.stamp(&until)));
    Ok(Some(Work { name: page.t("settings-quiet"), mark: None, words, aside: aside.unwrap_or_default() }))
}
