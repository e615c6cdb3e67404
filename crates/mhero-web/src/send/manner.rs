//! How a message is sent beside the time: how urgent it is, for which programme, in earnest or as a drill, for how long it is worth
//! sending, and by a toll-free sender where it asks for an answer.

use mhero_app::broadcasts::Draft;
use mhero_core::Lane;

use super::view::Manner;
use crate::{errors::Fault, page::Page, parts::Choice, state::Signed};

/// The lanes to choose from: nobody begins with an answer.
const LANES: [(Lane, &str); 3] =
    [(Lane::Alert, "manner-lane-alert"), (Lane::Normal, "manner-lane-normal"), (Lane::Bulk, "manner-lane-bulk")];
/// How long a message may be worth sending, in minutes, with the key of its words.
const VALIDITIES: &[(i64, &str)] = &[
    (60, "manner-valid-hour"),
    (360, "manner-valid-six"),
    (1_440, "manner-valid-day"),
    (4_320, "manner-valid-three"),
    (10_080, "manner-valid-week"),
];

/// The choices for the page.
pub(super) async fn manner(signed: &Signed, page: &Page, draft: &Draft) -> Result<Manner, Fault> {
    let choice = |value: String, words: String, is_on: bool| Choice { value, words, people: None, is_on };
    let lane = |(lane, key): &(Lane, &str)| choice(lane.as_str().to_owned(), page.t(key), *lane == draft.lane);
    let own = signed.app.programmes_to_send_for(&signed.caller).await?;
    let has_choice = own.len() > 1 || draft.programme.is_some();
    let none = choice(String::new(), page.t("manner-programme-none"), draft.programme.is_none());
    let named = own.iter().map(|one| {
        let name = one.name.best(page.words.lang()).to_owned();
        choice(one.id.to_string(), name, draft.programme == Some(one.id))
    });
    let usual = choice(String::new(), page.t("manner-valid-usual"), draft.valid_minutes.is_none());
    let mut validities = vec![usual];
    validities.extend(
        VALIDITIES
            .iter()
            .map(|(minutes, key)| choice(minutes.to_string(), page.t(key), draft.valid_minutes == Some(*minutes))),
    );
    if let Some(minutes) = draft.valid_minutes
        && !VALIDITIES.iter().any(|(known, _)| *known == minutes)
    {
        // Set elsewhere, by a command say: it stays what it is.
        validities.push(choice(minutes.to_string(), page.span(minutes * 60), true));
    }
    let senders = senders(signed, page, draft).await?;
    Ok(Manner {
        lanes: LANES.iter().map(lane).collect(),
        manners: vec![
            choice("real".into(), page.t("manner-real"), !draft.is_drill),
            choice("drill".into(), page.t("manner-drill"), draft.is_drill),
        ],
        programmes: if has_choice { std::iter::once(none).chain(named).collect() } else { Vec::new() },
        validities,
        is_special: draft.lane != Lane::Normal
            || draft.is_drill
            || draft.programme.is_some()
            || draft.valid_minutes.is_some()
            || !senders.is_empty(),
        senders,
        said: (draft.lane == Lane::Alert).then(|| page.t("manner-alert-said")),
    })
}

/// The senders to choose from: the usual ones, and those to which an answer is free. Nothing where there is nothing to choose.
async fn senders(signed: &Signed, page: &Page, draft: &Draft) -> Result<Vec<Choice>, Fault> {
    let choice = |value: String, words: String, is_on: bool| Choice { value, words, people: None, is_on };
    let mut offered: Vec<Choice> = Vec::new();
    for free in signed.app.free_senders().await? {
        let words = page.t1("manner-sender-free", "name", free.name);
        offered.push(choice(free.id.to_string(), words, draft.channel == Some(free.id)));
    }
    if let Some(channel) = draft.channel
        && !offered.iter().any(|one| one.is_on)
    {
        // Chosen elsewhere, by a command say: it stays what it is.
        let name = signed.app.channels().await?.into_iter().find(|known| known.id == channel).map(|known| known.name);
        offered.push(choice(channel.to_string(), name.unwrap_or_default(), true));
    }
    if !offered.is_empty() {
        offered.insert(0, choice(String::new(), page.t("manner-sender-usual"), draft.channel.is_none()));
    }
    Ok(offered)
}
